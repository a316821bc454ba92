"""The order of shapes in a scene and of parts in a shape, and groups of parts: what a list shows where."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

from core.edits.job import EditError
from core.scene.groups import free_name, group_names, listed_ids, whole_groups, with_group
from core.scene.scene import Scene
from core.scene.shape import Shape

Item = TypeVar("Item")


def reorder_parts(shape: Shape, part_ids: Iterable[int], before: int | None = None) -> Shape:
    """Put parts, in the order they are named, in front of another one of the list; None puts them last.

    Parts of a group are together in the list, and afterwards in the shape. Numbers and records go with their
    parts bit for bit. Locked parts may be reordered: nothing of them changes but their place.

    Returns
    -------
    Shape
        `shape` itself if the order stays.

    Raises
    ------
    EditError
        If nothing is named, or a part is unknown.
    """
    ids = _known(shape, part_ids)
    if before is not None:
        _known(shape, (before,))
    order = moved_before(listed_ids(shape), ids, before)
    if order == list(shape.part_ids):
        return shape
    rows = shape.rows(order)
    return shape.with_latents(
        shape.extrinsics[rows], shape.intrinsics[rows], [shape.parts[row] for row in rows]
    )


def reorder_shapes(scene: Scene, shape_ids: Iterable[str], before: str | None = None) -> Scene:
    """Put shapes, in the order they are named, in front of another one; None puts them last.

    Where they stand in the scene does not change.

    Returns
    -------
    Scene
        `scene` itself if the order stays.

    Raises
    ------
    EditError
        If a shape is unknown.
    """
    ids = list(dict.fromkeys(shape_ids))
    known = [shape.id for shape in scene]
    if not {*ids, *(() if before is None else (before,))} <= set(known):
        raise EditError("That shape is no longer in the scene.")
    order = moved_before(known, ids, before)
    return scene if order == known else scene.reordered(order)


def group_parts(shape: Shape, part_ids: Iterable[int], name: str = "") -> Shape:
    """Put parts in a group: a new one (by default named after what they are), or one that there is.

    They leave the groups they are in; a group without parts is none any more. Locked parts may be grouped:
    nothing of them changes but their place in the list.

    Raises
    ------
    EditError
        If nothing is named, or a part is unknown.
    """
    ids = _known(shape, part_ids)
    name = name.strip()
    if not name:
        labels = {shape.part(part_id).label for part_id in ids}
        staying = [group for group in group_names(shape) if group not in whole_groups(shape, ids)]
        name = free_name(f"{labels.pop()}s" if len(labels) == 1 else "Group", staying)
    return with_group(shape, ids, name)


def ungroup_parts(shape: Shape, part_ids: Iterable[int]) -> Shape:
    """Take parts out of their groups.

    Raises
    ------
    EditError
        If nothing is named, or a part is unknown.
    """
    return with_group(shape, _known(shape, part_ids), "")


def _known(shape: Shape, part_ids: Iterable[int]) -> list[int]:
    """The ids once each, in order; refuses none at all and unknown ones."""
    ids = list(dict.fromkeys(part_ids))
    if not ids:
        raise EditError("Select at least one part first.")
    if not set(ids) <= set(shape.part_ids):
        raise EditError(f"{shape.name} does not have that part any more.")
    return ids


def moved_before(items: Sequence[Item], chosen: Sequence[Item], before: Item | None) -> list[Item]:
    """Items with the chosen ones in front of another one; None puts them last (see `landing`)."""
    target = landing(items, chosen, before)
    rest = [item for item in items if item not in chosen]
    place = len(rest) if target is None else rest.index(target)
    return [*rest[:place], *chosen, *rest[place:]]


def landing(items: Sequence[Item], chosen: Collection[Item], before: Item | None) -> Item | None:
    """The item that chosen ones stand in front of in the end: `before`, or the next one that stays."""
    start = len(items) if before is None else list(items).index(before)
    return next((item for item in items[start:] if item not in chosen), None)


def step_target(items: Sequence[Item], chosen: Collection[Item], step: int) -> Item | None:
    """What the chosen items, as one block, stand in front of a step further up (-1) or down (+1)."""
    places = [place for place, item in enumerate(items) if item in chosen]
    rest = [item for item in items if item not in chosen]
    edge = places[0] if step < 0 else places[-1]
    place = max(sum(item not in chosen for item in items[:edge]) + step, 0)
    return rest[place] if place < len(rest) else None
