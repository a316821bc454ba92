"""What an edit changed: a candidate against its base, or a shape against what it was before the last step."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, Signal, Slot
from shiboken6 import isValid

from app.document import ApplyEdit
from app.editor import Editor
from app.heat import HeatMap, heat_of_change
from app.surfaces import DRAFT_RESOLUTION
from core.edits import proposals
from core.edits.requests import Decode, Measure, Sampled
from core.edits.results import Candidate, Decoded, Measured
from core.scene.shape import Mesh, Shape

SEARCHED_STEPS = 200
"""How far back the step is looked for that changed a surface."""


@dataclass(frozen=True, eq=False)
class _Pair:
    """A surface to colour, and the shape that it is compared with."""

    shape: Shape
    mesh: Mesh
    before: Shape
    candidate: Candidate | None = None


class Changes(QObject):
    """While switched on, says how far a surface has moved: a looked-at candidate's, else a step's.

    Signals
    -------
    changed(HeatMap or None)
        What the viewport shows; `heat` is the same.
    """

    changed = Signal(object)

    def __init__(self, editor: Editor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.heat: HeatMap | None = None
        self.on = False
        self._editor = editor
        self._pinned: tuple[Candidate, Sampled] | None = None
        self._hovered: Candidate | None = None
        self._asked: dict[Measure, _Pair] = {}
        self._decoding: set[str] = set()
        self._known: WeakKeyDictionary[Mesh, HeatMap] = WeakKeyDictionary()
        editor.candidate_hovered.connect(self._on_candidate_hovered)
        editor.mesh_changed.connect(self._on_mesh_changed)
        editor.document.selection_changed.connect(self._on_selection_changed)
        # The step that changed the scene is in the stack only after the scene has changed.
        editor.document.stack.indexChanged.connect(self._on_index_changed)
        editor.worker.job_finished.connect(self._on_job_finished)
        editor.worker.job_cancelled.connect(self._on_job_ended)
        editor.worker.job_failed.connect(self._on_job_failed)

    def toggle(self) -> None:
        """Show what has changed, or everything as usual again."""
        self.on = not self.on
        self._pinned = None
        if self.on and self._pair() is None:
            self._editor.post("Nothing has changed yet: hover a candidate, or make an edit.")
        self._refresh()

    def show(self, candidate: Candidate, request: Sampled) -> None:
        """Show what a candidate would change, until something else is looked at."""
        if proposals.base_of(request) is None:
            self._editor.post("A new shape has nothing that it could have changed.", "warning")
            return
        self.on = True
        self._pinned = (candidate, request)
        self._refresh()

    def close(self) -> None:
        if self.on:
            self.toggle()

    # ------------------------------------------------------------------ inside

    def _pair(self) -> _Pair | None:
        """What is compared with what now; None if there is nothing."""
        editor = self._editor
        looked_at = editor.looked_at
        if self._hovered is not None:
            shown = looked_at if looked_at is not None and looked_at[0] is self._hovered else None
        else:
            shown = self._pinned
        if shown is not None:
            candidate, request = shown
            base = proposals.base_of(request)
            if base is None or editor.stale_reason(request):
                return None
            return _Pair(candidate.shape, candidate.mesh, editor.scene.shape(base.id), candidate)
        if self._hovered is not None:
            return None
        stack = editor.document.stack
        active = editor.active_shape
        for number in range(stack.index() - 1, max(stack.index() - 1 - SEARCHED_STEPS, -1), -1):
            step = stack.command(number)
            if not isinstance(step, ApplyEdit):
                continue
            for shape in editor.scene:
                if shape.id in step.before and shape.visible and (active is None or shape is active):
                    before = step.before.shape(shape.id)
                    if before.latent_hash != shape.latent_hash:
                        mesh = editor.meshes.best(shape)
                        return _Pair(shape, mesh, before) if mesh is not None else None
        return None

    def _refresh(self) -> None:
        pair = self._pair() if self.on else None
        if pair is None or not len(pair.mesh.faces):
            self._set(None)
            return
        before = self._editor.meshes.best(pair.before)
        if before is None:
            self._set(None)
            self._decode(pair.before)
            return
        known = self._known.get(pair.mesh)
        if known is not None and known.candidate is pair.candidate and self._fits(known, pair):
            self._set(known)
            return
        self._set(None)
        if not any(asked.mesh is pair.mesh and asked.before is pair.before for asked in self._asked.values()):
            request = Measure(mesh=pair.mesh, before=before)
            self._asked[request] = pair
            self._editor.worker.submit(request, "")

    def _fits(self, heat: HeatMap, pair: _Pair) -> bool:
        place = self._editor.place_of(pair.before)
        return heat.before is pair.before and heat.shape_id == pair.before.id and heat.place == place

    def _decode(self, shape: Shape) -> None:
        """Ask for the surface of a shape that the scene shows no more."""
        if shape.parts and shape.latent_hash not in self._decoding:
            self._decoding.add(shape.latent_hash)
            self._editor.worker.submit(
                Decode(shape=shape, resolution=DRAFT_RESOLUTION, checkpoint=shape.checkpoint), ""
            )

    def _set(self, heat: HeatMap | None) -> None:
        if heat is not self.heat:
            self.heat = heat
            self.changed.emit(heat)

    @Slot(int, object)
    def _on_job_finished(self, _job_id: int, result: object) -> None:
        if isinstance(result, Measured):
            pair = self._asked.pop(result.request, None)
            if pair is None:
                return
            place = self._editor.place_of(pair.before)
            heat = heat_of_change(result, pair.before, place, pair.candidate)
            self._known[pair.mesh] = heat
            self._refresh()
            if self.heat is heat:
                farthest = heat.told(float(result.distances.max()))
                self._editor.post(f"Moved farthest: {farthest}.")
        elif isinstance(result, Decoded):
            self._decoding.discard(result.request.shape.latent_hash)
            self._refresh()

    @Slot(int)
    def _on_job_ended(self, job_id: int) -> None:
        request = self._editor.worker.request_of(job_id)
        if isinstance(request, Measure):
            self._asked.pop(request, None)
        elif isinstance(request, Decode):
            self._decoding.discard(request.shape.latent_hash)

    @Slot(int, str, str)
    def _on_job_failed(self, job_id: int, _message: str, _trace: str) -> None:
        # A surface that failed is not asked for again: it would fail again.
        if isinstance(self._editor.worker.request_of(job_id), Measure):
            self._on_job_ended(job_id)

    @Slot(object)
    def _on_candidate_hovered(self, candidate: Candidate | None) -> None:
        if candidate is not None and self._pinned is not None and candidate is not self._pinned[0]:
            self._pinned = None
        self._hovered = candidate
        self._refresh()

    @Slot(str)
    def _on_mesh_changed(self, _shape_id: str) -> None:
        self._refresh()

    @Slot(object)
    def _on_selection_changed(self, _selection: object) -> None:
        self._refresh()

    @Slot(int)
    def _on_index_changed(self, _index: int) -> None:
        self._pinned = None
        if isValid(self._editor.document.stack):
            self._refresh()
