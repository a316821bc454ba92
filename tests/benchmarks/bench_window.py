"""The real window and worker, driven and waited for as a person does, with a heartbeat."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEventLoop, QObject, QPoint, Qt, QTimer, Slot
from PySide6.QtTest import QTest

from app.application import Workbench
from core.edits.requests import Decode
from core.edits.results import Candidates, Decoded
from core.scene.selection import PartRef, Selection
from core.scene.shape import Shape

HEARTBEAT = 10
"""Milliseconds between two beats; a beat that comes later than that is a gap a person can feel."""
PATIENCE = 300.0
"""Seconds after which something that was waited for is called stuck."""


def pause(milliseconds: int) -> None:
    """Let the event loop run for a while, asleep when it has nothing to do (vispy's `qWait` spins)."""
    loop = QEventLoop()
    timer = QTimer(timerType=Qt.TimerType.PreciseTimer, singleShot=True)
    timer.timeout.connect(loop.quit)
    timer.start(milliseconds)
    loop.exec()


class StuckError(Exception):
    """Something that was waited for did not happen."""


class BenchWindow(QObject):
    """A shown editor with a loaded engine.

    Parameters
    ----------
    workbench : app.application.Workbench
        Not started yet.

    Attributes
    ----------
    load_seconds : float
        From starting the worker to a loaded engine.
    gaps : list of float
        Milliseconds by which each heartbeat was late while `watching`.
    """

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self.workbench = workbench
        self.document, self.editor, self.worker = workbench.document, workbench.editor, workbench.worker
        self.viewport = workbench.window.viewport
        self.gaps: list[float] = []
        self.frames = 0
        self.drag_frames = 0
        self._watching = False
        self._beat_at = time.perf_counter()
        self._arrived: Candidates | None = None
        self._decoded: dict[int, Decoded] = {}
        self._problem = ""
        self._heart = QTimer(self)
        self._heart.setTimerType(Qt.TimerType.PreciseTimer)
        self._heart.timeout.connect(self._on_beat)
        self.editor.candidates_arrived.connect(self._on_candidates_arrived)
        self.editor.drag_mesh_changed.connect(self._on_drag_mesh_changed)
        self.editor.message_posted.connect(self._on_message_posted)
        self.worker.job_finished.connect(self._on_job_finished)
        self.worker.job_failed.connect(self._on_job_failed)
        self.viewport.canvas.events.draw.connect(self._on_drawn)
        workbench.window.resize(1400, 900)
        workbench.window.show()
        self.wait(lambda: self.viewport.canvas.painted, "the first frame")
        started = time.perf_counter()
        self.worker.start()
        self.wait(lambda: self.worker.info is not None or bool(self.worker.error), "the engine")
        if self.worker.error:
            raise StuckError(self.worker.error)
        self.load_seconds = time.perf_counter() - started
        self._heart.start(HEARTBEAT)

    def wait(self, happened: Callable[[], bool], what: str) -> float:
        """Run the event loop until something happened; seconds it took.

        Raises
        ------
        StuckError
            If it does not happen, or a job fails meanwhile.
        """
        started = time.perf_counter()
        self._problem = ""
        loop = QEventLoop()
        check = QTimer()
        check.setTimerType(Qt.TimerType.PreciseTimer)

        def look() -> None:
            if happened() or self._problem or time.perf_counter() - started > PATIENCE:
                loop.quit()

        check.timeout.connect(look)
        check.start(1)
        if not happened():
            loop.exec()
        check.stop()
        if self._problem or not happened():
            raise StuckError(self._problem or f"waited {PATIENCE:.0f} s for {what}")
        return time.perf_counter() - started

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Record late heartbeats while inside."""
        self._beat_at = time.perf_counter()
        self._watching = True
        try:
            yield
        finally:
            self._watching = False

    def idle(self) -> None:
        """Wait until no job is left and what they brought is drawn."""
        self.wait(lambda: not self.worker.busy, "the queue to end")
        pause(150)

    def candidates(self, submit: Callable[[], int | None]) -> tuple[Candidates, float]:
        """Submit a sampled edit; its candidates and the seconds until they were in the gallery."""
        self._arrived = None
        self._problem = ""
        started = time.perf_counter()
        if submit() is None:
            raise StuckError(self._problem or "the edit was refused")
        self.wait(lambda: self._arrived is not None, "candidates")
        assert self._arrived is not None
        return self._arrived, time.perf_counter() - started

    def accept(self, candidates: Candidates, index: int = 0) -> float:
        """Accept a candidate; seconds until its final surface is known."""
        started = time.perf_counter()
        if not self.editor.accept(candidates.items[index], candidates.request):
            raise StuckError(self._problem or "the candidate was refused")
        self.wait(self.surfaces_known, "the surface")
        return time.perf_counter() - started

    def decode(self, shape: Shape, resolution: int) -> float:
        """Decode a shape; seconds until the mesh is on the GUI thread."""
        started = time.perf_counter()
        job = self.worker.submit(Decode(shape=shape, resolution=resolution), f"Mesh at {resolution}")
        self.wait(lambda: job in self._decoded, f"a mesh at {resolution}")
        return time.perf_counter() - started

    def select(self, shape: Shape, labels: tuple[str, ...]) -> tuple[int, ...]:
        """Select all parts of the first label that the shape has (else its first part); their ids."""
        for label in labels:
            ids = tuple(part.id for part in shape.parts if part.label == label)
            if ids:
                break
        else:
            ids = (shape.parts[0].id,)
        self.document.set_selection(Selection(frozenset(PartRef(shape.id, i) for i in ids), shape.id))
        return ids

    def places_to_click(self) -> list[tuple[QPoint, PartRef]]:
        """One pixel of each visible part, in the widget's logical pixels."""
        width, height = (int(size) for size in self.viewport.view_size)
        places: dict[PartRef, QPoint] = {}
        for y in range(8, height, 16):
            for x in range(8, width, 16):
                ref = self.viewport.part_at(x, y)
                if ref is not None:
                    places.setdefault(ref, QPoint(x, y))
        return [(place, ref) for ref, place in places.items()]

    def click(self, place: QPoint, ref: PartRef) -> float:
        """Click a part; seconds until a frame with its highlight was drawn."""
        self.document.set_selection(Selection(frozenset(), ref.shape_id))
        pause(60)
        frames = self.frames
        started = time.perf_counter()
        QTest.mouseClick(self.viewport.surface, Qt.MouseButton.LeftButton, pos=place)
        self.wait(lambda: ref in self.document.selection.parts and self.frames > frames, f"a click on {ref}")
        return time.perf_counter() - started

    def surfaces_known(self) -> bool:
        """Whether every visible shape has its final surface."""
        resolution = self.editor.surfaces.resolution
        shapes = [shape for shape in self.document.scene if shape.visible]
        return all(self.editor.meshes.get(shape, resolution) is not None for shape in shapes)

    @Slot()
    def _on_beat(self) -> None:
        now = time.perf_counter()
        if self._watching:
            self.gaps.append(max(0.0, (now - self._beat_at) * 1000.0 - HEARTBEAT))
        self._beat_at = now

    @Slot(object)
    def _on_candidates_arrived(self, candidates: Candidates) -> None:
        self._arrived = candidates

    @Slot(str, object, object)
    def _on_drag_mesh_changed(self, _shape_id: str, mesh: object, _shape: object) -> None:
        if mesh is not None:
            self.drag_frames += 1

    @Slot(str, str)
    def _on_message_posted(self, text: str, level: str) -> None:
        if level != "info":
            self._problem = text

    @Slot(int, object)
    def _on_job_finished(self, job_id: int, result: object) -> None:
        if isinstance(result, Decoded):
            self._decoded[job_id] = result

    @Slot(int, str, str)
    def _on_job_failed(self, _job_id: int, message: str, trace: str) -> None:
        self._problem = f"{message}\n{trace}"

    def _on_drawn(self, _event: object) -> None:
        self.frames += 1
