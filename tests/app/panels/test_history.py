"""The list of undo steps: jumping, icons, provenance."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app import theme
from app.panels.history import ICON_WORDS, HistoryPanel, icon_of_step
from app.panels.provenance import ICONS
from core.scene.selection import PartRef
from tests.app.conftest import Bench

Show = Callable[..., QWidget]


@pytest.fixture
def panel(bench: Bench, shown: Show) -> HistoryPanel:
    panel = HistoryPanel(bench.document)
    shown(panel, 300, 400)
    return panel


def texts(panel: HistoryPanel) -> list[str]:
    return [str(panel.model.index(row, 0).data()) for row in range(panel.model.rowCount())]


def click_row(panel: HistoryPanel, row: int) -> None:
    spot = panel.list.visualRect(panel.model.index(row, 0)).center()
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)


def edit(bench: Bench) -> None:
    bench.editor.rename_part("s1", 0, "cushion")
    bench.editor.set_locked([PartRef("s1", 0)], True)
    bench.editor.vary(parts=[1], seed=5, count=1)
    candidates = bench.candidates[-1]
    bench.editor.accept(candidates.items[0], candidates.request)  # type: ignore[attr-defined]


def test_an_empty_history_teaches(panel: HistoryPanel) -> None:
    assert texts(panel) == ["New scene"]
    assert "can be undone" in panel.count.text()
    assert not panel.undo_button.isEnabled()


def test_every_step_is_a_row(panel: HistoryPanel, bench: Bench) -> None:
    edit(bench)
    assert texts(panel) == ["New scene", "Rename part to cushion", "Lock parts", "Vary back (seed 5)"]
    assert panel.list.currentIndex().row() == 3
    assert panel.count.text() == "3 of 3 steps"


def test_clicking_a_row_goes_there(panel: HistoryPanel, bench: Bench) -> None:
    scenes = [bench.document.scene]
    edit(bench)
    latest = bench.document.scene
    click_row(panel, 0)
    assert bench.document.scene is scenes[0]
    click_row(panel, 3)
    assert bench.document.scene is latest
    click_row(panel, 1)
    assert bench.document.scene.shape("s1").part(0).name == "cushion"
    assert not bench.document.scene.shape("s1").part(0).locked
    assert panel.count.text() == "1 of 3 steps"


def test_undo_and_redo_buttons(panel: HistoryPanel, bench: Bench) -> None:
    edit(bench)
    QTest.mouseClick(panel.undo_button, Qt.MouseButton.LeftButton)
    assert bench.document.stack.index() == 2
    QTest.mouseClick(panel.redo_button, Qt.MouseButton.LeftButton)
    assert bench.document.stack.index() == 3
    assert not panel.redo_button.isEnabled()


def test_tooltips_carry_the_settings(panel: HistoryPanel, bench: Bench) -> None:
    edit(bench)
    tip = str(panel.model.index(3, 0).data(Qt.ItemDataRole.ToolTipRole))
    assert "seed 5" in tip
    assert "strength 0.25 (vary)" in tip
    assert "Edited by hand" in str(panel.model.index(1, 0).data(Qt.ItemDataRole.ToolTipRole))


def test_undone_steps_are_greyed(panel: HistoryPanel, bench: Bench) -> None:
    edit(bench)
    bench.document.stack.setIndex(1)
    brushes = [panel.model.index(row, 0).data(Qt.ItemDataRole.ForegroundRole) for row in range(4)]
    assert [brush is not None for brush in brushes] == [False, False, True, True]


def test_every_icon_of_the_list_exists() -> None:
    used = {icon for _, icon in ICON_WORDS} | set(ICONS.values()) | {"origin", "chair"}
    assert used <= set(theme.icon_names())


@pytest.mark.parametrize(
    ("text", "icon"),
    [
        ("Unlock parts", "lock-open"),
        ("Lock parts", "lock"),
        ("Move back", "move"),
        ("Delete 2 legs", "delete"),
    ],
)
def test_words_choose_the_icon(text: str, icon: str) -> None:
    assert icon_of_step(text, None) == icon
