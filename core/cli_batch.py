"""Large sets in worker processes: ``python main.py batch encode FOLDER`` and ``batch sample``.

Every task writes one scene file, whole or not at all, under a name that follows from the task. Only then a
line goes into ``journal.jsonl``. A worker that dies takes nothing with it: its task is done again by another
one, and the same command goes on after the whole run was killed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing, redirect_stdout
from pathlib import Path

from core.batch_ray import RayWorkers, load_ray
from core.batch_workers import LocalWorkers, Setup, Task, Workers
from core.cli_edits import load_engine
from core.cli_inputs import BAD_FILE, SUFFIX, CommandError, seed

JOURNAL = "journal.jsonl"
TRIES = 3
"""Workers that may die on a task before it is given up."""


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


def run_tasks(tasks: Sequence[Task], folder: Path, start: Callable[[], Workers]) -> dict[str, str]:
    """Do what the journal does not know yet; returns the whole journal.

    Raises
    ------
    CommandError
        If a worker has written its scene where this process cannot see it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    settled = read_journal(folder)
    left = [task for task in reversed(tasks) if task.name not in settled]
    if not left:
        return settled
    journal = folder / JOURNAL
    cut_short = journal.exists() and not journal.read_bytes().endswith(b"\n")
    tries: Counter[str] = Counter()
    running = 0
    with journal.open("a", encoding="utf-8") as file, closing(start()) as workers:
        if cut_short:
            file.write("\n")
        while left or running:
            while left and workers.free:
                workers.begin(left.pop())
                running += 1
            for task, error in workers.ended():
                running -= 1
                if error is None:
                    tries[task.name] += 1
                    if tries[task.name] < TRIES:
                        left.append(task)
                        continue
                    error = f"a worker died on it {TRIES} times"
                elif not error and not (folder / f"{task.name}{SUFFIX}").exists():
                    raise CommandError(
                        f"a worker has made {task.name}, but not in {folder} of this machine; "
                        "--out must be a folder that all machines share",
                        BAD_FILE,
                    )
                file.write(json.dumps({"task": task.name, "error": error}) + "\n")
                file.flush()
                settled[task.name] = error
    return settled


def batch(arguments: argparse.Namespace) -> dict[str, object]:
    """Encode a folder of meshes, or sample many shapes."""
    ray = load_ray(arguments.address) if arguments.engine == "ray" else None
    if arguments.address and ray is None:
        raise CommandError("--address is that of a Ray cluster; add --engine ray")
    if arguments.what == "encode":
        from core.meshing.mesh_files import SUFFIXES

        if arguments.folder is None or not arguments.folder.is_dir():
            raise CommandError(f"batch encode needs a folder of meshes, not {arguments.folder}", BAD_FILE)
        paths = sorted(p for p in arguments.folder.rglob("*") if p.suffix.lower() in SUFFIXES)
        tasks = [
            Task(path.relative_to(arguments.folder).as_posix(), str(path.absolute()), arguments.seed)
            for path in paths
        ]
    else:
        digits = len(str(arguments.seed + arguments.count - 1))
        seeds = range(arguments.seed, arguments.seed + arguments.count)
        tasks = [Task(f"sample-{number:0{digits}}", "", number, arguments.text) for number in seeds]
    if not tasks:
        raise CommandError(f"there is nothing to do in {arguments.folder or arguments.what}", BAD_FILE)
    # A model that cannot be used is told here, once, and not by every worker.
    device = load_engine(arguments).device.type
    # Workers need not be in this folder: absolute paths.
    out, checkpoint = arguments.out.absolute(), arguments.checkpoint and arguments.checkpoint.absolute()

    def start() -> Workers:
        if ray is not None:
            return RayWorkers(ray, Setup(checkpoint, device, out), arguments.workers, arguments.address)
        return LocalWorkers(Setup(checkpoint, arguments.device, out), arguments.workers)

    # Standard output is for the result alone, and Ray tells there that a worker died.
    with redirect_stdout(sys.stderr):
        settled = run_tasks(tasks, out, start)
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
    command.add_argument("--workers", type=_at_least_one, default=2, help="processes (default: 2)")
    command.add_argument(
        "--engine", choices=("local", "ray"), default="local", help="what runs the workers (default: local)"
    )
    command.add_argument(
        "--address",
        default="",
        metavar="HOST:PORT",
        help="of a Ray cluster that this machine belongs to (default: Ray on this machine alone); "
        "all its machines must share the folders of --out, of the meshes and of --checkpoint",
    )


def _at_least_one(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"at least 1, not {text}")
    return value
