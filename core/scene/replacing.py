"""Replacing files: afterwards the old content is there or the new one, whole, whatever happens in between.

The order is always the same: temporary file in the same folder, write, fsync, re-open and verify, keep the
old file as backup, replace, fsync the folder. Each step is one call into `os`, so tests can make every single
one fail, or the process die at it.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import secrets
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

log = logging.getLogger(__name__)

Verify = Callable[[Path], None]

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is used up",
    errno.EACCES: "you have no permission to write there",
    errno.EPERM: "you have no permission to write there",
    errno.EROFS: "the disk is read-only",
    errno.EIO: "the disk reported an error",
}


class WriteError(OSError):
    """Files were not replaced; the message says why. What was there before still is."""


class NotWrittenError(Exception):
    """What was written does not read back; raised by `Verify` functions."""


def backup_path(path: Path) -> Path:
    """Where the file that was replaced last is kept: ``chair.partsmith~``."""
    return path.with_name(path.name + "~")


def replace_files(contents: Mapping[Path, bytes], verify: Verify | None = None, backup: bool = False) -> None:
    """Replace all these files or leave all of them as they were.

    Links are followed and permissions of existing files kept.

    Parameters
    ----------
    contents : mapping of Path to bytes
    verify : callable, optional
        Given each temporary file after its bytes were read back and compared; raises `NotWrittenError`.
    backup : bool
        Keep the file that is replaced, under `backup_path`.

    Raises
    ------
    WriteError
        If anything fails; no file has changed (a backup may have been renewed).
    """
    targets = {Path(os.path.realpath(path)): content for path, content in contents.items()}
    token = secrets.token_hex(4)
    made: list[Path] = []
    replaced: list[Path] = []

    def beside(target: Path, suffix: str) -> Path:
        made.append(target.with_name(f".{target.name[:32]}.{token}.{suffix}"))
        return made[-1]

    try:
        modes = {target: _mode(target) for target in targets}
        written = {}
        for target, content in targets.items():
            written[target] = beside(target, "tmp")
            _write(written[target], content, modes[target])
            if written[target].read_bytes() != content:
                raise NotWrittenError("the bytes on the disk differ")
            if verify is not None:
                verify(written[target])
        kept = {}
        if backup or len(targets) > 1:
            kept = {target: beside(target, "old") for target, mode in modes.items() if mode is not None}
        for target, copy in kept.items():
            _keep(target, copy)
            if backup:
                os.replace(copy, backup_path(target))
                kept[target] = backup_path(target)
        for target, temporary in written.items():
            os.replace(temporary, target)
            replaced.append(target)
    except WriteError:
        raise
    except (OSError, NotWrittenError) as error:
        for target in replaced:
            _put_back(target, kept.get(target))
        raise WriteError(f"{_reason(error)}. The old file, if there was one, is untouched.") from error
    finally:
        for path in made:
            with contextlib.suppress(OSError):
                os.unlink(path)
    for folder in {target.parent for target in targets}:
        _sync_folder(folder)


def _mode(target: Path) -> int | None:
    """Permissions of the file to be replaced, None if there is none yet."""
    try:
        mode = os.stat(target).st_mode
    except FileNotFoundError:
        if not target.parent.is_dir():
            raise WriteError(
                f"the folder {str(target.parent)!r} does not exist. Choose another folder."
            ) from None
        return None
    except OSError as error:
        raise WriteError(f"{_reason(error)}.") from error
    if stat.S_ISDIR(mode):
        raise WriteError("a folder has that name. Choose another name.")
    if not stat.S_ISREG(mode):
        raise WriteError("what has that name is no regular file. Choose another name.")
    if not mode & 0o222:
        raise WriteError("the file is write-protected. Choose another name, or lift the protection.")
    return stat.S_IMODE(mode)


def _write(path: Path, content: bytes, mode: int | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    descriptor = os.open(path, flags, 0o666)
    try:
        rest = memoryview(content)
        while rest:
            count = os.write(descriptor, rest)  # may write less than it was given
            if count <= 0:
                raise OSError(errno.EIO, "nothing could be written")
            rest = rest[count:]
        if mode is not None:
            os.chmod(path, mode)
        os.fsync(descriptor)
    except BaseException:
        with contextlib.suppress(OSError):
            os.close(descriptor)
        raise
    os.close(descriptor)  # network file systems report failed writes here


def _keep(target: Path, copy: Path) -> None:
    """A second name for the old file; where the file system has none, a copy."""
    try:
        os.link(target, copy)
    except OSError:
        _write(copy, target.read_bytes(), stat.S_IMODE(os.stat(target).st_mode))


def _put_back(target: Path, kept: Path | None) -> None:
    try:
        if kept is None:
            os.unlink(target)
        else:
            os.replace(kept, target)
    except OSError as error:
        log.error("%s is new, but another file that belongs to it is not: %s", target, error)


def _reason(error: Exception) -> str:
    if isinstance(error, NotWrittenError):
        return f"what was written did not read back ({error})"
    if isinstance(error, FileNotFoundError):
        return "the folder has disappeared"
    code = error.errno if isinstance(error, OSError) else None
    return _REASONS.get(code or 0, getattr(error, "strerror", None) or str(error))


def _sync_folder(folder: Path) -> None:
    """Make the new name durable, where the file system can; the file itself already is."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        log.warning("%s was written, but its folder could not be synced: %s", folder, error)
