"""A point cloud as a surface: one small triangle per point, so that everything else sees triangles only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

DoubleArray = NDArray[np.float64]

MAX_POINTS = 30_000
"""Points that are kept of a denser cloud, drawn at random."""
MIN_POINTS = 100
NEIGHBOURS = 10
ORIENTED_BY = 12
"""Neighbours over which the facing of normals is carried from point to point."""


def surfels(
    points: DoubleArray, normals: DoubleArray | None, seed: int = 0
) -> tuple[DoubleArray, NDArray[np.int64]]:
    """Triangles across the normals, each as large as the share of the surface that its point stands for.

    Parameters
    ----------
    points : float64 [N, 3]
        At least `MIN_POINTS`.
    normals : float64 [N, 3] or None
        Estimated from the neighbours, and made to agree with each other, if the file has none.

    Returns
    -------
    vertices : float64 [3 M, 3]
    faces : int64 [M, 3]
    """
    rng = np.random.default_rng(seed)
    if len(points) > MAX_POINTS:
        kept = np.sort(rng.choice(len(points), MAX_POINTS, replace=False))
        points, normals = points[kept], None if normals is None else normals[kept]
    if normals is None:
        normals = _estimated_normals(points)
    normals = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    distances, _ = cKDTree(points).query(points, k=NEIGHBOURS + 1)
    # k neighbours within r on a surface: each point stands for about pi r^2 / k.
    areas = np.pi * distances[:, -1] ** 2 / NEIGHBOURS
    if (areas[:, None] * normals * (points - points.mean(axis=0))).sum() < 0:
        normals = -normals
    least = np.eye(3)[np.abs(normals).argmin(axis=1)]
    first = np.cross(normals, least)
    first /= np.maximum(np.linalg.norm(first, axis=1, keepdims=True), 1e-12)
    second = np.cross(normals, first)
    # Area of an equilateral triangle with its corners r from the centre: (3 sqrt 3 / 4) r^2.
    radius = np.sqrt(areas / (0.75 * np.sqrt(3.0)))[:, None]
    turns = 2.0 * np.pi * np.arange(3) / 3.0
    corners = [points + radius * (np.cos(turn) * first + np.sin(turn) * second) for turn in turns]
    vertices = np.stack(corners, axis=1).reshape(-1, 3)
    return vertices, np.arange(len(vertices)).reshape(-1, 3)


def _estimated_normals(points: DoubleArray) -> DoubleArray:
    import open3d as o3d  # over a second to import

    cloud = o3d.geometry.PointCloud(o3d.utility.Vector3dVector(points))
    cloud.estimate_normals(o3d.geometry.KDTreeSearchParamKNN(NEIGHBOURS))
    cloud.orient_normals_consistent_tangent_plane(ORIENTED_BY)
    return np.asarray(cloud.normals, np.float64).copy()
