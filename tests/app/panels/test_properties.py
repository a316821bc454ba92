"""Exact numbers: what is shown, what committing a number does to the Gaussians, reset, provenance."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.panels import part_frame
from app.panels.number_row import NumberField
from app.panels.part_frame import PartFrame
from app.panels.properties import PropertiesPanel
from core.scene.gaussians import DEFAULT_SIGMAS, transform
from core.scene.selection import PartRef
from core.scene.shape import AXES, CENTRE, EIGENVALUES
from tests.app.conftest import Bench
from tests.app.panels.conftest import Desk

Show = Callable[..., QWidget]
angle = st.floats(-179.0, 179.0)


@pytest.fixture
def panel(desk: Desk, shown: Show) -> PropertiesPanel:
    desk.editor.twins_enabled = False
    panel = PropertiesPanel(desk.document, desk.editor)
    shown(panel, 360, 480)
    return panel


def commit(field: NumberField, text: str) -> None:
    """Type a number over the present one and press Enter."""
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def shown_values(row: object) -> list[float]:
    return [field.value() for field in row.fields]  # type: ignore[attr-defined]


def gaussian(desk: Desk, part_id: int) -> np.ndarray:
    shape = desk.document.scene.shape("s1")
    return shape.extrinsics[shape.row(part_id)]


# --- the arithmetic -----------------------------------------------------------------------------------


@given(angle, st.floats(-89.0, 89.0), angle)
def test_euler_angles_and_rotations_are_inverse(x: float, y: float, z: float) -> None:
    angles = np.array([x, y, z])
    assert part_frame.euler_angles(part_frame.rotation_matrix(angles)) == pytest.approx(angles, abs=1e-6)


@pytest.mark.parametrize("y", [90.0, -90.0])
@given(angle, angle)
def test_gimbal_lock_still_gives_the_rotation(y: float, x: float, z: float) -> None:
    rotation = part_frame.rotation_matrix(np.array([x, y, z]))
    again = part_frame.rotation_matrix(part_frame.euler_angles(rotation))
    assert again == pytest.approx(rotation, abs=1e-6)


@given(angle, st.floats(-89.0, 89.0), angle, st.permutations(range(3)), st.tuples(*[st.booleans()] * 3))
def test_any_order_and_sign_of_the_axes_reads_the_same(
    x: float, y: float, z: float, order: list[int], flips: tuple[bool, bool, bool]
) -> None:
    """Rows of the axes are a set with signs: all 48 ways to store a Gaussian describe one ellipsoid."""
    rotation = part_frame.rotation_matrix(np.array([x, y, z]))
    variances = np.array([0.01, 0.04, 0.09])
    signs = np.where(flips, -1.0, 1.0)
    values = np.zeros(16, np.float32)
    values[CENTRE] = 0.1, 0.2, 0.3
    values[AXES] = (rotation.T[order] * signs[:, None]).reshape(-1)
    values[EIGENVALUES] = variances[order]
    frame = part_frame.read_frame(values, part_frame.reading_order(values))
    assert np.linalg.det(frame.rotation) == pytest.approx(1.0)
    covariance = frame.rotation @ np.diag((frame.size / (2 * DEFAULT_SIGMAS)) ** 2) @ frame.rotation.T
    assert covariance == pytest.approx(rotation @ np.diag(variances) @ rotation.T, abs=1e-6)


def test_upright_parts_read_rotation_zero_and_size_along_the_axes() -> None:
    values = np.zeros(16, np.float32)
    values[AXES] = np.array([[0, 0, -1], [1, 0, 0], [0, 1, 0]], np.float32).reshape(-1)
    values[EIGENVALUES] = 0.09, 0.01, 0.04
    frame = part_frame.read_frame(values, part_frame.reading_order(values))
    assert frame.angles == pytest.approx(np.zeros(3), abs=1e-6)
    assert frame.size / (2 * DEFAULT_SIGMAS) == pytest.approx([0.1, 0.2, 0.3], abs=1e-6)


@given(angle, st.floats(-89.0, 89.0), angle, st.tuples(*[st.floats(0.05, 2.0)] * 3))
def test_between_takes_one_frame_to_another(
    x: float, y: float, z: float, size: tuple[float, float, float]
) -> None:
    now = PartFrame(np.array([0.1, 0.2, 0.3]), np.eye(3), np.array([0.4, 0.9, 0.2]))
    rotation = part_frame.rotation_matrix(np.array([x, y, z]))
    then = PartFrame(np.array([-0.5, 0.0, 0.7]), rotation, np.array(size))
    matrix = part_frame.between(now, then)
    assert matrix @ [*now.centre, 1.0] == pytest.approx([*then.centre, 1.0])
    axes = matrix[:3, :3] @ (now.rotation * now.size)
    assert axes == pytest.approx(then.rotation * then.size)


def test_in_scene_moves_the_pivot_with_the_shape() -> None:
    matrix = part_frame.about(np.array([0.1, 0.2, 0.3]), part_frame.rotation_matrix(np.array([0, 0, 90.0])))
    placed = part_frame.in_scene(matrix, (2.2, 0.0, 0.0))
    pivot = np.array([2.3, 0.2, 0.3, 1.0])
    assert placed @ pivot == pytest.approx(pivot)


# --- the panel ----------------------------------------------------------------------------------------


def test_nothing_selected_in_an_empty_scene_teaches(panel: PropertiesPanel, desk: Desk) -> None:
    desk.document.new()
    assert panel._empty.isVisible()


def test_one_part_shows_its_numbers(panel: PropertiesPanel, desk: Desk) -> None:
    desk.select(1)
    assert panel.name_edit.text() == "back"
    assert panel.about_label.text() == "Back of Chair 1, slot 1"
    assert shown_values(panel.centre_row) == pytest.approx([0.0, 0.5, -0.3])
    assert shown_values(panel.rotation_row) == [0.0, 0.0, 0.0]
    assert shown_values(panel.size_row) == pytest.approx([0.4, 0.4, 0.4], abs=1e-3)


def test_a_centre_is_set_exactly_and_nothing_else_changes(panel: PropertiesPanel, desk: Desk) -> None:
    before = desk.document.scene.shape("s1")
    desk.select(1)
    commit(panel.centre_row.fields[1], "0.625")
    after = desk.document.scene.shape("s1")
    assert after.extrinsics[1, CENTRE] == pytest.approx([0.0, 0.625, -0.3], abs=1e-6)
    changed = np.any(after.extrinsics != before.extrinsics, axis=1)
    assert changed.tolist() == [False, True, False, False, False, False]
    assert np.array_equal(after.intrinsics, before.intrinsics)
    assert desk.document.stack.count() == 1
    assert desk.document.stack.undoText() == "Move back"


def test_twins_follow_mirrored(panel: PropertiesPanel, desk: Desk) -> None:
    desk.editor.twins_enabled = True
    desk.select(4)
    commit(panel.centre_row.fields[0], "0.45")
    assert gaussian(desk, 4)[0] == pytest.approx(0.45)
    assert gaussian(desk, 5)[0] == pytest.approx(-0.45)


def test_typing_without_enter_changes_nothing(panel: PropertiesPanel, desk: Desk) -> None:
    desk.select(1)
    field = panel.centre_row.fields[1]
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "0.9")
    assert desk.document.stack.count() == 0


def test_enter_without_a_change_is_no_step(panel: PropertiesPanel, desk: Desk) -> None:
    desk.select(1)
    QTest.keyClick(panel.centre_row.fields[2], Qt.Key.Key_Return)
    assert desk.document.stack.count() == 0


def test_nudges_of_one_field_are_one_step(panel: PropertiesPanel, desk: Desk) -> None:
    desk.select(1)
    field = panel.centre_row.fields[1]
    field.setFocus()
    for _ in range(3):
        QTest.keyClick(field, Qt.Key.Key_Up)
    assert gaussian(desk, 1)[1] == pytest.approx(0.53, abs=1e-6)
    assert desk.document.stack.count() == 1
    QTest.keyClick(panel.centre_row.fields[0], Qt.Key.Key_Up)
    assert desk.document.stack.count() == 2


def test_rotation_is_set_about_the_centre_and_shown_as_typed(panel: PropertiesPanel, desk: Desk) -> None:
    desk.select(1)
    commit(panel.size_row.fields[1], "0.8")
    commit(panel.rotation_row.fields[1], "130")
    values = gaussian(desk, 1)
    assert values[CENTRE] == pytest.approx([0.0, 0.5, -0.3], abs=1e-5)
    frame = part_frame.read_frame(values, panel._order)  # type: ignore[arg-type]
    assert frame.rotation == pytest.approx(part_frame.rotation_matrix(np.array([0.0, 130.0, 0.0])), abs=1e-5)
    assert shown_values(panel.rotation_row) == [0.0, 130.0, 0.0]
    commit(panel.rotation_row.fields[0], "20")
    assert shown_values(panel.rotation_row) == [20.0, 130.0, 0.0]
    assert shown_values(panel.size_row) == pytest.approx([0.4, 0.8, 0.4], abs=2e-3)


def test_size_is_set_along_the_parts_own_axes(panel: PropertiesPanel, desk: Desk) -> None:
    desk.select(1)
    commit(panel.size_row.fields[0], "1.2")
    commit(panel.rotation_row.fields[2], "30")
    commit(panel.size_row.fields[1], "0.1")
    frame = part_frame.read_frame(gaussian(desk, 1), panel._order)  # type: ignore[arg-type]
    assert frame.size == pytest.approx([1.2, 0.1, 0.4], rel=2e-3)
    assert frame.angles == pytest.approx([0.0, 0.0, 30.0], abs=1e-3)


def test_proportions_can_be_kept(panel: PropertiesPanel, desk: Desk) -> None:
    desk.select(1)
    commit(panel.size_row.fields[0], "0.8")
    panel.proportions_box.click()
    commit(panel.size_row.fields[1], "0.2")
    assert shown_values(panel.size_row) == pytest.approx([0.4, 0.2, 0.2], abs=2e-3)


def test_a_part_of_a_shape_that_stands_aside(panel: PropertiesPanel, desk: Desk) -> None:
    desk.editor.move_shape("s1", (2.2, 0.0, 0.5))
    desk.select(1)
    commit(panel.size_row.fields[0], "0.9")
    commit(panel.rotation_row.fields[1], "45")
    assert gaussian(desk, 1)[CENTRE] == pytest.approx([0.0, 0.5, -0.3], abs=1e-5)
    assert shown_values(panel.rotation_row) == [0.0, 45.0, 0.0]


def test_reset_goes_back_to_where_it_was_when_selected(panel: PropertiesPanel, desk: Desk) -> None:
    desk.select(1)
    start = gaussian(desk, 1).copy()
    assert not panel.centre_row.reset_button.isEnabled()
    commit(panel.centre_row.fields[0], "0.3")
    commit(panel.size_row.fields[2], "0.9")
    commit(panel.rotation_row.fields[0], "33")
    QTest.mouseClick(panel.rotation_row.reset_button, Qt.MouseButton.LeftButton)
    assert shown_values(panel.rotation_row) == pytest.approx([0.0, 0.0, 0.0], abs=0.05)
    assert shown_values(panel.centre_row) == pytest.approx([0.3, 0.5, -0.3])
    QTest.mouseClick(panel.size_row.reset_button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.centre_row.reset_button, Qt.MouseButton.LeftButton)
    assert gaussian(desk, 1)[CENTRE] == pytest.approx(start[CENTRE], abs=1e-5)
    assert np.sort(gaussian(desk, 1)[EIGENVALUES]) == pytest.approx(np.sort(start[EIGENVALUES]), rel=1e-3)
    assert desk.document.stack.count() == 6


def test_several_parts_move_turn_and_scale_about_their_middle(panel: PropertiesPanel, desk: Desk) -> None:
    desk.select(2, 3)
    assert panel.name_edit.text() == "2 parts"
    assert panel.centre_row.name.text() == "Move to"
    assert shown_values(panel.centre_row) == pytest.approx([0.0, -0.5, 0.0])
    before = desk.document.scene.shape("s1").extrinsics
    commit(panel.rotation_row.fields[1], "90")
    expected = transform(
        before[2:4],
        part_frame.about(np.array([0.0, -0.5, 0.0]), part_frame.rotation_matrix(np.array([0, 90.0, 0]))),
    )
    after = desk.document.scene.shape("s1").extrinsics
    assert after[2:4, CENTRE] == pytest.approx(expected[:, CENTRE], abs=1e-6)
    assert shown_values(panel.rotation_row) == [0.0, 0.0, 0.0]
    commit(panel.centre_row.fields[1], "-0.4")
    assert desk.document.scene.shape("s1").extrinsics[2:4, 1] == pytest.approx([-0.4, -0.4])
    commit(panel.size_row.fields[2], "2")
    assert shown_values(panel.size_row) == [1.0, 1.0, 1.0]
    spread = desk.document.scene.shape("s1").extrinsics[2:4, 2]
    assert sorted(spread) == pytest.approx([-0.6, 0.6], abs=1e-5)


def test_locked_parts_cannot_be_edited_and_say_so(panel: PropertiesPanel, desk: Desk) -> None:
    desk.select(1)
    panel.locked_box.click()
    assert desk.document.scene.shape("s1").part(1).locked
    assert not panel.centre_row.fields[0].isEnabled()
    assert "locked" in panel.note.text()
    assert panel.note.isVisible()


def test_hiding_from_the_panel(panel: PropertiesPanel, desk: Desk) -> None:
    desk.select(1)
    panel.visible_box.click()
    assert not desk.document.scene.shape("s1").part(1).visible


def test_renaming_is_one_step(panel: PropertiesPanel, desk: Desk) -> None:
    desk.select(1)
    panel.name_edit.selectAll()
    QTest.keyClicks(panel.name_edit, "tall back")
    QTest.keyClick(panel.name_edit, Qt.Key.Key_Return)
    panel.name_edit.clearFocus()
    assert desk.document.scene.shape("s1").part(1).name == "tall back"
    assert desk.document.stack.count() == 1


def test_without_parts_the_shape_is_shown_and_can_be_placed(panel: PropertiesPanel, desk: Desk) -> None:
    desk.select(shape_id="s2")
    assert panel.name_edit.text() == "Chair 2"
    assert not panel.rotation_row.isVisible()
    commit(panel.centre_row.fields[0], "2.5")
    assert desk.document.scene.shape("s2").position == (2.5, 0.0, 0.0)
    QTest.mouseClick(panel.centre_row.reset_button, Qt.MouseButton.LeftButton)
    assert desk.document.scene.shape("s2").position == (0.0, 0.0, 0.0)
    assert desk.document.stack.count() == 2


def test_provenance_names_the_request_that_made_the_part(bench: Bench, shown: Show) -> None:
    panel = PropertiesPanel(bench.document, bench.editor)
    shown(panel, 360, 480)
    bench.editor.vary(0.3, parts=[1], seed=41, count=1)
    candidates = bench.candidates[-1]
    bench.editor.accept(candidates.items[0], candidates.request)  # type: ignore[attr-defined]
    bench.document.set_selection(bench.document.selection.replaced([PartRef("s1", 1)]))
    assert "seed 41" in panel.origin_label.text()
    assert "strength 0.30 (vary)" in panel.origin_label.text()
    bench.document.set_selection(bench.document.selection.replaced([PartRef("s1", 0)]))
    assert "seed 41" not in panel.origin_label.text()
