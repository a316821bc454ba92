"""Measured figures and how they are written down."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Attributes
    ----------
    what : str
        Unique; the key in the JSON file.
    unit : str
        "s", "ms" or "/s".
    values : tuple of float
        One per repetition.
    target : str
        What it should be on two CPU cores, "" if there is no target.
    """

    what: str
    unit: str
    values: tuple[float, ...]
    target: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def worst(self) -> float:
        return min(self.values) if self.unit == "/s" else max(self.values)


@dataclass
class Report:
    """All figures of one run, and the machine they are from."""

    machine: dict[str, object] = field(default_factory=dict)
    figures: list[Figure] = field(default_factory=list)

    def add(self, what: str, unit: str, values: Sequence[float], target: str = "") -> None:
        """Append a figure and print it, so that a long run shows where it is."""
        figure = Figure(what, unit, tuple(values), target)
        self.figures.append(figure)
        print(f"  {what}: {_number(figure.median)} {unit}", flush=True)

    def table(self) -> str:
        """The figures as a Markdown table."""
        lines = ["| what | median | worst | target |", "|---|---|---|---|"]
        for figure in self.figures:
            unit = f" {figure.unit}"
            cells = (figure.what, _number(figure.median) + unit, _number(figure.worst) + unit, figure.target)
            lines.append(f"| {' | '.join(cells)} |")
        return "\n".join(lines)

    def write(self, path: Path) -> None:
        """Write everything as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        figures = [
            asdict(figure) | {"median": figure.median, "worst": figure.worst} for figure in self.figures
        ]
        text = json.dumps({"machine": self.machine, "figures": figures}, indent=2, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")


def machine() -> dict[str, object]:
    """What the figures depend on."""
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        names = [
            line.split(":", 1)[1].strip()
            for line in information.read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ]
        model = names[0] if names else model
    return {"cpu": model, "cores": os.cpu_count(), "system": platform.platform(terse=True)}


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
