"""Does an edit stay where it was made? One part is changed, the rest of the surface must not move.

Of every shape two parts are chosen at random. Once the Gaussian of the part is moved by 0.1 in a random
direction, once its latent is replaced by that of the same slot of another test shape. Surface points that
belong to other parts, before and after, are compared with the other surface; a point has moved if it is
further from it than 1 % of the diagonal of the shape's bounding box. Points within three standard deviations
of the edited Gaussian (old or new) do not count: there the edited part covers or uncovers the others.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.evaluation.material import Material, Result, mean
from core.evaluation.surfaces import diagonal, distance_to_surface, surface_points
from core.scene.gaussians import axes, transform
from core.scene.shape import CENTRE, EIGENVALUES, FloatArray, Mesh, Shape

STEP = 0.1
"""How far a Gaussian is moved."""

MOVED_SHARE = 0.01
REACH = 3.0
"""Standard deviations around the edited Gaussian within which its part may change the surface of others."""

POINTS = 8192
PARTS = 2
LEAST_POINTS = 0.01


def measure(material: Material) -> Result:
    """Shares of points that moved: of both kinds of edit, of each, and the 95th percentile over edits."""
    moved: dict[str, list[float]] = {"gaussian": [], "latent": []}
    for index in range(material.counts.moved):
        shape, before = material.encoded(index).shape, material.base_mesh(index)
        if before is None:
            continue
        other = material.encoded(index + 1).shape
        rng = np.random.default_rng([material.seed, index])
        sizes = np.bincount(before.face_parts, minlength=len(shape.parts)) / len(before.face_parts)
        candidates = np.flatnonzero(sizes >= LEAST_POINTS)
        for row in rng.permutation(candidates)[:PARTS]:
            direction = rng.normal(size=3)
            direction /= np.linalg.norm(direction)
            for kind, edited in (
                ("gaussian", with_moved(shape, int(row), STEP * direction)),
                ("latent", with_latent(shape, int(row), other.intrinsics[shape.parts[row].slot])),
            ):
                after = material.decode(edited)
                share = 1.0 if after is None else moved_share(shape, before, edited, after, int(row))
                moved[kind].append(share)
    every = [share for shares in moved.values() for share in shares]
    return Result(
        {
            "edits": len(every),
            "moved": mean(every),
            "moved_by_gaussian": mean(moved["gaussian"]),
            "moved_by_latent": mean(moved["latent"]),
            "moved_95th_percentile": float(np.percentile(every, 95)) if every else float("nan"),
        }
    )


def with_moved(shape: Shape, row: int, offset: np.ndarray) -> Shape:
    """The shape with one Gaussian translated by `offset` [3]."""
    matrix = np.eye(4)
    matrix[:3, 3] = offset
    extrinsics = shape.extrinsics.copy()
    extrinsics[row] = transform(extrinsics[row : row + 1], matrix)[0]
    return replace(shape, extrinsics=extrinsics)


def with_latent(shape: Shape, row: int, latent: FloatArray) -> Shape:
    """The shape with one latent [D] exchanged."""
    intrinsics = shape.intrinsics.copy()
    intrinsics[row] = latent
    return replace(shape, intrinsics=intrinsics)


def moved_share(before: Shape, mesh_before: Mesh, after: Shape, mesh_after: Mesh, row: int) -> float:
    """Share of the surface of all parts but one, before and after, that is not where it was."""
    limit = MOVED_SHARE * diagonal(mesh_before.vertices)
    counted = moved = 0
    for mesh, other in ((mesh_before, mesh_after), (mesh_after, mesh_before)):
        points, parts = surface_points(mesh, POINTS)
        apart = (parts != row) & ~_near(points, before, row) & ~_near(points, after, row)
        if apart.any():
            counted += int(apart.sum())
            moved += int((distance_to_surface(points[apart], other) > limit).sum())
    return moved / counted if counted else 0.0


def _near(points: FloatArray, shape: Shape, row: int) -> np.ndarray:
    """Points within `REACH` standard deviations of a part's Gaussian."""
    one = shape.extrinsics[row : row + 1]
    local = (points - one[0, CENTRE]) @ axes(one)[0].T
    return (local**2 / one[0, EIGENVALUES]).sum(axis=1) < REACH**2
