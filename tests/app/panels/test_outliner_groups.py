"""Groups in the outliner and the viewport, by mouse and keys."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.application import Workbench
from app.panels.outliner import Outliner
from app.panels.outliner_model import EYE, LOCK, NAME
from core.scene.groups import group_names, members, rows
from core.scene.selection import PartRef, Selection
from core.scene.shape import Shape
from tests.app.conftest import Messages
from tests.app.panels.conftest import Desk
from tests.app.panels.test_outliner import click, part_index
from tests.app.panels.test_outliner_order import drag_row

Show = Callable[..., QWidget]


@pytest.fixture
def outliner(desk: Desk, outliner: Outliner) -> Outliner:
    """The legs, 2 and 3, are a group."""
    desk.select(2, 3)
    assert desk.editor.group_selection()
    return outliner


def chair(desk: Desk) -> Shape:
    return desk.document.scene.shape("s1")


def group(outliner: Outliner, column: int = NAME, name: str = "legs") -> QModelIndex:
    index = outliner.model.index_of_group("s1", name, column)
    assert index.isValid()
    return index


def marked(outliner: Outliner) -> list[str]:
    rows = outliner.tree.selected_rows()
    return sorted(str(index.data()) for index in rows)


def test_a_group_stands_between_shape_and_parts(outliner: Outliner, desk: Desk, qtbot: QtBot) -> None:
    model, top = outliner.model, outliner.model.index_of_shape("s1")
    names = [model.index(row, NAME, top).data() for row in range(model.rowCount(top))]
    assert names == ["seat", "back", "legs", "arm right", "arm left"]
    inside = [
        model.index(row, NAME, group(outliner)).data() for row in range(model.rowCount(group(outliner)))
    ]
    assert inside == ["leg right", "leg left"]
    assert outliner.tree.isExpanded(group(outliner))
    assert desk.document.stack.undoText() == "Group 2 legs"
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    desk.editor.rename_group("s1", "legs", "feet")
    desk.document.stack.undo()
    desk.editor.ungroup_selection()
    assert not model.index_of_group("s1", "legs").isValid()
    desk.document.stack.undo()
    desk.document.new()
    tester.deleteLater()


def test_pressing_a_group_selects_its_parts(outliner: Outliner, desk: Desk) -> None:
    click(outliner, part_index(outliner, 0))
    assert marked(outliner) == ["seat"]
    click(outliner, group(outliner))
    assert desk.selected == {2, 3}
    assert marked(outliner) == ["leg left", "leg right", "legs"]
    click(outliner, part_index(outliner, 2))
    assert desk.selected == {2}
    assert marked(outliner) == ["leg right"]
    control = Qt.KeyboardModifier.ControlModifier
    click(outliner, part_index(outliner, 3), control)
    assert marked(outliner) == ["leg left", "leg right", "legs"]
    click(outliner, part_index(outliner, 1), control)
    click(outliner, group(outliner), control)
    assert desk.selected == {1}
    assert marked(outliner) == ["back"]
    click(outliner, group(outliner), control)
    assert desk.selected == {1, 2, 3}
    click(outliner, part_index(outliner, 3), control)
    assert desk.selected == {1, 2}
    assert marked(outliner) == ["back", "leg right"]
    desk.select(2, 3)
    assert marked(outliner) == ["leg left", "leg right", "legs"]


def test_a_group_of_one_part_and_its_part_can_be_told_apart(outliner: Outliner, desk: Desk) -> None:
    desk.select(1)
    desk.editor.group_selection()
    click(outliner, part_index(outliner, 0))
    click(outliner, group(outliner, name="backs"))
    assert desk.selected == {1}
    click(outliner, part_index(outliner, 1))
    assert desk.selected == {1}
    click(outliner, group(outliner, name="backs"), Qt.KeyboardModifier.ControlModifier)
    assert desk.selected == set()


def test_eye_and_padlock_of_a_group_are_for_all_of_it(outliner: Outliner, desk: Desk) -> None:
    desk.select(0)
    click(outliner, group(outliner, EYE))
    assert [part.id for part in chair(desk).parts if not part.visible] == [2, 3]
    assert desk.document.stack.undoText() == "Hide parts"
    click(outliner, part_index(outliner, 2, EYE))
    click(outliner, group(outliner, EYE))  # something of it is shown, so all of it hides
    assert [part.id for part in chair(desk).parts if not part.visible] == [2, 3]
    click(outliner, group(outliner, EYE))
    assert all(part.visible for part in chair(desk).parts)
    click(outliner, group(outliner, LOCK))
    assert [part.id for part in chair(desk).parts if part.locked] == [2, 3]
    click(outliner, part_index(outliner, 3, LOCK))
    assert group(outliner, LOCK).data(Qt.ItemDataRole.AccessibleTextRole) == "unlocked"
    assert desk.selected == {0}


def type_name(outliner: Outliner, text: str) -> None:
    QTest.keyClick(outliner.tree, Qt.Key.Key_F2)
    edits = outliner.tree.viewport().findChildren(QLineEdit)
    (edit,) = (found for found in edits if found.isVisible())
    edit.selectAll()
    QTest.keyClicks(edit, text)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    QApplication.processEvents()


def test_a_group_is_renamed_in_place(outliner: Outliner, desk: Desk) -> None:
    messages = Messages(desk.editor)
    click(outliner, group(outliner))
    type_name(outliner, "feet")
    assert members(chair(desk), "feet") == (2, 3)
    assert desk.selected == {2, 3}
    desk.select(0, 1)
    desk.editor.group_selection()
    click(outliner, group(outliner, name="Group"))
    type_name(outliner, "feet")
    assert group_names(chair(desk)) == ("Group", "feet")
    assert messages.last == ("Chair 1 has a group feet already. Choose another name.", "warning")


def test_parts_are_dragged_into_a_group_and_out_of_it(outliner: Outliner, desk: Desk) -> None:
    count = desk.document.stack.count()
    drag_row(outliner, part_index(outliner, 0), group(outliner))
    assert members(chair(desk), "legs") == (2, 3, 0)
    assert chair(desk).part_ids == (1, 2, 3, 0, 4, 5)
    assert desk.document.stack.count() == count + 1
    drag_row(outliner, part_index(outliner, 5), part_index(outliner, 3), 0.2)
    assert members(chair(desk), "legs") == (2, 5, 3, 0)
    drag_row(outliner, part_index(outliner, 2), part_index(outliner, 1), 0.2)
    assert members(chair(desk), "legs") == (5, 3, 0)
    assert chair(desk).part_ids == (2, 1, 5, 3, 0, 4)
    for part_id in (5, 3, 0):
        drag_row(outliner, part_index(outliner, part_id), outliner.model.index_of_shape("s1"))
    assert group_names(chair(desk)) == ()  # an empty group is none
    for _ in range(6):
        desk.document.stack.undo()
    assert members(chair(desk), "legs") == (2, 3)
    assert chair(desk).part_ids == (0, 1, 2, 3, 4, 5)


def test_a_group_is_dragged_as_a_whole(outliner: Outliner, desk: Desk) -> None:
    drag_row(outliner, group(outliner), part_index(outliner, 0), 0.1)
    assert [row.part_ids for row in rows(chair(desk))] == [(2, 3), (0,), (1,), (4,), (5,)]
    assert group_names(chair(desk)) == ("legs",)
    desk.select(4, 5)
    desk.editor.group_selection()
    drag_row(outliner, group(outliner), group(outliner, name="arms"))
    assert members(chair(desk), "arms") == (4, 5, 2, 3)
    assert group_names(chair(desk)) == ("arms",)


def test_steps_stay_within_the_group_or_move_all_of_it(outliner: Outliner, desk: Desk) -> None:
    messages = Messages(desk.editor)
    desk.select(3)
    assert outliner.step_selection(-1)
    assert members(chair(desk), "legs") == (3, 2)
    assert not outliner.step_selection(-1)
    assert outliner.step_selection(1)
    assert chair(desk).part_ids == (0, 1, 2, 3, 4, 5)
    desk.select(2, 3)
    assert outliner.step_selection(-1)
    assert chair(desk).part_ids == (0, 2, 3, 1, 4, 5)
    desk.select(1)
    assert outliner.step_selection(-1)
    assert chair(desk).part_ids == (0, 1, 2, 3, 4, 5)
    desk.select(0, 2)
    assert not outliner.step_selection(1)
    assert "whole groups" in messages.last[0]


def test_collapsed_groups_stay_collapsed_and_the_filter_finds_groups(outliner: Outliner, desk: Desk) -> None:
    outliner.tree.collapse(group(outliner))
    desk.editor.duplicate_shape("s2")
    assert not outliner.tree.isExpanded(group(outliner))
    outliner.filter_edit.setText("legs")
    top = outliner.model.index_of_shape("s1")
    assert [outliner.tree.isRowHidden(row, top) for row in range(5)] == [True, True, False, True, True]


def test_the_menus_group_and_ungroup(outliner: Outliner, desk: Desk) -> None:
    desk.select(0)
    menu = outliner.context_menu(group(outliner))
    assert menu is not None
    assert desk.selected == {2, 3}
    actions = {action.text(): action for action in menu.actions()}
    actions["Ungroup “legs”"].trigger()
    assert group_names(chair(desk)) == ()
    menu.deleteLater()
    menu = outliner.context_menu(part_index(outliner, 2))
    assert menu is not None
    actions = {action.text(): action for action in menu.actions()}
    assert not actions["Ungroup 2 parts"].isEnabled()
    actions["Group 2 parts"].trigger()
    assert members(chair(desk), "legs") == (2, 3)
    menu.deleteLater()


def test_parts_of_two_shapes_are_no_group(desk: Desk) -> None:
    messages = Messages(desk.editor)
    refs = frozenset({PartRef("s1", 2), PartRef("s2", 2)})
    desk.document.set_selection(Selection(refs, "s1"))
    assert not desk.editor.group_selection()
    assert messages.last == ("Select parts of one shape first.", "warning")
    desk.select(0)
    assert not desk.editor.ungroup_selection()
    assert "Select parts of a group" in messages.last[0]


def place_of(workbench: Workbench, part_id: int) -> QPoint:
    """Where a part is seen."""
    viewport, shape = workbench.window.viewport, workbench.document.scene.shapes[0]
    width, height = viewport.view_size
    for x in np.arange(4.0, width, 8.0):
        for y in np.arange(4.0, height, 8.0):
            places = [(x, y), (x + 3, y), (x, y + 3), (x - 3, y), (x, y - 3)]
            if all(viewport.part_at(*place) == PartRef(shape.id, part_id) for place in places):
                return QPoint(round(x), round(y))
    raise AssertionError(f"part {part_id} is nowhere to be seen")


def double_click(surface: QWidget, keys: Qt.KeyboardModifier, place: QPoint) -> None:
    """All four events of one; Qt's own helper leaves some of them out."""
    left = Qt.MouseButton.LeftButton
    QTest.mouseClick(surface, left, keys, place)
    QTest.mouseDClick(surface, left, keys, place)
    QTest.mouseRelease(surface, left, keys, place)


@pytest.mark.gl
def test_a_double_click_in_the_view_selects_the_group(workbench: Workbench) -> None:
    window, document = workbench.window, workbench.document
    surface = window.viewport.surface
    control, shift, alt = (
        Qt.KeyboardModifier.ControlModifier,
        Qt.KeyboardModifier.ShiftModifier,
        Qt.KeyboardModifier.AltModifier,
    )
    document.set_selection(Selection(frozenset({PartRef("s1", 0), PartRef("s1", 1)}), "s1"))
    QTest.keyClick(surface, Qt.Key.Key_G, control | shift)
    assert group_names(document.scene.shape("s1")) == ("Group",)
    document.set_selection(Selection(frozenset(), "s1"))
    place = place_of(workbench, 1)
    left, no_key = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(surface, left, no_key, place)
    assert document.selection.of_shape("s1") == (1,)
    double_click(surface, no_key, place)
    assert document.selection.of_shape("s1") == (0, 1)
    count = document.stack.count()
    other = place_of(workbench, 3)
    double_click(surface, no_key, other)  # a part without a group
    assert document.selection.of_shape("s1") == (3,)
    double_click(surface, shift, place)
    assert document.selection.of_shape("s1") == (0, 1, 3)
    assert document.stack.count() == count
    document.set_selection(Selection(frozenset({PartRef("s1", 0)}), "s1"))
    QTest.keyClick(surface, Qt.Key.Key_G, shift)
    assert document.selection.of_shape("s1") == (0, 1)
    QTest.keyClick(surface, Qt.Key.Key_G, control | alt)
    assert group_names(document.scene.shape("s1")) == ()
