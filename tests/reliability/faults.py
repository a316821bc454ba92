"""A disk that fails at a chosen moment: every operation on files below a folder is counted, one can go wrong.

Covered are the calls into `os` and `io` that the program makes (open, read, write, chmod, fsync, close, link,
rename, delete, stat, list, make a folder); nothing outside the folder is touched.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BY_PATH = (
    "open", "stat", "lstat", "chmod", "link", "replace", "rename", "unlink", "remove", "mkdir", "rmdir",
    "listdir", "scandir", "access", "truncate",
)  # fmt: skip
BY_DESCRIPTOR = ("read", "write", "fsync", "close", "ftruncate", "fchmod")
FILE_METHODS = ("read", "readinto", "write", "flush", "seek", "close")
READ_ONLY = {"stat", "lstat", "access", "listdir", "scandir", "read", "readinto", "seek", "close"}

Happens = Callable[["Disk", str, Callable[[], Any]], Any]


class Disk:
    """Counts operations below `folder`; at number `at` (and with `lasting` from then on) `happens` instead.

    Parameters
    ----------
    folder : Path
    at : int
        Number of the operation, from 1; 0 = only count.
    happens : callable
        Given this disk, the operation's name and the real operation.
    lasting : bool
    """

    def __init__(self, folder: Path, at: int = 0, happens: Happens | None = None, lasting: bool = False):
        self.folder = folder
        self.at = at
        self.happens = happens
        self.lasting = lasting
        self.names: list[str] = []
        self._prefix = str(folder)
        self._descriptors: set[int] = set()
        self._inside = False

    def concerns(self, path: object) -> bool:
        return isinstance(path, str | os.PathLike) and str(os.fspath(path)).startswith(self._prefix)

    def run(self, name: str, real: Callable[[], Any]) -> Any:
        """Do an operation, or what happens instead."""
        if self._inside:
            return real()
        self.names.append(name)
        number = len(self.names)
        if self.happens is None or not (number == self.at or (self.lasting and number > self.at > 0)):
            return real()
        self._inside = True
        try:
            return self.happens(self, name, real)
        finally:
            self._inside = False

    @contextmanager
    def watched(self) -> Iterator[Disk]:
        """Put this disk between the program and the real one."""
        kept = {(os, name): getattr(os, name) for name in (*BY_PATH, *BY_DESCRIPTOR)}
        kept[(io, "open")] = io.open
        kept[(builtins, "open")] = builtins.open
        try:
            for name in BY_PATH:
                setattr(os, name, self._by_path(name, kept[(os, name)]))
            for name in BY_DESCRIPTOR:
                setattr(os, name, self._by_descriptor(name, kept[(os, name)]))
            io.open = builtins.open = self._file_open(kept[(io, "open")])  # type: ignore[assignment]
            yield self
        finally:
            for (module, name), real in kept.items():
                setattr(module, name, real)

    def _by_path(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            if not any(self.concerns(argument) for argument in arguments[:2]):
                return real(*arguments, **options)
            result = self.run(name, lambda: real(*arguments, **options))
            if name == "open" and isinstance(result, int):
                self._descriptors.add(result)
            return result

        return call

    def _by_descriptor(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(descriptor: Any, *arguments: Any) -> Any:
            if descriptor not in self._descriptors:
                return real(descriptor, *arguments)
            if name == "close":
                self._descriptors.discard(descriptor)
                try:
                    return self.run(name, lambda: real(descriptor))
                except OSError:
                    real(descriptor)  # as the kernel does: closed all the same
                    raise
            if name == "write":
                self.short = lambda: real(descriptor, bytes(arguments[0])[: max(len(arguments[0]) // 2, 1)])
            return self.run(name, lambda: real(descriptor, *arguments))

        return call

    def _file_open(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(file: Any, *arguments: Any, **options: Any) -> Any:
            if not self.concerns(file):
                return real(file, *arguments, **options)
            return _File(self, self.run("open", lambda: real(file, *arguments, **options)))

        return call


class _File:
    """An open file whose operations are counted."""

    def __init__(self, disk: Disk, real: Any) -> None:
        self._disk, self._real = disk, real

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._real, name)
        if name not in FILE_METHODS:
            return value
        return lambda *arguments: self._disk.run(name, lambda: value(*arguments))

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.close()
        finally:
            self._real.close()

    def __iter__(self) -> Any:
        return iter(self._real)


def error(code: int) -> Happens:
    """The operation fails with this `errno` code."""

    def happens(_disk: Disk, _name: str, _real: Callable[[], Any]) -> Any:
        raise OSError(code, os.strerror(code))

    return happens


def error_of_changes(code: int) -> Happens:
    """Operations that change something fail, the others go on: a full or read-only disk."""

    def happens(_disk: Disk, name: str, real: Callable[[], Any]) -> Any:
        if name in READ_ONLY:
            return real()
        raise OSError(code, os.strerror(code))

    return happens


def short_write(disk: Disk, name: str, real: Callable[[], Any]) -> Any:
    """Half is written, and told so; everything else goes on."""
    return disk.short() if name == "write" and hasattr(disk, "short") else real()


def torn_write(disk: Disk, name: str, real: Callable[[], Any]) -> Any:
    """Half is written, then the disk is full."""
    if name == "write" and hasattr(disk, "short"):
        disk.short()
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def vanish(disk: Disk, _name: str, real: Callable[[], Any]) -> Any:
    """Somebody moves the whole folder away just before the operation."""
    away = disk.folder.with_name(disk.folder.name + "-away")
    if disk.folder.exists():
        os.rename(disk.folder, away)
    return real()


def kill_before(_disk: Disk, _name: str, _real: Callable[[], Any]) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def kill_after(_disk: Disk, _name: str, real: Callable[[], Any]) -> Any:
    try:
        real()
    finally:
        os.kill(os.getpid(), signal.SIGKILL)


def kill_inside(disk: Disk, name: str, real: Callable[[], Any]) -> Any:
    """Dies when half is written."""
    if name == "write" and hasattr(disk, "short"):
        disk.short()
    os.kill(os.getpid(), signal.SIGKILL)


FAULTS: dict[str, tuple[Happens, bool]] = {
    "ENOSPC": (error(errno.ENOSPC), False),
    "EIO": (error(errno.EIO), False),
    "EACCES": (error(errno.EACCES), False),
    "full from here on": (error_of_changes(errno.ENOSPC), True),
    "read-only from here on": (error_of_changes(errno.EROFS), True),
    "dead from here on": (error(errno.EIO), True),
    "short write": (short_write, False),
    "torn write": (torn_write, False),
    "folder vanishes": (vanish, False),
}
KILLS = {"before": kill_before, "after": kill_after, "inside": kill_inside}
