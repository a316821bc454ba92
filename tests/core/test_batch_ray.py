"""Batches on Ray: the same files as without it, whatever happens to an actor or to the run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from core.batch_workers import Task
from core.cli import main
from core.cli_batch import JOURNAL, read_journal, run_tasks
from core.cli_inputs import BAD_ARGUMENTS, CommandError
from tests.core.test_cli_batch import command

needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="needs ray: pip install -e '.[cluster]'")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

COUNT = 6


def below(process: int) -> dict[int, str]:
    """Processes that a run has started, directly or not: command lines by id."""
    parents, lines = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                lines[int(entry.name)] = (entry / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
    found = {process}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return {one: lines[one] for one in found - {process}}


def actors_of(process: int) -> list[int]:
    return [one for one, line in below(process).items() if line.startswith("ray::Worker")]


def listened_to(processes: set[int]) -> Iterator[str]:
    """Addresses, as the kernel writes them, at which TCP connections to processes are taken."""
    held = set()
    for process in processes:
        for handle in Path(f"/proc/{process}/fd").iterdir():
            try:
                held.add(os.readlink(handle))
            except OSError:
                continue
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            words = line.split()
            if words[3] == "0A" and f"socket:[{words[9]}]" in held:
                yield words[1].partition(":")[0]


def wait_until(reached: Callable[[], object], seconds: float = 600.0) -> None:
    until = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.fixture
def begin(root: Path, tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Runs of the same command on Ray; none is left behind."""
    words = [sys.executable, "main.py", *command("sample", "--count", COUNT, "--out", tmp_path, "--json")]
    runs = []

    def begin() -> subprocess.Popen[str]:
        run = subprocess.Popen([*words, "--engine", "ray"], cwd=root, stdout=subprocess.PIPE, text=True)
        runs.append(run)
        return run

    yield begin
    for run in runs:
        if run.returncode is None:
            run.kill()
            run.communicate()


@needs_ray
@on_linux
@pytest.mark.slow
def test_ray_makes_the_same_files_though_run_and_actor_are_killed(
    begin: Callable[[], subprocess.Popen[str]], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    run = begin()
    wait_until(lambda: read_journal(tmp_path))
    started = set(below(run.pid))
    # Loopback alone, IPv4 or mapped into IPv6.
    assert set(listened_to(started)) == {"0100007F", "0000000000000000FFFF00000100007F"}
    run.kill()
    run.communicate()
    wait_until(lambda: not any(Path(f"/proc/{one}").exists() for one in started))
    settled = len(read_journal(tmp_path))
    assert 0 < settled < COUNT

    run = begin()
    wait_until(lambda: len(actors_of(run.pid)) == 2 and len(read_journal(tmp_path)) > settled)
    os.kill(actors_of(run.pid)[0], signal.SIGKILL)
    answer = json.loads(run.communicate(timeout=600)[0])
    assert run.returncode == 0
    assert (answer["done"], answer["failed"]) == (COUNT, {})

    lines = [json.loads(line)["task"] for line in (tmp_path / JOURNAL).read_text().splitlines()]
    assert sorted(lines) == [f"sample-{index}" for index in range(COUNT)]
    local = tmp_path_factory.mktemp("local")
    main([*command("sample", "--count", COUNT, "--out", local), "--workers", "1"])
    scenes = {path.name: path.read_bytes() for path in tmp_path.glob("*.partsmith*")}
    assert scenes == {path.name: path.read_bytes() for path in local.glob("*.partsmith*")}
    assert len(scenes) == COUNT


def test_a_scene_that_only_the_worker_can_see_is_not_settled(tmp_path: Path) -> None:
    """Two machines are not at hand: here the worker is one that says it wrote and did not."""

    class Elsewhere:
        free = True

        def begin(self, task: Task) -> None:
            self.task = task

        def ended(self) -> list[tuple[Task, str | None]]:
            return [(self.task, "")]

        def close(self) -> None:
            self.free = False

    workers = Elsewhere()
    with pytest.raises(CommandError, match="a folder that all machines share"):
        run_tasks([Task("one")], tmp_path, lambda: workers)
    assert read_journal(tmp_path) == {}
    assert not workers.free


@needs_ray
def test_a_cluster_that_is_not_there(tmp_path: Path, root: Path) -> None:
    words = command("sample", "--count", 1, "--out", tmp_path, "--engine", "ray", "--address", "127.0.0.1:9")
    done = subprocess.run([sys.executable, "main.py", *words], cwd=root, capture_output=True, text=True)
    assert done.returncode == BAD_ARGUMENTS
    assert done.stderr.strip() == "partsmith batch: no Ray cluster answers at 127.0.0.1:9: Connection refused"


def test_without_ray_the_message_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    words = command("sample", "--out", tmp_path / "out")
    assert main([*words, "--engine", "ray"]) == BAD_ARGUMENTS
    assert "pip install -c constraints.txt -e '.[cluster]'" in capsys.readouterr().err
    assert main([*words, "--address", "127.0.0.1:6379"]) == BAD_ARGUMENTS
    assert "add --engine ray" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
