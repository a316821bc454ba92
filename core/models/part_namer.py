"""Names parts by what they look like: a generated part's place in the order means nothing."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from core.models.attention import Transformer, key_bias
from core.models.config import recorded
from core.models.gaussian_head import gaussian_features


class PartNamer(nn.Module):
    """Label logits for every part, from its Gaussian, its latent and the other parts.

    Parameters
    ----------
    num_labels : int
        Size of the category's label vocabulary.
    """

    @recorded
    def __init__(
        self, num_labels: int, intrinsic_dim: int = 64, dim: int = 40, num_layers: int = 2, num_heads: int = 4
    ) -> None:
        super().__init__()
        self.embed = nn.Linear(16 + intrinsic_dim, dim)
        self.transformer = Transformer(dim, num_layers, num_heads)
        self.to_labels = nn.Linear(dim, num_labels)

    def forward(self, extrinsics: Tensor, intrinsics: Tensor, mask: Tensor | None = None) -> Tensor:
        """Logits [B, P, labels] of parts ([B, P, 16], [B, P, D]); `mask` is True for parts that are there."""
        x = self.embed(torch.cat((gaussian_features(extrinsics), intrinsics), -1))
        return self.to_labels(self.transformer(x, bias=key_bias(mask)))
