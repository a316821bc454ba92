"""The engine: the only door between requests and models. Runs on the worker thread or headless."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import torch

from core.checkpoints.catalog import Models
from core.checkpoints.device import choose_device
from core.checkpoints.loading import Checkpoint, CheckpointError
from core.edits import memory
from core.edits.borrowed_names import borrowed_names
from core.edits.from_meshes import FromMeshes
from core.edits.job import EditError, Job
from core.edits.model_files import answer_about_models
from core.edits.model_info import ModelInfo
from core.edits.requests import (
    Browse,
    CheckPrint,
    Compare,
    Complete,
    Decode,
    Encode,
    Export,
    Fit,
    Generate,
    ImportModels,
    Inspect,
    Measure,
    Mix,
    Refine,
    Request,
    TextEdit,
    Vary,
)
from core.edits.results import Decoded, Exported, Measured, PrintChecked, Result
from core.edits.sampler import Sampler
from core.edits.search import Means
from core.loading_for_good import loading_for_good
from core.meshing.export import Exact, write_mesh
from core.meshing.extract import extract_mesh
from core.meshing.placing import placed_for_export
from core.meshing.surface_distance import SurfaceDistance
from core.models.text_encoder import SentenceTokens
from core.pipelines.decode import DecodedField, guide_points
from core.scene.shape import FloatArray, Mesh, Shape
from core.scene.topology import is_watertight, pieces_of

log = logging.getLogger(__name__)

DRAFT_RESOLUTION = 64
CANDIDATE_RESOLUTION = 128
CRUMB_SHARE = 0.005
"""Floating pieces with less than this share of the area are not part of the shape."""
CORES = torch.get_num_threads()
"""Threads that torch would use by itself: one per core, or what OMP_NUM_THREADS says."""


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
    resolution : int
        Cells per side of the surfaces of candidates. They are judged by them: legs too thin for a coarse
        grid would count as broken. An accepted candidate needs no other surface.

    Raises
    ------
    CheckpointError
        If the checkpoint or the device cannot be used.
    """

    def __init__(
        self,
        checkpoint: Path | None = None,
        device: str = "auto",
        spare_core: bool = False,
        resolution: int = CANDIDATE_RESOLUTION,
    ) -> None:
        if spare_core:
            torch.set_num_threads(max(1, CORES - 1))
        self.device = choose_device(device)
        self._models = Models(checkpoint, str(self.device))
        self.model: Checkpoint = self._models.default
        self.resolution = resolution
        self._sentences: SentenceTokens | None = None
        self.from_meshes = FromMeshes(self)
        self._folder = checkpoint
        self._portion = memory.USUAL
        self._processor: Engine | None = None

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
            If the request cannot be answered; the message says what to do. Where memory runs out it is first
            tried again in smaller pieces (see `core.edits.memory`), and at last on the processor.
        """
        job.check()
        for portion in (memory.USUAL, *memory.SMALLER):
            if portion is not memory.USUAL:
                self._tell(job, memory.told(request, portion))
            self._portion = portion
            try:
                return self._run(request, job)
            except Exception as error:
                if not memory.is_lacking(error):
                    raise
                log.warning("memory ran out", exc_info=True)
            finally:
                self._portion = memory.USUAL
            # Outside `except`, or the traceback would keep what the failed run had allocated alive.
            self.from_meshes.forget()
            memory.give_back(self.device)
        if self.device.type == "cuda":
            return self._on_processor(request, job)
        raise EditError(memory.refusal(request))

    def _on_processor(self, request: Request, job: Job) -> Result:
        """Answer where there is more memory; the next request is tried on the graphics card again."""
        self._tell(job, "The graphics card has not enough memory for this. It is done on the processor.")
        if self._processor is None:
            self._processor = Engine(self._folder, "cpu", resolution=self.resolution)
        return self._processor.run(request, job)

    def _tell(self, job: Job, text: str) -> None:
        job.span(0.0, 1.0)
        job.step("starting again", 0, 1)
        job.note(text)

    def _run(self, request: Request, job: Job) -> Result:
        self.model = self._model(request.checkpoint)
        try:
            return self._answer(request, job)
        finally:
            self.model = self._models.default

    def _answer(self, request: Request, job: Job) -> Result:
        match request:
            case Generate() | Complete() | Mix() | Vary() | Refine() | TextEdit():
                return self._sampler().run(request, job)
            case Decode():
                return Decoded(request, self.decode(request.shape, request.resolution, job, request.near))
            case Inspect():
                return self.from_meshes.inspect(request, job)
            case Encode():
                return self.from_meshes.encode(request, job)
            case Fit():
                return self.from_meshes.fit(request, job)
            case Compare():
                return self.from_meshes.compare(request, job)
            case Measure():
                return _measured(request, job)
            case Export():
                return self._export(request, job)
            case CheckPrint():
                return self._check_print(request, job)
            case ImportModels() | Browse():
                return answer_about_models(request, job, self._models, self.model)
        raise TypeError(f"no such request: {type(request).__name__}")

    # Surfaces

    def decode(self, shape: Shape, resolution: int, job: Job, near: Mesh | None = None) -> Mesh:
        """Surface of a shape without floating crumbs (raises EditError if it is empty).

        With the surface of nearly the same shape, only `near` it and along its Gaussians.
        """
        if not shape.parts:
            raise EditError(f"{shape.name} has no parts left. Undo, or complete it.")
        self.check_width(shape)
        field = self.field(shape.extrinsics, shape.intrinsics)
        guide = guide_points(shape.extrinsics)
        return extract_mesh(
            field,
            resolution,
            job,
            # Beside a known surface every tenth point along the parts will do.
            guide if near is None else guide[::10],
            near=None if near is None else near.vertices,
            reach=field.reach,
            drop_below=CRUMB_SHARE,
        )

    def field(self, extrinsics: FloatArray, intrinsics: FloatArray) -> DecodedField:
        """What the parts of a shape, [P, 16] and [P, D], are the surface of."""
        return DecodedField(self.model.representation, extrinsics, intrinsics, self._portion.points)

    def check_width(self, shape: Shape) -> None:
        """Raise EditError if the latents of a shape are not those of the running request's model."""
        width = self.model.intrinsic_dim
        if shape.intrinsics.shape[1] != width:
            raise EditError(
                f"{shape.name} was made with another model ({shape.checkpoint or 'unknown'}). "
                "Load that model to see its surface."
            )

    def sentences(self) -> SentenceTokens:
        """The frozen sentence model, loaded when it is first needed (raises TextModelError)."""
        if self._sentences is None:
            with loading_for_good():
                self._sentences = SentenceTokens(self.device)
        return self._sentences

    def _model(self, checkpoint_id: str) -> Checkpoint:
        try:
            return self._models.get(checkpoint_id)
        except CheckpointError as error:
            raise EditError(str(error)) from None

    def _sampler(self) -> Sampler:
        def surface(shape: Shape, job: Job) -> Mesh:
            return self.decode(shape, self.resolution, job)

        def names(shape: Shape, mesh: Mesh) -> list[str]:
            assert namer is not None
            return borrowed_names(shape, mesh, namer)

        info = self._models.info(self.model)
        try:
            namer = self._models.namer_for(self.model)
        except CheckpointError as error:
            log.warning("parts get no names: %s", error)
            namer = None
        means = Means(self.model, info, self.device, self._portion, surface)
        return Sampler(means, self.sentences, self.resolution, names if namer else None)

    # Files

    def _written(self, shape: Shape, request: Export | CheckPrint, job: Job) -> tuple[Mesh, Exact | None]:
        """The surface of a shape as it goes into a file, and what of it is another file's own."""
        mesh = self.decode(shape, request.resolution, job)
        if request.keep_original and shape.original is not None:
            joined = self.from_meshes.cut(shape, mesh, request.resolution, job)
            return joined.mesh, joined.exact
        return mesh, None

    def _check_print(self, request: CheckPrint, job: Job) -> PrintChecked:
        job.span(0.0, 0.9)
        faces = self._written(request.shape, request, job)[0].faces
        job.span(0.9, 1.0)
        job.step("looking for holes", 0, 1)
        return PrintChecked(request, is_watertight(faces), pieces_of(faces))

    def _export(self, request: Export, job: Job) -> Exported:
        if not request.shapes:
            raise EditError("There is nothing to export. Select a shape first.")
        meshes: list[Mesh] = []
        exact: dict[int, Exact] = {}
        for index, shape in enumerate(request.shapes):
            job.span(0.9 * index / len(request.shapes), 0.9 * (index + 1) / len(request.shapes))
            # A scene may hold shapes of several models.
            self.model = self._model(request.checkpoint or shape.checkpoint)
            mesh, own = self._written(shape, request, job)
            if own is not None:
                exact[index] = own
            meshes.append(mesh)
        job.span(0.9, 1.0)
        job.step("writing the file", 0, 1)
        shapes = list(request.shapes)
        if not request.original_frame:
            meshes, shapes = placed_for_export(meshes, shapes, request.size, request.z_up, request.on_floor)
        faces, watertight = write_mesh(Path(request.path), meshes, shapes, request.original_frame, exact)
        return Exported(request, request.path, faces, watertight)


def _measured(request: Measure, job: Job) -> Measured:
    """Distances between two surfaces, both ways."""
    mesh, before = request.mesh, request.before
    if not len(mesh.faces) or not len(before.faces):
        raise EditError("One of the surfaces is empty: there is nothing to measure.")
    job.step("measuring distances", 0, 2)
    distances = SurfaceDistance(before.vertices, before.faces)(mesh.vertices)
    job.step("measuring distances", 1, 2)
    return Measured(request, distances, SurfaceDistance(mesh.vertices, mesh.faces)(before.vertices))
