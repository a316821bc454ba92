"""Measuring a model of a folder of meshes: its own held-out test shapes in place of the corpus.

Rows that need procedural programs (text, edits by text, completion and mixing against geometric checks)
cannot be measured and are left out by name.

* ``reconstruction``: ``iou_near`` and ``iou_uniform`` as for the corpus, on points sampled from the meshes;
  ``iou`` is the mean of the two. ``chamfer`` and ``f_score`` are between 2,048 points of the mesh and the
  reconstructed surface; the way from reconstruction to mesh is measured to the nearest of these points and so
  has a floor.
* ``generation``: of as many samples as there are test shapes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from scipy.spatial import cKDTree

from core.edits.engine import Engine
from core.evaluation.categories import Category
from core.evaluation.checks import CheckSet
from core.evaluation.distances import unit_box
from core.evaluation.material import POINTS, Counts, Encoded, Material, Result, mean
from core.evaluation.reconstruction import F_SCORE_SHARE, slot_sheet
from core.evaluation.surfaces import cloud, diagonal, distance_to_surface
from core.pipelines.decode import DecodedField
from core.scene.shape import FloatArray
from core.training.mesh_set import MeshSet
from core.training.sample_cache import NEAR, Cache

ROWS = ("reconstruction", "generation", "solidity", "parts", "locality")
"""What can be measured without programs; names of parts only where the data has them."""


def rows_of(prepared: MeshSet) -> tuple[str, ...]:
    """Rows that can be measured on a set."""
    return ROWS if prepared.parts else tuple(row for row in ROWS if row != "parts")


class MeshMaterial(Material):
    """Material made of the splits of a prepared set; counts are cut to the shapes there are.

    Parameters
    ----------
    prepared : MeshSet
    """

    def __init__(
        self,
        engine: Engine,
        prepared: MeshSet,
        counts: Counts,
        seed: int = 0,
        steps: int = 0,
        tries: int = 0,
    ) -> None:
        self.set = prepared
        self.test: Cache = prepared.cache("test")
        few = len(self.test)
        counts = Counts(
            shapes=min(counts.shapes, few),
            samples=counts.samples,
            emd_shapes=counts.emd_shapes,
            moved=min(counts.moved, few),
            resolution=counts.resolution,
        )
        category = Category(prepared.category, CheckSet(lambda solid: solid, {}), Path(), {})
        super().__init__(engine, category, counts, seed, steps, tries)

    def clouds(self, split: str, count: int) -> FloatArray:
        """Surface points of the first shapes of a split, unit boxes, float32 [at most count, 2048, 3]."""
        if split not in self._clouds:
            self._clouds[split] = unit_box(self.set.cache(split).surface.float().numpy())
        return self._clouds[split][:count]

    @torch.inference_mode()
    def _encode(self, index: int) -> Encoded:
        row = index % len(self.test)
        surface = self.test.surface[row : row + 1, :POINTS].float()
        normals = self.test.normals[row : row + 1, :POINTS].float() / 127
        shape = self.shape_of(index, surface, normals)
        known = [*self.set.parts, *[""] * (256 - len(self.set.parts))]
        names = tuple(known[name] for name in self.test.surface_names[row].tolist())
        return Encoded(None, shape, surface[0].numpy(), names)


def measure_reconstruction(material: MeshMaterial) -> Result:
    """Reconstruct the test shapes of a set; see the module."""
    near, uniform, chamfers, scores = [], [], [], []
    empty = 0
    for index in range(material.counts.shapes):
        encoded = material.encoded(index)
        shape = encoded.shape
        field = DecodedField(material.engine.model.representation, shape.extrinsics, shape.intrinsics)
        predicted = field(material.test.points[index].float().numpy()) > 0
        truth = material.test.inside[index].numpy()
        both, either = predicted & truth, predicted | truth
        near.append(float(both[:NEAR].sum() / max(either[:NEAR].sum(), 1)))
        uniform.append(float(both[NEAR:].sum() / max(either[NEAR:].sum(), 1)))
        mesh = material.base_mesh(index)
        if mesh is None:
            empty += 1
            scores.append(0.0)
            continue
        to_mesh = distance_to_surface(encoded.points, mesh)
        to_truth = cKDTree(encoded.points).query(cloud(mesh, POINTS))[0]
        chamfers.append(float((to_mesh**2).mean() + (to_truth**2).mean()))
        limit = F_SCORE_SHARE * diagonal(encoded.points)
        recall, precision = float((to_mesh <= limit).mean()), float((to_truth <= limit).mean())
        both_ways = precision + recall
        scores.append(2 * precision * recall / both_ways if both_ways > 0 else 0.0)
    halves = np.add(near, uniform) / 2
    values: dict[str, float] = {
        "shapes": len(near),
        "iou": float(halves.mean()),
        "iou_near": mean(near),
        "iou_uniform": mean(uniform),
        "chamfer": mean(chamfers),
        "f_score": mean(scores),
        "empty": empty,
    }
    return Result(values, {"parts": slot_sheet(material)})
