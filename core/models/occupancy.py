"""The occupancy network: is a point inside the shape? (SPAGHETTI section 3.3)

Points are queries, mixed part tokens are keys and values, points do not see each other. Optionally
(`local_heads` > 0) every point is also told its coordinates in the frames of the parts near it, and attention
prefers near parts. That is not in the published network; it makes the surface follow its Gaussians when parts
are moved, and small networks learn several times faster with it. With `waves` > 0 the parts near a point also
choose the waves in which it is encoded: what repeats within a part, slats above all, is finer than waves that
are the same for all parts can tell.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from core.models.attention import Transformer, autocast_like, key_bias
from core.models.config import recorded
from core.models.gaussian_head import local_maps, squared_distances

SLOWEST_WAVE, FASTEST_WAVE = 1.0, 16.0
"""Of `PartWaves` before training, radians per deviation. Slats of a back are about half a deviation apart."""


class WeightNormLinear(nn.Module):
    """Linear layer with weight normalisation, ``weight = g * v / |v|`` per output (published names)."""

    def __init__(self, dim_in: int, dim_out: int) -> None:
        super().__init__()
        linear = nn.Linear(dim_in, dim_out)
        self.weight_v = nn.Parameter(linear.weight.detach().clone())
        self.weight_g = nn.Parameter(linear.weight.detach().norm(dim=1, keepdim=True))
        self.bias = nn.Parameter(linear.bias.detach().clone())

    def weight(self) -> Tensor:
        """[dim_out, dim_in]."""
        return self.weight_v * (self.weight_g / self.weight_v.norm(dim=1, keepdim=True))

    def forward(self, x: Tensor) -> Tensor:
        return functional.linear(x, self.weight(), self.bias)


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
    """How much every point belongs to the frame of each part.

    Head h weighs part j at point x by ``softmax_j(gate_h(token_j) - tau_h log(1 + d_j(x)^2 / 2))`` with d the
    Mahalanobis distance; the parts' affine maps are blended with these weights.
    """

    def __init__(self, token_dim: int, num_heads: int) -> None:
        super().__init__()
        self.gate = nn.Linear(token_dim, num_heads)
        self.sharpness = nn.Parameter(torch.linspace(1.0, 4.0, num_heads))

    def weights(self, tokens: Tensor, closeness: Tensor) -> Tensor:
        """Weights [B, N * heads, P] of the parts, given tokens [B, P, token_dim].

        `closeness` [B, N, P] is ``-log(1 + d^2 / 2)``, -inf for absent parts.
        """
        gate = self.gate(tokens).float().transpose(1, 2)  # [B, H, P]
        logits = closeness[:, :, None, :] * self.sharpness[:, None] + gate[:, None]
        return logits.softmax(-1).flatten(1, 2)


def blended_coordinates(points: Tensor, weights: Tensor, maps: Tensor) -> Tensor:
    """Coordinates of points under blended affine maps.

    Parameters
    ----------
    points : Tensor [B, N, 3]
    weights : Tensor [B, N * heads, P]
    maps : Tensor [B, P, K, 4]

    Returns
    -------
    Tensor [B, N, heads, K]
    """
    batch, count, _ = points.shape
    blended = (weights @ maps.flatten(2)).view(batch, count, -1, maps.shape[2], 4)
    return (blended[..., :3] * points[:, :, None, None, :]).sum(-1) + blended[..., 3]


class PartWaves(nn.Module):
    """Sine waves in part frames whose direction, frequency and phase every part chooses by its token.

    Wave k of part j is ``sin(w_jk . u + phi_jk)`` with u the coordinates in the frame of the part,
    ``w_jk = w_k + |w_k| a_jk`` and a, phi linear in the token. Waves die out beyond a part's rim.
    """

    lengths: Tensor

    def __init__(self, token_dim: int, num_heads: int, waves: int, width: int) -> None:
        super().__init__()
        frequencies = SLOWEST_WAVE * (FASTEST_WAVE / SLOWEST_WAVE) ** (
            torch.arange(waves) / max(waves - 1, 1)
        )
        self.base = nn.Parameter(torch.eye(3)[torch.arange(waves) % 3] * frequencies[:, None])
        self.register_buffer("lengths", frequencies, persistent=False)
        self.from_token = nn.Linear(token_dim, waves * 4)
        self.out = nn.Linear(num_heads * waves, width)
        nn.init.zeros_(self.out.weight)  # a network that gains waves goes on from what it was
        nn.init.zeros_(self.out.bias)

    def of_parts(self, tokens: Tensor, maps: Tensor) -> Tensor:
        """Angles of the waves of each part as affine maps [..., P, waves, 4] of points."""
        chosen = self.from_token(tokens).unflatten(-1, (-1, 4))
        waves = (self.base + self.lengths[:, None] * chosen[..., :3]) @ maps
        return torch.cat((waves[..., :3], waves[..., 3:] + torch.pi * chosen[..., 3:]), -1)

    def forward(
        self, points: Tensor, tokens: Tensor, weights: Tensor, maps: Tensor, distance: Tensor
    ) -> Tensor:
        """What the waves add to the encoding [B, N, width] of points [B, N, 3].

        `weights` [B, N * heads, P] and `maps` [B, P, 3, 4] are those of `LocalFrames`, `distance`
        [B, N, heads] is the squared length of the blended coordinates.
        """
        angles = blended_coordinates(points, weights, self.of_parts(tokens, maps))
        fading = torch.exp(distance * (-1.0 / 16.0))[..., None]
        out: Tensor = self.out((torch.sin(angles) * fading).flatten(2))
        return out


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
    waves : int
        Waves per frame that parts choose; 0 = none. Needs `local_heads`.
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
        waves: int = 0,
    ) -> None:
        super().__init__()
        if waves and not local_heads:
            raise ValueError("waves need local frames")
        width = pos_dim + 3
        self.local_heads = local_heads
        self.pos_encoder = PositionEncoder(3 + 3 * local_heads, pos_dim, frequency)
        self.occ_transformer = Transformer(width, num_layers, num_heads, token_dim)
        self.occ_mlp = OccupancyHead(width * 2, head_width or width * 2, head_layers)
        if local_heads:
            self.local_frames = LocalFrames(token_dim, local_heads)
            self.locality = nn.Parameter(torch.linspace(0.5, 2.0, num_heads))
        self.part_waves = PartWaves(token_dim, local_heads, waves, pos_dim) if waves else None

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
            weights = self.local_frames.weights(tokens.float(), closeness)
            local = blended_coordinates(points.float(), weights, maps)
            distance = local.square().sum(-1)
            short = local * torch.rsqrt(1.0 + distance / 16.0)[..., None]  # never longer than 4
            encoded = self.pos_encoder(torch.cat((points.float(), short.flatten(2)), -1))
            if self.part_waves is not None:
                encoded = encoded + self.part_waves(points.float(), tokens.float(), weights, maps, distance)
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
