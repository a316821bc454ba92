"""The command: rows chosen, table printed, files written, card kept up to date."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.checkpoints.loading import load_checkpoint
from core.evaluation.material import FULL, QUICK
from core.evaluation.report import FIGURES, ROWS, build_parser, details, main, plain, table, write_sheet
from tests.core.evaluation.conftest import TINY
from tests.tiny import TINY_CHECKPOINT, make_tiny_checkpoint


def test_rows_are_measured_printed_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_tiny_checkpoint(tmp_path / "model")
    card = json.loads((folder / "card.json").read_text())
    card["metrics"] = {"parts": {"name_accuracy": 0.5}, "generation": {"old": 1.0}}
    (folder / "card.json").write_text(json.dumps(card))
    out = tmp_path / "out"
    arguments = ["--checkpoint", str(folder), "--device", "cpu", "--steps", "2", "--out", str(out), "--write"]
    only = ["--only", "generation,reconstruction", "--category", "chairs"]
    assert main([*arguments, *only], counts=TINY) == 0
    printed = capsys.readouterr().out
    assert "| reconstruction | IoU, near and uniform points |" in printed
    assert "text" not in printed

    found = json.loads((out / "table.json").read_text())
    assert found["category"] == "chair"
    assert set(found["rows"]) == {"reconstruction", "generation"}
    assert found["rows"]["reconstruction"]["shapes"] == TINY.shapes
    written = (out / "table.md").read_text()
    for row, figures in found["rows"].items():
        assert f"## {row}" in written
        assert all(f"| {name} |" in written for name in figures)
    with Image.open(out / "parts.png") as picture:
        assert np.asarray(picture).std() > 5

    metrics = json.loads((folder / "card.json").read_text())["metrics"]
    assert metrics["reconstruction"]["iou"] == found["rows"]["reconstruction"]["iou"]
    assert metrics["generation"]["samples"] == TINY.samples
    assert "old" not in metrics["generation"]
    assert metrics["parts"] == {"name_accuracy": 0.5}
    load_checkpoint(folder)


def test_checks_are_measured_without_a_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--checkpoint", str(TINY_CHECKPOINT), "--checks", "--out", str(tmp_path)]
    assert main(arguments, counts=TINY) == 0
    printed = capsys.readouterr().out
    assert "| four_legs |" in printed
    assert (tmp_path / "checks.md").read_text() == printed


def test_unknown_rows_and_categories_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    for wrong in (["--only", "beauty"], ["--category", "boats"]):
        with pytest.raises(SystemExit):
            main(["--checkpoint", str(TINY_CHECKPOINT), *wrong])
    assert "beauty" in capsys.readouterr().err


def test_options_that_were_there_stay() -> None:
    line = "--checkpoint a --device cpu --shapes 2 --samples 3 --resolution 32 --seed 4 --sheets b --write"
    options = build_parser().parse_args(line.split())
    assert (options.shapes, options.samples, options.resolution, options.seed) == (2, 3, 32, 4)


def test_every_figure_belongs_to_a_row_and_targets_are_judged() -> None:
    assert {figure.row for figure in FIGURES} == set(ROWS)
    values = {
        "reconstruction": {"iou": 0.93, "iou_near": math.nan},
        "locality": {"moved": 0.001},
        "text": {"passed": 0.5, "by_chance": 0.2},
    }
    lines = table(values).splitlines()[2:]
    assert lines[0].endswith("| >= 0.9 | >= 0.96 | ok |")
    assert "| - |" in lines[1]
    assert lines[2].endswith("| 0.5 | 0.2 (by_chance) | >= 0.85 | >= 0.97 | MISSED |")
    assert lines[-1].endswith("| <= 0.02 | <= 0.002 | aim |")
    assert "| moved | 0.001 |" in details(values)
    assert plain(values["reconstruction"]) == {"iou": 0.93, "iou_near": None}


def test_quick_is_smaller_in_everything() -> None:
    assert QUICK.strengths == FULL.strengths[:2]
    for name in ("shapes", "samples", "completed", "completions", "mixed", "real", "pool", "shown", "moved"):
        assert getattr(QUICK, name) < getattr(FULL, name)
    assert replace(QUICK, shapes=1).shapes == 1


def test_short_rows_of_a_sheet_are_filled_up(tmp_path: Path) -> None:
    picture = np.zeros((4, 6, 3), np.uint8)
    write_sheet([[picture] * 3, [picture], []], tmp_path / "a" / "sheet.png")
    with Image.open(tmp_path / "a" / "sheet.png") as image:
        assert image.size == (18, 8)
        assert np.asarray(image)[4:, 6:].min() == 255
    write_sheet([[]], tmp_path / "b.png")
    assert not (tmp_path / "b.png").exists()
