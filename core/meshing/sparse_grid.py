"""Field samples on a grid that is only evaluated where the surface can be."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.meshing.marching_cubes import CORNERS, corner_steps
from core.scene.shape import FloatArray

Reach = Callable[[FloatArray], NDArray[np.bool_]]
"""Whether something may be near each of the points [N, 3]."""
Cells = NDArray[np.int64]
"""Cells as flat indices of their low corners: (x * (n + 1) + y) * (n + 1) + z."""

OUTSIDE = np.float32(-1e-6)
"""Value of every corner on the border of the domain, so that each surface is closed."""

SLACK = 0.35
"""A cell without a sign change is kept if it is nearer to one than this share of the local variation.

A bar 0.05 thick between the corners of a 32^3 grid, the worst case, needs 0.22 when the field is a distance.
"""
NEAR = 0.1
"""... or if its logit is smaller than this share of the typical one."""
UNRESOLVED = 0.25
"""On finer grids a cell may hide a thin part below this share of the logit's change across a crossed cell."""
PREDICTION_MARGIN = 0.1
"""Share of a cell's variation by which interpolation may be wrong about a child without losing it."""


class SparseGrid:
    """Values of a field at corners of a grid of n^3 cells over [-1, 1]^3, known where evaluated.

    Parameters
    ----------
    resolution : int
        n, cells per side.
    evaluate : callable
        Points float32 [N, 3] -> finite logits float32 [N]; may raise to stop.

    Attributes
    ----------
    values : float32 [(n + 1)^3]
        NaN where unknown.
    sampled : bool [(n + 1)^3]
        By low corner: cells all of whose corners are known.
    """

    def __init__(self, resolution: int, evaluate: Callable[[FloatArray], FloatArray]) -> None:
        self.resolution = resolution
        self.side = resolution + 1
        self.steps = corner_steps(resolution)
        self._evaluate = evaluate
        self.values = np.full(self.side**3, np.nan, np.float32)
        self.sampled = np.zeros(self.side**3, bool)
        self._close_border()

    def _close_border(self) -> None:
        cube = self.values.reshape((self.side,) * 3)
        for axis in range(3):
            for end in (0, -1):
                np.moveaxis(cube, axis, 0)[end] = OUTSIDE

    def index(self, positions: NDArray[np.int64]) -> Cells:
        """Flat indices of corner or cell positions [..., 3]."""
        return positions @ np.array([self.side**2, self.side, 1], np.int64)

    def position(self, cells: Cells) -> NDArray[np.int64]:
        """Positions [M, 3] of flat indices [M]."""
        return np.stack(np.unravel_index(cells, (self.side,) * 3), axis=1).astype(np.int64)

    def corner_values(self, cells: Cells) -> FloatArray:
        """Logits [M, 8] at the cells' corners."""
        return self.values[cells[:, None] + self.steps]

    def all_cells(self) -> Cells:
        """Every cell of the grid [n^3]."""
        return self.index(np.argwhere(np.ones((self.resolution,) * 3, bool)))

    def cells_within(self, reach: Reach) -> Cells:
        """Cells whose centres are within reach of something."""
        cells = self.all_cells()
        centres = (self.position(cells) + 0.5) * (2.0 / self.resolution) - 1.0
        return cells[reach(centres.astype(np.float32))]

    def cells_at(self, points: FloatArray) -> Cells:
        """Cells that contain the given points [G, 3], each once; points outside the domain are left out."""
        inside = points[(np.abs(points) <= 1.0).all(axis=1)].astype(np.float64)
        place = ((inside + 1.0) * (0.5 * self.resolution)).astype(np.int64)
        return np.unique(self.index(np.clip(place, 0, self.resolution - 1)))

    def around(self, cells: Cells) -> NDArray[np.bool_]:
        """Mask [(n + 1)^3] of the given cells and their 26 neighbours."""
        mask = np.zeros(self.side**3, bool)
        position = self.position(cells)
        for step in np.ndindex(3, 3, 3):
            neighbour = np.clip(position + np.array(step) - 1, 0, self.resolution - 1)
            mask[self.index(neighbour)] = True
        return mask

    def sample(self, cells: Cells) -> Cells:
        """Evaluate the unknown corners of cells (unique), then follow the surface out of them.

        As long as the surface leaves the sampled cells through a face, the cell behind that face is sampled
        too. So a surface that was found anywhere is followed to its end, and none is ever cut open.

        Returns
        -------
        int64 [M]
            The cells sampled, the given ones first.
        """
        self.sampled[cells] = True
        everything = [cells]
        while len(cells):
            self._evaluate_corners(cells)
            inside = self.corner_values(cells) > 0
            beyond = []
            for axis, stride in enumerate((self.side**2, self.side, 1)):
                for end, step in ((0, -stride), (1, stride)):
                    face = inside[:, CORNERS[:, axis] == end]
                    # Border corners are outside, so no crossed face has the end of the grid behind it.
                    behind = cells[face.any(axis=1) & ~face.all(axis=1)] + step
                    behind = behind[~self.sampled[behind]]
                    self.sampled[behind] = True
                    beyond.append(behind)
            cells = np.concatenate(beyond)
            everything.append(cells)
        return np.concatenate(everything)

    def _evaluate_corners(self, cells: Cells) -> None:
        unknown = []
        for step in self.steps:
            unknown.append(self._unknown(cells + step))
        self._evaluate_at(np.concatenate(unknown))

    def _unknown(self, corners: NDArray[np.int64]) -> NDArray[np.int64]:
        """Corners (unique) that have no value; they get one here, so that no later call lists them again."""
        corners = corners[np.isnan(self.values[corners])]
        self.values[corners] = 0.0
        return corners

    def _evaluate_at(self, corners: NDArray[np.int64]) -> None:
        if len(corners):
            points = self.position(corners) * (2.0 / self.resolution) - 1.0
            self.values[corners] = self._evaluate(points.astype(np.float32))

    def crossed(self, cells: Cells) -> Cells:
        """Those of the (sampled) cells that the surface passes through."""
        inside = self.corner_values(cells) > 0
        return cells[inside.any(axis=1) & ~inside.all(axis=1)]

    def finer(self) -> SparseGrid:
        """The grid of twice the resolution, with every value known here filled in."""
        fine = SparseGrid(2 * self.resolution, self._evaluate)
        cube = fine.values.reshape((fine.side,) * 3)
        cube[::2, ::2, ::2] = self.values.reshape((self.side,) * 3)
        fine._close_border()
        return fine

    def children(self, cells: Cells, fine: SparseGrid) -> NDArray[np.int64]:
        """The eight cells [M, 8] of `fine` that each cell is divided into."""
        return fine.index((2 * self.position(cells))[:, None, :] + CORNERS)

    def probe(self, cells: Cells, fine: SparseGrid) -> Cells:
        """Look for something thin in uncrossed cells by sampling the middles of their faces only.

        That is three samples per cell instead of seven for all of `fine`, yet each line of the fine grid
        carries some, so a bar along an axis is met as surely.

        Returns
        -------
        int64 [K]
            Cells of `fine` around every sample whose sign differs from its cell's; unique.
        """
        low = 2 * self.position(cells)
        inside = self.values[cells] > 0
        middles = [np.delete(np.array([1, 1, 1]), axis) for axis in range(3)]
        unknown, found = [], []
        offsets = [np.insert(m, axis, end) for axis, m in enumerate(middles) for end in (0, 2)]
        for offset in offsets:
            unknown.append(fine._unknown(fine.index(low + offset)))
        fine._evaluate_at(np.concatenate(unknown))
        for offset in offsets:
            # Cells at the border have outside corners, as it has, so nothing is ever met on it.
            met = (low + offset)[(fine.values[fine.index(low + offset)] > 0) != inside]
            found.append(fine.index(met[:, None, :] - CORNERS).ravel())
        return np.unique(np.concatenate(found))

    def crossed_children(self, cells: Cells, fine: SparseGrid) -> Cells:
        """Children through which the surface should pass, judged by trilinear interpolation."""
        corners = self.corner_values(cells)
        block = corners.reshape(-1, 2, 2, 2)
        for axis in (1, 2, 3):
            first, last = np.split(block, 2, axis=axis)
            block = np.concatenate([first, (first + last) / 2, last], axis=axis)
        low, high = _cell_range(block)
        margin = PREDICTION_MARGIN * np.ptp(corners, axis=1)[:, None]
        keep = (low.reshape(-1, 8) <= margin) & (high.reshape(-1, 8) > -margin)
        return self.children(cells, fine)[keep]

    def near_misses(self, guide: FloatArray | None) -> tuple[Cells, Cells]:
        """Uncrossed cells of a sampled grid in which a finer one may yet find the surface.

        Where it was not sampled it counts as being as far outside as it mostly is.

        Parameters
        ----------
        guide : float32 [G, 3] or None
            Points where something thin may be.

        Returns
        -------
        likely, possible : int64
            Cells that hold guide points; and cells the surface comes near to, or next to a guide point.
            Cells next to a guide point that are wholly inside hold nothing thin and are left out.
        """
        cube = self.values.reshape((self.side,) * 3)
        unknown = np.isnan(cube)
        if unknown.any():
            measured = cube[cube < OUTSIDE]
            cube = np.where(unknown, np.median(measured) if len(measured) else OUTSIDE, cube)
        core = cube[1:-1, 1:-1, 1:-1]
        low, high = _cell_range(cube)
        crossed, outside = (low <= 0) & (high > 0), low <= 0
        # The border is closed, not measured: for judging distances continue the field instead.
        low, high = _cell_range(np.pad(core, 1, mode="edge"))
        spread = ndimage.maximum_filter(high, 3) - ndimage.minimum_filter(low, 3)
        distance = np.maximum(np.maximum(low, -high), 0.0)
        typical = float(np.median(np.abs(core)))
        possible = distance <= np.maximum(SLACK * spread, NEAR * typical)
        likely = np.zeros_like(possible)
        if guide is not None and len(guide):
            likely[tuple(self.position(self.cells_at(guide)).T)] = True
            possible |= ndimage.maximum_filter(likely, 3) & outside
            likely &= outside & ~crossed
        possible &= ~crossed & ~likely
        return self.index(np.argwhere(likely)), self.index(np.argwhere(possible))

    def unresolved(self, cells: Cells, crossed: Cells, guide: FloatArray | None) -> Cells:
        """Sampled cells away from any surface found so far that may still hide something thin."""
        free = cells[~self.around(crossed)[cells]]
        values = self.corner_values(free)
        change = np.median(np.ptp(self.corner_values(crossed), axis=1)) if len(crossed) else 0.0
        keep = np.abs(values).min(axis=1) <= UNRESOLVED * change
        if guide is not None and len(guide):
            keep |= np.isin(free, self.cells_at(guide)) & (values.min(axis=1) <= 0)
        return free[keep]


def _cell_range(corners: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Smallest and largest corner value of cells [..., n, n, n]; corners are [..., n + 1, n + 1, n + 1]."""
    low = high = corners
    for axis in (-3, -2, -1):
        first = np.arange(corners.shape[axis] - 1)
        low = np.minimum(low.take(first, axis), low.take(first + 1, axis))
        high = np.maximum(high.take(first, axis), high.take(first + 1, axis))
    return low, high
