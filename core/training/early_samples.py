"""Shapes of a model that is still in training, in one picture: what a person judges it by."""

from __future__ import annotations

from pathlib import Path

from core.edits.engine import Engine
from core.edits.job import Job
from core.edits.requests import Generate
from core.edits.results import Candidates
from core.meshing.raycast import contact_sheet

COUNT, COLUMNS = 8, 4
STEPS = 12
RESOLUTION = 64


def draw(model: Path, device: str, out: Path) -> None:
    """Sample a model and write the picture; always the same seeds, so that pictures can be compared.

    Few steps and a coarse surface: this takes time from the training.
    """
    engine = Engine(model, "cuda" if device.startswith("cuda") else "cpu", resolution=RESOLUTION)
    found = engine.run(Generate(count=COUNT, seed=1, steps=STEPS, tries=1, preview=False), Job())
    if not isinstance(found, Candidates):
        raise TypeError(f"expected candidates, the engine returned {type(found).__name__}")
    contact_sheet([item.thumbnail for item in found.items], COLUMNS, out)
