"""Large sets in worker processes: ``python main.py batch encode FOLDER`` and ``batch sample``.

Every task writes one scene file, whole or not at all, under a name that follows from the task. Only then a
line goes into ``journal.jsonl``. A worker that dies takes nothing with it: its task is done again by another
one, and the same command goes on after the whole run was killed.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli_edits import load_engine
from core.cli_inputs import BAD_FILE, SUFFIX, CommandError, seed
from core.edits.job import EditError, Job
from core.edits.requests import Encode, Generate
from core.edits.results import Candidates, Encoded
from core.scene.scene import Scene
from core.scene.storage import SceneFileError, read_scene, write_scene

if TYPE_CHECKING:
    from core.edits.engine import Engine

JOURNAL = "journal.jsonl"
TRIES = 3
"""Workers that may die on a task before it is given up."""

_engine: Engine | None = None
"""The engine of a worker process."""


@dataclass(frozen=True)
class Task:
    """A scene to make: `name` is its file without suffix; from a mesh, or sampled from a seed and words."""

    name: str
    mesh: str = ""
    seed: int = 0
    text: str = ""


def _start(checkpoint: Path | None, device: str) -> None:
    global _engine
    import torch

    from core.edits.engine import Engine

    torch.set_num_threads(1)
    _engine = Engine(checkpoint, device)


def _do(task: Task, folder: Path) -> str:
    """Make the scene of a task; returns why it cannot be made ("" = it is there)."""
    out = folder / f"{task.name}{SUFFIX}"
    if out.exists():
        # Made before a kill that came between file and journal.
        try:
            read_scene(out)
            return ""
        except SceneFileError:
            out.unlink()
    assert _engine is not None
    try:
        if task.mesh:
            encoded = _engine.run(Encode(path=task.mesh, seed=task.seed), Job())
            assert isinstance(encoded, Encoded)
            shape = encoded.shape
        else:
            found = _engine.run(Generate(text=task.text, seed=task.seed, preview=False), Job())
            assert isinstance(found, Candidates)
            shape = found.items[0].shape
    except EditError as error:
        return str(error)
    out.parent.mkdir(parents=True, exist_ok=True)
    scene = Scene()
    write_scene(scene.with_shape(scene.newcomer(shape, Path(task.name).stem)), out)
    return ""


def read_journal(folder: Path) -> dict[str, str]:
    """Tasks that are settled, with the reason where one failed; a line cut short by a kill counts as none."""
    settled = {}
    path = folder / JOURNAL
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            entry = json.loads(line)
            settled[str(entry["task"])] = str(entry["error"])
        except (ValueError, KeyError, TypeError):
            continue
    return settled


def run_tasks(
    tasks: Sequence[Task], folder: Path, checkpoint: Path | None, device: str, workers: int
) -> dict[str, str]:
    """Do what the journal does not know yet; returns the whole journal."""
    folder.mkdir(parents=True, exist_ok=True)
    settled = read_journal(folder)
    waiting = [task for task in tasks if task.name not in settled]
    tries: dict[str, int] = {}
    journal = folder / JOURNAL
    if journal.exists() and not journal.read_bytes().endswith(b"\n"):
        with journal.open("a", encoding="utf-8") as file:
            file.write("\n")
    with journal.open("a", encoding="utf-8") as file:
        while waiting:
            for task, error in _until_a_worker_dies(waiting, folder, checkpoint, device, workers, tries):
                file.write(json.dumps({"task": task.name, "error": error}) + "\n")
                file.flush()
                settled[task.name] = error
            waiting = [task for task in waiting if task.name not in settled]
    return settled


def _until_a_worker_dies(
    tasks: Sequence[Task],
    folder: Path,
    checkpoint: Path | None,
    device: str,
    workers: int,
    tries: dict[str, int],
) -> Iterator[tuple[Task, str]]:
    """Tasks as they get settled; ends early when a worker was killed, and counts `tries` of what it had."""
    context = multiprocessing.get_context("spawn")
    left = list(reversed(tasks))
    running: dict[Future[str], Task] = {}
    with ProcessPoolExecutor(workers, context, _start, (checkpoint, device)) as pool:
        try:
            while left or running:
                # No more tasks than workers are handed out: only those can have died with one.
                while left and len(running) < workers:
                    running[pool.submit(_do, left[-1], folder)] = left[-1]
                    left.pop()
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    error = future.result()
                    yield running.pop(future), error
        except BrokenProcessPool:
            for task in running.values():
                tries[task.name] = tries.get(task.name, 0) + 1
                if tries[task.name] >= TRIES:
                    yield task, f"a worker died on it {TRIES} times"


def batch(arguments: argparse.Namespace) -> dict[str, object]:
    """Encode a folder of meshes, or sample many shapes."""
    if arguments.what == "encode":
        from core.meshing.mesh_files import SUFFIXES

        if arguments.folder is None or not arguments.folder.is_dir():
            raise CommandError(f"batch encode needs a folder of meshes, not {arguments.folder}", BAD_FILE)
        paths = sorted(p for p in arguments.folder.rglob("*") if p.suffix.lower() in SUFFIXES)
        tasks = [
            Task(path.relative_to(arguments.folder).as_posix(), str(path), arguments.seed) for path in paths
        ]
    else:
        digits = len(str(arguments.seed + arguments.count - 1))
        seeds = range(arguments.seed, arguments.seed + arguments.count)
        tasks = [Task(f"sample-{number:0{digits}}", "", number, arguments.text) for number in seeds]
    if not tasks:
        raise CommandError(f"there is nothing to do in {arguments.folder or arguments.what}", BAD_FILE)
    # A model that cannot be used is told here, once, and not by every worker.
    load_engine(arguments)
    settled = run_tasks(tasks, arguments.out, arguments.checkpoint, arguments.device, arguments.workers)
    failed = {task.name: settled[task.name] for task in tasks if settled[task.name]}
    done = len(tasks) - len(failed)
    return {"out": str(arguments.out), "tasks": len(tasks), "done": done, "failed": failed}


def add_options(command: argparse.ArgumentParser) -> None:
    """The options of ``batch``."""
    command.add_argument("what", choices=("encode", "sample"))
    command.add_argument("folder", type=Path, nargs="?", help="meshes to encode")
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="scenes and journal")
    command.add_argument("--count", type=int, default=100, help="shapes to sample (default: 100)")
    command.add_argument("--text", default="", help="what the samples should be like")
    command.add_argument("--seed", type=seed, default=0, help="first seed (default: 0)")
    command.add_argument("--workers", type=int, default=2, help="processes (default: 2)")
