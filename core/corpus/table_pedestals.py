"""Tables on one or two columns."""

from __future__ import annotations

import numpy as np

from core.corpus.assembly import FLAT
from core.corpus.frames import add_spoke, add_star_wheel
from core.corpus.table_plan import TablePlan

FEET = {"disc": 0.26, "square": 0.15, "dome": 0.1, "tulip": 0.14, "cross": 0.15, "star": 0.2}


def add_pedestal(plan: TablePlan) -> None:
    """Add one column on a foot, or two under a long top."""
    dice, body = plan.dice, plan.body
    foot = dice.pick(FEET)
    stretched = plan.half_width > 1.35 * plan.half_depth
    columns = 2 if stretched and foot != "star" and dice.chance(0.75) else 1
    reach = plan.small * dice.between(0.55, 0.8)
    if columns == 1:
        reach *= min(1.35, float(np.sqrt(plan.half_width / plan.small)))
    thick = dice.chance(0.25) and foot != "tulip"
    radius = max(
        plan.thin_half, plan.small * (dice.between(0.2, 0.34) if thick else dice.between(0.06, 0.13))
    )
    plan.attributes.update(foot=foot, columns=columns, thick_column=radius > 0.18 * plan.small)
    x = max(0.5 * plan.half_width, reach + 0.06) if columns == 2 else 0.0
    start = len(body)
    bottom = _add_foot(plan, foot, x, reach, radius)
    _add_column(plan, x, bottom, radius, foot)
    if columns == 2:
        body.mirror(start)
        if dice.chance(0.4):
            level = plan.under * dice.between(0.25, 0.6)
            half = max(plan.thin_half, 0.6 * radius)
            body.plate("stretcher", (0.0, level, 0.0), (x, half, half), edge=0.3 * half)
            plan.attributes["stretchers"] = "long"
    elif (
        plan.attributes["top_shape"] == "round" and plan.under > 0.8 and foot != "tulip" and dice.chance(0.2)
    ):
        level = plan.under * dice.between(0.4, 0.6)
        half = plan.half_thickness("thin")
        plan.disc("shelf", level - half, level + half, plan.small * dice.between(0.6, 0.9))
        plan.attributes["shelves"] = 1


def _add_column(plan: TablePlan, x: float, bottom: float, radius: float, foot: str) -> None:
    """Add the column from `bottom` into the top, and on some a plate under the top."""
    dice, body = plan.dice, plan.body
    if foot == "tulip":
        narrow, wide = radius, min(2.2 * radius, 0.5 * plan.small)
        waist = 0.45 * plan.under
        # its widening upper end is a sphere that must stay inside the top
        upper = plan.height - wide - 0.01
        body.rod("base", (x, bottom, 0.0), (x, waist, 0.0), min(1.9 * radius, waist), narrow)
        body.rod("base", (x, waist, 0.0), (x, upper, 0.0), narrow, wide)
        return
    square = dice.chance(0.3)
    if square:
        body.bar("base", (x, bottom, 0.0), (x, plan.reach, 0.0), radius, radius)
    else:
        body.cylinder("base", (x, bottom, 0.0), (x, plan.reach, 0.0), radius)
        if dice.chance(0.25) and radius < 0.15 * plan.small:
            body.cylinder(
                "base", (x, bottom, 0.0), (x, bottom + 0.4 * (plan.reach - bottom), 0.0), 1.5 * radius
            )
    if dice.chance(0.4):
        half, side = plan.thin_half, max(plan.small * dice.between(0.3, 0.5), 1.3 * radius)
        corner = 0.03 if square else side
        place = (x, plan.under - half + 0.025, 0.0)
        body.plate("base", place, (side, side, half), FLAT, top=corner, bottom=corner)


def _add_foot(plan: TablePlan, foot: str, x: float, reach: float, column: float) -> float:
    """Add the foot under the column at x; returns the height at which the column starts."""
    dice, body = plan.dice, plan.body
    half = plan.half_thickness("thin" if dice.chance(0.6) else "medium")
    if foot == "square":
        body.plate("base", (x, half, 0.0), (reach, reach, half), FLAT, top=0.04, bottom=0.04)
        return 0.5 * half
    if foot == "star":
        return _add_star(plan, reach, half, column)
    if foot == "cross":
        wide = half * dice.between(1.1, 1.8)
        turn = 0.25 * np.pi if dice.chance(0.5) else 0.0
        far = reach * (1.25 if turn else 1.1)
        for angle in (turn, turn + 0.5 * np.pi):
            out = far * np.array([np.sin(angle), 0.0, np.cos(angle)])
            middle = np.array([x, half, 0.0])
            body.bar("base", middle - out, middle + out, wide, half, (0.0, 1.0, 0.0))
        plan.attributes["spokes"] = 4
        return 0.5 * half
    body.cylinder("base", (x, 0.0, 0.0), (x, 2 * half, 0.0), reach)
    if foot == "dome":
        height = dice.between(0.09, 0.16)
        wide = max(0.86 * reach, column + 0.02)
        body.ellipsoid("base", (x, 2 * half, 0.0), (wide, height, wide))
    return 0.5 * half


def _add_star(plan: TablePlan, reach: float, half: float, column: float) -> float:
    """Add sloping or level arms, with casters on some; returns the height at which the column starts."""
    dice, body = plan.dice, plan.body
    spokes = int(dice.pick({"3": 0.34, "4": 0.4, "5": 0.26}))
    wheels = spokes > 3 and dice.chance(0.3)
    wheel = max(0.75 * plan.thinnest, dice.between(0.05, 0.075)) if wheels else 0.0
    end_y = 1.6 * wheel + 0.4 * half if wheels else half
    sloped = dice.chance(0.55)
    hub_y = end_y + min(plan.under * dice.between(0.12, 0.3), 0.8 * reach) if sloped else end_y
    flat = dice.chance(0.45) and not sloped
    reach *= 1.15
    first = 0.0 if dice.chance(0.5) else np.pi
    if spokes == 4:
        first = 0.0 if dice.chance(0.5) else 0.25 * np.pi
    center = np.zeros(3)
    for index in range(spokes):
        angle = first + 2 * np.pi * index / spokes
        add_spoke(body, center, angle, hub_y, end_y, reach, half, flat=flat)
        if wheels:
            width = max(plan.thin_half, 0.6 * wheel)
            add_star_wheel(body, center, angle, reach, wheel, width)
    body.cylinder("base", (0.0, hub_y - 1.3 * half, 0.0), (0.0, hub_y + 1.6 * half, 0.0), 1.35 * column)
    plan.attributes.update(spokes=spokes, wheels=spokes if wheels else 0)
    return hub_y - 1.3 * half
