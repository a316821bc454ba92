"""Reordering in the outliner: rows dragged with the mouse, the keys, the menus, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.application import Workbench
from app.panels.outliner import Outliner
from app.panels.outliner_drag import FILTERED
from core.scene.scene import Scene
from core.scene.selection import PartRef, Selection
from tests.app.conftest import Messages
from tests.app.dragging import drag
from tests.app.numpy_engine import make_shape
from tests.app.panels.conftest import Desk

Show = Callable[..., QWidget]


@pytest.fixture
def messages(desk: Desk) -> Messages:
    return Messages(desk.editor)


def row_of(outliner: Outliner, part_id: int, shape_id: str = "s1") -> QModelIndex:
    return outliner.model.index_of(PartRef(shape_id, part_id))


def spot(outliner: Outliner, index: QModelIndex, down: float = 0.5) -> QPoint:
    """A place in a row, 0 = at its upper edge and 1 = at its lower one."""
    rect = outliner.tree.visualRect(index)
    return QPoint(rect.left() + 30, rect.top() + round(down * (rect.height() - 1)))


def drag_row(
    outliner: Outliner, start: QModelIndex, end: QModelIndex, down: float = 0.5, **options: object
) -> None:
    """Drag a row to a place in another row, 0 = its upper edge and 1 = its lower one."""
    drag(outliner.tree.viewport(), spot(outliner, start), spot(outliner, end, down), **options)  # type: ignore[arg-type]


def order(desk: Desk, shape_id: str = "s1") -> tuple[int, ...]:
    return desk.document.scene.shape(shape_id).part_ids


def test_a_part_is_dragged_above_another_one(outliner: Outliner, desk: Desk) -> None:
    before = desk.document.scene.shape("s1")
    drag_row(outliner, row_of(outliner, 4), row_of(outliner, 1), 0.2)
    assert order(desk) == (0, 4, 1, 2, 3, 5)
    after = desk.document.scene.shape("s1")
    assert after.part(4) == before.part(4)
    assert after.intrinsics[1].tobytes() == before.intrinsics[4].tobytes()
    assert after.extrinsics[1].tobytes() == before.extrinsics[4].tobytes()
    assert desk.document.stack.count() == 1
    assert desk.document.stack.undoText() == "Reorder arm"
    assert desk.selected == {4}
    assert outliner.tree.selected_rows() == [row_of(outliner, 4)]
    desk.document.stack.undo()
    assert order(desk) == (0, 1, 2, 3, 4, 5)


def test_several_parts_keep_their_order_and_go_below(outliner: Outliner, desk: Desk) -> None:
    desk.select(0, 2)
    drag_row(outliner, row_of(outliner, 0), row_of(outliner, 4), 0.9)
    assert order(desk) == (1, 3, 4, 0, 2, 5)
    assert desk.document.stack.count() == 1
    assert desk.selected == {0, 2}


def test_a_part_dropped_on_its_shape_goes_last(outliner: Outliner, desk: Desk) -> None:
    drag_row(outliner, row_of(outliner, 1), outliner.model.index_of_shape("s1"))
    assert order(desk) == (0, 2, 3, 4, 5, 1)


def test_dropped_where_it_was_nothing_is_done(outliner: Outliner, desk: Desk) -> None:
    drag_row(outliner, row_of(outliner, 4), row_of(outliner, 5), 0.2)
    assert order(desk) == (0, 1, 2, 3, 4, 5)
    assert desk.document.stack.count() == 0


def test_shapes_are_dragged_past_each_other(outliner: Outliner, desk: Desk) -> None:
    first, second = (outliner.model.index_of_shape(name) for name in ("s1", "s2"))
    drag_row(outliner, second, first, 0.1)
    assert [shape.id for shape in desk.document.scene] == ["s2", "s1"]
    assert desk.document.stack.undoText() == "Reorder Chair 2"
    desk.document.stack.undo()
    drag_row(outliner, first, second)  # on it: in its place
    assert [shape.id for shape in desk.document.scene] == ["s2", "s1"]
    desk.document.stack.undo()
    # Below the last row of the last shape, and on the empty space below.
    drag_row(outliner, first, row_of(outliner, 5, "s2"), 0.9)
    assert [shape.id for shape in desk.document.scene] == ["s2", "s1"]
    desk.document.stack.undo()
    viewport = outliner.tree.viewport()
    drag(viewport, spot(outliner, first), QPoint(80, viewport.height() - 10))
    assert [shape.id for shape in desk.document.scene] == ["s2", "s1"]


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (("s1", 1), ("s2", 3), "Parts stay in their shape"),
        (("s2", None), ("s1", 2), "not among their parts"),
    ],
)
def test_a_drop_that_makes_no_sense_is_refused_in_words(
    outliner: Outliner,
    desk: Desk,
    messages: Messages,
    start: tuple[str, int | None],
    end: tuple[str, int],
    words: str,
) -> None:
    scene, (shape_id, part_id) = desk.document.scene, start
    grabbed = (
        outliner.model.index_of_shape(shape_id) if part_id is None else row_of(outliner, part_id, shape_id)
    )
    drag_row(outliner, grabbed, row_of(outliner, end[1], end[0]))
    assert desk.document.scene is scene
    assert len([text for text, level in messages.all if words in text and level == "warning"]) == 1


def test_a_filter_is_no_place_to_reorder_in(outliner: Outliner, desk: Desk, messages: Messages) -> None:
    outliner.filter_edit.setText("arm")
    drag_row(outliner, row_of(outliner, 5), row_of(outliner, 4), 0.1)
    assert not outliner.step_selection(-1)
    assert [text for text, _ in messages.all] == [FILTERED, FILTERED]
    assert desk.document.stack.count() == 0
    outliner.filter_edit.clear()
    drag_row(outliner, row_of(outliner, 5), row_of(outliner, 4), 0.1)
    assert order(desk) == (0, 1, 2, 3, 5, 4)


def test_parts_of_two_shapes_are_not_reordered_at_once(
    outliner: Outliner, desk: Desk, messages: Messages
) -> None:
    refs = frozenset({PartRef("s1", 2), PartRef("s2", 2)})
    desk.document.set_selection(Selection(refs, "s1"))
    drag_row(outliner, row_of(outliner, 2), row_of(outliner, 0))
    assert not outliner.step_selection(1)
    assert all("parts of one shape" in text for text, _ in messages.all)
    assert len(messages.all) == 2
    assert desk.document.stack.count() == 0


def test_the_menu_of_a_row_moves_it(outliner: Outliner, desk: Desk, messages: Messages) -> None:
    menu = outliner.context_menu(row_of(outliner, 1))
    assert menu is not None
    actions = {action.text(): action for action in menu.actions()}
    actions["Move up"].trigger()
    assert order(desk) == (1, 0, 2, 3, 4, 5)
    actions["Move up"].trigger()
    assert messages.last == ("That is the first in the list already.", "info")
    menu.deleteLater()
    menu = outliner.context_menu(outliner.model.index_of_shape("s1"))
    assert menu is not None
    next(action for action in menu.actions() if action.text() == "Move down").trigger()
    assert [shape.id for shape in desk.document.scene] == ["s2", "s1"]
    menu.deleteLater()


@pytest.mark.gl
def test_the_keys_work_in_the_viewport_and_in_the_outliner(workbench: Workbench, qtbot: QtBot) -> None:
    window, document = workbench.window, workbench.document
    document._load(Scene((make_shape(), make_shape(3, "s2", "Chair 2"))), None)
    document.set_selection(Selection(frozenset({PartRef("s1", 2)}), "s1"))
    alt = Qt.KeyboardModifier.AltModifier
    picture = workbench.editor.mesh_of(document.scene.shape("s1"))
    QTest.keyClick(window.viewport.surface, Qt.Key.Key_Up, alt)
    assert document.scene.shape("s1").part_ids == (0, 2, 1, 3, 4, 5)
    assert picture is not None
    window.outliner.tree.setFocus()
    QTest.keyClick(window.outliner.tree, Qt.Key.Key_Down, alt)
    QTest.keyClick(window.outliner.tree, Qt.Key.Key_Down, alt)
    assert document.scene.shape("s1").part_ids == (0, 1, 3, 2, 4, 5)
    assert document.stack.count() == 3
    document.set_selection(Selection(frozenset(), "s1"))
    QTest.keyClick(window.outliner.tree, Qt.Key.Key_Down, alt)
    assert [shape.id for shape in document.scene] == ["s2", "s1"]
    # Elsewhere the keys may mean something else, as opening a list.
    scene = document.scene
    window.show_edit("text")
    field = QApplication.focusWidget()
    assert field is not None
    assert not window.outliner.isAncestorOf(field)
    QTest.keyClick(field, Qt.Key.Key_Up, alt)
    assert document.scene is scene
    for _ in range(4):
        document.stack.undo()
    assert [shape.id for shape in document.scene] == ["s1", "s2"]
    assert document.scene.shape("s1").part_ids == (0, 1, 2, 3, 4, 5)
