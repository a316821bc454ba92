"""What can be dropped on a window: files, parts of another window, and a candidate on the view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPoint

from app.clipboard import drop
from app.drag_out import DraggedCandidate, OutgoingMime
from app.scene_files import droppable
from core.scene.parcel import MIME_TYPE

if TYPE_CHECKING:
    from app.main_window import MainWindow


class WindowDrops:
    """Drops on a window, except those on a widget that takes them itself (rows of the outliner)."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def takes(self, mime: QMimeData) -> bool:
        """Whether a drag may be dropped somewhere on the window."""
        if isinstance(mime, OutgoingMime):  # of this window itself
            return isinstance(mime, DraggedCandidate)
        return mime.hasFormat(MIME_TYPE) or bool(droppable(mime.urls()))

    def is_place_for(self, mime: QMimeData, place: QPoint) -> bool:
        """Whether this is the place in the window to drop it."""
        if not isinstance(mime, DraggedCandidate):
            return self.takes(mime)
        viewport = self._window.viewport
        return viewport.rect().contains(viewport.mapFrom(self._window, place))

    def take(self, mime: QMimeData) -> None:
        """Accept the candidate, add the parts, or open the files."""
        window = self._window
        if isinstance(mime, DraggedCandidate):
            window.editor.look_at(None)  # its ghost would lie on it
            window.editor.accept(mime.candidate, mime.request)
        elif mime.hasFormat(MIME_TYPE):
            drop(window.editor, mime)
        else:
            window.files.open_dropped(droppable(mime.urls()))
