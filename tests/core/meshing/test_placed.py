"""Inside and outside of meshes that are open, overlapping or inside out; and how well surfaces agree."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import trimesh

from core.meshing.mesh_files import read_mesh_file
from core.meshing.orientation import outwards, without_copies
from core.meshing.placed import PlacedMesh
from core.meshing.surface import smooth_normals
from core.meshing.winding import Winding
from core.scene.original import HALF_EXTENT, Placement
from core.scene.shape import Mesh


def points(count: int = 2000) -> np.ndarray:
    return np.random.default_rng(3).uniform(-1, 1, (count, 3))


def exact_winding(mesh: trimesh.Trimesh, at: np.ndarray) -> np.ndarray:
    """Sum over every triangle, by the formula for the solid angle of a tetrahedron's corner."""
    total = np.zeros(len(at))
    for a, b, c in mesh.triangles:
        p, q, r = a - at, b - at, c - at
        lp, lq, lr = (np.linalg.norm(side, axis=1) for side in (p, q, r))
        numerator = np.einsum("ij,ij->i", p, np.cross(q, r))
        pq, qr, rp = ((one * other).sum(1) for one, other in ((p, q), (q, r), (r, p)))
        total += 2 * np.arctan2(numerator, lp * lq * lr + pq * lr + qr * lp + rp * lq)
    return total / (4 * np.pi)


def test_groups_of_far_triangles_change_the_winding_number_little() -> None:
    mesh = trimesh.creation.torus(0.5, 0.2)
    at = points(300)
    np.testing.assert_allclose(Winding(mesh.vertices, mesh.faces)(at), exact_winding(mesh, at), atol=0.03)


def test_overlapping_boxes_are_one_solid() -> None:
    boxes = [trimesh.creation.box((1, 0.2, 1)), trimesh.creation.box((0.2, 1, 0.2))]
    mesh = trimesh.util.concatenate(boxes)
    at = points()
    truth = np.any([np.all(np.abs(at) < box.extents / 2, axis=1) for box in boxes], axis=0)
    assert (Winding(mesh.vertices, mesh.faces).inside(at) == truth).all()


def test_an_open_bowl_and_a_torn_ball_still_have_an_inside() -> None:
    ball = trimesh.creation.icosphere(4, 0.6)
    torn = ball.faces[np.random.default_rng(0).random(len(ball.faces)) > 0.1]
    at = points()
    distance = np.linalg.norm(at, axis=1)
    clear = np.abs(distance - 0.6) > 0.08
    found = Winding(ball.vertices, torn).inside(at)
    assert (found == (distance < 0.6))[clear].mean() > 0.995


@pytest.mark.parametrize("kind", ["reversed", "shuffled", "open"])
def test_faces_are_turned_outwards(kind: str) -> None:
    rng = np.random.default_rng(1)
    ball = trimesh.creation.icosphere(3, 0.5)
    vertices, faces = without_copies(ball.vertices, ball.faces)
    if kind == "open":
        faces = faces[vertices[faces].mean(axis=1)[:, 1] < 0.2]
    flipped = rng.random(len(faces)) < (0.4 if kind == "shuffled" else 1.0)
    broken = np.where(flipped[:, None], faces[:, ::-1], faces)
    corners = vertices[outwards(vertices, broken)]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    facing = (normals * corners.mean(axis=1)).sum(axis=1) > 0
    assert facing.mean() > 0.97


@pytest.mark.parametrize(("up", "front"), [("+y", "+z"), ("+z", "-y"), ("-x", "+y")])
def test_a_placement_stands_a_mesh_up_and_leads_back(up: str, front: str) -> None:
    corners = np.array([[10.0, 20.0, 30.0], [14.0, 22.0, 40.0]])
    place = Placement.fitting(*corners, up, front)
    assert np.linalg.det(place.rotation) == pytest.approx(1.0)
    moved = place.to_shape(corners)
    assert np.abs(moved).max() == pytest.approx(HALF_EXTENT)
    np.testing.assert_allclose(place.to_file(moved), corners)
    axis = "xyz".index(up[1])
    step = np.zeros(3)
    step[axis] = 1.0 if up[0] == "+" else -1.0
    raised = place.to_shape(corners[:1] + step) - place.to_shape(corners[:1])
    np.testing.assert_allclose(raised, [[0, place.scale, 0]], atol=1e-12)


@pytest.mark.parametrize(
    "numbers", [("+y", "-y", 1.0), ("+y", "+q", 1.0), ("+y", "+z", 0.0), ("+y", "+z", float("nan"))]
)
def test_impossible_placements_are_refused(numbers: tuple[str, str, float]) -> None:
    with pytest.raises(ValueError, match=r"placement|axes|scale"):
        Placement(numbers[0], numbers[1], scale=numbers[2])


def test_agreement_is_perfect_with_itself_and_worse_when_moved(tmp_path: Path) -> None:
    path = tmp_path / "ball.stl"
    trimesh.creation.icosphere(4, 30.0).export(path)
    mesh = read_mesh_file(path)
    placed = PlacedMesh(mesh, Placement.fitting(*mesh.bounds))
    faces = placed.faces.astype(np.int32)

    def agreement(shift: float):
        vertices = placed.vertices.astype(np.float32) + np.array([shift, 0, 0], np.float32)
        surface = Mesh(vertices, smooth_normals(vertices, faces), faces, np.zeros(len(faces), np.int32))
        centre = np.array([shift, 0, 0])
        return placed.agreement(lambda at: 0.9 - np.linalg.norm(at - centre, axis=1), surface, 7)

    same, moved = agreement(0.0), agreement(0.1)
    assert same.iou is not None
    assert moved.iou is not None
    assert same.iou > 0.98
    assert same.chamfer < 1e-8
    assert same.f_score == 1.0
    assert moved.iou < same.iou - 0.05
    assert moved.chamfer > 1e-3
    assert moved.f_score < 0.5
