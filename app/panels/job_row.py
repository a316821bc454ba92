"""Rows of the list of jobs: one that runs or waits, and one that failed."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from app import theme
from app.panels.widgets import Elided, icon_button, label, labelled_button, row, set_role
from core.edits.requests import Export, Request, Sampled


class Grip(QWidget):
    """Six dots that say: this can be dragged."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(8, 14)
        # All titles begin below each other, with a grip or without.
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.colors().muted))
        for x in (2, 6):
            for y in (3, 7, 11):
                painter.drawEllipse(QPoint(x, y), 1, 1)


class JobRow(QFrame):
    """A job that runs or waits: its title, when it will be done, and buttons. One that waits can be dragged.

    Signals
    -------
    moved(int job, int by), dragged(int job, int y), cancelled(int job)
        By -1 to run earlier, by +1 to run later; the mouse that drags it is at this height of the screen.
    stepped(int)
        The keyboard goes to the row above (-1) or below (+1).
    """

    moved = Signal(int, int)
    dragged = Signal(int, int)
    cancelled = Signal(int)
    stepped = Signal(int)

    def __init__(self, job_id: int, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "job")
        self.job_id = job_id
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(title)
        self._pressed_at: int | None = None
        self._dragging = False
        self.grip = Grip()
        self.title = Elided(title)
        self.when = label("", "muted")
        self.up_button = icon_button("up", f"Run {title} earlier", "Run it earlier (Alt+Up).")
        self.down_button = icon_button("down", f"Run {title} later", "Run it later (Alt+Down).")
        self.cancel_button = icon_button(
            "cancel", f"Cancel {title}", "Cancel this job (Del). The scene is not changed."
        )
        layout = row(
            self.grip, self.title, self.when, self.up_button, self.down_button, self.cancel_button, spacing=4
        )
        layout.setContentsMargins(6, 3, 6, 3)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.up_button.clicked.connect(partial(self._on_move_clicked, -1))
        self.down_button.clicked.connect(partial(self._on_move_clicked, 1))
        self.cancel_button.clicked.connect(self._on_cancel_clicked)

    def show_state(self, running: bool, first: bool, last: bool, when: str) -> None:
        """Whether it runs, and what can be done with it."""
        set_role(self.title, "heading" if running else "")
        movable = not (running or (first and last))
        for button in (self.up_button, self.down_button):
            button.setVisible(not running)
        self.grip.setVisible(movable)
        if movable:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.unsetCursor()
            self._pressed_at = None
        self.up_button.setEnabled(not first)
        self.down_button.setEnabled(not last)
        self.when.setText(when)
        self.setAccessibleDescription(when)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.moved.emit(self.job_id, step)
        elif step is not None:
            self.stepped.emit(step)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cancelled.emit(self.job_id)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        movable = self.grip.isVisibleTo(self) and event.button() == Qt.MouseButton.LeftButton
        self._pressed_at = round(event.globalPosition().y()) if movable else None
        self._dragging = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None:
            return
        y = round(event.globalPosition().y())
        self._dragging = self._dragging or abs(y - self._pressed_at) >= QApplication.startDragDistance()
        if self._dragging:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.dragged.emit(self.job_id, y)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        if self._pressed_at is not None:
            self._pressed_at = None
            self.setCursor(Qt.CursorShape.OpenHandCursor)

    @Slot()
    def _on_move_clicked(self, step: int) -> None:
        self.moved.emit(self.job_id, step)

    @Slot()
    def _on_cancel_clicked(self) -> None:
        self.cancelled.emit(self.job_id)


class FailureCard(QFrame):
    """What went wrong with a job, and a way to its settings.

    Signals
    -------
    settings_requested(Request), dismissed()
    """

    settings_requested = Signal(object)
    dismissed = Signal()

    def __init__(self, title: str, message: str, request: Request | None) -> None:
        super().__init__()
        set_role(self, "card")
        self.request = request
        self.message = label(message, wrap=True)
        self.settings_button = labelled_button(
            "settings", "Change its settings", "Go to what this job was started with, to change it."
        )
        self.settings_button.setVisible(isinstance(request, Sampled | Export))
        self.dismiss_button = icon_button(
            "close", f"Dismiss the failure of {title}", "Take it off this list."
        )
        top = row(Elided(title, "danger"), self.dismiss_button)
        top.setStretch(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 6, 8)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(self.message)
        layout.addLayout(row(self.settings_button, 1))
        self.settings_button.clicked.connect(self._on_settings_clicked)
        self.dismiss_button.clicked.connect(self.dismissed)

    @Slot()
    def _on_settings_clicked(self) -> None:
        self.settings_requested.emit(self.request)
