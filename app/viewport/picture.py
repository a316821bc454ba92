"""The picture of a scene as a widget: the vispy canvas, the camera and how shapes are drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.editor import Editor
from app.viewport.camera import VIEWS, Camera, Projection
from app.viewport.camera_turn import CameraTurn
from app.viewport.frame import Frame
from app.viewport.look import DARK, LIGHT, Look
from app.viewport.overlay import Drawing, Overlay
from app.viewport.scene_canvas import SceneCanvas
from app.viewport.scene_view import DISPLAYS, Display, SceneView
from app.viewport.spare import Spare
from core.scene.picking import Ray
from core.scene.selection import PartRef

SUBPIXELS = ((-0.25, -0.25), (0.25, -0.25), (-0.25, 0.25), (0.25, 0.25))
"""Shifts of pictures whose mean has smooth edges: drawn in so many short turns instead of a long one."""


class Picture(QWidget):
    """What can be seen, and from where; nothing in here listens to the mouse.

    Parameters
    ----------
    editor : Editor

    Signals
    -------
    camera_moved()
    refreshed()
        It may look other than before.
    """

    camera_moved = Signal()
    refreshed = Signal()

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editor = editor
        self.animated = True
        """Whether changes of view glide; see `set_animated`."""
        self._look: Look = DARK
        self._frame = Frame()
        self._turn = CameraTurn(Camera(), self)
        self._turn.camera_changed.connect(self._on_camera_changed)
        self.canvas = SceneCanvas(self._before_drawing, lambda: editor.worker.busy, self)
        self.surface: QWidget = self.canvas.native
        """The widget that is drawn on and receives mouse and keys."""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.surface)
        self.view = SceneView(self._frame, self.canvas.scene, editor)
        self._spare = Spare(self.view, self.canvas, lambda: editor.worker.busy, self)
        self._overlay = Overlay(self._frame, parent=self.canvas.scene)
        self._overlay.order = 100
        self._overlay_wanted = True
        self._other_camera: Camera | None = None
        self._shift = (0.0, 0.0)

    # ------------------------------------------------------------------ camera

    @property
    def view_size(self) -> tuple[float, float]:
        """Width and height of the picture in logical pixels."""
        return (float(max(self.surface.width(), 1)), float(max(self.surface.height(), 1)))

    @property
    def camera(self) -> Camera:
        return self._turn.camera

    @camera.setter
    def camera(self, camera: Camera) -> None:
        self._turn.jump(camera)

    @property
    def goal(self) -> Camera:
        """Where the camera is, or is on its way to."""
        return self._turn.goal

    def begin_gesture(self) -> None:
        """The mouse is about to move the camera: the view can be gone back to."""
        self._turn.begin_gesture()

    @property
    def look(self) -> Look:
        return self._look

    @property
    def projection(self) -> Projection:
        return self._turn.goal.projection

    def set_projection(self, projection: Projection) -> None:
        """Switch between "perspective" and "orthographic"."""
        if projection not in ("perspective", "orthographic"):
            raise ValueError(f"there is no projection {projection!r}")
        self._turn.settle()
        self.camera = replace(self.camera, projection=projection)

    def set_view(self, name: str) -> None:
        """Look from "front", "back", "left", "right", "top", "bottom", or "home" (which also frames all)."""
        if name not in VIEWS:
            raise ValueError(f"there is no view {name!r}")
        camera = self._turn.goal.looking(name)
        bounds = self.view.bounds() if name == "home" else None
        self._glide(camera if bounds is None else camera.framing(*bounds, self.view_size))

    def frame(self, refs: Iterable[PartRef] | None = None) -> None:
        """Bring parts (default: everything visible) into view without turning."""
        bounds = self.view.bounds(None if refs is None else frozenset(refs))
        if bounds is not None:
            self._glide(self._turn.goal.framing(*bounds, self.view_size))

    def project(self, points: ArrayLike) -> NDArray[np.float64]:
        """Scene points [N, 3] to logical pixels [N, 2] from the top left corner."""
        self._turn.settle()
        return self.camera.project(points, self.view_size)[0]

    def ray_at(self, x: float, y: float) -> Ray:
        """The line of sight through a logical pixel, scene frame."""
        return self.camera.ray(x, y, self.view_size)

    def go_back(self) -> None:
        """The view before the last time it was moved."""
        self._glide(self._turn.step_back(), remember=False)

    def go_forward(self) -> None:
        """Undo `go_back`."""
        self._glide(self._turn.step_forward(), remember=False)

    def set_animated(self, animated: bool) -> None:
        """Let changes of view glide, or (for reduced motion) happen at once."""
        self.animated = animated
        if not animated:
            self._turn.settle()

    def _glide(self, camera: Camera, remember: bool = True) -> None:
        if remember:
            self._turn.remember()
        if self.animated and self.canvas.painted and self.isVisible():
            self._turn.glide(camera)
        else:
            self.camera = camera

    @Slot()
    def _on_camera_changed(self) -> None:
        self.canvas.update()
        self.camera_moved.emit()

    # ------------------------------------------------------------------ appearance

    @property
    def display(self) -> Display:
        return self.view.display

    def set_display(self, mode: Display) -> None:
        """Draw shapes in one of the `DISPLAYS`."""
        if mode not in DISPLAYS:
            raise ValueError(f"there is no display mode {mode!r}")
        self.view.display = mode
        self._refresh()

    @property
    def exploded(self) -> bool:
        """Whether parts are drawn apart from where they are."""
        return bool(self.view.explosion)

    @property
    def as_it_is(self) -> bool:
        """Whether parts can be taken hold of where they are drawn: not exploded, no candidate shown."""
        return not self.exploded and self.view.candidate is None

    def set_theme(self, dark: bool) -> None:
        self.set_look(DARK if dark else LIGHT)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.canvas.update()
        self.refreshed.emit()

    def grab_image(
        self,
        scale: float = 1.0,
        overlay: bool = False,
        supersampling: int = 2,
        camera: Camera | None = None,
        transparent: bool = False,
        shift: tuple[float, float] = (0.0, 0.0),
    ) -> NDArray[np.uint8]:
        """The picture, uint8 [H, W, 3], at `scale` times its size in logical pixels.

        Parameters
        ----------
        overlay : bool
            With gizmo and axis cross.
        supersampling : int
            Each pixel is the mean of so many by so many, because multisampling ends at the window.
        camera : Camera, optional
            Where to look from instead of the present view.
        transparent : bool
            Without background and grid: uint8 [H, W, 4] with straight alpha, in which shadows are half there.
        shift : two floats
            Part of a pixel that everything is drawn to the right and up (see `SUBPIXELS`).

        Raises
        ------
        RuntimeError
            Before the viewport was first shown: there is no OpenGL context yet.
        """
        if not self.canvas.painted:
            raise RuntimeError("the viewport must have been shown before a picture can be taken of it")
        self._turn.settle()
        width, height = self.view_size
        self._overlay_wanted, self._other_camera, self._shift = overlay, camera, shift
        self.view.set_backdrop(not transparent)
        try:
            size = (max(1, round(width * scale)), max(1, round(height * scale)))
            if not transparent:
                return self.canvas.picture(size, supersampling)
            dark, light = (self.canvas.picture(size, supersampling, name) for name in ("black", "white"))
            return without_background(dark, light)
        finally:
            self._overlay_wanted, self._other_camera, self._shift = True, None, (0.0, 0.0)
            self.view.set_backdrop(True)
            self.canvas.update()

    # ------------------------------------------------------------------ drawing

    def overlay_drawing(self) -> Drawing:
        """What lies over the picture; nothing unless a subclass says so."""
        return Drawing()

    def _refresh(self) -> None:
        """Show the present state of scene, selection and editor."""
        self.view.refresh()
        self._spare.ask()
        self.canvas.update()
        self.refreshed.emit()

    def _before_drawing(self, pixel_ratio: float) -> None:
        camera = self._other_camera or self.camera
        self._frame.show(camera, self.view_size, pixel_ratio, self._look, self._shift)
        self._overlay.visible = self._overlay_wanted
        if self._overlay_wanted:
            self._overlay.set_drawing(self.overlay_drawing())


def without_background(dark: NDArray[np.uint8], light: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture [H, W, 4] that gives `dark` over black and `light` over white (both [H, W, 3]).

    That holds for everything that is blended, however it is: glass, shadows, smoothed edges.
    """
    over_black = dark.astype(np.float32)
    alpha = np.clip(1.0 - (light - over_black).mean(axis=2, keepdims=True) / 255.0, 0.0, 1.0)
    color = np.divide(over_black, alpha, out=np.zeros_like(over_black), where=alpha > 1.0 / 512)
    return np.concatenate([np.clip(color, 0, 255), 255.0 * alpha], axis=2).round().astype(np.uint8)
