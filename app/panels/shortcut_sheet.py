"""Every command with its key, generated from the command table."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.commands import MENUS, Command
from app.keymap import Keymap, native
from app.panels.widgets import label, set_role

COLUMNS = 3

MOUSE = (
    ("Click", "Select a part"),
    ("Shift + click", "Add or remove a part"),
    ("Drag on empty space", "Orbit"),
    ("Shift + drag, middle drag", "Pan"),
    ("Wheel", "Zoom to the cursor"),
    ("Ctrl + drag", "Select with a box"),
    ("X, Y, Z while moving", "Constrain to an axis"),
    ("1 - 9 in the gallery", "Accept that candidate"),
)
"""What the mouse does: no commands, so they are listed here."""


class ShortcutSheet(QDialog):
    """A searchable overlay of all commands, by menu.

    Parameters
    ----------
    commands : sequence of Command
    keymap : Keymap, optional
        Their keys; default: those of the table.
    """

    def __init__(
        self, commands: Sequence[Command], keymap: Keymap | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._keymap = keymap or Keymap(commands, {}, self)
        self.setWindowTitle("Keyboard shortcuts")
        self.resize(1040, 660)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search commands")
        self.search.setAccessibleName("Search commands")
        self.search.setClearButtonEnabled(True)
        self.rows: dict[str, tuple[QWidget, str]] = {}
        """Row widget and searchable words by command id."""
        self._sections: list[tuple[QFrame, list[str]]] = []
        columns = [QVBoxLayout() for _ in range(COLUMNS)]
        heights = [0] * COLUMNS
        sections = [
            (menu, [command for command in commands if command.menu == menu])
            for menu in dict.fromkeys((*MENUS, *(command.menu for command in commands)))
        ]
        blocks = [self._section(menu, found) for menu, found in sections if found]
        blocks.append(self._mouse_section())
        for block, length in sorted(blocks, key=lambda pair: -pair[1]):
            shortest = heights.index(min(heights))
            columns[shortest].addWidget(block)
            heights[shortest] += length + 2
        body = QWidget()
        across = QHBoxLayout(body)
        across.setContentsMargins(0, 0, 6, 0)
        across.setSpacing(12)
        for column in columns:
            column.setSpacing(12)
            column.addStretch(1)
            across.addLayout(column, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(body)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 10, 14)
        layout.setSpacing(10)
        layout.addWidget(label("Keyboard shortcuts", "title"))
        layout.addWidget(self.search)
        layout.addWidget(scroll, 1)
        self.search.textChanged.connect(self._on_search_changed)

    @Slot(str)
    def _on_search_changed(self, text: str) -> None:
        wanted = text.lower().split()
        for widget, words in self.rows.values():
            widget.setVisible(all(word in words for word in wanted))
        for section, ids in self._sections:
            section.setVisible(any(not self.rows[known][0].isHidden() for known in ids))

    def _section(self, menu: str, commands: list[Command]) -> tuple[QFrame, int]:
        card, rows = self._card(menu)
        for command in commands:
            keys = self._keymap.keys(command.id)
            line = self._line(command.title, [native(key) for key in keys], command.tip)
            rows.addWidget(line)
            words = " ".join((command.title, command.menu, command.tip, command.id, *keys)).lower()
            self.rows[command.id] = line, words
        self._sections.append((card, [command.id for command in commands]))
        return card, len(commands)

    def _mouse_section(self) -> tuple[QFrame, int]:
        card, rows = self._card("Mouse and more")
        ids = []
        for number, (key, what) in enumerate(MOUSE):
            line = self._line(what, [key], what)
            rows.addWidget(line)
            ids.append(f"mouse.{number}")
            self.rows[ids[-1]] = line, f"mouse {key} {what}".lower()
        self._sections.append((card, ids))
        return card, len(MOUSE)

    @staticmethod
    def _card(title: str) -> tuple[QFrame, QVBoxLayout]:
        card = QFrame()
        set_role(card, "card")
        rows = QVBoxLayout(card)
        rows.setContentsMargins(12, 8, 12, 10)
        rows.setSpacing(3)
        rows.addWidget(label(title, "heading"))
        return card, rows

    @staticmethod
    def _line(title: str, keys: list[str], tip: str) -> QWidget:
        line = QWidget()
        line.setToolTip(tip)
        line.setAccessibleName(f"{title}: {' or '.join(keys) or 'no key'}")
        grid = QGridLayout(line)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(4)
        name = label(title)
        grid.addWidget(name, 0, 0, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(0, 1)
        for column, key in enumerate(keys, start=1):
            grid.addWidget(label(key, "key"), 0, column)
        return line
