"""The occupancy network of one shape: whatever does not depend on the point is computed once.

Answers as `Occupancy` does up to rounding, in less time. Since the part tokens are fixed, queries times keys
is one matrix, values times the output projection another, and scales and shifts of normalisations become part
of the weights after them. What there is of every part or wave at every point has the points in its last
dimension: along it a processor works on many numbers at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from core.models.attention import TransformerLayer
from core.models.gaussian_head import local_maps
from core.models.occupancy import (
    LocalFrames,
    Occupancy,
    OccupancyHead,
    PartWaves,
    PositionEncoder,
    WeightNormLinear,
)

LANES = 64
"""Points are filled up to a multiple of this: what is left over would be computed by other instructions, and
the logits of a point would depend on how many others come with it."""


class ShapeOccupancy:
    """Occupancy logits of points, positive inside, for the parts of one shape. Not for training.

    Parameters
    ----------
    network : Occupancy
    tokens : Tensor [P, token_dim]
    extrinsics : Tensor [P, 16]
    kind : torch.dtype
        Of the large products. Coordinates stay float32: thin parts are a few thousandths wide.
    """

    def __init__(self, network: Occupancy, tokens: Tensor, extrinsics: Tensor, kind: torch.dtype) -> None:
        tokens = tokens.float()
        self._kind = kind
        self._frames: _Frames | None = None
        if network.local_heads:
            self._frames = _Frames(network.local_frames, network.part_waves, tokens, extrinsics.float())
            self._locality = network.locality.float()[:, None, None]
        self._scale, self._shift = _scaled(network.pos_encoder)
        layers = [layer for layer in network.occ_transformer.layers if isinstance(layer, TransformerLayer)]
        self._layers = [_Layer.of(layer, tokens, kind) for layer in layers]
        self._head = _head(network.occ_mlp, kind)

    def __call__(self, points: Tensor) -> Tensor:
        """Logits [N] of points [N, 3], float32."""
        count = len(points)
        queries, closeness = self._encode(functional.pad(points.float(), (0, 0, 0, -count % LANES)))
        near = None if closeness is None else closeness * self._locality
        x = queries
        for layer in self._layers:
            x = layer(x, near)
        hidden = torch.cat((queries, x), 1)
        for weight, bias in self._head[:-1]:
            hidden = torch.addmm(bias, hidden, weight).relu_()
        weight, bias = self._head[-1]
        return torch.addmm(bias, hidden, weight)[:count, 0].float()

    def _encode(self, points: Tensor) -> tuple[Tensor, Tensor | None]:
        """Queries [N, width] and the closeness [P, N] of parts, if the network knows it."""
        width = 3 + len(self._shift)
        queries = points.new_empty((len(points), width), dtype=self._kind)
        queries[:, :3] = points
        if self._frames is None:
            queries[:, 3:] = torch.addmm(self._shift, points, self._scale).sin_()
            return queries, None
        coordinates, waves, closeness = self._frames(points)
        encoded = torch.addmm(self._shift, coordinates.t(), self._scale).sin_()
        queries[:, 3:] = encoded if waves is None else encoded.add_(waves)
        return queries, closeness


class _Frames:
    """`LocalFrames` and `PartWaves` with their tokens known. H heads, P parts, K waves."""

    def __init__(
        self, frames: LocalFrames, waves: PartWaves | None, tokens: Tensor, extrinsics: Tensor
    ) -> None:
        maps = local_maps(extrinsics)  # [P, 3, 4]
        self._distance = maps.transpose(0, 1).flatten(0, 1)  # [3 P, 4]
        self._gate = frames.gate(tokens).t()[:, :, None]  # [H, P, 1]
        self._sharpness = frames.sharpness.float()[:, None, None]
        self._out = None
        if waves is not None:
            maps = torch.cat((maps, waves.of_parts(tokens, maps)), 1)
            self._out = waves.out.weight.float().t(), waves.out.bias.float()
        self._blended = maps.permute(2, 1, 0).flatten(0, 1)[None]  # [1, 4 (3 + K), P]

    def __call__(self, points: Tensor) -> tuple[Tensor, Tensor | None, Tensor]:
        """Coordinates [3 + 3 H, N], what waves add to their encoding [N, width], closeness [P, N]."""
        count, parts = len(points), self._gate.shape[1]
        placed = torch.cat((points, points.new_ones((count, 1))), 1).t().contiguous()
        squares = (self._distance @ placed).square_().view(3, parts, count).sum(0)
        closeness = squares.mul_(0.5).log1p_().neg_()
        weights = torch.addcmul(self._gate, closeness, self._sharpness).softmax(1)  # [H, P, N]
        maps = (self._blended @ weights).unflatten(1, (4, -1))  # [H, 4, 3 + K, N]
        local = maps[:, 3]
        for axis in range(3):
            local.addcmul_(maps[:, axis], placed[axis])
        here, angles = local[:, :3], local[:, 3:]
        distance = here.square().sum(1, keepdim=True)
        short = here * torch.rsqrt(1.0 + distance / 16.0)
        coordinates = torch.cat((placed[:3], short.flatten(0, 1)))
        if self._out is None:
            return coordinates, None, closeness
        waves = angles.sin() * torch.exp(distance * (-1.0 / 16.0))
        weight, bias = self._out
        return coordinates, torch.addmm(bias, waves.flatten(0, 1).t(), weight), closeness


@dataclass(frozen=True)
class _Layer:
    """A `TransformerLayer` whose keys and values are known. H heads, P parts.

    Attributes
    ----------
    keys : Tensor [H P, width]
        Times a normalised query: its attention logits, less `offset`.
    offset : Tensor [H, P, 1]
    values : Tensor [H P, width]
        What each part adds, the bias included: the weights of a head sum to one.
    rise, fall : tuple of Tensor
        Weight [in, out] and bias of the two layers of the MLP.
    """

    keys: Tensor
    offset: Tensor
    values: Tensor
    rise: tuple[Tensor, Tensor]
    fall: tuple[Tensor, Tensor]
    epsilons: tuple[float, float]

    @classmethod
    def of(cls, layer: TransformerLayer, tokens: Tensor, kind: torch.dtype) -> _Layer:
        attention, before, between = layer.attn, layer.norm1, layer.norm2
        heads, parts = attention.num_heads, len(tokens)
        width = attention.project.weight.shape[0]
        keys, values = (tokens @ attention.to_keys_values.weight.float().t()).split(width, 1)
        each = width // heads
        asked = attention.to_queries.weight.float().view(heads, each, width)
        matched = keys.view(parts, heads, each).transpose(0, 1) * each**-0.5 @ asked  # [H, P, width]
        given = attention.project.weight.float().view(width, heads, each).permute(1, 2, 0)
        added = values.view(parts, heads, each).transpose(0, 1) @ given
        added = added + attention.project.bias.float() / heads
        rise = layer.mlp.fc1.weight.float()
        return cls(
            keys=(matched * before.weight).flatten(0, 1).to(kind),
            offset=(matched @ before.bias)[..., None],
            values=added.flatten(0, 1).to(kind),
            rise=(
                (rise * between.weight).t().contiguous().to(kind),
                (layer.mlp.fc1.bias + rise @ between.bias).to(kind),
            ),
            fall=(layer.mlp.fc2.weight.t().contiguous().to(kind), layer.mlp.fc2.bias.to(kind)),
            epsilons=(before.eps, between.eps),
        )

    def __call__(self, x: Tensor, near: Tensor | None) -> Tensor:
        """The layer's answer [N, width] to x; `near` [H, P, N] is added to the attention logits."""
        shape = x.shape[1:]
        normed = functional.layer_norm(x, shape, eps=self.epsilons[0])
        logits = (self.keys @ normed.t()).view(*self.offset.shape[:2], len(x)).float().add_(self.offset)
        weights = (logits if near is None else logits.add_(near)).softmax(1).flatten(0, 1)
        x = torch.addmm(x, weights.to(x.dtype).t(), self.values)
        normed = functional.layer_norm(x, shape, eps=self.epsilons[1])
        hidden = torch.addmm(self.rise[1], normed, self.rise[0]).relu_()
        return x.add_(torch.addmm(self.fall[1], hidden, self.fall[0]))


def _scaled(encoder: PositionEncoder) -> tuple[Tensor, Tensor]:
    """Weight [in, out] and bias of the encoder, its frequency included."""
    linear = encoder.linear
    return linear.weight.float().t() * encoder.frequency, linear.bias.float() * encoder.frequency


def _head(head: OccupancyHead, kind: torch.dtype) -> list[tuple[Tensor, Tensor]]:
    """Weights [in, out] and biases; the last two layers, with no ReLU between, are one."""
    linear = [layer for layer in head.layers if isinstance(layer, WeightNormLinear)]
    layers = [(layer.weight().float(), layer.bias.float()) for layer in linear]
    (inner, inner_bias), (outer, outer_bias) = layers[-2:]
    layers[-2:] = [(outer @ inner, outer @ inner_bias + outer_bias)]
    return [(weight.t().contiguous().to(kind), bias.to(kind)) for weight, bias in layers]
