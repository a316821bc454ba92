"""What the tools draw over the picture: gizmo, constraint lines, selection rectangle, axis cross."""

from __future__ import annotations

import numpy as np

from app.viewport.camera import Camera
from app.viewport.gizmo import draw_axis_cross, draw_handles
from app.viewport.look import AXIS_COLORS, Look
from app.viewport.overlay import Drawing
from app.viewport.tools import Tools
from app.viewport.transform import Transform

_FAR = 40.0


def tool_drawing(tools: Tools, camera: Camera, size: tuple[float, float], look: Look) -> Drawing:
    """Everything that lies over the picture now."""
    drawing = Drawing()
    if tools.transform is not None:
        _draw_transform(drawing, tools.transform, tools.mouse, camera, size, look)
    elif tools.box is not None:
        _draw_box(drawing, tools.box, look)
    elif len(tools.trail) > 1:
        drawing.stroke(tools.trail, 1.5, [*look.accent, 0.95], closed=tools.name == "lasso")
    else:
        draw_handles(drawing, tools.handles(), tools.lit, look)
    draw_axis_cross(drawing, camera, size, tools.lit_view, look)
    return drawing


def _draw_transform(
    drawing: Drawing,
    transform: Transform,
    mouse: tuple[float, float],
    camera: Camera,
    size: tuple[float, float],
    look: Look,
) -> None:
    centre = camera.project(transform.pivot, size)[0][0]
    constraint = transform.constraint
    if constraint is not None:
        shown = (
            [other for other in range(3) if other != constraint.axis]
            if constraint.plane
            else [constraint.axis]
        )
        for index in shown:
            ends = transform.pivot + np.array([[-_FAR], [_FAR]]) * transform.axes[index]
            drawing.stroke(_clipped(ends, camera, size), 1.6, [*AXIS_COLORS[index], 0.85])
    if transform.kind != "move":
        drawing.stroke([centre, mouse], 1.2, [*look.outline_hover, 0.55])
    moved = transform.matrix()[:3, :3] @ transform.pivot + transform.matrix()[:3, 3]
    for point in (centre, camera.project(moved, size)[0][0]):
        drawing.dot(point, 4.6, [*look.text_background, 0.6])
        drawing.dot(point, 3.0, look.accent)


def _clipped(
    ends: np.ndarray[tuple[int, ...], np.dtype[np.float64]], camera: Camera, size: tuple[float, float]
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """The pixels of those points of a line that lie well in front of the eye, for a line [2, 3]."""
    points = ends[0] + np.linspace(0, 1, 161)[:, None] * (ends[1] - ends[0])
    if camera.projection == "perspective":
        depth = (camera.eye - points) @ camera.axes[2]
        points = points[depth > 0.1 * camera.distance]
    pixels = camera.project(points, size)[0]
    return pixels if len(pixels) > 1 else np.zeros((2, 2))


def _draw_box(drawing: Drawing, box: tuple[float, float, float, float], look: Look) -> None:
    x0, y0, x1, y1 = box
    corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
    drawing.fill(corners, [*look.accent, 0.10])
    drawing.stroke(corners, 1.5, [*look.accent, 0.95], closed=True)
