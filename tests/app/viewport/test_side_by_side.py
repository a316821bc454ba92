"""Candidates side by side: linked cameras, two of them, accepting, and leaving without a trace."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.application import Workbench
from app.viewport.beside import Beside
from core.edits.results import Candidate
from tests.app.steps import BACK

pytestmark = pytest.mark.gl
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def offered(workbench: Workbench) -> tuple[Candidate, ...]:
    """Three candidates in the gallery; the first one was looked at."""
    workbench.editor.vary(0.4, [BACK], seed=7, count=3)
    group = workbench.window.gallery.groups[0]
    items = tuple(tile.candidate for tile in group.tiles)
    workbench.editor.look_at(items[0], group.request)
    workbench.editor.look_at(None)
    return items  # type: ignore[return-value]


def begin(workbench: Workbench, qtbot: QtBot) -> Beside:
    """Press the key and wait until both pictures were drawn."""
    qtbot.keyClick(workbench.window.viewport.surface, Qt.Key.Key_C, SHIFT)
    beside = workbench.window.side_by_side.beside
    assert beside is not None
    qtbot.waitUntil(lambda: beside.canvas.painted, timeout=30000)
    return beside


def choose(workbench: Workbench, candidate: Candidate, text: str) -> None:
    gallery = workbench.window.gallery
    menu = gallery.menu_of(candidate, gallery.groups[0].request)
    next(action for action in menu.actions() if action.text() == text).trigger()


def test_the_key_begins_and_ends_it_and_everything_is_as_before(
    workbench: Workbench, offered: tuple[Candidate, ...], qtbot: QtBot
) -> None:
    window, viewport = workbench.window, workbench.window.viewport
    viewport.set_view("left")
    camera, size, plain = viewport.camera, viewport.view_size, viewport.grab_image()
    scene, steps = workbench.document.scene, workbench.document.stack.count()
    beside = begin(workbench, qtbot)
    assert window.menus.actions["view.side_by_side"].isChecked()
    assert beside.view.candidate is offered[0]
    assert viewport.view.candidate is None
    assert abs(viewport.view_size[0] - beside.view_size[0]) <= 1
    assert viewport.view_size[0] < size[0] / 2 + 2
    assert beside.caption.text.text() == "Candidate, seed 7"
    assert beside.grab_image().shape == viewport.grab_image().shape
    qtbot.keyClick(viewport.surface, Qt.Key.Key_Escape)
    assert not window.menus.actions["view.side_by_side"].isChecked()
    assert not beside.isVisible()
    qtbot.waitUntil(lambda: viewport.view_size == size, timeout=20000)
    assert viewport.camera == camera
    np.testing.assert_array_equal(viewport.grab_image(), plain)
    assert (workbench.document.scene, workbench.document.stack.count()) == (scene, steps)
    assert begin(workbench, qtbot) is beside
    qtbot.keyClick(viewport.surface, Qt.Key.Key_C, SHIFT)
    assert not window.side_by_side.comparing


def test_both_mice_move_both_cameras(
    workbench: Workbench, offered: tuple[Candidate, ...], qtbot: QtBot
) -> None:
    viewport, beside = workbench.window.viewport, begin(workbench, qtbot)
    assert beside.camera == viewport.camera
    for surface in (beside.surface, viewport.surface):
        before = viewport.camera
        middle = surface.rect().center()
        QTest.mousePress(surface, Qt.MouseButton.LeftButton, pos=middle)
        QTest.mouseMove(surface, middle + QPoint(30, 4))
        QTest.mouseMove(surface, middle + QPoint(60, 8))
        QTest.mouseRelease(surface, Qt.MouseButton.LeftButton, pos=middle + QPoint(60, 8))
        assert viewport.camera.axes[2] @ before.axes[2] < 0.999
        assert beside.camera == viewport.camera
    before = viewport.camera
    at = QPointF(beside.surface.rect().center())
    wheel = QWheelEvent(
        at, beside.surface.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(beside.surface, wheel)
    assert beside.camera.distance < before.distance
    assert beside.camera == viewport.camera
    workbench.window.menus.actions["view.go_back"].trigger()
    assert beside.camera == viewport.camera
    assert viewport.camera.distance == before.distance
    workbench.window.set_theme("light")
    assert beside.look is viewport.look
    workbench.window.set_theme("dark")
    workbench.window.set_display("wireframe")
    assert beside.display == "wireframe"


def test_two_candidates_are_compared_swapped_and_one_accepted(
    workbench: Workbench, offered: tuple[Candidate, ...], qtbot: QtBot
) -> None:
    window, viewport = workbench.window, workbench.window.viewport
    beside = begin(workbench, qtbot)
    choose(workbench, offered[2], "Compare")
    assert (viewport.view.candidate, beside.view.candidate) == (offered[0], offered[2])
    QTest.mouseClick(beside.swap_button, Qt.MouseButton.LeftButton)
    assert (viewport.view.candidate, beside.view.candidate) == (offered[2], offered[0])
    # Another one under the mouse is shown on the left for that time.
    workbench.editor.look_at(offered[1], window.gallery.groups[0].request)
    assert viewport.view.candidate is offered[1]
    assert window.side_by_side._caption.text.text() == "Candidate, seed 8"
    workbench.editor.look_at(None)
    assert viewport.view.candidate is offered[2]
    assert window.side_by_side._caption.text.text() == "Candidate, seed 9"
    QTest.mouseClick(beside.caption.accept_button, Qt.MouseButton.LeftButton)
    accepted = workbench.document.scene.shape("s1")
    np.testing.assert_array_equal(accepted.intrinsics, offered[0].shape.intrinsics)
    assert workbench.document.stack.count() == 1
    assert not window.side_by_side.comparing
    assert viewport.view.candidate is None


def test_nothing_can_be_taken_hold_of_where_a_candidate_is_drawn(
    workbench: Workbench, offered: tuple[Candidate, ...], qtbot: QtBot
) -> None:
    window, viewport = workbench.window, workbench.window.viewport
    qtbot.keyClick(viewport.surface, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert viewport.tools.handles()
    begin(workbench, qtbot)
    QTest.mouseClick(window.side_by_side.beside.swap_button, Qt.MouseButton.LeftButton)  # type: ignore[union-attr]
    assert viewport.view.candidate is offered[0]
    assert not viewport.tools.handles()
    QTest.mouseClick(window.side_by_side.beside.close_button, Qt.MouseButton.LeftButton)  # type: ignore[union-attr]
    assert viewport.tools.handles()


def test_stale_and_missing_candidates_are_refused_in_words(
    workbench: Workbench, offered: tuple[Candidate, ...], qtbot: QtBot
) -> None:
    window = workbench.window
    request = window.gallery.groups[0].request
    workbench.editor.rename_part("s1", 0, "cushion")
    assert not window.menus.actions["view.side_by_side"].isEnabled()
    window.side_by_side.compare(offered[0], request)
    assert "changed since" in window.message.text()
    window.gallery.clear()
    window.side_by_side.toggle()
    assert "Hover a candidate" in window.message.text()
    assert not window.side_by_side.comparing
