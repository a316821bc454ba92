"""The tiny checkpoint of the tests: the real classes, small and really trained (see tests/data/README.md)."""

from __future__ import annotations

import shutil
from pathlib import Path

TINY_CHECKPOINT = Path(__file__).parent / "data" / "tiny_checkpoint"


def make_tiny_checkpoint(folder: Path) -> Path:
    """Copy the tiny checkpoint into `folder` (which may exist), for tests that change or damage it."""
    shutil.copytree(TINY_CHECKPOINT, folder, dirs_exist_ok=True)
    return folder
