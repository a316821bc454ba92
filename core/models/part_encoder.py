"""The part encoder: a surface's points and normals to 16 parts in one pass.

It replaces the published per-shape optimised codes, so that any mesh can be brought in at once. First a few
queries read all points and become Gaussians; then every part sees the points near its Gaussian in its own
frame (a small PointNet), reads the rest of the shape and becomes its intrinsics. The second half of the
Gaussians mirrors the first across x = 0 (SPAGHETTI section 4).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from core.models.attention import TransformerLayer, autocast_like
from core.models.config import recorded
from core.models.gaussian_head import (
    MIN_EIGENVALUE,
    gaussian_features,
    gaussians_from_raw,
    local_maps,
    mirrored,
    squared_distances,
)

LOCAL_FEATURES = 27
"""Numbers by which a part knows a point near it: place in its frame, offset, normal, six waves per axis."""

ENCODED_POINTS = 2048
"""Surface points by which a shape is read in use; any number works."""

HASH_PRIMES = (73_856_093, 19_349_663, 83_492_791)
"""Of a spatial hash (Teschner et al. 2003)."""


class PartEncoder(nn.Module):
    """Points [B, N, 3] and normals [B, N, 3] -> extrinsics [B, P, 16] and intrinsics [B, P, D].

    Parameters
    ----------
    num_parts : int
        P, even: the second half mirrors the first.
    intrinsic_dim : int
        D. Intrinsics have zero mean and unit variance over D (layer norm without gain).
    dim, num_heads : int
        Width and heads of the transformer.
    num_blocks : int
        Pairs of cross- and self-attention in each of the two stages.
    point_dim : int
        Width of the point features that the parts read.
    frequencies : int
        Octaves of the point encoding.
    neighbourhood : int
        Every part looks closely at one point in so many; 0 = at none.
    """

    octaves: Tensor

    @recorded
    def __init__(
        self,
        num_parts: int = 16,
        intrinsic_dim: int = 64,
        dim: int = 128,
        num_heads: int = 4,
        num_blocks: int = 2,
        point_dim: int = 64,
        frequencies: int = 5,
        neighbourhood: int = 0,
    ) -> None:
        super().__init__()
        if num_parts % 2:
            raise ValueError("num_parts must be even: half of the parts mirror the other half")
        self.num_parts = num_parts
        self.intrinsic_dim = intrinsic_dim
        self.register_buffer("octaves", math.pi * 2.0 ** torch.arange(frequencies), persistent=False)
        self.point_mlp = nn.Sequential(
            nn.Linear(6 + 6 * frequencies, point_dim),
            nn.ReLU(),
            nn.Linear(point_dim, point_dim),
            nn.LayerNorm(point_dim),
        )
        self.queries = nn.Parameter(torch.randn(num_parts // 2, dim))
        self.gaussian_layers = nn.ModuleList(
            TransformerLayer(dim, point_dim if index % 2 == 0 else dim, num_heads)
            for index in range(2 * num_blocks)
        )
        self.to_gaussians = nn.Sequential(nn.LayerNorm(dim), nn.Linear(dim, 16))
        with torch.no_grad():  # begin with round Gaussians along the axes; flat ones cannot be fitted
            head = self.to_gaussians[-1]
            assert isinstance(head, nn.Linear)
            head.weight *= 0.3
            head.bias.copy_(torch.tensor([1.0, 0, 0, 0, 1, 0, 0, 0, 1, 0.3, 0.3, 0.3, 0.15, 0, 0, 0]))
        self.to_pool = nn.Linear(dim, point_dim, bias=False)
        self.from_gaussians = nn.Linear(16, dim)
        self.neighbourhood = neighbourhood
        if neighbourhood:
            self.near_mlp = nn.Sequential(
                nn.Linear(LOCAL_FEATURES, point_dim),
                nn.ReLU(),
                nn.Linear(point_dim, point_dim),
                nn.ReLU(),
                nn.Linear(point_dim, dim),
            )
            self.from_near = nn.Linear(dim, dim)
        self.sides = nn.Parameter(torch.randn(num_parts, dim) * 0.5)
        self.part_layers = nn.ModuleList(
            TransformerLayer(dim, point_dim if index % 2 == 0 else dim, num_heads)
            for index in range(2 * num_blocks)
        )
        self.locality = nn.Parameter(torch.linspace(0.5, 2.0, num_heads))
        self.to_intrinsics = nn.Sequential(nn.LayerNorm(dim), nn.Linear(dim, intrinsic_dim))

    def encode_points(self, points: Tensor, normals: Tensor) -> Tensor:
        """Point features [B, N, point_dim]."""
        angles = (points[..., None] * self.octaves).flatten(2)
        return autocast_like(self.point_mlp(torch.cat((points, normals, angles.sin(), angles.cos()), -1)))

    def look_closely(self, points: Tensor, normals: Tensor, gaussians: Tensor, distances: Tensor) -> Tensor:
        """What every part sees of the points near it, [B, P, dim].

        All points within three deviations count as equally near, so that big parts are seen whole, to their
        rims. `distances` [B, N, P] are squared and in deviations.
        """
        batch, count, _ = distances.shape
        wanted = min(count, max(8, count // self.neighbourhood))
        # Among equals chance decides, drawn from the points' places: their order must not matter.
        primes = torch.tensor(HASH_PRIMES, device=points.device)
        lot = ((points.float() * 4096.0).round().long() * primes).sum(-1) % 1009 / 10_090.0
        order = distances.clamp_min(9.0).transpose(1, 2) + lot[:, None]
        chosen = order.topk(wanted, largest=False, sorted=False).indices
        rows = torch.arange(batch, device=points.device)[:, None, None]
        place, normal = points[rows, chosen].float(), normals[rows, chosen].float()
        centres, axes = gaussians[..., None, :3], gaussians[..., 3:12].unflatten(-1, (3, 3)).transpose(2, 3)
        offset = place - centres
        deviations = gaussians[..., None, 13:].clamp_min(MIN_EIGENVALUE).sqrt()
        local = (offset @ axes) / deviations
        local = local * torch.rsqrt(1.0 + local.square().sum(-1, keepdim=True) / 16.0)
        angles = (local[..., None] * self.octaves[:3] * 0.25).flatten(3)
        seen = torch.cat((local, offset * 4.0, normal @ axes, angles.sin(), angles.cos()), -1)
        features: Tensor = self.near_mlp(autocast_like(seen))
        return self.from_near(features.max(2).values)

    def forward(self, points: Tensor, normals: Tensor) -> tuple[Tensor, Tensor]:
        """Encode; returns (extrinsics [B, P, 16] float32, intrinsics [B, P, D])."""
        features = self.encode_points(points, normals)
        x = self.queries.expand(points.shape[0], -1, -1)
        for index, layer in enumerate(self.gaussian_layers):
            x, _ = layer(x, features if index % 2 == 0 else None)
        with torch.autocast(points.device.type, enabled=False):
            raw = self.to_gaussians(x.float())
            # Centres are predicted relative to a mean of the points each query attends to (folded onto one
            # side, as the other half of the Gaussians mirrors these): regressed freely they take far longer.
            scores = self.to_pool(x.float()) @ features.float().transpose(1, 2)
            folded = torch.cat((points[..., :1].abs(), points[..., 1:]), -1).float()
            mean = (scores / features.shape[-1] ** 0.5).softmax(-1) @ folded
            half = gaussians_from_raw(raw + functional.pad(mean, (12, 1)))
            extrinsics = torch.cat((half, mirrored(half)), dim=1)
            # Gaussians are fitted by likelihood alone: what reads them must not pull at them.
            fixed = extrinsics.detach()
            distances = squared_distances(local_maps(fixed), points.float())
            closeness = -torch.log1p(0.5 * distances)
            near = closeness.transpose(1, 2)[:, None] * self.locality[:, None, None]
        near = autocast_like(near)
        x = torch.cat((x, x), dim=1) + self.sides + self.from_gaussians(gaussian_features(fixed))
        if self.neighbourhood:
            x = x + self.look_closely(points, normals, fixed, distances)
        for index, layer in enumerate(self.part_layers):
            x, _ = layer(x, features, near) if index % 2 == 0 else layer(x)
        intrinsics = functional.layer_norm(self.to_intrinsics(x).float(), (self.intrinsic_dim,))
        return extrinsics, intrinsics
