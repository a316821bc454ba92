"""Quality against steps and guidance: every sampler really runs, and what is written can be read."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
import torch

from core.checkpoints.saving import save_component
from core.edits.job import EditError
from core.evaluation.categories import CATEGORIES
from core.evaluation.curve import SAMPLERS, measure_curve, write_curve
from core.evaluation.guidance_curve import measure_guidance, write_guidance
from core.evaluation.material import Counts
from core.models.text_matcher import TextMatcher
from tests.tiny import TINY_CHECKPOINT, make_tiny_checkpoint


def test_curve(tmp_path: Path) -> None:
    before = (TINY_CHECKPOINT / "scheduler_config.json").read_bytes()
    counts = Counts(samples=2, resolution=32)
    points = measure_curve(TINY_CHECKPOINT, CATEGORIES["chair"], "cpu", counts, 0, (2, 4))
    assert [(point.sampler, point.steps) for point in points] == [(s, n) for s in SAMPLERS for n in (2, 4)]
    assert len({point.mmd for point in points}) == len(points)
    assert all(point.mmd > 0 and point.seconds > 0 for point in points)
    assert (TINY_CHECKPOINT / "scheduler_config.json").read_bytes() == before
    write_curve(points, tmp_path)
    assert len((tmp_path / "curve.md").read_text().splitlines()) == 2 + len(points)
    plot = ElementTree.fromstring((tmp_path / "curve.svg").read_text())
    lines = plot.findall("{http://www.w3.org/2000/svg}polyline")
    assert [len(line.attrib["points"].split()) for line in lines] == [2] * len(SAMPLERS)


def test_guidance(tmp_path: Path) -> None:
    folder = make_tiny_checkpoint(tmp_path / "model")
    counts = Counts(samples=3, resolution=32)
    with pytest.raises(EditError, match="no text matcher"):
        measure_guidance(folder, CATEGORIES["chair"], "cpu", counts, 0)
    torch.manual_seed(0)
    save_component(TextMatcher(16, dim=16, out_dim=8, num_heads=2, num_known=4), folder / "text_matcher")
    points = measure_guidance(folder, CATEGORIES["chair"], "cpu", counts, 0, (0.0, 4.0))
    assert [point.weight for point in points] == [0.0, 4.0]
    assert points[0].mmd != points[1].mmd
    write_guidance(points, tmp_path)
    assert len((tmp_path / "guidance.md").read_text().splitlines()) == 4
    ElementTree.fromstring((tmp_path / "guidance.svg").read_text())
