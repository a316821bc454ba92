"""A shape's parts as an occupancy field that can be sampled anywhere."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from core.checkpoints.device import fast_type
from core.models.gaussian_head import local_maps, log_likelihoods, squared_distances
from core.models.representation import Decoder
from core.models.shape_occupancy import ShapeOccupancy
from core.scene.gaussians import axes
from core.scene.shape import CENTRE, EIGENVALUES, FloatArray, IntArray

BLOCK = 4096
"""Points per forward pass: activations stay in the caches."""
REACH = 4.0
"""Deviations from every part beyond which no surface is looked for; the samples lie within 2.6 of one."""
HALO = 0.05
"""How far parts are blurred for that, domain units: a surface is more deviations away from a thin part."""


class DecodedField:
    """Occupancy of one shape behind the representation (a `core.meshing.field.Field`).

    Parameters
    ----------
    representation : Decoder
    extrinsics : float32 [P, 16]
    intrinsics : float32 [P, D]
    block : int
        Points per forward pass; the logits of a point do not depend on it.
    """

    @torch.inference_mode()
    def __init__(
        self, representation: Decoder, extrinsics: FloatArray, intrinsics: FloatArray, block: int = BLOCK
    ) -> None:
        self._block = block
        self._device = next(representation.parameters()).device
        self._extrinsics = torch.from_numpy(np.array(extrinsics))[None].to(self._device)
        latents = torch.from_numpy(np.array(intrinsics))[None].to(self._device)
        self._local = representation.occupancy.local_heads > 0
        tokens = representation.mixing(latents, self._extrinsics)[0]
        kind = fast_type(self._device) or torch.float32
        self._occupancy = ShapeOccupancy(representation.occupancy, tokens, self._extrinsics[0], kind)

    @torch.inference_mode()
    def __call__(self, points: FloatArray) -> FloatArray:
        """Logits [N] at points [N, 3] in the shape's frame, positive inside."""
        located = torch.from_numpy(np.array(points, np.float32))
        blocks = [self._occupancy(block.to(self._device)).cpu() for block in located.split(self._block)]
        return torch.cat(blocks).numpy()

    @torch.inference_mode()
    def reach(self, points: FloatArray) -> NDArray[np.bool_]:
        """Whether a part is near enough to each point [N, 3] for its surface to be there."""
        if not self._local:
            return np.ones(len(points), bool)
        blurred = torch.cat((self._extrinsics[..., :13], self._extrinsics[..., 13:] + HALO**2), -1)
        located = torch.from_numpy(np.array(points, np.float32))[None].to(self._device)
        squares = squared_distances(local_maps(blurred), located)[0]
        return (squares.amin(-1) < REACH**2).cpu().numpy()

    @torch.inference_mode()
    def part_rows(self, points: FloatArray) -> IntArray:
        """Row [N] of the part whose Gaussian most likely made each point [N, 3]."""
        located = torch.from_numpy(np.array(points, np.float32))[None].to(self._device)
        return log_likelihoods(self._extrinsics, located)[0].argmax(-1).int().cpu().numpy()


def guide_points(extrinsics: FloatArray) -> FloatArray:
    """Points on the main plane of every Gaussian, where parts thinner than a coarse cell may lie; [G, 3]."""
    deviations = np.sqrt(extrinsics[:, EIGENVALUES])
    order = np.argsort(-deviations, axis=1)[:, :2]
    rows = np.arange(len(extrinsics))[:, None]
    spans = axes(extrinsics)[rows, order] * deviations[rows, order][..., None]  # [P, 2, 3]
    along = np.linspace(-2.0, 2.0, 17)[:, None, None, None]
    across = np.linspace(-1.5, 1.5, 5)[None, :, None, None]
    points = extrinsics[:, CENTRE] + along * spans[:, 0] + across * spans[:, 1]
    return np.clip(points.reshape(-1, 3), -1.0, 1.0).astype(np.float32)
