"""Unsaved work survives a crash: snapshots beside the settings, offered at the next start (`app.lost_work`).

Nothing here ever touches the person's own files.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import threading
import time
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal, Slot

from app.document import Document
from app.generations import Generation, superseded
from app.lost_work import CANDIDATES, FACTS, Lost, discard, lock_of, newest_scene, remove_session, snapshots
from core.edits.requests import Sampled
from core.edits.results import Candidate
from core.scene.replacing import replace_files
from core.scene.scene import Scene
from core.scene.shape import Shape
from core.scene.storage import SUFFIX, SceneFileError, write_scene

log = logging.getLogger(__name__)

DELAY = 2000
"""Milliseconds after a change until it is written; later changes go into the same snapshot."""
RETRY = 100
"""Milliseconds until finished candidates are tried again when a snapshot is being written."""
KEPT_CANDIDATES = 64


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
        self._moments: dict[int, float] = {}
        self._outdated = 0
        self._failing = False
        self._candidates: tuple[Shape, ...] = ()
        self._candidates_due = False
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

    def set_delay(self, seconds: float) -> None:
        """How long after a change it is written."""
        self._timer.setInterval(round(1000 * seconds))

    def restore(self, lost: Lost, generation: Generation | None = None) -> None:
        """Show what was lost as an unsaved scene.

        Its snapshots go once this editor has one of its own. They all stay if an older generation is chosen:
        the newer ones may hold work that is missed later.
        """
        whole = lost if generation is None or generation.scene is None else lost.at(generation.scene)
        self._document.recover(whole.whole)
        self.keep()
        latest = generation is None or generation.newest
        if latest and self._session is not None and newest_scene(self._session) is not None:
            discard(lost)

    @Slot(object, int, object)
    def keep_candidate(self, _request: Sampled, _place: int, candidate: Candidate) -> None:
        """Write a finished candidate at once: it costs more time than any edit by hand."""
        self._candidates = (*self._candidates, candidate.shape)[-KEPT_CANDIDATES:]
        self._candidates_due = True
        self._on_due()

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
            remove_session(self._session, self._lock)
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
            # A slow disk: the window does not wait for it.
            self._timer.start()
            if self._candidates_due:
                QTimer.singleShot(RETRY, self, self._on_due)
        elif self._document.modified or self._candidates_due:
            self._number += 1
            scene = self._document.scene if self._document.modified else None
            candidates = self._candidates if self._candidates_due else ()
            self._candidates_due = False
            # On a thread of its own: scenes and shapes are values that nobody changes.
            arguments = (scene, candidates, self._number, self._document.title)
            self._writer = threading.Thread(target=self._try_to_write, args=arguments, name="recovery")
            self._writer.start()

    def _wait(self) -> None:
        if self._writer is not None:
            self._writer.join()
            self._writer = None

    def _try_to_write(
        self, scene: Scene | None, candidates: tuple[Shape, ...], number: int, title: str
    ) -> None:
        try:
            self._write(scene, candidates, number, title)
            self._failing = False
        except (OSError, SceneFileError) as error:
            log.warning("no snapshot could be written: %s", error)
            if not self._failing:
                self.failed.emit(getattr(error, "strerror", None) or str(error))
            self._failing = True

    def _write(self, scene: Scene | None, candidates: tuple[Shape, ...], number: int, title: str) -> None:
        session = self._begin()
        if candidates:
            shapes = [replace(shape, id=f"c{index}") for index, shape in enumerate(candidates)]
            write_scene(Scene(tuple(shapes)), session / CANDIDATES)
        if scene is not None:
            write_scene(scene, session / f"{number:06d}{SUFFIX}")
            self._moments[number] = time.monotonic()
        facts = json.dumps({"title": title, "written": round(time.time(), 3)})
        replace_files({session / FACTS: facts.encode()})
        self._thin_out(session)
        self._clear()

    def _thin_out(self, session: Path) -> None:
        paths = {int(path.stem): path for path in snapshots(session)}
        self._moments = {number: self._moments.get(number, 0.0) for number in paths}
        for number in superseded(self._moments.items(), time.monotonic()):
            paths[number].unlink(missing_ok=True)

    def _clear(self) -> None:
        """Delete the snapshots of what has been saved since."""
        for path in snapshots(self._session) if self._session else []:
            if int(path.stem) <= self._outdated:
                with contextlib.suppress(OSError):
                    path.unlink()

    def _begin(self) -> Path:
        if self._session is None or not self._session.is_dir():  # somebody may have tidied up
            session = self._folder / f"{os.getpid()}-{os.urandom(4).hex()}"
            session.mkdir(parents=True)
            lock = lock_of(session)
            if not lock.tryLock(0):
                raise OSError(f"{session} cannot be locked")
            self._session, self._lock = session, lock
        return self._session
