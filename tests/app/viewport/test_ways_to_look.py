"""Display modes, exploded view, lasso and paint, navigation presets, and going back to an earlier view."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.viewport.canvas import Viewport
from app.viewport.navigation import navigates
from app.viewport.scene_view import DISPLAYS
from core.scene.scene import Scene
from core.scene.selection import PartRef
from tests.app.viewport.conftest import (
    BACK,
    LEFT_LEG,
    RIGHT_LEG,
    SEAT,
    drag,
    move,
    picture,
    select,
    selected,
    where,
)

pytestmark = pytest.mark.gl

LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def stroke(viewport: Viewport, points: list[QPoint], modifiers: Qt.KeyboardModifier = NONE) -> None:
    move(viewport, points[0])
    QTest.mousePress(viewport.surface, LEFT, modifiers, points[0])
    for point in points[1:]:
        move(viewport, point, LEFT)
    QTest.mouseRelease(viewport.surface, LEFT, modifiers, points[-1])


def test_every_display_mode_gives_another_picture(viewport: Viewport) -> None:
    pictures = []
    for mode in DISPLAYS:
        viewport.set_display(mode)
        assert viewport.display == mode
        pictures.append(picture(viewport).astype(int))
    for first in range(len(pictures)):
        for second in range(first):
            assert (np.abs(pictures[first] - pictures[second]).max(axis=2) > 6).sum() > 800
    viewport.set_display("surface")
    assert (picture(viewport).astype(int) == pictures[0]).mean() > 0.99


def test_clay_has_no_part_colours(viewport: Viewport) -> None:
    viewport.set_display("clay")
    spot = where(viewport, SEAT)
    red, green, blue = (int(value) for value in picture(viewport)[spot.y(), spot.x()])
    assert max(red, green, blue) - min(red, green, blue) < 25


@pytest.fixture
def boxed(viewport: Viewport) -> Viewport:
    """The view on a chair whose back is a small box in the middle of a large seat."""
    (shape,) = viewport.document.scene.shapes
    extrinsics = shape.extrinsics.copy()
    extrinsics[BACK, :3] = extrinsics[SEAT, :3]
    extrinsics[SEAT, 13:], extrinsics[BACK, 13:] = 0.3**2, 0.12**2
    viewport.document._load(Scene((replace(shape, extrinsics=extrinsics),)), None)
    viewport.set_view("home")
    return viewport


def without(viewport: Viewport, part_id: int) -> np.ndarray:
    """The picture while a part is hidden."""
    select(viewport, part_id)
    viewport.editor.hide_selection()
    found = picture(viewport).astype(int)
    viewport.editor.show_all()
    viewport.document.set_selection(viewport.document.selection.cleared())
    return found


def test_x_ray_shows_what_lies_inside(boxed: Viewport) -> None:
    spot = where(boxed, BACK)
    assert boxed.part_at(spot.x(), spot.y()) == PartRef(boxed.document.scene.shapes[0].id, SEAT)
    plain = picture(boxed).astype(int)
    assert np.abs(without(boxed, BACK) - plain).max() <= 6, "what is inside a surface is not seen"
    inner = without(boxed, SEAT)[spot.y(), spot.x()]  # the colour of the inner part by itself
    boxed.set_display("x-ray")
    seen = picture(boxed).astype(int)
    empty = without(boxed, BACK)
    changed = np.abs(seen - empty).max(axis=2) > 12
    assert 400 < changed.sum() < 8000, "all of the inner part and nothing else"
    assert changed[spot.y(), spot.x()]
    there = seen[spot.y(), spot.x()], empty[spot.y(), spot.x()]
    assert np.abs(there[0] - inner).sum() < np.abs(there[1] - inner).sum(), "in its own colour"
    # And the outer part has not gone.
    assert np.abs(without(boxed, SEAT) - seen)[spot.y(), spot.x()].max() > 12


@pytest.mark.parametrize("mode", ["surface", "x-ray", "wireframe"])
def test_an_outline_goes_round_a_part_and_does_not_fill_it(boxed: Viewport, mode: str) -> None:
    boxed.set_display(mode)
    select(boxed, SEAT)
    accent = np.round(255 * np.array(boxed.look.accent[:3])).astype(int)
    marked = np.abs(picture(boxed).astype(int) - accent).max(axis=2) < 20
    rows, columns = np.nonzero(marked)
    area = np.ptp(rows) * np.ptp(columns)
    assert area > 8000
    assert 200 < marked.sum() < 0.1 * area


def test_the_exploded_view_moves_parts_on_screen_and_picks_them_there(viewport: Viewport) -> None:
    viewport.set_view("front")
    scene, before = viewport.document.scene, where(viewport, RIGHT_LEG)
    viewport.explode_bar.toggle()
    assert viewport.explode_bar.isVisible()
    assert viewport.exploded
    viewport.explode_bar.slider.setValue(100)
    shape = viewport.view.explosion.shape(scene.shapes[0])
    x, y = viewport.project([shape.extrinsics[RIGHT_LEG, :3]])[0]
    there = QPoint(round(x), round(y))
    assert (there - before).manhattanLength() > 20
    move(viewport, there)
    QTest.mouseClick(viewport.surface, LEFT, NONE, there)
    assert selected(viewport) == {RIGHT_LEG}
    assert viewport.tools.handles() == []
    assert viewport.document.scene is scene
    assert viewport.document.stack.count() == 0
    viewport.begin_tool("move")
    assert not viewport.exploded
    assert viewport.explode_bar.isHidden()
    viewport.cancel_tool()
    assert viewport.tools.handles() != []


def test_a_lasso_selects_what_it_goes_round(viewport: Viewport) -> None:
    viewport.set_view("front")
    leg, back = where(viewport, LEFT_LEG), where(viewport, BACK)
    ring = [QPoint(0, -45), QPoint(30, -20), QPoint(35, 40), QPoint(0, 60), QPoint(-35, 40), QPoint(-30, -20)]
    viewport.begin_tool("lasso")
    assert viewport.tools.name == "lasso"
    stroke(viewport, [leg + step for step in ring])
    assert selected(viewport) == {LEFT_LEG}
    assert viewport.tools.name == "select"
    viewport.begin_tool("lasso")
    stroke(viewport, [back + 1.6 * step for step in ring], SHIFT)
    assert LEFT_LEG in selected(viewport)
    viewport.begin_tool("lasso")
    QTest.keyClick(viewport.surface, Qt.Key.Key_Escape)
    assert viewport.tools.name == "select"


def test_painting_selects_what_the_mouse_goes_over(viewport: Viewport) -> None:
    viewport.set_view("front")
    select(viewport, SEAT)
    viewport.begin_tool("paint")
    stroke(viewport, [where(viewport, LEFT_LEG), where(viewport, RIGHT_LEG)])
    assert selected(viewport) == {LEFT_LEG, RIGHT_LEG}
    stroke(viewport, [where(viewport, BACK), where(viewport, BACK) + QPoint(2, 2)], SHIFT)
    assert selected(viewport) == {LEFT_LEG, RIGHT_LEG, BACK}
    QTest.mousePress(viewport.surface, LEFT, NONE, where(viewport, BACK))
    assert selected(viewport) == {BACK}
    QTest.keyClick(viewport.surface, Qt.Key.Key_Escape)
    assert selected(viewport) == {LEFT_LEG, RIGHT_LEG, BACK}
    QTest.mouseRelease(viewport.surface, LEFT, NONE, where(viewport, BACK))
    assert viewport.tools.name == "select"


def test_buttons_of_the_navigation_presets() -> None:
    assert navigates("default", LEFT, NONE) is None
    assert navigates("default", LEFT, ALT) is None
    assert navigates("blender", MIDDLE, NONE) == "orbit"
    assert navigates("blender", MIDDLE, SHIFT) == "pan"
    assert navigates("blender", MIDDLE, CONTROL) == "zoom"
    assert navigates("maya", LEFT, ALT) == "orbit"
    assert navigates("maya", MIDDLE, ALT) == "pan"
    assert navigates("maya", RIGHT, ALT) == "zoom"


def test_presets_move_the_view_and_a_plain_drag_selects(viewport: Viewport) -> None:
    viewport.set_view("front")
    leg = where(viewport, LEFT_LEG)
    viewport.tools.navigation = "maya"
    before = viewport.camera
    drag(viewport, QPoint(40, 40), QPoint(90, 60), ALT)
    assert viewport.camera.azimuth != before.azimuth
    before = viewport.camera
    drag(viewport, QPoint(40, 40), QPoint(90, 40), ALT, RIGHT)
    assert viewport.camera.distance < before.distance
    viewport.set_view("home")
    viewport.set_view("front")
    viewport.tools.navigation = "blender"
    before = viewport.camera
    leg = where(viewport, LEFT_LEG)
    drag(viewport, leg - QPoint(40, 70), leg + QPoint(40, 70))
    assert selected(viewport) == {LEFT_LEG}
    assert viewport.camera == before
    drag(viewport, QPoint(40, 40), QPoint(90, 60), button=MIDDLE)
    assert viewport.camera.azimuth != before.azimuth


def test_going_back_to_earlier_views(viewport: Viewport, qtbot: QtBot) -> None:
    qtbot.wait(750)
    first = viewport.camera
    viewport.set_view("front")
    qtbot.wait(750)
    second = viewport.camera
    drag(viewport, QPoint(40, 40), QPoint(90, 60))
    third = viewport.camera
    assert third != second
    viewport.go_back()
    assert viewport.camera == second
    viewport.go_back()
    assert viewport.camera == first
    viewport.go_forward()
    viewport.go_forward()
    assert viewport.camera == third
    viewport.go_forward()
    assert viewport.camera == third
    viewport.go_back()
    viewport.set_view("top")
    viewport.go_forward()
    assert viewport.camera.elevation == 90.0
