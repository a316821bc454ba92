"""Workers of a batch: processes that hold one engine each and make scenes, a task at a time.

What runs the processes can be exchanged (`Workers`): a pool on this machine, or Ray (`core.batch_ray`).
Journal, tries and messages are not theirs.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from core.cli_inputs import SUFFIX
from core.edits.job import EditError, Job
from core.edits.requests import Encode, Generate
from core.edits.results import Candidates, Encoded
from core.scene.scene import Scene
from core.scene.storage import SceneFileError, read_scene, write_scene


@dataclass(frozen=True)
class Task:
    """A scene to make: `name` is its file without suffix; from a mesh, or sampled from a seed and words."""

    name: str
    mesh: str = ""
    seed: int = 0
    text: str = ""


@dataclass(frozen=True)
class Setup:
    """What every worker starts with: a model, a device, the folder to write to."""

    checkpoint: Path | None
    device: str
    folder: Path


class Workers(Protocol):
    """What runs the workers."""

    @property
    def free(self) -> bool:
        """Whether a task can be begun now."""

    def begin(self, task: Task) -> None: ...

    def ended(self) -> Sequence[tuple[Task, str | None]]:
        """Wait until something has happened; tasks that ended, each with the answer of `Worker.make`.

        None as the answer means that the worker has died, perhaps of this task. Another takes its place.
        """

    def close(self) -> None: ...


class Worker:
    """What lives in a worker process."""

    def __init__(self, setup: Setup) -> None:
        import torch

        from core.edits.engine import Engine

        torch.set_num_threads(1)
        self._engine = Engine(setup.checkpoint, setup.device)
        self._folder = setup.folder

    def make(self, task: Task) -> str:
        """Make the scene of a task; returns why it cannot be made ("" = it is there)."""
        out = self._folder / f"{task.name}{SUFFIX}"
        if out.exists():
            # Made before a kill that came between file and journal.
            try:
                read_scene(out)
                return ""
            except SceneFileError:
                out.unlink()
        try:
            if task.mesh:
                encoded = self._engine.run(Encode(path=task.mesh, seed=task.seed), Job())
                assert isinstance(encoded, Encoded)
                shape = encoded.shape
            else:
                found = self._engine.run(Generate(text=task.text, seed=task.seed, preview=False), Job())
                assert isinstance(found, Candidates)
                shape = found.items[0].shape
        except EditError as error:
            return str(error)
        out.parent.mkdir(parents=True, exist_ok=True)
        scene = Scene()
        write_scene(scene.with_shape(scene.newcomer(shape, Path(task.name).stem)), out)
        return ""


_worker: Worker | None = None
"""The worker of a process of the pool."""


def _start(setup: Setup) -> None:
    global _worker
    _worker = Worker(setup)


def _make(task: Task) -> str:
    assert _worker is not None
    return _worker.make(task)


class LocalWorkers:
    """A pool of processes on this machine."""

    def __init__(self, setup: Setup, count: int) -> None:
        self._setup, self._count = setup, count
        self._running: dict[Future[str], Task] = {}
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._count, context, _start, (self._setup,))

    @property
    def free(self) -> bool:
        # No more tasks than workers are handed out: only those can have died with one.
        return len(self._running) < self._count

    def begin(self, task: Task) -> None:
        try:
            future = self._pool.submit(_make, task)
        except BrokenProcessPool as broken:  # a worker was killed while it had nothing to do
            future = Future()
            future.set_exception(broken)
        self._running[future] = task

    def ended(self) -> list[tuple[Task, str | None]]:
        done = wait(self._running, return_when=FIRST_COMPLETED).done
        if any(_is_lost(future) for future in done):
            # With one worker the pool gives up all of them, and does not tell which it was.
            done = wait(self._running).done
            self._pool.shutdown()
            self._pool = self._new_pool()
        return [(self._running.pop(future), None if _is_lost(future) else future.result()) for future in done]

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


def _is_lost(future: Future[str]) -> bool:
    return isinstance(future.exception(), BrokenProcessPool)
