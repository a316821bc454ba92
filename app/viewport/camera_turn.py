"""The camera on its way from one view to another."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation, Signal, Slot

from app.viewport.camera import Camera

TURN_TIME = 180
"""Milliseconds a change to another view takes."""


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

    @property
    def camera(self) -> Camera:
        return self._camera

    @property
    def goal(self) -> Camera:
        return self._goal

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
