"""The search for candidates: a seed is sampled until something sound that fits the words comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import torch

from core.checkpoints.loading import Checkpoint
from core.edits.drafts import can_draft, fittest, promising, seed_of_try
from core.edits.job import EditError, Job
from core.edits.memory import Portion
from core.edits.model_info import ModelInfo
from core.edits.preparation import Prepared
from core.edits.requests import Generate, Sampled
from core.edits.sampled_shapes import Edit, edited, generated
from core.edits.soundness import WHOLE, Soundness, always_there, soundness
from core.edits.watching import watcher
from core.edits.word_fit import WordFit
from core.meshing.solid import STANCES
from core.pipelines.guidance import Guidance
from core.pipelines.sampling import Noise
from core.scene.shape import FloatArray, Mesh, Shape

DEFAULT_TRIES = 4
"""Times a seed is sampled until something sound that fits the words comes of it; most do at once."""
WORD_TRIES = 2
"""Tries of an edit after which what is sound is shown although it misses the words: a person waits for it."""
DRAFTED = 0.5
"""Share of the time until the surfaces that drafts take."""
VARIANTS = 3
"""Times a try of an edit by words is sampled; the one that fits them best gets a surface."""
BEGUN, DONE = 0.02, 0.95
"""Share of a job before and after the search."""

Replay = tuple[FloatArray, ...]


@dataclass(frozen=True, eq=False)
class Found:
    """What came of one try: a shape, its surface, how it came about, and how sound it is."""

    soundness: Soundness
    shape: Shape
    mesh: Mesh
    replay: Replay


@dataclass(frozen=True, eq=False)
class Means:
    """What a search samples and looks with.

    Attributes
    ----------
    model : Checkpoint
    info : ModelInfo
        Of the same model.
    device : torch.device
    portion : Portion
        How much is computed at once.
    surface : callable
        Surface of a shape, as candidates show it; raises EditError if it is empty.
    """

    model: Checkpoint
    info: ModelInfo
    device: torch.device
    portion: Portion
    surface: Callable[[Shape, Job], Mesh]


class Search:
    """The tries of one request.

    Parameters
    ----------
    means : Means
    request : Sampled
    prepared : Prepared or None
        The edit; None for whole shapes.
    guidance : Guidance
    fit : WordFit or None
        Scores proposals against the words, where there are words and a model that can.
    seeds : list of int
        One for each candidate.
    steps : int
        Denoising steps of each phase.
    job : Job
    """

    def __init__(
        self,
        means: Means,
        request: Sampled,
        prepared: Prepared | None,
        guidance: Guidance,
        fit: WordFit | None,
        seeds: list[int],
        steps: int,
        job: Job,
    ) -> None:
        self._means = means
        self._request = request
        self._prepared = prepared
        self._guidance = guidance
        self._fit = fit
        self._seeds = seeds
        self._steps = steps
        self._job = job
        raw = prepared is not None and prepared.strength == 0.0  # a raw mix: nothing is sampled
        self._tries = 1 if raw else request.tries or DEFAULT_TRIES
        self._stance = STANCES.get(means.info.category)
        self._labels = always_there(means.info.slot_shares)
        if prepared is not None:  # what a person has deleted need not come back
            had = {part.label for part in prepared.shape.parts}
            self._labels = tuple(label for label in self._labels if label in had)
        chooses = fit is not None and self._tries > 1
        self._drafts = chooses and prepared is None and can_draft(means.model)
        self._each = VARIANTS if chooses and prepared is not None else 1
        self._wanted = WHOLE
        self._best: dict[int, Found] = {}
        self._open = list(range(len(seeds)))

    def settled(self) -> Iterator[tuple[int, Found]]:
        """For every seed its place and the first sound thing that came of it, else the best; as they come.

        Raises
        ------
        EditError
            If all tries of a seed come out empty.
        """
        begun = BEGUN
        for attempt in range(self._tries):
            last = attempt == self._tries - 1
            end = DONE if last else begun + 0.7 * (DONE - begun)
            middle = begun + 0.6 * (end - begun)
            rows = tuple(self._open)
            shapes, replays = self._sample(attempt, begun, middle)
            for index, row in enumerate(rows):
                share = (end - middle) / len(rows)
                self._job.span(middle + index * share, middle + (index + 1) * share)
                self._look(row, shapes[index], replays[index], last)
                yield from self._settle([row], last)
            if self._open and self._prepared is not None:
                self._job.span(end, end)
                self._demand_less(attempt)
                yield from self._settle(list(self._open))
            if not self._open:
                return
            begun = end

    def _settle(self, rows: list[int], last: bool = False) -> Iterator[tuple[int, Found]]:
        """Those of the open rows that have what is wanted, in the last try all; they are no longer open."""
        for row in rows:
            if row in self._best and (last or self._best[row].soundness.meets(self._wanted)):
                self._open.remove(row)
                yield row, self._best[row]

    def _look(self, row: int, shape: Shape, replay: Replay, last: bool) -> None:
        """Judge what was sampled for a row by its surface, and keep it if it is the best so far."""
        try:
            mesh = self._means.surface(shape, self._job)
        except EditError:
            if last and row not in self._best:
                raise
            return
        found = Found(soundness(shape, mesh, self._stance, self._labels, self._fit), shape, mesh, replay)
        if row not in self._best or found.soundness > self._best[row].soundness:
            self._best[row] = found

    def _demand_less(self, attempt: int) -> None:
        """What an edit cannot mend is no reason to try again, nor are words for ever."""
        if attempt == 0 and self._tries > 1:
            self._wanted = self._as_before()
        if attempt + 1 == WORD_TRIES:
            self._wanted = replace(self._wanted, fit=float("-inf"))

    def _as_before(self) -> Soundness:
        """What an edit must not break."""
        prepared = self._prepared
        assert prepared is not None
        if prepared.strength >= 1.0 or (self._stance is None and not self._labels):
            return WHOLE
        try:
            mesh = self._means.surface(prepared.shape, self._job)
        except EditError:
            return WHOLE
        before = soundness(prepared.shape, mesh, self._stance, self._labels)
        return replace(WHOLE, standing=before.standing, complete=before.complete)

    def _sample(self, attempt: int, begun: float, end: float) -> tuple[list[Shape], list[Replay]]:
        """A shape for every open row; progress goes from `begun` to `end`."""
        chosen = [self._seeds[row] for row in self._open]
        if self._drafts:
            assert self._fit is not None
            middle = begun + DRAFTED * (end - begun)
            self._job.span(begun, middle)
            means, at_once = self._means, self._means.portion.candidates
            noises = promising(means.model, self._guidance, self._fit, chosen, attempt, at_once, self._job)
            begun = middle
        else:
            numbers = range(self._each * attempt, self._each * (attempt + 1))
            noises = [seed_of_try(seed, number) for seed in chosen for number in numbers]
        named = [seed for seed in chosen for _ in range(self._each)]
        shapes, replays = self._denoised(noises, named, attempt == 0, begun, end)
        if self._each > 1 and self._fit is not None:
            likely = fittest(self._fit, shapes, self._each)
            return [shapes[row] for row in likely], [replays[row] for row in likely]
        return shapes, replays

    def _denoised(
        self, noises: list[int], seeds: list[int], watched: bool, begun: float, end: float
    ) -> tuple[list[Shape], list[Replay]]:
        """A shape, and how it came about, from the noise of every one of `noises`, told to be of `seeds`.

        Only the first batch of a try that is `watched` shows previews.
        """
        shapes: list[Shape] = []
        replays: list[Replay] = []
        means, request, prepared = self._means, self._request, self._prepared
        size = means.portion.candidates or len(noises)
        while len(shapes) < len(noises):
            first = len(shapes)
            batch = seeds[first : first + size]
            share = (end - begun) / len(noises)
            self._job.span(begun + share * first, begun + share * (first + len(batch)))
            preview = request.preview and watched and first == 0
            noise = Noise(noises[first : first + size], means.device)
            record: list[FloatArray] | None = [] if request.preview else None
            on_step = watcher(means.model, self._job, preview, prepared, record, means.portion.points)
            how = (self._guidance, noise, batch, self._steps, on_step)
            if prepared is None:
                assert isinstance(request, Generate)
                shapes += generated(means.model, request, *how)
            else:
                assert isinstance(request, Edit)
                shapes += edited(means.model, request, prepared, *how)
            replays += [tuple(frame[index] for frame in record or ()) for index in range(len(batch))]
        return shapes, replays
