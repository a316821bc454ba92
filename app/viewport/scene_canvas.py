"""The vispy canvas: its GL context, and pictures taken off screen."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer
from PySide6.QtGui import QSurfaceFormat
from PySide6.QtWidgets import QWidget
from vispy import gloo, scene

LONGEST_REST = 0.1
"""Seconds that drawing pauses at most."""


class SceneCanvas(scene.SceneCanvas):  # type: ignore[misc]  # vispy carries no types
    """A canvas that draws what is parented to `canvas.scene`; all input is left to Qt.

    Parameters
    ----------
    before_drawing : callable
        Called with the number of physical pixels per logical one, before each picture.
    model_works : callable
        Whether the model needs the processor too. Drawing then pauses after each picture for as long as that
        took: of no account with a graphics card, and half the time for the model where the processor draws.
    parent : QWidget
    """

    _rest_until = 0.0

    def __init__(
        self, before_drawing: Callable[[float], None], model_works: Callable[[], bool], parent: QWidget
    ) -> None:
        super().__init__(
            keys=None,
            parent=parent,
            show=False,
            autoswap=False,  # the widget shows what was drawn by itself; swapping would wait for it
            config={
                "samples": max(QSurfaceFormat.defaultFormat().samples(), 0),
                "depth_size": 24,
                "double_buffer": True,
            },
        )
        self.unfreeze()
        self._before_drawing = before_drawing
        self._model_works = model_works
        self._picture_ratio = 0.0
        self._begun = 0.0
        self._rest = QTimer(self.native)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(super().update)
        self.native.frameSwapped.connect(self._on_shown)
        self.painted = False
        self.freeze()
        for emitter in self.events.emitters.values():
            # A broken viewport must fail loudly, not draw nothing in silence.
            emitter.ignore_callback_errors = False

    def update(self, node: Any = None) -> None:
        """Ask for a new picture, soon."""
        wait = self._rest_until - time.monotonic()
        if wait <= 0:
            super().update(node)
        elif not self._drawing and not self._rest.isActive():
            self._rest.start(math.ceil(1000 * wait))

    def _on_shown(self) -> None:
        if self._model_works():
            now = time.monotonic()
            self._rest_until = now + min(now - self._begun, LONGEST_REST)

    def _draw_scene(self, bgcolor: Any = None) -> None:
        # Visuals that learn of this very picture ask for another one: without vispy's own flag, which it sets
        # only later, the window would draw without end.
        self._drawing = True
        self._begun = time.monotonic()
        try:
            self._before_drawing(self._picture_ratio or float(self.native.devicePixelRatioF()))
            # A visual that wrote no depth may have been the last one; clearing depth needs the mask on.
            gloo.set_state(depth_mask=True)
            super()._draw_scene(bgcolor)
        finally:
            self._drawing = False
        self.painted = True

    def picture(
        self, size: tuple[int, int], supersampling: int, background: str | None = None
    ) -> NDArray[np.uint8]:
        """What is on the canvas, drawn off screen at a size in pixels: uint8 [H, W, 3].

        `background` is the name of a colour, for where nothing is drawn.
        """
        width, height = size
        self._picture_ratio = width * supersampling / max(float(self.size[0]), 1.0)
        try:
            large = (width * supersampling, height * supersampling)
            image = self.render(size=large, bgcolor=background, alpha=False)
        finally:
            self._picture_ratio = 0.0
        blocks = image.reshape(height, supersampling, width, supersampling, 3).astype(np.uint16)
        return np.asarray((blocks.sum(axis=(1, 3)) + supersampling**2 // 2) // supersampling**2, np.uint8)
