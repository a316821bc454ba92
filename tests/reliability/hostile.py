"""Files made to harm: damaged in thousands of ways, and the well-known attacks by name.

Every format is read in a process of its own with a limit on its memory; the process says which file it is
about to read, so that a crash or an endless loop is known by its seed.
"""

from __future__ import annotations

import json
import os
import random
import resource
import select
import subprocess
import sys
import tempfile
import time
import traceback
from functools import partial
from pathlib import Path

from tests.reliability.figures import Outcome, figure
from tests.reliability.found import FOUND
from tests.reliability.mutation import damaged
from tests.reliability.parsers import Parser, parser_named
from tests.reliability.parsers_published import NAMES as PUBLISHED

ROOT = Path(__file__).resolve().parents[2]
NAMES = (
    *(f"published {name}" for name in PUBLISHED), "scene", "scene document", "safetensors", "settings",
    "recovery facts", "model card", "model configuration", "model weights", "OBJ", "PLY", "STL", "GLB",
    "GLTF", "OFF", "3MF", "3MF model",
)  # fmt: skip
SECONDS = 2.0
"""Processor time one file may take."""
PATIENCE = 60.0
"""Seconds without any word until a process counts as hanging."""
PROGRAM = (str(ROOT), sys.prefix, sys.base_prefix, "<", "/proc/", "/dev/null", "/sys/")
"""Where code, its data and facts about the machine are."""
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
GROWTH = 512 << 20
"""Bytes of memory one process may take beyond what it had before it read anything."""


def memory_error_in(error: BaseException | None) -> bool:
    """Whether an error goes back to memory that was not there, also where that is not told."""
    while error is not None:
        if isinstance(error, MemoryError) or "unable to allocate" in str(error).lower():
            return True
        error = error.__cause__ or error.__context__
    return False


def note_trespass(folder: str, trespass: list[str], event: str, arguments: tuple[object, ...]) -> None:
    """Audit hook: files opened that are not the given one, processes started, connections made."""
    if event == "open":
        path, _, flags = arguments
        own = isinstance(path, int) or str(path).startswith((folder, *PROGRAM))
        if not own or (isinstance(flags, int) and flags & WRITING and not str(path).startswith(folder)):
            trespass.append(f"opened {path!r}")
    elif event in ("socket.connect", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "exec"):
        # Modules that are imported meanwhile are executed too.
        if event != "exec" or not str(getattr(arguments[0], "co_filename", "")).startswith(PROGRAM):
            trespass.append(event)


def read_one(parser: Parser, path: Path, data: bytes) -> str:
    """Read a file; what is wrong with how that went, "" if nothing is."""
    path.write_bytes(data)
    started = time.process_time()
    wrong = ""
    try:
        parser.read(path)
    except parser.expected as error:
        if memory_error_in(error):
            wrong = f"asked for too much memory: {error}"
        elif not str(error).strip():
            wrong = f"{type(error).__name__} without a word"
    except BaseException as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        wrong = f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})"
    seconds = time.process_time() - started
    if not wrong and seconds > SECONDS:
        wrong = f"took {seconds:.1f} s"
    path.unlink(missing_ok=True)
    return wrong


def serve(jobs: list[tuple[str, int, int]]) -> None:
    """In the child: read damaged files of the seeds `start` to `end` of formats, telling before and after."""
    trespass: list[str] = []
    with tempfile.TemporaryDirectory(prefix="partsmith-hostile-") as folder:
        sys.addaudithook(partial(note_trespass, folder, trespass))
        for name, start, end in jobs:
            parser = parser_named(name)
            for seed in parser.seeds:
                if wrong := read_one(parser, Path(folder) / f"sound{parser.suffix}", seed):
                    tell("read", name, -1, f"a sound file: {wrong}")
            limit = address_space() + 2 * GROWTH
            resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
            before = peak_memory()
            known = [change(seed) for change in FOUND.get(name, []) for seed in parser.seeds]
            for number in range(start, end + len(known)):
                trespass.clear()
                tell("reading", name, number)
                if number < end:
                    data = damaged(parser.seeds, parser.words, random.Random(f"{name} {number}"))
                else:
                    data = known[number - end]
                wrong = read_one(parser, Path(folder) / f"damaged{parser.suffix}", data)
                left = [entry.name for entry in Path(folder).iterdir()]
                if not wrong and (trespass or left):
                    wrong = f"left {left}, {trespass[:3]}"
                if not wrong and peak_memory() - before > GROWTH:
                    wrong, before = f"took {(peak_memory() - before) >> 20} MiB", peak_memory()
                tell("read", name, number, wrong)
            resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    tell("end", "", 0)


def tell(kind: str, name: str, number: int, wrong: str = "") -> None:
    print(json.dumps([kind, name, number, wrong]), flush=True)


def peak_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def address_space() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def read_damaged(jobs: list[tuple[str, int, int]], outcome: Outcome) -> None:
    """Read the damaged files of all jobs, in as many processes as it takes."""
    while jobs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.reliability.hostile", json.dumps(jobs)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdout is not None
        kind, name, number = "", jobs[0][0], jobs[0][1]
        while kind != "end":
            ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
            line = process.stdout.readline() if ready else ""
            if not line:
                break
            kind, name, number, wrong = json.loads(line)
            if kind == "read":
                outcome.check(not wrong, f"{name} {number}: {wrong}")
        if kind != "end" and ready:
            outcome.check(False, f"{name} {number}: the process ended with {process.wait()}")
        elif kind != "end":
            outcome.check(False, f"{name} {number}: the process hung")
        process.kill()
        process.wait()
        process.stdout.close()
        if kind == "end":
            return
        while jobs and jobs[0][0] != name:
            jobs.pop(0)
        jobs = [(name, number + 1, jobs[0][2]), *jobs[1:]]


@figure("damaged files that crash, hang, take too much or end in an untyped error", 2000 * len(NAMES))
def damaged_files(quick: bool) -> Outcome:
    outcome = Outcome(note=f"{len(NAMES)} formats")
    read_damaged([(name, 0, 50 if quick else 2000) for name in NAMES], outcome)
    return outcome


if __name__ == "__main__":
    serve([(name, start, end) for name, start, end in json.loads(sys.argv[1])])
