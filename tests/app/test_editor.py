"""The editor: requests from what is selected, candidates accepted or dropped, instant edits, surfaces."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.document import ApplyEdit, Document
from app.edit_titles import job_title, parts_phrase, step_title
from app.editor import Editor
from app.surfaces import mesh_for_parts
from app.worker import EditWorker
from core.edits.requests import (
    Candidates,
    Complete,
    Decode,
    Export,
    Generate,
    Mix,
    Refine,
    Sampled,
    TextEdit,
    Vary,
)
from core.scene.scene import Scene
from core.scene.selection import PartRef, Selection
from core.scene.shape import Shape
from tests.app.conftest import Bench, Messages
from tests.app.numpy_engine import NumpyEngine, make_mesh, make_shape

SEAT, BACK, LEG, OTHER_LEG, ARM, OTHER_ARM = range(6)


def select(bench: Bench, *part_ids: int, shape_id: str = "s1") -> None:
    refs = frozenset(PartRef(shape_id, part_id) for part_id in part_ids)
    bench.document.set_selection(Selection(refs, shape_id))


def chair(bench: Bench) -> Shape:
    return bench.document.scene.shape("s1")


def add_second(bench: Bench) -> Shape:
    shape = replace(make_shape(5, "s2", "Chair 2"), position=(2.2, 0.0, 0.0))
    bench.document.apply(bench.document.scene.with_shape(shape), "Add")
    return bench.document.scene.shape("s2")


def only_candidates(bench: Bench) -> Candidates:
    (candidates,) = bench.candidates
    assert isinstance(candidates, Candidates)
    return candidates


def moved(x: float = 0.0, y: float = 0.0, z: float = 0.0) -> np.ndarray:
    matrix = np.eye(4)
    matrix[:3, 3] = (x, y, z)
    return matrix


# --- sampled edits ------------------------------------------------------------------------------------


def test_candidates_change_nothing_until_one_is_accepted(bench: Bench) -> None:
    scene = bench.document.scene
    select(bench, BACK)
    assert bench.editor.complete(seed=7, count=3) is not None
    candidates = only_candidates(bench)
    assert bench.document.scene is scene
    assert [item.seed for item in candidates.items] == [7, 8, 9]
    assert bench.editor.accept(candidates.items[1], candidates.request)
    assert bench.document.stack.count() == 1
    assert bench.document.stack.undoText() == "Complete back (seed 8)"
    step = bench.document.stack.command(0)
    assert isinstance(step, ApplyEdit)
    assert step.request is candidates.request
    bench.document.stack.undo()
    assert bench.document.scene is scene


def test_accepting_keeps_everything_not_sampled_bit_exact(bench: Bench) -> None:
    before = chair(bench)
    select(bench, BACK)
    bench.editor.complete(seed=1)
    candidates = only_candidates(bench)
    bench.editor.accept(candidates.items[0], candidates.request)
    after = chair(bench)
    rest = [row for row in range(6) if row != BACK]
    assert np.array_equal(after.extrinsics[rest], before.extrinsics[rest])
    assert np.array_equal(after.intrinsics[rest], before.intrinsics[rest])
    assert not np.array_equal(after.intrinsics[BACK], before.intrinsics[BACK])
    assert (after.id, after.name, after.position) == (before.id, before.name, before.position)
    assert bench.document.selection.of_shape("s1") == (BACK,)


def test_an_accepted_candidate_is_on_screen_at_once_and_then_decoded_finely(bench: Bench) -> None:
    bench.editor.vary(seed=3)
    candidates = only_candidates(bench)
    changed: list[str] = []
    bench.editor.mesh_changed.connect(changed.append)
    bench.editor.accept(candidates.items[0], candidates.request)
    meshes = bench.editor.meshes
    assert meshes.get(chair(bench), 64) is candidates.items[0].mesh
    assert meshes.get(chair(bench), 128) is not None
    assert changed == ["s1"]


def test_a_result_is_dropped_when_its_shape_changed_meanwhile(
    chair_document: Document, threaded_worker: EditWorker, engine: NumpyEngine, qtbot: QtBot
) -> None:
    editor = Editor(chair_document, threaded_worker)
    messages = Messages(editor)
    arrived: list[object] = []
    editor.candidates_arrived.connect(arrived.append)
    threaded_worker.start()
    qtbot.waitSignal(threaded_worker.engine_ready).wait()
    engine.gate.clear()
    job = editor.vary(seed=1)
    assert job is not None
    editor.rename_shape("s1", "Throne")
    scene = chair_document.scene
    engine.gate.set()
    with qtbot.waitSignal(threaded_worker.job_finished, check_params_cb=lambda id, _: id == job):
        pass
    assert arrived == []
    assert chair_document.scene is scene
    assert ("has changed since" in messages.last[0], messages.last[1]) == (True, "warning")


def test_a_stale_candidate_is_refused_but_its_sibling_can_follow_the_accepted_one(bench: Bench) -> None:
    bench.editor.vary(seed=1, count=2)
    candidates = only_candidates(bench)
    first, second = candidates.items
    assert bench.editor.accept(first, candidates.request)
    assert bench.editor.stale_reason(candidates.request) == ""
    assert bench.editor.accept(second, candidates.request)
    bench.editor.rename_part("s1", SEAT, "cushion")
    assert "changed" in bench.editor.stale_reason(candidates.request)
    scene = bench.document.scene
    assert not bench.editor.accept(first, candidates.request)
    assert bench.document.scene is scene
    assert bench.messages.last[1] == "warning"
    bench.editor.delete_shape("s1")
    assert "no longer" in bench.editor.stale_reason(candidates.request)


def test_generated_shapes_get_their_own_id_name_and_place(bench: Bench) -> None:
    bench.editor.generate("a tall stool", seed=2, count=2)
    candidates = only_candidates(bench)
    for item in candidates.items:
        bench.editor.accept(item, candidates.request)
    shapes = bench.document.scene.shapes
    assert [shape.id for shape in shapes] == ["s1", "s2", "s3"]
    assert [shape.name for shape in shapes] == ["Chair 1", "Chair 2", "Chair 3"]
    assert len({shape.position for shape in shapes}) == 3
    assert bench.document.scene.prompts == ("a tall stool",)
    assert bench.document.selection == Selection(frozenset(), "s3")


def test_twins_are_edited_together_unless_switched_off_or_locked(bench: Bench) -> None:
    select(bench, LEG)
    bench.editor.vary(seed=1)
    bench.editor.twins_enabled = False
    bench.editor.vary(seed=1)
    bench.editor.twins_enabled = True
    bench.editor.set_locked([PartRef("s1", OTHER_LEG)], True)
    bench.editor.vary(seed=1)
    sampled = [request for request in bench.engine.requests if isinstance(request, Vary)]
    assert [request.parts for request in sampled] == [(LEG, OTHER_LEG), (LEG,), (LEG,)]


def test_locked_parts_are_refused_in_words(bench: Bench) -> None:
    select(bench, BACK)
    bench.editor.set_locked([PartRef("s1", BACK)], True)
    count = len(bench.engine.requests)
    assert bench.editor.complete() is None
    assert bench.editor.text_edit("taller") is None
    assert not bench.editor.delete_selection()
    assert not bench.editor.transform_selection(moved(x=0.1), "Move")
    assert len(bench.engine.requests) == count
    assert "locked" in bench.messages.last[0]


@pytest.mark.parametrize(("hide", "delete", "expected"), [((BACK,), (), (BACK,)), ((), (ARM, OTHER_ARM), ())])
def test_complete_without_a_selection_takes_hidden_or_lost_parts(
    bench: Bench, hide: tuple[int, ...], delete: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    assert bench.editor.complete() is None
    assert "Select the parts" in bench.messages.last[0]
    if hide:
        bench.editor.set_visible([PartRef("s1", part_id) for part_id in hide], False)
    if delete:
        select(bench, *delete)
        bench.editor.delete_selection()
    assert bench.editor.complete() is not None
    request = [request for request in bench.engine.requests if isinstance(request, Complete)][-1]
    assert request.parts == expected


def test_mix_replaces_parts_with_the_same_label_by_default(bench: Bench) -> None:
    add_second(bench)
    select(bench, SEAT)
    bench.editor.mix("s2", [BACK], strength=0.2, seed=4)
    request = only_candidates(bench).request
    assert isinstance(request, Mix)
    assert (request.take, request.drop, request.strength) == ((BACK,), (BACK,), 0.2)
    candidates = only_candidates(bench)
    bench.editor.accept(candidates.items[0], candidates.request)
    assert np.array_equal(chair(bench).intrinsics[-1], make_shape(5).intrinsics[BACK])
    assert bench.document.stack.undoText() == "Mix in back of Chair 2 (seed 4)"


def test_mix_refuses_itself_other_models_and_nothing(bench: Bench) -> None:
    alien = replace(make_shape(5, "s2"), checkpoint="other")
    bench.document.apply(bench.document.scene.with_shape(alien), "Add")
    select(bench, SEAT)
    for source, take, words in (
        ("s1", [BACK], "same shape"),
        ("s2", [BACK], "different models"),
        ("s9", [BACK], "no such shape"),
    ):
        assert bench.editor.mix(source, take) is None
        assert words in bench.messages.last[0]


def test_text_edits_need_words_and_parts(bench: Bench) -> None:
    select(bench)
    assert bench.editor.text_edit("round arms") is None
    select(bench, ARM)
    assert bench.editor.text_edit("  ") is None
    assert bench.editor.text_edit(" round arms ", strength=0.7) is not None
    request = only_candidates(bench).request
    assert isinstance(request, TextEdit)
    assert (request.text, request.parts, request.strength) == ("round arms", (ARM, OTHER_ARM), 0.7)


def test_seeds_are_drawn_or_checked(bench: Bench) -> None:
    assert bench.editor.generate(seed=-1) is None
    assert bench.editor.generate(seed=2**32) is None
    for _ in range(2):
        bench.editor.generate()
    seeds = {request.seed for request in bench.engine.requests if isinstance(request, Generate)}
    assert len(seeds) == 2


def test_run_again_uses_the_present_shape_and_a_new_seed(bench: Bench) -> None:
    select(bench, BACK)
    bench.editor.complete(seed=1)
    request = only_candidates(bench).request
    bench.editor.rename_shape("s1", "Throne")
    assert bench.editor.run_again(request, seed=2) is not None
    again = bench.engine.requests[-1]
    assert isinstance(again, Complete)
    assert (again.base, again.seed, again.parts) == (chair(bench), 2, request.parts)  # type: ignore[attr-defined]
    select(bench, BACK)
    bench.editor.delete_selection()
    assert bench.editor.run_again(request) is None


def test_failure_leaves_the_scene_untouched_and_says_why(bench: Bench) -> None:
    scene = bench.document.scene
    bench.editor.generate("impossible")
    assert bench.messages.last == ("Nothing like that can be made. Use other words.", "error")
    bench.editor.generate("fail")
    assert "on fire" in bench.messages.last[0]
    assert bench.document.scene is scene
    assert bench.candidates == []


def test_preview_comes_and_goes_with_its_place(bench: Bench) -> None:
    second = add_second(bench)
    select(bench, BACK, shape_id="s2")
    seen: list[tuple[object, object]] = []
    bench.editor.preview_changed.connect(lambda preview: seen.append((preview, bench.editor.preview_place)))
    bench.editor.vary(seed=1)
    assert seen[0][0] is not None
    assert seen[0][1] == second.position
    assert seen[-1][0] is None


def test_without_a_model_everything_but_sampling_works(chair_document: Document, tmp_path: Path) -> None:
    def make() -> NumpyEngine:
        raise OSError("no model")

    worker = EditWorker(inline=True, make_engine=make)
    editor = Editor(chair_document, worker)
    messages = Messages(editor)
    worker.start()
    assert "Viewing, transforming and saving still work" in messages.last[0]
    assert editor.generate() is None
    assert "no model" in messages.last[0]
    chair_document.set_selection(Selection(frozenset({PartRef("s1", BACK)}), "s1"))
    count = len(messages.all)
    assert editor.transform_selection(moved(y=0.1), "Move back")
    chair_document.save(tmp_path / "a.partsmith")
    assert len(messages.all) == count


# --- surfaces -----------------------------------------------------------------------------------------


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


# --- instant edits ------------------------------------------------------------------------------------


def test_transform_uses_the_scene_frame_and_mirrors_twins(bench: Bench) -> None:
    add_second(bench)
    select(bench, LEG, shape_id="s2")
    half_turn = np.diag([-1.0, 1.0, -1.0, 1.0])
    half_turn[0, 3] = 2 * 2.2
    bench.editor.transform_selection(half_turn, "Rotate leg")
    before, after = make_shape(5), bench.document.scene.shape("s2")
    np.testing.assert_allclose(after.extrinsics[LEG, :3], before.extrinsics[LEG, :3] * (-1, 1, -1), atol=1e-5)
    np.testing.assert_allclose(
        after.extrinsics[OTHER_LEG, :3], before.extrinsics[OTHER_LEG, :3] * (-1, 1, -1), atol=1e-5
    )


def test_nudges_with_one_key_are_one_step(bench: Bench) -> None:
    select(bench, BACK)
    for _ in range(5):
        bench.editor.transform_selection(moved(y=0.01), "Nudge back", merge_key="nudge")
    assert bench.document.stack.count() == 1
    assert chair(bench).extrinsics[BACK, 1] == pytest.approx(0.55)


def test_delete_takes_twins_and_a_shape_without_parts_goes_as_a_whole(bench: Bench) -> None:
    select(bench, LEG)
    assert bench.editor.delete_selection()
    assert chair(bench).part_ids == (SEAT, BACK, ARM, OTHER_ARM)
    select(bench, SEAT, BACK, ARM)
    assert bench.editor.delete_selection()
    assert len(bench.document.scene) == 0
    bench.document.stack.setIndex(0)
    assert chair(bench).part_ids == tuple(range(6))


def test_duplicate_selects_the_copies_and_without_parts_copies_the_shape(bench: Bench) -> None:
    select(bench, BACK)
    assert bench.editor.duplicate_selection()
    assert chair(bench).part_ids == (0, 1, 2, 3, 4, 5, 6)
    assert bench.document.selection.of_shape("s1") == (6,)
    select(bench)
    assert bench.editor.duplicate_selection()
    assert [shape.name for shape in bench.document.scene] == ["Chair 1", "Chair 2"]
    assert bench.document.scene.shape("s2").position == (2.2, 0.0, 0.0)


def test_mirror_and_swap(bench: Bench) -> None:
    add_second(bench)
    select(bench, LEG)
    bench.editor.twins_enabled = False
    bench.editor.transform_selection(moved(y=-0.01), "Move leg")
    assert bench.editor.mirror_selection()
    rows = chair(bench).extrinsics[[LEG, OTHER_LEG], :3]
    np.testing.assert_allclose(rows[0] * (-1, 1, 1), rows[1], atol=1e-6)
    refs = frozenset({PartRef("s1", BACK), PartRef("s2", BACK)})
    ours, theirs = chair(bench).intrinsics[BACK], bench.document.scene.shape("s2").intrinsics[BACK]
    bench.document.set_selection(Selection(refs, "s1"))
    assert bench.editor.swap_selection()
    assert np.array_equal(chair(bench).intrinsics[-1], theirs)
    assert np.array_equal(bench.document.scene.shape("s2").intrinsics[-1], ours)


def test_hide_isolate_show_and_lock_are_undo_steps(bench: Bench) -> None:
    add_second(bench)
    steps = bench.document.stack.count()
    select(bench, BACK, SEAT)
    assert bench.editor.hide_selection()
    assert bench.document.selection.parts == frozenset()
    assert [part.id for part in chair(bench).parts if not part.visible] == [SEAT, BACK]
    assert bench.editor.show_all()
    select(bench, LEG)
    assert bench.editor.isolate_selection()
    shown = [
        PartRef(shape.id, part.id) for shape in bench.document.scene for part in shape.parts if part.visible
    ]
    assert shown == [PartRef("s1", LEG)]
    assert bench.editor.toggle_lock()
    assert chair(bench).part(LEG).locked
    assert bench.editor.toggle_lock()
    assert not chair(bench).part(LEG).locked
    assert bench.document.stack.count() == steps + 5
    assert not bench.editor.set_locked([PartRef("s1", LEG)], False)
    assert bench.document.stack.count() == steps + 5


def test_names(bench: Bench) -> None:
    assert bench.editor.rename_part("s1", BACK, " slats ")
    assert chair(bench).part(BACK).name == "slats"
    assert not bench.editor.rename_part("s1", BACK, "  ")
    assert bench.editor.rename_shape("s1", "Throne")
    assert not bench.editor.rename_shape("s1", "Throne")
    assert bench.document.stack.count() == 2


# --- files --------------------------------------------------------------------------------------------


def test_an_encoded_mesh_becomes_a_shape_in_one_step(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "stool.obj"
    path.write_text("v 0 0 0\n")
    bench.editor.encode(path)
    assert [shape.name for shape in bench.document.scene] == ["Chair 1", "stool 1"]
    assert bench.document.stack.count() == 1
    bench.editor.encode(tmp_path / "missing.obj")
    assert "cannot be read" in bench.messages.last[0]
    assert bench.document.stack.count() == 1


def test_export_takes_visible_shapes_and_parts(bench: Bench, tmp_path: Path) -> None:
    add_second(bench)
    bench.editor.set_shape_visible("s2", False)
    bench.editor.set_visible([PartRef("s1", ARM)], False)
    bench.editor.export(tmp_path / "a.obj")
    bench.editor.export(tmp_path / "b.obj", 64, ["s1", "s2"], include_hidden=True)
    first, second = (request for request in bench.engine.requests if isinstance(request, Export))
    assert [len(shape.parts) for shape in first.shapes] == [5]
    assert [len(shape.parts) for shape in second.shapes] == [6, 6]
    assert "watertight" in bench.messages.last[0]
    bench.editor.set_shape_visible("s1", False)
    assert bench.editor.export(tmp_path / "c.obj") is None


# --- words --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ((BACK,), "back"),
        ((LEG, OTHER_LEG), "2 legs"),
        ((SEAT, BACK), "seat and back"),
        ((SEAT, BACK, ARM), "3 parts"),
        (tuple(range(6)), "all parts"),
        ((), "missing parts"),
    ],
)
def test_parts_in_words(parts: tuple[int, ...], words: str) -> None:
    assert parts_phrase(make_shape(), parts) == words


def test_titles_of_all_requests() -> None:
    base, source = make_shape(), make_shape(1, "s2", "Chair 2")
    requests: list[tuple[Sampled, str]] = [
        (Generate(text="x" * 60), f"Generate “{'x' * 39}…”"),
        (Complete(base=base, parts=(BACK,)), "Complete back of Chair 1"),
        (Mix(base=base, source=source, take=(ARM,)), "Mix in arm of Chair 2 of Chair 1"),
        (Vary(base=base, parts=(LEG, OTHER_LEG)), "Vary 2 legs of Chair 1"),
        (Refine(base=base), "Refine joints of Chair 1"),
        (TextEdit(base=base, parts=(BACK,), text="tall"), "Change back to “tall” of Chair 1"),
    ]
    assert [job_title(request) for request, _ in requests] == [title for _, title in requests]
    assert step_title(Refine(base=base), 3) == "Refine joints (seed 3)"
    assert job_title(Export(shapes=(base,), path="/a/b.glb")) == "Export b.glb"


def test_an_empty_scene_refuses_edits_in_words(inline_worker: EditWorker, document: Document) -> None:
    editor = Editor(document, inline_worker)
    messages = Messages(editor)
    document._load(Scene(), None)
    for attempt in (editor.vary, editor.refine, editor.complete, editor.duplicate_selection):
        assert not attempt()
        assert messages.last[1] == "warning"
