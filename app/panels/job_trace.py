"""What is remembered of a running job, for its chart."""

from __future__ import annotations

import time

import numpy as np

from core.edits.job import Preview, Progress
from core.scene.palette import part_colors
from core.scene.shape import CENTRE, FloatArray, Shape

MAX_SAMPLES = 600


class JobTrace:
    """The reports of one job as chart series; seconds are relative to its start.

    Attributes
    ----------
    seconds, noise : list of float
        When reports came, and what was left then of the stage's way from noise (1) to its result (0).
    change_seconds : list of float
    changes : list of FloatArray [P]
        When previews came, and how far the centre of each part had moved since the one before, in domain
        units.
    colors : FloatArray [P, 3]
        Of the parts, as everywhere.
    stages : dict of str to float
        Seconds spent in each stage so far, in the order in which they began.
    """

    def __init__(self, clock: float | None = None) -> None:
        self.started = time.monotonic() if clock is None else clock
        self.seconds: list[float] = []
        self.noise: list[float] = []
        self.change_seconds: list[float] = []
        self.changes: list[FloatArray] = []
        self.colors: FloatArray = np.zeros((0, 3), np.float32)
        self.stages: dict[str, float] = {}
        self.step_milliseconds = 0.0
        self._stage = ""
        self._done = 0
        self._last = self.started
        self._centres: FloatArray | None = None

    def add(self, progress: Progress, now: float | None = None) -> None:
        """Record one report. Several steps may lie between two of them: the time is shared among them."""
        now = time.monotonic() if now is None else now
        same = progress.stage == self._stage and progress.done > self._done
        steps = progress.done - self._done if same else max(progress.done, 1)
        self.seconds.append(now - self.started)
        self.noise.append(1.0 - progress.done / max(progress.total, 1))
        self.step_milliseconds = 1000.0 * (now - self._last) / max(steps, 1)
        # Reports come after steps, but "0 done" comes before what it announces.
        announced = self._stage != "" and self._stage != progress.stage and self._done == 0
        spent = self._stage if announced or (progress.done == 0 and self._stage) else progress.stage
        self.stages[spent] = self.stages.get(spent, 0.0) + now - self._last
        self.stages.setdefault(progress.stage, 0.0)
        self._stage, self._done, self._last = progress.stage, progress.done, now
        del self.seconds[:-MAX_SAMPLES], self.noise[:-MAX_SAMPLES]

    def add_preview(self, preview: Preview, shape: Shape, now: float | None = None) -> None:
        """Record how parts moved; `shape` holds the preview's Gaussians with the names they have so far."""
        centres = preview.extrinsics[:, CENTRE]
        before, self._centres = self._centres, centres
        if before is None or before.shape != centres.shape:
            self.colors = part_colors(shape)
            self.change_seconds, self.changes = [], []
            return
        now = time.monotonic() if now is None else now
        self.change_seconds.append(now - self.started)
        self.changes.append(np.linalg.norm(centres - before, axis=1))
        del self.change_seconds[:-MAX_SAMPLES], self.changes[:-MAX_SAMPLES]

    def summary(self) -> str:
        if not self.seconds:
            return "No steps yet."
        return f"{self.step_milliseconds:.0f} ms per step, {self.seconds[-1]:.1f} s so far"
