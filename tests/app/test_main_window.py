"""The window: files, unsaved changes, title, drops, messages, layout that comes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from app import theme
from app.application import Workbench
from app.panels.import_dialog import ImportDialog
from app.settings import Settings
from app.viewport.look import LIGHT
from core.edits.requests import Encode, Generate
from core.edits.results import Candidates
from core.scene.scene import Scene
from core.scene.selection import PartRef, Selection
from core.scene.storage import read_thumbnail
from tests.app.numpy_engine import NumpyEngine

pytestmark = pytest.mark.gl
Button = QMessageBox.StandardButton


def answer(monkeypatch: pytest.MonkeyPatch, button: QMessageBox.StandardButton) -> list[str]:
    """Answer every question with one button; the texts that were asked."""
    asked: list[str] = []

    def exec_(box: QMessageBox) -> QMessageBox.StandardButton:
        asked.append(box.text())
        return button

    monkeypatch.setattr(QMessageBox, "exec", exec_)
    return asked


def edit(workbench: Workbench) -> None:
    workbench.editor.rename_shape("s1", "Throne")


def drop(workbench: Workbench, *paths: Path) -> bool:
    """Drag files over the window and let go; whether the window wanted them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    place, action = QPointF(300, 300), Qt.DropAction.CopyAction
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place.toPoint(), action, data, left, none)
    enter.setAccepted(False)
    workbench.window.dragEnterEvent(enter)
    if enter.isAccepted():
        workbench.window.dropEvent(QDropEvent(place, action, data, left, none))
    return enter.isAccepted()


def test_title_shows_file_and_changes(workbench: Workbench, tmp_path: Path) -> None:
    window = workbench.window
    assert window.windowTitle().startswith("Untitled[*]")
    assert not window.isWindowModified()
    edit(workbench)
    assert window.isWindowModified()
    assert window.files.save_to(tmp_path / "chair.partsmith")
    assert window.windowTitle().startswith("chair[*]")
    assert not window.isWindowModified()
    workbench.document.stack.undo()
    assert window.isWindowModified()


def test_a_saved_scene_has_a_picture_and_becomes_recent(workbench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "chair.partsmith"
    assert workbench.window.files.save_to(path)
    picture = read_thumbnail(path)
    assert picture is not None
    assert picture.startswith(b"\x89PNG")
    assert workbench.settings.recent_files == [str(path)]
    menus = workbench.window.menus
    menus.recent.aboutToShow.emit()
    assert [action.text() for action in menus.recent.actions()] == ["chair.partsmith"]
    edit(workbench)
    workbench.document.stack.setClean()
    menus.recent.actions()[0].trigger()
    assert workbench.document.scene.shape("s1").name == "Chair 1"


def test_names_without_the_suffix_get_it_and_existing_files_are_asked_about(
    workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "my.chair"), ""))
    assert workbench.window.files.save_scene_as()
    assert (tmp_path / "my.chair.partsmith").exists()
    monkeypatch.setattr(QMessageBox, "question", lambda *_: Button.No)
    assert not workbench.window.files.save_scene_as()


@pytest.mark.parametrize(("button", "goes_on"), [(Button.Discard, True), (Button.Cancel, False)])
def test_unsaved_changes_are_asked_about(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch, button: Button, goes_on: bool
) -> None:
    asked = answer(monkeypatch, button)
    assert workbench.window.files.confirm_discard()
    assert asked == []
    edit(workbench)
    scene = workbench.document.scene
    assert workbench.window.files.new_scene() is goes_on
    assert asked == ["Save the changes of Untitled?"]
    assert (workbench.document.scene is scene) is not goes_on


def test_closing_asks_and_may_save(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    edit(workbench)
    answer(monkeypatch, Button.Cancel)
    assert not workbench.window.close()
    assert workbench.window.isVisible()
    answer(monkeypatch, Button.Save)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    assert not workbench.window.close()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "a.partsmith"), ""))
    assert workbench.window.close()
    assert (tmp_path / "a.partsmith").exists()


def test_a_file_that_is_no_scene_is_refused_without_blocking(workbench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "bad.partsmith"
    path.write_bytes(b"nothing")
    scene = workbench.document.scene
    workbench.settings.add_recent_file(path)
    assert not workbench.window.files.open_path(path)
    assert workbench.document.scene is scene
    assert workbench.settings.recent_files == []
    (box,) = workbench.window.findChildren(QMessageBox)
    assert "cannot be opened" in box.text()
    box.close()


def test_a_failed_save_leaves_the_document_modified(workbench: Workbench, tmp_path: Path) -> None:
    edit(workbench)
    assert not workbench.window.files.save_to(tmp_path / "missing" / "a.partsmith")
    assert workbench.document.modified
    assert workbench.document.path is None
    for box in workbench.window.findChildren(QMessageBox):
        box.close()


def test_dropped_files_are_opened_or_imported(
    workbench: Workbench, engine: NumpyEngine, tmp_path: Path
) -> None:
    scene_path, mesh_path = tmp_path / "a.partsmith", tmp_path / "stool.obj"
    mesh_path.write_text("v 0 0 0\n")
    workbench.window.files.save_to(scene_path)
    workbench.document._load(Scene(), None)
    assert not drop(workbench, tmp_path / "notes.txt")
    assert drop(workbench, mesh_path, scene_path)
    assert workbench.document.path == scene_path
    (dialog,) = workbench.window.findChildren(ImportDialog)
    dialog.import_button.click()
    assert [shape.name for shape in workbench.document.scene] == ["Chair 1", "stool 1"]
    assert [request.path for request in engine.requests if isinstance(request, Encode)] == [str(mesh_path)]


def test_messages_have_a_level_and_errors_stay(workbench: Workbench) -> None:
    message = workbench.window.message
    workbench.editor.post("All is well.")
    assert message.text() == "All is well."
    assert workbench.window.message.timer.isActive()
    workbench.window.show_error("Something broke.")
    assert message.property("role") == "danger"
    assert not workbench.window.message.timer.isActive()


def test_run_edit_uses_the_options_of_the_page(workbench: Workbench, engine: NumpyEngine) -> None:
    arrived: list[Candidates] = []
    workbench.editor.candidates_arrived.connect(arrived.append)
    workbench.window.edit_panel.sampling.count_spin.setValue(3)
    workbench.window.docks["gallery"].hide()
    workbench.window.run_edit("generate")
    request = next(request for request in engine.requests if isinstance(request, Generate))
    assert request.count == 3
    assert len(arrived[0].items) == 3
    assert workbench.window.docks["gallery"].isVisible()


def test_escape_clears_the_selection_only_when_no_tool_runs(workbench: Workbench) -> None:
    workbench.document.set_selection(Selection(frozenset({PartRef("s1", 1)}), "s1"))
    workbench.window.viewport.begin_tool("box")
    workbench.window.escape()
    assert workbench.document.selection.parts
    workbench.window.escape()
    assert not workbench.document.selection.parts


def test_right_click_offers_commands(workbench: Workbench) -> None:
    place = workbench.window.viewport.mapToGlobal(workbench.window.viewport.rect().center())
    workbench.window.viewport.context_menu_requested.emit(place)
    (menu,) = (menu for menu in workbench.window.findChildren(QMenu) if menu.isVisible())
    assert workbench.window.menus.actions["edit.delete"] in menu.actions()
    menu.close()


def test_theme_layout_and_parameters_come_back(qtbot: QtBot, engine: NumpyEngine, tmp_path: Path) -> None:
    first = Workbench(Settings.load(tmp_path), lambda: engine, inline=True)
    with qtbot.waitExposed(first.window):
        first.window.show()
    assert abs(first.window.docks["outliner"].width() - 260) < 20
    first.window.set_theme("light")
    first.window.docks["history"].hide()
    first.window.edit_panel.sampling.count_spin.setValue(7)
    first.editor.twins_enabled = False
    first.window.close()
    first.close()
    second = Workbench(Settings.load(tmp_path), lambda: engine, inline=True)
    with qtbot.waitExposed(second.window):
        second.window.show()
    assert second.settings.theme == "light"
    assert second.window.viewport.look is LIGHT
    assert second.window.docks["history"].isHidden()
    assert second.window.edit_panel.parameters()["count"] == 7
    assert not second.editor.twins_enabled
    second.window.set_theme("dark")
    assert theme.is_dark()
    second.window.close()
    second.close()
    for workbench in (first, second):
        workbench.window.deleteLater()
        workbench.deleteLater()


def test_another_device_loads_the_model_again_and_is_remembered(workbench: Workbench, qtbot: QtBot) -> None:
    devices: list[str] = []

    def make(device: str) -> NumpyEngine:
        devices.append(device)
        return NumpyEngine()

    workbench.window.make_engine = make
    actions = workbench.window.menus.actions
    assert actions["create.device_auto"].isChecked()
    with qtbot.waitSignal(workbench.worker.engine_ready):
        actions["create.device_cpu"].trigger()
    assert devices == ["cpu"]
    assert actions["create.device_cpu"].isChecked()
    assert not actions["create.device_auto"].isChecked()
    actions["create.device_cpu"].trigger()
    assert devices == ["cpu"]
    assert workbench.settings.save()
    assert workbench.settings.path is not None
    assert Settings.load(workbench.settings.path.parent).device == "cpu"
