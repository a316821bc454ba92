"""Importing published checkpoints in the window and taking a shape that comes along, on the real engine."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.application import Workbench
from app.engines import EngineInfo, shipped_engine
from app.panels import library_dialog
from app.panels.library_dialog import LibraryDialog
from app.panels.models_dialog import ModelsDialog
from app.panels.portrait import draw_portrait
from app.panels.provenance import model_facts, model_names
from app.settings import Settings
from core import places
from core.edits.model_info import ModelInfo
from core.edits.requests import Browse
from core.edits.results import Browsed
from core.scene.shape import Mesh, Shape
from tests.app.conftest import Bench
from tests.app.numpy_engine import make_shape
from tests.published import reference_folder
from tests.tiny import TINY_CHECKPOINT

WAIT = 60_000


@pytest.mark.gl
def test_shapes_of_a_model_are_drawn_by_their_surfaces_in_turn(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[tuple[str, bool]] = []

    def draw(shape: Shape, mesh: Mesh | None, *rest: object) -> np.ndarray:
        drawn.append((shape.id, mesh is not None))
        return draw_portrait(shape, mesh, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(library_dialog, "draw_portrait", draw)
    dialog = LibraryDialog(bench.editor)
    shapes = tuple(make_shape(number, f"s{number}") for number in (1, 2))
    dialog._request = Browse(count=2)
    dialog._on_job_finished(0, Browsed(dialog._request, 2, shapes))
    assert drawn == [("s1", False), ("s2", False), ("s1", True), ("s2", True)]
    assert not dialog._to_draw
    dialog.close()
    dialog.deleteLater()


@pytest.mark.gl
def test_import_browse_and_take(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(places.USER_VARIABLE, str(tmp_path / "mine"))
    published = reference_folder(tmp_path / "published", phases=("phase1", "phase2"))
    workbench = Workbench(Settings(), partial(shipped_engine, "cpu", TINY_CHECKPOINT))
    window, worker = workbench.window, workbench.worker
    window.viewport.animated = False
    said: list[str] = []
    workbench.editor.message_posted.connect(lambda text, level: said.append(text))
    try:
        with qtbot.waitExposed(window):
            window.show()
        with qtbot.waitSignal(worker.engine_ready, timeout=WAIT):
            worker.start()
        window.dialogs.show_models()
        (models,) = window.findChildren(ModelsDialog)
        known = models.list.count()
        assert not models.shapes_button.isEnabled()
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(published))
        with qtbot.waitSignal(worker.models_changed, timeout=WAIT):
            QTest.mouseClick(models.import_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: any("Imported salad-chair" in text for text in said))
        assert models.list.count() == known + 1
        models.list.setCurrentRow(known)
        assert "Comes with" in models.facts.toPlainText()
        QTest.mouseClick(models.shapes_button, Qt.MouseButton.LeftButton)
        (library,) = window.findChildren(LibraryDialog)
        qtbot.waitUntil(lambda: library.grid.count() == 3, timeout=WAIT)
        place = library.grid.visualItemRect(library.grid.item(1)).center()
        QTest.mouseClick(library.grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseClick(library.take_button, Qt.MouseButton.LeftButton)
        (shape,) = workbench.document.scene
        assert shape.name == "Chair 1"
        assert shape.checkpoint.startswith("salad-chair-")
        assert shape.intrinsics.shape == (16, 64)
        assert not library.on_button.isHidden()
        library.first.setValue(2)
        qtbot.waitUntil(lambda: library.grid.count() == 1, timeout=WAIT)
        workbench.document.stack.undo()
        assert len(workbench.document.scene) == 0
        library.reject()
        models.reject()
    finally:
        workbench.document.stack.setClean()
        window.close()
        workbench.close()
        window.deleteLater()
        workbench.deleteLater()


@pytest.mark.gl
def test_what_cannot_be_imported_is_said(
    qtbot: QtBot, workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[str, str]] = []
    workbench.editor.message_posted.connect(lambda text, level: said.append((text, level)))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    workbench.window.menus.actions["create.import_models"].trigger()
    assert said[-1] == ("This cannot be done.", "error")
    workbench.window.menus.actions["create.library"].trigger()
    (library,) = workbench.window.findChildren(LibraryDialog)
    assert "No model at hand has shapes" in library.note.text()
    assert not library.take_button.isEnabled()
    library.reject()


def test_models_of_one_category_are_told_apart() -> None:
    models = (
        ModelInfo("chairs-1", "chair"),
        ModelInfo("salad", "chair", shapes=5401),
        ModelInfo("t", "table"),
    )
    assert model_names(models) == {
        "chairs-1": "Chair (chairs-1)",
        "salad": "Chair (salad)",
        "t": "Table",
    }
    assert ("Comes with", "5401 shapes") in model_facts(models[1])
    info = EngineInfo("chairs-1", "cpu", models[:1]).with_models(models)
    assert info.models == models
    assert info.model("salad").shapes == 5401
