"""A card with a slider, at the bottom of the viewport: what blends, replays and exploded views share."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSlider, QWidget

from app.panels.widgets import set_role

MARGIN = 14
LEAST = 90
"""Width of a slider in a viewport that is too narrow for all of its bar, pixels."""


class SliderBar(QFrame):
    """Hidden until `appear`; the subclass says what stands beside the slider.

    Parameters
    ----------
    parent : QWidget
        The viewport.
    width : int
        Of the slider, in pixels; less if the viewport is narrow.
    name, tip : str
        Accessible name and tooltip of the slider.
    """

    def __init__(self, parent: QWidget, width: int, name: str, tip: str) -> None:
        super().__init__(parent)
        self._viewport, self._width = parent, width
        set_role(self, "card")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setFixedWidth(width)
        self.slider.setAccessibleName(name)
        self.slider.setToolTip(tip)
        self.hide()

    def line_up(self, *widgets: QWidget) -> None:
        """Put widgets beside each other; Tab goes from left to right."""
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 5, 6, 5)
        layout.setSpacing(10)
        for widget in widgets:
            layout.addWidget(widget)
        for left, right in pairwise(widgets):
            self.setTabOrder(left, right)

    def appear(self) -> None:
        """Show the bar above everything else in the viewport."""
        self.show()
        self.raise_()
        self.place()

    def place(self) -> None:
        """Go to the middle of the lower edge of the viewport; the slider, then texts, make way."""
        parent = self._viewport
        room = parent.width() - 2 * MARGIN
        self.slider.setFixedWidth(self._width)
        wide = self.sizeHint().width() - room
        if wide > 0:
            self.slider.setFixedWidth(max(LEAST, self._width - wide))
        wished = self.sizeHint()
        self.resize(min(wished.width(), room), wished.height())
        self.move((parent.width() - self.width()) // 2, parent.height() - self.height() - MARGIN)
