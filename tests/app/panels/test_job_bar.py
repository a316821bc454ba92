"""The job bar on a real worker thread: progress, cancel, queue, outcome, model and device."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from app.panels.charts import MAX_SAMPLES, JobChart, JobTrace
from app.panels.job_bar import JobBar
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


def test_what_has_no_room_is_cut_and_told_by_a_tooltip(bar: JobBar, shown: Show, qtbot: QtBot) -> None:
    words = "intrinsics 12/16 · about 1000000 s left"
    bar.detail.setText(words)
    bar.detail.show()
    bar.resize(500, 36)
    qtbot.waitUntil(lambda: bar.detail.shown.endswith("…"), timeout=5000)
    assert bar.detail.text() == words
    at = bar.detail.rect().center()
    QApplication.sendEvent(bar.detail, QHelpEvent(QEvent.Type.ToolTip, at, bar.detail.mapToGlobal(at)))
    assert QToolTip.text() == words
    QToolTip.hideText()
    bar.detail.setText("9/16")
    assert bar.detail.shown == "9/16"


def test_the_queue_is_counted(
    bar: JobBar, threaded_worker: EditWorker, engine: NumpyEngine, qtbot: QtBot
) -> None:
    start(threaded_worker, qtbot)
    assert bar.queue_button.text() == ""
    engine.gate.clear()
    for name in ("first", "second", "third"):
        threaded_worker.submit(Generate(), name)
    qtbot.waitUntil(lambda: bar.title.text() == "first", timeout=5000)
    assert bar.queue_button.text() == "2"
    QTest.mouseClick(bar.queue_button, Qt.MouseButton.LeftButton)
    assert bar.list.isVisible()
    QTest.mouseClick(bar.list.all_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not threaded_worker.busy, timeout=5000)
    assert bar.queue_button.text() == ""
    bar.list.hide()


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
    assert bar.queue_button.text() == ""
    assert not bar.cancel_button.isVisible()


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
