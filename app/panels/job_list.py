"""The list of jobs: what runs, what waits and in which order, when it will be done, what failed and why."""

from __future__ import annotations

from collections import deque
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.job_times import JobTimes, in_words
from app.panels.widgets import icon_button, label, labelled_button, line, row, set_role, yielding
from app.worker import EditWorker
from core.edits.requests import Export, Request, Sampled

WIDTH = 460
MOST_HEIGHT = 420
MAX_FAILURES = 5
TICK = 500
"""Milliseconds between two forecasts while the list is open."""


class JobRow(QFrame):
    """A job that runs or waits: its title, when it will be done, and buttons.

    Signals
    -------
    moved(int job, int by), cancelled(int job)
        By -1 to run earlier, by +1 to run later.
    stepped(int)
        The keyboard goes to the row above (-1) or below (+1).
    """

    moved = Signal(int, int)
    cancelled = Signal(int)
    stepped = Signal(int)

    def __init__(self, job_id: int, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "job")
        self.job_id = job_id
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(title)
        self.title = yielding(label(title))
        self.title.setToolTip(title)
        self.when = label("", "muted")
        self.up_button = icon_button("up", f"Run {title} earlier", "Run it earlier (Alt+Up).")
        self.down_button = icon_button("down", f"Run {title} later", "Run it later (Alt+Down).")
        self.cancel_button = icon_button(
            "cancel", f"Cancel {title}", "Cancel this job (Del). The scene is not changed."
        )
        layout = row(self.title, self.when, self.up_button, self.down_button, self.cancel_button, spacing=4)
        layout.setContentsMargins(10, 3, 6, 3)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self.up_button.clicked.connect(partial(self._on_move_clicked, -1))
        self.down_button.clicked.connect(partial(self._on_move_clicked, 1))
        self.cancel_button.clicked.connect(self._on_cancel_clicked)

    def show_state(self, running: bool, first: bool, last: bool, when: str) -> None:
        """Whether it runs, and what can be done with it."""
        set_role(self.title, "heading" if running else "")
        for button in (self.up_button, self.down_button):
            button.setVisible(not running)
        self.up_button.setEnabled(not first)
        self.down_button.setEnabled(not last)
        self.when.setText(when)
        self.setAccessibleDescription(when)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.moved.emit(self.job_id, step)
        elif step is not None:
            self.stepped.emit(step)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cancelled.emit(self.job_id)
        else:
            super().keyPressEvent(event)

    @Slot()
    def _on_move_clicked(self, step: int) -> None:
        self.moved.emit(self.job_id, step)

    @Slot()
    def _on_cancel_clicked(self) -> None:
        self.cancelled.emit(self.job_id)


class FailureCard(QFrame):
    """What went wrong with a job, and a way to its settings.

    Signals
    -------
    settings_requested(Request), dismissed()
    """

    settings_requested = Signal(object)
    dismissed = Signal()

    def __init__(self, title: str, message: str, request: Request | None) -> None:
        super().__init__()
        set_role(self, "card")
        self.request = request
        self.message = label(message, wrap=True)
        self.settings_button = labelled_button(
            "settings", "Change its settings", "Go to what this job was started with, to change it."
        )
        self.settings_button.setVisible(isinstance(request, Sampled | Export))
        self.dismiss_button = icon_button(
            "close", f"Dismiss the failure of {title}", "Take it off this list."
        )
        top = row(yielding(label(title, "danger")), self.dismiss_button)
        top.setStretch(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 6, 8)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(self.message)
        layout.addLayout(row(self.settings_button, 1))
        self.settings_button.clicked.connect(self._on_settings_clicked)
        self.dismiss_button.clicked.connect(self.dismissed)

    @Slot()
    def _on_settings_clicked(self) -> None:
        self.settings_requested.emit(self.request)


class JobList(QFrame):
    """Opens above the job bar. Arrow keys go through the rows, with Alt they move them; Del cancels.

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
        self.hint = label("Alt+Up and Alt+Down change the order, Del cancels.", "muted", wrap=True)
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
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._body)
        top = row(label("Jobs", "title"), 1, self.waiting_button, self.all_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
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
        if job_id not in order:
            return
        place = order.index(job_id) + step
        if 0 <= place < len(order):
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
        inner = self._body.sizeHint().height()
        self._scroll.setFixedHeight(min(inner, MOST_HEIGHT))
        self.adjustSize()
        if self.isVisible():
            self.move(self.x(), below - self.height())

    @Slot(int, str)
    def _on_job_queued(self, job_id: int, title: str) -> None:
        if title:
            job = JobRow(job_id, title)
            job.moved.connect(self.move_job)
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
