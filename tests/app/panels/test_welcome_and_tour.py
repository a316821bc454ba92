"""The welcome page of an empty scene and the tour, in a real window with real clicks and keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from app.application import Workbench
from app.panels.tour import Tour, place_beside
from app.panels.welcome import RECENT, WelcomePage
from core.edits.requests import Generate
from core.scene.selection import PartRef, Selection
from tests.app.numpy_engine import NumpyEngine

pytestmark = pytest.mark.gl
LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, LEFT)


@pytest.fixture
def welcome(workbench: Workbench, qtbot: QtBot) -> WelcomePage:
    page = workbench.window.first_steps.welcome
    assert not page.isVisible()
    workbench.document.new()
    qtbot.waitUntil(page.isVisible, timeout=10_000)
    return page


@pytest.fixture
def tour(workbench: Workbench) -> Tour:
    """Started from the Help menu."""
    workbench.window.menus.actions["help.tour"].trigger()
    return workbench.window.first_steps.tour


def test_words_typed_into_it_generate(
    welcome: WelcomePage, workbench: Workbench, engine: NumpyEngine, qtbot: QtBot
) -> None:
    click(welcome.prompt)
    QTest.keyClicks(welcome.prompt, "a stool  with xgs legs")
    QTest.keyClick(welcome.prompt, Qt.Key.Key_Return)
    requests = [request for request in engine.requests if isinstance(request, Generate)]
    assert requests[-1].text == "a stool with xgs legs"
    # What was made is in the gallery: the page gives way, and words say what to do.
    assert not welcome.isVisible()
    assert "click it to take it" in workbench.window.viewport.labels.empty.text()
    assert workbench.window.viewport.labels.empty.isVisible()
    click(workbench.window.gallery.clear_button)
    qtbot.waitUntil(welcome.isVisible, timeout=10_000)
    assert workbench.window.viewport.labels.empty.isHidden()


def test_samples_have_pictures_and_open(welcome: WelcomePage, workbench: Workbench, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: all(tile.has_picture for tile in welcome.samples.values()), timeout=20_000)
    click(welcome.samples["tables"])
    assert len(workbench.document.scene) == 3
    assert not welcome.isVisible()


def test_recent_scenes_with_pictures_and_missing_ones(
    workbench: Workbench, tmp_path: Path, qtbot: QtBot
) -> None:
    files = workbench.window.files
    for number in range(6):
        assert files.save_to(tmp_path / f"scene {number}.partsmith")
    (tmp_path / "scene 4.partsmith").unlink()
    (tmp_path / "scene 3.partsmith").write_text("no scene")
    workbench.document.new()
    page = workbench.window.first_steps.welcome
    qtbot.waitUntil(
        lambda: [tile.isEnabled() for tile in page.recent] == [True, False, True, True], timeout=20_000
    )
    assert [tile.title for tile in page.recent] == [f"scene {number}" for number in (5, 4, 3, 2)]
    assert len(page.recent) == RECENT
    qtbot.waitUntil(lambda: page.recent[3].has_picture, timeout=20_000)
    assert not page.recent[2].has_picture
    click(page.recent[1])
    assert workbench.document.path is None
    click(page.recent[0])
    assert workbench.document.path == tmp_path / "scene 5.partsmith"


def test_buttons_and_keys_follow_the_settings(
    welcome: WelcomePage, workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (asked.append("open"), ("", ""))[1])
    click(welcome.buttons["file.open"])
    click(welcome.buttons["file.import_mesh"])
    assert asked == ["open", "open"]
    assert "Ctrl+Shift+P finds" in welcome.hints.text()
    workbench.window.keymap.add("help.palette", "F12")
    workbench.window.keymap.remove("help.palette", "Ctrl+Shift+P")
    assert "F12 finds" in welcome.hints.text()
    assert "drag turns" in welcome.hints.text()
    workbench.window.preferences.set("navigation", "blender")
    assert "middle button turns" in welcome.hints.text()


def test_it_stays_inside_a_small_viewport(welcome: WelcomePage, workbench: Workbench, qtbot: QtBot) -> None:
    viewport = workbench.window.viewport
    workbench.window.resize(900, 640)
    qtbot.waitUntil(lambda: viewport.rect().contains(welcome.geometry()), timeout=10_000)
    assert welcome.verticalScrollBar().maximum() > 0
    for child in (welcome.prompt, welcome.generate_button, *welcome.samples.values()):
        right = child.mapTo(welcome.viewport(), QPoint(child.width(), 0)).x()
        assert right <= welcome.viewport().width()


def test_the_tour_points_at_real_panels_one_by_one(tour: Tour, workbench: Workbench, qtbot: QtBot) -> None:
    window = workbench.window
    docks = window.docks
    docks["gallery"].hide()
    targets = [
        window.viewport,
        docks["edit"],
        docks["gallery"],
        docks["outliner"],
        window.jobs,
        docks["history"],
    ]
    callout = tour.callout
    for number, target in enumerate(targets):
        assert callout.count.text() == f"{number + 1} of 6"
        assert callout.isVisible()
        assert target.isVisible()

        def points(target: QWidget = target) -> bool:
            place = QRect(target.mapTo(window, QPoint(0, 0)), target.size())
            return tour.shade.hole.contains(place.intersected(window.rect()).center())

        qtbot.waitUntil(points, timeout=10_000)
        assert window.rect().contains(callout.geometry())
        click(callout.next_button)
    assert not tour.running
    assert not callout.isVisible()
    assert not tour.shade.isVisible()
    assert workbench.settings.tour_seen


def test_back_skip_and_keys(tour: Tour, workbench: Workbench) -> None:
    callout = tour.callout
    assert not callout.back_button.isEnabled()
    QTest.keyClick(callout.next_button, Qt.Key.Key_Right)
    QTest.keyClick(callout.next_button, Qt.Key.Key_Right)
    click(callout.back_button)
    assert callout.count.text() == "2 of 6"
    QTest.keyClick(callout.next_button, Qt.Key.Key_Left)
    assert callout.count.text() == "1 of 6"
    click(callout.skip_button)
    assert not tour.running
    assert workbench.settings.tour_seen
    # It can be taken again, and Esc ends it without clearing the selection.
    workbench.document.set_selection(Selection(frozenset({PartRef("s1", 1)}), "s1"))
    workbench.window.menus.actions["help.tour"].trigger()
    assert callout.count.text() == "1 of 6"
    QTest.keyClick(callout.next_button, Qt.Key.Key_Escape)
    assert not tour.running
    assert workbench.document.selection.parts


def test_the_window_can_be_used_during_the_tour(tour: Tour, workbench: Workbench) -> None:
    click(workbench.window.edit_panel.tabs["vary"])
    assert workbench.window.edit_panel.page.key == "vary"
    QTest.keyClick(workbench.window.viewport.surface, Qt.Key.Key_A, CONTROL)
    assert len(workbench.document.selection.parts) == 6
    assert tour.running
    workbench.window.resize(1100, 760)
    tour.go_on()
    assert workbench.window.rect().contains(tour.callout.geometry())
    tour.end()


def test_it_is_offered_once(workbench: Workbench) -> None:
    tour = workbench.window.first_steps.tour
    workbench.offer_recovery()
    assert tour.running
    click(tour.callout.skip_button)
    workbench.offer_recovery()
    assert not tour.running


@pytest.mark.parametrize(
    ("target", "side"),
    [
        (QRect(0, 0, 200, 600), "right"),
        (QRect(800, 0, 200, 600), "left"),
        (QRect(0, 0, 1000, 100), "below"),
        (QRect(0, 560, 1000, 40), "above"),
        (QRect(0, 0, 1000, 600), "inside"),
    ],
)
def test_callouts_stand_beside_their_target(target: QRect, side: str) -> None:
    room, size = QRect(0, 0, 1000, 600), QSize(300, 120)
    box = QRect(place_beside(target, size, room), size)
    assert room.contains(box)
    if side == "inside":
        assert target.contains(box)
    else:
        assert not box.intersects(target)
        assert {
            "right": box.left() > target.right(),
            "left": box.right() < target.left(),
            "below": box.top() > target.bottom(),
            "above": box.bottom() < target.top(),
        }[side]
