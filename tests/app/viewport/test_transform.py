"""Mouse, keys and numbers to matrices; and which handle is where."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.viewport.camera import Camera
from app.viewport.gizmo import LENGTH, cross_view_at, handle_at, handles
from app.viewport.look import DARK
from app.viewport.transform import Constraint, Kind, Transform, matched_axes, rotation

SIZE = (800.0, 500.0)
PIVOT = np.array([0.2, -0.1, 0.3])
CAMERA = Camera(distance=4.0)
START = (500.0, 300.0)

steps = st.tuples(st.floats(-150, 150), st.floats(-150, 150))
kinds = st.sampled_from(["move", "rotate", "scale"])


def begun(kind: Kind, constraint: Constraint | None = None, camera: Camera = CAMERA) -> Transform:
    return Transform(kind, PIVOT, camera, SIZE, START, constraint)


def apply(matrix: np.ndarray, point: np.ndarray) -> np.ndarray:
    return matrix[:3, :3] @ point + matrix[:3, 3]


@given(kinds)
def test_without_a_move_nothing_changes(kind: Kind) -> None:
    assert begun(kind).unchanged


@given(kinds, steps)
def test_coming_back_undoes_it(kind: Kind, step: tuple[float, float]) -> None:
    transform = begun(kind)
    transform.mouse_moved(START[0] + step[0], START[1] + step[1])
    transform.mouse_moved(*START)
    # Going round the pivot on one side and back on the other is a full turn, which is no change either.
    assert transform.matrix() == pytest.approx(np.eye(4), abs=1e-6)


@given(steps, st.booleans())
def test_a_free_move_follows_the_mouse(step: tuple[float, float], orthographic: bool) -> None:
    camera = Camera(distance=4.0, projection="orthographic" if orthographic else "perspective")
    transform = Transform("move", PIVOT, camera, SIZE, START)
    transform.mouse_moved(START[0] + step[0], START[1] + step[1])
    before = camera.project([PIVOT], SIZE)[0][0]
    after = camera.project([apply(transform.matrix(), PIVOT)], SIZE)[0][0]
    assert after - before == pytest.approx(step, abs=1e-6)


@given(steps, st.integers(0, 2), st.booleans())
def test_a_constrained_move_stays_on_its_axis_or_plane(
    step: tuple[float, float], axis: int, plane: bool
) -> None:
    transform = begun("move", Constraint(axis, plane))
    transform.mouse_moved(START[0] + step[0], START[1] + step[1])
    offset = transform.offset()
    others = [other for other in range(3) if other != axis]
    assert (
        offset[axis] == pytest.approx(0, abs=1e-9) if plane else offset[others] == pytest.approx(0, abs=1e-9)
    )
    assert np.isfinite(offset).all()


@given(st.sampled_from(["rotate", "scale"]), steps, st.sampled_from([None, 0, 1, 2]))
def test_turning_and_scaling_keep_the_pivot(kind: Kind, step: tuple[float, float], axis: int | None) -> None:
    transform = begun(kind, None if axis is None else Constraint(axis))
    transform.mouse_moved(START[0] + step[0], START[1] + step[1])
    matrix = transform.matrix()
    assert apply(matrix, PIVOT) == pytest.approx(PIVOT, abs=1e-9)
    if kind == "rotate":
        assert matrix[:3, :3] @ matrix[:3, :3].T == pytest.approx(np.eye(3), abs=1e-9)
    elif axis is not None:
        expected = np.ones(3)
        expected[axis] = transform.factor()
        assert matrix[:3, :3] == pytest.approx(np.diag(expected))


def test_shift_makes_the_mouse_finer_from_where_it_is() -> None:
    transform = begun("move", Constraint(0))
    transform.mouse_moved(START[0] + 50, START[1])
    coarse = transform.offset()[0]
    transform.mouse_moved(START[0] + 60, START[1], fine=True)
    fine = transform.offset()[0] - coarse
    assert 0 < fine < 0.03 * 10 * coarse / 50 * 10
    reference = begun("move", Constraint(0))
    reference.mouse_moved(START[0] + 51, START[1])
    assert transform.offset() == pytest.approx(reference.offset())


@pytest.mark.parametrize(("kind", "step"), [("move", 0.05), ("rotate", 15.0), ("scale", 0.1)])
def test_control_moves_in_steps(kind: Kind, step: float) -> None:
    transform = begun(kind, Constraint(1))
    transform.mouse_moved(START[0] + 37, START[1] - 61, snapping=True)
    value = {"move": transform.offset()[1], "rotate": transform.angle(), "scale": transform.factor()}[kind]
    assert value / step == pytest.approx(round(value / step), abs=1e-9)
    assert not transform.unchanged


def test_typed_numbers_win_over_the_mouse() -> None:
    transform = begun("move", Constraint(2))
    transform.mouse_moved(700, 100)
    for character in "1.5":
        assert transform.type(character)
    assert transform.offset() == pytest.approx((0, 0, 1.5))
    transform.type("-")
    assert transform.offset() == pytest.approx((0, 0, -1.5))
    transform.type("-")
    transform.backspace()
    assert transform.typed == "1."
    assert transform.offset() == pytest.approx((0, 0, 1))
    assert not transform.type("e")
    assert not transform.type(".")
    assert not transform.type("")
    assert transform.value_text() == "Z +1.000"


def test_a_typed_angle_turns_by_the_right_hand() -> None:
    transform = begun("rotate", Constraint(1))
    for character in "90":
        transform.type(character)
    turned = apply(transform.matrix(), PIVOT + np.array([1, 0, 0]))
    assert turned == pytest.approx(PIVOT + np.array([0, 0, -1]), abs=1e-9)
    assert transform.value_text() == "Y 90.0°"
    assert transform.axis_phrase == "about y"


def test_the_mouse_turns_a_ring_the_way_it_goes() -> None:
    camera = Camera(azimuth=0, elevation=0, distance=4.0)
    centre = camera.project([PIVOT], SIZE)[0][0]
    transform = Transform("rotate", PIVOT, camera, SIZE, (centre[0] + 100, centre[1]), Constraint(2))
    for degrees in range(0, 271, 10):
        angle = np.radians(degrees)
        transform.mouse_moved(centre[0] + 100 * np.cos(angle), centre[1] - 100 * np.sin(angle))
    assert transform.angle() == pytest.approx(270.0, abs=0.5)


def test_scaling_by_the_mouse_goes_with_its_distance() -> None:
    centre = CAMERA.project([PIVOT], SIZE)[0][0]
    transform = Transform("scale", PIVOT, CAMERA, SIZE, (centre[0] + 50, centre[1]))
    transform.mouse_moved(centre[0] + 100, centre[1])
    assert transform.factor() == pytest.approx(2.0)
    transform.mouse_moved(centre[0] - 500, centre[1])
    assert transform.factor() == pytest.approx(0.05)


def test_axis_keys_cycle_scene_own_and_free() -> None:
    own = rotation((0, 1, 0), np.radians(30)).T
    transform = Transform("move", PIVOT, CAMERA, SIZE, START, None, own)
    transform.constrain(0)
    assert transform.axis == pytest.approx((1, 0, 0))
    transform.constrain(0)
    assert transform.axis == pytest.approx(own[0])
    assert transform.value_text().startswith("own X")
    transform.constrain(0)
    assert transform.axis is None
    transform.constrain(1, plane=True)
    assert transform.constraint is not None
    assert transform.constraint.name == "XZ"
    assert transform.axis_phrase == "in xz"


@given(st.permutations([0, 1, 2]), st.tuples(*[st.sampled_from([-1.0, 1.0])] * 3), st.floats(-0.6, 0.6))
def test_own_axes_are_matched_to_the_nearest_of_the_scene(
    order: list[int], signs: tuple[float, ...], angle: float
) -> None:
    turned = rotation((0, 0, 1), angle).T
    shuffled = np.asarray(signs)[:, None] * turned[order]
    assert matched_axes(shuffled) == pytest.approx(turned, abs=1e-9)


# ---------------------------------------------------------------------- handles


@given(
    st.floats(-180, 180), st.floats(-85, 85), st.floats(1, 20), st.sampled_from(["move", "rotate", "scale"])
)
def test_handles_keep_their_size_and_are_found_under_the_mouse(
    azimuth: float, elevation: float, distance: float, mode: Kind
) -> None:
    camera = Camera(azimuth=azimuth, elevation=elevation, distance=distance)
    found = handles(mode, PIVOT, camera, SIZE, DARK)
    centre = camera.project([PIVOT], SIZE)[0][0]
    reach = max(float(np.linalg.norm(handle.line - centre, axis=1).max()) for handle in found)
    assert 0.5 * LENGTH < reach < 1.35 * LENGTH
    for handle in found:
        if handle.kind in ("arrow", "bar"):
            hit = handle_at(found, *handle.line[-1])
            assert hit is not None
        if handle.kind == "square":
            middle = handle.line.mean(axis=0)
            assert handle_at(found, *middle) is not None
    assert handle_at(found, centre[0] + 3 * LENGTH, centre[1]) is None


def test_arrows_that_point_at_the_eye_are_left_out() -> None:
    front = Camera(azimuth=0, elevation=0, distance=5, target=tuple(PIVOT))
    arrows = {h.constraint for h in handles("move", PIVOT, front, SIZE, DARK) if h.kind == "arrow"}
    assert arrows == {Constraint(0), Constraint(1)}


def test_the_axis_cross_names_views_and_turns_round() -> None:
    home = Camera()
    right, up, _ = home.axes
    centre = np.array([SIZE[0] - 56, 56])
    for axis, name in ((0, "right"), (1, "top"), (2, "front")):
        ball = centre + 34 * np.array([right[axis], -up[axis]])
        assert cross_view_at(home, SIZE, *ball) == name
    assert cross_view_at(home, SIZE, 100, 100) == ""
    assert cross_view_at(home.looking("front"), SIZE, *centre) == "back"


def test_axis_keys_mean_the_own_axes_first_when_handles_do() -> None:
    own = rotation((0.0, 1.0, 0.0), 0.5)
    transform = Transform("move", PIVOT, CAMERA, SIZE, START, None, own, local_first=True)
    transform.constrain(0)
    assert transform.constraint == Constraint(0, local=True)
    assert transform.axis == pytest.approx(own[0])
    transform.constrain(0)
    assert transform.constraint == Constraint(0)
    assert transform.axis == pytest.approx((1, 0, 0))
    transform.constrain(0)
    assert transform.constraint is None
    transform.constrain(2, plane=True)
    assert transform.constraint == Constraint(2, True, True)
