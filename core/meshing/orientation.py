"""Which way a surface faces: triangles of a mesh from anywhere, turned so that they face outwards.

A mesh is taken apart into patches whose triangles agree with their neighbours. A closed patch is turned so
that its volume is positive; an open one so that its front sees more of the surroundings than its back does
(rays, as in Takayama et al. 2014). Hollow solids become solid that way: an inner wall faces outwards too.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

DoubleArray = NDArray[np.float64]
Faces = NDArray[np.int64]

MAX_OPEN_PATCHES = 2000
"""Of so many open patches, the largest ones, the facing is looked up; the rest stay as they are."""
SPOTS, RAYS = 12, 24
"""Points per open patch, and rays per point and side."""


def without_copies(vertices: DoubleArray, faces: Faces) -> tuple[DoubleArray, Faces]:
    """The same triangles with one vertex per place, without those that have no area or are there twice."""
    places, index = np.unique(vertices, axis=0, return_inverse=True)
    merged = index.reshape(-1)[faces]
    a, b, c = merged.T
    merged = merged[(a != b) & (b != c) & (c != a)]
    _, first = np.unique(np.sort(merged, axis=1), axis=0, return_index=True)
    return places, merged[np.sort(first)]


def outwards(vertices: DoubleArray, faces: Faces, seed: int = 0) -> Faces:
    """Faces [F, 3], some of them turned over, so that all face outwards as well as can be told.

    Parameters
    ----------
    vertices : float64 [V, 3]
        One per place (`without_copies`), in any unit.
    faces : int64 [F, 3]
    """
    patch, closed = patches(faces)
    count = len(closed)
    corners = vertices[faces]
    shifted = corners - vertices.mean(axis=0)
    volumes = np.einsum("ij,ij->i", shifted[:, 0], np.cross(shifted[:, 1], shifted[:, 2])) / 6.0
    areas = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) / 2
    turned = closed & (np.bincount(patch, volumes, count) < 0)
    open_ones = np.flatnonzero(~closed)
    if len(open_ones):
        sizes = np.bincount(patch, areas, count)[open_ones]
        looked_at = open_ones[np.argsort(-sizes)[:MAX_OPEN_PATCHES]]
        turned[looked_at] = _backwards(corners, areas, patch, looked_at, np.random.default_rng(seed))
    result = faces.copy()
    flip = turned[patch]
    result[flip] = result[flip][:, ::-1]
    return result


def patches(faces: Faces) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Patch [F] of each face, and whether each patch [C] is closed."""
    count = len(faces)
    ends = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    owner = np.tile(np.arange(count), 3)
    forward = ends[:, 0] < ends[:, 1]
    ends = np.sort(ends, axis=1)
    keys = ends[:, 0] * (int(faces.max()) + 1) + ends[:, 1]
    order = np.argsort(keys, kind="stable")
    keys, owner, forward = keys[order], owner[order], forward[order]
    start = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    sides = np.diff(np.r_[start, len(keys)])
    pair = start[sides == 2]
    # Neighbours that agree run along their common edge in opposite directions.
    pair = pair[forward[pair] != forward[pair + 1]]
    links = coo_array((np.ones(len(pair), bool), (owner[pair], owner[pair + 1])), shape=(count, count))
    total, patch = connected_components(links, directed=False)
    matched = np.bincount(patch[owner[pair]], minlength=total) + np.bincount(
        patch[owner[pair + 1]], minlength=total
    )
    closed = matched == 3 * np.bincount(patch, minlength=total)
    return patch.astype(np.int32), closed


def _backwards(
    corners: DoubleArray,
    areas: DoubleArray,
    patch: NDArray[np.int32],
    wanted: NDArray[np.int64],
    rng: np.random.Generator,
) -> NDArray[np.bool_]:
    """Whether the back of each wanted patch sees more of the surroundings than its front."""
    import open3d as o3d  # over a second to import

    order = np.argsort(patch, kind="stable")
    first = np.searchsorted(patch[order], wanted)
    last = np.searchsorted(patch[order], wanted, side="right")
    total = np.r_[0.0, np.cumsum(areas[order])]
    # Points spread over each patch by area: equal steps of the running sum of areas.
    steps = (np.arange(SPOTS) + 0.5) / SPOTS
    targets = total[first][:, None] + steps * (total[last] - total[first])[:, None]
    spots = np.clip(np.searchsorted(total, targets, side="right") - 1, first[:, None], last[:, None] - 1)
    chosen = corners[order[spots.ravel()]]
    normals = np.cross(chosen[:, 1] - chosen[:, 0], chosen[:, 2] - chosen[:, 0])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-30)
    directions = rng.standard_normal((len(chosen), RAYS, 3))
    directions /= np.linalg.norm(directions, axis=2, keepdims=True)
    ahead = np.einsum("pri,pi->pr", directions, normals)
    size = float(np.ptp(corners.reshape(-1, 3), axis=0).max())
    starts = chosen.mean(axis=1)[:, None] + 1e-4 * size * np.sign(ahead)[..., None] * normals[:, None]
    rays = np.concatenate([starts, directions], axis=2).reshape(-1, 6).astype(np.float32)
    scene = o3d.t.geometry.RaycastingScene()
    flat = np.ascontiguousarray(corners.reshape(-1, 3), np.float32)
    triangles = np.arange(len(flat), dtype=np.uint32).reshape(-1, 3)
    scene.add_triangles(o3d.core.Tensor.from_numpy(flat), o3d.core.Tensor.from_numpy(triangles))
    hidden = scene.test_occlusions(o3d.core.Tensor.from_numpy(rays)).numpy().reshape(len(wanted), -1)
    front = (ahead > 0).reshape(len(wanted), -1)
    free_front = (front & ~hidden).sum(axis=1) / np.maximum(front.sum(axis=1), 1)
    free_back = (~front & ~hidden).sum(axis=1) / np.maximum((~front).sum(axis=1), 1)
    result: NDArray[np.bool_] = free_back > free_front + 1e-9
    return result
