"""numpy pictures and part colours as Qt pixmaps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPainterPath, QPixmap

from app import theme
from core.scene.palette import part_colors
from core.scene.shape import Shape


def to_pixmap(picture: NDArray[np.uint8]) -> QPixmap:
    """uint8 [H, W, 3] (RGB) or [H, W, 4] (RGBA) as a pixmap that owns its pixels.

    Raises
    ------
    ValueError
        For any other shape or type.
    """
    array = np.ascontiguousarray(picture)
    if array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] not in (3, 4):
        raise ValueError(f"a picture is uint8 [H, W, 3 or 4], not {array.dtype} {list(array.shape)}")
    height, width, channels = array.shape
    layout = QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_RGBA8888
    return QPixmap.fromImage(QImage(array.data, width, height, channels * width, layout).copy())


def filled(picture: QPixmap, color: str) -> QPixmap:
    """The picture with a colour behind it."""
    result = QPixmap(picture.size())
    result.setDevicePixelRatio(picture.devicePixelRatio())
    result.fill(QColor(color))
    painter = QPainter(result)
    painter.drawPixmap(0, 0, picture)
    painter.end()
    return result


def rounded(picture: QPixmap, radius: float) -> QPixmap:
    """The picture with rounded corners."""
    result = QPixmap(picture.size())
    result.setDevicePixelRatio(picture.devicePixelRatio())
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addRoundedRect(QRectF(result.rect()), radius, radius)
    painter.setClipPath(path)
    painter.drawPixmap(0, 0, picture)
    painter.end()
    return result


def qt_colors(shape: Shape) -> list[QColor]:
    """Colour of every part, in row order (the same as in viewport, exports and thumbnails)."""
    return [QColor.fromRgbF(*(float(v) for v in color)) for color in np.clip(part_colors(shape), 0.0, 1.0)]


def chip(color: QColor, size: int = 12, ratio: float = 1.0, hollow: bool = False) -> QPixmap:
    """A small rounded square of a part's colour; hollow for a hidden part."""
    side = round(size * ratio)
    result = QPixmap(side, side)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(ratio, ratio)
    painter.setPen(QColor(theme.colors().strong_border) if not hollow else color)
    painter.setBrush(Qt.BrushStyle.NoBrush if hollow else color)
    painter.drawRoundedRect(QRectF(0.5, 0.5, size - 1, size - 1), 3, 3)
    painter.end()
    result.setDevicePixelRatio(ratio)
    return result


def chip_icon(color: QColor, hollow: bool = False) -> QIcon:
    """`chip` for lists; a selected row keeps the colour as it is."""
    result = QIcon()
    for ratio in (1.0, 2.0):
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected, QIcon.Mode.Disabled):
            result.addPixmap(chip(color, 12, ratio, hollow), mode)
    return result


def rgb(color: str) -> tuple[int, int, int]:
    """``#rrggbb`` as three ints in [0, 255]."""
    value = QColor(color)
    return value.red(), value.green(), value.blue()


def shrunk(picture: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """A smaller picture whose longer side is `side` pixels; one that is small enough stays as it is.

    Parameters
    ----------
    picture : uint8 [H, W, 3] or [H, W, 4]

    Returns
    -------
    uint8 [h, w, 3] or [h, w, 4]
    """
    height, width, channels = picture.shape
    if max(height, width) <= side:
        return picture
    scale = Qt.AspectRatioMode.KeepAspectRatio
    smooth = Qt.TransformationMode.SmoothTransformation
    image = to_pixmap(picture).toImage().scaled(side, side, scale, smooth)
    image = image.convertToFormat(
        QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_RGBA8888
    )
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = rows[:, : image.width() * channels].reshape(image.height(), image.width(), channels)
    return pixels.copy()
