"""The cascade: extrinsic and intrinsic denoiser and the text adapter that feeds both (SALAD section 4)."""

from __future__ import annotations

from typing import Any

from torch import nn

from core.models.extrinsic_denoiser import ExtrinsicDenoiser
from core.models.intrinsic_denoiser import IntrinsicDenoiser
from core.models.text_encoder import TextAdapter


class Cascade(nn.Module):
    """Holds the three networks that are trained together; they are saved one by one."""

    def __init__(self, extrinsic: ExtrinsicDenoiser, intrinsic: IntrinsicDenoiser, text: TextAdapter) -> None:
        super().__init__()
        self.extrinsic_denoiser = extrinsic
        self.intrinsic_denoiser = intrinsic
        self.text_adapter = text


Sizes = dict[str, dict[str, Any]]

DEFAULT: Sizes = {
    "text": {"width": 128, "out_dim": 96, "layers": 2, "num_heads": 4},
    "extrinsic": {"embedding_dim": 192, "num_layers": 6, "time_dim": 96, "context_embedding_dim": 160},
    "intrinsic": {
        "embedding_dim": 192,
        "num_layers": 6,
        "time_dim": 64,
        "context_embedding_dim": 128,
        "context_layers": 3,
    },
}
"""Sizes of the shipped chair model."""

SMALL: Sizes = {
    "text": {"width": 128, "out_dim": 96, "layers": 2, "num_heads": 4},
    "extrinsic": {"embedding_dim": 128, "num_layers": 4, "time_dim": 32, "context_embedding_dim": 64},
    "intrinsic": {
        "embedding_dim": 128,
        "num_layers": 4,
        "time_dim": 32,
        "context_embedding_dim": 64,
        "context_layers": 2,
    },
}
"""Sizes of the shipped table and airplane models: a quarter of the chair's."""

TINY: Sizes = {
    "text": {"width": 32, "out_dim": 16, "layers": 1, "num_heads": 2},
    "extrinsic": {"embedding_dim": 32, "num_layers": 2, "time_dim": 16, "context_embedding_dim": 32},
    "intrinsic": {
        "embedding_dim": 32,
        "num_layers": 2,
        "time_dim": 16,
        "context_embedding_dim": 32,
        "context_layers": 1,
    },
}
"""The same networks small enough for tests."""

SIZES: dict[str, Sizes] = {"default": DEFAULT, "small": SMALL, "tiny": TINY}
"""All of them by name."""


def build(sizes: Sizes, num_slots: int, intrinsic_dim: int) -> Cascade:
    """Fresh networks of the given sizes for parts of `num_slots` slots and `intrinsic_dim`-wide latents."""
    text = TextAdapter(**sizes["text"])
    width = sizes["text"]["out_dim"]
    extrinsic = ExtrinsicDenoiser(
        **sizes["extrinsic"], context_dim=width, context_layers=1, residual=False, num_slots=num_slots
    )
    intrinsic = IntrinsicDenoiser(
        **sizes["intrinsic"],
        input_dim=intrinsic_dim,
        context_dim=16 + width,
        residual=False,
        num_slots=num_slots,
    )
    return Cascade(extrinsic, intrinsic, text)
