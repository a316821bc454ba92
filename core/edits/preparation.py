"""From a request to what the sampler needs: one shape with given parts, and which rows to sample.

Numpy only. Rows that are not sampled are the very arrays of the request's shapes, so "kept bit-exact"
holds by construction: the engine writes sampled rows into a copy and touches nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.edits.job import EditError
from core.edits.requests import Complete, Mix, Refine, TextEdit, Vary
from core.scene.shape import AXES, EIGENVALUES, EXTRINSICS_WIDTH, MIN_EIGENVALUE, Part, Shape

NOT_FINITE = "The model returned numbers that are not finite. Try another seed."
FARTHEST = 1e3
"""Largest number of a Gaussian a model may return, domain units; shapes lie within 1."""
LARGEST = 1e5
"""Largest number of a latent a model may return."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """A shape and the rows to sample, bool [P]; `strength` 1 = from noise, less = from what is there."""

    shape: Shape
    edit: NDArray[np.bool_]
    strength: float


def prepare(request: Complete | Mix | Vary | Refine | TextEdit, slot_count: int, width: int) -> Prepared:
    """Build the shape to sample in.

    Parameters
    ----------
    slot_count : int
        Slots of the checkpoint; `Complete` also fills those the shape has lost.
    width : int
        D of the checkpoint's intrinsics.

    Raises
    ------
    EditError
        If the request names no part, an unknown or a locked one, or shapes of another checkpoint.
    """
    _check_width(request.base, width)
    match request:
        case Complete():
            shape = _with_missing_slots(request.base, slot_count, width)
            fresh = [part.id for part in shape.parts if part.id not in request.base.part_ids]
            return _prepared(shape, [*request.parts, *fresh], 1.0)
        case Mix():
            return _mixed(request, width)
        case Refine() if not request.parts:
            return _prepared(
                request.base, [p.id for p in request.base.parts if not p.locked], request.strength
            )
        case _:
            return _prepared(request.base, request.parts, request.strength)


def _prepared(shape: Shape, part_ids: Iterable[int], strength: float) -> Prepared:
    chosen = tuple(dict.fromkeys(part_ids))
    if not chosen:
        raise EditError("No part is chosen. Select the parts to change first.")
    if not 0.0 <= strength <= 1.0:
        raise EditError(f"The strength must lie between 0 and 1, not {strength:g}.")
    refuse_locked(shape, chosen)
    edit = np.zeros(len(shape.parts), bool)
    edit[shape.rows(chosen)] = True
    return Prepared(shape, edit, strength)


def refuse_locked(shape: Shape, part_ids: Iterable[int]) -> None:
    """Raise EditError if a part is unknown or locked."""
    for part_id in part_ids:
        if part_id not in shape.part_ids:
            raise EditError(f"{shape.name} has no part {part_id}. Select one of its parts.")
        part = shape.part(part_id)
        if part.locked:
            raise EditError(f"{part.name} of {shape.name} is locked. Unlock it to change it.")


def _check_width(shape: Shape, width: int) -> None:
    if shape.intrinsics.shape[1] != width:
        raise EditError(
            f"{shape.name} was made with another model ({shape.checkpoint or 'unknown'}). "
            "Load that model to edit it."
        )


def _with_missing_slots(shape: Shape, slot_count: int, width: int) -> Shape:
    """Append an empty part for every slot of the checkpoint that no part of the shape came from."""
    present = {part.slot for part in shape.parts}
    missing = [slot for slot in range(slot_count) if slot not in present]
    if -1 in present:  # parts of unknown slots may be any of them
        missing = missing[: max(slot_count - len(shape.parts), 0)]
    first = shape.next_part_id()
    parts = [Part(id=first + index, slot=slot) for index, slot in enumerate(missing)]
    extrinsics = np.zeros((len(parts), EXTRINSICS_WIDTH), np.float32)
    extrinsics[:, [3, 7, 11]] = 1.0
    extrinsics[:, 13:] = 0.01
    return shape.with_latents(
        np.concatenate((shape.extrinsics, extrinsics)),
        np.concatenate((shape.intrinsics, np.zeros((len(parts), width), np.float32))),
        (*shape.parts, *parts),
    )


def _mixed(request: Mix, width: int) -> Prepared:
    """`base` without its parts `drop`, then the parts `take` of `source` with new ids."""
    base, source = request.base, request.source
    _check_width(source, width)
    if source.checkpoint != base.checkpoint:
        raise EditError(f"{source.name} and {base.name} were made with different models and cannot be mixed.")
    if not request.take:
        raise EditError(f"No part of {source.name} is chosen. Pick the parts to take from it.")
    refuse_locked(base, request.drop)
    for part_id in request.take:
        if part_id not in source.part_ids:
            raise EditError(f"{source.name} has no part {part_id}.")
    kept = base.subset(set(base.part_ids) - set(request.drop))
    rows = source.rows(request.take)
    first = base.next_part_id()
    # Groups are the base's: what comes in place of a part belongs to where that one did.
    groups = {part.label: part.group for part in base.parts if part.id in request.drop}
    taken = [
        replace(
            source.parts[row],
            id=first + index,
            locked=False,
            visible=True,
            group=groups.get(source.parts[row].label, ""),
        )
        for index, row in enumerate(rows)
    ]
    shape = base.with_latents(
        np.concatenate((kept.extrinsics, source.extrinsics[rows])),
        np.concatenate((kept.intrinsics, source.intrinsics[rows])),
        (*kept.parts, *taken),
    )
    edit = np.zeros(len(shape.parts), bool)
    edit[len(kept.parts) :] = True
    if not 0.0 <= request.strength <= 1.0:
        raise EditError(f"The strength must lie between 0 and 1, not {request.strength:g}.")
    return Prepared(shape, edit, request.strength)


def merged(
    prepared: Prepared,
    extrinsics: NDArray[np.float32],
    intrinsics: NDArray[np.float32],
    labels: list[str],
    origin: str,
) -> Shape:
    """The prepared shape with its edit rows replaced by sampled ones; every other row stays bit-exact.

    Raises
    ------
    EditError
        If sampled numbers are no usable parts.
    """
    shape, edit = prepared.shape, prepared.edit
    refuse_broken(extrinsics[edit], intrinsics[edit])
    new_extrinsics, new_intrinsics = shape.extrinsics.copy(), shape.intrinsics.copy()
    new_extrinsics[edit], new_intrinsics[edit] = extrinsics[edit], intrinsics[edit]
    parts = [
        relabelled(part, label, origin) if edited else part
        for part, label, edited in zip(shape.parts, labels, edit, strict=True)
    ]
    return shape.with_latents(new_extrinsics, new_intrinsics, parts)


def refuse_broken(extrinsics: NDArray[np.float32], intrinsics: NDArray[np.float32]) -> None:
    """Raise EditError if what a model returned is no usable part: extrinsics [P, 16], intrinsics [P, D]."""
    if not (np.isfinite(extrinsics).all() and np.isfinite(intrinsics).all()):
        raise EditError(NOT_FINITE)
    axes = extrinsics[:, AXES].reshape(-1, 3, 3).astype(np.float64)
    skewed = np.abs(axes @ axes.transpose(0, 2, 1) - np.eye(3)).max(initial=0.0) > 1e-3
    flat = (extrinsics[:, EIGENVALUES] < 0.999 * MIN_EIGENVALUE).any()
    far = np.abs(extrinsics).max(initial=0.0) > FARTHEST or np.abs(intrinsics).max(initial=0.0) > LARGEST
    if skewed or flat or far:
        raise EditError("The model returned parts that are far away or have no size. Try another seed.")


def relabelled(part: Part, label: str, origin: str) -> Part:
    """The part with another label, and name unless a person gave it one."""
    renamed_by_person = part.name not in (part.label, "part")
    return replace(part, label=label, name=part.name if renamed_by_person else label, origin=origin)
