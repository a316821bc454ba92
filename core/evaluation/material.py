"""What the rows of the table share: counts, test shapes, encoded shapes, samples; each made once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from core.corpus import splits
from core.corpus.distance import pack
from core.corpus.program import PART_NAMES, Program
from core.corpus.sampling import sample
from core.edits.engine import Engine
from core.edits.job import EditError, Job
from core.edits.requests import Generate, Sampled
from core.edits.results import Candidate, Candidates
from core.evaluation.categories import Category
from core.evaluation.distances import unit_box
from core.evaluation.exact import clouds_of_programs, solid_of_program
from core.meshing.components import largest_share
from core.meshing.extract import extract_mesh
from core.meshing.solid import Solid, voxelised
from core.pipelines.decode import DecodedField, guide_points
from core.scene.shape import FloatArray, Mesh, Part, Shape

POINTS = 2048
"""Surface points of a cloud, and those the encoder reads (as in the editor)."""

BATCH = 8
"""Candidates asked for at once."""

WHOLE = 0.95
"""Share of the area that the largest piece of a connected shape holds."""

Item = TypeVar("Item")
Picture = NDArray[np.uint8]
Sheet = list[list[Picture]]
"""Rows of pictures of one size."""


@dataclass(frozen=True)
class Counts:
    """How much is measured.

    Attributes
    ----------
    shapes : test shapes for reconstruction and parts.
    samples : samples without text for generation and solidity, and as many shapes of the corpus.
    emd_shapes : how many of them for the earth mover's distance.
    completed, completions : shapes to complete, and completions of each.
    mixed : pairs of shapes to mix.
    strengths : refinement strengths of mixes; the first is 0 (raw), the second the one that is judged.
    real : shapes of the corpus whose features mixes are compared with.
    prompts, edits : prompts for whole shapes and for edits of parts; 0 = all.
    pool : test shapes among which an edit finds one that lacks what it asks for.
    shown : seeds of each prompt that is shown in pictures.
    moved : shapes of which parts are moved.
    checked : shapes of the corpus that checks are measured on.
    imported, fitted : meshes to bring in, and how many of them to fit and export.
    resolution : cells per side of surfaces.
    """

    shapes: int = 500
    samples: int = 1000
    emd_shapes: int = 100
    completed: int = 30
    completions: int = 10
    mixed: int = 40
    strengths: tuple[float, ...] = (0.0, 0.1, 0.05, 0.2, 0.4)
    real: int = 500
    prompts: int = 0
    edits: int = 0
    pool: int = 40
    shown: int = 8
    moved: int = 50
    checked: int = 1000
    imported: int = 48
    fitted: int = 12
    resolution: int = 128


FULL = Counts()
QUICK = Counts(
    shapes=8,
    samples=24,
    emd_shapes=16,
    completed=1,
    completions=3,
    mixed=3,
    strengths=(0.0, 0.1),
    real=64,
    prompts=16,
    edits=8,
    pool=8,
    shown=1,
    moved=3,
    checked=60,
    imported=3,
    fitted=1,
    resolution=64,
)
"""Every row in a few minutes on two processor cores; far too few for figures worth quoting."""
MEDIUM = Counts(
    shapes=64,
    samples=48,
    emd_shapes=32,
    completed=2,
    completions=4,
    mixed=8,
    strengths=(0.0, 0.1),
    real=128,
    prompts=48,
    edits=24,
    pool=24,
    shown=2,
    moved=8,
    checked=200,
    imported=24,
    fitted=6,
)
"""A quarter of an hour on two cores; shares are good to a tenth or so."""


@dataclass(frozen=True)
class Result:
    """Figures of one row of the table, and pictures by file name."""

    values: dict[str, float]
    sheets: dict[str, Sheet] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Encoded:
    """A test shape as the model took it in: surface points [N, 3] and the true part name of each.

    It has no `program` if it was a mesh.
    """

    program: Program | None
    shape: Shape
    points: FloatArray
    names: tuple[str, ...]


class Material:
    """An engine, a category and everything that is made of them for the measurements.

    Parameters
    ----------
    engine : Engine
    category : Category
    counts : Counts
    seed : int
        First seed of everything that is sampled.
    steps : int
        Denoising steps per phase, 0 = the checkpoint's own.
    tries : int
        Times a broken proposal is sampled; 0 = as in the editor, 1 = what the model says at once.
    """

    def __init__(
        self,
        engine: Engine,
        category: Category,
        counts: Counts = FULL,
        seed: int = 0,
        steps: int = 0,
        tries: int = 0,
    ) -> None:
        self.engine = engine
        self.category = category
        self.counts = counts
        self.seed = seed
        self.steps = steps
        self.tries = tries
        self._encoded: dict[int, Encoded] = {}
        self._answers: list[dict[str, bool]] = []
        self._clouds: dict[str, FloatArray] = {}
        self._meshes: dict[int, Mesh | None] = {}

    @property
    def device(self) -> str:
        return str(self.engine.device)

    # The corpus

    def programs(self, split: splits.Split, count: int) -> list[Program]:
        """The first programs of a split."""
        return [self.category.make(seed) for seed in splits.seeds(split, count)]

    def clouds(self, split: splits.Split, count: int) -> FloatArray:
        """Surface points of the first programs of a split, unit boxes, float32 [count, 2048, 3]."""
        if split not in self._clouds or len(self._clouds[split]) < count:
            self._clouds[split] = unit_box(clouds_of_programs(self.programs(split, count), POINTS))
        return self._clouds[split][:count]

    def answers(self, count: int) -> list[dict[str, bool]]:
        """What all checks answer of the first test shapes, exactly as the corpus has them."""
        for program in self.programs("test", count)[len(self._answers) :]:
            self._answers.append(self.category.checks.answers(solid_of_program(program)))
        return self._answers[:count]

    def encoded(self, index: int) -> Encoded:
        """The index-th test shape, encoded from surface points as a mesh file is."""
        if index not in self._encoded:
            self._encoded[index] = self._encode(index)
        return self._encoded[index]

    @torch.inference_mode()
    def _encode(self, index: int) -> Encoded:
        program = self.category.make(splits.seeds("test", 1, index)[0])
        generator = torch.Generator().manual_seed(program.seed)
        drawn = sample(pack([program]), generator, surface=POINTS, near=1, uniform=1)
        shape = self.shape_of(index, drawn.surface, drawn.normals)
        names = tuple(PART_NAMES[name] for name in drawn.surface_names[0].tolist())
        return Encoded(program, shape, drawn.surface[0].numpy(), names)

    def shape_of(self, index: int, points: torch.Tensor, normals: torch.Tensor) -> Shape:
        """Encode surface points [1, N, 3] with normals [1, N, 3] as the index-th test shape.

        Raises
        ------
        EditError
            If the model has no part encoder or names no parts.
        """
        engine, device = self.engine, self.engine.device
        encoder, namer = engine.model.encoder, engine.model.part_namer
        if encoder is None or namer is None:
            raise EditError(
                f"{engine.model.id} has no part encoder or names no parts: it cannot be evaluated. "
                "Evaluate a model that was trained here."
            )
        extrinsics, intrinsics = encoder(points.to(device), normals.to(device))
        labels = [engine.labels[row] for row in namer(extrinsics, intrinsics)[0].argmax(-1).tolist()]
        return Shape(
            id=f"test-{index}",
            extrinsics=extrinsics[0].cpu().numpy(),
            intrinsics=intrinsics[0].cpu().numpy(),
            parts=tuple(Part(slot, label, label, slot) for slot, label in enumerate(labels)),
            checkpoint=engine.checkpoint_id,
        )

    # The model

    def decode(self, shape: Shape) -> Mesh | None:
        """Surface without crumbs, as the editor shows it; None if the shape is empty."""
        try:
            return self.engine.decode(shape, self.counts.resolution, Job())
        except EditError:
            return None

    def decode_everything(self, shape: Shape) -> Mesh | None:
        """Surface with all its crumbs; None if the shape is empty."""
        surface = DecodedField(self.engine.model.representation, shape.extrinsics, shape.intrinsics)
        try:
            return extract_mesh(surface, self.counts.resolution, Job(), guide_points(shape.extrinsics))
        except EditError:
            return None

    def base_mesh(self, index: int) -> Mesh | None:
        """Surface of the index-th encoded test shape."""
        if index not in self._meshes:
            self._meshes[index] = self.decode(self.encoded(index).shape)
        return self._meshes[index]

    def propose(self, request: Sampled) -> list[Candidate | None]:
        """Run a request through the engine; None stands for a candidate that came out empty."""
        request = replace(request, steps=self.steps or request.steps, tries=self.tries or request.tries)
        try:
            result = self.engine.run(request, Job())
        except EditError:
            if request.count == 1:
                return [None]
            alone = [replace(request, count=1, seed=request.seed + index) for index in range(request.count)]
            return [self.propose(one)[0] for one in alone]
        assert isinstance(result, Candidates)
        return list(result.items)

    def mesh_of(self, candidate: Candidate) -> Mesh:
        """Surface of a candidate: the one it came with where that is fine enough."""
        if self.counts.resolution <= candidate.resolution:
            return candidate.mesh
        return self.engine.decode(candidate.shape, self.counts.resolution, Job())

    @cached_property
    def samples(self) -> list[Candidate | None]:
        """Samples without text, with the engine's default settings."""
        found: list[Candidate | None] = []
        for first in range(0, self.counts.samples, BATCH):
            count = min(BATCH, self.counts.samples - first)
            found += self.propose(Generate(count=count, seed=self.seed + first, preview=False))
        return found


def connected(mesh: Mesh | None) -> bool:
    """Whether one piece holds at least 95 % of the surface."""
    return mesh is not None and largest_share(mesh) >= WHOLE


def solid_of(mesh: Mesh | None) -> Solid:
    """Cells inside a surface; an empty solid for none."""
    return voxelised(mesh) if mesh is not None else Solid(np.zeros((32, 32, 32), bool))


def in_rows(pictures: Sequence[Picture], columns: int = 8) -> Sheet:
    """Pictures in rows of so many columns; the last row may be shorter."""
    return [list(pictures[first : first + columns]) for first in range(0, len(pictures), columns)]


def evenly(items: Sequence[Item], count: int) -> list[Item]:
    """`count` items spread over a list; all of them for 0."""
    if not 0 < count < len(items):
        return list(items)
    return [items[index * len(items) // count] for index in range(count)]


def mean(values: Sequence[float]) -> float:
    """Mean, nan of nothing."""
    return float(np.mean(values)) if len(values) else float("nan")


Measure = Callable[[Material], Result]
