"""Checkpoint folders: what is written comes back, what is damaged is refused by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from core.checkpoints.loading import CheckpointError, load_checkpoint, load_component
from core.checkpoints.saving import save_component
from core.models.mixing import Mixing
from tests.tiny import TINY_CHECKPOINT, make_tiny_checkpoint


def test_a_component_comes_back_bit_exact(tmp_path: Path) -> None:
    network = Mixing(intrinsic_dim=8, dim=16, num_layers=1, num_heads=2)
    save_component(network, tmp_path)
    back = load_component(Mixing, tmp_path)
    assert back.config == network.config
    for name, value in network.state_dict().items():
        assert torch.equal(value, back.state_dict()[name])


def test_the_tiny_checkpoint_loads() -> None:
    checkpoint = load_checkpoint(TINY_CHECKPOINT)
    assert checkpoint.slot_count == 8
    assert "seat" in checkpoint.labels


def _change_json(path: Path, **changes: object) -> None:
    values = json.loads(path.read_text())
    path.write_text(json.dumps({**values, **changes}))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda f: (f / "card.json").unlink(), "card.json is missing"),
        (lambda f: (f / "card.json").write_text("[]"), "JSON object"),
        (lambda f: (f / "card.json").write_text("{"), "cannot be read"),
        (lambda f: (f / "card.json").write_text("{}"), "lacks 'id'"),
        (lambda f: (f / "card.json").write_bytes(b" " * (2 << 20)), "larger than 1 MiB"),
        (lambda f: (f / "mixing" / "model.safetensors").unlink(), "mixing.*missing"),
        (lambda f: (f / "mixing" / "model.safetensors").write_bytes(b"x" * 64), "not the file its card"),
        (lambda f: _change_json(f / "mixing" / "config.json", dim=10**9), "out of range"),
        (lambda f: _change_json(f / "mixing" / "config.json", secret=1), "unknown setting 'secret'"),
        (lambda f: _change_json(f / "mixing" / "config.json", dim=[1]), "plain value"),
        (lambda f: _change_json(f / "mixing" / "config.json", dim=48), "does not hold a Mixing"),
        (lambda f: _change_json(f / "mixing" / "config.json", num_heads=0), "does not hold a Mixing"),
    ],
)
def test_damage_is_refused_by_name(tmp_path: Path, damage: object, message: str) -> None:
    folder = make_tiny_checkpoint(tmp_path / "model")
    damage(folder)  # type: ignore[operator]
    with pytest.raises(CheckpointError, match=message):
        load_checkpoint(folder)


def test_weights_that_are_no_safetensors_are_refused(tmp_path: Path) -> None:
    folder = make_tiny_checkpoint(tmp_path / "model")
    (folder / "mixing" / "model.safetensors").write_bytes(b"\xff" * 64)
    _change_json(folder / "card.json", sha256={})
    with pytest.raises(CheckpointError, match="cannot be read"):
        load_checkpoint(folder)
