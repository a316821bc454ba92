"""More like a candidate: asked for by menu and key, accepted in the candidate's place, refused when stale."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.application import Workbench
from app.document import ApplyEdit
from app.panels.candidate_tile import CandidateTile
from core.edits.proposals import MORE_STRENGTH
from core.edits.requests import TextEdit, Vary
from core.edits.results import Candidates
from tests.app.conftest import Bench
from tests.app.numpy_engine import NumpyEngine
from tests.app.steps import BACK, SEAT, chair


def last(bench: Bench) -> Candidates:
    found = bench.candidates[-1]
    assert isinstance(found, Candidates)
    return found


def test_more_starts_from_the_candidate_and_is_accepted_in_its_place(bench: Bench) -> None:
    before = chair(bench)
    bench.editor.complete([BACK], seed=1, count=2)
    first = last(bench)
    assert bench.editor.more_like(first.items[1], first.request) is not None
    more = last(bench)
    request = more.request
    assert isinstance(request, Vary)
    assert request.base is first.items[1].shape
    assert (request.parts, request.strength, request.count) == ((BACK,), MORE_STRENGTH, 2)
    assert (request.like, request.like_seed) == (first.request, 2)
    assert bench.document.stack.count() == 0
    assert bench.editor.accept(more.items[0], request)
    after = chair(bench)
    kept = [row for row in range(6) if row != BACK]
    np.testing.assert_array_equal(after.intrinsics[kept], before.intrinsics[kept])
    assert not np.array_equal(after.intrinsics[BACK], before.intrinsics[BACK])
    step = bench.document.stack.command(0)
    assert isinstance(step, ApplyEdit)
    assert step.request is request
    assert step.text() == f"More like seed 2 of “Complete back” (seed {request.seed})"
    # The whole family stands for one place: any of it may follow the accepted one.
    assert bench.editor.accept(first.items[0], first.request)
    assert bench.editor.stale_reason(request) == ""


def test_more_like_a_generated_shape_is_added_like_it(bench: Bench) -> None:
    bench.editor.generate("a stool", seed=4)
    first = last(bench)
    bench.editor.more_like(first.items[0], first.request)
    more = last(bench)
    assert isinstance(more.request, TextEdit)
    assert (more.request.text, len(more.request.parts)) == ("a stool", 6)
    assert bench.editor.accept(more.items[0], more.request)
    assert len(bench.document.scene) == 2
    assert bench.document.scene.shapes[1].id != "candidate"
    assert bench.document.scene.prompts[0] == "a stool"


def test_a_gentle_run_stays_gentle_and_chains_know_where_they_began(bench: Bench) -> None:
    bench.editor.refine(0.05, [BACK], seed=3)
    first = last(bench)
    bench.editor.more_like(first.items[0], first.request)
    second = last(bench)
    assert second.request.strength == 0.05  # type: ignore[attr-defined]
    bench.editor.more_like(second.items[0], second.request)
    third = last(bench)
    assert third.request.like is second.request
    again = bench.editor.run_again(third.request, seed=9)
    assert again is not None
    assert last(bench).request.base is third.request.base  # type: ignore[attr-defined]
    bench.editor.rename_part("s1", SEAT, "cushion")
    for request in (second.request, third.request):
        assert bench.editor.stale_reason(request) == "Chair 1 has changed since."
    assert bench.editor.more_like(third.items[0], third.request) is None
    assert bench.editor.run_again(third.request) is None
    assert bench.messages.last[1] == "warning"


def tile_of(workbench: Workbench) -> CandidateTile:
    workbench.editor.vary(0.4, [BACK], seed=7, count=2)
    tile = workbench.window.gallery.groups[0].tiles[1]
    assert tile.candidate is not None
    return tile


@pytest.mark.gl
def test_the_menu_of_a_candidate_asks_for_more(
    workbench: Workbench, engine: NumpyEngine, qtbot: QtBot
) -> None:
    tile = tile_of(workbench)
    centre = tile.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, centre, tile.mapToGlobal(centre))
    QApplication.sendEvent(tile, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    action = next(action for action in menu.actions() if action.text() == "More like this")
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    request = engine.requests[-1]
    assert isinstance(request, Vary)
    assert request.base is tile.candidate.shape  # type: ignore[union-attr]
    assert workbench.window.gallery.groups[0].request is request
    assert "More like seed 8" in workbench.window.gallery.groups[0].title.text()


@pytest.mark.gl
def test_the_key_asks_for_more_of_the_candidate_under_the_mouse(
    workbench: Workbench, engine: NumpyEngine, qtbot: QtBot
) -> None:
    action = workbench.window.menus.actions["create.more_like"]
    assert not action.isEnabled()
    tile = tile_of(workbench)
    QTest.mouseMove(tile, QPoint(30, 30))
    qtbot.waitUntil(action.isEnabled, timeout=20000)
    qtbot.keyClick(workbench.window.viewport.surface, Qt.Key.Key_V, Qt.KeyboardModifier.ShiftModifier)
    request = engine.requests[-1]
    assert isinstance(request, Vary)
    assert request.like_seed == 8
    assert request.strength == MORE_STRENGTH
    workbench.window.gallery.clear()
    assert not action.isEnabled()


def test_without_a_candidate_the_command_says_what_to_do(bench: Bench) -> None:
    assert bench.editor.more_like_looked_at() is None
    assert "Hover a candidate" in bench.messages.last[0]
