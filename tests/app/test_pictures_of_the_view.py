"""Pictures of the viewport as files, at several sizes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.application import Workbench
from app.pictures import SCALES

pytestmark = pytest.mark.gl


@pytest.mark.parametrize("scale", [1, 3])
def test_a_picture_is_written_at_the_chosen_size(
    workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, scale: int
) -> None:
    chosen = next(text for text, value in SCALES.items() if value == scale)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "chair"), chosen))
    viewport = workbench.window.viewport
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(viewport.surface, Qt.Key.Key_E, keys)
    image = QImage(str(tmp_path / "chair.png"))
    width, height = viewport.view_size
    assert (image.width(), image.height()) == (round(scale * width), round(scale * height))
    colors = {image.pixel(x, y) for x in range(0, image.width(), 9) for y in range(0, image.height(), 9)}
    assert len(colors) > 50


def test_a_folder_that_is_not_there_is_told(
    workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "nowhere" / "chair.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    told: list[tuple[str, str]] = []
    workbench.editor.message_posted.connect(lambda text, level: told.append((text, level)))
    workbench.window.menus.actions["file.save_picture"].trigger()
    assert told[-1][1] == "error"
    assert not path.exists()
