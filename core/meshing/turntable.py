"""Shapes that turn once around before a camera that stands still, drawn without a display."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from core.animation import azimuths
from core.meshing.raycast import BACKGROUND, Picture, render
from core.scene.shape import FloatArray, Mesh, Shape

LEVELS = 24
"""Heights at which the room that a turning shape needs is measured."""
CORNERS = 180


def turntable(
    meshes: Sequence[Mesh],
    shapes: Sequence[Shape],
    size: tuple[int, int],
    count: int,
    *,
    azimuth: float = 35.0,
    elevation: float = 20.0,
    background: tuple[float, float, float] | None = BACKGROUND,
) -> Iterator[Picture]:
    """`count` pictures, evenly around, as by `core.meshing.raycast.render`; the first one from `azimuth`.

    The lights stand with the camera, and all pictures show the same room: nothing jumps or breathes.
    """
    vertices = [
        mesh.vertices + np.asarray(shape.position, np.float32)
        for mesh, shape in zip(meshes, shapes, strict=True)
    ]
    frame = room_to_turn(np.concatenate(vertices))
    for turned in azimuths(count, azimuth):
        yield render(
            meshes,
            shapes,
            size,
            azimuth=turned,
            elevation=elevation,
            background=background,
            frame=frame,
        )


def room_to_turn(points: FloatArray) -> FloatArray:
    """Points [M, 3] on rings that hold the points [N, 3], however they are turned about their middle."""
    low, high = points.min(axis=0), points.max(axis=0)
    middle = (low + high) / 2
    reach = np.hypot(*(points - middle)[:, [0, 2]].T)
    level = ((points[:, 1] - low[1]) / max(high[1] - low[1], 1e-6) * (LEVELS - 1)).astype(int)
    radius = np.zeros(LEVELS)
    np.maximum.at(radius, level, reach)
    angle = np.linspace(0.0, 2 * np.pi, CORNERS, endpoint=False)
    rings = []
    for number in np.flatnonzero(radius):
        # A ring at either end of its level: points lie anywhere between them.
        for edge in (number, min(number + 1, LEVELS - 1)):
            ring = np.full((CORNERS, 3), low[1] + edge * (high[1] - low[1]) / (LEVELS - 1))
            ring[:, 0] = middle[0] + radius[number] * np.cos(angle)
            ring[:, 2] = middle[2] + radius[number] * np.sin(angle)
            rings.append(ring)
    return np.concatenate(rings).astype(np.float32) if rings else points
