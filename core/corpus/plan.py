"""What the builders of one chair share: its dimensions, its dice and its workbench.

Chairs are built roughly at final size (total height near 1.8), seat centred on the y axis, floor at y = 0,
front at +z; `Assembly.finish` normalises exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from core.corpus.assembly import Assembly, Dice, Frame
from core.corpus.program import Attribute

OVERLAP = 0.03
"""How deep joined primitives reach into each other (after normalisation at least 0.02)."""

THICKNESS = {"thin": (1.0, 1.25), "medium": (1.4, 1.9), "thick": (2.2, 3.0)}
"""Thickness words as multiples of the thinnest allowed part."""


@dataclass
class Plan:
    """Dimensions of one chair while it is being built (half_* are half extents, the rest full lengths)."""

    dice: Dice
    seat_top: float
    half_width: float
    half_depth: float
    seat_thickness: float
    seat_shape: str
    thinnest: float
    back_height: float
    recline: float
    body: Assembly = field(default_factory=Assembly)
    attributes: dict[str, Attribute] = field(default_factory=dict)
    back_edge: Callable[[float], float | None] | None = None
    """Half width of the back at a height above the seat, where an arm can end; None where there is none."""

    @property
    def seat_bottom(self) -> float:
        """Underside of the seat."""
        return self.seat_top - self.seat_thickness

    @property
    def round_seat(self) -> bool:
        """Whether the seat is a disc (then half_width == half_depth is its radius)."""
        return self.seat_shape == "round"

    @property
    def back_frame(self) -> Frame:
        """Frame of the back: x across, y up along the back, z forward; origin on the seat's rear edge."""
        depth = 0.76 * self.half_depth if self.round_seat else self.half_depth - 0.6 * self.thinnest
        cosine, sine = float(np.cos(self.recline)), float(np.sin(self.recline))
        rows = np.array([[1.0, 0.0, 0.0], [0.0, cosine, -sine], [0.0, sine, cosine]])
        return Frame(np.array([0.0, self.seat_top, -depth]), rows)

    @property
    def embed(self) -> float:
        """How far parts standing on the seat reach into it."""
        return 0.7 * self.seat_thickness

    def half_thickness(self, word: str) -> float:
        """Draw half the thickness that `word` (thin, medium, thick) stands for."""
        low, high = THICKNESS[word]
        return 0.5 * self.thinnest * self.dice.between(low, high)

    def rear_x(self, half: float) -> float:
        """Largest |x| at which something of half width `half` still stands on the seat's rear edge."""
        if not self.round_seat:
            return self.half_width - half
        return float(np.sqrt(1 - 0.76**2)) * self.half_width - 0.3 * half
