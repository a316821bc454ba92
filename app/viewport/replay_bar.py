"""The slider of a replay, at the bottom of the viewport: from noise to the finished candidate."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from app import theme
from app.panels.widgets import Elided, icon_button, label
from app.viewport.slider_bar import SliderBar

FRAME = 120
"""Milliseconds between two steps while it plays."""


class ReplayBar(SliderBar):
    """Play button, slider over the steps, and buttons.

    Signals
    -------
    step_changed(int)
        0 is the first step; the last one the finished candidate.
    accepted(), closed()
    """

    step_changed = Signal(int)
    accepted = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(
            parent,
            width=220,
            name="Step of the denoising",
            tip="Slide from noise (left) to the finished candidate (right).",
        )
        self.title = Elided("", "muted", asking=True)
        self.play_button = icon_button("run", "Play", "Play the steps from noise to the candidate (Space).")
        self.slider.setPageStep(1)
        self.step_label = label("")
        self.step_label.setFixedWidth(self.fontMetrics().horizontalAdvance("step 16 of 16") + 8)
        self.accept_button = QPushButton("Accept")
        self.accept_button.setToolTip("Put the finished candidate into the scene (Enter). One undo step.")
        self.close_button = icon_button("close", "Close the replay", "Show the scene as it is (Esc).")
        self.line_up(
            self.title, self.play_button, self.slider, self.step_label, self.accept_button, self.close_button
        )
        self._timer = QTimer(self, interval=FRAME)
        self._timer.timeout.connect(self._on_timer)
        self.slider.valueChanged.connect(self._on_value_changed)
        self.slider.sliderPressed.connect(self.stop)
        self.play_button.clicked.connect(self.toggle_play)
        self.accept_button.clicked.connect(self.accepted)
        self.close_button.clicked.connect(self.closed)

    @property
    def playing(self) -> bool:
        return self._timer.isActive()

    def open(self, title: str, steps: int) -> None:
        """Show the finished candidate, after so many steps, and wait."""
        self.stop()
        self.title.setText(title)
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, steps)
            self.slider.setValue(steps)
        self._on_value_changed(steps)
        self.appear()
        self.slider.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def toggle_play(self) -> None:
        """Play on, from the beginning if it is at the end; or stop."""
        if self.playing:
            self.stop()
            return
        if self.slider.value() == self.slider.maximum():
            self.slider.setValue(0)
        self._timer.start()
        theme.bind_icon(self.play_button, "pause")

    @Slot()
    def stop(self) -> None:
        """Stay at this step."""
        self._timer.stop()
        theme.bind_icon(self.play_button, "run")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accepted.emit()
        elif event.key() == Qt.Key.Key_Space:
            self.toggle_play()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _on_timer(self) -> None:
        self.slider.setValue(self.slider.value() + 1)
        if self.slider.value() == self.slider.maximum():
            self.stop()

    @Slot(int)
    def _on_value_changed(self, value: int) -> None:
        last = self.slider.maximum()
        self.step_label.setText("finished" if value == last else f"step {value + 1} of {last}")
        self.step_changed.emit(value)
