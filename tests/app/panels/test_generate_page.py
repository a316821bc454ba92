"""Generate: with several models one chooses what to make."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.engines import EngineInfo
from app.panels.edit_pages import GeneratePage
from app.panels.edit_panel import EditPanel
from core.edits.model_info import ModelInfo
from core.edits.requests import Generate
from tests.app.panels.conftest import Desk


def test_with_several_models_one_chooses_what_to_generate(desk: Desk, shown: Callable[..., QWidget]) -> None:
    panel = EditPanel(desk.document, desk.editor)
    shown(panel, 360, 760)
    panel.show_page("generate")
    page = panel.pages["generate"]
    assert isinstance(page, GeneratePage)
    assert page.model.isHidden()
    models = (
        ModelInfo("chairs-1", "chair"),
        ModelInfo("tables-1", "table", metrics={"solidity": {"connected": 0.9}}),
    )
    desk.worker.engine_ready.emit(EngineInfo("chairs-1", "cpu", models))
    assert page.model.isVisible()
    assert [page.model.itemText(row) for row in range(2)] == ["Chair", "Table"]
    assert "90 %" in page.model.itemData(1, Qt.ItemDataRole.ToolTipRole)
    page.model.setCurrentIndex(1)
    QTest.mouseClick(panel.run_button, Qt.MouseButton.LeftButton)
    request = desk.requests[-1]
    assert isinstance(request, Generate)
    assert request.checkpoint == "tables-1"
    page.model.setCurrentIndex(0)
    page.restore(request)
    assert page.checkpoint == "tables-1"
