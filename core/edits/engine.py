"""The engine: the only door between requests and models. Runs on the worker thread or headless."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from core.checkpoints.catalog import Models
from core.checkpoints.device import choose_device
from core.checkpoints.loading import Checkpoint, CheckpointError
from core.edits.job import EditError, Job, Preview
from core.edits.model_info import ModelInfo
from core.edits.preparation import Prepared, merged, prepare
from core.edits.requests import (
    MAX_SEED,
    Candidate,
    Candidates,
    Complete,
    Decode,
    Decoded,
    Encode,
    Encoded,
    Export,
    Exported,
    Generate,
    Mix,
    Refine,
    Request,
    Result,
    Sampled,
    TextEdit,
    Vary,
)
from core.edits.words import parts_meant
from core.meshing.export import write_mesh
from core.meshing.extract import extract_mesh
from core.meshing.raycast import render
from core.meshing.surface_samples import read_surface
from core.models.text_encoder import SentenceTokens, TextModelError
from core.pipelines.decode import DecodedField, guide_points
from core.pipelines.edit_parts import EditPartsPipeline
from core.pipelines.generate import GeneratePipeline
from core.pipelines.guidance import Guidance, TextContext
from core.pipelines.sampling import Noise, OnStep, Parts
from core.scene.shape import FloatArray, Mesh, Part, Shape

DRAFT_RESOLUTION = 64
PREVIEW_RESOLUTION = 32
DEFAULT_STEPS = 40
DEFAULT_RESAMPLE = 2
MAX_COUNT = 64
CRUMB_SHARE = 0.005
"""Floating pieces with less than this share of the area are not part of the shape."""
THUMBNAIL_SIZE = (160, 160)
ENCODED_POINTS = 2048
CORES = torch.get_num_threads()
"""Threads that torch would use by itself: one per core, or what OMP_NUM_THREADS says."""

Edit = Complete | Mix | Vary | Refine | TextEdit


class Engine:
    """Loads a checkpoint and runs requests with it.

    Parameters
    ----------
    checkpoint : Path, optional
        A checkpoint folder; the shipped chair model if none.
    device : str
        "auto", "cpu" or "cuda".
    spare_core : bool
        Leave one core of the processor to others (a window). Counts for the calling thread.

    Raises
    ------
    CheckpointError
        If the checkpoint or the device cannot be used.
    """

    def __init__(
        self, checkpoint: Path | None = None, device: str = "auto", spare_core: bool = False
    ) -> None:
        if spare_core:
            torch.set_num_threads(max(1, CORES - 1))
        self.device = choose_device(device)
        self._models = Models(checkpoint, str(self.device))
        self.model: Checkpoint = self._models.default
        self._sentences: SentenceTokens | None = None

    @property
    def checkpoint_id(self) -> str:
        """Id of the model of the running request, else of the default one."""
        return self.model.id

    @property
    def models(self) -> tuple[ModelInfo, ...]:
        """All models at hand, the default one first."""
        return self._models.infos

    @property
    def device_name(self) -> str:
        if self.device.type == "cuda":
            return torch.cuda.get_device_name(self.device)
        return f"CPU, {torch.get_num_threads()} of {os.cpu_count()} cores"

    @property
    def labels(self) -> tuple[str, ...]:
        return self.model.labels

    @property
    def slot_count(self) -> int:
        return self.model.slot_count

    def run(self, request: Request, job: Job) -> Result:
        """Answer one request.

        Raises
        ------
        Cancelled
            If the job was asked to stop; nothing was changed or left behind.
        EditError
            If the request cannot be answered; the message says what to do.
        """
        job.check()
        try:
            self.model = self._models.get(request.checkpoint)
        except CheckpointError as error:
            raise EditError(str(error)) from None
        try:
            return self._answer(request, job)
        finally:
            self.model = self._models.default

    def _answer(self, request: Request, job: Job) -> Result:
        match request:
            case Generate() | Complete() | Mix() | Vary() | Refine() | TextEdit():
                return self._sample(request, job)
            case Decode():
                return Decoded(request, self.decode(request.shape, request.resolution, job, request.near))
            case Encode():
                return self._encode(request, job)
            case Export():
                return self._export(request, job)
        raise TypeError(f"no such request: {type(request).__name__}")

    # Surfaces

    def decode(self, shape: Shape, resolution: int, job: Job, near: Mesh | None = None) -> Mesh:
        """Surface of a shape without floating crumbs (raises EditError if it is empty).

        With the surface of nearly the same shape, only `near` it and along its Gaussians.
        """
        if not shape.parts:
            raise EditError(f"{shape.name} has no parts left. Undo, or complete it.")
        self._check_width(shape)
        field = DecodedField(self.model.representation, shape.extrinsics, shape.intrinsics)
        guide = guide_points(shape.extrinsics)
        return extract_mesh(
            field,
            resolution,
            job,
            # Beside a known surface every tenth point along the parts will do.
            guide if near is None else guide[::10],
            near=None if near is None else near.vertices,
            drop_below=CRUMB_SHARE,
        )

    def _check_width(self, shape: Shape) -> None:
        width = self.model.representation.encoder.intrinsic_dim
        if shape.intrinsics.shape[1] != width:
            raise EditError(
                f"{shape.name} was made with another model ({shape.checkpoint or 'unknown'}). "
                "Load that model to see its surface."
            )

    # Sampled edits

    def _sample(self, request: Sampled, job: Job) -> Candidates:
        if not 1 <= request.count <= MAX_COUNT:
            raise EditError(f"Ask for 1 to {MAX_COUNT} candidates, not {request.count}.")
        if not 0 <= request.seed <= MAX_SEED:
            raise EditError(f"The seed must lie between 0 and {MAX_SEED}.")
        seeds = [(request.seed + index) % (MAX_SEED + 1) for index in range(request.count)]
        usual = self.model.card.get("steps", DEFAULT_STEPS)
        if isinstance(request, Generate):
            usual = self.model.card.get("generate_steps", usual)
        steps = request.steps or int(usual)
        text = getattr(request, "text", "").strip()
        if isinstance(request, TextEdit) and not text:
            raise EditError("There are no words to edit by. Describe what the parts should become.")
        job.step("reading the words" if text else "starting", 0, 1)
        guidance = Guidance(self.model, self._context(text), request.guidance)
        noise = Noise(seeds, self.device)
        job.span(0.02, 0.6)
        if isinstance(request, Generate):
            shapes = self._generate(request, guidance, noise, seeds, steps, job)
            edited = [np.ones(len(shape.parts), bool) for shape in shapes]
        else:
            assert isinstance(request, Edit)
            named = request
            if isinstance(request, TextEdit) and not request.parts:
                meant = parts_meant(
                    request.base, text, self._models.info(self.model).slot_shares, self.labels
                )
                if not meant:
                    raise EditError(
                        f"The words name no part of {request.base.name}. Choose the parts to change."
                    )
                named = replace(request, parts=meant)
            prepared = prepare(named, self.slot_count, self.model.representation.encoder.intrinsic_dim)
            shapes = self._edit(request, prepared, guidance, noise, seeds, steps, job)
            edited = [prepared.edit] * len(shapes)
        items = []
        for index, (shape, edit, seed) in enumerate(zip(shapes, edited, seeds, strict=True)):
            job.span(0.6 + 0.4 * index / len(shapes), 0.6 + 0.4 * (index + 1) / len(shapes))
            mesh = self.decode(shape, DRAFT_RESOLUTION, job)
            changed = tuple(part.id for part, flag in zip(shape.parts, edit, strict=True) if flag)
            picture = render([mesh], [shape], size=THUMBNAIL_SIZE)
            items.append(Candidate(shape, mesh, picture, seed, changed))
        return Candidates(request, tuple(items))

    def _context(self, text: str) -> TextContext:
        adapter = self.model.text_adapter
        empty = adapter.absent(1)
        if not text:
            return TextContext(empty, empty, guided=False)
        try:
            if self._sentences is None:
                self._sentences = SentenceTokens(self.device)
        except TextModelError as error:
            raise EditError(str(error)) from None
        with torch.inference_mode():
            features, mask = self._sentences.encode([text])
            return TextContext(adapter(features, mask), empty, guided=True)

    def _generate(
        self, request: Generate, guidance: Guidance, noise: Noise, seeds: list[int], steps: int, job: Job
    ) -> list[Shape]:
        pipeline = GeneratePipeline(self.model)
        on_step = self._watch(job, request.preview, None)
        parts = pipeline(guidance, noise, request.count, steps, on_step)
        labels = self._labels(parts)
        shapes = []
        for row, seed in enumerate(seeds):
            origin = f'generate "{request.text}" seed {seed}' if request.text else f"generate seed {seed}"
            extrinsics, intrinsics = parts.extrinsics[row].cpu().numpy(), parts.intrinsics[row].cpu().numpy()
            if not (np.isfinite(extrinsics).all() and np.isfinite(intrinsics).all()):
                raise EditError("The model returned numbers that are not finite. Try another seed.")
            records = [
                Part(id=slot, label=label, name=label, slot=slot, origin=origin)
                for slot, label in enumerate(labels[row])
            ]
            category = str(self.model.card.get("category", "shape")).capitalize()
            shapes.append(
                Shape(
                    id="candidate",
                    extrinsics=extrinsics,
                    intrinsics=intrinsics,
                    parts=tuple(records),
                    name=category,
                    checkpoint=self.checkpoint_id,
                    origin=origin,
                )
            )
        return shapes

    def _edit(
        self,
        request: Edit,
        prepared: Prepared,
        guidance: Guidance,
        noise: Noise,
        seeds: list[int],
        steps: int,
        job: Job,
    ) -> list[Shape]:
        if prepared.strength == 0.0:  # a raw mix: nothing is sampled
            return [prepared.shape] * len(seeds)
        given = self._parts(prepared.shape, len(seeds))
        edit = torch.from_numpy(prepared.edit).to(self.device)
        on_step = self._watch(job, request.preview, prepared)
        resample = getattr(request, "resample", 0) or DEFAULT_RESAMPLE
        pipeline = EditPartsPipeline(self.model)
        parts = pipeline(guidance, noise, given, edit, prepared.strength, steps, resample, on_step)
        labels = self._labels(parts)
        verb = type(request).__name__.lower()
        return [
            merged(
                prepared,
                parts.extrinsics[row].cpu().numpy(),
                parts.intrinsics[row].cpu().numpy(),
                labels[row],
                f"{verb} seed {seed}",
            )
            for row, seed in enumerate(seeds)
        ]

    def _parts(self, shape: Shape, count: int) -> Parts:
        def batch(values: FloatArray) -> torch.Tensor:
            return torch.from_numpy(np.array(values)).to(self.device).expand(count, -1, -1)

        # Slots beyond the model's (a mix with a larger model's parts) are unknown to it.
        slots = [part.slot if part.slot < self.slot_count else -1 for part in shape.parts]
        return Parts(
            batch(shape.extrinsics),
            batch(shape.intrinsics),
            torch.tensor(slots, device=self.device).expand(count, -1),
        )

    @torch.inference_mode()
    def _labels(self, parts: Parts) -> list[list[str]]:
        rows = self.model.part_namer(parts.extrinsics, parts.intrinsics).argmax(-1)
        return [[self.labels[label] for label in row] for row in rows.tolist()]

    def _watch(self, job: Job, preview: bool, prepared: Prepared | None) -> OnStep:
        """Progress and previews of a sampling loop: ellipsoids each step, one coarse surface on the way."""
        normalisation = self.model.normalisation
        state: dict[str, FloatArray] = {}

        def given(name: str, sampled: FloatArray) -> FloatArray:
            if prepared is None:
                return sampled
            kept = prepared.shape.extrinsics if name == "gaussians" else prepared.shape.intrinsics
            return np.where(prepared.edit[:, None], sampled, kept)

        def on_step(stage: str, done: int, total: int, estimate: torch.Tensor) -> None:
            start = 0 if stage == "gaussians" else total
            job.step(stage, start + done, 2 * total)
            if not preview or not bool(torch.isfinite(estimate[0]).all()):
                return
            if stage == "gaussians":
                extrinsics = normalisation.decode_extrinsics(estimate[:1])[0].cpu().numpy()
                state["extrinsics"] = given(stage, extrinsics).astype(np.float32)
                job.preview(Preview(state["extrinsics"]))
            elif done == (total + 1) // 2:
                latents = normalisation.decode_intrinsics(estimate[:1])[0].cpu().numpy()
                intrinsics = given(stage, latents).astype(np.float32)
                field = DecodedField(self.model.representation, state["extrinsics"], intrinsics)
                quiet = Job()
                try:
                    mesh = extract_mesh(field, PREVIEW_RESOLUTION, quiet)
                except EditError:
                    return  # an unfinished shape may be empty
                job.preview(Preview(state["extrinsics"], mesh))

        return on_step

    # Files

    def _encode(self, request: Encode, job: Job) -> Encoded:
        job.step("reading the mesh", 0, 3)
        points, normals = read_surface(Path(request.path), ENCODED_POINTS, request.seed)
        job.step("finding parts", 1, 3)
        located, directions = (torch.from_numpy(values)[None].to(self.device) for values in (points, normals))
        with torch.inference_mode():
            extrinsics, intrinsics = self.model.representation.encoder(located, directions)
            slots = torch.arange(self.slot_count, device=self.device)[None]
            labels = self._labels(Parts(extrinsics, intrinsics, slots))[0]
        name = Path(request.path).stem[:60] or "Mesh"
        origin = f"encode {Path(request.path).name}"
        shape = Shape(
            id="candidate",
            extrinsics=extrinsics[0].cpu().numpy(),
            intrinsics=intrinsics[0].cpu().numpy(),
            parts=tuple(
                Part(id=slot, label=label, name=label, slot=slot, origin=origin)
                for slot, label in enumerate(labels)
            ),
            name=name,
            checkpoint=self.checkpoint_id,
            origin=origin,
        )
        job.span(0.4, 1.0)
        return Encoded(request, shape, self.decode(shape, DRAFT_RESOLUTION, job))

    def _export(self, request: Export, job: Job) -> Exported:
        if not request.shapes:
            raise EditError("There is nothing to export. Select a shape first.")
        meshes = []
        for index, shape in enumerate(request.shapes):
            job.span(0.9 * index / len(request.shapes), 0.9 * (index + 1) / len(request.shapes))
            meshes.append(self.decode(shape, request.resolution, job))
        job.span(0.9, 1.0)
        job.step("writing the file", 0, 1)
        faces, watertight = write_mesh(Path(request.path), meshes, request.shapes)
        return Exported(request, request.path, faces, watertight)
