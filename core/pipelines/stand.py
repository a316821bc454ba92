"""Which way up? The orientation in which the model understands a mesh best.

A mesh file does not say where up and front are. Of all 24 ways to stand along the axes, the one is taken in
which encoding and decoding gives the mesh back best: chairs that lie on their backs are none the model knows.
"""

from __future__ import annotations

import torch
from torch import Tensor

from core.models.part_encoder import PartEncoder
from core.models.representation import Decoder
from core.scene.original import DIRECTIONS

CONVENTION_BONUS = 0.02
"""How much worse, in agreement, a way to stand may be if it is the one that the file's format prescribes."""

ORIENTATIONS = tuple((up, front) for up in DIRECTIONS for front in DIRECTIONS if up[1] != front[1])


class StandPipeline:
    """Scores the ways a mesh can stand."""

    def __init__(self, encoder: PartEncoder, decoder: Decoder) -> None:
        self.encoder = encoder
        self.decoder = decoder

    @torch.inference_mode()
    def __call__(
        self, rotations: Tensor, surface: Tensor, normals: Tensor, points: Tensor, inside: Tensor
    ) -> Tensor:
        """Agreement [R] of what comes back with the mesh, per rotation, in [0, 1].

        Parameters
        ----------
        rotations : Tensor [R, 3, 3]
        surface, normals : Tensor [N, 3]
            Of the centred and scaled mesh, in any orientation.
        points : Tensor [M, 3]
            Labelled points in the same frame, and whether they are `inside`, bool [M].
        """
        scores = []
        for rotation in rotations.split(4):
            turn = rotation.transpose(1, 2)
            turned, directed, asked = surface @ turn, normals @ turn, points @ turn
            extrinsics, intrinsics = self.encoder(turned, directed)
            found = self.decoder.decode(asked, extrinsics, intrinsics) > 0
            overlap = (found & inside).sum(1)
            scores.append(overlap / (found | inside).sum(1).clamp_min(1))
        return torch.cat(scores)
