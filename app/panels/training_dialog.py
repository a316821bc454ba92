"""Trainings on folders of meshes: begin one, watch those that run, stop, continue, use what they made."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.engines import EngineInfo
from app.panels.training_form import TrainingForm
from app.panels.training_view import TrainingView
from app.trainings import TrainingOptions, Trainings, summary
from app.worker import EditWorker
from core.training_run import TrainingError, TrainingRun

REFRESH_MS = 1000


class TrainingDialog(QDialog):
    """A list of trainings with the form of a new one on top, and the chosen one beside it.

    Parameters
    ----------
    trainings : Trainings
    worker : EditWorker
        Knows the models that a training can begin with.

    Signals
    -------
    model_wanted(str)
        Id of the model that shapes shall be generated with.
    """

    model_wanted = Signal(str)

    def __init__(self, trainings: Trainings, worker: EditWorker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Train on a folder")
        self.resize(QSize(960, 800).boundedTo(self.screen().availableSize() - QSize(40, 80)))
        self._trainings = trainings
        self._runs: list[TrainingRun] = []
        self._starting: Path | None = None
        self._continued: Path | None = None
        self.list = QListWidget()
        self.list.setFixedWidth(230)
        self.list.setAccessibleName("Trainings")
        self.form = TrainingForm()
        self.view = TrainingView()
        self.pages = QStackedWidget()
        self.pages.addWidget(self.form)
        self.pages.addWidget(self.view)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        columns = QHBoxLayout()
        columns.setSpacing(14)
        columns.addWidget(self.list)
        columns.addWidget(self.pages, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(columns, 1)
        layout.addWidget(buttons)
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        self.list.addItem(QListWidgetItem(theme.icon("plus"), "New training"))
        self.list.setCurrentRow(0)
        self.list.currentRowChanged.connect(self._on_row_changed)
        self.form.wanted.connect(self._on_wanted)
        self.view.stop_button.clicked.connect(self._on_stop)
        self.view.continue_button.clicked.connect(self._on_continue)
        self.view.use_button.clicked.connect(self._on_use)
        buttons.rejected.connect(self.reject)
        worker.engine_ready.connect(self._on_models)
        worker.models_changed.connect(self._on_models)
        if worker.info is not None:
            self._on_models(worker.info)

    @property
    def run(self) -> TrainingRun | None:
        """The chosen training; None = the form of a new one."""
        row = self.list.currentRow() - 1
        return self._runs[row] if 0 <= row < len(self._runs) else None

    def open_newest(self) -> None:
        """Show the training that runs, else the newest, else the form."""
        self.refresh()
        self.list.setCurrentRow(1 if self._runs else 0)
        self.show()
        self.raise_()
        self.activateWindow()

    def showEvent(self, event: QShowEvent) -> None:
        self.refresh()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()

    @Slot()
    def refresh(self) -> None:
        """Read anew what the trainings have written."""
        chosen = self.run.folder if self.run else None
        begun = self._starting
        # A training keeps its place while it is looked at.
        order = [run.folder for run in self._runs]
        runs = self._trainings.all()
        fresh = [run for run in runs if run.folder not in order]
        known = {run.folder: run for run in runs}
        self._runs = fresh + [known[folder] for folder in order if folder in known]
        if begun is not None:
            if any(run.folder == begun for run in fresh):
                chosen, self._starting = begun, None
                self.form.set_busy(False)
            elif not self._trainings.starting(begun):
                self._starting = None
                self.form.set_busy(False)
                problem = self._trainings.problem(begun)
                self.form.say(problem[:1].upper() + problem[1:])
        self._list(chosen)
        run = self.run
        self.pages.setCurrentWidget(self.view if run else self.form)
        if run:
            self.view.show_run(run)
            # A process that was stopped takes a moment to end, one that begins to be seen.
            busy = self._trainings.starting(run.folder)
            self.view.continue_button.setEnabled(not busy)
            self.view.continue_button.setText(
                "Starting…" if busy and run.folder == self._continued else "Continue"
            )
            if run.running:
                self._continued = None

    def _list(self, chosen: Path | None) -> None:
        blocked = self.list.blockSignals(True)
        # Icons are set anew each time: the theme may have changed.
        self.list.item(0).setIcon(theme.icon("plus"))
        while self.list.count() > len(self._runs) + 1:
            self.list.takeItem(self.list.count() - 1)
        for row, run in enumerate(self._runs, start=1):
            if row == self.list.count():
                self.list.addItem(QListWidgetItem())
            item = self.list.item(row)
            icon = "accept" if run.done else "warning" if run.problem else "chart"
            item.setIcon(theme.icon(icon))
            item.setText(f"{run.name}\n{summary(run)}")
            if run.folder == chosen:
                self.list.setCurrentRow(row)
        self.list.blockSignals(blocked)

    @Slot(int)
    def _on_row_changed(self, row: int) -> None:
        self.refresh()

    @Slot(object)
    def _on_wanted(self, options: TrainingOptions) -> None:
        try:
            self._starting = self._trainings.start(options)
        except TrainingError as error:
            self.form.say(str(error))
            return
        self.form.set_busy(True)

    @Slot()
    def _on_stop(self) -> None:
        if self.run:
            self._trainings.stop(self.run)
            self.view.stage.setText("Stopping: it saves what it has learned so far…")

    @Slot()
    def _on_continue(self) -> None:
        if self.run:
            try:
                self._trainings.go_on(self.run)
                self._continued = self.run.folder
            except TrainingError as error:
                self.view.stage.setText(str(error))
                return
            self.refresh()

    @Slot()
    def _on_use(self) -> None:
        if self.run:
            self.model_wanted.emit(self.run.name)

    @Slot(object)
    def _on_models(self, info: EngineInfo) -> None:
        self.form.show_models(info.models)
