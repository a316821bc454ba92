"""Geometry of the explicit half of a part: its Gaussian.

Matrices act on column vectors (``p' = M p``) in the shape's frame: right-handed, y up, x = mirror axis.
Everything is computed in float64 and returned in the precision of the data.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.scene.shape import (
    AXES,
    CENTRE,
    EIGENVALUES,
    EXTRINSICS_WIDTH,
    MIN_EIGENVALUE,
    FloatArray,
    frozen_array,
)

DoubleArray = NDArray[np.float64]

DEFAULT_SIGMAS = 2.0
"""Standard deviations at which an ellipsoid is drawn and picked."""

SIMILARITY_TOLERANCE = 1e-6
"""Relative anisotropy below which a linear map counts as rotation (or reflection) times uniform scale."""

DEGENERATE_GAP = 0.05
"""Relative gap of two eigenvalues below which their axes are not told apart sharply (see `transform`)."""

_TINY_VARIANCE = 1e-12
_PERMUTATIONS = np.array([[0, 1, 2], [1, 2, 0], [2, 0, 1], [0, 2, 1], [2, 1, 0], [1, 0, 2]])
_PERMUTATION_SIGNS = np.array([1.0, 1.0, 1.0, -1.0, -1.0, -1.0])


def axes(extrinsics: FloatArray) -> FloatArray:
    """Axes of each Gaussian, float32 [P, 3, 3]; rows are the axes and may form a reflection."""
    return np.asarray(extrinsics)[:, AXES].reshape(-1, 3, 3)


def spreads(extrinsics: FloatArray) -> DoubleArray:
    """Symmetric square roots of the covariances, float64 [P, 3, 3], in domain units.

    Unlike axes and eigenvalues they do not depend on the order or the signs of the axes.
    """
    basis, variances = _basis_and_variances(extrinsics)
    result: DoubleArray = np.einsum("pki,pk,pkj->pij", basis, np.sqrt(np.maximum(variances, 0.0)), basis)
    return result


def covariances(extrinsics: FloatArray) -> DoubleArray:
    """Covariance of each Gaussian, float64 [P, 3, 3], in squared domain units."""
    basis, variances = _basis_and_variances(extrinsics)
    result: DoubleArray = np.einsum("pki,pk,pkj->pij", basis, variances, basis)
    return result


def ellipsoid_transforms(extrinsics: FloatArray, sigmas: float = DEFAULT_SIGMAS) -> DoubleArray:
    """Affine maps from the unit sphere to the ellipsoid at `sigmas` standard deviations.

    Returns
    -------
    float64 [P, 4, 4]
        Column k < 3 is semi-axis k, column 3 the centre. The determinant is negative where the axes form a
        reflection.
    """
    basis, variances = _basis_and_variances(extrinsics)
    radii = sigmas * np.sqrt(np.maximum(variances, _TINY_VARIANCE))
    matrices = np.zeros((len(basis), 4, 4))
    matrices[:, :3, :3] = (basis * radii[:, :, None]).transpose(0, 2, 1)
    matrices[:, :3, 3] = np.asarray(extrinsics, np.float64)[:, CENTRE]
    matrices[:, 3, 3] = 1.0
    return matrices


def mirrored(extrinsics: FloatArray) -> FloatArray:
    """Mirror images in the plane x = 0, float32 [P, 16].

    Centre and axes are multiplied by diag(-1, 1, 1), as SPAGHETTI does for the second half of its parts, so
    the handedness of the axes flips and applying it twice gives back the same bits.
    """
    result = np.array(extrinsics, np.float32)
    result[:, 0] *= -1.0
    result[:, [3, 6, 9]] *= -1.0
    return frozen_array(result, np.float32)


def affine_parts(matrix: object) -> tuple[DoubleArray, DoubleArray]:
    """Linear part [3, 3] and translation [3] of an affine 4x4 matrix.

    Raises
    ------
    ValueError
        If it is not 4x4, finite, affine (last row 0 0 0 1), invertible and within 1e6.
    """
    values = np.asarray(matrix, np.float64)
    if values.shape != (4, 4):
        raise ValueError(f"the matrix must be 4x4, not {list(values.shape)}")
    if not np.isfinite(values).all():
        raise ValueError("the matrix must be finite")
    if not np.array_equal(values[3], (0.0, 0.0, 0.0, 1.0)):
        raise ValueError("the matrix must be affine: its last row must be 0 0 0 1")
    linear = values[:3, :3]
    singular = np.linalg.svd(linear, compute_uv=False)
    if singular[0] > 1e6 or singular[2] < 1e-6:
        raise ValueError("the matrix flattens the parts or scales them beyond reason")
    if np.abs(values[:3, 3]).max() > 1e6:
        raise ValueError("the matrix moves the parts out of reach")
    return linear, values[:3, 3]


def transform(extrinsics: FloatArray, matrix: object) -> FloatArray:
    """Gaussians under an affine map.

    Rotation, reflection and uniform scale act on axes and eigenvalues directly, so the result is exact and
    the axes keep their order. Any other linear map L turns the covariance S into ``L S L^T``, which is
    diagonalised anew. Its eigenvectors come in no order, with no sign, and where eigenvalues coincide they
    turn wildly under tiny changes, so they are tied to the reference axes (the old ones turned by the
    rotation nearest to L):

    * order and signs are those with the largest product of cosines to the reference, of equal handedness;
    * between axes whose eigenvalues differ by less than `DEGENERATE_GAP` the split is blended towards the
      reference. A result thus tends to the Gaussian itself as L tends to the identity, round ones included,
      at the price of a covariance that is off by at most that fraction where it is nearly round anyway.
      (No choice of axes is continuous everywhere: a stretch much larger than the gap may exchange two.)

    Log-weights stay; eigenvalues do not sink below `MIN_EIGENVALUE` (unless they already were).

    Parameters
    ----------
    extrinsics : float32 [P, 16]
    matrix : array_like [4, 4]
        Affine, acting on column vectors in the shape's frame.

    Returns
    -------
    float32 [P, 16], read-only

    Raises
    ------
    ValueError
        If the matrix is not a finite, invertible, affine 4x4 matrix.
    """
    linear, translation = affine_parts(matrix)
    result = np.array(extrinsics, np.float32).reshape(-1, EXTRINSICS_WIDTH)
    identity = np.array_equal(linear, np.eye(3))
    if identity and not translation.any():
        return frozen_array(result, np.float32)
    result[:, CENTRE] = result[:, CENTRE].astype(np.float64) @ linear.T + translation
    if identity or not len(result):
        return frozen_array(result, np.float32)
    basis, variances = _basis_and_variances(result)
    floor = np.minimum(variances, MIN_EIGENVALUE)
    gram = linear.T @ linear
    square = float(np.trace(gram)) / 3.0
    if np.abs(gram - square * np.eye(3)).max() <= SIMILARITY_TOLERANCE * square:
        basis, variances = basis @ (linear.T / np.sqrt(square)), variances * square
    else:
        basis, variances = _rediagonalised(basis, variances, linear)
    result[:, AXES] = basis.reshape(-1, 9)
    result[:, EIGENVALUES] = np.maximum(variances, floor)
    return frozen_array(result, np.float32)


def _basis_and_variances(extrinsics: FloatArray) -> tuple[DoubleArray, DoubleArray]:
    values = np.asarray(extrinsics, np.float64).reshape(-1, EXTRINSICS_WIDTH)
    return values[:, AXES].reshape(-1, 3, 3), values[:, EIGENVALUES]


def _rediagonalised(
    basis: DoubleArray, variances: DoubleArray, linear: DoubleArray
) -> tuple[DoubleArray, DoubleArray]:
    """Axes [P, 3, 3] and variances [P, 3] of ``L S L^T``, tied to the old axes as `transform` says."""
    left, _, right = np.linalg.svd(linear)
    reference = basis @ (left @ right).T
    stretched = basis @ linear.T
    covariance = np.einsum("pki,pk,pkj->pij", stretched, variances, stretched)
    values, vectors = np.linalg.eigh(covariance)
    cosines = reference @ vectors
    # Among assignments of equal handedness the best product of cosines is at least 1/6 (the six signed
    # products add up to the determinant, 1), so no axis is ever matched to one it is orthogonal to.
    products = cosines[:, [0, 1, 2], _PERMUTATIONS].prod(axis=2) * _PERMUTATION_SIGNS
    best = (products * np.sign(np.linalg.det(cosines))[:, None]).argmax(axis=1)
    order = _PERMUTATIONS[best]
    values = np.take_along_axis(values, order, axis=1)
    cosines = np.take_along_axis(cosines, order[:, None, :], axis=2)
    eigenvectors = np.take_along_axis(vectors, order[:, None, :], axis=2).transpose(0, 2, 1)

    gaps = np.abs(values[:, :, None] - values[:, None, :])
    scale = np.maximum(np.abs(values[:, :, None]) + np.abs(values[:, None, :]), _TINY_VARIANCE)
    step = np.minimum(gaps / scale / DEGENERATE_GAP, 1.0)
    mixing = 1.0 - step * step * (3.0 - 2.0 * step)
    left_factors, _, right_factors = np.linalg.svd((mixing * cosines) @ eigenvectors)
    result = left_factors @ right_factors
    return result, np.einsum("pki,pij,pkj->pk", result, covariance, result)
