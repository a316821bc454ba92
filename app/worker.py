"""The one background thread: takes requests, runs them on the engine, reports on the GUI thread.

`EditWorker` lives on the GUI thread. Its thread talks to it only through one private queued signal, so every
public signal is emitted on the GUI thread, in order, and each job ends exactly once: finished, cancelled or
failed. Torch is imported on that thread, by building the engine there.
"""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from app.engines import EngineInfo, EngineLike, shipped_engine
from app.worker_tasks import Ending, Task, run_task, same_draft, turn
from core.edits.job import Job, Preview, Progress
from core.edits.requests import Decode, Request
from core.edits.results import Candidate, ImportedModels
from core.loading_for_good import loading_for_good
from core.scene.shape import Mesh

log = logging.getLogger(__name__)
PROGRESS_INTERVAL = 0.1
"""Seconds between two progress reports of a job that reach the GUI."""
PREVIEW_INTERVAL = 0.2
"""Seconds between two previews of a job that reach the GUI."""
STUCK_SECONDS = 20.0
"""Seconds after which a cancelled job that does not stop is given up, thread and engine with it."""


class EditWorker(QObject):
    """Queue of requests in front of one engine on one thread.

    Draft decodes jump the queue and the latest one of a shape replaces its waiting predecessor (the running
    one is left to finish, so a long drag still shows frames). Drafts have an empty title: the job bar ignores
    them. Other decodes come next; everything else runs in the order of submission.

    Parameters
    ----------
    inline : bool
        Run every request inside `submit`, on the caller's thread (tests, scripts): the same code path.
    make_engine : callable, optional
        Builds the engine on the worker's thread; default: the shipped model.
    prepare : callable, optional
        Called on the worker's thread with every mesh before it is delivered, and whether it is a draft or a
        candidate's, which may not stay, to spare the GUI thread.

    Signals
    -------
    engine_ready(EngineInfo), engine_failed(str)
    models_changed(EngineInfo)
        A model was imported; the engine stays.
    job_queued(int, str), job_started(int), job_progressed(int, Progress), job_previewed(int, Preview),
    job_proposed(int, int, Candidate)
        A candidate is finished while others are still made, with its place among them.
    job_noted(int, str), job_cancelling(int), queue_changed()
        It does something otherwise than asked for, in words; was asked to stop; waiting ones changed order.
    job_finished(int, Result), job_cancelled(int), job_failed(int, str message, str traceback)
        Exactly one of them ends each job.
    """

    engine_ready = Signal(object)
    models_changed = Signal(object)
    engine_failed = Signal(str)
    job_queued = Signal(int, str)
    job_started = Signal(int)
    job_progressed = Signal(int, object)
    job_previewed = Signal(int, object)
    job_proposed = Signal(int, int, object)
    job_noted = Signal(int, str)
    job_cancelling = Signal(int)
    queue_changed = Signal()
    job_finished = Signal(int, object)
    job_cancelled = Signal(int)
    job_failed = Signal(int, str, str)

    _delivered = Signal(str, int, object)

    def __init__(
        self,
        inline: bool = False,
        make_engine: Callable[[], EngineLike] | None = None,
        parent: QObject | None = None,
        prepare: Callable[[Mesh, bool], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self._inline = inline
        self._prepare = prepare
        self._make_engine = make_engine or shipped_engine
        self._engine: EngineLike | None = None
        self._error = ""
        self._info: EngineInfo | None = None
        self._next_id = 1
        self._tasks: dict[int, Task] = {}
        self._changed = threading.Condition()
        # Guarded by `_changed`: the waiting tasks, the running one, and whether to load or to stop.
        self._waiting: list[Task] = []
        self._running: Task | None = None
        self._load_wanted = True
        self._loading = False
        self._stopping = False
        self._draining = False
        self._generation = 0
        self._thread: threading.Thread | None = None
        self._delivered.connect(self._on_delivered, Qt.ConnectionType.QueuedConnection)
        self._inbox: deque[tuple[str, int, object]] = deque()
        # What arrives is taken in one by one, each in a turn of the event loop of its own: together with the
        # drawing that is due they would keep the window from answering for twice as long.
        self._turn = QTimer(self)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._on_turn)

    @property
    def info(self) -> EngineInfo | None:
        """The loaded engine, None while it loads or when it could not be loaded."""
        return self._info

    @property
    def error(self) -> str:
        """Why there is no engine, empty if there is one or it still loads."""
        return self._error

    @property
    def ended(self) -> bool:
        """Whether no thread runs (any more)."""
        return self._thread is None or not self._thread.is_alive()

    @property
    def busy(self) -> bool:
        return bool(self._tasks)

    def request_of(self, job_id: int) -> Request | None:
        """The request of a job that has not ended yet (still known inside its end signals)."""
        task = self._tasks.get(job_id)
        return task.request if task else None

    def title_of(self, job_id: int) -> str:
        return self._tasks[job_id].title if job_id in self._tasks else ""

    def start(self) -> None:
        """Load the engine and begin to work (in the background unless inline)."""
        if self._inline:
            self._drain()
        elif self._thread is None:
            self._start_thread()

    def reload(self, make_engine: Callable[[], EngineLike]) -> None:
        """Load another engine once the running job has ended; waiting jobs then run on it."""
        with self._changed:
            self._make_engine = make_engine
            self._load_wanted = True
            self._changed.notify_all()
        if self._inline:
            self._drain()

    def submit(self, request: Request, title: str) -> int:
        """Queue a request and return its job id. Its signals may precede the return when inline."""
        task = Task(self._next_id, request, title)
        progress, preview = partial(self._report_progress, task), partial(self._report_preview, task)
        noted = partial(self._deliver, "noted", task.id)
        task.job = Job(progress, preview, noted, partial(self._report_candidate, task))
        self._next_id += 1
        self._tasks[task.id] = task
        replaced: list[Task] = []
        if isinstance(request, Decode) and request.draft:
            with self._changed:
                replaced = [waiting for waiting in self._waiting if same_draft(waiting.request, request)]
                for waiting in replaced:
                    self._waiting.remove(waiting)
        for waiting in replaced:
            waiting.job.cancel()
            self._end(waiting, Ending(cancelled=True))
        with self._changed:
            self._waiting.append(task)
            self._changed.notify_all()
        # Told when it waits, so that whoever asks finds it there. A queued signal tells of its start.
        self.job_queued.emit(task.id, title)
        if self._inline:
            self._drain()
        return task.id

    def cancel(self, job_id: int) -> None:
        """Cancel a waiting job at once, a running one at its next step. Unknown ids are ignored."""
        task = self._tasks.get(job_id)
        if task is None or task.job.cancelled:
            return
        with self._changed:
            waiting = task in self._waiting
            if waiting:
                self._waiting.remove(task)
            task.job.cancel()
        if waiting:
            self._end(task, Ending(cancelled=True))
        else:
            QTimer.singleShot(round(STUCK_SECONDS * 1000), self, lambda: self._give_up(task))
            self.job_cancelling.emit(job_id)

    @property
    def waiting(self) -> list[int]:
        """Ids of listed (titled) jobs that wait, in the order in which they will run."""
        with self._changed:
            return [task.id for task in sorted(self._waiting, key=turn) if task.title]

    def reorder(self, job_ids: Sequence[int]) -> None:
        """Let those that wait run in this order, as far as equally urgent; later ones come after them."""
        with self._changed:
            for task in (task for task in self._waiting if task.id in job_ids):
                task.rank = job_ids.index(task.id) - len(job_ids)
        self.queue_changed.emit()

    def cancel_waiting(self) -> None:
        """Cancel all listed jobs but the running one."""
        for job_id in reversed(self.waiting):
            self.cancel(job_id)

    def cancel_all(self) -> None:
        """Cancel every job, waiting ones first so that none of them starts meanwhile."""
        for job_id in sorted(self._tasks, reverse=True):
            self.cancel(job_id)

    def shutdown(self, seconds: float = 5.0) -> bool:
        """Cancel everything and join the thread, unless it loads an engine: nobody waits for that any more.

        False if it has not ended in time (it loads, or hangs in native code).
        """
        self.cancel_all()
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(min(seconds, 0.1) if self._loading else seconds)
        return self.ended

    # --- on the worker's thread -----------------------------------------------------------------------

    def _start_thread(self) -> None:
        # Daemon: if a native call hangs at exit, `shutdown` reports it and the process can still end.
        known = (self._generation,)
        self._thread = threading.Thread(target=self._work, args=known, name="edit-worker", daemon=True)
        self._thread.start()

    def _work(self, generation: int) -> None:
        while generation == self._generation and self._work_once(wait=True):
            pass

    def _drain(self) -> None:
        """Inline: run until nothing waits. A nested call (from a receiver) leaves that to the outer one."""
        if self._draining:
            return
        self._draining = True
        try:
            while self._work_once(wait=False):
                pass
        finally:
            self._draining = False

    def _work_once(self, wait: bool) -> bool:
        """Load if asked to, else run the most urgent task. False when there is nothing to do (any more)."""
        with self._changed:
            while wait and not (self._stopping or self._load_wanted or self._waiting):
                self._changed.wait()
            if self._stopping or not (self._load_wanted or self._waiting):
                return False
            load, self._load_wanted = self._load_wanted, False
            task = None
            if not load:
                task = min(self._waiting, key=turn)
                self._waiting.remove(task)
                self._running = task
        if task is None:
            self._load()
            return True
        self._deliver("started", task.id, None)
        ending = run_task(task, self._engine, self._prepare)
        with self._changed:
            if self._running is not task:
                return False  # given up meanwhile: another thread works now
            self._running = None
        self._deliver("ended", task.id, ending)
        return True

    def _load(self) -> None:
        held, self._engine, self._loading = self._engine is not None, None, True
        if held:
            gc.unfreeze()
            gc.collect()
        try:
            with loading_for_good():
                engine = self._make_engine()
        except Exception as error:
            log.exception("the engine could not be loaded")
            self._deliver("engine_failed", 0, f"The model could not be loaded: {error}")
            return
        finally:
            self._loading = False
        self._engine = engine
        info = EngineInfo(engine.checkpoint_id, engine.device_name, engine.models)
        self._deliver("engine_ready", 0, info)

    def _report_progress(self, task: Task, progress: Progress) -> None:
        now = time.monotonic()
        if now - task.progress_at >= PROGRESS_INTERVAL:
            task.progress_at = now
            self._deliver("progressed", task.id, progress)

    def _report_preview(self, task: Task, preview: Preview) -> None:
        now = time.monotonic()
        if now - task.preview_at >= PREVIEW_INTERVAL:
            task.preview_at = now
            self._deliver("previewed", task.id, preview)

    def _report_candidate(self, task: Task, place: int, candidate: Candidate) -> None:
        if self._prepare is not None:
            self._prepare(candidate.mesh, True)
        self._deliver("proposed", task.id, (place, candidate))

    def _deliver(self, kind: str, job_id: int, payload: object) -> None:
        if self._inline:
            self._take_in(kind, job_id, payload)
        else:
            self._delivered.emit(kind, job_id, payload)

    # --- on the GUI thread ----------------------------------------------------------------------------

    @Slot(str, int, object)
    def _on_delivered(self, kind: str, job_id: int, payload: object) -> None:
        self._inbox.append((kind, job_id, payload))
        self._turn.start()

    @Slot()
    def _on_turn(self) -> None:
        delivery = self._inbox.popleft()
        if not self._inbox:
            self._turn.stop()
        self._take_in(*delivery)

    def _take_in(self, kind: str, job_id: int, payload: object) -> None:
        if kind == "engine_ready":
            assert isinstance(payload, EngineInfo)
            self._info, self._error = payload, ""
            self.engine_ready.emit(payload)
        elif kind == "engine_failed":
            self._info, self._error = None, str(payload)
            self.engine_failed.emit(self._error)
        task = self._tasks.get(job_id)
        if task is None:
            return
        if kind == "ended":
            assert isinstance(payload, Ending)
            self._end(task, payload)
        elif task.job.cancelled:
            return
        elif kind == "started":
            self.job_started.emit(job_id)
        elif kind == "progressed":
            self.job_progressed.emit(job_id, payload)
        elif kind == "previewed":
            self.job_previewed.emit(job_id, payload)
        elif kind == "proposed":
            assert isinstance(payload, tuple)
            self.job_proposed.emit(job_id, *payload)
        elif kind == "noted":
            self.job_noted.emit(job_id, str(payload))

    def _give_up(self, task: Task) -> None:
        """Leave a cancelled job that hangs to itself; a fresh engine on a fresh thread goes on."""
        with self._changed:
            if self._running is not task or self._stopping:
                return
            self._running = None
            self._generation += 1
            self._load_wanted = True
        log.error("job %d (%s) did not stop within %g s and was given up", task.id, task.title, STUCK_SECONDS)
        self._info = None
        self._end(task, Ending(cancelled=True))
        self._start_thread()

    def _end(self, task: Task, ending: Ending) -> None:
        """Emit the one end signal. A cancel that crossed a finish on its way wins: nothing is delivered."""
        if ending.cancelled or task.job.cancelled:
            self.job_cancelled.emit(task.id)
        elif ending.result is not None:
            if isinstance(ending.result, ImportedModels) and self._info is not None:
                self._info = self._info.with_models(ending.result.models)
                self.models_changed.emit(self._info)
            self.job_finished.emit(task.id, ending.result)
        else:
            self.job_failed.emit(task.id, ending.message, ending.trace)
        self._tasks.pop(task.id, None)
