"""Names for the parts of a model that names none: what a model of the same category calls the surface there.

The surface is encoded by the other model, as a mesh file is. Its parts own the points of the surface and have
names; a part is called what most of the points are that it owns itself.
"""

from __future__ import annotations

import numpy as np
import torch

from core.checkpoints.loading import Checkpoint
from core.meshing.surface_distance import sample_triangles
from core.models.gaussian_head import log_likelihoods
from core.models.part_encoder import ENCODED_POINTS
from core.pipelines.stand import CONVENTION_BONUS, StandPipeline
from core.scene.original import Placement
from core.scene.shape import CENTRE, Mesh, Shape

ASIDE = 0.02
"""Points this far from the surface, to both sides, tell how well the other model understands it."""
FRONTS = ("+z", "+x", "-z", "-x")
"""Up is up in all models; where the front is may differ."""


@torch.inference_mode()
def borrowed_names(shape: Shape, mesh: Mesh, model: Checkpoint) -> list[str]:
    """A name for every part of a shape.

    Parameters
    ----------
    shape : Shape
    mesh : Mesh
        Its surface.
    model : Checkpoint
        Of the same category, with an encoder and names.
    """
    assert model.encoder is not None
    assert model.part_namer is not None
    device = next(model.encoder.parameters()).device
    rng = np.random.default_rng(0)
    points, normals, faces = sample_triangles(mesh.vertices, mesh.faces, ENCODED_POINTS, rng)
    centred = Placement.fitting(points.min(axis=0), points.max(axis=0)).to_shape(points)
    aside = np.concatenate([centred - ASIDE * normals, centred + ASIDE * normals])
    surface, directions, asked = (
        torch.from_numpy(values.astype(np.float32)).to(device) for values in (centred, normals, aside)
    )
    inside = torch.arange(len(aside), device=device) < len(points)
    turns = (
        torch.from_numpy(np.stack([Placement("+y", front).rotation for front in FRONTS])).float().to(device)
    )
    scores = StandPipeline(model.encoder, model.representation)(turns, surface, directions, asked, inside)
    scores[0] += CONVENTION_BONUS
    turn = turns[int(scores.argmax())].T
    extrinsics, intrinsics = model.encoder((surface @ turn)[None], (directions @ turn)[None])
    labels = model.part_namer(extrinsics, intrinsics)[0].argmax(-1)
    owners = log_likelihoods(extrinsics, (surface @ turn)[None])[0].argmax(-1)
    named = labels[owners].cpu().numpy()
    rows = mesh.face_parts[faces]
    names = []
    for row in range(len(shape.parts)):
        within = named[rows == row]
        if len(within):
            found = np.bincount(within).argmax()
        else:  # a part inside of others is called what is nearest to it
            found = named[((points - shape.extrinsics[row, CENTRE]) ** 2).sum(axis=1).argmin()]
        names.append(model.labels[found])
    return names
