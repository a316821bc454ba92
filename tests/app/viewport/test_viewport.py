"""The picture: what is drawn, in which state, and that nothing is drawn in vain. Real pixels under Xvfb."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

import app.viewport.shape_visual
from app.viewport.canvas import Viewport
from app.viewport.scene_view import SPARES
from app.viewport.spare import NOTHING, STATES
from core.edits.job import Preview
from core.edits.results import Candidate
from core.scene.palette import part_colors
from core.scene.scene import Scene
from core.scene.selection import PartRef
from tests.app.conftest import Bench
from tests.app.numpy_engine import make_mesh, make_shape
from tests.app.viewport.conftest import BACK, LEFT_ARM, RIGHT_ARM, SEAT, Counter, picture, select, where

pytestmark = pytest.mark.gl


def pixel(viewport: Viewport, part_id: int) -> np.ndarray:
    point = where(viewport, part_id)
    return picture(viewport)[point.y(), point.x()].astype(float)


def test_the_picture_shows_every_part_in_its_own_colour(viewport: Viewport) -> None:
    viewport.set_view("front")
    colors = part_colors(viewport.document.scene.shapes[0])
    for part_id in (SEAT, RIGHT_ARM, LEFT_ARM):
        shown, wanted = pixel(viewport, part_id), colors[part_id] * 255
        assert np.corrcoef(shown, wanted)[0, 1] > 0.95


def test_the_picture_has_the_size_asked_for(viewport: Viewport) -> None:
    assert viewport.grab_image().shape == (480, 640, 3)
    assert viewport.grab_image(0.5).shape == (240, 320, 3)
    assert viewport.grab_image(2).shape == (960, 1280, 3)


def test_a_picture_before_the_first_showing_is_refused(qtbot: QtBot, bench: Bench) -> None:
    viewport = Viewport(bench.document, bench.editor)
    qtbot.addWidget(viewport)
    with pytest.raises(RuntimeError, match="must have been shown"):
        viewport.grab_image()


def test_the_window_shows_what_the_picture_does(viewport: Viewport) -> None:
    window = viewport.surface.grabFramebuffer()
    image = viewport.grab_image()
    point = where(viewport, SEAT)
    shown = window.pixelColor(point.x(), point.y())
    assert np.allclose(image[point.y(), point.x()], (shown.red(), shown.green(), shown.blue()), atol=4)


def test_hidden_parts_and_shapes_are_neither_drawn_nor_picked(viewport: Viewport) -> None:
    viewport.set_view("front")
    point = where(viewport, RIGHT_ARM)
    before = pixel(viewport, RIGHT_ARM)
    assert viewport.part_at(point.x(), point.y()) == PartRef("s1", RIGHT_ARM)
    viewport.editor.set_visible([PartRef("s1", RIGHT_ARM)], False)
    assert viewport.part_at(point.x(), point.y()) is None
    assert np.abs(pixel(viewport, RIGHT_ARM) - before).max() > 30
    viewport.editor.set_shape_visible("s1", False)
    seat = where(viewport, SEAT)
    assert viewport.part_at(seat.x(), seat.y()) is None
    empty = picture(viewport).astype(int)
    assert np.abs(np.diff(empty[200:280, 200:440].sum(axis=2), axis=1)).max() < 60


def test_a_viewport_at_rest_draws_nothing(viewport: Viewport, qtbot: QtBot) -> None:
    frames: list[object] = []
    viewport.canvas.update()
    qtbot.waitUntil(lambda: len(viewport.view._pool) == SPARES, timeout=5000)  # the spares are made
    viewport.canvas.events.draw.connect(frames.append)
    viewport.canvas.update()
    qtbot.waitUntil(lambda: len(frames) == 1, timeout=5000)
    qtbot.wait(600)
    assert len(frames) == 1


def test_a_new_shape_finds_its_shaders_compiled(viewport: Viewport, qtbot: QtBot) -> None:
    view = viewport.view
    qtbot.waitUntil(lambda: len(view._pool) == SPARES, timeout=5000)
    spare = view._pool[-1]
    # Every program of the spare has been drawn with.
    for node in spare.visual._nodes:
        assert not node._program._need_build
    document = viewport.document
    document.apply(document.scene.with_shape(replace(make_shape(4), id="new")), "Add")
    assert view._shown["new"] is spare
    qtbot.waitUntil(lambda: not view.lacks_spare and not view.drawing_spare, timeout=5000)


def test_nobody_sees_a_spare(viewport: Viewport, qtbot: QtBot) -> None:
    view = viewport.view
    qtbot.waitUntil(lambda: bool(view._pool), timeout=5000)
    before = viewport.grab_image(0.5)
    view._pool.clear()
    view.draw_spare(NOTHING, STATES)
    assert np.array_equal(viewport.grab_image(0.5), before)
    view.keep_spare()
    assert len(view._pool) == 1


def test_after_a_frame_the_model_gets_the_processor_for_a_while(
    viewport: Viewport, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    canvas = viewport.canvas
    frames: list[object] = []
    canvas.events.draw.connect(frames.append)
    monkeypatch.setattr(canvas, "_model_works", lambda: True)
    canvas.update()
    qtbot.waitUntil(lambda: canvas._rest_until > time.monotonic(), timeout=5000)
    drawn, until = len(frames), canvas._rest_until
    canvas.update()
    canvas.update()
    qtbot.waitUntil(lambda: len(frames) > drawn, timeout=5000)
    assert time.monotonic() >= until
    assert len(frames) == drawn + 1


def test_selection_is_drawn_and_uploads_no_mesh(
    viewport: Viewport, changed_pixels: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads: list[object] = []
    monkeypatch.setattr(app.viewport.shape_visual, "prepared_geometry", uploads.append)
    before = picture(viewport)
    select(viewport, BACK)
    assert changed_pixels(before) > 200
    viewport.document.set_selection(viewport.document.selection.cleared())
    assert changed_pixels(before) == 0
    assert uploads == []


def test_twins_of_selected_parts_are_marked_while_they_are_edited_together(
    viewport: Viewport, changed_pixels: Counter
) -> None:
    select(viewport, LEFT_ARM)
    with_twin = picture(viewport)
    viewport.editor.twins_enabled = False
    assert changed_pixels(with_twin) > 100


def test_display_modes_differ_and_ellipsoids_are_picked_where_they_are_drawn(viewport: Viewport) -> None:
    pictures = {}
    for mode in ("surface", "both", "ellipsoids"):
        viewport.set_display(mode)
        pictures[mode] = picture(viewport).astype(int)
    assert np.abs(pictures["surface"] - pictures["both"]).max() > 20
    assert np.abs(pictures["surface"] - pictures["ellipsoids"]).max() > 40
    # Just outside the box of the seat (half a side 0.1), inside its ellipsoid (two deviations, 0.2).
    x, y = viewport.project([[0.0, 0.15, 0.0]])[0]
    assert viewport.part_at(x, y) == PartRef("s1", SEAT)
    viewport.set_display("surface")
    assert viewport.part_at(x, y) != PartRef("s1", SEAT)


def test_shapes_without_a_surface_are_shown_as_ellipsoids(viewport: Viewport) -> None:
    bare = replace(make_shape(), id="bare", checkpoint="unknown")
    # An engine that has stopped answers nothing any more.
    viewport.editor.worker.shutdown()
    viewport.document._load(Scene((bare,)), None)
    viewport.set_view("home")
    assert viewport.editor.mesh_of(bare) is None
    point = where(viewport, SEAT)
    assert viewport.part_at(point.x(), point.y()) == PartRef("bare", SEAT)
    shown = pixel(viewport, SEAT)
    assert shown.max() - shown.min() > 40


def test_themes_change_the_background(viewport: Viewport) -> None:
    viewport.set_theme(True)
    dark = picture(viewport)[10, 10].mean()
    viewport.set_theme(False)
    assert picture(viewport)[10, 10].mean() > dark + 120


def test_a_hovered_candidate_stands_in_for_its_base_and_leaves_no_trace(
    viewport: Viewport, changed_pixels: Counter
) -> None:
    base = viewport.document.scene.shapes[0]
    extrinsics = np.array(base.extrinsics)
    extrinsics[BACK, 1] += 0.3
    shape = base.with_latents(extrinsics, base.intrinsics, base.parts)
    candidate = Candidate(shape, make_mesh(shape, 64), np.zeros((4, 4, 3), np.uint8), 1, (BACK,))
    before = picture(viewport)
    viewport.editor.candidate_hovered.emit(candidate)
    assert changed_pixels(before) > 300
    viewport.editor.candidate_hovered.emit(None)
    assert changed_pixels(before) == 0


@pytest.mark.parametrize("with_mesh", [False, True])
def test_an_unfinished_result_is_shown_and_leaves_no_trace(
    viewport: Viewport, changed_pixels: Counter, with_mesh: bool
) -> None:
    other = make_shape(3)
    before = picture(viewport)
    viewport.editor.preview_changed.emit(
        Preview(other.extrinsics, make_mesh(other, 64) if with_mesh else None)
    )
    assert changed_pixels(before) > 300
    viewport.editor.preview_changed.emit(None)
    assert changed_pixels(before) == 0


def test_visuals_are_reused_when_shapes_come_and_go(viewport: Viewport) -> None:
    document = viewport.document
    scenes = [Scene((make_shape(seed, f"s{seed}"), make_shape(seed, f"t{seed}"))) for seed in range(8)]
    for scene in scenes[:2]:
        document._load(scene, None)
        picture(viewport)
    known = len(viewport.canvas.scene.children)
    for scene in scenes[2:]:
        document._load(scene, None)
        picture(viewport)
    assert len(viewport.canvas.scene.children) == known


def test_an_empty_scene_says_what_to_do(viewport: Viewport) -> None:
    assert viewport.labels.empty.isHidden()
    viewport.document.new()
    assert viewport.labels.empty.isVisible()
    assert "Ctrl+G" in viewport.labels.empty.text()


def test_labels_are_composed_over_the_picture(viewport: Viewport, qtbot: QtBot) -> None:
    viewport.labels.show_part("a part", 300, 200)
    label = viewport.labels.part
    qtbot.waitUntil(label.isVisible)
    image = viewport.grab().toImage()
    middle = label.geometry().center()
    colors = {
        image.pixel(x, y)
        for x in range(label.geometry().left(), label.geometry().right())
        for y in (middle.y() - 3, middle.y(), middle.y() + 3)
    }
    viewport.labels.show_part("", 0, 0)
    assert label.isHidden()
    # Letters over a flat background: more than the few shades of the picture there.
    brightness = [((c >> 16) & 255) + ((c >> 8) & 255) + (c & 255) for c in colors]
    assert max(brightness) - min(brightness) > 300


def test_new_shapes_out_of_view_are_brought_into_view(viewport: Viewport) -> None:
    viewport.camera = viewport.camera.zoomed(0.2, 320, 240, (640, 480))
    document = viewport.document
    added = replace(make_shape(1, "s2"), position=(4.0, 0.0, 0.0))
    document.apply(document.scene.with_shape(added), "Add")
    pixels = viewport.project([[4.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    assert (pixels > 0).all()
    assert (pixels < (640, 480)).all()


def test_errors_while_drawing_are_not_swallowed(viewport: Viewport) -> None:
    assert not any(emitter.ignore_callback_errors for emitter in viewport.canvas.events.emitters.values())

    def fail(_ratio: float) -> None:
        raise ZeroDivisionError

    viewport.canvas._before_drawing = fail
    with pytest.raises(ZeroDivisionError):
        picture(viewport)
    viewport.canvas._before_drawing = lambda _ratio: None


def test_unknown_modes_are_refused(viewport: Viewport) -> None:
    with pytest.raises(ValueError, match="display mode"):
        viewport.set_display("hologram")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="view"):
        viewport.set_view("inside")
    with pytest.raises(ValueError, match="projection"):
        viewport.set_projection("fisheye")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="tool"):
        viewport.begin_tool("spray")
