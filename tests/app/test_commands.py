"""The command table: complete, unambiguous, and every command can be carried out in a real window."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QKeySequence
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from app.application import Workbench
from app.commands import COMMANDS, MENUS, Command
from core.scene.scene import Scene
from core.scene.selection import PartRef, Selection
from tests.app.numpy_engine import make_shape, with_original

WANTED = {
    "file.new": "Ctrl+N",
    "file.open": "Ctrl+O",
    "file.save": "Ctrl+S",
    "file.save_as": "Ctrl+Shift+S",
    "file.export": "Ctrl+E",
    "edit.undo": "Ctrl+Z",
    "edit.redo": "Ctrl+Shift+Z",
    "edit.move": "G",
    "edit.rotate": "R",
    "edit.scale": "S",
    "edit.delete": "X",
    "edit.duplicate": "Ctrl+D",
    "edit.mirror": "M",
    "select.all": "Ctrl+A",
    "select.escape": "Esc",
    "select.invert": "Ctrl+I",
    "select.twins": "T",
    "select.same_label": "Shift+L",
    "select.box": "B",
    "view.hide": "H",
    "view.show_all": "Alt+H",
    "view.isolate": "Shift+H",
    "view.lock": "L",
    "view.frame": "F",
    "view.front": "1",
    "view.right": "3",
    "view.top": "7",
    "view.back": "Ctrl+1",
    "view.left": "Ctrl+3",
    "view.bottom": "Ctrl+7",
    "view.projection": "5",
    "view.home": "Home",
    "view.display": "Tab",
    "create.generate": "Ctrl+G",
    "create.complete": "Ctrl+R",
    "create.vary": "V",
    "create.mix": "Ctrl+M",
    "create.text": "Ctrl+T",
    "help.shortcuts": "?",
}


def test_ids_and_keys_are_unique_and_menus_known() -> None:
    assert max(Counter(command.id for command in COMMANDS).values()) == 1
    keys = [key for command in COMMANDS for key in (command.shortcut, *command.other_shortcuts) if key]
    assert max(Counter(QKeySequence(key).toString() for key in keys).values()) == 1
    assert all(not QKeySequence(key).isEmpty() for key in keys)
    assert {command.menu for command in COMMANDS} == set(MENUS)
    assert all(command.id.split(".")[0].isalpha() and command.tip.endswith(".") for command in COMMANDS)


def test_groups_of_a_menu_stand_together() -> None:
    for menu in MENUS:
        groups = [command.group for command in COMMANDS if command.menu == menu]
        assert groups == sorted(groups)


def test_the_promised_keys() -> None:
    assert {command.id: command.shortcut for command in COMMANDS if command.id in WANTED} == WANTED


@pytest.mark.gl
def test_every_command_is_in_the_window_and_enabled_as_the_table_says(workbench: Workbench) -> None:
    actions = workbench.window.menus.actions
    assert list(actions) == [command.id for command in COMMANDS]
    for parts in ((), (1,), (0, 1, 2)):
        refs = frozenset(PartRef("s1", part_id) for part_id in parts)
        workbench.document.set_selection(Selection(refs, "s1"))
        for command in COMMANDS:
            assert actions[command.id].isEnabled() == command.when(workbench.editor), command.id
    workbench.document.new()
    for name in ("edit.delete", "edit.undo", "create.complete", "file.export", "select.all"):
        assert not actions[name].isEnabled()
    for name in ("file.new", "create.generate", "help.shortcuts"):
        assert actions[name].isEnabled()


CHANGES_SCENE = {
    "file.new", "edit.undo", "edit.redo", "edit.cut", "edit.paste", "edit.paste_new", "edit.delete",
    "edit.duplicate", "edit.mirror", "edit.swap", "view.hide", "view.isolate", "view.lock", "create.fit",
    "edit.move_up", "edit.move_down", "edit.group", "edit.ungroup",
    "file.sample_chairs", "file.sample_tables", "file.sample_airplanes",
}  # fmt: skip
ASKS = {
    "file.save_picture",
    "file.open",
    "file.save",
    "file.save_as",
    "file.import_mesh",
    "create.import_models",
    "create.training_log",
    "help.log",
}


@pytest.mark.gl
def test_every_command_can_be_carried_out(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (asked.append("open"), ("", ""))[1])
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (asked.append("save"), ("", ""))[1])
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: (asked.append("folder"), "")[1])
    monkeypatch.setattr(QMessageBox, "exec", lambda _: QMessageBox.StandardButton.Discard)
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: asked.append(url.toString()))
    errors: list[str] = []
    workbench.editor.message_posted.connect(
        lambda text, level: errors.append(text) if level == "error" else 0
    )
    for command in COMMANDS:
        if command.id != "file.quit":
            asked.clear()
            walk(workbench, command, qtbot)
            assert errors == [], command.id
            assert len(asked) == (command.id in ASKS), command.id


def walk(workbench: Workbench, command: Command, qtbot: QtBot) -> None:
    """Carry out one command on two chairs with a leg selected; check that it changes what it should."""
    window, document, editor = workbench.window, workbench.document, workbench.editor
    document._load(Scene((with_original(make_shape(), "chair.obj"),)), None)
    editor.duplicate_shape("s1")
    editor.rename_shape("s1", "Throne")
    if command.id == "edit.redo":
        document.stack.undo()
    if command.id in ("create.more_like", "create.replay", "view.side_by_side"):
        editor.vary(parts=[1])
        editor.look_at(window.gallery.groups[0].tiles[0].candidate, window.gallery.groups[0].request)
    if command.id in ("edit.ungroup", "select.group"):
        editor.reorder_parts("s1", [2, 4], 3, [2, 4], "Left")
    refs = {PartRef("s1", 2)} | ({PartRef("s2", 2)} if command.id == "edit.swap" else set())
    document.set_selection(Selection(frozenset(refs), "s1"))
    scene, selection = document.scene, document.selection
    action = window.menus.actions[command.id]
    if command.id in ("create.cancel", "create.cancel_waiting"):
        assert not action.isEnabled()
        return
    assert action.isEnabled(), command.id
    action.trigger()
    QApplication.processEvents()
    assert (document.scene is not scene) == (command.id in CHANGES_SCENE), command.id
    if document.scene is scene:
        selects = command.menu == "Select" and command.id not in (
            "select.box",
            "select.lasso",
            "select.paint",
        )
        assert (document.selection != selection) == selects, command.id
    window.viewport.cancel_tool()
    window.blending.cancel()
    window.replaying.close()
    for dialog in window.findChildren(QDialog):
        dialog.close()
    qtbot.waitUntil(lambda: not any(dialog.isVisible() for dialog in window.findChildren(QDialog)))


@pytest.mark.gl
def test_quit_closes_the_window(workbench: Workbench) -> None:
    workbench.window.menus.actions["file.quit"].trigger()
    assert not workbench.window.isVisible()


@pytest.mark.gl
def test_keys_reach_their_commands(workbench: Workbench, qtbot: QtBot) -> None:
    surface, document = workbench.window.viewport.surface, workbench.document
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(surface, Qt.Key.Key_A, control)
    assert len(document.selection.parts) == 6
    qtbot.keyClick(surface, Qt.Key.Key_Escape)
    assert not document.selection.parts
    document.set_selection(Selection(frozenset({PartRef("s1", 2)}), "s1"))
    qtbot.keyClick(surface, Qt.Key.Key_T)
    assert document.selection.of_shape("s1") == (2, 3)
    qtbot.keyClick(surface, Qt.Key.Key_I, control)
    assert document.selection.of_shape("s1") == (0, 1, 4, 5)
    document.set_selection(Selection(frozenset({PartRef("s1", 1)}), "s1"))
    qtbot.keyClick(surface, Qt.Key.Key_X)
    assert document.scene.shape("s1").part_ids == (0, 2, 3, 4, 5)
    qtbot.keyClick(surface, Qt.Key.Key_Z, control)
    qtbot.keyClick(surface, Qt.Key.Key_Z, control | shift)
    qtbot.keyClick(surface, Qt.Key.Key_Y, control)
    assert document.scene.shape("s1").part_ids == (0, 2, 3, 4, 5)
    qtbot.keyClick(surface, Qt.Key.Key_5)
    assert workbench.window.viewport.projection == "orthographic"
    qtbot.keyClick(surface, Qt.Key.Key_Tab)
    assert workbench.window.viewport.display == "ellipsoids"


@pytest.mark.gl
def test_plain_keys_do_not_reach_commands_while_one_types(workbench: Workbench, qtbot: QtBot) -> None:
    window, document = workbench.window, workbench.document
    document.set_selection(Selection(frozenset({PartRef("s1", 1)}), "s1"))
    window.show_edit("text")
    field = QApplication.focusWidget()
    assert field is not None
    assert field is not window.viewport.surface
    scene = document.scene
    qtbot.keyClicks(field, "xhlgrs157")
    assert document.scene is scene
    assert document.selection.of_shape("s1") == (1,)


@pytest.mark.gl
def test_keys_of_a_running_tool_are_not_commands(workbench: Workbench, qtbot: QtBot) -> None:
    viewport, document = workbench.window.viewport, workbench.document
    document.set_selection(Selection(frozenset({PartRef("s1", 1)}), "s1"))
    scene = document.scene
    qtbot.keyClick(viewport.surface, Qt.Key.Key_B)
    qtbot.keyClick(viewport.surface, Qt.Key.Key_X)
    assert document.scene is scene
    qtbot.keyClick(viewport.surface, Qt.Key.Key_Escape)
    assert document.selection.of_shape("s1") == (1,)
    qtbot.keyClick(viewport.surface, Qt.Key.Key_Escape)
    assert document.selection.of_shape("s1") == ()
