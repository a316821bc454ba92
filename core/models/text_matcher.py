"""Do words fit a shape? Embeds both; the dot product is large where the words are likely said of the shape.

Trained like CLIP (Radford et al. 2021) on encoded shapes of the corpus and their captions. Proposals are
judged by it: their surfaces are encoded again, so that what counts is what is seen, not what was intended.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from core.models.attention import Transformer, key_bias
from core.models.config import recorded
from core.models.gaussian_head import gaussian_features
from core.models.text_encoder import TextAdapter


class TextMatcher(nn.Module):
    """Embeddings of shapes and of texts in one space.

    Parameters
    ----------
    intrinsic_dim : int
        Width D of the intrinsics.
    dim : int
        Width of both transformers.
    out_dim : int
        Width of the embeddings.
    num_known : int
        Shapes of the training set whose embeddings are kept, to know what scores a text can reach.
    """

    known: Tensor

    @recorded
    def __init__(
        self,
        intrinsic_dim: int = 64,
        dim: int = 64,
        out_dim: int = 64,
        num_layers: int = 2,
        num_heads: int = 4,
        num_known: int = 512,
    ) -> None:
        super().__init__()
        self.embed = nn.Linear(16 + intrinsic_dim, dim)
        self.transformer = Transformer(dim, num_layers, num_heads)
        self.to_shape = nn.Sequential(nn.LayerNorm(2 * dim), nn.Linear(2 * dim, out_dim))
        self.text = TextAdapter(width=dim, out_dim=out_dim, layers=1, num_heads=num_heads)
        self.log_scale = nn.Parameter(torch.tensor(2.0))
        self.register_buffer("known", torch.zeros(num_known, out_dim))

    def shapes(self, extrinsics: Tensor, intrinsics: Tensor, mask: Tensor | None = None) -> Tensor:
        """Embeddings [B, out_dim] of length 1 of shapes; `mask` [B, P] is True for parts that are there."""
        x = self.embed(torch.cat((gaussian_features(extrinsics), intrinsics), -1))
        x = self.transformer(x, bias=key_bias(mask))
        there = torch.ones(x.shape[:2], device=x.device) if mask is None else mask.to(x.dtype)
        mean = (x * there[..., None]).sum(1) / there.sum(1, keepdim=True).clamp_min(1.0)
        most = x.masked_fill(there[..., None] == 0, float("-inf")).amax(1)
        return functional.normalize(self.to_shape(torch.cat((mean, most), -1)).float(), dim=-1)

    def texts(self, features: Tensor, mask: Tensor) -> Tensor:
        """Embeddings [B, out_dim] of length 1 of texts, from their token features as in `TextAdapter`."""
        return functional.normalize(self.text(features, mask).float(), dim=-1)

    def scores(self, shapes: Tensor, texts: Tensor) -> Tensor:
        """Scores [S, T] of embeddings: log of how much likelier a text is said of a shape than of any."""
        return self.log_scale.exp() * shapes @ texts.T

    def demanded(self, texts: Tensor) -> Tensor:
        """Score [T] that tells shapes a text fits from others.

        Scores are logarithms of likelihood ratios, so their softmax over the known shapes is how likely the
        text was said of each. Demanded is the middle between the mean score under that and the plain mean.
        """
        scores = self.scores(self.known.to(texts.dtype), texts)
        return ((scores.softmax(0) * scores).sum(0) + scores.mean(0)) / 2
