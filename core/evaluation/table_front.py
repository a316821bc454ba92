"""Fronts of drawers: what stands out a little from a body, seen from the front."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.meshing.solid import BoolArray

SEAM = 5
"""Cells that the body lies behind a front, at most."""

SMALLEST = (0.13, 0.05)
"""Least width and height of a front."""


def fronts(space: BoolArray, cell: float) -> int:
    """Rectangles that stand out a little from what is around them, seen from +z, in cells [x, y, z]."""
    size = space.shape[2]
    depth = np.where(space.any(axis=2), size - 1 - space[:, :, ::-1].argmax(axis=2), -size)
    counts = np.bincount(depth[depth >= 0], minlength=1)
    found = 0
    taken = np.zeros_like(depth, bool)
    for face in np.flatnonzero(counts >= 30)[::-1]:
        labels, _ = ndimage.label(depth >= face)
        for label, (xs, ys) in enumerate(ndimage.find_objects(labels), 1):
            front = labels[xs, ys] == label
            wide, high = (length * cell for length in front.shape)
            if wide < SMALLEST[0] or high < SMALLEST[1] or front.mean() < 0.85 or taken[xs, ys].any():
                continue
            flat = depth[xs, ys][front]
            if (np.abs(flat - face) <= 1).mean() > 0.5 and _set_off(depth, xs, ys, int(face)):
                found += 1
                taken[xs, ys] = True
    return found


def _set_off(depth: NDArray[np.int64], xs: slice, ys: slice, face: int) -> bool:
    """Whether a seam, a little behind the face, runs along at least three sides of a rectangle."""
    sides, steps = 0, []
    for line in (
        depth[xs.start - 1, ys] if xs.start else depth[:0, 0],
        depth[xs.stop, ys] if xs.stop < depth.shape[0] else depth[:0, 0],
        depth[xs, ys.start - 1] if ys.start else depth[:0, 0],
        depth[xs, ys.stop] if ys.stop < depth.shape[1] else depth[:0, 0],
    ):
        behind = face - line
        near = (behind >= 1) & (behind <= SEAM)
        if len(line) and near.mean() > 0.6:
            sides += 1
            steps.append(float(behind[near].mean()))
    return sides >= 3 and float(np.mean(steps)) > 1.4  # round bodies fall off more slowly
