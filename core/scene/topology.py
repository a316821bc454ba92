"""How the triangles of a mesh hang together: edges, holes, pieces."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.scene.shape import IntArray


def unique_edges(faces: IntArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Undirected edges [E, 2] (smaller vertex first) and how many face sides lie on each [E]."""
    ends = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
    side = int(faces.max(initial=-1)) + 1
    keys, counts = np.unique(ends[:, 0].astype(np.int64) * side + ends[:, 1], return_counts=True)
    return np.stack(np.divmod(keys, max(side, 1)), axis=1), counts


def is_watertight(faces: IntArray) -> bool:
    """Whether the mesh has faces and every edge is shared by exactly two of them."""
    return len(faces) > 0 and bool((unique_edges(faces)[1] == 2).all())


def pieces_of(faces: IntArray) -> int:
    """Number of pieces without a common vertex.

    Every piece starts as a vertex and is joined, edge by edge, to the lowest one it touches.
    """
    if not len(faces):
        return 0
    root = np.arange(int(faces.max()) + 1)
    ends = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]]])
    while len(ends):
        np.minimum.at(root, ends.max(axis=1), ends.min(axis=1))
        while not np.array_equal(root, above := root[root]):
            root = above
        ends = root[ends]
        ends = ends[ends[:, 0] != ends[:, 1]]
    return len(np.unique(root[faces[:, 0]]))
