"""A shape as a program: a list of primitives with exact signed distance, part names and attributes.

Every primitive lives in a local frame; ``local = rotation @ (world - center)``, so the *rows* of a rotation
are the local axes in world coordinates. Local layouts (lengths in world units, angles in radians):

=========  ==================================================================================================
kind       params
=========  ==================================================================================================
PLATE      half_x, half_y, radius of the +y corners, radius of the -y corners, half_z, edge rounding
CONE       radius at -y end, radius at +y end, half distance of the two end spheres (along y)
ARC        ring radius, tube radius, half opening angle (in the xy plane, opening centred on +y)
BEND       ring radius, half thickness (radial), half opening angle, half_z, edge rounding
ELLIPSOID  three semi axes
=========  ==================================================================================================

All kinds are symmetric in local x, which is what lets a mirrored copy keep a proper rotation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

PART_NAMES: tuple[str, ...] = (
    *("seat", "back", "leg", "arm", "base", "wheel", "stretcher"),
    *("top", "shelf", "drawer", "panel"),
    *("fuselage", "wing", "tail", "engine", "propeller", "gear", "float"),
)
"""The fixed vocabulary of all families; the id of a part name is its index, so names are only ever added."""

FAMILY_PARTS: dict[str, tuple[str, ...]] = {
    "chair": PART_NAMES[:7],
    "table": ("top", "leg", "base", "wheel", "stretcher", "shelf", "drawer", "panel"),
    "airplane": ("fuselage", "wing", "tail", "engine", "propeller", "gear", "float"),
}
"""Which of them the shapes of a family have."""

PARAMETER_COUNT = 8

Attribute = str | int | float | bool
Array = NDArray[np.float32]


class Kind(IntEnum):
    """The primitive kinds, in the order in which their local layouts are documented above."""

    PLATE = 0
    CONE = 1
    ARC = 2
    BEND = 3
    ELLIPSOID = 4


ANGLE_PARAMETER: dict[Kind, int] = {Kind.ARC: 2, Kind.BEND: 2}
"""The one parameter of a kind that is an angle and therefore does not scale."""


@dataclass(frozen=True, eq=False)
class Program:
    """One procedural shape.

    Attributes
    ----------
    kinds : int8 [K], values of `Kind`.
    params : float32 [K, 8], local layout of each kind, zero padded.
    rotations : float32 [K, 3, 3], world -> local, proper rotations.
    centers : float32 [K, 3], world position of each local origin.
    names : part name of every primitive, each in `PART_NAMES`.
    attributes : facts about the shape, written down as it was built (what captions are made of).
    seed : the seed that built it.
    category : shape family.
    """

    kinds: NDArray[np.int8]
    params: Array
    rotations: Array
    centers: Array
    names: tuple[str, ...]
    attributes: Mapping[str, Attribute]
    seed: int
    category: str = "chair"

    def __post_init__(self) -> None:
        count = len(self.names)
        shapes = (self.kinds.shape, self.params.shape, self.rotations.shape, self.centers.shape)
        if shapes != ((count,), (count, PARAMETER_COUNT), (count, 3, 3), (count, 3)) or count == 0:
            raise ValueError(f"program arrays do not fit {count} primitives: {shapes}")
        unknown = set(self.names) - set(PART_NAMES)
        if unknown:
            raise ValueError(f"unknown part names: {sorted(unknown)}")
        for array in (self.kinds, self.params, self.rotations, self.centers):
            array.flags.writeable = False

    @property
    def name_ids(self) -> NDArray[np.uint8]:
        """Uint8 [K]: index of every primitive's name in `PART_NAMES`."""
        return np.array([PART_NAMES.index(name) for name in self.names], dtype=np.uint8)

    @property
    def thinnest(self) -> float:
        """Smallest full thickness of any primitive."""
        return min(thickness(Kind(int(kind)), row) for kind, row in zip(self.kinds, self.params, strict=True))


def thickness(kind: Kind, params: Array) -> float:
    """Full thickness [1] of one primitive across its thinnest direction; params [8]."""
    p = params.tolist()
    if kind == Kind.PLATE:
        return 2 * min(p[0], p[1], p[4])
    if kind == Kind.CONE:
        return 2 * min(p[0], p[1])
    if kind == Kind.ARC:
        return 2 * p[1]
    if kind == Kind.BEND:
        return 2 * min(p[1], p[3])
    return 2 * min(p[:3])


def support(
    kind: Kind, params: NDArray[np.floating], direction: NDArray[np.floating]
) -> NDArray[np.floating]:
    """Support function of primitives of one kind: ``max <direction, point>`` over each primitive.

    Parameters
    ----------
    params : [K, 8].
    direction : [K, M, 3], local unit vectors.

    Returns
    -------
    [K, M], measured from the local origin.
    """
    p = params[:, :, None].swapaxes(0, 1)  # eight [K, 1]
    x, y, z = np.abs(direction[..., 0]), direction[..., 1], np.abs(direction[..., 2])
    flat = np.hypot(x, y)
    if kind == Kind.PLATE:
        half_x, half_y, edge = p[0] - p[5], p[1] - p[5], p[5]
        top, bottom = np.maximum(p[2] - edge, 0), np.maximum(p[3] - edge, 0)
        high = (half_x - top) * x + (half_y - top) * y + top * flat
        low = (half_x - bottom) * x - (half_y - bottom) * y + bottom * flat
        return np.maximum(high, low) + (p[4] - edge) * z + edge
    if kind == Kind.CONE:
        return np.maximum(p[0] - p[2] * y, p[1] + p[2] * y)
    if kind == Kind.ELLIPSOID:
        return np.sqrt((p[0] * x) ** 2 + (p[1] * y) ** 2 + (p[2] * z) ** 2)
    reach = np.cos(np.maximum(np.arctan2(x, y) - p[2], 0)) * flat
    if kind == Kind.ARC:
        return p[0] * reach + p[1]
    outer, inner = p[0] + p[1] - p[4], p[0] - p[1] + p[4]
    return np.maximum(outer * reach, inner * reach) + (p[3] - p[4]) * z + p[4]


def bounds(
    kinds: NDArray[np.int8],
    params: NDArray[np.floating],
    rotations: NDArray[np.floating],
    centers: NDArray[np.floating],
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Return the exact axis-aligned box of every primitive: low [K, 3] and high [K, 3], world frame."""
    low, high = np.empty_like(centers), np.empty_like(centers)
    axes = np.swapaxes(rotations, 1, 2)  # [K, world axis, local component]
    for value in np.unique(kinds):
        rows = kinds == value
        kind = Kind(int(value))
        high[rows] = centers[rows] + support(kind, params[rows], axes[rows])
        low[rows] = centers[rows] - support(kind, params[rows], -axes[rows])
    return low, high
