"""A surface of which the unedited parts are the original's own triangles and the rest is the model's.

Every place belongs to the part whose Gaussian most likely made it. The original is cut along the border
between edited parts and the others, as the parts were when they were made from it; what belongs to parts that
nobody edited stays. The rest is a *patch*: the model's surface of the edited parts and of what the original
leaves open. Near the cut its distance field is blended into the original's, so that it leaves the cut as the
original would and becomes the model's on the way; beyond the cut it dives below the original.

Closed pieces of the original are cut and joined with the patch as solids, which gives a closed surface again.
Pieces with borders are cut triangle by triangle and laid against the patch.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.edits.job import EditError, Job
from core.meshing.booleans import inside_of, joined, solids
from core.meshing.export import Exact
from core.meshing.extract import extract_mesh
from core.meshing.placed import PlacedMesh
from core.meshing.surface import smooth_normals
from core.meshing.surface_distance import SurfaceDistance
from core.scene.shape import FloatArray, IntArray, Mesh

SPLIT_ABOVE = 0.03
"""Edges of triangles on a border between parts are split until they are shorter, domain units."""
MAX_ROUNDS = 7
BORDER_RESOLUTION = 64
"""Cells per side of the surface along which the original is cut."""
BLEND = 0.14
"""From this distance of the cut on the patch is the model's surface alone."""
ALIKE, UNLIKE = 0.04, 0.09
"""Up to the first difference of distances the two surfaces count as the same one and are blended; from the
second on, not at all: a part that was moved away does not leave a stump, one that came does not end early."""
DIVE = 0.3
"""How fast the patch sinks below the original beyond the cut, per distance, and"""
OVERLAP = 0.06
"""how far it goes on there."""
BAND = 0.15
"""So far beyond the border between parts the model's surface is taken where the original has none:"""
COVERED, OPEN = 0.02, 0.06
"""it has one up to the first distance, and none from the second on."""

Owners = Callable[[NDArray[np.floating]], IntArray]
"""Which part [N] points [N, 3] belong to."""
CRUMBS = 0.005
"""Pieces of the patch with less than this share of its area are left out."""

Inside = Callable[[FloatArray], NDArray[np.bool_]]
Likelihoods = Callable[[FloatArray], FloatArray]
"""Log-likelihood [N, P] of every part at points [N, 3]."""


NONE = Exact(np.zeros(0, np.int64), np.zeros((0, 3)))


@dataclass(frozen=True, eq=False)
class Joined:
    """A surface, which of its vertices are the file's, and whether each face [F] lies in one of its."""

    mesh: Mesh
    exact: Exact
    own: NDArray[np.bool_]


class Border:
    """Where the edited parts end, as a field: positive where they are likelier than the others."""

    def __init__(self, *fields: tuple[Likelihoods, NDArray[np.bool_]]) -> None:
        self._fields = fields

    def __call__(self, points: FloatArray) -> FloatArray:
        margins = [np.full(len(points), -1e3, np.float32)]
        for likelihoods, edited in self._fields:
            if edited.any():
                found = likelihoods(points)
                rest = found[:, ~edited].max(axis=1) if not edited.all() else np.float32(-1e3)
                margins.append(np.clip(found[:, edited].max(axis=1) - rest, -1e3, 1e3).astype(np.float32))
        return np.max(margins, axis=0)

    def part_rows(self, points: FloatArray) -> IntArray:
        return np.zeros(len(points), np.int32)

    def surface(self, job: Job) -> Mesh | None:
        """The border as a closed surface; None if the edited parts own nothing."""
        try:
            return extract_mesh(self, BORDER_RESOLUTION, job)
        except EditError:
            return None


class _Patch:
    """The field of the patch; see the module."""

    def __init__(
        self,
        inside: Inside,
        placed: PlacedMesh,
        removed: Border,
        cuts: Mesh | None,
        border: Border,
        outline: Mesh,
        mesh: Mesh,
    ) -> None:
        self._inside, self._placed, self._removed, self._border = inside, placed, removed, border
        self._outline = SurfaceDistance(outline.vertices, outline.faces)
        self._model = SurfaceDistance(mesh.vertices, mesh.faces)
        stay = (removed(placed.vertices.astype(np.float32)) < 0)[placed.faces].any(axis=1)
        stay |= removed(placed.vertices[placed.faces].mean(axis=1).astype(np.float32)) < 0
        self._kept = SurfaceDistance(placed.vertices, placed.faces[stay]) if stay.any() else None
        self._rows = mesh.face_parts
        self._cut = None
        if cuts is not None:
            across = inside(cuts.vertices)[cuts.faces].any(axis=1)
            across |= inside(cuts.vertices[cuts.faces].mean(axis=1))
            if across.any():
                self._cut = SurfaceDistance(cuts.vertices, cuts.faces[across])

    def __call__(self, points: FloatArray) -> FloatArray:
        depth = self._outline(points) * np.where(self._border(points) > 0, 1.0, -1.0)
        values = np.full(len(points), -BAND)
        near = np.flatnonzero(depth > -BAND)
        values[near] = self._blended(points[near])
        beyond = np.flatnonzero((depth < 0.0) & (values > -BAND))
        if self._kept is not None and len(beyond):
            there = points[beyond]
            covered = _smooth((OPEN - self._kept(there)) / (OPEN - COVERED))
            covered = np.maximum(covered, self._inside(there) & (self._removed(there) < 0))
            out = -depth[beyond]
            values[beyond] -= DIVE * out * covered
            reach = BAND + (OVERLAP - BAND) * covered
            values[beyond] = np.minimum(values[beyond], reach - out)
        return values.astype(np.float32)

    def _blended(self, points: FloatArray) -> NDArray[np.float64]:
        model = -self._model.signed(points).astype(np.float64)
        if self._cut is None or not len(points):
            return model
        share = _smooth(1.0 - self._cut(points) / BLEND)
        some = np.flatnonzero(share > 0)
        inside = self._inside(points[some])
        apart = self._placed.distance(points[some]) * np.where(inside, 1.0, -1.0) - model[some]
        share = share[some] * _smooth((UNLIKE - np.abs(apart)) / (UNLIKE - ALIKE))
        model[some] += share * apart
        return model

    def part_rows(self, points: FloatArray) -> IntArray:
        return self._rows[self._model.nearest_faces(points)]


def _smooth(value: NDArray[np.floating]) -> NDArray[np.float64]:
    """0 up to 0, 1 from 1 on, and smooth in between."""
    value = np.clip(value, 0.0, 1.0).astype(np.float64)
    return value * value * (3.0 - 2.0 * value)


def cut_together(
    placed: PlacedMesh,
    before: Likelihoods,
    now: Likelihoods,
    kept: Collection[int],
    rows: Collection[int],
    mesh: Mesh,
    resolution: int,
    job: Job,
) -> Joined:
    """Join the original's triangles of some parts with the model's surface of the others.

    Parameters
    ----------
    placed : PlacedMesh
        The original in the shape's frame.
    before, now : callable
        Likelihoods of the parts as they were when they were made from the original, and as they are now.
    kept : collection of int
        Columns of `before` whose triangles stay.
    rows : collection of int, as long as `kept`
        The same parts in `now` and in `mesh`.
    mesh : Mesh
        The model's closed surface of the shape as it is now.
    resolution : int
        Cells per side for the patch.
    job : Job
        Gets a step for every block of samples.

    Returns
    -------
    Joined
        `face_parts` are rows of the shape, as in `mesh`.
    """
    if not kept:
        return Joined(mesh, NONE, np.zeros(len(mesh.faces), bool))
    likely = before(np.zeros((1, 3), np.float32)), now(np.zeros((1, 3), np.float32))
    gone, edited = (np.ones(each.shape[1], bool) for each in likely)
    gone[list(kept)] = edited[list(rows)] = False
    row_of = np.full(len(gone), -1, np.int32)
    row_of[list(kept)] = list(rows)
    pieces, loose = solids(placed)
    inside = placed.winding.inside if len(loose) else inside_of(pieces)
    removed = Border((before, gone))
    cuts = removed.surface(job)
    border = Border((before, gone), (now, edited))
    outline = border.surface(job) if edited.any() else cuts
    patch = None
    if outline is not None:
        field = _Patch(inside, placed, removed, cuts, border, outline, mesh)
        guide = mesh.vertices[np.unique(mesh.faces[~np.isin(mesh.face_parts, list(rows))])]
        with suppress(EditError):  # what was edited is gone, and nothing was open
            patch = extract_mesh(field, resolution, job, guide, drop_below=CRUMBS)

    def owners(points: NDArray[np.floating]) -> IntArray:
        return before(np.asarray(points, np.float32)).argmax(axis=1).astype(np.int32)

    solid = joined(pieces, cuts, patch)
    vertices, faces = solid.vertices, solid.faces
    centres = vertices[faces].mean(axis=1).astype(np.float32)
    parts = row_of[np.where(gone, -np.inf, before(centres)).argmax(axis=1)]
    if patch is not None and not solid.original.all():
        nearest = SurfaceDistance(patch.vertices, patch.faces).nearest_faces(centres[~solid.original])
        parts[~solid.original] = patch.face_parts[nearest]
    if len(loose):
        cut_vertices, cut_faces, owner = owned_faces(placed.vertices, loose, owners)
        stay = ~gone[owner]
        faces = np.concatenate([faces, cut_faces[stay] + len(vertices)])
        vertices = np.concatenate([vertices, cut_vertices])
        parts = np.concatenate([parts, row_of[owner[stay]]])
    if not len(faces):
        return Joined(mesh, NONE, np.zeros(len(mesh.faces), bool))
    used, index = np.unique(faces.ravel(), return_inverse=True)
    single: FloatArray = vertices[used].astype(np.float32)
    triangles = index.reshape(-1, 3).astype(np.int32)
    found = Mesh(single, smooth_normals(single, triangles), triangles, parts)
    kept_rows, sources = _same_places(vertices[used], placed.vertices)
    own = np.ones(len(faces), bool)
    own[: len(solid.original)] = solid.original
    return Joined(found, Exact(kept_rows, placed.places[sources]), own)


def _same_places(
    vertices: NDArray[np.float64], known: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of `vertices` that are, to the last bit, rows of `known`, and which ones."""
    keys = [np.ascontiguousarray(each + 0.0).view("V24").ravel() for each in (vertices, known)]
    _, rows, sources = np.intersect1d(keys[0].view("S24"), keys[1].view("S24"), return_indices=True)
    return rows, sources


def owned_faces(
    vertices: NDArray[np.float64], faces: NDArray[np.int64], owners: Owners
) -> tuple[NDArray[np.float64], NDArray[np.int64], IntArray]:
    """Vertices, faces and the owner of each face, long faces split where owners meet."""
    vertices = np.asarray(vertices, np.float64)
    for _ in range(MAX_ROUNDS):
        corner_owners = owners(vertices)[faces]
        corners = vertices[faces]
        lengths = np.linalg.norm(corners - np.roll(corners, -1, axis=1), axis=2)
        centre_owners = owners(corners.mean(axis=1))
        mixed = (corner_owners != centre_owners[:, None]).any(axis=1) & (lengths.max(axis=1) > SPLIT_ABOVE)
        # A part may lie in the middle of one huge triangle without touching its corners.
        mixed |= lengths.max(axis=1) > 8 * SPLIT_ABOVE
        if not mixed.any():
            break
        vertices, faces = _split(vertices, faces, mixed)
    return vertices, faces, owners(vertices[faces].mean(axis=1))


def _split(
    vertices: NDArray[np.float64], faces: NDArray[np.int64], chosen: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Each of the chosen faces as four, with a new vertex in the middle of each side."""
    some = faces[chosen]
    sides = np.sort(np.stack([some, np.roll(some, -1, axis=1)], axis=2).reshape(-1, 2), axis=1)
    edges, index = np.unique(sides, axis=0, return_inverse=True)
    middle = len(vertices) + index.reshape(-1, 3)
    (a, b, c), (ab, bc, ca) = some.T, middle.T
    four = np.stack([[a, ab, ca], [ab, b, bc], [ca, bc, c], [ab, bc, ca]]).transpose(2, 0, 1).reshape(-1, 3)
    return np.concatenate([vertices, vertices[edges].mean(axis=1)]), np.concatenate([faces[~chosen], four])
