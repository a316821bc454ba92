"""The scene as a tree model: shapes, groups and parts. It writes through the editor."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    Slot,
)
from PySide6.QtGui import QBrush, QColor, QFont

from app import theme
from app.drag_out import offer_shapes
from app.editor import Editor
from app.panels.outliner_cells import Chips, accessible, eye, padlock, tooltip
from app.panels.outliner_drag import ROWS_MIME_TYPE, DraggedRows, Drops, Place, dragged_parts, dragged_shapes
from app.panels.outliner_rows import TOP, Node, Tree
from core.scene.part_names import shown_name
from core.scene.scene import Scene
from core.scene.selection import PartRef, Selection
from core.scene.shape import Part, Shape

AnyIndex = QModelIndex | QPersistentModelIndex
NAME, EYE, LOCK = 0, 1, 2
Role = Qt.ItemDataRole


class OutlinerModel(QAbstractItemModel):
    """Three columns: name, eye, padlock. Rows are those of `outliner_rows.Tree`."""

    def __init__(self, editor: Editor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._scene = editor.document.scene
        self._tree = Tree(self._scene)
        self.drops = Drops(editor)
        self._chips = Chips()
        editor.document.scene_changed.connect(self._on_scene_changed)
        editor.document.selection_changed.connect(self._on_selection_changed)
        theme.changes.theme_changed.connect(self._on_theme_changed)

    # --- structure ------------------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: AnyIndex = QModelIndex()) -> QModelIndex:
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, self._tree.children[_number(parent)][row])

    def parent(self, index: AnyIndex = QModelIndex()) -> QModelIndex:  # type: ignore[override]
        return self._index(self.node_at(index).parent) if index.isValid() else QModelIndex()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:
        return len(self._tree.children[_number(parent)]) if parent.column() <= NAME else 0

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:
        return 3

    def node_at(self, index: AnyIndex) -> Node:
        """The row that a valid index is in."""
        return self._tree.nodes[index.internalId()]

    def shape_at(self, index: AnyIndex) -> Shape | None:
        """The shape of a row of any kind."""
        return self._scene.shape(self.node_at(index).shape_id) if index.isValid() else None

    def group_at(self, index: AnyIndex) -> str:
        """The group of a group row, "" for other rows."""
        return self.node_at(index).group if index.isValid() else ""

    def part_at(self, index: AnyIndex) -> Part | None:
        """The part of a part row, None for other rows."""
        shape, ref = self.shape_at(index), self.ref_at(index)
        return shape.part(ref.part_id) if shape is not None and ref is not None else None

    def ref_at(self, index: AnyIndex) -> PartRef | None:
        node = self.node_at(index) if index.isValid() else None
        return None if node is None or node.part_id is None else PartRef(node.shape_id, node.part_id)

    def refs_at(self, index: AnyIndex) -> list[PartRef]:
        """All parts of a row: of a shape, of a group, or the one of a part row."""
        if not index.isValid():
            return []
        shape_id = self.node_at(index).shape_id
        return [PartRef(shape_id, part_id) for part_id in self._tree.parts_under(index.internalId())]

    def index_of(self, ref: PartRef, column: int = NAME) -> QModelIndex:
        """Index of a part, invalid if the scene does not have it."""
        return self._index(self._tree.number(ref.shape_id, part_id=ref.part_id), column)

    def index_of_shape(self, shape_id: str, column: int = NAME) -> QModelIndex:
        return self._index(self._tree.number(shape_id), column)

    def index_of_group(self, shape_id: str, group: str, column: int = NAME) -> QModelIndex:
        return self._index(self._tree.number(shape_id, group), column)

    def containers(self) -> list[QModelIndex]:
        """All rows that hold others: shapes and groups, from top to bottom."""
        return [self._index(number) for number, node in enumerate(self._tree.nodes) if node.part_id is None]

    def _index(self, number: int | None, column: int = NAME) -> QModelIndex:
        if number is None or number == TOP:
            return QModelIndex()
        return self.createIndex(self._tree.nodes[number].row, column, number)

    # --- content --------------------------------------------------------------------------------------

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == NAME:
            flags |= Qt.ItemFlag.ItemIsEditable
        flags |= Qt.ItemFlag.ItemIsDragEnabled
        # On a part nothing can be dropped: its halves mean above and below it.
        part = self.part_at(index) is not None
        return flags | (Qt.ItemFlag.ItemNeverHasChildren if part else Qt.ItemFlag.ItemIsDropEnabled)

    def data(self, index: AnyIndex, role: int = Role.DisplayRole) -> object:
        shape = self.shape_at(index)
        if shape is None:
            return None
        part, group = self.part_at(index), self.group_at(index)
        if role == Role.SizeHintRole:
            return QSize(20, 24)
        name = part.name if part is not None else group or shape.name
        if index.column() == EYE:
            return eye(name, self.is_visible(index), role)
        if index.column() == LOCK:
            whole = f"all parts of {name}" if part is None else name
            return padlock(whole, self.is_locked(index), role)
        if role == Role.EditRole:
            return name
        if role == Role.DisplayRole:
            return shown_name(shape, part.id) if part is not None else name
        if role == Role.DecorationRole:
            if part is not None:
                return self._chips.icon(shape, part)
            shown = shape.visible and self.is_visible(index)
            color = theme.colors().text if shown else theme.colors().muted
            return theme.icon("group" if group else "chair", color)
        if role in (Role.ToolTipRole, Role.AccessibleTextRole):
            say = tooltip if role == Role.ToolTipRole else accessible
            return say(shape, part, group, len(self.refs_at(index)))
        if role == Role.FontRole and part is None and not group:
            font = QFont()
            font.setBold(shape.id == self._editor.selection.active_shape)
            return font
        if role == Role.ForegroundRole:
            shown = shape.visible and self.is_visible(index)
            return None if shown else QBrush(QColor(theme.colors().muted))
        return None

    def setData(self, index: AnyIndex, value: object, role: int = Role.EditRole) -> bool:
        """Rename: one undo step, nothing if the name is empty or the same."""
        shape, part, group = self.shape_at(index), self.part_at(index), self.group_at(index)
        name = str(value).strip()
        if role != Role.EditRole or shape is None or not name:
            return False
        if group:
            return name != group and self._editor.rename_group(shape.id, group, name)
        if part is None:
            return name != shape.name and self._editor.rename_shape(shape.id, name)
        return name != part.name and self._editor.rename_part(shape.id, part.id, name)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return ("Name", "Visible", "Locked")[section]
        return None

    # --- dragging -------------------------------------------------------------------------------------

    def dragged(self, indexes: Sequence[AnyIndex], grabbed: AnyIndex) -> DraggedRows | None:
        """What a drag of these rows takes along: shapes, or if there are parts among them the parts."""
        chosen = {index.internalId() for index in indexes}
        nodes = [node for number, node in enumerate(self._tree.nodes) if number in chosen]
        parts = {ref for index in indexes if self.parent(index).isValid() for ref in self.refs_at(index)}
        if parts:
            listed = [ref for top in self.containers() if not self.group_at(top) for ref in self.refs_at(top)]
            leaving = self.part_at(grabbed)
            return dragged_parts(self._scene, [ref for ref in listed if ref in parts], leaving)
        if not nodes:
            return None
        shapes = dragged_shapes(self._scene, [node.shape_id for node in nodes])
        offer_shapes(shapes, self._editor, [self._scene.shape(node.shape_id) for node in nodes])
        return shapes

    def mimeTypes(self) -> list[str]:
        return [ROWS_MIME_TYPE]

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction  # out of the window nothing moves

    def canDropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: AnyIndex
    ) -> bool:
        return self._plan(data, row, parent) is not None

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: AnyIndex
    ) -> bool:
        plan = self._plan(data, row, parent)
        return plan is not None and plan()

    def _plan(self, data: QMimeData, row: int, parent: AnyIndex) -> Callable[[], bool] | None:
        if not isinstance(data, DraggedRows):
            self.drops.refusal = ""
            return None
        return self.drops.plan(data, Place(self.shape_at(parent), self.group_at(parent), row))

    # --- eye and padlock ------------------------------------------------------------------------------

    def is_visible(self, index: AnyIndex) -> bool:
        """Whether a shape, a part, or anything of a group is shown."""
        shape = self.shape_at(index)
        assert shape is not None
        if index.internalId() == self._tree.number(shape.id):
            return shape.visible
        return any(shape.part(ref.part_id).visible for ref in self.refs_at(index))

    def is_locked(self, index: AnyIndex) -> bool:
        """Whether a part, or all of a shape or group, is locked."""
        shape, refs = self.shape_at(index), self.refs_at(index)
        assert shape is not None
        return bool(refs) and all(shape.part(ref.part_id).locked for ref in refs)

    def toggle_visible(self, index: AnyIndex) -> None:
        """Show or hide the row's shape, group or part (all selected parts if it is among them)."""
        if not index.isValid():
            return
        node, visible = self.node_at(index), not self.is_visible(index)
        if node.part_id is None and not node.group:
            self._editor.set_shape_visible(node.shape_id, visible)
        else:
            self._editor.set_visible(self._together(index), visible)

    def toggle_locked(self, index: AnyIndex) -> None:
        """Lock or unlock the row's group or part (with the selection if it is in it), or a whole shape."""
        if not index.isValid():
            return
        node, locked = self.node_at(index), not self.is_locked(index)
        whole_shape = node.part_id is None and not node.group
        self._editor.set_locked(self.refs_at(index) if whole_shape else self._together(index), locked)

    def _together(self, index: AnyIndex) -> list[PartRef]:
        """The parts of a row, or the selected ones if they are among them."""
        selected, refs = self._editor.selection.parts, self.refs_at(index)
        return sorted(selected) if selected.issuperset(refs) else refs

    # --- changes --------------------------------------------------------------------------------------

    @Slot(object, object)
    def _on_scene_changed(self, old: Scene, new: Scene) -> None:
        tree = Tree(new)
        if not tree.has_rows_of(self._tree):
            self.beginResetModel()
            self._scene, self._tree = new, tree
            self.endResetModel()
            return
        self._scene, self._tree = new, tree
        changed = {shape.id for shape in new if shape.id not in old or old.shape(shape.id) is not shape}
        for number, node in enumerate(tree.nodes):
            if node.shape_id in changed:
                self.dataChanged.emit(self._index(number), self._index(number, LOCK))

    @Slot(object)
    def _on_selection_changed(self, selection: Selection) -> None:
        # The active shape is bold.
        if self._scene.shapes:
            self.dataChanged.emit(
                self.index(0, NAME), self.index(len(self._scene) - 1, NAME), [Role.FontRole]
            )

    @Slot(bool)
    def _on_theme_changed(self, dark: bool) -> None:
        self.layoutChanged.emit()


def _number(parent: AnyIndex) -> int:
    return parent.internalId() if parent.isValid() else TOP
