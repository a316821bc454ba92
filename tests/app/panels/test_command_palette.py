"""Commands found by typing, and carried out with Enter or a click."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.application import Workbench
from app.commands import COMMANDS
from app.panels.command_palette import CommandPalette, ranked


def titles(text: str) -> list[str]:
    return [command.title for command in ranked(COMMANDS, text)]


def test_titles_come_before_menus_and_tips() -> None:
    assert len(titles("")) == len(COMMANDS)
    assert titles("sav")[:2] == ["Save", "Save as…"]
    assert titles("mesh export")[0] == "Export mesh…"
    assert "Twins" in titles("select twins")
    assert titles("no such thing") == []


@pytest.fixture
def palette(workbench: Workbench, qtbot: QtBot) -> CommandPalette:
    QTest.keyClick(
        workbench.window,
        Qt.Key.Key_P,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    qtbot.waitUntil(lambda: bool(workbench.window.findChildren(CommandPalette)))
    (palette,) = workbench.window.findChildren(CommandPalette)
    with qtbot.waitExposed(palette):
        palette.show()
    return palette


def chosen(palette: CommandPalette) -> str:
    item = palette.list.currentItem()
    assert item is not None
    return item.text(0)


@pytest.mark.gl
def test_enter_carries_out_the_first_that_fits(palette: CommandPalette, workbench: Workbench) -> None:
    before = len(workbench.document.scene)
    QTest.keyClicks(palette.search, "dupl")
    assert chosen(palette) == "Duplicate"
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert len(workbench.document.scene) == before + 1
    assert not palette.isVisible()


@pytest.mark.gl
def test_arrows_move_and_a_click_chooses(palette: CommandPalette, workbench: Workbench) -> None:
    QTest.keyClicks(palette.search, "select")
    first = chosen(palette)
    QTest.keyClick(palette.search, Qt.Key.Key_Down)
    second = chosen(palette)
    assert second != first
    QTest.keyClick(palette.search, Qt.Key.Key_PageUp)
    assert chosen(palette) == first
    palette.search.setText("all select every")
    assert chosen(palette) == "All"
    place = palette.list.visualItemRect(palette.list.topLevelItem(0)).center()
    QTest.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert len(workbench.document.selection.parts) == 6


@pytest.mark.gl
def test_what_cannot_be_done_stays(palette: CommandPalette, workbench: Workbench) -> None:
    QTest.keyClicks(palette.search, "redo")
    assert chosen(palette) == "Redo"
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert palette.isVisible()
    QTest.keyClick(palette.search, Qt.Key.Key_Escape)
    assert not palette.isVisible()
