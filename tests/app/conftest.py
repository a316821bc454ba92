"""Fixtures with Qt: documents, workers, editors and whole windows, and errors that must not pass unseen."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import theme
from app.application import Workbench
from app.document import Document
from app.editor import Editor
from app.settings import Settings
from app.worker import EditWorker
from core.scene.scene import Scene
from tests.app.numpy_engine import NumpyEngine, make_shape


@pytest.fixture
def document(qtbot: QtBot) -> Iterator[Document]:
    document = Document()
    yield document
    document.deleteLater()


@pytest.fixture
def chair_document(document: Document) -> Document:
    """A document with one chair of six parts, nothing to undo."""
    document._load(Scene((make_shape(),)), None)
    return document


@pytest.fixture
def engine() -> NumpyEngine:
    return NumpyEngine()


@pytest.fixture
def inline_worker(qtbot: QtBot, engine: NumpyEngine) -> EditWorker:
    """A started worker that answers inside `submit`."""
    worker = EditWorker(inline=True, make_engine=lambda: engine)
    worker.start()
    return worker


@pytest.fixture
def threaded_worker(qtbot: QtBot, engine: NumpyEngine) -> Iterator[EditWorker]:
    """A worker with its thread, not started."""
    worker = EditWorker(make_engine=lambda: engine)
    yield worker
    engine.gate.set()
    assert worker.shutdown(5.0)


class Messages(QObject):
    """What an editor told the person."""

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self.all: list[tuple[str, str]] = []
        editor.message_posted.connect(self._on_message_posted)

    @property
    def last(self) -> tuple[str, str]:
        return self.all[-1]

    @Slot(str, str)
    def _on_message_posted(self, text: str, level: str) -> None:
        self.all.append((text, level))


@dataclass
class Bench:
    """An editor on one chair, with an inline worker; everything that came back is recorded."""

    document: Document
    worker: EditWorker
    editor: Editor
    engine: NumpyEngine
    messages: Messages
    candidates: list[object] = field(default_factory=list)


@pytest.fixture
def bench(chair_document: Document, inline_worker: EditWorker, engine: NumpyEngine) -> Bench:
    editor = Editor(chair_document, inline_worker)
    bench = Bench(chair_document, inline_worker, editor, engine, Messages(editor))
    editor.candidates_arrived.connect(bench.candidates.append)
    editor.surfaces.decode_missing()
    return bench


@pytest.fixture
def plain_settings() -> Settings:
    """Defaults that are written nowhere."""
    return Settings()


@pytest.fixture(autouse=True)
def no_qt_or_vispy_errors(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail on what vispy logs as an error: it swallows exceptions of drawing and mouse callbacks."""
    yield
    bad = [
        record.getMessage()
        for record in caplog.get_records("call")
        if record.name.startswith("vispy") and record.levelno >= logging.ERROR
    ]
    if bad:
        pytest.fail(f"vispy reported errors: {bad}", pytrace=False)


@pytest.fixture
def workbench(qtbot: QtBot, engine: NumpyEngine, tmp_path: Path) -> Iterator[Workbench]:
    """A whole window on screen, with one chair in it, whose worker answers inside `submit`."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply_theme(app, True)
    workbench = Workbench(Settings.load(tmp_path / "settings"), lambda: engine, inline=True)
    workbench.window.viewport.animated = False
    workbench.window.make_engine = lambda device: engine
    workbench.document._load(Scene((make_shape(),)), None)
    with qtbot.waitExposed(workbench.window):
        workbench.window.show()
    workbench.worker.start()
    workbench.window.activateWindow()
    workbench.window.viewport.setFocus()
    qtbot.wait(20)
    yield workbench
    workbench.document.stack.setClean()
    workbench.window.close()
    workbench.close()
    workbench.window.deleteLater()
    workbench.deleteLater()
    app.processEvents()
