"""Surfaces: what is decoded, when, and what is shown meanwhile."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.document import Document
from app.editor import Editor
from app.surfaces import mesh_for_parts
from app.worker import EditWorker
from core.edits.requests import (
    Decode,
)
from core.scene.selection import PartRef, Selection
from core.scene.shape import Shape
from tests.app.conftest import Bench
from tests.app.numpy_engine import NumpyEngine, make_mesh, make_shape
from tests.app.steps import (
    ARM,
    BACK,
    LEG,
    OTHER_LEG,
    SEAT,
    chair,
    moved,
    select,
)


def decodes(bench: Bench) -> list[tuple[int, bool]]:
    return [
        (request.resolution, request.draft)
        for request in bench.engine.requests
        if isinstance(request, Decode)
    ]


def test_what_has_no_mesh_is_drafted_first_and_known_meshes_are_not_asked_for_again(bench: Bench) -> None:
    assert decodes(bench) == [(64, True), (128, False)]
    select(bench, BACK)
    bench.editor.transform_selection(moved(y=0.1), "Move back")
    assert decodes(bench) == [(64, True), (128, False)] * 2
    bench.document.stack.undo()
    bench.document.stack.redo()
    bench.editor.rename_shape("s1", "Throne")
    bench.editor.set_visible([PartRef("s1", SEAT)], False)
    assert len(decodes(bench)) == 4
    mesh = bench.editor.mesh_of(chair(bench))
    assert mesh is not None
    assert mesh is bench.editor.meshes.get(chair(bench), 128)


def test_hidden_shapes_are_not_decoded(bench: Bench) -> None:
    hidden = replace(make_shape(9, "s2"), visible=False)
    bench.document.apply(bench.document.scene.with_shape(hidden), "Add")
    assert len(decodes(bench)) == 2
    bench.editor.set_shape_visible("s2", True)
    assert len(decodes(bench)) == 4


def test_a_drag_shows_drafts_and_never_writes_the_scene(bench: Bench) -> None:
    scene = bench.document.scene
    select(bench, LEG)
    seen: list[tuple[str, object, object]] = []
    bench.editor.drag_mesh_changed.connect(lambda *arguments: seen.append(arguments))
    for step in range(1, 4):
        bench.editor.preview_transform(moved(y=0.1 * step))
    assert bench.editor.dragging
    assert bench.document.scene is scene
    moved_now = [shape for _, mesh, shape in seen if mesh is None]
    assert all(isinstance(shape, Shape) for shape in moved_now)
    last = seen[-1]
    assert last[1] is not None
    assert isinstance(last[2], Shape)
    np.testing.assert_allclose(last[2].extrinsics[[LEG, OTHER_LEG], 1], -0.2, atol=1e-6)
    bench.editor.preview_transform(None)
    assert seen[-1] == ("s1", None, None)
    assert not bench.editor.dragging
    assert bench.document.scene is scene
    assert bench.document.stack.count() == 0


def test_each_frame_of_a_drag_is_looked_for_near_the_one_before(bench: Bench) -> None:
    select(bench, LEG)
    before = bench.editor.mesh_of(chair(bench))
    bench.editor.preview_transform(moved(y=0.1))
    first = bench.engine.requests[-1]
    bench.editor.preview_transform(moved(y=0.2))
    second = bench.engine.requests[-1]
    assert isinstance(first, Decode)
    assert isinstance(second, Decode)
    assert first.near is before
    assert second.near is not None
    assert second.near is not before


def test_the_last_frame_of_a_drag_is_the_draft_of_the_edit(bench: Bench) -> None:
    select(bench, LEG)
    bench.editor.preview_transform(moved(y=0.1))
    before = len(decodes(bench))
    assert bench.editor.transform_selection(moved(y=0.1), "Move leg")
    assert decodes(bench)[before:] == [(128, False)]
    assert bench.editor.meshes.get(chair(bench), 64) is not None
    assert bench.document.stack.count() == 1


def test_until_a_deleted_part_is_decoded_away_its_faces_are_left_out(
    chair_document: Document, threaded_worker: EditWorker, engine: NumpyEngine, qtbot: QtBot
) -> None:
    editor = Editor(chair_document, threaded_worker)
    shape = chair_document.scene.shape("s1")
    threaded_worker.start()
    qtbot.waitUntil(lambda: editor.meshes.get(shape, 128) is not None)
    engine.gate.clear()
    chair_document.set_selection(Selection(frozenset({PartRef("s1", SEAT)}), "s1"))
    editor.delete_selection()
    after = chair_document.scene.shape("s1")
    assert editor.meshes.best(after) is None
    stand_in = editor.mesh_of(after)
    assert stand_in is not None
    assert set(stand_in.face_parts) == set(range(5))
    engine.gate.set()
    qtbot.waitUntil(lambda: editor.meshes.get(after, 128) is not None)
    assert editor.mesh_of(after) is editor.meshes.get(after, 128)


def test_decodes_that_nothing_shows_any_more_are_cancelled(
    chair_document: Document, threaded_worker: EditWorker, engine: NumpyEngine, qtbot: QtBot
) -> None:
    editor = Editor(chair_document, threaded_worker)
    engine.gate.clear()
    threaded_worker.start()
    qtbot.waitSignal(threaded_worker.engine_ready).wait()
    with qtbot.waitSignals([threaded_worker.job_cancelled] * 2):
        editor.delete_shape("s1")
    assert not threaded_worker.busy


def test_mesh_for_parts_renumbers_rows() -> None:
    shape = make_shape()
    other = shape.subset([BACK, ARM])
    mesh = mesh_for_parts(make_mesh(shape, 64), shape, other)
    assert np.array_equal(np.unique(mesh.face_parts), [0, 1])
    assert len(mesh.faces) == 24
    assert mesh.vertices[mesh.faces[mesh.face_parts == 0]].mean(axis=(0, 1)) == pytest.approx(
        shape.extrinsics[BACK, :3], abs=1e-6
    )
