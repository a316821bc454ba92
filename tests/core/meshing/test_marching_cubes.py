"""Tables of all 256 cases, and surfaces of fields that have nothing nice about them."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

from core.meshing.marching_cubes import CORNERS, EDGES, march, triangle_table


def grid(resolution: int) -> np.ndarray:
    axis = np.linspace(-1, 1, resolution + 1)
    return np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)


def surface(values: np.ndarray, resolution: int) -> trimesh.Trimesh:
    cells = np.flatnonzero((grid(resolution) < 1 - 1e-9).all(axis=1))
    vertices, faces, face_cells = march(values.astype(np.float32), cells, resolution)
    assert len(face_cells) == len(faces)
    return trimesh.Trimesh(vertices, faces, process=False)


def closed(values: np.ndarray, resolution: int) -> np.ndarray:
    border = (np.abs(grid(resolution)) > 1 - 1e-9).any(axis=1)
    return np.where(border, -np.abs(values) - 1e-3, values)


def one_fan_per_vertex(mesh: trimesh.Trimesh) -> bool:
    """Whether the faces around every vertex are connected through edges at that vertex."""
    corners = mesh.faces.ravel()
    side = np.arange(len(corners))
    # Corner c of a face is joined to the same vertex's corner in the face across each edge that leaves it.
    slot = {}
    joined = np.arange(len(corners))

    def root(i: int) -> int:
        while joined[i] != i:
            i = joined[i]
        return i

    for i in side:
        face, turn = divmod(i, 3)
        a, b, c = (mesh.faces[face][(turn + k) % 3] for k in range(3))
        for other in (b, c):
            key = (a, min(a, other), max(a, other))
            if key in slot:
                joined[root(slot[key])] = root(i)
            slot[key] = i
    roots = np.array([root(i) for i in side])
    fans = np.unique(np.stack([corners, roots]), axis=1).shape[1]
    return fans == len(np.unique(corners))


def test_every_case_uses_exactly_its_crossed_edges_and_no_diagonal_in_a_cell_face() -> None:
    counts, table = triangle_table()
    middles = [CORNERS[low] + 0.5 * np.eye(3)[axis] for axis, low in EDGES]
    for case in range(256):
        triangles = table[case, : counts[case]]
        crossed = {
            edge
            for edge, (axis, low) in enumerate(EDGES)
            if (case >> low & 1) != (case >> (low | 4 >> axis) & 1)
        }
        assert set(triangles.ravel().tolist()) == crossed
        sides = [(a, b) for t in triangles.tolist() for a, b in zip(t, [*t[1:], t[0]], strict=True)]
        assert len(set(sides)) == len(sides)
        for a, b in sides:
            both = np.stack([middles[a], middles[b]])
            in_face = ((both == 0).all(axis=0) | (both == 1).all(axis=0)).any()
            # Sides in a cell face are met by the neighbour; all others by a triangle of the same cell.
            assert in_face != ((b, a) in sides)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 2**32 - 1), st.floats(-1.5, 1.5))
def test_noise_gives_a_closed_manifold(seed: int, level: float) -> None:
    resolution = 7
    noise = np.random.default_rng(seed).normal(level, 1.0, (resolution + 1) ** 3)
    values = closed(noise, resolution)
    if (values > 0).any():
        mesh = surface(values, resolution)
        assert mesh.is_watertight
        assert mesh.is_winding_consistent
        assert one_fan_per_vertex(mesh)


def test_sign_patterns_with_ties_and_zeros_stay_closed_and_without_degenerate_faces() -> None:
    resolution = 8
    values = np.random.default_rng(3).choice([-1.0, 0.0, 1.0], (resolution + 1) ** 3)
    mesh = surface(closed(values, resolution), resolution)
    assert mesh.is_watertight
    assert mesh.area_faces.min() > 0
    assert len(np.unique(mesh.vertices, axis=0)) == len(mesh.vertices)


def test_vertices_lie_on_the_surface_of_a_linear_field_and_faces_look_outwards() -> None:
    resolution = 6
    points = grid(resolution)
    normal = np.array([0.3, 0.5, -0.8])
    values = 0.1 - points @ normal
    mesh = surface(values, resolution)
    np.testing.assert_allclose(mesh.vertices @ normal, 0.1, atol=2e-3)
    assert (mesh.face_normals @ normal > 0).all()


@pytest.mark.parametrize("corner", range(8))
def test_one_inside_corner_makes_one_triangle(corner: int) -> None:
    counts, _ = triangle_table()
    assert counts[1 << corner] == counts[255 ^ 1 << corner] == 1
