"""Two processes that share every batch train as one does, and go on with each other's states."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from core.models.gaussian_head import gaussians_from_raw
from core.training import folder, matcher, parallel
from core.training.state import draws_for
from tests.core.training.tiny_run import command, start, wait_for, weights


def free_port() -> int:
    with socket.socket() as plug:
        plug.bind(("127.0.0.1", 0))
        return int(plug.getsockname()[1])


def begin(
    arguments: list[str], world: int, main: Callable[[list[str]], int] = folder.main
) -> list[BaseProcess]:
    """The processes that ``torchrun`` or ``accelerate launch`` would start."""
    shared = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port()), "WORLD_SIZE": str(world)}
    return [start(arguments, main, **shared, RANK=str(rank), LOCAL_RANK=str(rank)) for rank in range(world)]


def kill_when(reached: Callable[[], bool], processes: list[BaseProcess]) -> None:
    wait_for(reached, processes[0])
    for process in processes:
        process.kill()
        process.join()


def figures(run: Path) -> dict[str, dict[tuple[int, str], float]]:
    """Everything that was logged by step and name, without times."""
    return {
        str(path.relative_to(run)): {
            (line["step"], key): value
            for line in map(json.loads, path.read_text().splitlines())
            for key, value in line.items()
            if key not in ("time", "seconds", "eta")
        }
        for path in sorted(run.rglob("log.jsonl"))
    }


@pytest.mark.parametrize("world", [1, 2, 4])
def test_rows_of_all_processes_are_those_of_one(world: int) -> None:
    def drawn(rank: int, world: int) -> torch.Tensor:
        draws = draws_for(1, 2, rank, world)
        normal = parallel.randn((8 // world, 2), draws)
        return torch.cat([normal, parallel.rand(8 // world, 2, generator=draws)], 1)

    shares = torch.stack([drawn(rank, world) for rank in range(world)], 1)
    assert torch.equal(shares.flatten(0, 1), drawn(0, 1))
    places = [parallel.places(8 // world, draws_for(1, 2, rank, world)) for rank in range(world)]
    assert sorted(int(row) for rows, _ in places for row in rows) == list(range(8))
    assert {count for _, count in places} == {8}


def test_two_processes_learn_what_one_learns_and_go_on_with_its_states(whole: Path) -> None:
    run = whole.with_name("shared")
    arguments = command(whole.with_name("meshes"), run)
    kill_when((run / "round-1/representation/state.safetensors").exists, begin(arguments, 2))
    kill_when((run / "round-1/cascade/state.safetensors").exists, begin(arguments, 1))
    pair = begin(arguments, 2)
    for process in pair:
        process.join(120)
    assert [process.exitcode for process in pair] == [0, 0]
    expected, found = figures(whole), figures(run)
    assert {path.split("/")[1] for path in expected} == {"representation", "cascade"}
    assert found.keys() == expected.keys()
    for path, figures_of_one in expected.items():
        # What was killed between a state and its line has no line for it.
        both = figures_of_one.keys() & found[path].keys()
        assert len(both) >= 0.6 * len(figures_of_one)
        assert {key: found[path][key] for key in both} == pytest.approx(
            {key: figures_of_one[key] for key in both}, rel=1e-4, abs=1e-5
        )
    one, two = weights(whole), weights(run)
    trained = [name for name in one if "state.safetensors/weight" in name]
    assert trained
    for name in trained:
        torch.testing.assert_close(two[name], one[name], rtol=1e-4, atol=1e-5, msg=name)
    card = json.loads((run.with_name("shared-models") / "boxes" / "card.json").read_text())
    assert card["recipe"]["cascade"]["processes"] == "2"


def test_a_matcher_of_two_processes_is_that_of_one(tmp_path: Path) -> None:
    kinds = torch.arange(24) % 3
    latents = torch.randn(24, 4, 8, generator=torch.Generator().manual_seed(0))
    save_file({"extrinsics": gaussians_from_raw(latents.repeat(1, 1, 2)), "intrinsics": latents},
              tmp_path / "latents.safetensors")  # fmt: skip
    true = np.packbits(np.arange(3)[:, None] == kinds.numpy(), axis=1, bitorder="little")
    captions = {
        "features": torch.randn(3, 5, 384).half(),
        "mask": torch.ones(3, 5, dtype=torch.bool),
        "rows": kinds[:, None].clone(),
        "truth": torch.from_numpy(true),
        "doubt": torch.zeros(3, 3, dtype=torch.uint8),
    }
    save_file(captions, tmp_path / "captions.safetensors", {"sentences": "[]"})
    words = ["--latents", tmp_path, "--steps", 2, "--batch", 8, "--dim", 16, "--device", "cpu"]
    pair = begin([str(word) for word in (*words, "--out", tmp_path / "two")], 2, matcher.main)
    matcher.main([str(word) for word in (*words, "--out", tmp_path / "one")])
    for process in pair:
        process.join(120)
    assert [process.exitcode for process in pair] == [0, 0]
    one, two = weights(tmp_path / "one"), weights(tmp_path / "two")
    assert one.keys() == two.keys()
    for name, value in one.items():
        torch.testing.assert_close(two[name], value, rtol=1e-3, atol=1e-4, msg=name)


def test_a_batch_that_cannot_be_shared_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from core.training import cascade

    monkeypatch.setattr(parallel, "world", lambda: 3)
    with pytest.raises(SystemExit):
        cascade.main(["--latents", str(tmp_path), "--out", str(tmp_path), "--batch", "4", "--device", "cpu"])
    assert "cannot be shared by 3" in capsys.readouterr().err
