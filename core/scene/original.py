"""The mesh file a shape was brought in from, and how it was placed: what leads back to its frame.

The file itself stays where it is; a shape remembers its name and checksum, the placement, and what its parts
were like when they were made from it, so that parts nobody has edited since can be told from the others.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.scene.shape import EXTRINSICS_WIDTH, FloatArray, Shape, frozen_array

DIRECTIONS = ("+x", "-x", "+y", "-y", "+z", "-z")
HALF_EXTENT = 0.9
"""Largest half extent of a shape in its frame, as in the corpus."""
MAX_COORDINATE = 1e9

_DIGEST = re.compile(r"[0-9a-f]{64}")


def direction(name: str) -> NDArray[np.float64]:
    """Unit vector [3] of a direction such as ``"-z"``."""
    vector = np.zeros(3)
    vector["xyz".index(name[1])] = 1.0 if name[0] == "+" else -1.0
    return vector


@dataclass(frozen=True)
class Placement:
    """How a file's frame stands in the shape's frame: ``p = scale * rotation @ (q - centre)``.

    Attributes
    ----------
    up, front : str
        Directions of the file (`DIRECTIONS`) that point up and to the front of the shape.
    centre : three floats
        Point of the file that comes to lie in the origin.
    scale : float
        Domain units per unit of the file.
    """

    up: str = "+y"
    front: str = "+z"
    centre: tuple[float, float, float] = (0.0, 0.0, 0.0)
    scale: float = 1.0

    def __post_init__(self) -> None:
        if self.up not in DIRECTIONS or self.front not in DIRECTIONS or self.up[1] == self.front[1]:
            raise ValueError(f"up {self.up!r} and front {self.front!r} are not two different axes")
        numbers = (*self.centre, self.scale)
        if len(numbers) != 4 or not all(abs(value) <= MAX_COORDINATE for value in numbers):
            raise ValueError("centre and scale of a placement are out of range")
        if not self.scale >= 1.0 / MAX_COORDINATE:
            raise ValueError("the scale of a placement must be positive")

    @classmethod
    def fitting(cls, low: ArrayLike, high: ArrayLike, up: str = "+y", front: str = "+z") -> Placement:
        """The placement that centres a box (corners [3], file frame) and fits it into the domain.

        Raises
        ------
        ValueError
            If the box has no size, or the directions do not fit together.
        """
        least, most = np.asarray(low, np.float64), np.asarray(high, np.float64)
        half = float((most - least).max()) / 2
        if not half > 0:
            raise ValueError("it has no size")
        x, y, z = ((least + most) / 2).tolist()
        return cls(up, front, (x, y, z), HALF_EXTENT / half)

    @property
    def rotation(self) -> NDArray[np.float64]:
        """Rotation [3, 3] from the file's frame: rows are the shape's right, up and front in the file."""
        up, front = direction(self.up), direction(self.front)
        return np.stack([np.cross(up, front), up, front])

    def to_shape(self, points: ArrayLike) -> NDArray[np.float64]:
        """Points [N, 3] of the file in the shape's frame."""
        moved = np.asarray(points, np.float64) - np.asarray(self.centre)
        result: NDArray[np.float64] = self.scale * (moved @ self.rotation.T)
        return result

    def to_file(self, points: ArrayLike) -> NDArray[np.float64]:
        """Points [N, 3] of the shape's frame where they were in the file."""
        turned = np.asarray(points, np.float64) @ self.rotation
        result: NDArray[np.float64] = turned / self.scale + np.asarray(self.centre)
        return result


@dataclass(frozen=True, eq=False)
class Original:
    """Where a shape came from.

    Attributes
    ----------
    path : str
        The file, as it was named when it was read.
    digest : str
        SHA-256 of its bytes, in hex.
    placement : Placement
    unit : float
        Metres per unit of the file; 0 if nobody knows.
    part_ids : tuple of int
        Parts that were made from the file.
    extrinsics : float32 [P, 16]
        Their Gaussians at that time.
    intrinsics : tuple of str
        Checksums (`row_digest`) of their latents at that time.
    """

    path: str
    digest: str
    placement: Placement = Placement()
    unit: float = 0.0
    part_ids: tuple[int, ...] = ()
    extrinsics: FloatArray = field(
        default_factory=lambda: np.zeros((0, EXTRINSICS_WIDTH), np.float32), repr=False
    )
    intrinsics: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "extrinsics", frozen_array(self.extrinsics, np.float32))
        count = len(self.part_ids)
        if self.extrinsics.shape != (count, EXTRINSICS_WIDTH) or len(self.intrinsics) != count:
            raise ValueError(f"the parts of the original do not fit its {count} part ids")
        if not np.isfinite(self.extrinsics).all():
            raise ValueError("the Gaussians of the original must be finite")
        if not _DIGEST.fullmatch(self.digest):
            raise ValueError("the checksum of the original is no SHA-256")
        if not 0.0 <= self.unit <= MAX_COORDINATE:
            raise ValueError("the unit of the original is out of range")

    def remembering(self, shape: Shape) -> Original:
        """The same file with the present parts of `shape` as those made from it."""
        return Original(
            self.path,
            self.digest,
            self.placement,
            self.unit,
            shape.part_ids,
            shape.extrinsics,
            tuple(row_digest(row) for row in shape.intrinsics),
        )

    def unedited(self, shape: Shape) -> tuple[int, ...]:
        """Ids of the parts of `shape` that are still, to the last bit, as they were made from the file."""
        found = []
        for row, part_id in enumerate(self.part_ids):
            if part_id not in shape.part_ids:
                continue
            now = shape.row(part_id)
            same = np.array_equal(self.extrinsics[row], shape.extrinsics[now])
            if same and self.intrinsics[row] == row_digest(shape.intrinsics[now]):
                found.append(part_id)
        return tuple(found)


def row_digest(row: FloatArray) -> str:
    """Checksum of one part's latent [D]."""
    return hashlib.sha256(np.ascontiguousarray(row, np.float32).tobytes()).hexdigest()[:32]
