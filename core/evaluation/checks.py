"""Geometric checks: yes-or-no questions about a shape that filled cells answer, and how far to trust them.

A check never sees the model, its latents or its part names. Each is itself measured on shapes of the corpus
whose attributes are known: `measured` gives its precision and recall, printed by
``python main.py evaluate --checks``. Checks are never used to train anything.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.corpus.program import Attribute
from core.meshing.solid import Solid

Truth = Callable[[Mapping[str, Attribute]], Attribute | None]
"""What the corpus says of a shape, from its attributes, as a truth value; None: it has no answer."""


def equals(key: str, *values: Attribute) -> Truth:
    """Whether an attribute has one of some values; a shape that lacks the attribute has none of them."""
    return lambda attributes: attributes.get(key) in values


def among(key: str, values: Collection[Attribute], others: Collection[Attribute]) -> Truth:
    """True for `values`, False for `others`, no answer for the rest."""

    def truth(attributes: Mapping[str, Attribute]) -> bool | None:
        found = attributes.get(key)
        return True if found in values else False if found in others else None

    return truth


@dataclass(frozen=True)
class Check:
    """A question about a shape's geometry.

    Attributes
    ----------
    question : what is asked, in words.
    holds : the answer, from whatever a category's `describe` makes of a solid.
    truth : the answer the corpus has.
    """

    question: str
    holds: Callable[[Any], bool]
    truth: Truth


def agree(answers: Mapping[str, bool], names: Iterable[str]) -> bool:
    """Whether all of the named checks hold; a leading "!" asks for the opposite."""
    return all(answers[name.lstrip("!")] != name.startswith("!") for name in names)


@dataclass(frozen=True)
class CheckSet:
    """All checks of a category; `describe` prepares a solid for them once."""

    describe: Callable[[Solid], Any]
    checks: Mapping[str, Check]

    def answers(self, solid: Solid, names: Iterable[str] | None = None) -> dict[str, bool]:
        """Answers by name (all checks unless `names` are given); all False for an empty solid."""
        chosen = list(self.checks if names is None else names)
        if not solid.inside.any():
            return dict.fromkeys(chosen, False)
        described = self.describe(solid)
        return {name: bool(self.checks[name].holds(described)) for name in chosen}

    def hold(self, solid: Solid, names: Iterable[str]) -> bool:
        """Whether all of the named checks hold; a leading "!" asks for the opposite."""
        wanted = list(names)
        answers = self.answers(solid, {name.lstrip("!") for name in wanted})
        return bool(solid.inside.any()) and agree(answers, wanted)


@dataclass(frozen=True)
class Reliability:
    """How a check did on shapes with a known answer (counts)."""

    true_positive: int
    false_positive: int
    false_negative: int
    true_negative: int

    @property
    def precision(self) -> float:
        """Of the shapes said to have it, the share that has it (nan if none was said to)."""
        said = self.true_positive + self.false_positive
        return self.true_positive / said if said else float("nan")

    @property
    def recall(self) -> float:
        """Of the shapes that have it, the share found (nan if none has it)."""
        has = self.true_positive + self.false_negative
        return self.true_positive / has if has else float("nan")

    @property
    def specificity(self) -> float:
        """Of the shapes without it, the share told apart (nan if all have it)."""
        lacks = self.true_negative + self.false_positive
        return self.true_negative / lacks if lacks else float("nan")


def measured(
    checks: CheckSet, shapes: Iterable[tuple[Solid, Mapping[str, Attribute]]]
) -> dict[str, Reliability]:
    """Compare the answers of every check with what the corpus knows about its shapes."""
    counts = {name: [0, 0, 0, 0] for name in checks.checks}
    for solid, attributes in shapes:
        answers = checks.answers(solid)
        for name, check in checks.checks.items():
            truth = check.truth(attributes)
            if truth is not None:
                said = answers[name]
                counts[name][(0 if said else 2) + (0 if bool(truth) == said else 1)] += 1
    return {
        name: Reliability(
            true_positive=said_right,
            false_positive=said_wrong,
            false_negative=no_wrong,
            true_negative=no_right,
        )
        for name, (said_right, said_wrong, no_right, no_wrong) in counts.items()
    }


def reliability_table(found: Mapping[str, Reliability], checks: CheckSet) -> str:
    """Markdown table: check, question, precision, recall, specificity, shapes with and without."""
    lines = [
        "| check | asks | precision | recall | specificity | with | without |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, figure in found.items():
        lines.append(
            f"| {name} | {checks.checks[name].question} | {figure.precision:.1%} | {figure.recall:.1%} "
            f"| {figure.specificity:.1%} | {figure.true_positive + figure.false_negative} "
            f"| {figure.true_negative + figure.false_positive} |"
        )
    return "\n".join(lines)
