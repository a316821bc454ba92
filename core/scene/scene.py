"""The scene: an immutable value; the document is one pointer to the current one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from core.scene.shape import Shape

SPACING = 2.2
"""Distance between shapes side by side, in domain units (a shape is at most 2 wide)."""
MAX_PROMPTS = 50
"""Prompts a scene remembers."""


@dataclass(frozen=True, eq=False)
class Scene:
    """Shapes in outliner order. Compared by identity.

    Attributes
    ----------
    shapes : tuple of Shape
    prompts : tuple of str
        Prompt history, newest first.
    extra : dict
        Unknown top-level fields of the file it came from, written back unchanged.
    """

    shapes: tuple[Shape, ...] = ()
    prompts: tuple[str, ...] = ()
    extra: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ids = [shape.id for shape in self.shapes]
        if len(set(ids)) != len(ids):
            raise ValueError("shape ids must be unique within a scene")

    def __iter__(self) -> Iterator[Shape]:
        return iter(self.shapes)

    def __len__(self) -> int:
        return len(self.shapes)

    def __contains__(self, shape_id: object) -> bool:
        return any(shape.id == shape_id for shape in self.shapes)

    def shape(self, shape_id: str) -> Shape:
        """The shape with this id.

        Raises
        ------
        KeyError
            If there is none.
        """
        for shape in self.shapes:
            if shape.id == shape_id:
                return shape
        raise KeyError(f"the scene has no shape {shape_id!r}")

    def with_shape(self, shape: Shape) -> Scene:
        """Copy in which `shape` replaces the one with its id, or is appended."""
        if shape.id in self:
            return replace(self, shapes=tuple(shape if old.id == shape.id else old for old in self.shapes))
        return replace(self, shapes=(*self.shapes, shape))

    def without_shape(self, shape_id: str) -> Scene:
        """Copy without one shape (raises KeyError if it is not there)."""
        self.shape(shape_id)
        return replace(self, shapes=tuple(shape for shape in self.shapes if shape.id != shape_id))

    def reordered(self, shape_ids: Iterable[str]) -> Scene:
        """Copy with the shapes in the order of these ids (raises KeyError if one is not there)."""
        return replace(self, shapes=tuple(self.shape(shape_id) for shape_id in shape_ids))

    def new_shape_id(self) -> str:
        """An id not used in this scene: ``s1``, ``s2``, ..."""
        taken = {shape.id for shape in self.shapes}
        number = 1
        while f"s{number}" in taken:
            number += 1
        return f"s{number}"

    def next_place(self) -> tuple[float, float, float]:
        """The free place beside the shapes."""
        if not self.shapes:
            return (0.0, 0.0, 0.0)
        return (max(shape.position[0] for shape in self.shapes) + SPACING, 0.0, 0.0)

    def newcomer(self, shape: Shape, name: str = "") -> Shape:
        """`shape` as a new one of this scene: own id, own place, own name (by default its own, numbered)."""
        names = {known.name for known in self.shapes}
        stem = shape.name.rstrip("0123456789 ") or "Shape"
        number = 1
        while f"{stem} {number}" in names:
            number += 1
        return replace(
            shape,
            id=self.new_shape_id(),
            name=name or f"{stem} {number}",
            position=self.next_place(),
        )

    def with_prompt(self, text: str) -> Scene:
        """Copy with `text` first in the prompt history; the same scene if it is empty."""
        if not text:
            return self
        prompts = (text, *(prompt for prompt in self.prompts if prompt != text))
        return replace(self, prompts=prompts[:MAX_PROMPTS])
