"""Requests as icons and settings in words: where a candidate or an undo step came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from PySide6.QtGui import QUndoStack

from app.document import ApplyEdit
from app.edit_titles import job_title, quoted
from core.edits.model_info import ModelInfo
from core.edits.requests import (
    Complete,
    Decode,
    Encode,
    Export,
    Generate,
    Mix,
    Refine,
    Request,
    Sampled,
    TextEdit,
    Vary,
)
from core.scene.shape import Part, Shape

ICONS: dict[type, str] = {
    Generate: "generate",
    Complete: "complete",
    Mix: "mix",
    Vary: "vary",
    Refine: "refine",
    TextEdit: "text",
    Encode: "import",
    Export: "export",
    Decode: "surface",
}
FIGURES = (
    ("reconstruction", "iou", "Meshes read in, overlap with the original (IoU)"),
    ("reconstruction", "f_score", "Meshes read in, surface within 1 % of the size"),
    ("solidity", "connected", "Generated shapes in one piece"),
    ("solidity", "watertight", "Generated shapes without holes"),
    ("solidity", "supported", "Generated shapes that stand on the floor"),
    ("parts", "name_accuracy", "Surface whose part has the right name"),
)
"""Measured shares of a card that are shown: group, name, in words."""
SEARCHED_STEPS = 200
"""How far back in the history the origin of a part is looked for."""

REFINE_BELOW = 0.08
REPLACE_FROM = 0.35


def icon_of_request(request: object) -> str:
    """Name of the drawing that stands for a kind of request."""
    return ICONS.get(type(request), "chair")


def counted(count: int, noun: str) -> str:
    """``1 part``, ``3 parts``."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def model_names(models: Sequence[ModelInfo]) -> dict[str, str]:
    """What models are called in lists, by id: what they make, and which one where several make it."""
    counts = Counter(model.category for model in models)
    return {
        model.id: model.category.capitalize() + (f" ({model.id})" if counts[model.category] > 1 else "")
        for model in models
    }


def model_facts(model: ModelInfo) -> list[tuple[str, str]]:
    """What a model makes, knows, was trained on and measured at: (what, the card's answer)."""
    rows = [("Identifier", model.id), ("Makes", f"{model.category}s of {model.slot_count} parts")]
    if model.labels not in ((), ("part",)):
        rows.append(("Names parts", ", ".join(model.labels)))
    if model.data:
        rows.append(("Trained on", model.data))
    rows.append(("Licence of the weights", model.licence or "not stated"))
    if model.shapes:
        rows.append(("Comes with", counted(model.shapes, "shape")))
    for group, name, words in FIGURES:
        value = model.metrics.get(group, {}).get(name)
        if value is not None:
            rows.append((words, f"{100 * value:.0f} %"))
    return rows


def describe_model(model: ModelInfo) -> str:
    """The facts of a model as lines of a tooltip."""
    return "\n".join(f"{words}: {value}" for words, value in model_facts(model))


def describe_request(request: Request) -> str:
    """All settings in a line: enough to do it again."""
    facts = [job_title(request), f"seed {request.seed}"]
    if isinstance(request, Sampled):
        facts.append(counted(request.count, "candidate"))
        facts.append(f"{request.steps} steps" if request.steps else "default steps")
    strength = getattr(request, "strength", None)
    if isinstance(strength, float):
        facts.append(f"strength {strength_text(strength)} ({strength_word(strength).lower()})")
    text = getattr(request, "text", "")
    if text:
        facts.append(f"text {quoted(text)}")
    if isinstance(request, Sampled) and request.negative:
        facts.append(f"not {quoted(request.negative)}")
    if isinstance(request, Sampled) and (text or request.negative):
        facts.append(f"guidance {request.guidance:.1f}")
    if request.checkpoint:
        facts.append(f"model {request.checkpoint}")
    return ", ".join(facts)


def strength_text(strength: float) -> str:
    """A strength in hundredths, with more digits if it has more."""
    hundredths = f"{strength:.2f}"
    return hundredths if float(hundredths) == strength else f"{strength:g}"


def strength_word(strength: float) -> str:
    """What a strength (fraction of the diffusion time) does to a part, in one word."""
    if strength < REFINE_BELOW:
        return "Refine"
    return "Vary" if strength < REPLACE_FROM else "Replace"


def made_by(stack: QUndoStack, shape: Shape, part: Part) -> tuple[str, Request | None] | None:
    """The last undo step that gave a part other latents: its text and request; None if it is older."""
    latents = shape.intrinsics[shape.row(part.id)]
    newest = stack.index() - 1
    for number in range(newest, max(newest - SEARCHED_STEPS, -1), -1):
        step = stack.command(number)
        if not isinstance(step, ApplyEdit) or shape.id not in step.after:
            continue
        before = step.before.shape(shape.id) if shape.id in step.before else None
        if before is None or part.id not in before.part_ids:
            return step.text(), step.request
        if not np.array_equal(before.intrinsics[before.row(part.id)], latents):
            return step.text(), step.request
    return None
