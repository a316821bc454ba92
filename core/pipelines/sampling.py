"""What the sampling loops share: noise from each candidate's own generator, and what a step reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from core.edits.job import EditError
from core.models.normalisation import Normalisation
from core.models.schedule import Scheduler, SchedulerConfig, ancestral_step

OnStep = Callable[[str, int, int, Tensor], None]
"""``on_step(stage, done, total, estimate [B, P, C])`` after every step; raises to stop the loop.

The estimate is of the clean, standardised numbers of the stage ("gaussians" or "latents")."""


@dataclass(frozen=True, eq=False)
class Parts:
    """A batch of shapes: extrinsics [B, P, 16], intrinsics [B, P, D], slots int64 [B, P]."""

    extrinsics: Tensor
    intrinsics: Tensor
    slots: Tensor


class Noise:
    """Standard normal numbers, one CPU generator per candidate: a candidate depends on its own seed alone."""

    def __init__(self, seeds: Sequence[int], device: torch.device) -> None:
        self._generators = [torch.Generator().manual_seed(seed) for seed in seeds]
        self._device = device

    def __call__(self, *shape: int) -> Tensor:
        """Noise [B, *shape]."""
        drawn = [torch.randn(shape, generator=generator) for generator in self._generators]
        return torch.stack(drawn).to(self._device)


def clean_estimate(prediction: Tensor, sample: Tensor, alpha_bar: Tensor, prediction_type: str) -> Tensor:
    """Estimate of x0 from the network's prediction at noise level ``alpha_bar`` (DDPM eq. 15; v: eq. 11)."""
    if prediction_type == "v_prediction":
        return alpha_bar.sqrt() * sample - (1.0 - alpha_bar).sqrt() * prediction
    return (sample - (1.0 - alpha_bar).sqrt() * prediction) / alpha_bar.sqrt()


def valid(normalisation: Normalisation, x: Tensor) -> Tensor:
    """Turn sampled standardised Gaussians into valid extrinsics.

    Raises
    ------
    EditError
        If they are not finite: no rotation is near to them.
    """
    if not bool(torch.isfinite(x).all()):
        raise EditError("The model returned numbers that are not finite. Try another seed.")
    return normalisation.decode_extrinsics(x)


def advance(
    config: SchedulerConfig,
    scheduler: Scheduler,
    timesteps: Sequence[Tensor],
    index: int,
    prediction: Tensor,
    x: Tensor,
    noise: Noise,
) -> Tensor:
    """From x at ``timesteps[index]`` to x at the next one, or the clean x; ancestral sampling draws noise."""
    t = timesteps[index]
    if config.sampler != "ddpm":
        return scheduler.step(prediction, t, x).prev_sample
    if index + 1 == len(timesteps):
        return ancestral_step(config, scheduler, prediction, int(t), -1, x, torch.zeros_like(x))
    return ancestral_step(
        config, scheduler, prediction, int(t), int(timesteps[index + 1]), x, noise(*x.shape[1:])
    )
