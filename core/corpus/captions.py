"""Captions of shapes in many wordings, all true: tags, phrases, sentences, referrals, negations, requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.corpus import caption_airplanes, caption_chairs, caption_tables
from core.corpus.caption_facts import Facts, bare, pick
from core.corpus.caption_phrases import (
    draw_aspects,
    draw_noun,
    lacking_last,
    listed,
    plain_phrase,
    with_article,
)
from core.corpus.loose_captions import loose_part, loose_whole
from core.corpus.program import FAMILY_PARTS, Attribute, Program

FACTS: dict[str, Callable[[Mapping[str, Attribute]], Facts]] = {
    "chair": caption_chairs.facts_of,
    "table": caption_tables.facts_of,
    "airplane": caption_airplanes.facts_of,
}
"""What collects the facts of a shape, by its category."""

PART_CAPTION_SHARE = 0.25
"""Share of captions that speak of one part only."""

PLAIN_SHARE = 0.5
"""Share of captions in plain words; the others word the same facts more loosely."""

LONGEST_WORDS = 22
"""Longer captions would lose their end to the text model."""

_ATTEMPTS_PER_CAPTION = 12


def _whole(facts: Facts, rng: np.random.Generator) -> str:
    """One caption of the whole shape."""
    count = 1 + int(np.searchsorted([0.34, 0.66, 0.86], rng.random(), side="right"))
    chosen = draw_aspects(facts, rng, count, None)
    style = rng.random()
    clauses = [aspect for aspect in chosen if aspect in facts.says]
    if style < 0.16 and clauses:
        texts = [facts.say(rng, facts.says[aspect]) for aspect in clauses[:2]]
        return " and ".join(texts)
    lacking = [aspect for aspect in chosen if aspect in facts.lacks]
    if lacking and rng.random() < 0.5:
        return _negation(facts, lacking[0], chosen, rng)
    phrases = [plain_phrase(facts, aspect, rng) for aspect in lacking_last(facts, chosen)]
    full, short = listed(phrases), listed([bare(phrase) for phrase in phrases])
    noun = draw_noun(facts, rng, 0.3)
    forms = [
        f"{with_article(noun)} with {full}",
        f"{noun} with {full}",
        f"{noun} with {short}",
        f"the one with {full}",
        f"the {noun} with {full}",
        f"{noun} has {full}",
        f"it has {full}",
        f"this {noun} has {full}",
        f"has {full}",
        full,
        short,
        ", ".join(bare(phrase) for phrase in phrases),
    ]
    return pick(rng, forms)


def _negation(facts: Facts, lacking: str, chosen: list[str], rng: np.random.Generator) -> str:
    missing = facts.say_missing(rng, lacking)
    noun = draw_noun(facts, rng, 0.15)
    having = [plain_phrase(facts, aspect, rng) for aspect in chosen if aspect in facts.has]
    if having:
        full = listed(having)
        return pick(
            rng,
            [
                f"{with_article(noun)} with {full} but no {missing}",
                f"{noun} with {full} and without {missing}",
                f"the one with {full} and no {missing}",
                f"{full}, no {missing}",
                f"it has {full} but no {missing}",
            ],
        )
    return pick(
        rng,
        [
            f"no {missing}",
            f"without {missing}",
            f"{noun} without {missing}",
            f"{with_article(noun)} with no {missing}",
            f"the one without {missing}",
            f"{noun} has no {missing}",
            f"it does not have {missing}",
            f"{noun} doesn't have {missing}",
        ],
    )


def _part(facts: Facts, part: str, rng: np.random.Generator) -> str | None:
    """One caption of one part, or None where nothing is known about it."""
    chosen = draw_aspects(facts, rng, 1 if rng.random() < 0.6 else 2, part)
    if not chosen:
        return None
    clauses = [aspect for aspect in chosen if aspect in facts.says]
    if clauses and rng.random() < 0.25:
        return facts.say(rng, facts.says[clauses[0]])
    phrases = [plain_phrase(facts, aspect, rng) for aspect in chosen]
    return pick(
        rng,
        [
            listed([bare(phrase) for phrase in phrases]),
            bare(phrases[0]),
            phrases[0],
            listed(phrases),
            f"with {listed(phrases)}",
        ],
    )


def _tidied(text: str, rng: np.random.Generator) -> str:
    """Vary capitals and full stops the way people do."""
    style = rng.random()
    if style < 0.25:
        text = text[0].upper() + text[1:]
    return f"{text}." if style < 0.12 and text[-1] != "?" else text


@dataclass(frozen=True)
class Caption:
    """A caption and the phrases it is made of."""

    text: str
    phrases: tuple[str, ...]


def _distinct(count: int, draw: Mapping[str, float], facts: Facts, rng: np.random.Generator) -> list[Caption]:
    """Draw up to `count` different captions; `draw` maps part names (or "" for the whole) to weights."""
    names = [name for name in draw if name == "" or name in facts.part.values()]
    limits = np.cumsum([draw[name] for name in names])
    found: dict[str, Caption] = {}
    for _ in range(_ATTEMPTS_PER_CAPTION * count):
        if len(found) == count or not names:
            break
        name = names[
            min(int(np.searchsorted(limits, rng.random() * limits[-1], side="right")), len(names) - 1)
        ]
        facts.said.clear()
        plain = rng.random() < PLAIN_SHARE
        if name:
            text = (_part if plain else loose_part)(facts, name, rng)
        else:
            text = (_whole if plain else loose_whole)(facts, rng)
        if text is not None and len(text.split()) <= LONGEST_WORDS:
            lowered, tidied = text.lower(), _tidied(text, rng)
            found.setdefault(lowered, Caption(tidied, _left_in(lowered, facts.said)))
    return list(found.values())


def _left_in(text: str, said: Sequence[str]) -> tuple[str, ...]:
    """Phrases that still stand in a caption: some are drawn and then not used, or shortened."""
    left = [phrase for phrase in said if bare(phrase.removeprefix("no ")).lower() in text]
    return tuple(left or said)


def captions(program: Program, count: int, rng: np.random.Generator) -> list[str]:
    """Write `count` different true captions of a shape, as `worded` does, without their phrases."""
    return [caption.text for caption in worded(program, count, rng)]


def worded(program: Program, count: int, rng: np.random.Generator) -> list[Caption]:
    """Write `count` different true captions of a shape.

    Whole and partial descriptions, negations, sentences and tags; about a quarter speak of one part only.

    Parameters
    ----------
    program : a program of any family.
    count : number of captions; fewer are returned only where the shape offers fewer wordings.
    rng : the only source of randomness.
    """
    if count < 0:
        raise ValueError(f"cannot write {count} captions")
    parts = FAMILY_PARTS[program.category]
    share = PART_CAPTION_SHARE / len(parts)
    draw = {"": 1 - PART_CAPTION_SHARE} | dict.fromkeys(parts, share)
    return _distinct(count, draw, facts_of(program), rng)


def facts_of(program: Program) -> Facts:
    """What can truthfully be said of a shape."""
    return FACTS[program.category](program.attributes)


def part_captions(program: Program, part: str, count: int, rng: np.random.Generator) -> list[str]:
    """Write up to `count` different captions of one part (one of the family's), for edits of it alone.

    A part the shape does not have is described as missing, or not at all (empty list).
    """
    known = FAMILY_PARTS[program.category]
    if part not in known:
        raise ValueError(f"unknown part {part!r}; choose from {known}")
    return [caption.text for caption in _distinct(count, {part: 1.0}, facts_of(program), rng)]
