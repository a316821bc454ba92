"""Looser wordings of facts: how different people put the same thing, kept apart from the plain wordings.

The wordings themselves are data: one TOML file per kind of part, ``[group.value]`` with one wording a line.
"""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

FOLDER = Path(__file__).parent


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


@functools.cache
def read_wordings(name: str) -> Groups:
    """The wordings of one file of this folder.

    Raises
    ------
    TypeError
        If a table has a key that is none of the kinds of `Wordings`.
    """
    tables = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
    return {
        group: {
            value: Wordings(**{kind: tuple(text.split("\n")[:-1]) for kind, text in texts.items()})
            for value, texts in values.items()
        }
        for group, values in tables.items()
    }


def filled(texts: tuple[str, ...], word: str, count: int) -> list[str]:
    """Put a number in its places."""
    return [text.replace("{word}", word).replace("{count}", str(count)) for text in texts]
