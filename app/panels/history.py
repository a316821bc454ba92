"""The undo stack as a list: every step with an icon, its provenance as a tooltip, one click to go there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QListView, QMenu, QVBoxLayout, QWidget
from shiboken6 import isValid

from app import theme
from app.document import ApplyEdit, Document
from app.panels.provenance import describe_request, icon_of_request
from app.panels.widgets import Elided, icon_button, row, set_role

AnyIndex = QModelIndex | QPersistentModelIndex

ICON_WORDS = (
    ("move", "move"),
    ("rotat", "rotate"),
    ("scale", "scale"),
    ("delete", "delete"),
    ("duplicate", "duplicate"),
    ("mirror", "mirror"),
    ("swap", "swap"),
    ("rename", "rename"),
    ("unlock", "lock-open"),
    ("lock", "lock"),
    ("hide", "eye-off"),
    ("show", "eye"),
    ("isolate", "eye"),
    ("import", "import"),
    ("bring in", "import"),
    ("encode", "import"),
    ("reset", "reset"),
    ("reorder", "queue"),
    ("ungroup", "ungroup"),
    ("group", "group"),
)
"""Beginnings of words in a step's text and their icons, for steps without a request; first hit wins."""


ROW_HEIGHT = 24


def icon_of_step(text: str, request: object) -> str:
    """Icon for an undo step, by its request or else by its words."""
    if request is not None:
        return icon_of_request(request)
    lowered = text.lower()
    return next((icon for word, icon in ICON_WORDS if word in lowered), "chair")


class HistoryModel(QAbstractListModel):
    """Row 0 is the scene as opened; row k is what the stack's step k - 1 leads to."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._stack = document.stack
        self._stack.indexChanged.connect(self._on_index_changed)

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:
        return 0 if parent.isValid() else self._stack.count() + 1

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row_number = index.row()
        if not 0 <= row_number <= self._stack.count():
            return None
        undone = row_number > self._stack.index()
        step = self._stack.command(row_number - 1) if row_number else None
        request = step.request if isinstance(step, ApplyEdit) else None
        text = step.text() if step is not None else self._origin()
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.DecorationRole:
            shade = theme.colors().disabled if undone else ""
            return theme.icon(icon_of_step(text, request) if step is not None else "origin", shade)
        if role == Qt.ItemDataRole.ToolTipRole:
            how = describe_request(request) if request is not None else "Edited by hand"
            where = "undone: click to redo up to here" if undone else "click to go back to here"
            return f"{text}\n{how}\n({where})" if step is not None else "The scene before the first edit"
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(1, ROW_HEIGHT)  # rows are as wide as the list, long texts are elided
        if role == Qt.ItemDataRole.ForegroundRole and undone:
            return QBrush(QColor(theme.colors().disabled))
        return None

    def _origin(self) -> str:
        return f"Opened {self._document.path.name}" if self._document.path else "New scene"

    @Slot(int)
    def _on_index_changed(self, index: int) -> None:
        self.beginResetModel()
        self.endResetModel()


class HistoryPanel(QWidget):
    """Undo stack as a clickable list with undo and redo buttons.

    Signals
    -------
    copy_requested(int)
        Put the step with this number on the clipboard as Python.
    """

    copy_requested = Signal(int)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self._document = document
        self.model = HistoryModel(document, self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setUniformItemSizes(True)
        self.list.setIconSize(QSize(16, 16))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName("History of edits")
        self.list.clicked.connect(self._on_row_activated)
        self.list.activated.connect(self._on_row_activated)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._on_menu_requested)
        self.undo_button = icon_button("undo", "Undo", "Take the last edit back.")
        self.redo_button = icon_button("redo", "Redo", "Do the edit again that was taken back.")
        self.undo_button.clicked.connect(document.stack.undo)
        self.redo_button.clicked.connect(document.stack.redo)
        self.count = Elided("", "muted")
        top = row(self.undo_button, self.redo_button, self.count, spacing=4)
        top.setStretch(2, 1)
        top.setContentsMargins(6, 4, 6, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.list, 1)
        document.stack.indexChanged.connect(self._on_index_changed)
        document.path_changed.connect(self._on_path_changed)
        theme.changes.theme_changed.connect(self._on_theme_changed)
        self._on_index_changed(document.stack.index())

    def show_keys(self, hint: Callable[[str], str]) -> None:
        """Name the keys of undo and redo, which `hint` gives for a command."""
        self.undo_button.setToolTip(f"Take the last edit back{hint('edit.undo')}.")
        self.redo_button.setToolTip(f"Do the edit again that was taken back{hint('edit.redo')}.")

    @Slot(QModelIndex)
    def _on_row_activated(self, index: QModelIndex) -> None:
        if index.row() != self._document.stack.index():
            self._document.stack.setIndex(index.row())

    @Slot(QPoint)
    def _on_menu_requested(self, place: QPoint) -> None:
        index = self.list.indexAt(place)
        if index.isValid():
            menu = self.menu_of(index)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.list.viewport().mapToGlobal(place))

    def menu_of(self, index: QModelIndex) -> QMenu:
        """What can be done with a row."""
        menu, row_number = QMenu(self), index.row()
        here = menu.addAction(theme.icon("undo"), "Go here", lambda: self._on_row_activated(index))
        here.setEnabled(row_number != self._document.stack.index())
        copy = menu.addAction(
            theme.icon("copy"), "Copy as Python", lambda: self.copy_requested.emit(row_number - 1)
        )
        copy.setEnabled(row_number > 0)
        return menu

    @Slot(int)
    def _on_index_changed(self, index: int) -> None:
        stack = self._document.stack
        if not isValid(stack):
            # A stack that is being destroyed announces that it is empty.
            return
        self.undo_button.setEnabled(stack.canUndo())
        self.redo_button.setEnabled(stack.canRedo())
        total = stack.count()
        if not total:
            self.count.setText("Edits can be undone")
        else:
            self.count.setText(f"{index} of {total} step{'' if total == 1 else 's'}")
        current = self.model.index(index, 0)
        self.list.selectionModel().setCurrentIndex(current, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.list.scrollTo(current)

    @Slot(object)
    def _on_path_changed(self, path: object) -> None:
        first = self.model.index(0, 0)
        self.model.dataChanged.emit(first, first)

    @Slot(bool)
    def _on_theme_changed(self, dark: bool) -> None:
        self.list.viewport().update()
