"""What a chair's solid shows of its arms and its back (see `core.evaluation.footing`)."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.evaluation.chair_seat import Seat
from core.meshing.solid import BoolArray, shadow

ARM_LIFT, ARM_REACH = 0.1, 0.65
"""Arms are looked for between these heights above the seat."""

LEAST_BACK = 0.22
"""What rises less than this above the seat is no back."""

SKIN, BACK_DEPTH = 0.1, 0.25
"""How deep the outline and the thickness of the back are looked for, from the rearmost cell of each layer."""

CORNER = 0.05
"""Distance from the front end of an arm at which its top has dropped if the end is rounded."""


class Arms:
    """Whatever stands above the seat on both sides in its front half."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        self.solid = seat.solid
        cell, centres = self.solid.cell, self.solid.centres
        self._low = seat.layer + round(ARM_LIFT / cell)
        self._high = min(seat.layer + round(ARM_REACH / cell), len(centres))
        front = centres > seat.centre_z - 0.05 * seat.half_width
        aside = np.abs(centres) > 0.3 * seat.half_width
        space = self.solid.inside[:, self._low : self._high, :] & front[None, None] & aside[:, None, None]
        self._sides = (space & (centres < 0)[:, None, None], space & (centres > 0)[:, None, None])

    @cached_property
    def present(self) -> bool:
        return all(int(side.sum()) * self.solid.cell**3 > 2e-4 for side in self._sides)

    @cached_property
    def inner(self) -> float:
        """Smallest |x| of an arm."""
        if not self.present:
            return 1.0
        return float(min(np.abs(self.solid.centres[np.nonzero(side)[0]]).min() for side in self._sides))

    def _silhouettes(self) -> list[BoolArray]:
        """Left and right arm [y, z] seen from the side, from the seat up."""
        low = self.seat.layer + 1
        outside = np.abs(self.solid.centres) > max(self.inner - self.solid.cell, 0.0)
        return [
            shadow(self.solid.inside[(sign * self.solid.centres > 0) & outside, low : self._high], 0)
            for sign in (-1, 1)
        ]

    @cached_property
    def fill(self) -> float:
        """How much of the space between arm top and seat is filled, seen from the side."""
        if not self.present:
            return 0.0
        shares = []
        for silhouette in self._silhouettes():
            z = np.flatnonzero(silhouette[self._low - self.seat.layer - 1 :].any(axis=0))
            z = z[self.solid.centres[z] > self.seat.centre_z - 0.3 * self.seat.half_width]
            below = silhouette[:, z]
            tops = len(below) - below[::-1].argmax(axis=0)
            shares.append(float(below.sum() / max(tops.sum(), 1)))
        return min(shares)

    @property
    def closed(self) -> bool:
        """Whether the arms are solid sides."""
        return self.present and self.fill > 0.85

    @cached_property
    def rounding(self) -> float:
        """How far the tops of the arms have dropped close to their front ends."""
        drops = []
        for silhouette in self._silhouettes() if self.present else []:
            arm = silhouette[self._low - self.seat.layer - 1 :]
            z = np.flatnonzero(arm.any(axis=0))
            z = z[self.solid.centres[z] > self.seat.centre_z - 0.1]
            tops = np.array([np.flatnonzero(arm[:, column])[-1] for column in z])
            near = max(len(z) - 1 - round(CORNER / self.solid.cell), 0)
            drops.append(float(tops.max() - tops[near]) * self.solid.cell)
        return min(drops, default=0.0)

    @property
    def rounded(self) -> bool:
        """Whether the arms are loops or bows; a level hoop around the seat looks straight from the side."""
        return self.present and not self.closed and self.rounding > 0.045


class Back:
    """The sheet of material at the rear, above the seat, as a silhouette."""

    def __init__(self, seat: Seat, arms: Arms) -> None:
        self.seat = seat
        self.solid = seat.solid
        cell, centres = self.solid.cell, self.solid.centres
        middle = np.abs(centres) < 0.5 * seat.half_width
        above = self.solid.inside[:, seat.layer + 1 :, :]
        filled = np.flatnonzero(above[middle].any(axis=(0, 2)))
        self.height = (int(filled[-1]) + 1) * cell if len(filled) else 0.0
        self.present = self.height > LEAST_BACK
        rows = int(filled[-1]) + 1 if self.present else 0
        above = above[:, :rows]
        anything = shadow(above[np.abs(centres) < 1.2 * seat.half_width], 0)  # [y, z]
        self._rear: NDArray[np.int64] = np.where(anything.any(axis=1), anything.argmax(axis=1), len(centres))
        depth = np.arange(len(centres))[None] - self._rear[:, None]
        self._zone = above & (depth <= round(BACK_DEPTH / cell))[None]
        if arms.closed:
            self._zone[np.abs(centres) > arms.inner - cell] = False
        self.mask = shadow(self._zone & (depth <= round(SKIN / cell))[None], 2)
        """Silhouette [x, y], y counted from the layer above the seat."""

    def rows(self, low: float, high: float) -> slice:
        """Layers between two shares of the back's height."""
        count = self.mask.shape[1]
        first = min(round(low * count), count - 1)
        return slice(first, max(round(high * count), first + 1))

    def _limits(self, rows: slice) -> tuple[int, int]:
        x = np.flatnonzero(self.mask[:, rows].any(axis=1))
        return (int(x[0]), int(x[-1]) + 1) if len(x) else (0, 0)

    @cached_property
    def limits(self) -> tuple[int, int]:
        """First and last column of the back over most of its height."""
        return self._limits(self.rows(0.55, 0.85))

    @cached_property
    def width(self) -> float:
        return (self.limits[1] - self.limits[0]) * self.solid.cell

    @cached_property
    def openness(self) -> float:
        """Share of the upper half, below its top edge, that one can see through."""
        if not self.present:
            return 0.0
        low, high = self._limits(self.rows(0.9, 0.97))
        edge = round(0.03 / self.solid.cell)  # the outline of a bent back is ragged
        part = self.mask[low + edge : high - edge, self.rows(0.5, 0.92)]
        return 1.0 - float(part.mean()) if part.size else 0.0

    @cached_property
    def bar_widths(self) -> list[float]:
        """Widths of what stands upright around half height, stiles included, from left to right."""
        if not self.present:
            return []
        part = self.mask[self.limits[0] : self.limits[1], self.rows(0.42, 0.72)]
        upright = np.concatenate([[False], part.mean(axis=1) > 0.85, [False]])
        edges = np.flatnonzero(np.diff(upright.astype(int)))
        return [float(end - start) * self.solid.cell for start, end in edges.reshape(-1, 2)]

    @cached_property
    def rails(self) -> int:
        """Number of bars that reach across, in the upper part of the back."""
        if not self.present:
            return 0
        low, high = self.limits
        inset = round(0.15 * (high - low))
        part = self.mask[low + inset : high - inset, self.rows(0.44, 1.0)]
        across = np.concatenate([[False], part.mean(axis=0) > 0.9, [False]])
        return int((np.diff(across.astype(int)) == 1).sum())

    def inner_share(self, low: float, high: float) -> float:
        """Filled share between the stiles, between two shares of the height."""
        first, last = self.limits
        inset = round(0.17 * (last - first))
        part = self.mask[first + inset : last - inset, self.rows(low, high)]
        return float(part.mean()) if part.size else 0.0

    @cached_property
    def _profile(self) -> NDArray[np.float64]:
        """Width of the outline in every layer."""
        count = len(self.mask)
        first = self.mask.argmax(axis=0)
        last = count - self.mask[::-1].argmax(axis=0)
        return np.where(self.mask.any(axis=0), last - first, 0) * self.solid.cell

    @cached_property
    def top_width(self) -> float:
        """Width of the outline just below its top, as a share of its largest width in the upper half."""
        if not self.present:
            return 0.0
        widest = float(self._profile[self.rows(0.5, 0.95)].max())
        at = len(self._profile) - 1 - round(0.07 * widest / self.solid.cell)
        return float(self._profile[max(at, 0)]) / widest if widest > 0 else 0.0

    @cached_property
    def bottom_width(self) -> float:
        """The same just above the lower end of the panel (the filled stretch around x = 0)."""
        if not self.present:
            return 0.0
        half = len(self.mask) // 2
        right = (~self.mask[half:]).argmax(axis=0) + (self.mask[half:].all(axis=0)) * half
        left = (~self.mask[:half][::-1]).argmax(axis=0) + (self.mask[:half].all(axis=0)) * half
        central = (left + right) * self.solid.cell * (self.mask[half] & self.mask[half - 1])
        widest = float(central.max())
        if widest <= 0:
            return 0.0
        central[: round(0.03 / self.solid.cell)] = 0.0
        first = int((central > 0.5 * widest).argmax())
        at = min(first + round(0.07 * widest / self.solid.cell), len(central) - 1)
        return float(central[at]) / widest

    @cached_property
    def gap_below(self) -> float:
        """Open share of a strip just above the seat, as wide as the back."""
        if not self.present:
            return 0.0
        low, high = self.limits
        cell = self.solid.cell
        part = self.mask[low:high, round(0.03 / cell) : round(0.1 / cell)]
        return 1.0 - float(part.mean()) if part.size else 0.0

    @cached_property
    def lean(self) -> float:
        """Slope of the rear side: how far back it goes per height."""
        rows = np.arange(len(self._rear))[self.rows(0.15, 0.85)] if self.present else np.zeros(0, int)
        rows = rows[self._rear[rows] < len(self.solid.inside)]
        return -float(np.polyfit(rows, self._rear[rows], 1)[0]) if len(rows) > 3 else 0.0

    @cached_property
    def thickness(self) -> float:
        """Median depth of the back near its middle."""
        if not self.present:
            return 0.0
        low, high = self.limits
        inset = round(0.2 * (high - low))
        depth = self._zone[low + inset : high - inset, self.rows(0.5, 0.85)].sum(axis=2)
        return float(np.median(depth[depth > 0])) * self.solid.cell if (depth > 0).any() else 0.0

    @cached_property
    def curve(self) -> float:
        """How far the rear side comes forward towards the sides, seen from above."""
        if not self.present:
            return 0.0
        low, high = self.limits
        filled = shadow(self._zone[low:high, self.rows(0.75, 0.92)], 1)  # [x, z]
        rear = np.where(filled.any(axis=1), filled.argmax(axis=1), -1)
        edge, middle = max(1, round(0.12 * (high - low))), (high - low) // 2
        sides = np.concatenate([rear[1 : 1 + edge], rear[-1 - edge : -1]])
        inner = rear[middle - edge : middle + edge]
        sides, inner = sides[sides >= 0], inner[inner >= 0]
        if not len(sides) or not len(inner):
            return 0.0
        return float(sides.mean() - inner.mean()) * self.solid.cell
