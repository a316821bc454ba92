"""Panels in real windows on one chair, with every request recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app import theme
from app.document import Document
from app.editor import Editor
from app.panels.gallery import Gallery
from app.panels.outliner import Outliner
from app.worker import EditWorker
from core.edits.requests import Sampled
from core.scene.scene import Scene
from core.scene.selection import PartRef, Selection
from tests.app.conftest import Bench
from tests.app.numpy_engine import make_shape


@dataclass
class Desk:
    """An editor on two chairs whose worker is never started: requests are recorded, none is answered."""

    document: Document
    worker: EditWorker
    editor: Editor
    requests: list[Sampled] = field(default_factory=list)

    def select(self, *part_ids: int, shape_id: str = "s1") -> None:
        refs = frozenset(PartRef(shape_id, part_id) for part_id in part_ids)
        self.document.set_selection(Selection(refs, shape_id))

    @property
    def selected(self) -> set[int]:
        return {ref.part_id for ref in self.document.selection.parts}


@pytest.fixture
def desk(document: Document) -> Desk:
    second = make_shape(3, "s2", "Chair 2")
    document._load(Scene((make_shape(), second), ("round arms", "a low back")), None)
    worker = EditWorker()
    desk = Desk(document, worker, Editor(document, worker))
    desk.editor.request_submitted.connect(desk.requests.append)
    document.set_selection(Selection(frozenset(), "s1"))
    return desk


@pytest.fixture
def shown(qtbot: QtBot) -> Callable[[QWidget], QWidget]:
    """Show a widget as a window and wait until it is on screen."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    if not (theme.is_dark() and app.styleSheet()):
        theme.apply_theme(app, dark=True)

    def show(widget: QWidget, width: int = 420, height: int = 720) -> QWidget:
        qtbot.addWidget(widget)
        widget.resize(width, height)
        with qtbot.waitExposed(widget):
            widget.show()
        widget.activateWindow()
        return widget

    return show


@pytest.fixture
def outliner(desk: Desk, shown: Callable[..., QWidget]) -> Outliner:
    """The outliner of the desk, on screen."""
    outliner = Outliner(desk.document, desk.editor)
    shown(outliner, 320, 620)
    return outliner


def live_gallery(worker: EditWorker, bench: Bench, shown: Callable[..., QWidget]) -> tuple[Editor, Gallery]:
    """A gallery on screen whose jobs run on a thread, as in the window."""
    editor = Editor(bench.document, worker)
    gallery = Gallery(bench.document, editor)
    shown(gallery, 1000, 220)
    worker.start()
    return editor, gallery
