"""Unsaved work survives a crash: snapshots beside the settings, offered at the next start.

Every running editor keeps one folder with a lock that the system lets go of when the process dies. Snapshots
are ordinary scene files, numbered; the newest that can be read counts, so neither clocks nor dates of files
matter. Nothing here ever touches the person's own files.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal, Slot

from app.document import Document
from core.scene.replacing import replace_files
from core.scene.scene import Scene
from core.scene.storage import SUFFIX, SceneFileError, read_scene, write_scene

log = logging.getLogger(__name__)

DELAY = 2000
"""Milliseconds after a change until it is written; later changes go into the same snapshot."""
KEPT = 3
LOCK, FACTS = "lock", "session.json"
MAX_FACTS = 64 * 1024
UNTITLED = "Untitled"


@dataclass(frozen=True)
class Facts:
    """What a recovery folder says beside its snapshots.

    Attributes
    ----------
    title : str
        Of the scene when it was edited.
    written : float or None
        When the last snapshot was written, in seconds since 1970 by the clock of that time; told, never
        relied upon.
    """

    title: str = UNTITLED
    written: float | None = None


@dataclass(frozen=True)
class Lost:
    """Unsaved work of an editor that did not end properly.

    Attributes
    ----------
    folder : Path
    scene : Scene
    facts : Facts
    """

    folder: Path
    scene: Scene
    facts: Facts = Facts()

    @property
    def title(self) -> str:
        return self.facts.title


def find_lost(folder: Path) -> list[Lost]:
    """Unsaved work in a recovery folder, newest last; folders of running editors are left alone."""
    found = []
    for session in sorted(path for path in _entries(folder) if path.is_dir()):
        lock = _lock(session)
        if not lock.tryLock(0):
            continue
        try:
            scene = newest_scene(session)
            if scene is None:
                if not snapshots(session):
                    _remove(session, lock)
                continue
            found.append(Lost(session, scene, facts_of(session)))
        finally:
            lock.unlock()
    return found


def discard(lost: Lost) -> None:
    """Delete what was lost for good."""
    _remove(lost.folder, None)


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _lock(session: Path) -> QLockFile:
    lock = QLockFile(str(session / LOCK))
    # Age says nothing: an editor may be open for weeks. Whether its process lives is what counts.
    lock.setStaleLockTime(0)
    return lock


def snapshots(session: Path) -> list[Path]:
    """Snapshots by their number, oldest first."""
    numbered = [
        (int(path.stem), path) for path in _entries(session) if path.suffix == SUFFIX and path.stem.isdigit()
    ]
    return [path for _, path in sorted(numbered)]


def newest_scene(session: Path) -> Scene | None:
    for path in reversed(snapshots(session)):
        try:
            return read_scene(path)
        except SceneFileError as error:
            log.warning("a snapshot cannot be read, the one before is used: %s", error)
    return None


def facts_of(session: Path) -> Facts:
    """Title and time of a recovery folder; what cannot be read is left out."""
    try:
        with (session / FACTS).open("rb") as file:
            stored = json.loads(file.read(MAX_FACTS))
        title, written = str(stored["title"])[:200], stored.get("written")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Facts()
    is_time = isinstance(written, int | float) and not isinstance(written, bool) and 0 <= written < 1e11
    return Facts(title or UNTITLED, float(written) if is_time else None)


def _remove(session: Path, lock: QLockFile | None) -> None:
    if lock is not None:
        lock.unlock()
    with contextlib.suppress(OSError):
        shutil.rmtree(session)


class Recovery(QObject):
    """Keeps snapshots of a document while it has unsaved changes.

    Parameters
    ----------
    document : Document
    folder : Path
        Where all editors of this person keep theirs.

    Signals
    -------
    failed(str)
        Snapshots cannot be written, with the reason; on any thread, and once until one can be again.
    """

    failed = Signal(str)

    def __init__(self, document: Document, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._folder = folder
        self._session: Path | None = None
        self._lock: QLockFile | None = None
        self._number = 0
        self._outdated = 0
        self._failing = False
        self._writer: threading.Thread | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY)
        self._timer.timeout.connect(self._on_due)
        document.scene_changed.connect(self._on_scene_changed)
        document.modified_changed.connect(self._on_modified_changed)

    @property
    def session(self) -> Path | None:
        """The folder of this editor, once there was something to keep."""
        return self._session

    def restore(self, lost: Lost) -> None:
        """Show what was lost as an unsaved scene; its snapshots go once this editor has one of its own."""
        self._document.recover(lost.scene)
        self.keep()
        if self._session is not None and newest_scene(self._session) is not None:
            discard(lost)

    def keep(self) -> None:
        """Write what is not saved yet, and wait for it."""
        self._timer.stop()
        self._wait()
        self._on_due()
        self._wait()

    def close(self) -> None:
        """The editor ends as it should: nothing is left to recover."""
        self._timer.stop()
        self._wait()
        if self._session is not None:
            _remove(self._session, self._lock)
            self._session = self._lock = None

    @Slot(object, object)
    def _on_scene_changed(self, _old: object, _new: object) -> None:
        if not self._timer.isActive():
            self._timer.start()

    @Slot(bool)
    def _on_modified_changed(self, modified: bool) -> None:
        if not modified:
            # Saved, or undone to what was saved: older snapshots would only mislead. The one that is being
            # written is not waited for; its writer looks again when it is done.
            self._outdated = self._number
            self._clear()

    @Slot()
    def _on_due(self) -> None:
        if self._writer is not None and self._writer.is_alive():
            self._timer.start()  # a slow disk: the window does not wait for it
        elif self._document.modified:
            self._number += 1
            # On a thread of its own: the scene is a value that nobody changes.
            arguments = (self._document.scene, self._number, self._document.title)
            self._writer = threading.Thread(target=self._try_to_write, args=arguments, name="recovery")
            self._writer.start()

    def _wait(self) -> None:
        if self._writer is not None:
            self._writer.join()
            self._writer = None

    def _try_to_write(self, scene: Scene, number: int, title: str) -> None:
        try:
            self._write(scene, number, title)
            self._failing = False
        except (OSError, SceneFileError) as error:
            log.warning("no snapshot could be written: %s", error)
            if not self._failing:
                self.failed.emit(str(error))
            self._failing = True

    def _write(self, scene: Scene, number: int, title: str) -> None:
        session = self._begin()
        write_scene(scene, session / f"{number:06d}{SUFFIX}")
        facts = json.dumps({"title": title, "written": round(time.time(), 3)})
        replace_files({session / FACTS: facts.encode()})
        for old in snapshots(session)[:-KEPT]:
            old.unlink(missing_ok=True)
        self._clear()

    def _clear(self) -> None:
        """Delete the snapshots of what has been saved since."""
        for path in snapshots(self._session) if self._session else []:
            if int(path.stem) <= self._outdated:
                with contextlib.suppress(OSError):
                    path.unlink()

    def _begin(self) -> Path:
        if self._session is None:
            session = self._folder / f"{os.getpid()}-{os.urandom(4).hex()}"
            session.mkdir(parents=True)
            lock = _lock(session)
            if not lock.tryLock(0):
                raise OSError(f"{session} cannot be locked")
            self._session, self._lock = session, lock
        return self._session
