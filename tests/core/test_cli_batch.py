"""Batches: every task settled once, whatever happens to a worker or to the run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import trimesh

from core.cli import main
from core.cli_batch import JOURNAL, read_journal
from core.scene.storage import read_scene
from tests.tiny import TINY_CHECKPOINT


def command(*words: object) -> list[str]:
    return ["batch", *map(str, words), "--checkpoint", str(TINY_CHECKPOINT), "--device", "cpu"]


def workers_of(process: int) -> list[int]:
    """Processes that a run has spawned to do its tasks."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            words = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if parent == process and b"spawn_main" in words:
            found.append(int(entry.name))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_killed_worker_loses_and_doubles_nothing(root: Path, tmp_path: Path) -> None:
    count = 6
    words = [sys.executable, "main.py", *command("sample", "--count", count, "--out", tmp_path, "--json")]
    run = subprocess.Popen(words, cwd=root, stdout=subprocess.PIPE, text=True)
    until = time.monotonic() + 120
    while not read_journal(tmp_path) and time.monotonic() < until:
        time.sleep(0.01)
    os.kill(workers_of(run.pid)[0], signal.SIGKILL)
    answer = json.loads(run.communicate(timeout=240)[0])
    assert run.returncode == 0
    assert (answer["done"], answer["failed"]) == (count, {})
    lines = [json.loads(line)["task"] for line in (tmp_path / JOURNAL).read_text().splitlines()]
    assert sorted(lines) == [f"sample-{index}" for index in range(count)]
    scenes = {path.stem: read_scene(path) for path in tmp_path.glob("*.partsmith")}
    assert sorted(scenes) == sorted(lines)
    assert all(len(scene) == 1 for scene in scenes.values())


def test_a_batch_goes_on_where_it_stopped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    meshes, out = tmp_path / "meshes", tmp_path / "out"
    meshes.mkdir()
    for index in range(2):
        trimesh.creation.box(extents=(0.5 + index, 1, 1)).export(meshes / f"{index}.obj")
    (meshes / "broken.obj").write_text("f 1 2 3\n")

    def answer() -> dict:
        main(command("encode", meshes, "--out", out, "--workers", 1, "--json"))
        return json.loads(capsys.readouterr().out)

    first = answer()
    assert (first["tasks"], first["done"]) == (3, 2)
    assert list(first["failed"]) == ["broken.obj"]
    # Killed while the last line was written: that task alone is looked at again, its file is taken as it is.
    lines = (out / JOURNAL).read_text().splitlines()
    (out / JOURNAL).write_text("\n".join(lines[:-1]) + "\n" + lines[-1][:9])
    before = {path: path.stat().st_mtime_ns for path in out.glob("*.partsmith")}
    again = answer()
    assert again["done"] == 2
    assert {path: path.stat().st_mtime_ns for path in out.glob("*.partsmith*")} == before
    assert set(read_journal(out)) == {"0.obj", "1.obj", "broken.obj"}
