"""The scenes that come with the program."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from app.application import Workbench
from core.checkpoints.catalog import describe, shipped_checkpoints
from core.scene.storage import read_scene

SCENES = Path(__file__).resolve().parents[2] / "resources" / "scenes"


@pytest.mark.parametrize("category", ["chair", "table", "airplane"])
def test_a_sample_is_of_a_shipped_model_and_names_its_parts(category: str) -> None:
    models = {info.id: info for info in map(describe, shipped_checkpoints())}
    scene = read_scene(SCENES / f"{category}s.partsmith")
    assert len(scene) == 3
    for shape in scene:
        model = models[shape.checkpoint]
        assert model.category == category
        assert {part.label for part in shape.parts} <= set(model.labels)


@pytest.mark.gl
def test_saving_a_sample_asks_for_a_name(workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (asked.append("save"), ("", ""))[1])
    actions, document = workbench.window.menus.actions, workbench.document
    actions["file.sample_tables"].trigger()
    assert len(document.scene) == 3
    assert document.path is None
    assert not document.modified
    before = (SCENES / "tables.partsmith").read_bytes()
    actions["file.save"].trigger()
    assert asked == ["save"]
    assert (SCENES / "tables.partsmith").read_bytes() == before
