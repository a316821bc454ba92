"""Edit > Preferences: every setting by page, with a search over all of them; changes hold at once."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.keymap import Keymap
from app.panels.preference_row import PreferenceRow
from app.panels.shortcuts_page import ShortcutsPage
from app.panels.widgets import label, row, set_role
from app.preference_table import PAGES, PREFERENCES, SHORTCUTS, Value
from app.preferences import Preferences

LIST_WIDTH = 150
ITEM_HEIGHT = 30
NAMES = (*PAGES, SHORTCUTS)
ICONS = dict(zip(NAMES, ("light", "origin", "model", "save", "keyboard"), strict=True))


class PreferencesDialog(QDialog):
    """All preferences; stays open beside the window, so that effects can be watched.

    Parameters
    ----------
    preferences : Preferences
    keymap : Keymap
    problems : list of str
        What was wrong with the stored settings; shown until the dialog is closed.

    Attributes
    ----------
    rows : dict
        `PreferenceRow` by name of the setting.
    """

    def __init__(
        self,
        preferences: Preferences,
        keymap: Keymap,
        problems: list[str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Preferences")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(820, 620)
        self._preferences = preferences
        self._page = PAGES[0]
        self._before_reset: dict[str, Value] = {}
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search all preferences")
        self.search.setAccessibleName("Search preferences")
        self.search.setClearButtonEnabled(True)
        self.pages = QListWidget()
        self.pages.setFixedWidth(LIST_WIDTH)
        self.pages.setIconSize(QSize(18, 18))
        self.pages.setAccessibleName("Pages")
        self.rows: dict[str, PreferenceRow] = {}
        self._sections: dict[str, QFrame] = {}
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for page in NAMES:
            item = QListWidgetItem(theme.icon(ICONS[page]), page)
            item.setSizeHint(QSize(0, ITEM_HEIGHT))
            self.pages.addItem(item)
            if page != SHORTCUTS:
                column.addWidget(self._section(page))
        self.nothing_found = label("", "muted", wrap=True)
        column.addWidget(self.nothing_found)
        self.shortcut_hits = QPushButton()
        self.shortcut_hits.setAutoDefault(False)
        column.addLayout(row(self.shortcut_hits, 1))
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        self._settings_view = scroll
        self.stack = QStackedWidget()
        self.stack.addWidget(scroll)
        self.shortcuts = ShortcutsPage(keymap)
        self.stack.addWidget(self.shortcuts)
        self.problems = label("\n".join(problems or []), "warning", wrap=True)
        self.problems.setVisible(bool(problems))
        self.reset_button = QPushButton("Reset all")
        self.close_button = QPushButton("Close")
        self.close_button.setAutoDefault(False)
        self.reset_button.setAutoDefault(False)
        middle = QHBoxLayout()
        middle.setSpacing(14)
        middle.addWidget(self.pages)
        middle.addWidget(self.stack, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(12)
        layout.addWidget(self.search)
        layout.addWidget(self.problems)
        layout.addLayout(middle, 1)
        note = label("Changes hold at once and are kept.", "muted")
        layout.addLayout(row(self.reset_button, note, 1, self.close_button, spacing=12))
        self.search.textChanged.connect(self._refresh)
        self.pages.currentRowChanged.connect(self._on_page_chosen)
        self.reset_button.clicked.connect(self._on_reset_all)
        self.close_button.clicked.connect(self.close)
        self.shortcut_hits.clicked.connect(self._on_shortcut_hits)
        preferences.changed.connect(self._on_changed)
        theme.changes.theme_changed.connect(self._on_theme_changed)
        for name in self.rows:
            self._on_changed(name)
        self.pages.setCurrentRow(0)
        self.search.setFocus()

    def show_page(self, name: str) -> None:
        """Bring a page to the front."""
        self.search.clear()
        self.pages.setCurrentRow(NAMES.index(name))

    def _section(self, page: str) -> QFrame:
        card = QFrame()
        set_role(card, "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(14, 10, 10, 10)
        column.setSpacing(0)
        column.addWidget(label(page, "title"))
        column.addSpacing(4)
        found = [preference for preference in PREFERENCES if preference.page == page]
        for preference in found:
            preference_row = PreferenceRow(preference)
            preference_row.chosen.connect(partial(self._on_chosen, preference.name))
            self.rows[preference.name] = preference_row
            column.addWidget(preference_row)
        self._sections[page] = card
        return card

    @Slot(int)
    def _on_page_chosen(self, number: int) -> None:
        if number >= 0:
            self._page = NAMES[number]
            # A page that is clicked is wanted whole.
            self.search.clear()
            self._refresh()

    @Slot()
    def _on_shortcut_hits(self) -> None:
        """Go on searching among the commands."""
        self._page = SHORTCUTS
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        words = self.search.text().lower().split()
        # While one searches no page is in front: hits of all pages stand below each other.
        # On the page of the shortcuts one searches commands.
        keys = self._page == SHORTCUTS
        self.pages.blockSignals(True)
        self.pages.setCurrentRow(-1 if words and not keys else NAMES.index(self._page))
        self.pages.blockSignals(False)
        self.stack.setCurrentIndex(int(keys))
        self.search.setPlaceholderText("Search commands and keys" if keys else "Search all preferences")
        self.reset_button.setVisible(not keys)
        commands = self.shortcuts.filter(self.search.text())
        self.shortcut_hits.setVisible(bool(words) and commands > 0)
        self.shortcut_hits.setText(f"Show the {commands} command{'s' * (commands > 1)} with these words…")
        hits = 0
        for page, section in self._sections.items():
            shown = 0
            for known in self.rows.values():
                if known.preference.page == page:
                    fits = all(word in known.words for word in words)
                    known.setVisible(fits and (bool(words) or page == self._page))
                    known.divider.setVisible(shown > 0)
                    known.mark(words)
                    shown += not known.isHidden()
            section.setVisible(shown > 0)
            hits += shown
        self.nothing_found.setVisible(bool(words) and not hits)
        self.nothing_found.setText(
            f"No preference has the words \u201c{self.search.text()}\u201d. Try fewer or other ones."
        )

    def _on_chosen(self, name: str, value: Value) -> None:
        self._before_reset = {}
        self._preferences.set(name, value)

    @Slot(str)
    def _on_changed(self, name: str) -> None:
        self.rows[name].show_value(self._preferences.value(name))
        self._refresh_reset()

    @Slot(bool)
    def _on_theme_changed(self, _dark: bool) -> None:
        for number, page in enumerate(NAMES):
            self.pages.item(number).setIcon(theme.icon(ICONS[page]))
        self._refresh()

    @Slot()
    def _on_reset_all(self) -> None:
        if self._before_reset:
            values, self._before_reset = self._before_reset, {}
            for name, value in values.items():
                self._preferences.set(name, value)
        else:
            before = self._preferences.changed_ones()
            for name in before:
                self._preferences.reset(name)
            self._before_reset = before
        self._refresh_reset()

    def _refresh_reset(self) -> None:
        undo = bool(self._before_reset)
        self.reset_button.setText("Undo reset" if undo else "Reset all")
        self.reset_button.setToolTip(
            "Everything as it was before the reset." if undo else "All preferences as at the first start."
        )
        self.reset_button.setEnabled(undo or bool(self._preferences.changed_ones()))
