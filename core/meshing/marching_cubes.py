"""Marching cubes over a list of cells, vectorised, closed and manifold by construction.

Lorensen and Cline, "Marching cubes" (1987), with tables made here instead of the published ones, so that
three things hold for every field and can be tested over all 256 cases:

* The surface's trace on a cell face depends on the four signs of that face only (on an ambiguous face the
  inside corners are joined, which keeps thin parts in one piece), so neighbouring cells always fit.
* Inside a cell the traces form closed loops, and no loop is triangulated with a diagonal that lies in a
  cell face; only such diagonals could coincide with an edge of the neighbour's triangles. Every edge of the
  result is therefore shared by exactly two triangles, and every vertex has one fan.
* A vertex *is* the grid edge it lies on, an integer, so nothing has to be merged by distance.

NumPy releases the interpreter lock inside its loops. One call of a compiled extractor would hold it for
170 ms at 128^3 and freeze the window meanwhile.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.scene.shape import FloatArray, IntArray

CORNERS = np.array([[b >> 2 & 1, b >> 1 & 1, b & 1] for b in range(8)], np.int64)
"""Offsets (x, y, z) of a cell's corners; corner b of a cell has bit 4 for x, 2 for y, 1 for z."""

EDGES = tuple((axis, low) for axis in range(3) for low in range(8) if not low & 4 >> axis)
"""A cell's 12 edges as (axis, low corner)."""

SNAP = 1e-3
"""Vertices keep this fraction of a cell away from grid corners, so that no two ever coincide."""


def _face_cycles() -> list[tuple[int, ...]]:
    """The corners of each cell face, counter-clockwise as seen from outside the cell."""
    cycles: list[tuple[int, ...]] = []
    for axis in range(3):
        bit, u, v = 4 >> axis, 4 >> (axis + 1) % 3, 4 >> (axis + 2) % 3
        cycles.append((bit, bit | u, bit | u | v, bit | v))
        cycles.append((0, v, u | v, u))
    return cycles


def _edge(a: int, b: int) -> int:
    """Index of the cell edge between two neighbouring corners."""
    return EDGES.index(((4, 2, 1).index(a ^ b), min(a, b)))


@cache
def _edge_faces() -> list[frozenset[int]]:
    """For each cell edge, the two cell faces it lies in."""
    faces: list[set[int]] = [set() for _ in EDGES]
    for index, cycle in enumerate(_face_cycles()):
        for a, b in pairwise((*cycle, cycle[0])):
            faces[_edge(a, b)].add(index)
    return [frozenset(both) for both in faces]


def _loops(case: int) -> list[list[int]]:
    """Closed loops of cell edges that the surface crosses, for the case whose inside corners are its bits."""
    follows: dict[int, int] = {}
    for cycle in _face_cycles():
        inside = [bool(case >> corner & 1) for corner in cycle]
        for i in range(4):
            if inside[i] and not inside[(i + 1) % 4]:
                j = (i + 1) % 4
                # Walk around the outside corners only: this joins inside corners on ambiguous faces.
                while not inside[(j + 1) % 4]:
                    j = (j + 1) % 4
                leave = _edge(cycle[i], cycle[(i + 1) % 4])
                follows[leave] = _edge(cycle[j], cycle[(j + 1) % 4])
    loops = []
    while follows:
        start, at = follows.popitem()
        loop = [start]
        while at != start:
            loop.append(at)
            at = follows.pop(at)
        loops.append(loop)
    return loops


def _triangulate(loop: list[int]) -> list[tuple[int, int, int]]:
    """Triangles of a loop with the shortest diagonals, none of them in a cell face."""
    faces = _edge_faces()
    middles = np.array([CORNERS[low] + 0.5 * np.eye(3)[axis] for axis, low in EDGES])

    @cache
    def best(i: int, j: int) -> tuple[float, tuple[tuple[int, int, int], ...]]:
        if j - i < 2:
            return 0.0, ()
        found: tuple[float, tuple[tuple[int, int, int], ...]] = (np.inf, ())
        for k in range(i + 1, j):
            cost = 0.0
            for a, b in ((i, k), (k, j)):
                if b - a > 1:
                    shared = faces[loop[a]] & faces[loop[b]]
                    length = float(np.sum((middles[loop[a]] - middles[loop[b]]) ** 2))
                    cost += np.inf if shared else length
            left, right = best(i, k), best(k, j)
            total = cost + left[0] + right[0]
            if total < found[0]:
                found = total, (*left[1], *right[1], (loop[i], loop[j], loop[k]))
        return found

    cost, triangles = best(0, len(loop) - 1)
    if not np.isfinite(cost):
        raise ValueError(f"the loop {loop} has no triangulation free of face diagonals")
    return list(triangles)


@cache
def triangle_table() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number of triangles [256] and their cell edges [256, most, 3] (unused ones 0) for every case."""
    lists = [[tri for loop in _loops(case) for tri in _triangulate(loop)] for case in range(256)]
    counts = np.array([len(triangles) for triangles in lists], np.int64)
    table = np.zeros((256, int(counts.max()), 3), np.int64)
    for case, triangles in enumerate(lists):
        if triangles:
            table[case, : len(triangles)] = triangles
    return counts, table


def corner_steps(resolution: int) -> NDArray[np.int64]:
    """What to add to a cell's flat index for its 8 corners (see `march` for the indexing)."""
    side = resolution + 1
    return CORNERS @ np.array([side * side, side, 1], np.int64)


def march(
    values: FloatArray, cells: NDArray[np.int64], resolution: int
) -> tuple[FloatArray, IntArray, NDArray[np.int64]]:
    """Surface where the field changes sign, inside the given cells.

    Parameters
    ----------
    values : float32 [(resolution + 1)^3]
        Field at the grid corners over [-1, 1]^3, flat in (x, y, z) order; positive is inside. Only the
        corners of `cells` are read.
    cells : int64 [M]
        Flat corner index of each cell's low corner, without repetitions.
    resolution : int
        Cells per side.

    Returns
    -------
    vertices : float32 [V, 3]
        Domain units; each on one grid edge, none twice.
    faces : int32 [F, 3]
        Counter-clockwise from outside.
    face_cells : int64 [F]
        Row in `cells` each face lies in.
    """
    side = resolution + 1
    total = side**3
    steps = corner_steps(resolution)
    case = np.zeros(len(cells), np.int64)
    for corner, step in enumerate(steps):
        case |= (values[cells + step] > 0).astype(np.int64) << corner
    counts, table = triangle_table()
    count = counts[case]
    face_cells = np.repeat(np.arange(len(cells)), count)
    turn = np.arange(len(face_cells)) - np.repeat(np.cumsum(count) - count, count)
    edge_keys = np.array([axis * total + steps[low] for axis, low in EDGES], np.int64)
    keys = edge_keys[table[case[face_cells], turn]] + cells[face_cells][:, None]
    unique, inverse = np.unique(keys.ravel(), return_inverse=True)

    axis, low = np.divmod(unique, total)
    strides = np.array([side * side, side, 1], np.int64)
    start, end = values[low].astype(np.float64), values[low + strides[axis]].astype(np.float64)
    along = np.clip(start / (start - end), SNAP, 1 - SNAP)
    position = np.stack(np.unravel_index(low, (side, side, side)), axis=1).astype(np.float64)
    position[np.arange(len(position)), axis] += along
    vertices = (position * (2.0 / resolution) - 1.0).astype(np.float32)
    return vertices, inverse.reshape(-1, 3).astype(np.int32), face_cells
