"""The handles on screen: where they are, which one the mouse is over, how they are drawn. No Qt, no GL.

Handles keep their size in pixels, lie over everything, and those that would be ill defined from the present
side (an arrow pointing at the eye, a circle seen from its edge) are left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.viewport.camera import VIEWS, Camera
from app.viewport.look import AXIS_COLORS, Look
from app.viewport.overlay import Drawing
from app.viewport.transform import Constraint, Kind

LENGTH = 78.0
"""Length of an arrow and radius of a circle, in logical pixels."""
REACH = 8.0
"""How near the mouse must come to a handle, in logical pixels."""
CROSS_RADIUS = 34.0
CROSS_MARGIN = 56.0
CROSS_ROOM = 104
"""Logical pixels at the upper right that words leave to the axis cross."""
_VIEW_OF_BALL = {
    (0, 1): "right",
    (0, -1): "left",
    (1, 1): "top",
    (1, -1): "bottom",
    (2, 1): "front",
    (2, -1): "back",
}


@dataclass(frozen=True, eq=False)
class Handle:
    """One part of the gizmo.

    Attributes
    ----------
    kind : str
        "arrow", "bar", "circle", "square" (a plane) or "centre".
    line : float64 [N, 2]
        What the mouse must come near to; for squares the corners, which it must come into.
    """

    kind: str
    constraint: Constraint | None
    line: NDArray[np.float64]
    color: tuple[float, float, float]


def handles(
    mode: Kind,
    pivot: NDArray[np.float64],
    camera: Camera,
    size: tuple[float, float],
    look: Look,
    own_axes: NDArray[np.float64] | None = None,
) -> list[Handle]:
    """The handles of a gizmo at `pivot` (scene frame), nearest to the eye last.

    With `own_axes` [3, 3] (rows, of a part) they lie along those, else along the scene's.
    """
    local, axes = own_axes is not None, np.eye(3) if own_axes is None else own_axes
    centre_pixels, in_front = camera.project(pivot, size)
    if not in_front[0]:
        return []
    centre = centre_pixels[0]
    unit = LENGTH * camera.units_per_pixel(size, pivot)
    sight = camera.axes[2] if camera.projection == "orthographic" else camera.eye - pivot
    sight = axes @ (sight / np.linalg.norm(sight))
    found: list[Handle] = []
    if mode == "rotate":
        found.append(Handle("circle", None, _circle(centre, 1.14 * LENGTH), look.outline_hover))
        for axis in range(3):
            found.append(
                Handle(
                    "circle",
                    Constraint(axis, local=local),
                    _arc(axis, axes, pivot, unit, sight, camera, size),
                    AXIS_COLORS[axis],
                )
            )
        return [handle for handle in found if len(handle.line) > 2]
    if mode == "move":
        for axis in range(3):
            if abs(sight[axis]) > 0.2:
                corners = np.zeros((4, 3))
                others = [other for other in range(3) if other != axis]
                for corner, (u, v) in enumerate(((0.28, 0.28), (0.46, 0.28), (0.46, 0.46), (0.28, 0.46))):
                    corners[corner, others[0]] = u * np.copysign(1, sight[others[0]])
                    corners[corner, others[1]] = v * np.copysign(1, sight[others[1]])
                line, _ = camera.project(pivot + corners @ axes * unit, size)
                found.append(Handle("square", Constraint(axis, True, local), line, AXIS_COLORS[axis]))
    for axis in sorted(range(3), key=lambda axis: float(sight[axis])):
        if abs(sight[axis]) < 0.96:
            direction = unit * axes[axis]
            ends, _ = camera.project(np.stack([pivot + 0.14 * direction, pivot + direction]), size)
            kind = "arrow" if mode == "move" else "bar"
            found.append(Handle(kind, Constraint(axis, local=local), ends, AXIS_COLORS[axis]))
    found.append(Handle("centre", None, np.stack([centre, centre]), look.outline_hover))
    return found


def handle_at(found: list[Handle], x: float, y: float) -> Handle | None:
    """The handle under a pixel: the centre first, then the nearest stroke, then planes."""
    point = np.array([x, y])
    best: Handle | None = None
    best_distance = REACH
    for handle in found:
        if handle.kind == "square":
            distance = REACH - 1e-6 if _inside(handle.line, point) else np.inf
        else:
            distance = _distance(handle.line, point)
            if handle.kind == "centre":
                distance = 0.0 if distance <= REACH else np.inf
        if distance < best_distance:
            best, best_distance = handle, distance
    return best


def draw_handles(drawing: Drawing, found: list[Handle], lit: Constraint | str | None, look: Look) -> None:
    """Draw the gizmo; `lit` is the constraint under the mouse or in use ("free" for the centre)."""
    for handle in found:
        here = handle.constraint == lit if handle.constraint is not None else lit == "free"
        color = np.append(np.asarray(handle.color), 1.0)
        if here:
            color[:3] = 0.25 * color[:3] + 0.75 * np.array([1.0, 0.93, 0.55])
        halo = np.append(np.asarray(look.horizon) * 0.6, 0.35)
        width = 4.4 if here else 3.0
        if handle.kind == "square":
            drawing.fill(handle.line, [*color[:3], 0.75 if here else 0.38])
            drawing.stroke(handle.line, 1.4, color, closed=True)
        elif handle.kind == "circle":
            if handle.constraint is None:
                drawing.stroke(handle.line, 2.6 if here else 1.4, [*color[:3], 0.9 if here else 0.45])
            else:
                drawing.stroke(handle.line, width + 2.0, halo)
                drawing.stroke(handle.line, width, color)
        elif handle.kind == "centre":
            drawing.dot(handle.line[0], 6.6, halo)
            drawing.dot(handle.line[0], 5.4 if here else 4.4, color)
        else:
            start, end = handle.line
            drawing.stroke(handle.line, width + 2.0, halo)
            drawing.stroke(handle.line, width, color)
            _draw_tip(drawing, handle.kind, start, end, color, 1.25 if here else 1.0)


def _draw_tip(
    drawing: Drawing,
    kind: str,
    start: NDArray[np.float64],
    end: NDArray[np.float64],
    color: NDArray[np.float64],
    scale: float,
) -> None:
    along = end - start
    along = along / max(float(np.linalg.norm(along)), 1e-6)
    across = np.array([-along[1], along[0]])
    if kind == "arrow":
        base, tip = end - 3 * along, end + 14 * scale * along
        corners = np.stack([base + 6.2 * scale * across, tip, base - 6.2 * scale * across])
    else:
        half = 5.6 * scale
        corners = end + half * np.stack([along + across, along - across, -along - across, across - along])
    drawing.fill(corners, color)
    drawing.stroke(corners, 1.2, color, closed=True)


def _circle(centre: NDArray[np.float64], radius: float) -> NDArray[np.float64]:
    turns = np.linspace(0, 2 * np.pi, 73)
    return np.asarray(centre + radius * np.stack([np.cos(turns), np.sin(turns)], axis=1))


def _arc(
    axis: int,
    axes: NDArray[np.float64],
    pivot: NDArray[np.float64],
    radius: float,
    sight: NDArray[np.float64],
    camera: Camera,
    size: tuple[float, float],
) -> NDArray[np.float64]:
    """The half of the circle about an axis that faces the eye (all of it when seen from the front).

    `sight` is the direction to the eye in coordinates of `axes`.
    """
    first, second = (axis + 1) % 3, (axis + 2) % 3
    if abs(sight[axis]) > 0.985:
        turns = np.linspace(0, 2 * np.pi, 73)
    else:
        towards = np.arctan2(sight[second], sight[first])
        turns = towards + np.linspace(-np.pi / 2, np.pi / 2, 49)
    points = pivot + radius * (np.cos(turns)[:, None] * axes[first] + np.sin(turns)[:, None] * axes[second])
    return camera.project(points, size)[0]


def _distance(line: NDArray[np.float64], point: NDArray[np.float64]) -> float:
    """Distance in pixels from a point to a polyline [N, 2]."""
    start, along = line[:-1], np.diff(line, axis=0)
    square = np.maximum((along**2).sum(axis=1), 1e-12)
    share = np.clip(((point - start) * along).sum(axis=1) / square, 0.0, 1.0)
    return float(np.linalg.norm(start + share[:, None] * along - point, axis=1).min())


def _inside(polygon: NDArray[np.float64], point: NDArray[np.float64]) -> bool:
    along = np.roll(polygon, -1, axis=0) - polygon
    offset = point - polygon
    side = along[:, 0] * offset[:, 1] - along[:, 1] * offset[:, 0]
    return bool((side >= 0).all() or (side <= 0).all())


# ---------------------------------------------------------------------- the axis cross in the corner


def _balls(camera: Camera, size: tuple[float, float]) -> list[tuple[float, int, int, NDArray[np.float64]]]:
    """Depth, axis, sign and pixel of the six balls of the axis cross, farthest first."""
    centre = np.array([size[0] - CROSS_MARGIN, CROSS_MARGIN])
    right, up, back = camera.axes
    balls = []
    for axis in range(3):
        for sign in (1, -1):
            pixel = centre + CROSS_RADIUS * sign * np.array([right[axis], -up[axis]])
            balls.append((float(sign * back[axis]), axis, sign, pixel))
    return sorted(balls, key=lambda ball: ball[0])


def draw_axis_cross(
    drawing: Drawing, camera: Camera, size: tuple[float, float], lit: str, look: Look
) -> None:
    """The small cross that shows, and when clicked sets, the direction of view."""
    centre = np.array([size[0] - CROSS_MARGIN, CROSS_MARGIN])
    if lit:
        drawing.dot(centre, CROSS_RADIUS + 14, [*look.outline_hover, 0.07])
    for depth, axis, sign, pixel in _balls(camera, size):
        shade = 0.62 + 0.38 * (depth + 1) / 2
        color = shade * np.asarray(AXIS_COLORS[axis]) + (1 - shade) * np.asarray(look.horizon)
        hot = lit == _VIEW_OF_BALL[axis, sign]
        if sign > 0:
            drawing.stroke(np.stack([centre, pixel]), 2.2, color)
            drawing.dot(pixel, 9.5 if hot else 8.2, color)
            _draw_letter(drawing, axis, pixel, (1.0, 1.0, 1.0) if hot else (0.06, 0.07, 0.09))
        else:
            drawing.dot(pixel, 7.4 if hot else 6.0, 0.45 * color + 0.55 * np.asarray(look.horizon))
            drawing.ring(pixel, 7.4 if hot else 6.0, 1.3, color)


def cross_view_at(camera: Camera, size: tuple[float, float], x: float, y: float) -> str:
    """Name of the standard view whose ball lies under a pixel, "" if none."""
    for _, axis, sign, pixel in reversed(_balls(camera, size)):
        if np.hypot(pixel[0] - x, pixel[1] - y) <= 10.0:
            name = _VIEW_OF_BALL[axis, sign]
            # A second click on the ball in front turns to the other side, as in other editors.
            if (camera.azimuth, camera.elevation) == VIEWS[name]:
                return _VIEW_OF_BALL[axis, -sign]
            return name
    return ""


def _draw_letter(
    drawing: Drawing, axis: int, centre: NDArray[np.float64], color: tuple[float, float, float]
) -> None:
    """X, Y or Z in strokes, so that no font is needed."""
    strokes = (
        ([[-1, -1], [1, 1]], [[1, -1], [-1, 1]]),
        ([[-1, -1], [0, 0], [1, -1]], [[0, 0], [0, 1.1]]),
        ([[-1, -1], [1, -1], [-1, 1], [1, 1]],),
    )[axis]
    for line in strokes:
        drawing.stroke(centre + np.asarray(line) * (2.6, 3.2), 1.5, color)
