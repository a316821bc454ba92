"""What lies behind and under the shapes: background gradient, ground grid, contact shadows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vispy.gloo import Texture2D, VertexBuffer
from vispy.scene.visuals import create_visual_node

from app.viewport.frame import Frame, FramedVisual

SHADOW_CELLS = 72
"""Cells per side of a contact shadow."""

_GRADIENT_VERTEX = """
attribute vec2 a_corner;
varying vec2 v_corner;
void main() { v_corner = a_corner; gl_Position = vec4(a_corner, 0.0, 1.0); }
"""

_GRADIENT_FRAGMENT = """
uniform vec3 u_sky;
uniform vec3 u_horizon;
varying vec2 v_corner;
void main() {
    float height = smoothstep(-1.1, 1.0, v_corner.y);
    vec3 color = mix(u_horizon, u_sky, height);
    color *= 1.0 - 0.07 * dot(v_corner, v_corner) * 0.5;
    // Less than one grey level of noise: a smooth gradient would show bands on 8 bit screens.
    float noise = fract(sin(dot(gl_FragCoord.xy, vec2(12.9898, 78.233))) * 43758.5453);
    gl_FragColor = vec4(color + (noise - 0.5) / 255.0, 1.0);
}
"""

_GROUND_VERTEX = """
uniform mat4 u_view_projection;
uniform vec3 u_place;
uniform vec2 u_extent;
attribute vec2 a_corner;
varying vec2 v_corner;
varying vec3 v_world;
void main() {
    v_corner = a_corner;
    v_world = u_place + vec3(a_corner.x * u_extent.x, 0.0, a_corner.y * u_extent.y);
    gl_Position = u_view_projection * vec4(v_world, 1.0);
}
"""

_GRID_FRAGMENT = """
uniform vec3 u_color;
uniform float u_strength;
uniform vec3 u_eye;
uniform vec3 u_back;
uniform float u_orthographic;
varying vec2 v_corner;
varying vec3 v_world;

float lines(vec2 position, float spacing, float width) {
    vec2 cell = position / spacing;
    vec2 change = max(fwidth(cell), vec2(1e-6));
    vec2 away = abs(fract(cell - 0.5) - 0.5) / change;
    vec2 line = clamp(width - away + 0.5, 0.0, 1.0);
    // Lines closer than a few pixels fade out instead of flickering.
    line *= 1.0 - smoothstep(0.18, 0.5, change);
    return max(line.x, line.y);
}

void main() {
    float fade = 1.0 - smoothstep(0.12, 1.0, length(v_corner));
    vec3 sight = mix(normalize(u_eye - v_world), u_back, u_orthographic);
    fade *= smoothstep(0.0, 0.22, abs(sight.y));
    if (fade < 0.02) discard;
    float amount = max(0.45 * lines(v_world.xz, 0.25, 0.5), lines(v_world.xz, 1.0, 0.6));
    float alpha = u_strength * fade * amount;
    if (alpha < 0.002) discard;
    gl_FragColor = vec4(u_color, alpha);
}
"""

_SHADOW_FRAGMENT = """
uniform sampler2D u_shadow;
uniform vec3 u_color;
uniform float u_strength;
uniform vec3 u_eye;
varying vec2 v_corner;
varying vec3 v_world;
void main() {
    float amount = texture2D(u_shadow, 0.5 + 0.5 * v_corner).r;
    // From below the floor there is no shadow to see.
    float alpha = amount * u_strength * smoothstep(-0.02, 0.05, u_eye.y - v_world.y);
    if (alpha < 0.004) discard;
    gl_FragColor = vec4(u_color, alpha);
}
"""

_CORNERS = np.array([[-1, -1], [1, -1], [1, 1], [-1, -1], [1, 1], [-1, 1]], np.float32)


class GradientVisual(FramedVisual):
    """The background: a vertical gradient over the whole picture, written to no depth."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, _GRADIENT_VERTEX, _GRADIENT_FRAGMENT)
        self.shared_program["a_corner"] = VertexBuffer(_CORNERS)
        self.set_gl_state(depth_test=False, blend=False, cull_face=False, depth_mask=False)
        self._empty = False

    def _prepare_draw(self, view: object = None) -> bool:
        self.shared_program["u_sky"] = self._frame.look.sky
        self.shared_program["u_horizon"] = self._frame.look.horizon
        return super()._prepare_draw(view)


class GridVisual(FramedVisual):
    """Ground grid, one line each quarter unit, fading with distance. `place` moves it under the scene."""

    def __init__(self, frame: Frame, extent: float = 7.0) -> None:
        super().__init__(frame, _GROUND_VERTEX, _GRID_FRAGMENT)
        self.shared_program["a_corner"] = VertexBuffer(_CORNERS)
        self.shared_program["u_extent"] = (extent, extent)
        self.set_gl_state(
            depth_test=True,
            depth_mask=False,
            cull_face=False,
            blend=True,
            blend_func=("src_alpha", "one_minus_src_alpha"),
        )
        self.place((0.0, -1.0, 0.0))
        self._empty = False

    def place(self, position: tuple[float, float, float]) -> None:
        self.shared_program["u_place"] = position

    def _prepare_draw(self, view: object = None) -> bool:
        self.shared_program["u_color"] = self._frame.look.grid
        self.shared_program["u_strength"] = self._frame.look.grid_strength
        return super()._prepare_draw(view)


class ShadowVisual(FramedVisual):
    """Soft contact shadow of one shape on the floor."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, _GROUND_VERTEX, _SHADOW_FRAGMENT)
        self.shared_program["a_corner"] = VertexBuffer(_CORNERS)
        self._texture = Texture2D(
            np.zeros((SHADOW_CELLS, SHADOW_CELLS), np.uint8), interpolation="linear", wrapping="clamp_to_edge"
        )
        self.shared_program["u_shadow"] = self._texture
        self.set_gl_state(
            depth_test=True,
            depth_mask=False,
            cull_face=False,
            blend=True,
            blend_func=("src_alpha", "one_minus_src_alpha"),
        )

    def set_points(self, points: NDArray[np.float32], floor: float, position: NDArray[np.float64]) -> None:
        """Shadow of surface points [N, 3] of a shape standing at `position` on the height `floor`."""
        self._empty = len(points) == 0
        if self._empty:
            return
        image, centre, half = contact_shadow(points, floor - float(position[1]))
        self._texture.set_data(image)
        self.shared_program["u_extent"] = (half, half)
        # A hair above the grid, so that lines do not show through unevenly.
        self.shared_program["u_place"] = (
            float(centre[0] + position[0]),
            floor + 1e-3,
            float(centre[1] + position[2]),
        )

    def _prepare_draw(self, view: object = None) -> bool:
        self.shared_program["u_color"] = self._frame.look.shadow
        self.shared_program["u_strength"] = self._frame.look.shadow_strength
        return super()._prepare_draw(view)


def contact_shadow(
    points: NDArray[np.float32], floor: float, cells: int = SHADOW_CELLS
) -> tuple[NDArray[np.uint8], NDArray[np.float64], float]:
    """How much a set of surface points darkens the floor under it.

    Two blurs are added: a tight one of what stands on the floor and a wide one of everything above.

    Parameters
    ----------
    points : float32 [N, 3], N > 0
    floor : float
        Height of the floor in the same frame.

    Returns
    -------
    uint8 [cells, cells], float64 [2], float
        Darkness (row = z, column = x), centre (x, z) and half side of the square that it covers.
    """
    flat = points[:, [0, 2]].astype(np.float64)
    low, high = flat.min(axis=0), flat.max(axis=0)
    centre = (low + high) / 2
    half = float((high - low).max()) / 2 + 0.45
    index = np.clip(((flat - centre) / half * 0.5 + 0.5) * cells, 0, cells - 1).astype(np.int64)
    key = index[:, 1] * cells + index[:, 0]
    height = np.maximum(points[:, 1].astype(np.float64) - floor, 0.0)
    size = 2 * half / cells
    total = np.zeros((cells, cells))
    for reach, blur, gain in ((0.05, 0.035, 0.75), (0.9, 0.15, 0.55)):
        weights = np.exp(-height / reach)
        amount = np.bincount(key, weights, minlength=cells * cells).reshape(cells, cells)
        # Occupied or not, rather than how many points: meshes of any density cast the same shadow.
        amount = 1 - np.exp(-amount * 0.5)
        kernel = _gaussian_matrix(cells, blur / size)
        total += gain * (kernel @ amount @ kernel.T)
    image = np.clip(255 * (1 - np.exp(-1.4 * total)), 0, 255).astype(np.uint8)
    return image, centre, half


def _gaussian_matrix(cells: int, sigma: float) -> NDArray[np.float64]:
    """Matrix that blurs a column of `cells` values by `sigma` cells, losing what leaves the ends."""
    steps = np.arange(cells)
    kernel = np.exp(-0.5 * ((steps[:, None] - steps[None]) / sigma) ** 2)
    full = np.sum(np.exp(-0.5 * (np.arange(-cells, cells + 1) / sigma) ** 2))
    return np.asarray(kernel / full, np.float64)


Gradient = create_visual_node(GradientVisual)
Grid = create_visual_node(GridVisual)
Shadow = create_visual_node(ShadowVisual)
