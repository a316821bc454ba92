"""`python -m tests.benchmarks` (or `make bench`): measure, print a table, write JSON."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.timings import Report, machine

ROOT = Path(__file__).resolve().parents[2]


def measure_window_up(report: Report, repeat: int) -> None:
    """Seconds from starting a fresh process to the first painted frame, before torch is imported."""
    values = []
    for _ in range(repeat):
        started = time.time()
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.window_up"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        painted, torch_loaded = done.stdout.split()
        if torch_loaded == "True":
            raise RuntimeError("torch was imported before the window was up")
        values.append(float(painted) - started)
    report.add("window up (fresh process)", "s", values)


def main() -> int:
    """Run all measurements."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/bench.json"))
    parser.add_argument("--repeat", type=int, default=3, help="of each measurement (default: 3)")
    parser.add_argument("--checkpoint", type=Path, help="default: the shipped model")
    parser.add_argument("--device", default="auto")
    options = parser.parse_args()
    report = Report(machine())
    print(f"{report.machine['cpu']}, {report.machine['cores']} cores", flush=True)
    with tempfile.TemporaryDirectory(prefix="partsmith-bench-") as folder:
        os.environ["PARTSMITH_CONFIG_DIR"] = folder
        measure_window_up(report, options.repeat)
        from tests.benchmarks.edits import measure_edits
        from tests.benchmarks.surfaces import measure_surfaces

        measure_edits(report, options.repeat, options.checkpoint, options.device)
        measure_surfaces(report, options.repeat)
    print(f"\n{report.table()}\n")
    report.write(options.out)
    print(f"written to {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
