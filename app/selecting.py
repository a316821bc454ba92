"""Ways to select beside clicking: all, none, inverse, twins, groups, everything with the same label."""

from __future__ import annotations

from app.document import Document
from core.scene.groups import members
from core.scene.selection import PartRef, selectable
from core.scene.twins import with_twins


def select_all(document: Document) -> None:
    """Every visible, unlocked part."""
    document.set_selection(document.selection.added(sorted(selectable(document.scene))))


def select_none(document: Document) -> None:
    document.set_selection(document.selection.cleared())


def invert_selection(document: Document) -> None:
    document.set_selection(document.selection.inverted(document.scene))


def select_twins(document: Document) -> None:
    """Add the mirror twins of the selected parts."""
    refs = [
        PartRef(shape.id, part_id)
        for shape in document.scene
        for part_id in with_twins(shape, document.selection.of_shape(shape.id))
    ]
    allowed = selectable(document.scene)
    document.set_selection(document.selection.added([ref for ref in refs if ref in allowed]))


def select_same_label(document: Document) -> None:
    """Add every part, of the shapes with selected parts, that has the label of a selected one."""
    refs = []
    for shape in document.scene:
        labels = {shape.part(part_id).label for part_id in document.selection.of_shape(shape.id)}
        refs += [PartRef(shape.id, part.id) for part in shape.parts if part.label in labels]
    allowed = selectable(document.scene)
    document.set_selection(document.selection.added([ref for ref in refs if ref in allowed]))


def select_groups(document: Document) -> None:
    """Add the other parts of the groups that selected parts are in."""
    refs = [
        PartRef(shape.id, part_id)
        for shape in document.scene
        for chosen in document.selection.of_shape(shape.id)
        for part_id in members(shape, shape.part(chosen).group)
    ]
    document.set_selection(document.selection.added(sorted(set(refs))))
