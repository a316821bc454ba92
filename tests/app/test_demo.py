"""The whole session in the real window with the real engine, on the tiny checkpoint."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.scene.storage import read_scene
from tests.tiny import TINY_CHECKPOINT


@pytest.mark.gl
@pytest.mark.e2e
def test_the_demo_runs_from_the_first_window_to_the_export(root: Path, tmp_path: Path) -> None:
    # A process of its own: the demo checks that its window is up before torch is loaded.
    command = [sys.executable, "-m", "app.demo", str(tmp_path), "--device", "cpu"]
    done = subprocess.run(
        [*command, "--checkpoint", str(TINY_CHECKPOINT)],
        cwd=root,
        env={**os.environ, "PARTSMITH_CONFIG_DIR": str(tmp_path / "settings")},
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert done.returncode == 0, done.stderr
    assert len(list(tmp_path.glob("*.png"))) >= 12
    scene = read_scene(tmp_path / "demo.partsmith")
    assert len(scene) == 2
    assert scene.prompts
    assert (tmp_path / "demo.glb").read_bytes().startswith(b"glTF")
