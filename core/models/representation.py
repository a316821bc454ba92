"""The representation: part encoder, mixing and occupancy networks that belong together."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from core.models.attention import TransformerLayer
from core.models.mixing import Mixing
from core.models.occupancy import Occupancy
from core.models.part_encoder import PartEncoder


class Decoder(nn.Module):
    """Parts -> occupancy: the two networks that every model has, however its parts were found."""

    def __init__(self, mixing: Mixing, occupancy: Occupancy) -> None:
        super().__init__()
        self.mixing = mixing
        self.occupancy = occupancy

    def decode(
        self, points: Tensor, extrinsics: Tensor, intrinsics: Tensor, mask: Tensor | None = None
    ) -> Tensor:
        """Logits [B, N] of points [B, N, 3] given parts ([B, P, 16], [B, P, D]) of which `mask` are there."""
        tokens = self.mixing(intrinsics, extrinsics, mask)
        return self.occupancy(points, tokens, extrinsics, mask)


class Representation(Decoder):
    """Surface points -> parts -> occupancy. Holds the three networks; they are saved one by one."""

    def __init__(self, encoder: PartEncoder, mixing: Mixing, occupancy: Occupancy) -> None:
        super().__init__(mixing, occupancy)
        self.encoder = encoder


Sizes = dict[str, dict[str, Any]]

GROWING = ("occ_transformer.layers.", "part_waves.")
"""What an occupancy network may gain when it is trained further."""

DEFAULT: Sizes = {
    "encoder": {
        "num_parts": 16,
        "intrinsic_dim": 64,
        "dim": 128,
        "num_heads": 4,
        "num_blocks": 2,
        "neighbourhood": 8,
    },
    "mixing": {"intrinsic_dim": 64, "dim": 128, "num_layers": 3, "num_heads": 4, "log_eigenvalues": True},
    "occupancy": {
        "token_dim": 128,
        "pos_dim": 125,
        "num_layers": 2,
        "num_heads": 4,
        "head_width": 128,
        "head_layers": 5,
        "frequency": 8.0,
        "local_heads": 4,
        "waves": 12,
    },
}
"""Sizes of the shipped chair model."""

TINY: Sizes = {
    "encoder": {
        "num_parts": 8,
        "intrinsic_dim": 16,
        "dim": 32,
        "num_heads": 2,
        "num_blocks": 1,
        "point_dim": 16,
        "neighbourhood": 8,
    },
    "mixing": {"intrinsic_dim": 16, "dim": 32, "num_layers": 1, "num_heads": 2, "log_eigenvalues": True},
    "occupancy": {
        "token_dim": 32,
        "pos_dim": 29,
        "num_layers": 1,
        "num_heads": 2,
        "head_width": 32,
        "head_layers": 3,
        "frequency": 8.0,
        "local_heads": 2,
        "waves": 3,
    },
}
"""The same networks small enough for tests."""


def build(sizes: Sizes) -> Representation:
    """Fresh networks of the given sizes (`DEFAULT`, `TINY` or a configuration read from a file)."""
    return Representation(
        PartEncoder(**sizes["encoder"]), Mixing(**sizes["mixing"]), Occupancy(**sizes["occupancy"])
    )


def grown(trained: Representation, sizes: Sizes) -> Representation:
    """Networks of other sizes that begin as the trained ones: more occupancy layers or waves, the rest equal.

    What is new contributes nothing at first, so that the answers are the same until training goes on.

    Raises
    ------
    ValueError
        If the sizes differ in anything that cannot grow.
    """
    model = build(sizes)
    for name, network in model.named_children():
        known = getattr(trained, name).state_dict()
        missing, unexpected = network.load_state_dict(known, strict=False)
        grows = name == "occupancy" and all(key.startswith(GROWING) for key in missing)
        if unexpected or (missing and not grows):
            raise ValueError(f"{name}: {', '.join((*missing, *unexpected))} cannot be grown")
    layers = len(trained.occupancy.occ_transformer.layers)
    with torch.no_grad():
        for layer in list(model.occupancy.occ_transformer.layers)[layers:]:
            assert isinstance(layer, TransformerLayer)
            for last in (layer.attn.project, layer.mlp.fc2):
                last.weight.zero_()
                last.bias.zero_()
    return model
