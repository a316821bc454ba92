"""What has changed, as colours with a legend: of a candidate, a step, a file; leaving restores all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.application import Workbench
from app.changes import Changes
from app.heat import FAR, HeatMap, heat_of_change, heat_of_original
from core.edits.requests import Compare, Measure
from core.edits.results import Compared, Measured
from core.scene.original import Placement
from core.scene.scene import Scene
from core.scene.selection import PartRef, Selection
from tests.app.conftest import Bench
from tests.app.numpy_engine import NumpyEngine, make_mesh, make_shape, with_original
from tests.app.steps import BACK, LEG, chair

SHIFT = Qt.KeyboardModifier.ShiftModifier


def heat_of(workbench: Workbench) -> HeatMap:
    heat = workbench.window.heat.changes.heat
    assert heat is not None
    return heat


def moved_up(by: float) -> np.ndarray:
    matrix = np.eye(4)
    matrix[1, 3] = by
    return matrix


def measured(by: float) -> Measured:
    """The chair with its back moved up."""
    shape = make_shape()
    extrinsics = np.array(shape.extrinsics)
    extrinsics[BACK, 1] += by
    mesh, before = make_mesh(replace(shape, extrinsics=extrinsics), 64), make_mesh(shape, 64)
    distances = np.linalg.norm(mesh.vertices - before.vertices, axis=1).astype(np.float32)
    return Measured(Measure(mesh=mesh, before=before), distances, distances)


@pytest.mark.parametrize(("by", "top"), [(0.01, 2), (0.1, 10), (0.3, 50), (9.0, 100)])
def test_the_scale_fits_what_has_moved_in_per_cent_of_the_height(by: float, top: int) -> None:
    shape = make_shape()
    heat = heat_of_change(measured(by), shape, shape.position, None)
    height = 1.0 + 2 * 0.1  # from the lower ends of the legs to the top of the back
    assert heat.far == pytest.approx(top / 100 * height, rel=1e-4)
    assert heat.marks[0] == "0"
    assert heat.marks[-1] == f"≥ {top}"
    assert heat.told(0.06) == "5 % of the height"
    np.testing.assert_allclose(heat.colors[:8], heat.colors[0:1].repeat(8, axis=0))  # the seat stayed
    # Only what has moved is drawn as a ghost.
    assert set(heat.ghost.face_parts) == {BACK}


def test_distances_to_a_file_are_told_in_its_unit() -> None:
    shape = with_original(make_shape(), "chair.obj")
    assert shape.original is not None
    original = replace(shape.original, placement=Placement(scale=0.002), unit=0.001)
    shape = replace(shape, original=original)
    mesh = make_mesh(shape, 64)
    far = np.full(len(mesh.vertices), 0.01, np.float32)
    heat = heat_of_original(Compared(Compare(base=shape, mesh=mesh), far, mesh, far))
    assert (heat.unit, heat.far, heat.marks) == ("mm", FAR, ("0", "6.25", "12.5", "18.8", "≥ 25"))
    assert heat.told(0.01) == "5 mm"
    unknown = replace(shape, original=replace(original, unit=0.0))
    heat = heat_of_original(Compared(Compare(base=unknown, mesh=mesh), far, mesh, far))
    assert heat.unit == "units of the file"


@pytest.mark.gl
def test_a_step_is_shown_and_leaving_restores_the_picture(
    workbench: Workbench, engine: NumpyEngine, qtbot: QtBot
) -> None:
    window, viewport = workbench.window, workbench.window.viewport
    action = window.menus.actions["view.changes"]
    workbench.document.set_selection(Selection(frozenset({PartRef("s1", LEG)}), "s1"))
    workbench.editor.twins_enabled = False
    workbench.editor.transform_selection(moved_up(0.12), "Move leg")
    workbench.document.set_selection(Selection(frozenset(), "s1"))
    plain = viewport.grab_image()
    qtbot.keyClick(viewport.surface, Qt.Key.Key_O, SHIFT)
    assert action.isChecked()
    heat = heat_of(workbench)
    assert heat.before is workbench.document.stack.command(0).before.shape("s1")  # type: ignore[attr-defined]
    assert heat.distances.max() == pytest.approx(0.12, abs=1e-5)
    assert viewport.legend.isVisible()
    assert viewport.legend.unit.text() == "% of the height"
    assert viewport.legend.scale.marks[-1] == "≥ 10"
    assert "Moved farthest: 10" in window.message.text()
    assert np.abs(viewport.grab_image().astype(int) - plain).max() > 60
    # The history is walked with the map on: nothing is left to show before the first step.
    workbench.document.stack.undo()
    assert window.heat.changes.heat is None
    assert not viewport.legend.isVisible()
    workbench.document.stack.redo()
    assert heat_of(workbench) is heat
    assert sum(isinstance(request, Measure) for request in engine.requests) == 1
    QTest.mouseClick(viewport.legend.close_button, Qt.MouseButton.LeftButton)
    assert not action.isChecked()
    assert not viewport.legend.isVisible()
    workbench.document.set_selection(Selection(frozenset(), "s1"))  # redo selects what the step was about
    np.testing.assert_array_equal(viewport.grab_image(), plain)


@pytest.mark.gl
def test_the_candidate_under_the_mouse_is_shown(workbench: Workbench, qtbot: QtBot) -> None:
    window = workbench.window
    # A pointer that tests before have left over the gallery would look at what appears under it.
    QTest.mouseMove(window.viewport.surface, QPoint(5, 5))
    qtbot.wait(50)
    workbench.editor.vary(0.4, [BACK], seed=7, count=2)
    workbench.editor.look_at(None)
    window.menus.actions["view.changes"].trigger()
    assert window.heat.changes.heat is None
    assert "hover a candidate" in window.message.text()
    tile = window.gallery.groups[0].tiles[0]
    QTest.mouseMove(tile, QPoint(20, 20))
    QTest.mouseMove(tile, QPoint(30, 30))
    qtbot.waitUntil(lambda: window.heat.changes.heat is not None, timeout=20000)
    assert heat_of(workbench).candidate is tile.candidate
    assert window.viewport.view.heat_shown is heat_of(workbench)
    assert window.viewport.legend.isVisible()
    QTest.mouseMove(window.viewport.surface, QPoint(5, 5))
    qtbot.waitUntil(lambda: window.heat.changes.heat is None, timeout=20000)
    assert not window.viewport.legend.isVisible()


@pytest.mark.gl
def test_a_chosen_candidate_stays_until_another_is_looked_at(workbench: Workbench) -> None:
    window, editor = workbench.window, workbench.editor
    editor.vary(0.4, [BACK], seed=7, count=2)
    first, second = (tile.candidate for tile in window.gallery.groups[0].tiles)
    request = window.gallery.groups[0].request
    assert first is not None
    menu = window.gallery.menu_of(first, request)
    next(action for action in menu.actions() if action.text() == "What it changes").trigger()
    editor.look_at(None)
    assert heat_of(workbench).candidate is first
    assert window.viewport.view.heat_shown is heat_of(workbench)
    editor.look_at(second, request)
    assert heat_of(workbench).candidate is second
    editor.look_at(None)
    assert window.heat.changes.heat is None
    editor.generate(seed=4)
    window.heat.close()
    generated = window.gallery.groups[0]
    assert generated.tiles[0].candidate is not None
    window.heat.show_changes_of(generated.tiles[0].candidate, generated.request)
    assert not window.heat.changes.on
    assert "new shape" in window.message.text()


@pytest.mark.gl
def test_both_maps_are_never_shown_together(workbench: Workbench) -> None:
    window = workbench.window
    workbench.document._load(Scene((with_original(make_shape(), "chair.obj"),)), None)
    workbench.document.set_selection(Selection(frozenset(), "s1"))
    actions = window.menus.actions
    actions["view.compare"].trigger()
    assert window.viewport.legend.title.text() == "Distance to the file"
    actions["view.changes"].trigger()
    assert (actions["view.compare"].isChecked(), actions["view.changes"].isChecked()) == (False, True)
    assert not window.viewport.legend.isVisible()
    actions["view.compare"].trigger()
    assert (actions["view.compare"].isChecked(), actions["view.changes"].isChecked()) == (True, False)
    actions["view.compare"].trigger()
    assert not window.viewport.legend.isVisible()


def test_a_cancelled_measurement_is_asked_for_again(bench: Bench) -> None:
    changes = Changes(bench.editor)
    bench.document.set_selection(Selection(frozenset({PartRef("s1", BACK)}), "s1"))
    bench.editor.transform_selection(moved_up(0.2), "Move back")
    before = chair(bench)
    bench.worker.job_started.connect(cancel := bench.worker.cancel)
    changes.toggle()
    assert changes.heat is None
    bench.worker.job_started.disconnect(cancel)
    bench.editor.rename_part("s1", BACK, "rest")
    assert chair(bench) is not before
    assert changes.heat is not None
    changes.close()
    assert changes.heat is None
