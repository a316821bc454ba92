"""What a table's solid shows of its top and of the boards below it. Lengths are domain units, y is up.

Nothing here knows part names: everything is read off filled cells. Layers are indices of cells along y.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.meshing.solid import BoolArray, Solid, pieces

LEVEL_BAND = 0.1
"""The top is looked for within this distance from the highest cell."""

ROUND_EDGE = 0.07
"""Columns that end this much below the top still belong to it: its edges are rounded."""

RIM = (2, 5)
"""Cells from the outline between which the thickness of the top is taken: few are over legs."""

MERGED, NOMINAL = 0.6, 0.06
"""A top thicker than this share of the height is one with a block; how thick it is taken to be then."""

BOARD_COVERAGE = 0.33
"""Share of the top's outline that a shelf covers at least."""

THICKEST_BOARD = 0.2

DIRECTIONS = 720


class Top:
    """The level surface on top of everything.

    Attributes
    ----------
    floor, layer : int
        Lowest layer of the shape, highest layer of the top.
    footprint : bool [x, z]
        Columns that end in the top.
    """

    def __init__(self, solid: Solid) -> None:
        self.solid = solid
        inside, cell = solid.inside, solid.cell
        self.floor, highest = solid.layers()
        heights = len(inside) - 1 - inside[:, ::-1].argmax(axis=1)
        ends = np.where(inside.any(axis=1), heights, -1)
        lowest = max(highest - round(LEVEL_BAND / cell), 0)
        counts = np.bincount(ends[ends >= lowest], minlength=highest + 1)
        self.layer = int(len(counts) - 1 - counts[::-1].argmax())
        self.footprint: BoolArray = ends >= self.layer - round(ROUND_EDGE / cell)

    @cached_property
    def _limits(self) -> tuple[int, int, int, int]:
        x, z = np.nonzero(self.footprint)
        return int(x.min()), int(x.max()), int(z.min()), int(z.max())

    @property
    def width(self) -> float:
        return (self._limits[1] - self._limits[0] + 1) * self.solid.cell

    @property
    def depth(self) -> float:
        return (self._limits[3] - self._limits[2] + 1) * self.solid.cell

    @property
    def half_width(self) -> float:
        return 0.5 * self.width

    @property
    def centre_z(self) -> float:
        return float(self.solid.centres[[self._limits[2], self._limits[3]]].mean())

    @property
    def height(self) -> float:
        """From the floor to the upper side."""
        return (self.layer - self.floor + 1) * self.solid.cell

    @property
    def aspect(self) -> float:
        """Width over depth."""
        return self.width / self.depth

    @cached_property
    def coverage(self) -> float:
        """Share of the shape's bounding rectangle, seen from above, that the top fills."""
        x, z = np.nonzero(self.solid.inside.any(axis=1))
        return float(self.footprint.sum()) / ((np.ptp(x) + 1) * (np.ptp(z) + 1))

    @cached_property
    def _thickness(self) -> int:
        """Cells from the upper side down: near the outline or further inside, where fewer are filled.

        Legs and aprons stand below the one, boxes below the other. Where a block fills everything the top
        cannot be told from it, and `NOMINAL` stands for it.
        """
        outline = np.pad(self.outline, 1)
        depth = ndimage.distance_transform_cdt(outline, "chessboard")[1:-1, 1:-1]
        near = self._run(self.footprint & (depth > RIM[0]) & (depth <= RIM[1]))
        cells = min(near, self._run(self.footprint & (depth > 2 * RIM[1])))
        merged = cells > MERGED * (self.layer - self.floor + 1)
        return round(NOMINAL / self.solid.cell) if merged else cells

    def _run(self, mask: BoolArray) -> int:
        """Filled cells downwards from the top in columns [x, z]: exceeded by seven in ten."""
        columns = self.solid.inside.transpose(0, 2, 1)[mask][:, self.layer :: -1]
        if not len(columns):
            return self.layer + 1
        first = columns.argmax(axis=1)  # edges are rounded
        empty = ~columns & (np.arange(columns.shape[1]) > first[:, None])
        runs = np.where(empty.any(axis=1), empty.argmax(axis=1), columns.shape[1])
        return max(1, round(float(np.percentile(runs, 30))))

    @property
    def thickness(self) -> float:
        return self._thickness * self.solid.cell

    @property
    def underside(self) -> int:
        """Highest empty layer below the top, near its outline."""
        return max(self.layer - self._thickness, self.floor)

    @cached_property
    def outline(self) -> BoolArray:
        """The top seen from above [x, z], gaps between planks filled."""
        plan = self.footprint
        first = np.maximum.accumulate(plan, axis=1)
        last = np.maximum.accumulate(plan[:, ::-1], axis=1)[:, ::-1]
        return np.asarray(first & last, bool)

    @cached_property
    def corner(self) -> float:
        """Radius of round corners that would leave as much of the bounding rectangle, over half the depth.

        0: right angles; 1: a disc, or semicircles at the ends.
        """
        missing = self.width * self.depth - float(self.outline.sum()) * self.solid.cell**2
        radius = np.sqrt(max(missing, 0.0) / (4.0 - np.pi))
        return float(radius / (0.5 * min(self.width, self.depth)))

    @cached_property
    def harmonics(self) -> NDArray[np.float64]:
        """How much the distance of the outline from its middle varies n times around [n], over its mean."""
        x, z = np.nonzero(self.outline)
        turn = np.arange(DIRECTIONS) * (2 * np.pi / DIRECTIONS)
        x, z = x - 0.5 * (x.min() + x.max()), z - 0.5 * (z.min() + z.max())
        reach = np.max(np.outer(np.sin(turn), x) + np.outer(np.cos(turn), z), axis=1)  # support function
        waves = np.abs(np.fft.rfft(reach)) / len(reach)
        return np.asarray(2 * waves[:13] / max(waves[0], 1e-9), np.float64)

    @cached_property
    def planks(self) -> int:
        """Long pieces of the slice through the middle of the top."""
        level = self.layer - self._thickness // 2
        found = pieces(self.solid.inside[:, level, :] & self.footprint, 20)
        long = [np.ptp(x) + 1 for x, _ in found]
        return sum(bool(length > 0.9 * self.width / self.solid.cell) for length in long)

    @cached_property
    def cover(self) -> NDArray[np.float64]:
        """Share of the top's outline that each layer from the floor to the underside fills."""
        below = self.solid.inside[:, self.floor : self.underside + 1, :] & self.outline[:, None]
        return np.asarray(below.sum(axis=(0, 2)) / max(int(self.outline.sum()), 1), np.float64)

    @property
    def solid_share(self) -> float:
        """How full the space under the top is, in the layer that is emptiest."""
        inner = self.cover[round(0.3 * len(self.cover)) : round(0.9 * len(self.cover)) + 1]
        return float(inner.min()) if len(inner) else 0.0

    @cached_property
    def box(self) -> float:
        """How full the layers right under the top are."""
        near = self.cover[-1 - round(0.1 / self.solid.cell) : -1 - round(0.04 / self.solid.cell)]
        return float(near.min()) if len(near) else 0.0

    @cached_property
    def shelves(self) -> tuple[float, ...]:
        """Heights, as shares of the height of the underside, of boards with room above or below them."""
        cover, found = self.cover, []
        labels, count = ndimage.label(cover > BOARD_COVERAGE)
        for label in range(1, count + 1):
            layers = np.flatnonzero(labels == label)
            low, high = int(layers[0]), int(layers[-1])
            full = int(layers[cover[layers].argmax()])
            below = float(cover[max(low - 3, 0) : low].min()) if low >= 2 else 1.0
            above = float(cover[high + 1 :].min()) if high + 3 < len(cover) else 1.0
            thin = len(layers) * self.solid.cell < THICKEST_BOARD
            if thin and max(below, above) < 0.7 * cover[full] and self._middle_cover(full) > 0.7:
                found.append(low / len(cover))
        return tuple(found)

    def _middle_cover(self, index: int) -> float:
        """How full a layer is in the middle half of width and depth."""
        x, last_x, z, last_z = self._limits
        inset_x, inset_z = (last_x - x) // 4, (last_z - z) // 4
        layer = self.solid.inside[:, self.floor + index, :]
        return float(layer[x + inset_x : last_x - inset_x + 1, z + inset_z : last_z - inset_z + 1].mean())

    @cached_property
    def ringed(self) -> float:
        """Share of the outline enclosed by what is right under the top, without being filled."""
        shares = []
        for drop in (0.03, 0.05):
            layer = max(self.underside - round(drop / self.solid.cell), self.floor)
            slice_ = self.solid.inside[:, layer, :]
            held = ndimage.binary_fill_holes(slice_) & ~slice_ & self.outline
            shares.append(float(held.sum()) / max(int(self.outline.sum()), 1))
        return max(shares)
