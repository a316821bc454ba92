"""A training on a folder that is killed, stopped or continued ends as one that was left alone."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from core.training_run import TrainingError, find_runs, held, holder, read_run, stop
from tests.core.training.tiny_run import command, start, wait_for, weights


def test_killed_in_every_stage_it_ends_as_if_it_had_not_been(whole: Path) -> None:
    run = whole.with_name("killed")
    arguments = command(whole.with_name("meshes"), run)
    first, second = run / "round-1", run / "round-2"
    middles: dict[str, Callable[[], bool]] = {
        "samples": lambda: any((run / "samples/meshes").glob("*.safetensors")),
        "representation": (first / "representation/state.safetensors").exists,
        "latents": (first / "latents/latents.safetensors").exists,
        "cascade": (first / "cascade/state.safetensors").exists,
        "representation of round 2": (second / "representation/log.jsonl").exists,
    }
    for stage, reached in middles.items():
        process = start(arguments)
        wait_for(reached, process)
        process.kill()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        stopped = read_run(run)
        assert stopped.stage == stage.split()[0]
        assert not stopped.running
        assert not stopped.problem
    process = start(arguments)
    process.join()
    assert process.exitcode == 0
    expected, found = weights(whole), weights(run)
    assert expected.keys() == found.keys()
    assert [name for name in expected if not torch.equal(expected[name], found[name])] == []
    cards = [json.loads(home.with_name(f"{home.name}-models").joinpath("boxes/card.json").read_text())
             for home in (whole, run)]  # fmt: skip
    assert cards[0]["sha256"] == cards[1]["sha256"]
    assert cards[0]["metrics"] == cards[1]["metrics"]


def test_stopped_it_saves_what_it_has_and_goes_on_from_there(whole: Path) -> None:
    run = whole.with_name("stopped")
    # No check before the end: the state that is gone on from is the one saved when it was stopped.
    arguments = [*command(whole.with_name("meshes"), run, steps=9_000), "--save-steps", "9000"]
    process = start(arguments)
    wait_for((run / "round-1/representation/log.jsonl").exists, process)
    assert holder(run) == process.pid
    assert read_run(run).running
    with pytest.raises(TrainingError, match="running already"), held(run):
        pass
    assert stop(run)
    process.join()
    assert process.exitcode == 130
    assert (run / "round-1/representation/state.safetensors").exists()
    assert not (run / "round-1/representation/encoder").exists()
    assert not stop(run)
    assert run in [known.folder for known in find_runs(run.parent)]


def test_a_folder_that_cannot_be_used_is_no_training(tmp_path: Path) -> None:
    from core.training import folder

    (tmp_path / "empty").mkdir()
    assert folder.main(command(tmp_path / "empty", tmp_path / "run")) == 3
    with pytest.raises(TrainingError, match="holds no training"):
        read_run(tmp_path / "run")
