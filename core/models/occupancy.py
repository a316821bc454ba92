"""The occupancy network: is a point inside the shape? (SPAGHETTI section 3.3)

Points are queries, mixed part tokens are keys and values, points do not see each other. Optionally
(`local_heads` > 0) every point is also told its coordinates in the frames of the parts near it, and attention
prefers near parts. That is not in the published network; it makes the surface follow its Gaussians when parts
are moved, and small networks learn several times faster with it.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from core.models.attention import Transformer, autocast_like, key_bias
from core.models.config import recorded
from core.models.gaussian_head import local_maps, squared_distances


class WeightNormLinear(nn.Module):
    """Linear layer with weight normalisation, ``weight = g * v / |v|`` per output (published names)."""

    def __init__(self, dim_in: int, dim_out: int) -> None:
        super().__init__()
        linear = nn.Linear(dim_in, dim_out)
        self.weight_v = nn.Parameter(linear.weight.detach().clone())
        self.weight_g = nn.Parameter(linear.weight.detach().norm(dim=1, keepdim=True))
        self.bias = nn.Parameter(linear.bias.detach().clone())

    def forward(self, x: Tensor) -> Tensor:
        weight = self.weight_v * (self.weight_g / self.weight_v.norm(dim=1, keepdim=True))
        return functional.linear(x, weight, self.bias)


class OccupancyHead(nn.Module):
    """MLP whose width doubles once, half-way; the last two layers have no ReLU between them."""

    def __init__(self, dim_in: int, width: int, num_hidden: int) -> None:
        super().__init__()
        middle = (num_hidden + 1) // 2 - 1
        widths = [width * 2 if index == middle else width for index in range(num_hidden)]
        self.layers = nn.ModuleList(
            WeightNormLinear(before, after)
            for before, after in zip((dim_in, *widths), (*widths, 1), strict=True)
        )

    def forward(self, x: Tensor) -> Tensor:
        for index, layer in enumerate(self.layers):
            x = layer(x)
            if index < len(self.layers) - 2:
                x = functional.relu(x)
        return x[..., 0]


class PositionEncoder(nn.Module):
    """``sin(frequency * linear(x))``."""

    def __init__(self, dim_in: int, dim_out: int, frequency: float) -> None:
        super().__init__()
        self.frequency = frequency
        self.linear = nn.Linear(dim_in, dim_out)
        if dim_in > 3:  # global coordinates need finer waves than local ones, which are in deviations
            with torch.no_grad():
                self.linear.weight[:, 3:] *= 0.25

    def forward(self, x: Tensor) -> Tensor:
        return torch.sin(self.frequency * self.linear(x))


class LocalFrames(nn.Module):
    """Coordinates of points in softly chosen part frames.

    Head h weighs part j at point x by ``softmax_j(gate_h(token_j) - tau_h log(1 + d_j(x)^2 / 2))`` with d the
    Mahalanobis distance, and blends the parts' affine maps with these weights.
    """

    def __init__(self, token_dim: int, num_heads: int) -> None:
        super().__init__()
        self.gate = nn.Linear(token_dim, num_heads)
        self.sharpness = nn.Parameter(torch.linspace(1.0, 4.0, num_heads))

    def forward(self, points: Tensor, tokens: Tensor, maps: Tensor, closeness: Tensor) -> Tensor:
        """Blend.

        Parameters
        ----------
        points : Tensor [B, N, 3]
        tokens : Tensor [B, P, token_dim]
        maps : Tensor [B, P, 3, 4]
        closeness : Tensor [B, N, P]
            ``-log(1 + d^2 / 2)``, -inf for absent parts.

        Returns
        -------
        Tensor [B, N, 3 * heads], each 3-vector shorter than 4
        """
        batch, count, _ = points.shape
        gate = self.gate(tokens).float().transpose(1, 2)  # [B, H, P]
        logits = closeness[:, :, None, :] * self.sharpness[:, None] + gate[:, None]
        weights = logits.softmax(-1).flatten(1, 2)
        blended = (weights @ maps.flatten(2)).view(batch, count, -1, 3, 4)
        local = (blended[..., :3] * points[:, :, None, None, :]).sum(-1) + blended[..., 3]
        local = local * torch.rsqrt(1.0 + local.square().sum(-1, keepdim=True) / 16.0)
        return local.flatten(2)


class Occupancy(nn.Module):
    """Occupancy logits of points given mixed part tokens; positive = inside, domain [-1, 1]^3.

    Parameters
    ----------
    token_dim : int
        Width of the mixed tokens.
    pos_dim : int
        Width of the periodic encoding; queries are `pos_dim` + 3 wide.
    head_width : int
        Width of the head's MLP, 0 = twice the query width (published).
    head_layers : int
        Hidden layers of the head.
    frequency : float
        Of the periodic encoding.
    local_heads : int
        Frames blended per point; 0 = the published network.
    """

    @recorded
    def __init__(
        self,
        token_dim: int = 512,
        pos_dim: int = 253,
        num_layers: int = 6,
        num_heads: int = 8,
        head_width: int = 0,
        head_layers: int = 5,
        frequency: float = 30.0,
        local_heads: int = 0,
    ) -> None:
        super().__init__()
        width = pos_dim + 3
        self.local_heads = local_heads
        self.pos_encoder = PositionEncoder(3 + 3 * local_heads, pos_dim, frequency)
        self.occ_transformer = Transformer(width, num_layers, num_heads, token_dim)
        self.occ_mlp = OccupancyHead(width * 2, head_width or width * 2, head_layers)
        if local_heads:
            self.local_frames = LocalFrames(token_dim, local_heads)
            self.locality = nn.Parameter(torch.linspace(0.5, 2.0, num_heads))

    def _encode(
        self, points: Tensor, tokens: Tensor, extrinsics: Tensor | None, mask: Tensor | None
    ) -> tuple[Tensor, Tensor | None]:
        bias = key_bias(mask)
        if not self.local_heads:
            with torch.autocast(points.device.type, enabled=False):
                encoded = self.pos_encoder(points.float())
            return autocast_like(torch.cat((points.float(), encoded), -1)), bias
        if extrinsics is None:
            raise ValueError("an occupancy network with local frames needs the extrinsics")
        # Coordinates lose too much in bfloat16: thin parts are a few thousandths wide.
        with torch.autocast(points.device.type, enabled=False):
            maps = local_maps(extrinsics.float())
            closeness = -torch.log1p(0.5 * squared_distances(maps, points.float()))
            if mask is not None:
                closeness = closeness.masked_fill(~mask[:, None, :], -1e4)
            local = self.local_frames(points.float(), tokens.float(), maps, closeness)
            encoded = self.pos_encoder(torch.cat((points.float(), local), -1))
        near = closeness[:, None] * self.locality[:, None, None]
        queries = autocast_like(torch.cat((points.float(), encoded), -1))
        return queries, autocast_like(near if bias is None else near + bias)

    def forward(
        self,
        points: Tensor,
        tokens: Tensor,
        extrinsics: Tensor | None = None,
        mask: Tensor | None = None,
    ) -> Tensor:
        """Logits [B, N] of points [B, N, 3] given tokens [B, P, token_dim] (and extrinsics [B, P, 16])."""
        queries, bias = self._encode(points, tokens, extrinsics, mask)
        x = self.occ_transformer(queries, tokens, bias)
        return self.occ_mlp(torch.cat((queries, x), -1))

    def part_attention(
        self,
        points: Tensor,
        tokens: Tensor,
        extrinsics: Tensor | None = None,
        mask: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Logits [B, N] and attention to parts [B, N, P] (mean over layers and heads)."""
        queries, bias = self._encode(points, tokens, extrinsics, mask)
        x, attention = self.occ_transformer.forward_with_attention(queries, tokens, bias)
        return self.occ_mlp(torch.cat((queries, x), -1)), attention
