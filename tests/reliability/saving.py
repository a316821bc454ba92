"""Saving: killed at any point, and in which order system calls are made."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from core.scene.replacing import backup_path
from core.scene.storage import SceneFileError, read_scene, write_scene
from tests.reliability.faults import KILLS, Disk, Happens
from tests.reliability.figures import Outcome, figure
from tests.reliability.numbered import new_folder, number_of, numbered

ROOT = Path(__file__).resolve().parents[2]
STRACE = shutil.which("strace")


# --- killed -----------------------------------------------------------------------------------------------


def forked(work: Callable[[], None]) -> int:
    """Start `work` in a copy of this process; its id."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return child


def killed_at(folder: Path, at: int, happens: Happens | None) -> tuple[int, int]:
    """Save 2 over 1 in a process that dies at an operation: its end status, and what the file then holds."""
    path = folder / "scene.partsmith"
    for entry in folder.iterdir():
        entry.unlink()
    write_scene(numbered(1), path)

    def work() -> None:
        with Disk(folder, at, happens).watched():
            write_scene(numbered(2), path)

    _, status = os.waitpid(forked(work), 0)
    return status, number_of(read_scene(path))


def operations_of_a_save(folder: Path) -> list[str]:
    write_scene(numbered(1), folder / "scene.partsmith")
    with Disk(folder).watched() as disk:
        write_scene(numbered(2), folder / "scene.partsmith")
    return disk.names


def killed_at_random(folder: Path, rng: random.Random) -> str:
    """Save 1, 2, 3 ... in a process that is killed some time; what is wrong afterwards, "" if nothing is."""
    path = folder / "scene.partsmith"
    receiver, sender = os.pipe()

    def work() -> None:
        for number in range(1, 10_000):
            write_scene(numbered(number), path)
            os.write(sender, b".")

    child = forked(work)
    os.close(sender)
    os.read(receiver, 1)
    time.sleep(rng.uniform(0.0, 0.012))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    done = 1
    while more := os.read(receiver, 65536):
        done += len(more)
    os.close(receiver)
    try:
        found = number_of(read_scene(path))
    except SceneFileError as error:
        return str(error)
    # A save that was reported must be there; the one after it may be.
    if found not in (done, done + 1):
        return f"{done} saves were reported, the file holds number {found}"
    if done > 1:
        before = number_of(read_scene(backup_path(path)))
        if before not in (found - 1, found):
            return f"the backup of number {found} holds number {before}"
    return ""


@figure("scenes corrupt or lost by kill -9 during save", 2000)
def killed_while_saving(quick: bool) -> Outcome:
    outcome = Outcome()
    wanted = 200 if quick else 2000
    with new_folder() as folder:
        names = operations_of_a_save(folder)
        for at, name in enumerate(names, 1):
            for moment, happens in KILLS.items():
                try:
                    status, found = killed_at(folder, at, happens)
                except SceneFileError as error:
                    outcome.check(False, f"killed {moment} {name} ({at}): {error}")
                    continue
                died = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
                outcome.check(
                    died and found in (1, 2), f"killed {moment} {name} ({at}): status {status}, scene {found}"
                )
        systematic = outcome.trials
        rng = random.Random(6)
        while outcome.trials < wanted:
            for entry in folder.iterdir():
                entry.unlink()
            wrong = killed_at_random(folder, rng)
            outcome.check(not wrong, f"random kill {outcome.trials}: {wrong}")
    outcome.note = f"{systematic} of them at each of {len(names)} file operations"
    return outcome


# --- the order of system calls ----------------------------------------------------------------------------

SAVE_TWICE = """
import sys
from pathlib import Path
from core.scene.storage import write_scene
from tests.reliability.numbered import numbered
write_scene(numbered(1), sys.argv[1])
Path(sys.argv[1]).with_name("begin").touch()
write_scene(numbered(2), sys.argv[1])
Path(sys.argv[1]).with_name("end").touch()
"""
CALL = re.compile(r"(\w+)\((.*)\)\s+= (-?\d+)")


def steps_of(trace: str, folder: str) -> list[str]:
    """The steps of one save in the output of strace: system calls on files of the folder, in words."""
    steps: list[str] = []
    descriptors: dict[str, str] = {}
    inside = False
    for line in trace.splitlines():
        match = CALL.search(line)
        if match is None:
            continue
        call, arguments, result = match.groups()
        names = re.findall(r'"([^"]*)"', arguments)
        if call == "openat" and names and names[0].endswith(("/begin", "/end")):
            inside = names[0].endswith("/begin")
            continue
        if not inside:
            continue
        if call == "openat" and names[0].startswith(folder):
            kind = "folder" if names[0].rstrip("/") == folder.rstrip("/") else "file"
            if "O_WRONLY" in arguments:
                kind = "temporary"
            descriptors[result] = kind
            if kind == "file":
                steps.append("verify")
        elif call in ("write", "pwrite64") and descriptors.get(arguments.split(",")[0]) == "temporary":
            steps.append("write")
        elif call in ("fsync", "fdatasync"):
            kind = descriptors.get(arguments.strip(), "")
            steps.append(f"sync {kind}")
        elif call.startswith("link") and names[-1].startswith(folder):
            steps.append("keep")
        elif call.startswith("rename"):
            steps.append("rotate" if names[-1].endswith("~") else "replace")
        elif call == "close":
            descriptors.pop(arguments.strip(), None)
    return [step for index, step in enumerate(steps) if index == 0 or steps[index - 1] != step]


@figure("saves in another order than write, sync, verify, rotate, replace, sync folder", 20)
def order_of_calls(quick: bool) -> Outcome:
    outcome = Outcome()
    if STRACE is None:
        return Outcome(left_out="strace is not installed")
    for _ in range(2 if quick else 20):
        with new_folder() as folder:
            log = folder.with_name("trace")
            calls = "openat,write,pwrite64,fsync,fdatasync,close,link,linkat,rename,renameat,renameat2"
            done = subprocess.run(
                [
                    *(STRACE, "-f", "-o", str(log), "-e", f"trace={calls}"),
                    *(sys.executable, "-c", SAVE_TWICE, str(folder / "scene.partsmith")),
                ],
                cwd=ROOT,
                capture_output=True,
                text=True,
                timeout=120,
            )
            if done.returncode:
                return Outcome(left_out=f"strace may not run here: {done.stderr.strip().splitlines()[-1:]}")
            steps = steps_of(log.read_text(encoding="utf-8", errors="replace"), str(folder))
            wanted = ["write", "sync temporary", "verify", "keep", "rotate", "replace", "sync folder"]
            outcome.check(steps == wanted, f"the order was {steps}")
    return outcome
