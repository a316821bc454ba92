"""A shape as a block of filled cells: what geometric checks look at, whoever made the shape."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import ConvexHull, QhullError

from core.scene.shape import Mesh

BoolArray = NDArray[np.bool_]
DoubleArray = NDArray[np.float64]

CELLS = 128
"""Cells per side of the domain; a cell is 1/64, a third of the thinnest corpus part."""

NEAR_FLOOR = 0.06
"""What comes as near to the lowest point as this stands on the floor; feet are not all of one length."""

TOUCHING = np.ones((3, 3), bool)
"""Cells of a slice that share a corner belong together."""

_SHIFT = np.array([1.37e-5, 0.73e-5])
"""Columns are moved off cell centres by this much, so that they never run along an edge of the mesh."""


@dataclass(frozen=True)
class Stance:
    """What it takes to stand.

    Attributes
    ----------
    cuts : heights, as shares of that of the centre of mass, below which nothing may hang free.
    lopsided : how far the middle of the footprint may be from the centre of mass sideways, and
    margin : how far within the footprint that must be; shares of the footprint's width and of its
        smaller extent.
    """

    cuts: tuple[float, ...] = (0.2, 0.4, 0.6, 0.75)
    lopsided: float = 0.08
    margin: float = 0.0


CHAIR_STANCE = Stance()
TABLE_STANCE = Stance(cuts=(0.2, 0.35, 0.5), lopsided=1.0, margin=0.13)
"""Drawers of a table may hang low, and a desk may have its only cabinet at one side."""
STANCES = {"chair": CHAIR_STANCE, "table": TABLE_STANCE}
"""What it takes to stand, by category; what is not listed need not stand."""


@dataclass(frozen=True, eq=False)
class Solid:
    """Cells of [-1, 1]^3 whose centres are inside: bool [N, N, N], axes x, y (up), z (front)."""

    inside: BoolArray

    @property
    def cell(self) -> float:
        """Side of a cell in domain units."""
        return 2.0 / len(self.inside)

    @property
    def centres(self) -> DoubleArray:
        """Coordinates [N] of cell centres along any axis."""
        steps = np.arange(len(self.inside), dtype=np.float64)
        return np.asarray((steps + 0.5) * self.cell - 1.0, np.float64)

    def layers(self) -> tuple[int, int]:
        """Lowest and highest layer that is not empty; (0, -1) of an empty solid."""
        filled = np.flatnonzero(self.inside.any(axis=(0, 2)))
        return (int(filled[0]), int(filled[-1])) if len(filled) else (0, -1)


def voxelised(mesh: Mesh, cells: int = CELLS) -> Solid:
    """Cells inside a closed mesh: vertical lines through all columns cross the surface, parity says inside.

    Exact for cell centres of any closed mesh, however coarse; a hole in the mesh would fill or empty the
    column above it.
    """
    size = 2.0 / cells
    corners = mesh.vertices.astype(np.float64)[mesh.faces]
    flat = (corners[..., [0, 2]] + 1.0 - _SHIFT) / size - 0.5  # [F, 3, 2], in columns
    first = np.maximum(np.ceil(flat.min(1)), 0).astype(np.int64)
    last = np.minimum(np.floor(flat.max(1)), cells - 1).astype(np.int64)
    spans = np.maximum(last - first + 1, 0)
    counts = spans[:, 0] * spans[:, 1]
    face = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(face)) - np.repeat(np.cumsum(counts) - counts, counts)
    columns = first[face] + np.stack(np.divmod(within, np.maximum(spans[face, 1], 1)), axis=1)
    a, b, c = (flat[face, corner] - columns for corner in range(3))
    weights = np.stack([_cross(b, c), _cross(c, a), _cross(a, b)], axis=1)  # barycentric times twice the area
    hit = (weights > 0).all(1) | (weights < 0).all(1)
    face, columns, weights = face[hit], columns[hit], weights[hit]
    heights = (weights * corners[face, :, 1]).sum(1) / weights.sum(1)
    first_above = np.clip(np.ceil((heights + 1.0) / size - 0.5), 0, cells).astype(np.int64)
    flips = np.bincount(
        (columns[:, 0] * (cells + 1) + first_above) * cells + columns[:, 1],
        minlength=cells * (cells + 1) * cells,
    ).reshape(cells, cells + 1, cells)
    return Solid((np.cumsum(flips, axis=1)[:, :cells] & 1).astype(bool))


def _cross(a: DoubleArray, b: DoubleArray) -> DoubleArray:
    return a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]


def shadow(mask: BoolArray, axis: int) -> BoolArray:
    """Where anything is filled, looking along an axis."""
    return np.asarray(mask.any(axis=axis), bool)


def pieces(layer: BoolArray, least: int = 3) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Connected pieces of a slice that have at least `least` cells, as index pairs."""
    labels, count = ndimage.label(layer, TOUCHING)
    found = [np.nonzero(labels == label) for label in range(1, count + 1)]
    return [(rows, columns) for rows, columns in found if len(rows) >= least]


def stands(solid: Solid, stance: Stance = Stance()) -> bool:
    """Whether a shape stands on its floor: whatever goes down gets there, and it does not tip over.

    The floor is the lowest layer. (1) The body is cut at several heights between the floor and the centre of
    mass; of what lies below a cut, every piece that reaches the cut must come within 0.06 of the floor, so no
    leg ends in the air. (2) The centre of mass lies over the convex hull of what touches the floor. (3) The
    middle of that hull is below the centre of mass seen from the front: with a leg missing at a corner, it is
    not.
    """
    low, high = solid.layers()
    if high <= low:
        return False
    inside, cell = solid.inside, solid.cell
    mass = np.array(ndimage.center_of_mass(inside))
    near = 1 + round(NEAR_FLOOR / cell)
    for share in stance.cuts:
        cut = low + max(near, round(share * (mass[1] - low)))
        labels, _ = ndimage.label(inside[:, low : cut + 1, :], np.ones((3, 3, 3)))
        down = set(np.unique(labels[:, -1, :])) - {0}
        if not down or not down <= set(np.unique(labels[:, :near, :])):
            return False
    contact = np.argwhere(inside[:, low : low + 1 + round(0.03 / cell), :].any(axis=1)) * cell
    return balanced(contact, mass[[0, 2]] * cell, stance)


def balanced(contact: NDArray[np.floating], centre: NDArray[np.floating], stance: Stance = Stance()) -> bool:
    """Whether a centre of mass (x, z) is well supported by what touches the floor, [N, 2]."""
    width = float(np.ptp(contact[:, 0])) if len(contact) else 0.0
    if width == 0 or np.ptp(contact[:, 1]) == 0:
        return False
    try:
        hull = ConvexHull(contact)
    except QhullError:  # all on one line
        return False
    outside = (hull.equations[:, :2] @ centre + hull.equations[:, 2]).max()
    corners = contact[hull.vertices]
    after = np.roll(corners, -1, axis=0)
    doubled = _cross(corners, after)  # signed areas of triangles with the origin
    middle = ((corners + after)[:, 0] * doubled).sum() / (3 * doubled.sum())
    within = outside <= -stance.margin * min(width, float(np.ptp(contact[:, 1])))
    return bool(within and abs(middle - centre[0]) <= stance.lopsided * width)
