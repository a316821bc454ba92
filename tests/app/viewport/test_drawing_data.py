"""What goes to the graphics card: split corners, seams, part tables, drags and shadows."""

from __future__ import annotations

import numpy as np
import pytest

from app.viewport.backdrop import contact_shadow
from app.viewport.drags import Drags, moved_rows, reflected
from app.viewport.part_table import MIRRORED, MOVED, PartStates
from app.viewport.surface_geometry import is_closed, surface_geometry
from core.edits.instant import transform_parts
from core.scene.shape import Mesh
from tests.app.numpy_engine import make_mesh, make_shape
from tests.app.viewport.conftest import BACK, LEFT_ARM, RIGHT_ARM, SEAT


def sphere(count: int = 24) -> Mesh:
    """A closed sphere of two parts, upper and lower half."""
    rows, columns = count, 2 * count
    theta = np.linspace(0, np.pi, rows + 1)[1:-1]
    phi = np.linspace(0, 2 * np.pi, columns, endpoint=False)
    ring = np.stack(
        [
            np.sin(theta)[:, None] * np.cos(phi),
            np.repeat(np.cos(theta)[:, None], columns, axis=1),
            -np.sin(theta)[:, None] * np.sin(phi),
        ],
        axis=-1,
    ).reshape(-1, 3)
    points = np.concatenate([[[0, 1, 0]], ring, [[0, -1, 0]]])
    faces = []
    for column in range(columns):
        following = (column + 1) % columns
        faces.append((0, 1 + column, 1 + following))
        for row in range(rows - 2):
            a, b = 1 + row * columns + column, 1 + row * columns + following
            faces += [(a, a + columns, b), (b, a + columns, b + columns)]
        last = 1 + (rows - 2) * columns
        faces.append((last + column, len(points) - 1, last + following))
    index = np.array(faces)
    return Mesh(points, points, index, (points[index].mean(axis=1)[:, 1] < 0.03).astype(np.int32))


def test_no_vertex_belongs_to_two_parts_and_triangles_stay() -> None:
    mesh = sphere()
    geometry = surface_geometry(mesh)
    rows = geometry.vertices["a_row"][geometry.faces]
    assert np.array_equal(rows, np.repeat(mesh.face_parts[:, None], 3, axis=1))
    assert len(geometry.vertices) > len(mesh.vertices)
    moved = np.linalg.norm(
        geometry.vertices["a_position"][geometry.faces] - mesh.vertices[mesh.faces], axis=2
    )
    assert moved.max() < 0.05
    same = mesh.face_parts == 0
    assert moved[same][:5].max() == 0


def test_seams_are_the_edges_between_parts() -> None:
    geometry = surface_geometry(sphere())
    count = len(geometry.seams) // 4
    assert count >= 48
    assert geometry.seam_faces.shape == (2 * count, 3)
    assert set(geometry.seams["a_rows"].ravel()) == {0.0, 1.0}
    lone = Mesh(sphere().vertices, sphere().normals, sphere().faces, np.zeros(len(sphere().faces)))
    assert len(surface_geometry(lone).seams) == 0


def test_ragged_seams_are_drawn_smoothly() -> None:
    mesh = sphere()
    ragged = np.array(mesh.face_parts)
    band = np.flatnonzero(np.abs(mesh.vertices[mesh.faces].mean(axis=1)[:, 1]) < 0.1)
    ragged[band] = np.arange(len(band)) % 2
    mesh = Mesh(mesh.vertices, mesh.normals, mesh.faces, ragged)

    def length(smoothing: int) -> float:
        seams = surface_geometry(mesh, smoothing).seams
        return float(np.linalg.norm(seams["a_other"] - seams["a_position"], axis=1).sum())

    assert length(6) < 0.9 * length(0)
    radius = np.linalg.norm(surface_geometry(mesh).seams["a_position"], axis=1)
    assert radius.min() > 0.98
    assert radius.max() < 1.02


def test_closed_surfaces_are_recognised() -> None:
    mesh = sphere()
    assert is_closed(mesh)
    assert not is_closed(Mesh(mesh.vertices, mesh.normals, mesh.faces[1:], mesh.face_parts[1:]))
    assert not is_closed(Mesh(mesh.vertices, mesh.normals, mesh.faces[:, ::-1], mesh.face_parts))
    flipped = np.array(mesh.faces)
    flipped[7] = flipped[7, ::-1]
    assert not is_closed(Mesh(mesh.vertices, mesh.normals, flipped, mesh.face_parts))


def test_part_tables_hold_colours_and_states() -> None:
    states = PartStates.plain(np.array([[1, 0, 0.5], [0, 1, 0]], np.float32), np.array([True, False]))
    states.selected[1] = True
    states.moved[0] = MOVED
    pixels = states.pixels()
    assert pixels.shape == (2, 2, 4)
    assert pixels[0].tolist() == [[255, 0, 128, 255], [0, 255, 0, 0]]
    assert pixels[1].tolist() == [[0, 0, 0, MOVED], [0, 255, 0, 0]]


def lifted(height: float, along: float = 0.0) -> np.ndarray:
    matrix = np.eye(4)
    matrix[:3, 3] = (along, height, 0)
    return matrix


def test_parts_and_their_twins_are_told_apart_in_a_drag() -> None:
    base = make_shape()
    matrix = lifted(0.1, 0.05)
    after = transform_parts(base, [LEFT_ARM], matrix, twins=True)
    moved = moved_rows(base, after, matrix)
    assert moved[LEFT_ARM] == MOVED
    assert moved[RIGHT_ARM] == MIRRORED
    assert (moved[[SEAT, BACK]] == 0).all()


def test_reflecting_a_map_in_a_plane() -> None:
    point = np.array([1.5, 0.2, 0.3, 1])
    matrix = lifted(0.1, 0.05)
    plane = 2.0
    mirrored = point * (-1, 1, 1, 1) + (2 * plane, 0, 0, 0)
    image = reflected(matrix, plane) @ mirrored
    assert image == pytest.approx((matrix @ point) * (-1, 1, 1, 1) + (2 * plane, 0, 0, 0))


def test_a_late_surface_is_carried_the_rest_of_the_way() -> None:
    base = make_shape()
    drags = Drags()
    frames = []
    for height in (0.1, 0.2, 0.3):
        drags.matrix = lifted(height)
        frames.append(transform_parts(base, [BACK], drags.matrix))
        drags.update(base, None, frames[-1])
    dragged = drags.get(base.id)
    assert dragged is not None
    assert dragged.mesh is None
    assert dragged.rest == pytest.approx(lifted(0.3))
    drags.update(base, make_mesh(frames[0], 64), frames[0])
    dragged = drags.get(base.id)
    assert dragged is not None
    assert dragged.mesh is not None
    assert dragged.shape is frames[-1]
    assert dragged.rest == pytest.approx(lifted(0.2))
    drags.end(base.id, base)
    assert not drags
    assert drags.get(base.id) is None


def test_a_finished_drag_is_shown_until_its_surface_is_there() -> None:
    base = make_shape()
    drags = Drags()
    drags.matrix = lifted(0.1)
    after = transform_parts(base, [BACK], drags.matrix)
    drags.update(base, None, after)
    drags.end(base.id, after)
    settled = drags.get(base.id)
    assert settled is not None
    assert settled.settled
    assert settled.rest == pytest.approx(lifted(0.1))
    assert not drags
    drags.matrix = lifted(0.3)
    drags.update(after, None, transform_parts(after, [BACK], drags.matrix))
    again = drags.get(base.id)
    assert again is not None
    assert again.rest == pytest.approx(lifted(0.3))


def test_a_contact_shadow_is_darkest_where_something_stands() -> None:
    rng = np.random.default_rng(0)
    leg = rng.uniform((-0.5, -0.9, -0.5), (-0.4, -0.85, -0.4), (400, 3))
    seat = rng.uniform((-0.5, 0.0, -0.5), (0.5, 0.1, 0.5), (400, 3))
    image, centre, half = contact_shadow(np.concatenate([leg, seat]).astype(np.float32), -0.9)
    cells = len(image)

    def at(x: float, z: float) -> int:
        column, row = (((np.array([x, z]) - centre) / half * 0.5 + 0.5) * cells).astype(int)
        return int(image[row, column])

    assert at(-0.45, -0.45) > at(0.3, 0.3) > 0
    assert image[0].max() <= 12
