"""How long jobs take: the running one from its progress, the others from earlier ones of the same kind."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from PySide6.QtCore import QObject, Slot

from app.worker import EditWorker
from core.edits.job import Progress
from core.edits.requests import CheckPrint, Decode, Export, Fit, Generate, Request, Sampled, TextEdit

MIN_FRACTION = 0.04
"""Before this share of a job is done its own progress says nothing about its end."""
REMEMBERED = 8
"""Durations kept of each kind of job: the machine may be slower now than it was."""
MOST_KINDS = 64
"""Kinds of job that are remembered; those that ran longest ago are forgotten first."""
LONGEST_KIND, LONGEST = 200, 1e6
"""Letters of a kind, and seconds, beyond which what was stored is not believed."""

Taken = dict[str, list[float]]
"""Seconds that jobs took, by kind, the newest last."""


class JobTimes(QObject):
    """Watches a worker and forecasts when its jobs are done.

    Parameters
    ----------
    worker : EditWorker
    clock : callable
        Seconds, from any start.
    taken : dict, optional
        What earlier jobs took, as far as it can be believed; kept up to date.
    """

    def __init__(
        self,
        worker: EditWorker,
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
        taken: Taken | None = None,
    ) -> None:
        super().__init__(parent)
        self._worker = worker
        self._clock = clock
        self._taken: Taken = {} if taken is None else taken
        _keep_credible(self._taken)
        self._started: dict[int, float] = {}
        self._fractions: dict[int, float] = {}
        worker.job_started.connect(self._on_job_started)
        worker.job_progressed.connect(self._on_job_progressed)
        worker.job_finished.connect(self._on_job_finished)
        worker.job_cancelled.connect(self._on_job_cancelled)
        worker.job_failed.connect(self._on_job_failed)

    def forecast(self, request: Request) -> float | None:
        """Seconds a request will take from its start; None if none of its kind was ever finished."""
        taken = self._taken.get(self._kind(request))
        # The first one after a start also loads something, which says nothing about the next.
        return median(taken) * _amount(request) if taken else None

    def left(self, job_id: int) -> float | None:
        """Seconds until a running job is done, if that can be told."""
        request = self._worker.request_of(job_id)
        if request is None or job_id not in self._started:
            return None
        elapsed = self._clock() - self._started[job_id]
        fraction = self._fractions.get(job_id, 0.0)
        if fraction >= MIN_FRACTION:
            return elapsed * (1.0 - fraction) / fraction
        expected = self.forecast(request)
        return None if expected is None else max(expected - elapsed, 0.0)

    def until_done(self, running: int | None) -> dict[int, float | None]:
        """Seconds until each waiting job is done, in the order of the queue; None = cannot be told."""
        total = 0.0 if running is None else self.left(running)
        found: dict[int, float | None] = {}
        for job_id in self._worker.waiting:
            request = self._worker.request_of(job_id)
            own = self.forecast(request) if request is not None else None
            total = None if total is None or own is None else total + own
            found[job_id] = total
        return found

    def _kind(self, request: Request) -> str:
        """Requests of the same kind take about as long for the same amount of work, on the same device."""
        info = self._worker.info
        details = [type(request).__name__, request.checkpoint, info.device_name if info else ""]
        if isinstance(request, Decode | Export | CheckPrint):
            details.append(f"{request.resolution} cells")
        if isinstance(request, Sampled):
            details.append(f"{request.steps} steps")
        if isinstance(request, Generate | TextEdit) and request.text:
            details.append("words")
        return " | ".join(details)

    @Slot(int)
    def _on_job_started(self, job_id: int) -> None:
        self._started[job_id] = self._clock()

    @Slot(int, object)
    def _on_job_progressed(self, job_id: int, progress: Progress) -> None:
        self._fractions[job_id] = progress.fraction

    @Slot(int, object)
    def _on_job_finished(self, job_id: int, _result: object) -> None:
        request, start = self._worker.request_of(job_id), self._started.get(job_id)
        if request is not None and start is not None:
            kind = self._kind(request)
            # Put at the end, behind those that ran longer ago.
            taken = self._taken.pop(kind, [])
            seconds = round((self._clock() - start) / _amount(request), 3)
            self._taken[kind] = [*taken, seconds][-REMEMBERED:]
            _forget_oldest(self._taken)
        self._forget(job_id)

    @Slot(int)
    def _on_job_cancelled(self, job_id: int) -> None:
        self._forget(job_id)

    @Slot(int, str, str)
    def _on_job_failed(self, job_id: int, _message: str, _trace: str) -> None:
        self._forget(job_id)

    def _forget(self, job_id: int) -> None:
        self._started.pop(job_id, None)
        self._fractions.pop(job_id, None)


def _keep_credible(taken: dict[str, list[float]]) -> None:
    """Drop whatever a stored file may hold that is no duration."""
    for kind, values in list(taken.items()):
        known = isinstance(kind, str) and len(kind) <= LONGEST_KIND and isinstance(values, list)
        seconds = [float(value) for value in values if _is_duration(value)] if known else []
        if seconds:
            taken[kind] = seconds[-REMEMBERED:]
        else:
            del taken[kind]
    _forget_oldest(taken)


def _is_duration(value: object) -> bool:
    # What is infinite or no number (NaN) fails the comparison.
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LONGEST


def _forget_oldest(taken: dict[str, list[float]]) -> None:
    for kind in list(taken)[:-MOST_KINDS]:
        del taken[kind]


def _amount(request: Request) -> int:
    """How much work a request is, in candidates, shapes or steps."""
    if isinstance(request, Sampled):
        return max(request.count, 1)
    if isinstance(request, Export):
        return max(len(request.shapes), 1)
    return max(request.steps, 1) if isinstance(request, Fit) else 1


def in_words(seconds: float | None) -> str:
    """A forecast in words; empty if there is none."""
    if seconds is None:
        return ""
    if seconds < 1.0:
        return "<1 s"
    return f"{seconds:.0f} s" if seconds < 90.0 else f"{seconds / 60.0:.0f} min"
