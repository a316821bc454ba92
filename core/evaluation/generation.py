"""Are samples without text like the corpus? MMD, COV and 1-NNA against test shapes.

2,048 surface points of every shape, its bounding box centred and its longest side scaled to 1; as many test
shapes as samples. ``*_cd`` use the Chamfer distance of all points, ``*_emd`` the exact earth mover's distance
of 256 points of the first `emd_shapes` shapes of each set (see `core.evaluation.distances.emd_matrix`).
``corpus_*`` are the same figures with training shapes of the corpus in place of samples: what a perfect model
would get.
"""

from __future__ import annotations

import numpy as np

from core.evaluation.distances import (
    EMD_POINTS,
    chamfer_matrix,
    coverage,
    emd_matrix,
    minimum_matching,
    nearest_neighbour_accuracy,
    unit_box,
)
from core.evaluation.material import POINTS, Material, Result
from core.evaluation.surfaces import cloud
from core.scene.shape import FloatArray


def measure(material: Material) -> Result:
    """Compare samples with test shapes, and training shapes with test shapes.

    Samples that came out empty have no points and are left out; ``empty`` says how many there are.
    """
    found = [candidate for candidate in material.samples if candidate is not None]
    values: dict[str, float] = {
        "samples": len(material.samples),
        "empty": len(material.samples) - len(found),
        "emd_shapes": min(material.counts.emd_shapes, len(found)),
        "emd_points": EMD_POINTS,
    }
    test, train = material.clouds("test", len(found)), material.clouds("train", len(found))
    # Sets of one size: a folder of meshes may have fewer test shapes than there are samples.
    compared = min(len(found), len(test), len(train))
    values |= {"compared": compared, "emd_shapes": min(material.counts.emd_shapes, compared)}
    if compared < 2:
        return Result(values)
    found, test, train = found[:compared], test[:compared], train[:compared]
    meshes = (material.mesh_of(candidate) for candidate in found)
    made = unit_box(np.stack([cloud(mesh, POINTS, index) for index, mesh in enumerate(meshes)]))
    values |= set_figures(made, test, material.counts.emd_shapes, material.device)
    corpus = set_figures(train, test, material.counts.emd_shapes, material.device)
    values |= {f"corpus_{name}": value for name, value in corpus.items()}
    return Result(values)


def set_figures(
    samples: FloatArray, references: FloatArray, emd_shapes: int, device: str = "cpu"
) -> dict[str, float]:
    """``mmd``, ``cov`` and ``nna`` (1-NNA), each with ``_cd`` and ``_emd``, of clouds [N, P, 3]."""
    values = {}
    for name in ("cd", "emd"):
        if name == "cd":
            within = chamfer_matrix(samples, device=device)
            between = chamfer_matrix(samples, references, device=device)
            among = chamfer_matrix(references, device=device)
        else:
            few, others = samples[:emd_shapes], references[:emd_shapes]
            within, between, among = emd_matrix(few), emd_matrix(few, others), emd_matrix(others)
        values[f"mmd_{name}"] = minimum_matching(between)
        values[f"cov_{name}"] = coverage(between)
        values[f"nna_{name}"] = nearest_neighbour_accuracy(within, between, among)
    return values
