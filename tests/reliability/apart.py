"""Measurements in a process of their own: `python -m tests.reliability.apart MODULE FUNCTION quick`."""

from __future__ import annotations

import importlib
import json
import logging
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from tests.reliability.figures import Outcome

ROOT = Path(__file__).resolve().parents[2]


def apart(module: str, function: str, quick: bool) -> Outcome:
    """Run a measurement in a fresh process: it makes copies of itself, or the process may die of it."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.reliability.apart", module, function, "quick" if quick else "full"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        return Outcome(1, [f"the process ended with {done.returncode}: {done.stderr[-2000:]}"])
    return Outcome(**json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    logging.getLogger().addHandler(logging.NullHandler())
    measure = getattr(importlib.import_module(sys.argv[1]), sys.argv[2])
    print(json.dumps(asdict(measure(sys.argv[3] == "quick"))))
