"""What the background thread is doing: current job, step k of n, time left, cancel; model and device."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QProgressBar, QVBoxLayout, QWidget

from app.engines import EngineInfo
from app.job_times import JobTimes, Taken, in_words
from app.panels.charts import JobChart
from app.panels.job_list import JobList
from app.panels.job_trace import JobTrace
from app.panels.portrait import preview_shape
from app.panels.provenance import describe_model
from app.panels.widgets import Elided, icon_button, label, row, set_role
from app.worker import EditWorker
from core.edits.job import Preview, Progress
from core.edits.proposals import base_of

PROGRESS_RANGE = 1000
BESIDE_PROGRESS = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
BESIDE_BUTTONS = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LINGER_MILLISECONDS = 6000
"""How long the outcome of the last job stays readable."""


class JobBar(QWidget):
    """One line for the status area. Draft decodes (empty title) come and go too fast to be listed.

    Parameters
    ----------
    worker : EditWorker
    taken : dict, optional
        How long jobs took before, see `JobTimes`; kept up to date.
    """

    def __init__(self, worker: EditWorker, taken: Taken | None = None) -> None:
        super().__init__()
        self._worker = worker
        self._titles: dict[int, str] = {}
        self._running: int | None = None
        self._trace = JobTrace()
        self.title = Elided("Ready")
        self.title.setMinimumWidth(120)
        self.progress = QProgressBar()
        self.progress.setRange(0, PROGRESS_RANGE)
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(100)
        self.progress.setAccessibleName("Progress of the running job")
        # A share of the bar, whatever it says: the progress bar does not jump when a number grows.
        self.detail = Elided("", "muted")
        self.detail.setMinimumWidth(90)
        self.cancel_button = icon_button(
            "cancel", "Cancel job", "Cancel the running job at its next step. The scene is not changed."
        )
        self.times = JobTimes(worker, parent=self, taken=taken)
        self.list = JobList(worker, self.times, self)
        self.queue_button = icon_button(
            "queue",
            "Jobs",
            "When jobs will be done, their order, cancelling them; what failed and why.",
        )
        self.queue_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.queue_button.clicked.connect(self.show_list)
        self.chart_button = icon_button(
            "chart",
            "Chart of the job",
            "Show noise level, change of every part and time of every stage of the job.",
            checkable=True,
        )
        self.model_label = label("Loading model ...", "muted")
        self.device_label = Elided("", "muted", asking=True)
        self.chart_window = QFrame(self, Qt.WindowType.Tool)
        self.chart_window.setWindowTitle("Running job")
        self.chart = JobChart()
        chart_layout = QVBoxLayout(self.chart_window)
        chart_layout.setContentsMargins(0, 0, 0, 0)
        chart_layout.addWidget(self.chart)
        self.chart_window.resize(720, 220)

        layout = row(
            self.title, self.progress, self.detail, self.cancel_button, self.queue_button, self.chart_button,
            _divider(), self.model_label, self.device_label, spacing=8,
        )  # fmt: skip
        layout.setContentsMargins(8, 2, 8, 2)
        layout.setStretch(0, 3)
        layout.setStretch(2, 2)
        self.setLayout(layout)

        self.cancel_button.clicked.connect(self._on_cancel_clicked)
        self.chart_button.toggled.connect(self._on_chart_toggled)
        self._linger = QTimer(self, singleShot=True, interval=LINGER_MILLISECONDS)
        self._linger.timeout.connect(self._on_linger_timed_out)
        worker.engine_ready.connect(self._on_engine_ready)
        worker.engine_failed.connect(self._on_engine_failed)
        worker.job_queued.connect(self._on_job_queued)
        worker.job_started.connect(self._on_job_started)
        worker.job_progressed.connect(self._on_job_progressed)
        worker.job_previewed.connect(self._on_job_previewed)
        worker.job_cancelling.connect(self._on_job_cancelling)
        worker.job_finished.connect(self._on_job_finished)
        worker.job_cancelled.connect(self._on_job_cancelled)
        worker.job_failed.connect(self._on_job_failed)
        if worker.info is not None:
            self._on_engine_ready(worker.info)
        elif worker.error:
            self._on_engine_failed(worker.error)
        self._show_idle("Ready")

    def show_list(self) -> None:
        """Open the list of jobs above the bar."""
        self.list.open_above(self.queue_button)

    def trace(self) -> JobTrace:
        """Reports of the running (or last) job."""
        return self._trace

    @Slot(object)
    def _on_engine_ready(self, info: EngineInfo) -> None:
        set_role(self.model_label, "muted")
        self.model_label.setText(info.checkpoint_id[:24])
        self.model_label.setToolTip("\n\n".join(describe_model(model) for model in info.models))
        self.device_label.setText(info.device_name.split(",")[0])
        self.device_label.setToolTip(f"All model work runs on: {info.device_name}")

    @Slot(str)
    def _on_engine_failed(self, message: str) -> None:
        set_role(self.model_label, "danger")
        self.model_label.setText("No model")
        self.model_label.setToolTip(message + "\nViewing, moving, mirroring and saving still work.")
        self.device_label.setText("")

    @Slot(int, str)
    def _on_job_queued(self, job_id: int, title: str) -> None:
        if title:
            self._titles[job_id] = title
            self._refresh_queue()
            if self._running is None:
                self.title.setText(f"{title}: waiting for the model" if self._worker.info is None else title)

    @Slot(int)
    def _on_job_started(self, job_id: int) -> None:
        if job_id not in self._titles:
            return
        self._linger.stop()
        self._running = job_id
        self._trace = JobTrace()
        set_role(self.title, "")
        self.title.setAlignment(BESIDE_PROGRESS)
        self.title.setText(self._titles[job_id])
        self.detail.setText("starting")
        self.progress.setRange(0, PROGRESS_RANGE)
        self._show_fraction(0.0)
        self.progress.show()
        self.detail.show()
        self.cancel_button.setEnabled(True)
        self.cancel_button.show()
        self._refresh_queue()

    @Slot(int, object)
    def _on_job_progressed(self, job_id: int, progress: Progress) -> None:
        if job_id != self._running:
            return
        self._trace.add(progress)
        self._show_fraction(progress.fraction)
        left = in_words(self.times.left(job_id))
        parts = [progress.stage, f"{progress.done}/{progress.total}"]
        self.detail.setText(" ".join(part for part in parts if part) + (f" · {left} left" if left else ""))
        self.chart.show_trace(self._trace)

    @Slot(int, object)
    def _on_job_previewed(self, job_id: int, preview: Preview) -> None:
        request = self._worker.request_of(job_id)
        if job_id != self._running or request is None:
            return
        shape = preview_shape(preview.extrinsics, base_of(request))
        if shape is not None:
            self._trace.add_preview(preview, shape)

    def _show_fraction(self, fraction: float) -> None:
        # A progress bar paints at once when its value changes, and with it the whole window is put together
        # again, the viewport included. With updates off for the moment, it is painted with everything else.
        self.progress.setUpdatesEnabled(False)
        self.progress.setValue(round(fraction * PROGRESS_RANGE))
        self.progress.setUpdatesEnabled(True)

    @Slot(int)
    def _on_job_cancelling(self, job_id: int) -> None:
        if job_id == self._running:
            self.detail.setText("cancelling ...")
            self.cancel_button.setEnabled(False)

    @Slot(int, object)
    def _on_job_finished(self, job_id: int, result: object) -> None:
        title = self._titles.get(job_id, "")
        self._ended(job_id, f"{title}: done in {time.monotonic() - self._trace.started:.1f} s", "success")

    @Slot(int)
    def _on_job_cancelled(self, job_id: int) -> None:
        self._ended(job_id, f"{self._titles.get(job_id, '')}: cancelled, nothing changed", "muted")

    @Slot(int, str, str)
    def _on_job_failed(self, job_id: int, message: str, trace: str) -> None:
        self._ended(job_id, message, "danger")

    @Slot()
    def _on_cancel_clicked(self) -> None:
        if self._running is not None:
            self._worker.cancel(self._running)

    @Slot(bool)
    def _on_chart_toggled(self, shown: bool) -> None:
        self.chart_window.setVisible(shown)
        if shown:
            corner = self.mapToGlobal(self.rect().topRight())
            self.chart_window.move(corner.x() - self.chart_window.width(), corner.y() - 250)

    @Slot()
    def _on_linger_timed_out(self) -> None:
        if self._running is None:
            self._show_idle("Ready")

    def _ended(self, job_id: int, message: str, role: str) -> None:
        if self._titles.pop(job_id, None) is None:
            return
        if job_id == self._running or self._running is None:
            self._running = None
            self._show_idle(message, role)
            self._linger.start()
        self._refresh_queue()

    def _show_idle(self, message: str, role: str = "muted") -> None:
        set_role(self.title, role)
        self.title.setAlignment(BESIDE_BUTTONS)
        self.title.setText(message)
        self.detail.setText("")
        self.detail.hide()
        self.progress.hide()
        self.cancel_button.hide()
        self._refresh_queue()

    def _refresh_queue(self) -> None:
        count = sum(job_id != self._running for job_id in self._titles)
        self.queue_button.setText(str(count) if count else "")
        self.queue_button.setAccessibleName(f"Jobs: {count} waiting" if count else "Jobs")


def _divider() -> QFrame:
    frame = QFrame()
    frame.setFixedSize(1, 16)
    set_role(frame, "line")
    frame.setStyleSheet("min-width: 1px; min-height: 16px; max-height: 16px;")
    return frame
