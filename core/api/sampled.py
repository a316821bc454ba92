"""Sampled edits of a session: they return candidates, and accepting one changes the scene."""

from __future__ import annotations

from dataclasses import replace
from typing import TypedDict, Unpack

from core.api.context import Context
from core.edits import proposals
from core.edits.job import EditError
from core.edits.naming import Parts, parts_named
from core.edits.requests import Request, Sampled
from core.edits.results import Candidate, Candidates
from core.scene.shape import Shape


class Sampling(TypedDict, total=False):
    """What all sampled edits take.

    Attributes
    ----------
    seed : int
        Of the first candidate, the others follow (default 0).
    count : int
        Candidates, 1 to 64 (default 1).
    steps, tries : int
        Denoising steps, and times a broken result is sampled again; 0 = the model's default.
    guidance : float
        Weight of the text (default 2).
    negative : str
        Negative prompt: what the result should not be like.
    """

    seed: int
    count: int
    steps: int
    tries: int
    guidance: float
    negative: str


class SampledEdits(Context):
    """Generate, complete, mix, vary, refine, edit by words; accept."""

    _accepted: tuple[Request, Shape] | None = None

    def generate(self, text: str = "", *, model: str = "", **sampling: Unpack[Sampling]) -> Candidates:
        """New shapes of a model ("" = the default one), from words or from nothing."""
        return self._sample(proposals.generate_request(text, model, _options(sampling)))

    def complete(
        self,
        shape: str | None = None,
        parts: Parts | None = None,
        *,
        text: str = "",
        resample: int = 0,
        twins: bool = True,
        **sampling: Unpack[Sampling],
    ) -> Candidates:
        """New parts in place of some; by default of the hidden ones, else of the slots the shape has lost."""
        base = self.shape(shape)
        ids = self._chosen(base, parts, twins)
        return self._sample(proposals.complete_request(base, ids, text, resample, self, _options(sampling)))

    def mix(
        self,
        shape: str | None,
        source: str,
        take: Parts,
        *,
        drop: Parts | None = None,
        strength: float = 0.1,
        **sampling: Unpack[Sampling],
    ) -> Candidates:
        """Parts of another shape in this one; `drop` goes (by default parts of the same kinds)."""
        base, other = self.shape(shape), self.shape(source)
        taken = parts_named(other, take, "take")
        dropped = None if drop is None else self._chosen(base, drop, False)
        return self._sample(proposals.mix_request(base, other, taken, dropped, strength, _options(sampling)))

    def vary(
        self,
        shape: str | None = None,
        parts: Parts | None = None,
        *,
        strength: float = 0.25,
        twins: bool = True,
        **sampling: Unpack[Sampling],
    ) -> Candidates:
        """Variations of some parts (default: all unlocked): .02-.05 mends, .1-.25 varies, .4 on replaces."""
        base = self.shape(shape)
        ids = self._chosen(base, parts, twins)
        return self._sample(proposals.vary_request(base, ids, strength, _options(sampling)))

    def refine(
        self,
        shape: str | None = None,
        parts: Parts | None = None,
        *,
        strength: float = 0.05,
        twins: bool = True,
        **sampling: Unpack[Sampling],
    ) -> Candidates:
        """The joints of some parts (default: all unlocked) mended."""
        base = self.shape(shape)
        ids = self._chosen(base, parts, twins)
        return self._sample(proposals.refine_request(base, ids, strength, _options(sampling)))

    def text_edit(
        self,
        shape: str | None,
        text: str,
        parts: Parts | None = None,
        *,
        strength: float = 1.0,
        twins: bool = True,
        **sampling: Unpack[Sampling],
    ) -> Candidates:
        """Only some parts changed (default: those the words speak of), so that the shape fits the words."""
        base = self.shape(shape)
        ids = self._chosen(base, parts, twins)
        return self._sample(proposals.text_request(base, ids, text, strength, self, _options(sampling)))

    def more_like(self, candidates: Candidates, number: int = 1, **sampling: Unpack[Sampling]) -> Candidates:
        """Variations of a candidate, to be accepted in its place; all but the seed by default as it was."""
        request = proposals.more_request(self._candidate(candidates, number), candidates.request)
        return self._sample(replace(request, **_options(sampling)))  # type: ignore[arg-type]

    def accept(self, candidates: Candidates, number: int = 1) -> Shape:
        """Put a candidate into the scene, counted from one: in place of its base, or as a new shape."""
        request = candidates.request
        known = self._accepted
        accepted = known[1] if known and proposals.alternatives(known[0], request) else None
        if reason := proposals.stale_reason(request, self.scene, accepted):
            raise EditError(f"{reason} Run the edit again.")
        shape = proposals.accepted_shape(self._candidate(candidates, number), request, self.scene)
        self.scene = proposals.with_accepted(self.scene, shape, request)
        self._accepted = (request, shape)
        return shape

    def _candidate(self, candidates: Candidates, number: int) -> Candidate:
        if not 1 <= number <= len(candidates.items):
            raise EditError(f"There are candidates 1 to {len(candidates.items)}, not {number}.")
        return candidates.items[number - 1]

    def _sample(self, request: Sampled) -> Candidates:
        return self._ask(request, Candidates)


def _options(sampling: Sampling) -> proposals.Sampling:
    """The options of a request; a script that names no seed gets 0, not a random one."""
    return {"seed": 0, "preview": False, **sampling}
