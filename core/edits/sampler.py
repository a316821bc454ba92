"""Sampled edits: from a request to candidates that are fit to be shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.edits.job import EditError, Job
from core.edits.preparation import Prepared, prepare, relabelled
from core.edits.requests import MAX_SEED, Generate, Mix, Sampled, TextEdit
from core.edits.results import Candidate, Candidates
from core.edits.sampled_shapes import Edit
from core.edits.search import DONE, Means, Replay, Search
from core.edits.word_fit import word_fit
from core.edits.words import parts_meant
from core.meshing.raycast import render
from core.models.text_encoder import SentenceTokens, TextModelError
from core.pipelines.guidance import Guidance
from core.pipelines.prompts import TextContext, text_context
from core.scene.shape import Mesh, Shape

DEFAULT_STEPS = 40
MAX_COUNT = 64
THUMBNAIL_SIZE = (160, 160)


class Sampler:
    """Answers the sampled requests of one model.

    Parameters
    ----------
    means : Means
        The model, and how surfaces are made with it.
    sentences : callable
        Gives the sentence model, loaded when it is first asked for.
    resolution : int
        Cells per side of the surfaces of candidates.
    names : callable, optional
        Names of the parts of a shape with a surface, for a model that gives none.
    """

    def __init__(
        self,
        means: Means,
        sentences: Callable[[], SentenceTokens],
        resolution: int,
        names: Callable[[Shape, Mesh], list[str]] | None = None,
    ) -> None:
        self._means = means
        self._model, self._info = means.model, means.info
        self._sentences = sentences
        self._resolution = resolution
        self._names = names

    def run(self, request: Sampled, job: Job) -> Candidates:
        """Candidates of a request, each from its own seed (raises EditError, Cancelled)."""
        if not 1 <= request.count <= MAX_COUNT:
            raise EditError(f"Ask for 1 to {MAX_COUNT} candidates, not {request.count}.")
        if not 0 <= request.seed <= MAX_SEED:
            raise EditError(f"The seed must lie between 0 and {MAX_SEED}.")
        seeds = [(request.seed + index) % (MAX_SEED + 1) for index in range(request.count)]
        usual = self._model.card.get("steps", DEFAULT_STEPS)
        if isinstance(request, Generate):
            usual = self._model.card.get("generate_steps", usual)
        steps = request.steps or int(usual)
        text = getattr(request, "text", "").strip()
        if isinstance(request, TextEdit) and not text:
            raise EditError("There are no words to edit by. Describe what the parts should become.")
        negative = request.negative.strip()
        job.step("reading the words" if text or negative else "starting", 0, 1)
        guidance = Guidance(self._model, self._context(text, negative), request.guidance)
        if isinstance(request, Generate):
            prepared = None
        else:
            assert isinstance(request, Edit)
            named = request
            if isinstance(request, TextEdit) and not request.parts:
                labels = self._model.labels
                if self._names is not None:
                    labels = tuple(sorted({part.label for part in request.base.parts}))
                meant = parts_meant(request.base, text, self._info.slot_shares, labels)
                if not meant:
                    raise EditError(
                        f"The words name no part of {request.base.name}. Choose the parts to change."
                    )
                named = replace(request, parts=meant)
            prepared = prepare(named, self._model.slot_count, self._model.intrinsic_dim)
        fit = word_fit(self._model, text, self._sentences, negative)
        search = Search(self._means, request, prepared, guidance, fit, seeds, steps, job)
        items: dict[int, Candidate] = {}
        for place, found in search.settled():
            items[place] = self._candidate(found.shape, found.mesh, prepared, seeds[place], found.replay)
            job.propose(place, items[place])
        job.span(DONE, 1.0)
        raw = None
        if isinstance(request, Mix) and prepared is not None and request.strength > 0 and request.preview:
            raw = self._raw(request, prepared, job)
        job.step("done", 1, 1)
        return Candidates(request, tuple(items[place] for place in range(len(seeds))), raw)

    def _raw(self, request: Mix, prepared: Prepared, job: Job) -> Candidates | None:
        """The answer to the request with strength 0, for which nothing is sampled; None if it is empty."""
        try:
            mesh = self._means.surface(prepared.shape, job)
        except EditError:
            return None
        candidate = self._candidate(prepared.shape, mesh, prepared, request.seed)
        return Candidates(replace(request, strength=0.0, count=1), (candidate,))

    def _candidate(
        self, shape: Shape, mesh: Mesh, prepared: Prepared | None, seed: int, replay: Replay = ()
    ) -> Candidate:
        """What is shown of a shape that was made."""
        edit = np.ones(len(shape.parts), bool) if prepared is None else prepared.edit
        changed = tuple(part.id for part, flag in zip(shape.parts, edit, strict=True) if flag)
        shape = self._named(shape, mesh, edit)
        picture = render([mesh], [shape], size=THUMBNAIL_SIZE, background=None)
        return Candidate(shape, mesh, picture, seed, changed, self._resolution, replay)

    def _named(self, shape: Shape, mesh: Mesh, edit: NDArray[np.bool_]) -> Shape:
        """With names for its sampled parts, if this model gives none."""
        if self._names is None:
            return shape
        parts = [
            relabelled(part, name, part.origin) if sampled else part
            for part, name, sampled in zip(shape.parts, self._names(shape, mesh), edit, strict=True)
        ]
        return shape.with_latents(shape.extrinsics, shape.intrinsics, parts)

    def _context(self, text: str, negative: str) -> TextContext:
        if (text or negative) and not self._model.reads_text:
            raise EditError(f"{self._model.id} was not trained with text. Leave the words out.")
        try:
            return text_context(self._model, text, self._sentences, negative)
        except TextModelError as error:
            raise EditError(str(error)) from None
