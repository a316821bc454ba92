"""The table family: a seed becomes a table, desk or bench."""

from __future__ import annotations

import numpy as np

from core.corpus.assembly import FLAT, Dice, stout_enough
from core.corpus.chairs import THINNEST
from core.corpus.plan import THICKNESS
from core.corpus.program import Program
from core.corpus.table_bases import add_base
from core.corpus.table_plan import LARGEST, TablePlan
from core.corpus.table_storage import add_storage

BASES: dict[str, dict[str, float]] = {
    "dining": {
        "four_legs": 0.46,
        "three_legs": 0.04,
        "pedestal": 0.18,
        "trestle": 0.1,
        "panels": 0.07,
        "x_legs": 0.08,
        "sled": 0.05,
        "block": 0.02,
    },
    "coffee": {
        "four_legs": 0.38,
        "three_legs": 0.07,
        "block": 0.18,
        "sled": 0.09,
        "pedestal": 0.08,
        "panels": 0.11,
        "x_legs": 0.06,
        "trestle": 0.03,
    },
    "side": {
        "four_legs": 0.32,
        "three_legs": 0.16,
        "pedestal": 0.17,
        "block": 0.13,
        "c_frame": 0.13,
        "sled": 0.05,
        "panels": 0.04,
    },
    "desk": {
        "four_legs": 0.38,
        "panels": 0.17,
        "cabinets": 0.27,
        "trestle": 0.08,
        "sled": 0.07,
        "x_legs": 0.03,
    },
    "bench": {"four_legs": 0.44, "panels": 0.2, "trestle": 0.08, "x_legs": 0.12, "sled": 0.11, "block": 0.05},
    "bar": {
        "pedestal": 0.4,
        "four_legs": 0.34,
        "sled": 0.05,
        "three_legs": 0.09,
        "panels": 0.06,
        "x_legs": 0.06,
    },
    "console": {
        "four_legs": 0.5,
        "panels": 0.2,
        "sled": 0.12,
        "x_legs": 0.08,
        "trestle": 0.04,
        "block": 0.06,
    },
}
"""What tables for a purpose stand on, and how often."""

PURPOSES = {
    "dining": 0.25,
    "coffee": 0.2,
    "side": 0.14,
    "desk": 0.18,
    "bench": 0.08,
    "bar": 0.08,
    "console": 0.07,
}

_METRES: dict[str, tuple[tuple[float, float], ...]] = {
    "dining": ((1.3, 2.1), (0.8, 1.0), (0.7, 0.8), (0.85, 1.2)),
    "coffee": ((0.9, 1.35), (0.52, 0.75), (0.3, 0.46), (0.65, 1.0)),
    "side": ((0.48, 0.66), (0.34, 0.46), (0.45, 0.66), (0.38, 0.6)),
    "desk": ((1.1, 1.7), (0.55, 0.8), (0.7, 0.8), (1.1, 1.7)),
    "bench": ((1.0, 1.7), (0.3, 0.42), (0.4, 0.5), (1.0, 1.7)),
    "bar": ((0.8, 1.1), (0.45, 0.62), (0.98, 1.12), (0.52, 0.76)),
    "console": ((0.95, 1.4), (0.29, 0.42), (0.72, 0.88), (0.95, 1.4)),
}
"""Ranges in metres of width, depth and height, and of the width of round and square tops."""

LONG_PURPOSES = ("desk", "bench", "console")
"""Never round or square."""

SIDES = {"hexagonal": 6, "octagonal": 8}


def _shapes(purpose: str, base: str) -> dict[str, float]:
    """How often tops have a shape."""
    if purpose in LONG_PURPOSES:
        oval = base in ("four_legs", "trestle", "sled", "x_legs") and purpose != "desk"
        return {"rectangular": 0.86, "oval": 0.14 if oval else 0.0}
    if base == "three_legs":
        return {"round": 0.62, "hexagonal": 0.14, "octagonal": 0.1, "square": 0.14}
    if base == "pedestal":
        return {
            "round": 0.43,
            "square": 0.16,
            "oval": 0.12,
            "hexagonal": 0.08,
            "octagonal": 0.06,
            "rectangular": 0.15,
        }
    if base == "block":
        return {"square": 0.38, "rectangular": 0.36, "round": 0.2, "hexagonal": 0.06}
    if base in ("panels", "trestle", "sled", "c_frame"):
        return {"rectangular": 0.56, "square": 0.22, "oval": 0.12, "round": 0.1}
    return {
        "rectangular": 0.4,
        "square": 0.16,
        "round": 0.23,
        "oval": 0.1,
        "hexagonal": 0.06,
        "octagonal": 0.05,
    }


def _size(dice: Dice, purpose: str, shape: str) -> tuple[float, float, float]:
    """Draw width, depth and height in metres, so that a purpose can be told by its proportions."""
    widths, depths, heights, both = _METRES[purpose]
    height = dice.between(*heights)
    if shape not in ("rectangular", "oval"):
        width = dice.between(*both)
        return width, width, min(height, 0.5 * width) if purpose == "coffee" else height
    width, depth = dice.between(*widths), dice.between(*depths)
    most = {"coffee": 0.66 * depth, "side": 0.86 * width, "console": 0.8 * width}.get(purpose, height)
    return width, depth, min(height, most)


def _height_word(purpose: str, width: float, depth: float, height: float) -> str:
    """Low, medium or tall, by proportion: absolute size is lost in a finished shape."""
    if purpose == "coffee":
        return "low"
    tall = 1.25 if width == depth else 0.88
    return "tall" if height > tall * width else "medium"


def _plan(dice: Dice, purpose: str, base: str, swell: float) -> TablePlan:
    """Draw the dimensions of a table."""
    shape = dice.pick(_shapes(purpose, base))
    width, depth, height = _size(dice, purpose, shape)
    sides = SIDES.get(shape, 0)
    pointed = bool(sides) and dice.chance(0.5)  # a corner in front instead of a side
    scale = LARGEST / max(width / (float(np.cos(np.pi / sides)) if sides else 1.0), height)
    half_width, half_depth = 0.5 * scale * width, 0.5 * scale * depth
    small = min(half_width, half_depth)
    rounded = dice.chance(0.3)
    corner = small
    if shape in ("rectangular", "square"):
        corner = small * dice.between(0.3, 0.62) if rounded else min(dice.between(0.02, 0.05), 0.14 * small)
    word = dice.pick({"thin": 0.42, "medium": 0.36, "thick": 0.22})
    thinnest = THINNEST * swell * LARGEST
    low, high = THICKNESS[word]
    plan = TablePlan(
        dice,
        half_width,
        half_depth,
        height=scale * height,
        top_thickness=1.05 * thinnest * dice.between(low, high),
        corner=corner,
        thinnest=thinnest,
        sides=sides,
        turn=np.pi / sides if pointed else 0.0,
    )
    plan.attributes.update(
        purpose=purpose,
        base=base,
        top_shape=shape,
        top_thickness=word,
        height=_height_word(purpose, width, depth, height),
        long=width > 2.2 * depth,
        symmetric=True,
        stretchers="none",
        shelves=0,
        drawers=0,
        wheels=0,
    )
    if shape in ("rectangular", "square"):
        plan.attributes["top_corners"] = "rounded" if rounded else "square"
    return plan


def _add_top(plan: TablePlan) -> None:
    """Add the top: one board, or planks with gaps between them."""
    dice = plan.dice
    soft = dice.between(0.6, 0.92) if dice.chance(0.25) else dice.between(0.15, 0.4)
    edge = soft * 0.5 * plan.top_thickness
    purpose, base = plan.attributes["purpose"], plan.attributes["base"]
    chance = {"bench": 0.34, "dining": 0.12, "coffee": 0.12}.get(str(purpose), 0.0)
    fits = plan.attributes["top_shape"] == "rectangular" and plan.attributes["top_corners"] == "square"
    slatted = dice.chance(chance) and fits and base in ("four_legs", "panels", "trestle", "sled", "x_legs")
    plan.attributes["slatted"] = slatted
    if not slatted:
        plan.board("top", plan.under, plan.height, 0.0, edge)
        return
    gap = 1.2 * plan.thinnest
    count = dice.whole(3, 6)
    while (2 * plan.half_depth - (count - 1) * gap) / count < 1.3 * plan.thinnest:
        count -= 1
    half = (plan.half_depth - 0.5 * (count - 1) * gap) / count
    for index in range(count):
        z = plan.half_depth - half - index * (2 * half + gap)
        place, size = (0.0, plan.height - 0.5 * plan.top_thickness, z), (plan.half_width, half)
        plan.body.plate("top", place, (*size, 0.5 * plan.top_thickness), FLAT, edge=edge)
    plan.attributes["top_slats"] = count


def _add_battens(plan: TablePlan) -> None:
    """Join the planks of a slatted top by boards under them, wherever the base carries it."""
    if not plan.attributes["slatted"]:
        return
    half = plan.thin_half
    size = (1.6 * half, plan.half_depth - 0.02, half)
    for x in sorted({0.0, *plan.carried_x, *(-x for x in plan.carried_x)}):
        plan.body.plate("top", (x, plan.under - 0.4 * half, 0.0), size, FLAT, edge=0.3 * half)


def _build(seed: int, swell: float) -> Program:
    dice = Dice(seed)
    purpose = dice.pick(PURPOSES)
    base = dice.pick(BASES[purpose])
    plan = _plan(dice, purpose, base, swell)
    _add_top(plan)
    add_base(plan)
    add_storage(plan)
    _add_battens(plan)
    return plan.body.finish(plan.attributes, seed, "table")


def make_table(seed: int) -> Program:
    """Build the table, desk or bench of a seed.

    The same seed always gives the same program: one connected solid, bounding box centred at the origin,
    largest half extent 0.9, no primitive thinner than 0.05, mirror-symmetric in x unless
    ``attributes["symmetric"]`` is False (desks with a cabinet on one side).
    """
    return stout_enough(lambda swell: _build(seed, swell), seed)
