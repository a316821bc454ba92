"""Parts that go from one shape, scene or window to another. No model, done at once."""

from __future__ import annotations

from collections.abc import Iterable

from core.api.context import Context
from core.edits import pasting
from core.edits.job import EditError
from core.edits.naming import Parts
from core.scene.parcel import ParcelError, unpack
from core.scene.shape import Shape

Copied = Shape | Iterable[Shape]
"""What `copy` or `unpack` gave, of this session or another one."""


class Pastes(Context):
    """Copy parts, paste them."""

    def copy(self, shape: str | None = None, parts: Parts | None = None, *, twins: bool = True) -> Shape:
        """Parts of a shape (default: all) as they are now, to be pasted here or into another session."""
        base = self.shape(shape)
        return pasting.copied_parts(base, self._chosen(base, parts, twins) or base.part_ids)

    def unpack(self, parcel: str) -> tuple[Shape, ...]:
        """Parts from a text, as the window's clipboard carries them and copied scripts hold them."""
        try:
            return unpack(parcel.encode())
        except ParcelError as error:
            raise EditError(str(error)) from None

    def paste(self, shape: str | None, copied: Copied) -> Shape:
        """Add copied parts to a shape, where they were in their own; aside if they are there already."""
        return self._put(pasting.paste_parts(self.shape(shape), _shapes(copied)))

    def paste_new(self, copied: Copied) -> Shape:
        """Make a new shape of copied parts."""
        return self._put(pasting.shape_of(self.scene, _shapes(copied)))


def _shapes(copied: Copied) -> tuple[Shape, ...]:
    shapes = (copied,) if isinstance(copied, Shape) else tuple(copied)
    if not shapes:
        raise EditError("there are no parts to paste; copy some first")
    return shapes
