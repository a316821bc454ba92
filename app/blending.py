"""Blending in the window: a bar with a slider, the shape as it would be, one undo step when accepted."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.blend_edits import BlendEnd
from app.edit_titles import parts_phrase
from app.editor import Editor
from app.viewport.blend_bar import BlendBar
from app.viewport.canvas import Viewport

REST = 250
"""Milliseconds without a movement after which the surface is decoded finely."""


class Blending(QObject):
    """The blend of a window, open while its bar is.

    Signals
    -------
    changed()
        It was opened or closed.
    """

    changed = Signal()

    def __init__(self, editor: Editor, viewport: Viewport, parent: QObject) -> None:
        super().__init__(parent)
        self._editor, self._viewport = editor, viewport
        self.bar: BlendBar = viewport.blend_bar
        self._ends: list[BlendEnd] = []
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(editor.surfaces.refine_drag)
        self.bar.changed.connect(self._on_bar_changed)
        self.bar.accepted.connect(self.accept)
        self.bar.cancelled.connect(self.cancel)
        editor.document.scene_changed.connect(self._on_scene_changed)
        editor.document.selection_changed.connect(self._on_selection_changed)
        viewport.tool_changed.connect(self._on_tool_changed)

    @property
    def open(self) -> bool:
        return not self.bar.isHidden()

    def toggle(self) -> None:
        """Open the bar for the active shape, or close it and leave the shape as it was."""
        if self.open:
            self.cancel()
            return
        self._ends = self._editor.blend_ends()
        if not self._ends:
            self._editor.post(
                "There is nothing to blend with: hover a candidate first, or add another shape of the same "
                "model.",
                "warning",
            )
            return
        self._viewport.cancel_tool()
        self._viewport.explode_bar.close_view()
        self._editor.look_at(None)
        self._viewport.set_drag_matrix(np.eye(4))
        self.bar.open(self._words(), [end.words for end in self._ends])
        self.changed.emit()

    @Slot()
    def accept(self) -> None:
        """Keep what is shown, as one undo step."""
        if self.open and self.bar.amount > 0:
            self._editor.blend(self._end, self.bar.amount)
            self._close()

    @Slot()
    def cancel(self) -> None:
        """Leave the shape as it was; nothing happens if no blend is open."""
        if self.open:
            self._close()
            self._editor.surfaces.end_drag()

    @property
    def _end(self) -> BlendEnd:
        return self._ends[self.bar.end_combo.currentIndex()]

    def _words(self) -> str:
        """What is blended."""
        shape = self._editor.active_shape
        if shape is None:
            return ""
        selected = self._editor.selection.of_shape(shape.id)
        return f"{parts_phrase(shape, selected)} of {shape.name}" if selected else shape.name

    def _close(self) -> None:
        self._rest.stop()
        self.bar.hide()
        self._viewport.setFocus()
        self.changed.emit()

    @Slot()
    def _on_bar_changed(self) -> None:
        if self._editor.preview_blend(self._end, self.bar.amount) and self.bar.amount > 0:
            self._rest.start()
        else:
            self._rest.stop()

    @Slot(object, object)
    def _on_scene_changed(self, _old: object, _new: object) -> None:
        # What the ends were is no longer so.
        if self.open:
            self._close()

    @Slot(object)
    def _on_selection_changed(self, _selection: object) -> None:
        if not self.open:
            return
        if self._editor.active_shape is None or self._end.shape is self._editor.active_shape:
            self.cancel()
            return
        self._editor.surfaces.end_drag()
        self.bar.show_start(self._words())
        if self.bar.amount > 0:
            self._on_bar_changed()

    @Slot(str)
    def _on_tool_changed(self, name: str) -> None:
        if name in ("move", "rotate", "scale"):
            self.cancel()
