"""Edits that need no model: pure functions from shape to shape, done at once.

What every edit here keeps: parts that are not named (or twins of named ones, where asked) keep their numbers
and records bit for bit, in their order; ids are never reused within an edit; new parts get the next ids and
keep their slot.

Which flags each edit obeys:

================  =========================  ============================  ===========================
edit              a named part is locked     a twin is locked              hidden parts
================  =========================  ============================  ===========================
transform_parts   refused                    the twin stays as it is       edited like visible ones
delete_parts      refused                    the twin stays                deleted
duplicate_parts   refused                    the twin is not duplicated    copied; the copy is hidden
mirror_parts      refused                    the part is skipped (refused  mirrored; a new image is hidden,
                                             if nothing else is left)      a replaced twin keeps its flag
swap_parts        refused, in both shapes    twins are not looked for      exchanged; they stay hidden
================  =========================  ============================  ===========================

New parts are never locked. Visibility is a matter of display only; the lock is the barrier.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.edits.job import EditError
from core.scene.gaussians import affine_parts, mirrored, transform
from core.scene.groups import apart, group_names, groups_of_copies
from core.scene.shape import CENTRE, EIGENVALUES, FloatArray, IntArray, Part, Shape
from core.scene.twins import TWIN_TOLERANCE, find_twins, mirror_distances, with_twins

MIRROR = np.diag([-1.0, 1.0, 1.0, 1.0])
"""Reflection in the plane x = 0."""

MAX_PARTS = 1024
"""Parts a shape may have; scene files have the same limit."""

DUPLICATE_OFFSET = (0.15, 0.0, 0.15)
"""Where copies of parts land relative to their originals by default, domain units."""

FARTHEST = 100.0
"""Distance from the origin, and standard deviation, beyond which a part is taken for lost."""

_LOOSE_TOLERANCE = 0.25
"""How far from a part's mirror image `mirror_parts` looks for the part it is to replace."""


def transform_parts(shape: Shape, part_ids: Iterable[int], matrix: object, twins: bool = True) -> Shape:
    """Move, rotate, scale or shear parts; their twins follow with the mirrored transform.

    Named parts get `matrix` itself even if their twin is named too. Latents (intrinsics) stay.

    Parameters
    ----------
    part_ids : iterable of int
    matrix : array_like [4, 4]
        Affine, acting on column vectors in the shape's frame.
    twins : bool
        Whether twins that are not named and not locked follow.

    Returns
    -------
    Shape
        `shape` itself if the matrix is the identity.

    Raises
    ------
    EditError
        If nothing is named, a named part is unknown or locked, or the matrix is unusable.
    """
    ids = _editable(shape, part_ids)
    try:
        linear, translation = affine_parts(matrix)
    except ValueError as error:
        raise EditError(f"The parts cannot be transformed: {error}.") from error
    if np.array_equal(linear, np.eye(3)) and not translation.any():
        return shape
    values = np.asarray(matrix, np.float64)
    extrinsics = np.array(shape.extrinsics)
    rows = shape.rows(ids)
    extrinsics[rows] = transform(extrinsics[rows], values)
    if twins:
        follower_rows = shape.rows(with_twins(shape, ids)[len(ids) :])
        extrinsics[follower_rows] = transform(extrinsics[follower_rows], MIRROR @ values @ MIRROR)
        rows = rows + follower_rows
    _refuse_lost(extrinsics[rows])
    return replace(shape, extrinsics=extrinsics)


def delete_parts(shape: Shape, part_ids: Iterable[int], twins: bool = False) -> Shape:
    """Remove parts, with `twins` also their unlocked twins.

    Raises
    ------
    EditError
        If nothing is named, a named part is unknown or locked, or no part would be left.
    """
    ids = set(_with_twins(shape, _editable(shape, part_ids), twins))
    if len(ids) == len(shape.parts):
        raise EditError(f"A shape needs at least one part. Delete {shape.name} itself to remove all of it.")
    return shape.subset(part_id for part_id in shape.part_ids if part_id not in ids)


def duplicate_parts(
    shape: Shape,
    part_ids: Iterable[int],
    offset: Sequence[float] | NDArray[np.floating] = (0.0, 0.0, 0.0),
    twins: bool = False,
) -> Shape:
    """Append copies of parts, moved by `offset` [3]; with `twins` also of their twins, offset mirrored.

    Copies keep slot, label and visibility and get the next ids, in the order the parts are named. They are in
    the groups of their originals; copies of a whole group are a group of their own.

    Raises
    ------
    EditError
        If nothing is named, a named part is unknown or locked, the offset is not three finite numbers, or
        the shape would have too many parts.
    """
    named = _editable(shape, part_ids)
    ids = _with_twins(shape, named, twins)
    shift = np.asarray(offset, np.float64)
    if shift.shape != (3,) or not np.isfinite(shift).all():
        raise EditError("The copies cannot be placed: the offset must be three finite numbers.")
    shift = np.clip(shift, -2 * FARTHEST, 2 * FARTHEST)
    rows = shape.rows(ids)
    copies = np.array(shape.extrinsics[rows])
    shifts = np.array(
        [shift if index < len(named) else shift * (-1.0, 1.0, 1.0) for index in range(len(ids))]
    )
    if shift.any():
        copies[:, CENTRE] = copies[:, CENTRE].astype(np.float64) + shifts
    _refuse_lost(copies)
    records = [
        replace(part, locked=False, name=f"{part.name} copy", origin=f"copy of {part.name}", group=group)
        for part, group in zip((shape.part(i) for i in ids), groups_of_copies(shape, ids), strict=True)
    ]
    return _appended(shape, copies, shape.intrinsics[rows], records)


def mirror_parts(shape: Shape, part_ids: Iterable[int]) -> Shape:
    """Give parts exact mirror images: a part's twin is replaced by its image, or the image is added.

    The twin keeps its id, name, slot and place in the list. Where a part was moved away from its twin, the
    nearest part of the same label on the other side that is no one else's twin is replaced. Of two named
    twins the one named first is the model for the other. Parts that lie on the mirror plane are skipped.

    Raises
    ------
    EditError
        If nothing is named, a named part is unknown or locked, nothing can be mirrored (every part lies on
        the mirror plane or has a locked twin), or the shape would have too many parts.
    """
    ids = _editable(shape, part_ids)
    partners = _mirror_partners(shape)
    images = mirrored(shape.extrinsics)
    extrinsics, intrinsics = np.array(shape.extrinsics), np.array(shape.intrinsics)
    parts = list(shape.parts)
    replaced: set[int] = set()
    added: list[int] = []
    on_plane, locked = 0, 0
    for row in shape.rows(ids):
        partner = int(partners[row])
        if row in replaced:
            continue
        if partner == row:
            on_plane += 1
        elif partner < 0:
            added.append(row)
        elif parts[partner].locked:
            locked += 1
        else:
            extrinsics[partner], intrinsics[partner] = images[row], shape.intrinsics[row]
            parts[partner] = replace(parts[partner], origin=f"mirror image of {parts[row].name}")
            replaced.add(partner)
    if not replaced and not added:
        if locked:
            raise EditError("The part on the other side is locked. Unlock it to have it replaced.")
        raise EditError(f"{_names(shape, ids)} lies on the mirror plane, so its image is itself.")
    records = [
        replace(shape.parts[row], locked=False, origin=f"mirror image of {shape.parts[row].name}")
        for row in added
    ]
    return _appended(
        shape.with_latents(extrinsics, intrinsics, parts), images[added], shape.intrinsics[added], records
    )


def swap_parts(
    first: Shape, first_ids: Iterable[int], second: Shape, second_ids: Iterable[int]
) -> tuple[Shape, Shape]:
    """Exchange parts between two shapes; each keeps its place in the shapes' common frame.

    Incoming parts are appended, in the order they are named, with the next ids of their new shape. One of
    the two lists may be empty, which moves parts from one shape to the other.

    Raises
    ------
    EditError
        If both lists are empty, a named part is unknown or locked, both shapes are the same, their latents
        are of different checkpoints, or a shape would be left empty or with too many parts.
    """
    ids_a, ids_b = list(dict.fromkeys(first_ids)), list(dict.fromkeys(second_ids))
    if not ids_a and not ids_b:
        raise EditError("Select the parts to swap first.")
    if first is second or first.id == second.id:
        raise EditError("Parts can only be swapped between two different shapes.")
    if first.checkpoint != second.checkpoint or first.intrinsics.shape[1] != second.intrinsics.shape[1]:
        raise EditError(
            f"{first.name} and {second.name} come from different models, so their parts do not fit together."
        )
    ids_a = _editable(first, ids_a) if ids_a else []
    ids_b = _editable(second, ids_b) if ids_b else []
    return _exchanged(first, ids_a, second, ids_b), _exchanged(second, ids_b, first, ids_a)


def _exchanged(shape: Shape, leaving: list[int], source: Shape, coming: list[int]) -> Shape:
    """`shape` without the parts `leaving`, with those `coming` from `source` appended."""
    if len(leaving) == len(shape.parts) and not coming:
        raise EditError(f"{shape.name} would be left without any part.")
    rows = source.rows(coming)
    records = [
        replace(part, origin=f"{part.name} of {source.name}" + (f" ({part.origin})" if part.origin else ""))
        for part in (source.parts[row] for row in rows)
    ]
    rest = shape.subset(part_id for part_id in shape.part_ids if part_id not in leaving)
    records = apart(records, group_names(rest))
    # Numbered from the shape as it was, so that an incoming part never takes the id of a leaving one.
    return _appended(rest, source.extrinsics[rows], source.intrinsics[rows], records, shape.next_part_id())


def _appended(
    shape: Shape,
    extrinsics: FloatArray,
    intrinsics: FloatArray,
    records: list[Part],
    next_id: int | None = None,
) -> Shape:
    """`shape` with parts appended and numbered."""
    if len(shape.parts) + len(records) > MAX_PARTS:
        raise EditError(f"A shape can have {MAX_PARTS} parts at most.")
    start = shape.next_part_id() if next_id is None else next_id
    numbered = [replace(part, id=start + index) for index, part in enumerate(records)]
    return shape.with_latents(
        np.concatenate([shape.extrinsics, extrinsics]),
        np.concatenate([shape.intrinsics, intrinsics]),
        [*shape.parts, *numbered],
    )


def _editable(shape: Shape, part_ids: Iterable[int]) -> list[int]:
    """The ids once each, in order; refuses none at all, unknown and locked ones."""
    ids = list(dict.fromkeys(part_ids))
    if not ids:
        raise EditError("Select at least one part first.")
    try:
        rows = shape.rows(ids)
    except KeyError as error:
        raise EditError(f"{shape.name} does not have that part any more.") from error
    locked = [shape.parts[row].id for row in rows if shape.parts[row].locked]
    if locked:
        verb = "is" if len(locked) == 1 else "are"
        raise EditError(f"{_names(shape, locked)} {verb} locked. Unlock first to edit.")
    return ids


def _names(shape: Shape, ids: list[int]) -> str:
    """Names of up to three parts, in words."""
    names = [shape.part(part_id).name for part_id in ids]
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {len(names) - 2} more parts"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _with_twins(shape: Shape, ids: list[int], twins: bool) -> list[int]:
    return list(with_twins(shape, ids)) if twins else ids


def _mirror_partners(shape: Shape) -> IntArray:
    """Row that each row's mirror image replaces: the twin, itself when on the plane, -1 when none."""
    partners = find_twins(shape.extrinsics)
    distances = np.diagonal(mirror_distances(shape.extrinsics))
    alone = np.flatnonzero(partners < 0)
    on_plane = alone[distances[alone] <= TWIN_TOLERANCE]
    partners[on_plane] = on_plane
    for label in {part.label for part in shape.parts}:
        rows = np.array([row for row in alone if partners[row] < 0 and shape.parts[row].label == label], int)
        found = find_twins(shape.extrinsics[rows], _LOOSE_TOLERANCE)
        partners[rows[found >= 0]] = rows[found[found >= 0]]
    return partners


def _refuse_lost(extrinsics: FloatArray) -> None:
    """Refuse results no one could find again."""
    centres, variances = extrinsics[:, CENTRE], extrinsics[:, EIGENVALUES]
    if not (np.abs(centres) <= FARTHEST).all() or not (variances <= FARTHEST**2).all():
        raise EditError("The parts would end up too far away or too large. Use a smaller step.")
