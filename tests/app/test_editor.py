"""The editor: requests from what is selected, candidates accepted or dropped, files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.document import ApplyEdit, Document
from app.editor import Editor
from app.worker import EditWorker
from core.edits.requests import (
    Complete,
    Export,
    Generate,
    Mix,
    TextEdit,
    Vary,
)
from core.scene.selection import PartRef, Selection
from tests.app.conftest import Bench, Messages
from tests.app.numpy_engine import NumpyEngine, make_shape
from tests.app.steps import (
    ARM,
    BACK,
    LEG,
    OTHER_ARM,
    OTHER_LEG,
    SEAT,
    add_second,
    chair,
    moved,
    only_candidates,
    select,
)


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
    assert np.array_equal(chair(bench).extrinsics[-1], make_shape(5).extrinsics[BACK])
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
    assert bench.editor.text_edit("rounder") is None
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


def test_an_empty_scene_refuses_edits_in_words(inline_worker: EditWorker, document: Document) -> None:
    editor = Editor(document, inline_worker)
    messages = Messages(editor)
    for attempt in (editor.vary, editor.refine, editor.complete, editor.duplicate_selection):
        assert not attempt()
        assert messages.last[1] == "warning"
