"""All ellipsoids of the scene in one draw call: boxes whose pixels are cast onto the exact ellipsoid.

The boxes are sorted back to front on the CPU (a few hundred of them at most) and write no depth, so that
translucent Gaussians lie over each other in the right order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from vispy.gloo import IndexBuffer, VertexBuffer
from vispy.scene.visuals import create_visual_node

from app.viewport.frame import Frame, FramedVisual
from app.viewport.look import STUDIO

_VERTEX = """
uniform mat4 u_view_projection;
attribute vec3 a_position;
attribute vec3 a_centre;
attribute vec3 a_row0;
attribute vec3 a_row1;
attribute vec3 a_row2;
attribute vec4 a_color;
attribute vec3 a_state;
varying vec3 v_world;
varying vec3 v_centre;
varying vec3 v_row0;
varying vec3 v_row1;
varying vec3 v_row2;
varying vec4 v_color;
varying vec3 v_state;
void main() {
    v_world = a_position;
    v_centre = a_centre;
    v_row0 = a_row0;
    v_row1 = a_row1;
    v_row2 = a_row2;
    v_color = a_color;
    v_state = a_state;
    gl_Position = u_view_projection * vec4(a_position, 1.0);
}
"""

_FRAGMENT = (
    STUDIO
    + """
uniform mat4 u_view_projection;
uniform vec3 u_eye;
uniform float u_orthographic;
uniform float u_pixel;
uniform vec3 u_accent;
uniform vec3 u_hover;
varying vec3 v_world;
varying vec3 v_centre;
varying vec3 v_row0;
varying vec3 v_row1;
varying vec3 v_row2;
varying vec4 v_color;
varying vec3 v_state;
void main() {
    vec3 sight = mix(v_world - u_eye, -u_back, u_orthographic);
    vec3 offset = v_world - v_centre;
    // In the frame where the ellipsoid is the unit sphere.
    vec3 origin = vec3(dot(v_row0, offset), dot(v_row1, offset), dot(v_row2, offset));
    vec3 direction = vec3(dot(v_row0, sight), dot(v_row1, sight), dot(v_row2, sight));
    float along = dot(origin, direction);
    float square = dot(direction, direction);
    vec3 nearest = origin - direction * (along / square);
    float miss = length(nearest);
    float to_edge = (1.0 - miss) / max(fwidth(miss), 1e-6) / u_pixel;
    if (miss >= 1.0) discard;
    float half_chord = sqrt((1.0 - miss * miss) / square);
    float entry = -along / square - half_chord;
    vec3 on_sphere = origin + entry * direction;
    vec3 world = v_world + entry * sight;
    vec4 clip = u_view_projection * vec4(world, 1.0);
    // Eye inside: the near cap lies behind it.
    if (u_orthographic < 0.5 && clip.w <= 0.0) discard;
    gl_FragDepth = clamp(0.5 + 0.5 * clip.z / clip.w, 0.0, 1.0);
    vec3 normal = normalize(v_row0 * on_sphere.x + v_row1 * on_sphere.y + v_row2 * on_sphere.z);
    vec3 to_eye = mix(normalize(u_eye - world), u_back, u_orthographic);
    float hovered = v_state.x, selected = v_state.y, related = v_state.z;
    vec3 base = mix(to_linear(v_color.rgb), vec3(1.0), 0.09 * selected + 0.05 * related);
    vec3 lit = studio(base * (1.0 + 0.25 * hovered), normal, to_eye, 0.9) + 0.03 * hovered;
    float away = 1.0 - max(0.0, dot(normal, to_eye));
    float body = v_color.a + (1.0 - v_color.a) * (0.12 * hovered + 0.15 * selected);
    float alpha = mix(body, 1.0, 0.75 * away * away * away);
    vec3 color = to_display(lit);
    // Fainter bodies get a line round them in their own colour, or they would be hard to make out.
    float own = v_color.a < 0.5 ? 1.1 : 0.0;
    float line = selected > 0.5 ? (own > 0.0 ? 1.5 : 2.4) : (hovered > 0.5 || related > 0.5 ? 1.6 : own);
    float on_line = line > 0.0 ? clamp(line - to_edge + 0.5, 0.0, 1.0) : 0.0;
    vec3 line_color = hovered > 0.5 || related > 0.5 ? u_hover : min(1.15 * v_color.rgb, vec3(1.0));
    if (selected > 0.5) line_color = u_accent;
    color = mix(color, line_color, on_line);
    alpha = max(alpha, on_line) * clamp(to_edge + 0.25, 0.0, 1.0);
    gl_FragColor = vec4(color, alpha);
}
"""
)

_BOX = np.array([[x, y, z] for z in (-1, 1) for y in (-1, 1) for x in (-1, 1)], np.float64)
_BOX_FACES = np.array(
    [
        [0, 2, 1], [1, 2, 3], [4, 5, 6], [5, 7, 6], [0, 1, 4], [1, 5, 4],
        [2, 6, 3], [3, 6, 7], [0, 4, 2], [2, 4, 6], [1, 3, 5], [3, 7, 5],
    ],
    np.uint32,
)  # fmt: skip
_CORNER = np.dtype(
    [
        ("a_position", np.float32, 3),
        ("a_centre", np.float32, 3),
        ("a_row0", np.float32, 3),
        ("a_row1", np.float32, 3),
        ("a_row2", np.float32, 3),
        ("a_color", np.float32, 4),
        ("a_state", np.float32, 3),
    ]
)


@dataclass(frozen=True, eq=False)
class Ellipsoids:
    """Ellipsoids to draw, scene frame.

    Attributes
    ----------
    transforms : float64 [N, 4, 4]
        Unit sphere to ellipsoid.
    colors : float32 [N, 4]
        sRGB and the opacity of the middle.
    states : float32 [N, 3]
        Hovered, selected, related: 0 or 1.
    """

    transforms: NDArray[np.float64]
    colors: NDArray[np.float32]
    states: NDArray[np.float32]

    @classmethod
    def joined(cls, groups: list[Ellipsoids]) -> Ellipsoids:
        if not groups:
            return cls(np.zeros((0, 4, 4)), np.zeros((0, 4), np.float32), np.zeros((0, 3), np.float32))
        return cls(
            np.concatenate([group.transforms for group in groups]),
            np.concatenate([group.colors for group in groups]),
            np.concatenate([group.states for group in groups]),
        )


class EllipsoidsVisual(FramedVisual):
    """Every ellipsoid of the picture."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, _VERTEX, _FRAGMENT)
        self._corners = np.zeros((0, 8), _CORNER)
        self._centres = np.zeros((0, 3))
        self._back_to_front: NDArray[np.int64] | None = None
        self._buffer = VertexBuffer()
        self._indices = IndexBuffer()
        self._index_buffer = self._indices
        # Back faces of the boxes, so that an eye inside a box still sees its ellipsoid.
        self.set_gl_state(
            depth_test=True,
            depth_mask=False,
            cull_face="front",
            blend=True,
            blend_func=("src_alpha", "one_minus_src_alpha"),
        )

    def set_data(self, ellipsoids: Ellipsoids) -> None:
        count = len(ellipsoids.transforms)
        self._empty = count == 0
        if self._empty:
            return
        linear = ellipsoids.transforms[:, :3, :3].copy()
        # Axes may be a reflection. Turning one round changes no ellipsoid, but it turns a box's faces.
        linear[np.linalg.det(linear) < 0, :, 0] *= -1
        centres = ellipsoids.transforms[:, :3, 3]
        inverse = np.linalg.inv(linear)
        corners = np.zeros((count, 8), _CORNER)
        corners["a_position"] = centres[:, None] + np.einsum("nij,kj->nki", linear, 1.02 * _BOX)
        corners["a_centre"] = centres[:, None]
        for row in range(3):
            corners[f"a_row{row}"] = inverse[:, None, row]
        corners["a_color"] = ellipsoids.colors[:, None]
        corners["a_state"] = ellipsoids.states[:, None]
        if count != len(self._corners):
            offsets = 8 * np.arange(count, dtype=np.uint32)[:, None, None]
            self._indices.set_data((offsets + _BOX_FACES).reshape(-1, 3))
        self._corners, self._centres, self._back_to_front = corners, centres, None

    def _prepare_draw(self, view: object = None) -> bool:
        if self._empty:
            return False
        depth = self._centres @ self._frame.camera.axes[2]
        order = np.argsort(depth, kind="stable")
        if self._back_to_front is None or not np.array_equal(order, self._back_to_front):
            self._back_to_front = order
            self._buffer.set_data(self._corners[order].reshape(-1))
            self.shared_program.bind(self._buffer)
        self.shared_program["u_accent"] = self._frame.look.accent
        self.shared_program["u_hover"] = self._frame.look.outline_hover
        return super()._prepare_draw(view)


EllipsoidsNode = create_visual_node(EllipsoidsVisual)
