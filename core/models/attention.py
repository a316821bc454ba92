"""Pre-norm transformer with published (SPAGHETTI) parameter names: queries may attend to other tokens.

Layer: ``x + attn(norm1(x), y)`` then ``x + mlp(norm2(x))`` with ReLU and MLP ratio 2; query, key and value
projections have no bias, the output projection has one.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class Attention(nn.Module):
    """Multi-head attention from `dim`-wide queries to `dim_ref`-wide keys and values."""

    def __init__(self, dim: int, dim_ref: int, num_heads: int) -> None:
        super().__init__()
        if num_heads < 1 or dim % num_heads:
            raise ValueError(f"width {dim} cannot be split into {num_heads} heads")
        self.num_heads = num_heads
        self.to_queries = nn.Linear(dim, dim, bias=False)
        self.to_keys_values = nn.Linear(dim_ref, dim * 2, bias=False)
        self.project = nn.Linear(dim, dim)

    def forward(
        self, x: Tensor, y: Tensor, bias: Tensor | None = None, need_weights: bool = False
    ) -> tuple[Tensor, Tensor | None]:
        """Attend.

        Parameters
        ----------
        x : Tensor [B, N, dim]
        y : Tensor [B, M, dim_ref]
        bias : Tensor, broadcastable to [B, heads, N, M], optional
            Added to the logits; -inf hides a key.
        need_weights : bool
            Also return the weights [B, heads, N, M].
        """
        batch, count, dim = x.shape
        heads = self.num_heads
        queries = self.to_queries(x).view(batch, count, heads, dim // heads).transpose(1, 2)
        # Two products instead of one that is split: its gradient would have to be put together again.
        weight_keys, weight_values = self.to_keys_values.weight.split(dim)
        keys = functional.linear(y, weight_keys).view(batch, -1, heads, dim // heads).permute(0, 2, 3, 1)
        values = functional.linear(y, weight_values).view(batch, -1, heads, dim // heads).transpose(1, 2)
        logits = (queries * (dim // heads) ** -0.5) @ keys
        if bias is not None:
            logits = logits + bias.to(logits.dtype)
        weights = logits.softmax(-1)
        out = (weights @ values).transpose(1, 2).reshape(batch, count, dim)
        return self.project(out), weights if need_weights else None


class Mlp(nn.Module):
    """Two linear layers with ReLU between."""

    def __init__(self, dim: int, hidden: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(dim, hidden)
        self.fc2 = nn.Linear(hidden, dim)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(functional.relu(self.fc1(x)))


class TransformerLayer(nn.Module):
    """One pre-norm layer; self-attention when no other tokens are given."""

    def __init__(self, dim: int, dim_ref: int, num_heads: int, mlp_ratio: float = 2.0) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(dim)
        self.attn = Attention(dim, dim_ref, num_heads)
        self.norm2 = nn.LayerNorm(dim)
        self.mlp = Mlp(dim, int(dim * mlp_ratio))

    def forward(
        self,
        x: Tensor,
        y: Tensor | None = None,
        bias: Tensor | None = None,
        need_weights: bool = False,
    ) -> tuple[Tensor, Tensor | None]:
        normed = self.norm1(x)
        attended, weights = self.attn(normed, normed if y is None else y, bias, need_weights)
        x = x + attended
        return x + self.mlp(self.norm2(x)), weights


class Transformer(nn.Module):
    """A stack of pre-norm layers, all attending to the same other tokens (or to themselves)."""

    def __init__(self, dim: int, num_layers: int, num_heads: int, dim_ref: int | None = None) -> None:
        super().__init__()
        reference = dim if dim_ref is None else dim_ref
        self.layers = nn.ModuleList(TransformerLayer(dim, reference, num_heads) for _ in range(num_layers))

    def forward(self, x: Tensor, y: Tensor | None = None, bias: Tensor | None = None) -> Tensor:
        for layer in self.layers:
            x, _ = layer(x, y, bias)
        return x

    def forward_with_attention(
        self, x: Tensor, y: Tensor | None = None, bias: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Also return the mean over layers and heads of the weights, [B, N, M]."""
        total: Tensor | None = None
        for layer in self.layers:
            x, weights = layer(x, y, bias, need_weights=True)
            mean = weights.mean(1)
            total = mean if total is None else total + mean
        assert total is not None, "a transformer without layers has no attention"
        return x, total / len(self.layers)


def autocast_like(x: Tensor) -> Tensor:
    """Cast to the autocast type, if autocast is on: a half-size residual stream is what makes CPUs fast."""
    device = x.device.type
    return x.to(torch.get_autocast_dtype(device)) if torch.is_autocast_enabled(device) else x


def key_bias(mask: Tensor | None) -> Tensor | None:
    """Turn a mask [B, M] (True = real key) into an additive bias [B, 1, 1, M]."""
    if mask is None:
        return None
    bias = torch.zeros(mask.shape, device=mask.device)
    return bias.masked_fill(~mask, float("-inf"))[:, None, None, :]
