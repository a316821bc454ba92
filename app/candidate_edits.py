"""What can be done with candidates: look at them, accept one, ask for others."""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, Signal

from app.document import Document
from app.edit_titles import job_title, step_title
from app.instant_edits import InstantEdits
from app.worker import EditWorker
from core.edits import proposals
from core.edits.calls import accepting
from core.edits.job import EditError
from core.edits.requests import Request, Sampled
from core.edits.results import Candidate
from core.scene.selection import PartRef, Selection
from core.scene.shape import Shape


class CandidateEdits(InstantEdits):
    """Sampled requests go to the worker here, and their candidates into the scene.

    Signals
    -------
    request_submitted(Sampled)
        A sampled edit was queued.
    candidate_hovered(Candidate or None)
        See `look_at`; the viewport shows it as a ghost at `place_of(candidate.shape)`.
    candidate_accepted(Candidate, Sampled)
    """

    request_submitted = Signal(object)
    candidate_hovered = Signal(object)
    candidate_accepted = Signal(object, object)

    def __init__(self, document: Document, worker: EditWorker, parent: QObject | None = None) -> None:
        super().__init__(document, worker, parent)
        self._accepted: WeakKeyDictionary[Request, Shape] = WeakKeyDictionary()
        self._looked_at: tuple[Candidate, Sampled] | None = None

    @property
    def looked_at(self) -> tuple[Candidate, Sampled] | None:
        """The candidate that was looked at last, with its request: the one that commands are about."""
        return self._looked_at

    def look_at(self, candidate: Candidate | None, request: Sampled | None = None) -> None:
        """Show a candidate in the viewport; None = the scene as it is. Without a request it is only shown."""
        if candidate is not None and request is not None:
            self._looked_at = (candidate, request)
        self.candidate_hovered.emit(candidate)

    def forget(self, request: Sampled) -> None:
        """The candidates of a request are no longer at hand."""
        if self._looked_at is not None and self._looked_at[1] is request:
            self._looked_at = None
        self.candidate_hovered.emit(None)

    def run_again(self, request: Sampled, seed: int | None = None) -> int | None:
        """The same request on what its shape is now, with a new seed (or the given one)."""
        if request.like is not None and self._refused(request):
            return None
        return self._sample(lambda: proposals.again_request(request, self.scene, seed))

    def more_like(self, candidate: Candidate, request: Sampled) -> int | None:
        """Propose variations of a candidate, to be accepted in its place."""
        if self._refused(request):
            return None
        return self._sample(lambda: proposals.more_request(candidate, request))

    def more_like_looked_at(self) -> int | None:
        """Propose variations of the candidate that was looked at last."""
        if self._looked_at is None:
            self.post("Hover a candidate first, or right-click one and choose “More like this”.", "warning")
            return None
        return self.more_like(*self._looked_at)

    def stale_reason(self, request: Request) -> str:
        """Why candidates of `request` cannot be accepted any more (`proposals.stale_reason`)."""
        known = self._alternative(request)
        return proposals.stale_reason(request, self.scene, self._accepted[known] if known else None)

    def accept(self, candidate: Candidate, request: Sampled) -> bool:
        """Put a candidate into the scene as one undo step; refused with a reason if it is stale."""
        if self._refused(request):
            return False
        changed = candidate.changed if proposals.base_of(request) is not None else ()
        shape = proposals.accepted_shape(candidate, request, self.scene)
        self.surfaces.put(shape, candidate.resolution, candidate.mesh)
        scene = proposals.with_accepted(self.scene, shape, request)
        selection = Selection(frozenset(PartRef(shape.id, part_id) for part_id in changed), shape.id)
        if known := self._alternative(request):
            del self._accepted[known]
        self._accepted[proposals.first_of(request)] = shape
        calls = (accepting(request, candidate.seed),)
        title = step_title(request, candidate.seed)
        self.document.apply(scene, title, request, selection=selection, calls=calls)
        self.candidate_accepted.emit(candidate, request)
        return True

    def _alternative(self, request: Request) -> Request | None:
        """The request of whose alternatives one was accepted last."""
        return next((known for known in self._accepted if proposals.alternatives(known, request)), None)

    def _refused(self, request: Sampled) -> bool:
        """Whether candidates of a request are out of date; says so."""
        reason = self.stale_reason(request)
        if reason:
            self.post(f"{reason} Run the edit again.", "warning")
        return bool(reason)

    def _sample(self, make: Callable[[], Sampled]) -> int | None:
        try:
            request = make()
        except EditError as error:
            self.post(str(error), "warning")
            return None
        if self.worker.error:
            self.post(self.worker.error, "error")
            return None
        self.request_submitted.emit(request)
        return self.worker.submit(request, job_title(request))
