"""The shape families there are, by the name of their corpus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.corpus.airplanes import make_airplane
from core.corpus.chairs import make_chair
from core.corpus.program import FAMILY_PARTS, PART_NAMES, Program
from core.corpus.tables import make_table


@dataclass(frozen=True)
class Family:
    """A procedural family.

    Attributes
    ----------
    name : str
        Of the corpus, plural: "chairs".
    category : str
        Of one shape, singular: "chair".
    make : callable
        Seed -> `Program`.
    """

    name: str
    category: str
    make: Callable[[int], Program]

    @property
    def parts(self) -> tuple[str, ...]:
        """Names that parts of these shapes have."""
        return FAMILY_PARTS[self.category]

    @property
    def part_ids(self) -> tuple[int, ...]:
        """Ids of `parts` in the vocabulary of all families."""
        return tuple(PART_NAMES.index(part) for part in self.parts)


_FAMILIES = (
    Family("chairs", "chair", make_chair),
    Family("tables", "table", make_table),
    Family("airplanes", "airplane", make_airplane),
)
FAMILIES: dict[str, Family] = {family.name: family for family in _FAMILIES}


def family_named(name: str) -> Family:
    """The family of a corpus ("chairs") or category ("chair").

    Raises
    ------
    ValueError
        If there is none.
    """
    for family in FAMILIES.values():
        if name in (family.name, family.category):
            return family
    raise ValueError(f"there is no corpus of {name!r}; there are {', '.join(FAMILIES)}")
