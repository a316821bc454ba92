"""Parts dragged by the mouse from one shape onto another: the ghost on the way, and the mix at the end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.application import Workbench
from app.viewport.canvas import Viewport
from core.edits.requests import Mix
from core.scene.scene import Scene
from core.scene.selection import PartRef, Selection
from tests.app.numpy_engine import NumpyEngine, make_shape
from tests.app.steps import ARM, BACK, LEG, OTHER_ARM, SEAT
from tests.app.viewport.conftest import move

pytestmark = pytest.mark.gl
LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def two(workbench: Workbench) -> Workbench:
    """Two chairs side by side, the second one with thinner parts."""
    other = replace(make_shape(0, "s2", "Chair 2"), position=(2.2, 0.0, 0.0))
    other = replace(other, extrinsics=other.extrinsics * np.r_[np.ones(13), [0.5] * 3].astype(np.float32))
    workbench.document._load(Scene((make_shape(), other)), None)
    workbench.window.viewport.set_view("home")
    workbench.document.set_selection(Selection(frozenset(), "s2"))
    return workbench


def where(viewport: Viewport, shape_id: str, part_id: int) -> QPoint:
    """Pixel of the middle of a part."""
    shape = viewport.document.scene.shape(shape_id)
    x, y = viewport.project([shape.extrinsics[part_id, :3].astype(np.float64) + shape.position])[0]
    return QPoint(round(x), round(y))


def lift(viewport: Viewport, shape_id: str, part_id: int) -> None:
    """Begin the tool by its key and press the mouse on a part."""
    QTest.keyClick(viewport.surface, Qt.Key.Key_M, SHIFT)
    assert viewport.tools.name == "mix"
    place = where(viewport, shape_id, part_id)
    move(viewport, place)
    QTest.mousePress(viewport.surface, LEFT, pos=place)


def test_a_part_is_dragged_onto_another_shape(two: Workbench, engine: NumpyEngine) -> None:
    window, viewport, document = two.window, two.window.viewport, two.document
    first, second = scene = tuple(document.scene)
    lift(viewport, "s1", ARM)
    assert document.selection.parts == {PartRef("s1", ARM)}
    plain = viewport.grab_image().astype(int)
    goal = where(viewport, "s2", SEAT)
    move(viewport, goal, LEFT)
    ghost = viewport.view.candidate
    assert ghost is not None
    assert "release to put 2 parts into Chair 2" in viewport.labels.tool.text()
    # Its arms have gone, and those of the first chair stand in the second one's frame.
    assert ghost.shape.id == "s2"
    assert set(second.part_ids) - set(ghost.shape.part_ids) == {ARM, OTHER_ARM}
    assert len(ghost.changed) == 2
    rows = ghost.shape.rows(ghost.changed)
    assert ghost.shape.extrinsics[rows].tobytes() == first.extrinsics[[ARM, OTHER_ARM]].tobytes()
    assert set(np.unique(ghost.mesh.face_parts)) == set(range(6))
    assert (np.abs(viewport.grab_image().astype(int) - plain).max(axis=2) > 30).sum() > 100
    QTest.mouseRelease(viewport.surface, LEFT, pos=goal)
    assert viewport.view.candidate is None
    assert tuple(document.scene) == scene
    assert viewport.tools.name == "select"
    request = engine.requests[-1]
    assert isinstance(request, Mix)
    assert (request.base, request.source) == (second, first)
    assert (set(request.take), set(request.drop)) == ({ARM, OTHER_ARM}, {ARM, OTHER_ARM})
    assert request.strength > 0
    assert request.count == window.edit_panel.sampling.settings.count
    assert document.selection.active_shape == "s2"
    assert type(window.edit_panel.page).__name__ == "MixPage"
    assert len(window.gallery.groups) == 1


def test_all_selected_parts_are_dragged_and_escape_gives_up(two: Workbench, engine: NumpyEngine) -> None:
    viewport, document = two.window.viewport, two.document
    document.set_selection(Selection(frozenset({PartRef("s1", BACK), PartRef("s1", LEG)}), "s1"))
    lift(viewport, "s1", BACK)
    move(viewport, where(viewport, "s2", SEAT), LEFT)
    ghost = viewport.view.candidate
    assert ghost is not None
    assert sorted(ghost.shape.part(part_id).label for part_id in ghost.changed) == ["back", "leg", "leg"]
    count = len(engine.requests)
    QTest.keyClick(viewport.surface, Qt.Key.Key_Escape)
    assert viewport.view.candidate is None
    QTest.mouseRelease(viewport.surface, LEFT, pos=where(viewport, "s2", SEAT))
    assert len(engine.requests) == count
    assert viewport.tools.name == "select"


def test_dropped_beside_or_on_its_own_shape_nothing_happens(two: Workbench, engine: NumpyEngine) -> None:
    viewport = two.window.viewport
    count = len(engine.requests)
    for goal in (QPoint(5, 5), where(viewport, "s1", SEAT)):
        lift(viewport, "s1", BACK)
        move(viewport, where(viewport, "s2", SEAT), LEFT)
        assert viewport.view.candidate is not None
        move(viewport, goal, LEFT)
        assert viewport.view.candidate is None
        assert "onto another shape" in viewport.labels.tool.text()
        QTest.mouseRelease(viewport.surface, LEFT, pos=goal)
        assert viewport.tools.name == "select"
    assert len(engine.requests) == count


def test_what_cannot_be_mixed_is_said(two: Workbench) -> None:
    viewport, document = two.window.viewport, two.document
    other = replace(document.scene.shape("s2"), checkpoint="other")
    document.apply(document.scene.with_shape(other), "Other")
    lift(viewport, "s1", BACK)
    move(viewport, where(viewport, "s2", SEAT), LEFT)
    assert viewport.view.candidate is None
    assert "different models" in two.window.message.text()
    QTest.keyClick(viewport.surface, Qt.Key.Key_Escape)
