"""Reordering: numbers and records go with their parts, and nothing else changes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.edits.job import EditError
from core.edits.ordering import moved_before, reorder_parts, reorder_shapes, step_target
from core.scene.palette import part_colors
from core.scene.scene import Scene
from core.scene.shape import Shape
from tests.core.scene.strategies import make_shape, random_extrinsics


def shape(count: int = 6, seed: int = 0, shape_id: str = "s1") -> Shape:
    rng = np.random.default_rng(seed)
    return make_shape(random_extrinsics(rng, count), rng, shape_id)


def numbers(of: Shape) -> dict[int, tuple[object, bytes, bytes]]:
    rows = zip(of.parts, of.extrinsics, of.intrinsics, strict=True)
    return {part.id: (part, gaussian.tobytes(), latent.tobytes()) for part, gaussian, latent in rows}


@given(st.data())
def test_every_part_keeps_its_numbers_and_its_record(data: st.DataObject) -> None:
    base = shape(seed=data.draw(st.integers(0, 50)))
    ids = data.draw(st.lists(st.sampled_from(base.part_ids), min_size=1, unique=True))
    before = data.draw(st.none() | st.sampled_from(base.part_ids))
    after = reorder_parts(base, ids, before)
    assert numbers(after) == numbers(base)
    start = after.part_ids.index(ids[0])
    assert after.part_ids[start : start + len(ids)] == tuple(ids)
    rest = [part_id for part_id in base.part_ids if part_id not in ids]
    assert [part_id for part_id in after.part_ids if part_id not in ids] == rest
    if before is None:
        assert after.part_ids[-1] == ids[-1]
    elif before not in ids:
        assert after.part_ids[start + len(ids)] == before
    colors = {part.id: tuple(color) for part, color in zip(base.parts, part_colors(base), strict=True)}
    assert colors == {part.id: tuple(c) for part, c in zip(after.parts, part_colors(after), strict=True)}


def test_the_same_order_is_the_same_shape() -> None:
    base = shape()
    assert reorder_parts(base, base.part_ids[1:3], base.part_ids[3]) is base
    assert reorder_parts(base, base.part_ids[1:3], base.part_ids[1]) is base
    assert reorder_parts(base, base.part_ids[-1:]) is base


def test_what_is_not_there_is_refused() -> None:
    base = shape()
    with pytest.raises(EditError, match="Select"):
        reorder_parts(base, ())
    for ids, before in (((99,), None), (base.part_ids[:1], 99)):
        with pytest.raises(EditError, match="does not have that part"):
            reorder_parts(base, ids, before)
    with pytest.raises(EditError, match="no longer"):
        reorder_shapes(Scene((base,)), ("s1",), "s7")


def test_shapes_change_their_order_and_not_their_places() -> None:
    scene = Scene(tuple(shape(2, number, f"s{number}") for number in range(1, 5)), ("chair",), {"x-a": 1})
    after = reorder_shapes(scene, ("s4", "s2"), "s1")
    assert [known.id for known in after] == ["s4", "s2", "s1", "s3"]
    assert all(after.shape(known.id) is known for known in scene)
    assert (after.prompts, after.extra) == (scene.prompts, scene.extra)
    assert reorder_shapes(scene, ("s4",)) is scene


@pytest.mark.parametrize(
    ("chosen", "step", "wanted"),
    [
        ("c", -1, "acbde"),
        ("c", 1, "abdce"),
        ("a", -1, "abcde"),
        ("e", 1, "abcde"),
        ("bc", -1, "bcade"),
        ("bc", 1, "adbce"),
        ("bd", -1, "bdace"),
        ("bd", 1, "acebd"),
        ("ac", -1, "acbde"),
        ("ce", 1, "abdce"),
        ("abcde", 1, "abcde"),
    ],
)
def test_a_step_takes_the_chosen_ones_past_their_neighbour(chosen: str, step: int, wanted: str) -> None:
    items = list("abcde")
    assert "".join(moved_before(items, list(chosen), step_target(items, chosen, step))) == wanted
