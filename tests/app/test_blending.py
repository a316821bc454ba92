"""The slider of a blend in a real window: what is seen while it moves, accepting, giving up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.application import Workbench
from app.blending import REST
from app.document import Document
from app.editor import Editor
from app.worker import EditWorker
from core.edits.blending import blend_parts
from core.edits.requests import Decode
from core.scene.scene import Scene
from core.scene.selection import PartRef, Selection
from tests.app.conftest import Bench
from tests.app.numpy_engine import NumpyEngine, make_shape
from tests.app.steps import ARM, BACK, LEG, OTHER_ARM, add_second, chair, select
from tests.app.viewport.conftest import move

pytestmark = pytest.mark.gl


@pytest.fixture
def two(workbench: Workbench) -> Workbench:
    """Two chairs that differ in every number."""
    other = make_shape(3, "s2", "Chair 2")
    other = replace(other, position=(2.2, 0, 0), extrinsics=other.extrinsics + np.float32(0.05))
    workbench.document._load(Scene((make_shape(), other)), None)
    workbench.document.set_selection(Selection(frozenset(), "s1"))
    return workbench


def test_sliding_shows_the_blend_and_enter_keeps_it_as_one_step(two: Workbench, qtbot: QtBot) -> None:
    window, document = two.window, two.document
    first, second = document.scene
    QTest.keyClick(window.viewport.surface, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    bar = window.viewport.blend_bar
    assert bar.isVisible()
    assert QApplication.focusWidget() is bar.slider
    assert not bar.accept_button.isEnabled()
    before = window.viewport.grab_image(1.0)
    QTest.keyClick(bar.slider, Qt.Key.Key_PageUp)
    QTest.keyClick(bar.slider, Qt.Key.Key_PageUp)
    QTest.keyClick(bar.slider, Qt.Key.Key_Right)
    assert bar.amount == 0.21
    assert document.scene.shape("s1") is first
    wanted = blend_parts(first, second, 0.21)
    drag = window.viewport.view.drags.get("s1")
    assert drag is not None
    assert drag.shape.latent_hash == wanted.latent_hash
    # The surface has caught up, so no Gaussian is drawn over it.
    assert drag.mesh is not None
    assert not drag.moved.any()
    assert np.abs(window.viewport.grab_image(1.0).astype(int) - before).max() > 30
    QTest.keyClick(bar.slider, Qt.Key.Key_Return)
    assert document.stack.count() == 1
    assert document.stack.undoText() == "Blend Chair 1 with Chair 2 (21%)"
    assert document.scene.shape("s1").latent_hash == wanted.latent_hash
    assert document.scene.shape("s2") is second
    assert bar.isHidden()
    document.stack.undo()
    assert document.scene.shape("s1") is first


def test_escape_gives_the_blend_up(two: Workbench) -> None:
    window, document = two.window, two.document
    before = document.scene
    window.menus.actions["edit.blend"].trigger()
    assert window.menus.actions["edit.blend"].isChecked()
    window.viewport.blend_bar.slider.setValue(50)
    QTest.keyClick(window.viewport.blend_bar.slider, Qt.Key.Key_Escape)
    assert window.viewport.blend_bar.isHidden()
    assert not window.menus.actions["edit.blend"].isChecked()
    assert document.scene is before
    assert window.viewport.view.drags.get("s1") is None


def test_a_shape_is_decoded_finely_once_the_slider_rests(
    two: Workbench, engine: NumpyEngine, qtbot: QtBot
) -> None:
    window = two.window
    window.menus.actions["edit.blend"].trigger()
    bar = window.viewport.blend_bar
    first, second = two.document.scene
    engine.requests.clear()
    for value in (25, 50):
        bar.slider.setValue(value)
    fine = blend_parts(first, second, 0.5).latent_hash
    qtbot.waitUntil(lambda: len(engine.requests) == 3, timeout=REST + 5000)
    asked = [(r.resolution, r.draft, r.near is None) for r in engine.requests if isinstance(r, Decode)]
    assert asked == [(64, True, False), (64, True, False), (128, True, True)]
    bar.accept_button.click()
    assert two.document.scene.shape("s1").latent_hash == fine
    # What was decoded finely while it lay still is the surface of the result.
    assert len(engine.requests) == 3
    assert two.editor.meshes.get(two.document.scene.shape("s1"), 128) is not None


def test_moving_on_cancels_the_fine_surface(
    document: Document, threaded_worker: EditWorker, engine: NumpyEngine, qtbot: QtBot
) -> None:
    document._load(Scene((make_shape(), make_shape(3, "s2", "Chair 2"))), None)
    document.set_selection(Selection(frozenset(), "s1"))
    editor = Editor(document, threaded_worker)
    threaded_worker.start()
    qtbot.waitUntil(lambda: threaded_worker.info is not None and not threaded_worker.busy, timeout=10_000)
    (end,) = editor.blend_ends()
    assert editor.preview_blend(end, 0.5)
    qtbot.waitUntil(lambda: not threaded_worker.busy, timeout=10_000)
    engine.gate.clear()
    count = len(engine.requests)
    editor.surfaces.refine_drag()
    qtbot.waitUntil(lambda: len(engine.requests) == count + 1, timeout=10_000)
    with qtbot.waitSignal(threaded_worker.job_cancelled, timeout=10_000):
        editor.preview_blend(end, 0.6)
    engine.gate.set()
    qtbot.waitUntil(lambda: not threaded_worker.busy, timeout=10_000)
    last = engine.requests[-1]
    assert isinstance(last, Decode)
    assert (last.resolution, last.shape.latent_hash) == (
        64, blend_parts(*document.scene.shapes, 0.6).latent_hash
    )  # fmt: skip


def test_selected_parts_and_their_twins_go_to_the_chosen_end(two: Workbench) -> None:
    window, document, editor = two.window, two.document, two.editor
    first, second = document.scene
    document.set_selection(Selection(frozenset({PartRef("s1", LEG)}), "s1"))
    editor.vary(0.5, parts=[BACK], seed=7)
    group = window.gallery.groups[0]
    candidate = group.tiles[0].candidate
    assert candidate is not None
    editor.look_at(candidate, group.request)
    window.menus.actions["edit.blend"].trigger()
    bar = window.viewport.blend_bar
    assert [bar.end_combo.itemText(n) for n in range(2)] == ["candidate 7", "Chair 2"]
    assert bar.start.text() == "leg of Chair 1"
    bar.slider.setValue(50)
    QTest.keyClick(bar.end_combo, Qt.Key.Key_Down)
    document.set_selection(Selection(frozenset({PartRef("s1", OTHER_ARM)}), "s1"))
    assert bar.start.text() == "arm of Chair 1"
    bar.accept_button.click()
    after = document.scene.shape("s1")
    assert after.latent_hash == blend_parts(first, second, 0.5, [ARM, OTHER_ARM]).latent_hash
    assert document.stack.undoText() == "Blend arm with Chair 2 (50%)"


def test_beginning_to_move_parts_ends_the_blend(two: Workbench) -> None:
    window, document = two.window, two.document
    document.set_selection(Selection(frozenset({PartRef("s1", LEG)}), "s1"))
    window.menus.actions["edit.blend"].trigger()
    window.viewport.blend_bar.slider.setValue(50)
    # Only with the mouse in the picture the parts follow it at once.
    move(window.viewport, QPoint(40, 40))
    QTest.keyClick(window.viewport.surface, Qt.Key.Key_G)
    assert window.viewport.tools.name == "move"
    assert window.viewport.blend_bar.isHidden()


def test_what_cannot_be_blended_says_why(bench: Bench) -> None:
    select(bench, BACK)
    assert bench.editor.blend_ends() == []
    add_second(bench)
    (end,) = bench.editor.blend_ends()
    bench.editor.set_locked([PartRef("s1", BACK)], True)
    assert not bench.editor.preview_blend(end, 0.5)
    assert "locked" in bench.messages.last[0]
    before = bench.document.scene
    assert not bench.editor.blend(end, 0.5)
    assert not bench.editor.blend(end, 0.0)
    assert bench.document.scene is before
    # Shapes of another model are not offered.
    other = replace(bench.document.scene.shape("s2"), checkpoint="other")
    bench.document.apply(bench.document.scene.with_shape(other), "Other")
    bench.document.set_selection(Selection(frozenset(), chair(bench).id))
    assert bench.editor.blend_ends() == []
