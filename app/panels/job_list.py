"""The list of jobs: what runs, what waits and in which order, when it will be done, what failed and why."""

from __future__ import annotations

from collections import deque
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.job_times import JobTimes, in_words
from app.panels.job_row import FailureCard, JobRow
from app.panels.widgets import label, labelled_button, line, row, set_role
from app.worker import EditWorker
from core.edits.requests import Request

WIDTH = 460
MARGIN = 12
MOST_HEIGHT = 420
MAX_FAILURES = 5
TICK = 500
"""Milliseconds between two forecasts while the list is open."""


class JobList(QFrame):
    """Opens above the job bar. Mouse or Alt+arrow keys change the order, arrow keys go through it.

    Signals
    -------
    settings_requested(Request)
        A person wants to change what a failed job was started with.
    """

    settings_requested = Signal(object)

    def __init__(self, worker: EditWorker, times: JobTimes, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        set_role(self, "popover")
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Jobs")
        self._worker, self._times = worker, times
        self._running: int | None = None
        self.rows: dict[int, JobRow] = {}
        self.failures: deque[FailureCard] = deque()
        self.empty = label("No job runs or waits.", "muted")
        self.hint = label(
            "Drag jobs, or press Alt+Up and Alt+Down, to change their order. Del cancels.", "muted", wrap=True
        )
        self.waiting_button = labelled_button(
            "clear", "Cancel waiting", "Cancel all jobs but the running one."
        )
        self.all_button = labelled_button(
            "cancel", "Cancel all", "Cancel the running job and all waiting ones."
        )
        self._body = QWidget()
        self._list = QVBoxLayout(self._body)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(2)
        self._failed = QVBoxLayout()
        self._failed.setSpacing(6)
        self._list.addWidget(self.empty)
        self._list.addLayout(self._failed)
        self._list.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._body)
        top = row(label("Jobs", "title"), 1, self.waiting_button, self.all_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, 10, MARGIN, 10)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(line())
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self.hint)

        self.waiting_button.clicked.connect(worker.cancel_waiting)
        self.all_button.clicked.connect(worker.cancel_all)
        worker.job_queued.connect(self._on_job_queued)
        worker.job_started.connect(self._on_job_started)
        worker.queue_changed.connect(self.refresh)
        worker.job_finished.connect(self._on_job_finished)
        worker.job_cancelled.connect(self._on_job_cancelled)
        worker.job_failed.connect(self._on_job_failed)
        self._tick = QTimer(self, interval=TICK)
        self._tick.timeout.connect(self._on_tick)
        self.refresh()

    def open_above(self, anchor: QWidget) -> None:
        """Show it, its lower right corner at the upper right one of a widget."""
        self._fit()
        corner = anchor.mapToGlobal(QPoint(anchor.width(), 0))
        self.move(max(corner.x() - self.width(), 0), max(corner.y() - self.height() - 6, 0))
        self.show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._tick.start()
        first = next(iter(self._shown()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.PopupFocusReason)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()

    def move_job(self, job_id: int, step: int) -> None:
        """Let a waiting job change places with the one before it (-1) or after it (+1)."""
        order = self._worker.waiting
        if job_id in order:
            self.place_job(job_id, order.index(job_id) + step)

    def place_job(self, job_id: int, place: int) -> None:
        """Let a waiting job be the one with this number, counted from zero, of those that wait."""
        order = self._worker.waiting
        if job_id in order and 0 <= place < len(order) and order[place] != job_id:
            order.remove(job_id)
            order.insert(place, job_id)
            self._worker.reorder(order)

    @Slot()
    def refresh(self) -> None:
        """Rows, forecasts and failures as they are now."""
        waiting = self._worker.waiting
        until = self._times.until_done(self._running)
        # One that the thread has taken up waits no longer, though it is told a moment later that it runs.
        ahead = [job_id for job_id in self.rows if job_id not in waiting]
        for place, job_id in enumerate((*ahead, *(job_id for job_id in waiting if job_id in self.rows))):
            job = self.rows[job_id]
            self._list.insertWidget(place, job)
            if job_id in until:
                words = in_words(until[job_id])
                when = f"done in about {words}" if words else "waiting"
                job.show_state(False, job_id == waiting[0], job_id == waiting[-1], when)
            else:
                left = in_words(self._times.left(job_id))
                state = "running" if job_id == self._running else "starting"
                job.show_state(True, True, True, f"{left} left" if left else state)
        self.empty.setVisible(not self.rows and not self.failures)
        self.hint.setVisible(len(waiting) > 1)
        self.waiting_button.setEnabled(bool(waiting))
        self.all_button.setEnabled(bool(self.rows))

    def _shown(self) -> list[JobRow]:
        """Rows from top to bottom."""
        return sorted(self.rows.values(), key=self._list.indexOf)

    def _fit(self) -> None:
        """As high as what it shows, up to a limit; a list that is open keeps its lower edge."""
        self.refresh()
        below = self.y() + self.height()
        # What is wrapped says how high it is only if it is told how wide.
        room = WIDTH - 2 * MARGIN - 2
        inner = self._list.heightForWidth(room) if self.failures else self._list.sizeHint().height()
        self._scroll.setFixedHeight(min(inner, MOST_HEIGHT))
        self.adjustSize()
        if self.isVisible():
            self.move(self.x(), below - self.height())

    @Slot(int, str)
    def _on_job_queued(self, job_id: int, title: str) -> None:
        if title:
            job = JobRow(job_id, title)
            job.moved.connect(self.move_job)
            job.dragged.connect(self._on_dragged)
            job.cancelled.connect(self._worker.cancel)
            job.stepped.connect(self._on_stepped)
            self.rows[job_id] = job
            self._list.insertWidget(0, job)
            self._refit()

    @Slot(int)
    def _on_job_started(self, job_id: int) -> None:
        if job_id in self.rows:
            self._running = job_id
            self.refresh()

    @Slot(int, object)
    def _on_job_finished(self, job_id: int, _result: object) -> None:
        self._remove(job_id)

    @Slot(int)
    def _on_job_cancelled(self, job_id: int) -> None:
        self._remove(job_id)

    @Slot(int, str, str)
    def _on_job_failed(self, job_id: int, message: str, _trace: str) -> None:
        if job_id in self.rows:
            title = self._worker.title_of(job_id)
            card = FailureCard(title, message, self._worker.request_of(job_id))
            card.settings_requested.connect(self._on_settings_requested)
            card.dismissed.connect(partial(self._dismiss, card))
            self.failures.appendleft(card)
            self._failed.insertWidget(0, card)
            if len(self.failures) > MAX_FAILURES:
                self._dismiss(self.failures[-1])
        self._remove(job_id)

    @Slot(object)
    def _on_settings_requested(self, request: Request) -> None:
        self.hide()
        self.settings_requested.emit(request)

    @Slot(int, int)
    def _on_dragged(self, job_id: int, y: int) -> None:
        """Rows make room while one is dragged: it goes below those whose middle the mouse has passed."""
        y = self._body.mapFromGlobal(QPoint(0, y)).y()
        others = [self.rows[other] for other in self._worker.waiting if other != job_id]
        self.place_job(job_id, sum(other.geometry().center().y() < y for other in others))
        self._scroll.ensureWidgetVisible(self.rows[job_id])

    @Slot(int)
    def _on_stepped(self, step: int) -> None:
        shown = self._shown()
        place = next((at for at, job in enumerate(shown) if job.hasFocus()), 0) + step
        if 0 <= place < len(shown):
            shown[place].setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def _on_tick(self) -> None:
        self.refresh()

    def _dismiss(self, card: FailureCard) -> None:
        self.failures.remove(card)
        self._failed.removeWidget(card)
        card.hide()
        card.deleteLater()
        self._refit()

    def _remove(self, job_id: int) -> None:
        if job_id == self._running:
            self._running = None
        job = self.rows.get(job_id)
        if job is None:
            return
        shown = self._shown()
        place = shown.index(job)
        if job.hasFocus() and len(shown) > 1:
            # The keyboard goes on with the row that takes its place.
            shown[place + 1 if place + 1 < len(shown) else place - 1].setFocus()
        del self.rows[job_id]
        self._list.removeWidget(job)
        job.hide()
        job.deleteLater()
        self._refit()

    def _refit(self) -> None:
        if self.isVisible():
            self._fit()
        else:
            self.refresh()
