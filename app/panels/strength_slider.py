"""The strength slider, labelled by what a strength does rather than by its number alone.

The useful strengths of SDEdit crowd at the low end (.02-.05 refines, .1-.25 varies, .4 and more replaces), so
the slider gives each of the three effects a third of its length.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from app.panels.provenance import REFINE_BELOW, REPLACE_FROM, strength_text, strength_word
from app.panels.widgets import label, row

STEPS = 300
EFFECTS = {
    "Refine": "keeps the form, mends joints",
    "Vary": "same kind of part, another form",
    "Replace": "a new part, little is kept",
}


def to_strength(position: int, low: float, high: float) -> float:
    """Strength at a slider position in [0, STEPS], in whole hundredths."""
    knots = _knots(low, high)
    return round(float(np.interp(position / STEPS, *knots)), 2)


def to_position(strength: float, low: float, high: float) -> int:
    """Slider position nearest to a strength (clipped to [low, high])."""
    places, strengths = _knots(low, high)
    return round(float(np.interp(np.clip(strength, low, high), strengths, places)) * STEPS)


def _knots(low: float, high: float) -> tuple[list[float], list[float]]:
    strengths = [low, *(edge for edge in (REFINE_BELOW, REPLACE_FROM) if low < edge < high), high]
    places = [index / (len(strengths) - 1) for index in range(len(strengths))]
    return places, strengths


class StrengthSlider(QWidget):
    """Slider for a strength in [low, high] with its effect in words above it.

    The mouse and the keys choose whole hundredths. A strength that was set, from a request of a script, is
    kept as it is until then: what is shown is what is used.
    """

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
        self.slider.setSingleStep(STEPS // 100)
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
        self.slider.actionTriggered.connect(self._on_action_triggered)
        self.slider.valueChanged.connect(self._on_value_changed)
        self._strength = value
        self.set_strength(value)

    @property
    def strength(self) -> float:
        return self._strength

    def set_strength(self, strength: float) -> None:
        """Use a strength as it is, as far as it is in reach."""
        with QSignalBlocker(self.slider):
            self.slider.setValue(to_position(strength, self._low, self._high))
        self._use(min(max(strength, self._low), self._high))

    @Slot(int)
    def _on_action_triggered(self, action: int) -> None:
        """A key goes on by a hundredth; where positions are denser it would seem to do nothing."""
        up, down = QSlider.SliderAction.SliderSingleStepAdd, QSlider.SliderAction.SliderSingleStepSub
        by = {up.value: 0.01, down.value: -0.01}.get(action)
        if by is not None:
            target = round(self._strength + by, 2)
            self.slider.setSliderPosition(to_position(target, self._low, self._high))

    @Slot(int)
    def _on_value_changed(self, position: int) -> None:
        self._use(to_strength(position, self._low, self._high))

    def _use(self, strength: float) -> None:
        self._strength = strength
        if strength == 0.0 and self._zero_text:
            word, meaning = self._zero_text.split(": ", 1)
        else:
            word = strength_word(strength)
            meaning = EFFECTS[word]
        number = strength_text(strength)
        self.effect.setText(word)
        self.meaning.setText(meaning)
        self.number.setText(number)
        self.slider.setAccessibleDescription(f"{word}: {meaning}, strength {number}")
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
