"""The outliner by mouse and keyboard: both directions of selection, rename, eye, padlock, menu."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.panels.outliner import Outliner
from app.panels.outliner_model import EYE, LOCK, NAME
from core.scene.selection import PartRef, Selection
from tests.app.panels.conftest import Desk

Show = Callable[..., QWidget]


def part_index(outliner: Outliner, part_id: int, column: int = NAME, shape_id: str = "s1") -> QModelIndex:
    index = outliner.model.index_of(PartRef(shape_id, part_id), column)
    assert index.isValid()
    return index


def click(outliner: Outliner, index: QModelIndex, modifiers: Qt.KeyboardModifier | None = None) -> None:
    spot = outliner.tree.visualRect(index).center()
    QTest.mouseClick(
        outliner.tree.viewport(),
        Qt.MouseButton.LeftButton,
        modifiers or Qt.KeyboardModifier.NoModifier,
        spot,
    )


def test_the_model_keeps_qts_rules(desk: Desk, qtbot: QtBot) -> None:
    outliner = Outliner(desk.document, desk.editor)
    qtbot.addWidget(outliner)
    tester = QAbstractItemModelTester(outliner.model, QAbstractItemModelTester.FailureReportingMode.Warning)
    desk.editor.rename_part("s1", 0, "cushion")
    desk.editor.duplicate_shape("s1")
    desk.select(1)
    desk.editor.delete_selection()
    desk.document.stack.undo()
    desk.document.new()
    assert outliner.model.rowCount() == 0
    tester.deleteLater()


def test_shows_shapes_and_parts(outliner: Outliner) -> None:
    model = outliner.model
    assert [model.index(row, NAME).data() for row in range(model.rowCount())] == ["Chair 1", "Chair 2"]
    parent = model.index(0, NAME)
    names = [model.index(row, NAME, parent).data() for row in range(model.rowCount(parent))]
    assert names == ["seat", "back", "leg right", "leg left", "arm right", "arm left"]
    edited = [model.index(row, NAME, parent).data(Qt.ItemDataRole.EditRole) for row in range(len(names))]
    assert edited == ["seat", "back", "leg", "leg", "arm", "arm"]
    assert outliner.count_label.text() == "2 shapes, 12 parts"


def test_clicking_rows_selects_parts(outliner: Outliner, desk: Desk) -> None:
    click(outliner, part_index(outliner, 1))
    assert desk.document.selection == Selection(frozenset({PartRef("s1", 1)}), "s1")
    click(outliner, part_index(outliner, 3), Qt.KeyboardModifier.ShiftModifier)
    assert desk.selected == {1, 2, 3}
    click(outliner, part_index(outliner, 2), Qt.KeyboardModifier.ControlModifier)
    assert desk.selected == {1, 3}
    click(outliner, part_index(outliner, 0, shape_id="s2"), Qt.KeyboardModifier.ControlModifier)
    assert desk.document.selection.active_shape == "s2"
    assert len(desk.document.selection.parts) == 3


def test_clicking_a_shape_makes_it_active(outliner: Outliner, desk: Desk) -> None:
    desk.select(1)
    click(outliner, outliner.model.index(1, NAME))
    assert desk.document.selection == Selection(frozenset(), "s2")
    assert outliner.model.index(1, NAME).data(Qt.ItemDataRole.FontRole).bold()
    assert not outliner.model.index(0, NAME).data(Qt.ItemDataRole.FontRole).bold()


def test_the_selection_of_the_document_shows_in_the_rows(outliner: Outliner, desk: Desk) -> None:
    desk.document.set_selection(
        Selection(frozenset({PartRef("s1", 4), PartRef("s1", 5), PartRef("s2", 0)}), "s1")
    )
    rows = outliner.tree.selected_rows()
    assert {outliner.model.ref_at(index) for index in rows} == set(desk.document.selection.parts)
    desk.document.set_selection(Selection(frozenset(), "s1"))
    assert not outliner.tree.selectionModel().hasSelection()


def test_selection_and_rows_agree_after_edits_and_undo(outliner: Outliner, desk: Desk) -> None:
    desk.editor.twins_enabled = False
    desk.select(2)
    desk.editor.delete_selection()
    click(outliner, part_index(outliner, 4))
    desk.document.stack.undo()
    rows = outliner.tree.selected_rows()
    assert {outliner.model.ref_at(index) for index in rows} == set(desk.document.selection.parts)


def test_renaming_by_keyboard_is_one_undo_step(outliner: Outliner, desk: Desk, qtbot: QtBot) -> None:
    click(outliner, part_index(outliner, 1))
    QTest.keyClick(outliner.tree, Qt.Key.Key_F2)
    edit = outliner.tree.viewport().findChild(QLineEdit)
    assert edit is not None
    edit.selectAll()
    QTest.keyClicks(edit, "high back")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert desk.document.scene.shape("s1").part(1).name == "high back"
    assert desk.document.stack.count() == 1
    assert part_index(outliner, 1).data() == "high back"
    desk.document.stack.undo()
    assert part_index(outliner, 1).data() == "back"


@pytest.mark.parametrize("typed", ["", "   ", "back"])
def test_renaming_to_nothing_or_the_same_changes_nothing(outliner: Outliner, desk: Desk, typed: str) -> None:
    assert not outliner.model.setData(part_index(outliner, 1), typed)
    assert desk.document.stack.count() == 0


def test_renaming_a_shape(outliner: Outliner, desk: Desk) -> None:
    assert outliner.model.setData(outliner.model.index(0, NAME), "Armchair")
    assert desk.document.scene.shape("s1").name == "Armchair"
    assert desk.document.stack.count() == 1


def test_the_eye_hides_without_changing_the_selection_of_others(outliner: Outliner, desk: Desk) -> None:
    desk.select(0)
    click(outliner, part_index(outliner, 1, EYE))
    assert not desk.document.scene.shape("s1").part(1).visible
    assert desk.selected == {0}
    assert desk.document.stack.count() == 1
    click(outliner, part_index(outliner, 1, EYE))
    assert desk.document.scene.shape("s1").part(1).visible


def test_the_eye_of_a_selected_part_hides_all_selected(outliner: Outliner, desk: Desk) -> None:
    desk.select(2, 3)
    click(outliner, part_index(outliner, 2, EYE))
    shape = desk.document.scene.shape("s1")
    assert [part.visible for part in shape.parts] == [True, True, False, False, True, True]
    assert desk.document.stack.count() == 1


def test_a_quick_second_click_on_the_eye_shows_again(outliner: Outliner, desk: Desk) -> None:
    spot = outliner.tree.visualRect(part_index(outliner, 1, EYE)).center()
    click(outliner, part_index(outliner, 1, EYE))
    QTest.mouseDClick(
        outliner.tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot
    )
    assert desk.document.scene.shape("s1").part(1).visible
    assert outliner.tree.viewport().findChild(QLineEdit) is None


def test_the_padlock_locks_a_part_and_a_whole_shape(outliner: Outliner, desk: Desk) -> None:
    click(outliner, part_index(outliner, 4, LOCK))
    assert desk.document.scene.shape("s1").part(4).locked
    click(outliner, outliner.model.index(0, LOCK))
    assert all(part.locked for part in desk.document.scene.shape("s1").parts)
    click(outliner, outliner.model.index(0, LOCK))
    assert not any(part.locked for part in desk.document.scene.shape("s1").parts)


def test_the_eye_of_a_shape(outliner: Outliner, desk: Desk) -> None:
    click(outliner, outliner.model.index(1, EYE))
    assert not desk.document.scene.shape("s2").visible


def test_the_filter_hides_other_rows(outliner: Outliner) -> None:
    QTest.keyClicks(outliner.filter_edit, "arm")
    parent = outliner.model.index(0, NAME)
    hidden = [outliner.tree.isRowHidden(row, parent) for row in range(6)]
    assert hidden == [True, True, True, True, False, False]
    outliner.filter_edit.clear()
    QTest.keyClicks(outliner.filter_edit, "left leg")
    hidden = [outliner.tree.isRowHidden(row, parent) for row in range(6)]
    assert hidden == [True, True, True, False, True, True]
    outliner.filter_edit.clear()
    assert not any(outliner.tree.isRowHidden(row, parent) for row in range(6))


def test_collapsed_shapes_stay_collapsed(outliner: Outliner, desk: Desk) -> None:
    outliner.tree.collapse(outliner.model.index(0, NAME))
    desk.editor.duplicate_shape("s2")
    assert not outliner.tree.isExpanded(outliner.model.index(0, NAME))
    assert outliner.tree.isExpanded(outliner.model.index(1, NAME))


def test_the_menu_of_a_part_selects_it_and_its_kind(outliner: Outliner, desk: Desk) -> None:
    menu = outliner.context_menu(part_index(outliner, 2))
    assert menu is not None
    assert desk.selected == {2}
    by_text = {action.text(): action for action in menu.actions()}
    by_text["Select all “leg” (2)"].trigger()
    assert desk.selected == {2, 3}
    by_text["Delete leg"].trigger()
    assert desk.document.scene.shape("s1").part_ids == (0, 1, 4, 5)
    menu.deleteLater()


def test_the_menu_of_a_part_submits_edits(outliner: Outliner, desk: Desk) -> None:
    menu = outliner.context_menu(part_index(outliner, 1))
    assert menu is not None
    {action.text(): action for action in menu.actions()}["Complete back"].trigger()
    (request,) = desk.requests
    assert request.parts == (1,)
    menu.deleteLater()


def test_the_menu_of_a_shape(outliner: Outliner, desk: Desk) -> None:
    menu = outliner.context_menu(outliner.model.index(1, NAME))
    assert menu is not None
    actions = {action.text(): action for action in menu.actions()}
    asked: list[object] = []
    outliner.frame_requested.connect(asked.append)
    actions["Look at it"].trigger()
    assert asked == [frozenset(PartRef("s2", part_id) for part_id in range(6))]
    actions["Delete shape"].trigger()
    assert [shape.id for shape in desk.document.scene] == ["s1"]
    menu.deleteLater()


def test_there_is_no_menu_on_empty_space(outliner: Outliner) -> None:
    assert outliner.context_menu(outliner.tree.indexAt(QPoint(5, 10_000))) is None


def test_the_twins_button_and_the_editor_agree(outliner: Outliner, desk: Desk) -> None:
    QTest.mouseClick(outliner.twins_button, Qt.MouseButton.LeftButton)
    assert not desk.editor.twins_enabled
    desk.editor.twins_enabled = True
    assert outliner.twins_button.isChecked()


def test_an_empty_scene_teaches(outliner: Outliner, desk: Desk) -> None:
    desk.document.new()
    texts = [child.text() for child in outliner._empty.findChildren(QWidget) if hasattr(child, "text")]
    assert outliner._empty.isVisible()
    assert any("Generate a chair to begin" in text for text in texts)
