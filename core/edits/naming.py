"""Shapes and parts as people name them: by id, by name, by label. They refuse in words (EditError)."""

from __future__ import annotations

from collections.abc import Iterable

from core.edits.job import EditError
from core.scene.scene import Scene
from core.scene.shape import Shape

Parts = str | int | Iterable[str | int]
"""Ids, labels, names or groups: ``3``, ``"back"``, ``"leg, back"``, ``[3, "back"]``, ``"all"``."""


def shape_named(scene: Scene, wanted: str | None, option: str = "shape") -> Shape:
    """The shape with this id or name; without one, the only shape of the scene.

    Raises
    ------
    EditError
        If there is none, or the choice is not clear. The message lists what there is.
    """
    if not len(scene):
        raise EditError("the scene has no shapes; make one with `generate` or `encode`")
    known = ", ".join(f"{shape.id} ({shape.name})" for shape in scene)
    if wanted is None:
        if len(scene) == 1:
            return scene.shapes[0]
        raise EditError(f"the scene has {len(scene)} shapes; choose one with {option}: {known}")
    matches = [shape for shape in scene if shape.id == wanted]
    matches = matches or [shape for shape in scene if shape.name.casefold() == wanted.casefold()]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise EditError(f"{len(matches)} shapes are called {wanted!r}; use the id: {known}")
    raise EditError(f"{option} {wanted}: the scene has {known}")


def parts_named(shape: Shape, wanted: Parts, option: str = "parts") -> tuple[int, ...]:
    """Part ids in the order they are named, once each; several of one name in the shape's order.

    Raises
    ------
    EditError
        If a word names no part, or there is no word.
    """
    if isinstance(wanted, str):
        wanted = wanted.split(",")
    elif isinstance(wanted, int):
        wanted = (wanted,)
    found: list[int] = []
    for word in (str(word).strip() for word in wanted):
        if not word:
            continue
        called = word.casefold()
        matches = [part.id for part in shape.parts if called == "all" or str(part.id) == word]
        if not matches and not word.isdigit():
            matches = [
                part.id for part in shape.parts if called in (part.label.casefold(), part.name.casefold())
            ]
        if not matches and not word.isdigit():
            matches = [part.id for part in shape.parts if part.group.casefold() == called]
        if not matches:
            known = ", ".join(f"{part.id} {part.name}" for part in shape.parts)
            raise EditError(f"{option} {word}: shape {shape.id} has {known}")
        found += matches
    if not found:
        raise EditError(f"{option} is empty; give part ids or names, e.g. {option} 1,2 or {option} leg")
    return tuple(dict.fromkeys(found))
