"""The surface of one shape: coloured by part, with hover and selection drawn from a tiny table.

Three programs share one part table: the lit surface, the outline of highlighted parts (their back faces,
grown by a few pixels) and the seams (edges where a highlighted part meets another one).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vispy.gloo import IndexBuffer, VertexBuffer
from vispy.scene import Node
from vispy.scene.visuals import create_visual_node

from app.viewport.frame import Frame, FramedVisual
from app.viewport.look import STUDIO
from app.viewport.part_table import PART_TABLE, PartStates, PartTable
from app.viewport.surface_geometry import surface_geometry
from core.scene.shape import Mesh

_MOVE = (
    PART_TABLE
    + """
uniform mat4 u_view_projection;
uniform vec3 u_place;
uniform mat4 u_moved;
uniform mat4 u_mirrored;

// The drag that is going on, applied to the parts it carries, then the shape's place in the scene.
vec3 in_scene(vec3 point, float moved) {
    vec4 here = vec4(point + u_place, 1.0);
    if (moved > 0.75) return (u_mirrored * here).xyz;
    if (moved > 0.25) return (u_moved * here).xyz;
    return here.xyz;
}
vec3 turned(vec3 normal, float moved) {
    mat4 matrix = moved > 0.75 ? u_mirrored : u_moved;
    if (moved < 0.25) return normal;
    vec3 a = matrix[0].xyz, b = matrix[1].xyz, c = matrix[2].xyz;
    // Cofactors: the inverse transpose up to a factor, right for scaling and mirroring too.
    vec3 result = normal.x * cross(b, c) + normal.y * cross(c, a) + normal.z * cross(a, b);
    return result * sign(dot(a, cross(b, c)));
}
"""
)

_SURFACE_VERTEX = (
    _MOVE
    + """
attribute vec3 a_position;
attribute vec3 a_normal;
attribute float a_row;
varying vec3 v_world;
varying vec3 v_normal;
varying vec3 v_color;
varying vec4 v_state;
void main() {
    vec4 color = part_color(a_row);
    v_state = part_state(a_row);
    v_color = color.rgb;
    v_world = in_scene(a_position, v_state.a);
    v_normal = turned(a_normal, v_state.a);
    gl_Position = color.a > 0.5 ? u_view_projection * vec4(v_world, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
}
"""
)

_SURFACE_FRAGMENT = (
    STUDIO
    + """
uniform vec3 u_eye;
uniform float u_orthographic;
uniform vec3 u_accent;
uniform float u_alpha;
uniform float u_floor;
varying vec3 v_world;
varying vec3 v_normal;
varying vec3 v_color;
varying vec4 v_state;
void main() {
    vec3 to_eye = mix(normalize(u_eye - v_world), u_back, u_orthographic);
    vec3 normal = normalize(v_normal);
    bool inside = dot(normal, to_eye) < -0.25;
    if (dot(normal, to_eye) < 0.0) normal = -normal;
    float selected = v_state.g, hovered = v_state.r, related = v_state.b;
    vec3 albedo = mix(v_color, u_accent, 0.20 * selected + 0.10 * related);
    vec3 lit = studio(albedo, normal, to_eye, 1.0);
    if (inside) lit *= 0.55;
    // Less of the sky reaches what is close to the floor.
    lit *= 0.80 + 0.20 * smoothstep(0.0, 0.35, v_world.y - u_floor);
    float facing = max(0.0, dot(normal, to_eye));
    vec3 accent = to_linear(u_accent);
    lit += accent * (0.16 * selected + (0.55 * selected + 0.25 * related) * pow(1.0 - facing, 2.5));
    lit += hovered * (vec3(0.075) + 0.16 * to_linear(v_color));
    gl_FragColor = vec4(to_display(lit), u_alpha);
}
"""
)

_OUTLINE_VERTEX = (
    _MOVE
    + """
uniform vec2 u_viewport;
attribute vec3 a_position;
attribute vec3 a_normal;
attribute float a_row;
varying float v_selected;
void main() {
    vec4 color = part_color(a_row);
    vec4 state = part_state(a_row);
    v_selected = max(state.g, 0.6 * state.b);
    float width = state.g > 0.5 ? 2.4 : (state.r > 0.5 || state.b > 0.5 ? 1.6 : 0.0);
    if (color.a < 0.5 || width == 0.0) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
    vec4 clip = u_view_projection * vec4(in_scene(a_position, state.a), 1.0);
    vec2 direction = (u_view_projection * vec4(turned(a_normal, state.a), 0.0)).xy * u_viewport;
    float size = length(direction);
    if (size > 1e-6) clip.xy += direction / size * (2.0 * width / u_viewport) * clip.w;
    gl_Position = clip;
}
"""
)

_SEAM_VERTEX = (
    _MOVE
    + """
uniform vec2 u_viewport;
attribute vec3 a_position;
attribute vec3 a_other;
attribute float a_side;
attribute vec2 a_rows;
varying float v_selected;
void main() {
    vec4 first = part_state(a_rows.x);
    vec4 second = part_state(a_rows.y);
    bool select = (first.g > 0.5) != (second.g > 0.5);
    bool hover = (first.r > 0.5) != (second.r > 0.5) || (first.b > 0.5) != (second.b > 0.5);
    // A seam between a carried part and one that stays is torn open; its line would cross thin air.
    bool torn = abs(first.a - second.a) > 0.1;
    bool drawn = part_color(a_rows.x).a > 0.5 && part_color(a_rows.y).a > 0.5;
    if (!(select || hover) || torn || !drawn) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
    v_selected = select ? 1.0 : 0.0;
    vec4 here = u_view_projection * vec4(in_scene(a_position, first.a), 1.0);
    vec4 there = u_view_projection * vec4(in_scene(a_other, first.a), 1.0);
    vec2 along = (there.xy / there.w - here.xy / here.w) * u_viewport;
    float size = length(along);
    vec2 across = size > 1e-6 ? vec2(-along.y, along.x) / size : vec2(0.0);
    float width = select ? 1.3 : 0.9;
    vec2 shift = (across * a_side - (size > 1e-6 ? along / size * 0.5 : vec2(0.0))) * width;
    here.xy += shift * 2.0 / u_viewport * here.w;
    here.z -= 0.0012 * here.w;
    gl_Position = here;
}
"""
)

_LINE_FRAGMENT = """
uniform vec3 u_accent;
uniform vec3 u_hover;
varying float v_selected;
void main() { gl_FragColor = vec4(mix(u_hover, u_accent, v_selected), 1.0); }
"""


class _PartVisual(FramedVisual):
    """A program that reads the part table and knows the shape's place and the running drag."""

    def __init__(self, frame: Frame, table: PartTable, vertex: str, fragment: str) -> None:
        super().__init__(frame, vertex, fragment)
        self._table = table
        self._indices = IndexBuffer()
        self._index_buffer = self._indices
        self.shared_program["u_parts"] = table.texture

    def _prepare_draw(self, view: object = None) -> bool:
        self.shared_program["u_part_count"] = float(self._table.count)
        self.shared_program["u_accent"] = self._frame.look.accent
        return super()._prepare_draw(view)


class SurfaceVisual(_PartVisual):
    """The lit surface."""

    def __init__(self, frame: Frame, table: PartTable) -> None:
        super().__init__(frame, table, _SURFACE_VERTEX, _SURFACE_FRAGMENT)
        self.set_alpha(1.0)

    def set_alpha(self, alpha: float) -> None:
        """Opaque at 1; below, only the nearest layer shows (depth is written all the same)."""
        self.shared_program["u_alpha"] = alpha
        self.set_gl_state(
            depth_test=True,
            depth_mask=True,
            cull_face=False,
            blend=alpha < 1,
            blend_func=("src_alpha", "one_minus_src_alpha"),
        )

    def set_data(self, vertices: VertexBuffer, indices: IndexBuffer) -> None:
        self.shared_program.bind(vertices)
        self._index_buffer = indices
        self._empty = False

    def clear(self) -> None:
        self._empty = True


class OutlineVisual(_PartVisual):
    """Back faces of highlighted parts, grown by some pixels: what sticks out is their outline."""

    def __init__(self, frame: Frame, table: PartTable) -> None:
        super().__init__(frame, table, _OUTLINE_VERTEX, _LINE_FRAGMENT)
        self.set_gl_state(depth_test=True, depth_mask=True, cull_face="front", blend=False)

    def set_data(self, vertices: VertexBuffer, indices: IndexBuffer) -> None:
        self.shared_program.bind(vertices)
        self._index_buffer = indices
        self._empty = False

    def clear(self) -> None:
        self._empty = True

    def _prepare_draw(self, view: object = None) -> bool:
        self.shared_program["u_hover"] = self._frame.look.outline_hover
        return super()._prepare_draw(view)


class SeamVisual(_PartVisual):
    """Edges between a highlighted part and its neighbours, some pixels wide."""

    def __init__(self, frame: Frame, table: PartTable) -> None:
        super().__init__(frame, table, _SEAM_VERTEX, _LINE_FRAGMENT)
        self.set_gl_state(depth_test=True, depth_mask=False, cull_face=False, blend=False)

    def set_data(self, seams: NDArray[np.void], faces: NDArray[np.uint32]) -> None:
        self._empty = len(seams) == 0
        if not self._empty:
            self.shared_program.bind(VertexBuffer(seams))
            self._indices.set_data(faces)
            self._index_buffer = self._indices

    def clear(self) -> None:
        self._empty = True

    def _prepare_draw(self, view: object = None) -> bool:
        self.shared_program["u_hover"] = self._frame.look.outline_hover
        return super()._prepare_draw(view)


Surface = create_visual_node(SurfaceVisual)
Outline = create_visual_node(OutlineVisual)
Seam = create_visual_node(SeamVisual)


class ShapeVisual:
    """Surface, outline and seams of one shape, reused for another shape when this one goes (pooled).

    Parameters
    ----------
    frame : Frame
    parent : Node
        Scene graph node to draw under.
    """

    def __init__(self, frame: Frame, parent: Node) -> None:
        self.table = PartTable()
        self.mesh: Mesh | None = None
        self.states: PartStates | None = None
        self._vertices = VertexBuffer()
        self._faces = IndexBuffer()
        self._surface = Surface(frame, self.table, parent=parent)
        self._outline = Outline(frame, self.table, parent=parent)
        self._seam = Seam(frame, self.table, parent=parent)
        self._nodes = (self._surface, self._outline, self._seam)
        for order, node in enumerate(self._nodes):
            node.order = order
        self._highlighted = False
        self.place((0.0, 0.0, 0.0))
        self.set_drag(None, None)
        self.set_floor(-1.0)

    def set_mesh(self, mesh: Mesh | None) -> None:
        """Upload a mesh (nothing happens if it is there already)."""
        if mesh is self.mesh:
            return
        self.mesh = mesh
        if mesh is None or len(mesh.faces) == 0:
            for node in self._nodes:
                node.clear()
            return
        geometry = surface_geometry(mesh)
        self._vertices.set_data(geometry.vertices)
        self._faces.set_data(geometry.faces)
        self._surface.set_data(self._vertices, self._faces)
        self._outline.set_data(self._vertices, self._faces)
        self._seam.set_data(geometry.seams, geometry.seam_faces)

    def set_states(self, states: PartStates) -> None:
        self.states = states
        self.table.set(states)
        self._highlighted = bool(states.hovered.any() or states.selected.any() or states.related.any())
        self._outline.visible = self._seam.visible = self._highlighted and self._surface.visible

    def set_visible(self, visible: bool) -> None:
        self._surface.visible = visible
        self._outline.visible = self._seam.visible = visible and self._highlighted

    def set_alpha(self, alpha: float) -> None:
        self._surface.set_alpha(alpha)

    def set_floor(self, height: float) -> None:
        self._surface.shared_program["u_floor"] = height

    def place(self, position: tuple[float, float, float]) -> None:
        """Stand at a position in the scene frame."""
        for node in self._nodes:
            node.shared_program["u_place"] = position

    def set_drag(self, moved: NDArray[np.float64] | None, mirrored: NDArray[np.float64] | None) -> None:
        """Matrices [4, 4] (scene frame) that carry parts marked as moved and mirrored; None = identity."""
        for name, matrix in (("u_moved", moved), ("u_mirrored", mirrored)):
            value = np.eye(4) if matrix is None else matrix
            for node in self._nodes:
                node.shared_program[name] = value.T.astype(np.float32)

    def release(self) -> None:
        """Leave the picture; the object can be used again."""
        self.set_visible(False)
        self.set_mesh(None)
        self.set_drag(None, None)
