"""Quality against steps: every sampler really runs, and what is written can be read."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

from core.evaluation.categories import CATEGORIES
from core.evaluation.curve import SAMPLERS, measure_curve, write_curve
from core.evaluation.material import Counts
from tests.tiny import TINY_CHECKPOINT


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
