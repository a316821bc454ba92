"""Surface samples as real meshes give them: noisy, uneven, with patches missing, scaled, a little turned."""

from __future__ import annotations

import torch
from torch import Tensor

from core.training.parallel import rand, randint, randn

MOST_NOISE = 0.012
MOST_TURN = 0.1
"""Radians about a random axis; larger turns break the mirror symmetry that the parts rely on."""
SMALLEST_SCALE = 0.85
PATCH_RADII = (0.1, 0.35)
UNEVENNESS = 1.5


def degrade(batch: dict[str, Tensor], share: float, generator: torch.Generator) -> dict[str, Tensor]:
    """Degrade what the encoder reads of some shapes of a batch; what the decoder must answer stays true.

    Parameters
    ----------
    batch : dict of Tensor
        ``surface, normals [B, N, 3]`` and ``points [B, M, 3]``; see `draw_batch`.
    share : float
        Probability of each kind of fault for each shape.
    generator : torch.Generator
        CPU generator; the only source of randomness.

    Returns
    -------
    dict of Tensor
        The same keys; scaled and turned shapes have scaled and turned `points` too.
    """
    surface, normals, points = batch["surface"], batch["normals"], batch["points"]
    device, (count, size, _) = surface.device, surface.shape

    def drawn() -> Tensor:
        return (rand(count, generator=generator) < share).to(device)

    def uniform(*shape: int) -> Tensor:
        return rand(*shape, generator=generator).to(device)

    # Uneven density: half of the points are kept, more of them towards one side.
    uneven = drawn()
    direction = torch.nn.functional.normalize(randn((count, 3), generator).to(device), dim=-1)
    along = (surface * direction[:, None]).sum(-1)
    weights = (UNEVENNESS * along * uneven[:, None]).exp()
    # A patch round a point of the surface is missing.
    centre = surface[torch.arange(count), randint(size, count, generator)]
    low, high = PATCH_RADII
    radius = (low + (high - low) * uniform(count)) * drawn()
    seen = (surface - centre[:, None]).norm(dim=-1) >= radius[:, None]
    weights = weights * torch.where(seen, 1.0, 1e-6)
    # Without replacement as far as there are points left; the rest are repetitions.
    keys = uniform(count, size).clamp_min(1e-12).log() / weights
    order = keys.argsort(descending=True)
    visible = torch.where(uneven, seen.sum(1) // 2, seen.sum(1)).clamp_min(1)
    rank = torch.arange(size, device=device)[None] % visible[:, None]
    chosen = order.gather(1, rank)[..., None].expand(-1, -1, 3)
    surface, normals = surface.gather(1, chosen), normals.gather(1, chosen)

    axis = randn((count, 3), generator).to(device)
    angle = MOST_TURN * (2 * uniform(count) - 1) * drawn()
    turn = rotations(axis, angle)
    scale = 1 - (1 - SMALLEST_SCALE) * uniform(count) * drawn()
    surface = scale[:, None, None] * (surface @ turn.transpose(1, 2))
    points = scale[:, None, None] * (points @ turn.transpose(1, 2))
    normals = normals @ turn.transpose(1, 2)

    noise = MOST_NOISE * uniform(count) * drawn()
    jitter = randn(surface.shape, generator).to(device)
    tilt = randn(surface.shape, generator).to(device)
    surface = surface + noise[:, None, None] * jitter
    normals = torch.nn.functional.normalize(normals + 20 * noise[:, None, None] * tilt, dim=-1)
    return {**batch, "surface": surface, "normals": normals, "points": points}


def rotations(axes: Tensor, angles: Tensor) -> Tensor:
    """Rotation matrices [B, 3, 3] about `axes` [B, 3] by `angles` [B] in radians (Rodrigues)."""
    x, y, z = torch.nn.functional.normalize(axes, dim=-1).unbind(-1)
    zero = torch.zeros_like(x)
    cross = torch.stack((zero, -z, y, z, zero, -x, -y, x, zero), -1).view(-1, 3, 3)
    sine, cosine = angles.sin()[:, None, None], angles.cos()[:, None, None]
    return torch.eye(3, device=axes.device) + sine * cross + (1 - cosine) * (cross @ cross)
