"""What carries a seat or a tabletop: legs, columns, runners. Lengths are domain units, y is up.

Nothing here knows part names: everything is read off filled cells. Layers are indices of cells along y.
"""

from __future__ import annotations

from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.meshing.solid import NEAR_FLOOR, BoolArray, Solid, pieces, shadow

MID_LEVELS = (0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85)
"""Shares of the height from the floor to what is carried at which legs are counted."""

RING_STEPS = 360
SMALLEST_FOOT = 3
"""Cells that a foot has, at least."""
CLEARANCE = 0.115
"""Spokes that pass higher than this share of their reach above the floor have wheels under them."""


class Carried(Protocol):
    """A level surface that something carries."""

    solid: Solid
    floor: int

    @property
    def underside(self) -> int:
        """Highest empty layer below it."""

    @property
    def footprint(self) -> BoolArray:
        """Columns [x, z] that end in it."""

    @property
    def solid_share(self) -> float:
        """Share of its columns that are filled down to the floor."""

    @property
    def half_width(self) -> float: ...

    @property
    def centre_z(self) -> float: ...


class Base:
    """Everything between the floor and what it carries."""

    def __init__(self, carried: Carried) -> None:
        self.carried = carried
        self.solid = carried.solid
        self.height = carried.underside - carried.floor

    def pieces_at(self, share: float) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Pieces of the slice at a share of the height from the floor up."""
        return pieces(self.solid.inside[:, self.carried.floor + round(share * self.height), :])

    @cached_property
    def leg_count(self) -> int:
        """Most common number of pieces from the floor up to what is carried; 0 if there is hardly room."""
        if self.height * self.solid.cell < 0.05:
            return 0
        return int(np.bincount([len(self.pieces_at(share)) for share in MID_LEVELS]).argmax())

    @cached_property
    def floor_count(self) -> int:
        """Bodies near the floor, joined there or not: as near as what stands has to come (see `stands`)."""
        slab = self.solid.inside[:, self.carried.floor : self.carried.floor + 1 + self.near, :]
        labels, count = ndimage.label(slab, np.ones((3, 3, 3)))
        sizes = np.bincount(labels.ravel(), minlength=count + 1)[1:]
        return int((sizes >= SMALLEST_FOOT).sum())

    @property
    def near(self) -> int:
        """Layers above the floor that count as on it."""
        return round(NEAR_FLOOR / self.solid.cell)

    def mean_pieces(self, low: float, high: float) -> tuple[float, float]:
        """Mean width (root of the area) of legs between two levels, mean distance from their centre."""
        areas, spreads = [], []
        for share in np.linspace(low, high, 4):
            found = self.pieces_at(share)
            if len(found) != self.leg_count or len(found) < 2:
                continue
            middles = np.array([[rows.mean(), columns.mean()] for rows, columns in found])
            spreads.append(np.linalg.norm(middles - middles.mean(0), axis=1).mean())
            areas.append(np.mean([np.sqrt(len(rows)) for rows, _ in found]))
        if not areas:
            return (0.0, 0.0)
        return (float(np.mean(areas)) * self.solid.cell, float(np.mean(spreads)) * self.solid.cell)

    @cached_property
    def leg_width(self) -> float:
        """Width of a leg near its upper end."""
        return self.mean_pieces(0.72, 0.9)[0]

    @cached_property
    def spread(self) -> float:
        """How much further apart legs are near the floor than at their upper ends; 1 = vertical."""
        low, high = self.mean_pieces(0.08, 0.3)[1], self.mean_pieces(0.7, 0.92)[1]
        return low / high if high > 0 and low > 0 else 1.0

    @cached_property
    def taper(self) -> float:
        """Width of legs near the floor over their width near what is carried."""
        low, high = self.mean_pieces(0.06, 0.2)[0], self.mean_pieces(0.8, 0.92)[0]
        return low / high if high > 0 and low > 0 else 1.0

    @cached_property
    def bars(self) -> float:
        """Height over which something joins the legs that stand apart below and above."""
        if self.leg_count < 3 or self.floor_count < self.leg_count:
            return 0.0
        low = self.carried.floor + round(0.06 * self.height)
        high = self.carried.floor + round(0.8 * self.height)
        counts = [len(pieces(self.solid.inside[:, layer, :])) for layer in range(low, high)]
        return sum(count < self.leg_count for count in counts) * self.solid.cell

    @cached_property
    def column(self) -> bool:
        """Whether one slim post carries everything."""
        if self.leg_count != 1 or self.carried.solid_share > 0.6:
            return False
        found = self.pieces_at(0.65)
        slim = bool(found) and len(found[0][0]) < 0.3 * max(int(self.carried.footprint.sum()), 1)
        return slim and abs(self.solid.centres[found[0][0]].mean()) < 0.1

    @cached_property
    def _foot(self) -> tuple[float, float, float]:
        """Centre x, z of the column and reach of what is below it on the floor."""
        rows, columns = self.pieces_at(0.65)[0]
        x, z = np.nonzero(self._low_plan)
        reach = 0.5 * (min(np.ptp(x), np.ptp(z)) + 1) * self.solid.cell
        centres = self.solid.centres
        return float(centres[rows].mean()), float(centres[columns].mean()), float(reach)

    @cached_property
    def _low_plan(self) -> BoolArray:
        """Columns [x, z] with anything in the lower two fifths."""
        stop = self.carried.floor + max(2, round(0.4 * self.height))
        return shadow(self.solid.inside[:, self.carried.floor : stop, :], 1)

    @cached_property
    def spokes(self) -> tuple[int, float]:
        """Around the foot at two thirds of its reach: number of filled stretches, and filled share."""
        if not self.column:
            return (0, 0.0)
        x, z, reach = self._foot
        turn = np.arange(RING_STEPS) * (2 * np.pi / RING_STEPS)
        around = np.stack([x + 0.68 * reach * np.sin(turn), z + 0.68 * reach * np.cos(turn)])
        cells = ((around + 1.0) / self.solid.cell).astype(int).clip(0, len(self._low_plan) - 1)
        ring = self._low_plan[cells[0], cells[1]]
        return (int((ring & ~np.roll(ring, 1)).sum()), float(ring.mean()))

    @cached_property
    def wheels(self) -> int:
        """Short separate pieces on the floor, far from a column; 0 where spokes lie on the floor."""
        if not self.column or self._clearance < CLEARANCE:
            return 0
        x, z, reach = self._foot
        layer = self.carried.floor + max(1, round(0.1 * reach / self.solid.cell))
        centres, count = self.solid.centres, 0
        for rows, columns in pieces(self.solid.inside[:, layer, :]):
            far = np.hypot(centres[rows] - x, centres[columns] - z)
            if far.mean() < 0.5 * reach or np.ptp(far) > 0.42 * reach:
                return 0
            count += 1
        return count

    @property
    def _clearance(self) -> float:
        """Height of the foot above the floor, half way out, as a share of its reach."""
        x, z, reach = self._foot
        centres = self.solid.centres
        far = np.hypot(centres[:, None] - x, centres[None] - z)
        ring = self._low_plan & (far > 0.5 * reach) & (far < 0.62 * reach)
        lowest = self.solid.inside.argmax(axis=1)[ring]
        return float(lowest.min() - self.carried.floor) * self.solid.cell / reach if len(lowest) else 0.0

    @cached_property
    def runner(self) -> float:
        """Filled share of the floor line between the legs of each side, away from rounded corners."""
        if self.leg_count not in (2, 4):
            return 0.0
        low = shadow(self.solid.inside[:, self.carried.floor + 1 : self.carried.floor + 3, :], 1)
        found = self.pieces_at(0.5)
        if len(found) != self.leg_count:
            return 0.0
        shares = []
        for sign in (-1, 1):
            side = [piece for piece in found if sign * self.solid.centres[piece[0]].mean() > 0]
            if not side:
                return 0.0
            x = np.concatenate([rows for rows, _ in side])
            z = np.concatenate([columns for _, columns in side])
            rear = z.min()
            if self.leg_count == 2:  # from the front legs backwards
                rear = max(0, z.max() - round(1.2 * self.carried.half_width / self.solid.cell))
            inset = round(0.2 * (z.max() - rear))
            line = low[max(x.min() - 1, 0) : x.max() + 2, rear + inset : z.max() + 1 - inset].any(axis=0)
            shares.append(float(np.mean(line)) if np.size(line) else 0.0)
        return min(shares)

    @cached_property
    def legs_in_front(self) -> bool:
        """Whether all legs stand in the front half."""
        found = self.pieces_at(0.5)
        return bool(found) and all(
            self.solid.centres[columns].mean() > self.carried.centre_z for _, columns in found
        )
