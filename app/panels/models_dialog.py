"""The models at hand: what each makes, what it was trained on, how well it does, and its licence."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.engines import EngineInfo
from app.panels.widgets import label, set_role
from app.worker import EditWorker
from core.edits.model_info import ModelInfo

FIGURES = (
    ("reconstruction", "iou", "Meshes read in, overlap with the original (IoU)"),
    ("reconstruction", "f_score", "Meshes read in, surface within 1 % of the size"),
    ("solidity", "connected", "Generated shapes in one piece"),
    ("solidity", "watertight", "Generated shapes without holes"),
    ("solidity", "supported", "Generated shapes that stand on the floor"),
    ("parts", "name_accuracy", "Surface whose part has the right name"),
)
"""Measured shares that are shown: group, name, in words."""


def facts(model: ModelInfo) -> list[tuple[str, str]]:
    """Rows of the dialog for one model: what, and what it says."""
    rows = [("Identifier", model.id), ("Makes", f"{model.category}s of {model.slot_count} parts")]
    if model.labels:
        rows.append(("Names parts", ", ".join(model.labels)))
    if model.data:
        rows.append(("Trained on", model.data))
    rows.append(("Licence of the weights", model.licence or "not stated"))
    for group, name, words in FIGURES:
        value = model.metrics.get(group, {}).get(name)
        if value is not None:
            rows.append((words, f"{100 * value:.0f} %"))
    return rows


class ModelsDialog(QDialog):
    """A list of the models, and the facts of the chosen one.

    Parameters
    ----------
    worker : EditWorker

    Signals
    -------
    chosen(str)
        Id of the model that shapes shall be generated with; the dialog closes.
    """

    chosen = Signal(str)

    def __init__(self, worker: EditWorker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Models")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 470)
        self._models: tuple[ModelInfo, ...] = ()
        self.list = QListWidget()
        self.list.setIconSize(QSize(20, 20))
        self.list.setFixedWidth(170)
        self.list.setAccessibleName("Models")
        self.facts = QTextBrowser()
        self.facts.setAccessibleName("Facts of the model")
        self.note = label("", "muted", wrap=True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.use_button = self.buttons.addButton(
            "Generate with this model", QDialogButtonBox.ButtonRole.AcceptRole
        )
        set_role(self.use_button, "primary")
        self.list.currentRowChanged.connect(self._on_row_changed)
        self.use_button.clicked.connect(self._on_use)
        self.buttons.rejected.connect(self.reject)
        columns = QHBoxLayout()
        columns.addWidget(self.list)
        columns.addWidget(self.facts, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(columns, 1)
        layout.addWidget(self.note)
        layout.addWidget(self.buttons)
        worker.engine_ready.connect(self._on_engine_ready)
        if worker.info is not None:
            self._on_engine_ready(worker.info)
        else:
            self.use_button.setEnabled(False)
            self.note.setText(worker.error or "The models are being loaded…")

    @Slot(object)
    def _on_engine_ready(self, info: EngineInfo) -> None:
        self._models = info.models
        self.note.setText(
            f"They run on {info.device_name}. Every shape is edited by the model it was made with, whichever "
            "is chosen here. The figures are those on the card of each model."
        )
        self.list.clear()
        for model in info.models:
            self.list.addItem(QListWidgetItem(theme.icon("model"), model.category.capitalize()))
        self.use_button.setEnabled(bool(info.models))
        self.list.setCurrentRow(0)

    @Slot(int)
    def _on_row_changed(self, row: int) -> None:
        if not 0 <= row < len(self._models):
            self.facts.clear()
            return
        muted = theme.colors().muted
        lines = [
            f'<tr><td width="44%" style="color: {muted}">{escape(words)}</td><td>{escape(value)}</td></tr>'
            for words, value in facts(self._models[row])
        ]
        self.facts.setHtml(f'<table width="100%" cellpadding="4">{"".join(lines)}</table>')

    @Slot()
    def _on_use(self) -> None:
        self.chosen.emit(self._models[self.list.currentRow()].id)
        self.accept()
