"""An original mesh in the frame of its shape: samples of it, and how well a surface agrees with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.edits.results import Agreement
from core.meshing.mesh_files import FileMesh
from core.meshing.orientation import outwards, without_copies
from core.meshing.surface_distance import SurfaceDistance, sample_triangles
from core.meshing.winding import Winding
from core.scene.original import Placement
from core.scene.shape import FloatArray, Mesh

NEAR_SIGMAS = (0.02, 0.06)
"""Standard deviations of the noise that moves surface points off the surface, as in the training samples."""
JUDGED = 4096
"""Points of each kind that a surface is judged by."""
F_SCORE_SHARE = 0.01
"""Share of the diagonal of the bounding box within which a surface point counts as met."""


@dataclass(frozen=True, eq=False)
class Labelled:
    """Points [N, 3] of the domain, and whether each is inside [N]; the first `near` lie near the surface."""

    points: FloatArray
    inside: NDArray[np.bool_]
    near: int


class PlacedMesh:
    """A file's mesh placed in the shape's frame, cleaned of copies and facing outwards.

    Attributes
    ----------
    vertices : float64 [V, 3]
        One per place.
    faces : int64 [F, 3]
    places : float64 [V, 3]
        The vertices in the file's frame, as they were read.
    """

    def __init__(self, mesh: FileMesh, placement: Placement) -> None:
        self.places, faces = without_copies(mesh.vertices, mesh.faces)
        self.vertices = placement.to_shape(self.places)
        self.faces = faces if mesh.cloud else outwards(self.vertices, faces)
        self._labels: dict[int, Labelled] = {}

    @cached_property
    def winding(self) -> Winding:
        return Winding(self.vertices, self.faces)

    @cached_property
    def distance(self) -> SurfaceDistance:
        return SurfaceDistance(self.vertices, self.faces)

    def surface(self, count: int, seed: int) -> tuple[FloatArray, FloatArray]:
        """Area-uniform points [count, 3] and unit normals [count, 3]."""
        points, normals, _ = sample_triangles(self.vertices, self.faces, count, np.random.default_rng(seed))
        return points.astype(np.float32), normals.astype(np.float32)

    def labelled(self, near: int, uniform: int, seed: int) -> Labelled:
        """Points near the surface, then points anywhere in the domain, and which of them are inside."""
        rng = np.random.default_rng(seed)
        points, _, _ = sample_triangles(self.vertices, self.faces, near, rng)
        sigmas = np.where(np.arange(near) % 2 == 0, *NEAR_SIGMAS)
        points = np.clip(points + rng.standard_normal((near, 3)) * sigmas[:, None], -1.0, 1.0)
        every = np.concatenate([points, rng.uniform(-1.0, 1.0, (uniform, 3))]).astype(np.float32)
        return Labelled(every, self.winding.inside(every), near)

    def _judged(self, seed: int) -> Labelled:
        if seed not in self._labels:
            self._labels = {seed: self.labelled(JUDGED, JUDGED, seed)}
        return self._labels[seed]

    def agreement(self, field: Callable[[FloatArray], FloatArray], mesh: Mesh, seed: int) -> Agreement:
        """How well a field (logits of points, positive inside) and its surface agree with this mesh.

        The points are drawn with `seed`; take one that nothing was fitted with.
        """
        judged = self._judged(seed)
        found = field(judged.points) > 0
        overlap, union = found & judged.inside, found | judged.inside
        # A mesh without an inside (an open sheet) has nothing to overlap with.
        iou = float(overlap.sum() / union.sum()) if judged.inside.any() else None
        rng = np.random.default_rng(seed)
        there, _, _ = sample_triangles(mesh.vertices, mesh.faces, JUDGED, rng)
        here, _ = self.surface(JUDGED, seed)
        off = self.distance(there)
        missed = SurfaceDistance(mesh.vertices, mesh.faces)(here)
        limit = F_SCORE_SHARE * float(np.linalg.norm(np.ptp(self.vertices[np.unique(self.faces)], axis=0)))
        precision, recall = float((off <= limit).mean()), float((missed <= limit).mean())
        score = 2 * precision * recall / (precision + recall) if precision + recall > 0 else 0.0
        return Agreement(iou, float((off**2).mean() + (missed**2).mean()), score)
