"""From an occupancy field to a labelled, watertight mesh, coarse to fine."""

from __future__ import annotations

import numpy as np

from core.edits.job import EditError, Job
from core.meshing.components import drop_crumbs
from core.meshing.field import Field
from core.meshing.marching_cubes import march
from core.meshing.sparse_grid import Reach, SparseGrid
from core.meshing.surface import face_neighbours, smooth_normals, taubin_smooth, without_speckle
from core.scene.shape import FloatArray, IntArray, Mesh

MIN_RESOLUTION = 32
SAMPLE_BLOCK = 8192
"""Points per call of the field: the longest a job runs between two chances to cancel."""
STAGE = "mesh"


def levels(resolution: int) -> list[int]:
    """Resolutions a surface is refined through, e.g. 128 -> [32, 64, 128]; the first is at least 32.

    Raises
    ------
    ValueError
        If `resolution` is below 32.
    """
    if resolution < MIN_RESOLUTION:
        raise ValueError(f"resolution must be at least {MIN_RESOLUTION}, not {resolution}")
    found = [resolution]
    while found[0] % 2 == 0 and found[0] // 2 >= MIN_RESOLUTION:
        found.insert(0, found[0] // 2)
    return found


def extract_mesh(
    field: Field,
    resolution: int,
    job: Job,
    guide: FloatArray | None = None,
    *,
    near: FloatArray | None = None,
    reach: Reach | None = None,
    drop_below: float = 0.0,
    smooth: int = 0,
) -> Mesh:
    """Closed surface of a field over [-1, 1]^3, with smooth normals and a part for every face.

    The coarsest grid (at least 32^3 cells) is evaluated everywhere within `reach`, finer ones only in cells
    that the surface passes, comes near to, or may pass unseen (close to `guide`); from there the surface is
    followed wherever it leads, so it is never cut. What reaches the border of the domain is closed there.

    Parameters
    ----------
    field : Field
    resolution : int
        Cells per side, at least 32; meant for 32, 64, 128 and 256.
    job : Job
        Gets ``step("mesh", done, total)`` (in percent of a level) for every block of samples.
    guide : float32 [G, 3], optional
        Points where parts thinner than a coarse cell may be, e.g. along the axes of thin Gaussians.
    near : float32 [G, 3], optional
        Points of a surface much like this one (of the frame before). Only pieces that pass through a cell of
        one of them, or of a guide point, are found: several times faster, for drafts.
    reach : callable, optional
        Whether something may be near each of some points [N, 3]; default: everywhere. Pieces that lie wholly
        elsewhere are not found.
    drop_below : float
        Remove connected pieces that hold less than this share of the area; 0 keeps everything.
    smooth : int
        Rounds of Taubin smoothing.

    Raises
    ------
    EditError
        If nothing is inside, or the field returns numbers that are not finite.
    Cancelled
        If the job was asked to stop.
    ValueError
        If the resolution is below 32.
    """
    steps = levels(resolution) if near is None else [resolution]
    sampler = _Sampler(field, job, len(steps) + 1)
    grid = SparseGrid(steps[0], sampler)
    if near is None:
        cells = grid.sample(grid.all_cells() if reach is None else grid.cells_within(reach))
    else:
        cells = grid.sample(grid.cells_at(near if guide is None else np.concatenate([near, guide])))
    for level in range(1, len(steps)):
        fine = grid.finer()
        sampler.begin(level)
        crossed = grid.crossed(cells)
        if level == 1:
            likely, possible = grid.near_misses(guide)
            sure = grid.children(np.concatenate([crossed, likely]), fine).ravel()
            wanted = np.union1d(sure, grid.probe(possible, fine))
        else:
            hidden = grid.children(grid.unresolved(cells, crossed, guide), fine).ravel()
            wanted = np.concatenate([grid.crossed_children(crossed, fine), hidden])
        grid, cells = fine, fine.sample(wanted)
    crossed = grid.crossed(cells)
    if not len(crossed) and not (near is None and reach is None):
        return extract_mesh(field, resolution, job, guide, drop_below=drop_below, smooth=smooth)
    if not len(crossed):
        raise EditError("The shape is empty: nothing is inside its surface. Undo, or try another seed.")
    # In grid order the mesh does not depend on the way the cells were found.
    vertices, faces, _ = march(grid.values, np.sort(crossed), resolution)
    vertices = taubin_smooth(vertices, faces, smooth)
    mesh = Mesh(vertices, smooth_normals(vertices, faces), faces, np.zeros(len(faces), np.int32))
    if drop_below > 0:
        mesh = drop_crumbs(mesh, drop_below)
    sampler.begin(len(steps))
    parts = without_speckle(sampler.part_rows(mesh), face_neighbours(mesh.faces))
    return Mesh(mesh.vertices, mesh.normals, mesh.faces, parts)


class _Sampler:
    """Evaluates a field block by block, reports each, and refuses what is not finite."""

    def __init__(self, field: Field, job: Job, level_count: int) -> None:
        self._field = field
        self._job = job
        self._level_count = level_count
        self.begin(0)

    def begin(self, level: int) -> None:
        """Count the following blocks towards this level."""
        self._level = level
        self._following = False

    def _report(self, done: int, total: int) -> None:
        # Samples taken while following the surface come on top of a level's own and cannot be foreseen.
        share = 1.0 if self._following else min(done / total, 1.0)
        self._job.step(STAGE, round(100 * (self._level + share)), 100 * self._level_count)

    def __call__(self, points: FloatArray) -> FloatArray:
        """Logits [N] of points [N, 3]."""
        logits = np.empty(len(points), np.float32)
        for start in range(0, len(points), SAMPLE_BLOCK):
            block = slice(start, start + SAMPLE_BLOCK)
            logits[block] = self._field(points[block])
            if not np.isfinite(logits[block]).all():
                raise EditError("The model returned numbers that are not finite. Undo, or try another seed.")
            self._report(start + SAMPLE_BLOCK, len(points))
        self._following = True
        return logits

    def part_rows(self, mesh: Mesh) -> IntArray:
        """Part rows [F] at the faces' centres."""
        centres = mesh.vertices[mesh.faces].mean(axis=1, dtype=np.float32)
        rows = np.empty(len(centres), np.int32)
        for start in range(0, len(centres), SAMPLE_BLOCK):
            block = slice(start, start + SAMPLE_BLOCK)
            rows[block] = self._field.part_rows(centres[block])
            self._report(start + SAMPLE_BLOCK, len(centres))
        return rows
