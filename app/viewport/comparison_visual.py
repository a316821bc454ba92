"""A surface coloured by its distance to another one, and that one as a ghost over it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vispy.gloo import IndexBuffer, VertexBuffer
from vispy.scene import Node
from vispy.scene.visuals import create_visual_node

from app.heat import HeatMap
from app.viewport.frame import Frame, FramedVisual
from app.viewport.look import STUDIO
from core.scene.shape import Mesh

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
    """The coloured surface and the ghost, hidden until they are wanted."""

    def __init__(self, frame: Frame, parent: Node) -> None:
        self._heat = Colored(frame, 1.0, parent=parent)
        self._ghost = Colored(frame, GHOST_ALPHA, parent=parent)
        self._heat.order, self._ghost.order = 0, 60
        self.set_visible(False)

    def set_visible(self, visible: bool) -> None:
        self._heat.visible = self._ghost.visible = visible

    def show(self, heat: HeatMap) -> None:
        """Take over what to draw."""
        self._heat.set_mesh(heat.mesh, heat.colors, heat.place)
        pale = np.tile(np.asarray(GHOST, np.float32), (len(heat.ghost.vertices), 1))
        self._ghost.set_mesh(heat.ghost, pale, heat.place)
