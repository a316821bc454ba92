"""Exact numbers of what is selected: centre, rotation, size; name, state and provenance of a part."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QWidget,
)
from shiboken6 import isValid

from app import theme
from app.document import Document
from app.editor import Editor
from app.panels import part_frame
from app.panels.images import chip, qt_colors
from app.panels.part_frame import PartFrame, ReadingOrder
from app.panels.properties_form import PropertiesForm
from app.panels.provenance import counted, describe_request, made_by
from core.edits.requests import Request
from core.scene.selection import PartRef
from core.scene.shape import CENTRE, Part, Shape


class PropertiesPanel(PropertiesForm):
    """One part: absolute numbers. Several parts: move to, rotate by, scale by. No part: the active shape.

    Committing a number calls `Editor.transform_selection` with the matrix that brings the part there, so
    twins follow, locked parts are refused, and it is one undo step (nudges of one field are folded).
    """

    def __init__(self, document: Document, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._editor = editor
        self._refs: tuple[PartRef, ...] = ()
        self._order: ReadingOrder | None = None
        self._start: tuple[PartFrame, bytes] | None = None
        self._typed_angles: NDArray[np.float64] | None = None
        self.name_edit.editingFinished.connect(self._on_name_edited)
        self.visible_box.clicked.connect(self._on_visible_clicked)
        self.locked_box.clicked.connect(self._on_locked_clicked)
        self.centre_row.committed.connect(self._on_centre_committed)
        self.rotation_row.committed.connect(self._on_rotation_committed)
        self.size_row.committed.connect(self._on_size_committed)
        self.centre_row.reset_requested.connect(self._on_centre_reset_requested)
        self.rotation_row.reset_requested.connect(self._on_rotation_reset_requested)
        self.size_row.reset_requested.connect(self._on_size_reset_requested)
        document.scene_changed.connect(self._on_scene_changed)
        document.selection_changed.connect(self._on_selection_changed)
        # The step that changed the scene is in the stack only after the scene has changed.
        document.stack.indexChanged.connect(self._on_index_changed)
        theme.changes.theme_changed.connect(self._on_theme_changed)
        self._refresh()

    # --- what is shown --------------------------------------------------------------------------------

    @Slot(object, object)
    def _on_scene_changed(self, old: object, new: object) -> None:
        self._refresh()

    @Slot(object)
    def _on_selection_changed(self, selection: object) -> None:
        self._refresh()

    @Slot(int)
    def _on_index_changed(self, index: int) -> None:
        if isValid(self._document.stack):
            self._refresh()

    @Slot(bool)
    def _on_theme_changed(self, dark: bool) -> None:
        self._refresh()

    def _refresh(self) -> None:
        refs = tuple(sorted(self._document.selection.parts))
        if refs != self._refs:
            self._refs, self._order, self._start, self._typed_angles = refs, None, None, None
        shape = self._editor.active_shape
        self._stack.setCurrentIndex(1 if refs or shape is not None else 0)
        if len(refs) == 1:
            self._show_part(*self._parts()[0])
        elif refs:
            self._show_several()
        elif shape is not None:
            self._show_shape(shape)

    def _parts(self) -> list[tuple[Shape, Part]]:
        shapes = [self._document.scene.shape(ref.shape_id) for ref in self._refs]
        return [(shape, shape.part(ref.part_id)) for shape, ref in zip(shapes, self._refs, strict=True)]

    def _frame(self) -> PartFrame:
        """The one selected part as numbers, read in the order chosen when it was selected."""
        shape, part = self._parts()[0]
        values = shape.extrinsics[shape.row(part.id)]
        if self._order is None:
            self._order = part_frame.reading_order(values)
        return part_frame.read_frame(values, self._order)

    def _show_part(self, shape: Shape, part: Part) -> None:
        row_number = shape.row(part.id)
        latents = shape.intrinsics[row_number].tobytes()
        if self._start is not None and self._start[1] != latents:
            # Other latents: it was sampled anew, so this is where it starts from.
            self._order, self._start, self._typed_angles = None, None, None
        frame = self._frame()
        if self._start is None:
            self._start = frame, latents
        start = self._start[0]
        self._picture.setPixmap(chip(qt_colors(shape)[row_number], 16, self.devicePixelRatioF()))
        self._picture.show()
        self.name_edit.setText(part.name)
        slot = f", slot {part.slot}" if part.slot >= 0 else ""
        self.about_label.setText(f"{part.label.capitalize()} of {shape.name}{slot}")
        self._show_states([part])
        self._name_rows("Centre", "Rotation", "Size")
        self.centre_row.show_values(frame.centre)
        self.rotation_row.show_values(self._angles(frame))
        self.size_row.show_values(frame.size)
        self._show_editing(not part.locked, "It is locked. Unlock it to change its numbers.")
        self.centre_row.reset_button.setEnabled(
            not part.locked and not np.allclose(frame.centre, start.centre, atol=1e-6)
        )
        self.rotation_row.reset_button.setEnabled(
            not part.locked and not np.allclose(frame.rotation, start.rotation, atol=1e-5)
        )
        self.size_row.reset_button.setEnabled(
            not part.locked and not np.allclose(frame.size, start.size, atol=1e-5)
        )
        self._show_origin(part.origin or shape.origin, made_by(self._document.stack, shape, part))

    def _angles(self, frame: PartFrame) -> NDArray[np.float64]:
        """Euler angles; as typed while they still describe the rotation (other triples may too)."""
        typed = self._typed_angles
        if typed is not None and np.allclose(part_frame.rotation_matrix(typed), frame.rotation, atol=1e-4):
            return typed
        return frame.angles

    def _show_several(self) -> None:
        parts = self._parts()
        shapes = {shape.id: shape.name for shape, _ in parts}
        self._picture.hide()
        self.name_edit.setText(counted(len(parts), "part"))
        self.about_label.setText(f"Of {', '.join(shapes.values())}. Numbers apply to all of them together.")
        self._show_states([part for _, part in parts])
        self._name_rows("Move to", "Rotate by", "Scale by")
        self.centre_row.show_values(self._middle())
        self.rotation_row.show_values(np.zeros(3))
        self.size_row.show_values(np.ones(3))
        locked = [part.name for _, part in parts if part.locked]
        self._show_editing(not locked, f"Locked: {', '.join(locked)}. Unlock to change numbers.")
        for rows in (self.centre_row, self.rotation_row, self.size_row):
            rows.reset_button.setEnabled(False)
        origins = sorted({part.origin for _, part in parts if part.origin})
        self._show_origin("; ".join(origins), None)

    def _show_shape(self, shape: Shape) -> None:
        self._picture.setPixmap(theme.pixmap("chair", 16, theme.colors().text, self.devicePixelRatioF()))
        self._picture.show()
        self.name_edit.setText(shape.name)
        self.about_label.setText(f"{counted(len(shape.parts), 'part')}. Select a part to see its numbers.")
        self.visible_box.setCheckState(Qt.CheckState.Checked if shape.visible else Qt.CheckState.Unchecked)
        self.locked_box.setVisible(False)
        self.centre_row.set_name("Position")
        self.centre_row.show_values(np.array(shape.position))
        self.centre_row.set_editable(True)
        self.centre_row.reset_button.setEnabled(any(shape.position))
        self.centre_row.reset_button.setToolTip("Back to the origin of the scene.")
        self.note.hide()
        for widget in (self.rotation_row, self.size_row, self.proportions_box):
            widget.hide()
        facts = shape.origin
        if shape.checkpoint:
            facts = f"{facts}\nModel {shape.checkpoint}".strip()
        self._show_origin(facts, None)

    def _name_rows(self, centre: str, rotation: str, size: str) -> None:
        self.centre_row.set_name(centre)
        self.centre_row.reset_button.setToolTip("Back to the centre it had when it was selected.")
        self.rotation_row.set_name(rotation)
        self.size_row.set_name(size)
        for widget in (self.rotation_row, self.size_row, self.proportions_box):
            widget.show()

    def _show_states(self, parts: list[Part]) -> None:
        for box, states in (
            (self.visible_box, {part.visible for part in parts}),
            (self.locked_box, {part.locked for part in parts}),
        ):
            box.setVisible(True)
            mixed = len(states) > 1
            checked = Qt.CheckState.Checked if states == {True} else Qt.CheckState.Unchecked
            box.setCheckState(Qt.CheckState.PartiallyChecked if mixed else checked)
        self.name_edit.setReadOnly(len(parts) > 1)

    def _show_editing(self, editable: bool, reason: str) -> None:
        for rows in (self.centre_row, self.rotation_row, self.size_row):
            rows.set_editable(editable)
        self.proportions_box.setEnabled(editable)
        self.note.setText(reason)
        self.note.setVisible(not editable)

    def _show_origin(self, origin: str, made_by: tuple[str, Request | None] | None) -> None:
        lines = [origin]
        if made_by is not None:
            step, request = made_by
            lines = [describe_request(request) if request is not None else step]
            lines += [f"Origin: {origin}"] if origin else []
        text = "\n".join(text for text in lines if text)
        self.origin_label.setText(text)
        self.origin_heading.setVisible(bool(text))

    def _middle(self) -> NDArray[np.float64]:
        """Mean centre of the selected parts, scene frame."""
        centres = [
            np.asarray(shape.extrinsics[shape.row(part.id), CENTRE], np.float64) + np.array(shape.position)
            for shape, part in self._parts()
        ]
        middle: NDArray[np.float64] = np.mean(centres, axis=0)
        return middle

    # --- commits --------------------------------------------------------------------------------------

    @Slot()
    def _on_name_edited(self) -> None:
        name = self.name_edit.text().strip()
        shape = self._editor.active_shape
        if len(self._refs) == 1:
            (shape, part), ref = self._parts()[0], self._refs[0]
            if name and name != part.name:
                self._editor.rename_part(ref.shape_id, ref.part_id, name)
        elif not self._refs and shape is not None and name and name != shape.name:
            self._editor.rename_shape(shape.id, name)
        self._refresh()

    @Slot(bool)
    def _on_visible_clicked(self, checked: bool) -> None:
        shape = self._editor.active_shape
        shown = self.visible_box.checkState() != Qt.CheckState.Unchecked
        if self._refs:
            self._editor.set_visible(self._refs, shown)
        elif shape is not None:
            self._editor.set_shape_visible(shape.id, shown)
        self._refresh()

    @Slot(bool)
    def _on_locked_clicked(self, checked: bool) -> None:
        self._editor.set_locked(self._refs, self.locked_box.checkState() != Qt.CheckState.Unchecked)
        self._refresh()

    @Slot(int, float, bool)
    def _on_centre_committed(self, axis: int, value: float, nudged: bool) -> None:
        if not self._refs:
            shape = self._editor.active_shape
            if shape is not None:
                place = list(shape.position)
                place[axis] = value
                self._editor.move_shape(shape.id, (place[0], place[1], place[2]), merge=nudged)
            return
        now = self._frame().centre if len(self._refs) == 1 else self._middle()
        offset = np.zeros(3)
        offset[axis] = value - now[axis]
        self._commit(part_frame.translation(offset), "Move", f"centre {axis}", nudged, local=False)

    @Slot(int, float, bool)
    def _on_rotation_committed(self, axis: int, value: float, nudged: bool) -> None:
        if len(self._refs) == 1:
            frame = self._frame()
            angles = np.array(self._angles(frame))
            angles[axis] = value
            matrix = part_frame.set_rotation(frame, angles)
            self._typed_angles = angles
            self._commit(matrix, "Rotate", f"rotation {axis}", nudged)
        else:
            angles = np.zeros(3)
            angles[axis] = value
            matrix = part_frame.about(self._middle(), part_frame.rotation_matrix(angles))
            self._commit(matrix, "Rotate", f"rotation {axis}", nudged, local=False)

    @Slot(int, float, bool)
    def _on_size_committed(self, axis: int, value: float, nudged: bool) -> None:
        together = self.proportions_box.isChecked()
        if len(self._refs) == 1:
            frame = self._frame()
            size = frame.size * (value / frame.size[axis]) if together else np.array(frame.size)
            size[axis] = value
            self._commit(part_frame.set_size(frame, size), "Scale", f"size {axis}", nudged)
        else:
            factors = np.full(3, value) if together else np.ones(3)
            factors[axis] = value
            matrix = part_frame.about(self._middle(), np.diag(factors))
            self._commit(matrix, "Scale", f"size {axis}", nudged, local=False)

    @Slot()
    def _on_centre_reset_requested(self) -> None:
        shape = self._editor.active_shape
        if not self._refs and shape is not None:
            self._editor.move_shape(shape.id, (0.0, 0.0, 0.0))
        elif self._start is not None:
            now = self._frame()
            self._reset(PartFrame(self._start[0].centre, now.rotation, now.size), "Reset centre")

    @Slot()
    def _on_rotation_reset_requested(self) -> None:
        if self._start is not None:
            now = self._frame()
            self._reset(PartFrame(now.centre, self._start[0].rotation, now.size), "Reset rotation")

    @Slot()
    def _on_size_reset_requested(self) -> None:
        if self._start is not None:
            now = self._frame()
            self._reset(PartFrame(now.centre, now.rotation, self._start[0].size), "Reset size")

    def _reset(self, then: PartFrame, verb: str) -> None:
        self._typed_angles = None
        self._commit(part_frame.between(self._frame(), then), verb, "", nudged=False)

    def _commit(
        self,
        matrix: NDArray[np.float64],
        verb: str,
        field: str,
        nudged: bool,
        local: bool = True,
    ) -> None:
        """Transform the selection; `local` = the matrix is in the frame of the one selected part's shape."""
        parts = self._parts()
        if local:
            matrix = part_frame.in_scene(matrix, parts[0][0].position)
        what = parts[0][1].name if len(parts) == 1 else counted(len(parts), "part")
        key = f"{field} {hash(self._refs)}" if nudged else None
        self._editor.transform_selection(matrix, f"{verb} {what}", merge_key=key)
        # Refused or rounded: show what is true.
        self._refresh()
