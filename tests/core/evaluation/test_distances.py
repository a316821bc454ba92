"""Distances and set figures against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from core.evaluation.distances import (
    chamfer_matrix,
    coverage,
    emd_matrix,
    frechet,
    minimum_matching,
    nearest_neighbour_accuracy,
    total_mutual_difference,
    unit_box,
)

RNG = np.random.default_rng(5)


def clouds(count: int, points: int = 40, offset: float = 0.0) -> np.ndarray:
    return (RNG.random((count, points, 3)) + offset).astype(np.float32)


def test_chamfer_of_a_far_shifted_copy_is_twice_the_squared_shift() -> None:
    grid = np.stack(np.meshgrid(*3 * [np.arange(4.0)]), -1).reshape(1, -1, 3).astype(np.float32)
    shifted = grid + np.array([0.0, 0.3, 0.0], np.float32)
    assert chamfer_matrix(grid, shifted)[0, 0] == pytest.approx(2 * 0.09, abs=1e-5)
    assert chamfer_matrix(grid, grid)[0, 0] == pytest.approx(0.0, abs=1e-5)


def test_chamfer_is_what_plain_numpy_says() -> None:
    a, b = clouds(2, 30), clouds(3, 50)
    found = chamfer_matrix(a, b)
    for i in range(2):
        for j in range(3):
            squared = cdist(a[i], b[j]) ** 2
            assert found[i, j] == pytest.approx(squared.min(0).mean() + squared.min(1).mean(), abs=1e-5)


def test_distances_within_a_set_are_symmetric_and_zero_to_oneself() -> None:
    a = clouds(4)
    for matrix, full in ((chamfer_matrix(a), chamfer_matrix(a, a)), (emd_matrix(a), emd_matrix(a, a))):
        np.testing.assert_allclose(matrix, matrix.T)
        np.testing.assert_allclose(matrix, full, atol=1e-5)


def test_emd_of_a_shifted_copy_is_the_shift_whatever_the_order() -> None:
    a = clouds(1, 60)
    b = a[:, RNG.permutation(60)] + np.array([0.0, 0.0, 0.25], np.float32)
    assert emd_matrix(a, b)[0, 0] == pytest.approx(0.25, abs=1e-6)


def test_emd_needs_equally_many_points() -> None:
    with pytest.raises(ValueError, match="40 and 30"):
        emd_matrix(clouds(1, 40), clouds(1, 30))


def test_unit_boxes_are_centred_with_a_longest_side_of_one() -> None:
    boxed = unit_box(clouds(3, offset=7.0) * np.array([1.0, 4.0, 2.0], np.float32))
    low, high = boxed.min(1), boxed.max(1)
    np.testing.assert_allclose(low + high, 0.0, atol=1e-5)
    np.testing.assert_allclose((high - low).max(1), 1.0, atol=1e-5)


def test_mmd_and_coverage_of_a_small_table() -> None:
    # rows: samples, columns: references
    between = np.array([[1.0, 5.0, 9.0], [2.0, 6.0, 9.0], [7.0, 3.0, 8.0]])
    assert minimum_matching(between) == pytest.approx((1 + 3 + 8) / 3)
    assert coverage(between) == pytest.approx(2 / 3)


def accuracy(a: np.ndarray, b: np.ndarray) -> float:
    return nearest_neighbour_accuracy(cdist(a, a), cdist(a, b), cdist(b, b))


def test_disjoint_sets_are_told_apart_and_equal_ones_are_not() -> None:
    near, far = RNG.normal(size=(60, 2)), RNG.normal(size=(60, 2)) + 100
    assert accuracy(near, far) == 1.0
    same = [accuracy(RNG.normal(size=(200, 2)), RNG.normal(size=(200, 2))) for _ in range(4)]
    assert np.mean(same) == pytest.approx(0.5, abs=0.05)


def test_a_copied_set_is_never_told_right() -> None:
    points = RNG.normal(size=(30, 2))
    assert accuracy(points, points) == 0.0


def test_total_mutual_difference_does_not_depend_on_the_count() -> None:
    two = clouds(2)
    distance = chamfer_matrix(two)[0, 1]
    assert total_mutual_difference(two) == pytest.approx(10 * distance)
    assert total_mutual_difference(two[[0, 1, 0, 1]]) == pytest.approx(10 * distance * 8 / 12, rel=1e-4)
    assert total_mutual_difference(two[:1]) == 0.0


def test_frechet_of_shifted_and_scaled_normals() -> None:
    a = RNG.normal(size=(4000, 2))
    assert frechet(a, a) == pytest.approx(0.0, abs=1e-9)
    assert frechet(a, a + np.array([3.0, 0.0])) == pytest.approx(9.0, abs=1e-6)
    # the same normal, twice as wide: (2 - 1)^2 per dimension
    assert frechet(a, 2 * (a - a.mean(0)) + a.mean(0)) == pytest.approx(2.0, abs=0.1)
