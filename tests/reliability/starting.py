"""Starting where something is missing, and quitting while something runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.reliability.figures import Outcome, figure

ROOT = Path(__file__).resolve().parents[2]
HAS_DISPLAY = bool(os.environ.get("DISPLAY"))
WINDOWS = ("-m", "tests.reliability.windows")


WAYS_TO_QUIT = ("quits", "quits-hanging", "quits-loading")
"""While jobs run, while one hangs for ever, while the model loads; see `tests.reliability.windows`."""


@dataclass(frozen=True)
class Start:
    """A start in a damaged environment.

    Attributes
    ----------
    code : int
        Exit code that is right.
    words : str
        What the person must be told, on the terminal or in the window; "" if all works.
    settings : bytes or None
        What the settings file holds.
    """

    name: str
    command: tuple[str, ...]
    code: int
    words: str = ""
    environment: dict[str, str | None] = field(default_factory=dict)
    settings: bytes | None = None


NO_SCREEN = {"DISPLAY": None, "WAYLAND_DISPLAY": None}
WITHOUT = (
    "import runpy, sys; sys.modules['{}'] = None; sys.argv = ['main.py']; "
    "runpy.run_path('main.py', run_name='__main__')"
)
STARTS = (
    Start("no display", ("main.py",), 1, "cannot open a window", NO_SCREEN),
    Start("a display that does not answer", ("main.py",), 1, "cannot open a window", {"DISPLAY": ":987"}),
    Start("no OpenGL", ("main.py",), 1, "no OpenGL", {**NO_SCREEN, "QT_QPA_PLATFORM": "offscreen"}),
    *(
        Start(f"{name} is not installed", ("-c", WITHOUT.format(name)), 1, "make setup", {})
        for name in ("PySide6", "vispy", "numpy.typing")
    ),
)
"""Starts that end at once."""
WITH_WINDOW = (
    Start("OpenGL 1.4 only", ("main.py",), 1, "OpenGL", {"MESA_GL_VERSION_OVERRIDE": "1.4"}),
    Start("no model", (*WINDOWS, "no-model"), 0, "could not be loaded"),
    Start("settings of random bytes", (*WINDOWS, "opens"), 0, "", {}, bytes(range(256)) * 9),
    Start("settings of another type", (*WINDOWS, "opens"), 0, "", {}, b'{"theme": 7, "geometry": "AAAA"}'),
    Start("a GPU is asked for", (*WINDOWS, "opens"), 0, "CUDA", {}, b'{"device": "cuda"}'),
    Start("settings folder cannot be made", (*WINDOWS, "opens"), 0, "unsaved work would be lost",
          {"PARTSMITH_CONFIG_DIR": "/proc/partsmith"}),
    Start("home is read-only", (*WINDOWS, "opens"), 0, "unsaved work would be lost",
          {"PARTSMITH_CONFIG_DIR": None, "HOME": "/proc", "XDG_CONFIG_HOME": "/proc/config"}),
    Start("open3d is not installed", (*WINDOWS, "without-open3d"), 0, "open3d"),
    Start("diffusers is not installed", (*WINDOWS, "without-diffusers"), 0, "could not be loaded"),
    Start("everything is there", (*WINDOWS, "generates"), 0),
)  # fmt: skip


def started(start: Start, folder: Path) -> str:
    """Start the editor; what is wrong with how that went, "" if nothing is."""
    variables = {**os.environ, "PARTSMITH_CONFIG_DIR": str(folder / "config"), "PYTHONPATH": str(ROOT)}
    if start.settings is not None:
        (folder / "config").mkdir()
        (folder / "config" / "settings.json").write_bytes(start.settings)
    for name, value in start.environment.items():
        variables.pop(name, None)
        if value is not None:
            variables[name] = value
    try:
        done = subprocess.run(
            [sys.executable, *start.command],
            cwd=ROOT,
            env=variables,
            capture_output=True,
            text=True,
            timeout=150,
        )
    except subprocess.TimeoutExpired:
        return "it neither started nor ended"
    said = done.stdout + done.stderr
    if done.returncode != start.code:
        return f"exit code {done.returncode}: {said[-600:]}"
    if "Traceback" in said or "Segmentation" in said:
        return f"a traceback: {said[-600:]}"
    return "" if start.words in said else f"{start.words!r} was not told: {said[-600:]}"


@figure("starts without display, OpenGL, model, settings, home, GPU or a library that end in a traceback", 16)
def starts(quick: bool) -> Outcome:
    outcome = Outcome()
    chosen = [*STARTS, *(WITH_WINDOW if HAS_DISPLAY else ())]
    for start in chosen[:4] if quick else chosen:
        with tempfile.TemporaryDirectory() as folder:
            wrong = started(start, Path(folder))
            outcome.check(not wrong, f"{start.name}: {wrong}")
    if not HAS_DISPLAY:
        outcome.note = "those with a window left out: no display"
    return outcome


@figure(
    "quits with jobs running that take more than 3 s, warn, or exit with another code than 0", 50, slow=True
)
def quits(quick: bool) -> Outcome:
    if not HAS_DISPLAY:
        return Outcome(left_out="no display")
    outcome = Outcome()
    slowest = dict.fromkeys(WAYS_TO_QUIT, 0.0)
    for number in range(6 if quick else 50):
        way = WAYS_TO_QUIT[number % len(WAYS_TO_QUIT)]
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [sys.executable, *WINDOWS, way],
                cwd=ROOT,
                env={**os.environ, "PARTSMITH_CONFIG_DIR": folder},
                capture_output=True,
                text=True,
                timeout=150,
            )
            ended = time.time()
            if done.returncode or not done.stdout.strip():
                outcome.check(False, f"{number}, {way}: exit code {done.returncode}: {done.stderr[-500:]}")
                continue
            facts = json.loads(done.stdout.splitlines()[-1])
            if "closed_at" not in facts:
                outcome.check(False, f"{number}, {way}: it never came to that: {facts}")
                continue
            seconds = ended - facts["closed_at"]
            slowest[way] = max(slowest[way], seconds)
            good = seconds <= 3.0 and not facts["logged"] and "Qt" not in done.stderr
            outcome.check(good, f"{number}, {way}: {seconds:.1f} s, {facts['logged']}, {done.stderr[-300:]}")
    outcome.note = "slowest: " + ", ".join(f"{way} {seconds:.1f} s" for way, seconds in slowest.items())
    return outcome
