"""Shape codes and their decomposition into parts: the auto-decoder side of SPAGHETTI (section 3.1).

A published checkpoint holds one optimised code per training shape. A linear layer turns a code into part
tokens, a transformer lets these see each other, and two heads read each token as a Gaussian and as
intrinsics. Only the first half of the Gaussians counts; the second half are their mirror images.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Self

import torch
from torch import Tensor, nn

from core.models.attention import Transformer
from core.models.config import recorded
from core.models.denoiser_layers import published_size, require_published
from core.models.gaussian_head import gaussians_from_raw


class Decomposition(nn.Module):
    """Shape code [B, Z] -> part tokens [B, P, dim]."""

    def __init__(self, code_dim: int, num_parts: int, dim: int, num_layers: int, num_heads: int) -> None:
        super().__init__()
        self.num_parts = num_parts
        self.l1 = nn.Linear(code_dim, num_parts * dim)
        self.to_zb = Transformer(dim, num_layers, num_heads)

    def forward(self, z: Tensor) -> Tensor:
        return self.to_zb(self.l1(z).unflatten(-1, (self.num_parts, -1)))


class DecompositionControl(nn.Module):
    """Shape code -> Gaussians and intrinsics, with the published parameter names."""

    def __init__(
        self,
        code_dim: int,
        num_parts: int,
        dim: int,
        num_layers: int,
        num_heads: int,
        symmetric: Sequence[bool],
    ) -> None:
        super().__init__()
        self.decomposition = Decomposition(code_dim, num_parts, dim, num_layers, num_heads)
        self.to_gmm = nn.Linear(dim, 16)
        self.to_s = nn.Linear(dim, dim)
        # Published checkpoints store the reflection; without symmetry they have no such entry.
        reflect = torch.diag(torch.tensor([-1.0 if flip else 1.0 for flip in symmetric]))
        self.register_buffer("reflect", reflect if any(symmetric) else None)

    def forward(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """Decompose codes [B, Z] into (intrinsics [B, P, D], extrinsics [B, P, 16])."""
        tokens = self.decomposition(z)
        extrinsics = gaussians_from_raw(self.to_gmm(tokens))
        if self.reflect is not None:
            half = extrinsics[:, : extrinsics.shape[1] // 2]
            extrinsics = torch.cat((half, self._reflected(half)), dim=1)
        return self.to_s(tokens), extrinsics

    def _reflected(self, extrinsics: Tensor) -> Tensor:
        vectors = extrinsics[..., :12].unflatten(-1, (4, 3)) @ self.reflect.T
        return torch.cat((vectors.flatten(-2), extrinsics[..., 12:]), dim=-1)


class ShapeCodes(nn.Module):
    """One learned code per shape, and the network that decomposes codes into parts.

    Parameters
    ----------
    dataset_size : int
        Number of stored codes.
    code_dim : int
        Width Z of a code.
    num_parts : int
        P; even if there is a symmetry, because half of the parts mirror the other half.
    dim : int
        Width of the tokens, and of the intrinsics.
    num_layers, num_heads : int
        Of the transformer.
    symmetric : three bools
        Axes that the mirrored half of the Gaussians is reflected in: x in all published checkpoints.
    """

    config: dict[str, object]

    @recorded
    def __init__(
        self,
        dataset_size: int = 1,
        code_dim: int = 256,
        num_parts: int = 16,
        dim: int = 512,
        num_layers: int = 4,
        num_heads: int = 4,
        symmetric: Sequence[bool] = (True, False, False),
    ) -> None:
        super().__init__()
        if len(symmetric) != 3:
            raise ValueError("symmetric says for each of the three axes whether it is mirrored")
        if any(symmetric) and num_parts % 2:
            raise ValueError("num_parts must be even: half of the parts mirror the other half")
        self.num_parts = num_parts
        self.z = nn.Embedding(dataset_size, code_dim)
        nn.init.normal_(self.z.weight, std=1.0 / math.sqrt(code_dim))
        self.decomposition_control = DecompositionControl(
            code_dim, num_parts, dim, num_layers, num_heads, symmetric
        )

    @classmethod
    def from_published(cls, settings: Mapping[str, object]) -> Self:
        """Build from published SPAGHETTI options; see `spaghetti_configs`."""
        return cls(**spaghetti_configs(settings)["shape_codes"])

    def decompose(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """Decompose codes [B, Z] into (intrinsics [B, P, D], extrinsics [B, P, 16])."""
        return self.decomposition_control(z)

    def forward(self, item: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Look up and decompose.

        Parameters
        ----------
        item : int64 Tensor [B]
            Which stored shapes.

        Returns
        -------
        z : Tensor [B, Z]
        intrinsics : Tensor [B, P, D]
        extrinsics : Tensor [B, P, 16]
        """
        z = self.z(item)
        intrinsics, extrinsics = self.decompose(z)
        return z, intrinsics, extrinsics


def spaghetti_configs(settings: Mapping[str, object]) -> dict[str, dict[str, Any]]:
    """Return constructor arguments of our three networks for published SPAGHETTI options.

    The published decomposition has `num_layers` layers like the mixing network: its own option
    `decomposition_num_layers` only counts for a variant that no checkpoint uses. `dim_zh` is not used at all.

    Returns
    -------
    dict
        ``shape_codes``, ``mixing`` and ``occupancy``: keyword arguments of `ShapeCodes`, `Mixing`,
        `Occupancy`.

    Raises
    ------
    ValueError
        On options no published checkpoint uses, or missing sizes.
    """
    require_published(settings, decomposition_network="transformer", head_occ_type="skip", use_encoder=True)
    symmetric = settings.get("symmetric", (True, False, False))
    if not isinstance(symmetric, Sequence):
        raise ValueError(f"published setting 'symmetric' must be three bools, not {symmetric!r}")
    dim = published_size(settings, "dim_h")
    layers = published_size(settings, "num_layers")
    heads = published_size(settings, "num_heads")
    return {
        "shape_codes": {
            "dataset_size": published_size(settings, "dataset_size"),
            "code_dim": published_size(settings, "dim_z"),
            "num_parts": published_size(settings, "num_gaussians"),
            "dim": dim,
            "num_layers": layers,
            "num_heads": heads,
            "symmetric": [bool(flip) for flip in symmetric],
        },
        "mixing": {"intrinsic_dim": dim, "dim": dim, "num_layers": layers, "num_heads": heads},
        "occupancy": {
            "token_dim": dim,
            "pos_dim": published_size(settings, "pos_dim"),
            "num_layers": published_size(settings, "num_layers_head"),
            "num_heads": published_size(settings, "num_heads_head"),
            "head_layers": published_size(settings, "head_occ_size"),
        },
    }


def split_spaghetti_state(state: Mapping[str, Tensor]) -> dict[str, dict[str, Tensor]]:
    """Distribute a published SPAGHETTI state dict over our three networks.

    Returns
    -------
    dict
        ``shape_codes``, ``mixing`` and ``occupancy``: state dicts of `ShapeCodes`, `Mixing`, `Occupancy`.

    Raises
    ------
    ValueError
        When an entry belongs to none of them.
    """
    owners = {
        "z": "shape_codes",
        "decomposition_control": "shape_codes",
        "from_gmm": "mixing",
        "mixing_network": "mixing",
        "occupancy_network": "occupancy",
    }
    parts: dict[str, dict[str, Tensor]] = {"shape_codes": {}, "mixing": {}, "occupancy": {}}
    for name, tensor in state.items():
        room, _, rest = name.partition(".")
        if room not in owners:
            raise ValueError(f"{name!r} is no entry of a SPAGHETTI checkpoint")
        parts[owners[room]][rest if room == "occupancy_network" else name] = tensor
    return parts
