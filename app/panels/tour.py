"""A tour of the window: callouts that point at the real panels, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from app import theme
from app.panels.widgets import label, row, set_role

CALLOUT_WIDTH = 340
GAP = 14
RADIUS = 8
SHADE = 120
"""How dark everything but the target is, of 255."""


@dataclass(frozen=True)
class Step:
    """A stop of the tour.

    Attributes
    ----------
    title, text : str
    target : QWidget
        What it points at.
    prepare : callable
        Brings the target into sight.
    """

    title: str
    text: str
    target: QWidget
    prepare: Callable[[], object]


def place_beside(target: QRect, size: QSize, room: QRect) -> QPoint:
    """Where a callout of a size stands beside a target: on the side with most room, inside of `room`.

    A target that fills the room leaves no side; the callout then stands inside it.
    """
    free = {
        "right": room.right() - target.right() - size.width() - GAP,
        "left": target.left() - room.left() - size.width() - GAP,
        "below": room.bottom() - target.bottom() - size.height() - GAP,
        "above": target.top() - room.top() - size.height() - GAP,
    }
    side = max(free, key=lambda name: free[name])
    place = QPoint(target.center().x() - size.width() // 2, target.center().y() - size.height() // 2)
    if free[side] >= 0:
        if side == "right":
            place.setX(target.right() + GAP)
        elif side == "left":
            place.setX(target.left() - size.width() - GAP)
        elif side == "below":
            place.setY(target.bottom() + GAP)
        else:
            place.setY(target.top() - size.height() - GAP)
    return QPoint(
        min(max(place.x(), room.left() + GAP), room.right() - size.width() - GAP),
        min(max(place.y(), room.top() + GAP), room.bottom() - size.height() - GAP),
    )


class Shade(QWidget):
    """Darkens the window but for one rectangle; the mouse goes through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.hole = QRect()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRect(QRectF(self.rect()))
        if not self.hole.isEmpty():
            path.addRoundedRect(QRectF(self.hole), RADIUS, RADIUS)
        painter.fillPath(path, QColor(0, 0, 0, SHADE))
        painter.setPen(QPen(QColor(theme.colors().accent), 2))
        painter.drawRoundedRect(QRectF(self.hole).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        painter.end()


class Callout(QFrame):
    """The words of a step and the buttons to go on."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        set_role(self, "callout")
        self.setAccessibleName("Tour")
        self.title = label("", "title", wrap=True)
        self.text = label("", wrap=True)
        self.count = label("", "muted")
        self.skip_button = QPushButton("Skip the tour")
        self.back_button = QPushButton("Back")
        self.next_button = QPushButton("Next")
        set_role(self.next_button, "primary")
        self.rows = rows = QVBoxLayout(self)
        rows.setContentsMargins(18, 14, 18, 14)
        rows.setSpacing(8)
        rows.addWidget(self.title)
        rows.addWidget(self.text)
        rows.addLayout(row(self.count, 1, self.skip_button, self.back_button, self.next_button))
        self.hide()


class Tour(QObject):
    """Walks through steps over a window; nothing in the window is blocked meanwhile.

    Signals
    -------
    ended()
        Gone through or skipped.
    """

    ended = Signal()

    def __init__(self, window: QWidget, make_steps: Callable[[], Sequence[Step]]) -> None:
        super().__init__(window)
        self._window = window
        self._make_steps = make_steps
        self._steps: Sequence[Step] = ()
        self.number = 0
        self.shade = Shade(window)
        self.callout = Callout(window)
        self.callout.installEventFilter(self)
        for button in (self.callout.next_button, self.callout.back_button, self.callout.skip_button):
            button.installEventFilter(self)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._place)
        self.callout.next_button.clicked.connect(self.go_on)
        self.callout.back_button.clicked.connect(self.go_back)
        self.callout.skip_button.clicked.connect(self.end)

    @property
    def running(self) -> bool:
        return bool(self._steps)

    @Slot()
    def start(self) -> None:
        """Begin at the first step."""
        self.end()
        self._steps = self._make_steps()
        self._window.installEventFilter(self)
        self._show(0)

    @Slot()
    def go_on(self) -> None:
        """The next step, or the end."""
        if self.number + 1 < len(self._steps):
            self._show(self.number + 1)
        else:
            self.end()

    @Slot()
    def go_back(self) -> None:
        """The step before."""
        if self.number > 0:
            self._show(self.number - 1)

    @Slot()
    def end(self) -> None:
        """Stop, wherever it is."""
        if not self.running:
            return
        for step in self._steps:
            step.target.removeEventFilter(self)
        self._window.removeEventFilter(self)
        self._steps = ()
        self.shade.hide()
        self.callout.hide()
        self.ended.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QKeyEvent) and watched is not self._window and self.running:
            return self._key(event)
        if kind in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide):
            self._later.start()
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        moves = {
            Qt.Key.Key_Escape: self.end,
            Qt.Key.Key_Right: self.go_on,
            Qt.Key.Key_Left: self.go_back,
        }
        move = moves.get(Qt.Key(event.key()))
        if move is None:
            return False
        # Accepted as an override, Esc is no shortcut of the window this time.
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            move()
        return True

    def _show(self, number: int) -> None:
        self.number = number
        step, last = self._steps[number], number == len(self._steps) - 1
        step.prepare()
        step.target.installEventFilter(self)
        callout = self.callout
        callout.title.setText(step.title)
        callout.text.setText(step.text)
        callout.count.setText(f"{number + 1} of {len(self._steps)}")
        callout.back_button.setEnabled(number > 0)
        callout.skip_button.setVisible(not last)
        callout.next_button.setText("Done" if last else "Next")
        for widget in (self.shade, callout):
            widget.show()
            widget.raise_()
        self._place()
        callout.next_button.setFocus(Qt.FocusReason.OtherFocusReason)
        # A panel that was hidden gets its size only when the layout has run.
        self._later.start()

    @Slot()
    def _place(self) -> None:
        if not self.running:
            return
        target, room = self._steps[self.number].target, self._window.rect()
        hole = QRect()
        if target.isVisible() and target.window() is self._window:
            corner = target.mapTo(self._window, QPoint(0, 0))
            hole = QRect(corner, target.size()).adjusted(-3, -3, 3, 3).intersected(room)
        self.shade.setGeometry(room)
        self.shade.hole = hole
        self.shade.update()
        callout = self.callout
        callout.setFixedWidth(min(CALLOUT_WIDTH, room.width() - 2 * GAP))
        height = callout.rows.totalHeightForWidth(callout.width())
        callout.resize(callout.width(), height)
        callout.move(place_beside(hole or QRect(room.center(), QSize(1, 1)), callout.size(), room))
