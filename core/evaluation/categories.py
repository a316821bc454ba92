"""What the evaluation needs to know of a category: its corpus, its checks, its prompts.

A new category adds a file of checks, a file of prompts and an entry here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.corpus.families import family_named
from core.corpus.program import Program
from core.evaluation.airplane_checks import AIRPLANE_CHECKS
from core.evaluation.airplane_wing import flies
from core.evaluation.chair_checks import CHAIR_CHECKS
from core.evaluation.checks import CheckSet
from core.evaluation.table_checks import TABLE_CHECKS, table_stands
from core.meshing.solid import Solid, stands


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
    supported : callable
        Whether a solid is held up as things of the category are.
    """

    name: str
    checks: CheckSet
    prompts: Path
    present: Mapping[str, str]
    supported: Callable[[Solid], bool] = stands

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
    "table": Category(
        "table",
        TABLE_CHECKS,
        _HERE / "prompts_tables.json",
        {
            "top": "top",
            "leg": "stands",
            "base": "stands",
            "wheel": "wheels",
            "stretcher": "stretchers",
            "shelf": "shelf",
            "drawer": "drawers",
            "panel": "boards",
        },
        table_stands,
    ),
    "airplane": Category(
        "airplane",
        AIRPLANE_CHECKS,
        _HERE / "prompts_airplanes.json",
        {
            "fuselage": "fuselage",
            "wing": "wings",
            "tail": "tail",
            "engine": "engines",
            "propeller": "propellers",
            "gear": "gear",
            "float": "floats",
        },
        flies,
    ),
}
"""Categories by name in the singular."""


def category_named(name: str) -> Category:
    """A category by name, in singular or plural (raises ValueError for an unknown one)."""
    for category in CATEGORIES.values():
        if name in (category.name, f"{category.name}s"):
            return category
    known = ", ".join(f"{category}s" for category in CATEGORIES)
    raise ValueError(f"there is no evaluation for {name!r}; choose from {known}")
