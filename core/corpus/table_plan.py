"""What the builders of one table share: its dimensions, its dice and its workbench.

Tables are built roughly at final size (largest extent near 1.8), top centred on the y axis, floor at y = 0,
front (where drawers open) at +z; `Assembly.finish` normalises exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from core.corpus.assembly import FLAT, Assembly, Dice, rows_from
from core.corpus.plan import OVERLAP, THICKNESS
from core.corpus.program import Attribute

LARGEST = 1.8
"""Largest extent while building."""


@dataclass
class TablePlan:
    """Dimensions of one table while it is being built (half_* are half extents, the rest full lengths).

    `corner` is the radius of the corners of the top: half its width for a disc, half its depth for an oval,
    the inscribed circle for a polygon, of which `sides` is the number of sides and `turn` the angle of one.
    """

    dice: Dice
    half_width: float
    half_depth: float
    height: float
    top_thickness: float
    corner: float
    thinnest: float
    sides: int = 0
    turn: float = 0.0
    body: Assembly = field(default_factory=Assembly)
    attributes: dict[str, Attribute] = field(default_factory=dict)
    clear_x: float = 0.0
    """Half width that is free right under the top, between what carries it; set by the base."""

    carried_x: tuple[float, ...] = (0.0,)
    """Where along x (on one side) the base carries the top; set by the base."""

    uprights: tuple[float, float] | None = None
    """X and z of upright legs or sides at the rear, where boards can be fixed; set by the base."""

    @property
    def under(self) -> float:
        """Underside of the top."""
        return self.height - self.top_thickness

    @property
    def reach(self) -> float:
        """How high parts that carry the top go: into it, not through it."""
        return self.under + min(OVERLAP, 0.5 * self.top_thickness)

    @property
    def small(self) -> float:
        """The smaller half extent of the top."""
        return min(self.half_width, self.half_depth)

    @property
    def boxy(self) -> bool:
        """Whether the top is a rectangle or square (its corners may be rounded)."""
        return self.attributes["top_shape"] in ("rectangular", "square")

    @property
    def thin_half(self) -> float:
        """Half the thinnest thickness allowed."""
        return 0.5 * self.thinnest

    def half_thickness(self, word: str) -> float:
        """Draw half the thickness that `word` (thin, medium, thick) stands for."""
        low, high = THICKNESS[word]
        return self.thin_half * self.dice.between(low, high)

    def spot(self, inset: float) -> tuple[float, float]:
        """X and z of the place under a corner of the top that keeps `inset` from its edge."""
        bend = max(self.corner - inset, 0.0) * (1.0 - float(np.sqrt(0.5)))
        return self.half_width - inset - bend, self.half_depth - inset - bend

    def board(self, name: str, low: float, high: float, inset: float = 0.0, edge: float = 0.015) -> None:
        """Add a horizontal board with the outline of the top, `inset` smaller all round."""
        half = 0.5 * (high - low)
        center = (0.0, low + half, 0.0)
        if not self.sides:
            corner = max(self.corner - inset, edge)
            size = (self.half_width - inset, self.half_depth - inset, half)
            self.body.plate(name, center, size, FLAT, edge=edge, top=corner, bottom=corner)
            return
        # a regular polygon with an even number of sides is the union of the rectangles on opposite sides
        apothem = self.half_depth - inset
        across = apothem * float(np.tan(np.pi / self.sides))
        for index in range(self.sides // 2):
            angle = self.turn + 2 * np.pi * index / self.sides
            rows = rows_from((np.sin(angle), 0.0, np.cos(angle)), (0.0, 1.0, 0.0))
            self.body.plate(name, center, (across, apothem, half), rows, edge=min(edge, 0.35 * half))

    def disc(self, name: str, low: float, high: float, radius: float) -> None:
        """Add a horizontal disc around the y axis."""
        self.body.cylinder(name, (0.0, low, 0.0), (0.0, high, 0.0), radius)
