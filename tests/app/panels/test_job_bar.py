"""The job bar on a real worker thread: progress, cancel, queue, outcome, model and device."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.panels.charts import MAX_SAMPLES, JobChart, JobTrace
from app.panels.job_bar import JobBar, time_left
from app.worker import EditWorker
from core.edits.job import Progress
from core.edits.requests import Decode, Generate
from tests.app.numpy_engine import NumpyEngine, make_shape

Show = Callable[..., QWidget]


@pytest.fixture
def bar(threaded_worker: EditWorker, shown: Show) -> JobBar:
    bar = JobBar(threaded_worker)
    shown(bar, 900, 36)
    return bar


def start(worker: EditWorker, qtbot: QtBot) -> None:
    with qtbot.waitSignal(worker.engine_ready, timeout=5000):
        worker.start()


def test_before_and_after_the_model_is_loaded(bar: JobBar, threaded_worker: EditWorker, qtbot: QtBot) -> None:
    assert bar.model_label.text() == "Loading model ..."
    assert bar.title.text() == "Ready"
    start(threaded_worker, qtbot)
    assert bar.model_label.text() == "numpy-boxes"
    assert bar.device_label.text() == "cpu"
    assert "seat, back, leg, arm" in bar.model_label.toolTip()


def test_a_model_that_cannot_be_loaded(qtbot: QtBot, shown: Show) -> None:
    def fail() -> NumpyEngine:
        raise OSError("the file is damaged")

    worker = EditWorker(inline=True, make_engine=fail)
    bar = JobBar(worker)
    shown(bar, 900, 36)
    worker.start()
    assert bar.model_label.text() == "No model"
    assert "the file is damaged" in bar.model_label.toolTip()


def test_progress_then_cancel(
    bar: JobBar, threaded_worker: EditWorker, engine: NumpyEngine, qtbot: QtBot
) -> None:
    start(threaded_worker, qtbot)
    engine.gate.clear()
    threaded_worker.submit(Generate(), "Generate")
    qtbot.waitUntil(lambda: "sample 0/5" in bar.detail.text(), timeout=5000)
    assert bar.title.text() == "Generate"
    assert bar.progress.isVisible()
    with qtbot.waitSignal(threaded_worker.job_cancelled, timeout=5000):
        QTest.mouseClick(bar.cancel_button, Qt.MouseButton.LeftButton)
        assert bar.detail.text() == "cancelling ..."
        assert not bar.cancel_button.isEnabled()
    assert bar.title.text() == "Generate: cancelled, nothing changed"
    assert not bar.progress.isVisible()
    assert not bar.cancel_button.isVisible()


def test_the_queue_is_counted_and_can_be_cancelled(
    bar: JobBar, threaded_worker: EditWorker, engine: NumpyEngine, qtbot: QtBot
) -> None:
    start(threaded_worker, qtbot)
    engine.gate.clear()
    for name in ("first", "second", "third"):
        threaded_worker.submit(Generate(), name)
    qtbot.waitUntil(lambda: bar.title.text() == "first", timeout=5000)
    assert bar.queue_button.text() == "2"
    bar._queue_menu.aboutToShow.emit()
    actions = [action for action in bar._queue_menu.actions() if not action.isSeparator()]
    assert [action.text() for action in actions] == [
        "Cancel “second”",
        "Cancel “third”",
        "Run “third” next",
        "Cancel all waiting jobs",
        "Cancel all jobs",
    ]
    actions[0].trigger()
    assert bar.queue_button.text() == "1"
    assert bar.title.text() == "first"
    actions[-1].trigger()
    qtbot.waitUntil(lambda: not threaded_worker.busy, timeout=5000)
    assert not bar.queue_button.isVisible()


def test_waiting_jobs_change_places_and_can_be_cancelled_without_the_running_one(
    bar: JobBar, threaded_worker: EditWorker, engine: NumpyEngine, qtbot: QtBot
) -> None:
    start(threaded_worker, qtbot)
    engine.gate.clear()
    first = threaded_worker.submit(Generate(), "Job 1")
    qtbot.waitUntil(lambda: bar.progress.isVisible(), timeout=5000)
    second, third, fourth = (threaded_worker.submit(Generate(), f"Job {n}") for n in (2, 3, 4))
    assert bar.waiting == [second, third, fourth]
    bar._queue_menu.aboutToShow.emit()
    by_text = {action.text(): action for action in bar._queue_menu.actions()}
    assert "Run “Job 2” next" not in by_text
    by_text["Run “Job 4” next"].trigger()
    assert bar.waiting == [fourth, second, third]
    threaded_worker.run_next(third)
    assert bar.waiting == [third, fourth, second]
    threaded_worker.run_next(first)
    started: list[int] = []
    threaded_worker.job_started.connect(started.append)
    engine.gate.set()
    qtbot.waitUntil(lambda: not threaded_worker.busy, timeout=5000)
    assert started == [third, fourth, second]


def test_all_but_the_running_job_are_cancelled(
    bar: JobBar, threaded_worker: EditWorker, engine: NumpyEngine, qtbot: QtBot
) -> None:
    start(threaded_worker, qtbot)
    engine.gate.clear()
    first = threaded_worker.submit(Generate(), "Job 1")
    qtbot.waitUntil(lambda: bar.progress.isVisible(), timeout=5000)
    second, third = (threaded_worker.submit(Generate(), f"Job {n}") for n in (2, 3))
    cancelled: list[int] = []
    threaded_worker.job_cancelled.connect(cancelled.append)
    bar._queue_menu.aboutToShow.emit()
    next(each for each in bar._queue_menu.actions() if each.text() == "Cancel all waiting jobs").trigger()
    assert sorted(cancelled) == [second, third]
    assert bar.waiting == []
    with qtbot.waitSignal(threaded_worker.job_finished, timeout=5000) as finished:
        engine.gate.set()
    assert finished.args[0] == first


def test_the_outcome_is_told(bar: JobBar, threaded_worker: EditWorker, qtbot: QtBot) -> None:
    start(threaded_worker, qtbot)
    with qtbot.waitSignal(threaded_worker.job_finished, timeout=5000):
        threaded_worker.submit(Generate(), "Generate")
    assert bar.title.text().startswith("Generate: done in")
    with qtbot.waitSignal(threaded_worker.job_failed, timeout=5000):
        threaded_worker.submit(Generate(text="impossible"), "Generate")
    assert bar.title.text() == "Nothing like that can be made. Use other words."
    assert bar.title.property("role") == "danger"


def test_draft_decodes_are_not_listed(
    bar: JobBar, threaded_worker: EditWorker, engine: NumpyEngine, qtbot: QtBot
) -> None:
    start(threaded_worker, qtbot)
    engine.gate.clear()
    threaded_worker.submit(Decode(shape=make_shape(), resolution=64, draft=True), "")
    with qtbot.waitSignal(threaded_worker.job_started, timeout=5000):
        pass
    assert bar.title.text() == "Ready"
    assert bar.waiting == []
    assert not bar.cancel_button.isVisible()


@pytest.mark.parametrize(
    ("elapsed", "fraction", "words"),
    [
        (1.0, 0.01, ""),
        (0.0, 0.5, ""),
        (1.0, 0.5, "1 s"),
        (30.0, 0.25, "2 min"),
        (2.0, 0.9, "<1 s"),
    ],
)
def test_time_left_in_words(elapsed: float, fraction: float, words: str) -> None:
    assert time_left(elapsed, fraction) == words


def test_the_trace_shares_time_among_throttled_steps() -> None:
    trace = JobTrace(clock=100.0)
    trace.add(Progress("gaussians", 1, 10, 0.05), now=100.5)
    trace.add(Progress("gaussians", 5, 10, 0.25), now=102.5)
    trace.add(Progress("intrinsics", 2, 4, 0.75), now=103.0)
    assert trace.seconds == [0.5, 2.5, 3.0]
    assert trace.noise == [0.9, 0.5, 0.5]
    assert trace.step_milliseconds == [500.0, 500.0, 250.0]
    assert trace.summary() == "250 ms per step, 3.0 s so far"


def test_a_long_trace_is_bounded() -> None:
    trace = JobTrace(clock=0.0)
    for step in range(MAX_SAMPLES + 50):
        trace.add(Progress("mesh", step, 10_000, 0.0), now=float(step))
    assert len(trace.seconds) == len(trace.noise) == len(trace.step_milliseconds) == MAX_SAMPLES


def test_the_chart_draws_the_trace(qtbot: QtBot, shown: Show) -> None:
    chart = JobChart()
    shown(chart, 460, 210)
    trace = JobTrace(clock=0.0)
    for step in range(1, 9):
        trace.add(Progress("gaussians", step, 10, step / 20), now=0.1 * step)
    chart.show_trace(trace)
    noise, milliseconds = (curve.getData()[1] for curve in chart._curves)
    assert noise == pytest.approx(trace.noise)
    assert milliseconds == pytest.approx(trace.step_milliseconds)


def test_the_chart_opens_from_the_bar(bar: JobBar) -> None:
    QTest.mouseClick(bar.chart_button, Qt.MouseButton.LeftButton)
    assert bar.chart_window.isVisible()
    QTest.mouseClick(bar.chart_button, Qt.MouseButton.LeftButton)
    assert not bar.chart_window.isVisible()
