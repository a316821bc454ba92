"""The intrinsic denoiser: phase 2 of the cascade, noise in the latents of parts given their Gaussians.

SALAD section 3.2. Every part has its own context: its un-normalised extrinsics, followed by the text vector
in the language-conditioned network. The contexts see each other in an encoder, then steer the denoising of
the intrinsics part by part.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import torch
from torch import Tensor, nn

from core.models.config import recorded
from core.models.denoiser_layers import (
    PUBLISHED_HEADS,
    PostNormTransformer,
    SlotEmbedding,
    TimeEmbedding,
    embed_tokens,
    published_size,
    require_published,
)


class IntrinsicDenoiser(nn.Module):
    """Predicts noise (or velocity) in intrinsics from noisy intrinsics, time and a context per part.

    Parameters
    ----------
    input_dim : int
        Width D of the intrinsics.
    embedding_dim, num_layers, num_heads : int
        Of the transformer over parts; the context encoder has the same number of heads.
    time_dim : int
        Width of the time embedding.
    context_dim : int
        Width of a part's context: 16, or 16 + T with a text vector.
    context_embedding_dim, context_layers : int
        Of the transformer that encodes the contexts.
    residual : bool
        Add the input to the output (published).
    num_slots : int
        Part slots with a learned embedding; 0 = none (published).
    time_scale : float
        Multiplied into the time before the sinusoid. Published networks are given beta_t and use 1.
    guidable : bool
        Text was sometimes withheld in training while the Gaussians were given, so that guidance works. The
        published training withheld both together.
    """

    config: dict[str, object]

    @recorded
    def __init__(
        self,
        input_dim: int = 512,
        embedding_dim: int = 512,
        num_layers: int = 6,
        num_heads: int = PUBLISHED_HEADS,
        time_dim: int = 128,
        context_dim: int = 16,
        context_embedding_dim: int = 512,
        context_layers: int = 6,
        residual: bool = True,
        num_slots: int = 0,
        time_scale: float = 1.0,
        guidable: bool = True,
    ) -> None:
        super().__init__()
        self.context_dim = context_dim
        self.guidable = guidable
        self.residual = residual
        self.time_scale = time_scale
        self.time_embedder = TimeEmbedding(time_dim)
        self.slot_embedding = SlotEmbedding(num_slots, embedding_dim) if num_slots else None
        self.context_embedding = nn.Linear(context_dim, context_embedding_dim)
        self.encoder = PostNormTransformer(context_embedding_dim, context_layers, num_heads)
        self.query_embedding = nn.Linear(input_dim, embedding_dim)
        self.decoder = PostNormTransformer(
            embedding_dim,
            num_layers,
            num_heads,
            context_width=time_dim + context_embedding_dim,
            out_width=input_dim,
        )

    @classmethod
    def from_published(cls, settings: Mapping[str, object]) -> Self:
        """Build from published settings of phase 2 or language phase 2.

        Raises
        ------
        ValueError
            On settings no published checkpoint uses.
        """
        require_published(
            settings,
            use_timestep_embedder=True,
            encoder_use_time=False,
            encoder_type="transformer",
            decoder_type="transformer_encoder",
        )
        return cls(
            input_dim=published_size(settings, "input_dim"),
            embedding_dim=published_size(settings, "embedding_dim"),
            num_layers=published_size(settings, "dec_num_layers", 3),
            time_dim=published_size(settings, "timestep_embedder_dim"),
            context_dim=published_size(settings, "context_dim"),
            context_embedding_dim=published_size(settings, "context_embedding_dim"),
            context_layers=published_size(settings, "enc_num_layers", 3),
            residual=bool(settings.get("residual", True)),
            guidable=False,
        )

    def encode_context(self, context: Tensor, mask: Tensor | None = None) -> Tensor:
        """Encode contexts [B, P, context_dim] as [B, P, context_embedding_dim].

        They do not depend on time: a sampling loop encodes them once and passes them as `encoded` to
        `forward`, which saves about half of every step.
        """
        return self.encoder(self.context_embedding(context), mask=mask)

    def forward(
        self,
        x: Tensor,
        time: Tensor,
        context: Tensor | None = None,
        slots: Tensor | None = None,
        mask: Tensor | None = None,
        encoded: Tensor | None = None,
    ) -> Tensor:
        """Denoise.

        Parameters
        ----------
        x : Tensor [B, P, D]
            Noisy intrinsics.
        time : Tensor [B]
            What the network is told of the noise level: beta_t for published networks.
        context : Tensor [B, P, context_dim]
            Un-normalised extrinsics of the parts, then the text vector if the network takes one.
        slots : int64 Tensor [B, P], optional
            Slot of every part, -1 = unknown. Only for networks with slots.
        mask : bool Tensor [B, P], optional
            True = real part. Outputs of other parts mean nothing.
        encoded : Tensor [B, P, context_embedding_dim], optional
            From `encode_context`, instead of `context`.

        Returns
        -------
        Tensor [B, P, D]

        Raises
        ------
        ValueError
            When there is not exactly one of `context` and `encoded`, or slots do not fit the network.
        """
        if (context is None) == (encoded is None):
            raise ValueError("the intrinsic denoiser needs either a context or an encoded context")
        if encoded is None:
            assert context is not None
            encoded = self.encode_context(context, mask)
        moment = self.time_embedder(time * self.time_scale)[:, None, :]
        condition = torch.cat((moment.expand(-1, encoded.shape[1], -1), encoded), dim=-1)
        tokens = embed_tokens(self.query_embedding, x, slots, self.slot_embedding)
        out = self.decoder(tokens, condition, mask)
        return out + x if self.residual else out
