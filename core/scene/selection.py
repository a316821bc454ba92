"""The selection: which parts of which shapes, as an immutable value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.scene.scene import Scene


@dataclass(frozen=True, order=True)
class PartRef:
    """A part of a shape of the scene, by ids."""

    shape_id: str
    part_id: int


@dataclass(frozen=True)
class Selection:
    """Selected parts and the active shape (the one edits and panels speak about)."""

    parts: frozenset[PartRef] = frozenset()
    active_shape: str | None = None

    def of_shape(self, shape_id: str) -> tuple[int, ...]:
        """Selected part ids of one shape, ascending."""
        return tuple(sorted(ref.part_id for ref in self.parts if ref.shape_id == shape_id))

    def replaced(self, refs: Iterable[PartRef]) -> Selection:
        refs = list(refs)
        return Selection(frozenset(refs), refs[-1].shape_id if refs else self.active_shape)

    def toggled(self, refs: Iterable[PartRef]) -> Selection:
        """Symmetric difference with `refs` (Shift-click); the active shape follows the last one."""
        refs = list(refs)
        return Selection(self.parts ^ frozenset(refs), refs[-1].shape_id if refs else self.active_shape)

    def added(self, refs: Iterable[PartRef]) -> Selection:
        refs = list(refs)
        return Selection(self.parts | frozenset(refs), refs[-1].shape_id if refs else self.active_shape)

    def cleared(self) -> Selection:
        return Selection(frozenset(), self.active_shape)

    def inverted(self, scene: Scene) -> Selection:
        """All visible, unlocked parts of visible shapes that are not selected."""
        return Selection(selectable(scene) - self.parts, self.active_shape)

    def valid_in(self, scene: Scene) -> Selection:
        """Without parts and shapes that the scene does not have."""
        known = {PartRef(shape.id, part.id) for shape in scene for part in shape.parts}
        active = self.active_shape if self.active_shape in scene else None
        if active is None and len(scene):
            active = scene.shapes[-1].id
        return Selection(self.parts & known, active)


def selectable(scene: Scene) -> frozenset[PartRef]:
    """Every visible, unlocked part of every visible shape."""
    return frozenset(
        PartRef(shape.id, part.id)
        for shape in scene
        if shape.visible
        for part in shape.parts
        if part.visible and not part.locked
    )
