"""Unsaved work of editors that did not end properly: take it up again, discard it, or decide later."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.lost_work import Lost, discard
from app.panels.images import rgb
from app.panels.portrait import draw_portrait
from app.panels.provenance import counted
from app.panels.widgets import label, set_role
from app.recovery import Recovery

PICTURE = 72


class RecoveryDialog(QDialog):
    """A list of what was lost, with a picture of each.

    Parameters
    ----------
    recovery : Recovery
    lost : sequence of Lost
    """

    def __init__(self, recovery: Recovery, lost: Sequence[Lost], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Unsaved work")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(440, 320)
        self._recovery = recovery
        self._lost = list(lost)
        self.list = QListWidget()
        self.list.setIconSize(QSize(PICTURE, PICTURE))
        self.list.setAccessibleName("Unsaved scenes")
        for item in self._lost:
            self.list.addItem(QListWidgetItem(_picture(item), describe(item, time.time())))
        self.list.itemDoubleClicked.connect(self._on_recover)
        self.buttons = QDialogButtonBox()
        self.recover_button = self.buttons.addButton("Recover", QDialogButtonBox.ButtonRole.AcceptRole)
        self.later_button = self.buttons.addButton("Later", QDialogButtonBox.ButtonRole.RejectRole)
        self.discard_button = self.buttons.addButton("Discard…", QDialogButtonBox.ButtonRole.DestructiveRole)
        set_role(self.recover_button, "primary")
        self.recover_button.setDefault(True)
        self.recover_button.clicked.connect(self._on_recover)
        self.later_button.clicked.connect(self.reject)
        self.discard_button.clicked.connect(self._on_discard)
        layout = QVBoxLayout(self)
        text = (
            "Partsmith did not end properly. This was not saved yet. Recovering opens it as a new, "
            "unsaved scene; your own files stay as they are."
        )
        if any(item.candidates and len(item.scene) for item in self._lost):
            text += " Candidates nobody accepted come back as hidden shapes."
        layout.addWidget(label(text, wrap=True))
        layout.addWidget(self.list, 1)
        layout.addWidget(self.buttons)
        self.list.setCurrentRow(len(self._lost) - 1)

    @Slot()
    def _on_recover(self) -> None:
        self._recovery.restore(self._lost[self.list.currentRow()])
        self.accept()

    @Slot()
    def _on_discard(self) -> None:
        row = self.list.currentRow()
        buttons = QMessageBox.StandardButton
        text = f"Discard the unsaved work in {self._lost[row].title}? This cannot be undone."
        if QMessageBox.question(self, "Unsaved work", text) != buttons.Yes:
            return
        discard(self._lost.pop(row))
        self.list.takeItem(row)
        if not self._lost:
            self.reject()


def describe(lost: Lost, now: float) -> str:
    """Title, contents and age of unsaved work, a line each.

    Parameters
    ----------
    now : float
        Seconds since 1970.
    """
    held = [counted(len(lost.scene), "shape")] if len(lost.scene) or not lost.candidates else []
    held += [counted(len(lost.candidates), "candidate")] if lost.candidates else []
    return f"{lost.title}\n{', '.join(held)}\n{age(lost.facts.written, now)}"


def age(written: float | None, now: float) -> str:
    """How long ago something was written, in words."""
    if written is None or written > now + 60:
        return "at an unknown time"  # the clock has been set back since, or nothing is known
    seconds = max(now - written, 0)
    if seconds < 60:
        return "less than a minute ago"
    units = (("day", 86400), ("hour", 3600), ("minute", 60))
    unit, length = next(pair for pair in units if seconds >= pair[1])
    return f"{counted(int(seconds // length), unit)} ago"


def _picture(lost: Lost) -> QIcon:
    shapes = lost.scene.shapes or lost.candidates
    if not shapes:
        return QIcon()
    image = draw_portrait(shapes[0], None, 2 * PICTURE, rgb(theme.colors().field))
    height, width, _ = image.shape
    return QIcon(QPixmap.fromImage(QImage(image.data, width, height, 3 * width, QImage.Format.Format_RGB888)))
