"""Gaussians under affine maps: exact where they can be, continuous where they cannot."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.scene.gaussians import (
    DEGENERATE_GAP,
    axes,
    covariances,
    ellipsoid_transforms,
    mirrored,
    spreads,
    transform,
)
from core.scene.shape import MIN_EIGENVALUE
from tests.core.scene.strategies import generators, random_extrinsics, random_rotations


def affine(linear: np.ndarray, translation: np.ndarray | None = None) -> np.ndarray:
    matrix = np.eye(4)
    matrix[:3, :3] = linear
    if translation is not None:
        matrix[:3, 3] = translation
    return matrix


def stretch(rng: np.random.Generator, amount: float) -> np.ndarray:
    """A symmetric stretch with scales within 1 +- amount along random directions."""
    directions = random_rotations(rng, 1)[0]
    return directions.T @ np.diag(1.0 + amount * rng.uniform(-1.0, 1.0, 3)) @ directions


@given(generators, st.integers(1, 6))
def test_rigid_motion_turns_axes_and_keeps_eigenvalues_bit_exact(
    rng: np.random.Generator, count: int
) -> None:
    extrinsics = random_extrinsics(rng, count)
    rotation, translation = random_rotations(rng, 1)[0], rng.uniform(-1, 1, 3)
    result = transform(extrinsics, affine(rotation, translation))
    np.testing.assert_allclose(axes(result), axes(extrinsics) @ rotation.T, atol=2e-7)
    np.testing.assert_allclose(result[:, :3], extrinsics[:, :3] @ rotation.T + translation, atol=2e-7)
    assert result[:, 12:].tobytes() == extrinsics[:, 12:].tobytes()
    assert (np.sign(np.linalg.det(axes(result))) == np.sign(np.linalg.det(axes(extrinsics)))).all()


@given(generators, st.floats(0.2, 4.0))
def test_uniform_scale_multiplies_variances_and_leaves_axes_alone(
    rng: np.random.Generator, scale: float
) -> None:
    extrinsics = random_extrinsics(rng, 5)
    extrinsics[:, 13:] += 0.01
    result = transform(extrinsics, affine(scale * np.eye(3)))
    assert result[:, 3:13].tobytes() == extrinsics[:, 3:13].tobytes()
    np.testing.assert_allclose(result[:, 13:], extrinsics[:, 13:] * scale**2, rtol=3e-7)
    np.testing.assert_allclose(result[:, :3], extrinsics[:, :3] * scale, rtol=3e-7)


@given(generators)
def test_translation_touches_only_centres_and_identity_nothing(rng: np.random.Generator) -> None:
    extrinsics = random_extrinsics(rng, 4)
    extrinsics[0, 0] = -0.0
    moved = transform(extrinsics, affine(np.eye(3), np.array([0.1, 0.0, -0.2])))
    assert moved[:, 3:].tobytes() == extrinsics[:, 3:].tobytes()
    assert (moved[:, 0] != extrinsics[:, 0]).all()
    assert transform(extrinsics, np.eye(4)).tobytes() == extrinsics.tobytes()


@given(generators)
def test_any_affine_map_acts_on_the_covariance(rng: np.random.Generator) -> None:
    """L S L^T up to float32 where the result is not nearly round, within the stated gap everywhere."""
    extrinsics = random_extrinsics(rng, 8)
    extrinsics[:, 13:] = np.exp(rng.uniform(np.log(0.01), np.log(0.5), (8, 3)))
    linear = np.eye(3) + rng.uniform(-0.4, 0.4, (3, 3))
    wanted = linear @ covariances(extrinsics) @ linear.T
    result = transform(extrinsics, affine(linear))
    got = covariances(result)
    size = np.abs(wanted).max(axis=(1, 2))
    error = np.abs(got - wanted).max(axis=(1, 2)) / size
    assert error.max() <= DEGENERATE_GAP
    values = np.sort(np.linalg.eigvalsh(wanted), axis=1)
    gaps = (np.diff(values, axis=1) / (values[:, 1:] + values[:, :-1])).min(axis=1)
    assert (error[gaps > DEGENERATE_GAP] < 1e-6).all()
    basis = axes(result).astype(np.float64)
    np.testing.assert_allclose(
        basis @ basis.transpose(0, 2, 1), np.broadcast_to(np.eye(3), (8, 3, 3)), atol=1e-6
    )


@given(generators)
def test_axes_keep_order_sign_and_handedness(rng: np.random.Generator) -> None:
    """No column is permuted or flipped by a stretch of a few per cent, and reflections stay reflections."""
    extrinsics = random_extrinsics(rng, 8)
    extrinsics[:, 13:] = 0.05 * np.array([1.0, 0.5, 0.2]) * np.exp(rng.uniform(-0.1, 0.1, (8, 3)))
    result = transform(extrinsics, affine(stretch(rng, 0.05)))
    cosines = (axes(result) * axes(extrinsics)).sum(axis=2)
    assert cosines.min() > 0.9
    assert (np.sign(np.linalg.det(axes(result))) == np.sign(np.linalg.det(axes(extrinsics)))).all()


@given(generators, st.sampled_from([(1.0, 1.0, 1.0), (1.0, 1.0, 0.1), (1.0, 0.1, 0.1), (1.0, 1.01, 0.99)]))
def test_small_stretches_are_small_changes_even_of_round_gaussians(
    rng: np.random.Generator, proportions: tuple[float, float, float]
) -> None:
    """Where eigenvalues coincide, eigenvectors jump under any stretch; the result must not."""
    extrinsics = random_extrinsics(rng, 6)
    extrinsics[:, 13:] = 0.05 * np.array(proportions)
    direction = stretch(rng, 1.0) - np.eye(3)
    sizes = [1e-2, 1e-3, 1e-4, 1e-5]
    changes = []
    for size in sizes:
        result = transform(extrinsics, affine(np.eye(3) + size * direction))
        changes.append(np.abs(result - extrinsics).max())
    assert changes[-1] < 1e-3
    assert changes[-2] < 2e-2
    steps = [transform(extrinsics, affine(np.eye(3) + size * direction)) for size in np.linspace(0, 0.1, 101)]
    drawn = np.stack([covariances(step) for step in steps])
    assert np.abs(np.diff(drawn, axis=0)).max() < (DEGENERATE_GAP + 0.004) * drawn.max()


@given(generators)
def test_similarity_and_stretch_branches_agree_at_their_border(rng: np.random.Generator) -> None:
    extrinsics = random_extrinsics(rng, 5)
    rotation = random_rotations(rng, 1)[0]
    almost = rotation @ np.diag([1.0, 1.0, 1.0 + 1e-5])
    np.testing.assert_allclose(
        transform(extrinsics, affine(almost)), transform(extrinsics, affine(rotation)), atol=3e-4
    )


@given(generators)
def test_mirroring_is_the_reflection_and_its_own_inverse(rng: np.random.Generator) -> None:
    extrinsics = random_extrinsics(rng, 6)
    extrinsics[0, :6] = 0.0
    reflected = mirrored(extrinsics)
    assert mirrored(reflected).tobytes() == extrinsics.tobytes()
    np.testing.assert_allclose(reflected, transform(extrinsics, np.diag([-1.0, 1.0, 1.0, 1.0])), atol=1e-7)
    signs = np.sign(np.linalg.det(axes(extrinsics)[1:]))
    assert (np.sign(np.linalg.det(axes(reflected)[1:])) == -signs).all()


def test_shrinking_stops_at_the_smallest_eigenvalue() -> None:
    extrinsics = random_extrinsics(np.random.default_rng(1), 3)
    extrinsics[0, 13:] = 2e-5
    result = transform(extrinsics, affine(0.01 * np.eye(3)))
    assert result[0, 13:] == pytest.approx(2e-5)
    assert result[1:, 13:] == pytest.approx(MIN_EIGENVALUE)


@given(generators, st.floats(0.5, 3.0))
def test_ellipsoids_are_level_sets_of_the_gaussians(rng: np.random.Generator, sigmas: float) -> None:
    extrinsics = random_extrinsics(rng, 4)
    matrices = ellipsoid_transforms(extrinsics, sigmas)
    directions = rng.normal(size=(32, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    offsets = directions @ matrices[:, :3, :3].transpose(0, 2, 1)
    inverse = np.linalg.inv(covariances(extrinsics))
    distance = np.einsum("pni,pij,pnj->pn", offsets, inverse, offsets)
    np.testing.assert_allclose(distance, sigmas**2, rtol=1e-4)
    np.testing.assert_allclose(spreads(extrinsics) @ spreads(extrinsics), covariances(extrinsics), atol=1e-7)


def test_results_are_read_only_and_empty_sets_are_fine() -> None:
    extrinsics = random_extrinsics(np.random.default_rng(0), 2)
    assert not transform(extrinsics, affine(np.diag([1, 2, 3]))).flags.writeable
    assert not mirrored(extrinsics).flags.writeable
    assert transform(extrinsics[:0], affine(np.diag([1, 2, 3]))).shape == (0, 16)
    assert ellipsoid_transforms(extrinsics[:0]).shape == (0, 4, 4)


@pytest.mark.parametrize(
    "matrix",
    [
        np.eye(3),
        np.full((4, 4), np.nan),
        np.diag([1.0, 1.0, 0.0, 1.0]),
        np.diag([1.0, 1.0, 1.0, 2.0]),
        np.diag([1e9, 1.0, 1.0, 1.0]),
        affine(np.eye(3), np.array([1e300, 0.0, 0.0])),
    ],
)
def test_unusable_matrices_are_refused(matrix: np.ndarray) -> None:
    with pytest.raises(ValueError, match="the matrix"):
        transform(random_extrinsics(np.random.default_rng(0), 2), matrix)
