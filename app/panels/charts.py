"""Chart of the running job: its noise level, how much each part still changes, and the time of each stage.

pyqtgraph is imported when the chart is first shown, so that it costs nothing at start-up.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app import theme
from app.panels.job_trace import JobTrace
from app.panels.widgets import label

TITLES = ("noise left in the stage", "change per part", "seconds per stage")
NOISE, CHANGE, STAGES = range(3)


class JobChart(QWidget):
    """Noise left in the stage and change of every part (in its colour) over time, and time of all stages."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trace = JobTrace()
        self._plots: Any = None
        self._noise: Any = None
        self._changes: list[Any] = []
        self._bars: Any = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(8, 4, 8, 6)
        self._layout.setSpacing(2)
        self.caption = label("No steps yet.", "muted")
        self._layout.addWidget(self.caption)
        self.setAccessibleName("Chart of the running job")
        theme.changes.theme_changed.connect(self._on_theme_changed)

    def sizeHint(self) -> QSize:
        return QSize(680, 190)

    def show_trace(self, trace: JobTrace) -> None:
        """Draw a job's reports so far."""
        self._trace = trace
        self.caption.setText(trace.summary())
        stages = ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in trace.stages.items())
        self.setAccessibleDescription(f"{trace.summary()}; {stages}" if stages else trace.summary())
        if not self.isVisible():
            return
        self._build()
        self._noise.setData(trace.seconds, trace.noise)
        self._show_changes(trace)
        self._show_stages(trace)

    def _show_changes(self, trace: JobTrace) -> None:
        import pyqtgraph

        plot = self._plots.getItem(0, CHANGE)
        count = len(trace.colors)
        if len(self._changes) != count or not trace.changes:
            for curve in self._changes:
                plot.removeItem(curve)
            self._changes = [plot.plot([], []) for _ in range(count)]
            for curve, color in zip(self._changes, trace.colors, strict=True):
                curve.setPen(pyqtgraph.mkPen(tuple(int(255 * value) for value in color), width=1.5))
        if trace.changes:
            for curve, moved in zip(self._changes, np.stack(trace.changes, axis=1), strict=True):
                curve.setData(trace.change_seconds, moved)

    def _show_stages(self, trace: JobTrace) -> None:
        names, seconds = list(trace.stages), list(trace.stages.values())
        places = [-number for number in range(len(names))]
        self._bars.setOpts(x0=0, y=places, height=0.6, width=seconds)
        axis = self._plots.getItem(0, STAGES).getAxis("left")
        axis.setTicks([list(zip(places, names, strict=True))])

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
        self._plots.setMinimumHeight(130)
        self._layout.addWidget(self._plots, 1)
        for column, title in enumerate(TITLES):
            plot = self._plots.addPlot(row=0, col=column)
            plot.setMouseEnabled(x=False, y=False)
            plot.hideButtons()
            plot.setMenuEnabled(False)
            plot.showGrid(x=column == STAGES, y=column != STAGES, alpha=0.15)
            plot.setTitle(title, size="8pt")
            plot.setLabel("bottom", "seconds", **{"font-size": "8pt"})
            plot.enableAutoRange()
        self._plots.getItem(0, NOISE).setYRange(0.0, 1.0, padding=0.05)
        self._plots.getItem(0, CHANGE).setLimits(yMin=0.0)
        self._plots.getItem(0, STAGES).setLimits(xMin=0.0)
        self._noise = self._plots.getItem(0, NOISE).plot([], [])
        self._bars = pyqtgraph.BarGraphItem(x0=0, y=[], height=0.6, width=[])
        self._plots.getItem(0, STAGES).addItem(self._bars)
        self._paint()

    def _on_theme_changed(self, dark: bool) -> None:
        if self._plots is not None:
            self._paint()

    def _paint(self) -> None:
        import pyqtgraph

        shades = theme.colors()
        self._plots.setBackground(QColor(shades.panel))
        for column in range(len(TITLES)):
            plot = self._plots.getItem(0, column)
            plot.titleLabel.setText(plot.titleLabel.text, color=shades.muted, size="8pt")
            for name in ("bottom", "left"):
                axis = plot.getAxis(name)
                axis.setPen(pyqtgraph.mkPen(shades.strong_border))
                axis.setTextPen(pyqtgraph.mkPen(shades.muted))
        self._noise.setPen(pyqtgraph.mkPen(shades.link, width=2))
        self._bars.setOpts(brush=QColor(shades.success), pen=QColor(shades.panel))
