"""The snapshots of one editor as generations of its scene: which are kept meanwhile, and what each holds."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from app.lost_work import Lost, snapshots
from core.scene.scene import Scene
from core.scene.storage import SceneFileError, read_scene

log = logging.getLogger(__name__)

NEWEST = 3
"""Generations that are kept however close together they are."""
OLDER = 7
"""Generations kept beyond those: minutes to hours back, the sparser the older."""
APART = 60.0
"""Seconds between two older generations at the least."""


@dataclass(frozen=True)
class Generation:
    """A scene as it once was.

    Attributes
    ----------
    scene : Scene or None
        None if its file cannot be read.
    written : float or None
        When, in seconds since 1970 by the clock of that time; told, never relied upon.
    newest : bool
        Nothing that can be read is newer.
    """

    scene: Scene | None
    written: float | None
    newest: bool = False


def superseded(moments: Iterable[tuple[int, float]], now: float) -> list[int]:
    """Numbers of the snapshots that need not be kept, given all of them with when they were written.

    Parameters
    ----------
    moments : iterable of (int, float)
        Number and time of each; the newest last.
    now : float
        By the same clock, which must never go back.
    """
    older = list(moments)[:-NEWEST]
    kept: list[tuple[int, float]] = []
    for number, moment in older:
        # Beside one that is kept already, the next must be worth a place: three times as far back or nearer.
        if not kept or moment - kept[-1][1] >= max(APART, 2.0 * (now - moment)):
            kept.append((number, moment))
    keep = {number for number, _ in kept[-OLDER:]}
    return [number for number, _ in older if number not in keep]


def generations(lost: Lost) -> list[Generation]:
    """Every generation of what was lost, newest first; the newest that can be read is what `lost` holds."""
    found: list[Generation] = []
    for path in reversed(snapshots(lost.folder)):
        scene = _read(path)
        newest = scene is not None and not any(known.newest for known in found)
        found.append(Generation(scene, _time_of(path), newest))
    if any(known.newest for known in found):
        return found
    return [Generation(lost.scene, lost.facts.written, True), *found]


def _read(path: Path) -> Scene | None:
    try:
        return read_scene(path)
    except SceneFileError as error:
        log.warning("a snapshot cannot be read: %s", error)
        return None


def _time_of(path: Path) -> float | None:
    try:
        return path.stat().st_mtime
    except OSError:
        return None
