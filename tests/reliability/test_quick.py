"""The quick subset of every figure: `python -m tests.reliability --quick`, in a process of its own."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reliability.__main__ import AREAS
from tests.reliability.figures import FIGURES, MET, MISSED, SHORT, Figure, Outcome, measured, table

for _area in AREAS:
    importlib.import_module(f"tests.reliability.{_area}")


@pytest.fixture(scope="module")
def found(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """Rows of the quick run by the name of the figure."""
    out = tmp_path_factory.mktemp("reliability") / "rows.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.reliability", "--quick", "--out", str(out)],
        cwd=root,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert out.exists(), done.stdout + done.stderr
    return {row["figure"]: row for row in json.loads(out.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("figure", [known for known in FIGURES if not known.slow], ids=lambda it: it.name)
def test_nothing_fails(figure: Figure, found: dict[str, dict]) -> None:
    row = found[figure.name]
    assert row["failures"] == []
    assert row["trials"] > 0 or row["left_out"]


def test_the_table_says_what_was_missed() -> None:
    outcomes = {MET: Outcome(10), SHORT: Outcome(9), MISSED: Outcome(20, ["broken"])}

    def fail(_quick: bool) -> Outcome:
        raise RuntimeError("the measurement is broken")

    for verdict, outcome in outcomes.items():
        row = measured(Figure("a figure", "here", 10, lambda quick, it=outcome: it), True)
        assert row.verdict == verdict
        assert table([row]).splitlines()[-1].endswith(f"| 0 / 10 | {verdict} |")
    broken = measured(Figure("a figure", "here", 10, fail), True)
    assert broken.verdict == MISSED
    assert "the measurement is broken" in broken.outcome.failures[0]
    left_out = measured(Figure("a figure", "here", 10, lambda quick: Outcome(left_out="no such disk")), True)
    assert "not measured: no such disk" in table([left_out])
