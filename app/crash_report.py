"""What an editor that died leaves behind, and the report that can be made of it; nothing is ever sent.

Every editor keeps a small folder while it runs, locked like those of `app.recovery`. One that ends as it
should deletes it, so a folder whose lock is free belonged to a process that died.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import logging
import os
import re
import time
from collections import deque
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

from PySide6.QtCore import QLockFile

from app.diagnostics import installation, without_home
from app.lost_work import lock_of, remove_session

log = logging.getLogger(__name__)

FAULT, ERRORS, BEGUN, TOLD = "fault.txt", "errors.txt", "begun.json", "told"
MAX_FAULT = 32 * 1024
MAX_ERRORS = 32 * 1024
"""Bytes of unexpected errors that are kept: the first say most, and a repeated one must not fill the disk."""
LOG_TAIL = 512 * 1024
LOG_LINES = 60
KEPT = 5
"""Crashes that have been told and are kept for a later report."""
RECORD = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ (\d+) [A-Z]+ ")
UNTRACED = "no trace: it was killed, memory ran out, or the machine went down"


class CrashWatch:
    """Keeps the traces of this process for the case that it dies.

    Parameters
    ----------
    folder : Path
        Where all editors of this person keep theirs.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._session: Path | None = None
        self._lock: QLockFile | None = None
        self._file: TextIOWrapper | None = None

    def begin(self) -> None:
        """Write native crashes into a file of this process from now on; without a disk do without."""
        session = self._folder / f"{os.getpid()}-{os.urandom(4).hex()}"
        try:
            session.mkdir(parents=True)
            self._lock = lock_of(session)
            if not self._lock.tryLock(0):
                raise OSError(f"{session} cannot be locked")
            facts = {"process": os.getpid(), "time": round(time.time(), 3)}
            (session / BEGUN).write_text(json.dumps(facts), encoding="utf-8")
            self._file = (session / FAULT).open("w", encoding="utf-8")
        except OSError as error:
            log.warning("a crash would leave no trace: %s", error)
            return
        self._session = session
        faulthandler.enable(self._file, all_threads=True)

    def note(self, text: str) -> None:
        """Keep an unexpected error, while there is room."""
        if self._session is None:
            return
        path = self._session / ERRORS
        with contextlib.suppress(OSError):
            used = path.stat().st_size if path.exists() else 0
            with path.open("a", encoding="utf-8", errors="replace") as file:
                file.write(text[: max(MAX_ERRORS - used, 0)])

    def end(self) -> None:
        """The process ends as it should."""
        if self._file is not None:
            faulthandler.disable()
            self._file.close()
            self._file = None
        if self._session is not None:
            remove_session(self._session, self._lock)
            self._session = self._lock = None


@dataclass(frozen=True)
class Crash:
    """An editor that did not end properly.

    Attributes
    ----------
    folder : Path
    process : int
        Its id, 0 if unknown.
    begun : float or None
        When it was started, in seconds since 1970 by the clock of that time.
    fault, errors : str
        What Python wrote while the process died, and unexpected errors before.
    told : bool
        Whether the person has been told.
    """

    folder: Path
    process: int = 0
    begun: float | None = None
    fault: str = ""
    errors: str = ""
    told: bool = False

    @property
    def cause(self) -> str:
        """What is known of why, in a few words."""
        match = re.search(
            r"Fatal Python error: (.+)|^(Windows fatal exception: .+)", self.fault, re.MULTILINE
        )
        if match:
            return (match[1] or match[2]).strip().lower()
        if self.errors:
            return f"after an unexpected error, {self.errors.strip().splitlines()[-1][:200]}"
        return UNTRACED

    @property
    def traced(self) -> bool:
        """Whether it left anything that tells why."""
        return bool(self.fault or self.errors)


def find_crashes(folder: Path) -> list[Crash]:
    """Editors that died, newest last; running ones are left alone, and of told ones the oldest forgotten."""
    found = []
    try:
        sessions = [path for path in folder.iterdir() if path.is_dir()]
    except OSError:
        return []
    for session in sessions:
        lock = lock_of(session)
        if lock.tryLock(0):
            found.append(_read(session))
            lock.unlock()
    found.sort(key=lambda crash: (crash.begun or 0.0, crash.folder.name))
    for crash in [known for known in found if known.told][:-KEPT]:
        found.remove(crash)
        remove_session(crash.folder, None)
    return found


def mark_told(crash: Crash) -> None:
    """Remember that the person knows."""
    with contextlib.suppress(OSError):
        (crash.folder / TOLD).touch()


def report(crash: Crash, log_file: Path) -> str:
    """All that is known of a crash as text, without paths of the home folder.

    Parameters
    ----------
    log_file : Path
        The log of this person's editors; what it rotated to is read too.
    """
    begun = "at an unknown time"
    if crash.begun is not None:
        begun = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(crash.begun))
    parts = [f"Partsmith, started {begun}, did not end properly.", f"Cause: {crash.cause}", installation()]
    parts += [f"What Python wrote while it died:\n{crash.fault.strip()}"] if crash.fault else []
    parts += [f"Unexpected errors before:\n{crash.errors.strip()}"] if crash.errors else []
    lines = last_lines(log_file, crash.process)
    parts.append("Last lines of its log:\n" + ("\n".join(lines) or "none"))
    return without_home("\n\n".join(parts), Path.home()) + "\n"


def last_lines(log_file: Path, process: int) -> list[str]:
    """The last lines that one process wrote into the log, oldest first."""
    lines: deque[str] = deque(maxlen=LOG_LINES)
    for path in (log_file.with_name(log_file.name + ".1"), log_file):
        own = False
        for line in _text(path, LOG_TAIL, from_end=True).splitlines():
            record = RECORD.match(line)
            own = int(record[1]) == process if record else own
            if own:
                lines.append(line)
    return list(lines)


def _read(session: Path) -> Crash:
    process, begun = 0, None
    with contextlib.suppress(ValueError, KeyError, TypeError, RecursionError):
        stored = json.loads(_text(session / BEGUN, 4096))
        process, moment = int(stored["process"]), float(stored["time"])
        begun = moment if 0 <= moment < 1e11 else None
    fault, errors = _text(session / FAULT, MAX_FAULT), _text(session / ERRORS, MAX_ERRORS)
    return Crash(session, process, begun, fault, errors, (session / TOLD).exists())


def _text(path: Path, limit: int, from_end: bool = False) -> str:
    try:
        with path.open("rb") as file:
            if from_end:
                file.seek(max(path.stat().st_size - limit, 0))
            return file.read(limit).decode("utf-8", "replace")
    except OSError:
        return ""
