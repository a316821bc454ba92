"""A text field for prompts, with the scene's prompt history and the model's vocabulary."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QVBoxLayout, QWidget, QWidgetAction

from app.document import Document
from app.edit_titles import quoted
from app.panels.suggesting_edit import SuggestingEdit
from app.panels.widgets import icon_button, label, row

SHOWN_PROMPTS = 20
SEARCHED_PROMPTS = 5
"""With more than this many there is a field to search them."""


class PromptBox(QWidget):
    """Two lines of text, suggestions, a history that can be searched, and Ctrl+Enter to run.

    Signals
    -------
    text_changed()
    submitted()
        Ctrl+Enter was pressed.
    """

    text_changed = Signal()
    submitted = Signal()

    def __init__(self, document: Document, name: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.edit = SuggestingEdit()
        self.edit.setPlaceholderText(hint)
        self.edit.setAccessibleName(name)
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(62)
        self.edit.installEventFilter(self)
        self.history_button = icon_button(
            "history", "Earlier prompts", "Use one of the prompts this scene was made with."
        )
        self._menu = QMenu(self)
        self.search_edit = QLineEdit()
        self.search_edit.setPlaceholderText("Search earlier prompts")
        self.search_edit.setAccessibleName("Search earlier prompts")
        self.search_edit.setClearButtonEnabled(True)
        self._search = QWidgetAction(self._menu)
        self._search.setDefaultWidget(self.search_edit)
        self.search_edit.textChanged.connect(self._on_search_changed)
        self.search_edit.returnPressed.connect(self._on_search_returned)
        self._menu.aboutToShow.connect(self._on_menu_about_to_show)
        self._menu.triggered.connect(self._on_menu_triggered)
        self.history_button.setMenu(self._menu)
        self.history_button.setPopupMode(self.history_button.ToolButtonPopupMode.InstantPopup)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(row(label(name, "muted"), 1, self.history_button))
        layout.addWidget(self.edit)
        self.edit.textChanged.connect(self.text_changed)
        document.scene_changed.connect(self._on_scene_changed)
        self._on_scene_changed(None, None)

    @property
    def history(self) -> list[QAction]:
        """The earlier prompts of the menu, the newest first; those that a search left out are not visible."""
        return [action for action in self._menu.actions() if action is not self._search]

    @property
    def text(self) -> str:
        return " ".join(self.edit.toPlainText().split())

    def set_text(self, text: str) -> None:
        self.edit.setPlainText(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.submitted.emit()
                return True
        return super().eventFilter(watched, event)

    @Slot()
    def _on_menu_about_to_show(self) -> None:
        for action in self.history:
            self._menu.removeAction(action)
        self._menu.addAction(self._search)
        for prompt in self._document.scene.prompts:
            # An ampersand would be taken for a mnemonic.
            action = self._menu.addAction(quoted(prompt).replace("&", "&&"))
            action.setData(prompt)
            action.setToolTip(prompt)
        self._search.setVisible(len(self.history) > SEARCHED_PROMPTS)
        self.search_edit.clear()
        self._on_search_changed("")
        if self._search.isVisible():
            QTimer.singleShot(0, self.search_edit, self.search_edit.setFocus)

    @Slot(str)
    def _on_search_changed(self, text: str) -> None:
        words = text.lower().split()
        shown = 0
        for action in self.history:
            fits = shown < SHOWN_PROMPTS and all(word in str(action.data()).lower() for word in words)
            action.setVisible(fits)
            shown += fits

    @Slot()
    def _on_search_returned(self) -> None:
        for action in self.history:
            if action.isVisible():
                self._menu.close()
                action.trigger()
                return

    @Slot(QAction)
    def _on_menu_triggered(self, action: QAction) -> None:
        self.set_text(str(action.data()))
        self.edit.setFocus()

    @Slot(object, object)
    def _on_scene_changed(self, old: object, new: object) -> None:
        known = bool(self._document.scene.prompts)
        self.history_button.setEnabled(known)
        self.history_button.setToolTip(
            "Use one of the prompts this scene was made with."
            if known
            else "Prompts you use in this scene are kept here."
        )
