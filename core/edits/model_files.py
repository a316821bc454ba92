"""Requests about models rather than shapes: importing a published one, browsing the shapes of one."""

from __future__ import annotations

from pathlib import Path

from core.checkpoints.catalog import Models
from core.checkpoints.library import ShapeLibrary
from core.checkpoints.loading import Checkpoint, CheckpointError
from core.edits.job import EditError, Job
from core.edits.requests import Browse, ImportModels
from core.edits.results import Browsed, ImportedModels
from core.places import user_models
from core.published.convert import convert
from core.published.layout import find_categories
from core.scene.shape import Part, Shape

MAX_PAGE = 256


def answer_about_models(
    request: ImportModels | Browse, job: Job, models: Models, model: Checkpoint
) -> ImportedModels | Browsed:
    """Answer a request about models; `model` is the one the request names (raises EditError)."""
    if isinstance(request, ImportModels):
        return import_models(request, job, models)
    return browse(request, model)


def import_models(request: ImportModels, job: Job, models: Models) -> ImportedModels:
    """Convert every category of a published folder and make the models available (raises EditError)."""
    job.step("looking at the folder", 0, 1)
    source = Path(request.path)
    made = []
    try:
        categories = find_categories(source)
        for index, category in enumerate(categories):
            job.span(index / len(categories), (index + 1) / len(categories))
            target = _free(f"salad-{category}")
            convert(source, target, category, job=job)
            made.append(models.add(target))
    except CheckpointError as error:
        raise EditError(str(error)) from None
    return ImportedModels(request, tuple(made))


def _free(name: str) -> Path:
    """A folder among the person's models that is not there yet."""
    path, number = user_models() / name, 1
    while path.exists():
        number += 1
        path = user_models() / f"{name}-{number}"
    return path


def browse(request: Browse, model: Checkpoint) -> Browsed:
    """A page of the shapes that come with a model (raises EditError)."""
    if request.start < 0 or not 1 <= request.count <= MAX_PAGE:
        raise EditError(f"Ask for 1 to {MAX_PAGE} shapes at a time.")
    try:
        library = ShapeLibrary(model)
        extrinsics, intrinsics = library.read(request.start, request.count)
    except CheckpointError as error:
        raise EditError(str(error)) from None
    category = str(model.card.get("category", "shape")).capitalize()
    shapes = []
    for row in range(len(extrinsics)):
        number = request.start + row
        origin = f"shape {number} of {model.id}"
        parts = tuple(
            Part(id=slot, label="part", name="part", slot=slot, origin=origin)
            for slot in range(extrinsics.shape[1])
        )
        shapes.append(
            Shape(
                id="candidate",
                extrinsics=extrinsics[row],
                intrinsics=intrinsics[row],
                parts=parts,
                name=f"{category} {number}",
                checkpoint=model.id,
                origin=origin,
            )
        )
    return Browsed(request, len(library), tuple(shapes))
