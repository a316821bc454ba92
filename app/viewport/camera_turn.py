"""The camera on its way from one view to another."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QElapsedTimer, QObject, QVariantAnimation, Signal, Slot

from app.viewport.camera import Camera

TURN_TIME = 180
"""Milliseconds a change to another view takes."""
ONE_STEP = 700
"""Movements within so many milliseconds of each other (wheel notches) are gone back over at once."""
MAX_STEPS = 100


class CameraTurn(QObject):
    """Holds the camera and lets it glide; `camera` is where it is now, `goal` where it will end."""

    camera_changed = Signal()

    def __init__(self, camera: Camera, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._camera = self._start = self._goal = camera
        self._animation = QVariantAnimation(self)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.setDuration(TURN_TIME)
        self._animation.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._animation.valueChanged.connect(self._on_value_changed)
        self._past: list[Camera] = []
        self._future: list[Camera] = []
        self._since_step = QElapsedTimer()

    @property
    def camera(self) -> Camera:
        return self._camera

    @property
    def goal(self) -> Camera:
        return self._goal

    @Slot()
    def begin_gesture(self) -> None:
        """The mouse takes hold of the view."""
        self.settle()
        self.remember()

    def remember(self) -> None:
        """The view is about to change by a person's hand: it can be gone back to."""
        recent = self._since_step.isValid() and self._since_step.elapsed() < ONE_STEP
        self._since_step.restart()
        if not recent and (not self._past or self._past[-1] != self._goal):
            self._past = [*self._past, self._goal][-MAX_STEPS:]
        self._future = []

    def step_back(self) -> Camera:
        """The view before the last movement (the present one if there is none), to be gone to."""
        self._since_step.invalidate()
        while self._past:
            camera = self._past.pop()
            # A press that turned out a click moved nothing.
            if camera != self._goal:
                self._future.append(self._goal)
                return camera
        return self._goal

    def step_forward(self) -> Camera:
        """The view before the last `step_back` (the present one if there is none), to be gone to."""
        if not self._future:
            return self._goal
        self._past.append(self._goal)
        return self._future.pop()

    def jump(self, camera: Camera) -> None:
        """Be there at once."""
        self._animation.stop()
        self._goal = camera
        if camera != self._camera:
            self._camera = camera
            self.camera_changed.emit()

    def glide(self, camera: Camera) -> None:
        """Go there smoothly."""
        if camera == self._goal:
            return
        self._animation.stop()
        self._start, self._goal = self._camera, camera
        self._animation.start()

    @Slot()
    def settle(self) -> None:
        """End a glide at its goal."""
        self.jump(self._goal)

    @Slot(object)
    def _on_value_changed(self, fraction: float) -> None:
        self._camera = self._start.between(self._goal, float(fraction))
        self.camera_changed.emit()
