"""Curves of trainings: losses on the left, checks on shapes held out on the right; drawn while they grow."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from app import theme
from app.panels.widgets import label
from core.training_run import TrainingError, TrainingLog

CHECKS = ("validation", "accuracy", "iou")
UNSHOWN = ("norm", "rate")
UNDRAWN = (*UNSHOWN, "likelihood")
"""The likelihood has a scale of its own, beside which the losses would be lines; it is told in words."""


class TrainingCurves(QWidget):
    """The curves of one log, chosen among those of a training."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._logs: dict[Path, TrainingLog] = {}
        self._plots: list[Any] = []
        self._surface: Any = None
        self._follows = True
        self.choice = QComboBox()
        self.choice.setAccessibleName("Stage of the training")
        self.choice.setToolTip("Which stage's curves are shown; the newest unless another is chosen.")
        self.note = label("No curves yet.", "muted", wrap=True)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self.choice)
        self._layout.addWidget(self.note)
        self._layout.addStretch(0)
        self.setAccessibleName("Curves of the training")
        self.choice.activated.connect(self._on_chosen)
        theme.changes.theme_changed.connect(self._on_theme_changed)

    def sizeHint(self) -> QSize:
        return QSize(560, 250)

    @property
    def shown_log(self) -> TrainingLog | None:
        """The one whose curves are drawn."""
        path = self.choice.currentData()
        return self._logs.get(Path(path)) if path else None

    def show_logs(self, paths: Sequence[Path]) -> None:
        """Read what was written since, and draw the chosen log (the newest, unless a person chose)."""
        if [path for path in self._logs if path not in paths]:
            self._logs, self._follows = {}, True
            self.choice.clear()
        for path in paths:
            if path not in self._logs:
                self._logs[path] = TrainingLog(path)
                self.choice.addItem(_title(path), str(path))
        self.choice.setVisible(len(self._logs) > 1)
        if self._follows and self.choice.count():
            self.choice.setCurrentIndex(self.choice.count() - 1)
        self._draw()

    @Slot()
    def _on_chosen(self) -> None:
        self._follows = self.choice.currentIndex() == self.choice.count() - 1
        self._draw()

    def _draw(self) -> None:
        log = self.shown_log
        problem = ""
        if log is not None:
            try:
                log.read()
            except TrainingError as error:
                problem = str(error)
        curves = log.curves if log is not None else {}
        steps = max((steps[-1] for steps, _ in curves.values()), default=0)
        last = [f"{_words(name)} {values[-1]:.4g}" for name, (_, values) in curves.items()
                if name not in UNSHOWN]  # fmt: skip
        words = f"Step {steps:,}: {', '.join(last)}" if curves else problem or "No curves yet."
        self.note.setText(words)
        self.setAccessibleDescription(words)
        if not curves and self._surface is None:
            return
        self._build()
        for plot, checks in zip(self._plots, (False, True), strict=True):
            plot.clear()
            plot.legend.clear()
            names = [n for n in curves if n not in UNDRAWN and n.startswith(CHECKS) == checks]
            for row, name in enumerate(names):
                pen = {"color": _colors()[row % len(_colors())], "width": 2}
                # A single check is a dot that a line would not show.
                dots = {"symbol": "o", "symbolSize": 5, "symbolBrush": pen["color"], "symbolPen": None}
                few = len(curves[name][0]) < 30
                plot.plot(*curves[name], pen=pen, name=_words(name), **(dots if few else {}))

    def _build(self) -> None:
        if self._surface is not None:
            return
        os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
        import pyqtgraph

        pyqtgraph.setConfigOptions(antialias=True)
        self._surface = pyqtgraph.GraphicsLayoutWidget()
        self._surface.setMinimumHeight(190)
        self._layout.insertWidget(1, self._surface, 1)
        for column, title in enumerate(("loss", "checks")):
            plot = self._surface.addPlot(row=0, col=column)
            plot.setMenuEnabled(False)
            plot.hideButtons()
            plot.setMouseEnabled(x=False, y=False)
            plot.showGrid(x=False, y=True, alpha=0.15)
            plot.setTitle(title, size="8pt")
            plot.setLabel("bottom", "steps", **{"font-size": "8pt"})
            plot.addLegend(offset=(-6, -6 if column else 6), labelTextSize="8pt")
            self._plots.append(plot)
        self._paint()

    @Slot(bool)
    def _on_theme_changed(self, dark: bool) -> None:
        if self._surface is not None:
            self._paint()
            self._draw()

    def _paint(self) -> None:
        import pyqtgraph

        shades = theme.colors()
        self._surface.setBackground(QColor(shades.panel))
        for plot in self._plots:
            plot.titleLabel.setText(plot.titleLabel.text, color=shades.muted, size="8pt")
            plot.legend.setLabelTextColor(shades.muted)
            plot.legend.setBrush(pyqtgraph.mkBrush(shades.panel))
            for name in ("bottom", "left"):
                axis = plot.getAxis(name)
                axis.setPen(pyqtgraph.mkPen(shades.strong_border))
                axis.setTextPen(pyqtgraph.mkPen(shades.muted))


def _colors() -> tuple[str, ...]:
    shades = theme.colors()
    return shades.link, shades.success, shades.warning, shades.danger, shades.muted


def _words(name: str) -> str:
    return name.replace("validation_", "held-out ").replace("iou", "IoU").replace("_", " ")


def _title(path: Path) -> str:
    """``round-1/cascade/log.jsonl`` -> "Round 1: cascade"; another log by its folder."""
    home = path.parent
    if home.parent.name.startswith("round-"):
        return f"Round {home.parent.name.removeprefix('round-')}: {home.name}"
    return f"{home.name}/{path.name}"
