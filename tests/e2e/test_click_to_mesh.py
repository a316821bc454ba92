"""The README's flow, once, for real: the shipped model in the real window, driven by mouse and keys."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import trimesh

from core.scene.storage import read_scene

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.gl
def test_a_person_generates_clicks_edits_undoes_saves_and_exports(tmp_path: Path) -> None:
    """In a process of its own, as a person starts it; every step of the demo checks itself."""
    run = subprocess.run(
        [sys.executable, "-m", "app.demo", str(tmp_path / "out")],
        cwd=ROOT,
        env={**os.environ, "PARTSMITH_CONFIG_DIR": str(tmp_path / "config")},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-4000:]
    (scene_file,) = (tmp_path / "out").glob("*.partsmith")
    scene = read_scene(scene_file)
    assert len(scene) >= 1
    (glb,) = (tmp_path / "out").glob("*.glb")
    assert len(trimesh.load(glb, force="mesh").faces) > 1000
    assert len(list((tmp_path / "out").glob("*.png"))) >= 8
