"""Instant edits: one undo step each, twins included, refusals in words."""

from __future__ import annotations

import numpy as np
import pytest

from core.scene.selection import PartRef, Selection
from tests.app.conftest import Bench
from tests.app.numpy_engine import make_shape
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
    select,
)


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
