"""Between Gaussians and latents as decoded and the standardised numbers the denoisers see."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from core.models.config import recorded
from core.models.gaussian_head import MIN_EIGENVALUE


class Normalisation(nn.Module):
    """Data statistics and the two modes of using them.

    Parameters
    ----------
    intrinsic_dim : int
    partial : bool
        True = as published: only log-weight and eigenvalues (entries 12..15) are standardised, intrinsics are
        not. False = everything is standardised, eigenvalues as logarithms.
    """

    extrinsic_mean: Tensor
    extrinsic_std: Tensor
    intrinsic_mean: Tensor
    intrinsic_std: Tensor

    @recorded
    def __init__(self, intrinsic_dim: int = 64, partial: bool = False) -> None:
        super().__init__()
        self.partial = partial
        self.register_buffer("extrinsic_mean", torch.zeros(16))
        self.register_buffer("extrinsic_std", torch.ones(16))
        self.register_buffer("intrinsic_mean", torch.zeros(intrinsic_dim))
        self.register_buffer("intrinsic_std", torch.ones(intrinsic_dim))

    def fit(self, extrinsics: Tensor, intrinsics: Tensor) -> None:
        """Set the statistics from data: extrinsics [S, P, 16], intrinsics [S, P, D]."""
        features = self._features(extrinsics).flatten(0, 1)
        mean, std = features.mean(0), features.std(0).clamp_min(1e-3)
        if self.partial:
            mean[:12], std[:12] = 0.0, 1.0
        else:
            latents = intrinsics.flatten(0, 1)
            self.intrinsic_mean.copy_(latents.mean(0))
            self.intrinsic_std.copy_(latents.std(0).clamp_min(1e-3))
        self.extrinsic_mean.copy_(mean)
        self.extrinsic_std.copy_(std)

    def _features(self, extrinsics: Tensor) -> Tensor:
        if self.partial:
            return extrinsics
        head, eigenvalues = extrinsics.split((13, 3), -1)
        return torch.cat((head, eigenvalues.clamp_min(MIN_EIGENVALUE).log()), -1)

    def encode_extrinsics(self, extrinsics: Tensor) -> Tensor:
        """Standardise Gaussians [..., 16]."""
        return (self._features(extrinsics) - self.extrinsic_mean) / self.extrinsic_std

    def decode_extrinsics(self, x: Tensor) -> Tensor:
        """Back to valid Gaussians: eigenvalues >= 1e-4, axes the nearest orthogonal matrix (may reflect)."""
        features = x * self.extrinsic_std + self.extrinsic_mean
        centre, axes, weight, eigenvalues = features.split((3, 9, 1, 3), -1)
        if not self.partial:
            eigenvalues = eigenvalues.clamp(max=3.0).exp()
        u, _, v = torch.linalg.svd(axes.unflatten(-1, (3, 3)))
        return torch.cat((centre, (u @ v).flatten(-2), weight, eigenvalues.clamp_min(MIN_EIGENVALUE)), -1)

    def condition(self, extrinsics: Tensor) -> Tensor:
        """What phase 2 is told of Gaussians [..., 16]: as they are (published), or standardised."""
        return extrinsics if self.partial else self.encode_extrinsics(extrinsics)

    def encode_intrinsics(self, intrinsics: Tensor) -> Tensor:
        return (intrinsics - self.intrinsic_mean) / self.intrinsic_std

    def decode_intrinsics(self, x: Tensor) -> Tensor:
        return x * self.intrinsic_std + self.intrinsic_mean
