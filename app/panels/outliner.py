"""The outliner: everything in the scene as a tree, in step with the selection both ways."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Signal,
    Slot,
)
from PySide6.QtWidgets import (
    QLineEdit,
    QMenu,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.document import Document
from app.editor import Editor
from app.panels.outliner_drag import FILTERED
from app.panels.outliner_menu import OutlinerMenu
from app.panels.outliner_model import EYE, LOCK, NAME, OutlinerModel
from app.panels.outliner_tree import OutlinerTree
from app.panels.provenance import counted
from app.panels.widgets import Elided, EmptyState, icon_button, label, row, set_role
from core.scene.part_names import shown_name
from core.scene.scene import Scene
from core.scene.selection import PartRef, Selection

SelectionFlag = QItemSelectionModel.SelectionFlag


class Outliner(QWidget):
    """Scene > shapes > groups > parts with eye, padlock, colour, inline rename, filter and context menu.

    Signals
    -------
    frame_requested(frozenset of PartRef)
        Look at these parts (chosen in the context menu).
    """

    frame_requested = Signal(object)

    def __init__(self, document: Document, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self._document = document
        self._editor = editor
        self._syncing = False
        self._collapsed: set[tuple[str, str]] = set()
        self.model = OutlinerModel(editor, self)
        self.tree = OutlinerTree(self.model)
        self.scene_label = Elided("", "heading")
        self.count_label = label("", "muted")
        self.filter_edit = QLineEdit()
        self.filter_edit.setPlaceholderText("Filter parts by name")
        self.filter_edit.setAccessibleName("Filter parts by name")
        self.filter_edit.setClearButtonEnabled(True)
        self.twins_button = icon_button(
            "twin",
            "Edit mirror twins together",
            "Edit mirror twins together: a change of the left arm also changes the right one.",
            checkable=True,
        )
        self.twins_button.setChecked(editor.twins_enabled)
        top = QVBoxLayout()
        top.setContentsMargins(10, 8, 8, 6)
        top.setSpacing(6)
        title_row = row(self.scene_label, self.count_label, self.twins_button)
        title_row.setStretch(0, 1)
        top.addLayout(title_row)
        top.addWidget(self.filter_edit)
        self._empty = EmptyState(
            "chair",
            "The scene is empty",
            "Generate a chair to begin, open a scene, or drop a mesh file here.",
        )
        self._stack = QStackedLayout()
        self._stack.addWidget(self.tree)
        self._stack.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addLayout(self._stack, 1)

        self.tree.toggled.connect(self._on_icon_pressed)
        self.tree.refused.connect(self._on_refused)
        self.tree.collapsed.connect(self._on_collapsed)
        self.tree.expanded.connect(self._on_expanded)
        self.tree.customContextMenuRequested.connect(self._on_context_menu_requested)
        self.tree.selectionModel().selectionChanged.connect(self._on_rows_selected)
        self.model.modelAboutToBeReset.connect(self._on_model_about_to_be_reset)
        self.model.modelReset.connect(self._on_model_reset)
        self.filter_edit.textChanged.connect(self._on_filter_changed)
        self.twins_button.toggled.connect(self._on_twins_toggled)
        editor.twins_changed.connect(self.twins_button.setChecked)
        document.scene_changed.connect(self._on_scene_changed)
        document.selection_changed.connect(self._on_selection_changed)
        document.path_changed.connect(self._on_path_changed)
        self._on_model_reset()
        self._show_counts()

    # --- selection, both ways -------------------------------------------------------------------------

    def show_keys(self, hint: Callable[[str], str]) -> None:
        """Name the keys of commands, which `hint` gives, where the empty list says what to do."""
        self._empty.hint.setText(
            f"Generate a chair to begin{hint('create.generate')}, open a scene{hint('file.open')}, "
            "or drop a mesh file here."
        )

    @Slot(QItemSelection, QItemSelection)
    def _on_rows_selected(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        if self._syncing:
            return
        model, current = self.model, self.tree.currentIndex().siblingAtColumn(NAME)
        chosen = self.tree.selected_rows()
        refs = {ref for index in chosen if (ref := model.ref_at(index)) is not None}
        # A group stands for its parts: it comes with them and, pressed once more, goes with them.
        for index in chosen:
            if model.group_at(index) and (selected.contains(index) or index == current):
                refs |= set(model.refs_at(index))
        if (
            model.group_at(current)
            and deselected.contains(current)
            and refs.issuperset(model.refs_at(current))
        ):
            refs -= set(model.refs_at(current))
        shapes = [model.node_at(index).shape_id for index in chosen if not model.parent(index).isValid()]
        shape = model.shape_at(current)
        active = shape.id if shape is not None else (shapes[-1] if shapes else None)
        self._syncing = True
        self._document.set_selection(
            Selection(frozenset(refs), active or self._document.selection.active_shape)
        )
        self._show_selection(keep_shapes=True)
        self._syncing = False

    @Slot(object)
    def _on_selection_changed(self, selection: Selection) -> None:
        if self._syncing:
            return
        self._syncing = True
        self._show_selection()
        rows = self.tree.selectionModel()
        last = self.model.index_of(max(selection.parts)) if selection.parts else QModelIndex()
        if rows.isSelected(last.parent()):  # all of its group
            last = last.parent()
        if last.isValid():
            rows.setCurrentIndex(last, SelectionFlag.NoUpdate)
            self.tree.scrollTo(last)
        self._syncing = False

    def _show_selection(self, keep_shapes: bool = False) -> None:
        """Mark the rows of the selected parts, and those of groups of which all are selected."""
        model, parts = self.model, self._document.selection.parts
        rows = self.tree.selectionModel()
        wanted = [model.index_of(ref) for ref in sorted(parts)]
        for index in model.containers():
            if model.group_at(index):
                wanted += [index] if parts.issuperset(model.refs_at(index)) else []
            elif keep_shapes and rows.isSelected(index):
                wanted.append(index)
        if set(map(_place, wanted)) == set(map(_place, self.tree.selected_rows())):
            return
        marked = QItemSelection()
        for index in wanted:
            if index.isValid():
                marked.select(index, index.siblingAtColumn(LOCK))
        rows.select(marked, SelectionFlag.ClearAndSelect | SelectionFlag.Rows)

    def step_selection(self, step: int) -> bool:
        """Move the selected parts, or the active shape, up (-1) or down (+1), if the filter hides nothing."""
        if self.model.drops.filtered:
            self._on_refused(FILTERED)
            return False
        return self._editor.step_selection(step)

    @Slot(str, int)
    def _on_step_requested(self, shape_id: str, step: int) -> None:
        if shape_id:
            self._document.set_selection(Selection(frozenset(), shape_id))
        self.step_selection(step)

    @Slot(str)
    def _on_refused(self, reason: str) -> None:
        self._editor.post(reason, "warning")

    # --- rows -----------------------------------------------------------------------------------------

    @Slot(QModelIndex)
    def _on_icon_pressed(self, index: QModelIndex) -> None:
        if index.column() == EYE:
            self.model.toggle_visible(index)
        else:
            self.model.toggle_locked(index)

    @Slot(QModelIndex)
    def _on_collapsed(self, index: QModelIndex) -> None:
        self._collapsed.add(self._key(index))

    @Slot(QModelIndex)
    def _on_expanded(self, index: QModelIndex) -> None:
        self._collapsed.discard(self._key(index))

    def _key(self, index: QModelIndex) -> tuple[str, str]:
        node = self.model.node_at(index)
        return node.shape_id, node.group

    @Slot()
    def _on_model_about_to_be_reset(self) -> None:
        self._syncing = True

    @Slot()
    def _on_model_reset(self) -> None:
        self._syncing = True
        for index in self.model.containers():
            self.tree.setExpanded(index, self._key(index) not in self._collapsed)
        self._syncing = False
        self._on_filter_changed(self.filter_edit.text())
        self._on_selection_changed(self._document.selection)

    @Slot(str)
    def _on_filter_changed(self, text: str) -> None:
        self.model.drops.filtered = bool(text.strip())
        words = text.lower().split()  # in any order: "left leg" finds "leg front left"
        for parent in self.model.containers():
            for row_number in range(self.model.rowCount(parent)):
                index = self.model.index(row_number, NAME, parent)
                hidden = not any(self._matches(ref, words) for ref in self.model.refs_at(index))
                self.tree.setRowHidden(row_number, parent, hidden)

    def _matches(self, ref: PartRef, words: list[str]) -> bool:
        """Whether all the words are in what is known of a part: its name on screen, label and group."""
        shape = self._document.scene.shape(ref.shape_id)
        part = shape.part(ref.part_id)
        known = f"{shown_name(shape, part.id)} {part.label} {part.group}".lower()
        return all(word in known for word in words)

    @Slot(object, object)
    def _on_scene_changed(self, old: Scene, new: Scene) -> None:
        self._show_counts()
        # Rows of a changed shape may have new names.
        if self.filter_edit.text():
            self._on_filter_changed(self.filter_edit.text())

    @Slot(object)
    def _on_path_changed(self, path: object) -> None:
        self._show_counts()

    @Slot(bool)
    def _on_twins_toggled(self, enabled: bool) -> None:
        self._editor.twins_enabled = enabled

    def _show_counts(self) -> None:
        scene = self._document.scene
        self.scene_label.setText(self._document.title)
        parts = sum(len(shape.parts) for shape in scene)
        self.count_label.setText(f"{counted(len(scene), 'shape')}, {counted(parts, 'part')}")
        self._stack.setCurrentIndex(0 if len(scene) else 1)
        self.filter_edit.setVisible(len(scene) > 0)

    # --- context menu ---------------------------------------------------------------------------------

    @Slot(QPoint)
    def _on_context_menu_requested(self, position: QPoint) -> None:
        menu = self.context_menu(self.tree.indexAt(position))
        if menu is not None:
            menu.exec(self.tree.viewport().mapToGlobal(position))
            menu.deleteLater()

    def context_menu(self, index: QModelIndex) -> QMenu | None:
        """What one can do with a row; for a part, with the whole selection if it is in it."""
        shape = self.model.shape_at(index)
        if shape is None:
            return None
        refs = self.model.refs_at(index) if self.model.parent(index).isValid() else []
        if not self._document.selection.parts.issuperset(refs):
            self._select(refs)
        menu = OutlinerMenu(self._editor, self.model, index, self)
        menu.rename_requested.connect(self.tree.edit)
        menu.select_requested.connect(self._select)
        menu.frame_requested.connect(self.frame_requested)
        menu.step_requested.connect(self._on_step_requested)
        return menu

    @Slot(object)
    def _select(self, refs: list[PartRef]) -> None:
        self._document.set_selection(self._document.selection.replaced(refs))


def _place(index: QModelIndex) -> tuple[int, int]:
    """What tells rows of one model apart."""
    return index.row(), index.internalId()
