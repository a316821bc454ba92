"""What an airplane's solid shows of its wings."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.evaluation.airplane_body import Body
from core.meshing.solid import Solid, shadow

OUTER, INNER = 0.94, 0.3
"""Shares of half the span between which a wing is followed, from the tip inwards."""

UNEVEN, OFF_CENTRE = 0.08, 0.02
"""How much more area one side may have, and how far aside the centre of mass may be, over the span."""


def flies(solid: Solid) -> bool:
    """Whether an airplane is balanced: wings of equal area at both sides, centre of mass between them.

    What stands for "stands on the floor", since most airplanes have their wheels retracted or none.
    """
    if not solid.inside.any():
        return False
    plan = shadow(solid.inside, 1)
    half = len(plan) // 2
    left, right = int(plan[:half].sum()), int(plan[half:].sum())
    x, z = np.nonzero(plan)
    span, length = float(np.ptp(x) + 1), float(np.ptp(z) + 1)
    mass = (
        float(solid.inside.sum(axis=(1, 2)) @ (np.arange(len(plan)) + 0.5)) / int(solid.inside.sum()) - half
    )
    reaches = min(half - x.min(), x.max() + 1 - half) > 0.45 * span and span > 0.35 * length
    return bool(reaches and abs(left - right) < UNEVEN * max(left, right) and abs(mass) < OFF_CENTRE * span)


class Wing:
    """The main wing, from above: its front and rear edge at stations along the span."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.cell = body.cell
        self.middle = len(body.core) // 2
        self.half = 0.5 * body.span / self.cell
        plan = shadow(body.solid.inside, 1)
        plan = plan | plan[::-1]
        stations: list[tuple[float, float, float]] = []
        before: tuple[int, int] | None = None
        for step in range(int(OUTER * self.half), int(INNER * self.half), -1):
            row = plan[min(self.middle + step, len(plan) - 1)]
            edges = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(int), [0]]))).reshape(-1, 2)
            runs = [(int(a), int(b)) for a, b in edges]
            if before is not None:
                first, last = before
                runs = [run for run in runs if min(run[1], last) - max(run[0], first) > 0]
            if not runs:
                continue
            rear, front = max(runs, key=lambda run: run[1] - run[0])
            before = (rear, front)
            stations.append((step + 0.5, float(rear), float(front)))
        self.stations: NDArray[np.float64] = np.array(stations).reshape(-1, 3)

    def _chosen(self, low: float, high: float) -> NDArray[np.float64]:
        share = self.stations[:, 0] / self.half
        return self.stations[(share >= low) & (share <= high)]

    def _slope(self, column: int, low: float, high: float) -> float:
        """Median slope of an edge along the span (nacelles disturb few pairs); positive: to the rear."""
        chosen = self._chosen(low, high)
        if len(chosen) < 6:
            return 0.0
        x, z = chosen[:, 0], chosen[:, column]
        apart = x[:, None] - x[None] > 0.3 * np.ptp(x)
        slopes = (z[:, None] - z[None])[apart] / (x[:, None] - x[None])[apart]
        return -float(np.median(slopes))

    @cached_property
    def leading(self) -> float:
        """Sweep of the front edge, as a tangent."""
        return self._slope(2, 0.42, 0.88)

    @cached_property
    def trailing(self) -> float:
        """Sweep of the rear edge."""
        return self._slope(1, 0.55, 0.88)

    @property
    def sweep(self) -> float:
        return 0.5 * (self.leading + self.trailing)

    def chord(self, share: float) -> float:
        """Median length in cells around a share of half the span."""
        chosen = self._chosen(share - 0.04, share + 0.04)
        return float(np.median(chosen[:, 2] - chosen[:, 1])) if len(chosen) else 0.0

    @cached_property
    def taper(self) -> float:
        """Chord near the tip over that near the middle of each side."""
        return self.chord(0.84) / max(self.chord(0.46), 1.0)

    @cached_property
    def _levels(self) -> NDArray[np.float64]:
        """Distance from the middle and height of the upper side, in cells, along the middle of the chord."""
        found = []
        for x, rear, front in self._chosen(0.3, 0.9):
            z = int(0.5 * (rear + front))
            for side in (self.middle + int(x), self.middle - 1 - int(x)):
                if 0 <= side < 2 * self.middle and (column := self.body.solid.inside[side, :, z]).any():
                    found.append((x, float(np.flatnonzero(column)[-1]) + 1))
        return np.array(found).reshape(-1, 2)

    @cached_property
    def rise(self) -> float:
        """Slope of the wings upwards, seen from the front."""
        x, y = self._levels.T
        if len(x) < 8:
            return 0.0
        apart = x[:, None] - x[None] > 0.3 * np.ptp(x)
        return (
            float(np.median((y[:, None] - y[None])[apart] / (x[:, None] - x[None])[apart]))
            if apart.any()
            else 0.0
        )

    @cached_property
    def position(self) -> float:
        """Height of the wing's root: 0 at the bottom of the fuselage, 1 at its top."""
        if not len(self._levels):
            return 0.5
        root = float(np.median(self._levels[:, 1] - self.rise * self._levels[:, 0])) - 0.028 / self.cell
        z = float(self.stations[-1, 1:].mean()) if len(self.stations) else 0.0
        share = (z - self.body.rear) / (self.body.front - self.body.rear) - 0.5
        low, high = self.body.section(share - 0.12, share + 0.12)
        return (root - low) / max(high - low, 1.0)

    @cached_property
    def count(self) -> int:
        """Wings above one another."""
        counts = []
        for x, rear, front in self._chosen(0.4, 0.9):
            column = self.body.solid.inside[self.middle + int(x), :, int(0.5 * (rear + front))]
            edges = np.flatnonzero(np.diff(np.concatenate([[0], column.astype(int), [0]]))).reshape(-1, 2)
            counts.append(len(edges))
        return int(np.median(counts)) if counts else 0

    @cached_property
    def winglets(self) -> bool:
        """Whether the tips stand up."""
        edge = round(0.07 / self.cell)
        for side in (self.middle + round(self.half) - edge, self.middle - round(self.half)):
            tip = shadow(self.body.solid.inside[max(side, 0) : side + edge], 2)
            labels, count = ndimage.label(tip)
            tall = max((ys.stop - ys.start for _, ys in ndimage.find_objects(labels)), default=0)
            if count == 0 or tall * self.cell < 0.1:
                return False
        return True

    @cached_property
    def canards(self) -> bool:
        """Whether there are sheets at both sides of the fuselage well before the wing."""
        body = self.body
        x = round(max(0.1 * body.length / self.cell, body.half_width(0.1, 0.3) + 3))
        if x >= 0.9 * self.half:
            return False
        for side in (self.middle + x, self.middle - 1 - x):
            rows = body.solid.inside[side]
            thin = rows.any(axis=0) & (rows.sum(axis=0) <= 7)
            edges = np.flatnonzero(np.diff(np.concatenate([[0], thin.astype(int), [0]]))).reshape(-1, 2)
            inner = self.stations[-1] if len(self.stations) else (0.0, 0.0, 0.0)
            start = inner[2] + self.leading * (inner[0] - x)
            found = [
                (a, b)
                for a, b in edges
                if body.at(0.1) < 0.5 * (a + b) < body.at(0.36)
                and a > min(start, body.at(0.22)) - 2
                and 0.04 < (b - a) * self.cell / body.length < 0.15
            ]
            if not found:
                return False
        return True
