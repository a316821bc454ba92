"""Points on triangles, and how far points are from triangles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.scene.shape import FloatArray

SIGN_RAYS = 3
"""Rays that vote whether a point is inside; a single one may run along an edge."""
QUERY_BLOCK = 1 << 16
"""Points per call: open3d may hold the interpreter lock during one."""


def sample_triangles(
    vertices: ArrayLike, faces: ArrayLike, count: int, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Area-uniform points [count, 3], their unit normals [count, 3] and faces [count].

    Raises
    ------
    ValueError
        If the triangles have no area.
    """
    corners = np.asarray(vertices, np.float64)[np.asarray(faces)]
    crosses = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    doubled = np.linalg.norm(crosses, axis=1)
    if not doubled.sum() > 0:
        raise ValueError("the triangles have no area")
    chosen = rng.choice(len(corners), count, p=doubled / doubled.sum())
    a, b = rng.random((2, count, 1))
    flip = a + b > 1
    a, b = np.where(flip, 1 - a, a), np.where(flip, 1 - b, b)
    corner = corners[chosen]
    points = corner[:, 0] + a * (corner[:, 1] - corner[:, 0]) + b * (corner[:, 2] - corner[:, 0])
    return points, crosses[chosen] / doubled[chosen, None], chosen


class SurfaceDistance:
    """Nearest points of a set of triangles (vertices [V, 3], faces [F, 3]; at least one)."""

    def __init__(self, vertices: ArrayLike, faces: ArrayLike) -> None:
        import open3d as o3d  # over a second to import

        self._tensor = o3d.core.Tensor.from_numpy
        self._scene = o3d.t.geometry.RaycastingScene()
        self._scene.add_triangles(
            self._tensor(np.ascontiguousarray(vertices, np.float32)),
            self._tensor(np.ascontiguousarray(faces, np.uint32)),
        )

    def _asked(self, points: ArrayLike, found: NDArray[Any], ask: Callable[[Any], Any]) -> NDArray[Any]:
        """Fill `found` [N, ...] with the answers for points [N, 3], block by block."""
        queries = np.ascontiguousarray(points, np.float32)
        for start in range(0, len(queries), QUERY_BLOCK):
            block = slice(start, start + QUERY_BLOCK)
            found[block] = ask(self._tensor(queries[block])).numpy()
        return found

    def nearest(self, points: ArrayLike) -> FloatArray:
        """The nearest point [N, 3] of the surface to each of the points [N, 3]."""
        found = np.empty((len(np.asarray(points)), 3), np.float32)
        return self._asked(points, found, lambda block: self._scene.compute_closest_points(block)["points"])

    def nearest_faces(self, points: ArrayLike) -> NDArray[np.int64]:
        """Index [N] of the triangle nearest to each of the points [N, 3]."""
        found = np.empty(len(np.asarray(points)), np.int64)
        return self._asked(
            points, found, lambda block: self._scene.compute_closest_points(block)["primitive_ids"]
        )

    def signed(self, points: ArrayLike) -> FloatArray:
        """Distance [N] of each of the points [N, 3] to a closed surface, negative inside."""
        found = np.empty(len(np.asarray(points)), np.float32)
        return self._asked(
            points, found, lambda block: self._scene.compute_signed_distance(block, nsamples=SIGN_RAYS)
        )

    def __call__(self, points: ArrayLike) -> FloatArray:
        """Distance [N] of each of the points [N, 3] to the surface."""
        found = np.empty(len(np.asarray(points)), np.float32)
        return self._asked(points, found, self._scene.compute_distance)
