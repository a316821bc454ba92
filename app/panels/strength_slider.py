"""The strength slider, labelled by what a strength does rather than by its number alone.

The useful strengths of SDEdit crowd at the low end (.02-.05 refines, .1-.25 varies, .4 and more replaces), so
the slider gives each of the three effects a third of its length.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from app.panels.provenance import REFINE_BELOW, REPLACE_FROM, strength_word
from app.panels.widgets import label, row

STEPS = 300
EFFECTS = {
    "Refine": "keeps the form, mends joints",
    "Vary": "same kind of part, another form",
    "Replace": "a new part, little is kept",
}


def to_strength(position: int, low: float, high: float) -> float:
    """Strength at a slider position in [0, STEPS]; zero stays exactly zero."""
    knots = _knots(low, high)
    return round(float(np.interp(position / STEPS, *knots)), 3)


def to_position(strength: float, low: float, high: float) -> int:
    """Slider position nearest to a strength (clipped to [low, high])."""
    places, strengths = _knots(low, high)
    return round(float(np.interp(np.clip(strength, low, high), strengths, places)) * STEPS)


def _knots(low: float, high: float) -> tuple[list[float], list[float]]:
    strengths = [low, *(edge for edge in (REFINE_BELOW, REPLACE_FROM) if low < edge < high), high]
    places = [index / (len(strengths) - 1) for index in range(len(strengths))]
    return places, strengths


class StrengthSlider(QWidget):
    """Slider for a strength in [low, high] with its effect in words above it."""

    strength_changed = Signal(float)

    def __init__(
        self, low: float, high: float, value: float, zero_text: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._low, self._high = low, high
        self._zero_text = zero_text
        self.effect = label("", "heading")
        self.meaning = label("", "muted")
        self.number = label("", "muted")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, STEPS)
        self.slider.setPageStep(STEPS // 10)
        self.slider.setAccessibleName("Strength")
        self.slider.setToolTip(
            "How far the parts may move away from what they are.\n"
            "Low mends, middle varies, high replaces them."
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(row(self.effect, self.meaning, 1, self.number))
        layout.addWidget(self.slider)
        layout.addLayout(self._ticks())
        self.slider.valueChanged.connect(self._on_slider_value_changed)
        self.slider.setValue(to_position(value, low, high))
        self._on_slider_value_changed(self.slider.value())

    @property
    def strength(self) -> float:
        return to_strength(self.slider.value(), self._low, self._high)

    def set_strength(self, strength: float) -> None:
        self.slider.setValue(to_position(strength, self._low, self._high))

    @Slot(int)
    def _on_slider_value_changed(self, position: int) -> None:
        strength = self.strength
        if strength == 0.0 and self._zero_text:
            word, meaning = self._zero_text.split(": ", 1)
        else:
            word = strength_word(strength)
            meaning = EFFECTS[word]
        self.effect.setText(word)
        self.meaning.setText(meaning)
        self.number.setText(f"{strength:.2f}")
        self.slider.setAccessibleDescription(f"{word}: {meaning}, strength {strength:.2f}")
        self.strength_changed.emit(strength)

    def _ticks(self) -> QHBoxLayout:
        words = [
            word
            for word, low, high in (
                ("refine", self._low, REFINE_BELOW),
                ("vary", REFINE_BELOW, REPLACE_FROM),
                ("replace", REPLACE_FROM, self._high),
            )
            if self._low < high and low < self._high
        ]
        items: list[QWidget | int] = []
        for word in words:
            items += [1, label(word, "muted"), 1]
        return row(*items, spacing=0)
