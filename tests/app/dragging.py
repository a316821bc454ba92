"""Real drags of a mouse, for tests."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

NO_KEY, LEFT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton


def drag(
    widget: QWidget,
    start: QPoint,
    end: QPoint,
    target: QWidget | None = None,
    before_release: Callable[[], object] = lambda: None,
) -> None:
    """Press on a place of a widget, drag to a place of it or of another one, and let go.

    The events go through the window, so that Qt's own drag and drop takes over as with a real mouse.
    """
    window = widget.window().windowHandle()
    origin = widget.mapTo(widget.window(), start)
    end = widget.window().mapFromGlobal((target or widget).mapToGlobal(end))

    path = [origin + QPoint(distance, 2) for distance in (0, 6, 14, 24)]
    path += [origin + (end - origin) * part for part in (0.3, 0.6, 0.9, 1.0, 1.0)]
    QTest.mousePress(window, LEFT, NO_KEY, origin)
    # Every step has a timer of its own: the drag runs an event loop within one of them until the last.
    for step, place in enumerate(path, 1):
        QTimer.singleShot(20 * step, partial(QTest.mouseMove, window, place))
    done: list[None] = []
    QTimer.singleShot(20 * len(path) + 30, before_release)
    QTimer.singleShot(20 * len(path) + 60, partial(QTest.mouseRelease, window, LEFT, NO_KEY, end))
    QTimer.singleShot(20 * len(path) + 120, partial(done.append, None))
    QTest.qWait(20 * len(path) + 100)
    while not done:
        QTest.qWait(10)
