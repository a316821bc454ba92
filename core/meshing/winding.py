"""Is a point inside? The generalised winding number, which holds for open, overlapping and broken meshes.

The solid angle that a surface fills, seen from a point, over 4 pi: 1 inside and 0 outside of a closed one,
in between where it has holes, and adding up where solids overlap (Jacobson et al. 2013). Triangles far away
count as one dipole per group, as in Barill et al. 2018, here of first order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

DoubleArray = NDArray[np.float64]

LEAF = 16
"""Triangles in a group that is not split further."""
FAR = 2.5
"""A group is far when its distance is more than so many times its radius."""
BLOCK = 2048
"""Points in work at once."""
MORTON_BITS = 10


class Winding:
    """Winding number of any point with respect to triangles.

    Parameters
    ----------
    vertices : float [V, 3]
    faces : int [F, 3]
        At least one; counter-clockwise from outside.
    """

    def __init__(self, vertices: DoubleArray, faces: NDArray[np.int64]) -> None:
        corners = np.asarray(vertices, np.float64)[faces]
        corners = corners[np.argsort(_morton(corners.mean(axis=1)), kind="stable")]
        leaves = 1 << max(0, int(np.ceil(np.log2(max(len(corners) / LEAF, 1)))))
        # Filled up with triangles without an area, so that every group has two halves.
        filler = np.repeat(corners[-1:, :1], leaves * LEAF - len(corners), axis=0)
        corners = np.concatenate([corners, np.repeat(filler, 3, axis=1)])
        vectors = 0.5 * np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        weights = np.linalg.norm(vectors, axis=1)
        weights = weights + 1e-12 * max(float(weights.max()), 1e-30)
        self._corners = corners.reshape(leaves, LEAF, 3, 3)
        moments = (weights[:, None] * corners.mean(axis=1)).reshape(leaves, LEAF, 3).sum(axis=1)
        weights = weights.reshape(leaves, LEAF).sum(axis=1)
        vectors = vectors.reshape(leaves, LEAF, 3).sum(axis=1)
        centres = moments / weights[:, None]
        reach = np.linalg.norm(self._corners - centres[:, None, None], axis=3).max(axis=(1, 2))
        # From the leaves to the one group of everything: (centres, area vectors, radii) per level.
        levels = [(centres, vectors, reach)]
        while len(weights) > 1:
            moments = moments.reshape(-1, 2, 3).sum(axis=1)
            weights = weights.reshape(-1, 2).sum(axis=1)
            vectors = vectors.reshape(-1, 2, 3).sum(axis=1)
            parents = moments / weights[:, None]
            apart = np.linalg.norm(centres.reshape(-1, 2, 3) - parents[:, None], axis=2)
            reach = (apart + reach.reshape(-1, 2)).max(axis=1)
            centres = parents
            levels.append((centres, vectors, reach))
        self._levels = levels[::-1]

    def __call__(self, points: NDArray[np.floating]) -> DoubleArray:
        """Winding numbers [N] of points [N, 3]."""
        found = np.empty(len(points))
        for start in range(0, len(points), BLOCK):
            block = slice(start, start + BLOCK)
            found[block] = self._block(np.asarray(points[block], np.float64))
        return found

    def inside(self, points: NDArray[np.floating]) -> NDArray[np.bool_]:
        """Whether each of the points [N, 3] is inside."""
        return self(points) > 0.5

    def _block(self, points: DoubleArray) -> DoubleArray:
        total = np.zeros(len(points))
        point, group = np.arange(len(points)), np.zeros(len(points), np.int64)
        for depth, (centres, vectors, reach) in enumerate(self._levels):
            apart = centres[group] - points[point]
            distance = np.sqrt(np.einsum("ij,ij->i", apart, apart))
            far = distance > FAR * reach[group]
            flux = np.einsum("ij,ij->i", vectors[group[far]], apart[far]) / distance[far] ** 3
            total += np.bincount(point[far], flux, len(points))
            point, group = point[~far], group[~far]
            if depth < len(self._levels) - 1:
                point = np.repeat(point, 2)
                group = (2 * group[:, None] + np.array([0, 1])).ravel()
        for start in range(0, len(point), BLOCK * 8):
            pair = slice(start, start + BLOCK * 8)
            angles = _solid_angles(self._corners[group[pair]] - points[point[pair], None, None])
            total += np.bincount(point[pair], angles.sum(axis=1), len(points))
        return total / (4.0 * np.pi)


def _solid_angles(corners: DoubleArray) -> DoubleArray:
    """Signed solid angles of triangles [..., 3, 3] seen from the origin (Van Oosterom and Strackee 1983)."""
    a, b, c = corners[..., 0, :], corners[..., 1, :], corners[..., 2, :]
    la, lb, lc = (np.sqrt(np.einsum("...i,...i->...", side, side)) for side in (a, b, c))
    volume = np.einsum("...i,...i->...", a, np.cross(b, c))
    ab, bc, ca = (np.einsum("...i,...i->...", one, other) for one, other in ((a, b), (b, c), (c, a)))
    angles: DoubleArray = 2.0 * np.arctan2(volume, la * lb * lc + ab * lc + bc * la + ca * lb)
    return angles


def _morton(points: DoubleArray) -> NDArray[np.uint64]:
    """Codes [N] that put points near each other near each other in order."""
    low, high = points.min(axis=0), points.max(axis=0)
    side = max(float((high - low).max()), 1e-30)
    cells = np.minimum((points - low) / side * (1 << MORTON_BITS), (1 << MORTON_BITS) - 1).astype(np.uint64)
    codes = np.zeros(len(points), np.uint64)
    for bit in range(MORTON_BITS):
        for axis in range(3):
            codes |= ((cells[:, axis] >> np.uint64(bit)) & np.uint64(1)) << np.uint64(3 * bit + axis)
    return codes
