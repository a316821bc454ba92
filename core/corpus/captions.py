"""Captions of shapes in many wordings, all true: tags, phrases, sentences, referrals, negations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from core.corpus import caption_airplanes, caption_chairs, caption_tables
from core.corpus.caption_facts import Facts
from core.corpus.program import FAMILY_PARTS, Attribute, Program

FACTS: dict[str, Callable[[Mapping[str, Attribute]], Facts]] = {
    "chair": caption_chairs.facts_of,
    "table": caption_tables.facts_of,
    "airplane": caption_airplanes.facts_of,
}
"""What collects the facts of a shape, by its category."""

PART_CAPTION_SHARE = 0.25
"""Share of captions that speak of one part only."""

_SAME_PART_CHANCE = 0.15
_ATTEMPTS_PER_CAPTION = 12


def _pick(rng: np.random.Generator, options: Sequence[str]) -> str:
    return options[int(rng.random() * len(options))]


def _bare(phrase: str) -> str:
    """Drop the article of a noun phrase."""
    for article in ("a ", "an "):
        if phrase.startswith(article):
            return phrase[len(article) :]
    return phrase


def _with_article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _listed(phrases: Sequence[str]) -> str:
    return phrases[0] if len(phrases) == 1 else ", ".join(phrases[:-1]) + " and " + phrases[-1]


def _noun(facts: Facts, rng: np.random.Generator, adjective_chance: float) -> str:
    noun = facts.nouns[0] if rng.random() < 0.45 else _pick(rng, facts.nouns)
    if facts.adjectives and rng.random() < adjective_chance:
        noun = f"{_pick(rng, facts.adjectives)} {noun}"
    return noun


def _aspects(facts: Facts, rng: np.random.Generator, count: int, part: str | None) -> list[str]:
    """Draw distinct aspects by weight; of the whole shape mostly one per part, as people describe things."""
    names = [aspect for aspect, owner in facts.part.items() if part is None or owner == part]
    # weighted order without replacement (Efraimidis and Spirakis)
    keys = {aspect: float(rng.random()) ** (1.0 / facts.weight[aspect]) for aspect in names}
    chosen: list[str] = []
    for aspect in sorted(names, key=lambda name: -keys[name]):
        if len(chosen) == count:
            break
        repeated = any(facts.part[other] == facts.part[aspect] for other in chosen)
        if part is not None or not repeated or rng.random() < _SAME_PART_CHANCE:
            chosen.append(aspect)
    return chosen


def _phrase(facts: Facts, aspect: str, rng: np.random.Generator) -> str:
    """A noun phrase that fits after "with"."""
    if aspect in facts.has:
        return _pick(rng, facts.has[aspect])
    return f"no {_pick(rng, facts.lacks[aspect])}"


def _whole(facts: Facts, rng: np.random.Generator) -> str:
    """One caption of the whole shape."""
    count = 1 + int(np.searchsorted([0.34, 0.66, 0.86], rng.random(), side="right"))
    chosen = _aspects(facts, rng, count, None)
    style = rng.random()
    clauses = [aspect for aspect in chosen if aspect in facts.says]
    if style < 0.16 and clauses:
        texts = [_pick(rng, facts.says[aspect]) for aspect in clauses[:2]]
        return " and ".join(texts)
    lacking = [aspect for aspect in chosen if aspect in facts.lacks]
    if lacking and rng.random() < 0.5:
        return _negation(facts, lacking[0], chosen, rng)
    # What is missing comes last: "no apron and stretchers" would deny both.
    chosen.sort(key=lambda aspect: aspect in facts.lacks)
    phrases = [_phrase(facts, aspect, rng) for aspect in chosen]
    listed, bare = _listed(phrases), _listed([_bare(phrase) for phrase in phrases])
    noun = _noun(facts, rng, 0.3)
    forms = [
        f"{_with_article(noun)} with {listed}",
        f"{noun} with {listed}",
        f"{noun} with {bare}",
        f"the one with {listed}",
        f"the {noun} with {listed}",
        f"{noun} has {listed}",
        f"it has {listed}",
        f"this {noun} has {listed}",
        f"has {listed}",
        listed,
        bare,
        ", ".join(_bare(phrase) for phrase in phrases),
    ]
    return _pick(rng, forms)


def _negation(facts: Facts, lacking: str, chosen: list[str], rng: np.random.Generator) -> str:
    missing = _pick(rng, facts.lacks[lacking])
    noun = _noun(facts, rng, 0.15)
    having = [_phrase(facts, aspect, rng) for aspect in chosen if aspect in facts.has]
    if having:
        listed = _listed(having)
        return _pick(
            rng,
            [
                f"{_with_article(noun)} with {listed} but no {missing}",
                f"{noun} with {listed} and without {missing}",
                f"the one with {listed} and no {missing}",
                f"{listed}, no {missing}",
                f"it has {listed} but no {missing}",
            ],
        )
    return _pick(
        rng,
        [
            f"no {missing}",
            f"without {missing}",
            f"{noun} without {missing}",
            f"{_with_article(noun)} with no {missing}",
            f"the one without {missing}",
            f"{noun} has no {missing}",
            f"it does not have {missing}",
            f"{noun} doesn't have {missing}",
        ],
    )


def _part(facts: Facts, part: str, rng: np.random.Generator) -> str | None:
    """One caption of one part, or None where nothing is known about it."""
    chosen = _aspects(facts, rng, 1 if rng.random() < 0.6 else 2, part)
    if not chosen:
        return None
    clauses = [aspect for aspect in chosen if aspect in facts.says]
    if clauses and rng.random() < 0.25:
        return _pick(rng, facts.says[clauses[0]])
    phrases = [_phrase(facts, aspect, rng) for aspect in chosen]
    return _pick(
        rng,
        [
            _listed([_bare(phrase) for phrase in phrases]),
            _bare(phrases[0]),
            phrases[0],
            _listed(phrases),
            f"with {_listed(phrases)}",
        ],
    )


def _tidied(text: str, rng: np.random.Generator) -> str:
    """Vary capitals and full stops the way people do."""
    style = rng.random()
    if style < 0.25:
        text = text[0].upper() + text[1:]
    return f"{text}." if style < 0.12 else text


def _distinct(count: int, draw: Mapping[str, float], facts: Facts, rng: np.random.Generator) -> list[str]:
    """Draw up to `count` different captions; `draw` maps part names (or "" for the whole) to weights."""
    names = [name for name in draw if name == "" or name in facts.part.values()]
    limits = np.cumsum([draw[name] for name in names])
    found: dict[str, str] = {}
    for _ in range(_ATTEMPTS_PER_CAPTION * count):
        if len(found) == count or not names:
            break
        name = names[
            min(int(np.searchsorted(limits, rng.random() * limits[-1], side="right")), len(names) - 1)
        ]
        text = _part(facts, name, rng) if name else _whole(facts, rng)
        if text is not None:
            found.setdefault(text.lower(), _tidied(text, rng))
    return list(found.values())


def captions(program: Program, count: int, rng: np.random.Generator) -> list[str]:
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
    return _distinct(count, draw, FACTS[program.category](program.attributes), rng)


def part_captions(program: Program, part: str, count: int, rng: np.random.Generator) -> list[str]:
    """Write up to `count` different captions of one part (one of the family's), for edits of it alone.

    A part the shape does not have is described as missing, or not at all (empty list).
    """
    known = FAMILY_PARTS[program.category]
    if part not in known:
        raise ValueError(f"unknown part {part!r}; choose from {known}")
    return _distinct(count, {part: 1.0}, FACTS[program.category](program.attributes), rng)
