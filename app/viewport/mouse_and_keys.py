"""Qt events of the canvas to tool calls, in logical pixels.

Input is taken here rather than from vispy, which would render an id picture at every press and wheel tick.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.viewport.tools import Tools


class MouseAndKeys(QObject):
    """Event filter on the widget that is drawn on.

    Signals
    -------
    gesture_begun()
        Before a press or a wheel tick reaches the tools.
    used()
        The tools were given something: draw again, look again what is under the mouse.
    mouse_left()
    """

    gesture_begun = Signal()
    used = Signal()
    mouse_left = Signal()

    def __init__(self, surface: QWidget, tools: Tools, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._surface, self._tools = surface, tools
        surface.setMouseTracking(True)
        surface.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        surface.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self._surface:
            return False
        if isinstance(event, QKeyEvent):
            return self._key(event)
        if isinstance(event, QMouseEvent):
            self._mouse(event)
        elif isinstance(event, QWheelEvent):
            self.gesture_begun.emit()
            # Touch pads report pixels sideways too; only the vertical way zooms.
            where = event.position()
            self._tools.turned_wheel(event.angleDelta().y() / 120.0, where.x(), where.y())
        elif isinstance(event, QEnterEvent):
            where = event.position()
            self._tools.moved(where.x(), where.y(), Qt.KeyboardModifier.NoModifier)
        elif event.type() == QEvent.Type.Leave:
            self._tools.left()
            self.mouse_left.emit()
        else:
            return False
        event.accept()
        self.used.emit()
        return True

    def _mouse(self, event: QMouseEvent) -> None:
        kind, x, y = event.type(), event.position().x(), event.position().y()
        if kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
            self.gesture_begun.emit()
            self._surface.setFocus(Qt.FocusReason.MouseFocusReason)
            double = kind == QEvent.Type.MouseButtonDblClick
            self._tools.pressed(event.button(), x, y, event.modifiers(), double)
        elif kind == QEvent.Type.MouseButtonRelease:
            self._tools.released(event.button(), x, y)
        else:
            self._tools.moved(x, y, event.modifiers())

    def _key(self, event: QKeyEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            # Accepted, the key is no shortcut this time (X would delete, 1 would turn the view).
            if self._tools.wants_keys:
                event.accept()
            return self._tools.wants_keys
        if event.type() == QEvent.Type.KeyPress and self._tools.key(event):
            event.accept()
            self.used.emit()
        else:
            event.ignore()
        return True
