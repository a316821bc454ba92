"""Distances between point clouds and sets of them, and what the literature computes from them.

Clouds are float32 [N, P, 3]. Chamfer distances are squared: the mean squared distance of every point to the
other cloud, summed over both directions (Achlioptas et al. 2018; Yang et al. 2019, PointFlow, eq. 14).
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from torch import Tensor

from core.scene.shape import FloatArray

DoubleArray = NDArray[np.float64]

EMD_POINTS = 256
"""Points of each cloud that are assigned to one another: an exact assignment takes some 5 ms, and its cost
grows with the cube of the number."""

_BLOCK = {"cpu": 1 << 23, "cuda": 1 << 28}
"""Numbers in one block of squared distances."""


def unit_box(clouds: FloatArray) -> FloatArray:
    """Clouds [N, P, 3] with their bounding boxes centred at the origin and longest sides of length 1."""
    low, high = clouds.min(axis=1, keepdims=True), clouds.max(axis=1, keepdims=True)
    longest = np.maximum((high - low).max(axis=2, keepdims=True), 1e-9)
    return ((clouds - 0.5 * (low + high)) / longest).astype(np.float32)


def _one_way(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """Mean squared distances a -> b and b -> a of one cloud a [P, 3] to clouds b [M, Q, 3]; each [M]."""
    squared = (a * a).sum(-1)[None, :, None] + (b * b).sum(-1)[:, None, :]
    squared = torch.baddbmm(squared, a.expand(len(b), -1, -1), b.transpose(1, 2), alpha=-2.0)
    return squared.amin(2).clamp(min=0).mean(1), squared.amin(1).clamp(min=0).mean(1)


@torch.inference_mode()
def chamfer_matrix(first: FloatArray, second: FloatArray | None = None, device: str = "cpu") -> DoubleArray:
    """Chamfer distances of all pairs.

    Parameters
    ----------
    first : [N, P, 3]
    second : [M, Q, 3], optional
        If none, distances within `first`; only half of them are computed.
    device : str

    Returns
    -------
    float64 [N, M]
    """
    same = second is None
    a = torch.from_numpy(np.ascontiguousarray(first)).to(device)
    b = a if second is None else torch.from_numpy(np.ascontiguousarray(second)).to(device)
    result = np.zeros((len(a), len(b)))
    step = max(1, _BLOCK[torch.device(device).type] // (a.shape[1] * b.shape[1]))
    for row in range(len(a)):
        for start in range(row + 1 if same else 0, len(b), step):
            forth, back = _one_way(a[row], b[start : start + step])
            result[row, start : start + step] = (forth + back).double().cpu().numpy()
    return result + result.T if same else result


def emd_matrix(first: FloatArray, second: FloatArray | None = None, points: int = EMD_POINTS) -> DoubleArray:
    """Earth mover's distances of all pairs: mean distance under the best one-to-one assignment.

    Exact for the first `points` points of every cloud (clouds are random samples, so any points will do).
    Approximate solvers on all 2,048 points are usual on a GPU; on a processor an exact answer for fewer
    points is what one can afford. Fewer points raise all distances alike, those of the corpus too.

    Returns
    -------
    float64 [N, M]
    """
    same = second is None
    a = first[:, :points].astype(np.float64)
    b = a if second is None else second[:, :points].astype(np.float64)
    if a.shape[1] != b.shape[1]:
        raise ValueError(f"clouds of {a.shape[1]} and {b.shape[1]} points cannot be assigned to one another")
    result = np.zeros((len(a), len(b)))
    for row in range(len(a)):
        for column in range(row + 1 if same else 0, len(b)):
            squared = (a[row] ** 2).sum(1)[:, None] + (b[column] ** 2).sum(1) - 2.0 * a[row] @ b[column].T
            cost = np.sqrt(np.maximum(squared, 0.0))
            result[row, column] = cost[linear_sum_assignment(cost)].mean()
    return result + result.T if same else result


def minimum_matching(between: DoubleArray) -> float:
    """MMD: mean distance of every reference to the nearest sample (Achlioptas et al. 2018).

    between : [samples, references].
    """
    return float(between.min(axis=0).mean())


def coverage(between: DoubleArray) -> float:
    """COV: share of the references that are the nearest one of some sample (Achlioptas et al. 2018).

    between : [samples, references].
    """
    return len(np.unique(between.argmin(axis=1))) / between.shape[1]


def nearest_neighbour_accuracy(samples: DoubleArray, between: DoubleArray, references: DoubleArray) -> float:
    """1-NNA: leave-one-out accuracy of telling samples from references by the nearest neighbour's kind.

    0.5 is best, 1 is worst (Lopez-Paz and Oquab 2017; Yang et al. 2019, PointFlow, section 5.1).

    Parameters
    ----------
    samples : [N, N]
    between : [N, M]
    references : [M, M]
    """
    distances = np.block([[samples, between], [between.T, references]])
    np.fill_diagonal(distances, np.inf)
    kinds = np.arange(len(distances)) < len(samples)
    return float((kinds[distances.argmin(axis=1)] == kinds).mean())


def total_mutual_difference(clouds: FloatArray, device: str = "cpu") -> float:
    """TMD of ten completions: ten times the mean Chamfer distance between two of them (Wu et al. 2020).

    Wu et al. sum, over ten completions, the average distance to the nine others; the mean does not depend on
    how many there are, so that fewer give an estimate of the same figure.
    """
    count = len(clouds)
    if count < 2:
        return 0.0
    return 10.0 * float(chamfer_matrix(clouds, device=device).sum()) / (count * (count - 1))


def frechet(first: DoubleArray, second: DoubleArray) -> float:
    """Frechet distance of two sets of features [N, D], [M, D], as normal distributions (Heusel et al. 2017).

    ``|m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2))``.
    """
    gap = first.mean(0) - second.mean(0)
    one, two = np.atleast_2d(np.cov(first.T)), np.atleast_2d(np.cov(second.T))
    values, vectors = np.linalg.eigh(one)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    cross = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ two @ root), 0.0)).sum()
    return float(gap @ gap + np.trace(one) + np.trace(two) - 2.0 * cross)
