"""Meshes of other programs, as a person brings them in: which way up, how near, and out again.

The first test shapes become mesh files: surfaces of their distance fields at 64 cells per side, turned by one
of the 24 rotations along the axes, in a size between 0.01 and 100, off the origin, every vertex moved by
noise of 0.2 % of the size.

* ``found``: share whose up and front are found. A rotation counts if the shape cannot tell: when what is
  inside of the shape as it was placed and as it stands overlap by an IoU of 0.9 or more (a square table has
  four fronts). ``up`` asks the same of the best of the four turns about the vertical axis; ``literal`` for up
  and front to the letter. ``find_seconds`` is the time the search takes, reading included.
* ``fit_*``: overlap, Chamfer distance and F-score of the encoded shape with its file before and after a fit
  with the editor's settings, means over the first shapes, and seconds.
* ``closed``: share of exports that are one closed surface, when all parts of one name are moved by 0.05 and
  everything else is cut from the file; ``kept``: share of the file's vertices outside of the moved parts'
  place that are there to the last bit; ``step``: where the file was cut, how far the surface of the patch is
  from the file's, median and (``step_95``) 95th percentile, in domain units (a shape is 1.8 long);
  ``step_unblended``: of the model's surface there.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
import trimesh

from core.corpus import splits
from core.corpus.distance import pack, signed_distance
from core.corpus.program import Program
from core.edits.from_meshes import likelihoods
from core.edits.job import Job
from core.edits.requests import Encode, Fit, Inspect
from core.edits.results import Encoded, Fitted, Inspected
from core.evaluation.material import Material, Result, mean
from core.meshing.cutting import Border
from core.meshing.extract import extract_mesh
from core.meshing.surface_distance import SurfaceDistance
from core.pipelines.stand import ORIENTATIONS
from core.scene.original import HALF_EXTENT, Placement
from core.scene.shape import CENTRE, FloatArray, IntArray, Mesh, Shape
from core.scene.topology import is_watertight, unique_edges

RESOLUTION = 64
NOISE = 0.002
SAME = 0.9
"""IoU from which on two ways to stand are the same."""
POINTS = 20_000
MOVE = 0.05


class ProgramField:
    """A program's distance as a field, in the frame in which its box is centred and fits the domain."""

    def __init__(self, program: Program) -> None:
        self._batch = pack([program])
        self._centre, self._half = np.zeros(3), HALF_EXTENT
        mesh = extract_mesh(self, RESOLUTION, Job())
        low, high = mesh.vertices.min(axis=0), mesh.vertices.max(axis=0)
        self._centre, self._half = (low + high) / 2, float((high - low).max()) / 2

    def __call__(self, points: FloatArray) -> FloatArray:
        there = (points * (self._half / HALF_EXTENT) + self._centre).astype(np.float32)
        with torch.inference_mode():
            distances, _ = signed_distance(self._batch, torch.from_numpy(there)[None])
        found: FloatArray = -distances[0].numpy()
        return found

    def part_rows(self, points: FloatArray) -> IntArray:
        return np.zeros(len(points), np.int32)


def measure(material: Material) -> Result:
    """Import, fit and export the first test shapes; see the module."""
    figures: dict[str, list[float]] = {}

    def note(name: str, value: float | None) -> None:
        figures.setdefault(name, []).append(float("nan") if value is None else value)

    with TemporaryDirectory() as folder:
        for index in range(material.counts.imported):
            program = material.category.make(splits.seeds("test", 1, index)[0])
            field = ProgramField(program)
            rng = np.random.default_rng([material.seed, index])
            mesh = extract_mesh(field, RESOLUTION, Job())
            truth = _placement(rng)
            path = Path(folder) / f"{index}.ply"
            _write(mesh, truth, path, rng)
            begun = time.monotonic()
            inspected = material.engine.run(Inspect(path=str(path)), Job())
            note("find_seconds", time.monotonic() - begun)
            assert isinstance(inspected, Inspected)
            same = overlaps(field, truth, inspected.placement)
            note("found", same[0] >= SAME)
            note("up", max(same) >= SAME)
            found = inspected.placement
            note("literal", (found.up, found.front) == (truth.up, truth.front))
            if index < material.counts.fitted:
                _fit_and_export(material, path, truth, note)
    values = {name: mean([v for v in found if not np.isnan(v)]) for name, found in figures.items()}
    return Result({"shapes": material.counts.imported, **values})


def _placement(rng: np.random.Generator) -> Placement:
    """How a file in some pose and size is to be placed."""
    up, front = ORIENTATIONS[rng.integers(len(ORIENTATIONS))]
    scale = float(10.0 ** rng.uniform(-2.0, 2.0))
    centre = rng.uniform(-3.0, 3.0, 3) / scale
    x, y, z = centre.tolist()
    return Placement(up, front, (x, y, z), scale)


def _write(mesh: Mesh, truth: Placement, path: Path, rng: np.random.Generator) -> None:
    """The mesh file that stands as the mesh does when it is placed so."""
    noisy = mesh.vertices + NOISE * rng.standard_normal(mesh.vertices.shape)
    trimesh.Trimesh(truth.to_file(noisy), mesh.faces, process=False).export(path)


def overlaps(field: ProgramField, truth: Placement, found: Placement) -> list[float]:
    """IoU of a shape as it stands with itself as it was placed, at once and after further quarter turns."""
    points = np.random.default_rng(0).uniform(-1.0, 1.0, (POINTS, 3))
    inside = field(points.astype(np.float32)) > 0
    found_iou = []
    for quarter in range(4):
        angle = quarter * np.pi / 2
        turn = np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]])
        back = truth.rotation @ found.rotation.T @ turn.T
        other = field((points @ back.T).astype(np.float32)) > 0
        found_iou.append(float((inside & other).sum() / max((inside | other).sum(), 1)))
    return found_iou


def _fit_and_export(
    material: Material, path: Path, truth: Placement, note: Callable[[str, float | None], None]
) -> None:
    """Fit a shape to its file, then move parts and cut the rest from the file."""
    engine = material.engine
    encoded = engine.run(Encode(path=str(path), placement=truth), Job())
    assert isinstance(encoded, Encoded)
    begun = time.monotonic()
    fitted = engine.run(Fit(base=encoded.shape, preview=False), Job())
    note("fit_seconds", time.monotonic() - begun)
    assert isinstance(fitted, Fitted)
    for when, agreement in (("before", fitted.before), ("after", fitted.after)):
        note(f"fit_iou_{when}", agreement.iou)
        note(f"fit_chamfer_{when}", agreement.chamfer)
        note(f"fit_f_score_{when}", agreement.f_score)
    shape = _with_moved_parts(fitted.shape)
    original = shape.original
    assert original is not None
    mesh = material.decode(shape)
    if mesh is None:
        note("closed", 0.0)
        return
    begun = time.monotonic()
    joined = engine.from_meshes.cut(shape, mesh, material.counts.resolution, Job())
    note("cut_seconds", time.monotonic() - begun)
    note("closed", is_watertight(joined.mesh.faces))
    placed = engine.from_meshes.original_of(shape)
    gone = ~np.isin(original.part_ids, original.unedited(shape))
    border = Border((likelihoods(original.extrinsics), gone))
    margins = border(placed.vertices.astype(np.float32))
    same = border(joined.mesh.vertices[joined.exact.rows]) < 0
    note("kept", int(same.sum()) / max(int((margins < 0).sum()), 1))
    edges, _ = unique_edges(placed.faces.astype(np.int32))
    one, other = edges[(margins[edges] > 0).sum(axis=1) == 1].T
    patch = joined.mesh.faces[~joined.own]
    if not len(one) or not len(patch):
        return
    share = (margins[one] / (margins[one] - margins[other]))[:, None]
    rim = placed.vertices[one] + share * (placed.vertices[other] - placed.vertices[one])
    off = SurfaceDistance(joined.mesh.vertices, patch)(rim)
    note("step", float(np.median(off)))
    note("step_95", float(np.quantile(off, 0.95)))
    note("step_unblended", float(np.median(SurfaceDistance(mesh.vertices, mesh.faces)(rim))))


def _with_moved_parts(shape: Shape) -> Shape:
    """All parts of one name, that of about four parts, moved up a little."""
    names = sorted({part.label for part in shape.parts})
    name = min(names, key=lambda name: abs(sum(part.label == name for part in shape.parts) - 4))
    gaussians = np.array(shape.extrinsics)
    rows = [row for row, part in enumerate(shape.parts) if part.label == name]
    gaussians[rows, CENTRE.start + 1] += MOVE
    return shape.with_latents(gaussians, shape.intrinsics, shape.parts)
