"""How well shapes survive encode -> decode, measured against their exact distance fields.

* ``iou_near``, ``iou_uniform``: intersection over union on points near the surface (noise of sigma 0.02 and
  0.06, half each) and on points anywhere in the domain (Mescheder et al. 2019); ``iou`` counts both kinds
  together, half of the weight each.
* ``chamfer``: squared Chamfer distance, domain units; from surface points of each to the exact surface of the
  other, so that it has no floor from sampling.
* ``f_score``: harmonic mean of the shares of surface points of either that lie within 1 % of the diagonal of
  the true shape's bounding box from the other (Tatarchenko et al. 2019).
"""

from __future__ import annotations

import numpy as np
import torch

from core.corpus.distance import pack, signed_distance
from core.corpus.program import Program
from core.corpus.sampling import sample
from core.evaluation.material import Encoded, Material, Result, Sheet, in_rows, mean
from core.evaluation.surfaces import cloud, diagonal, distance_to_surface
from core.meshing.raycast import render
from core.pipelines.decode import DecodedField
from core.scene.shape import FloatArray, Mesh, Shape

SURFACE, NEAR, UNIFORM = 4096, 8192, 16384
"""Test points per shape: on the surface, near it, anywhere; the encoder has not seen them."""

F_SCORE_SHARE = 0.01
SHOWN = 32
PICTURE = (160, 160)


def measure(material: Material) -> Result:
    """Reconstruct test shapes: three kinds of ``iou`` and a percentile, ``chamfer``, ``f_score``.

    A shape that comes back empty counts 0 towards the F-score and is left out of ``chamfer``; ``empty`` says
    how many there are.
    """
    near: list[float] = []
    uniform: list[float] = []
    both: list[float] = []
    chamfers: list[float] = []
    scores: list[float] = []
    empty = 0
    for index in range(material.counts.shapes):
        encoded = material.encoded(index)
        assert encoded.program is not None
        generator = torch.Generator().manual_seed(encoded.program.seed + 1)
        drawn = sample(pack([encoded.program]), generator, surface=SURFACE, near=NEAR, uniform=UNIFORM)
        figures = _overlap(material, encoded, drawn.points[0].numpy(), drawn.inside[0].numpy())
        for found, value in zip((near, uniform, both), figures, strict=True):
            found.append(value)
        mesh = material.base_mesh(index)
        if mesh is None:
            empty += 1
            scores.append(0.0)
            continue
        chamfer, score = _surface_error(encoded.program, drawn.surface[0].numpy(), mesh)
        chamfers.append(chamfer)
        scores.append(score)
    values: dict[str, float] = {
        "shapes": len(both),
        "iou": mean(both),
        "iou_near": mean(near),
        "iou_uniform": mean(uniform),
        "iou_5th_percentile": float(np.percentile(both, 5)),
        "chamfer": mean(chamfers),
        "f_score": mean(scores),
        "empty": empty,
    }
    return Result(values, {"parts": slot_sheet(material)})


def _overlap(
    material: Material, encoded: Encoded, points: FloatArray, truth: np.ndarray
) -> tuple[float, float, float]:
    """IoU on near points, on uniform points, and on both with half of the weight each."""
    shape = encoded.shape
    field = DecodedField(material.engine.model.representation, shape.extrinsics, shape.intrinsics)
    predicted = field(points) > 0
    intersection, union = predicted & truth, predicted | truth
    weight = np.where(np.arange(len(truth)) < NEAR, 1.0, NEAR / UNIFORM)
    return (
        float(intersection[:NEAR].sum() / max(union[:NEAR].sum(), 1)),
        float(intersection[NEAR:].sum() / max(union[NEAR:].sum(), 1)),
        float((weight * intersection).sum() / max((weight * union).sum(), 1e-9)),
    )


def _surface_error(program: Program, surface: FloatArray, mesh: Mesh) -> tuple[float, float]:
    """Chamfer distance and F-score of a mesh."""
    points = torch.from_numpy(cloud(mesh, SURFACE))
    to_truth = signed_distance(pack([program]), points[None])[0][0].abs().numpy()
    to_mesh = distance_to_surface(surface, mesh)
    limit = F_SCORE_SHARE * diagonal(surface)
    precision, recall = float((to_truth <= limit).mean()), float((to_mesh <= limit).mean())
    score = 2 * precision * recall / (precision + recall) if precision + recall > 0 else 0.0
    return float((to_truth**2).mean() + (to_mesh**2).mean()), score


def slot_colors(shape: Shape) -> FloatArray:
    """One of 16 distinct colours per slot, float32 [P, 3]."""
    wheel = np.array(
        [
            (0.12, 0.47, 0.71), (0.68, 0.78, 0.91), (1.00, 0.50, 0.05), (1.00, 0.73, 0.47),
            (0.17, 0.63, 0.17), (0.60, 0.87, 0.54), (0.84, 0.15, 0.16), (1.00, 0.60, 0.59),
            (0.58, 0.40, 0.74), (0.77, 0.69, 0.84), (0.55, 0.34, 0.29), (0.77, 0.61, 0.58),
            (0.89, 0.47, 0.76), (0.97, 0.71, 0.82), (0.50, 0.50, 0.50), (0.74, 0.74, 0.13),
        ],
        np.float32,
    )  # fmt: skip
    return wheel[[part.slot % len(wheel) for part in shape.parts]]


def slot_sheet(material: Material) -> Sheet:
    """Reconstructed test shapes, one colour per slot."""
    pictures = []
    for index in range(min(SHOWN, material.counts.shapes)):
        mesh, shape = material.base_mesh(index), material.encoded(index).shape
        if mesh is not None:
            pictures.append(render([mesh], [shape], size=PICTURE, colors=[slot_colors(shape)]))
    return in_rows(pictures)
