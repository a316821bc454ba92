"""The list of jobs, by mouse and keys, on a real worker thread."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.job_times import JobTimes
from app.panels.job_list import JobList
from app.worker import EditWorker
from core.edits.requests import Decode, Export, Generate
from tests.app.numpy_engine import NumpyEngine, make_shape

LEFT = Qt.MouseButton.LeftButton
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def jobs(threaded_worker: EditWorker, shown: Callable[..., QWidget], qtbot: QtBot) -> JobList:
    with qtbot.waitSignal(threaded_worker.engine_ready, timeout=5000):
        threaded_worker.start()
    jobs = JobList(threaded_worker, JobTimes(threaded_worker))
    qtbot.addWidget(jobs)
    shown(QWidget(), 600, 600)
    return jobs


@pytest.fixture
def four(jobs: JobList, threaded_worker: EditWorker, engine: NumpyEngine, qtbot: QtBot) -> list[int]:
    """One job runs and three wait; the list is open."""
    engine.gate.clear()
    first = threaded_worker.submit(Generate(), "Job 1")
    qtbot.waitUntil(lambda: threaded_worker.waiting == [] and bool(engine.requests), timeout=5000)
    waiting = [threaded_worker.submit(Generate(), f"Job {n}") for n in (2, 3, 4)]
    jobs.show()
    return [first, *waiting]


def order(jobs: JobList) -> list[int]:
    """Jobs from top to bottom on screen."""
    return sorted(jobs.rows, key=lambda job_id: jobs.rows[job_id].y())


def test_buttons_change_the_order_in_which_jobs_run(
    jobs: JobList, four: list[int], threaded_worker: EditWorker, engine: NumpyEngine, qtbot: QtBot
) -> None:
    first, second, third, fourth = four
    qtbot.waitUntil(lambda: order(jobs) == four, timeout=5000)
    assert not jobs.rows[first].up_button.isVisible()
    assert not jobs.rows[second].up_button.isEnabled()
    assert not jobs.rows[fourth].down_button.isEnabled()
    QTest.mouseClick(jobs.rows[fourth].up_button, LEFT)
    QTest.mouseClick(jobs.rows[second].down_button, LEFT)
    assert threaded_worker.waiting == [fourth, second, third]
    qtbot.waitUntil(lambda: order(jobs) == [first, fourth, second, third], timeout=5000)
    fifth = threaded_worker.submit(Generate(), "Job 5")
    assert threaded_worker.waiting == [fourth, second, third, fifth]
    started: list[int] = []
    threaded_worker.job_started.connect(started.append)
    engine.gate.set()
    qtbot.waitUntil(lambda: not threaded_worker.busy, timeout=5000)
    assert started[-4:] == [fourth, second, third, fifth]
    assert jobs.rows == {}
    assert jobs.empty.isVisible()


def test_keys_move_jobs_and_cancel_them(jobs: JobList, four: list[int], threaded_worker: EditWorker) -> None:
    _, second, third, fourth = four
    jobs.rows[second].setFocus()
    QTest.keyClick(jobs.rows[second], Qt.Key.Key_Down, ALT)
    assert threaded_worker.waiting == [third, second, fourth]
    assert jobs.rows[second].hasFocus()
    QTest.keyClick(jobs.rows[second], Qt.Key.Key_Down)
    assert jobs.rows[fourth].hasFocus()
    QTest.keyClick(jobs.rows[fourth], Qt.Key.Key_Delete)
    assert threaded_worker.waiting == [third, second]
    assert jobs.rows[second].hasFocus()
    QTest.keyClick(jobs.rows[second], Qt.Key.Key_Up, ALT)
    QTest.keyClick(jobs.rows[second], Qt.Key.Key_Up, ALT)
    assert threaded_worker.waiting == [second, third]


def test_one_job_all_but_the_running_one_and_all_are_cancelled(
    jobs: JobList, four: list[int], threaded_worker: EditWorker, qtbot: QtBot
) -> None:
    first, second, third, fourth = four
    QTest.mouseClick(jobs.rows[third].cancel_button, LEFT)
    assert threaded_worker.waiting == [second, fourth]
    QTest.mouseClick(jobs.waiting_button, LEFT)
    assert list(jobs.rows) == [first]
    assert threaded_worker.busy
    assert not jobs.waiting_button.isEnabled()
    QTest.mouseClick(jobs.all_button, LEFT)
    qtbot.waitUntil(lambda: not threaded_worker.busy, timeout=5000)
    assert jobs.rows == {}


def test_surfaces_stay_before_what_takes_long(
    jobs: JobList, four: list[int], threaded_worker: EditWorker
) -> None:
    surface = threaded_worker.submit(Decode(shape=make_shape()), "Surface")
    assert threaded_worker.waiting == [surface, *four[1:]]
    QTest.mouseClick(jobs.rows[surface].down_button, LEFT)
    assert threaded_worker.waiting == [surface, *four[1:]]


def test_times_are_told(
    jobs: JobList, threaded_worker: EditWorker, engine: NumpyEngine, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(threaded_worker.job_finished, timeout=5000):
        threaded_worker.submit(Generate(), "known")
    engine.gate.clear()
    running = threaded_worker.submit(Generate(), "running")
    qtbot.waitUntil(lambda: threaded_worker.waiting == [], timeout=5000)
    known = threaded_worker.submit(Generate(), "known")
    unknown = threaded_worker.submit(Generate(text="a stool"), "unknown")
    jobs.show()
    qtbot.waitUntil(lambda: jobs.rows[running].when.text() == "<1 s left", timeout=5000)
    assert jobs.rows[known].when.text() == "done in about <1 s"
    assert jobs.rows[unknown].when.text() == "waiting"


def test_a_failure_says_what_to_change_and_leads_there(
    jobs: JobList, threaded_worker: EditWorker, qtbot: QtBot
) -> None:
    request = Generate(text="huge", count=7)
    with qtbot.waitSignal(threaded_worker.job_failed, timeout=5000):
        threaded_worker.submit(request, "Generate")
    jobs.show()
    (card,) = jobs.failures
    assert "not enough memory" in card.message.text()
    assert "“Candidates” in the Edit panel (it was 7)" in card.message.text()
    with qtbot.waitSignal(jobs.settings_requested) as asked:
        QTest.mouseClick(card.settings_button, LEFT)
    assert asked.args == [request]
    jobs.show()
    QTest.mouseClick(card.dismiss_button, LEFT)
    assert not jobs.failures
    assert jobs.empty.isVisible()


def test_only_the_last_failures_are_kept(jobs: JobList, threaded_worker: EditWorker, qtbot: QtBot) -> None:
    for number in range(6):
        threaded_worker.submit(Generate(text="impossible", seed=number), f"Job {number}")
    qtbot.waitUntil(lambda: not threaded_worker.busy, timeout=5000)
    seeds = [card.request.seed for card in jobs.failures if card.request is not None]
    assert seeds == [5, 4, 3, 2, 1]


def test_what_has_no_settings_offers_none(jobs: JobList, threaded_worker: EditWorker, qtbot: QtBot) -> None:
    export = Export(shapes=(make_shape(),), path="/nowhere/chair.obj")
    decode = Decode(shape=make_shape(), checkpoint="gone")
    for request in (export, decode):
        threaded_worker.job_failed.emit(threaded_worker.submit(request, "Job"), "It failed.", "")
    offers = [card.settings_button.isVisibleTo(card) for card in jobs.failures]
    assert offers == [False, True]


def test_waiting_jobs_are_dragged(
    jobs: JobList, four: list[int], threaded_worker: EditWorker, qtbot: QtBot
) -> None:
    first, second, third, fourth = four
    qtbot.waitUntil(lambda: order(jobs) == four, timeout=5000)
    assert not jobs.rows[first].grip.isVisible()

    def drag(job_id: int, target: int) -> None:
        job, goal = jobs.rows[job_id], jobs.rows[target]
        beyond = 4 if goal.y() < job.y() else goal.height() - 4
        QTest.mousePress(job, LEFT, pos=QPoint(60, 12))
        QTest.mouseMove(job, QPoint(60, 14))
        assert order(jobs) == [first, *threaded_worker.waiting]
        QTest.mouseMove(job, job.mapFromGlobal(goal.mapToGlobal(QPoint(60, beyond))))
        QTest.mouseRelease(job, LEFT)
        qtbot.waitUntil(lambda: order(jobs) == [first, *threaded_worker.waiting], timeout=5000)

    drag(fourth, second)
    assert threaded_worker.waiting == [fourth, second, third]
    assert jobs.rows[fourth].hasFocus()
    drag(fourth, third)
    assert threaded_worker.waiting == [second, third, fourth]
    # What runs cannot be dragged, nor overtaken.
    drag(first, third)
    drag(third, first)
    assert threaded_worker.waiting == [third, second, fourth]
