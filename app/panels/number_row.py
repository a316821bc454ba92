"""Three numbers (x, y, z) in a row that commit on Enter, on leaving the field, and on every nudge."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QWidget

from app.panels.widgets import icon_button, label, pad_number, set_role

AXIS_NAMES = ("x", "y", "z")


class NumberField(QDoubleSpinBox):
    """A number that reports only what a person committed, not every key.

    Signals
    -------
    committed(float, bool)
        New value, and whether it came from a nudge (arrow key, wheel, arrow button).
    """

    committed = Signal(float, bool)

    def __init__(self, name: str, step: float, decimals: int, low: float, high: float) -> None:
        super().__init__()
        self._nudging = False
        self.setKeyboardTracking(False)
        self.setDecimals(decimals)
        self.setRange(low, high)
        self.setSingleStep(step)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(54)
        set_role(self, "plain")
        pad_number(self)
        self.valueChanged.connect(self._on_value_changed)

    def show_value(self, value: float) -> None:
        """Display a value without reporting it."""
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)

    def stepBy(self, steps: int) -> None:
        self._nudging = True
        super().stepBy(steps)
        self._nudging = False

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Scrolling the panel must not change numbers under the mouse.
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    @Slot(float)
    def _on_value_changed(self, value: float) -> None:
        self.committed.emit(value, self._nudging)


class NumberRow(QWidget):
    """Label, three fields, reset button.

    Signals
    -------
    committed(int axis, float value, bool nudged)
    reset_requested()
    """

    committed = Signal(int, float, bool)
    reset_requested = Signal()

    def __init__(
        self,
        name: str,
        tip: str,
        step: float,
        decimals: int,
        low: float,
        high: float,
        suffix: str = "",
    ) -> None:
        super().__init__()
        self.name = label(name, "muted")
        self.name.setFixedWidth(62)
        self.fields = tuple(NumberField(f"{name} {axis}", step, decimals, low, high) for axis in AXIS_NAMES)
        self.reset_button = icon_button(
            "reset", f"Reset {name.lower()}", f"Back to the {name.lower()} it had when it was selected."
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.name)
        for axis, field in enumerate(self.fields):
            field.setSuffix(suffix)
            field.setToolTip(f"{tip}\nEnter commits as one undo step; arrow keys and wheel nudge.")
            field.committed.connect(self._on_committed)
            field.setProperty("axis", axis)
            layout.addWidget(field, 1)
        layout.addWidget(self.reset_button)
        self.reset_button.clicked.connect(self.reset_requested)

    def show_values(self, values: NDArray[np.float64]) -> None:
        """Display three values without reporting them."""
        for field, value in zip(self.fields, values, strict=True):
            field.show_value(float(value))

    def set_name(self, name: str) -> None:
        self.name.setText(name)
        for axis, field in zip(AXIS_NAMES, self.fields, strict=True):
            field.setAccessibleName(f"{name} {axis}")

    def set_editable(self, editable: bool) -> None:
        for field in self.fields:
            field.setEnabled(editable)

    @Slot(float, bool)
    def _on_committed(self, value: float, nudged: bool) -> None:
        field = self.sender()
        if isinstance(field, NumberField):
            self.committed.emit(int(field.property("axis")), value, nudged)
