"""The program of the reading process: `python -m core.published.reader KIND SOURCE TARGET`.

It limits itself before it looks at the file: memory, processor time, size of what it writes, no child
processes, and an audit hook that lets it open the source and the target and nothing else. It prints one JSON
object: what was found, or why the file is refused.
"""

from __future__ import annotations

import codecs
import json
import os
import resource
import sys
from pathlib import Path

from safetensors.numpy import save_file

from core.published import hdf5_files
from core.published.plain_pickle import RefusedFileError
from core.published.torch_files import read_settings, read_state

MEMORY = 1 << 30
"""Address space beside a multiple of the file, bytes: the interpreter and its libraries need most of it."""
MEMORY_PER_BYTE = 4
SECONDS = 60
"""Processor time beside a second for every 5 MB."""

FORBIDDEN = (
    "socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.spawn", "pty.",
    "ctypes.", "os.remove", "os.rename", "os.link", "os.symlink", "os.mkdir", "os.rmdir", "os.chmod",
    "os.chown", "os.putenv", "shutil.", "pickle.", "marshal.", "urllib.", "ftplib.", "http.", "webbrowser.",
)  # fmt: skip
"""Audit events that mean the process does what reading a file never needs."""


ENCODINGS = ("ascii", "latin-1", "utf-8", "cp437", "raw-unicode-escape", "unicode-escape")
"""Loaded before the process confines itself: names in zip files and texts in pickles are written in them."""


def confine(source: Path, target: Path) -> None:
    """Limit this process for good."""
    for name in ENCODINGS:
        codecs.lookup(name)
    size = source.stat().st_size
    seconds = SECONDS + size // 5_000_000
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY + MEMORY_PER_BYTE * size),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 2 * size + (1 << 20)),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        wanted = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(what, (wanted, wanted))
    allowed = {os.fsencode(source), os.fsencode(target)}

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event.startswith(FORBIDDEN):
            raise RefusedFileError(f"reading it would have meant {event}")
        if event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
            if os.fsencode(arguments[0]) not in allowed:
                raise RefusedFileError("reading it would have meant opening another file")

    sys.addaudithook(watch)


def read(kind: str, source: Path, target: Path) -> dict[str, object]:
    """Read a file of a kind; arrays go to `target` as safetensors, the rest is returned."""
    if kind == "settings":
        return {"settings": read_settings(source)}
    if kind == "shapes":
        return {"shapes": hdf5_files.copy_shapes(source, target)}
    arrays = read_state(source) if kind == "state" else hdf5_files.read_statistics(source)
    save_file(arrays, target)
    return {"tensors": len(arrays)}


def main(arguments: list[str]) -> int:
    """Read one file; returns 0, or 1 if it was refused."""
    kind, source, target = arguments[0], Path(arguments[1]), Path(arguments[2])
    target.touch()
    answer: dict[str, object]
    try:
        confine(source, target)
        answer = read(kind, source, target)
    except RefusedFileError as error:
        answer = {"refused": str(error)}
    except MemoryError:
        answer = {"refused": "reading it needs far more memory than its size explains"}
    except RecursionError:
        answer = {"refused": "its values are nested without end"}
    sys.stdout.write(json.dumps(answer))
    return 1 if "refused" in answer else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
