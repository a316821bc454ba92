"""The editor: a gesture or command becomes a request or an instant edit; a result is offered or dropped.

Everything the window can do to a scene is a method here (instant edits: `app.instant_edits`). Methods refuse
in words (`message_posted`) and never raise for what a person can cause.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypedDict, Unpack

from PySide6.QtCore import QObject, Signal, Slot

from app.blend_edits import BlendEdits
from app.document import Document
from app.edit_titles import job_title
from app.engines import EngineInfo
from app.surfaces import DRAFT_RESOLUTION, FINAL_RESOLUTION
from app.worker import EditWorker
from core.edits import proposals
from core.edits.calls import call, request_call
from core.edits.proposals import Sampling
from core.edits.requests import Browse, Encode, Export, Fit, ImportModels, Request, Sampled
from core.edits.results import Candidates, Encoded, Exported, ImportedModels
from core.scene.selection import Selection
from core.scene.shape import Shape


@dataclass(frozen=True)
class TakeSource:
    """What the Mix panel takes from: a shape of the scene and some of its parts."""

    shape_id: str
    parts: frozenset[int] = frozenset()


class Placing(TypedDict):
    """Units, axes and floor of an `Export`."""

    size: float
    z_up: bool
    on_floor: bool


class Editor(BlendEdits):
    """Commands on the document, and what comes back from the worker.

    Signals
    -------
    mesh_changed(shape_id), drag_mesh_changed(shape_id, mesh, shape)
        See `app.surfaces.Surfaces`.
    candidate_arrived(Sampled, int, Candidate)
        One candidate of a request, with its place among them, as soon as it is finished.
    candidates_arrived(Candidates)
        All of a request have arrived. Nothing has changed in the scene.
    preview_changed(Preview or None)
        Unfinished result of the running sampled job, at `preview_place`.
    take_source_changed(TakeSource or None)
    """

    mesh_changed = Signal(str)
    drag_mesh_changed = Signal(str, object, object)
    candidate_arrived = Signal(object, int, object)
    candidates_arrived = Signal(object)
    preview_changed = Signal(object)
    take_source_changed = Signal(object)

    def __init__(self, document: Document, worker: EditWorker, parent: QObject | None = None) -> None:
        super().__init__(document, worker, parent)
        self.surfaces.mesh_changed.connect(self.mesh_changed)
        self.surfaces.drag_mesh_changed.connect(self.drag_mesh_changed)
        self.preview_place: tuple[float, float, float] = (0.0, 0.0, 0.0)
        self._take_source: TakeSource | None = None
        self._last_failure = ""
        self._arrived: dict[int, set[object]] = {}
        worker.engine_ready.connect(self._on_engine_ready)
        worker.engine_failed.connect(self._on_engine_failed)
        worker.job_previewed.connect(self._on_job_previewed)
        worker.job_proposed.connect(self._on_job_proposed)
        worker.job_noted.connect(self._on_job_noted)
        worker.job_finished.connect(self._on_job_finished)
        worker.job_cancelled.connect(self._on_job_cancelled)
        worker.job_failed.connect(self._on_job_failed)

    @property
    def take_source(self) -> TakeSource | None:
        """Where Mix takes parts from."""
        return self._take_source

    @take_source.setter
    def take_source(self, source: TakeSource | None) -> None:
        if source != self._take_source:
            self._take_source = source
            self.take_source_changed.emit(source)

    # --- sampled edits: the result lands in the gallery -----------------------------------------------
    # All return the job id, or None when refused. `parts` are ids of the active shape and default to the
    # selected ones with their twins.

    def generate(self, text: str = "", checkpoint: str = "", **sampling: Unpack[Sampling]) -> int | None:
        """Propose new shapes of a model ("" = the default one)."""
        return self._sample(lambda: proposals.generate_request(text, checkpoint, sampling))

    def complete(
        self,
        parts: Collection[int] | None = None,
        text: str = "",
        resample: int = 0,
        **sampling: Unpack[Sampling],
    ) -> int | None:
        """Propose new parts in place of `parts`; with none, of hidden parts, else of the ones deleted."""
        return self._sample(
            lambda: proposals.complete_request(*self._on(parts), text, resample, self.worker.info, sampling)
        )

    def mix(
        self,
        source_shape_id: str,
        take: Collection[int],
        drop: Collection[int] | None = None,
        strength: float = 0.1,
        **sampling: Unpack[Sampling],
    ) -> int | None:
        """Propose the active shape with parts of another; `drop` defaults to the parts labelled alike."""
        return self._sample(
            lambda: proposals.mix_request(
                self._shape(None), self._shape(source_shape_id), take, drop, strength, sampling
            )
        )

    def vary(
        self, strength: float = 0.25, parts: Collection[int] | None = None, **sampling: Unpack[Sampling]
    ) -> int | None:
        """Propose variations of `parts`; with none, of all unlocked parts."""
        return self._sample(lambda: proposals.vary_request(*self._on(parts), strength, sampling))

    def refine(
        self, strength: float = 0.05, parts: Collection[int] | None = None, **sampling: Unpack[Sampling]
    ) -> int | None:
        """Propose the active shape with mended joints; with no parts, of all unlocked parts."""
        return self._sample(lambda: proposals.refine_request(*self._on(parts), strength, sampling))

    def text_edit(
        self,
        text: str,
        strength: float = 1.0,
        parts: Collection[int] | None = None,
        **sampling: Unpack[Sampling],
    ) -> int | None:
        """Propose `parts` changed so that the shape fits the words; with none, those the words speak of."""
        return self._sample(
            lambda: proposals.text_request(*self._on(parts), text, strength, self.worker.info, sampling)
        )

    # --- files ----------------------------------------------------------------------------------------

    def encode(self, path: Path | str) -> int:
        """Bring a mesh file in as an editable shape (added to the scene when it is done)."""
        request = Encode(path=str(path))
        return self.worker.submit(request, job_title(request))

    def import_models(self, folder: Path | str) -> int:
        """Convert the published checkpoints in a folder into models of one's own, in the background."""
        return self.submit(ImportModels(path=str(folder)))

    def submit(self, request: Request) -> int:
        """Queue a request that is about no shape of the scene; returns its job id."""
        return self.worker.submit(request, job_title(request))

    def take_shape(self, shape: Shape, request: Browse, index: int) -> None:
        """Add the `index`-th of the shapes that a model came with to the scene; one undo step."""
        shape = self.scene.newcomer(shape)
        selection = Selection(frozenset(), shape.id)
        calls = (call("take", request.start + index, model=request.checkpoint),)
        self.document.apply(
            self.scene.with_shape(shape), f"Add {shape.name}", request, selection=selection, calls=calls
        )

    def export(
        self,
        path: Path | str,
        resolution: int = FINAL_RESOLUTION,
        shape_ids: Collection[str] | None = None,
        include_hidden: bool = False,
        placing: Placing | None = None,
        original_frame: bool = False,
        keep_original: bool = False,
    ) -> int | None:
        """Write shapes (default: all visible ones) to a mesh file; hidden parts only if asked for."""
        shapes = self.shapes_to_export(shape_ids, include_hidden)
        if not shapes:
            self.post("There is nothing visible to export.", "warning")
            return None
        request = Export(
            shapes=shapes,
            path=str(path),
            resolution=resolution,
            original_frame=original_frame,
            keep_original=keep_original,
        )
        if placing is not None:
            request = replace(request, **placing)
        return self.worker.submit(request, job_title(request))

    def shapes_to_export(
        self, shape_ids: Collection[str] | None = None, include_hidden: bool = False
    ) -> tuple[Shape, ...]:
        """Shapes (default: all visible ones) with just the parts that an export writes."""
        shapes: list[Shape] = []
        for shape in self.scene:
            if shape.id in shape_ids if shape_ids is not None else shape.visible:
                shown = [part.id for part in shape.parts if part.visible or include_hidden]
                if shown:
                    shapes.append(shape if len(shown) == len(shape.parts) else shape.subset(shown))
        return tuple(shapes)

    # --- what comes back ------------------------------------------------------------------------------

    def _on(self, parts: Collection[int] | None) -> tuple[Shape, tuple[int, ...]]:
        """The active shape and the given parts of it, by default the selected ones with their twins."""
        base = self._shape(None)
        return base, self.target_parts(base) if parts is None else tuple(parts)

    @Slot(object)
    def _on_engine_ready(self, info: EngineInfo) -> None:
        self.post(f"Model {info.checkpoint_id} is ready on {info.device_name}.", "info")

    @Slot(str)
    def _on_engine_failed(self, message: str) -> None:
        self.post(f"{message} Viewing, transforming and saving still work.", "error")

    @Slot(int, object)
    def _on_job_previewed(self, job_id: int, preview: object) -> None:
        request = self.worker.request_of(job_id)
        if not isinstance(request, Sampled | Fit):
            return
        base = proposals.base_of(request)
        self.preview_place = self.place_of(base) if base is not None else self.scene.next_place()
        self.preview_changed.emit(preview)

    @Slot(int, int, object)
    def _on_job_proposed(self, job_id: int, place: int, candidate: object) -> None:
        request = self.worker.request_of(job_id)
        if isinstance(request, Sampled) and not self.stale_reason(request):
            self._arrived.setdefault(job_id, set()).add(candidate)
            self.candidate_arrived.emit(request, place, candidate)

    @Slot(int, str)
    def _on_job_noted(self, job_id: int, text: str) -> None:
        title = self.worker.title_of(job_id)
        if title:  # of a drag, every frame would say so
            self.post(f"“{title}”: {text}", "warning")

    @Slot(int, object)
    def _on_job_finished(self, job_id: int, result: object) -> None:
        if isinstance(result, Candidates):
            self.preview_changed.emit(None)
            reason = self.stale_reason(result.request)
            known = self._arrived.pop(job_id, set())
            if reason:
                self.post(f"{reason} The result of “{job_title(result.request)}” was dropped.", "warning")
            else:
                for place, candidate in enumerate(result.items):
                    if candidate not in known:
                        self.candidate_arrived.emit(result.request, place, candidate)
                self.candidates_arrived.emit(result)
        elif isinstance(result, Encoded):
            shape = self.scene.newcomer(result.shape)
            self.surfaces.put(shape, DRAFT_RESOLUTION, result.mesh)
            selection = Selection(frozenset(), shape.id)
            text = f"Import {shape.name}"
            scene, calls = self.scene.with_shape(shape), (request_call(result.request),)
            self.document.apply(scene, text, result.request, selection=selection, calls=calls)
        elif isinstance(result, ImportedModels):
            names = " and ".join(f"{model.id} (makes {model.category}s)" for model in result.models)
            self.post(f"Imported {names}. Choose it when you generate.", "info")
        elif isinstance(result, Exported):
            text = f"Wrote {Path(result.path).name}: {result.faces:,} triangles"
            if result.watertight:
                self.post(f"{text}, watertight.", "info")
            else:
                self.post(f"{text}. The surface is not closed: mend it before printing.", "warning")
        self._last_failure = ""

    @Slot(int)
    def _on_job_cancelled(self, job_id: int) -> None:
        if isinstance(self.worker.request_of(job_id), Sampled):
            self.preview_changed.emit(None)
            kept = " What was finished stays in the gallery." if self._arrived.pop(job_id, None) else ""
            self.post(f"Cancelled “{self.worker.title_of(job_id)}”. Nothing has changed.{kept}", "info")

    @Slot(int, str, str)
    def _on_job_failed(self, job_id: int, message: str, _trace: str) -> None:
        if isinstance(self.worker.request_of(job_id), Sampled):
            self._arrived.pop(job_id, None)
            self.preview_changed.emit(None)
        # The drafts of a drag would say the same thing at every mouse move.
        if message != self._last_failure:
            self._last_failure = message
            self.post(message, "error")
