"""The slider of the exploded view, at the bottom of the viewport while it is on."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.panels.widgets import icon_button, label
from app.viewport.slider_bar import SliderBar

FIRST = 45
"""Per cent that the parts go apart when the view is first switched on."""


class ExplodeBar(SliderBar):
    """How far the parts are drawn apart.

    Signals
    -------
    amount_changed(float)
        0 to 1; 0 when the bar is closed.
    """

    amount_changed = Signal(float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(
            parent,
            width=180,
            name="Distance between parts",
            tip="How far the parts are drawn apart. The shape itself is not changed.",
        )
        self.slider.setRange(0, 100)
        self.close_button = icon_button("close", "Close exploded view", "Draw the parts where they are.")
        self.line_up(label("Exploded", "muted"), self.slider, self.close_button)
        self.slider.valueChanged.connect(self._on_value_changed)
        self.close_button.clicked.connect(self.close_view)

    def toggle(self) -> None:
        """Open with the parts apart, or close with the parts together."""
        if not self.isHidden():
            self.close_view()
            return
        self.slider.setValue(FIRST)
        self.appear()

    @Slot()
    def close_view(self) -> None:
        """Draw the parts where they are; nothing happens if they are."""
        was_open = not self.isHidden()
        self.hide()
        if self.slider.value():
            self.slider.setValue(0)
        elif was_open:
            self.amount_changed.emit(0.0)

    @Slot(int)
    def _on_value_changed(self, value: int) -> None:
        self.amount_changed.emit(value / 100)
