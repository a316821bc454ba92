"""Mirror twins from geometry."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.scene.gaussians import mirrored, transform
from core.scene.twins import find_twins, mirror_distances, with_twins
from tests.core.scene.strategies import generators, make_shape, random_extrinsics, twin_extrinsics


@given(generators, st.integers(0, 5), st.integers(0, 3), st.floats(0.0, 0.02))
def test_twins_are_found_in_any_order_and_with_noise(
    rng: np.random.Generator, pairs: int, singles: int, noise: float
) -> None:
    extrinsics = twin_extrinsics(rng, pairs, singles)
    extrinsics[:, :3] += rng.uniform(-0.5, 0.5, extrinsics[:, :3].shape) * noise
    expected = np.concatenate([np.arange(pairs) + pairs, np.arange(pairs), np.full(singles, -1)]).astype(
        np.int32
    )
    order = rng.permutation(len(extrinsics))
    place = np.argsort(order)
    shuffled = np.where(expected[order] >= 0, place[expected[order]], -1)
    twins = find_twins(extrinsics[order])
    assert twins.dtype == np.int32
    np.testing.assert_array_equal(twins, shuffled)


@given(generators)
def test_order_and_signs_of_axes_do_not_matter(rng: np.random.Generator) -> None:
    extrinsics = twin_extrinsics(rng, 3, 1)
    turned = extrinsics.copy()
    for row in range(3):
        order = rng.permutation(3)
        turned[row, 3:12] = (turned[row, 3:12].reshape(3, 3)[order] * rng.choice([-1, 1], (3, 1))).reshape(9)
        turned[row, 13:] = turned[row, 13:][order]
    np.testing.assert_array_equal(find_twins(turned), find_twins(extrinsics))


@given(generators)
def test_a_part_across_the_plane_has_no_twin_but_two_halves_on_it_have(rng: np.random.Generator) -> None:
    slats = random_extrinsics(rng, 2)
    slats[:, 3:12] = np.eye(3).reshape(9)
    slats[:, 0] = 0.0
    slats[1] = slats[0]
    slats[1, 1] += 0.03
    np.testing.assert_array_equal(find_twins(slats), [-1, -1])
    half = random_extrinsics(rng, 1)
    half[0, 0] = 0.004
    np.testing.assert_array_equal(find_twins(np.concatenate([half, mirrored(half)])), [1, 0])


def test_a_part_that_moved_away_is_nobodys_twin() -> None:
    extrinsics = twin_extrinsics(np.random.default_rng(2), 2, 0)
    moved = np.array(extrinsics)
    matrix = np.eye(4)
    matrix[1, 3] = 0.2
    moved[:1] = transform(moved[:1], matrix)
    np.testing.assert_array_equal(find_twins(moved), [-1, 3, -1, 1])
    np.testing.assert_array_equal(find_twins(moved, tolerance=0.25), [2, 3, 0, 1])
    assert mirror_distances(moved)[0, 2] == pytest.approx(0.2, abs=1e-6)


def test_few_parts_have_no_twins() -> None:
    assert find_twins(np.zeros((0, 16), np.float32)).shape == (0,)
    assert find_twins(random_extrinsics(np.random.default_rng(0), 1)).tolist() == [-1]


def test_with_twins_keeps_order_and_leaves_locked_twins_out() -> None:
    rng = np.random.default_rng(3)
    shape = make_shape(twin_extrinsics(rng, 2, 1), rng)
    first, second, first_twin, second_twin, single = shape.part_ids
    assert with_twins(shape, [second, single, second]) == (second, single, second_twin)
    assert with_twins(shape, [first_twin, first]) == (first_twin, first)
    locked = shape.with_part(first_twin, locked=True).with_part(second_twin, visible=False)
    assert with_twins(locked, [first, second]) == (first, second, second_twin)
    assert with_twins(locked, [first], locked=True) == (first, first_twin)
    assert with_twins(replace(shape), []) == ()
    with pytest.raises(KeyError, match="no part 999"):
        with_twins(shape, [999])
