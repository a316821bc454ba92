"""Our networks reproduce the values of the published ones, output by output."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from core.evaluation.reference import (
    TOLERANCE,
    ReferenceFolderError,
    print_reference,
    verify_reference,
)

FOLDER = Path(__file__).resolve().parents[2] / "data" / "salad_networks"

OUTPUTS = {
    ("spaghetti", "z"),
    ("spaghetti", "intrinsics"),
    ("spaghetti", "extrinsics"),
    ("spaghetti", "context"),
    ("spaghetti", "logits"),
    ("spaghetti", "part_attention"),
    ("phase1", "eps"),
    ("phase2", "eps"),
    ("lang_phase1", "eps"),
    ("lang_phase2", "eps"),
    ("text_lstm", "feature"),
    ("text_lstm", "attention"),
    ("schedule", "betas"),
    ("schedule", "alpha_bars"),
    ("schedule", "sigmas"),
}


@pytest.fixture(scope="module")
def errors() -> dict[tuple[str, str], float]:
    return {(network, output): error for network, output, error in verify_reference(FOLDER)}


@pytest.fixture
def one_network(tmp_path: Path) -> Path:
    """A folder with phase 1 only."""
    settings = json.loads((FOLDER / "configs.json").read_text())
    (tmp_path / "configs.json").write_text(json.dumps({"phase1": settings["phase1"]}))
    for kind in ("weights", "io"):
        shutil.copy(FOLDER / f"phase1.{kind}.safetensors", tmp_path)
    return tmp_path


def _change(path: Path, name: str, amount: float) -> None:
    tensors = load_file(path)
    tensors[name] = tensors[name] + amount
    save_file(tensors, path)


def test_every_output_is_checked(errors: dict[tuple[str, str], float]) -> None:
    assert set(errors) == OUTPUTS


@pytest.mark.parametrize("name", sorted(OUTPUTS), ids="-".join)
def test_output_matches(errors: dict[tuple[str, str], float], name: tuple[str, str]) -> None:
    assert errors[name] <= TOLERANCE


def test_stored_inputs_and_outputs_are_all_used(errors: dict[tuple[str, str], float]) -> None:
    inputs = {"item", "points", "x", "beta", "context", "tokens"}
    for name in {network for network, _ in errors}:
        stored = set(load_file(FOLDER / f"{name}.io.safetensors"))
        assert stored <= inputs | {output for network, output in errors if network == name}


def test_print_says_ok(one_network: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert print_reference(one_network) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:2] == ["phase1", "eps"]
    assert lines[-1] == "1 of 1 outputs within 1e-05"


@pytest.mark.parametrize(
    ("file", "entry"),
    [
        ("weights", "encoder.layers.1.mlp.fc1._hyper_gate.bias"),
        ("weights", "embedding.weight"),
        ("io", "eps"),
    ],
)
def test_print_reports_a_difference(
    one_network: Path, capsys: pytest.CaptureFixture[str], file: str, entry: str
) -> None:
    _change(one_network / f"phase1.{file}.safetensors", entry, 1e-2)
    assert print_reference(one_network) == 1
    assert "DIFFERS" in capsys.readouterr().out


def test_not_finite_is_a_difference(one_network: Path) -> None:
    _change(one_network / "phase1.weights.safetensors", "encoder.fc.bias", float("nan"))
    assert verify_reference(one_network) == [("phase1", "eps", float("inf"))]
    assert print_reference(one_network) == 1


def test_not_finite_reference_is_a_difference(one_network: Path) -> None:
    _change(one_network / "phase1.io.safetensors", "eps", float("nan"))
    assert print_reference(one_network) == 1


def test_weights_of_other_names_are_refused(one_network: Path) -> None:
    path = one_network / "phase1.weights.safetensors"
    weights = load_file(path)
    weights["slot_embedding.weight"] = torch.zeros(3, 64)
    save_file(weights, path)
    with pytest.raises(ReferenceFolderError, match="slot_embedding"):
        verify_reference(one_network)


def test_bad_folders_are_refused(
    one_network: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path_factory.mktemp("empty")
    assert print_reference(empty) == 1
    assert "configs.json" in capsys.readouterr().out
    (empty / "configs.json").write_text('{"phase9": {}}')
    with pytest.raises(ReferenceFolderError, match="phase9"):
        verify_reference(empty)
    (one_network / "phase1.io.safetensors").write_bytes(b"not a tensor file")
    with pytest.raises(ReferenceFolderError, match=r"phase1\.io"):
        verify_reference(one_network)


def test_unsupported_settings_are_refused(one_network: Path) -> None:
    configs = json.loads((one_network / "configs.json").read_text())
    configs["phase1"]["use_timestep_embedder"] = False
    (one_network / "configs.json").write_text(json.dumps(configs))
    with pytest.raises(ReferenceFolderError, match="use_timestep_embedder"):
        verify_reference(one_network)
