"""Instant edits: what is not named keeps every bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.edits.instant import (
    MAX_PARTS,
    MIRROR,
    delete_parts,
    duplicate_parts,
    mirror_parts,
    swap_parts,
    transform_parts,
)
from core.edits.job import EditError
from core.scene.gaussians import mirrored, transform
from core.scene.shape import Shape
from core.scene.twins import find_twins, with_twins
from tests.core.scene.strategies import generators, make_shape, random_rotations, twin_extrinsics

pairs_and_singles = st.tuples(st.integers(1, 4), st.integers(0, 2))


def chair(rng: np.random.Generator, pairs: int = 2, singles: int = 1, shape_id: str = "s1") -> Shape:
    """Rows: `pairs` parts, their twins, `singles`; ids are not rows; labels come in pairs too."""
    shape = make_shape(twin_extrinsics(rng, pairs, singles), rng, shape_id, checkpoint="one")
    labels = ["leg"] * (2 * pairs) + ["seat"] * singles
    for part_id, label in zip(shape.part_ids, labels, strict=True):
        shape = shape.with_part(part_id, label=label, name=f"{label} {part_id}")
    return shape


def random_matrix(rng: np.random.Generator) -> np.ndarray:
    matrix = np.eye(4)
    matrix[:3, :3] = random_rotations(rng, 1)[0] * rng.uniform(0.7, 1.4)
    matrix[:3, 3] = rng.uniform(-0.2, 0.2, 3)
    return matrix


def some(rng: np.random.Generator, ids: tuple[int, ...]) -> list[int]:
    count = int(rng.integers(1, len(ids) + 1))
    return [int(part_id) for part_id in rng.permutation(ids)[:count]]


def part_bytes(shape: Shape, part_id: int) -> tuple[object, ...]:
    """Everything a shape holds of a part."""
    row = shape.row(part_id)
    return shape.extrinsics[row].tobytes(), shape.intrinsics[row].tobytes(), shape.parts[row]


def same_parts(before: Shape, after: Shape, ids: object) -> bool:
    return all(part_bytes(before, part_id) == part_bytes(after, part_id) for part_id in ids)  # type: ignore[attr-defined]


def lock_some(rng: np.random.Generator, shape: Shape, named: list[int]) -> Shape:
    for part_id in shape.part_ids:
        if part_id not in named and rng.random() < 0.4:
            shape = shape.with_part(part_id, locked=True)
    return shape


@given(generators, pairs_and_singles, st.booleans())
def test_transform_changes_named_parts_and_unlocked_twins_only(
    rng: np.random.Generator, counts: tuple[int, int], twins: bool
) -> None:
    shape = chair(rng, *counts)
    named = some(rng, shape.part_ids)
    shape = lock_some(rng, shape, named)
    matrix = random_matrix(rng)
    result = transform_parts(shape, iter(named), matrix, twins=twins)
    followers = [part for part in with_twins(shape, named) if part not in named] if twins else []
    assert same_parts(shape, result, set(shape.part_ids) - set(named) - set(followers))
    assert result.part_ids == shape.part_ids
    assert result.parts == shape.parts
    assert result.intrinsics.tobytes() == shape.intrinsics.tobytes()
    rows = shape.rows(named)
    assert result.extrinsics[rows].tobytes() == transform(shape.extrinsics[rows], matrix).tobytes()
    assert (result.id, result.name, result.checkpoint) == (shape.id, shape.name, shape.checkpoint)
    for part in followers:
        assert not shape.part(part).locked


@given(generators, st.integers(1, 4))
def test_a_symmetric_shape_stays_symmetric(rng: np.random.Generator, pairs: int) -> None:
    shape = chair(rng, pairs)
    matrix = random_matrix(rng)
    named = shape.part_ids[:pairs]
    result = transform_parts(shape, named, matrix)
    np.testing.assert_allclose(
        result.extrinsics[pairs : 2 * pairs], mirrored(result.extrinsics[:pairs]), atol=1e-6
    )
    back = transform_parts(result, named, np.linalg.inv(matrix), twins=False)
    np.testing.assert_allclose(back.extrinsics[:pairs], shape.extrinsics[:pairs], atol=2e-6)


def test_named_twins_both_get_the_matrix_itself() -> None:
    shape = chair(np.random.default_rng(0), 1, 0)
    matrix = np.eye(4)
    matrix[0, 3] = 0.125
    result = transform_parts(shape, shape.part_ids, matrix)
    np.testing.assert_allclose(result.extrinsics[:, 0], shape.extrinsics[:, 0] + 0.125, atol=1e-7)


def test_identity_changes_nothing_at_all() -> None:
    shape = chair(np.random.default_rng(0))
    assert transform_parts(shape, shape.part_ids[:1], np.eye(4)) is shape
    assert (MIRROR @ MIRROR == np.eye(4)).all()


@given(generators, pairs_and_singles, st.booleans())
def test_delete_keeps_the_rest(rng: np.random.Generator, counts: tuple[int, int], twins: bool) -> None:
    shape = chair(rng, *counts)
    named = some(rng, shape.part_ids[1:])
    shape = lock_some(rng, shape, named)
    gone = set(with_twins(shape, named)) if twins else set(named)
    if len(gone) == len(shape.parts):
        with pytest.raises(EditError, match="at least one part"):
            delete_parts(shape, named, twins=twins)
        return
    result = delete_parts(shape, named, twins=twins)
    assert result.part_ids == tuple(part for part in shape.part_ids if part not in gone)
    assert same_parts(shape, result, result.part_ids)


@given(generators, pairs_and_singles, st.booleans())
def test_duplicates_get_the_next_ids_and_keep_their_slot(
    rng: np.random.Generator, counts: tuple[int, int], twins: bool
) -> None:
    shape = chair(rng, *counts)
    named = some(rng, shape.part_ids)
    shape = lock_some(rng, shape, named).with_part(named[0], visible=False)
    copied = list(with_twins(shape, named)) if twins else named
    result = duplicate_parts(shape, named, (0.25, 0.5, 0.0), twins=twins)
    assert same_parts(shape, result, shape.part_ids)
    assert result.part_ids[: len(shape.parts)] == shape.part_ids
    start = max(shape.part_ids) + 1
    assert result.part_ids[len(shape.parts) :] == tuple(range(start, start + len(copied)))
    for original, copy in zip(copied, result.parts[len(shape.parts) :], strict=True):
        part = shape.part(original)
        assert (copy.slot, copy.label, copy.visible, copy.locked) == (
            part.slot,
            part.label,
            part.visible,
            False,
        )
        assert part.name in copy.origin
        row, new = shape.row(original), result.row(copy.id)
        assert result.intrinsics[new].tobytes() == shape.intrinsics[row].tobytes()
        assert result.extrinsics[new, 3:].tobytes() == shape.extrinsics[row, 3:].tobytes()
        sign = 1.0 if original in named else -1.0
        moved = shape.extrinsics[row, :3] + np.array([sign * 0.25, 0.5, 0.0])
        np.testing.assert_allclose(result.extrinsics[new, :3], moved, atol=1e-7)


def test_a_duplicate_in_place_is_bit_exact() -> None:
    shape = chair(np.random.default_rng(0))
    result = duplicate_parts(shape, shape.part_ids[:1])
    assert result.extrinsics[-1].tobytes() == shape.extrinsics[0].tobytes()


@given(generators, st.integers(1, 4))
def test_mirror_replaces_the_twin_and_adds_what_is_missing(rng: np.random.Generator, pairs: int) -> None:
    shape = chair(rng, pairs)
    named = some(rng, shape.part_ids[:pairs])
    result = mirror_parts(shape, named)
    twins = find_twins(shape.extrinsics)
    replaced = {shape.parts[twins[shape.row(part)]].id for part in named}
    assert result.part_ids == shape.part_ids
    assert same_parts(shape, result, set(shape.part_ids) - replaced)
    images = mirrored(shape.extrinsics)
    for part in named:
        row = shape.row(part)
        assert result.extrinsics[twins[row]].tobytes() == images[row].tobytes()
        assert result.intrinsics[twins[row]].tobytes() == shape.intrinsics[row].tobytes()
        assert result.parts[twins[row]].name == shape.parts[twins[row]].name
        assert result.parts[twins[row]].slot == shape.parts[twins[row]].slot

    single = shape.part_ids[-1]
    added = mirror_parts(shape, [single])
    assert same_parts(shape, added, shape.part_ids)
    assert added.part_ids == (*shape.part_ids, shape.next_part_id())
    assert added.extrinsics[-1].tobytes() == images[-1].tobytes()
    assert added.parts[-1].slot == shape.parts[-1].slot


def test_mirror_finds_a_twin_that_was_left_behind() -> None:
    shape = chair(np.random.default_rng(4), 2, 0)
    matrix = np.eye(4)
    matrix[:3, 3] = 0.05, 0.1, 0.05
    moved = transform_parts(shape, shape.part_ids[:1], matrix, twins=False)
    result = mirror_parts(moved, moved.part_ids[:1])
    assert result.part_ids == shape.part_ids
    assert result.extrinsics[2].tobytes() == mirrored(moved.extrinsics)[0].tobytes()
    other = moved.with_part(moved.part_ids[2], label="arm")
    assert len(mirror_parts(other, other.part_ids[:1]).parts) == len(other.parts) + 1


def test_of_two_named_twins_the_first_is_the_model() -> None:
    rng = np.random.default_rng(5)
    shape = chair(rng, 1, 0)
    left, right = shape.part_ids
    result = mirror_parts(shape, [right, left])
    assert part_bytes(result, right) == part_bytes(shape, right)
    assert result.intrinsics[0].tobytes() == shape.intrinsics[1].tobytes()


def test_mirror_skips_locked_twins_and_parts_on_the_plane() -> None:
    rng = np.random.default_rng(6)
    shape = chair(rng, 2, 1)
    on_plane = np.array(shape.extrinsics)
    on_plane[-1, 0] = 0.0
    on_plane[-1, 3:12] = np.eye(3).reshape(9)
    shape = shape.with_latents(on_plane, shape.intrinsics, shape.parts)
    first, second, first_twin, second_twin, seat = shape.part_ids
    with pytest.raises(EditError, match="mirror plane"):
        mirror_parts(shape, [seat])
    locked = shape.with_part(first_twin, locked=True)
    with pytest.raises(EditError, match="locked"):
        mirror_parts(locked, [first, seat])
    result = mirror_parts(locked, [first, second, seat])
    assert same_parts(locked, result, [first, second, first_twin, seat])
    assert result.part(second_twin).origin


@given(generators, pairs_and_singles, pairs_and_singles)
def test_swap_carries_bits_over_and_never_reuses_ids(
    rng: np.random.Generator, counts_a: tuple[int, int], counts_b: tuple[int, int]
) -> None:
    a, b = chair(rng, *counts_a), chair(rng, *counts_b, shape_id="s2")
    ids_a, ids_b = some(rng, a.part_ids), some(rng, b.part_ids)
    a, b = lock_some(rng, a, ids_a), lock_some(rng, b, ids_b)
    new_a, new_b = swap_parts(a, ids_a, b, ids_b)
    for old, ids, new, source, coming in ((a, ids_a, new_a, b, ids_b), (b, ids_b, new_b, a, ids_a)):
        stayed = tuple(part for part in old.part_ids if part not in ids)
        assert new.part_ids[: len(stayed)] == stayed
        assert same_parts(old, new, stayed)
        arrived = new.part_ids[len(stayed) :]
        assert arrived == tuple(range(old.next_part_id(), old.next_part_id() + len(coming)))
        for part, theirs in zip(arrived, coming, strict=True):
            assert part_bytes(new, part)[:2] == part_bytes(source, theirs)[:2]
            assert new.part(part).slot == source.part(theirs).slot
            assert new.part(part).name == source.part(theirs).name


def test_swap_may_move_one_way_but_not_empty_a_shape() -> None:
    rng = np.random.default_rng(7)
    a, b = chair(rng, 1, 1), chair(rng, 1, 1, shape_id="s2")
    new_a, new_b = swap_parts(a, [], b, b.part_ids[:1])
    assert (len(new_a.parts), len(new_b.parts)) == (4, 2)
    with pytest.raises(EditError, match="without any part"):
        swap_parts(a, [], b, b.part_ids)
    with pytest.raises(EditError, match="Select"):
        swap_parts(a, [], b, [])


def test_swap_needs_two_shapes_of_one_model() -> None:
    rng = np.random.default_rng(8)
    a, b = chair(rng), chair(rng, shape_id="s2")
    with pytest.raises(EditError, match="two different shapes"):
        swap_parts(a, a.part_ids[:1], a, a.part_ids[1:2])
    other = make_shape(np.array(b.extrinsics), rng, "s2", checkpoint="two")
    with pytest.raises(EditError, match="different models"):
        swap_parts(a, a.part_ids[:1], other, other.part_ids[:1])


@pytest.mark.parametrize("edit", ["transform", "delete", "duplicate", "mirror", "swap", "swap back"])
def test_every_edit_refuses_locked_unknown_and_no_parts(edit: str) -> None:
    rng = np.random.default_rng(9)
    shape, other = chair(rng), chair(rng, shape_id="s2")
    shape = shape.with_part(shape.part_ids[0], locked=True)

    def run(ids: list[int]) -> object:
        if edit == "transform":
            return transform_parts(shape, ids, MIRROR)
        if edit == "delete":
            return delete_parts(shape, ids)
        if edit == "duplicate":
            return duplicate_parts(shape, ids, (0.1, 0.0, 0.0))
        if edit == "mirror":
            return mirror_parts(shape, ids)
        if edit == "swap":
            return swap_parts(shape, ids, other, other.part_ids[:1] if ids else [])
        return swap_parts(other, other.part_ids[:1] if ids else [], shape, ids)

    with pytest.raises(EditError, match="leg 2 is locked"):
        run([shape.part_ids[1], shape.part_ids[0]])
    with pytest.raises(EditError, match="does not have that part"):
        run([12345])
    with pytest.raises(EditError, match="Select"):
        run([])


@pytest.mark.parametrize(
    "matrix",
    [
        np.zeros((4, 4)),
        np.full((4, 4), np.inf),
        np.eye(3),
        np.array([[1, 0, 0, 500], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]),
        np.diag([1e5, 1e5, 1e5, 1.0]),
    ],
)
def test_unusable_matrices_and_lost_parts_are_refused_in_words(matrix: np.ndarray) -> None:
    shape = chair(np.random.default_rng(10))
    with pytest.raises(EditError, match=r"\.$"):
        transform_parts(shape, shape.part_ids[:1], matrix)


def test_offsets_are_checked_and_parts_are_bounded() -> None:
    shape = chair(np.random.default_rng(11))
    for offset in ((np.nan, 0.0, 0.0), (1e300, 0.0, 0.0)):
        with pytest.raises(EditError):
            duplicate_parts(shape, shape.part_ids[:1], offset)
    while 2 * len(shape.parts) <= MAX_PARTS:
        shape = duplicate_parts(shape, shape.part_ids)
    with pytest.raises(EditError, match="at most"):
        duplicate_parts(shape, shape.part_ids)
