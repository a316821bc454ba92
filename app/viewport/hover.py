"""What the mouse is over: picked at most thirty times a second, however fast the mouse moves."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

INTERVAL = 33
"""Milliseconds between two picks."""


class Hover(QObject):
    """Says when to pick: at once if the last pick is long enough ago, else as soon as it is."""

    due = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)
        self._since = QElapsedTimer()

    def ask(self) -> None:
        """The mouse has moved, or what lies under it may have changed."""
        if self._timer.isActive():
            return
        wait = INTERVAL - self._since.elapsed() if self._since.isValid() else 0
        if wait <= 0:
            self._on_timeout()
        else:
            self._timer.start(int(wait))

    @Slot()
    def _on_timeout(self) -> None:
        self._since.restart()
        self.due.emit()
