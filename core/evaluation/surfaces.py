"""Points on meshes and their exact distances to other meshes."""

from __future__ import annotations

import numpy as np
import torch

from core.meshing.surface import face_areas
from core.scene.shape import FloatArray, IntArray, Mesh


def surface_points(mesh: Mesh, count: int, seed: int = 0) -> tuple[FloatArray, IntArray]:
    """Area-uniform random points float32 [count, 3] and the part row int32 [count] of the face of each."""
    rng = np.random.default_rng(seed)
    areas = face_areas(mesh.vertices, mesh.faces)
    face = rng.choice(len(areas), count, p=areas / areas.sum())
    a, b = rng.random((2, count, 1))
    flip = a + b > 1
    a, b = np.where(flip, 1 - a, a), np.where(flip, 1 - b, b)
    corner = mesh.vertices.astype(np.float64)[mesh.faces[face]]
    points = corner[:, 0] + a * (corner[:, 1] - corner[:, 0]) + b * (corner[:, 2] - corner[:, 0])
    return points.astype(np.float32), mesh.face_parts[face]


def cloud(mesh: Mesh, count: int, seed: int = 0) -> FloatArray:
    """Area-uniform random points [count, 3]."""
    return surface_points(mesh, count, seed)[0]


def distance_to_surface(points: FloatArray, mesh: Mesh) -> FloatArray:
    """Distance [N] of points [N, 3] to the nearest point of a mesh."""
    import open3d as o3d  # over a second to import

    threads = torch.get_num_threads()
    tensor = o3d.core.Tensor.from_numpy
    scene = o3d.t.geometry.RaycastingScene(nthreads=threads)
    scene.add_triangles(tensor(np.array(mesh.vertices, np.float32)), tensor(np.array(mesh.faces, np.uint32)))
    queries = tensor(np.ascontiguousarray(points, np.float32))
    found: FloatArray = scene.compute_distance(queries, nthreads=threads).numpy()
    return found


def diagonal(points: FloatArray) -> float:
    """Length of the diagonal of the bounding box of points [N, 3]."""
    return float(np.linalg.norm(points.max(axis=0) - points.min(axis=0)))
