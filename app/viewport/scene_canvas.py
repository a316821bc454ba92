"""The vispy canvas: its GL context, and pictures taken off screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QSurfaceFormat
from PySide6.QtWidgets import QWidget
from vispy import gloo, scene


class SceneCanvas(scene.SceneCanvas):  # type: ignore[misc]  # vispy carries no types
    """A canvas that draws what is parented to `canvas.scene`; all input is left to Qt.

    Parameters
    ----------
    before_drawing : callable
        Called with the number of physical pixels per logical one, before each picture.
    parent : QWidget
    """

    def __init__(self, before_drawing: Callable[[float], None], parent: QWidget) -> None:
        super().__init__(
            keys=None,
            parent=parent,
            show=False,
            config={
                "samples": max(QSurfaceFormat.defaultFormat().samples(), 0),
                "depth_size": 24,
                "double_buffer": True,
            },
        )
        self.unfreeze()
        self._before_drawing = before_drawing
        self._picture_ratio = 0.0
        self.painted = False
        self.freeze()
        for emitter in self.events.emitters.values():
            # A broken viewport must fail loudly, not draw nothing in silence.
            emitter.ignore_callback_errors = False

    def _draw_scene(self, bgcolor: Any = None) -> None:
        # Visuals that learn of this very picture ask for another one: without vispy's own flag, which it sets
        # only later, the window would draw without end.
        self._drawing = True
        try:
            self._before_drawing(self._picture_ratio or float(self.native.devicePixelRatioF()))
            # A visual that wrote no depth may have been the last one; clearing depth needs the mask on.
            gloo.set_state(depth_mask=True)
            super()._draw_scene(bgcolor)
        finally:
            self._drawing = False
        self.painted = True

    def picture(self, size: tuple[int, int], supersampling: int) -> NDArray[np.uint8]:
        """What is on the canvas, drawn off screen at a size in pixels: uint8 [H, W, 3]."""
        width, height = size
        self._picture_ratio = width * supersampling / max(float(self.size[0]), 1.0)
        try:
            image = self.render(size=(width * supersampling, height * supersampling), alpha=False)
        finally:
            self._picture_ratio = 0.0
        blocks = image.reshape(height, supersampling, width, supersampling, 3).astype(np.uint16)
        return np.asarray((blocks.sum(axis=(1, 3)) + supersampling**2 // 2) // supersampling**2, np.uint8)
