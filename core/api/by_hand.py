"""Edits by hand of a session: no model, done at once.

Matrices, shifts and middles are in the shape's own frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.api.context import Context
from core.edits import instant, ordering
from core.edits.job import EditError
from core.edits.naming import Parts, parts_named
from core.scene.shape import Shape


class ByHand(Context):
    """Move, rotate, scale, mirror, duplicate, delete, swap; rename, order, group, place, show, hide, lock."""

    def transform(self, shape: str | None, parts: Parts, matrix: ArrayLike, twins: bool = True) -> Shape:
        """Apply an affine matrix [4, 4] to parts; their unlocked twins follow, mirrored."""
        base = self.shape(shape)
        return self._put(instant.transform_parts(base, parts_named(base, parts), matrix, twins))

    def move(self, shape: str | None, parts: Parts, by: Sequence[float], twins: bool = True) -> Shape:
        """Move parts by a vector [3]."""
        matrix = np.eye(4)
        matrix[:3, 3] = _three(by, "by")
        return self.transform(shape, parts, matrix, twins)

    def rotate(
        self,
        shape: str | None,
        parts: Parts,
        degrees: float,
        axis: Literal["x", "y", "z"] = "y",
        about: Sequence[float] | None = None,
        twins: bool = True,
    ) -> Shape:
        """Rotate parts around an axis through `about`, else through their middle, by the right hand."""
        if axis not in ("x", "y", "z"):
            raise EditError(f"the axis is x, y or z, not {axis!r}")
        first, second = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
        linear, angle = np.eye(3), np.radians(degrees)
        linear[first, first] = linear[second, second] = np.cos(angle)
        linear[first, second], linear[second, first] = -np.sin(angle), np.sin(angle)
        return self._linear(shape, parts, linear, about, twins)

    def scale(
        self,
        shape: str | None,
        parts: Parts,
        factors: float | Sequence[float],
        about: Sequence[float] | None = None,
        twins: bool = True,
    ) -> Shape:
        """Scale parts by one factor or three (x, y, z), away from `about`, else from their middle."""
        three = (factors,) * 3 if isinstance(factors, int | float) else factors
        return self._linear(shape, parts, np.diag(_three(three, "factors")), about, twins)

    def mirror(self, shape: str | None, parts: Parts) -> Shape:
        """Give parts exact mirror images: their twins are replaced, or the images are added."""
        base = self.shape(shape)
        return self._put(instant.mirror_parts(base, parts_named(base, parts)))

    def duplicate(
        self,
        shape: str | None = None,
        parts: Parts | None = None,
        by: Sequence[float] = instant.DUPLICATE_OFFSET,
        twins: bool = False,
    ) -> Shape:
        """Copy parts a little aside, or the whole shape beside the others."""
        base = self.shape(shape)
        if parts is None:
            return self._put(self.scene.newcomer(base))
        offset = _three(by, "by")
        return self._put(instant.duplicate_parts(base, parts_named(base, parts), offset, twins))

    def delete(self, shape: str | None = None, parts: Parts | None = None, twins: bool = True) -> None:
        """Remove parts and their unlocked twins, or the whole shape."""
        base = self.shape(shape)
        if parts is None:
            self.scene = self.scene.without_shape(base.id)
        else:
            self._put(instant.delete_parts(base, parts_named(base, parts), twins))

    def swap(self, shape: str, parts: Parts | None, other: str, other_parts: Parts | None) -> None:
        """Exchange parts between two shapes (None on one side: move them over)."""
        first, second = self.shape(shape), self.shape(other)
        ours, theirs = instant.swap_parts(
            first,
            self._chosen(first, parts, False),
            second,
            self._chosen(second, other_parts, False),
        )
        self.scene = self.scene.with_shape(ours).with_shape(theirs)

    def rename(self, shape: str | None, name: str, part: str | int | None = None) -> Shape:
        """Give a shape or one of its parts another name."""
        base = self.shape(shape)
        if not name.strip():
            raise EditError("a name needs at least one letter")
        if part is None:
            return self._put(replace(base, name=name.strip()))
        return self._mark(base, (part,), name=name.strip())

    def reorder(
        self, shape: str | None, parts: Parts | None = None, before: str | int | None = None
    ) -> Shape:
        """Put parts before another one in the list, or the shape before another one; None puts them last."""
        base = self.shape(shape)
        if parts is None:
            other = None if before is None else self.shape(str(before)).id
            self.scene = ordering.reorder_shapes(self.scene, (base.id,), other)
            return base
        first = None if before is None else parts_named(base, before, "before")[0]
        return self._put(ordering.reorder_parts(base, parts_named(base, parts), first))

    def group(self, shape: str | None, parts: Parts, name: str = "") -> Shape:
        """Put parts in a group of that name, by default a new one named after what they are."""
        base = self.shape(shape)
        return self._put(ordering.group_parts(base, parts_named(base, parts), name))

    def ungroup(self, shape: str | None, parts: Parts) -> Shape:
        """Take parts out of their groups; the name of a group stands for its parts."""
        base = self.shape(shape)
        return self._put(ordering.ungroup_parts(base, parts_named(base, parts)))

    def place(self, shape: str | None, position: Sequence[float]) -> Shape:
        """Put a whole shape somewhere in the scene."""
        x, y, z = _three(position, "position").tolist()
        return self._put(replace(self.shape(shape), position=(x, y, z)))

    def show(self, shape: str | None = None, parts: Parts | None = None) -> Shape:
        """Show parts, or the shape as a whole."""
        base = self.shape(shape)
        if parts is None:
            return self._put(replace(base, visible=True))
        return self._mark(base, parts, visible=True)

    def hide(self, shape: str | None = None, parts: Parts | None = None) -> Shape:
        """Hide parts, or the shape as a whole. Hidden parts are what `complete` replaces by default."""
        base = self.shape(shape)
        if parts is None:
            return self._put(replace(base, visible=False))
        return self._mark(base, parts, visible=False)

    def lock(self, shape: str | None, parts: Parts) -> Shape:
        """Lock parts: every edit refuses them."""
        return self._mark(self.shape(shape), parts, locked=True)

    def unlock(self, shape: str | None, parts: Parts) -> Shape:
        """Unlock parts."""
        return self._mark(self.shape(shape), parts, locked=False)

    def _mark(self, base: Shape, parts: Parts, **changes: object) -> Shape:
        shape = base
        for part_id in parts_named(base, parts):
            shape = shape.with_part(part_id, **changes)
        return self._put(shape)

    def _linear(
        self,
        shape: str | None,
        parts: Parts,
        linear: NDArray[np.float64],
        about: Sequence[float] | None,
        twins: bool,
    ) -> Shape:
        base = self.shape(shape)
        rows = base.rows(parts_named(base, parts))
        middle = base.extrinsics[rows, :3].mean(0, np.float64) if about is None else _three(about, "about")
        matrix = np.eye(4)
        matrix[:3, :3], matrix[:3, 3] = linear, middle - linear @ middle
        return self.transform(shape, parts, matrix, twins)


def _three(values: Sequence[float], name: str) -> NDArray[np.float64]:
    """Three finite numbers, or a refusal."""
    try:
        array = np.asarray(values, np.float64)
    except (TypeError, ValueError):
        array = np.zeros(0)
    if array.shape != (3,) or not np.isfinite(array).all():
        raise EditError(f"{name} must be three numbers, not {values!r}")
    return array
