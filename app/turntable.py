"""A turn of the view as a GIF or MP4: drawn pass by pass, encoded on a thread of its own."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from app.document import Document
from app.viewport.picture import SUBPIXELS, Picture
from core.animation import AnimationError, animation_bytes, azimuths, check_pace
from core.scene.replacing import WriteError, replace_files

PAUSE = 15
"""Milliseconds between two passes that belong to the rest of the window."""


@dataclass(frozen=True)
class TurntableOptions:
    """How many frames, how wide in pixels, how long a turn takes."""

    frames: int = 36
    width: int = 640
    seconds: float = 3.6


class _Cancelled(Exception):
    pass


class Turntable(QObject):
    """One animation on its way to a file. Exactly one of `finished` and `stopped` ends it.

    The window stays usable: it is the scene as it was at the start, or nothing, that is written.

    Signals
    -------
    progressed(float)
        0 to 1.
    finished(str path), stopped(str reason)
        The reason is empty if it was cancelled; no file was written or changed.
    """

    progressed = Signal(float)
    finished = Signal(str)
    stopped = Signal(str)
    _encoded = Signal(str)

    def __init__(
        self, picture: Picture, document: Document, path: Path, options: TurntableOptions, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._picture, self._path, self._options = picture, path, options
        self._camera = picture.goal
        self._scale = options.width / picture.view_size[0]
        self._frames: list[NDArray[np.uint8]] = []
        self._passes: list[NDArray[np.uint8]] = []
        self._given_up = threading.Event()
        self._ended = False
        self._thread: threading.Thread | None = None
        # A pass of a frame, then whatever else the window has to do, then the next one.
        self._timer = QTimer(self)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self._on_turn)
        self._encoded.connect(self._on_encoded, Qt.ConnectionType.QueuedConnection)
        document.scene_changed.connect(self._on_scene_changed)

    def start(self) -> None:
        """Begin to draw (raises AnimationError if the options do not go together)."""
        check_pace(self._path.suffix.lower(), self._options.frames, self._options.seconds)
        self._timer.start()

    def cancel(self) -> None:
        """Stop; nothing is written."""
        self._end("")

    @Slot()
    def _on_turn(self) -> None:
        count = self._options.frames
        turned = azimuths(count, self._camera.azimuth)[len(self._frames)]
        camera = replace(self._camera, azimuth=turned)
        shift = SUBPIXELS[len(self._passes)]
        self._passes.append(
            self._picture.grab_image(self._scale, supersampling=1, camera=camera, shift=shift)
        )
        if len(self._passes) < len(SUBPIXELS):
            return
        self._frames.append(np.mean(self._passes, axis=0).round().astype(np.uint8))
        self._passes = []
        self.progressed.emit(0.9 * len(self._frames) / count)
        if len(self._frames) == count:
            self._timer.stop()
            self._thread = threading.Thread(target=self._encode, name="turntable", daemon=True)
            self._thread.start()

    def _encode(self) -> None:
        def check() -> None:
            if self._given_up.is_set():
                raise _Cancelled

        try:
            data = animation_bytes(self._path.suffix.lower(), self._frames, self._options.seconds, check)
            replace_files({self._path: data}, verify=lambda _written: check())
            problem = ""
        except (_Cancelled, AnimationError) as error:
            problem = str(error)
        except WriteError as error:
            problem = f"{self._path.name} cannot be written: {error}"
        with contextlib.suppress(RuntimeError):  # the window is gone, and this object with it
            self._encoded.emit(problem)

    @Slot(str)
    def _on_encoded(self, problem: str) -> None:
        if self._thread is not None:
            self._thread.join()
        if problem:
            self._end(problem)
        elif not self._ended:
            self._ended = True
            self.progressed.emit(1.0)
            self.finished.emit(str(self._path))
        self.deleteLater()

    def _end(self, reason: str) -> None:
        if not self._ended:
            self._ended = True
            self._timer.stop()
            self._given_up.set()
            self.stopped.emit(reason)
            if self._thread is None:
                self.deleteLater()

    @Slot(object, object)
    def _on_scene_changed(self, _old: object, _new: object) -> None:
        if self._timer.isActive():
            self._end("The scene has changed meanwhile, so the turntable was not written. Save it again.")
