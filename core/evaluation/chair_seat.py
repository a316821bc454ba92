"""What a chair's solid shows of its seat. Lengths are domain units, y is up.

Nothing here knows part names: everything is read off filled cells. Layers are indices of cells along y.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.meshing.solid import BoolArray, Solid

SEAT_WINDOW = (0.15, -0.2, 0.3)
"""Where a seat must lie, seen from above: |x| below the first, z between the others."""


class Seat:
    """The level a person sits on: the most common top of the columns in the middle of the shape.

    Attributes
    ----------
    layer : int
        Highest layer of the seat (cushions included).
    coverage : float
        Share of the window's columns that end at this level.
    """

    def __init__(self, solid: Solid) -> None:
        self.solid = solid
        inside, centres = solid.inside, solid.centres
        self.floor, self.top = solid.layers()
        tops = len(inside) - 1 - inside[:, ::-1].argmax(axis=1)
        self.tops: NDArray[np.int64] = np.where(inside.any(axis=1), tops, -1)
        across, rear, front = SEAT_WINDOW
        window = (np.abs(centres) < across)[:, None] & ((centres > rear) & (centres < front))[None]
        heights = self.tops[window]
        counts = np.bincount(heights[heights >= 0], minlength=len(inside) + 2)
        near = counts + np.roll(counts, 1) + np.roll(counts, -1)
        self.layer = int(np.flatnonzero(near == near.max())[counts[near == near.max()].argmax()])
        self.coverage = float(near[self.layer]) / int(window.sum())

    @cached_property
    def footprint(self) -> BoolArray:
        """Columns [x, z] whose top is the seat."""
        return (self.tops >= 0) & (np.abs(self.tops - self.layer) <= round(0.045 / self.solid.cell))

    @cached_property
    def _bottoms(self) -> NDArray[np.int64]:
        """Highest empty layer below the seat in every column of the footprint [K]."""
        x, z = np.nonzero(self.footprint)
        columns = self.solid.inside[x, :, z]
        layers = np.arange(columns.shape[1])
        empty = ~columns & (layers < self.tops[x, z][:, None])
        return np.where(empty, layers, -1).max(axis=1)

    @cached_property
    def underside(self) -> int:
        """Highest empty layer below the seat; half of the columns reach further down."""
        return int(np.median(self._bottoms)) if len(self._bottoms) else self.floor

    @property
    def thickness(self) -> float:
        """Cushion and seat together."""
        return (self.layer - self.underside) * self.solid.cell

    @property
    def height(self) -> float:
        """From the floor to the top of the seat."""
        return (self.layer - self.floor + 1) * self.solid.cell

    @cached_property
    def solid_share(self) -> float:
        """Share of the seat's columns that are filled (nearly) down to the floor."""
        limit = self.floor + 0.35 * (self.layer - self.floor)
        return float((self._bottoms <= limit).mean()) if len(self._bottoms) else 0.0

    @cached_property
    def extents(self) -> tuple[float, float, float, float]:
        """Lowest and highest x, lowest and highest z of the footprint (all 0 if there is none)."""
        x, z = np.nonzero(self.footprint)
        if not len(x):
            return (0.0, 0.0, 0.0, 0.0)
        centres = self.solid.centres
        return (centres[x.min()], centres[x.max()], centres[z.min()], centres[z.max()])

    @property
    def half_width(self) -> float:
        return 0.5 * (self.extents[1] - self.extents[0]) + 0.5 * self.solid.cell

    @property
    def centre_z(self) -> float:
        return 0.5 * (self.extents[2] + self.extents[3])

    @cached_property
    def outline(self) -> tuple[float, float]:
        """Of a slice through the seat's lower half: share of its bounding rectangle, width over depth."""
        level = self.layer - round(0.75 * (self.layer - self.underside - 1))
        x, z = np.nonzero(self.solid.inside[:, level, :])
        if not len(x):
            return (0.0, 1.0)
        wide, deep = int(np.ptp(x)) + 1, int(np.ptp(z)) + 1
        return (len(x) / (wide * deep), wide / deep)
