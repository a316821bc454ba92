"""The tree view of the outliner: eyes and padlocks act on press, rows can be dragged."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QDrag,
    QDragMoveEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView, QWidget

from app.panels.outliner_drag import DraggedRows, drag_picture
from app.panels.outliner_model import EYE, LOCK, NAME, OutlinerModel

ICON_COLUMN_WIDTH = 26


class OutlinerTree(QTreeView):
    """A tree whose eye and padlock columns act on press without touching the selection.

    Signals
    -------
    toggled(QModelIndex)
        An eye or a padlock was pressed.
    refused(str)
        Rows are over a place where they cannot go, and why.
    """

    toggled = Signal(QModelIndex)
    refused = Signal(str)

    def __init__(self, model: OutlinerModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outliner_model = model
        self._refusal = ""
        self.setModel(model)
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(16)
        self.setIconSize(QSize(16, 16))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setExpandsOnDoubleClick(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName("Shapes and parts of the scene")
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(True)
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(ICON_COLUMN_WIDTH)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column in (EYE, LOCK):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, ICON_COLUMN_WIDTH)

    def selected_rows(self) -> list[QModelIndex]:
        """The selected rows; Qt's own `selectedRows` mixes up rows of one number under different parents."""
        return [index for index in self.selectionModel().selectedIndexes() if index.column() == NAME]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid() and index.column() in (EYE, LOCK):
            self.toggled.emit(index)
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # A fast second click on an eye is another toggle, not the start of renaming.
        if self.indexAt(event.position().toPoint()).column() in (EYE, LOCK):
            self.mousePressEvent(event)
            return
        super().mouseDoubleClickEvent(event)

    # --- dragging -------------------------------------------------------------------------------------

    def startDrag(self, actions: Qt.DropAction) -> None:
        dragged = self._outliner_model.dragged(
            self.selected_rows(), self.currentIndex().siblingAtColumn(NAME)
        )
        if dragged is None:
            return
        dragged.failed.connect(self.refused)
        drag = QDrag(self)
        drag.setMimeData(dragged)
        drag.setPixmap(drag_picture(dragged.name, self.devicePixelRatioF()))
        drag.setHotSpot(QPoint(-12, -6))
        taken = drag.exec(actions, Qt.DropAction.MoveAction) != Qt.DropAction.IgnoreAction
        if dragged.lacking and not taken and not self._refusal:
            self.refused.emit(dragged.lacking)
        self._refusal = ""

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        super().dragMoveEvent(event)
        refusal = "" if event.isAccepted() else self._outliner_model.drops.refusal
        if isinstance(event.mimeData(), DraggedRows) and refusal != self._refusal:
            self._refusal = refusal
            if refusal:
                self.refused.emit(refusal)
