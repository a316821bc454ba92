"""A scene file as a button: its thumbnail and its name."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from app import theme
from app.panels.widgets import set_role
from core.scene.storage import SceneFileError, read_thumbnail

PICTURE = QSize(136, 92)
FRAME = 14
"""Width of a tile that is not picture."""
RADIUS = 5


def fitted(picture: QPixmap, size: QSize, ratio: float) -> QPixmap:
    """A whole picture at a size in logical pixels, with round corners; its background goes on beside it."""
    inside = size * ratio
    scaled = picture.scaled(
        inside, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    background = scaled.toImage().pixelColor(0, scaled.height() // 2)
    result = QPixmap(inside)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addRoundedRect(QRectF(result.rect()), RADIUS * ratio, RADIUS * ratio)
    painter.setClipPath(path)
    if not picture.hasAlphaChannel():
        painter.fillPath(path, background)
    place = (result.rect().center() - scaled.rect().center()).toTuple()
    painter.drawPixmap(*place, scaled)
    painter.end()
    result.setDevicePixelRatio(ratio)
    return result


class SceneTile(QToolButton):
    """Opens a scene when it is clicked; a file that is missing cannot be."""

    def __init__(self, path: Path, title: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self.title = title
        self._picture: QPixmap | None = None
        set_role(self, "tile")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(tip)
        self.setAccessibleName(f"Open {title}")
        self.set_width(PICTURE.width() + FRAME)
        theme.changes.theme_changed.connect(self._on_theme_changed)
        self._show_picture()

    def set_width(self, width: int) -> None:
        """Take so much room, at most that of a whole picture."""
        inside = min(width - FRAME, PICTURE.width())
        self.setFixedWidth(inside + FRAME)
        self.setIconSize(QSize(inside, inside * PICTURE.height() // PICTURE.width()))
        title = "missing" if not self.isEnabled() else self.title
        self.setText(self.fontMetrics().elidedText(title, Qt.TextElideMode.ElideMiddle, inside))

    def load(self) -> None:
        """Read the thumbnail; without one (or a file) a drawing stands in for it."""
        try:
            data = read_thumbnail(self.path)
        except (SceneFileError, OSError):
            self.setEnabled(self.path.is_file())
            data = None
        picture = QPixmap()
        if data is not None and picture.loadFromData(data):
            self._picture = fitted(picture, PICTURE, self.devicePixelRatioF())
        if not self.isEnabled():
            self.set_width(self.width())
            self.setToolTip(f"{self.path} is not there any more.")
        self._show_picture()

    @property
    def has_picture(self) -> bool:
        return self._picture is not None

    def _on_theme_changed(self, _dark: bool) -> None:
        self._show_picture()

    def _show_picture(self) -> None:
        if self._picture is not None:
            self.setIcon(QIcon(self._picture))
            return
        ratio = self.devicePixelRatioF()
        blank = QPixmap(PICTURE * ratio)
        blank.setDevicePixelRatio(ratio)
        blank.fill(Qt.GlobalColor.transparent)
        painter = QPainter(blank)
        drawing = theme.pixmap("scene", 40, theme.colors().disabled, ratio)
        painter.drawPixmap((PICTURE.width() - 40) // 2, (PICTURE.height() - 40) // 2, drawing)
        painter.end()
        self.setIcon(QIcon(blank))
