"""Shapes of the corpus without any network: exact solids and clouds of surface points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from core.corpus.distance import pack, signed_distance
from core.corpus.program import Program
from core.corpus.sampling import sample
from core.meshing.solid import CELLS, Solid
from core.scene.shape import FloatArray

_COARSEST = 16


def solid_of_program(program: Program, cells: int = CELLS) -> Solid:
    """Cells whose centres lie inside a program, coarse to fine.

    A cube whose centre is further from the surface than its corner is decided as a whole; `cells` must be 16
    times a power of two.
    """
    batch = pack([program])
    count = _COARSEST
    inside = np.zeros((count,) * 3, bool)
    open_cells = np.indices(inside.shape).reshape(3, -1).T
    children = np.indices((2, 2, 2)).reshape(3, -1).T
    while True:
        centres = torch.from_numpy(((open_cells + 0.5) * (2.0 / count) - 1.0).astype(np.float32))
        with torch.inference_mode():
            distance = signed_distance(batch, centres[None])[0][0].numpy()
        inside[tuple(open_cells.T)] = distance < 0
        if count == cells:
            return Solid(inside)
        crossed = open_cells[np.abs(distance) < np.sqrt(3.0) / count]
        open_cells = (2 * crossed[:, None] + children).reshape(-1, 3)
        inside = inside.repeat(2, 0).repeat(2, 1).repeat(2, 2)
        count *= 2


def clouds_of_programs(programs: Sequence[Program], points: int) -> FloatArray:
    """Area-uniform surface points of programs, float32 [S, points, 3]; they depend on each seed only."""
    clouds = np.empty((len(programs), points, 3), np.float32)
    for index, program in enumerate(programs):
        generator = torch.Generator().manual_seed(program.seed)
        drawn = sample(pack([program]), generator, surface=points, near=1, uniform=1)
        clouds[index] = drawn.surface[0].numpy()
    return clouds
