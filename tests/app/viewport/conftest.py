"""A real viewport on a chair of six boxes, and boxes as meshes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.viewport.canvas import Viewport
from core.scene.selection import PartRef
from tests.app.conftest import Bench

Counter = Callable[[np.ndarray], int]
SIZE = (640, 480)
SEAT, BACK, RIGHT_LEG, LEFT_LEG, RIGHT_ARM, LEFT_ARM = range(6)
"""Part ids of the chair; x > 0 is its right as seen from the front."""


@pytest.fixture
def viewport(qtbot: QtBot, bench: Bench) -> Viewport:
    """A shown viewport, seen from the front right, the mouse not in it yet."""
    viewport = Viewport(bench.document, bench.editor)
    viewport.animated = False
    qtbot.addWidget(viewport)
    viewport.resize(*SIZE)
    with qtbot.waitExposed(viewport):
        viewport.show()
    qtbot.waitUntil(lambda: viewport.canvas.painted, timeout=10_000)
    viewport.set_view("home")
    return viewport


def picture(viewport: Viewport) -> np.ndarray:
    """The picture without supersampling, four times as fast."""
    return viewport.grab_image(supersampling=1)


def where(viewport: Viewport, part_id: int) -> QPoint:
    """Pixel of the middle of a part."""
    shape = viewport.document.scene.shapes[0]
    centre = shape.extrinsics[shape.row(part_id), :3].astype(np.float64) + shape.position
    x, y = viewport.project([centre])[0]
    return QPoint(round(x), round(y))


def move(viewport: Viewport, point: QPoint, buttons: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
    """A mouse move, delivered at once (`QTest.mouseMove` moves the pointer and leaves the event to X)."""
    here = QPointF(point)
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        here,
        viewport.surface.mapToGlobal(here),
        Qt.MouseButton.NoButton,
        buttons,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(viewport.surface, event)


def click(
    viewport: Viewport,
    point: QPoint,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    button: Qt.MouseButton = Qt.MouseButton.LeftButton,
) -> None:
    move(viewport, point)
    QTest.mouseClick(viewport.surface, button, modifiers, point)


def drag(
    viewport: Viewport,
    start: QPoint,
    end: QPoint,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    button: Qt.MouseButton = Qt.MouseButton.LeftButton,
) -> None:
    """Press, move in four steps, release."""
    move(viewport, start)
    QTest.mousePress(viewport.surface, button, modifiers, start)
    for step in range(1, 5):
        way = QPoint(
            start.x() + (end.x() - start.x()) * step // 4, start.y() + (end.y() - start.y()) * step // 4
        )
        move(viewport, way, button)
    QTest.mouseRelease(viewport.surface, button, modifiers, end)


def selected(viewport: Viewport) -> set[int]:
    return {ref.part_id for ref in viewport.document.selection.parts}


def select(viewport: Viewport, *part_ids: int) -> None:
    document = viewport.document
    shape_id = document.scene.shapes[0].id
    document.set_selection(document.selection.replaced([PartRef(shape_id, part_id) for part_id in part_ids]))


@pytest.fixture
def changed_pixels(viewport: Viewport) -> Counter:
    """Number of pixels that differ clearly between an earlier picture and the present one."""

    def count(before: np.ndarray) -> int:
        after = picture(viewport).astype(int)
        return int((np.abs(after - before.astype(int)).max(axis=2) > 6).sum())

    return count
