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
from core.scene.scene import Scene
from core.scene.selection import PartRef, Selection

SelectionFlag = QItemSelectionModel.SelectionFlag


class Outliner(QWidget):
    """Scene > shapes > parts with eye, padlock, colour, inline rename, filter and context menu.

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
        self._collapsed: set[str] = set()
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
        refs: set[PartRef] = set()
        shapes: list[str] = []
        for index in self.tree.selectionModel().selectedRows(NAME):
            ref = self.model.ref_at(index)
            shape = self.model.shape_at(index)
            if ref is not None:
                refs.add(ref)
            elif shape is not None:
                shapes.append(shape.id)
        current = self.model.shape_at(self.tree.currentIndex())
        active = current.id if current is not None else (shapes[-1] if shapes else None)
        self._syncing = True
        self._document.set_selection(
            Selection(frozenset(refs), active or self._document.selection.active_shape)
        )
        self._syncing = False

    @Slot(object)
    def _on_selection_changed(self, selection: Selection) -> None:
        if self._syncing:
            return
        self._syncing = True
        wanted = QItemSelection()
        last = QModelIndex()
        for ref in sorted(selection.parts):
            index = self.model.index_of(ref)
            if index.isValid():
                wanted.select(index, self.model.index_of(ref, LOCK))
                last = index
        rows = self.tree.selectionModel()
        rows.select(wanted, SelectionFlag.ClearAndSelect | SelectionFlag.Rows)
        if last.isValid():
            rows.setCurrentIndex(last, SelectionFlag.NoUpdate)
            self.tree.scrollTo(last)
        self._syncing = False

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
        shape = self.model.shape_at(index)
        if shape is not None:
            self._collapsed.add(shape.id)

    @Slot(QModelIndex)
    def _on_expanded(self, index: QModelIndex) -> None:
        shape = self.model.shape_at(index)
        if shape is not None:
            self._collapsed.discard(shape.id)

    @Slot()
    def _on_model_about_to_be_reset(self) -> None:
        self._syncing = True

    @Slot()
    def _on_model_reset(self) -> None:
        self._syncing = True
        for row_number in range(self.model.rowCount()):
            index = self.model.index(row_number, NAME)
            shape = self.model.shape_at(index)
            self.tree.setExpanded(index, shape is not None and shape.id not in self._collapsed)
        self._syncing = False
        self._on_filter_changed(self.filter_edit.text())
        self._on_selection_changed(self._document.selection)

    @Slot(str)
    def _on_filter_changed(self, text: str) -> None:
        self.model.drops.filtered = bool(text.strip())
        words = text.lower().split()  # in any order: "left leg" finds "leg front left"
        for row_number in range(self.model.rowCount()):
            parent = self.model.index(row_number, NAME)
            for child in range(self.model.rowCount(parent)):
                index = self.model.index(child, NAME, parent)
                part = self.model.part_at(index)
                known = f"{self.model.data(index)} {part.label if part else ''}".lower()
                self.tree.setRowHidden(child, parent, not all(word in known for word in words))

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
        ref = self.model.ref_at(index)
        if ref is not None and ref not in self._document.selection.parts:
            self._select([ref])
        menu = OutlinerMenu(self._editor, self.model, index, self)
        menu.rename_requested.connect(self.tree.edit)
        menu.select_requested.connect(self._select)
        menu.frame_requested.connect(self.frame_requested)
        menu.step_requested.connect(self._on_step_requested)
        return menu

    @Slot(object)
    def _select(self, refs: list[PartRef]) -> None:
        self._document.set_selection(self._document.selection.replaced(refs))
