"""Names of edits in words: for the undo menu, the history, the job bar and the run buttons."""

from __future__ import annotations

from collections.abc import Collection

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
    Sampled,
    TextEdit,
    Vary,
)
from core.edits.results import Candidate
from core.scene.shape import Shape

MAX_QUOTE = 40
"""Characters of a prompt that a title shows."""


def parts_phrase(shape: Shape, part_ids: Collection[int]) -> str:
    """``"back"``, ``"2 legs"``, ``"seat and back"``, ``"5 parts"`` or ``"all parts"``."""
    parts = [part for part in shape.parts if part.id in set(part_ids)]
    if not parts:
        return "missing parts"
    if len(parts) == 1:
        return parts[0].name
    if len(parts) == len(shape.parts):
        return "all parts"
    labels = {part.label for part in parts}
    if len(labels) == 1:
        return f"{len(parts)} {labels.pop()}s"
    if len(parts) == 2:
        return f"{parts[0].name} and {parts[1].name}"
    return f"{len(parts)} parts"


def quoted(text: str) -> str:
    """The text in quotation marks, cut to a readable length."""
    short = text if len(text) <= MAX_QUOTE else text[: MAX_QUOTE - 1].rstrip() + "…"
    return f"“{short}”"


def edit_title(request: Request) -> str:
    """What a request does, without its seed: ``"Complete back"``."""
    if isinstance(request, Sampled) and request.like is not None:
        first = request.like
        while first.like is not None:
            first = first.like
        return f"More like seed {request.like_seed} of “{edit_title(first)}”"
    match request:
        case Generate(text=text):
            return f"Generate {quoted(text)}" if text else "Generate"
        case Complete(base=base, parts=parts, text=text):
            title = f"Complete {parts_phrase(base, parts)}"
            return f"{title} {quoted(text)}" if text else title
        case Mix(source=source, take=take):
            return f"Mix in {parts_phrase(source, take)} of {source.name}"
        case Vary(base=base, parts=parts):
            return f"Vary {parts_phrase(base, parts)}"
        case Refine(base=base, parts=parts):
            return f"Refine {parts_phrase(base, parts)}" if parts else "Refine joints"
        case TextEdit(base=base, parts=parts, text=text):
            return f"Change {parts_phrase(base, parts)} to {quoted(text)}"
        case Decode(shape=shape):
            return f"Surface of {shape.name}"
        case Encode(path=path):
            return f"Import {path.replace(chr(92), '/').rsplit('/', 1)[-1]}"
        case Inspect(path=path):
            return f"Look into {path.replace(chr(92), '/').rsplit('/', 1)[-1]}"
        case Fit():
            return "Fit parts"
        case Compare():
            return "Distance to the original"
        case Measure():
            return "Measure what has moved"
        case Export(path=path):
            return f"Export {path.replace(chr(92), '/').rsplit('/', 1)[-1]}"
        case CheckPrint(shape=shape):
            return f"Check {shape.name} for printing"
        case ImportModels(path=path):
            return f"Import models from {path.replace(chr(92), '/').rstrip('/').rsplit('/', 1)[-1]}"
        case Browse(checkpoint=checkpoint):
            return f"Shapes of {checkpoint or 'the model'}"
    return type(request).__name__


def step_title(request: Request, seed: int) -> str:
    """What the undo step of an accepted candidate is called: ``"Complete back (seed 7)"``."""
    return f"{edit_title(request)} ({'raw' if is_raw(request) else f'seed {seed}'})"


def is_raw(request: Request) -> bool:
    """Whether a request is a mix that is not refined: its seed changes nothing."""
    return isinstance(request, Mix) and request.strength == 0.0


def candidate_title(candidate: Candidate, request: Request) -> str:
    """What a candidate is called: ``"candidate 7"`` by its seed, or ``"raw mix"``."""
    return "raw mix" if is_raw(request) else f"candidate {candidate.seed}"


def job_title(request: Request) -> str:
    """What the job bar calls a request: its title and the shape it works on."""
    if isinstance(request, Sampled) and request.like is not None:
        return edit_title(request)
    match request:
        case Mix(base=base, source=source, take=take):
            return f"Mix {parts_phrase(source, take)} of {source.name} into {base.name}"
        case TextEdit(base=base, parts=parts, text=text):
            return f"Change {parts_phrase(base, parts)} of {base.name} to {quoted(text)}"
    title = edit_title(request)
    shape = getattr(request, "base", None)
    return f"{title} of {shape.name}" if isinstance(shape, Shape) else title
