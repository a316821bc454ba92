"""Figures of reliability: registered by name, measured one by one, written down as one table."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

MISSED, SHORT, MET, LEFT_OUT = "MISSED", "no failure, fewer trials", "met", "not measured"


@dataclass
class Outcome:
    """What was counted.

    Attributes
    ----------
    trials : int
    failures : list of str
        One sentence each.
    note : str
        What else is worth a place in the table.
    left_out : str
        Why nothing could be measured here, empty if it was.
    """

    trials: int = 0
    failures: list[str] = field(default_factory=list)
    note: str = ""
    left_out: str = ""

    def check(self, good: bool, what: str) -> None:
        """Count one trial; `what` says what went wrong if it is not good."""
        self.trials += 1
        if not good:
            self.failures.append(what)


Measure = Callable[[bool], Outcome]


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Attributes
    ----------
    name : str
    area : str
        Module it is in, for ``--only``.
    wanted : int
        Trials the target asks for.
    measure : callable
        Given whether only a quick subset is wanted; returns the `Outcome`.
    slow : bool
        Takes minutes even at few trials: left out of ``--quick``, unless ``--slow`` asks for it.
    """

    name: str
    area: str
    wanted: int
    measure: Measure
    slow: bool = False


FIGURES: list[Figure] = []


def figure(name: str, wanted: int, slow: bool = False) -> Callable[[Measure], Measure]:
    """Register a measurement under the name it has in the table."""

    def register(measure: Measure) -> Measure:
        area = measure.__module__.rsplit(".", 1)[-1]
        FIGURES.append(Figure(name, area, wanted, measure, slow))
        return measure

    return register


@dataclass(frozen=True)
class Row:
    """A measured figure."""

    figure: Figure
    outcome: Outcome
    seconds: float

    @property
    def verdict(self) -> str:
        if self.outcome.left_out:
            return LEFT_OUT
        if self.outcome.failures:
            return MISSED
        return MET if self.outcome.trials >= self.figure.wanted else SHORT


def measured(wanted: Figure, quick: bool) -> Row:
    """Measure one figure; an error of the measurement is a failure."""
    started = time.monotonic()
    try:
        outcome = wanted.measure(quick)
    except Exception:
        outcome = Outcome(1, [f"the measurement itself failed:\n{traceback.format_exc()}"])
    return Row(wanted, outcome, time.monotonic() - started)


def table(rows: list[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| figure | trials | failures | target | verdict |", "|---|---|---|---|---|"]
    for row in rows:
        name = row.figure.name + (f" ({row.outcome.note})" if row.outcome.note else "")
        verdict = row.verdict + (f": {row.outcome.left_out}" if row.outcome.left_out else "")
        cells = (
            name,
            f"{row.outcome.trials:,}",
            f"{len(row.outcome.failures):,}",
            f"0 / {row.figure.wanted:,}",
            verdict,
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
