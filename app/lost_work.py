"""What editors that did not end properly have left behind: unsaved scenes and candidates, read with care.

Every editor keeps one folder (see `app.recovery`) with a lock that the system lets go of when the process
dies. Snapshots are ordinary scene files, numbered; the newest that can be read counts, so neither clocks nor
dates of files matter.
"""

from __future__ import annotations

import contextlib
import json
import logging
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QLockFile

from core.scene.replacing import backup_path
from core.scene.scene import Scene
from core.scene.shape import Shape
from core.scene.storage import SUFFIX, SceneFileError, read_scene

log = logging.getLogger(__name__)

LOCK, FACTS = "lock", "session.json"
MAX_FACTS = 64 * 1024
UNTITLED = "Untitled"
CANDIDATES = f"candidates{SUFFIX}"
"""Finished candidates nobody has accepted yet, as a scene of their own."""


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
        Empty if all of it was saved.
    facts : Facts
    candidates : tuple of Shape
        Finished candidates that were not accepted.
    """

    folder: Path
    scene: Scene
    facts: Facts = Facts()
    candidates: tuple[Shape, ...] = ()

    @property
    def title(self) -> str:
        return self.facts.title

    def at(self, scene: Scene) -> Lost:
        """The same with another generation of the scene."""
        known = {shape.latent_hash for shape in scene}
        candidates = tuple(shape for shape in self.candidates if shape.latent_hash not in known)
        return replace(self, scene=scene, candidates=candidates)

    @property
    def whole(self) -> Scene:
        """The scene with the candidates as shapes beside the others, hidden where there are others."""
        scene, hide = self.scene, bool(len(self.scene))
        for number, shape in enumerate(self.candidates, 1):
            scene = scene.with_shape(
                replace(
                    shape,
                    id=scene.new_shape_id(),
                    name=f"{shape.name} (candidate {number})",
                    position=scene.next_place(),
                    visible=not hide,
                )
            )
        return scene


def find_lost(folder: Path) -> list[Lost]:
    """Unsaved work in a recovery folder, newest last; folders of running editors are left alone.

    Clocks decide about nothing but the order in which it is told.
    """
    found = []
    for session in sorted(path for path in _entries(folder) if path.is_dir()):
        lock = lock_of(session)
        if not lock.tryLock(0):
            continue
        try:
            scene, candidates = newest_scene(session), _candidates(session)
            if scene is not None or candidates:
                lost = Lost(session, Scene(), facts_of(session), candidates)
                found.append(lost.at(scene or Scene()))
            elif not any(path.suffix.startswith(SUFFIX) for path in _entries(session)):
                remove_session(session, lock)
        finally:
            lock.unlock()
    return sorted(found, key=lambda lost: lost.facts.written or 0.0)


def _candidates(session: Path) -> tuple[Shape, ...]:
    path = session / CANDIDATES
    for file in (path, backup_path(path)):
        try:
            return read_scene(file).shapes
        except SceneFileError as error:
            if file.exists():
                log.warning("finished candidates cannot be read: %s", error)
    return ()


def discard(lost: Lost) -> None:
    """Delete what was lost for good."""
    remove_session(lost.folder, None)


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def lock_of(session: Path) -> QLockFile:
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


def remove_session(session: Path, lock: QLockFile | None) -> None:
    if lock is not None:
        lock.unlock()
    with contextlib.suppress(OSError):
        shutil.rmtree(session)
