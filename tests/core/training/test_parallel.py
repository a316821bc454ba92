"""Two processes that share every batch train as one does, and go on with each other's states."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
import torch

from core.training import parallel
from core.training.state import draws_for
from tests.core.training.boxes import write_boxes
from tests.core.training.tiny_run import command, start, wait_for, weights


def free_port() -> int:
    with socket.socket() as plug:
        plug.bind(("127.0.0.1", 0))
        return int(plug.getsockname()[1])


def train(arguments: list[str], world: int) -> list[int | None]:
    """Exit codes of the processes that ``torchrun`` or ``accelerate launch`` would start."""
    shared = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port()), "WORLD_SIZE": str(world)}
    alone = {} if world == 1 else shared
    processes = [start(arguments, **alone, RANK=str(rank), LOCAL_RANK=str(rank)) for rank in range(world)]
    for process in processes:
        process.join(120)
        process.kill()
    return [process.exitcode for process in processes]


def figures(run: Path) -> dict[str, list[dict[str, float]]]:
    """Everything that was logged, without times."""
    return {
        str(path.relative_to(run)): [
            {key: value for key, value in json.loads(line).items() if key not in ("time", "seconds", "eta")}
            for line in path.read_text().splitlines()
        ]
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


def test_two_processes_learn_what_one_learns(tmp_path: Path) -> None:
    meshes = write_boxes(tmp_path / "meshes")
    assert train(command(meshes, tmp_path / "one"), 1) == [0]
    assert train(command(meshes, tmp_path / "two"), 2) == [0, 0]
    # Begun by two and gone on with by one.
    mixed = command(meshes, tmp_path / "mixed")
    shared = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port()), "WORLD_SIZE": "2"}
    pair = [start(mixed, **shared, RANK=str(rank), LOCAL_RANK=str(rank)) for rank in range(2)]
    wait_for((tmp_path / "mixed/round-1/representation/state.safetensors").exists, pair[0])
    for process in pair:
        process.kill()
        process.join()
    assert train(mixed, 1) == [0]
    expected = figures(tmp_path / "one")
    assert {path.split("/")[1] for path in expected} == {"representation", "cascade"}
    for other in ("two", "mixed"):
        found = figures(tmp_path / other)
        assert found.keys() == expected.keys()
        for path, lines in expected.items():
            known = {(line["step"], key): value for line in lines for key, value in line.items()}
            seen = {(line["step"], key): value for line in found[path] for key, value in line.items()}
            assert {name: seen[name] for name in known if name in seen} == pytest.approx(
                {name: value for name, value in known.items() if name in seen}, rel=2e-3, abs=1e-5
            )
            assert {name for name in known if name[1].startswith("validation")} <= seen.keys()
        one, more = weights(tmp_path / "one"), weights(tmp_path / other)
        for name in one:
            if "state.safetensors/weight" in name:
                torch.testing.assert_close(more[name], one[name], rtol=1e-2, atol=1e-3, msg=name)


def test_a_batch_that_cannot_be_shared_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from core.training import cascade

    monkeypatch.setattr(parallel, "world", lambda: 3)
    with pytest.raises(SystemExit):
        cascade.main(["--latents", str(tmp_path), "--out", str(tmp_path), "--batch", "4", "--device", "cpu"])
    assert "cannot be shared by 3" in capsys.readouterr().err
