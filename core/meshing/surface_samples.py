"""A mesh file as surface points and normals in the shape's frame, for the part encoder."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np

from core.edits.job import EditError
from core.meshing.mesh_check import check_mesh
from core.scene.shape import FloatArray

SUFFIXES = (".obj", ".ply", ".stl", ".glb", ".gltf", ".off")
MAX_BYTES = 256 << 20
HALF_EXTENT = 0.9
"""Largest half extent of a shape in its frame, as in the corpus."""


def read_surface(path: Path, count: int, seed: int = 0) -> tuple[FloatArray, FloatArray]:
    """Area-uniform points [N, 3] and unit normals [N, 3] of a mesh, centred and scaled into the domain.

    The file's y axis is taken as up and +z as front.

    Raises
    ------
    EditError
        If the file is missing, too large, unreadable or has no surface.
    """
    import trimesh

    if path.suffix.lower() not in SUFFIXES:
        raise EditError(f"{path.name} is no mesh this editor reads. Use one of {', '.join(SUFFIXES)}.")
    try:
        size = path.stat().st_size
    except OSError as error:
        raise EditError(f"{path.name} cannot be read: {error.strerror}.") from None
    if size > MAX_BYTES:
        raise EditError(f"{path.name} is larger than {MAX_BYTES >> 20} MiB. Simplify the mesh first.")
    try:
        data = path.read_bytes()
        check_mesh(path.name, data)
        # Bytes have no folder: a parser cannot follow references to other files.
        mesh = trimesh.load(BytesIO(data), file_type=path.suffix.lower()[1:], force="mesh", process=False)
    except EditError:
        raise
    except Exception as error:  # parsers raise whatever they stumble on
        raise EditError(f"{path.name} is damaged or not a mesh: {error}") from None
    vertices = np.asarray(getattr(mesh, "vertices", ()), np.float64)
    faces = np.asarray(getattr(mesh, "faces", ()), np.int64)
    tables = vertices.ndim == faces.ndim == 2 and vertices.shape[1] == faces.shape[1] == 3
    if (
        not tables
        or not len(faces)
        or not np.isfinite(vertices).all()
        or faces.min() < 0
        or faces.max() >= len(vertices)
    ):
        raise EditError(f"{path.name} holds no usable surface.")
    corners = vertices[faces]
    low, high = corners.min((0, 1)), corners.max((0, 1))
    extent = (high - low).max() / 2
    if not extent > 0:
        raise EditError(f"{path.name} holds no usable surface: it has no size.")
    corners = (corners - (low + high) / 2) * (HALF_EXTENT / extent)
    return _sample(corners, count, np.random.default_rng(seed))


def _sample(corners: np.ndarray, count: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    crosses = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    doubled = np.linalg.norm(crosses, axis=1)
    if not doubled.sum() > 0:
        raise EditError("The mesh has no surface: all of its triangles are degenerate.")
    chosen = rng.choice(len(corners), count, p=doubled / doubled.sum())
    a, b = rng.random((2, count, 1))
    flip = a + b > 1
    a, b = np.where(flip, 1 - a, a), np.where(flip, 1 - b, b)
    corner = corners[chosen]
    points = corner[:, 0] + a * (corner[:, 1] - corner[:, 0]) + b * (corner[:, 2] - corner[:, 0])
    normals = crosses[chosen] / doubled[chosen, None]
    return points.astype(np.float32), normals.astype(np.float32)
