"""Visuals made before they are needed: the first frame of a new shape then has no shaders to compile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, QTimer, Slot

from app.viewport.part_table import PartStates
from app.viewport.scene_canvas import SceneCanvas
from app.viewport.scene_view import SceneView
from core.scene.shape import Mesh

CALM = 400
"""Milliseconds of calm before a spare is made, and after it is drawn once."""
_CORNERS = np.zeros((4, 3), np.float32)
_FACES = np.array([[0, 1, 2], [2, 1, 3]], np.int32)
NOTHING = Mesh(_CORNERS, np.tile(np.float32(0.577), (4, 3)), _FACES, np.array([0, 1], np.int32))
"""Two triangles without area, of two parts: drawn by every program of a shape, seen by nobody."""
STATES = replace(PartStates.plain(np.zeros((2, 3), np.float32)), selected=np.array([True, False]))


class Spare(QObject):
    """Keeps spare sets of visuals in the pool of a scene view, made while nothing else goes on.

    Parameters
    ----------
    view : SceneView
    canvas : SceneCanvas
    model_works : callable
        Whether the model is at work; the spare waits until it is not.
    """

    def __init__(
        self, view: SceneView, canvas: SceneCanvas, model_works: Callable[[], bool], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._view, self._canvas, self._model_works = view, canvas, model_works
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(CALM)
        self._timer.timeout.connect(self._on_calm)

    def ask(self) -> None:
        """Make a spare soon, if there are too few."""
        if self._view.lacks_spare or self._view.drawing_spare:
            self._timer.start()

    @Slot()
    def _on_calm(self) -> None:
        if self._view.drawing_spare:
            self._view.keep_spare()
            self.ask()
        elif not self._canvas.painted or self._model_works():
            self._timer.start()
        elif self._view.lacks_spare:
            self._view.draw_spare(NOTHING, STATES)
            self._canvas.update()
            self._timer.start()
