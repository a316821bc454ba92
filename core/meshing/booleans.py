"""Manifolds cut and joined exactly, so that closed surfaces stay closed (manifold3d)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import manifold3d
import numpy as np
from manifold3d import Manifold
from numpy.typing import ArrayLike, NDArray

from core.meshing.orientation import patches
from core.meshing.placed import PlacedMesh
from core.meshing.surface_distance import SurfaceDistance
from core.scene.shape import FloatArray, Mesh

Doubles = NDArray[np.float64]
Faces = NDArray[np.int64]

CRUMB_SHARE = 0.005
"""Cut off pieces with less than this share of the area are dropped."""
CUTTER, PATCH = Manifold.reserve_ids(1), Manifold.reserve_ids(1)


@dataclass(frozen=True, eq=False)
class Surface:
    """Triangles, and whether each lies in a triangle of the original [F]."""

    vertices: Doubles
    faces: Faces
    original: NDArray[np.bool_]


def _solid(vertices: ArrayLike, faces: ArrayLike, name: int | None = None) -> Manifold:
    """A closed surface as a solid; every triangle is told apart, so that none are merged."""
    used, index = np.unique(np.asarray(faces).ravel(), return_inverse=True)
    count = len(index) // 3
    named = {} if name is None else {"run_index": np.array([0, 3 * count], np.uint64)}
    if name is not None:
        named["run_original_id"] = np.array([name], np.uint32)
    return Manifold(
        manifold3d.Mesh64(
            np.ascontiguousarray(np.asarray(vertices, np.float64)[used]),
            index.reshape(-1, 3).astype(np.uint64),
            face_id=np.arange(count, dtype=np.uint64),
            **named,
        )
    )


def solids(placed: PlacedMesh) -> tuple[list[Manifold], Faces]:
    """The closed pieces of a mesh as solids, and the triangles of the other pieces."""
    piece, closed = patches(placed.faces)
    found, loose = [], [placed.faces[~closed[piece]]]
    order = np.argsort(piece, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(piece[order])) + 1):
        if not closed[piece[rows[0]]]:
            continue
        solid = _solid(placed.vertices, placed.faces[rows])
        if solid.status() == manifold3d.Error.NoError and not solid.is_empty():
            found.append(solid)
        else:  # e.g. one that turns back on itself
            loose.append(placed.faces[rows])
    return found, np.concatenate(loose)


def inside_of(pieces: list[Manifold]) -> Callable[[FloatArray], NDArray[np.bool_]]:
    """Whether points are inside of solids that may overlap: much faster than by winding numbers."""
    mesh = Manifold.batch_boolean(pieces, manifold3d.OpType.Add).to_mesh64()
    surface = SurfaceDistance(mesh.vert_properties[:, :3], mesh.tri_verts)
    return lambda points: surface.signed(points) < 0


def joined(pieces: list[Manifold], cutter: Mesh | None, patch: Mesh | None) -> Surface:
    """Manifolds without what `cutter` encloses, joined with `patch`.

    Pieces that neither reaches stay as they are, even where they overlap one another.

    Parameters
    ----------
    pieces : list of solids, from `solids`
    cutter, patch : Mesh, optional
        Closed surfaces.
    """
    cutting = None if cutter is None else _solid(cutter.vertices, cutter.faces, CUTTER)
    patching = None if patch is None else _solid(patch.vertices, patch.faces, PATCH)
    tools = [tool for tool in (cutting, patching) if tool is not None]
    touched: list[Manifold] = []
    alone: list[Manifold] = []
    for piece in pieces:
        (touched if any(_meet(piece, tool) for tool in tools) else alone).append(piece)
    whole = Manifold.batch_boolean(touched, manifold3d.OpType.Add) if touched else Manifold()
    if cutting is not None:
        whole -= cutting
    if patching is not None:
        whole += patching
    meshes = [solid.to_mesh64() for solid in (*_without_crumbs(whole), *alone)]
    offsets = np.cumsum([0, *(len(mesh.vert_properties) for mesh in meshes)])
    return Surface(
        np.concatenate([mesh.vert_properties[:, :3] for mesh in meshes]),
        np.concatenate(
            [mesh.tri_verts.astype(np.int64) + offset for mesh, offset in zip(meshes, offsets, strict=False)]
        ),
        np.concatenate([_is_original(mesh) for mesh in meshes]),
    )


def _without_crumbs(solid: Manifold) -> list[Manifold]:
    """Its connected pieces, without small ones that were cut off; what was small before stays."""
    limit = CRUMB_SHARE * solid.surface_area()
    pieces = solid.decompose()
    whole = [piece.surface_area() >= limit or _is_original(piece.to_mesh64()).all() for piece in pieces]
    return [piece for piece, stays in zip(pieces, whole, strict=True) if stays] or [solid]


def _meet(one: Manifold, other: Manifold) -> bool:
    (a, b), (c, d) = (np.array(each.bounding_box()).reshape(2, 3) for each in (one, other))
    return bool((a <= d).all() and (c <= b).all())


def _is_original(mesh: manifold3d.Mesh64) -> NDArray[np.bool_]:
    lengths = np.diff(mesh.run_index).astype(np.int64) // 3
    return np.repeat(~np.isin(mesh.run_original_id, (CUTTER, PATCH)), lengths)
