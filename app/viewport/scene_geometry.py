"""Geometry of shapes on screen: their Gaussians, the boxes round them, what casts their shadow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.viewport.ellipsoid_visual import Ellipsoids
from app.viewport.part_table import PartStates
from core.scene.gaussians import ellipsoid_transforms
from core.scene.shape import Mesh, Shape


def ellipsoids_of(shape: Shape, states: PartStates, drawn: NDArray[np.bool_], alpha: float) -> Ellipsoids:
    """The Gaussians of the drawn parts, scene frame."""
    transforms = ellipsoid_transforms(shape.extrinsics[drawn])
    transforms[:, :3, 3] += np.asarray(shape.position)
    colors = np.c_[states.colors[drawn], np.full(int(drawn.sum()), alpha)].astype(np.float32)
    flags = np.stack([states.hovered, states.selected, states.related], axis=1)[drawn].astype(np.float32)
    return Ellipsoids(transforms, colors, flags)


def extent(shape: Shape, rows: list[int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Corners of the box round the ellipsoids of some parts, scene frame."""
    transforms = ellipsoid_transforms(shape.extrinsics[rows])
    reach = np.sqrt((transforms[:, :3, :3] ** 2).sum(axis=2))
    centres = transforms[:, :3, 3] + np.asarray(shape.position)
    return (centres - reach).min(axis=0), (centres + reach).max(axis=0)


def surface_points(shape: Shape, mesh: Mesh | None, drawn: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Points that cast the shadow of a shape, in its frame: corners of drawn faces, else of ellipsoids."""
    if mesh is not None:
        faces = mesh.faces if drawn.all() else mesh.faces[drawn[mesh.face_parts]]
        return mesh.vertices[faces[:, 0]]
    transforms = ellipsoid_transforms(shape.extrinsics[drawn])
    turns = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    heights = np.linspace(-0.95, 0.95, 9)
    around = np.sqrt(1 - heights**2)[:, None]
    sphere = np.stack(
        [around * np.cos(turns), np.repeat(heights[:, None], 24, axis=1), around * np.sin(turns)], axis=-1
    ).reshape(-1, 3)
    points = np.einsum("nij,kj->nki", transforms[:, :3, :3], sphere) + transforms[:, None, :3, 3]
    return np.asarray(points.reshape(-1, 3), np.float32)
