"""The scene as a tree model: shapes, and under each its parts. It writes through the editor."""

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
from PySide6.QtGui import QBrush, QColor, QFont, QIcon

from app import theme
from app.editor import Editor
from app.panels.images import chip_icon, qt_colors
from app.panels.outliner_cells import accessible, eye, padlock, tooltip
from app.panels.outliner_drag import ROWS_MIME_TYPE, DraggedRows, Drops, Place
from app.panels.provenance import counted
from core.scene.part_names import shown_name
from core.scene.scene import Scene
from core.scene.selection import PartRef, Selection
from core.scene.shape import Part, Shape

AnyIndex = QModelIndex | QPersistentModelIndex
NAME, EYE, LOCK = 0, 1, 2
NO_PARENT = 0
"""Internal id of shape rows; part rows carry their shape's row + 1."""

Role = Qt.ItemDataRole
REF_ROLE = Qt.ItemDataRole.UserRole + 1
"""`PartRef` of a part row, id (str) of a shape row."""


class OutlinerModel(QAbstractItemModel):
    """Three columns: name, eye, padlock. Part rows are in the order of ``Shape.parts``."""

    def __init__(self, editor: Editor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._scene = editor.document.scene
        self.drops = Drops(editor)
        self._chips: dict[tuple[str, bool, bool], QIcon] = {}
        self._colors: dict[Shape, list[QColor]] = {}
        editor.document.scene_changed.connect(self._on_scene_changed)
        editor.document.selection_changed.connect(self._on_selection_changed)
        theme.changes.theme_changed.connect(self._on_theme_changed)

    # --- structure ------------------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: AnyIndex = QModelIndex()) -> QModelIndex:
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else NO_PARENT)

    def parent(self, index: AnyIndex = QModelIndex()) -> QModelIndex:  # type: ignore[override]
        if not index.isValid() or index.internalId() == NO_PARENT:
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, NO_PARENT)

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:
        if not parent.isValid():
            return len(self._scene.shapes)
        if parent.internalId() != NO_PARENT or parent.column() != NAME:
            return 0
        return len(self._scene.shapes[parent.row()].parts)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:
        return 3

    def shape_at(self, index: AnyIndex) -> Shape | None:
        """The shape of a shape row or of a part row."""
        if not index.isValid():
            return None
        row = index.row() if index.internalId() == NO_PARENT else index.internalId() - 1
        return self._scene.shapes[row] if 0 <= row < len(self._scene.shapes) else None

    def part_at(self, index: AnyIndex) -> Part | None:
        """The part of a part row, None for a shape row."""
        shape = self.shape_at(index)
        if shape is None or index.internalId() == NO_PARENT or index.row() >= len(shape.parts):
            return None
        return shape.parts[index.row()]

    def ref_at(self, index: AnyIndex) -> PartRef | None:
        shape, part = self.shape_at(index), self.part_at(index)
        return PartRef(shape.id, part.id) if shape is not None and part is not None else None

    def index_of(self, ref: PartRef, column: int = NAME) -> QModelIndex:
        """Index of a part, invalid if the scene does not have it."""
        for row, shape in enumerate(self._scene.shapes):
            if shape.id == ref.shape_id and ref.part_id in shape.part_ids:
                return self.createIndex(shape.row(ref.part_id), column, row + 1)
        return QModelIndex()

    def index_of_shape(self, shape_id: str, column: int = NAME) -> QModelIndex:
        for row, shape in enumerate(self._scene.shapes):
            if shape.id == shape_id:
                return self.createIndex(row, column, NO_PARENT)
        return QModelIndex()

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
        part = self.part_at(index)
        if role == REF_ROLE:
            return PartRef(shape.id, part.id) if part is not None else shape.id
        if role == Role.SizeHintRole:
            return QSize(20, 24)
        if index.column() == EYE:
            return eye(shape, part, role)
        if index.column() == LOCK:
            return padlock(shape, part, role)
        if role == Role.EditRole:
            return part.name if part is not None else shape.name
        if role == Role.DisplayRole:
            return shown_name(shape, part.id) if part is not None else shape.name
        if role == Role.DecorationRole:
            return self._chip(shape, part)
        if role == Role.ToolTipRole:
            return tooltip(shape, part)
        if role == Role.AccessibleTextRole:
            return accessible(shape, part)
        if role == Role.FontRole and part is None:
            font = QFont()
            font.setBold(shape.id == self._editor.selection.active_shape)
            return font
        if role == Role.ForegroundRole:
            shown = shape.visible and (part is None or part.visible)
            return None if shown else QBrush(QColor(theme.colors().muted))
        return None

    def setData(self, index: AnyIndex, value: object, role: int = Role.EditRole) -> bool:
        """Rename: one undo step, nothing if the name is empty or the same."""
        shape, part = self.shape_at(index), self.part_at(index)
        name = str(value).strip()
        if role != Role.EditRole or shape is None or not name:
            return False
        if part is None:
            return name != shape.name and self._editor.rename_shape(shape.id, name)
        return name != part.name and self._editor.rename_part(shape.id, part.id, name)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return ("Name", "Visible", "Locked")[section]
        return None

    # --- dragging -------------------------------------------------------------------------------------

    def dragged(self, indexes: Sequence[AnyIndex]) -> DraggedRows | None:
        """What a drag of these rows takes along: shapes, or if there are parts among them the parts."""
        shapes = self._scene.shapes
        places = {shape.id: place for place, shape in enumerate(shapes)}
        parts = [ref for index in indexes if (ref := self.ref_at(index)) is not None]
        if parts:
            parts.sort(key=lambda ref: (places[ref.shape_id], shapes[places[ref.shape_id]].row(ref.part_id)))
            name = counted(len(parts), "part")
            if len(parts) == 1:
                name = shown_name(shapes[places[parts[0].shape_id]], parts[0].part_id)
            return DraggedRows((), tuple(parts), name)
        rows = {self.shape_at(index) for index in indexes}
        chosen = [shape for shape in shapes if shape in rows]
        name = chosen[0].name if len(chosen) == 1 else counted(len(chosen), "shape")
        return DraggedRows(tuple(shape.id for shape in chosen), (), name) if chosen else None

    def mimeTypes(self) -> list[str]:
        return [ROWS_MIME_TYPE]

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

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
        return self.drops.plan(data, Place(self.shape_at(parent), row))

    # --- eye and padlock ------------------------------------------------------------------------------

    def toggle_visible(self, index: AnyIndex) -> None:
        """Show or hide the row's shape or part (all selected parts if the row is one of them)."""
        shape, part = self.shape_at(index), self.part_at(index)
        if shape is None:
            return
        if part is None:
            self._editor.set_shape_visible(shape.id, not shape.visible)
        else:
            self._editor.set_visible(self._together(PartRef(shape.id, part.id)), not part.visible)

    def toggle_locked(self, index: AnyIndex) -> None:
        """Lock or unlock the row's part (with the selection if it is in it), or all parts of a shape."""
        shape, part = self.shape_at(index), self.part_at(index)
        if shape is None:
            return
        if part is None:
            refs = [PartRef(shape.id, part_id) for part_id in shape.part_ids]
            self._editor.set_locked(refs, not all(known.locked for known in shape.parts))
        else:
            self._editor.set_locked(self._together(PartRef(shape.id, part.id)), not part.locked)

    def _together(self, ref: PartRef) -> list[PartRef]:
        selected = self._editor.selection.parts
        return sorted(selected) if ref in selected else [ref]

    def _chip(self, shape: Shape, part: Part | None) -> QIcon:
        if part is None:
            return theme.icon("chair", theme.colors().text if shape.visible else theme.colors().muted)
        color = self._colors_of(shape)[shape.row(part.id)]
        key = (color.name(), part.visible and shape.visible, theme.is_dark())
        if key not in self._chips:
            self._chips[key] = chip_icon(color, hollow=not key[1])
        return self._chips[key]

    def _colors_of(self, shape: Shape) -> list[QColor]:
        if shape not in self._colors:
            # Only shapes of the present scene: the undo stack would otherwise never be freed.
            self._colors = {
                known: colors for known, colors in self._colors.items() if known in self._scene.shapes
            }
            self._colors[shape] = qt_colors(shape)
        return self._colors[shape]

    # --- changes --------------------------------------------------------------------------------------

    @Slot(object, object)
    def _on_scene_changed(self, old: Scene, new: Scene) -> None:
        same_rows = [(shape.id, shape.part_ids) for shape in self._scene] == [
            (shape.id, shape.part_ids) for shape in new
        ]
        if not same_rows:
            self.beginResetModel()
            self._scene = new
            self.endResetModel()
            return
        before, self._scene = self._scene, new
        for row, (was, now) in enumerate(zip(before.shapes, new.shapes, strict=True)):
            if was is not now:
                top = self.index(row, NAME)
                self.dataChanged.emit(top, self.index(row, LOCK))
                if now.parts:
                    last = len(now.parts) - 1
                    self.dataChanged.emit(self.index(0, NAME, top), self.index(last, LOCK, top))

    @Slot(object)
    def _on_selection_changed(self, selection: Selection) -> None:
        # The active shape is bold.
        if self._scene.shapes:
            self.dataChanged.emit(
                self.index(0, NAME), self.index(len(self._scene) - 1, NAME), [Role.FontRole]
            )

    @Slot(bool)
    def _on_theme_changed(self, dark: bool) -> None:
        self._chips.clear()
        self.layoutChanged.emit()
