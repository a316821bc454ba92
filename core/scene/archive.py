"""The container of a scene file: a small zip, read with suspicion.

Nothing a file declares is believed: entries and their bytes are counted, and nothing is ever extracted to
disk under a name the file chooses.
"""

from __future__ import annotations

import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

MAX_FILE_BYTES = 512 * 2**20
MAX_ENTRIES = 64
MAX_DIRECTORY_BYTES = 64 * 2**10
MAX_RATIO = 200
"""Largest ratio of unpacked to packed bytes of entries above 1 MiB; scene files are not even compressed."""

_END_RECORD = struct.Struct("<4s4H2LH")
_EPOCH = (1980, 1, 1, 0, 0, 0)


class SceneFileError(Exception):
    """A scene file cannot be read or written; the message says why, in a sentence for the person."""


def archive_bytes(entries: Mapping[str, bytes]) -> bytes:
    """A zip of these entries, in this order, stored: the same bytes for the same entries everywhere."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = 3
            info.external_attr = 0o600 << 16
            archive.writestr(info, data)
    return buffer.getvalue()


def read_archive(path: Path, limits: Mapping[str, int]) -> dict[str, bytes]:
    """The wanted entries of a zip file, those that are there.

    Parameters
    ----------
    path : Path
    limits : mapping of str to int
        Wanted names and the most bytes each may have. Other well-formed entries are passed over.

    Raises
    ------
    SceneFileError
        If the file is missing, no zip, damaged, encrypted, or holds suspicious names, sizes or counts.
    """
    try:
        # Before opening: a pipe would block for ever.
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise SceneFileError("it is a folder." if stat.S_ISDIR(mode) else "it is not a regular file.")
        with path.open("rb") as file:
            _check_end_record(file, os.fstat(file.fileno()).st_size)
            with zipfile.ZipFile(file) as archive:
                entries = _checked_entries(archive)
                return {
                    name: _entry_bytes(archive, entries[name], limit)
                    for name, limit in limits.items()
                    if name in entries
                }
    except FileNotFoundError as error:
        raise SceneFileError("there is no such file. It may have been moved or renamed.") from error
    except PermissionError as error:
        raise SceneFileError("you have no permission to read it.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError, RuntimeError) as error:
        raise SceneFileError("it is damaged. Open another copy of it if you have one.") from error
    except OSError as error:
        raise SceneFileError(f"it cannot be read ({error.strerror or error}).") from error


def _check_end_record(file: BinaryIO, size: int) -> None:
    """Check the zip's end record before anything it declares is used."""
    broken = "it is not a Partsmith scene, or a part of it is missing. Open another copy if you have one."
    if size > MAX_FILE_BYTES:
        raise SceneFileError(f"it is larger than a scene file can be ({MAX_FILE_BYTES // 2**20} MiB).")
    if size < _END_RECORD.size:
        raise SceneFileError(broken)
    tail_size = min(size, _END_RECORD.size + 20)
    file.seek(size - tail_size)
    tail = file.read(tail_size)
    signature, disk, first_disk, here, entries, directory, _, comment = _END_RECORD.unpack(
        tail[-_END_RECORD.size :]
    )
    if signature != b"PK\x05\x06" or comment:
        raise SceneFileError(broken)
    if tail[: -_END_RECORD.size].startswith(b"PK\x06\x07"):
        raise SceneFileError("it is a zip64 archive, which no scene file is.")
    if disk or first_disk or here != entries or entries > MAX_ENTRIES or directory > MAX_DIRECTORY_BYTES:
        raise SceneFileError("it declares more entries than a scene file can have.")


def _checked_entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    entries: dict[str, zipfile.ZipInfo] = {}
    if len(archive.infolist()) > MAX_ENTRIES:
        raise SceneFileError("it declares more entries than a scene file can have.")
    for info in archive.infolist():
        name = info.orig_filename
        pieces = name.rstrip("/").split("/")
        if (
            not 0 < len(name) <= 200
            or not name.isprintable()
            or any(character in name for character in '\\:*?"<>|')
            or any(piece in ("", ".", "..") for piece in pieces)
        ):
            raise SceneFileError("it holds an entry with an unsafe name. Do not trust it.")
        if name in entries:
            raise SceneFileError(f"it holds the entry {name!r} twice. Do not trust it.")
        if info.flag_bits & (0x1 | 0x20 | 0x40):
            raise SceneFileError("it is encrypted or patched, which no scene file is.")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise SceneFileError("it is packed in a way no scene file is.")
        entries[name] = info
    return entries


def _entry_bytes(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    """Bytes of one entry, counted while reading; its checksum is verified on the way."""
    name = info.orig_filename
    if info.file_size > limit:
        raise SceneFileError(f"its entry {name!r} is larger than a scene's can be ({limit // 2**20} MiB).")
    if info.file_size > 2**20 and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        raise SceneFileError(f"its entry {name!r} unpacks to suspiciously much. Do not trust it.")
    with archive.open(info) as entry:
        data = entry.read(limit + 1)
    if len(data) != info.file_size:
        raise SceneFileError(f"its entry {name!r} is cut off. Open another copy if you have one.")
    return data
