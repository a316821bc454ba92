"""From a ray or a box on the screen to parts: exact, on the CPU, no display needed.

Hidden parts and hidden shapes are never picked, and a hidden part does not stand in front of others. Locked
parts are picked by a ray (the person may want to know or unlock them) but not by a box, which follows
"select all".
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.scene.gaussians import DEFAULT_SIGMAS, DoubleArray, axes, ellipsoid_transforms
from core.scene.scene import Scene
from core.scene.selection import PartRef
from core.scene.shape import CENTRE, EIGENVALUES, Mesh, Shape

BoolArray = NDArray[np.bool_]
PickMode = Literal["surface", "ellipsoids"]
Project = Callable[[DoubleArray], tuple[DoubleArray, BoolArray]]
"""Scene points [N, 3] -> (screen points [N, 2], which of them are in front of the camera [N])."""

_BLOCK = 64
_SAMPLES = 256
_EDGE_SLACK = 1e-9
_TINY_VARIANCE = 1e-12


@dataclass(frozen=True, eq=False)
class Ray:
    """A half line in the scene: `origin` and unit `direction`, float64 [3]. Distances are domain units.

    Raises
    ------
    ValueError
        If either is not three finite numbers or the direction is zero.
    """

    origin: DoubleArray
    direction: DoubleArray

    def __post_init__(self) -> None:
        origin = np.array(self.origin, np.float64)
        direction = np.array(self.direction, np.float64)
        if origin.shape != (3,) or direction.shape != (3,):
            raise ValueError("a ray needs an origin and a direction of three numbers each")
        length = float(np.linalg.norm(direction))
        if not (np.isfinite(origin).all() and np.isfinite(length) and length > 0.0):
            raise ValueError("a ray needs a finite origin and a finite direction that is not zero")
        direction /= length
        origin.setflags(write=False)
        direction.setflags(write=False)
        object.__setattr__(self, "origin", origin)
        object.__setattr__(self, "direction", direction)

    def at(self, distance: float) -> DoubleArray:
        """Point at a distance from the origin."""
        point: DoubleArray = self.origin + distance * self.direction
        return point

    def moved(self, offset: object) -> Ray:
        """The same direction from an origin moved by `offset`."""
        return Ray(self.origin + np.asarray(offset, np.float64), self.direction)


class PickMesh:
    """A mesh's triangles in blocks of 64 neighbours, each with its bounds; built once per mesh.

    Neighbours come from the Morton order of the triangles' centres, so a ray crosses few of the blocks and
    only their triangles are intersected. Holds copies only, so a mesh may be freed while this lives.
    """

    def __init__(self, mesh: Mesh) -> None:
        corners = mesh.vertices[mesh.faces]
        self.count = len(corners)
        self.order = np.argsort(_morton(corners[:, 0] + corners[:, 1] + corners[:, 2]), kind="stable")
        self.corners = corners[self.order]
        self.rows = mesh.face_parts[self.order]
        self._points: dict[int, DoubleArray] = {}
        if self.count:
            starts = np.arange(0, self.count, _BLOCK)
            slack = 1e-6
            self.low = np.minimum.reduceat(self.corners.min(axis=1), starts).astype(np.float64) - slack
            self.high = np.maximum.reduceat(self.corners.max(axis=1), starts).astype(np.float64) + slack
        else:
            self.low = self.high = np.zeros((0, 3))

    def candidates(self, ray: Ray) -> NDArray[np.int64]:
        """Positions (in this object's order) of the triangles whose block the ray crosses."""
        direction = np.where(np.abs(ray.direction) < 1e-150, 1e-150, ray.direction)
        first = (self.low - ray.origin) / direction
        second = (self.high - ray.origin) / direction
        enter = np.minimum(first, second).max(axis=1)
        leave = np.maximum(first, second).min(axis=1)
        blocks = np.flatnonzero(leave >= np.maximum(enter, 0.0))
        positions = (blocks[:, None] * _BLOCK + np.arange(_BLOCK)).reshape(-1)
        return positions[positions < self.count]

    def hit(self, ray: Ray, allowed: BoolArray | None = None) -> tuple[int, float] | None:
        """Nearest triangle in front of the origin: (index in the mesh's faces, distance).

        `allowed` [P] says which part rows count; faces of other rows are looked through.
        """
        positions = self.candidates(ray)
        if allowed is not None:
            rows = self.rows[positions]
            known = (rows >= 0) & (rows < len(allowed))
            positions = positions[known]
            positions = positions[allowed[rows[known]]]
        if not len(positions):
            return None
        distances = _triangle_distances(self.corners[positions].astype(np.float64), ray)
        nearest = distances.min()
        if not np.isfinite(nearest):
            return None
        faces = self.order[positions[distances == nearest]]
        return int(faces.min()), float(nearest)

    def points(self, row: int) -> DoubleArray:
        """Up to 256 triangle centres spread over one part, float64 [N, 3]."""
        points = self._points.get(row)
        if points is None:
            mine = np.flatnonzero(self.rows == row)
            if len(mine) > _SAMPLES:
                mine = mine[np.linspace(0, len(mine) - 1, _SAMPLES).astype(np.int64)]
            points = self.corners[mine].mean(axis=1, dtype=np.float64)
            self._points[row] = points
        return points


_PREPARED: weakref.WeakKeyDictionary[Mesh, PickMesh] = weakref.WeakKeyDictionary()


def prepared(mesh: Mesh) -> PickMesh:
    """The mesh's `PickMesh`, made at first use (some 30 ms for 60 000 faces) and kept while the mesh lives.

    May be called from the worker thread, so that the first hover over a new mesh is as quick as the next.
    """
    found = _PREPARED.get(mesh)
    if found is None:
        found = PickMesh(mesh)
        _PREPARED[mesh] = found
    return found


def pick_mesh(mesh: Mesh, ray: Ray) -> tuple[int, float] | None:
    """Nearest face the ray meets, from either side: (face index, distance), or None.

    The ray is in the mesh's frame. Edges belong to both faces, so a closed surface has no cracks.
    """
    return prepared(mesh).hit(ray)


def pick_ellipsoid(scene: Scene, ray: Ray, sigmas: float = DEFAULT_SIGMAS) -> tuple[PartRef, float] | None:
    """Nearest visible part by the ellipsoid of its Gaussian: (part, distance along the ray), or None."""
    best: tuple[PartRef, float] | None = None
    for shape in scene:
        found = _shape_ellipsoid(shape, ray, sigmas) if shape.visible else None
        if found is not None and (best is None or found[1] < best[1]):
            best = PartRef(shape.id, shape.parts[found[0]].id), found[1]
    return best


def pick(scene: Scene, meshes: Mapping[str, Mesh], ray: Ray, mode: PickMode = "surface") -> PartRef | None:
    """The visible part a ray meets first, in the scene's frame.

    With ``mode="surface"`` a shape is picked by its mesh (`meshes` by shape id, in the shape's frame), or by
    its ellipsoids while it has none, which is also how it is drawn.
    """
    if mode not in ("surface", "ellipsoids"):
        raise ValueError(f"unknown pick mode {mode!r}")
    best: PartRef | None = None
    nearest = np.inf
    for shape in scene:
        if not shape.visible:
            continue
        mesh = meshes.get(shape.id) if mode == "surface" else None
        if mesh is None:
            found = _shape_ellipsoid(shape, ray, DEFAULT_SIGMAS)
        else:
            accelerator = prepared(mesh)
            local = ray.moved(-np.asarray(shape.position))
            hit = accelerator.hit(local, np.array([part.visible for part in shape.parts], bool))
            found = None if hit is None else (int(mesh.face_parts[hit[0]]), hit[1])
        if found is not None and found[1] < nearest:
            best, nearest = PartRef(shape.id, shape.parts[found[0]].id), found[1]
    return best


def in_polygon(points: DoubleArray, outline: DoubleArray) -> NDArray[np.bool_]:
    """Which points [N, 2] lie in a closed outline [M, 2], by the even-odd rule."""
    inside = np.zeros(len(points), bool)
    x, y = points[:, 0], points[:, 1]
    for (x0, y0), (x1, y1) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        if y0 != y1:
            crossing = (x1 - x0) * (y - y0) / (y1 - y0) + x0
            inside ^= ((y0 > y) != (y1 > y)) & (x < crossing)
    return inside


def parts_within(
    scene: Scene, meshes: Mapping[str, Mesh], project: Project, outline: DoubleArray
) -> frozenset[PartRef]:
    """Visible, unlocked parts of which the better half lies in an outline on the screen.

    A part is in when at least half of the points spread over its surface project into the outline, or when
    the centre of its Gaussian does and at least a tenth of them. What stands in front is not asked: an
    outline selects through the shape.

    Parameters
    ----------
    project : callable
        Scene points [N, 3] -> (screen points [N, 2], in front of the camera [N]).
    outline : float64 [M, 2]
        Corners in screen units, closed by themselves.
    """
    chosen = set()
    for shape in scene:
        rows = [row for row, part in enumerate(shape.parts) if part.visible and not part.locked]
        if not shape.visible or not rows:
            continue
        mesh = meshes.get(shape.id)
        accelerator = None if mesh is None else prepared(mesh)
        transforms = ellipsoid_transforms(shape.extrinsics)
        groups = []
        for row in rows:
            points = np.zeros((0, 3)) if accelerator is None else accelerator.points(row)
            if not len(points):
                points = _SPHERE @ transforms[row, :3, :3].T + transforms[row, :3, 3]
            groups.append(np.concatenate([transforms[row : row + 1, :3, 3], points]))
        screen, in_front = project(np.concatenate(groups) + np.asarray(shape.position))
        inside = in_front & in_polygon(screen, outline)
        ends = np.cumsum([len(group) for group in groups])
        for row, mine in zip(rows, np.split(inside, ends[:-1]), strict=True):
            share = mine[1:].mean()
            if share >= 0.5 or (mine[0] and share >= 0.1):
                chosen.add(PartRef(shape.id, shape.parts[row].id))
    return frozenset(chosen)


def _shape_ellipsoid(shape: Shape, ray: Ray, sigmas: float) -> tuple[int, float] | None:
    """Row and distance of the nearest visible ellipsoid of one shape; from within, its far wall."""
    rows = np.array([row for row, part in enumerate(shape.parts) if part.visible], np.int64)
    if not len(rows):
        return None
    extrinsics = shape.extrinsics[rows].astype(np.float64)
    basis = axes(shape.extrinsics[rows]).astype(np.float64)
    radii = sigmas * np.sqrt(np.maximum(extrinsics[:, EIGENVALUES], _TINY_VARIANCE))
    offset = ray.origin - np.asarray(shape.position, np.float64) - extrinsics[:, CENTRE]
    origin = np.einsum("pki,pi->pk", basis, offset) / radii
    direction = np.einsum("pki,i->pk", basis, ray.direction) / radii
    # In the frame where the ellipsoid is the unit sphere, and measured from the ray's closest point to its
    # centre, which keeps the discriminant accurate for far cameras and thin parts.
    square = np.maximum((direction**2).sum(axis=1), 1e-300)
    closest = -(origin * direction).sum(axis=1) / square
    gap = origin + closest[:, None] * direction
    rest = 1.0 - (gap**2).sum(axis=1)
    half = np.sqrt(np.maximum(rest, 0.0) / square)
    near, far = closest - half, closest + half
    distance = np.where(near >= 0.0, near, far)
    distance = np.where((rest >= 0.0) & (distance >= 0.0), distance, np.inf)
    best = int(distance.argmin())
    return (int(rows[best]), float(distance[best])) if np.isfinite(distance[best]) else None


def _triangle_distances(corners: DoubleArray, ray: Ray) -> DoubleArray:
    """Distance to each triangle [N, 3, 3], inf where missed (Moeller & Trumbore 1997, two-sided)."""
    origin, first, second = corners[:, 0], corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    normal_part = np.cross(ray.direction, second)
    determinant = (first * normal_part).sum(axis=1)
    scale = np.sqrt((first**2).sum(axis=1) * (second**2).sum(axis=1))
    usable = np.abs(determinant) > 1e-12 * scale
    inverse = 1.0 / np.where(usable, determinant, 1.0)
    offset = ray.origin - origin
    u = (offset * normal_part).sum(axis=1) * inverse
    across = np.cross(offset, first)
    v = (across @ ray.direction) * inverse
    distance = (across * second).sum(axis=1) * inverse
    inside = (u >= -_EDGE_SLACK) & (v >= -_EDGE_SLACK) & (u + v <= 1.0 + _EDGE_SLACK)
    return np.where(usable & inside & (distance >= 0.0), distance, np.inf)


def _morton(points: NDArray[np.float32]) -> NDArray[np.int64]:
    """Z-order keys of points [N, 3], 10 bits per axis."""
    if not len(points):
        return np.zeros(0, np.int64)
    low = points.min(axis=0)
    size = np.maximum(points.max(axis=0) - low, 1e-12)
    cells = np.clip((points - low) * (1023.0 / size), 0, 1023).astype(np.int64)
    keys: NDArray[np.int64] = _SPREAD[cells[:, 0]] | _SPREAD[cells[:, 1]] << 1 | _SPREAD[cells[:, 2]] << 2
    return keys


def _fibonacci_sphere(count: int) -> DoubleArray:
    """Points spread evenly over the unit sphere, float64 [count, 3]."""
    index = np.arange(count) + 0.5
    height = 1.0 - 2.0 * index / count
    angle = np.pi * (1.0 + np.sqrt(5.0)) * index
    radius = np.sqrt(1.0 - height**2)
    points: DoubleArray = np.stack([radius * np.cos(angle), height, radius * np.sin(angle)], axis=1)
    return points


_SPREAD = np.sum([((np.arange(1024) >> bit) & 1) << (3 * bit) for bit in range(10)], axis=0)
"""The 10 bits of a number, two zeros between each."""

_SPHERE = _fibonacci_sphere(64)
