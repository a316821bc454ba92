"""A click selects what the line of sight through the pixel meets first, on screens of any scale."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

LEAST = 0.995


@pytest.mark.gl
@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0])
def test_clicks_meet_what_is_drawn_there(root: Path, tmp_path: Path, scale: float) -> None:
    """In a process of its own: Qt reads the scale once."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.app.viewport.clicking"],
        cwd=root,
        env={**os.environ, "QT_SCALE_FACTOR": str(scale), "PARTSMITH_CONFIG_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    found = json.loads(run.stdout.splitlines()[-1])
    assert found.pop("ratio") == scale
    clicks, right, hits = (sum(column) for column in zip(*found.values(), strict=True))
    assert min(hits, clicks - hits) > 0.1 * clicks, "both parts and background are clicked"
    assert right >= LEAST * clicks, found
