"""Shortcut sheet and export dialog."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMessageBox, QWidget

from app.commands import COMMANDS
from app.panels.export_dialog import FORMATS, RESOLUTIONS, ExportDialog
from app.panels.shortcut_sheet import ShortcutSheet
from app.worker import EditWorker
from core.edits.requests import Export
from core.scene.selection import PartRef
from tests.app.panels.conftest import Desk

Show = Callable[..., QWidget]


def test_the_sheet_lists_every_command_with_its_keys(shown: Show) -> None:
    sheet = ShortcutSheet(COMMANDS)
    shown(sheet, 1040, 660)
    for command in COMMANDS:
        line, _ = sheet.rows[command.id]
        shown_texts = [label.text() for label in line.findChildren(QLabel)]
        assert shown_texts[0] == command.title
        keys = [key for key in (command.shortcut, *command.other_shortcuts) if key]
        assert len(shown_texts) == 1 + len(keys)
        assert line.toolTip() == command.tip
        assert line.isVisible()


def test_searching_the_sheet(shown: Show) -> None:
    sheet = ShortcutSheet(COMMANDS)
    shown(sheet, 1040, 660)
    QTest.keyClicks(sheet.search, "another NAME")
    visible = {known for known, (line, _) in sheet.rows.items() if line.isVisible()}
    assert visible == {"file.save_as"}
    sheet.search.clear()
    assert all(line.isVisible() for line, _ in sheet.rows.values())


class Submitted:
    """Requests that reach the worker of a desk (it is not started, so nothing is written)."""

    def __init__(self, worker: EditWorker) -> None:
        self.requests: list[Export] = []
        self._worker = worker
        worker.job_queued.connect(self._on_job_queued)

    def _on_job_queued(self, job_id: int, _title: str) -> None:
        request = self._worker.request_of(job_id)
        if isinstance(request, Export):
            self.requests.append(request)


@pytest.fixture
def dialog(desk: Desk, shown: Show, tmp_path: Path) -> ExportDialog:
    dialog = ExportDialog(desk.document, desk.editor)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.path_edit.setText(str(tmp_path / "chairs.glb"))
    shown(dialog, 560, 380)
    return dialog


def click_export(dialog: ExportDialog) -> None:
    QTest.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)


def test_export_submits_what_was_chosen(dialog: ExportDialog, desk: Desk, tmp_path: Path) -> None:
    submitted = Submitted(desk.worker)
    dialog.resolution_combo.setCurrentIndex(dialog.resolution_combo.findData(256))
    dialog.shape_list.item(1).setCheckState(Qt.CheckState.Unchecked)
    click_export(dialog)
    (request,) = submitted.requests
    assert request.path == str(tmp_path / "chairs.glb")
    assert request.resolution == 256
    assert [shape.id for shape in request.shapes] == ["s1"]
    assert not dialog.isVisible()


def test_a_purpose_sets_units_axes_and_format(dialog: ExportDialog, desk: Desk) -> None:
    submitted = Submitted(desk.worker)
    assert not dialog.size_spin.isVisible()
    QTest.keyClick(dialog.purpose_combo, Qt.Key.Key_End)
    assert dialog.size_spin.isVisible()
    assert dialog.size_spin.text() == "100.00 mm"
    assert dialog.path.name == "chairs.3mf"
    dialog.size_spin.setValue(80.0)
    click_export(dialog)
    (request,) = submitted.requests
    assert (request.size, request.z_up, request.on_floor) == (80.0, True, True)


@pytest.mark.parametrize("suffix", [suffix for suffix, _, _ in FORMATS])
def test_the_suffix_follows_the_format(dialog: ExportDialog, suffix: str) -> None:
    dialog.format_combo.setCurrentIndex(dialog.format_combo.findData(suffix))
    assert dialog.path.name == f"chairs.{suffix}"


def test_a_name_without_suffix_gets_one(dialog: ExportDialog, tmp_path: Path) -> None:
    dialog.path_edit.setText(str(tmp_path / "chair v1.2"))
    assert dialog.path.name == "chair v1.2.glb"


def test_impossible_exports_are_off_with_a_reason(dialog: ExportDialog, tmp_path: Path) -> None:
    for row in range(2):
        dialog.shape_list.item(row).setCheckState(Qt.CheckState.Unchecked)
    assert dialog.reason.text() == "Tick at least one shape."
    assert not dialog.export_button.isEnabled()
    dialog.shape_list.item(0).setCheckState(Qt.CheckState.Checked)
    dialog.path_edit.setText(str(tmp_path / "nowhere" / "chair.glb"))
    assert "There is no folder" in dialog.reason.text()
    dialog.path_edit.setText("")
    assert dialog.reason.text() == "Name the file to write."


def test_hidden_parts_only_when_asked_for(desk: Desk, shown: Show, tmp_path: Path) -> None:
    submitted = Submitted(desk.worker)
    desk.editor.set_visible([PartRef("s1", 1)], False)
    for include, count in ((False, 5), (True, 6)):
        dialog = ExportDialog(desk.document, desk.editor)
        dialog.path_edit.setText(str(tmp_path / "chairs.glb"))
        dialog.shape_list.item(1).setCheckState(Qt.CheckState.Unchecked)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        shown(dialog, 560, 380)
        dialog.hidden_box.setChecked(include)
        click_export(dialog)
        assert len(submitted.requests[-1].shapes[0].parts) == count


def test_an_existing_file_is_only_replaced_after_asking(
    dialog: ExportDialog, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted = Submitted(desk.worker)
    (tmp_path / "chairs.glb").write_text("mine")
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answers.pop(0))
    click_export(dialog)
    assert submitted.requests == []
    assert dialog.isVisible()
    click_export(dialog)
    assert len(submitted.requests) == 1


def test_resolutions_are_the_ones_the_mesher_knows() -> None:
    assert [cells for cells, _, _ in RESOLUTIONS] == [64, 128, 256]
