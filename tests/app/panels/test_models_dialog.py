"""The list of models: facts of each, and generating with one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.application import Workbench
from app.engines import EngineInfo
from app.panels.edit_pages import GeneratePage
from app.panels.models_dialog import ModelsDialog
from app.panels.provenance import model_facts
from core.checkpoints.catalog import default_checkpoint, describe
from core.edits.model_info import ModelInfo
from tests.app.panels.conftest import Desk

MODELS = (
    ModelInfo("chairs-1", "chair", ("seat", "back"), 16, licence="MIT", data="procedural chairs"),
    ModelInfo("tables-1", "table", metrics={"solidity": {"connected": 0.925}, "other": {"x": 1.0}}),
)


def test_every_fact_is_on_the_card() -> None:
    known = dict(model_facts(MODELS[1]))
    assert known["Generated shapes in one piece"] == "92 %"
    assert known["Licence of the weights"] == "not stated"
    assert "Trained on" not in known


def test_the_shipped_model_says_all_of_it() -> None:
    known = dict(model_facts(describe(default_checkpoint())))
    assert known["Identifier"] == describe(default_checkpoint()).id
    assert known["Licence of the weights"] == "MIT"
    assert "procedural chairs" in known["Trained on"]
    assert sum(value.endswith(" %") for value in known.values()) == 6


def test_a_model_is_chosen_with_the_mouse(desk: Desk, shown: Callable[..., QWidget], qtbot: QtBot) -> None:
    dialog = ModelsDialog(desk.worker)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    shown(dialog, 760, 380)
    assert not dialog.use_button.isEnabled()
    assert "loaded" in dialog.note.text()
    desk.worker.engine_ready.emit(EngineInfo("chairs-1", "cpu", MODELS))
    assert [dialog.list.item(row).text() for row in range(2)] == ["Chair", "Table"]
    assert "chairs-1" in dialog.facts.toPlainText()
    place = dialog.list.visualItemRect(dialog.list.item(1)).center()
    QTest.mouseClick(dialog.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert "tables-1" in dialog.facts.toPlainText()
    with qtbot.waitSignal(dialog.chosen) as chosen:
        QTest.mouseClick(dialog.use_button, Qt.MouseButton.LeftButton)
    assert chosen.args == ["tables-1"]
    assert not dialog.isVisible()


@pytest.mark.parametrize("theirs", ["chairs-1", "tables-1"])
def test_generating_with_the_chosen_model(workbench: Workbench, theirs: str) -> None:
    window = workbench.window
    workbench.worker.engine_ready.emit(EngineInfo("chairs-1", "cpu", MODELS))
    window.menus.actions["create.models"].trigger()
    (dialog,) = window.findChildren(ModelsDialog)
    assert dialog.isVisible()
    dialog.chosen.emit(theirs)
    page = window.edit_panel.page
    assert isinstance(page, GeneratePage)
    assert page.checkpoint == theirs
    dialog.reject()
