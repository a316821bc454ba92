"""Pictures of the viewport as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

if TYPE_CHECKING:
    from app.main_window import MainWindow

SCALES = {f"PNG picture, {scale} times the size on screen (*.png)": scale for scale in (1, 2, 3, 4)}
TRANSPARENT = {
    f"PNG without background, {scale} times the size on screen (*.png)": scale for scale in (1, 2, 3, 4)
}
LONGEST_SIDE = 8192
"""Pixels that any OpenGL driver can draw at once; larger pictures are drawn without supersampling."""


def save_picture(window: MainWindow) -> None:
    """Ask where to and how large, and write what the viewport shows, without handles and names."""
    title = window.document.title
    name, chosen = QFileDialog.getSaveFileName(
        window, "Save picture", f"{title}.png", ";;".join((*SCALES, *TRANSPARENT)), list(SCALES)[1]
    )
    if not name:
        return
    path = Path(name)
    path = path if path.suffix.lower() == ".png" else path.with_name(path.name + ".png")
    transparent = chosen in TRANSPARENT
    scale = (SCALES | TRANSPARENT).get(chosen, 2)
    large = 2 * scale * max(window.viewport.view_size) > LONGEST_SIDE
    pixels = window.viewport.grab_image(scale, supersampling=1 if large else 2, transparent=transparent)
    height, width, channels = pixels.shape
    kind = QImage.Format.Format_RGBA8888 if transparent else QImage.Format.Format_RGB888
    image = QImage(pixels.tobytes(), width, height, channels * width, kind)
    if image.save(str(path)):
        window.editor.post(f"Wrote {path.name}: {width} × {height} pixels.")
    else:
        window.editor.post(f"{path} cannot be written. Choose another folder.", "error")
