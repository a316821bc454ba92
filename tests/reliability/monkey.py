"""Random hands on the whole editor: it never crashes, logs no error, and gives back what it took."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from tests.reliability.figures import Outcome, figure

ROOT = Path(__file__).resolve().parents[2]
HAS_DISPLAY = bool(os.environ.get("DISPLAY"))
QUICK_SECONDS, FULL_SECONDS = 30, 1800
SEED = 1
PATIENCE = 700.0
"""Seconds that starting and ending may take besides."""
OBJECTS_OF_A_SHAPE = 16
"""GL objects that one pooled set of visuals may hold."""
NODES_OF_A_SHAPE = 6
WIDGETS = 40
"""Widgets that may stay: menus of buttons and the like are made once, when they are first used."""


@dataclass
class Session:
    """How a session went.

    Attributes
    ----------
    report : dict
        The last line of the session, empty if it never came.
    steps : deque of str
        What was done last.
    """

    code: int = 0
    report: dict = field(default_factory=dict)
    steps: deque[str] = field(default_factory=lambda: deque(maxlen=6))
    stderr: str = ""


def haunt(seed: int, seconds: float) -> Session:
    """Run the editor under random hands in a folder of its own."""
    session = Session()
    with tempfile.TemporaryDirectory(prefix="partsmith-monkey-") as folder:
        environment = {
            **os.environ,
            "PARTSMITH_CONFIG_DIR": f"{folder}/config",
            "PARTSMITH_MODELS_DIR": f"{folder}/models",
            "HOME": folder,
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", "tests.reliability.monkey_session", str(seed), str(seconds), folder]
        try:
            done = subprocess.run(
                command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=seconds + PATIENCE
            )
            session.code, said, session.stderr = done.returncode, done.stdout, done.stderr
        except subprocess.TimeoutExpired as error:
            session.code, said = 124, (error.stdout or b"").decode("utf-8", "replace")
        for line in said.splitlines():
            facts = json.loads(line) if line.startswith("{") else {}
            if facts.get("report"):
                session.report = facts
            elif "what" in facts:
                session.steps.append(f"{facts['done']} {facts['what']}")
            elif "step" in facts:
                session.steps.append(f"{facts['step']} …")
    return session


def judge(session: Session, outcome: Outcome) -> None:
    """Count what a session must not do."""
    report, steps = session.report, " / ".join(session.steps)
    outcome.check(
        session.code == 0 and bool(report),
        f"ended with {session.code} after: {steps}: {session.stderr[-1500:]}",
    )
    if not report:
        return
    outcome.check(not report["wrong"], f"{report['wrong']} after: {steps}")
    outcome.check(not report["errors"], f"{len(report['errors'])} errors were logged: {report['errors'][:3]}")
    left, before = report["left"], report["before"]
    pooled = left["pool"] - before["pool"]
    outcome.check(left["shown"] == 0, f"shapes are drawn that are not there: {left}")
    # A spare set and those of candidates and drags come on top of one for every shape there was at once.
    most = report["shapes"] + 4
    outcome.check(left["pool"] <= most, f"more visuals are kept than shapes were shown: {left}")
    for what, each in (("nodes", NODES_OF_A_SHAPE), ("objects", OBJECTS_OF_A_SHAPE)):
        room = before[what] + each * (pooled + 2)
        outcome.check(left[what] <= room, f"{what} were not given back: {left}, at the start {before}")
    outcome.check(left["windows"] == 0, f"windows stay open: {report['open']}")
    widgets = left["widgets"] - before["widgets"]
    outcome.check(widgets <= WIDGETS, f"{widgets} widgets were not given back: {left}")


@figure("random mouse, keys, files and jobs: crashes, hangs, logged errors, things not given back", 20_000)
def random_hands(quick: bool) -> Outcome:
    if not HAS_DISPLAY:
        return Outcome(left_out="no display")
    outcome = Outcome()
    session = haunt(SEED, QUICK_SECONDS if quick else FULL_SECONDS)
    judge(session, outcome)
    if session.report:
        # What counts is how much was done, not how many questions were asked in the end.
        outcome.trials = session.report["steps"]
        outcome.note = (
            f"memory {session.report['slope']:+.1f} MiB a minute "
            f"after the start, worst step {session.report['gap']:.1f} s"
        )
    return outcome
