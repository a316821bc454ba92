"""The rows of the outliner: shapes, under each its groups and single parts, under groups their parts."""

from __future__ import annotations

from dataclasses import dataclass

from core.scene.groups import rows
from core.scene.scene import Scene

TOP = -1
"""Number of the parent of shape rows."""


@dataclass(frozen=True)
class Node:
    """A row of the tree.

    Attributes
    ----------
    parent : int
        Number of the row it is under, `TOP` for a shape.
    row : int
        Place among the rows there.
    group : str
        Name of the group a group row is for, else "".
    part_id : int or None
        The part of a part row.
    """

    parent: int
    row: int
    shape_id: str
    group: str = ""
    part_id: int | None = None

    @property
    def place(self) -> tuple[object, ...]:
        """What it is and where, apart from the name of a group."""
        return self.parent, self.shape_id, bool(self.group), self.part_id


class Tree:
    """All rows of a scene, numbered from top to bottom."""

    def __init__(self, scene: Scene) -> None:
        self.nodes: list[Node] = []
        self.children: dict[int, list[int]] = {TOP: []}
        self._numbers: dict[tuple[str, str, int | None], int] = {}
        for shape in scene:
            top = self._add(TOP, shape.id)
            for row in rows(shape):
                under = self._add(top, shape.id, row.group) if row.group else top
                for part_id in row.part_ids:
                    self._add(under, shape.id, part_id=part_id)

    def number(self, shape_id: str, group: str = "", part_id: int | None = None) -> int | None:
        """Number of the row of a shape, of a group of it, or of a part; None if there is none."""
        return self._numbers.get((shape_id, group, part_id))

    def parts_under(self, number: int) -> list[int]:
        """Ids of the parts of a row: of a shape, of a group, or of the part itself."""
        node = self.nodes[number]
        if node.part_id is not None:
            return [node.part_id]
        return [part_id for child in self.children[number] for part_id in self.parts_under(child)]

    def has_rows_of(self, other: Tree) -> bool:
        """Whether the rows are those of another tree, though groups may have other names."""
        return [node.place for node in self.nodes] == [node.place for node in other.nodes]

    def _add(self, parent: int, shape_id: str, group: str = "", part_id: int | None = None) -> int:
        number = len(self.nodes)
        self.nodes.append(Node(parent, len(self.children[parent]), shape_id, group, part_id))
        self.children[parent].append(number)
        self.children[number] = []
        self._numbers[shape_id, group, part_id] = number
        return number
