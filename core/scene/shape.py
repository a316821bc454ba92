"""A shape: a small set of parts, each an explicit Gaussian plus an implicit latent.

Latents are the truth; meshes are a cache. Everything here is frozen and every array is read-only, so a
shape can be shared between the window, the undo stack and the worker thread without copies or locks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from core.scene.original import Original

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int32]

EXTRINSICS_WIDTH = 16
"""Numbers of a Gaussian: centre 3 | axes 9 (rows) | log-weight 1 | eigenvalues 3 (variances)."""

CENTRE = slice(0, 3)
AXES = slice(3, 12)
LOG_WEIGHT = slice(12, 13)
EIGENVALUES = slice(13, 16)
MIN_EIGENVALUE = 1e-4
"""Smallest variance of a Gaussian along an axis, in squared domain units (SPAGHETTI)."""


def frozen_array(values: object, dtype: type) -> NDArray[Any]:
    """Return a contiguous read-only copy of `values` (no copy if it already is one)."""
    array: NDArray[Any] = np.asarray(values, dtype=dtype)
    if array.flags.writeable or not array.flags.c_contiguous:
        array = np.array(array, dtype=dtype, order="C")
        array.setflags(write=False)
    return array


@dataclass(frozen=True)
class Part:
    """What is known of a part beside its numbers.

    Attributes
    ----------
    id : int
        Stable within its shape: survives deletion, duplication and reordering of other parts.
    label : str
        What the model takes it for ("seat", "leg", ...); decides colour and "select all of one name".
    name : str
        What the person calls it; starts as the label.
    slot : int
        Index of the model's part slot it was sampled or encoded in, -1 if unknown. Parts are a set: the slot
        only helps the denoisers tell them apart, it is no identity.
    visible, locked : bool
        Hidden parts are not drawn; locked parts are refused by every edit.
    origin : str
        Provenance in words, e.g. ``"generate seed 7"``.
    group : str
        Name of the group of parts it belongs to, "" if to none (see `core.scene.groups`).
    """

    id: int
    label: str = "part"
    name: str = "part"
    slot: int = -1
    visible: bool = True
    locked: bool = False
    origin: str = ""
    group: str = ""


@dataclass(frozen=True, eq=False)
class Mesh:
    """A triangle mesh in the shape's frame, coloured by part.

    Attributes
    ----------
    vertices, normals : float32 [V, 3]
        Domain units; smooth unit normals.
    faces : int32 [F, 3]
    face_parts : int32 [F]
        Row of the part (index into ``Shape.parts``, not a part id) that each face belongs to.
    """

    vertices: FloatArray = field(repr=False)
    normals: FloatArray = field(repr=False)
    faces: IntArray = field(repr=False)
    face_parts: IntArray = field(repr=False)

    def __post_init__(self) -> None:
        for name, dtype in (("vertices", np.float32), ("normals", np.float32)):
            object.__setattr__(self, name, frozen_array(getattr(self, name), dtype))
        for name in ("faces", "face_parts"):
            object.__setattr__(self, name, frozen_array(getattr(self, name), np.int32))


@dataclass(frozen=True, eq=False)
class Shape:
    """A set of parts and where the shape stands in the scene. Compared by identity (``is``).

    Attributes
    ----------
    id : str
        Unique in the scene and safe in file names.
    extrinsics : float32 [P, 16]
        Gaussians in the shape's frame (domain [-1, 1]^3, y up, mirror plane x = 0).
    intrinsics : float32 [P, D]
        Latents.
    parts : tuple of Part, length P
    checkpoint : str
        Id of the checkpoint whose latent space this is; parts only mix within one checkpoint.
    position : tuple of float
        Translation of the shape's frame in the scene.
    original : Original, optional
        The mesh file it was brought in from, if it was.
    """

    id: str
    extrinsics: FloatArray = field(repr=False)
    intrinsics: FloatArray = field(repr=False)
    parts: tuple[Part, ...]
    name: str = "Shape"
    checkpoint: str = ""
    position: tuple[float, float, float] = (0.0, 0.0, 0.0)
    visible: bool = True
    origin: str = ""
    original: Original | None = None
    extra: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "extrinsics", frozen_array(self.extrinsics, np.float32))
        object.__setattr__(self, "intrinsics", frozen_array(self.intrinsics, np.float32))
        object.__setattr__(self, "parts", tuple(self.parts))
        count = len(self.parts)
        if self.extrinsics.shape != (count, EXTRINSICS_WIDTH):
            raise ValueError(
                f"extrinsics must be [{count}, {EXTRINSICS_WIDTH}], not {list(self.extrinsics.shape)}"
            )
        if self.intrinsics.ndim != 2 or self.intrinsics.shape[0] != count:
            raise ValueError(f"intrinsics must be [{count}, D], not {list(self.intrinsics.shape)}")
        if len({part.id for part in self.parts}) != count:
            raise ValueError("part ids must be unique within a shape")
        if not (np.isfinite(self.extrinsics).all() and np.isfinite(self.intrinsics).all()):
            raise ValueError("latents must be finite")

    @cached_property
    def latent_hash(self) -> str:
        """SHA-256 over latents and checkpoint: equal hashes decode to equal surfaces."""
        digest = hashlib.sha256(self.checkpoint.encode())
        digest.update(np.asarray(self.intrinsics.shape, np.int64).tobytes())
        digest.update(self.extrinsics.tobytes())
        digest.update(self.intrinsics.tobytes())
        return digest.hexdigest()

    @property
    def part_ids(self) -> tuple[int, ...]:
        return tuple(part.id for part in self.parts)

    def row(self, part_id: int) -> int:
        """Row of a part in the arrays.

        Raises
        ------
        KeyError
            If the shape has no such part.
        """
        for index, part in enumerate(self.parts):
            if part.id == part_id:
                return index
        raise KeyError(f"shape {self.name!r} has no part {part_id}")

    def rows(self, part_ids: Iterable[int]) -> list[int]:
        """Rows of several parts, in the given order (raises KeyError like `row`)."""
        return [self.row(part_id) for part_id in part_ids]

    def part(self, part_id: int) -> Part:
        return self.parts[self.row(part_id)]

    def next_part_id(self) -> int:
        return max(self.part_ids, default=-1) + 1

    def with_latents(self, extrinsics: FloatArray, intrinsics: FloatArray, parts: Sequence[Part]) -> Shape:
        """Copy with other latents and parts; id, name, place and checkpoint stay."""
        return replace(self, extrinsics=extrinsics, intrinsics=intrinsics, parts=tuple(parts))

    def with_part(self, part_id: int, **changes: object) -> Shape:
        """Copy in which one part's record (not its numbers) is changed."""
        row = self.row(part_id)
        parts = list(self.parts)
        parts[row] = replace(parts[row], **changes)  # type: ignore[arg-type]
        return replace(self, parts=tuple(parts))

    def subset(self, part_ids: Iterable[int]) -> Shape:
        """Copy that keeps only the given parts, in this shape's own order."""
        wanted = set(part_ids)
        rows = [index for index, part in enumerate(self.parts) if part.id in wanted]
        return self.with_latents(
            self.extrinsics[rows], self.intrinsics[rows], [self.parts[row] for row in rows]
        )
