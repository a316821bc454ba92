"""A request in the worker's queue, how it is run, and how that ended."""

from __future__ import annotations

import gc
import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from errno import ENOSPC

from app.engines import EngineLike
from core.edits.job import Cancelled, EditError, Job
from core.edits.requests import Decode, Encode, Export, Inspect, Measure, Request, Sampled
from core.edits.results import Decoded, Encoded, Result
from core.scene.shape import Mesh

log = logging.getLogger(__name__)

LEAST_RESOLUTION = 64
"""Cells per side of the coarsest export."""


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


def turn(task: Task) -> tuple[int, float, int]:
    """Sorts tasks as they will run."""
    return task.urgency, task.rank, task.id


def describe_failure(task: Task, error: BaseException) -> str:
    """A sentence for the person: refusals as they are, everything else with the setting to change."""
    if isinstance(error, EditError):
        return str(error)
    title, request = task.title or "Decoding", task.request
    name = f"{type(error).__name__}: {error}"
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return f"{title}: there was not enough memory. {_smaller(request)}"
    if "CUDA" in name:
        return (
            f"{title}: the graphics card failed ({name.splitlines()[0]}). "
            "Choose Create > Run on the CPU, then run it again."
        )
    if isinstance(error, OSError) and error.errno == ENOSPC:
        return f"{title}: the disk is full. Free some space on it, or choose another folder."
    if isinstance(error, OSError) and error.strerror:
        file = f" ({error.filename})" if error.filename else ""
        return f"{title}: {error.strerror}{file}. Choose another file or folder."
    advice = "Try another seed. " if isinstance(request, Sampled) else ""
    return (
        f"{title} failed unexpectedly ({name}). The scene is unchanged. "
        f"{advice}Help > Copy diagnostics has what a bug report needs."
    )


def _smaller(request: Request) -> str:
    """The setting that makes a request take less memory."""
    if isinstance(request, Sampled) and request.count > 1:
        return f"Lower “Candidates” in the Edit panel (it was {request.count}) and run it again."
    if isinstance(request, Export) and request.resolution > LEAST_RESOLUTION:
        return f"Choose a lower “Resolution” in File > Export mesh (it was {request.resolution} cells)."
    if isinstance(request, Encode | Inspect):
        return "Simplify the mesh in the program it comes from, then import it again."
    return "Close other programs, or choose Create > Run on the CPU, then run it again."


def same_draft(waiting: Request, request: Decode) -> bool:
    """Whether a waiting request is a draft of the same shape, which a newer draft replaces."""
    return isinstance(waiting, Decode) and waiting.draft and waiting.shape.id == request.shape.id


def run_task(task: Task, engine: EngineLike | None, prepare: Callable[[Mesh, bool], object] | None) -> Ending:
    """Run a task on the thread of the engine; whatever goes wrong, the queue can go on.

    `prepare` makes of a new surface, and whether it is a draft, what can be made beside the GUI thread.
    """
    if engine is None:
        return Ending(message=f"{task.title or 'This'} needs a model, and none is loaded.")
    try:
        task.job.check()
        result = engine.run(task.request, task.job)
        if prepare and isinstance(result, Decoded | Encoded):
            prepare(result.mesh, isinstance(task.request, Decode) and task.request.draft)
        return Ending(result=result)
    except Cancelled:
        return Ending(cancelled=True)
    except BaseException as error:
        trace = "" if isinstance(error, EditError) else traceback.format_exc()
        ending = Ending(message=describe_failure(task, error), trace=trace)
    # Outside `except`, or the traceback would keep what the failed run had allocated alive.
    gc.collect()
    if ending.trace:
        log.error("job %d (%s) failed\n%s", task.id, task.title, ending.trace)
    return ending
