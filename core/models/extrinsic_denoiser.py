"""The extrinsic denoiser: phase 1 of the cascade, noise in the Gaussians of a shape (SALAD section 3.2).

Parts are a set: there is no positional encoding, so any number of parts works. With a context (one text
vector per shape) it is the published language-conditioned phase 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import torch
from torch import Tensor, nn

from core.models.config import recorded
from core.models.denoiser_layers import (
    PUBLISHED_HEADS,
    PointwiseEncoder,
    PostNormTransformer,
    SlotEmbedding,
    TimeEmbedding,
    embed_tokens,
    published_size,
    require_published,
)


class ExtrinsicDenoiser(nn.Module):
    """Predicts noise (or velocity) in extrinsics from noisy extrinsics, time and optionally text.

    Parameters
    ----------
    input_dim : int
        Numbers per part.
    embedding_dim, num_layers, num_heads : int
        Of the transformer over parts.
    time_dim : int
        Width of the time embedding.
    context_dim : int
        Width T of the context vector; 0 = unconditional, with the published names of that variant.
    context_embedding_dim, context_layers : int
        Of the pointwise context encoder; without meaning when `context_dim` is 0.
    residual : bool
        Add the input to the output (published).
    num_slots : int
        Part slots with a learned embedding; 0 = none (published).
    time_scale : float
        Multiplied into the time before the sinusoid. Published networks are given beta_t and use 1.
    """

    config: dict[str, object]

    @recorded
    def __init__(
        self,
        input_dim: int = 16,
        embedding_dim: int = 512,
        num_layers: int = 6,
        num_heads: int = PUBLISHED_HEADS,
        time_dim: int = 128,
        context_dim: int = 0,
        context_embedding_dim: int = 1024,
        context_layers: int = 2,
        residual: bool = True,
        num_slots: int = 0,
        time_scale: float = 1.0,
    ) -> None:
        super().__init__()
        self.context_dim = context_dim
        self.residual = residual
        self.time_scale = time_scale
        self.time_embedder = TimeEmbedding(time_dim)
        self.slot_embedding = SlotEmbedding(num_slots, embedding_dim) if num_slots else None
        embedding = nn.Linear(input_dim, embedding_dim)
        condition_width = time_dim + (context_embedding_dim if context_dim else 0)
        transformer = PostNormTransformer(
            embedding_dim, num_layers, num_heads, context_width=condition_width, out_width=input_dim
        )
        # The published networks name the same things differently with and without a context, and what is the
        # transformer over parts in one ("encoder") encodes the context in the other.
        if context_dim:
            self.query_embedding = embedding
            self.context_embedding = nn.Linear(context_dim, context_embedding_dim)
            self.encoder: nn.Module = PointwiseEncoder(context_embedding_dim, context_layers)
            self.decoder = transformer
        else:
            self.embedding = embedding
            self.encoder = transformer

    @classmethod
    def from_published(cls, settings: Mapping[str, object]) -> Self:
        """Build from published settings of phase 1 or language phase 1.

        Raises
        ------
        ValueError
            On settings no published checkpoint uses.
        """
        require_published(settings, use_timestep_embedder=True, encoder_use_time=False)
        sizes = {
            "input_dim": published_size(settings, "input_dim"),
            "embedding_dim": published_size(settings, "embedding_dim"),
            "time_dim": published_size(settings, "timestep_embedder_dim"),
        }
        residual = bool(settings.get("residual", True))
        if "context_dim" not in settings:
            require_published(settings, encoder_type="transformer")
            return cls(
                **sizes,
                num_layers=published_size(settings, "enc_num_layers"),
                num_heads=published_size(settings, "num_heads", PUBLISHED_HEADS),
                residual=residual,
            )
        require_published(settings, encoder_type="pointwise", decoder_type="transformer_encoder")
        return cls(
            **sizes,
            num_layers=published_size(settings, "dec_num_layers", 3),
            context_dim=published_size(settings, "context_dim"),
            context_embedding_dim=published_size(settings, "context_embedding_dim"),
            context_layers=published_size(settings, "enc_num_layers"),
            residual=residual,
        )

    def forward(
        self,
        x: Tensor,
        time: Tensor,
        context: Tensor | None = None,
        slots: Tensor | None = None,
        mask: Tensor | None = None,
    ) -> Tensor:
        """Denoise.

        Parameters
        ----------
        x : Tensor [B, P, input_dim]
            Noisy, normalised extrinsics.
        time : Tensor [B]
            What the network is told of the noise level: beta_t for published networks.
        context : Tensor [B, T] or [B, P, T], optional
            Text vector; required exactly if the network has a context.
        slots : int64 Tensor [B, P], optional
            Slot of every part, -1 = unknown. Only for networks with slots.
        mask : bool Tensor [B, P], optional
            True = real part. Outputs of other parts mean nothing.

        Returns
        -------
        Tensor [B, P, input_dim]

        Raises
        ------
        ValueError
            When context or slots do not fit the network.
        """
        if (context is None) != (self.context_dim == 0):
            raise ValueError(
                "this network needs a context" if context is None else "this network takes no context"
            )
        condition = self.time_embedder(time * self.time_scale)[:, None, :]
        if context is None:
            tokens = embed_tokens(self.embedding, x, slots, self.slot_embedding)
            out = self.encoder(tokens, condition, mask)
        else:
            encoded = self.encoder(self.context_embedding(context))
            if encoded.ndim == 2:
                encoded = encoded[:, None, :]
            condition = torch.cat((condition.expand(-1, encoded.shape[1], -1), encoded), dim=-1)
            tokens = embed_tokens(self.query_embedding, x, slots, self.slot_embedding)
            out = self.decoder(tokens, condition, mask)
        return out + x if self.residual else out
