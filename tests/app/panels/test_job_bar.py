"""The job bar on a real worker thread: progress, cancel, queue, outcome, model and device."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from app.panels.charts import JobChart
from app.panels.job_bar import JobBar
from app.panels.job_trace import MAX_SAMPLES, JobTrace
from app.worker import EditWorker
from core.edits.job import Preview, Progress
from core.edits.requests import Decode, Generate
from core.scene.palette import part_colors
from core.scene.shape import Shape
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
    assert trace.step_milliseconds == 250.0
    assert trace.summary() == "250 ms per step, 3.0 s so far"


def test_a_long_trace_is_bounded() -> None:
    trace = JobTrace(clock=0.0)
    for step in range(MAX_SAMPLES + 50):
        trace.add(Progress("mesh", step, 10_000, 0.0), now=float(step))
    assert len(trace.seconds) == len(trace.noise) == MAX_SAMPLES


def test_time_goes_to_the_stage_it_was_spent_on() -> None:
    trace = JobTrace(clock=0.0)
    trace.add(Progress("reading the words", 0, 1, 0.0), now=0.1)
    trace.add(Progress("gaussians", 1, 10, 0.1), now=1.0)  # 0.9 s of reading, as far as can be known
    trace.add(Progress("gaussians", 4, 10, 0.2), now=3.0)
    trace.add(Progress("intrinsics", 2, 10, 0.4), now=4.0)
    trace.add(Progress("surface", 0, 4, 0.6), now=4.5)
    trace.add(Progress("surface", 4, 4, 1.0), now=6.0)
    assert trace.stages == pytest.approx(
        {"reading the words": 1.0, "gaussians": 2.0, "intrinsics": 1.5, "surface": 1.5}
    )


def moving_trace() -> tuple[JobTrace, Shape]:
    """Nine reports of a job in which the second part moves by a tenth between previews."""
    trace, shape = JobTrace(clock=0.0), make_shape()
    for step in range(1, 10):
        trace.add(Progress("gaussians", step, 10, step / 20), now=0.1 * step)
        extrinsics = shape.extrinsics.copy()
        extrinsics[1, 0] += 0.1 * step
        trace.add_preview(Preview(extrinsics), shape, now=0.1 * step)
    return trace, shape


def test_changes_are_measured_for_every_part_and_begin_anew_with_another_number() -> None:
    trace, shape = moving_trace()
    assert len(trace.changes) == 8
    np.testing.assert_allclose(trace.changes[-1], [0.0, 0.1, 0.0, 0.0, 0.0, 0.0], atol=1e-6)
    np.testing.assert_array_equal(trace.colors, part_colors(shape))
    fewer = shape.subset(shape.part_ids[:3])
    trace.add_preview(Preview(fewer.extrinsics), fewer)
    assert trace.changes == []
    assert len(trace.colors) == 3


def test_the_chart_draws_the_trace_in_the_colours_of_the_parts(qtbot: QtBot, shown: Show) -> None:
    chart = JobChart()
    shown(chart, 720, 220)
    trace, shape = moving_trace()
    chart.show_trace(trace)
    assert chart._noise.getData()[1] == pytest.approx(trace.noise)
    assert len(chart._changes) == len(shape.parts)
    assert chart._changes[1].getData()[1] == pytest.approx([0.1] * 8, abs=1e-6)
    pen = chart._changes[1].opts["pen"].color().getRgbF()[:3]
    assert pen == pytest.approx(part_colors(shape)[1], abs=0.01)
    assert list(chart._bars.opts["width"]) == pytest.approx([0.9])
    assert "gaussians 0.9 s" in chart.accessibleDescription()


def test_the_bar_records_previews(bar: JobBar, threaded_worker: EditWorker, qtbot: QtBot) -> None:
    start(threaded_worker, qtbot)
    with qtbot.waitSignal(threaded_worker.job_finished, timeout=5000):
        threaded_worker.submit(Generate(count=1), "Generate")
    assert len(bar.trace().colors) == 6


def test_the_chart_opens_from_the_bar(bar: JobBar) -> None:
    QTest.mouseClick(bar.chart_button, Qt.MouseButton.LeftButton)
    assert bar.chart_window.isVisible()
    QTest.mouseClick(bar.chart_button, Qt.MouseButton.LeftButton)
    assert not bar.chart_window.isVisible()
