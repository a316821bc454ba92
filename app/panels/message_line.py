"""The line of the status bar that says what happened."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Slot

from app.panels.widgets import Elided, set_role

SECONDS = 10
"""How long a message stays; an error stays until the next message."""
ROLES = {"warning": "warning", "error": "danger"}


class MessageLine(Elided):
    """Shows the last message; the tooltip has the whole of a long one."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumWidth(80)
        self.setContentsMargins(8, 0, 0, 0)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.timer = QTimer(self, singleShot=True, interval=SECONDS * 1000)
        self.timer.timeout.connect(self._on_timeout)

    @Slot(str, str)
    def show_message(self, text: str, level: str) -> None:
        """Show a message of level "info", "warning" or "error"."""
        set_role(self, ROLES.get(level, "muted"))
        self.setText(text)
        self.timer.stop()
        if level != "error":
            self.timer.start()

    @Slot()
    def _on_timeout(self) -> None:
        self.clear()
