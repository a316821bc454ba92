"""What the evaluation needs to know of a category: its corpus, its checks, its prompts.

A new category adds a file of checks, a file of prompts and an entry here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.corpus.families import family_named
from core.corpus.program import Program
from core.evaluation.chair_checks import CHAIR_CHECKS
from core.evaluation.checks import CheckSet


@dataclass(frozen=True)
class Category:
    """A category of shapes.

    Attributes
    ----------
    name : str
        As in `Program.category` and a checkpoint's card.
    checks : CheckSet
    prompts : Path
        JSON file of `core.evaluation.prompts`.
    present : mapping
        For every part name, the check that says whether such a part is there.
    """

    name: str
    checks: CheckSet
    prompts: Path
    present: Mapping[str, str]

    def make(self, seed: int) -> Program:
        """The program of a seed, of this category's corpus."""
        return family_named(self.name).make(seed)


_HERE = Path(__file__).parent

CATEGORIES: dict[str, Category] = {
    "chair": Category(
        "chair",
        CHAIR_CHECKS,
        _HERE / "prompts_chairs.json",
        {
            "seat": "seat",
            "back": "back",
            "leg": "stands",
            "base": "stands",
            "arm": "arms",
            "wheel": "wheels",
            "stretcher": "stretchers",
        },
    ),
}
"""Categories by name in the singular."""


def category_named(name: str) -> Category:
    """A category by name, in singular or plural (raises ValueError for an unknown one)."""
    key = name if name in CATEGORIES else name.removesuffix("s")
    if key not in CATEGORIES:
        raise ValueError(f"there is no evaluation for {name!r}; choose from {', '.join(CATEGORIES)}")
    return CATEGORIES[key]
