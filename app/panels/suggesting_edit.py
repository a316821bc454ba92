"""Suggests phrases of a model's vocabulary while a prompt is written."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt, Slot
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QCompleter, QListView, QPlainTextEdit, QWidget

from app.panels.widgets import set_role

MOST_SHOWN = 8
LEAST_LETTERS = 2
GAP = 5
"""Pixels between the written line and the list."""
_BETWEEN = re.compile(r"[,;.?!]\s*|\b(?:with|and|but|without|has|a|an|the|no)\s+", re.IGNORECASE)
_CHOOSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Escape)


def fragment_of(text: str) -> str:
    """What is being written: the text after the last comma, or word like "with" and "and"."""
    return _BETWEEN.split(text)[-1]


def suggestions(fragment: str, vocabulary: Sequence[str]) -> list[str]:
    """Phrases in which a word begins as the fragment does, those that begin with it first.

    Nothing is suggested to fewer than `LEAST_LETTERS` letters, nor what is already written.
    """
    written = fragment.strip().lower()
    if len(written) < LEAST_LETTERS:
        return []
    fitting = [phrase for phrase in vocabulary if f" {written}" in f" {phrase.lower()}"]
    fitting.sort(key=lambda phrase: not phrase.lower().startswith(written))  # stable: the commonest first
    return [phrase for phrase in fitting if phrase.lower() != written][:MOST_SHOWN]


class SuggestingEdit(QPlainTextEdit):
    """A text field with a list of phrases under the cursor; Enter or Tab takes one, Escape closes it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._vocabulary: tuple[str, ...] = ()
        self._phrases = QStringListModel(self)
        self.completer = QCompleter(self._phrases, self)
        self.completer.setWidget(self)
        self.completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.completer.setMaxVisibleItems(MOST_SHOWN)
        self._list = QListView()
        self._list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.completer.setPopup(self._list)
        set_role(self._list, "suggestions")
        self.completer.activated.connect(self._on_activated)
        self.textChanged.connect(self._on_text_changed)

    def set_vocabulary(self, vocabulary: Sequence[str]) -> None:
        """Suggest these phrases from now on."""
        self._vocabulary = tuple(vocabulary)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # The list passes keys on to the field first, and acts on those that are left to it.
        if self._list.isVisible() and event.key() in _CHOOSING:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _fragment(self) -> str:
        return fragment_of(self.toPlainText()[: self.textCursor().position()])

    @Slot()
    def _on_text_changed(self) -> None:
        # Only to those who write: a prompt may also be put there from the history.
        found = suggestions(self._fragment(), self._vocabulary) if self.hasFocus() else []
        if not found:
            self._list.hide()
            return
        self._phrases.setStringList(found)
        place = self.cursorRect().adjusted(0, 0, 0, GAP)
        place.setWidth(self._list.sizeHintForColumn(0) + 24)
        self.completer.complete(place)

    @Slot(str)
    def _on_activated(self, phrase: str) -> None:
        cursor = self.textCursor()
        written = len(self._fragment().lstrip())
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, written)
        cursor.insertText(phrase)
        self.setTextCursor(cursor)
        self._list.hide()
