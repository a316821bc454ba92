"""Every control can be named by a screen reader and explains itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
    QToolButton,
    QWidget,
)

from app.panels.candidate_tile import CandidateTile
from app.panels.edit_panel import EditPanel
from app.panels.export_dialog import ExportDialog
from app.panels.gallery import Gallery
from app.panels.history import HistoryPanel
from app.panels.job_bar import JobBar
from app.panels.outliner import Outliner
from app.panels.properties import PropertiesPanel
from app.panels.training_dialog import TrainingDialog
from app.trainings import Trainings
from tests.app.panels.conftest import Desk

Make = Callable[[Desk], QWidget]


def gallery(desk: Desk) -> Gallery:
    gallery = Gallery(desk.document, desk.editor)
    desk.editor.generate(count=2)
    return gallery


PANELS: dict[str, Make] = {
    "outliner": lambda desk: Outliner(desk.document, desk.editor),
    "edit": lambda desk: EditPanel(desk.document, desk.editor),
    "properties": lambda desk: PropertiesPanel(desk.document, desk.editor),
    "gallery": gallery,
    "history": lambda desk: HistoryPanel(desk.document),
    "jobs": lambda desk: JobBar(desk.worker),
    "export": lambda desk: ExportDialog(desk.document, desk.editor),
    "training": lambda desk: TrainingDialog(Trainings(), desk.worker),
}


@pytest.fixture(params=PANELS)
def panel(request: pytest.FixtureRequest, desk: Desk, shown: Callable[..., QWidget]) -> QWidget:
    panel = PANELS[request.param](desk)
    panel.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    return shown(panel, 700, 600)


def ours(panel: QWidget, kind: type) -> list[QWidget]:
    """Children of a kind, without the inner parts that Qt makes itself."""
    return [child for child in panel.findChildren(kind) if not child.objectName().startswith("qt_")]


def test_icon_buttons_have_a_name_and_say_what_and_why(panel: QWidget) -> None:
    for button in ours(panel, QToolButton):
        if isinstance(button.parent(), QLineEdit):
            continue
        assert button.accessibleName(), button
        assert len(button.toolTip()) >= 15, button.accessibleName()
        assert button.toolTip() != button.accessibleName()


def test_other_buttons_have_words_or_a_name(panel: QWidget) -> None:
    for button in ours(panel, QAbstractButton):
        assert button.text() or button.accessibleName() or isinstance(button.parent(), QLineEdit), button


@pytest.mark.parametrize(
    "kind", [QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox, QSlider, QAbstractItemView]
)
def test_inputs_have_a_name(panel: QWidget, kind: type) -> None:
    for widget in ours(panel, kind):
        inner = isinstance(widget.parent(), QComboBox | QAbstractSpinBox) or isinstance(widget, QHeaderView)
        if inner or widget.inherits("QComboBoxListView"):
            continue
        assert widget.accessibleName(), widget


def test_buttons_can_be_reached_by_keyboard(panel: QWidget) -> None:
    for button in ours(panel, QToolButton):
        inert = button.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        # Of an exclusive group only the checked button takes Tab; arrow keys reach the others.
        inert = inert or (button.group() is not None and not button.isChecked())
        if not inert and not isinstance(button.parent(), QLineEdit):
            assert button.focusPolicy() & Qt.FocusPolicy.TabFocus, button.accessibleName()


def test_candidates_are_named(desk: Desk, shown: Callable[..., QWidget]) -> None:
    panel = shown(gallery(desk), 700, 220)
    names = [tile.accessibleName() for tile in panel.findChildren(CandidateTile)]
    assert names == ["Candidate 1, being made", "Candidate 2, being made"]
