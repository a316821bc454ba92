"""`python -m tests.reliability` (or `make reliability`): measure all figures, print one table."""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import os
import sys
import tempfile
from pathlib import Path

from tests.reliability.figures import FIGURES, MISSED, Row, measured, table

AREAS = (
    "saving", "failing_disk", "recovery", "killed_editing", "attacks", "hostile", "published_folders",
    "editing", "model_output", "jobs", "starting", "monkey",
)  # fmt: skip
SHOWN = 5
"""Failures of a figure that are printed."""


def main() -> int:
    """Measure; the exit code is 1 if a target was missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small number of trials of each, in seconds")
    parser.add_argument("--slow", action="store_true", help="only figures that --quick leaves out")
    parser.add_argument("--only", help=f"some areas, separated by commas: {', '.join(AREAS)}")
    parser.add_argument("--out", type=Path, default=Path("out/reliability.json"))
    options = parser.parse_args()
    wanted = options.only.split(",") if options.only else list(AREAS)
    if unknown := set(wanted) - set(AREAS):
        parser.error(f"no such area: {', '.join(sorted(unknown))}")
    rows: list[Row] = []
    # What is broken on purpose logs warnings; the table says what matters.
    logging.getLogger().addHandler(logging.NullHandler())
    with tempfile.TemporaryDirectory(prefix="partsmith-reliability-") as folder:
        os.environ["PARTSMITH_CONFIG_DIR"] = str(Path(folder) / "config")
        for area in wanted:
            importlib.import_module(f"tests.reliability.{area}")
            for figure in [known for known in FIGURES if known.area == area]:
                if figure.slow != options.slow if options.slow else options.quick and figure.slow:
                    continue
                row = measured(figure, options.quick)
                rows.append(row)
                print(f"  {figure.name}: {row.verdict}, {row.seconds:.1f} s", flush=True)
                for failure in row.outcome.failures[:SHOWN]:
                    print(f"    {failure}", flush=True)
    print(f"\n{table(rows)}\n")
    write(rows, options.out)
    return 1 if any(row.verdict == MISSED for row in rows) else 0


def write(rows: list[Row], path: Path) -> None:
    """Write the rows as JSON, with every failure."""
    records = [
        {
            "figure": row.figure.name,
            "area": row.figure.area,
            "trials": row.outcome.trials,
            "wanted": row.figure.wanted,
            "failures": row.outcome.failures,
            "note": row.outcome.note,
            "left_out": row.outcome.left_out,
            "verdict": row.verdict,
            "seconds": round(row.seconds, 2),
        }
        for row in rows
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(records, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
