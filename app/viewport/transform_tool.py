"""Move, rotate and scale the selection: previews through the editor, ends in one edit or in none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from app.edit_titles import parts_phrase
from app.viewport.stage import Stage
from app.viewport.transform import Constraint, Kind, Transform, matched_axes
from core.scene.gaussians import axes as part_axes
from core.scene.shape import CENTRE, Shape

Modifier = Qt.KeyboardModifier

_AXIS_KEYS = {Qt.Key.Key_X: 0, Qt.Key.Key_Y: 1, Qt.Key.Key_Z: 2}
_HINT = "X Y Z axis  ·  Shift fine  ·  Ctrl steps  ·  Enter applies  ·  Esc cancels"


class TransformTool:
    """The transform of the selected parts that is going on, if any.

    Attributes
    ----------
    transform : Transform or None
    by_handle : bool
        It began by dragging a handle of the gizmo and ends when the button is let go.
    local : bool
        Handles and keys mean the part's own axes, not the scene's.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.transform: Transform | None = None
        self.by_handle = self.local = False

    def pivot(self) -> NDArray[np.float64] | None:
        """Middle of the selected parts' centres, scene frame; None if nothing is selected."""
        centres = [
            shape.extrinsics[shape.rows(ids)][:, CENTRE].astype(np.float64) + np.asarray(shape.position)
            for shape, ids in self._selected()
            if shape.visible
        ]
        return np.concatenate(centres).mean(axis=0) if centres else None

    def start(
        self,
        kind: Kind,
        mouse: tuple[float, float],
        constraint: Constraint | None = None,
        by_handle: bool = False,
    ) -> bool:
        """Begin at a mouse position; False if nothing is selected."""
        pivot = self.pivot()
        if pivot is None:
            return False
        stage = self._stage
        self.transform = Transform(
            kind, pivot, stage.camera, stage.view_size, mouse, constraint, self._local_axes(), self.local
        )
        self.by_handle = by_handle
        self._show(self.transform)
        stage.tool_was_changed(kind)
        return True

    def handle_axes(self) -> NDArray[np.float64] | None:
        """Axes that the handles lie along, if not the scene's; with parts selected only."""
        return self._local_axes() if self.local else None

    def follow(self, x: float, y: float, modifiers: Modifier) -> None:
        """The mouse has moved."""
        if self.transform is not None:
            fine = bool(modifiers & Modifier.ShiftModifier)
            self.transform.mouse_moved(x, y, fine, snapping=bool(modifiers & Modifier.ControlModifier))
            self._show(self.transform)

    def key(self, event: QKeyEvent) -> bool:
        """Constrain by X, Y, Z (with Shift: to the plane across), or type a number."""
        transform = self.transform
        if transform is None:
            return False
        key = event.key()
        if key in _AXIS_KEYS:
            plane = bool(event.modifiers() & Modifier.ShiftModifier)
            transform.constrain(_AXIS_KEYS[Qt.Key(key)], plane)
        elif key == Qt.Key.Key_Backspace:
            transform.backspace()
        elif not transform.type(event.text()):
            return False
        self._show(transform)
        return True

    def commit(self) -> None:
        """Make it one edit; none if nothing has moved."""
        transform = self.transform
        if transform is None:
            return
        if transform.unchanged:
            self.cancel()
            return
        self._end()
        text = f"{transform.title} {self._selection_phrase()} {transform.axis_phrase}".strip()
        self._stage.editor.transform_selection(transform.matrix(), text)
        self._stage.set_drag_matrix(np.eye(4))

    def cancel(self) -> None:
        """Show the scene as it is."""
        if self.transform is not None:
            self._end()
            self._stage.editor.preview_transform(None)
            self._stage.set_drag_matrix(np.eye(4))

    def _end(self) -> None:
        self.transform, self.by_handle = None, False

    def _show(self, transform: Transform) -> None:
        matrix = transform.matrix()
        self._stage.set_drag_matrix(matrix)
        self._stage.editor.preview_transform(matrix)
        typed = f"   [{transform.typed}]" if transform.typed else ""
        self._stage.set_tool_text(f"{transform.title}   {transform.value_text()}{typed}      {_HINT}")

    def _selected(self) -> list[tuple[Shape, tuple[int, ...]]]:
        document = self._stage.editor.document
        pairs = [(shape, document.selection.of_shape(shape.id)) for shape in document.scene]
        return [(shape, ids) for shape, ids in pairs if ids]

    def _selection_phrase(self) -> str:
        pairs = self._selected()
        return parts_phrase(*pairs[0]) if len(pairs) == 1 else f"{sum(len(ids) for _, ids in pairs)} parts"

    def _local_axes(self) -> NDArray[np.float64]:
        """Axes of the first selected part, of the active shape if it has one, matched to x, y, z."""
        pairs = self._selected()
        active = self._stage.editor.document.selection.active_shape
        shape, ids = next((pair for pair in pairs if pair[0].id == active), pairs[0])
        return matched_axes(part_axes(shape.extrinsics)[shape.row(ids[0])])
