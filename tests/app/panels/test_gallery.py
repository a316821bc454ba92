"""Candidates arrive, are previewed, accepted by mouse and keyboard, grow stale, are repeated and cleared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app import theme
from app.panels.gallery import MAX_GROUPS, Gallery
from app.worker import EditWorker
from core.edits.job import Preview
from core.edits.requests import Generate, Vary
from core.edits.results import Candidate
from core.scene.selection import PartRef
from tests.app.conftest import Bench
from tests.app.numpy_engine import NumpyEngine
from tests.app.panels.conftest import Desk, live_gallery

Show = Callable[..., QWidget]


@pytest.fixture
def gallery(bench: Bench, shown: Show) -> Gallery:
    gallery = Gallery(bench.document, bench.editor)
    shown(gallery, 1000, 220)
    return gallery


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def enter(widget: QWidget) -> None:
    centre = QPointF(widget.rect().center())
    QApplication.sendEvent(widget, QEnterEvent(centre, centre, QPointF(widget.mapToGlobal(centre))))


def test_an_empty_gallery_teaches(gallery: Gallery) -> None:
    assert gallery._empty.isVisible()
    assert not gallery.clear_button.isVisible()


def test_candidates_are_grouped_by_request_newest_first(gallery: Gallery, bench: Bench) -> None:
    bench.editor.vary(0.25, parts=[1], seed=5, count=3)
    bench.editor.generate("a stool", seed=9, count=2)
    assert [len(group.tiles) for group in gallery.groups] == [2, 3]
    assert [type(group.request) for group in gallery.groups] == [Generate, Vary]
    assert [tile.candidate.seed for tile in gallery.groups[1].tiles if tile.candidate] == [5, 6, 7]
    assert "seed 5" in gallery.groups[1].note.text()
    assert "strength 0.25" in gallery.groups[1].note.text()


def test_hovering_shows_a_candidate_and_leaving_hides_it(gallery: Gallery, bench: Bench) -> None:
    bench.editor.vary(parts=[1], count=2)
    looked: list[Candidate | None] = []
    bench.editor.candidate_hovered.connect(looked.append)
    tile = gallery.groups[0].tiles[1]
    enter(tile)
    assert looked[-1] is tile.candidate
    QApplication.sendEvent(tile, QEvent(QEvent.Type.Leave))
    assert looked[-1] is None
    assert bench.document.stack.count() == 0


def test_clicking_accepts_as_one_undo_step(gallery: Gallery, bench: Bench) -> None:
    before = bench.document.scene
    bench.editor.vary(parts=[1], seed=5, count=3)
    tile = gallery.groups[0].tiles[2]
    assert tile.candidate is not None
    click(tile)
    assert bench.document.stack.count() == 1
    after = bench.document.scene.shape("s1")
    assert np.array_equal(after.intrinsics, tile.candidate.shape.intrinsics)
    assert tile.accepted
    assert not any(other.accepted for other in gallery.groups[0].tiles[:2])
    bench.document.stack.undo()
    assert bench.document.scene is before
    assert not tile.accepted
    bench.document.stack.redo()
    assert tile.accepted


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_2])
def test_keys_accept(gallery: Gallery, bench: Bench, key: Qt.Key, qtbot: QtBot) -> None:
    bench.editor.vary(parts=[1], seed=5, count=3)
    with qtbot.waitActive(gallery):
        gallery.activateWindow()
    gallery.focus_newest()
    QTest.keyClick(gallery.groups[0].tiles[0], Qt.Key.Key_Right)
    assert gallery.groups[0].tiles[1].hasFocus()
    QTest.keyClick(gallery.groups[0].tiles[1], key)
    assert bench.document.stack.count() == 1
    assert gallery.groups[0].tiles[1].accepted


def test_numbers_beyond_the_last_candidate_do_nothing(gallery: Gallery, bench: Bench) -> None:
    bench.editor.vary(parts=[1], count=2)
    gallery.accept_number(3)
    assert bench.document.stack.count() == 0
    gallery.accept_number(1)
    assert bench.document.stack.count() == 1


def test_candidates_grow_stale_and_say_why(gallery: Gallery, bench: Bench) -> None:
    bench.editor.vary(parts=[1], count=2)
    bench.editor.rename_part("s1", 0, "cushion")
    group = gallery.groups[0]
    assert all(tile.stale == "Chair 1 has changed since." for tile in group.tiles)
    assert group.note.text() == "Chair 1 has changed since."
    assert "out of date" in group.tiles[0].accessibleName()
    click(group.tiles[0])
    assert bench.document.stack.count() == 1
    assert "has changed since" in bench.messages.last[0]
    bench.document.stack.undo()
    assert not any(tile.stale for tile in group.tiles)


def test_stale_candidates_are_not_previewed(gallery: Gallery, bench: Bench) -> None:
    bench.editor.vary(parts=[1], count=1)
    bench.editor.rename_part("s1", 0, "cushion")
    looked: list[object] = []
    bench.editor.candidate_hovered.connect(looked.append)
    enter(gallery.groups[0].tiles[0])
    assert looked == [None]


def test_greyed_pixels_of_stale_candidates(gallery: Gallery, bench: Bench, qtbot: QtBot) -> None:
    bench.editor.vary(parts=[1], seed=250, count=1)
    tile = gallery.groups[0].tiles[0]
    bright = tile.grab().toImage().pixelColor(50, 60).lightness()
    bench.editor.rename_part("s1", 0, "cushion")
    assert tile.grab().toImage().pixelColor(50, 60).lightness() < bright - 60


def test_behind_a_candidate_is_the_theme(gallery: Gallery, bench: Bench, qtbot: QtBot) -> None:
    bench.editor.vary(0.5, seed=2, count=1)
    tile = gallery.groups[0].tiles[0]
    assert tile.candidate is not None
    picture = np.zeros((32, 32, 4), np.uint8)
    picture[12:20, 12:20] = (200, 30, 40, 255)
    tile.hold(replace(tile.candidate, thumbnail=picture))
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    try:
        for dark in (False, True):
            theme.apply_theme(app, dark)
            image = tile.grab().toImage()
            assert image.pixelColor(tile.rect().center()).getRgb()[:3] == (200, 30, 40)
            assert image.pixelColor(tile.width() - 12, tile.height() - 12) == QColor(theme.colors().field)
    finally:
        theme.apply_theme(app, True)


def test_run_again_uses_the_present_shape_and_another_seed(gallery: Gallery, bench: Bench) -> None:
    bench.editor.vary(0.2, parts=[1], seed=5, count=2)
    bench.editor.rename_part("s1", 0, "cushion")
    click(gallery.groups[0].again_button)
    assert len(gallery.groups) == 2
    again = gallery.groups[0].request
    assert isinstance(again, Vary)
    assert again.base is bench.document.scene.shape("s1")
    assert (again.parts, again.strength, again.count) == ((1,), 0.2, 2)


def test_restore_settings_hands_the_request_on(gallery: Gallery, bench: Bench) -> None:
    bench.editor.vary(parts=[1], count=1)
    asked: list[object] = []
    gallery.settings_requested.connect(asked.append)
    click(gallery.groups[0].settings_button)
    assert asked == [gallery.groups[0].request]


def test_removing_and_clearing(gallery: Gallery, bench: Bench) -> None:
    bench.editor.vary(parts=[1], count=1)
    bench.editor.generate(count=1)
    click(gallery.groups[0].remove_button)
    assert [type(group.request) for group in gallery.groups] == [Vary]
    click(gallery.clear_button)
    assert gallery.groups == []
    assert gallery._empty.isVisible()
    assert bench.document.stack.count() == 0


def test_old_groups_make_room(gallery: Gallery, bench: Bench) -> None:
    for seed in range(MAX_GROUPS + 3):
        bench.editor.generate(seed=seed, count=1)
    assert len(gallery.groups) == MAX_GROUPS
    assert gallery.groups[-1].request.seed == 3


def test_what_is_being_made_shows_as_placeholders(desk: Desk, shown: Show) -> None:
    gallery = Gallery(desk.document, desk.editor)
    shown(gallery, 1000, 220)
    desk.editor.generate(count=3)
    (group,) = gallery.groups
    assert group.pending
    assert len(group.tiles) == 3
    assert group.note.text() == "Making 3 candidates ..."
    assert not group.again_button.isEnabled()
    gallery.clear()
    assert gallery.groups == [group]
    click(group.remove_button)
    assert gallery.groups == []
    assert not desk.worker.busy


def test_previews_are_drawn_into_the_placeholder(desk: Desk, shown: Show) -> None:
    gallery = Gallery(desk.document, desk.editor)
    shown(gallery, 1000, 220)
    job = desk.editor.generate(count=2)
    desk.worker.job_started.emit(job)
    tiles = gallery.groups[0].tiles
    before = [tile.grab().toImage() for tile in tiles]
    extrinsics = desk.document.scene.shape("s1").extrinsics
    desk.worker.job_previewed.emit(job, Preview(extrinsics, None, 1))
    assert tiles[0].grab().toImage() == before[0]
    assert tiles[1].grab().toImage() != before[1]
    broken = np.full_like(extrinsics, np.nan)
    desk.worker.job_previewed.emit(job, Preview(broken, None, 0))
    assert tiles[0].grab().toImage() == before[0]


def test_a_cancelled_job_takes_its_placeholders_along(
    threaded_worker: EditWorker, engine: NumpyEngine, bench: Bench, shown: Show, qtbot: QtBot
) -> None:
    engine.gate.clear()
    editor, gallery = live_gallery(threaded_worker, bench, shown)
    job = editor.generate(count=2)
    assert job is not None
    with qtbot.waitSignal(threaded_worker.job_started, timeout=5000):
        pass
    assert len(gallery.groups) == 1
    with qtbot.waitSignal(threaded_worker.job_cancelled, timeout=5000):
        threaded_worker.cancel(job)
    assert gallery.groups == []


def test_candidates_come_one_by_one_and_stay_when_the_rest_is_cancelled(
    threaded_worker: EditWorker, engine: NumpyEngine, bench: Bench, shown: Show, qtbot: QtBot
) -> None:
    engine.second_gate.clear()
    editor, gallery = live_gallery(threaded_worker, bench, shown)
    with qtbot.waitSignal(editor.candidate_arrived, timeout=5000):
        job = editor.generate(count=3, seed=7)
    assert job is not None
    (group,) = gallery.groups
    assert [tile.candidate is not None for tile in group.tiles] == [True, False, False]
    assert group.note.text() == "Making 2 candidates ..."
    assert gallery.count_label.text().startswith("1 candidate:")
    # What is there can be accepted while the others are made.
    gallery.accept_number(2)
    assert len(bench.document.scene) == 1
    gallery.accept_number(1)
    assert len(bench.document.scene) == 2
    with qtbot.waitSignal(threaded_worker.job_cancelled, timeout=5000):
        threaded_worker.cancel(job)
    assert gallery.groups == [group]
    assert [tile.number for tile in group.tiles] == [1]
    assert not group.pending
    assert group.again_button.isEnabled()
    assert group.tiles[0].accepted


def test_all_candidates_arrive_once(gallery: Gallery, bench: Bench) -> None:
    arrived: list[tuple[int, object]] = []
    bench.editor.candidate_arrived.connect(lambda _, place, candidate: arrived.append((place, candidate)))
    bench.editor.generate(count=3)
    (group,) = gallery.groups
    assert arrived == [(place, tile.candidate) for place, tile in enumerate(group.tiles)]
    assert "Making" not in group.note.text()


def test_a_failed_job_takes_its_placeholders_along(gallery: Gallery, bench: Bench) -> None:
    bench.editor.generate("impossible", count=2)
    assert gallery.groups == []


def test_accepting_a_generated_shape_adds_it_and_marks_it(gallery: Gallery, bench: Bench) -> None:
    bench.editor.generate(seed=4, count=2)
    click(gallery.groups[0].tiles[1])
    assert len(bench.document.scene) == 2
    assert gallery.groups[0].tiles[1].accepted
    assert bench.document.selection.active_shape == bench.document.scene.shapes[1].id
    assert PartRef("s1", 1) not in bench.document.selection.parts
