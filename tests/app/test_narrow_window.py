"""A window on a small screen: it fits, and nothing that must be read or pressed is cut off or covered."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.application import Workbench
from app.panels.mix_page import MixPage
from app.panels.widgets import HINT_WIDTH, EmptyState
from app.viewport.gizmo import CROSS_ROOM
from app.viewport.tools import AREA_TEXTS
from core.edits.results import Candidates
from core.scene.selection import PartRef, Selection

pytestmark = pytest.mark.gl
SIZE = (1024, 700)


@pytest.fixture
def narrow(workbench: Workbench) -> Workbench:
    workbench.window.resize(*SIZE)
    QApplication.processEvents()
    return workbench


def inside(widget: QWidget, parent: QWidget) -> bool:
    """Whether all of a widget lies in a widget above it."""
    return parent.rect().contains(QRect(widget.mapTo(parent, widget.rect().topLeft()), widget.size()))


def test_the_window_fits(narrow: Workbench) -> None:
    window = narrow.window
    assert (window.width(), window.height()) == SIZE
    for page in ("generate", "complete", "mix", "vary", "text", "refine"):
        window.edit_panel.show_page(page)
        QApplication.processEvents()
        assert (window.width(), window.height()) == SIZE, page
        assert inside(window.edit_panel.run_button, window), page
        assert inside(window.edit_panel.sampling, window), page


def test_parts_to_take_are_in_sight(narrow: Workbench) -> None:
    narrow.editor.duplicate_shape("s1")
    panel = narrow.window.edit_panel
    page = panel.show_page("mix")
    assert isinstance(page, MixPage)
    narrow.document.set_selection(Selection(frozenset({PartRef("s1", 1)}), "s1"))
    QApplication.processEvents()
    assert panel.reason.isVisible()
    assert inside(page.source_combo, panel)
    assert page.part_list.visibleRegion().boundingRect().height() >= 3 * page.part_list.sizeHintForRow(0)
    assert not page.tip_label.isVisible()
    narrow.window.resize(1400, 900)
    QApplication.processEvents()
    assert page.tip_label.isVisible()


def test_hints_of_empty_panels_stand_in_the_middle(narrow: Workbench) -> None:
    for width in (SIZE[0], 1500):
        narrow.window.resize(width, 900)
        QApplication.processEvents()
        for empty in narrow.window.findChildren(EmptyState):
            if empty.isVisible():
                middle = empty.hint.geometry().center().x() - empty.rect().center().x()
                assert abs(middle) <= 1
                assert empty.hint.width() <= HINT_WIDTH
    assert narrow.window.gallery.findChild(EmptyState).isVisible()


@pytest.mark.parametrize("name", AREA_TEXTS)
def test_what_a_tool_does_is_said_beside_the_axis_cross(narrow: Workbench, name: str) -> None:
    viewport = narrow.window.viewport
    viewport.begin_tool(name)
    words = viewport.labels.tool
    assert words.isVisible()
    assert words.geometry().right() <= viewport.width() - CROSS_ROOM
    assert words.height() >= words.heightForWidth(words.width()), "a line is cut off"


def test_captions_of_a_comparison_are_whole(narrow: Workbench, qtbot: QtBot) -> None:
    window, found = narrow.window, list[Candidates]()
    narrow.editor.candidates_arrived.connect(found.append)
    narrow.editor.generate("a chair", count=2, seed=7)
    qtbot.waitUntil(lambda: bool(found), timeout=10_000)
    window.side_by_side.compare(found[0].items[1], found[0].request)
    QApplication.processEvents()
    beside = window.side_by_side.beside
    assert beside is not None
    for button in (beside.caption.accept_button, beside.swap_button, beside.close_button):
        assert button.isVisible()
        assert button.width() >= button.sizeHint().width()
        assert inside(button, beside)
    assert abs(beside.width() - window.viewport.width()) <= 1
    left = window.side_by_side._caption
    assert left.text.text() == "As it is: nothing here yet"
    assert left.geometry().right() <= window.viewport.width() - CROSS_ROOM
    assert left.height() == beside.caption.height()
