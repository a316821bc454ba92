"""What is done to a triangle mesh once it exists: normals, smoothing, neighbours, clean part borders."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.scene.shape import FloatArray, IntArray
from core.scene.topology import unique_edges

TAUBIN_SHRINK, TAUBIN_GROW = 0.5, -0.53
"""Taubin, "A signal processing approach to fair surface design" (1995): lambda and mu, pass band 0.11."""


def face_vectors(vertices: FloatArray, faces: IntArray) -> NDArray[np.float64]:
    """Face normals [F, 3] whose length is twice the face's area."""
    corners = vertices.astype(np.float64)[faces]
    return np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])


def face_areas(vertices: FloatArray, faces: IntArray) -> NDArray[np.float64]:
    """Areas [F] in squared domain units."""
    return np.linalg.norm(face_vectors(vertices, faces), axis=1) / 2


def smooth_normals(vertices: FloatArray, faces: IntArray) -> FloatArray:
    """Unit vertex normals [V, 3], the area-weighted mean of the faces around each vertex.

    A vertex that no face with an area touches gets (0, 1, 0).
    """
    vectors = np.repeat(face_vectors(vertices, faces), 3, axis=0)
    flat = faces.ravel()
    total = np.stack(
        [np.bincount(flat, weights=vectors[:, axis], minlength=len(vertices)) for axis in range(3)], axis=1
    )
    length = np.linalg.norm(total, axis=1, keepdims=True)
    normals = np.where(length > 0, total / np.where(length > 0, length, 1.0), (0.0, 1.0, 0.0))
    return normals.astype(np.float32)


def taubin_smooth(vertices: FloatArray, faces: IntArray, rounds: int) -> FloatArray:
    """Vertices after `rounds` of shrinking and growing: less staircase, nearly the same volume."""
    if rounds <= 0:
        return vertices
    edges, _ = unique_edges(faces)
    ends, others = np.concatenate([edges, edges[:, ::-1]]).T
    degree = np.maximum(np.bincount(ends, minlength=len(vertices)), 1)
    moved = vertices.astype(np.float64)
    for _ in range(rounds):
        for factor in (TAUBIN_SHRINK, TAUBIN_GROW):
            mean = np.stack(
                [np.bincount(ends, moved[others, axis], minlength=len(moved)) / degree for axis in range(3)],
                axis=1,
            )
            moved = moved + factor * (mean - moved)
    return moved.astype(np.float32)


def face_neighbours(faces: IntArray) -> IntArray:
    """The face across each side (0-1, 1-2, 2-0) of every face, int32 [F, 3]; -1 where not exactly one."""
    ends = np.sort(np.stack([faces, np.roll(faces, -1, axis=1)], axis=2).reshape(-1, 2), axis=1)
    keys = ends[:, 0].astype(np.int64) * (int(faces.max(initial=0)) + 1) + ends[:, 1]
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    first = np.flatnonzero(np.diff(ordered, prepend=-1))
    pairs = first[np.diff(first, append=len(ordered)) == 2]
    neighbours = np.full(len(keys), -1, np.int32)
    neighbours[order[pairs]] = order[pairs + 1] // 3
    neighbours[order[pairs + 1]] = order[pairs] // 3
    return neighbours.reshape(-1, 3)


def without_speckle(face_parts: IntArray, neighbours: IntArray, rounds: int = 2) -> IntArray:
    """Give each face the part that at least two of its three neighbours agree on, `rounds` times."""
    parts = np.asarray(face_parts, np.int32)
    for _ in range(rounds):
        around = np.where(neighbours >= 0, parts[neighbours], parts[:, None])
        a, b, c = around.T
        parts = np.where((a == b) | (a == c), a, np.where(b == c, b, parts))
    return parts
