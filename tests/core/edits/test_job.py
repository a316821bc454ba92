"""Jobs: progress in order, cancel from another thread, previews passed on."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.edits.job import Cancelled, EditError, Job, Preview, Progress


@given(st.integers(1, 50), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_fractions_grow_from_start_to_end_of_the_span(total: int, one: float, other: float) -> None:
    start, end = min(one, other), max(one, other)
    seen: list[Progress] = []
    job = Job(on_progress=seen.append)
    job.span(start, end)
    for done in range(total + 1):
        job.step("sample", done, total)
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)
    assert fractions[0] == pytest.approx(start)
    assert fractions[-1] == pytest.approx(end)
    assert [progress.done for progress in seen] == list(range(total + 1))
    assert {(progress.stage, progress.total) for progress in seen} == {("sample", total)}


def test_a_stage_of_no_steps_is_at_its_start() -> None:
    seen: list[Progress] = []
    Job(on_progress=seen.append).step("mesh", 0, 0)
    assert seen == [Progress("mesh", 0, 0, 0.0)]


def test_cancel_stops_at_the_next_step_and_reports_nothing_more() -> None:
    seen: list[Progress] = []
    job = Job(on_progress=seen.append)
    job.check()
    job.step("sample", 1, 3)
    job.cancel()
    assert job.cancelled
    with pytest.raises(Cancelled):
        job.step("sample", 2, 3)
    with pytest.raises(Cancelled):
        job.check()
    assert len(seen) == 1


def test_cancel_from_another_thread_ends_a_loop() -> None:
    started = threading.Event()
    job = Job(on_progress=lambda _: started.set())
    outcome: list[str] = []

    def run() -> None:
        try:
            while True:
                job.step("sample", 0, 1)
        except Cancelled:
            outcome.append("cancelled")

    thread = threading.Thread(target=run)
    thread.start()
    assert started.wait(5.0)
    job.cancel()
    thread.join(5.0)
    assert not thread.is_alive()
    assert outcome == ["cancelled"]


def test_cancelled_is_no_edit_error() -> None:
    assert not issubclass(Cancelled, EditError)
    assert not issubclass(EditError, Cancelled)


def test_previews_are_passed_on_as_they_are() -> None:
    seen: list[Preview] = []
    preview = Preview(np.zeros((2, 16), np.float32), index=3)
    Job(on_preview=seen.append).preview(preview)
    assert seen == [preview]
    Job().preview(preview)
