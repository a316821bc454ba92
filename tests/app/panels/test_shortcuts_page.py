"""Changing keys in the preferences: recorded by pressing them, conflicts explained, in effect everywhere."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.application import Workbench
from app.panels.command_palette import CommandPalette
from app.panels.preferences_dialog import PreferencesDialog
from app.panels.shortcuts_page import ShortcutsPage

pytestmark = pytest.mark.gl
LEFT = Qt.MouseButton.LeftButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def dialog(workbench: Workbench, qtbot: QtBot) -> PreferencesDialog:
    workbench.window.dialogs.show_preferences("Shortcuts")
    (dialog,) = workbench.window.findChildren(PreferencesDialog)
    qtbot.waitUntil(dialog.isVisible, timeout=10_000)
    dialog.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog, timeout=10_000)
    return dialog


def press(widget: QWidget) -> None:
    QTest.mouseClick(widget, LEFT)


def choose(page: ShortcutsPage, command_id: str) -> None:
    """Click a command in the list."""
    item = page.items[command_id]
    page.tree.scrollToItem(item)
    QTest.mouseClick(page.tree.viewport(), LEFT, pos=page.tree.visualItemRect(item).center())
    assert page.command_id == command_id


def record(
    page: ShortcutsPage, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    press(page.recorder)
    assert page.recorder.recording
    QTest.keyClick(page.recorder, key, modifiers)
    assert not page.recorder.recording


def test_a_recorded_key_works_and_is_shown_everywhere(
    dialog: PreferencesDialog, workbench: Workbench, qtbot: QtBot
) -> None:
    page, window = dialog.shortcuts, workbench.window
    choose(page, "select.all")
    record(page, Qt.Key.Key_F9, CONTROL)
    press(page.chips["Ctrl+A"])
    assert page.items["select.all"].text(1) == "Ctrl+F9"
    action = window.menus.actions["select.all"]
    assert action.shortcut().toString() == "Ctrl+F9"
    assert "(Ctrl+F9)" in action.toolTip()
    window.dialogs.show_shortcuts()
    sheet = window.dialogs.shortcut_sheet
    assert sheet is not None
    line, _ = sheet.rows["select.all"]
    assert [label.text() for label in line.findChildren(QLabel)] == ["All", "Ctrl+F9"]
    choose(page, "edit.undo")
    record(page, Qt.Key.Key_F8)
    press(page.chips["Ctrl+Z"])
    assert "(F8)" in window.history.undo_button.toolTip()
    # The sheet that is open follows.
    sheet = window.dialogs.shortcut_sheet
    assert sheet is not None
    assert sheet.isVisible()
    line, _ = sheet.rows["edit.undo"]
    assert line.findChildren(QLabel)[1].text() == "F8"
    sheet.close()
    palette = CommandPalette(list(window.menus.actions.values()), window)
    palette.search.setText("select every visible")
    item = palette.list.topLevelItem(0)
    assert item is not None
    assert item.text(1).endswith("Ctrl+F9")
    palette.deleteLater()
    dialog.close()
    window.activateWindow()
    window.viewport.setFocus()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window, timeout=10_000)
    qtbot.keyClick(window.viewport.surface, Qt.Key.Key_A, CONTROL)
    assert not workbench.document.selection.parts
    qtbot.keyClick(window.viewport.surface, Qt.Key.Key_F9, CONTROL)
    assert len(workbench.document.selection.parts) == 6
    path = workbench.settings.path
    assert path is not None
    qtbot.waitUntil(path.exists, timeout=10_000)
    assert json.loads(path.read_text())["shortcuts"]["select.all"] == ["Ctrl+F9"]


def test_a_conflict_is_explained_and_can_be_taken_over(
    dialog: PreferencesDialog, workbench: Workbench
) -> None:
    page, keymap = dialog.shortcuts, workbench.window.keymap
    choose(page, "edit.swap")
    record(page, Qt.Key.Key_F)
    assert "F is the key of View > Frame" in page.message.text()
    assert page.take_button.isVisible()
    assert keymap.keys("view.frame") == ("F",)
    # Choosing another command forgets the question.
    choose(page, "edit.mirror")
    assert not page.message.isVisible()
    choose(page, "edit.swap")
    record(page, Qt.Key.Key_F)
    press(page.take_button)
    assert (keymap.keys("edit.swap"), keymap.keys("view.frame")) == (("F",), ())
    assert not page.message.isVisible()
    choose(page, "view.frame")
    press(page.reset_button)
    assert "F is now the key of Edit > Swap parts" in page.message.text()
    press(page.take_button)
    assert keymap.all_default
    press(page.undo_button)
    assert keymap.keys("edit.swap") == ("F",)
    press(page.reset_all_button)
    assert keymap.all_default
    assert not page.reset_all_button.isEnabled()


def test_recording_hears_every_key_and_escape_gives_up(
    dialog: PreferencesDialog, workbench: Workbench
) -> None:
    page, keymap = dialog.shortcuts, workbench.window.keymap
    choose(page, "edit.swap")
    record(page, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert keymap.keys("edit.swap") == ()
    for key, name in ((Qt.Key.Key_Return, "Return"), (Qt.Key.Key_Tab, "Tab"), (Qt.Key.Key_Space, "Space")):
        record(page, key)
        assert page.message.text().startswith(name)
        assert not page.take_button.isVisible()
    press(page.recorder)
    QTest.keyPress(page.recorder, Qt.Key.Key_Shift, SHIFT)
    assert page.recorder.recording
    QTest.keyClick(page.recorder, Qt.Key.Key_K, SHIFT)
    assert keymap.keys("edit.swap") == ("Shift+K",)
    record(page, Qt.Key.Key_K, SHIFT)
    assert "does that already" in page.message.text()
    # Without recording the keyboard does what it always does.
    press(page.recorder)
    dialog.search.setFocus()
    assert not page.recorder.recording


def test_searching_commands_and_keys(dialog: PreferencesDialog, workbench: Workbench) -> None:
    page = dialog.shortcuts
    assert page.isVisible()
    QTest.keyClicks(dialog.search, "mirror twin")
    shown = {known for known, item in page.items.items() if not item.isHidden()}
    assert shown
    assert all("mirror" in workbench.window.keymap.commands[known].tip.lower() for known in shown)
    dialog.search.clear()
    QTest.keyClicks(dialog.search, "ctrl+shift+p")
    assert [known for known, item in page.items.items() if not item.isHidden()] == ["help.palette"]
    assert page.command_id == "help.palette"
    QTest.keyClicks(dialog.search, "xyz")
    assert page.nothing_found.isVisible()
    assert "ctrl+shift+pxyz" in page.nothing_found.text()
    assert not page.tree.isVisible()
    assert not page.card.isVisible()
    dialog.show_page("Files")
    QTest.keyClicks(dialog.search, "wireframe")
    assert not page.isVisible()
    assert dialog.shortcut_hits.isVisible()
    press(dialog.shortcut_hits)
    assert page.isVisible()
    assert not page.items["view.display_wireframe"].isHidden()
    assert page.items["file.new"].isHidden()
