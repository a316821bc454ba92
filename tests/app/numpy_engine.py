"""An engine without a network: it answers requests with plain geometry, so tests of the shell are fast.

It keeps the rules of the real one that the shell relies on: frozen inputs, progress, previews, `Cancelled`
within a step, refusals as `EditError`, everything not sampled bit-exact.
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.edits.job import EditError, Job, Preview
from core.edits.model_info import ModelInfo
from core.edits.requests import (
    CheckPrint,
    Compare,
    Complete,
    Decode,
    Encode,
    Export,
    Fit,
    Generate,
    Inspect,
    Measure,
    Mix,
    Refine,
    Request,
    Sampled,
    TextEdit,
    Vary,
)
from core.edits.results import (
    Agreement,
    Candidate,
    Candidates,
    Compared,
    Decoded,
    Encoded,
    Exported,
    Fitted,
    Inspected,
    Measured,
    PrintChecked,
    Result,
)
from core.scene.original import Original, Placement
from core.scene.shape import FloatArray, Mesh, Part, Shape
from core.scene.topology import is_watertight, pieces_of

LABELS = ("seat", "back", "leg", "leg", "arm", "arm")
CENTRES = ((0, 0, 0), (0, 0.5, -0.3), (0.3, -0.5, 0), (-0.3, -0.5, 0), (0.4, 0.2, 0), (-0.4, 0.2, 0))
WIDTH = 4
CHECKPOINT = "numpy-boxes"


VOCABULARY = ("four legs", "round arms", "swivel chair", "round back", "rounded corners")


def make_shape(seed: int = 0, shape_id: str = "s1", name: str = "Chair 1") -> Shape:
    """A chair of six Gaussians: seat, back, two twin legs, two twin arms."""
    rng = np.random.default_rng(seed)
    extrinsics = np.zeros((len(LABELS), 16), np.float32)
    extrinsics[:, :3] = CENTRES
    extrinsics[:, 3:12] = np.eye(3, dtype=np.float32).reshape(-1)
    extrinsics[:, 13:] = 0.01 * (1.0 + seed % 7)
    intrinsics = rng.standard_normal((len(LABELS), WIDTH)).astype(np.float32)
    parts = [Part(row, label, label, row) for row, label in enumerate(LABELS)]
    return Shape(shape_id, extrinsics, intrinsics, tuple(parts), name, CHECKPOINT)


def make_mesh(shape: Shape, resolution: int) -> Mesh:
    """One box per part, as large as its Gaussian's standard deviations."""
    corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float32)
    box = [(0, 1, 3), (0, 3, 2), (4, 6, 7), (4, 7, 5), (0, 4, 5), (0, 5, 1)]
    box += [(2, 3, 7), (2, 7, 6), (0, 2, 6), (0, 6, 4), (1, 5, 7), (1, 7, 3)]
    sizes = np.sqrt(shape.extrinsics[:, 13:16])[:, None, :]
    vertices = shape.extrinsics[:, None, :3] + corners * sizes
    normals = np.broadcast_to(corners / np.sqrt(3.0), vertices.shape)
    count = len(shape.parts)
    faces = (np.array(box)[None] + 8 * np.arange(count)[:, None, None]).reshape(-1, 3)
    rows = np.repeat(np.arange(count), len(box))
    return Mesh(vertices.reshape(-1, 3), normals.reshape(-1, 3), faces, rows)


def with_original(shape: Shape, path: str) -> Shape:
    """A shape that was made from a file."""
    return replace(shape, original=Original(path, "0" * 64, Placement()).remembering(shape))


def inspected(request: Inspect) -> Inspected:
    """A file that holds a box, twice as deep (y) as it is wide (x), with z up."""
    grid = np.random.default_rng(0).uniform(-1, 1, (4000, 3)) * (1.0, 2.0, 3.0)
    face = np.abs(grid / (1.0, 2.0, 3.0)).argmax(axis=1)
    normals = np.eye(3)[face] * np.sign(grid[np.arange(len(grid)), face])[:, None]
    points = np.where(np.eye(3)[face] > 0, np.sign(grid) * (1.0, 2.0, 3.0), grid)
    low, high = (-1.0, -2.0, -3.0), (1.0, 2.0, 3.0)
    return Inspected(
        request, Placement.fitting(low, high, "+z", "-y"), False, 1.0, False, low, high,
        points.astype(np.float32), normals.astype(np.float32), 12, False,
    )  # fmt: skip


def nearest(mesh: Mesh, other: Mesh) -> np.ndarray:
    """Distance of every corner of a mesh to the nearest corner of another one."""
    gaps = np.linalg.norm(mesh.vertices[:, None] - other.vertices[None], axis=2)
    return np.asarray(gaps.min(axis=1), np.float32)


class NumpyEngine:
    """Answers every request; `gate` closed holds a job inside its steps until it is opened or cancelled.

    `second_gate` closed holds a sampled request after its first candidate.
    """

    checkpoint_id = CHECKPOINT
    device_name = "cpu"
    labels = ("seat", "back", "leg", "arm")
    slot_count = 6

    @property
    def models(self) -> tuple[ModelInfo, ...]:
        shares = {"arm": (0.0, 0.0, 0.0, 0.0, 1.0, 1.0)}
        return (ModelInfo(self.checkpoint_id, "chair", self.labels, self.slot_count, shares, VOCABULARY),)

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.second_gate = threading.Event()
        self.second_gate.set()
        self.requests: list[Request] = []
        self.thread = threading.current_thread()
        self.torn = 0
        """Triangles missing from every surface that is checked for printing."""

    def run(self, request: Request, job: Job) -> Result:
        self.requests.append(request)
        for step in range(5):
            job.step("sample", step, 5)
            while not self.gate.wait(0.002):
                job.check()
        match request:
            case Decode(shape=shape, resolution=resolution):
                return Decoded(request, make_mesh(shape, resolution))
            case Encode(path=path):
                if not Path(path).exists():
                    raise EditError(f"{Path(path).name} cannot be read.")
                shape = replace(make_shape(3, "encoded"), name=Path(path).stem)
                shape = with_original(shape, path)
                return Encoded(request, shape, make_mesh(shape, 64), Agreement(0.8, 1e-3, 0.9))
            case Inspect(path=path):
                if not Path(path).exists():
                    raise EditError(f"{Path(path).name} cannot be read.")
                return inspected(request)
            case Fit(base=base):
                job.preview(Preview(base.extrinsics))
                moved = base.extrinsics + np.float32(0.01) * np.eye(1, 16, dtype=np.float32)
                shape = base.with_latents(moved, base.intrinsics, base.parts)
                before, after = Agreement(0.8, 1e-3, 0.9), Agreement(0.9, 1e-4, 0.95)
                return Fitted(request, shape, make_mesh(shape, 64), before, after)
            case Compare(base=base, mesh=mesh):
                original = make_mesh(base.subset(base.part_ids[:1]), 64)
                distances = np.linalg.norm(mesh.vertices - mesh.vertices[0], axis=1)
                return Compared(request, distances, original, np.zeros(len(original.vertices), np.float32))
            case Measure(mesh=mesh, before=before):
                return Measured(request, nearest(mesh, before), nearest(before, mesh))
            case Export(path=path, shapes=shapes):
                meshes = [make_mesh(shape, request.resolution) for shape in shapes]
                Path(path).write_text(f"# {len(meshes)} shapes\n")
                return Exported(request, path, sum(len(mesh.faces) for mesh in meshes), True)
            case CheckPrint(shape=shape):
                if not shape.parts:
                    raise EditError("There is nothing to check.")
                faces = make_mesh(shape, request.resolution).faces[self.torn :]
                return PrintChecked(request, is_watertight(faces), pieces_of(faces))
            case Sampled():
                return self._sample(request, job)
        raise EditError("This cannot be done.")

    def _sample(self, request: Sampled, job: Job) -> Candidates:
        items = []
        for index in range(request.count):
            seed = request.seed + index
            shape, changed = self._propose(request, seed)
            job.preview(Preview(shape.extrinsics, None, index))
            thumbnail = np.full((32, 32, 3), seed % 256, np.uint8)
            replay = tuple(_less_high(shape, share) for share in (0.2, 0.4, 0.6, 0.8))
            items.append(Candidate(shape, make_mesh(shape, 64), thumbnail, seed, changed, replay=replay))
            job.propose(index, items[-1])
            while not self.second_gate.wait(0.002):
                job.check()
        raw = None
        if isinstance(request, Mix) and request.strength > 0 and request.preview:
            asked = replace(request, strength=0.0, count=1)
            shape, changed = self._propose(asked, asked.seed)
            thumbnail = np.full((32, 32, 3), 128, np.uint8)
            raw = Candidates(asked, (Candidate(shape, make_mesh(shape, 64), thumbnail, asked.seed, changed),))
        return Candidates(request, tuple(items), raw)

    def _propose(self, request: Sampled, seed: int) -> tuple[Shape, tuple[int, ...]]:
        match request:
            case Generate(text="fail"):
                raise RuntimeError("the network is on fire")
            case Generate(text="impossible"):
                raise EditError("Nothing like that can be made. Use other words.")
            case Generate(text="huge"):
                raise MemoryError
            case Generate():
                return make_shape(seed, "candidate", "Chair"), ()
            case Mix(base=base, source=source, take=take, drop=drop, strength=strength):
                kept = base.subset(set(base.part_ids) - set(drop))
                rows = source.rows(take)
                noise = np.random.default_rng(seed).standard_normal((len(rows), WIDTH)).astype(np.float32)
                new = [replace(source.parts[row], id=base.next_part_id() + i) for i, row in enumerate(rows)]
                shape = kept.with_latents(
                    np.concatenate([kept.extrinsics, source.extrinsics[rows]]),
                    np.concatenate([kept.intrinsics, source.intrinsics[rows] + np.float32(strength) * noise]),
                    (*kept.parts, *new),
                )
                return shape, tuple(part.id for part in new)
            case Complete(base=base) | Vary(base=base) | Refine(base=base) | TextEdit(base=base):
                parts = request.parts or base.part_ids
                intrinsics = np.array(base.intrinsics)
                noise = np.random.default_rng(seed).standard_normal((len(parts), WIDTH))
                intrinsics[base.rows(parts)] = noise
                return base.with_latents(base.extrinsics, intrinsics, base.parts), tuple(parts)
        raise EditError("This cannot be done.")


def _less_high(shape: Shape, share: float) -> FloatArray:
    """The Gaussians of a shape on a share of their heights."""
    lower = np.array(shape.extrinsics)
    lower[:, 1] *= share
    lower.setflags(write=False)
    return lower


class SlowEngine(NumpyEngine):
    """Takes a while to load, like a real one."""

    def __init__(self) -> None:
        time.sleep(0.05)
        super().__init__()
