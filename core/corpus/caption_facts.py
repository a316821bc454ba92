"""Phrases that are true of one shape, one group per aspect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from core.corpus.wordings import Wordings, filled

COUNT_WORDS = {
    1: "one",
    2: "two",
    3: "three",
    4: "four",
    5: "five",
    6: "six",
    7: "seven",
    8: "eight",
    9: "nine",
}

LACK_WEIGHT = 0.3
"""How often what is missing is mentioned, relative to what is there."""


def pick(rng: np.random.Generator, options: Sequence[str]) -> str:
    return options[int(rng.random() * len(options))]


def bare(phrase: str) -> str:
    """Drop the article of a noun phrase."""
    for article in ("a ", "an "):
        if phrase.startswith(article):
            return phrase[len(article) :]
    return phrase


@dataclass
class Loose:
    """Looser wordings of one aspect: noun phrases, clauses and fragments, as in `Wordings`."""

    has: list[str] = field(default_factory=list)
    says: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


@dataclass
class Facts:
    """Phrases about one shape, by aspect.

    `has` holds noun phrases that fit after "a chair with"; `lacks` bare nouns that fit after "no" and
    "without"; `says` whole clauses. `part` tells which part name an aspect belongs to, `weight` how often it
    comes up. `nouns` are words for the whole thing, `adjectives` fit in front of any of them. `loose`, by
    aspect, and its nouns and adjectives say the same less plainly. `said` collects the phrases that were
    drawn since it was last emptied: a caption is true of every shape that all its phrases are true of.
    `maybe` holds phrases that are never said of the shape, though some people might.
    """

    nouns: list[str] = field(default_factory=lambda: ["chair"])
    adjectives: list[str] = field(default_factory=list)
    has: dict[str, list[str]] = field(default_factory=dict)
    lacks: dict[str, list[str]] = field(default_factory=dict)
    says: dict[str, list[str]] = field(default_factory=dict)
    part: dict[str, str] = field(default_factory=dict)
    weight: dict[str, float] = field(default_factory=dict)
    loose: dict[str, Loose] = field(default_factory=dict)
    loose_nouns: list[str] = field(default_factory=list)
    loose_adjectives: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    maybe: set[str] = field(default_factory=set)

    def note(self, phrase: str) -> str:
        """Note that a phrase was used."""
        self.said.append(phrase)
        return phrase

    def say(self, rng: np.random.Generator, options: Sequence[str]) -> str:
        """Draw a phrase, and note it."""
        return self.note(pick(rng, options))

    def say_missing(self, rng: np.random.Generator, aspect: str) -> str:
        """Draw a noun for what is missing, and note that it is."""
        missing = pick(rng, self.lacks[aspect])
        self.said.append(f"no {missing}")
        return missing

    def true_phrases(self) -> set[str]:
        """Every phrase that may be noted of this shape."""
        loose = self.loose.values()
        groups: Iterator[list[str]] = chain(
            (self.nouns, self.adjectives, self.loose_nouns, self.loose_adjectives),
            self.has.values(),
            self.says.values(),
            *((one.has, one.says, one.tags) for one in loose),
        )
        missing = (f"no {noun}" for nouns in self.lacks.values() for noun in nouns)
        return {*chain.from_iterable(groups), *missing}

    def add(
        self, part: str, aspect: str, has: list[str], says: list[str] | None = None, weight: float = 1.0
    ) -> None:
        """Note something the chair has; `weight` says how often people would mention it."""
        self.part[aspect] = part
        self.weight[aspect] = weight
        self.has.setdefault(aspect, []).extend(has)
        if says:
            self.says.setdefault(aspect, []).extend(says)

    def deny(self, part: str, aspect: str, nouns: list[str], says: list[str] | None = None) -> None:
        """Note something the chair does not have."""
        self.part[aspect] = part
        self.weight[aspect] = LACK_WEIGHT
        self.lacks.setdefault(aspect, []).extend(nouns)
        if says:
            self.says.setdefault(aspect, []).extend(says)

    def more(self, aspect: str, source: Wordings, count: int = 0) -> None:
        """Note looser wordings of something already noted; `count` is the number they speak of."""
        if aspect not in self.part:
            raise ValueError(f"nothing is known of {aspect!r} yet")
        word = COUNT_WORDS.get(count, "")
        loose = self.loose.setdefault(aspect, Loose())
        loose.has += filled(source.has, word, count)
        loose.says += filled(source.says, word, count)
        loose.tags += filled(source.tags, word, count)
        self.loose_nouns += filled(source.nouns, word, count)
        self.loose_adjectives += filled(source.adjectives, word, count)

    def may_be(self, *sources: Wordings, plain: Sequence[str] = (), count: int = 0) -> None:
        """Note what is not said of the shape, but might be; `count` is the number it speaks of."""
        texts = tuple(text for source in sources for text in source.everything())
        self.maybe.update(filled(texts, COUNT_WORDS.get(count, ""), count), plain)

    def name(self, source: Wordings) -> None:
        """Note looser words for the whole thing."""
        self.loose_nouns += source.nouns
        self.loose_adjectives += source.adjectives
