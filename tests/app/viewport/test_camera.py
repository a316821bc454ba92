"""The camera's arithmetic: pixels and rays agree, gestures keep what they promise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.viewport.camera import MAX_DISTANCE, MIN_DISTANCE, VIEWS, Camera

SIZE = (800.0, 500.0)

cameras = st.builds(
    Camera,
    azimuth=st.floats(-180, 180),
    elevation=st.floats(-90, 90),
    distance=st.floats(0.5, 40),
    target=st.tuples(*[st.floats(-3, 3)] * 3),
    projection=st.sampled_from(["perspective", "orthographic"]),
)
pixels = st.tuples(st.floats(0, SIZE[0]), st.floats(0, SIZE[1]))


@given(cameras, pixels, st.floats(0.3, 3))
def test_points_on_a_ray_project_back_to_its_pixel(
    camera: Camera, pixel: tuple[float, float], share: float
) -> None:
    ray = camera.ray(*pixel, SIZE)
    reach = float(np.linalg.norm(np.asarray(camera.target) - ray.origin))
    found, in_front = camera.project([ray.at(share * reach)], SIZE)
    assert in_front[0]
    assert found[0] == pytest.approx(pixel, abs=1e-5)


@given(cameras)
def test_axes_are_a_rotation_with_x_level(camera: Camera) -> None:
    axes = camera.axes
    assert axes @ axes.T == pytest.approx(np.eye(3), abs=1e-12)
    assert np.linalg.det(axes) == pytest.approx(1)
    assert axes[0, 1] == 0
    assert axes[1, 1] >= -1e-12


@given(cameras, pixels, st.floats(0.3, 3))
def test_zooming_keeps_what_lies_under_the_cursor(
    camera: Camera, pixel: tuple[float, float], factor: float
) -> None:
    under = camera.on_plane(*pixel, SIZE, camera.target)
    zoomed = camera.zoomed(factor, *pixel, SIZE)
    assert MIN_DISTANCE <= zoomed.distance <= MAX_DISTANCE
    assert zoomed.project([under], SIZE)[0][0] == pytest.approx(pixel, abs=1e-4)


@given(cameras, st.floats(-200, 200), st.floats(-200, 200))
def test_panning_moves_the_target_with_the_mouse(camera: Camera, dx: float, dy: float) -> None:
    panned = camera.panned(dx, dy, SIZE)
    moved = panned.project([camera.target], SIZE)[0][0]
    assert moved == pytest.approx((SIZE[0] / 2 + dx, SIZE[1] / 2 + dy), abs=1e-4)


@given(
    cameras,
    st.tuples(*[st.floats(-3, 3)] * 3),
    st.tuples(*[st.floats(0.2, 3)] * 3),
    st.sampled_from([(800.0, 500.0), (300.0, 900.0)]),
)
def test_framing_shows_the_whole_box_and_fills_the_picture(
    camera: Camera, low: tuple[float, ...], extent: tuple[float, ...], size: tuple[float, float]
) -> None:
    high = np.add(low, extent)
    framed = camera.framing(low, high, size)
    assert (framed.azimuth, framed.elevation) == (camera.azimuth, camera.elevation)
    corners = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)]) * extent + low
    shown, in_front = framed.project(corners, size)
    assert in_front.all()
    share = np.abs(shown / size * 2 - 1).max()
    assert share == pytest.approx(0.88, abs=1e-6)


@pytest.mark.parametrize("view", VIEWS)
def test_standard_views_look_at_their_side(view: str) -> None:
    side = {"front": 2, "back": 2, "left": 0, "right": 0, "top": 1, "bottom": 1}.get(view)
    back = Camera().looking(view).axes[2]
    if side is None:
        assert (back > 0).all()
    else:
        sign = 1 if view in ("front", "right", "top") else -1
        assert back[side] == pytest.approx(sign)


def test_orbiting_stops_at_the_poles() -> None:
    assert Camera().orbited(0, 1e4).elevation == 90
    assert Camera().orbited(0, -1e4).elevation == -90
    assert -180 <= Camera().orbited(1234, 0).azimuth < 180


@given(cameras, cameras)
def test_gliding_begins_here_ends_there_and_turns_the_short_way(first: Camera, second: Camera) -> None:
    start, end = first.between(second, 0), first.between(second, 1)
    assert end == second
    assert start.eye == pytest.approx(replace(first, projection=second.projection).eye, abs=1e-9)
    way = [first.between(second, share).azimuth for share in (0.0, 0.5)]
    assert abs(way[1] - way[0]) <= 90 + 1e-9


def test_points_behind_the_eye_are_told_apart() -> None:
    camera = Camera(azimuth=0, elevation=0, distance=2)
    _, in_front = camera.project([[0, 0, 0], [0, 0, 3]], SIZE)
    assert in_front.tolist() == [True, False]
