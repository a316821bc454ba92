"""Mouse and keys on the real widget: navigation, selection, transforms, and what they may not change."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.viewport.canvas import Viewport
from core.scene.selection import PartRef
from tests.app.viewport.conftest import (
    BACK,
    LEFT_ARM,
    LEFT_LEG,
    RIGHT_ARM,
    RIGHT_LEG,
    SEAT,
    Counter,
    click,
    drag,
    move,
    picture,
    select,
    selected,
    where,
)

pytestmark = pytest.mark.gl

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
EMPTY = QPoint(40, 440)


def centres(viewport: Viewport) -> np.ndarray:
    return viewport.document.scene.shapes[0].extrinsics[:, :3].astype(np.float64)


# ---------------------------------------------------------------------- select


@pytest.mark.parametrize("view", ["home", "front", "left"])
@pytest.mark.parametrize("projection", ["perspective", "orthographic"])
def test_a_click_selects_the_part_under_it(viewport: Viewport, view: str, projection: str) -> None:
    viewport.set_view(view)
    viewport.set_projection(projection)  # type: ignore[arg-type]
    seen = 0
    for part_id in (SEAT, BACK, RIGHT_LEG, LEFT_LEG, RIGHT_ARM, LEFT_ARM):
        point = where(viewport, part_id)
        front = viewport.part_at(point.x(), point.y())
        assert front is not None
        click(viewport, point)
        assert selected(viewport) == {front.part_id}
        seen += front.part_id == part_id
    assert seen >= 3
    assert viewport.document.stack.count() == 0


def test_shift_click_toggles_and_a_click_on_nothing_clears(viewport: Viewport) -> None:
    viewport.set_view("front")
    click(viewport, where(viewport, LEFT_ARM))
    click(viewport, where(viewport, RIGHT_ARM), SHIFT)
    assert selected(viewport) == {LEFT_ARM, RIGHT_ARM}
    click(viewport, where(viewport, LEFT_ARM), SHIFT)
    assert selected(viewport) == {RIGHT_ARM}
    click(viewport, EMPTY, SHIFT)
    assert selected(viewport) == {RIGHT_ARM}
    click(viewport, EMPTY)
    assert selected(viewport) == set()


def test_a_box_selects_what_lies_in_it(viewport: Viewport) -> None:
    viewport.set_view("front")
    left, right = where(viewport, LEFT_LEG), where(viewport, RIGHT_LEG)
    drag(viewport, left - QPoint(60, 40), right + QPoint(60, 40), CONTROL)
    assert selected(viewport) == {LEFT_LEG, RIGHT_LEG}
    viewport.begin_tool("box")
    assert viewport.tools.name == "box"
    back = where(viewport, BACK)
    drag(viewport, back - QPoint(50, 50), back + QPoint(50, 50), SHIFT)
    assert selected(viewport) == {LEFT_LEG, RIGHT_LEG, BACK}
    assert viewport.tools.name == "select"


def test_a_box_can_be_given_up(viewport: Viewport, qtbot: QtBot) -> None:
    select(viewport, SEAT)
    viewport.begin_tool("box")
    QTest.mousePress(viewport.surface, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    move(viewport, QPoint(500, 400))
    assert viewport.tools.box is not None
    QTest.keyClick(viewport.surface, Qt.Key.Key_Escape)
    QTest.mouseRelease(viewport.surface, Qt.MouseButton.LeftButton, pos=QPoint(500, 400))
    assert selected(viewport) == {SEAT}
    assert viewport.tools.name == "select"


def test_a_right_click_selects_and_asks_for_the_menu(viewport: Viewport, qtbot: QtBot) -> None:
    with qtbot.waitSignal(viewport.context_menu_requested) as asked:
        click(viewport, where(viewport, SEAT), button=Qt.MouseButton.RightButton)
    assert selected(viewport) == {SEAT}
    assert viewport.surface.mapFromGlobal(asked.args[0]) == where(viewport, SEAT)


def test_hovering_lights_the_part_and_names_it(
    viewport: Viewport, qtbot: QtBot, changed_pixels: Counter
) -> None:
    before = picture(viewport)
    with qtbot.waitSignal(viewport.hovered) as hovered:
        move(viewport, where(viewport, SEAT))
    assert hovered.args == [PartRef("s1", SEAT)]
    assert viewport.labels.part.isVisible()
    assert viewport.labels.part.text() == "seat"
    assert changed_pixels(before) > 100
    with qtbot.waitSignal(viewport.hovered) as hovered:
        move(viewport, EMPTY)
    assert hovered.args == [None]
    assert viewport.labels.part.isHidden()
    assert changed_pixels(before) == 0


def test_hovering_picks_at_most_thirty_times_a_second(
    viewport: Viewport, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    picks: list[tuple[float, float]] = []
    monkeypatch.setattr(viewport, "part_at", lambda x, y: picks.append((x, y)))
    qtbot.wait(50)
    picks.clear()
    for step in range(60):
        viewport.tools.moved(100.0 + step, 100.0, Qt.KeyboardModifier.NoModifier)
        viewport._input.used.emit()
    assert len(picks) == 1
    qtbot.waitUntil(lambda: len(picks) == 2)
    assert picks[-1] == (159.0, 100.0)


# ---------------------------------------------------------------------- navigate


def test_dragging_orbits_pans_and_never_touches_the_scene(viewport: Viewport) -> None:
    scene, camera = viewport.document.scene, viewport.camera
    drag(viewport, EMPTY, EMPTY + QPoint(80, -60))
    orbited = viewport.camera
    assert orbited.azimuth == pytest.approx(camera.azimuth - 32.0)
    assert orbited.elevation == pytest.approx(camera.elevation - 24.0)
    assert orbited.target == camera.target
    drag(viewport, EMPTY, EMPTY + QPoint(50, -30), SHIFT)
    assert viewport.camera.target != orbited.target
    assert viewport.camera.azimuth == orbited.azimuth
    drag(viewport, where(viewport, SEAT), EMPTY, button=Qt.MouseButton.MiddleButton)
    assert viewport.camera.azimuth != orbited.azimuth
    assert viewport.document.scene is scene
    assert viewport.document.stack.count() == 0
    assert selected(viewport) == set()


def test_a_short_drag_is_a_click(viewport: Viewport) -> None:
    camera, point = viewport.camera, where(viewport, SEAT)
    drag(viewport, point, point + QPoint(2, 2))
    assert viewport.camera == camera
    assert selected(viewport) == {SEAT}


@pytest.mark.parametrize("projection", ["perspective", "orthographic"])
def test_the_wheel_zooms_to_the_cursor(viewport: Viewport, projection: str) -> None:
    viewport.set_projection(projection)  # type: ignore[arg-type]
    size, spot = viewport.view_size, (500.0, 100.0)
    under = viewport.camera.on_plane(*spot, size, viewport.camera.target)
    before = viewport.camera.distance
    turn = QWheelEvent(
        QPointF(*spot),
        viewport.surface.mapToGlobal(QPointF(*spot)),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport.surface, turn)
    assert viewport.camera.distance == pytest.approx(before * 0.88**2)
    assert viewport.project([under])[0] == pytest.approx(spot, abs=1e-6)


def test_the_axis_cross_turns_the_view(viewport: Viewport) -> None:
    viewport.set_view("front")
    width = viewport.width()
    click(viewport, QPoint(width - 56, 56 - 34))
    assert (viewport.camera.azimuth, viewport.camera.elevation) == (0.0, 90.0)


def test_views_glide_when_animated(viewport: Viewport, qtbot: QtBot) -> None:
    viewport.animated = True
    viewport.set_view("left")
    assert viewport.camera.azimuth != -90.0
    qtbot.waitUntil(lambda: viewport.camera.azimuth == -90.0)
    viewport.set_view("top")
    viewport.project([[0.0, 0.0, 0.0]])
    assert viewport.camera.elevation == 90.0


# ---------------------------------------------------------------------- transform


def test_moving_by_keys_is_one_undo_step(viewport: Viewport) -> None:
    document = viewport.document
    scene, before = document.scene, centres(viewport)
    select(viewport, LEFT_ARM)
    move(viewport, EMPTY)
    viewport.begin_tool("move")
    for key in (Qt.Key.Key_Y, Qt.Key.Key_Period, Qt.Key.Key_2, Qt.Key.Key_5):
        QTest.keyClick(viewport.surface, key)
    assert document.scene is scene
    assert "Y +0.250" in viewport.labels.tool.text()
    QTest.keyClick(viewport.surface, Qt.Key.Key_Return)
    assert viewport.labels.tool.isHidden()
    assert document.stack.count() == 1
    assert document.stack.undoText() == "Move arm along y"
    expected = before.copy()
    expected[[LEFT_ARM, RIGHT_ARM], 1] += 0.25
    assert np.allclose(centres(viewport), expected, atol=1e-6)
    document.stack.undo()
    assert document.scene is scene


def test_twins_follow_mirrored_unless_switched_off(viewport: Viewport) -> None:
    before = centres(viewport)
    for twins, other in ((True, -0.1), (False, 0.0)):
        viewport.editor.twins_enabled = twins
        select(viewport, RIGHT_LEG)
        move(viewport, EMPTY)
        viewport.begin_tool("move")
        for key in (Qt.Key.Key_X, Qt.Key.Key_Period, Qt.Key.Key_1, Qt.Key.Key_Enter):
            QTest.keyClick(viewport.surface, key)
        moved = centres(viewport) - before
        assert moved[RIGHT_LEG] == pytest.approx((0.1, 0, 0), abs=1e-6)
        assert moved[LEFT_LEG] == pytest.approx((other, 0, 0), abs=1e-6)
        viewport.document.stack.undo()


@pytest.mark.parametrize("how", ["escape", "right click", "selection"])
def test_giving_up_a_transform_leaves_everything_as_it_was(
    viewport: Viewport, changed_pixels: Counter, how: str
) -> None:
    document = viewport.document
    scene = document.scene
    select(viewport, BACK)
    move(viewport, EMPTY)
    before = picture(viewport)
    viewport.begin_tool("rotate")
    move(viewport, QPoint(600, 60))
    assert changed_pixels(before) > 100
    assert document.scene is scene
    if how == "escape":
        QTest.keyClick(viewport.surface, Qt.Key.Key_Escape)
    elif how == "right click":
        QTest.mouseClick(viewport.surface, Qt.MouseButton.RightButton, pos=QPoint(600, 60))
    else:
        select(viewport, SEAT)
        select(viewport, BACK)
    assert document.scene is scene
    assert document.stack.count() == 0
    assert viewport.tools.name == "select"
    move(viewport, EMPTY)
    assert changed_pixels(before) == 0


def test_a_transform_that_does_nothing_is_no_undo_step(viewport: Viewport) -> None:
    select(viewport, BACK)
    move(viewport, EMPTY)
    viewport.begin_tool("scale")
    QTest.keyClick(viewport.surface, Qt.Key.Key_Return)
    assert viewport.document.stack.count() == 0
    assert viewport.tools.name == "select"


def test_the_mouse_moves_parts_in_the_picture(viewport: Viewport) -> None:
    select(viewport, BACK)
    start = where(viewport, BACK)
    move(viewport, start)
    viewport.begin_tool("move")
    move(viewport, start + QPoint(40, -25))
    click(viewport, start + QPoint(40, -25))
    assert viewport.document.stack.count() == 1
    there = where(viewport, BACK)
    assert (there.x(), there.y()) == pytest.approx((start.x() + 40, start.y() - 25), abs=1)


def test_dragging_a_handle_moves_along_its_axis(viewport: Viewport) -> None:
    select(viewport, BACK)
    before = centres(viewport)
    arrow = next(
        handle
        for handle in viewport.tools.handles()
        if handle.kind == "arrow" and handle.constraint.axis == 1
    )
    tip = QPoint(*(round(value) for value in arrow.line[-1]))
    drag(viewport, tip, tip + QPoint(3, -60))
    moved = centres(viewport) - before
    assert viewport.document.stack.count() == 1
    assert moved[BACK, 1] > 0.1
    assert moved[BACK, [0, 2]] == pytest.approx((0, 0), abs=1e-6)


def test_rotating_and_scaling_change_the_gaussians(viewport: Viewport) -> None:
    select(viewport, SEAT)
    move(viewport, EMPTY)
    before = viewport.document.scene.shapes[0].extrinsics[SEAT]
    viewport.begin_tool("rotate")
    for key in (Qt.Key.Key_Y, Qt.Key.Key_3, Qt.Key.Key_0, Qt.Key.Key_Return):
        QTest.keyClick(viewport.surface, key)
    after = viewport.document.scene.shapes[0].extrinsics[SEAT]
    assert after[3:12].reshape(3, 3) @ before[3:12].reshape(3, 3).T == pytest.approx(
        np.array([[0.8660254, 0, -0.5], [0, 1, 0], [0.5, 0, 0.8660254]]), abs=1e-6
    )
    viewport.begin_tool("scale")
    for key in (Qt.Key.Key_2, Qt.Key.Key_Return):
        QTest.keyClick(viewport.surface, key)
    scaled = viewport.document.scene.shapes[0].extrinsics[SEAT]
    assert scaled[13:] == pytest.approx(4 * after[13:], rel=1e-5)
    assert viewport.document.stack.count() == 2


def test_moved_parts_stay_where_they_were_put_while_they_are_decoded(viewport: Viewport) -> None:
    viewport.editor.worker.shutdown()
    viewport.set_view("front")
    select(viewport, RIGHT_ARM)
    before = picture(viewport).astype(int)
    old = where(viewport, RIGHT_ARM)
    move(viewport, EMPTY)
    viewport.begin_tool("move")
    for key in (Qt.Key.Key_Y, Qt.Key.Key_Period, Qt.Key.Key_4, Qt.Key.Key_Return):
        QTest.keyClick(viewport.surface, key)
    new = where(viewport, RIGHT_ARM)
    shape = viewport.document.scene.shapes[0]
    assert viewport.editor.meshes.best(shape) is None
    shown = picture(viewport).astype(int)
    assert old.y() - new.y() > 40
    assert np.abs(shown[new.y(), new.x()] - before[old.y(), old.x()]).max() < 25
    assert np.abs(shown[old.y(), old.x()] - before[old.y(), old.x()]).max() > 40
    viewport.document.stack.undo()
    assert np.abs(picture(viewport).astype(int) - before).max() < 6


def test_a_tool_begun_elsewhere_only_shows_its_handles(viewport: Viewport) -> None:
    select(viewport, SEAT)
    viewport.tools.left()
    viewport.begin_tool("rotate")
    assert viewport.tools.name == "select"
    assert {handle.kind for handle in viewport.tools.handles()} == {"circle"}


def test_keys_of_a_running_tool_are_no_shortcuts(viewport: Viewport, qtbot: QtBot) -> None:
    fired: list[str] = []
    shortcut = QShortcut(QKeySequence("X"), viewport)
    shortcut.activated.connect(lambda: fired.append("X"))
    viewport.activateWindow()
    viewport.surface.setFocus()
    qtbot.waitUntil(viewport.surface.hasFocus)
    QTest.keyClick(viewport.surface, Qt.Key.Key_X)
    assert fired == ["X"]
    select(viewport, SEAT)
    move(viewport, EMPTY)
    viewport.begin_tool("move")
    QTest.keyClick(viewport.surface, Qt.Key.Key_X)
    assert fired == ["X"]
    assert viewport.tools.transform is not None
    assert viewport.tools.transform.constraint is not None
    assert viewport.cancel_tool()
    assert not viewport.cancel_tool()


def test_the_running_tool_is_announced(viewport: Viewport) -> None:
    names: list[str] = []
    viewport.tool_changed.connect(names.append)
    select(viewport, SEAT)
    move(viewport, EMPTY)
    viewport.begin_tool("move")
    QTest.keyClick(viewport.surface, Qt.Key.Key_S)
    QTest.keyClick(viewport.surface, Qt.Key.Key_Escape)
    viewport.begin_tool("box")
    viewport.cancel_tool()
    assert names == ["move", "select", "scale", "select", "box", "select"]


def test_locked_parts_are_not_moved_and_the_person_is_told(viewport: Viewport) -> None:
    told: list[str] = []
    viewport.editor.message_posted.connect(lambda text, _level: told.append(text))
    viewport.editor.set_locked([PartRef("s1", SEAT)], True)
    scene = viewport.document.scene
    select(viewport, SEAT)
    move(viewport, EMPTY)
    viewport.begin_tool("move")
    move(viewport, QPoint(300, 100))
    QTest.mouseClick(viewport.surface, Qt.MouseButton.LeftButton, pos=QPoint(300, 100))
    assert viewport.document.scene is scene
    assert any("lock" in text.lower() for text in told)
    assert viewport.tools.name == "select"
