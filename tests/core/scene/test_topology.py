"""Pieces and closedness against the sparse-graph components that the engine uses."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh

from core.meshing.components import face_components
from core.scene.shape import Mesh
from core.scene.topology import is_watertight, pieces_of


def sphere() -> Mesh:
    made = trimesh.creation.icosphere(subdivisions=4)
    return Mesh(made.vertices, made.vertex_normals, made.faces, np.zeros(len(made.faces)))


@pytest.mark.parametrize("seed", range(4))
def test_pieces_are_the_connected_ones(seed: int) -> None:
    """A sphere with shuffled vertices, most of its faces taken out."""
    rng, mesh = np.random.default_rng(seed), sphere()
    order = rng.permutation(len(mesh.vertices)).astype(np.int32)
    faces = order[mesh.faces[rng.random(len(mesh.faces)) < 0.3]]
    assert pieces_of(faces) == face_components(faces, len(order))[0] > 20


def test_a_whole_sphere_is_closed_and_one_with_a_hole_is_not() -> None:
    faces = sphere().faces
    assert (is_watertight(faces), pieces_of(faces)) == (True, 1)
    assert (is_watertight(faces[1:]), pieces_of(faces[1:])) == (False, 1)
    assert (is_watertight(faces[:0]), pieces_of(faces[:0])) == (False, 0)
