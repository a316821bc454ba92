"""Cut, copy and paste of parts with real keys, within a scene and between windows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.application import Workbench
from app.settings import Settings
from core.scene.parcel import MIME_TYPE
from core.scene.scene import Scene
from core.scene.selection import PartRef, Selection
from tests.app.numpy_engine import NumpyEngine, make_shape
from tests.app.steps import ARM, BACK, LEG, OTHER_LEG

pytestmark = pytest.mark.gl
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True)
def empty_clipboard(qtbot: QtBot) -> Iterator[None]:
    QGuiApplication.clipboard().clear()
    yield
    QGuiApplication.clipboard().clear()


def press(workbench: Workbench, key: Qt.Key, modifiers: Qt.KeyboardModifier = CONTROL) -> None:
    QTest.keyClick(workbench.window.viewport.surface, key, modifiers)


def select(workbench: Workbench, *part_ids: int, shape_id: str = "s1") -> None:
    refs = frozenset(PartRef(shape_id, part_id) for part_id in part_ids)
    workbench.document.set_selection(Selection(refs, shape_id))


def test_a_copy_in_the_same_shape_goes_aside_and_is_one_undo_step(workbench: Workbench) -> None:
    document = workbench.document
    before = document.scene.shape("s1")
    document._load(Scene((before.with_part(BACK, name="rest", origin="vary seed 3"),)), None)
    before = document.scene.shape("s1")
    select(workbench, BACK)
    press(workbench, Qt.Key.Key_C)
    assert workbench.window.message.text() == "Copied rest."
    assert document.stack.count() == 0
    press(workbench, Qt.Key.Key_V)
    press(workbench, Qt.Key.Key_V)
    after = document.scene.shape("s1")
    assert document.stack.count() == 2
    assert document.stack.command(0).text() == "Paste rest of Chair 1"
    for new, steps in ((6, 1), (7, 2)):
        row = after.row(new)
        assert after.intrinsics[row].tobytes() == before.intrinsics[BACK].tobytes()
        moved = after.extrinsics[row] - before.extrinsics[BACK]
        np.testing.assert_allclose(moved[:3], np.array((0.15, 0, 0.15)) * steps, atol=1e-6)
        assert (after.part(new).name, after.part(new).origin) == ("rest", "vary seed 3, from Chair 1")
    assert document.selection.of_shape("s1") == (7,)
    press(workbench, Qt.Key.Key_Z)
    press(workbench, Qt.Key.Key_Z)
    assert document.scene.shape("s1") is before


def test_cut_takes_the_twins_and_paste_puts_them_back_exactly(workbench: Workbench) -> None:
    document = workbench.document
    before = document.scene.shape("s1")
    select(workbench, LEG)
    press(workbench, Qt.Key.Key_X)
    assert document.stack.count() == 1
    assert document.stack.command(0).text().startswith("Cut ")
    assert set(document.scene.shape("s1").part_ids) == {0, BACK, 4, 5}
    press(workbench, Qt.Key.Key_V)
    after = document.scene.shape("s1")
    for old, new in zip((LEG, OTHER_LEG), document.selection.of_shape("s1"), strict=True):
        assert after.extrinsics[after.row(new)].tobytes() == before.extrinsics[old].tobytes()
        assert after.intrinsics[after.row(new)].tobytes() == before.intrinsics[old].tobytes()


def test_locked_parts_are_not_cut_and_leave_the_clipboard_alone(workbench: Workbench) -> None:
    document = workbench.document
    select(workbench, ARM)
    press(workbench, Qt.Key.Key_C)
    document._load(Scene((make_shape().with_part(BACK, locked=True),)), None)
    scene = document.scene
    select(workbench, BACK)
    press(workbench, Qt.Key.Key_X)
    assert document.scene is scene
    assert "locked" in workbench.window.message.text()
    press(workbench, Qt.Key.Key_V)
    assert document.stack.command(0).text() == "Paste arm of Chair 1"


def test_parts_go_from_one_window_to_another(workbench: Workbench, qtbot: QtBot, tmp_path: Path) -> None:
    other = Workbench(Settings.load(tmp_path / "other"), NumpyEngine, inline=True)
    other.window.viewport.animated = False
    try:
        select(workbench, BACK, ARM)
        press(workbench, Qt.Key.Key_C)
        with qtbot.waitActive(other.window, timeout=20000):
            other.window.show()
            other.window.activateWindow()
        other.worker.start()
        press(other, Qt.Key.Key_V)  # into an empty scene: as a shape of its own
        (shape,) = other.document.scene.shapes
        source = workbench.document.scene.shape("s1")
        assert shape.intrinsics.tobytes() == source.intrinsics[[BACK, ARM]].tobytes()
        assert other.document.stack.count() == 1
        press(other, Qt.Key.Key_V)  # into the shape that is active now
        assert len(other.document.scene.shapes[0].parts) == 4
        press(other, Qt.Key.Key_V, CONTROL | SHIFT)
        assert [len(shape.parts) for shape in other.document.scene] == [4, 2]
        other.document.stack.setClean()
    finally:
        other.document.stack.setClean()
        other.window.close()
        other.close()
        other.window.deleteLater()
        other.deleteLater()


def test_parts_of_another_model_are_refused_in_words(workbench: Workbench) -> None:
    document = workbench.document
    foreign = replace(make_shape(4, "s2", "Lamp 1"), checkpoint="lamps")
    wide = replace(foreign, intrinsics=np.zeros((6, 9), np.float32))
    document._load(Scene((make_shape(), wide)), None)
    select(workbench, BACK, shape_id="s2")
    press(workbench, Qt.Key.Key_C)
    scene = document.scene
    select(workbench, shape_id="s1")
    press(workbench, Qt.Key.Key_V)
    assert document.scene is scene
    assert "Lamp 1 was made with lamps" in workbench.window.message.text()
    press(workbench, Qt.Key.Key_V, CONTROL | SHIFT)
    assert [shape.name for shape in document.scene] == ["Chair 1", "Lamp 1", "Lamp 2"]
    document.new()
    press(workbench, Qt.Key.Key_V)
    assert len(document.scene) == 0
    assert "the model lamps, which is not here" in workbench.window.message.text()


@pytest.mark.parametrize("data", [None, b"", b'{"format": "partsmith-parts", "version": 1}', b"\x00\xff"])
def test_whatever_else_is_on_the_clipboard_is_refused(workbench: Workbench, data: bytes | None) -> None:
    mime = QMimeData()
    mime.setText("a chair")
    if data is not None:
        mime.setData(MIME_TYPE, QByteArray(data))
    QGuiApplication.clipboard().setMimeData(mime)
    scene = workbench.document.scene
    press(workbench, Qt.Key.Key_V)
    assert workbench.document.scene is scene
    assert "clipboard" in workbench.window.message.text()
