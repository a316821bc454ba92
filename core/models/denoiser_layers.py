"""Post-norm transformer of the denoisers, gated by time and context (published SALAD parameter names).

Layer: ``x = attn_norm(x + attn(x))`` then ``x = norm(x + mlp(x, c))``. Every linear layer of the MLP is
gated by a condition vector c: ``(W x) * sigmoid(G c) + B c`` (AdaIN-like). The activation is ReLU: the
published reference values are reached with it and not with a leaky one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

FREQUENCY_WIDTH = 256
"""Width of the sinusoid the time goes through before the time MLP (published)."""

PUBLISHED_HEADS = 4
"""Attention heads of published networks where their settings do not say."""


def require_published(settings: Mapping[str, object], **supported: object) -> None:
    """Refuse published settings that ask for a variant no published checkpoint uses.

    Raises
    ------
    ValueError
        When a setting is present with another value than the supported one.
    """
    for name, value in supported.items():
        if settings.get(name, value) != value:
            raise ValueError(f"published setting {name}={settings[name]!r} is not supported, only {value!r}")


def published_size(settings: Mapping[str, object], name: str, default: int | None = None) -> int:
    """Return a positive integer setting of a published network.

    Raises
    ------
    ValueError
        When it is missing without a default, or not a positive integer.
    """
    value = settings.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"published setting {name!r} must be a positive integer, not {value!r}")
    return value


class TimeEmbedding(nn.Module):
    """Sinusoid of a scalar, cosines first, then Linear - SiLU - Linear."""

    frequencies: Tensor

    def __init__(self, width: int) -> None:
        super().__init__()
        half = FREQUENCY_WIDTH // 2
        frequencies = torch.exp(-math.log(10000.0) * torch.arange(half, dtype=torch.float32) / half)
        self.register_buffer("frequencies", frequencies, persistent=False)
        self.mlp = nn.Sequential(nn.Linear(FREQUENCY_WIDTH, width), nn.SiLU(), nn.Linear(width, width))

    def forward(self, time: Tensor) -> Tensor:
        """Embed times [B] as [B, width]."""
        angles = time.float()[:, None] * self.frequencies.float()
        waves = torch.cat((angles.cos(), angles.sin()), dim=-1)
        return self.mlp(waves.to(next(self.mlp.parameters()).dtype))


class SlotEmbedding(nn.Embedding):
    """A learned vector per part slot and one for an unknown slot; small at first, so that it does no harm."""

    def __init__(self, num_slots: int, width: int) -> None:
        super().__init__(num_slots + 1, width)
        nn.init.normal_(self.weight, std=0.02)

    def forward(self, slots: Tensor) -> Tensor:
        """Embed slots, int64 [B, P], each in -1 (unknown) .. num_slots - 1, as [B, P, width]."""
        return super().forward(torch.where(slots < 0, self.num_embeddings - 1, slots))


def embed_tokens(embedding: nn.Linear, x: Tensor, slots: Tensor | None, table: nn.Module | None) -> Tensor:
    """Token embedding [B, P, width] of parts [B, P, *]; without `slots` every slot counts as unknown.

    Raises
    ------
    ValueError
        When slots are given to a network that was built without them (`table` is None).
    """
    tokens = embedding(x)
    if table is None:
        if slots is not None:
            raise ValueError("this network was built without slots (num_slots = 0)")
        return tokens
    if slots is None:
        slots = torch.full(x.shape[:2], -1, dtype=torch.int64, device=x.device)
    return tokens + table(slots)


class SetAttention(nn.Module):
    """Multi-head self-attention among the tokens of a set; all projections have a bias."""

    def __init__(self, width: int, num_heads: int) -> None:
        super().__init__()
        if width % num_heads:
            raise ValueError(f"width {width} is not divisible by {num_heads} heads")
        self.num_heads = num_heads
        self.to_queries = nn.Linear(width, width)
        self.to_keys_values = nn.Linear(width, 2 * width)
        self.project = nn.Linear(width, width)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Attend: tokens [B, P, width], `mask` bool [B, P] (True = may be attended to)."""
        batch, count, width = x.shape
        heads = self.num_heads
        # Plain products: for a few tokens the fused kernel's backward pass costs several times as much.
        weight_keys, weight_values = self.to_keys_values.weight.split(width)
        bias_keys, bias_values = self.to_keys_values.bias.split(width)
        split = (batch, count, heads, width // heads)
        queries = self.to_queries(x).view(split).transpose(1, 2)
        keys = functional.linear(x, weight_keys, bias_keys).view(split).permute(0, 2, 3, 1)
        values = functional.linear(x, weight_values, bias_values).view(split).transpose(1, 2)
        logits = (queries * (width // heads) ** -0.5) @ keys
        if mask is not None:
            logits = logits.masked_fill(~mask[:, None, None, :], float("-inf"))
        out = logits.softmax(-1) @ values
        return self.project(out.transpose(1, 2).reshape(batch, count, width))


class GatedLinear(nn.Module):
    """``(W x + b) * sigmoid(G c + g) + B c``."""

    def __init__(self, dim_in: int, dim_out: int, context_width: int) -> None:
        super().__init__()
        self._layer = nn.Linear(dim_in, dim_out)
        self._hyper_gate = nn.Linear(context_width, dim_out)
        self._hyper_bias = nn.Linear(context_width, dim_out, bias=False)

    def forward(self, x: Tensor, context: Tensor) -> Tensor:
        return self._layer(x) * torch.sigmoid(self._hyper_gate(context)) + self._hyper_bias(context)


class Mlp(nn.Module):
    """Linear - ReLU - linear, hidden width twice the width."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(width, 2 * width)
        self.fc2 = nn.Linear(2 * width, width)

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        return self.fc2(functional.relu(self.fc1(x)))


class GatedMlp(nn.Module):
    """The same with gated linear layers."""

    def __init__(self, width: int, context_width: int) -> None:
        super().__init__()
        self.fc1 = GatedLinear(width, 2 * width, context_width)
        self.fc2 = GatedLinear(2 * width, width, context_width)

    def forward(self, x: Tensor, context: Tensor) -> Tensor:
        return self.fc2(functional.relu(self.fc1(x, context)), context)


class PostNormLayer(nn.Module):
    """Self-attention and MLP, each followed by residual and layer norm."""

    def __init__(self, width: int, num_heads: int, context_width: int = 0) -> None:
        super().__init__()
        self.attn = SetAttention(width, num_heads)
        self.attn_norm = nn.LayerNorm(width)
        self.mlp: nn.Module = GatedMlp(width, context_width) if context_width else Mlp(width)
        self.norm = nn.LayerNorm(width)

    def forward(self, x: Tensor, context: Tensor | None = None, mask: Tensor | None = None) -> Tensor:
        x = self.attn_norm(x + self.attn(x, mask))
        return self.norm(x + self.mlp(x, context))


class PostNormTransformer(nn.Module):
    """A stack of post-norm layers over a set of tokens, with an output layer if `out_width` > 0."""

    def __init__(
        self, width: int, num_layers: int, num_heads: int, context_width: int = 0, out_width: int = 0
    ) -> None:
        super().__init__()
        self.layers = nn.ModuleList(PostNormLayer(width, num_heads, context_width) for _ in range(num_layers))
        self.fc = nn.Linear(width, out_width) if out_width else None

    def forward(self, x: Tensor, context: Tensor | None = None, mask: Tensor | None = None) -> Tensor:
        """Transform tokens.

        Parameters
        ----------
        x : Tensor [B, P, width]
        context : Tensor [B, 1 or P, context_width], optional
            Condition of every token, for a network built with a context width.
        mask : bool Tensor [B, P], optional
            True = real token. The others are attended to by nobody; their outputs mean nothing.

        Returns
        -------
        Tensor [B, P, out_width or width]
        """
        if mask is not None:
            # A row without any real token would be a softmax over nothing, and NaN in its gradients.
            mask = mask | ~mask.any(dim=1, keepdim=True)
        for layer in self.layers:
            x = layer(x, context, mask)
        return x if self.fc is None else self.fc(x)


class PointwiseLayer(nn.Module):
    """Two MLPs, each followed by residual and layer norm; tokens do not see each other."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.mlp1 = Mlp(width)
        self.norm1 = nn.LayerNorm(width)
        self.mlp2 = Mlp(width)
        self.norm2 = nn.LayerNorm(width)

    def forward(self, x: Tensor) -> Tensor:
        x = self.norm1(x + self.mlp1(x))
        return self.norm2(x + self.mlp2(x))


class PointwiseEncoder(nn.Module):
    """A stack of pointwise layers for one context vector per shape (or per part)."""

    def __init__(self, width: int, num_layers: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(PointwiseLayer(width) for _ in range(num_layers))

    def forward(self, x: Tensor) -> Tensor:
        """Encode [..., width]."""
        for layer in self.layers:
            x = layer(x)
        return x
