"""Where and how large exported shapes stand: units, axis convention and floor of the program they are for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.scene.shape import Mesh, Shape

Z_UP = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
"""Turns y up into z up; a shape that looked along +z then looks along -y, towards the printer's front."""


def placed_for_export(
    meshes: Sequence[Mesh], shapes: Sequence[Shape], size: float, z_up: bool, on_floor: bool
) -> tuple[list[Mesh], list[Shape]]:
    """Shapes scaled, turned and put on the floor together, so that they stay as they stand to each other.

    Parameters
    ----------
    meshes, shapes : sequences of the same length
        Meshes in the frames of their shapes.
    size : float
        Length of the longest side of the box round everything; 0 leaves domain units.
    z_up : bool
        Turn the up axis from y to z.
    on_floor : bool
        Lowest point at height 0, and everything centred about the up axis.

    Returns
    -------
    list of Mesh, list of Shape
        The meshes in the target's frame, the shapes at the origin of it; as they were if nothing is asked.
    """
    if not (size or z_up or on_floor):
        return list(meshes), list(shapes)
    turn = Z_UP if z_up else np.eye(3)
    points = [
        (mesh.vertices.astype(np.float64) + np.asarray(shape.position)) @ turn.T
        for mesh, shape in zip(meshes, shapes, strict=True)
    ]
    filled = [each for each in points if len(each)]
    if not filled:
        return list(meshes), list(shapes)
    low, high = (
        np.min([p.min(axis=0) for p in filled], axis=0),
        np.max([p.max(axis=0) for p in filled], axis=0),
    )
    scale = size / float((high - low).max()) if size > 0 else 1.0
    origin = np.zeros(3)
    if on_floor:
        origin = (low + high) / 2
        up = 2 if z_up else 1
        origin[up] = low[up]
    turned = [
        Mesh(
            np.asarray((each - origin) * scale, np.float32),
            np.asarray(mesh.normals @ turn.T, np.float32),
            mesh.faces,
            mesh.face_parts,
        )
        for each, mesh in zip(points, meshes, strict=True)
    ]
    return turned, [replace(shape, position=(0.0, 0.0, 0.0)) for shape in shapes]
