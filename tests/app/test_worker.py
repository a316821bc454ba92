"""The worker: order, cancel, exactly one end, errors in words, nothing left behind."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, QThread, Slot
from pytestqt.qtbot import QtBot

from app.engines import EngineInfo
from app.worker import EditWorker
from core.edits.job import Progress
from core.edits.requests import Decode, Generate
from core.edits.results import Candidates, Decoded
from tests.app.numpy_engine import NumpyEngine, SlowEngine, make_shape


class Record(QObject):
    """Every signal of a worker in the order of arrival, and the thread it arrived on."""

    def __init__(self, worker: EditWorker) -> None:
        super().__init__()
        self.events: list[tuple[str, int]] = []
        self.results: dict[int, object] = {}
        self.failures: dict[int, tuple[str, str]] = {}
        self.progress: list[Progress] = []
        self.threads: set[QThread] = set()
        worker.job_queued.connect(self._on_job_queued)
        worker.job_started.connect(self._on_job_started)
        worker.job_progressed.connect(self._on_job_progressed)
        worker.job_finished.connect(self._on_job_finished)
        worker.job_cancelled.connect(self._on_job_cancelled)
        worker.job_failed.connect(self._on_job_failed)

    def _add(self, kind: str, job_id: int) -> None:
        self.events.append((kind, job_id))
        self.threads.add(QThread.currentThread())

    def of(self, job_id: int) -> list[str]:
        return [kind for kind, known in self.events if known == job_id]

    def ended(self, *job_ids: int) -> Callable[[], bool]:
        ends = {"finished", "cancelled", "failed"}
        return lambda: all(ends & set(self.of(job_id)) for job_id in job_ids)

    @Slot(int, str)
    def _on_job_queued(self, job_id: int, title: str) -> None:
        self._add("queued", job_id)

    @Slot(int)
    def _on_job_started(self, job_id: int) -> None:
        self._add("started", job_id)

    @Slot(int, object)
    def _on_job_progressed(self, job_id: int, progress: Progress) -> None:
        self.progress.append(progress)
        self.threads.add(QThread.currentThread())

    @Slot(int, object)
    def _on_job_finished(self, job_id: int, result: object) -> None:
        self.results[job_id] = result
        self._add("finished", job_id)

    @Slot(int)
    def _on_job_cancelled(self, job_id: int) -> None:
        self._add("cancelled", job_id)

    @Slot(int, str, str)
    def _on_job_failed(self, job_id: int, message: str, trace: str) -> None:
        self.failures[job_id] = (message, trace)
        self._add("failed", job_id)


def test_engine_is_built_and_runs_on_the_worker_thread_only(qtbot: QtBot) -> None:
    built: list[NumpyEngine] = []

    def make() -> NumpyEngine:
        built.append(SlowEngine())
        return built[0]

    worker = EditWorker(make_engine=make)
    record = Record(worker)
    assert built == []
    with qtbot.waitSignal(worker.engine_ready) as blocker:
        worker.start()
    info = blocker.args[0]
    assert info == EngineInfo("numpy-boxes", "cpu", built[0].models)
    assert worker.info == info
    job = worker.submit(Generate(seed=1), "Generate")
    qtbot.waitUntil(record.ended(job))
    assert record.of(job) == ["queued", "started", "finished"]
    assert isinstance(record.results[job], Candidates)
    assert built[0].thread is not threading.current_thread()
    assert record.threads == {QThread.currentThread()}
    assert worker.shutdown(5.0)
    assert worker.ended


def test_jobs_submitted_before_start_wait_for_the_engine(threaded_worker: EditWorker, qtbot: QtBot) -> None:
    record = Record(threaded_worker)
    job = threaded_worker.submit(Generate(), "Generate")
    assert record.of(job) == ["queued"]
    threaded_worker.start()
    qtbot.waitUntil(record.ended(job))
    assert record.of(job)[-1] == "finished"


def test_sampled_jobs_run_in_order_and_decodes_before_them(
    threaded_worker: EditWorker, engine: NumpyEngine, qtbot: QtBot
) -> None:
    record = Record(threaded_worker)
    final = Decode(shape=make_shape(1), resolution=128)
    draft = Decode(shape=make_shape(2), resolution=64, draft=True)
    requests = [Generate(seed=1), Generate(seed=2), final, draft]
    jobs = [threaded_worker.submit(request, "job") for request in requests]
    threaded_worker.start()
    qtbot.waitUntil(record.ended(*jobs))
    assert engine.requests == [draft, final, requests[0], requests[1]]


def test_the_latest_draft_of_a_shape_replaces_the_one_that_waits(
    threaded_worker: EditWorker, engine: NumpyEngine, qtbot: QtBot
) -> None:
    record = Record(threaded_worker)
    drafts = [Decode(shape=make_shape(seed), draft=True, resolution=64) for seed in range(5)]
    other = Decode(shape=make_shape(9, "s2"), draft=True, resolution=64)
    jobs = [threaded_worker.submit(draft, "") for draft in drafts]
    kept = threaded_worker.submit(other, "")
    threaded_worker.start()
    qtbot.waitUntil(record.ended(*jobs, kept))
    assert [record.of(job)[-1] for job in jobs] == ["cancelled"] * 4 + ["finished"]
    assert engine.requests == [drafts[-1], other]


def test_cancel_of_a_waiting_job_ends_it_at_once_and_leaves_the_running_one(
    threaded_worker: EditWorker, engine: NumpyEngine, qtbot: QtBot
) -> None:
    record = Record(threaded_worker)
    threaded_worker.start()
    engine.gate.clear()
    running = threaded_worker.submit(Generate(seed=1), "first")
    waiting = threaded_worker.submit(Generate(seed=2), "second")
    qtbot.waitUntil(lambda: "started" in record.of(running))
    threaded_worker.cancel(waiting)
    assert record.of(waiting) == ["queued", "cancelled"]
    engine.gate.set()
    qtbot.waitUntil(record.ended(running))
    assert record.of(running) == ["queued", "started", "finished"]
    assert [request.seed for request in engine.requests] == [1]


def test_cancel_of_the_running_job_stops_it_within_a_step(
    threaded_worker: EditWorker, engine: NumpyEngine, qtbot: QtBot
) -> None:
    record = Record(threaded_worker)
    threaded_worker.start()
    engine.gate.clear()
    job = threaded_worker.submit(Generate(), "job")
    qtbot.waitUntil(lambda: "started" in record.of(job))
    with qtbot.waitSignal(threaded_worker.job_cancelling):
        threaded_worker.cancel(job)
    threaded_worker.cancel(job)
    qtbot.waitUntil(record.ended(job))
    assert record.of(job) == ["queued", "started", "cancelled"]
    assert not threaded_worker.busy
    engine.gate.set()
    after = threaded_worker.submit(Generate(), "after")
    qtbot.waitUntil(record.ended(after))
    assert record.of(after)[-1] == "finished"


def test_a_cancel_that_crosses_the_result_still_delivers_nothing(
    threaded_worker: EditWorker, engine: NumpyEngine, qtbot: QtBot
) -> None:
    record = Record(threaded_worker)
    threaded_worker.start()
    job = threaded_worker.submit(Generate(), "job")
    # The thread finishes while this one, not processing events, has not heard of it.
    while not engine.requests or threaded_worker._running is not None:
        pass
    threaded_worker.cancel(job)
    qtbot.waitUntil(record.ended(job))
    assert record.of(job)[-1] == "cancelled"
    assert job not in record.results


@pytest.mark.parametrize(
    ("text", "phrase", "has_trace"),
    [
        ("impossible", "Use other words", False),
        ("fail", "RuntimeError: the network is on fire", True),
        ("huge", "not enough memory", True),
    ],
)
def test_failures_say_why_and_the_worker_goes_on(
    inline_worker: EditWorker, text: str, phrase: str, has_trace: bool
) -> None:
    record = Record(inline_worker)
    job = inline_worker.submit(Generate(text=text), "Generate")
    assert record.of(job) == ["queued", "started", "failed"]
    message, trace = record.failures[job]
    assert phrase in message
    assert bool(trace) is has_trace
    after = inline_worker.submit(Generate(), "after")
    assert record.of(after)[-1] == "finished"


def test_an_engine_that_cannot_be_loaded_is_told_and_jobs_fail_readably(qtbot: QtBot) -> None:
    def make() -> NumpyEngine:
        raise OSError("there is no model in resources")

    worker = EditWorker(inline=True, make_engine=make)
    record = Record(worker)
    with qtbot.waitSignal(worker.engine_failed) as blocker:
        worker.start()
    assert "there is no model" in blocker.args[0]
    assert worker.info is None
    job = worker.submit(Generate(), "Generate")
    assert "needs a model" in record.failures[job][0]
    with qtbot.waitSignal(worker.engine_ready):
        worker.reload(NumpyEngine)
    again = worker.submit(Generate(), "Generate")
    assert record.of(again)[-1] == "finished"
    assert worker.error == ""


def test_requests_are_known_until_their_end_was_told(inline_worker: EditWorker) -> None:
    request = Generate()
    known: list[object] = []
    inline_worker.job_finished.connect(lambda job_id, _: known.append(inline_worker.request_of(job_id)))
    job = inline_worker.submit(request, "job")
    assert known == [request]
    assert inline_worker.request_of(job) is None


def test_progress_is_throttled(inline_worker: EditWorker) -> None:
    record = Record(inline_worker)
    inline_worker.submit(Generate(), "job")
    assert [progress.done for progress in record.progress] == [0]


def test_a_receiver_may_submit_and_inline_runs_it_after_the_first(inline_worker: EditWorker) -> None:
    record = Record(inline_worker)
    jobs: list[int] = []

    def submit_decode(job_id: int, result: object) -> None:
        if isinstance(result, Candidates):
            jobs.append(inline_worker.submit(Decode(shape=result.items[0].shape), "decode"))

    inline_worker.job_finished.connect(submit_decode)
    first = inline_worker.submit(Generate(), "generate")
    assert record.of(first)[-1] == "finished"
    assert isinstance(record.results[jobs[0]], Decoded)


def test_shutdown_cancels_running_and_waiting_jobs_and_joins(qtbot: QtBot, engine: NumpyEngine) -> None:
    worker = EditWorker(make_engine=lambda: engine)
    record = Record(worker)
    worker.start()
    engine.gate.clear()
    running = worker.submit(Generate(), "running")
    waiting = worker.submit(Generate(), "waiting")
    qtbot.waitUntil(lambda: "started" in record.of(running))
    assert worker.shutdown(5.0)
    assert worker.ended
    qtbot.waitUntil(record.ended(running, waiting))
    assert record.of(waiting) == ["queued", "cancelled"]
    assert record.of(running)[-1] == "cancelled"


def test_surfaces_and_those_of_candidates_are_prepared_on_the_worker_thread(qtbot: QtBot) -> None:
    prepared: list[tuple[object, threading.Thread]] = []
    worker = EditWorker(
        make_engine=NumpyEngine, prepare=lambda mesh, _: prepared.append((mesh, threading.current_thread()))
    )
    record = Record(worker)
    worker.start()
    job = worker.submit(Decode(shape=make_shape()), "Surface")
    qtbot.waitUntil(record.ended(job))
    result = record.results[job]
    assert isinstance(result, Decoded)
    assert [mesh for mesh, _ in prepared] == [result.mesh]
    assert prepared[0][1] is not threading.current_thread()
    prepared.clear()
    with qtbot.waitSignal(worker.job_finished, timeout=5000) as finished:
        worker.submit(Generate(count=2), "Generate")
    assert [mesh for mesh, _ in prepared] == [item.mesh for item in finished.args[1].items]
    assert worker.shutdown()
