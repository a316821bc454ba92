"""Jobs that fail, hang or are cancelled at any stage: the editor stays usable and the next job succeeds.

The real worker on its thread, with the real engine on the tiny model; only the fault is put in.
"""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from PySide6.QtCore import QCoreApplication

import app.worker
from app.document import Document
from app.editor import Editor
from app.worker import EditWorker
from core.edits.engine import Engine
from core.edits.job import Job, Progress
from core.edits.requests import Decode, Generate, Request
from core.edits.results import Candidates, Result
from core.scene.scene import Scene
from tests.reliability.figures import Outcome, figure
from tests.reliability.requests import QUICK, RESOLUTION, random_edit, two_shapes
from tests.tiny import make_tiny_checkpoint

PATIENCE = 120.0


@dataclass(frozen=True)
class Error:
    """What is raised at a step of a job: there once, or from there on; and how the job must then end."""

    make: Callable[[], BaseException]
    ending: str = "failed"
    lasting: bool = False


ERRORS = {
    "RuntimeError": Error(lambda: RuntimeError("the network is broken")),
    "KeyError": Error(lambda: KeyError("weights")),
    "MemoryError": Error(MemoryError, "finished"),
    "MemoryError again and again": Error(MemoryError, lasting=True),
    "CUDA out of memory": Error(lambda: torch.OutOfMemoryError("CUDA out of memory"), "finished"),
    "CUDA out of memory again and again": Error(lambda: torch.OutOfMemoryError("CUDA"), lasting=True),
    "RecursionError": Error(RecursionError),
    "SystemExit": Error(lambda: SystemExit(3)),
}
"""Memory that was missing once is missing less when the job is tried again in smaller pieces."""


class FaultyEngine:
    """The engine; at one step of one job something happens.

    Attributes
    ----------
    trouble : callable or None
        Called at step `at` of the next job that is no decode, then forgotten.
    lasting : bool
        It is called at every later step of that job, too.
    """

    def __init__(self, folder: Path) -> None:
        self.engine = Engine(folder, "cpu", resolution=RESOLUTION)
        self.checkpoint_id = self.engine.checkpoint_id
        self.device_name = self.engine.device_name
        self.models = self.engine.models
        self.at = 0
        self.lasting = False
        self.steps = 0
        self.trouble: Callable[[], None] | None = None

    def run(self, request: Request, job: Job) -> Result:
        if isinstance(request, Decode):
            return self.engine.run(request, job)
        self.steps = 0
        trouble, self.trouble = self.trouble, None
        step = job.step

        def watched(stage: str, done: int, total: int) -> None:
            self.steps += 1
            if trouble is not None and (self.steps == self.at or (self.lasting and self.steps > self.at)):
                trouble()
            step(stage, done, total)

        job.step = watched  # type: ignore[method-assign]
        return self.engine.run(request, job)


class Bench:
    """A document with two shapes, an editor and a threaded worker; what came back, by job."""

    def __init__(self, folder: Path) -> None:
        self.application = QCoreApplication.instance() or QCoreApplication([])
        self.engines: list[FaultyEngine] = []
        self.document = Document()
        self.worker = EditWorker(make_engine=lambda: self._made(folder))
        self.editor = Editor(self.document, self.worker)
        self.ends: dict[int, tuple[str, object]] = {}
        self.cancelling: dict[int, float] = {}
        self.worker.job_finished.connect(lambda job, result: self.ends.update({job: ("finished", result)}))
        self.worker.job_cancelled.connect(lambda job: self.ends.update({job: ("cancelled", None)}))
        self.worker.job_failed.connect(lambda job, text, _: self.ends.update({job: ("failed", text)}))
        self.worker.job_cancelling.connect(lambda job: self.cancelling.update({job: time.perf_counter()}))
        self.worker.start()
        self.until(lambda: self.worker.info is not None)
        self.document._load(Scene(tuple(two_shapes(self.engine.engine))), None)
        self.idle()

    def _made(self, folder: Path) -> FaultyEngine:
        self.engines.append(FaultyEngine(folder))
        return self.engines[-1]

    @property
    def engine(self) -> FaultyEngine:
        return self.engines[-1]

    def until(self, condition: Callable[[], bool]) -> bool:
        end = time.monotonic() + PATIENCE
        while not condition() and time.monotonic() < end:
            self.application.processEvents()
            time.sleep(0.0005)
        return condition()

    def idle(self) -> bool:
        return self.until(lambda: not self.worker.busy)

    def edit(self, rng: random.Random) -> Request:
        if rng.random() < 0.3:
            return Generate(seed=rng.randrange(2**32), **QUICK)
        base, source = self.document.scene.shapes
        request = random_edit(rng, base, source)
        return request if not getattr(request, "text", "") else Generate(seed=rng.randrange(1000), **QUICK)

    def steps_of(self, request: Request) -> int:
        """Steps a request takes, found by running it."""
        count = [0]

        def on_progress(_progress: Progress) -> None:
            count[0] += 1

        self.engine.engine.run(request, Job(on_progress))
        return count[0]


@contextmanager
def new_bench() -> Iterator[Bench]:
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(make_tiny_checkpoint(Path(folder) / "model"))
        yield bench
        bench.worker.shutdown(10.0)


def after_trouble(bench: Bench, job: int, before: Scene, ending: str) -> str:
    """What is wrong when a job in trouble has ended; the job queued behind it must have succeeded."""
    if not bench.idle():
        return "the queue does not go on"
    kind, told = bench.ends.get(job, ("nothing", ""))
    if kind != ending:
        return f"it ended as {kind}: {told}"
    if kind == "failed" and not str(told).strip():
        return "no reason was told"
    if bench.document.scene is not before:
        return "the scene has changed"
    kind, result = bench.ends.get(job + 1, ("nothing", ""))
    return "" if kind == "finished" and isinstance(result, Candidates) else f"the next job: {kind} {result}"


@figure(
    "exceptions and missing memory at a random step of a job: editor not usable, or job neither failed "
    "nor, memory missing once, done",
    50 * 8,
)
def failing_jobs(quick: bool) -> Outcome:
    outcome = Outcome(note=f"{len(ERRORS)} kinds")
    rng = random.Random(7)
    with new_bench() as bench:
        for _ in range(1 if quick else 50):
            for name, error in ERRORS.items():
                request = bench.edit(rng)
                bench.engine.at = rng.randint(1, bench.steps_of(request))

                def trouble(error: Error = error) -> None:
                    raise error.make()

                bench.engine.trouble, bench.engine.lasting = trouble, error.lasting
                before = bench.document.scene
                job = bench.worker.submit(request, "Edit")
                bench.worker.submit(Generate(seed=1, **QUICK), "Generate")
                wrong = after_trouble(bench, job, before, error.ending)
                what = f"{name} at step {bench.engine.at} of {type(request).__name__}"
                outcome.check(not wrong, f"{what}: {wrong}")
    return outcome


@figure("jobs that hang for ever, cancelled: the queue does not go on, the next job fails", 50)
def hanging_jobs(quick: bool) -> Outcome:
    outcome = Outcome()
    rng = random.Random(8)
    usual, app.worker.STUCK_SECONDS = app.worker.STUCK_SECONDS, 0.2
    release: list[bool] = []
    try:
        with new_bench() as bench:
            for _ in range(2 if quick else 50):
                request = bench.edit(rng)
                bench.engine.at = rng.randint(1, bench.steps_of(request))
                hanging: list[bool] = []

                def trouble(hanging: list[bool] = hanging) -> None:
                    hanging.append(True)
                    while not release:
                        time.sleep(0.01)

                bench.engine.trouble = trouble
                before = bench.document.scene
                job = bench.worker.submit(request, "Edit")
                bench.worker.submit(Generate(seed=1, **QUICK), "Generate")
                bench.until(lambda hanging=hanging: bool(hanging))
                bench.worker.cancel(job)
                wrong = after_trouble(bench, job, before, "cancelled")
                outcome.check(not wrong, f"step {bench.engine.at} of {type(request).__name__}: {wrong}")
            release.append(True)
    finally:
        release.append(True)
        app.worker.STUCK_SECONDS = usual
        time.sleep(0.1)
    return outcome


@figure("model folder deleted or cut short while in use: a running job or the next one harmed", 50)
def vanishing_model(quick: bool) -> Outcome:
    outcome = Outcome()
    rng = random.Random(9)
    for number in range(2 if quick else 50):
        with tempfile.TemporaryDirectory() as parent:
            folder = make_tiny_checkpoint(Path(parent) / "model")
            bench = Bench(folder)
            request = bench.edit(rng)
            bench.engine.at = rng.randint(1, bench.steps_of(request))

            def trouble(folder: Path = folder, cut: bool = number % 2 == 0) -> None:
                if cut:
                    for path in folder.rglob("*.safetensors"):
                        with path.open("r+b") as file:
                            file.truncate(path.stat().st_size // 2)
                else:
                    shutil.rmtree(folder)

            bench.engine.trouble = trouble
            before = bench.document.scene
            job = bench.worker.submit(request, "Edit")
            bench.worker.submit(Generate(seed=1, **QUICK), "Generate")
            # The model is in memory: what is on the disk does not matter any more.
            wrong = after_trouble(bench, job, before, "finished")
            if not wrong:
                bench.worker.reload(lambda folder=folder: FaultyEngine(folder))
                bench.until(lambda bench=bench: bool(bench.worker.error))
                if not bench.worker.error:
                    wrong = "a broken model was loaded"
            bench.worker.shutdown(10.0)
            outcome.check(not wrong, f"{number}: {wrong}")
    return outcome


@figure("cancels acknowledged after 100 ms, stopping after more than a step, or changing the scene", 200)
def cancels(quick: bool) -> Outcome:
    outcome = Outcome()
    rng = random.Random(10)
    slowest = 0.0
    with new_bench() as bench:
        for _ in range(10 if quick else 200):
            request = bench.edit(rng)
            bench.engine.at = rng.randint(1, bench.steps_of(request))
            reached: list[bool] = []
            go_on: list[bool] = []

            def trouble(reached: list[bool] = reached, go_on: list[bool] = go_on) -> None:
                # Held in the middle of a step, so that the step is known in which the cancel comes.
                reached.append(True)
                while not go_on:
                    time.sleep(0.0002)

            bench.engine.trouble = trouble
            before = bench.document.scene
            job = bench.worker.submit(request, "Edit")
            bench.until(lambda reached=reached: bool(reached))
            asked = time.perf_counter()
            bench.worker.cancel(job)
            seconds = bench.cancelling.get(job, float("inf")) - asked
            slowest = max(slowest, seconds)
            go_on.append(True)
            stopped = bench.until(lambda job=job: job in bench.ends)
            beyond = bench.engine.steps - bench.engine.at
            kind = bench.ends.get(job, ("nothing", None))[0]
            good = seconds <= 0.1 and stopped and beyond <= 1 and kind == "cancelled"
            good = good and bench.document.scene is before and bench.idle()
            outcome.check(good, f"{seconds:.3f} s, {beyond} steps more, ended as {kind}")
    outcome.note = f"slowest acknowledged after {1000 * slowest:.1f} ms"
    return outcome
