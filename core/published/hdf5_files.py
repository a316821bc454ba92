"""Published HDF5 files: statistics of the Gaussians, and sets of encoded shapes.

Only plain datasets of the file itself are read: links to other files, virtual and external datasets and
unknown filters are refused, and sizes are checked before anything is allocated.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import h5py
import numpy as np
from numpy.typing import NDArray

from core.published.plain_pickle import RefusedFileError

DAMAGED = (OSError, RuntimeError, ValueError, LookupError, TypeError, OverflowError, AttributeError)
"""What h5py raises of damaged files, whenever it comes upon the damage."""
PARTS_KEY, LATENTS_KEY = "g_js_affine", "s_j_affine"
MAX_SHAPES = 100_000
MAX_PARTS = 256
MAX_WIDTH = 8192
BLOCK = 64
"""Shapes read at a time."""

FILTERS = {1, 2, 3, 32_000}
"""gzip, shuffle, checksum, LZF."""


def read_statistics(path: Path) -> dict[str, NDArray[Any]]:
    """`mean` and `std` [16] of a `*_mean_std.hdf5` file (raises RefusedFileError)."""
    found = {}
    with _opened(path) as file:
        for name in ("mean", "std"):
            data = _dataset(file, name)
            if data.size != 16:
                raise RefusedFileError(f"{name} has {data.size} numbers, not 16")
            found[name] = np.asarray(data[...], np.float32).reshape(16)
    if not all(np.isfinite(values).all() for values in found.values()) or (found["std"] <= 0).any():
        raise RefusedFileError("its mean or std is not finite, or a std is not positive")
    return found


def copy_shapes(path: Path, target: Path) -> int:
    """Write a latent set as safetensors: `extrinsics` [N, P, 16], `intrinsics` [N, P, D], float32.

    Returns
    -------
    int
        The number of shapes N.

    Raises
    ------
    RefusedFileError
        If the file is not such a set, or holds numbers that are not finite.
    """
    with _opened(path) as file:
        gaussians, latents = _dataset(file, PARTS_KEY), _dataset(file, LATENTS_KEY)
        if len(gaussians.shape) != 3 or gaussians.shape[2] != 16 or len(latents.shape) != 3:
            raise RefusedFileError(f"{PARTS_KEY} must be [N, P, 16] and {LATENTS_KEY} [N, P, D]")
        count, parts, width = latents.shape
        if gaussians.shape[:2] != (count, parts):
            raise RefusedFileError(f"{PARTS_KEY} and {LATENTS_KEY} have different numbers of shapes or parts")
        if not (1 <= count <= MAX_SHAPES and 1 <= parts <= MAX_PARTS and 1 <= width <= MAX_WIDTH):
            raise RefusedFileError(f"{count} shapes of {parts} parts of {width} numbers are out of range")
        with target.open("wb") as out:
            _write_header(out, {"extrinsics": (count, parts, 16), "intrinsics": (count, parts, width)})
            for data in (gaussians, latents):
                for start in range(0, count, BLOCK):
                    block = np.asarray(data[start : start + BLOCK], "<f4")
                    if not np.isfinite(block).all():
                        raise RefusedFileError(f"shapes from {start} on have numbers that are not finite")
                    out.write(np.ascontiguousarray(block).tobytes())
    return int(count)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    try:
        file = h5py.File(path, "r", locking=False)
    except DAMAGED as error:
        raise RefusedFileError(f"it is no HDF5 file: {str(error)[:120]}") from None
    with file:
        try:
            yield file
        except RefusedFileError:
            raise
        except DAMAGED as error:
            if isinstance(error, OSError) and error.errno:
                raise  # of the disk, where the shapes go
            raise RefusedFileError(f"the HDF5 file is damaged: {str(error)[:120]}") from None


def _dataset(file: Any, name: str) -> Any:
    """A plain dataset of numbers of the file itself."""
    link = file.get(name, getlink=True)
    if link is None:
        raise RefusedFileError(f"it has no {name}")
    if not isinstance(link, h5py.HardLink):
        raise RefusedFileError(f"{name} is a link to somewhere else")
    data = file[name]
    if not isinstance(data, h5py.Dataset) or data.dtype.kind != "f" or not data.shape:
        raise RefusedFileError(f"{name} is no array of numbers")
    properties = data.id.get_create_plist()
    filters = {properties.get_filter(index)[0] for index in range(properties.get_nfilters())}
    if data.is_virtual or data.external or not filters <= FILTERS:
        raise RefusedFileError(f"{name} is kept elsewhere, or packed in an unknown way")
    if data.chunks and math.prod(data.chunks) * data.dtype.itemsize > 1 << 28:
        raise RefusedFileError(f"{name} is cut into pieces that are too large")
    return data


def _write_header(out: BinaryIO, shapes: dict[str, tuple[int, ...]]) -> None:
    """Header of a safetensors file of float32 tensors that follow in this order."""
    header, start = {}, 0
    for name, shape in shapes.items():
        end = start + 4 * math.prod(shape)
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [start, end]}
        start = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    out.write(struct.pack("<Q", len(text)) + text)
