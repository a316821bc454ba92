"""What a table's solid shows of what it stands on: shapes of legs, ends, boards."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.evaluation.footing import Base
from core.evaluation.table_front import fronts
from core.evaluation.table_top import BOARD_COVERAGE, Top
from core.meshing.solid import BoolArray, pieces, shadow

SLICES = tuple(np.linspace(0.06, 0.94, 23))
"""Shares of the height from floor to top at which a table is cut."""

END_FILL = 0.6
"""A slab or cabinet fills at least this share of the depth of the top."""

CABINET = 0.22
"""What is at least this wide in x is no slab but a cabinet."""

SHEET = (0.3, 0.125)
"""An upright board is at least this long and this high."""

WHEEL_LIMITS = (0.06, 0.24)
"""Lengths of a wheel along its rolling direction."""


class Legs:
    """Separate legs: what the slices show in which each leg is one piece."""

    def __init__(self, base: Base, count: int) -> None:
        found = []
        for share in SLICES:
            at = base.pieces_at(share)
            if len(at) != count:
                continue
            middles = np.array([[x.mean(), z.mean()] for x, z in at])
            spread = np.linalg.norm(middles - middles.mean(0), axis=1).mean()
            width = np.mean([_breadth(x, z) for x, z in at])
            found.append((share * base.height, width, spread))
        self.cuts = np.array(found).reshape(-1, 3) * base.solid.cell

    @property
    def width(self) -> float:
        """Breadth of a leg in its upper third."""
        upper = self.cuts[-max(1, len(self.cuts) // 3) :, 1]
        return float(np.median(upper)) if len(upper) else 0.0

    @property
    def taper(self) -> float:
        """Width per width at the upper end that a leg loses from the upper to the lower end, as a share."""
        heights = self.cuts[:, 0]
        if len(heights) < 4 or np.ptp(heights) < 0.1:
            return 0.0
        slope, start = np.polyfit(heights, self.cuts[:, 1], 1)
        upper = start + slope * heights.max()
        return float(slope * np.ptp(heights) / upper) if upper > 0 else 0.0

    @property
    def slope(self) -> float:
        """How far the legs go outwards per height on the way down."""
        heights = self.cuts[:, 0]
        if len(heights) < 4 or np.ptp(heights) < 0.1:
            return 0.0
        return -float(np.polyfit(heights, self.cuts[:, 2], 1)[0])


class Under:
    """Everything between floor and top."""

    def __init__(self, top: Top) -> None:
        self.top = top
        self.solid = top.solid
        self.base = Base(top)

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """Number of pieces of every slice."""
        return np.array([len(self.base.pieces_at(share)) for share in SLICES])

    def stands_on(self, count: int) -> bool:
        """Whether it stands on so many separate legs; forked legs are twice as many higher up."""
        many = (self.counts == count) | (self.counts == 2 * count)
        # shelves, bars and aprons join the legs in some slices
        separate = many.sum() >= 0.22 * len(many) and not self.base.column
        return self.base.floor_count == count and bool(separate or self.top.solid_share > 0.5)

    @cached_property
    def legs(self) -> Legs:
        return Legs(self.base, self.base.floor_count)

    @property
    def forked(self) -> bool:
        """Whether every leg is two rods that meet on the floor."""
        floor, twice = self.base.floor_count, 2 * self.base.floor_count
        return floor in (3, 4) and int((self.counts == twice).sum()) >= 0.25 * len(self.counts)

    @cached_property
    def bars(self) -> float:
        """Height over which something thin joins separate legs, below the middle."""
        count = self.base.floor_count
        if count < 3 or not self.stands_on(count):
            return 0.0
        found = 0
        for index in range(round(0.06 * len(self.top.cover)), round(0.62 * len(self.top.cover))):
            if self.top.cover[index] < BOARD_COVERAGE:
                layer = self.solid.inside[:, self.top.floor + index, :]
                found += len(pieces(layer)) < count
        return found * self.solid.cell

    @cached_property
    def ends(self) -> tuple[float, ...]:
        """Thicknesses in x of what fills the depth in the middle of the height, from left to right."""
        deep = END_FILL * self.top.depth / self.solid.cell
        found: list[tuple[float, ...]] = []
        for share in (0.3, 0.4, 0.5, 0.6, 0.7):
            layer = self.solid.inside[:, self.top.floor + round(share * self.base.height), :]
            filled = np.concatenate([[False], layer.sum(axis=1) >= deep, [False]])
            edges = np.flatnonzero(np.diff(filled.astype(int))).reshape(-1, 2)
            found.append(tuple(float(last - first) * self.solid.cell for first, last in edges))
        counts = [len(one) for one in found]
        usual = max(set(counts), key=counts.count)
        return next(one for one in found if len(one) == usual)

    @property
    def slabs(self) -> bool:
        """Whether it stands on two slabs."""
        return len(self.ends) == 2 and max(self.ends) < CABINET and self.base.floor_count == 2

    @property
    def cabinets(self) -> int:
        """Closed boxes from the floor to the top that leave room beside them."""
        wide = [one for one in self.ends if one >= CABINET]
        return len(wide) if sum(wide) < 0.75 * self.top.width else 0

    def _extents(self, share: float) -> tuple[int, float, float]:
        """Number of pieces of a slice, and its extents in x and z."""
        found = self.base.pieces_at(share)
        if not found:
            return 0, 0.0, 0.0
        x, z = (np.concatenate([piece[axis] for piece in found]) for axis in (0, 1))
        return len(found), float(np.ptp(x)), float(np.ptp(z))

    @cached_property
    def crossed(self) -> bool:
        """Whether legs cross half way up: far apart below and above, close together in the middle."""
        low = self._extents(0.15)
        middle = [self._extents(share) for share in (0.42, 0.45, 0.48, 0.52, 0.55, 0.58)]
        for high in (self._extents(share) for share in (0.66, 0.72, 0.8, 0.88)):
            if min(low[0], high[0]) >= 4 and any(
                min(one[axis] for one in middle) < 0.6 * min(low[axis], high[axis]) for axis in (1, 2)
            ):
                return True
        return False

    @property
    def held_from_behind(self) -> bool:
        """Whether all that carries the top stands at the rear, on something that reaches forward."""
        quarter = 0.25 * self.top.depth
        for share in (0.4, 0.5, 0.6):
            z = [columns for _, columns in self.base.pieces_at(share)]
            if not z or self.solid.centres[np.concatenate(z)].max() > self.top.centre_z - 0.5 * quarter:
                return False
        low = self.solid.inside[:, self.top.floor : self.top.floor + 3, :].any(axis=(0, 1))
        return bool(self.solid.centres[low].max() > self.top.centre_z + quarter)

    @cached_property
    def _feet(self) -> list[tuple[float, float, float]]:
        """Centre x and extents in x and z of everything close to the floor."""
        reach = max(3, round(0.12 * self.base.height))
        low = shadow(self.solid.inside[:, self.top.floor : self.top.floor + reach, :], 1)
        cell = self.solid.cell
        return [
            (
                float(self.solid.centres[x].mean()),
                float(np.ptp(x) + 1) * cell,
                float(np.ptp(z) + 1) * cell,
            )
            for x, z in pieces(low)
        ]

    @property
    def columns(self) -> int:
        """1 or 2 posts, each on a foot that spreads both ways; else 0."""
        feet, found = self._feet, self.base.pieces_at(0.65)
        if not all(_compact(*piece) for piece in found):
            return 0
        if self.base.column:
            return 1
        if len(feet) != 2 or len(found) != 2 or self.top.solid_share > 0.5:
            return 0
        spreads = all(0.6 < wide / deep < 1.7 and wide > 0.18 for _, wide, deep in feet)
        return 2 if spreads else 0

    @property
    def trestles(self) -> bool:
        """Whether two frames carry it that are wide at the floor and narrow in z higher up."""
        sides = []
        for sign in (-1, 1):
            extents = []
            for share in (0.0, 0.08, 0.85):
                layer = self.top.floor + max(round(share * self.base.height), 1)
                cut = self.solid.inside[:, layer, :][sign * self.solid.centres > 0.1]
                z = np.flatnonzero(cut.any(axis=0))
                extents.append(float(np.ptp(z) + 1) if len(z) else 0.0)
            sides.append(extents)
        if any(high == 0 for _, _, high in sides) or self.columns or self.top.solid_share > 0.5:
            return False
        if self.base.floor_count not in (2, 4) or not any(
            len(cut) in (2, 4) and {np.sign(self.solid.centres[x].mean()) for x, _ in cut} == {-1.0, 1.0}
            for cut in map(self.base.pieces_at, (0.35, 0.5, 0.65))
        ):
            return False
        posts = all(wide > 1.4 * self._middle_depth for wide, _, _ in sides)
        frames = all(high < 0.55 * max(wide, low) for wide, low, high in sides)
        return posts or frames

    @property
    def _middle_depth(self) -> float:
        """Extent in z at half height, in cells."""
        return self._extents(0.55)[2] + 1

    @cached_property
    def wheels(self) -> int:
        """Small pieces on the floor that are round from the side and longer than they are wide."""
        return sum(self._rolls(*piece) for piece in pieces(self.solid.inside[:, self.top.floor, :], 1))

    def _rolls(self, x: NDArray[np.int64], z: NDArray[np.int64]) -> bool:
        """Whether what touches the floor grows upwards like a disc on edge, and stays where it is."""
        rows: list[tuple[float, float, float]] = []
        start = np.array([x.mean(), z.mean()])
        for layer in range(self.top.floor, self.top.floor + round(WHEEL_LIMITS[1] / self.solid.cell)):
            found = [
                piece
                for piece in pieces(self.solid.inside[:, layer, :], 1)
                if np.hypot(piece[0] - start[0], piece[1] - start[1]).min() < 2.5
            ]
            if len(found) != 1:
                break
            long, wide = _lengths(*found[0])
            moved = float(np.hypot(found[0][0].mean() - start[0], found[0][1].mean() - start[1]))
            if len(rows) > 1 and (wide > rows[1][1] + 1.5 or moved > 5.0):  # what stands on the wheel
                break
            rows.append((long, wide, moved))
        if len(rows) < 4:
            return False
        long, wide, moved = np.array(rows).T
        widest = float(long.max())
        hub = min(max(round(0.5 * widest), 1), len(rows) - 1)
        ends = len(rows) * self.solid.cell < 0.95 * WHEEL_LIMITS[1] or long[hub:].min() < 0.86 * widest
        return bool(
            WHEEL_LIMITS[0] < widest * self.solid.cell < WHEEL_LIMITS[1]
            and long[0] < 0.8 * widest
            and long[hub - 1 : hub + 1].max() > 0.9 * widest
            and (long - wide).max() > 1.8
            and moved.max() < 1.3
            and ends
        )

    @cached_property
    def boards(self) -> bool:
        """Whether there are upright boards or boxes: long and high, in x or in z."""
        space = self.solid.inside[:, self.top.floor : self.top.underside, :]
        long, high = (max(1, round(size / self.solid.cell)) for size in SHEET)
        for shape in ((long, high, 1), (1, high, long)):
            if _holds(space, shape):
                return True
        return False

    @cached_property
    def screen(self) -> bool:
        """Whether a thin upright sheet closes the rear, in the middle of the width and of the height."""
        layer = self.top.floor + round(0.64 * self.base.height)
        near = np.abs(self.solid.centres) < 0.25 * self.top.half_width
        cut = self.solid.inside[near, layer, :]
        thick = cut.sum(axis=1) * self.solid.cell
        behind = self.solid.centres[np.where(cut.any(axis=1), cut.argmax(axis=1), len(cut.T) - 1)]
        rear = behind < self.top.centre_z - 0.2 * self.top.depth
        return bool(((thick > 0) & (thick < 0.14) & rear).mean() > 0.9)

    @cached_property
    def drawers(self) -> int:
        """Fronts of drawers."""
        return fronts(self.solid.inside[:, self.top.floor : self.top.underside, :], self.solid.cell)


def _breadth(x: NDArray[np.int64], z: NDArray[np.int64]) -> float:
    """Side of a square piece of a slice, diameter of a round one, in cells, whichever way it is turned."""
    areas = []
    for turn in np.radians((0.0, 15.0, 30.0, 45.0, 60.0, 75.0)):
        sine, cosine = np.sin(turn), np.cos(turn)
        areas.append((np.ptp(cosine * x + sine * z) + 1) * (np.ptp(cosine * z - sine * x) + 1))
    return float(np.sqrt(min(areas)))


def _compact(x: NDArray[np.int64], z: NDArray[np.int64]) -> bool:
    """Whether a piece of a slice is about as long as wide and fills its bounding rectangle."""
    wide, deep = np.ptp(x) + 1, np.ptp(z) + 1
    return bool(0.55 < wide / deep < 1.8 and len(x) > 0.6 * wide * deep)


def _lengths(x: NDArray[np.int64], z: NDArray[np.int64]) -> tuple[float, float]:
    """Extents in cells of a piece along its longer axis and across it."""
    points = np.stack([x, z], 1) - [x.mean(), z.mean()]
    _, _, axes = np.linalg.svd(points, full_matrices=False) if len(points) > 1 else (0, 0, np.eye(2))
    along = np.ptp(points @ axes.T, axis=0) + 1
    return float(along.max()), float(along.min())


def _holds(space: BoolArray, shape: tuple[int, int, int]) -> bool:
    """Whether a filled box of so many cells fits anywhere."""
    found = space
    for axis, length in enumerate(shape):
        if length > found.shape[axis]:
            return False
        total = np.cumsum(found, axis=axis, dtype=np.int32)
        total = np.concatenate([np.zeros_like(total.take([0], axis)), total], axis=axis)
        count = total.shape[axis] - length
        sums = total.take(range(length, length + count), axis) - total.take(range(count), axis)
        found = sums == length
    return bool(found.any())
