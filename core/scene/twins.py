"""Mirror twins: which parts are each other's image in the plane x = 0, found from geometry alone."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from core.scene.gaussians import DoubleArray, mirrored, spreads
from core.scene.shape import CENTRE, FloatArray, IntArray, Shape

TWIN_TOLERANCE = 0.05
"""Largest distance, in domain units, between a part's mirror image and its twin."""


def mirror_distances(extrinsics: FloatArray) -> DoubleArray:
    """Distance between the mirror image of part i and part j, float64 [P, P], symmetric, domain units.

    ``sqrt(|c_i' - c_j|^2 + |S_i' - S_j|_F^2)`` with centres c and symmetric covariance roots S: an upper
    bound of the Wasserstein distance of the two Gaussians that ignores order and signs of the axes. The
    diagonal says how far a part is from being symmetric by itself.
    """
    features = _features(extrinsics)
    images = _features(mirrored(extrinsics))
    squared = (images**2).sum(1)[:, None] + (features**2).sum(1)[None, :] - 2.0 * images @ features.T
    squared = np.maximum(0.5 * (squared + squared.T), 0.0)
    distances: DoubleArray = np.sqrt(squared)
    return distances


def find_twins(extrinsics: FloatArray, tolerance: float = TWIN_TOLERANCE) -> IntArray:
    """Row of each part's mirror twin, or -1.

    Pairs are formed from the closest up, each part in one pair at most. A part that is clearly more
    symmetric by itself than with its best partner (a slat across the mirror plane beside another slat) has
    no twin; two halves that lie on each other at the plane do.

    Parameters
    ----------
    extrinsics : float32 [P, 16]
    tolerance : float
        Largest `mirror_distances` of a pair.

    Returns
    -------
    int32 [P]
        An involution: ``twins[twins[i]] == i`` wherever ``twins[i] >= 0``.
    """
    count = len(extrinsics)
    twins = np.full(count, -1, np.int32)
    if count < 2:
        return twins
    distances = mirror_distances(extrinsics)
    own = np.diagonal(distances) + 1e-6
    allowed = (distances <= tolerance) & (own[:, None] >= 0.5 * distances) & (own[None] >= 0.5 * distances)
    first, second = np.nonzero(np.triu(allowed, 1))
    for index in np.argsort(distances[first, second], kind="stable"):
        i, j = int(first[index]), int(second[index])
        if twins[i] < 0 and twins[j] < 0:
            twins[i], twins[j] = j, i
    return twins


def with_twins(shape: Shape, part_ids: Iterable[int], locked: bool = False) -> tuple[int, ...]:
    """The given parts, in their order and once each, followed by their twins.

    Locked twins are left out unless `locked` is true; hidden ones are included, so that a symmetric shape
    stays symmetric when they are shown again.

    Raises
    ------
    KeyError
        If the shape has no such part.
    """
    ids = list(dict.fromkeys(part_ids))
    rows = shape.rows(ids)
    twins = find_twins(shape.extrinsics)
    for row in rows:
        if twins[row] >= 0:
            part = shape.parts[int(twins[row])]
            if part.id not in ids and (locked or not part.locked):
                ids.append(part.id)
    return tuple(ids)


def _features(extrinsics: FloatArray) -> DoubleArray:
    centres = np.asarray(extrinsics, np.float64)[:, CENTRE]
    return np.concatenate([centres, spreads(extrinsics).reshape(-1, 9)], axis=1)
