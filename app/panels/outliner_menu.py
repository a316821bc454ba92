"""What one can do with a row of the outliner."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app import theme
from app.editor import Editor
from app.occasions import can_ungroup
from app.panels.outliner_model import NAME, OutlinerModel
from app.panels.provenance import counted
from core.scene.selection import PartRef
from core.scene.shape import Shape
from core.scene.twins import with_twins


class OutlinerMenu(QMenu):
    """Context menu of a shape row, or of a group or part row together with the other selected parts.

    Signals
    -------
    rename_requested(QModelIndex)
    select_requested(list of PartRef)
    frame_requested(frozenset of PartRef)
    step_requested(str, int)
        Up (-1) or down (+1) in the list: a shape by id, "" = the selected parts.
    """

    rename_requested = Signal(QModelIndex)
    select_requested = Signal(object)
    frame_requested = Signal(object)
    step_requested = Signal(str, int)

    def __init__(
        self, editor: Editor, model: OutlinerModel, index: QModelIndex, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._model = model
        self._index = index
        shape, ref, group = model.shape_at(index), model.ref_at(index), model.group_at(index)
        name = index.siblingAtColumn(NAME)
        self._add("rename", "Rename", lambda: self.rename_requested.emit(name))
        if shape is not None and ref is not None:
            self._fill_for_part(shape, ref)
        elif shape is not None and group:
            self._fill_for_group(group)
        elif shape is not None:
            self._fill_for_shape(shape)

    def _fill_for_shape(self, shape: Shape) -> None:
        editor = self._editor
        every = self._model.refs_at(self._index)
        self._add("select", "Select all parts", lambda: self.select_requested.emit(every))
        self._add("frame", "Look at it", lambda: self.frame_requested.emit(frozenset(every)))
        self.addSeparator()
        self._add_eye("")
        self._add_padlock("all parts")
        self.addSeparator()
        self._add("up", "Move up", lambda: self.step_requested.emit(shape.id, -1))
        self._add("down", "Move down", lambda: self.step_requested.emit(shape.id, 1))
        self.addSeparator()
        self._add("duplicate", "Duplicate shape", lambda: editor.duplicate_shape(shape.id))
        self._add("delete", "Delete shape", lambda: editor.delete_shape(shape.id))

    def _fill_for_part(self, shape: Shape, ref: PartRef) -> None:
        editor = self._editor
        part = shape.part(ref.part_id)
        alike = [PartRef(shape.id, other.id) for other in shape.parts if other.label == part.label]
        twins = [PartRef(shape.id, part_id) for part_id in with_twins(shape, [part.id], locked=True)]
        count = len(editor.selection.parts)
        what = part.name if count == 1 else counted(count, "part")
        self._add(
            "select",
            f"Select all “{part.label}” ({len(alike)})",
            lambda: self.select_requested.emit(alike),
        )
        twin = self._add("twin", "Select with mirror twin", lambda: self.select_requested.emit(twins))
        twin.setEnabled(len(twins) > 1)
        self._add("frame", "Look at it", lambda: self.frame_requested.emit(editor.selection.parts))
        self.addSeparator()
        self._add_eye(what)
        self._add_padlock(what)
        self._fill_for_selection(what)

    def _fill_for_group(self, group: str) -> None:
        editor = self._editor
        whole = editor.selection.parts == set(self._model.refs_at(self._index))
        what = f"“{group}”" if whole else counted(len(editor.selection.parts), "part")
        self._add("frame", "Look at it", lambda: self.frame_requested.emit(editor.selection.parts))
        self.addSeparator()
        self._add_eye(what)
        self._add_padlock(what)
        self._fill_for_selection(what)

    def _fill_for_selection(self, what: str) -> None:
        """What can be done with the selected parts, that are called `what`."""
        editor = self._editor
        self.addSeparator()
        self._add("up", "Move up", lambda: self.step_requested.emit("", -1))
        self._add("down", "Move down", lambda: self.step_requested.emit("", 1))
        if not what.startswith("“"):  # a group already
            self._add("group", f"Group {what}", lambda: editor.group_selection())
        ungroup = self._add("ungroup", f"Ungroup {what}", lambda: editor.ungroup_selection())
        ungroup.setEnabled(can_ungroup(editor))
        self.addSeparator()
        self._add("complete", f"Complete {what}", lambda: editor.complete())
        self._add("vary", f"Vary {what}", lambda: editor.vary())
        self.addSeparator()
        self._add("duplicate", f"Duplicate {what}", lambda: editor.duplicate_selection())
        self._add("mirror", f"Mirror {what}", lambda: editor.mirror_selection())
        self._add("delete", f"Delete {what}", lambda: editor.delete_selection())

    def _add_eye(self, what: str) -> None:
        visible = self._model.is_visible(self._index)
        verb, icon = ("Hide", "eye-off") if visible else ("Show", "eye")
        self._add(icon, f"{verb} {what}".strip(), lambda: self._model.toggle_visible(self._index))

    def _add_padlock(self, what: str) -> None:
        verb, icon = ("Unlock", "lock-open") if self._model.is_locked(self._index) else ("Lock", "lock")
        self._add(icon, f"{verb} {what}", lambda: self._model.toggle_locked(self._index))

    def _add(self, icon: str, text: str, do: Callable[[], object]) -> QAction:
        action = self.addAction(text.replace("&", "&&"))
        theme.bind_icon(action, icon)
        action.triggered.connect(lambda _checked=False: do())
        return action
