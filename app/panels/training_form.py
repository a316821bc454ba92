"""Asks what a new model shall learn from, be called and begin with, and for how long."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.panels.provenance import model_names
from app.panels.widgets import Form, label, pad_number, row, set_role
from app.trainings import TrainingOptions
from core.edits.model_info import ModelInfo

INTRODUCTION = (
    "A model learns from your meshes (OBJ, PLY, STL, GLB, 3MF, OFF; y up, front towards +z), in folders of "
    "any layout. A hundred or more give variety; a dozen only variations of themselves. It trains in a "
    "process of its own: this window and the editor may be closed."
)


class TrainingForm(QWidget):
    """What a training needs to know.

    Signals
    -------
    wanted(object)
        A `TrainingOptions`.
    """

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.data_edit = self._line("Folder of meshes", "All meshes in it and below are learned from.")
        self.data_edit.setPlaceholderText("folder of meshes")
        self.data_button = self._choose("Choose the folder of meshes.")
        self.name_edit = self._line("Name of the model", "Letters, digits, dots, dashes and underscores.")
        self.category_edit = self._line("What one shape is", "Singular, as in captions: chair, lamp, …")
        self.category_edit.setPlaceholderText("lamp")
        self.captions_edit = self._line("File of captions", "CSV or JSON with file and text, if any.")
        self.captions_edit.setPlaceholderText("none: the model makes shapes without words")
        self.captions_button = self._choose("Choose a CSV or JSON file with the columns file and text.")
        self.start_combo = QComboBox()
        self.start_combo.setAccessibleName("Model to begin with")
        self.start_combo.setToolTip("From a model that knows parts far fewer meshes and less time will do.")
        self.minutes_spin = QDoubleSpinBox(minimum=1, maximum=100_000, decimals=0, value=60)
        self.minutes_spin.setSuffix(" minutes")
        self.minutes_spin.setAccessibleName("Time limit")
        self.minutes_spin.setToolTip("It ends earlier if checks on held-out shapes stop getting better.")
        pad_number(self.minutes_spin)
        self.licence_edit = self._line("Licence of the meshes", "Is written on the card of the model.")
        self.licence_edit.setPlaceholderText("not stated")
        self.reason = label("", "warning", wrap=True)
        self.reason.hide()
        self.start_button = QPushButton("Start training")
        self.start_button.setToolTip("Begin in the background; it can be stopped and continued.")
        set_role(self.start_button, "primary")
        form = Form()
        form.addRow("Meshes", _stretched(self.data_edit, self.data_button))
        form.addRow("Name", self.name_edit)
        form.addRow("One shape is a", self.category_edit)
        form.addRow("Begin with", self.start_combo)
        form.addRow("Captions", _stretched(self.captions_edit, self.captions_button))
        form.addRow("Time limit", self.minutes_spin)
        form.addRow("Licence", self.licence_edit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(label(INTRODUCTION, "muted", wrap=True))
        layout.addLayout(form)
        layout.addWidget(self.reason)
        layout.addLayout(row(1, self.start_button))
        layout.addStretch(1)
        self.data_button.clicked.connect(self._on_choose_data)
        self.captions_button.clicked.connect(self._on_choose_captions)
        self.data_edit.textChanged.connect(self._on_data_changed)
        self.start_button.clicked.connect(self._on_start)
        self.show_models(())

    def show_models(self, models: Sequence[ModelInfo]) -> None:
        """Offer those of these models that a training can begin with."""
        chosen = self.start_combo.currentData()
        self.start_combo.clear()
        self.start_combo.addItem("The shipped model that is nearest", "")
        names = model_names(models)
        for model in models:
            if model.trainable:
                self.start_combo.addItem(names[model.id], model.id)
        self.start_combo.addItem("None: from scratch", "none")
        self.start_combo.setCurrentIndex(max(self.start_combo.findData(chosen), 0))

    @property
    def options(self) -> TrainingOptions:
        captions = self.captions_edit.text().strip()
        return TrainingOptions(
            Path(self.data_edit.text().strip()),
            self.name_edit.text().strip(),
            self.category_edit.text(),
            self.start_combo.currentData(),
            Path(captions) if captions else None,
            self.minutes_spin.value(),
            self.licence_edit.text(),
        )

    def say(self, reason: str) -> None:
        """Why it does not start."""
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))

    def set_busy(self, busy: bool) -> None:
        """While a training is starting, another cannot be asked for."""
        self.start_button.setEnabled(not busy)
        self.start_button.setText("Starting…" if busy else "Start training")

    @Slot()
    def _on_choose_data(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Folder of meshes", self.data_edit.text())
        if name:
            self.data_edit.setText(name)

    @Slot()
    def _on_choose_captions(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, "Captions", self.data_edit.text(), "CSV or JSON (*.csv *.json)"
        )
        if name:
            self.captions_edit.setText(name)

    @Slot(str)
    def _on_data_changed(self, text: str) -> None:
        """Suggest the folder's name, as long as no other was typed."""
        if not self.name_edit.isModified():
            allowed = [c if c.isascii() and (c.isalnum() or c in "._-") else "-" for c in Path(text).name]
            self.name_edit.setText("".join(allowed).lstrip("._-")[:64])
        self.say("")

    @Slot()
    def _on_start(self) -> None:
        self.say("")
        self.wanted.emit(self.options)

    def _line(self, name: str, tip: str) -> QLineEdit:
        edit = QLineEdit()
        edit.setAccessibleName(name)
        edit.setToolTip(tip)
        return edit

    def _choose(self, tip: str) -> QPushButton:
        button = QPushButton("Choose…")
        button.setToolTip(tip)
        button.setAutoDefault(False)
        return button


def _stretched(edit: QLineEdit, button: QPushButton) -> QWidget:
    box = QWidget()
    layout = row(edit, button)
    layout.setStretch(0, 1)
    box.setLayout(layout)
    return box
