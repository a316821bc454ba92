"""What every visual needs to know of the picture being drawn, and the visual that reads it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from vispy.visuals import Visual

from app.viewport.camera import Camera
from app.viewport.look import DARK, Look

FRAME_UNIFORMS = (
    "u_view_projection",
    "u_eye",
    "u_right",
    "u_up",
    "u_back",
    "u_orthographic",
    "u_viewport",
    "u_pixel",
    "u_ambient",
)


class Frame:
    """Camera, size and look of the picture; `revision` grows with every change.

    Attributes
    ----------
    size : tuple of float
        Logical pixels.
    """

    def __init__(self) -> None:
        self.camera = Camera()
        self.size = (1.0, 1.0)
        self.look: Look = DARK
        self.revision = 0
        self.uniforms: dict[str, Any] = {}
        self.show(self.camera, self.size, 1.0, self.look)

    def show(
        self,
        camera: Camera,
        size: tuple[float, float],
        pixel_ratio: float,
        look: Look,
        shift: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        """Take over what to draw.

        Parameters
        ----------
        pixel_ratio : float
            Physical per logical pixels of the target.
        shift : two floats
            Physical pixels that everything is drawn to the right and up.
        """
        self.camera, self.size, self.look = camera, size, look
        self.revision += 1
        moved = np.eye(4)
        moved[:2, 3] = 2.0 * np.asarray(shift) / (pixel_ratio * np.asarray(size))
        right, up, back = camera.axes.astype(np.float32)
        self.uniforms = {
            # vispy hands matrices over as GL stores them, column by column.
            "u_view_projection": (moved @ camera.matrix(size)).T.astype(np.float32),
            "u_eye": camera.eye.astype(np.float32),
            "u_right": right,
            "u_up": up,
            "u_back": back,
            "u_orthographic": float(camera.projection == "orthographic"),
            "u_viewport": np.asarray(size, np.float32),
            "u_pixel": float(pixel_ratio),
            "u_ambient": float(look.ambient),
        }


class FramedVisual(Visual):  # type: ignore[misc]  # vispy carries no types
    """A vispy visual with its own shaders, fed from a `Frame` instead of vispy's transforms.

    Parameters
    ----------
    frame : Frame
    vertex, fragment : str
        GLSL 1.20. Frame uniforms that occur in them are set before drawing.
    """

    def __init__(self, frame: Frame, vertex: str, fragment: str) -> None:
        Visual.__init__(self, vertex, fragment)
        self._frame = frame
        self._seen = -1
        code = vertex + fragment
        self._wanted = [name for name in FRAME_UNIFORMS if name in code]
        self._draw_mode = "triangles"
        self._empty = True

    def set_uniform(self, name: str, value: NDArray[np.float32] | float) -> None:
        self.shared_program[name] = value

    def _prepare_transforms(self, view: object) -> None:
        """Nothing: positions go to clip space by the frame's matrix."""

    def _compute_bounds(self, axis: int, view: object) -> None:
        return None

    def _prepare_draw(self, view: object = None) -> bool:
        if self._empty:
            return False
        if self._seen != self._frame.revision:
            self._seen = self._frame.revision
            for name in self._wanted:
                self.shared_program[name] = self._frame.uniforms[name]
        return True
