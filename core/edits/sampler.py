"""Sampled edits: from a request to candidates that are fit to be shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from core.checkpoints.loading import Checkpoint
from core.edits.drafts import can_draft, fittest, promising, seed_of_try
from core.edits.job import EditError, Job
from core.edits.memory import USUAL, Portion
from core.edits.model_info import ModelInfo
from core.edits.preparation import Prepared, prepare, relabelled
from core.edits.requests import MAX_SEED, Generate, Sampled, TextEdit
from core.edits.results import Candidate, Candidates
from core.edits.sampled_shapes import Edit, edited, generated
from core.edits.soundness import WHOLE, Soundness, always_there, soundness
from core.edits.watching import watcher
from core.edits.word_fit import WordFit, word_fit
from core.edits.words import parts_meant
from core.meshing.raycast import render
from core.meshing.solid import STANCES, Stance
from core.models.text_encoder import SentenceTokens, TextModelError
from core.pipelines.guidance import Guidance
from core.pipelines.prompts import TextContext, text_context
from core.pipelines.sampling import Noise
from core.scene.shape import FloatArray, Mesh, Shape

DEFAULT_STEPS = 40
DEFAULT_TRIES = 4
"""Times a seed is sampled until something sound that fits the words comes of it; most do at once."""
MAX_COUNT = 64
THUMBNAIL_SIZE = (160, 160)
WORD_TRIES = 2
"""Tries of an edit after which what is sound is shown although it misses the words: a person waits for it."""
DRAFTED = 0.5
"""Share of the time until the surfaces that drafts take."""
VARIANTS = 3
"""Times a try of an edit by words is sampled; the one that fits them best gets a surface."""

Replay = tuple[FloatArray, ...]


class Sampler:
    """Answers the sampled requests of one model.

    Parameters
    ----------
    model : Checkpoint
    info : ModelInfo
        Of the same model.
    device : torch.device
    sentences : callable
        Gives the sentence model, loaded when it is first asked for.
    surface : callable
        Surface of a shape, as candidates show it; raises EditError if it is empty.
    resolution : int
        Cells per side of such surfaces.
    portion : Portion
        How much is computed at once.
    names : callable, optional
        Names of the parts of a shape with a surface, for a model that gives none.
    """

    def __init__(
        self,
        model: Checkpoint,
        info: ModelInfo,
        device: torch.device,
        sentences: Callable[[], SentenceTokens],
        surface: Callable[[Shape, Job], Mesh],
        resolution: int,
        portion: Portion = USUAL,
        names: Callable[[Shape, Mesh], list[str]] | None = None,
    ) -> None:
        self.model = model
        self.info = info
        self.device = device
        self._sentences = sentences
        self._surface = surface
        self._resolution = resolution
        self._portion = portion
        self._names = names

    def run(self, request: Sampled, job: Job) -> Candidates:
        """Candidates of a request, each from its own seed (raises EditError, Cancelled)."""
        if not 1 <= request.count <= MAX_COUNT:
            raise EditError(f"Ask for 1 to {MAX_COUNT} candidates, not {request.count}.")
        if not 0 <= request.seed <= MAX_SEED:
            raise EditError(f"The seed must lie between 0 and {MAX_SEED}.")
        seeds = [(request.seed + index) % (MAX_SEED + 1) for index in range(request.count)]
        usual = self.model.card.get("steps", DEFAULT_STEPS)
        if isinstance(request, Generate):
            usual = self.model.card.get("generate_steps", usual)
        steps = request.steps or int(usual)
        text = getattr(request, "text", "").strip()
        if isinstance(request, TextEdit) and not text:
            raise EditError("There are no words to edit by. Describe what the parts should become.")
        job.step("reading the words" if text else "starting", 0, 1)
        guidance = Guidance(self.model, self._context(text), request.guidance)
        if isinstance(request, Generate):
            prepared = None
        else:
            assert isinstance(request, Edit)
            named = request
            if isinstance(request, TextEdit) and not request.parts:
                labels = self.model.labels
                if self._names is not None:
                    labels = tuple(sorted({part.label for part in request.base.parts}))
                meant = parts_meant(request.base, text, self.info.slot_shares, labels)
                if not meant:
                    raise EditError(
                        f"The words name no part of {request.base.name}. Choose the parts to change."
                    )
                named = replace(request, parts=meant)
            prepared = prepare(named, self.model.slot_count, self.model.intrinsic_dim)
        fit = word_fit(self.model, text, self._sentences)
        sampled = self._sound(request, prepared, guidance, fit, seeds, steps, job)
        items = []
        job.span(0.95, 1.0)
        for (shape, mesh, replay), seed in zip(sampled, seeds, strict=True):
            edit = np.ones(len(shape.parts), bool) if prepared is None else prepared.edit
            changed = tuple(part.id for part, flag in zip(shape.parts, edit, strict=True) if flag)
            shape = self._named(shape, mesh, edit)
            picture = render([mesh], [shape], size=THUMBNAIL_SIZE)
            items.append(Candidate(shape, mesh, picture, seed, changed, self._resolution, replay))
            job.step("picture", len(items), len(seeds))
        return Candidates(request, tuple(items))

    def _named(self, shape: Shape, mesh: Mesh, edit: NDArray[np.bool_]) -> Shape:
        """With names for its sampled parts, if this model gives none."""
        if self._names is None:
            return shape
        parts = [
            relabelled(part, name, part.origin) if sampled else part
            for part, name, sampled in zip(shape.parts, self._names(shape, mesh), edit, strict=True)
        ]
        return shape.with_latents(shape.extrinsics, shape.intrinsics, parts)

    def _sound(
        self,
        request: Sampled,
        prepared: Prepared | None,
        guidance: Guidance,
        fit: WordFit | None,
        seeds: list[int],
        steps: int,
        job: Job,
    ) -> list[tuple[Shape, Mesh, Replay]]:
        """One shape, its surface and how it came about for every seed.

        What comes out broken or does not fit the words is sampled again, the best is kept.

        Raises
        ------
        EditError
            If all tries of a seed come out empty.
        """
        raw = prepared is not None and prepared.strength == 0.0  # a raw mix: nothing is sampled
        tries = 1 if raw else request.tries or DEFAULT_TRIES
        stance = STANCES.get(self.info.category)
        labels = always_there(self.info.slot_shares)
        if prepared is not None:  # what a person has deleted need not come back
            had = {part.label for part in prepared.shape.parts}
            labels = tuple(label for label in labels if label in had)
        drafts_fit = fit if prepared is None and tries > 1 and can_draft(self.model) else None
        each = VARIANTS if fit is not None and prepared is not None and tries > 1 else 1
        wanted = WHOLE
        best: dict[int, tuple[Soundness, Shape, Mesh, Replay]] = {}
        open_rows, begun = list(range(len(seeds))), 0.02
        for attempt in range(tries):
            end = 0.95 if attempt == tries - 1 else begun + 0.7 * (0.95 - begun)
            middle = begun + 0.6 * (end - begun)
            chosen = [seeds[row] for row in open_rows]
            if drafts_fit is not None:
                job.span(begun, begun + DRAFTED * (middle - begun))
                noises = promising(
                    self.model, guidance, drafts_fit, chosen, attempt, self._portion.candidates, job
                )
                begun += DRAFTED * (middle - begun)
            else:
                numbers = range(each * attempt, each * (attempt + 1))
                noises = [seed_of_try(seed, number) for seed in chosen for number in numbers]
            named = [seed for seed in chosen for _ in range(each)]
            shapes, replays = self._shapes(
                request, prepared, guidance, noises, named, steps, attempt == 0, job, begun, middle
            )
            if each > 1 and fit is not None:
                likely = fittest(fit, shapes, each)
                shapes, replays = [shapes[row] for row in likely], [replays[row] for row in likely]
            for index, (row, shape) in enumerate(zip(open_rows, shapes, strict=True)):
                share = (end - middle) / len(shapes)
                job.span(middle + index * share, middle + (index + 1) * share)
                try:
                    mesh = self._surface(shape, job)
                except EditError:
                    if attempt == tries - 1 and row not in best:
                        raise
                    continue
                found = (soundness(shape, mesh, stance, labels, fit), shape, mesh, replays[index])
                if row not in best or found[0] > best[row][0]:
                    best[row] = found
            open_rows = [row for row in open_rows if row not in best or not best[row][0].meets(wanted)]
            if open_rows and prepared is not None:
                if attempt == 0 and tries > 1:
                    job.span(end, end)
                    wanted = self._wanted(prepared, stance, labels, job)
                if attempt + 1 == WORD_TRIES:
                    wanted = replace(wanted, fit=float("-inf"))
                open_rows = [row for row in open_rows if row not in best or not best[row][0].meets(wanted)]
            if not open_rows:
                break
            begun = end
        return [best[row][1:] for row in range(len(seeds))]

    def _shapes(
        self,
        request: Sampled,
        prepared: Prepared | None,
        guidance: Guidance,
        noises: list[int],
        seeds: list[int],
        steps: int,
        watched: bool,
        job: Job,
        begun: float,
        end: float,
    ) -> tuple[list[Shape], list[Replay]]:
        """A shape, and how it came about, from the noise of every one of `noises`, told to be of `seeds`.

        Only the first batch of a try that is `watched` shows previews. Progress goes from `begun` to `end`.
        """
        shapes: list[Shape] = []
        replays: list[Replay] = []
        size = self._portion.candidates or len(noises)
        while len(shapes) < len(noises):
            first = len(shapes)
            batch = seeds[first : first + size]
            share = (end - begun) / len(noises)
            job.span(begun + share * first, begun + share * (first + len(batch)))
            preview = request.preview and watched and first == 0
            noise = Noise(noises[first : first + size], self.device)
            record: list[FloatArray] | None = [] if request.preview else None
            on_step = watcher(self.model, job, preview, prepared, record, self._portion.points)
            if prepared is None:
                assert isinstance(request, Generate)
                shapes += generated(self.model, request, guidance, noise, batch, steps, on_step)
            else:
                assert isinstance(request, Edit)
                shapes += edited(self.model, request, prepared, guidance, noise, batch, steps, on_step)
            replays += [tuple(frame[index] for frame in record or ()) for index in range(len(batch))]
        return shapes, replays

    def _wanted(
        self, prepared: Prepared, stance: Stance | None, labels: tuple[str, ...], job: Job
    ) -> Soundness:
        """What an edit must not break: what an edit cannot mend is no reason to try again."""
        if prepared.strength >= 1.0 or (stance is None and not labels):
            return WHOLE
        try:
            before = soundness(prepared.shape, self._surface(prepared.shape, job), stance, labels)
        except EditError:
            return WHOLE
        return replace(WHOLE, standing=before.standing, complete=before.complete)

    def _context(self, text: str) -> TextContext:
        if text and not self.model.reads_text:
            raise EditError(f"{self.model.id} was not trained with text. Leave the words out.")
        try:
            return text_context(self.model, text, self._sentences)
        except TextModelError as error:
            raise EditError(str(error)) from None
