"""Writing files so that a reader never sees half of one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write all files completely next to their destination, then move them into place one after the other.

    When writing fails, whatever stood at the destinations still stands there.

    Raises
    ------
    OSError
        If a folder does not exist or cannot be written to, or the disk is full.
    """
    finished: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            # Not a tempfile: those are private (mode 600), an exported file is not.
            temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
            with open(temporary, "xb") as file:
                finished[temporary] = path
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for temporary, path in finished.items():
            os.replace(temporary, path)
    finally:
        for temporary in finished:
            with suppress(FileNotFoundError):
                temporary.unlink()
