"""Trainings on folders of meshes: started in a process of their own, watched through what they write.

A training outlives the dialog and the editor. Its folder tells everything, so an editor that starts later
finds it as running, stopped or done.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.theme import RESOURCES
from core import training_run
from core.places import user_models, user_trainings
from core.training_run import OUTPUT, TrainingError, TrainingRun

MAIN = RESOURCES.parent / "main.py"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
KINDNESS = 10
"""Of the process: the window and its own jobs come first."""


@dataclass(frozen=True)
class TrainingOptions:
    """What a person asks for.

    Attributes
    ----------
    data : Path
        Folder of meshes.
    name, category : str
        Of the model, and of one shape.
    start : str
        Id of the model to begin with, "none" = from scratch, "" = a shipped one.
    captions : Path or None
    minutes : float
    licence : str
    further : tuple of str
        More arguments of the command.
    """

    data: Path
    name: str
    category: str = "shape"
    start: str = ""
    captions: Path | None = None
    minutes: float = 60.0
    licence: str = ""
    further: tuple[str, ...] = ()

    def arguments(self) -> list[str]:
        """Those of ``main.py train``.

        Raises
        ------
        TrainingError
            If something cannot be; the message says what to do.
        """
        if not str(self.data).strip(". ") or not self.data.is_dir():
            raise TrainingError("Choose a folder of meshes: there is none of that name.")
        if not NAME.fullmatch(self.name):
            raise TrainingError("Name the model with letters, digits, dots, dashes and underscores.")
        if (user_models() / self.name).exists() or (user_trainings() / self.name / "run.json").exists():
            raise TrainingError(f"There is a model or a training called {self.name}; choose another name.")
        if self.captions is not None and not self.captions.is_file():
            raise TrainingError("Choose another file of captions, or none: there is none of that name.")
        found = ["--data", str(self.data.resolve()), "--name", self.name, "--minutes", str(self.minutes)]
        found += ["--category", self.category.strip() or "shape"]
        found += ["--start", self.start] if self.start else []
        found += ["--captions", str(self.captions.resolve())] if self.captions is not None else []
        found += ["--licence", self.licence.strip()] if self.licence.strip() else []
        return [*found, *self.further]


class Trainings:
    """Starts, stops and finds trainings."""

    def __init__(self) -> None:
        self._started: dict[Path, subprocess.Popen[bytes]] = {}

    def all(self) -> list[TrainingRun]:
        """Every training of this person."""
        return training_run.find_runs(user_trainings())

    def start(self, options: TrainingOptions) -> Path:
        """Begin a training; the folder it writes into (raises TrainingError)."""
        folder = user_trainings() / options.name
        self._launch(folder, options.arguments(), "")
        return folder

    def go_on(self, run: TrainingRun) -> None:
        """Continue one that was stopped (raises TrainingError)."""
        self._launch(run.folder, run.arguments, run.directory)

    def stop(self, run: TrainingRun) -> None:
        """Let it save and end."""
        training_run.stop(run.folder)

    def starting(self, folder: Path) -> bool:
        """Whether the process was started here and has not ended."""
        process = self._started.get(folder)
        if process is not None and process.poll() is not None:
            del self._started[folder]
            process = None
        return process is not None

    def problem(self, folder: Path) -> str:
        """Why a training that was started here has ended at once."""
        return training_run.problem(folder) or f"it ended at once; {folder / OUTPUT} tells more"

    def _launch(self, folder: Path, arguments: Sequence[str], directory: str) -> None:
        command = [sys.executable, str(MAIN), "train", *arguments]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / OUTPUT).open("wb") as output:
                # Its own session, so that it goes on when the editor or its terminal ends.
                process = subprocess.Popen(
                    command,
                    cwd=directory if directory and Path(directory).is_dir() else None,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        except OSError as error:
            raise TrainingError(f"The training cannot be started: {error.strerror}.") from None
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, KINDNESS)
        self._started[folder] = process


def summary(run: TrainingRun) -> str:
    """How far a training is, in a few words."""
    if run.done:
        return "Done"
    if run.running:
        return f"{round(100 * run.fraction)} %{time_left(run)}"
    return "Failed" if run.problem else f"Stopped at {round(100 * run.fraction)} %"


def time_left(run: TrainingRun) -> str:
    if run.eta is None or not run.running:
        return ""
    minutes = max(round(run.eta / 60), 1)
    words = f"{minutes} min" if minutes < 100 else f"{minutes / 60:.1f} h"
    return f", {words} left at most"


STAGE_WORDS = {
    "samples": "reading meshes",
    "representation": "learning parts and surfaces",
    "latents": "encoding the shapes",
    "cascade": "learning to make new ones",
}


def stage_words(run: TrainingRun) -> str:
    """What a training is doing, or what has become of it."""
    if run.done:
        return "Done. The model is at hand."
    if run.problem:
        return run.problem[:1].upper() + run.problem[1:]
    where = f"Round {run.round} of {run.rounds}: {STAGE_WORDS.get(run.stage, run.stage)}"
    if run.running:
        return f"{where}{time_left(run)}."
    return f"Stopped. {where}. It goes on from there."
