"""Flat drawing over the picture, in logical pixels: gizmo handles, axis cross, selection rectangle.

Everything is a list of capsules (thick strokes with round ends; a dot is a stroke of no length) and filled
triangles. The fragment shader smooths stroke edges exactly, with or without multisampling.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from vispy.gloo import VertexBuffer
from vispy.scene.visuals import create_visual_node

from app.viewport.frame import Frame, FramedVisual

_VERTEX = """
uniform vec2 u_viewport;
attribute vec2 a_position;
attribute vec4 a_color;
attribute vec4 a_local;
varying vec4 v_color;
varying vec4 v_local;
void main() {
    v_color = a_color;
    v_local = a_local;
    vec2 clip = a_position / u_viewport * 2.0 - 1.0;
    gl_Position = vec4(clip.x, -clip.y, 0.0, 1.0);
}
"""

_FRAGMENT = """
uniform float u_pixel;
varying vec4 v_color;
varying vec4 v_local;
void main() {
    // v_local: along and across from the middle of the stroke, half length, half width.
    float distance = length(vec2(max(abs(v_local.x) - v_local.z, 0.0), v_local.y)) - v_local.w;
    float alpha = clamp(0.5 - distance * u_pixel, 0.0, 1.0) * v_color.a;
    if (alpha < 0.004) discard;
    gl_FragColor = vec4(v_color.rgb, alpha);
}
"""

_POINT = np.dtype([("a_position", np.float32, 2), ("a_color", np.float32, 4), ("a_local", np.float32, 4)])
_INSIDE = (0.0, 0.0, 0.0, 1e4)


class Drawing:
    """A list of strokes and filled shapes, later ones on top. Colours are rgb or rgba, 0 to 1."""

    def __init__(self) -> None:
        self._pieces: list[NDArray[np.void]] = []

    def stroke(self, points: ArrayLike, width: float, color: ArrayLike, closed: bool = False) -> None:
        """A line through points [N, 2]."""
        line = np.asarray(points, np.float64)
        if closed:
            line = np.concatenate([line, line[:1]])
        start, end = line[:-1], line[1:]
        along = end - start
        length = np.linalg.norm(along, axis=1)
        unit = np.where(length[:, None] > 1e-9, along / np.maximum(length, 1e-9)[:, None], (1.0, 0.0))
        across = np.stack([-unit[:, 1], unit[:, 0]], axis=1)
        reach = width / 2 + 1.0
        middle, half = (start + end) / 2, length / 2
        corners = np.zeros((len(start), 4), _POINT)
        for corner, (side_along, side_across) in enumerate(((-1, -1), (1, -1), (1, 1), (-1, 1))):
            local_along, local_across = side_along * (half + reach), np.full(len(start), side_across * reach)
            corners["a_position"][:, corner] = (
                middle + unit * local_along[:, None] + across * local_across[:, None]
            )
            corners["a_local"][:, corner] = np.stack(
                [local_along, local_across, half, np.full(len(start), width / 2)], axis=1
            )
        corners["a_color"] = _rgba(color)
        self._pieces.append(corners[:, [0, 1, 2, 0, 2, 3]].reshape(-1))

    def dot(self, centre: ArrayLike, radius: float, color: ArrayLike) -> None:
        """A filled circle."""
        centre = np.asarray(centre, np.float64)
        self.stroke(np.stack([centre, centre]), 2 * radius, color)

    def ring(self, centre: ArrayLike, radius: float, width: float, color: ArrayLike) -> None:
        """An empty circle."""
        turns = np.linspace(0, 2 * np.pi, 40, endpoint=False)
        circle = np.asarray(centre, np.float64) + radius * np.stack([np.cos(turns), np.sin(turns)], axis=1)
        self.stroke(circle, width, color, closed=True)

    def fill(self, polygon: ArrayLike, color: ArrayLike) -> None:
        """A filled convex polygon [N, 2]."""
        outline = np.asarray(polygon, np.float64)
        count = len(outline)
        index = np.stack([np.zeros(count - 2, int), np.arange(1, count - 1), np.arange(2, count)], axis=1)
        triangles = np.zeros(3 * (count - 2), _POINT)
        triangles["a_position"] = outline[index.ravel()]
        triangles["a_color"] = _rgba(color)
        triangles["a_local"] = _INSIDE
        self._pieces.append(triangles)

    def vertices(self) -> NDArray[np.void]:
        """Triangles of everything drawn."""
        return np.concatenate(self._pieces) if self._pieces else np.zeros(0, _POINT)


def _rgba(color: ArrayLike) -> NDArray[np.float64]:
    values = np.asarray(color, np.float64)
    return values if len(values) == 4 else np.append(values, 1.0)


class OverlayVisual(FramedVisual):
    """Draws a `Drawing` over everything else."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, _VERTEX, _FRAGMENT)
        self._buffer = VertexBuffer()
        self.set_gl_state(
            depth_test=False,
            depth_mask=False,
            cull_face=False,
            blend=True,
            blend_func=("src_alpha", "one_minus_src_alpha"),
        )

    def set_drawing(self, drawing: Drawing) -> None:
        vertices = drawing.vertices()
        self._empty = len(vertices) == 0
        if not self._empty:
            self._buffer.set_data(vertices)
            self.shared_program.bind(self._buffer)


Overlay = create_visual_node(OverlayVisual)
