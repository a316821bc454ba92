"""A surface of which the unedited parts are the original's own triangles and the rest is the model's.

Every triangle of the original belongs to the part whose Gaussian most likely made it, as the parts were when
they were made from it; long triangles that cross such a border are split until the border is followed.
Triangles of parts that nobody edited stay. From the model's surface come the edited parts, and what it has
along the cut where the original leaves a hole. Near the cut its vertices are drawn onto the original, most
where they are closest.

The pieces meet but share no vertices: the result has borders along the cut and is not one closed surface.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
from numpy.typing import NDArray

from core.meshing.surface import smooth_normals
from core.meshing.surface_distance import SurfaceDistance
from core.scene.shape import FloatArray, IntArray, Mesh

SPLIT_ABOVE = 0.03
"""Edges of triangles on a border between parts are split until they are shorter, domain units."""
MAX_ROUNDS = 7
BAND = 0.12
"""How far from the removed triangles the model's surface may close a hole of an unedited part."""
COVERED = 0.02
"""The model's surface is not needed this close to the original's own."""
BLEND = 0.05
"""Within this distance of the original the model's vertices are drawn onto it."""

Owners = Callable[[FloatArray], IntArray]
"""Index of the owning part [N] of points [N, 3]."""


def owned_faces(
    vertices: NDArray[np.float64], faces: NDArray[np.int64], owners: Owners
) -> tuple[NDArray[np.float64], NDArray[np.int64], IntArray]:
    """Vertices, faces and the owner of each face, long faces split where owners meet."""
    vertices = np.asarray(vertices, np.float64)
    for _ in range(MAX_ROUNDS):
        corner_owners = owners(vertices.astype(np.float32))[faces]
        corners = vertices[faces]
        lengths = np.linalg.norm(corners - np.roll(corners, -1, axis=1), axis=2)
        centre_owners = owners(corners.mean(axis=1).astype(np.float32))
        mixed = (corner_owners != centre_owners[:, None]).any(axis=1) & (lengths.max(axis=1) > SPLIT_ABOVE)
        # A part may lie in the middle of one huge triangle without touching its corners.
        mixed |= lengths.max(axis=1) > 8 * SPLIT_ABOVE
        if not mixed.any():
            break
        vertices, faces = _split(vertices, faces, mixed)
    return vertices, faces, owners(vertices[faces].mean(axis=1).astype(np.float32))


def _split(
    vertices: NDArray[np.float64], faces: NDArray[np.int64], chosen: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Each of the chosen faces as four, with a new vertex in the middle of each side."""
    some = faces[chosen]
    sides = np.sort(np.stack([some, np.roll(some, -1, axis=1)], axis=2).reshape(-1, 2), axis=1)
    edges, index = np.unique(sides, axis=0, return_inverse=True)
    middle = len(vertices) + index.reshape(-1, 3)
    (a, b, c), (ab, bc, ca) = some.T, middle.T
    four = np.stack([[a, ab, ca], [ab, b, bc], [ca, bc, c], [ab, bc, ca]]).transpose(2, 0, 1).reshape(-1, 3)
    return np.concatenate([vertices, vertices[edges].mean(axis=1)]), np.concatenate([faces[~chosen], four])


def cut_together(
    vertices: NDArray[np.float64],
    faces: NDArray[np.int64],
    owners: Owners,
    kept: Collection[int],
    rows: Collection[int],
    mesh: Mesh,
) -> Mesh:
    """Join the original's triangles of some parts with the model's surface of the others.

    Parameters
    ----------
    vertices, faces : float64 [V, 3], int64 [F, 3]
        The original in the shape's frame.
    owners : callable
        Which part of the original points belong to.
    kept : collection of int
        Owners whose triangles stay.
    rows : collection of int, as long as `kept`
        The rows of the same parts in `mesh`.
    mesh : Mesh
        The model's surface of the shape as it is now.

    Returns
    -------
    Mesh
        `face_parts` are rows of the shape, as in `mesh`.
    """
    if not kept:
        return mesh
    row_of = np.full(max(kept) + 1, -1, np.int32)
    row_of[list(kept)] = list(rows)
    vertices, faces, owner = owned_faces(vertices, faces, owners)
    stay = np.isin(owner, list(kept))
    if not stay.any():
        return mesh
    kept_faces = faces[stay]
    to_kept = SurfaceDistance(vertices, kept_faces)
    centres = mesh.vertices[mesh.faces].mean(axis=1)
    wanted = ~np.isin(mesh.face_parts, list(rows))
    if not stay.all():
        to_removed = SurfaceDistance(vertices, faces[~stay])
        hole = ~wanted & (to_removed(centres) < BAND)
        hole[hole] = to_kept(centres[hole]) > COVERED
        wanted |= hole
    used, index = np.unique(mesh.faces[wanted].ravel(), return_inverse=True)
    moved = np.array(mesh.vertices[used])
    nearest = to_kept.nearest(moved) if len(moved) else moved
    gap = np.linalg.norm(nearest - moved, axis=1)
    near = np.clip(1.0 - gap / BLEND, 0.0, 1.0)
    pull = near * near * (3.0 - 2.0 * near)
    moved += pull[:, None] * (nearest - moved)
    own_used, own_index = np.unique(kept_faces.ravel(), return_inverse=True)
    own_vertices = vertices[own_used].astype(np.float32)
    own_faces = own_index.reshape(-1, 3).astype(np.int32)
    model_faces = index.reshape(-1, 3).astype(np.int32)
    normals = smooth_normals(moved, model_faces) if len(moved) else moved
    # Far from the cut the normals of the whole surface are the better ones.
    normals = np.where(pull[:, None] > 0, normals, mesh.normals[used])
    return Mesh(
        np.concatenate([own_vertices, moved]),
        np.concatenate([smooth_normals(own_vertices, own_faces), normals]),
        np.concatenate([own_faces, model_faces + len(own_vertices)]),
        np.concatenate([row_of[owner[stay]], mesh.face_parts[wanted]]),
    )
