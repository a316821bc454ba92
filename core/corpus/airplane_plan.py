"""What the builders of one airplane share: its dimensions, its dice, its workbench, its lifting surfaces.

Airplanes are built roughly at final size (the larger of length and span is 1.8), the fuselage's axis at
y = 0, the nose at z = length / 2; `Assembly.finish` normalises exactly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from core.corpus.airplane_types import AirplaneType
from core.corpus.assembly import Assembly, Dice, Point, Vector, rows_from
from core.corpus.program import Attribute

OVERLAP = 0.02
"""How deep joined primitives reach into each other."""

UP = (0.0, 1.0, 0.0)

Station = tuple[float, float, float]
"""A sphere of the fuselage's axis: z, y and radius."""

_SEAM = 0.012  # more than the edges' rounding
_STRIP_TAPER = 4.5  # root chord over tip chord, at most: the strips of a panel grow with it


@dataclass(frozen=True)
class Panel:
    """A flat trapezoid whose chords run along z: half a wing, half a stabiliser or a fin.

    Attributes
    ----------
    root : [3], middle of the root chord.
    out : [3], unit vector from root to tip, perpendicular to z.
    span : length from root to tip, measured along `out`.
    root_chord, tip_chord : the two parallel sides.
    shift : z of the tip chord's middle minus z of the root chord's; negative where the panel is swept back.
    half_thickness : of the solid.
    """

    root: Vector
    out: Vector
    span: float
    root_chord: float
    tip_chord: float
    shift: float
    half_thickness: float

    def chord(self, part: float) -> float:
        """Length of the chord at a part of the span, 0 at the root and 1 at the tip."""
        return self.root_chord + part * (self.tip_chord - self.root_chord)

    def point(self, part: float, along: float = 0.0) -> Vector:
        """Point [3] at a part of the span; `along` the chord from -0.5 (trailing edge) to 0.5 (leading)."""
        place = self.root + part * self.span * self.out
        place[2] += part * self.shift + along * self.chord(part)
        return place

    def add_to(
        self, body: Assembly, name: str, *, edge: float = 0.45, tip: float = 0.9, meet: bool = False
    ) -> None:
        """Add the solid: a fan of coplanar strips that converge at the tip.

        Each strip is as long in z as the tip chord, so that the first follows the leading edge, the last the
        trailing edge, and all of them share the tip; their faces lie in two planes and show no seams.

        Parameters
        ----------
        edge : rounding of the edges, as a part of the half thickness.
        tip : rounding of the tip's corners, as a part of half the strip's width.
        meet : let the root reach over the plane x = 0, so that no gap is left to the mirrored panel.
        """
        rounding = edge * self.half_thickness
        excess = self.root_chord - self.tip_chord
        step = self.tip_chord - 1.5 * rounding
        count = 1 + max(0, math.ceil(excess / step - 0.05))
        ox, oy = float(self.out[0]), float(self.out[1])
        for index in range(count):
            ahead = excess * (0.5 - index / (count - 1)) if count > 1 else 0.0
            slant = self.shift - ahead
            length = math.hypot(self.span, slant)
            rows = rows_from((ox * self.span, oy * self.span, slant), (-oy, ox, 0.0))
            width = 0.5 * self.tip_chord * self.span / length
            # the root's end is square to the strip: one of its corners falls short of the root by this
            inward = min(0.8 * width, width * abs(slant) / self.span) + _SEAM if meet else 0.0
            part = 0.5 * (1.0 - inward / length)
            center = self.root + part * self.span * self.out
            center[2] += ahead + part * slant
            half = (width, 0.5 * (length + inward), self.half_thickness)
            body.plate(name, center, half, rows, edge=rounding, top=tip * width)


@dataclass
class Airframe:
    """Dimensions of one airplane while it is being built (half_* are half extents, the rest full lengths)."""

    dice: Dice
    type: AirplaneType
    length: float
    half_span: float
    radius: float
    thinnest: float
    boom: float = 0.0
    """Distance of each tail boom from the middle; 0 where the fuselage itself carries the tail."""
    body: Assembly = field(default_factory=Assembly)
    attributes: dict[str, Attribute] = field(default_factory=dict)
    stations: list[Station] = field(default_factory=list)
    """The fuselage's axis from nose to tail, filled in by its builder."""
    cabin_top: float = 1.0
    """Height of the fuselage's upper side over its radius."""
    lowest: float = 0.0
    """Height of the lowest thing that must not touch the ground."""
    wing: Panel = field(init=False)
    """The right half of the (lower) main wing."""

    @property
    def nose_z(self) -> float:
        """Z of the fuselage's front end."""
        return 0.5 * self.length

    @property
    def tail_z(self) -> float:
        """Z where the tail ends."""
        return -0.5 * self.length

    @property
    def rear_z(self) -> float:
        """Z of the fuselage's rear end: before the tail's where booms carry the tail."""
        return -0.14 * self.length if self.boom else self.tail_z

    @property
    def half_sheet(self) -> float:
        """Half thickness of the thinnest things."""
        return 0.5 * self.thinnest

    def section(self, z: float) -> tuple[float, float]:
        """Height of the fuselage's axis and its radius at z (clamped to the fuselage's ends)."""
        last = self.stations[0]
        if z >= last[0]:
            return last[1], last[2]
        for station in self.stations[1:]:
            if z >= station[0]:
                part = (last[0] - z) / (last[0] - station[0])
                return last[1] + part * (station[1] - last[1]), last[2] + part * (station[2] - last[2])
            last = station
        return last[1], last[2]

    def panel(
        self, root: Point, out: Point, span: float, root_chord: float, tip_chord: float, shift: float
    ) -> Panel:
        """Make a panel; a tip too narrow for the thinnest part, or for few strips, is widened."""
        slope = (abs(shift) + 0.5 * max(0.0, root_chord - tip_chord)) / span
        narrowest = 1.02 * self.thinnest * math.hypot(1.0, slope)
        root_chord = max(root_chord, narrowest)
        tip = min(root_chord, max(tip_chord, root_chord / _STRIP_TAPER, narrowest))
        base, away = np.array(root, dtype=np.float64), np.array(out, dtype=np.float64)
        return Panel(base, away, span, root_chord, tip, shift, 1.04 * self.half_sheet)

    def lower(self, y: float) -> None:
        """Note that something reaches down to y."""
        self.lowest = min(self.lowest, y)
