"""The evaluation on the tiny checkpoint: figures in range, sheets drawn, card written."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.checkpoints.loading import load_checkpoint
from core.edits.engine import Engine
from core.evaluation.generation import wholeness
from core.evaluation.reconstruction import reconstruction
from core.evaluation.report import main, slot_colors
from core.scene.shape import Part, Shape
from tests.tiny import TINY_CHECKPOINT, make_tiny_checkpoint


def test_report_prints_draws_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_tiny_checkpoint(tmp_path / "model")
    arguments = ["--checkpoint", str(folder), "--device", "cpu", "--shapes", "2", "--samples", "2"]
    assert main([*arguments, "--resolution", "32", "--sheets", str(tmp_path / "sheets"), "--write"]) == 0
    printed = capsys.readouterr().out
    metrics = json.loads((folder / "card.json").read_text())["metrics"]
    for group in ("reconstruction", "generation"):
        for name in metrics[group]:
            assert name in printed
    assert metrics["reconstruction"]["shapes"] == 2
    assert 0.0 <= metrics["generation"]["whole"] <= 1.0
    with Image.open(tmp_path / "sheets" / "samples.png") as picture:
        assert np.asarray(picture).std() > 5
    load_checkpoint(folder)


def test_reconstruction_is_between_nothing_and_all() -> None:
    checkpoint = load_checkpoint(TINY_CHECKPOINT)
    figures = reconstruction(checkpoint.representation, checkpoint.part_namer, range(20_000_000, 20_000_004))
    for name in ("iou", "iou_near", "iou_uniform", "name_accuracy"):
        assert 0.1 < figures[name] < 1.0
    low, high = sorted((figures["iou_near"], figures["iou_uniform"]))
    assert low - 0.1 < figures["iou"] < high + 0.1


def test_an_empty_shape_is_not_whole() -> None:
    engine = Engine(TINY_CHECKPOINT, "cpu")
    extrinsics = np.zeros((1, 16), np.float32)
    extrinsics[:, [3, 7, 11]] = 1.0
    extrinsics[:, 13:] = 1e-4
    far = Shape("s", extrinsics, np.full((1, 16), -50.0, np.float32), (Part(0),))
    figures, meshes = wholeness(engine, [far], 32)
    assert figures["samples"] == 1
    assert figures["whole"] == float(len(meshes) and figures["mean_largest_share"] >= 0.95)


def test_slots_have_distinct_colours() -> None:
    parts = tuple(Part(id=slot, slot=slot) for slot in range(16))
    extrinsics = np.tile(np.eye(1, 16, dtype=np.float32), (16, 1))
    colors = slot_colors(Shape("s", extrinsics, np.zeros((16, 2), np.float32), parts))
    assert len(np.unique(colors, axis=0)) == 16
