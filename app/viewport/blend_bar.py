"""The slider of a blend, at the bottom of the viewport: from the shape as it is towards another state."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget

from app.panels.widgets import Elided, icon_button, label
from app.viewport.slider_bar import LEAST, SliderBar

STEPS = 100
"""Places of the slider: a per cent each, as it is shown."""


class BlendBar(SliderBar):
    """Two ends, a slider between them, and buttons.

    Signals
    -------
    changed()
        Another amount or another end was chosen.
    accepted(), cancelled()
    """

    changed = Signal()
    accepted = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(
            parent,
            width=220,
            name="Amount of the blend",
            tip="Slide from the shape as it is (left) to what it is blended with (right).",
        )
        self.start = Elided("", "muted", asking=True)
        self.slider.setRange(0, STEPS)
        self.slider.setPageStep(STEPS // 10)
        self.end_combo = QComboBox()
        self.end_combo.setAccessibleName("Blend with")
        self.end_combo.setToolTip("What to blend with: another shape, or the candidate you looked at last.")
        self.end_combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.end_combo.setMinimumWidth(LEAST)
        self.amount_label = label("")
        self.amount_label.setFixedWidth(self.fontMetrics().horizontalAdvance("100 %") + 8)
        self.amount_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.accept_button = QPushButton("Accept")
        self.accept_button.setToolTip("Keep the shape as it is shown (Enter). One undo step.")
        self.close_button = icon_button("close", "Cancel the blend", "Leave the shape as it was (Esc).")
        self.line_up(
            self.start, self.slider, self.end_combo, self.amount_label, self.accept_button, self.close_button
        )
        self.slider.valueChanged.connect(self._on_value_changed)
        self.end_combo.currentIndexChanged.connect(self.changed)
        self.accept_button.clicked.connect(self.accepted)
        self.close_button.clicked.connect(self.cancelled)

    @property
    def amount(self) -> float:
        """0 to 1."""
        return self.slider.value() / STEPS

    def open(self, start: str, ends: list[str]) -> None:
        """Show what is blended and with what it can be; the slider at the left."""
        self.start.setText(start)
        with QSignalBlocker(self.end_combo), QSignalBlocker(self.slider):
            self.end_combo.clear()
            self.end_combo.addItems(ends)
            self.slider.setValue(0)
        self._tell()
        self.appear()
        self.slider.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_start(self, start: str) -> None:
        """What is blended has changed."""
        self.start.setText(start)
        self.place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accepted.emit()
        else:
            super().keyPressEvent(event)

    @Slot(int)
    def _on_value_changed(self, _value: int) -> None:
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        self.amount_label.setText(f"{self.amount:.0%}".replace("%", " %"))
        self.accept_button.setEnabled(self.amount > 0)
