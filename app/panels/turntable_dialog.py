"""Asks how a turntable shall be, shows how far it is, and can stop it; the window stays usable."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QProgressBar,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.document import Document
from app.panels.widgets import Form, label, labelled_button, pad_number, row
from app.turntable import Turntable, TurntableOptions
from app.viewport.picture import Picture
from core.animation import FASTEST, MAX_FRAMES, AnimationError

FORMATS = {
    ".gif": ("GIF", "Repeats for ever, 256 colours. The background of the view is kept."),
    ".mp4": (
        "MP4",
        "Plays once, all colours. The background of the view is kept: video has no transparency.",
    ),
}
"""What a person reads about a format, by its suffix."""


class TurntableDialog(QDialog):
    """Format, frames, width and seconds; then a progress bar."""

    def __init__(self, picture: Picture, document: Document, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Save turntable")
        self._picture, self._document, self._window = picture, document, parent
        self.turntable: Turntable | None = None
        usual = TurntableOptions()
        self.format_combo = QComboBox()
        for suffix in FASTEST:
            self.format_combo.addItem(FORMATS[suffix][0], suffix)
        self.format_note = label("", "muted", wrap=True)
        self.frames_spin = QSpinBox()
        self.frames_spin.setRange(8, MAX_FRAMES)
        self.frames_spin.setValue(usual.frames)
        self.width_spin = QSpinBox()
        self.width_spin.setRange(120, 1280)
        self.width_spin.setSuffix(" pixels")
        self.width_spin.setSingleStep(40)
        self.width_spin.setValue(usual.width)
        self.seconds_spin = QDoubleSpinBox()
        self.seconds_spin.setRange(0.5, 60.0)
        self.seconds_spin.setDecimals(1)
        self.seconds_spin.setSuffix(" s a turn")
        self.seconds_spin.setValue(usual.seconds)
        for spin in (self.frames_spin, self.width_spin, self.seconds_spin):
            pad_number(spin)
        form = Form()
        form.addRow("Format", self.format_combo)
        form.addRow("Frames", self.frames_spin)
        form.addRow("Width", self.width_spin)
        form.addRow("Time", self.seconds_spin)
        words = "The view turns once around what it looks at, as it is drawn now."
        self.note = label(words, "muted", wrap=True)
        self.bar = QProgressBar()
        self.bar.setRange(0, 100)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the turntable")
        self.bar.hide()
        self.save_button = labelled_button("save", "Save…", "Choose a file and begin.")
        self.cancel_button = labelled_button("cancel", "Cancel", "Write nothing.")
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        self.setMinimumWidth(320)
        layout.addWidget(self.note)
        layout.addLayout(form)
        layout.addWidget(self.format_note)
        layout.addWidget(self.bar)
        layout.addLayout(row(1, self.save_button, self.cancel_button))
        self.format_combo.currentIndexChanged.connect(self._on_format_changed)
        self._on_format_changed()
        self.save_button.clicked.connect(self._on_save_clicked)
        self.cancel_button.clicked.connect(self.reject)
        self.finished.connect(self._on_closed)

    @property
    def options(self) -> TurntableOptions:
        return TurntableOptions(self.frames_spin.value(), self.width_spin.value(), self.seconds_spin.value())

    @Slot()
    def _on_format_changed(self) -> None:
        self.format_note.setText(FORMATS[self.format_combo.currentData()][1])
        # Wrapped words get the height they need: a dialog that is open does not grow by itself.
        self.resize(self.width(), max(self.height(), self.heightForWidth(self.width())))

    @Slot()
    def _on_save_clicked(self) -> None:
        suffix = self.format_combo.currentData()
        proposed = f"{self._document.title}{suffix}"
        kind = f"{self.format_combo.currentText()} (*{suffix})"
        name, _ = QFileDialog.getSaveFileName(self, "Save turntable", proposed, kind)
        if not name:
            return
        path = Path(name)
        # A name that ends in the other format is taken at its word.
        path = path if path.suffix.lower() in FORMATS else path.with_name(path.name + suffix)
        turntable = Turntable(self._picture, self._document, path, self.options, self._window)
        turntable.progressed.connect(self._on_progressed)
        turntable.finished.connect(self._on_finished)
        turntable.stopped.connect(self._on_stopped)
        try:
            turntable.start()
        except AnimationError as error:
            self.note.setText(str(error))
            return
        self.turntable = turntable
        self._set_running(True)

    def _set_running(self, running: bool) -> None:
        self.bar.setVisible(running)
        self.bar.setValue(0)
        fields = (self.format_combo, self.frames_spin, self.width_spin, self.seconds_spin)
        for widget in (*fields, self.save_button):
            widget.setEnabled(not running)

    @Slot(float)
    def _on_progressed(self, fraction: float) -> None:
        self.bar.setValue(round(100 * fraction))

    @Slot(str)
    def _on_finished(self, path: str) -> None:
        self.turntable = None
        self._picture.editor.post(f"Wrote {Path(path).name}: {self.options.frames} frames.")
        self.accept()

    @Slot(str)
    def _on_stopped(self, reason: str) -> None:
        self.turntable = None
        self._set_running(False)
        if reason:
            self.note.setText(reason)

    @Slot(int)
    def _on_closed(self, _result: int) -> None:
        if self.turntable is not None:
            self.turntable.cancel()
