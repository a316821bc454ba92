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
from app.panels.provenance import model_facts, model_names
from app.panels.widgets import label, set_role
from app.worker import EditWorker
from core.edits.model_info import ModelInfo


class ModelsDialog(QDialog):
    """A list of the models, and the facts of the chosen one.

    Parameters
    ----------
    worker : EditWorker

    Signals
    -------
    chosen(str)
        Id of the model that shapes shall be generated with; the dialog closes.
    shapes_wanted(str)
        Id of the model whose shapes shall be shown.
    import_wanted(), training_wanted()
        Published models shall be converted, or one be trained.
    """

    chosen = Signal(str)
    shapes_wanted = Signal(str)
    import_wanted = Signal()
    training_wanted = Signal()

    def __init__(self, worker: EditWorker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Models")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(880, 470)
        self._models: tuple[ModelInfo, ...] = ()
        self.list = QListWidget()
        self.list.setIconSize(QSize(20, 20))
        self.list.setFixedWidth(270)
        self.list.setAccessibleName("Models")
        self.facts = QTextBrowser()
        self.facts.setAccessibleName("Facts of the model")
        self.note = label("", "muted", wrap=True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.use_button = self.buttons.addButton(
            "Generate with this model", QDialogButtonBox.ButtonRole.AcceptRole
        )
        set_role(self.use_button, "primary")
        self.import_button = self.buttons.addButton("Import…", QDialogButtonBox.ButtonRole.ActionRole)
        self.import_button.setToolTip("Convert published SALAD and SPAGHETTI checkpoints into models.")
        self.train_button = self.buttons.addButton("Train…", QDialogButtonBox.ButtonRole.ActionRole)
        self.train_button.setToolTip("Train a model on a folder of your own meshes.")
        self.shapes_button = self.buttons.addButton("Its shapes…", QDialogButtonBox.ButtonRole.ActionRole)
        self.shapes_button.setToolTip("Browse the shapes that come with this model.")
        self.shapes_button.setEnabled(False)
        self.list.currentRowChanged.connect(self._on_row_changed)
        self.use_button.clicked.connect(self._on_use)
        self.import_button.clicked.connect(self.import_wanted)
        self.train_button.clicked.connect(self._on_train)
        self.shapes_button.clicked.connect(self._on_shapes)
        self.buttons.rejected.connect(self.reject)
        columns = QHBoxLayout()
        columns.addWidget(self.list)
        columns.addWidget(self.facts, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(columns, 1)
        layout.addWidget(self.note)
        layout.addWidget(self.buttons)
        worker.engine_ready.connect(self._on_engine_ready)
        worker.models_changed.connect(self._on_engine_ready)
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
        names = model_names(info.models)
        for model in info.models:
            self.list.addItem(QListWidgetItem(theme.icon("model"), names[model.id]))
        self.use_button.setEnabled(bool(info.models))
        self.list.setCurrentRow(0)

    @Slot(int)
    def _on_row_changed(self, row: int) -> None:
        if not 0 <= row < len(self._models):
            self.facts.clear()
            return
        self.shapes_button.setEnabled(bool(self._models[row].shapes))
        muted = theme.colors().muted
        lines = [
            f'<tr><td width="44%" style="color: {muted}">{escape(words)}</td><td>{escape(value)}</td></tr>'
            for words, value in model_facts(self._models[row])
        ]
        self.facts.setHtml(f'<table width="100%" cellpadding="4">{"".join(lines)}</table>')

    @Slot()
    def _on_use(self) -> None:
        self.chosen.emit(self._models[self.list.currentRow()].id)
        self.accept()

    @Slot()
    def _on_train(self) -> None:
        self.accept()
        self.training_wanted.emit()

    @Slot()
    def _on_shapes(self) -> None:
        self.shapes_wanted.emit(self._models[self.list.currentRow()].id)
