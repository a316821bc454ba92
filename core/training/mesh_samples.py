"""Samples of one mesh: surface points with normals, and points that are told inside or outside.

What is inside an open, overlapping or non-manifold mesh is decided by the generalised winding number
(Jacobson et al. 2013): the mean, over directions, of the signed crossings of a ray with the surface. Where
triangles are not consistently oriented, signs mean nothing, and it counts whether in most directions the
number of crossings is odd.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.corpus.sampling import NEAR_SIGMAS
from core.scene.original import HALF_EXTENT
from core.training.mesh_folder import DataError
from core.training.sample_cache import NEAR, SURFACE, UNIFORM

DIRECTIONS = 26
LEAST_INSIDE = 2e-3
"""Smallest share of uniform points inside; a mesh with less is a sheet, not a solid."""
CHUNK = 1 << 17
"""Rays cast at once."""
NO_PART = 255

Array = NDArray[np.float64]


def _directions() -> Array:
    """`DIRECTIONS` unit vectors spread over the sphere, none along an axis (a Fibonacci lattice)."""
    index = np.arange(DIRECTIONS) + 0.5
    height = 1 - 2 * index / DIRECTIONS
    angle = np.pi * (1 + 5**0.5) * index + 0.3
    ring = np.sqrt(1 - height**2)
    return np.stack((ring * np.cos(angle), height, ring * np.sin(angle)), -1)


def _consistent(corners: Array) -> bool:
    """Whether no edge of a mesh is run through in the same direction by two triangles."""
    _, ids = np.unique(np.round(corners.reshape(-1, 3), 6), axis=0, return_inverse=True)
    faces = ids.reshape(-1, 3)
    edges = np.concatenate((faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]))
    edges = edges[edges[:, 0] != edges[:, 1]]
    _, times = np.unique(edges, axis=0, return_counts=True)
    # A few edges where bodies touch do no harm.
    return bool((times > 1).mean() < 0.02)


def inside(corners: Array, points: Array) -> NDArray[np.bool_]:
    """Whether points [N, 3] are inside a mesh with triangles [F, 3, 3]; bool [N]."""
    import open3d as o3d

    vertices = np.ascontiguousarray(corners.reshape(-1, 3), np.float32)
    triangles = np.arange(len(vertices), dtype=np.uint32).reshape(-1, 3)
    scene = o3d.t.geometry.RaycastingScene(nthreads=1)
    scene.add_triangles(o3d.core.Tensor.from_numpy(vertices), o3d.core.Tensor.from_numpy(triangles))
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    signed, odd = np.zeros(len(points)), np.zeros(len(points))
    for direction in _directions():
        facing = np.sign(normals @ direction)
        for first in range(0, len(points), CHUNK):
            some = points[first : first + CHUNK]
            rays = np.concatenate((some, np.broadcast_to(direction, some.shape)), 1).astype(np.float32)
            hits = scene.list_intersections(o3d.core.Tensor.from_numpy(rays), nthreads=1)
            ray = hits["ray_ids"].numpy().astype(np.int64)
            triangle = hits["primitive_ids"].numpy().astype(np.int64)
            rows = slice(first, first + len(some))
            signed[rows] += np.bincount(ray, facing[triangle], minlength=len(some))
            odd[rows] += np.bincount(ray, minlength=len(some)) % 2
    if _consistent(corners):
        # Some files have every triangle inside out: the sign of the whole is then the other one.
        winding = signed / DIRECTIONS
        return winding * (1.0 if winding.sum() >= 0 else -1.0) > 0.5
    return odd / DIRECTIONS > 0.5


def sample_mesh(corners: Array, names: NDArray[np.integer], seed: int) -> dict[str, Tensor]:
    """Samples of a mesh as `core.training.sample_cache.Cache` holds them, for one shape.

    Parameters
    ----------
    corners : float64 [F, 3, 3]
        Triangles in the frame of the file; y up, front towards +z.
    names : int [F]
        Id of the part of every triangle.
    seed : int

    Raises
    ------
    DataError
        If the mesh has no size, no surface or no inside.
    """
    low, high = corners.min((0, 1)), corners.max((0, 1))
    extent = (high - low).max() / 2
    if not extent > 0:
        raise DataError("it has no size")
    corners = (corners - (low + high) / 2) * (HALF_EXTENT / extent)
    crosses = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    doubled = np.linalg.norm(crosses, axis=1)
    whole = doubled > 1e-12
    if not whole.any():
        raise DataError("all of its triangles are degenerate")
    corners, crosses, doubled, names = corners[whole], crosses[whole], doubled[whole], names[whole]
    rng = np.random.default_rng(seed)

    def on_surface(count: int) -> tuple[Array, NDArray[np.int64]]:
        chosen = rng.choice(len(corners), count, p=doubled / doubled.sum())
        a, b = rng.random((2, count, 1))
        flip = a + b > 1
        a, b = np.where(flip, 1 - a, a), np.where(flip, 1 - b, b)
        corner = corners[chosen]
        return corner[:, 0] + a * (corner[:, 1] - corner[:, 0]) + b * (corner[:, 2] - corner[:, 0]), chosen

    surface, chosen = on_surface(SURFACE)
    near, _ = on_surface(NEAR)
    sigma = np.where(np.arange(NEAR) % 2, NEAR_SIGMAS[1], NEAR_SIGMAS[0])[:, None]
    near = (near + sigma * rng.standard_normal(near.shape)).clip(-1, 1)
    points = np.concatenate((near, rng.uniform(-1, 1, (UNIFORM, 3)))).astype(np.float16).astype(np.float64)
    normals = crosses[chosen] / doubled[chosen, None]
    # Normals point outwards whichever way the triangles run: where a small step along them leads inside,
    # they are turned.
    told = inside(corners, np.concatenate((points, surface + 0.01 * normals, surface - 0.01 * normals)))
    labels, ahead, behind = np.split(told, (len(points), len(points) + SURFACE))
    if labels[NEAR:].mean() < LEAST_INSIDE and labels[:NEAR].mean() < 0.02:
        raise DataError("it has no inside: a sheet or a soup of loose faces; close it or give it thickness")
    normals = np.where((ahead & ~behind)[:, None], -normals, normals)
    return {
        "surface": torch.from_numpy(surface).half(),
        "normals": torch.from_numpy(normals * 127).round().to(torch.int8),
        "surface_names": torch.from_numpy(names[chosen].astype(np.uint8)),
        "points": torch.from_numpy(points).half(),
        "inside": torch.from_numpy(labels.copy()),
    }
