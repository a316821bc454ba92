"""The narrow context a running request sees: report, preview, stop. Nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.scene.shape import FloatArray, Mesh

if TYPE_CHECKING:
    from core.edits.results import Candidate


class Cancelled(Exception):
    """Raised inside a job when it was asked to stop. Not an error."""


class EditError(Exception):
    """The edit cannot be done; the message says why and what to do instead."""


@dataclass(frozen=True)
class Progress:
    """`done` of `total` steps of a named stage; `fraction` is of the whole job, in [0, 1]."""

    stage: str
    done: int
    total: int
    fraction: float


@dataclass(frozen=True, eq=False)
class Preview:
    """An unfinished candidate (the `index`-th): Gaussians [P, 16] each step, sometimes a coarse mesh."""

    extrinsics: FloatArray
    mesh: Mesh | None = None
    index: int = 0


def _ignore(*_: object) -> None:
    """Default receiver of reports."""


class Job:
    """One run of one request. `cancel` may be called from any thread, the rest from the worker's.

    Parameters
    ----------
    on_progress, on_preview, on_note, on_candidate : callable
        Receivers, called on the worker thread; throttling is theirs.
    """

    def __init__(
        self,
        on_progress: Callable[[Progress], None] = _ignore,
        on_preview: Callable[[Preview], None] = _ignore,
        on_note: Callable[[str], None] = _ignore,
        on_candidate: Callable[[int, Candidate], None] = _ignore,
    ) -> None:
        self._cancelled = threading.Event()
        self._on_progress = on_progress
        self._on_preview = on_preview
        self._on_note = on_note
        self._on_candidate = on_candidate
        self._span = (0.0, 1.0)

    def cancel(self) -> None:
        """Ask the job to stop at its next step."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def check(self) -> None:
        """Raise `Cancelled` if the job was asked to stop."""
        if self._cancelled.is_set():
            raise Cancelled

    def span(self, start: float, end: float) -> None:
        """Following steps fill this part of the whole job (fractions in [0, 1])."""
        self._span = (start, end)

    def step(self, stage: str, done: int, total: int) -> None:
        """Report `done` of `total` steps of a stage; raises `Cancelled` if asked to stop."""
        self.check()
        start, end = self._span
        fraction = start + (end - start) * (done / max(total, 1))
        self._on_progress(Progress(stage, done, total, fraction))

    def preview(self, preview: Preview) -> None:
        """Show an unfinished result; receivers may drop it."""
        self._on_preview(preview)

    def note(self, text: str) -> None:
        """Tell the person of something that is done otherwise than asked for."""
        self._on_note(text)

    def propose(self, place: int, candidate: Candidate) -> None:
        """Hand over a finished candidate while others are still made; `place` is its place in the result.

        Where a job begins again (see `core.edits.memory`) the later one counts.
        """
        self.check()
        self._on_candidate(place, candidate)
