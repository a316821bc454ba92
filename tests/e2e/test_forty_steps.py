"""A long session by mouse and keys ends with the scene that the same edits from Python make, bit for bit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from core.api import Session
from core.api import context as api_context
from core.edits.engine import Engine
from core.edits.job import Job
from core.edits.model_info import ModelInfo
from core.edits.requests import Request
from core.edits.results import Candidates, Result
from core.scene.scene import Scene
from core.scene.storage import read_scene
from tests.e2e.forty_steps import RESOLUTION, STEPS
from tests.tiny import TINY_CHECKPOINT

LEAST_STEPS = 40


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Bits depend on the number of threads, and tests before may have changed that of this process."""
    before = torch.get_num_threads()
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # for the session's process
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


class SmallEngine:
    """The engine of the session, for one of Python."""

    def __init__(self, *_: object) -> None:
        self._engine = Engine(TINY_CHECKPOINT, "cpu", resolution=RESOLUTION)

    @property
    def models(self) -> tuple[ModelInfo, ...]:
        return self._engine.models

    def answer(self, request: Request) -> Result:
        return self._engine.run(request, Job())


def build(said: list[list]) -> Scene:
    """Do from Python what was said."""
    session = Session(engine=SmallEngine())
    found: Candidates | None = None
    for what, *rest in said:
        sampling: dict = {"steps": STEPS}
        match what, rest:
            case "generate", [text, seed, count]:
                found = session.generate(text, seed=seed, count=count, **sampling)
            case "accept", [number]:
                assert found is not None
                session.accept(found, number)
            case "mix", [shape, source, take, strength, seed, count]:
                found = session.mix(
                    shape, source, take, strength=strength, seed=seed, count=count, **sampling
                )
            case "text_edit", [shape, text, parts, seed, count]:
                found = session.text_edit(shape, text, parts, seed=seed, count=count, **sampling)
            case "vary", [shape, parts, seed, count]:
                found = session.vary(shape, parts, seed=seed, count=count, **sampling)
            case "refine", [shape, seed, count]:
                found = session.refine(shape, seed=seed, count=count, **sampling)
            case "flags", [shape, part]:
                session.lock(shape, part)
                session.unlock(shape, part)
                session.hide(shape, part)
                session.show(shape, part)
            case method, arguments:
                getattr(session, method)(*arguments)
    return session.scene


def assert_same(made: Scene, wanted: Scene) -> None:
    assert [shape.id for shape in made] == [shape.id for shape in wanted]
    for one, other in zip(made, wanted, strict=True):
        assert one.extrinsics.tobytes() == other.extrinsics.tobytes(), one.id
        assert one.intrinsics.tobytes() == other.intrinsics.tobytes(), one.id
        assert one.parts == other.parts
        assert (one.name, one.position) == (other.name, other.position)
    assert made.prompts == wanted.prompts


@pytest.mark.gl
def test_forty_steps_by_hand_are_what_python_makes(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    run = subprocess.run(
        [sys.executable, "-m", "tests.e2e.forty_steps", str(out)],
        cwd=root,
        env={**os.environ, "PARTSMITH_CONFIG_DIR": str(tmp_path / "config")},
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-4000:]
    told = json.loads((out / "said.json").read_text(encoding="utf-8"))
    assert told["steps"] >= LEAST_STEPS
    wanted = read_scene(out / "session.partsmith")
    assert len(wanted) == 2
    assert_same(build(told["said"]), wanted)
    # And once more by the script that the window itself has put on the clipboard.
    monkeypatch.setattr(api_context, "LazyEngine", SmallEngine)
    names: dict = {}
    exec(compile(told["script"], "copied.py", "exec"), names)
    assert_same(names["session"].scene, wanted)
