"""What the headless commands share: argument types, finding shapes and parts, errors with an exit code."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from core.edits.job import EditError, Progress
from core.edits.naming import parts_named, shape_named
from core.edits.requests import MAX_SEED
from core.scene.scene import Scene
from core.scene.shape import Shape
from core.scene.storage import read_scene
from core.scene.twins import with_twins

DONE = 0
BAD_ARGUMENTS = 2
BAD_FILE = 3
MODEL_PROBLEM = 4
INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it (128 + SIGINT)."""

SUFFIX = ".partsmith"


class CommandError(Exception):
    """A command cannot be done; the message says what to do instead.

    Attributes
    ----------
    code : int
        Exit code of the process.
    """

    def __init__(self, message: str, code: int = BAD_ARGUMENTS) -> None:
        super().__init__(message)
        self.code = code


class ProgressLine:
    """One line on a terminal that is rewritten in place; silent where output is not a terminal.

    Parameters
    ----------
    stream : text file
        Where it is drawn (standard error: standard output stays clean for results).
    quiet : bool
        Never draw.
    """

    WIDTH = 24

    def __init__(self, stream: TextIO | None = None, quiet: bool = False) -> None:
        self._stream = stream if stream is not None else sys.stderr
        self._shown = not quiet and self._stream.isatty()
        self._drawn_at = 0.0
        self._length = 0

    def __call__(self, progress: Progress) -> None:
        """Draw a report; a receiver for `core.edits.job.Job`."""
        now = time.monotonic()
        if not self._shown or (now - self._drawn_at < 0.1 and progress.done < progress.total):
            return
        self._drawn_at = now
        filled = round(self.WIDTH * min(max(progress.fraction, 0.0), 1.0))
        bar = "█" * filled + "·" * (self.WIDTH - filled)
        text = f"{bar} {progress.fraction:4.0%}  {progress.stage} {progress.done}/{progress.total}"
        self._stream.write("\r" + text.ljust(self._length))
        self._stream.flush()
        self._length = len(text)

    def clear(self) -> None:
        """Remove the line."""
        if self._length:
            self._stream.write("\r" + " " * self._length + "\r")
            self._stream.flush()
            self._length = 0


def seed(text: str) -> int:
    """Argument type: a seed in [0, 2**32 - 1]."""
    value = int(text)
    if not 0 <= value <= MAX_SEED:
        raise argparse.ArgumentTypeError(f"a seed is a whole number from 0 to {MAX_SEED}, not {text}")
    return value


def count(text: str) -> int:
    """Argument type: how many candidates, 1 to 64."""
    value = int(text)
    if not 1 <= value <= 64:
        raise argparse.ArgumentTypeError(f"from 1 to 64, not {text}")
    return value


def steps(text: str) -> int:
    """Argument type: denoising steps; 0 = the checkpoint's default."""
    value = int(text)
    if not 0 <= value <= 1000:
        raise argparse.ArgumentTypeError(f"from 0 (the model's default) to 1000, not {text}")
    return value


def strength(text: str) -> float:
    """Argument type: fraction of the diffusion time, 0 to 1."""
    value = float(text)
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError(f"from 0 (untouched) to 1 (new), not {text}")
    return value


def guidance(text: str) -> float:
    """Argument type: weight of the text, 0 to 20."""
    value = float(text)
    if not 0.0 <= value <= 20.0:
        raise argparse.ArgumentTypeError(f"from 0 to 20, not {text}")
    return value


def open_scene(path: Path) -> Scene:
    """Read a scene file.

    Raises
    ------
    CommandError
        If the file is not there.
    core.scene.storage.SceneFileError
        If it cannot be read as a scene.
    """
    if not path.is_file():
        raise CommandError(f"there is no file {path}", BAD_FILE)
    return read_scene(path)


def check_output(path: Path, suffix: str | None = SUFFIX, *others: str) -> Path:
    """The path to write, with the suffix (or one of the others) it must have; checked before any long work.

    Raises
    ------
    CommandError
        If the suffix is another one, or nothing can be written there.
    """
    if suffix is not None:
        if path.suffix == "":
            path = path.with_suffix(suffix)
        elif path.suffix.lower() not in (suffix, *others):
            raise CommandError(f"--out {path} must end in {' or '.join((suffix, *others))}")
    if path.is_dir():
        raise CommandError(f"--out {path} is a folder; give a file name")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"cannot make the folder of {path}: {error.strerror}", BAD_FILE) from error
    if not os.access(path.parent, os.W_OK):
        raise CommandError(f"cannot write in {path.parent}; choose another --out", BAD_FILE)
    return path


def find_shape(scene: Scene, wanted: str | None, option: str = "--shape") -> Shape:
    """The shape with this id or name; without one, the only shape of the scene.

    Raises
    ------
    CommandError
        If there is none, or the choice is not clear. The message lists what there is.
    """
    with worded():
        return shape_named(scene, wanted, option)


def find_parts(shape: Shape, wanted: str, option: str = "--parts", twins: bool = False) -> tuple[int, ...]:
    """Part ids named by ids, labels or names, e.g. ``3,11`` or ``leg,back`` or ``all``; ascending.

    Parameters
    ----------
    twins : bool
        Add the mirror twin of every part, unless it is locked.

    Raises
    ------
    CommandError
        If a word names no part.
    """
    with worded():
        found = parts_named(shape, wanted, option)
    return tuple(sorted(with_twins(shape, found) if twins else found))


@contextmanager
def worded() -> Iterator[None]:
    """While inside, what the Python interface refuses is a bad argument."""
    try:
        yield
    except EditError as error:
        raise CommandError(str(error)) from error


def describe_shape(shape: Shape, changed: Sequence[int] = ()) -> dict[str, object]:
    """What ``--json`` prints of a shape."""
    parts = [
        {
            "id": part.id,
            "name": part.name,
            "label": part.label,
            "slot": part.slot,
            "visible": part.visible,
            "locked": part.locked,
            "origin": part.origin,
        }
        for part in shape.parts
    ]
    described: dict[str, object] = {
        "id": shape.id,
        "name": shape.name,
        "checkpoint": shape.checkpoint,
        "position": list(shape.position),
        "visible": shape.visible,
        "parts": parts,
    }
    if changed:
        described["changed"] = sorted(changed)
    return described
