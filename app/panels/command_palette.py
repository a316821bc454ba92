"""Every command by a few letters of its name: Ctrl+Shift+P, type, Enter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Slot
from PySide6.QtGui import QIcon, QKeyEvent, QKeySequence, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.commands import Command
from app.menus import CommandAction

ROW_HEIGHT = 26
MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}


def ranked(commands: Iterable[Command], text: str) -> list[Command]:
    """Commands that have all the words in title, menu or tip; those whose title fits best come first."""
    start, words = text.lower().strip(), text.lower().split()
    found = [
        command
        for command in commands
        if all(word in f"{command.title} {command.menu} {command.tip}".lower() for word in words)
    ]

    def misfit(command: Command) -> tuple[bool, bool]:
        title = command.title.lower()
        return not title.startswith(start), not all(word in title for word in words)

    return sorted(found, key=misfit)


class CommandPalette(QDialog):
    """A line to type in and the commands that fit; the chosen one is carried out when the palette is gone.

    Parameters
    ----------
    actions : sequence of CommandAction
        What cannot be done now is shown, but not carried out.
    """

    def __init__(self, actions: Sequence[CommandAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Commands")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(560, 420)
        self._actions = {action.command.id: action for action in actions}
        blank = QPixmap(16, 16)
        blank.fill(Qt.GlobalColor.transparent)
        self._no_icon = QIcon(blank)
        self.search = QLineEdit()
        self.search.setPlaceholderText("What do you want to do?")
        self.search.setAccessibleName("Search commands")
        self.search.setClearButtonEnabled(True)
        self.list = QTreeWidget()
        self.list.setAccessibleName("Commands")
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setColumnCount(2)
        self.list.setIconSize(QSize(16, 16))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.header().setStretchLastSection(False)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        layout = QVBoxLayout(self)
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        self.search.textChanged.connect(self._on_text_changed)
        self.search.returnPressed.connect(self._on_chosen)
        self.list.itemClicked.connect(self._on_chosen)
        self.search.installEventFilter(self)
        self._on_text_changed("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys move in the list while the cursor stays in the line."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = MOVES.get(Qt.Key(event.key()))
            if step is not None and self.list.topLevelItemCount():
                self._go_to(self.list.currentIndex().row() + step)
                return True
        return super().eventFilter(watched, event)

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        self.list.clear()
        for command in ranked((action.command for action in self._actions.values()), text):
            action = self._actions[command.id]
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            where = f"{command.menu}   {keys}".strip()
            item = QTreeWidgetItem([command.title, where if action.isEnabled() else "not possible now"])
            item.setIcon(0, action.icon() if command.icon else self._no_icon)
            item.setSizeHint(0, QSize(0, ROW_HEIGHT))
            item.setData(0, Qt.ItemDataRole.UserRole, command.id)
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setToolTip(0, command.tip)
            self.list.addTopLevelItem(item)
        self._go_to(0)

    def _go_to(self, row: int) -> None:
        row = min(max(row, 0), self.list.topLevelItemCount() - 1)
        self.list.setCurrentIndex(self.list.model().index(row, 0))

    @Slot()
    def _on_chosen(self) -> None:
        item = self.list.currentItem()
        if item is None:
            return
        action = self._actions[item.data(0, Qt.ItemDataRole.UserRole)]
        if action.isEnabled():
            self.accept()
            action.trigger()
