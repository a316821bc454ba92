"""One preference as a row: its words, the control its type asks for, and a button back to the default."""

from __future__ import annotations

import re
from html import escape

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.panels.widgets import icon_button, label, line, pad_number
from app.preference_table import Preference, Value

CONTROL_WIDTH = 170


def highlighted(text: str, words: list[str]) -> str:
    """Rich text in which every occurrence of the words is marked."""
    if not words:
        return escape(text)
    # Longer words first: where one begins with another, all of it is marked.
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    parts, end = [], 0
    mark = theme.colors().selection
    for hit in re.finditer(pattern, text, re.IGNORECASE):
        parts += [
            escape(text[end : hit.start()]),
            f'<span style="background: {mark}">{escape(hit[0])}</span>',
        ]
        end = hit.end()
    return "".join([*parts, escape(text[end:])])


class PreferenceRow(QWidget):
    """A row of the preferences dialog.

    Signals
    -------
    chosen(object)
        The person has chosen a value.
    """

    chosen = Signal(object)

    def __init__(self, preference: Preference, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.preference = preference
        self.title = label(preference.title, "heading")
        self.tip = label(preference.tip, "muted", wrap=True)
        for words in (self.title, self.tip):
            words.setTextFormat(Qt.TextFormat.RichText)
        self.control = self._make_control()
        self.control.setAccessibleName(preference.title)
        self.control.setAccessibleDescription(preference.tip)
        self.control.setMinimumWidth(CONTROL_WIDTH)
        self.reset_button = icon_button(
            "reset",
            f"Reset {preference.title}",
            f"Back to: {preference.words(preference.default)}",
        )
        policy = self.reset_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset_button.setSizePolicy(policy)
        words_column = QVBoxLayout()
        words_column.setSpacing(2)
        words_column.addWidget(self.title)
        words_column.addWidget(self.tip)
        layout = QHBoxLayout()
        layout.setContentsMargins(0, 7, 0, 7)
        layout.setSpacing(16)
        layout.addLayout(words_column, 1)
        layout.addWidget(self.control, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.reset_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.divider = line()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.divider)
        rows.addLayout(layout)
        # The wheel scrolls the page; it must not change what it happens to pass over.
        self.control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.control.installEventFilter(self)
        self.reset_button.clicked.connect(self._on_reset)
        self.mark([])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.control and event.type() == QEvent.Type.Wheel and not self.control.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    @property
    def words(self) -> str:
        """What a search looks through, in lower case."""
        known = self.preference
        choices = " ".join(words for _, words in known.choices)
        return f"{known.title} {known.tip} {known.page} {choices}".lower()

    def show_value(self, value: Value) -> None:
        """Show a value without calling it chosen."""
        control = self.control
        control.blockSignals(True)
        if isinstance(control, QComboBox):
            control.setCurrentIndex(control.findData(value))
        elif isinstance(control, QCheckBox):
            control.setChecked(bool(value))
            control.setText(self.preference.words(value).capitalize())
        elif isinstance(control, QSpinBox):
            control.setValue(int(value))
        elif isinstance(control, QDoubleSpinBox):
            control.setValue(float(value))
        control.blockSignals(False)
        self.reset_button.setVisible(value != self.preference.default)

    def mark(self, words: list[str]) -> None:
        """Highlight the words of a search."""
        self.title.setText(highlighted(self.preference.title, words))
        self.tip.setText(highlighted(self.preference.tip, words))

    def _make_control(self) -> QWidget:
        known = self.preference
        if known.choices:
            combo = QComboBox()
            for value, words in known.choices:
                combo.addItem(words, value)
            combo.activated.connect(self._on_chosen)
            return combo
        if isinstance(known.default, bool):
            box = QCheckBox()
            box.toggled.connect(self._on_chosen)
            return box
        spin: QSpinBox | QDoubleSpinBox
        if isinstance(known.default, float):
            spin = QDoubleSpinBox()
            spin.setDecimals(2 if known.step < 0.5 else 1)
            spin.setRange(known.least, known.most)
            spin.setSingleStep(known.step)
        else:
            spin = QSpinBox()
            spin.setRange(int(known.least), int(known.most))
            spin.setSingleStep(int(known.step))
            spin.setSpecialValueText(known.zero if known.least == 0 else "")
        spin.setSuffix(known.unit)
        spin.setKeyboardTracking(False)
        pad_number(spin)
        spin.valueChanged.connect(self._on_chosen)
        return spin

    @Slot()
    def _on_chosen(self) -> None:
        control = self.control
        if isinstance(control, QComboBox):
            self.chosen.emit(control.currentData())
        elif isinstance(control, QCheckBox):
            self.chosen.emit(control.isChecked())
        elif isinstance(control, QSpinBox | QDoubleSpinBox):
            self.chosen.emit(control.value())

    @Slot()
    def _on_reset(self) -> None:
        # The button is about to vanish; the keyboard must not end up nowhere.
        self.control.setFocus(Qt.FocusReason.OtherFocusReason)
        self.chosen.emit(self.preference.default)
