"""The slider of the exploded view, at the bottom of the viewport while it is on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSlider, QWidget

from app.panels.widgets import icon_button, label, set_role

FIRST = 45
"""Per cent that the parts go apart when the view is first switched on."""
MARGIN = 14


class ExplodeBar(QFrame):
    """How far the parts are drawn apart.

    Signals
    -------
    amount_changed(float)
        0 to 1; 0 when the bar is closed.
    """

    amount_changed = Signal(float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._viewport = parent
        set_role(self, "card")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setFixedWidth(180)
        self.slider.setAccessibleName("Distance between parts")
        self.slider.setToolTip("How far the parts are drawn apart. The shape itself is not changed.")
        self.close_button = icon_button("close", "Close exploded view", "Draw the parts where they are.")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 6, 4)
        layout.setSpacing(10)
        layout.addWidget(label("Exploded", "muted"))
        layout.addWidget(self.slider)
        layout.addWidget(self.close_button)
        self.slider.valueChanged.connect(self._on_value_changed)
        self.close_button.clicked.connect(self.close_view)
        self.hide()

    def toggle(self) -> None:
        """Open with the parts apart, or close with the parts together."""
        if not self.isHidden():
            self.close_view()
            return
        self.slider.setValue(FIRST)
        self.show()
        self.raise_()
        self.place()

    @Slot()
    def close_view(self) -> None:
        """Draw the parts where they are; nothing happens if they are."""
        was_open = not self.isHidden()
        self.hide()
        if self.slider.value():
            self.slider.setValue(0)
        elif was_open:
            self.amount_changed.emit(0.0)

    def place(self) -> None:
        """Go to the middle of the lower edge of the viewport."""
        self.adjustSize()
        parent = self._viewport
        self.move((parent.width() - self.width()) // 2, parent.height() - self.height() - MARGIN)

    @Slot(int)
    def _on_value_changed(self, value: int) -> None:
        self.amount_changed.emit(value / 100)
