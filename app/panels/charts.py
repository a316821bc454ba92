"""Chart of the running job: which noise level it is at, and how long each step takes.

pyqtgraph is imported when the chart is first shown, so that it costs nothing at start-up.
"""

from __future__ import annotations

import os
import time
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app import theme
from app.panels.widgets import label
from core.edits.job import Progress

MAX_SAMPLES = 600


class JobTrace:
    """The reports of one job as chart series; seconds are relative to its start."""

    def __init__(self, clock: float | None = None) -> None:
        self.started = time.monotonic() if clock is None else clock
        self.seconds: list[float] = []
        self.noise: list[float] = []
        self.step_milliseconds: list[float] = []
        self._stage = ""
        self._done = 0
        self._last = self.started

    def add(self, progress: Progress, now: float | None = None) -> None:
        """Record one report. `noise` is what is left of the stage's way from noise (1) to the result (0).

        Several steps may lie between two reports (they are throttled): the time is shared among them.
        """
        now = time.monotonic() if now is None else now
        same = progress.stage == self._stage and progress.done > self._done
        steps = progress.done - self._done if same else max(progress.done, 1)
        self.seconds.append(now - self.started)
        self.noise.append(1.0 - progress.done / max(progress.total, 1))
        self.step_milliseconds.append(1000.0 * (now - self._last) / max(steps, 1))
        self._stage, self._done, self._last = progress.stage, progress.done, now
        if len(self.seconds) > MAX_SAMPLES:
            for series in (self.seconds, self.noise, self.step_milliseconds):
                del series[0]

    def summary(self) -> str:
        if not self.seconds:
            return "No steps yet."
        return f"{self.step_milliseconds[-1]:.0f} ms per step, {self.seconds[-1]:.1f} s so far"


class JobChart(QWidget):
    """Two small curves over time: noise left in the present stage, and milliseconds per step."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trace = JobTrace()
        self._plots: Any = None
        self._curves: list[Any] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(8, 4, 8, 6)
        self._layout.setSpacing(2)
        self.caption = label("No steps yet.", "muted")
        self._layout.addWidget(self.caption)
        self.setAccessibleName("Chart of the running job")
        theme.changes.theme_changed.connect(self._on_theme_changed)

    def sizeHint(self) -> QSize:
        return QSize(420, 170)

    def show_trace(self, trace: JobTrace) -> None:
        """Draw a job's reports so far."""
        self._trace = trace
        self.caption.setText(trace.summary())
        self.setAccessibleDescription(trace.summary())
        if not self.isVisible():
            return
        self._build()
        for curve, values in zip(self._curves, (trace.noise, trace.step_milliseconds), strict=True):
            curve.setData(trace.seconds, values)

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self.show_trace(self._trace)

    def _build(self) -> None:
        if self._plots is not None:
            return
        os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
        import pyqtgraph

        pyqtgraph.setConfigOptions(antialias=True)
        self._plots = pyqtgraph.GraphicsLayoutWidget()
        self._plots.setMinimumHeight(120)
        self._layout.addWidget(self._plots, 1)
        for column, title in enumerate(("noise left in the stage", "ms per step")):
            plot = self._plots.addPlot(row=0, col=column)
            plot.setMouseEnabled(x=False, y=False)
            plot.hideButtons()
            plot.setMenuEnabled(False)
            plot.showGrid(x=False, y=True, alpha=0.15)
            plot.setTitle(title, size="8pt")
            plot.setLabel("bottom", "seconds", **{"font-size": "8pt"})
            if column == 0:
                plot.setYRange(0.0, 1.0, padding=0.05)
            else:
                plot.enableAutoRange()
                plot.setLimits(yMin=0.0)
            self._curves.append(plot.plot([], []))
        self._paint()

    def _on_theme_changed(self, dark: bool) -> None:
        if self._plots is not None:
            self._paint()

    def _paint(self) -> None:
        import pyqtgraph

        shades = theme.colors()
        self._plots.setBackground(QColor(shades.panel))
        for column, color in enumerate((shades.link, shades.success)):
            plot = self._plots.getItem(0, column)
            plot.titleLabel.setText(plot.titleLabel.text, color=shades.muted, size="8pt")
            for name in ("bottom", "left"):
                axis = plot.getAxis(name)
                axis.setPen(pyqtgraph.mkPen(shades.strong_border))
                axis.setTextPen(pyqtgraph.mkPen(shades.muted))
            self._curves[column].setPen(pyqtgraph.mkPen(color, width=2))
