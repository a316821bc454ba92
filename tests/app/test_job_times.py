"""Forecasts from a clock that the test turns."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.job_times import MOST_KINDS, REMEMBERED, JobTimes, in_words
from app.settings import Settings
from app.worker import EditWorker
from core.edits.job import Progress
from core.edits.requests import Generate, Vary
from tests.app.numpy_engine import make_shape


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def times(inline_worker: EditWorker, clock: Clock) -> JobTimes:
    """Of a worker that finishes a candidate in 3 seconds."""
    times = JobTimes(inline_worker, clock)
    inline_worker.job_progressed.connect(
        lambda job_id, _: setattr(clock, "now", clock.now + 3.0 * count(job_id))
    )

    def count(job_id: int) -> int:
        request = inline_worker.request_of(job_id)
        assert isinstance(request, Generate | Vary)
        return request.count

    return times


def test_nothing_is_forecast_before_a_job_of_the_kind_was_done(
    times: JobTimes, inline_worker: EditWorker
) -> None:
    assert times.forecast(Generate(count=2)) is None
    inline_worker.submit(Generate(count=2), "two")
    assert times.forecast(Generate(count=4)) == 12.0
    assert times.forecast(Generate(text="a stool")) is None
    assert times.forecast(Generate(steps=500)) is None
    assert times.forecast(Vary(base=make_shape(), parts=(0,))) is None


def test_the_last_durations_count(times: JobTimes, inline_worker: EditWorker, clock: Clock) -> None:
    inline_worker.submit(Generate(), "first")
    inline_worker.job_finished.connect(lambda *_: setattr(clock, "now", clock.now + 100.0))
    inline_worker.submit(Generate(), "after the clock was read")
    assert times.forecast(Generate()) == 3.0


def test_a_new_start_knows_what_jobs_took(
    inline_worker: EditWorker, clock: Clock, times: JobTimes, tmp_path: Path
) -> None:
    settings = Settings.load(tmp_path)
    remembering = JobTimes(inline_worker, clock, taken=settings.job_times)
    inline_worker.submit(Generate(count=2), "two")
    assert settings.save()
    again = JobTimes(inline_worker, clock, taken=Settings.load(tmp_path).job_times)
    assert again.forecast(Generate(count=3)) == remembering.forecast(Generate(count=3)) == 9.0
    other_device = EditWorker(inline=True)
    assert JobTimes(other_device, clock, taken=settings.job_times).forecast(Generate()) is None


@pytest.mark.parametrize(
    "stored",
    [
        {"Generate": 3.0},
        {"Generate": "soon"},
        {"Generate": [None, "3", True, [1.0], float("nan"), float("inf"), -1.0, 1e9, 10**400]},
        {"x" * 1000: [1.0]},
    ],
)
def test_stored_times_that_are_none_are_forgotten(inline_worker: EditWorker, stored: dict) -> None:  # type: ignore[type-arg]
    JobTimes(inline_worker, taken=stored)
    assert stored == {}


def test_what_is_stored_stays_small(inline_worker: EditWorker, clock: Clock) -> None:
    taken = {f"kind {number}": [float(value) for value in range(100)] for number in range(200)}
    times = JobTimes(inline_worker, clock, taken=taken)
    assert len(taken) == MOST_KINDS
    assert taken["kind 199"] == [float(value) for value in range(100)][-REMEMBERED:]
    for _ in range(REMEMBERED + 1):
        inline_worker.submit(Generate(), "again")
    assert len(taken) == MOST_KINDS
    newest = list(taken)[-1]
    assert newest.startswith("Generate")
    assert len(taken[newest]) == REMEMBERED
    assert times.forecast(Generate()) == 0.0
    assert "kind 199" in taken


def test_waiting_jobs_add_up_and_an_unknown_one_ends_the_forecast(
    times: JobTimes, inline_worker: EditWorker, clock: Clock
) -> None:
    inline_worker.submit(Generate(), "known")
    seen: dict[int, float | None] = {}
    submitted: list[int] = []

    def look(job_id: int, _: Progress) -> None:
        if len(submitted) == 0:
            for request in (Generate(count=2), Generate(), Vary(base=make_shape(), parts=(0,)), Generate()):
                submitted.append(inline_worker.submit(request, "waits"))
            # 4 of the 5 steps are to come after the first; this one has taken 3 s of its 3 s.
            seen.update(times.until_done(job_id))

    inline_worker.job_started.connect(lambda job_id: look(job_id, Progress("", 0, 1, 0.0)))
    inline_worker.submit(Generate(), "running")
    assert seen == dict(zip(submitted, (3.0 + 6.0, 12.0, None, None), strict=True))


def test_a_running_job_is_judged_by_its_progress(inline_worker: EditWorker, clock: Clock) -> None:
    times = JobTimes(inline_worker, clock)
    left: list[float | None] = []

    def look(job_id: int) -> None:
        times._on_job_progressed(job_id, Progress("sample", 1, 100, 0.01))
        left.append(times.left(job_id))
        clock.now += 10.0
        times._on_job_progressed(job_id, Progress("sample", 25, 100, 0.25))
        left.append(times.left(job_id))

    inline_worker.job_started.connect(look)
    job = inline_worker.submit(Generate(), "running")
    assert left == [None, 30.0]
    assert times.left(job) is None


@pytest.mark.parametrize(
    ("seconds", "words"), [(None, ""), (0.2, "<1 s"), (1.0, "1 s"), (89.0, "89 s"), (120.0, "2 min")]
)
def test_words(seconds: float | None, words: str) -> None:
    assert in_words(seconds) == words
