"""A request in the worker's queue, and how its run ended."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.edits.job import EditError, Job
from core.edits.requests import Decode, Measure, Request, Result


@dataclass(eq=False)
class Task:
    """A request in the queue or running, with its cancel flag and the times of its last reports."""

    id: int
    request: Request
    title: str
    job: Job = field(default_factory=Job)
    progress_at: float = float("-inf")
    preview_at: float = float("-inf")
    rank: float = 0.0
    """Among equally urgent ones a lower rank runs first; those of equal rank in the order of submission."""

    @property
    def urgency(self) -> int:
        """0 for draft decodes, 1 for other decodes and measures, 2 for everything else; lower runs first."""
        if isinstance(self.request, Decode):
            return 0 if self.request.draft else 1
        return 1 if isinstance(self.request, Measure) else 2


@dataclass(frozen=True)
class Ending:
    """How a run ended, as seen by the thread."""

    result: Result | None = None
    message: str = ""
    trace: str = ""
    cancelled: bool = False


def describe_failure(title: str, error: BaseException) -> str:
    """A sentence for the person: expected refusals as they are, everything else with what to do."""
    if isinstance(error, EditError):
        return str(error)
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return f"{title}: there was not enough memory. Try fewer candidates or a lower resolution."
    return f"{title} failed unexpectedly ({type(error).__name__}: {error}). The scene is unchanged."


def same_draft(waiting: Request, request: Decode) -> bool:
    """Whether a waiting request is a draft of the same shape, which a newer draft replaces."""
    return isinstance(waiting, Decode) and waiting.draft and waiting.shape.id == request.shape.id
