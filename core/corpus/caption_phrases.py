"""Drawing nouns, aspects and phrases from facts: what every kind of caption is made of."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from core.corpus.caption_facts import Facts, bare

_SAME_PART_CHANCE = 0.15
_FIRST_NOUN_CHANCE = 0.45
_LOOSE_NOUN_CHANCE = 0.5
_LOOSE_CHANCE = 0.7
_AN = re.compile(r"(?!one\b|once|uni(?!n)|us[aeu]|util|eu|Eu)[aeiouAEIOX]|[AEFHILMNORSX][-\d]")


def with_article(noun: str) -> str:
    return f"an {noun}" if _AN.match(noun) else f"a {noun}"


def listed(phrases: Sequence[str]) -> str:
    return phrases[0] if len(phrases) == 1 else ", ".join(phrases[:-1]) + " and " + phrases[-1]


def draw_noun(facts: Facts, rng: np.random.Generator, adjective_chance: float, loose: bool = False) -> str:
    """A word for the whole thing, sometimes with an adjective; `loose` ones half of the time if asked for."""
    nouns, adjectives = facts.nouns, facts.adjectives
    if loose:
        adjectives = adjectives + facts.loose_adjectives
    if loose and facts.loose_nouns and rng.random() < _LOOSE_NOUN_CHANCE:
        noun = facts.say(rng, facts.loose_nouns)
    else:
        noun = facts.note(nouns[0]) if rng.random() < _FIRST_NOUN_CHANCE else facts.say(rng, nouns)
    if adjectives and rng.random() < adjective_chance:
        adjective = facts.say(rng, adjectives)
        if not loose or adjective not in noun:
            noun = f"{adjective} {noun}"
    return noun


def draw_aspects(facts: Facts, rng: np.random.Generator, count: int, part: str | None) -> list[str]:
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


def lacking_last(facts: Facts, aspects: Sequence[str]) -> list[str]:
    """What is missing comes last: "no apron and stretchers" would deny both."""
    return sorted(aspects, key=lambda aspect: aspect in facts.lacks)


def plain_phrase(facts: Facts, aspect: str, rng: np.random.Generator) -> str:
    """A noun phrase that fits after "with"."""
    if aspect in facts.has:
        return facts.say(rng, facts.has[aspect])
    return f"no {facts.say_missing(rng, aspect)}"


def loose_phrase(facts: Facts, aspect: str, rng: np.random.Generator) -> str:
    """A noun phrase that fits after "with", mostly one of the looser wordings."""
    more = facts.loose.get(aspect)
    if more and more.has and rng.random() < _LOOSE_CHANCE:
        return facts.say(rng, more.has)
    return plain_phrase(facts, aspect, rng)


def loose_clause(facts: Facts, aspect: str, rng: np.random.Generator) -> str:
    """A whole clause, mostly one of the looser wordings."""
    more = facts.loose.get(aspect)
    if more and more.says and rng.random() < _LOOSE_CHANCE:
        return facts.say(rng, more.says)
    if aspect in facts.says and rng.random() < _LOOSE_CHANCE:
        return facts.say(rng, facts.says[aspect])
    return f"it has {loose_phrase(facts, aspect, rng)}"


def loose_tag(facts: Facts, aspect: str, rng: np.random.Generator) -> str:
    """A fragment that stands alone."""
    more = facts.loose.get(aspect)
    if more and more.tags and rng.random() < _LOOSE_CHANCE:
        return facts.say(rng, more.tags)
    return bare(loose_phrase(facts, aspect, rng))
