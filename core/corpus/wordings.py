"""Looser wordings of facts: how different people put the same thing, kept apart from the plain wordings."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Wordings:
    """More ways to say one fact; every one is true of every shape that has it.

    `has` holds noun phrases that fit after "a chair with", `says` whole clauses, `tags` fragments that stand
    alone, `nouns` words for the whole thing, `adjectives` what fits in front of any of them. "{word}" and
    "{count}" stand for a number, as a word and in digits.
    """

    has: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()

    def everything(self) -> list[str]:
        """All texts, of every kind."""
        return [text for field in fields(self) for text in getattr(self, field.name)]


Groups = dict[str, dict[str, Wordings]]
"""Wordings by what they are about and by what is the case; the values of one group exclude each other."""


def wordings(
    has: str = "", says: str = "", tags: str = "", nouns: str = "", adjectives: str = ""
) -> Wordings:
    """Read wordings from texts that separate them by bars; line breaks do not matter."""
    texts = (has, says, tags, nouns, adjectives)
    return Wordings(
        *(tuple(" ".join(one.split()) for one in text.split("|") if one.strip()) for text in texts)
    )


def filled(texts: tuple[str, ...], word: str, count: int) -> list[str]:
    """Put a number in its places."""
    return [text.replace("{word}", word).replace("{count}", str(count)) for text in texts]
