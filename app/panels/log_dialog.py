"""The curves of a training log, drawn while it grows."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from app.panels.training_curves import TrainingCurves
from app.panels.training_dialog import REFRESH_MS
from app.panels.widgets import label


class LogDialog(QDialog):
    """One ``log.jsonl``."""

    def __init__(self, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"{path.parent.name}/{path.name}")
        self.resize(760, 420)
        self.path = path
        self.curves = TrainingCurves()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(label(str(path), "muted", wrap=True))
        layout.addWidget(self.curves, 1)
        layout.addWidget(buttons)
        timer = QTimer(self)
        timer.setInterval(REFRESH_MS)
        timer.timeout.connect(self.refresh)
        timer.start()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Draw what was written since."""
        self.curves.show_logs([self.path])
