"""The replay of a candidate in a real window: by key and menu, slider and play button, accepting, closing."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.application import Workbench
from app.panels.gallery import Gallery
from core.edits.results import Candidate
from core.scene.selection import Selection
from tests.app.steps import BACK

pytestmark = pytest.mark.gl
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def proposed(workbench: Workbench) -> tuple[Workbench, Candidate]:
    """A window with one candidate for the chair in it."""
    workbench.document.set_selection(Selection(frozenset(), "s1"))
    workbench.editor.vary(0.5, parts=[BACK], seed=7)
    gallery = workbench.window.gallery
    candidate = gallery.groups[0].tiles[0].candidate
    assert candidate is not None
    workbench.editor.look_at(candidate, gallery.groups[0].request)
    workbench.editor.look_at(None)
    return workbench, candidate


def test_sliding_shows_gaussians_and_at_the_end_the_surface(
    proposed: tuple[Workbench, Candidate], qtbot: QtBot
) -> None:
    workbench, candidate = proposed
    window, viewport = workbench.window, workbench.window.viewport
    bar = viewport.replay_bar
    scene = workbench.document.scene
    viewport.set_animated(True)
    QTest.keyClick(viewport.surface, Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    assert bar.isVisible()
    assert window.menus.actions["create.replay"].isChecked()
    assert bar.playing
    # It plays to the end by itself and stays there.
    qtbot.waitUntil(lambda: not bar.playing, timeout=20_000)
    assert bar.step_label.text() == "finished"
    finished = viewport.grab_image().astype(int)
    assert viewport.view.candidate is candidate
    for _ in range(4):
        QTest.keyClick(bar.slider, Qt.Key.Key_Left)
    assert bar.step_label.text() == "step 1 of 4"
    shown = viewport.view.candidate
    assert shown is not None
    assert shown.shape.extrinsics.tobytes() == candidate.replay[0].tobytes()
    assert len(shown.mesh.faces) == 0
    first = viewport.grab_image().astype(int)
    assert (np.abs(first - finished).max(axis=2) > 30).sum() > 500
    QTest.keyClick(bar.slider, Qt.Key.Key_Right)
    assert (np.abs(viewport.grab_image().astype(int) - first).max(axis=2) > 30).sum() > 300
    QTest.keyClick(bar.slider, Qt.Key.Key_Space)
    assert bar.playing
    QTest.mouseClick(bar.play_button, LEFT)
    assert not bar.playing
    QTest.keyClick(bar.slider, Qt.Key.Key_Escape)
    assert bar.isHidden()
    assert viewport.view.candidate is None
    assert workbench.document.scene is scene


def test_with_reduced_motion_it_waits_to_be_played(proposed: tuple[Workbench, Candidate]) -> None:
    workbench, candidate = proposed
    viewport = workbench.window.viewport
    viewport.set_animated(False)
    workbench.window.menus.actions["create.replay"].trigger()
    bar = viewport.replay_bar
    assert bar.isVisible()
    assert not bar.playing
    assert viewport.view.candidate is candidate
    QTest.mouseClick(bar.play_button, LEFT)
    assert bar.playing


def test_enter_accepts_the_finished_candidate(proposed: tuple[Workbench, Candidate]) -> None:
    workbench, candidate = proposed
    bar = workbench.window.viewport.replay_bar
    workbench.window.menus.actions["create.replay"].trigger()
    bar.slider.setValue(0)
    QTest.keyClick(bar.slider, Qt.Key.Key_Return)
    assert workbench.document.scene.shape("s1").latent_hash == candidate.shape.latent_hash
    assert bar.isHidden()
    assert workbench.window.viewport.view.candidate is None


def test_the_menu_of_a_candidate_offers_it_and_a_comparison_ends_it(
    proposed: tuple[Workbench, Candidate],
) -> None:
    workbench, candidate = proposed
    window = workbench.window
    gallery: Gallery = window.gallery
    request = gallery.groups[0].request
    menu = gallery.menu_of(candidate, request)
    next(found for found in menu.actions() if found.text() == "Replay the denoising").trigger()
    assert window.replaying.open
    window.menus.actions["view.side_by_side"].trigger()
    assert not window.replaying.open
    assert window.side_by_side.comparing
    window.menus.actions["create.replay"].trigger()
    assert window.replaying.open
    assert not window.side_by_side.comparing
    window.replaying.close()
    # A candidate that is out of date is not replayed, and the person is told.
    workbench.editor.rename_part("s1", BACK, "rest")
    window.show_replay(candidate, request)
    assert not window.replaying.open
    assert "has changed since" in window.message.text()
