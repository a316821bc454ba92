"""What an airplane's solid shows of its fuselage, of other thick bodies, of its tail and its wheels.

The nose points to +z, y is up. Nothing here knows part names. Lengths are domain units unless they are called
shares of the airplane's length. Sheets (wings, fins, blades) and rods vanish when the solid is opened by a
small cube; what is left are bodies: the fuselage, nacelles, floats.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.meshing.solid import BoolArray, Solid, pieces, shadow

THICK = 2.4
"""Radius in cells of the ball that fits into a body, and into no sheet or rod."""

ENGINE_LENGTH = (0.1, 0.52)
LEAST_VOLUME = 60
FLOAT_LENGTH = 0.42

WHEEL = (0.0575, 0.15)
"""Lengths of a wheel's section a little above the ground."""

TAIL_DEPTH, FIN_DEPTH, TAIL_REACH = 0.17, 0.3, 0.26
"""How far tailplane and fins reach forward from the rear end, and sideways, as shares of the length."""


def _opened(inside: BoolArray, box: tuple[slice, ...]) -> BoolArray:
    """What balls of radius `THICK` that lie inside can reach; `box` holds everything that is filled."""
    cropped = np.pad(inside[box], 1)
    deep = ndimage.distance_transform_edt(cropped) > THICK
    opened = np.zeros_like(inside)
    if deep.any():
        reached = (ndimage.distance_transform_edt(~deep) < THICK) & cropped
        opened[box] = reached[1:-1, 1:-1, 1:-1]
    return opened


class Body:
    """The fuselage and what else is thick."""

    def __init__(self, solid: Solid) -> None:
        self.solid = solid
        self.cell = solid.cell
        filled = np.argwhere(solid.inside)
        low, high = filled.min(0), filled.max(0) + 1
        self.rear, self.front = int(low[2]), int(high[2])
        self.length = float(high[2] - low[2]) * self.cell
        self.span = float(high[0] - low[0]) * self.cell
        opened = _opened(solid.inside, tuple(slice(a, b) for a, b in zip(low, high, strict=True)))
        labels, count = ndimage.label(opened)
        middle = len(opened) // 2
        central = np.bincount(labels[middle - 2 : middle + 2].ravel(), minlength=count + 1)
        central[0] = 0
        self.core: BoolArray = (
            labels == int(central.argmax()) if central.any() else np.zeros_like(solid.inside)
        )
        self.others = [
            (label, place)
            for label, place in enumerate(ndimage.find_objects(labels), 1)
            if label != int(central.argmax()) and (labels[place] == label).sum() >= LEAST_VOLUME
        ]

    def at(self, share: float) -> int:
        """Slice at a share of the length, 0.5 at the nose, -0.5 at the rear end."""
        return min(self.rear + round((share + 0.5) * (self.front - self.rear)), self.front - 1)

    def _middle(self, part: BoolArray) -> BoolArray:
        """Cells [y, z] around the plane x = 0."""
        half = len(part) // 2
        return shadow(part[half - 1 : half + 1], 0)

    @cached_property
    def limits(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Lowest layer of the fuselage and the one above its highest, for every slice [z] (-1: none)."""
        middle = self._middle(self.core)
        low = np.where(middle.any(axis=0), middle.argmax(axis=0), -1)
        high = np.where(middle.any(axis=0), len(middle) - middle[::-1].argmax(axis=0), -1)
        return low, high

    def section(self, first: float, last: float) -> tuple[float, float]:
        """Median lowest and highest layer of the fuselage between two shares of the length."""
        low, high = (limit[self.at(first) : self.at(last) + 1] for limit in self.limits)
        if not (low >= 0).any():
            return 0.0, 0.0
        return float(np.median(low[low >= 0])), float(np.median(high[high >= 0]))

    @cached_property
    def reach(self) -> float:
        """Share of the length over which there is a fuselage."""
        return float((self.limits[0] >= 0).sum()) / (self.front - self.rear)

    @cached_property
    def girth(self) -> float:
        """Half the height of the fuselage's section over the length."""
        areas = self.core[:, :, self.at(-0.15) : self.at(0.32) + 1].sum(axis=(0, 1))
        return float(np.median(np.sqrt(areas / np.pi))) * self.cell / self.length

    def half_width(self, first: float, last: float) -> float:
        """Median half width in cells of the fuselage between two shares of the length."""
        plan = shadow(self.core, 1)[:, self.at(first) : self.at(last) + 1]
        return 0.5 * float(np.median(plan.sum(axis=0)))

    @cached_property
    def engines(self) -> tuple[tuple[float, float, float, float], ...]:
        """Nacelles off the fuselage: centre x and y, front end z (all in cells), length."""
        found = []
        half = 0.5 * len(self.core)
        for _, (xs, ys, zs) in self.others:
            length = (zs.stop - zs.start) * self.cell
            x, y = 0.5 * (xs.start + xs.stop), 0.5 * (ys.start + ys.stop)
            if ENGINE_LENGTH[0] <= length <= ENGINE_LENGTH[1] and abs(x - half) > 3 and not self._floats(ys):
                found.append((x, y, float(zs.stop), length))
        return tuple(found)

    def _floats(self, ys: slice) -> bool:
        """Whether something lies well below the fuselage."""
        return ys.stop < self.section(-0.1, 0.3)[0] - 1

    @cached_property
    def _wing_nacelles(self) -> list[tuple[float, float, float, float]]:
        low, high = self.section(-0.2, 0.2)
        middle = 0.5 * (low + high)
        return [one for one in self.engines if one[2] > self.at(-0.06) or one[1] <= middle]

    @property
    def wing_engines(self) -> int:
        """Twice the number of places along one wing where there are nacelles."""
        away = np.sort([abs(one[0] - 0.5 * len(self.core)) for one in self._wing_nacelles])
        return 2 * (1 + int((np.diff(away) > 4).sum())) if len(away) > 1 else 0

    @cached_property
    def rear_engines(self) -> bool:
        """Nacelles at both sides of the rear fuselage: it is wider there than before and behind."""
        plan = shadow(self.core, 1).sum(axis=0)
        zone = plan[self.at(-0.36) : self.at(-0.1) + 1]
        before = float(np.median(plan[self.at(-0.03) : self.at(0.15) + 1]))
        behind = float(np.median(plan[self.at(-0.46) : self.at(-0.4) + 1]))
        low, high = self.section(-0.2, 0.2)
        apart = sum(front <= self.at(-0.06) and y > 0.5 * (low + high) for _, y, front, _ in self.engines)
        return apart >= 2 or float(np.percentile(zone, 72)) > 1.5 * max(before, behind, 1.0)

    @cached_property
    def pontoons(self) -> int:
        """Long bodies below the fuselage."""
        return sum(
            (zs.stop - zs.start) * self.cell > FLOAT_LENGTH and self._floats(ys)
            for _, (_, ys, zs) in self.others
        )

    # Propellers

    def _disc(self, x: float, y: float, first: int, last: int) -> tuple[float, float]:
        """Largest radius around x, y of a piece of the slices between two z, and how full its circle is."""
        best = (0.0, 1.0)
        for z in range(max(first, 0), min(last, len(self.core))):
            for rows, columns in pieces(self.solid.inside[:, :, z]):
                far = np.hypot(rows + 0.5 - x, columns + 0.5 - y)
                if far.min() < 4.5 and far.max() * self.cell > best[0]:
                    radius = float(far.max()) * self.cell
                    best = (radius, len(rows) * self.cell**2 / (np.pi * radius**2))
        return best

    @cached_property
    def nose_propeller(self) -> bool:
        """Whether something wide and mostly empty turns before the nose, which is narrower behind it."""
        tip = self._middle(self.solid.inside)[:, self.front - 6 : self.front].any(axis=1)
        if not tip.any():
            return False
        half, y = 0.5 * len(self.core), float(np.flatnonzero(tip).mean()) + 0.5
        radius, full = self._disc(half, y, self.front - 6, self.front)
        behind, _ = self._disc(half, y, self.front - 13, self.front - 10)
        return radius > 0.08 and full < 0.62 and radius > 1.1 * behind

    @cached_property
    def wing_propellers(self) -> int:
        found = 0
        for x, y, front, _ in self._wing_nacelles:
            radius, full = self._disc(x, y, round(front) - 1, round(front) + 10)
            found += radius > 0.095 and full < 0.62
        return found

    @property
    def propellers(self) -> bool:
        return self.nose_propeller or self.wing_propellers > 0

    # Landing gear

    @cached_property
    def wheels(self) -> tuple[tuple[float, float], ...]:
        """X and z in cells of wheels on the ground."""
        floor = self.solid.layers()[0]
        half = 0.5 * len(self.core)
        found = []
        for x, z in pieces(self.solid.inside[:, floor + 2, :]):
            axle = (np.ptp(x) + 1) * self.cell > 0.16
            ends = (x < x.min() + 4, x > x.max() - 4) if axle else (np.ones(len(x), bool),)
            for end in ends:
                wide, long = (np.ptp(x[end]) + 1) * self.cell, (np.ptp(z[end]) + 1) * self.cell
                if WHEEL[0] < long < WHEEL[1] and wide < 1.15 * long:
                    found.append((float(x[end].mean()) + 0.5 - half, float(z[end].mean())))
        return tuple(found)

    @property
    def gear(self) -> bool:
        return sum(abs(x) > 2 for x, _ in self.wheels) == 2 and len(self.wheels) <= 3

    @property
    def nose_wheel(self) -> bool:
        middle = [z for x, z in self.wheels if abs(x) <= 2]
        aside = [z for x, z in self.wheels if abs(x) > 2]
        return self.gear and len(middle) == 1 and middle[0] > max(aside)

    @cached_property
    def twin_booms(self) -> bool:
        """Whether the rear is carried by something at both sides and nothing in the middle."""
        half = len(self.core) // 2
        empty = []
        for share in (-0.22, -0.26, -0.3):
            cut = self.solid.inside[:, :, self.at(share)]
            sides = cut[: half - 4].any() and cut[half + 4 :].any()
            empty.append(sides and not cut[half - 2 : half + 2].any())
        return all(empty)


class Tail:
    """The last part of the airplane, seen from the rear."""

    def __init__(self, body: Body) -> None:
        cell, length = body.cell, body.length
        half = len(body.core) // 2
        reach, near, far = (round(part * length / cell) for part in (TAIL_REACH, TAIL_DEPTH, FIN_DEPTH))
        rear = body.solid.inside[half - reach : half + reach, :, body.rear :]
        self.plane = shadow(rear[:, :, :near], 2)
        self.mask = shadow(rear[:, :, :far], 2)
        self.length, self.cell = length, cell
        middle = shadow(body.core[half - 1 : half + 1], 0)[:, body.rear : body.rear + 2]
        roof = np.flatnonzero(middle.any(axis=1))
        if len(roof):
            self.roof = int(roof[-1]) + 1
        else:  # the end of the fuselage is further forward, or thin
            mass = float(ndimage.center_of_mass(body.solid.inside)[1])
            self.roof = round(body.section(-0.2, 0.2)[1] or mass + 0.04 / cell)
        filled = np.flatnonzero(self.mask.any(axis=0))
        self.top = int(filled[-1]) + 1 if len(filled) else self.roof

    @property
    def height(self) -> float:
        """Of the fins above the fuselage, over the length."""
        return max(self.top - self.roof, 0) * self.cell / self.length

    @cached_property
    def _runs(self) -> list[list[tuple[float, float]]]:
        """Middle and width in cells of what the rows through the fins cross, from low to high."""
        found = []
        for share in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
            row = self.mask[:, min(self.roof + round(share * (self.top - self.roof)), len(self.mask[0]) - 1)]
            edges = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(int), [0]]))).reshape(-1, 2)
            found.append([(0.5 * (a + b), float(b - a)) for a, b in edges])
        return found

    @cached_property
    def fins(self) -> int:
        """Upright sheets side by side."""
        if self.height < 0.05:
            return 0
        counts = [
            len(runs) for runs in self._runs if all(wide < 0.11 * self.length / self.cell for _, wide in runs)
        ]
        return max(set(counts), key=counts.count) if counts else 0

    @cached_property
    def lean(self) -> float:
        """How far two fins go apart per height."""
        pairs = [(index, runs[1][0] - runs[0][0]) for index, runs in enumerate(self._runs) if len(runs) == 2]
        if len(pairs) < 2:
            return 0.0
        (first, narrow), (last, wide) = pairs[0], pairs[-1]
        return float(0.5 * (wide - narrow) / max(0.1 * (last - first) * (self.top - self.roof), 1e-9))

    @cached_property
    def width(self) -> float:
        """Of the widest row, over the length."""
        return float(self.plane.sum(axis=0).max()) * self.cell / self.length

    @cached_property
    def level(self) -> float:
        """Where the widest row is: 0 at the top of the fuselage, 1 at the top of the fin."""
        rows = self.plane.sum(axis=0)
        at = np.flatnonzero(rows > 0.85 * rows.max())
        return float(at.mean() + 0.5 - self.roof) / max(self.top - self.roof, 1)
