"""Phrases that are true of one shape, one group per aspect."""

from __future__ import annotations

from dataclasses import dataclass, field

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
    aspect, and its nouns and adjectives say the same less plainly.
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

    def name(self, source: Wordings) -> None:
        """Note looser words for the whole thing."""
        self.loose_nouns += source.nouns
        self.loose_adjectives += source.adjectives
