"""Page of the preferences: the keys of every command, recorded by pressing them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import (
    QFrame,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.commands import MENUS
from app.keymap import Keymap, native
from app.panels.key_recorder import KeyRecorder
from app.panels.widgets import icon_button, label, labelled_button, row, set_role

ID = Qt.ItemDataRole.UserRole


class ShortcutsPage(QWidget):
    """A list of commands by menu, and what can be done with the keys of the chosen one."""

    def __init__(self, keymap: Keymap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keymap = keymap
        self._wanted: tuple[str, str] | None = None
        """Command and key (\"\" = its reset) that wait for a yes, because another command has that key."""
        self.tree = QTreeWidget()
        self.tree.setAccessibleName("Commands and their keys")
        self.tree.setHeaderLabels(["Command", "Keys"])
        self.tree.setUniformRowHeights(True)
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.items: dict[str, QTreeWidgetItem] = {}
        self._menus = {menu: QTreeWidgetItem(self.tree, [menu]) for menu in MENUS}
        for menu, top in self._menus.items():
            top.setFlags(Qt.ItemFlag.ItemIsEnabled)
            bold = self.tree.font()
            bold.setBold(True)
            top.setFont(0, bold)
            for command in keymap.commands.values():
                if command.menu == menu:
                    item = QTreeWidgetItem(top, [command.title])
                    item.setData(0, ID, command.id)
                    item.setToolTip(0, command.tip)
                    item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                    self.items[command.id] = item
        self.tree.expandAll()
        self.title = label("", "heading")
        self.tip = label("", "muted", wrap=True)
        self.chips: dict[str, QWidget] = {}
        self._chip_row = row(spacing=6)
        self.recorder = KeyRecorder("Add a key…")
        self.reset_button = icon_button("reset", "Reset this command", "Back to the keys it had at first.")
        self.message = label("", "warning", wrap=True)
        self.take_button = QPushButton("Take it over")
        self.take_button.setAutoDefault(False)
        self.undo_button = QPushButton("Undo")
        self.undo_button.setToolTip("Take the last change of keys back.")
        self.reset_all_button = QPushButton("Reset all shortcuts")
        for button in (self.undo_button, self.reset_all_button):
            button.setAutoDefault(False)
        self.nothing_found = label("", "muted", wrap=True)
        self.nothing_found.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.nothing_found.hide()
        self.card = QFrame()
        set_role(self.card, "card")
        details = QVBoxLayout(self.card)
        details.setContentsMargins(12, 10, 12, 10)
        details.addWidget(self.title)
        details.addWidget(self.tip)
        details.addLayout(row(self.recorder, self.reset_button, 1))
        details.insertLayout(2, self._chip_row)
        warning = row(self.message, self.take_button, spacing=10)
        warning.setStretch(0, 1)
        details.addLayout(warning)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.tree, 1)
        layout.addWidget(self.nothing_found, 1)
        layout.addWidget(self.card)
        layout.addLayout(row(self.reset_all_button, self.undo_button, 1))
        self.tree.currentItemChanged.connect(self._on_command_chosen)
        self.recorder.recorded.connect(self._on_recorded)
        self.reset_button.clicked.connect(self._on_reset)
        self.take_button.clicked.connect(self._on_taken)
        self.undo_button.clicked.connect(keymap.undo)
        self.reset_all_button.clicked.connect(keymap.reset_all)
        keymap.changed.connect(self._refresh)
        theme.changes.theme_changed.connect(self._refresh)
        self.choose(next(iter(self.items)))
        self._refresh()

    @property
    def command_id(self) -> str:
        """The chosen command."""
        item = self.tree.currentItem()
        return str(item.data(0, ID) or "") if item is not None else ""

    def choose(self, command_id: str) -> None:
        """Choose a command."""
        self.tree.setCurrentItem(self.items[command_id])

    def filter(self, text: str) -> int:
        """Show the commands with all the words in title, menu, tip or keys; how many there are.

        The first of them is chosen if the chosen one is not among them.
        """
        words, hits = text.lower().split(), 0
        for command_id, item in self.items.items():
            command = self._keymap.commands[command_id]
            keys = " ".join((*self._keymap.keys(command_id), item.text(1)))
            known = f"{command.title} {command.menu} {command.tip} {keys}".lower()
            fits = all(word in known for word in words)
            item.setHidden(not fits)
            hits += fits
        for menu, top in self._menus.items():
            inside = (item for known, item in self.items.items() if self._keymap.commands[known].menu == menu)
            top.setHidden(all(item.isHidden() for item in inside))
        for widget in (self.tree, self.card):
            widget.setVisible(hits > 0)
        self.nothing_found.setVisible(not hits)
        self.nothing_found.setText(f"No command or key has the words “{text}”. Try fewer or other ones.")
        if hits and self.items[self.command_id].isHidden():
            self.choose(next(known for known, item in self.items.items() if not item.isHidden()))
        return hits

    @Slot()
    def _on_command_chosen(self) -> None:
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        """Show the keys as they are."""
        self._ask(None, "")
        self.recorder.stop()
        link = theme.colors().link
        for command_id, item in self.items.items():
            item.setText(1, "   ".join(native(key) for key in self._keymap.keys(command_id)))
            changed = not self._keymap.is_default(command_id)
            item.setForeground(1, QBrush(QColor(link if changed else theme.colors().text)))
        self.undo_button.setEnabled(self._keymap.can_undo)
        self.reset_all_button.setEnabled(not self._keymap.all_default)
        self._show_command()

    def _show_command(self) -> None:
        chosen = self._keymap.commands.get(self.command_id)
        for chip in self.chips.values():
            self._chip_row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = {}
        while self._chip_row.count():
            self._chip_row.takeAt(0)
        for widget in (self.recorder, self.reset_button):
            widget.setEnabled(chosen is not None)
        if chosen is None:
            self.title.setText("Choose a command to change its keys")
            self.tip.clear()
            return
        self.title.setText(f"{chosen.menu} > {chosen.title}")
        self.tip.setText(chosen.tip)
        for key in self._keymap.keys(chosen.id):
            chip = labelled_button("close", native(key), f"Take the key {native(key)} from {chosen.title}.")
            chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the cross behind the key
            chip.clicked.connect(partial(self._keymap.remove, chosen.id, key))
            self._chip_row.addWidget(chip)
            self.chips[key] = chip
        if not self.chips:
            self._chip_row.addWidget(none := label("No key", "muted"))
            self.chips[""] = none
        self._chip_row.addStretch(1)
        self.reset_button.setEnabled(not self._keymap.is_default(chosen.id))

    @Slot(str)
    def _on_recorded(self, key: str) -> None:
        command_id = self.command_id
        owner = self._keymap.owner(key)
        refused = self._keymap.refusal(command_id, key)
        if owner is not None and owner.id == command_id:
            self._ask(None, f"{native(key)} does that already.")
        elif refused:
            self._ask(None, refused)
        elif owner is not None:
            self._ask(
                (command_id, key),
                f"{native(key)} is the key of {owner.menu} > {owner.title}, which would lose it.",
            )
        else:
            self._keymap.add(command_id, key)

    @Slot()
    def _on_reset(self) -> None:
        clashes = self._keymap.clashes(self.command_id)
        if clashes:
            key, owner = next(iter(clashes.items()))
            text = f"{native(key)} is now the key of {owner.menu} > {owner.title}, which would lose it."
            self._ask((self.command_id, ""), text)
        else:
            self._keymap.reset(self.command_id)

    @Slot()
    def _on_taken(self) -> None:
        if self._wanted is not None:
            command_id, key = self._wanted
            if key:
                self._keymap.add(command_id, key)
            else:
                self._keymap.reset(command_id)

    def _ask(self, wanted: tuple[str, str] | None, text: str) -> None:
        self._wanted = wanted
        self.message.setText(text)
        self.message.setVisible(bool(text))
        self.take_button.setVisible(wanted is not None)
