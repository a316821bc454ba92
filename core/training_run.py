"""What a training on a folder of meshes leaves behind: how far it is, its curves, what it could not use.

Read by the window while another process trains, so nothing here needs a network. A training holds a lock on
its folder while it runs; one that is not held belongs to a process that ended, however it did.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import math
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STAGES = ("samples", "representation", "latents", "cascade")
LOCK, PROGRESS, COMMAND, OUTPUT, SAMPLES = (
    "running", "progress.json", "command.json", "output.txt", "samples.png",
)  # fmt: skip
SAYS = "partsmith train: "
"""What a line of the output begins with that tells why a training ended."""
LOCK_TRIES = 40
MAX_LOG = 64 << 20
MAX_JSON = 16 << 20


class TrainingError(Exception):
    """A training cannot be shown or started; the message says what to do."""


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a training's folder; who asks sees the process that does.

    Raises
    ------
    TrainingError
        If another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a+", encoding="utf-8") as file:
        for attempt in range(LOCK_TRIES):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                # Who looks whether it is held holds it for a moment.
                if attempt + 1 == LOCK_TRIES:
                    raise TrainingError(f"the training in {folder} is running already") from None
                time.sleep(0.05)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def holder(folder: Path) -> int:
    """The process that trains in a folder, 0 if there is none."""
    try:
        with (folder / LOCK).open(encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(file.read() or 0)
    except (OSError, ValueError):
        pass
    return 0


def stop(folder: Path) -> bool:
    """Ask the process that trains in a folder to save and end; whether there is one."""
    process = holder(folder)
    if process:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGINT)
    return bool(process)


@dataclass(frozen=True)
class TrainingRun:
    """How far one training is.

    Attributes
    ----------
    folder : Path
        Of its state.
    name, data : str
        Of the model it makes, and the folder of meshes it learns from.
    stage : str
        One of `STAGES`, or "done".
    round, rounds : int
        Which of how many, from 1.
    fraction : float
        Of the whole, in [0, 1].
    eta : float or None
        Seconds left at most; None = not known.
    running : bool
    model : Path
        Folder of the model that is there or will be.
    usable : int or None
        Meshes it learns from; None = not looked through yet.
    skipped : tuple of (str, str)
        Meshes that cannot be used, and why.
    problem : str
        Why it ended, if it did not do so as it should.
    arguments : tuple of str
        Of the command that continues it.
    directory : str
        Where that command was given.
    """

    folder: Path
    name: str
    data: str
    stage: str
    round: int
    rounds: int
    fraction: float
    eta: float | None
    running: bool
    model: Path
    usable: int | None
    skipped: tuple[tuple[str, str], ...]
    problem: str
    arguments: tuple[str, ...]
    directory: str

    @property
    def done(self) -> bool:
        return self.stage == "done"

    @property
    def usable_model(self) -> bool:
        """Whether there is a model to use, finished or early."""
        return (self.model / "card.json").exists()

    @property
    def samples(self) -> Path:
        """Picture of shapes of the newest model."""
        return self.folder / SAMPLES

    @property
    def logs(self) -> tuple[Path, ...]:
        """Logs of the trained stages, in the order of training."""
        numbers = range(1, self.rounds + 1)
        paths = (self.folder / f"round-{n}" / stage / "log.jsonl" for n in numbers for stage in STAGES)
        return tuple(path for path in paths if path.exists())


def read_run(folder: Path) -> TrainingRun:
    """The training of a folder.

    Raises
    ------
    TrainingError
        If the folder holds none.
    """
    known = _json(folder / COMMAND)
    if not known:
        raise TrainingError(f"{folder} holds no training")
    running = holder(folder) > 0
    progress = _json(folder / PROGRESS)
    report = _json(folder / "samples" / "report.json")
    eta = progress.get("eta")
    return TrainingRun(
        folder,
        str(known.get("name", folder.name)),
        str(known.get("data", "")),
        str(progress.get("stage", STAGES[0])),
        int(progress.get("round", 1)),
        int(progress.get("rounds", 1)),
        float(progress.get("fraction", 0.0)),
        None if eta is None else float(eta),
        running,
        Path(str(known.get("model", ""))),
        report.get("usable"),
        tuple((str(one["file"]), str(one["reason"])) for one in report.get("skipped", ())),
        "" if running else problem(folder),
        tuple(map(str, known.get("arguments", ()))),
        str(known.get("directory", "")),
    )


def find_runs(folder: Path) -> list[TrainingRun]:
    """All trainings in a folder, those that run first, then the newest."""
    found = []
    for path in folder.glob(f"*/{COMMAND}"):
        with contextlib.suppress(TrainingError, OSError):
            found.append((read_run(path.parent), path.stat().st_mtime))
    return [run for run, _ in sorted(found, key=lambda pair: (not pair[0].running, -pair[1]))]


def problem(folder: Path) -> str:
    """The last line of a training's output if it tells why the training ended."""
    try:
        output = (folder / OUTPUT).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
    last = output[-4000:].rsplit("\n", 1)[-1]
    if last.startswith(SAYS):
        return last.removeprefix(SAYS)
    return f"it failed: {last}" if "Traceback (most recent call last)" in output else ""


def write_json(path: Path, value: object) -> None:
    """Write JSON so that no reader sees half of it."""
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(value) + "\n", encoding="utf-8")
    os.replace(partial, path)


def _json(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_JSON:
            return {}
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


@dataclass
class TrainingLog:
    """Curves of a ``log.jsonl``, read as far as it is written.

    Attributes
    ----------
    path : Path
    curves : dict of str to (list of int, list of float)
        Steps and values of every figure.
    """

    path: Path
    curves: dict[str, tuple[list[int], list[float]]] = field(default_factory=dict)
    _read: int = 0

    def read(self) -> bool:
        """Take in what was written since; whether there was anything.

        Raises
        ------
        TrainingError
            If the file cannot be read, or is no log of a training.
        """
        try:
            if self.path.stat().st_size < self._read:
                self.curves, self._read = {}, 0
            with self.path.open("rb") as file:
                file.seek(self._read)
                written = file.read(MAX_LOG)
        except OSError as error:
            raise TrainingError(f"{self.path.name} cannot be read: {error.strerror}") from None
        # The rest of a line that is being written comes next time.
        whole = written[: written.rfind(b"\n") + 1]
        self._read += len(whole)
        taken = sum(self._take(line) for line in whole.splitlines())
        if not self.curves and (whole or len(written) > 4096):
            raise TrainingError(
                f"{self.path.name} is no training log: its lines are to be JSON objects with a step, as in "
                "the log.jsonl beside a training's state"
            )
        return bool(taken)

    def _take(self, line: bytes) -> bool:
        try:
            values = json.loads(line)
            step = int(values["step"])
        except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
            return False  # also what a killed process has left half written
        for name, value in values.items():
            if name in ("time", "step", "seconds", "eta", "fraction") or not _number(value):
                continue
            steps, figures = self.curves.setdefault(name, ([], []))
            # A training that was killed has done again what came after its last state.
            while steps and steps[-1] >= step:
                steps.pop()
                figures.pop()
            steps.append(step)
            figures.append(float(value))
        return True


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
