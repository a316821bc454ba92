"""Fit: move and reshape the parts of a shape until its surface lies on a given one (test-time optimisation).

The decoder stays as it is; centres, sizes, axes and latents of the parts are what Adam changes. Only what
keeps the parts editable is allowed: a latent keeps its mean and length (those of the encoder's), and is held
near where the encoder put it, in units of the spread of latents in training, as is the Gaussian.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from core.checkpoints.device import fast_type
from core.checkpoints.loading import Checkpoint
from core.models.gaussian_head import MIN_EIGENVALUE

OnStep = Callable[[int, int, Tensor, Tensor], None]
"""Called with steps done, steps in all, extrinsics [P, 16] and intrinsics [P, D] of this moment."""

BATCH = 2048
"""Labelled points per step; half of them from those that were decided least clearly, or wrongly, of late."""
LOOK_EVERY = 16
"""Steps between two looks at all points for that."""
UNCLEAR = 3.0
"""Logits nearer to zero than this are not clear."""
LOOK_BLOCK = 8192
RATE = 0.05
MOVE_SCALE, SIZE_SCALE, TURN_SCALE = 0.2, 0.5, 0.3
"""Domain units, logarithms of variances and radians that one unit of the optimiser's numbers stands for."""
STAY = 0.004
"""Weight of the squared distance from the start, in units of the training data's spread."""
INSIDE_WEIGHT = 1.5
"""Points inside count more: thin parts have few of them."""


@contextlib.contextmanager
def fast_arithmetic(device: torch.device) -> Iterator[None]:
    """Autocast to the device's fast type, if it has one."""
    kind = fast_type(device)
    with torch.autocast(device.type, kind, enabled=True) if kind else contextlib.nullcontext():
        yield


@dataclass(frozen=True, eq=False)
class FitTarget:
    """What to fit to: points [N, 3] and whether each is inside, float [N]."""

    points: Tensor
    inside: Tensor


class FitPipeline:
    """Optimises the parts of one shape against labelled points with a frozen decoder."""

    def __init__(self, model: Checkpoint) -> None:
        self.model = model

    def __call__(
        self,
        extrinsics: Tensor,
        intrinsics: Tensor,
        free: Tensor,
        target: FitTarget,
        steps: int,
        generator: torch.Generator,
        on_step: OnStep,
    ) -> tuple[Tensor, Tensor]:
        """Fit.

        Parameters
        ----------
        extrinsics : Tensor [P, 16]
        intrinsics : Tensor [P, D]
        free : bool Tensor [P]
            Parts that may change; the others stay to the last bit.
        target : FitTarget
        steps : int
        generator : torch.Generator
            On the CPU; the only source of randomness.
        on_step : callable
            Progress and cancelling.

        Returns
        -------
        extrinsics [P, 16] and intrinsics [P, D], detached.
        """
        decode = self.model.representation.decode
        spread = self.model.normalisation.intrinsic_std
        count, device = len(extrinsics), extrinsics.device
        mean = intrinsics.mean(-1, keepdim=True)
        length = (intrinsics - mean).norm(dim=-1, keepdim=True).clamp_min(1e-6)
        with torch.enable_grad():
            moves = torch.zeros(count, 9, device=device, requires_grad=True)
            latents = torch.zeros_like(intrinsics, requires_grad=True)
            optimiser = torch.optim.Adam([moves, latents], lr=RATE, betas=(0.9, 0.98))
            for step in range(steps):
                gaussians, codes = self._moved(extrinsics, intrinsics, moves, latents, free, mean, length)
                on_step(step, steps, gaussians.detach(), codes.detach())
                # Half a cosine: long steps first, then finer and finer ones.
                optimiser.param_groups[0]["lr"] = RATE * 0.5 * (1 + math.cos(math.pi * step / steps))
                if step % LOOK_EVERY == 0:
                    unclear = self._unclear(gaussians.detach(), codes.detach(), target)
                some = torch.randint(len(target.points), (BATCH // 2,), generator=generator)
                hard = torch.randint(len(unclear), (BATCH - BATCH // 2,), generator=generator)
                rows = torch.cat((some.to(device), unclear[hard.to(device)]))
                points, inside = target.points[rows], target.inside[rows]
                with fast_arithmetic(device):
                    logits = decode(points[None], gaussians[None], codes[None])[0].float()
                weight = 1.0 + (INSIDE_WEIGHT - 1.0) * inside
                fit = functional.binary_cross_entropy_with_logits(logits, inside, weight)
                away = ((codes - intrinsics) / spread).square().mean() + moves.square().mean()
                optimiser.zero_grad(set_to_none=True)
                (fit + STAY * away).backward()
                optimiser.step()
            gaussians, codes = self._moved(extrinsics, intrinsics, moves, latents, free, mean, length)
        on_step(steps, steps, gaussians.detach(), codes.detach())
        return gaussians.detach(), codes.detach()

    @torch.no_grad()
    def _unclear(self, extrinsics: Tensor, intrinsics: Tensor, target: FitTarget) -> Tensor:
        """Rows of the points that are decided wrongly or not clearly; of all points if there are none."""
        tokens = self.model.representation.mixing(intrinsics[None], extrinsics[None])
        with fast_arithmetic(extrinsics.device):
            logits = torch.cat(
                [
                    self.model.representation.occupancy(block[None], tokens, extrinsics[None])[0].float()
                    for block in target.points.split(LOOK_BLOCK)
                ]
            )
        margin = torch.where(target.inside > 0.5, logits, -logits)
        rows = (margin < UNCLEAR).nonzero()[:, 0]
        return rows if len(rows) else torch.arange(len(margin), device=margin.device)

    def _moved(
        self,
        extrinsics: Tensor,
        intrinsics: Tensor,
        moves: Tensor,
        latents: Tensor,
        free: Tensor,
        mean: Tensor,
        length: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """The parts that the optimiser's numbers stand for: valid Gaussians, latents on their sphere."""
        centre, axes, weight, eigenvalues = extrinsics.split((3, 9, 1, 3), -1)
        shift, stretch, turn = moves.split(3, -1)
        # Rotation vector to rotation: exact, so the axes stay orthogonal and keep their handedness.
        count = len(moves)
        rows = torch.eye(3, device=moves.device).expand(count, 3, 3)
        skew = torch.linalg.cross(rows, (TURN_SCALE * turn)[:, None].expand(count, 3, 3))
        turned = axes.unflatten(-1, (3, 3)) @ torch.linalg.matrix_exp(skew)
        sizes = (eigenvalues.clamp_min(MIN_EIGENVALUE).log() + SIZE_SCALE * stretch).exp()
        gaussians = torch.cat(
            (centre + MOVE_SCALE * shift, turned.flatten(-2), weight, sizes.clamp_min(MIN_EIGENVALUE)), -1
        )
        codes = intrinsics + latents
        centred = codes - codes.mean(-1, keepdim=True)
        codes = mean + centred * (length / centred.norm(dim=-1, keepdim=True).clamp_min(1e-6))
        keep = free[:, None]
        return torch.where(keep, gaussians, extrinsics), torch.where(keep, codes, intrinsics)
