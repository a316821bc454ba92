"""Shapes that come with a model: encoded training shapes, read a few at a time from where they lie."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open

from core.checkpoints.loading import Checkpoint, CheckpointError
from core.scene.shape import FloatArray

FILE = "library.safetensors"
"""In a model's folder: `extrinsics` [N, P, 16] and `intrinsics` [N, P, D], float32."""


class ShapeLibrary:
    """The shapes of a model, by number.

    They are those of its library file, or else what its stored shape codes decompose into (published models
    keep a code for every training shape); a model without either has none.

    Parameters
    ----------
    model : Checkpoint

    Raises
    ------
    CheckpointError
        If there is a library file that is damaged or of another model.
    """

    def __init__(self, model: Checkpoint) -> None:
        self._model = model
        self._path = model.folder / FILE
        self._count = 0
        if self._path.is_file():
            wanted = ["extrinsics", "intrinsics"]
            sizes = _sizes(self._path)
            if sorted(sizes) != wanted or any(len(sizes[name]) != 3 for name in wanted):
                raise CheckpointError(f"{self._path} is no library of shapes; import the model again")
            count, parts, width = sizes["intrinsics"]
            if sizes["extrinsics"] != (count, parts, 16) or width != model.intrinsic_dim:
                raise CheckpointError(f"{self._path} belongs to another model; import the model again")
            self._count = count
        elif model.shape_codes is not None:
            self._count = model.shape_codes.z.num_embeddings

    def __len__(self) -> int:
        return self._count

    @torch.inference_mode()
    def read(self, start: int, count: int) -> tuple[FloatArray, FloatArray]:
        """Extrinsics [C, P, 16] and intrinsics [C, P, D] of `count` shapes from `start` (fewer at the end).

        Raises
        ------
        CheckpointError
            If the file cannot be read or holds numbers that are not finite.
        """
        stop = min(start + count, self._count)
        if start >= stop:
            parts, width = self._model.slot_count, self._model.intrinsic_dim
            return np.zeros((0, parts, 16), np.float32), np.zeros((0, parts, width), np.float32)
        if self._path.is_file():
            try:
                with safe_open(self._path, "np") as file:
                    extrinsics, intrinsics = (
                        file.get_slice(name)[start:stop] for name in ("extrinsics", "intrinsics")
                    )
            except (OSError, SafetensorError) as error:
                raise CheckpointError(f"{self._path} cannot be read: {error}") from None
        else:
            codes = self._model.shape_codes
            assert codes is not None
            rows = torch.arange(start, stop, device=codes.z.weight.device)
            _, latents, gaussians = codes(rows)
            extrinsics, intrinsics = gaussians.cpu().numpy(), latents.cpu().numpy()
        if not (np.isfinite(extrinsics).all() and np.isfinite(intrinsics).all()):
            raise CheckpointError(f"{self._path} holds numbers that are not finite; import the model again")
        return np.asarray(extrinsics, np.float32), np.asarray(intrinsics, np.float32)


def _sizes(path: Path) -> dict[str, tuple[int, ...]]:
    try:
        with safe_open(path, "np") as file:
            return {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"{path} cannot be read: {error}") from None
