"""Training log: one JSON object a line, beside a progress bar."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TextIO

from tqdm import tqdm

from core.training import parallel


class RunLog:
    """Appends to ``<folder>/log.jsonl`` and keeps one progress bar on stderr up to date."""

    def __init__(self, folder: Path, total: int, start: int, title: str) -> None:
        self._file: TextIO | None = None
        if parallel.first():
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / "log.jsonl"
            torn = path.exists() and path.read_bytes()[-1:] not in (b"", b"\n")
            self._file = path.open("a", encoding="utf-8")
            if torn:
                # A process that was killed has left half a line.
                self._file.write("\n")
        quiet = not sys.stderr.isatty() or not parallel.first()
        self._bar = tqdm(total=total, initial=start, desc=title, disable=quiet, dynamic_ncols=True)

    def advance(self, **shown: float) -> None:
        """One step further; `shown` numbers stand beside the bar."""
        self._bar.update(1)
        if shown:
            self._bar.set_postfix({key: f"{value:.4g}" for key, value in shown.items()})

    def write(self, **values: object) -> None:
        """Append one line (time added)."""
        if self._file is not None:
            self._file.write(json.dumps({"time": round(time.time(), 1), **values}) + "\n")
            self._file.flush()

    def eta(self, fraction: float, begun: float, start: float) -> float:
        """Seconds left at `fraction` of the run, of which `start` was done at the monotonic time `begun`."""
        done = fraction - start
        return round((1 - fraction) * (time.monotonic() - begun) / done) if done > 1e-6 else 0.0

    def close(self) -> None:
        self._bar.close()
        if self._file is not None:
            self._file.close()
