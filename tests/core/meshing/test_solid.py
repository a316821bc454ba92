"""Filled cells from meshes and from programs, and what stands."""

from __future__ import annotations

import numpy as np
import torch
import trimesh

from core.corpus.chairs import make_chair
from core.corpus.distance import pack, signed_distance
from core.evaluation.exact import clouds_of_programs, solid_of_program
from core.evaluation.surfaces import cloud, diagonal, distance_to_surface, surface_points
from core.meshing.solid import Solid, pieces, stands, voxelised
from core.scene.shape import Mesh

TEST_SEED = 20_000_000


def as_mesh(body: trimesh.Trimesh) -> Mesh:
    return Mesh(
        np.asarray(body.vertices, np.float32),
        np.asarray(body.vertex_normals, np.float32),
        np.asarray(body.faces, np.int32),
        np.zeros(len(body.faces), np.int32),
    )


def test_a_box_of_twelve_triangles_is_filled_exactly() -> None:
    body = trimesh.creation.box(extents=(0.5, 1.0, 0.75))
    body.apply_translation((0.1, -0.2, 0.3))
    solid = voxelised(as_mesh(body), 64)
    x, y, z = np.meshgrid(*3 * [solid.centres], indexing="ij")
    expected = (np.abs(x - 0.1) < 0.25) & (np.abs(y + 0.2) < 0.5) & (np.abs(z - 0.3) < 0.375)
    assert (solid.inside == expected).all()


def test_two_spheres_one_hollow() -> None:
    outer, inner = (trimesh.creation.icosphere(3, radius) for radius in (0.8, 0.4))
    inner.invert()
    solid = voxelised(as_mesh(trimesh.util.concatenate([outer, inner])), 64)
    x, y, z = np.meshgrid(*3 * [solid.centres], indexing="ij")
    far = np.sqrt(x**2 + y**2 + z**2)
    assert solid.inside[(far < 0.77) & (far > 0.42)].all()
    assert not solid.inside[(far > 0.81) | (far < 0.37)].any()


def test_coarse_to_fine_finds_every_cell_of_a_program() -> None:
    program = make_chair(TEST_SEED + 3)
    solid = solid_of_program(program, 64)
    grid = np.stack(np.meshgrid(*3 * [solid.centres], indexing="ij"), -1).reshape(1, -1, 3)
    distance, _ = signed_distance(pack([program]), torch.from_numpy(grid).float())
    assert (solid.inside.ravel() == (distance[0] < 0).numpy()).all()
    points = clouds_of_programs([program], 500)[0]
    np.testing.assert_array_equal(points, clouds_of_programs([program], 500)[0])
    on_surface = signed_distance(pack([program]), torch.from_numpy(points)[None])[0]
    assert float(on_surface.abs().max()) < 2e-3


def test_pieces_of_a_slice() -> None:
    layer = np.zeros((8, 8), bool)
    layer[:2, :2] = True
    layer[2, 2] = True  # touches at a corner
    layer[6:, 6:] = True
    layer[7, 0] = True  # too small
    assert sorted(len(rows) for rows, _ in pieces(layer)) == [4, 5]


def table(legs: list[tuple[int, int, int]]) -> Solid:
    """A plate on legs given as (x, z, lowest layer)."""
    inside = np.zeros((64, 64, 64), bool)
    inside[16:48, 40:44, 16:48] = True
    for x, z, low in legs:
        inside[x : x + 3, low:40, z : z + 3] = True
    return Solid(inside)


def test_what_stands_and_what_does_not() -> None:
    four = [(17, 17, 4), (44, 17, 4), (17, 44, 4), (44, 44, 4)]
    assert stands(table(four))
    assert not stands(table([*four[:3], (44, 44, 24)]))  # a leg ends in the air
    assert not stands(table(four[:3]))  # a leg is missing
    assert not stands(table(four[:2]))  # tips over to the front
    assert not stands(Solid(np.zeros((64, 64, 64), bool)))


def test_surface_points_lie_on_their_mesh() -> None:
    mesh = as_mesh(trimesh.creation.icosphere(4, 0.5))
    points, rows = surface_points(mesh, 500, seed=1)
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), 0.5, atol=2e-3)
    assert (rows == 0).all()
    assert distance_to_surface(points, mesh).max() < 1e-5
    assert abs(float(distance_to_surface(np.zeros((1, 3), np.float32), mesh)[0]) - 0.5) < 2e-3
    assert abs(diagonal(cloud(mesh, 4000)) - np.sqrt(3)) < 0.02
