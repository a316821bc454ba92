"""What a mix was made from, to be looked at beside its candidates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.panels.portrait import draw_portrait
from core.edits.requests import Mix
from core.edits.results import Candidate
from core.scene.mesh_cache import MeshCache
from core.scene.shape import Mesh, Shape

PAPER = (128, 128, 130)
"""What is not taken fades towards this grey, which stands out from the background in either theme."""
PICTURE_SIDE = 150
"""Pixels that are drawn; what is empty round the shape is cut off."""
MARGIN = 1.12
"""Side of what is left, in longer sides of the shape's picture."""
NO_MESH = Mesh(*(np.zeros((0, 3), np.float32),) * 2, np.zeros((0, 3), np.int32), np.zeros(0, np.int32))


@dataclass(frozen=True, eq=False)
class Ingredient(Candidate):
    """Base or source of a mix as it was then, in the place of the base; it cannot be accepted.

    Attributes
    ----------
    changed : tuple of int
        Parts that are taken.
    resolution : int
        Cells per side of its surface, 0 if none is known.
    title : str
        Which one it is, and its name.
    """

    title: str = ""


def ingredients_of(request: Mix, meshes: MeshCache) -> tuple[Ingredient, Ingredient]:
    """Base and source of a mix with the best surfaces that are known."""
    base, source = request.base, request.source
    there = replace(source, id=base.id, position=base.position)
    return (
        _ingredient(base, (), f"A: {base.name}", request.seed, meshes),
        _ingredient(there, request.take, f"B: {source.name}", request.seed, meshes),
    )


def outdated(ingredients: Sequence[Ingredient], meshes: MeshCache) -> bool:
    """Whether finer surfaces of some of them are known by now."""
    return any((meshes.best_resolution(known.shape) or 0) > known.resolution for known in ingredients)


def _ingredient(shape: Shape, taken: tuple[int, ...], title: str, seed: int, meshes: MeshCache) -> Ingredient:
    mesh = meshes.best(shape)
    picture = _cropped(draw_portrait(shape, mesh, PICTURE_SIDE, PAPER, taken or None))
    resolution = meshes.best_resolution(shape) or 0
    return Ingredient(shape, mesh or NO_MESH, picture, seed, taken, resolution, title=title)


def _cropped(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The square round what is drawn, uint8 [side, side, 4]; the rest of it is transparent."""
    drawn = (picture != PAPER).any(axis=2)
    picture = np.dstack([picture, np.uint8(255) * drawn])
    lines, columns = np.nonzero(drawn)
    if not len(lines):
        return picture
    low, high = (np.array([axis(lines), axis(columns)]) for axis in (np.min, np.max))
    side = min(round(MARGIN * float((high - low).max() + 1)), len(picture))
    top, left = np.clip((low + high - side) // 2, 0, len(picture) - side)
    return picture[top : top + side, left : left + side]
