"""Pictures of a shape that turns: it stays in its place, and comes back to where it began."""

from __future__ import annotations

import numpy as np
import pytest

from core.meshing.camera import framing_camera
from core.meshing.turntable import room_to_turn, turntable
from core.scene.shape import Mesh
from tests.app.numpy_engine import make_mesh, make_shape


def test_the_camera_stays_at_one_distance_and_height() -> None:
    points = np.random.default_rng(0).uniform((-1, 0, -0.2), (1, 2, 0.3), (500, 3)).astype(np.float32)
    room = room_to_turn(points)
    axis = (points.min(axis=0) + points.max(axis=0)) / 2
    eyes = np.array([framing_camera(room, azimuth, 20.0, 1.0).eye for azimuth in range(0, 360, 7)])
    distances = np.hypot(*(eyes - axis)[:, [0, 2]].T)
    assert np.ptp(distances) < 1e-3
    assert np.ptp(eyes[:, 1]) < 1e-3
    # All of it is in every picture, and it fills most of one.
    fills = []
    for azimuth in range(0, 360, 15):
        camera = framing_camera(room, azimuth, 20.0, 1.0)
        right, up, back = camera.basis @ (points - camera.eye).T
        fills.append(2 * np.abs([right / -back / camera.width, up / -back / camera.height]).max())
    assert max(fills) <= 1.0
    assert max(fills) > 0.85


def test_a_turn_begins_where_it_ends() -> None:
    shape = make_shape()
    mesh = make_mesh(shape, 32)
    first, quarter, half, *_ = turntable([mesh], [shape], (48, 48), 4, azimuth=0.0)
    again = next(turntable([mesh], [shape], (48, 48), 2, azimuth=360.0))
    assert (again == first).all()
    assert np.abs(quarter.astype(int) - first).max() > 60
    # The light stands with the camera: seen from behind, what is the same on both sides looks the same.
    box = Mesh(mesh.vertices[:8], mesh.normals[:8], mesh.faces[:12], mesh.face_parts[:12])
    front, back = turntable([box], [shape], (48, 48), 2, azimuth=0.0)
    assert np.abs(front.astype(int) - back).mean() < 1.0
    assert half.shape == (48, 48, 3)


@pytest.mark.parametrize("end", [(1, 0, 0), (0, 1, 0)])
def test_what_is_flat_or_thin_has_room_too(end: tuple[int, int, int]) -> None:
    points = np.array([(0, 0, 0), end], np.float32)
    assert np.isfinite(framing_camera(room_to_turn(points), 0, 0, 1.0).eye).all()
