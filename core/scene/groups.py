"""Groups of parts: a name that parts of one shape share. A group is its parts; without any there is none."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from core.scene.shape import Part, Shape


@dataclass(frozen=True)
class Row:
    """A line of the list of a shape: a group, or a part that is in none.

    Attributes
    ----------
    group : str
        Name of the group, "" for a single part.
    part_ids : tuple of int
        In the shape's order.
    """

    group: str
    part_ids: tuple[int, ...]


def rows(shape: Shape) -> tuple[Row, ...]:
    """The list of a shape; a group stands where its first part does, and holds its other parts too."""
    found: dict[object, list[int]] = {}
    for part in shape.parts:
        found.setdefault(part.group or part.id, []).append(part.id)
    return tuple(Row(key if isinstance(key, str) else "", tuple(ids)) for key, ids in found.items())


def listed_ids(shape: Shape) -> tuple[int, ...]:
    """Part ids as the list of the shape shows them: parts of a group together."""
    return tuple(part_id for row in rows(shape) for part_id in row.part_ids)


def group_names(shape: Shape) -> tuple[str, ...]:
    """Names of the groups of a shape, as they are listed."""
    return tuple(row.group for row in rows(shape) if row.group)


def members(shape: Shape, group: str) -> tuple[int, ...]:
    """Ids of the parts of a group; none for ""."""
    return tuple(part.id for part in shape.parts if group and part.group == group)


def whole_groups(shape: Shape, part_ids: Collection[int]) -> tuple[str, ...]:
    """Groups of which all parts are among the given ones."""
    return tuple(row.group for row in rows(shape) if row.group and set(row.part_ids) <= set(part_ids))


def with_group(shape: Shape, part_ids: Iterable[int], group: str) -> Shape:
    """Copy with parts in a group, "" = in none; `shape` itself if they are."""
    chosen = set(part_ids)
    parts = [replace(p, group=group) if p.id in chosen and p.group != group else p for p in shape.parts]
    if all(new is old for new, old in zip(parts, shape.parts, strict=True)):
        return shape
    return replace(shape, parts=tuple(parts))


def free_name(wanted: str, taken: Collection[str]) -> str:
    """`wanted`, numbered if it is taken."""
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted} {number}", number + 1
    return name


def apart(records: Iterable[Part], taken: Collection[str]) -> list[Part]:
    """Part records whose groups are renamed where the names are taken; what was together stays together."""
    records = list(records)
    names: dict[str, str] = {}
    for part in records:
        if part.group and part.group not in names:
            names[part.group] = free_name(part.group, {*taken, *names.values()})
    return [replace(part, group=names[part.group]) if part.group else part for part in records]


def groups_of_copies(shape: Shape, part_ids: Collection[int]) -> list[str]:
    """Groups that copies of parts go to: those of the parts, but copies of a whole group are another one."""
    whole = whole_groups(shape, part_ids)
    names = {part.id: part.group for part in shape.parts}
    moving = [shape.part(part_id) for part_id in part_ids if names[part_id] in whole]
    names |= {part.id: part.group for part in apart(moving, group_names(shape))}
    return [names[part_id] for part_id in part_ids]
