"""Normals, neighbours, borders between parts, connected pieces."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh

from core.meshing.components import component_areas, drop_crumbs, face_components, largest_share
from core.meshing.surface import (
    face_areas,
    face_neighbours,
    smooth_normals,
    taubin_smooth,
    without_speckle,
)
from core.scene.shape import Mesh
from core.scene.topology import is_watertight, unique_edges


def as_mesh(solid: trimesh.Trimesh) -> Mesh:
    vertices, faces = np.asarray(solid.vertices, np.float32), np.asarray(solid.faces, np.int32)
    return Mesh(vertices, smooth_normals(vertices, faces), faces, np.arange(len(faces)) % 3)


@pytest.fixture
def ball() -> trimesh.Trimesh:
    return trimesh.creation.icosphere(3, 0.5)


def test_normals_and_areas_agree_with_trimesh(ball: trimesh.Trimesh) -> None:
    mesh = as_mesh(ball)
    np.testing.assert_allclose(face_areas(mesh.vertices, mesh.faces), ball.area_faces, rtol=1e-4)
    np.testing.assert_allclose(np.linalg.norm(mesh.normals, axis=1), 1, atol=1e-6)
    assert (np.einsum("ij,ij->i", mesh.normals, mesh.vertices / 0.5) > 0.999).all()


def test_normals_of_degenerate_and_unused_vertices_are_unit() -> None:
    vertices = np.array([[0, 0, 0], [1, 0, 0], [2, 0, 0], [5, 5, 5]], np.float32)
    normals = smooth_normals(vertices, np.array([[0, 1, 2]], np.int32))
    np.testing.assert_array_equal(normals, np.tile([0, 1, 0], (4, 1)))


def test_neighbours_of_a_closed_mesh_are_mutual(ball: trimesh.Trimesh) -> None:
    neighbours = face_neighbours(np.asarray(ball.faces, np.int32))
    assert (neighbours >= 0).all()
    for face, around in enumerate(neighbours):
        assert all(face in neighbours[other] for other in around)
    expected = {tuple(sorted(pair)) for pair in ball.face_adjacency.tolist()}
    found = {tuple(sorted((face, int(other)))) for face, around in enumerate(neighbours) for other in around}
    assert found == expected


def test_open_and_overfull_edges_have_no_neighbour() -> None:
    faces = np.array([[0, 1, 2], [1, 0, 3], [0, 1, 4]], np.int32)
    assert (face_neighbours(faces) == -1).all()
    assert not is_watertight(faces)
    assert not is_watertight(np.zeros((0, 3), np.int32))
    edges, counts = unique_edges(faces)
    assert counts[(edges == (0, 1)).all(axis=1)] == 3


def test_speckle_goes_and_borders_stay(ball: trimesh.Trimesh) -> None:
    neighbours = face_neighbours(np.asarray(ball.faces, np.int32))
    halves = (ball.triangles_center[:, 0] > 0).astype(np.int32)
    noisy = halves.copy()
    lonely = np.random.default_rng(0).choice(len(noisy), 25, replace=False)
    noisy[lonely] = 7
    cleaned = without_speckle(noisy, neighbours)
    assert 7 not in cleaned
    assert (cleaned == without_speckle(halves, neighbours)).mean() > 0.99
    assert cleaned.dtype == np.int32


def test_taubin_smooths_noise_without_shrinking(ball: trimesh.Trimesh) -> None:
    noisy = ball.vertices + np.random.default_rng(1).normal(0, 0.01, ball.vertices.shape)
    faces = np.asarray(ball.faces, np.int32)
    moved = taubin_smooth(noisy.astype(np.float32), faces, 5)
    assert np.std(np.linalg.norm(moved, axis=1)) < 0.7 * np.std(np.linalg.norm(noisy, axis=1))
    assert trimesh.Trimesh(moved, faces).volume == pytest.approx(ball.volume, rel=0.02)
    assert taubin_smooth(moved, faces, 0) is moved


def test_components_and_crumbs(ball: trimesh.Trimesh) -> None:
    crumb = trimesh.creation.icosphere(1, 0.01)
    crumb.apply_translation((0.9, 0, 0))
    bar = trimesh.creation.box((0.2, 0.2, 0.2))
    bar.apply_translation((0, 0.9, 0))
    mesh = as_mesh(trimesh.util.concatenate([crumb, ball, bar]))
    count, of_face = face_components(mesh.faces, len(mesh.vertices))
    areas, _ = component_areas(mesh)
    assert count == 3
    assert np.unique(of_face).tolist() == [0, 1, 2]
    assert sorted(areas) == pytest.approx(sorted([crumb.area, ball.area, bar.area]), rel=1e-3)
    assert largest_share(mesh) == pytest.approx(ball.area / (crumb.area + ball.area + bar.area), rel=1e-3)

    kept = drop_crumbs(mesh)
    assert len(kept.faces) == len(ball.faces) + len(bar.faces)
    assert len(kept.vertices) == len(ball.vertices) + len(bar.vertices)
    assert is_watertight(kept.faces)
    np.testing.assert_array_equal(kept.face_parts, mesh.face_parts[len(crumb.faces) :])
    assert drop_crumbs(kept) is kept
    assert len(drop_crumbs(mesh, 2.0).faces) == len(ball.faces)


def test_nothing_has_no_components() -> None:
    empty = Mesh(np.zeros((0, 3)), np.zeros((0, 3)), np.zeros((0, 3)), np.zeros(0))
    assert largest_share(empty) == 0.0
    assert drop_crumbs(empty) is empty
