"""Writing files that belong together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from core.scene.replacing import replace_files


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Replace all these files or none (raises `core.scene.replacing.WriteError`, an OSError)."""
    replace_files(contents)
