"""Small editors in processes of their own (document and recovery, no window) that can be killed."""

from __future__ import annotations

import json
import os
import select
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication

from app.document import Document
from app.recovery import Recovery
from core.edits.results import Candidate
from tests.core.scene.strategies import sphere_mesh
from tests.reliability.numbered import numbered

Tell = Callable[[object], None]


@dataclass
class Process:
    """A forked copy of this process that does some work and tells about it, line by line."""

    work: Callable[[Tell], None]
    told: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        receiver, sender = os.pipe()
        self.id = os.fork()
        if self.id == 0:
            os.close(receiver)
            try:
                self.work(lambda what: os.write(sender, json.dumps(what).encode() + b"\n"))
            except BaseException as error:
                os.write(sender, json.dumps(f"{type(error).__name__}: {error}").encode() + b"\n")
                os._exit(1)
            os._exit(0)
        os.close(sender)
        self._receiver, self._rest = receiver, b""

    def listen(self, seconds: float) -> bool:
        """Take in what was told; whether anything was (False at the end or after the time)."""
        if not select.select([self._receiver], [], [], seconds)[0]:
            return False
        data = os.read(self._receiver, 65536)
        *lines, self._rest = (self._rest + data).split(b"\n")
        self.told += [json.loads(line) for line in lines]
        return bool(data)

    def wait_for(self, what: object, seconds: float = 60.0) -> bool:
        end = time.monotonic() + seconds
        while what not in self.told and time.monotonic() < end:
            if not self.listen(max(end - time.monotonic(), 0.0)):
                break
        return what in self.told

    def kill(self) -> None:
        os.kill(self.id, signal.SIGKILL)
        self.join()

    def join(self) -> int:
        """Wait for the end; the exit code, negative for a signal."""
        while self.listen(60.0):
            pass
        _, status = os.waitpid(self.id, 0)
        os.close(self._receiver)
        return os.waitstatus_to_exitcode(status)


def new_editor(recovery_folder: Path) -> tuple[QCoreApplication, Document, Recovery]:
    """In a process of its own: an editor without a window."""
    application = QCoreApplication([])
    document = Document()
    return application, document, Recovery(document, recovery_folder)


def candidate_of(number: int) -> Candidate:
    """A finished candidate that says which one it is."""
    shape = numbered(number).shapes[0]
    return Candidate(shape, sphere_mesh(4, 4), np.zeros((1, 1, 3), np.uint8), number)


def killed_editor(folder: Path, numbers: list[int], scene: Path | None = None) -> None:
    """An editor that opened a scene, made these changes one after the other, kept each, and was killed."""

    def work(tell: Tell) -> None:
        _, document, recovery = new_editor(folder)
        if scene is not None:
            document.open(scene)
        for number in numbers:
            document.apply(numbered(number), f"Number {number}")
            recovery.keep()
        tell("kept")
        time.sleep(600)

    process = Process(work)
    assert process.wait_for("kept"), process.told
    process.kill()
