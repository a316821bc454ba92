"""From raw head outputs to Gaussians, and the tensor side of what a Gaussian says about points."""

from __future__ import annotations

import math

import torch
from torch import Tensor

MIN_EIGENVALUE = 1e-4


def gaussians_from_raw(raw: Tensor) -> Tensor:
    """Extrinsics from the head's 16 raw numbers (SPAGHETTI).

    Five 3-vectors and a scalar: three axes, made orthogonal in order and then normalised; eigenvalues =
    square + 1e-4; centre; log-weight.

    Parameters
    ----------
    raw : Tensor [..., 16]

    Returns
    -------
    Tensor [..., 16]
        Centre 3 | axes 9 (rows) | log-weight 1 | eigenvalues 3.
    """
    first, second, third, eigen, centre, weight = raw.split((3, 3, 3, 3, 3, 1), dim=-1)
    axes: list[Tensor] = []
    for vector in (first, second, third):
        for earlier in axes:
            share = (vector * earlier).sum(-1, keepdim=True) / (earlier * earlier).sum(-1, keepdim=True)
            vector = vector - share * earlier
        axes.append(vector)
    rows = [axis / axis.norm(dim=-1, keepdim=True) for axis in axes]
    return torch.cat((centre, *rows, weight, eigen.square() + MIN_EIGENVALUE), dim=-1)


def mirrored(extrinsics: Tensor) -> Tensor:
    """Mirror image across the plane x = 0: centre and axes times diag(-1, 1, 1)."""
    sign = extrinsics.new_ones(extrinsics.shape[-1])
    sign[[0, 3, 6, 9]] = -1.0
    return extrinsics * sign


def gaussian_features(extrinsics: Tensor) -> Tensor:
    """Extrinsics with eigenvalues as scaled logarithms, so that thin and thick parts differ visibly."""
    head, eigenvalues = extrinsics.split((13, 3), dim=-1)
    return torch.cat((head, eigenvalues.clamp_min(MIN_EIGENVALUE).log() * 0.25 + 1.0), dim=-1)


def local_maps(extrinsics: Tensor) -> Tensor:
    """Affine maps from the shape's frame into each part's own frame, in standard deviations.

    Parameters
    ----------
    extrinsics : Tensor [B, P, 16]

    Returns
    -------
    Tensor [B, P, 3, 4]
        ``u = map @ (x, y, z, 1)``; ``|u|`` is the Mahalanobis distance.
    """
    centre, axes, _, eigenvalues = extrinsics.split((3, 9, 1, 3), dim=-1)
    linear = axes.unflatten(-1, (3, 3)) / eigenvalues.clamp_min(MIN_EIGENVALUE).sqrt()[..., None]
    offset = -(linear @ centre[..., None])
    return torch.cat((linear, offset), dim=-1)


def squared_distances(maps: Tensor, points: Tensor) -> Tensor:
    """Squared Mahalanobis distance of every point to every part, [B, N, P].

    Parameters
    ----------
    maps : Tensor [B, P, 3, 4]
        From `local_maps`.
    points : Tensor [B, N, 3]
    """
    batch, parts = maps.shape[:2]
    linear = maps[..., :3].reshape(batch, parts * 3, 3).transpose(1, 2)
    local = torch.baddbmm(maps[..., 3].reshape(batch, 1, parts * 3), points, linear)
    return local.square().unflatten(-1, (parts, 3)).sum(-1)


def log_likelihoods(
    extrinsics: Tensor, points: Tensor, mask: Tensor | None = None, blur: float = 0.0
) -> Tensor:
    """Log of weight times density of every part at every point, [B, N, P] (SPAGHETTI eq. 2).

    `blur` is the standard deviation of a normal blur of the densities; it keeps gradients of flat parts tame.
    """
    if blur:
        extrinsics = torch.cat((extrinsics[..., :13], extrinsics[..., 13:] + blur**2), -1)
    weights = extrinsics[..., 12]
    if mask is not None:
        weights = weights.masked_fill(~mask, float("-inf"))
    log_weights = weights.log_softmax(-1)
    log_volume = 0.5 * extrinsics[..., 13:16].clamp_min(MIN_EIGENVALUE).log().sum(-1)
    constants = log_weights - log_volume - 1.5 * math.log(2.0 * math.pi)
    return constants[:, None, :] - 0.5 * squared_distances(local_maps(extrinsics), points)
