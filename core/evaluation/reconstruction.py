"""How well shapes survive encode -> decode, measured on points whose truth is known."""

from __future__ import annotations

import numpy as np
import torch

from core.corpus.chairs import make_chair
from core.corpus.distance import pack
from core.corpus.sampling import sample
from core.models.part_namer import PartNamer
from core.models.representation import Representation
from core.pipelines.decode import DecodedField

SURFACE, NEAR, UNIFORM = 2048, 8192, 16384
"""Points per shape: read by the encoder (as in the editor), tested near the surface, tested anywhere."""


def reconstruction(
    model: Representation, namer: PartNamer, seeds: range, device: str = "cpu"
) -> dict[str, float]:
    """Mean and tail IoU over test chairs and how well surface points are named.

    Near-surface points are surface points with noise of sigma .02 and .06 (half each); uniform points fill
    the whole domain [-1, 1]^3; ``iou`` counts both kinds together, half of the weight each.

    Returns
    -------
    dict
        ``iou``, ``iou_near``, ``iou_uniform`` (means over shapes), ``iou_5th_percentile`` and
        ``name_accuracy``, the share of surface points whose part's name is the name of the primitive they
        lie on.
    """
    near, uniform, both, named = [], [], [], []
    for seed in seeds:
        generator = torch.Generator().manual_seed(seed)
        drawn = sample(pack([make_chair(seed)]), generator, surface=SURFACE, near=NEAR, uniform=UNIFORM)
        surface, normals = drawn.surface.to(device), drawn.normals.to(device)
        with torch.inference_mode():
            extrinsics, intrinsics = model.encoder(surface, normals)
            labels = namer(extrinsics, intrinsics)[0].argmax(-1).cpu().numpy()
        field = DecodedField(model, extrinsics[0].cpu().numpy(), intrinsics[0].cpu().numpy())
        predicted = field(drawn.points[0].numpy()) > 0
        truth = drawn.inside[0].numpy()
        intersection, union = predicted & truth, predicted | truth
        # Uniform points are weighed so that both kinds count alike.
        weight = np.where(np.arange(len(truth)) < NEAR, 1.0, NEAR / UNIFORM)
        near.append(intersection[:NEAR].sum() / max(union[:NEAR].sum(), 1))
        uniform.append(intersection[NEAR:].sum() / max(union[NEAR:].sum(), 1))
        both.append((weight * intersection).sum() / max((weight * union).sum(), 1e-9))
        rows = field.part_rows(drawn.surface[0].numpy())
        named.append(float((labels[rows] == drawn.surface_names[0].numpy()).mean()))
    return {
        "shapes": len(seeds),
        "iou": float(np.mean(both)),
        "iou_near": float(np.mean(near)),
        "iou_uniform": float(np.mean(uniform)),
        "iou_5th_percentile": float(np.percentile(both, 5)),
        "name_accuracy": float(np.mean(named)),
    }
