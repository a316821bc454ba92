"""A shape against its original: the surface coloured by distance, and the original as a ghost over it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vispy.gloo import IndexBuffer, VertexBuffer
from vispy.scene import Node
from vispy.scene.visuals import create_visual_node

from app.originals import FAR
from app.viewport.frame import Frame, FramedVisual
from app.viewport.look import STUDIO
from core.edits.requests import Compared
from core.scene.shape import Mesh

STOPS = np.array(
    [(0.16, 0.32, 0.62), (0.20, 0.62, 0.66), (0.93, 0.86, 0.45), (0.94, 0.52, 0.22), (0.78, 0.13, 0.16)],
    np.float32,
)
"""sRGB colours from no distance to `FAR`: blue, teal, yellow, orange, red; steps of equal distance."""
GHOST = (0.80, 0.83, 0.90)
GHOST_ALPHA = 0.28

VERTEX = """
uniform mat4 u_view_projection;
uniform vec3 u_place;
attribute vec3 a_position;
attribute vec3 a_normal;
attribute vec3 a_color;
varying vec3 v_world;
varying vec3 v_normal;
varying vec3 v_color;
void main() {
    v_world = a_position + u_place;
    v_normal = a_normal;
    v_color = a_color;
    gl_Position = u_view_projection * vec4(v_world, 1.0);
}
"""
FRAGMENT = (
    STUDIO
    + """
uniform vec3 u_eye;
uniform float u_orthographic;
uniform float u_alpha;
varying vec3 v_world;
varying vec3 v_normal;
varying vec3 v_color;
void main() {
    vec3 to_eye = mix(normalize(u_eye - v_world), u_back, u_orthographic);
    vec3 normal = normalize(v_normal);
    if (dot(normal, to_eye) < 0.0) normal = -normal;
    vec3 lit = studio(to_linear(v_color), normal, to_eye, 0.4);
    gl_FragColor = vec4(to_display(lit), u_alpha);
}
"""
)
POINT = np.dtype([("a_position", np.float32, 3), ("a_normal", np.float32, 3), ("a_color", np.float32, 3)])


def heat_colors(distances: NDArray[np.float32]) -> NDArray[np.float32]:
    """SRGB colours [V, 3] of distances [V] in domain units."""
    place = np.clip(distances / FAR, 0.0, 1.0) * (len(STOPS) - 1)
    known = np.arange(len(STOPS))
    return np.stack([np.interp(place, known, STOPS[:, c]) for c in range(3)], axis=1).astype(np.float32)


class ColoredVisual(FramedVisual):
    """A lit mesh with a colour per vertex."""

    def __init__(self, frame: Frame, alpha: float) -> None:
        super().__init__(frame, VERTEX, FRAGMENT)
        self.shared_program["u_alpha"] = alpha
        self._points, self._indices = VertexBuffer(), IndexBuffer()
        self._index_buffer = self._indices
        self.set_gl_state(
            depth_test=True,
            depth_mask=alpha >= 1,
            cull_face=False,
            blend=alpha < 1,
            blend_func=("src_alpha", "one_minus_src_alpha"),
        )

    def set_mesh(self, mesh: Mesh, colors: NDArray[np.float32], place: tuple[float, float, float]) -> None:
        table = np.zeros(len(mesh.vertices), POINT)
        table["a_position"], table["a_normal"], table["a_color"] = mesh.vertices, mesh.normals, colors
        self._points.set_data(table)
        self._indices.set_data(np.ascontiguousarray(mesh.faces, np.uint32))
        self.shared_program.bind(self._points)
        self.shared_program["u_place"] = place
        self._empty = not len(mesh.faces)


Colored = create_visual_node(ColoredVisual)


class ComparisonVisual:
    """Heat map and ghost of one comparison, hidden while there is none."""

    def __init__(self, frame: Frame, parent: Node) -> None:
        self._heat = Colored(frame, 1.0, parent=parent)
        self._ghost = Colored(frame, GHOST_ALPHA, parent=parent)
        self._heat.order, self._ghost.order = 0, 60
        self.show(None, (0.0, 0.0, 0.0))

    def show(self, comparison: Compared | None, place: tuple[float, float, float]) -> None:
        """Draw a comparison at a place in the scene, or nothing."""
        self._heat.visible = self._ghost.visible = comparison is not None
        if comparison is None:
            return
        self._heat.set_mesh(comparison.request.mesh, heat_colors(comparison.distances), place)
        original = comparison.original
        self._ghost.set_mesh(
            original, np.tile(np.asarray(GHOST, np.float32), (len(original.vertices), 1)), place
        )
