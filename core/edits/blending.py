"""Blends: shapes, or parts of a shape, between two states. Needs no model.

The two ends are the shape itself and another state: a candidate for it, or another shape of the same model.
On the way the middle of a part goes straight, its axes turn by the one rotation that leads from end to end,
its variances go in log space, and its latent along the sphere that latents lie near.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.edits.job import EditError
from core.edits.proposals import all_unlocked, base_of, unlocked
from core.edits.requests import Sampled
from core.edits.results import Candidate
from core.scene.gaussians import axes
from core.scene.shape import AXES, CENTRE, EIGENVALUES, LOG_WEIGHT, FloatArray, Shape
from core.scene.twins import with_twins

DoubleArray = NDArray[np.float64]

NEARLY_PARALLEL = 1e-4
"""Angle in radians below which two latents are mixed in a straight line."""


def blend_parts(
    shape: Shape, other: Shape, amount: float, part_ids: Iterable[int] = (), twins: bool = False
) -> Shape:
    """`shape` with parts on the way to their counterparts in `other`; see `counterparts`.

    At 1 a part has the very numbers of its counterpart. Names, labels and flags stay, parts without a
    counterpart too.

    Parameters
    ----------
    amount : float
        0 = as `shape` is, 1 = as `other` is.
    part_ids : iterable of int
        Default: every unlocked part.
    twins : bool
        Whether unlocked twins of the parts come along.

    Returns
    -------
    Shape
        `shape` itself if the amount is 0.

    Raises
    ------
    EditError
        If the amount is not in [0, 1], the shapes are of different models, a named part is unknown or
        locked, or none of them has a counterpart.
    """
    if not 0.0 <= amount <= 1.0:
        raise EditError(f"A blend goes from 0 to 1, not to {amount:g}.")
    if shape.checkpoint != other.checkpoint or shape.intrinsics.shape[1] != other.intrinsics.shape[1]:
        raise EditError(f"{shape.name} and {other.name} come from different models and cannot be blended.")
    ids = unlocked(shape, list(dict.fromkeys(part_ids)))
    ids = (with_twins(shape, ids) if twins else ids) or all_unlocked(shape)
    found = counterparts(shape, other, ids)
    if not found:
        raise EditError(f"{other.name} has no parts like these. Select others, or blend whole shapes.")
    if amount == 0.0:
        return shape
    rows, other_rows = shape.rows(found), other.rows(found.values())
    extrinsics, intrinsics = np.array(shape.extrinsics), np.array(shape.intrinsics)
    if amount == 1.0:
        extrinsics[rows], intrinsics[rows] = other.extrinsics[other_rows], other.intrinsics[other_rows]
    else:
        extrinsics[rows] = _gaussians(extrinsics[rows], other.extrinsics[other_rows], amount)
        intrinsics[rows] = _latents(intrinsics[rows], other.intrinsics[other_rows], amount)
    parts = list(shape.parts)
    for row in rows:
        parts[row] = replace(parts[row], origin=f"{parts[row].name} blended with {other.name}")
    return shape.with_latents(extrinsics, intrinsics, parts)


def counterparts(shape: Shape, other: Shape, part_ids: Collection[int]) -> dict[int, int]:
    """Which part of `other` each part is blended with, by id; parts that have none are left out.

    In another state of the same shape it is the part with the same id. Else it is the part of the same slot:
    a model's parts of one slot have axes of the same handedness, and latents that mean alike. Parts that are
    left, such as copies, get the nearest part of the same label that is left.
    """
    found: dict[int, int] = {}
    if other.id == shape.id:
        found = {part_id: part_id for part_id in part_ids if part_id in other.part_ids}
    else:
        slots, other_slots = _slots(shape), _slots(other)
        for slot in slots.keys() & other_slots.keys():
            if slots[slot] in part_ids:
                found[slots[slot]] = other_slots[slot]
    left = [part_id for part_id in part_ids if part_id not in found]
    free = [part_id for part_id in other.part_ids if part_id not in found.values()]
    if left and free:
        mine_at = shape.extrinsics[shape.rows(left), CENTRE]
        theirs_at = other.extrinsics[other.rows(free), CENTRE]
        gaps = np.linalg.norm(mine_at[:, None] - theirs_at[None], axis=2)
        for place in np.argsort(gaps, axis=None, kind="stable"):
            mine, theirs = left[place // len(free)], free[place % len(free)]
            alike = shape.part(mine).label == other.part(theirs).label
            if alike and mine not in found and theirs not in found.values():
                found[mine] = theirs
    return {part_id: found[part_id] for part_id in part_ids if part_id in found}


def candidate_state(candidate: Candidate, request: Sampled, shape: Shape) -> Shape:
    """A candidate as the other end of a blend of `shape`: of a candidate for it the ids mean the same."""
    base = base_of(request)
    state = replace(candidate.shape, name=f"candidate {candidate.seed}")
    return replace(state, id=shape.id) if base is not None and base.id == shape.id else state


def _slots(shape: Shape) -> dict[int, int]:
    """Part id by slot, of slots that one part has."""
    slots = [part.slot for part in shape.parts]
    return {part.slot: part.id for part in shape.parts if part.slot >= 0 and slots.count(part.slot) == 1}


def _gaussians(first: FloatArray, second: FloatArray, amount: float) -> DoubleArray:
    """Gaussians [P, 16] on the way from the first to the second."""
    start, end = first.astype(np.float64), second.astype(np.float64)
    result = (1.0 - amount) * start + amount * end
    logs = [np.log(np.maximum(values[:, EIGENVALUES], np.finfo(np.float32).tiny)) for values in (start, end)]
    result[:, EIGENVALUES] = np.exp((1.0 - amount) * logs[0] + amount * logs[1])
    result[:, AXES] = turned(axes(first), axes(second), amount).reshape(-1, 9)
    # Weights are logarithms already.
    result[:, LOG_WEIGHT] = (1.0 - amount) * start[:, LOG_WEIGHT] + amount * end[:, LOG_WEIGHT]
    return result


def turned(first: NDArray[np.floating], second: NDArray[np.floating], amount: float) -> DoubleArray:
    """Axes [P, 3, 3] (rows) turned from the first towards the second, by the shorter way.

    Where only one of the two is a reflection no rotation leads to the other. Then the axis that turns most is
    taken the other way round: the Gaussian is the same.
    """
    from scipy.spatial.transform import Rotation  # half a second that the window need not wait for

    start, end = np.asarray(first, np.float64), np.array(second, np.float64)
    cosines = np.einsum("pki,pki->pk", start, end)
    other_hand = np.flatnonzero(np.linalg.det(start) * np.linalg.det(end) < 0)
    end[other_hand, cosines[other_hand].argmin(axis=1)] *= -1.0
    between = np.einsum("pki,pkj->pij", start, end)
    way = Rotation.from_matrix(between).as_rotvec()
    result: DoubleArray = start @ Rotation.from_rotvec(amount * way).as_matrix()
    return result


def _latents(first: FloatArray, second: FloatArray, amount: float) -> DoubleArray:
    """Latents [P, D]: directions along the great circle, lengths in a straight line."""
    start, end = first.astype(np.float64), second.astype(np.float64)
    lengths = [np.linalg.norm(values, axis=1, keepdims=True) for values in (start, end)]
    straight = (1.0 - amount) * start + amount * end
    tiny = np.finfo(np.float32).tiny
    units = [values / np.maximum(length, tiny) for values, length in zip((start, end), lengths, strict=True)]
    angle = np.arccos(np.clip((units[0] * units[1]).sum(axis=1, keepdims=True), -1.0, 1.0))
    sine = np.sin(angle)
    # Parallel latents have no angle between them, opposite ones and zero no great circle of their own.
    round_ = (sine > NEARLY_PARALLEL) & (np.minimum(*lengths) > tiny)
    sine = np.where(round_, sine, 1.0)
    curved = (np.sin((1.0 - amount) * angle) * units[0] + np.sin(amount * angle) * units[1]) / sine
    return np.where(round_, curved * ((1.0 - amount) * lengths[0] + amount * lengths[1]), straight)
