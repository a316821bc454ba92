"""Display modes, exploded view, lasso and paint, navigation presets, and going back to an earlier view."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.viewport.canvas import Viewport
from app.viewport.navigation import navigates
from app.viewport.scene_view import DISPLAYS
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


def test_clay_has_no_part_colours_and_x_ray_shows_what_is_behind(viewport: Viewport) -> None:
    viewport.set_display("clay")
    x, y = (round(value) for value in (where(viewport, SEAT).x(), where(viewport, SEAT).y()))
    red, green, blue = (int(value) for value in picture(viewport)[y, x])
    assert max(red, green, blue) - min(red, green, blue) < 25
    # Hiding what lies behind changes the picture only where one sees through.
    changed = {}
    for mode in ("surface", "x-ray"):
        viewport.set_display(mode)
        viewport.set_view("front")
        before = picture(viewport).astype(int)
        spot = where(viewport, SEAT)
        select(viewport, BACK)
        viewport.editor.hide_selection()
        changed[mode] = int(np.abs(picture(viewport).astype(int) - before)[spot.y(), spot.x()].max())
        viewport.editor.show_all()
    assert changed["surface"] <= 6


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
