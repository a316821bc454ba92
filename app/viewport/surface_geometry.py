"""A mesh prepared for drawing: corners split where parts meet, and the lines along which they meet."""

from __future__ import annotations

import weakref
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.scene.shape import Mesh


@dataclass(frozen=True, eq=False)
class SurfaceGeometry:
    """Arrays ready for the graphics card.

    Attributes
    ----------
    vertices : structured [V], fields a_position [3], a_normal [3], a_row
        No vertex belongs to two parts, so colours change crisply at their border.
    faces : uint32 [F, 3]
    seams : structured [4 S], fields a_position [3], a_other [3], a_side, a_rows [2]
        Four corners for each edge between two parts, to be widened on screen.
    seam_faces : uint32 [2 S, 3]
    closed : bool
        The surface has no border and its faces look outwards: back faces need not be drawn.
    """

    vertices: NDArray[np.void]
    faces: NDArray[np.uint32]
    seams: NDArray[np.void]
    seam_faces: NDArray[np.uint32]
    closed: bool


VERTEX = np.dtype([("a_position", np.float32, 3), ("a_normal", np.float32, 3), ("a_row", np.float32)])
SEAM = np.dtype(
    [
        ("a_position", np.float32, 3),
        ("a_other", np.float32, 3),
        ("a_side", np.float32),
        ("a_rows", np.float32, 2),
    ]
)


def surface_geometry(mesh: Mesh, smoothing: int = 6) -> SurfaceGeometry:
    """Split shared corners between parts and collect the edges where parts meet.

    Parameters
    ----------
    mesh : Mesh
    smoothing : int
        Rounds of smoothing along part borders, see `_with_smooth_seams`.
    """
    faces, parts = mesh.faces.astype(np.int64), mesh.face_parts.astype(np.int64)
    count = len(mesh.vertices)
    vertex_part = np.zeros(count, np.int64)
    vertex_part[faces.ravel()] = np.repeat(parts, 3)
    # Corners that got another part's vertex: only those few need a copy of their own.
    foreign = vertex_part[faces] != parts[:, None]
    source = np.arange(count)
    rows = vertex_part
    split = faces.copy()
    if foreign.any():
        stride = int(parts.max()) + 1
        corner_parts = np.broadcast_to(parts[:, None], faces.shape)
        keys, where = np.unique(faces[foreign] * stride + corner_parts[foreign], return_inverse=True)
        split[foreign] = count + where
        source = np.concatenate([source, keys // stride])
        rows = np.concatenate([rows, keys % stride])
    shared = np.zeros(count, bool)
    shared[faces[foreign]] = True
    edges, edge_parts = _part_edges(faces, parts, shared)
    positions = _with_smooth_seams(mesh, edges, smoothing)
    vertices = np.zeros(len(source), VERTEX)
    vertices["a_position"] = positions[source]
    vertices["a_normal"] = mesh.normals[source]
    vertices["a_row"] = rows
    seams, seam_faces = _widened(positions, edges, edge_parts)
    return SurfaceGeometry(vertices, split.astype(np.uint32), seams, seam_faces, is_closed(mesh))


_PREPARED: weakref.WeakKeyDictionary[Mesh, SurfaceGeometry] = weakref.WeakKeyDictionary()


def prepared_geometry(mesh: Mesh) -> SurfaceGeometry:
    """The mesh's `surface_geometry`, made at first use and kept while the mesh lives; on any thread."""
    found = _PREPARED.get(mesh)
    if found is None:
        found = _PREPARED[mesh] = surface_geometry(mesh)
    return found


def is_closed(mesh: Mesh) -> bool:
    """Whether every edge has a face on either side, all turned the same way and outwards."""
    faces = mesh.faces.astype(np.int64)
    rng = np.random.default_rng(0)
    first, second = rng.integers(0, 2**63, (2, len(mesh.vertices)), dtype=np.uint64)
    total = 0
    for here, there in ((0, 1), (1, 2), (2, 0)):
        # Antisymmetric in its ends, so an edge and its opposite cancel, modulo 2**64; others hardly ever do.
        a, b = faces[:, here], faces[:, there]
        total += int((first[a] * second[b] - first[b] * second[a]).sum(dtype=np.uint64))
    corners = mesh.vertices[faces].astype(np.float64)
    volume = np.einsum("ij,ij->", corners[:, 0], np.cross(corners[:, 1], corners[:, 2]))
    return bool(total % 2**64 == 0 and volume > 0)


def _with_smooth_seams(mesh: Mesh, edges: NDArray[np.int64], rounds: int) -> NDArray[np.float32]:
    """Positions [V, 3] in which the zigzag of part borders along triangles is drawn straight.

    Corners of a seam slide along the surface towards the middle of their two neighbours (Taubin 1995: a
    shrinking step, then a slightly larger growing one); where three parts meet they stay.
    """
    points, index = np.unique(edges, return_inverse=True)
    pairs = index.reshape(-1, 2)
    degree = np.bincount(pairs.ravel(), minlength=len(points))
    free = degree == 2
    where = mesh.vertices[points].astype(np.float64)
    normals = mesh.normals[points].astype(np.float64)
    for step in range(2 * rounds):
        total = np.zeros_like(where)
        for axis in range(3):
            total[:, axis] = np.bincount(pairs[:, 0], where[pairs[:, 1], axis], len(points))
            total[:, axis] += np.bincount(pairs[:, 1], where[pairs[:, 0], axis], len(points))
        shift = total / np.maximum(degree, 1)[:, None] - where
        shift -= normals * (shift * normals).sum(axis=1, keepdims=True)
        where[free] += (0.5 if step % 2 == 0 else -0.53) * shift[free]
    positions = np.array(mesh.vertices)
    positions[points] = where
    return positions


def _part_edges(
    faces: NDArray[np.int64], parts: NDArray[np.int64], shared: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Edges between faces of two parts [S, 2] and those parts [S, 2].

    `shared` marks vertices at which parts meet [V]: only faces with two of them are looked at.
    """
    near = shared[faces].sum(axis=1) >= 2
    faces, parts = faces[near], parts[near]
    edges = np.sort(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    edge_parts = np.repeat(parts, 3)
    inside = shared[edges].all(axis=1)
    edges, edge_parts = edges[inside], edge_parts[inside]
    order = np.lexsort((edges[:, 1], edges[:, 0]))
    edges, edge_parts = edges[order], edge_parts[order]
    pair = (edges[1:] == edges[:-1]).all(axis=1) & (edge_parts[1:] != edge_parts[:-1])
    first = np.flatnonzero(pair)
    return edges[first], np.stack([edge_parts[first], edge_parts[first + 1]], axis=1)


def _widened(
    positions: NDArray[np.float32], edges: NDArray[np.int64], edge_parts: NDArray[np.int64]
) -> tuple[NDArray[np.void], NDArray[np.uint32]]:
    """Four corners and two triangles per edge; the vertex shader moves the corners apart on screen."""
    count = len(edges)
    seams = np.zeros((count, 4), SEAM)
    start, end = positions[edges[:, 0]], positions[edges[:, 1]]
    for corner, (here, there, side) in enumerate(
        ((start, end, 1.0), (start, end, -1.0), (end, start, -1.0), (end, start, 1.0))
    ):
        # Seen from the other end the left side is the right one, hence the swapped signs.
        seams["a_position"][:, corner] = here
        seams["a_other"][:, corner] = there
        seams["a_side"][:, corner] = side
        seams["a_rows"][:, corner] = edge_parts
    first = 4 * np.arange(count, dtype=np.uint32)[:, None]
    triangles = first[:, :, None] + np.array([[0, 1, 2], [2, 1, 3]], np.uint32)
    return seams.reshape(-1), triangles.reshape(-1, 3).astype(np.uint32)
