"""One training: what it does, how far it is, its curves, shapes of its newest model, meshes left out."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QLabel,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.panels.training_curves import TrainingCurves
from app.panels.widgets import label, row, set_role
from app.trainings import stage_words
from core.training_run import TrainingRun

SHEET_HEIGHT = 210


class TrainingView(QWidget):
    """Shows a `TrainingRun`; buttons are connected by whoever shows it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = label("", "heading")
        self.stage = label("", wrap=True)
        self.data = label("", "muted", wrap=True)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the training")
        self.curves = TrainingCurves()
        self.samples = QLabel()
        self.samples.setAccessibleName("Shapes that the newest model makes")
        self.samples_note = label("", "muted", wrap=True)
        self.skipped = QTreeWidget()
        self.skipped.setHeaderLabels(["Left out", "Why"])
        self.skipped.setRootIsDecorated(False)
        self.skipped.setAccessibleName("Meshes that cannot be used, and why")
        self.skipped.setToolTip("Meshes that cannot be used, and why.")
        self.skipped.setMaximumHeight(110)
        self.stop_button = self._button("Stop", "Save what is learned so far and end; it can be continued.")
        self.continue_button = self._button("Continue", "Go on where it was stopped.")
        self.use_button = self._button("Use this model", "")
        set_role(self.use_button, "primary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.title, self.data, self.stage, self.bar):
            layout.addWidget(widget)
        layout.addWidget(self.curves, 1)
        for below in (self.samples_note, self.samples, self.skipped):
            layout.addWidget(below)
        layout.addLayout(row(self.stop_button, self.continue_button, 1, self.use_button))
        self._sheet = (0, 0)
        self._listed: tuple[tuple[str, str], ...] = ()

    def show_run(self, run: TrainingRun) -> None:
        """Bring everything up to date."""
        self.title.setText(run.name)
        found = "" if run.usable is None else f": {run.usable:,} meshes can be used"
        self.data.setText(f"{run.data}{found}")
        self.stage.setText(stage_words(run))
        set_role(self.stage, "danger" if run.problem else "")
        self.bar.setValue(round(1000 * (1.0 if run.done else run.fraction)))
        self.curves.show_logs(run.logs)
        self._show_samples(run)
        self._show_skipped(run)
        self.stop_button.setVisible(run.running)
        self.continue_button.setVisible(not run.running and not run.done)
        self.use_button.setEnabled(run.usable_model)
        early = "" if run.done else " as it is now; training goes on"
        self.use_button.setToolTip(
            f"Load the model{early} and generate with it." if run.usable_model
            else "There is no model yet; the first comes after about an eighth of the time."
        )  # fmt: skip

    def _show_samples(self, run: TrainingRun) -> None:
        try:
            known = run.samples.stat()
        except OSError:
            self.samples.hide()
            self.samples_note.setText("Shapes that the model makes are shown here when there is a first one.")
            return
        if (state := (known.st_ino, known.st_mtime_ns)) == self._sheet:
            return
        self._sheet = state
        picture = QPixmap(str(run.samples))
        size = QSize(max(self.width(), 400), SHEET_HEIGHT) * self.devicePixelRatioF()
        smooth = Qt.TransformationMode.SmoothTransformation
        picture = picture.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, smooth)
        picture.setDevicePixelRatio(self.devicePixelRatioF())
        self.samples.setPixmap(picture)
        # Curves give way to it, not it to them.
        self.samples.setFixedSize(picture.deviceIndependentSize().toSize())
        self.samples.show()
        newest = "the model" if run.done else "the newest early model"
        self.samples_note.setText(f"What {newest} makes:")

    def _show_skipped(self, run: TrainingRun) -> None:
        self.skipped.setVisible(bool(run.skipped))
        if run.skipped == self._listed:
            return
        self._listed = run.skipped
        self.skipped.clear()
        self.skipped.addTopLevelItems([QTreeWidgetItem(list(pair)) for pair in run.skipped])
        self.skipped.setHeaderLabels([f"Left out ({len(run.skipped)})", "Why"])
        self.skipped.resizeColumnToContents(0)

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        return button
