"""Connected pieces of a mesh: how much of it is one body, and removing floating crumbs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from core.meshing.surface import face_areas
from core.scene.shape import IntArray, Mesh


def face_components(faces: IntArray, vertex_count: int) -> tuple[int, NDArray[np.int64]]:
    """Number of connected pieces that have faces, and the piece [F] (0, 1, ...) of each face."""
    if not len(faces):
        return 0, np.zeros(0, np.int64)
    ends = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]]])
    graph = coo_array(
        (np.ones(len(ends), np.int8), (ends[:, 0], ends[:, 1])), shape=(vertex_count, vertex_count)
    )
    _, of_vertex = connected_components(graph.tocsr(), directed=False)
    labels, of_face = np.unique(of_vertex[faces[:, 0]], return_inverse=True)
    return len(labels), of_face.astype(np.int64)


def component_areas(mesh: Mesh) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Area [C] of every connected piece, in squared domain units, and the piece [F] of each face."""
    count, of_face = face_components(mesh.faces, len(mesh.vertices))
    areas = np.bincount(of_face, face_areas(mesh.vertices, mesh.faces), minlength=count)
    return areas.astype(np.float64), of_face


def largest_share(mesh: Mesh) -> float:
    """Share of the surface area that the largest connected piece holds, in [0, 1]; 0 for an empty mesh."""
    areas, _ = component_areas(mesh)
    return float(areas.max() / areas.sum()) if len(areas) and areas.sum() > 0 else 0.0


def drop_crumbs(mesh: Mesh, min_share: float = 0.005) -> Mesh:
    """Mesh without pieces that hold less than `min_share` of its area; the largest piece always stays.

    Returns the mesh itself if there is nothing to remove.
    """
    areas, of_face = component_areas(mesh)
    if len(areas) < 2:
        return mesh
    keep = areas >= min_share * areas.sum()
    keep[np.argmax(areas)] = True
    if keep.all():
        return mesh
    faces = mesh.faces[keep[of_face]]
    used, renumbered = np.unique(faces.ravel(), return_inverse=True)
    return Mesh(
        vertices=mesh.vertices[used],
        normals=mesh.normals[used],
        faces=renumbered.reshape(-1, 3).astype(np.int32),
        face_parts=mesh.face_parts[keep[of_face]],
    )
