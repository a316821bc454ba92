"""Beside the refined candidates of a mix: base, source and the raw mix, seen, compared and accepted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.application import Workbench
from app.panels.candidate_group import CandidateGroup
from app.panels.candidate_tile import SIDE, CandidateTile
from app.panels.ingredients import Ingredient
from app.worker import EditWorker
from core.edits.requests import Mix
from core.edits.results import Candidate
from core.scene.scene import Scene
from core.scene.selection import Selection
from core.scene.shape import Shape
from tests.app.conftest import Bench
from tests.app.numpy_engine import NumpyEngine, make_shape
from tests.app.panels.conftest import live_gallery
from tests.app.steps import ARM, BACK, OTHER_ARM

pytestmark = pytest.mark.gl
LEFT = Qt.MouseButton.LeftButton


def other_chair() -> Shape:
    """A chair of thinner parts beside the first one."""
    shape = replace(make_shape(4, "s2", "Chair 2"), position=(2.2, 0.0, 0.0))
    return replace(shape, extrinsics=shape.extrinsics * np.r_[np.ones(13), [0.5] * 3].astype(np.float32))


@pytest.fixture
def two(workbench: Workbench) -> Workbench:
    workbench.document._load(Scene((make_shape(), other_chair())), None)
    workbench.document.set_selection(Selection(frozenset(), "s1"))
    return workbench


def mixed(workbench: Workbench, strength: float = 0.1) -> CandidateGroup:
    """The back and the arms of the second chair in the first one, asked for three times."""
    workbench.editor.mix("s2", [BACK, ARM, OTHER_ARM], strength=strength, seed=7, count=3)
    QApplication.processEvents()
    return workbench.window.gallery.groups[0]


def enter(widget: QWidget) -> None:
    centre = QPointF(widget.rect().center())
    QApplication.sendEvent(widget, QEnterEvent(centre, centre, QPointF(widget.mapToGlobal(centre))))


def leave(widget: QWidget) -> None:
    QApplication.sendEvent(widget, QEvent(QEvent.Type.Leave))


def menu_of(workbench: Workbench, tile: CandidateTile) -> QMenu:
    """Right-click a tile."""
    at = tile.rect().center()
    place = tile.mapToGlobal(at)
    QApplication.sendEvent(tile, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, place))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose(workbench: Workbench, tile: CandidateTile, text: str) -> None:
    menu = menu_of(workbench, tile)
    action = next(action for action in menu.actions() if action.text() == text)
    QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())


def candidate_of(tile: CandidateTile) -> Candidate:
    assert tile.candidate is not None
    return tile.candidate


def test_a_refined_mix_begins_with_what_it_came_from(two: Workbench) -> None:
    base, source = two.document.scene.shapes
    group = mixed(two)
    assert [tile.caption for tile in group.beside] == ["A", "B", "Raw"]
    assert [tile.number for tile in group.tiles] == [1, 2, 3]
    assert [candidate_of(tile).seed for tile in group.tiles] == [7, 8, 9]
    first, second, raw = (candidate_of(tile) for tile in group.beside)
    assert first.shape is base
    assert first.mesh is two.editor.mesh_of(base)
    assert second.shape.intrinsics is source.intrinsics
    assert second.changed == (BACK, ARM, OTHER_ARM)
    assert not isinstance(raw, Ingredient)
    # The tiles stand from left to right, smaller than those with numbers, and none covers another.
    tiles = [*group.beside, *group.tiles]
    edges = [(tile.geometry().left(), tile.geometry().right()) for tile in tiles]
    assert all(one[1] < next_one[0] for one, next_one in pairwise(edges))
    assert all(tile.width() < SIDE == group.tiles[0].width() for tile in group.beside)
    for ingredient in (first, second):
        drawn = ingredient.thumbnail[..., 3] > 0
        assert 0.02 < drawn.mean() < 0.9
        assert max(np.ptp(np.nonzero(drawn)[axis]) for axis in (0, 1)) > 0.8 * len(drawn)


@pytest.mark.parametrize("strength", [0.0, 0.3])
def test_only_what_is_refined_has_a_raw_mix_beside_it(two: Workbench, strength: float) -> None:
    assert bool(mixed(two, strength).beside) == (strength > 0)
    two.editor.vary(parts=[BACK], count=1)
    assert two.window.gallery.groups[0].beside == []


def test_under_the_mouse_they_are_seen_in_the_place_of_the_base(two: Workbench) -> None:
    viewport, group = two.window.viewport, mixed(two)
    enter(group.tiles[0])
    leave(group.tiles[0])
    known = two.editor.looked_at
    plain = viewport.grab_image().astype(int)
    pictures = []
    for tile in group.beside:
        enter(tile)
        assert viewport.view.candidate is tile.candidate
        assert candidate_of(tile).shape.id == "s1"
        pictures.append(viewport.grab_image().astype(int))
        if isinstance(tile.candidate, Ingredient):  # no command is about what can only be seen
            assert two.editor.looked_at is known
        leave(tile)
        assert viewport.view.candidate is None
    assert (np.abs(pictures[1] - plain).max(axis=2) > 30).sum() > 100
    assert (np.abs(pictures[2] - pictures[1]).max(axis=2) > 30).sum() > 100
    assert two.editor.looked_at is not None
    assert two.editor.looked_at[0] is group.beside[2].candidate
    assert two.document.stack.count() == 0


def test_base_and_source_are_not_accepted(two: Workbench) -> None:
    group, scene = mixed(two), two.document.scene
    for tile in group.beside[:2]:
        QTest.mouseClick(tile, LEFT)
        tile.setFocus()
        QTest.keyClick(tile, Qt.Key.Key_Return)
        assert [action.text() for action in menu_of(two, tile).actions()] == ["Compare"]
        QTest.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Escape)
    assert two.document.scene is scene
    assert not any(tile.accepted for tile in group.beside)


def test_the_raw_mix_is_accepted_as_one_step_that_says_what_it_is(two: Workbench, tmp_path: Path) -> None:
    document, before = two.document, two.document.scene
    document.save(tmp_path / "two.partsmith")
    group = mixed(two)
    QTest.mouseClick(group.beside[2], LEFT)
    assert document.stack.count() == 1
    assert document.stack.undoText() == "Mix in 3 parts of Chair 2 (raw)"
    source, made = before.shape("s2"), document.scene.shape("s1")
    rows = source.rows((BACK, ARM, OTHER_ARM))
    assert made.intrinsics[-3:].tobytes() == source.intrinsics[rows].tobytes()
    assert group.beside[2].accepted
    assert not any(tile.accepted or tile.stale for tile in (*group.tiles, *group.beside[:2]))
    step = document.stack.command(0)
    assert (step.request.strength, step.request.seed, step.request.count) == (0.0, 7, 1)  # type: ignore[attr-defined]
    two.window.menus.actions["edit.copy_python"].trigger()
    copied = QApplication.clipboard().text()
    assert "strength=0.0" in copied
    assert "count" not in copied
    # A refined one can still be had in its place, and the raw one again.
    QTest.keyClick(group.beside[2], Qt.Key.Key_2)
    assert document.stack.count() == 2
    assert group.tiles[1].accepted
    assert not group.beside[2].accepted
    QTest.mouseClick(group.beside[2], LEFT)
    assert document.scene.shape("s1").latent_hash == made.latent_hash
    for _ in range(3):
        document.stack.undo()
    assert document.scene is before


def test_the_raw_mix_can_be_dragged_and_what_it_came_from_cannot(two: Workbench) -> None:
    group, window = mixed(two), two.window
    group.dragged.disconnect()
    dragged: list[tuple[object, object]] = []
    group.dragged.connect(lambda candidate, request: dragged.append((candidate, request)))
    for tile in group.beside:
        middle = tile.rect().center()
        QTest.mousePress(tile, LEFT, pos=middle)
        far = QPointF(middle) + QPointF(60, 60)
        event = QMouseEvent(
            QEvent.Type.MouseMove, far, tile.mapToGlobal(far), LEFT, LEFT, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(tile, event)
        QTest.mouseRelease(tile, LEFT, pos=middle + QPoint(60, 60))
    assert dragged == [(group.beside[2].candidate, group.raw_request)]
    assert window.document.stack.count() == 0


def test_arrows_go_through_all_of_them(two: Workbench) -> None:
    group = mixed(two)
    tiles = [*group.beside, *group.tiles]
    tiles[0].setFocus()
    for tile, following in pairwise(tiles):
        QTest.keyClick(tile, Qt.Key.Key_Right)
        assert following.hasFocus()
    two.window.gallery.focus_newest()
    assert group.tiles[0].hasFocus()


def test_any_of_them_stands_beside_a_refined_one(two: Workbench) -> None:
    window, group = two.window, mixed(two)
    choose(two, group.tiles[1], "Compare")
    side, beside = window.side_by_side, window.side_by_side.beside
    assert beside is not None
    captions = []
    for tile in group.beside:
        choose(two, tile, "Compare")
        assert beside.view.candidate is tile.candidate
        captions.append((beside.caption.text.text(), beside.caption.accept_button.isVisible()))
    assert captions == [("A: Chair 1", False), ("B: Chair 2", False), ("Raw mix", True)]
    choose(two, group.tiles[1], "Compare")
    assert (window.viewport.view.candidate, beside.view.candidate) == (
        group.beside[2].candidate,
        group.tiles[1].candidate,
    )
    enter(group.beside[1])
    assert side._caption.text.text() == "B: Chair 2"
    leave(group.beside[1])
    assert side._caption.text.text() == "Raw mix"
    QTest.mouseClick(side._caption.accept_button, LEFT)
    assert two.document.stack.undoText() == "Mix in 3 parts of Chair 2 (raw)"
    assert not side.comparing


def test_all_of_them_grow_stale_together_and_come_back(two: Workbench) -> None:
    group = mixed(two)
    two.editor.rename_part("s1", 0, "cushion")
    assert all("Chair 1 has changed since." == tile.stale for tile in (*group.beside, *group.tiles))
    assert all("out of date" in tile.accessibleName() for tile in group.beside)
    for tile in group.beside:
        enter(tile)
        assert two.window.viewport.view.candidate is None
        leave(tile)
    QTest.mouseClick(group.beside[2], LEFT)
    assert two.document.stack.count() == 1
    two.document.stack.undo()
    assert not any(tile.stale for tile in group.beside)


def test_surfaces_that_were_missing_are_shown_when_they_are_known(two: Workbench) -> None:
    meshes = two.editor.meshes
    base = two.document.scene.shape("s1")
    known = two.editor.mesh_of(base)
    assert known is not None
    meshes.clear()
    group = mixed(two)
    assert not len(candidate_of(group.beside[0]).mesh.faces)
    enter(group.beside[0])
    meshes.put(base, 64, known)
    two.editor.mesh_changed.emit("s1")
    assert candidate_of(group.beside[0]).mesh is known
    assert two.window.viewport.view.candidate is group.beside[0].candidate
    leave(group.beside[0])


def test_removed_ones_are_forgotten(two: Workbench) -> None:
    group = mixed(two)
    enter(group.beside[2])
    leave(group.beside[2])
    assert two.editor.looked_at is not None
    QTest.mouseClick(group.remove_button, LEFT)
    assert two.window.gallery.groups == []
    assert two.editor.looked_at is None


@pytest.mark.parametrize("ends", ["cancelled", "finished"])
def test_the_raw_mix_comes_last_or_not_at_all(
    threaded_worker: EditWorker,
    engine: NumpyEngine,
    bench: Bench,
    shown: Callable[..., QWidget],
    qtbot: QtBot,
    ends: str,
) -> None:
    bench.document._load(Scene((make_shape(), other_chair())), None)
    bench.document.set_selection(Selection(frozenset(), "s1"))
    engine.second_gate.clear()
    editor, gallery = live_gallery(threaded_worker, bench, shown)
    with qtbot.waitSignal(editor.candidate_arrived, timeout=5000):
        job = editor.mix("s2", [BACK], seed=7, count=1)
    assert job is not None
    (group,) = gallery.groups
    small = group.beside
    assert [tile.candidate is not None for tile in small] == [True, True, False]
    assert "being made" in small[2].accessibleName()
    assert group.pending
    assert group.note.text() == "Making the raw mix ..."
    QTest.mouseClick(small[2], LEFT)
    assert bench.document.stack.count() == 0
    if ends == "cancelled":
        with qtbot.waitSignal(threaded_worker.job_cancelled, timeout=5000):
            threaded_worker.cancel(job)
        assert [tile.caption for tile in group.beside] == ["A", "B"]
    else:
        with qtbot.waitSignal(threaded_worker.job_finished, timeout=5000):
            engine.second_gate.set()
        assert small[2].candidate is not None
        assert isinstance(group.raw_request, Mix)
    assert len(group.tiles) == 1
    assert not group.pending
    assert group.again_button.isEnabled()
