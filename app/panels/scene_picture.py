"""A small picture of a whole scene for lists: its first shapes, up to four, drawn by `draw_portrait`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QIcon, QPixmap

from app.panels.images import rounded, shrunk, to_pixmap
from app.panels.portrait import draw_portrait
from core.scene.shape import Shape

SHOWN = 4
DRAWN = 320
"""Side at which a shape is drawn before it is cut out and made smaller: at the size shown dots are coarse."""
ROOM = 0.06
"""Free space around a shape, as a share of its size."""


def scene_picture(
    shapes: Sequence[Shape], side: int, ratio: float, background: tuple[int, int, int]
) -> QPixmap:
    """One shape, or two by two.

    Parameters
    ----------
    shapes : sequence of Shape
        Visible ones are shown first.
    side : int
        Side of the picture in logical pixels.
    ratio : float
        Pixels per logical pixel.
    background : three ints in [0, 255]
    """
    pixels = 2 * round(side * ratio / 2)
    picture = np.empty((pixels, pixels, 3), np.uint8)
    picture[:] = background
    first = sorted(shapes, key=lambda shape: not shape.visible)[:SHOWN]
    across = 1 if len(first) < 2 else 2
    cell = pixels // across
    # Two stand in the middle of the picture, not in its upper half.
    top = (pixels - cell * -(-len(first) // across)) // 2 if first else 0
    for index, shape in enumerate(first):
        row, column = divmod(index, across)
        place = (slice(top + row * cell, top + (row + 1) * cell), slice(column * cell, (column + 1) * cell))
        cut = _cut_out(draw_portrait(shape, None, DRAWN, background), background)
        small = shrunk(cut, cell)
        margin = (cell - len(small)) // 2
        picture[place][margin : margin + len(small), margin : margin + len(small)] = small
    result = rounded(to_pixmap(picture), 6 * ratio)
    result.setDevicePixelRatio(ratio)
    return result


def _cut_out(picture: NDArray[np.uint8], background: tuple[int, int, int]) -> NDArray[np.uint8]:
    """The square around what was drawn, uint8 [side, side, 3]."""
    drawn = (picture != np.array(background, np.uint8)).any(axis=2)
    if not drawn.any():
        return picture
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    side = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    side += 2 * int(ROOM * side) + 2
    result = np.empty((side, side, 3), np.uint8)
    result[:] = background
    part = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    top, left = (side - part.shape[0]) // 2, (side - part.shape[1]) // 2
    result[top : top + part.shape[0], left : left + part.shape[1]] = part
    return result


def as_icon(picture: QPixmap) -> QIcon:
    """For a list; a selected row shows it as it is."""
    icon = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected, QIcon.Mode.Disabled):
        icon.addPixmap(picture, mode)
    return icon
