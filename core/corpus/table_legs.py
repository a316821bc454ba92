"""Tables on separate legs: four or three of them, with casters, stretchers and shelves between them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.corpus.assembly import FLAT, Vector
from core.corpus.frames import Leg, add_stretchers, add_triangle, along
from core.corpus.table_plan import TablePlan

LEG_THICKNESS = {"thin": 0.4, "medium": 0.34, "thick": 0.26}
SHELF_CHANCE = {"coffee": 0.42, "side": 0.5, "console": 0.46, "bench": 0.16, "dining": 0.04, "bar": 0.14}
CASTER_CHANCE = {"coffee": 0.26, "side": 0.3, "desk": 0.22, "dining": 0.08}


class _Look(NamedTuple):
    """How the legs of a table look; `half` is half their thickness, `spread` the width of a hairpin leg."""

    section: str
    style: str
    splayed: bool
    half: float
    spread: float = 0.0


def _look(plan: TablePlan) -> _Look:
    """Draw the look of the legs and record it."""
    dice = plan.dice
    style = dice.pick({"straight": 0.54, "tapered": 0.26, "hairpin": 0.1, "turned": 0.1})
    section = "square" if style == "straight" and dice.chance(0.55) else "round"
    splayed = style != "turned" and dice.chance(0.4)
    word = "thin" if style == "hairpin" else dice.pick(LEG_THICKNESS)
    half = plan.half_thickness(word)
    spread = 0.0
    if style == "hairpin":
        half, spread = plan.thin_half, min(dice.between(0.16, 0.24), 0.9 * plan.small)
    elif style == "tapered":
        half = max(half, 1.4 * plan.thin_half)
    elif style == "turned":
        half = max(half, 1.45 * plan.thin_half)
    plan.attributes.update(leg_style=style, leg_section=section, legs_splayed=splayed, leg_thickness=word)
    return _Look(section, style, splayed, half, spread)


def _add_turned(plan: TablePlan, upper: Vector, lower: Vector, half: float) -> None:
    """Add a turned leg: square at the top, round with two rings below."""
    body = plan.body
    drop = upper[1] - lower[1]
    block = lower[1] + 0.74 * drop
    body.bar("leg", upper, (upper[0], block, upper[2]), half, half)
    slim = max(0.72 * half, plan.thin_half)
    body.rod("leg", (upper[0], block, upper[2]), (upper[0], lower[1] + slim, upper[2]), slim)
    ring = (1.22 * half, max(0.6 * half, 1.02 * plan.thin_half), 1.22 * half)
    for part in (0.66, 0.17):
        body.ellipsoid("leg", (upper[0], lower[1] + part * drop, upper[2]), ring)


def _add_leg(
    plan: TablePlan, top: tuple[float, float], foot: tuple[float, float], look: _Look, floor: float
) -> Leg:
    """Add one leg from under the top to `floor`; top and foot are x and z. Returns the ends of its axis."""
    body, half = plan.body, look.half
    upper = np.array([top[0], plan.reach, top[1]])
    lower = np.array([foot[0], floor, foot[1]])
    if look.style == "turned":
        _add_turned(plan, upper, lower, half)
        return upper, lower
    if look.style == "straight":
        if look.section == "square":
            body.bar("leg", upper, lower, half, half)
        else:
            body.cylinder("leg", upper, lower, half, edge=0.25 * half)
        return upper, lower
    # the round end sphere must reach into the top without showing on it
    upper[1] = min(plan.reach, plan.height - half - 0.01)
    if look.style == "hairpin":
        lower[1] = floor + half
        out = np.array(top) / float(np.hypot(*top))
        aside = 0.5 * look.spread * np.array([out[1], 0.0, -out[0]])
        body.rod("leg", upper + aside, lower, half)
        body.rod("leg", upper - aside, lower, half)
        return upper, lower
    foot_half = max(plan.thin_half, 0.6 * half)
    lower[1] = floor + foot_half
    body.rod("leg", upper, lower, half, foot_half)
    return upper, lower


def _splay(plan: TablePlan, look: _Look, floor: float, x: float, z: float) -> tuple[Vector, Vector]:
    """Top [2] and foot [2] (x, z) of a leg at the corner x, z; part of a splay goes inwards at the top."""
    dice = plan.dice
    place = np.array([x, z])
    if not look.splayed:
        return place, place
    out = (plan.reach - floor) * dice.between(0.11, 0.24)
    lean = out * np.array([1.0, 0.0 if dice.chance(0.2) else min(1.0, 1.5 * z / x)])
    inward = np.minimum(dice.between(0.3, 1.0) * lean, 0.42 * place)
    return place - inward, place - inward + lean


def add_four_legs(plan: TablePlan) -> None:
    """Add four legs and what joins them."""
    dice, body = plan.dice, plan.body
    look = _look(plan)
    purpose = str(plan.attributes["purpose"])
    wheel = 0.0
    if (
        look.style in ("straight", "tapered")
        and not look.splayed
        and dice.chance(CASTER_CHANCE.get(purpose, 0.0))
    ):
        wheel = max(0.8 * plan.thinnest, dice.between(0.05, 0.085))
    floor = 1.45 * wheel
    plan.attributes.update(leg_count=4, wheels=4 if wheel else 0)
    inset = look.half + 0.4 * look.spread + (0.0 if dice.chance(0.3) else dice.between(0.0, 0.1))
    x, z = plan.spot(min(inset, 0.6 * plan.small))
    top, foot = _splay(plan, look, floor, x, z)
    start = len(body)
    front = _add_leg(plan, (top[0], top[1]), (foot[0], foot[1]), look, floor)
    rear = _add_leg(plan, (top[0], -top[1]), (foot[0], -foot[1]), look, floor)
    if wheel:
        width = np.array([max(plan.thin_half, 0.5 * wheel), 0.0, 0.0])
        for side in (z, -z):
            middle = np.array([x, wheel, side])
            body.cylinder("wheel", middle - width, middle + width, wheel, edge=0.2 * wheel)
    body.mirror(start)
    plan.clear_x = top[0] - look.half - 0.5 * look.spread
    plan.carried_x = (float(top[0]),)
    if not look.splayed and look.style != "hairpin":
        plan.uprights = (x, z)
    if look.style == "hairpin":
        return
    if _add_shelves(plan, front, floor):
        return
    kind = dice.pick({"none": 0.58, "box": 0.13, "H": 0.13, "sides": 0.08, "cross": 0.08})
    plan.attributes["stretchers"] = kind
    if kind != "none":
        radius = max(plan.thin_half, min(0.9 * look.half, plan.half_thickness("medium")))
        height = floor + max(0.12, (plan.under - floor) * dice.between(0.16, 0.42))
        lift = 0.0 if dice.chance(0.6) else min(0.12, 0.2 * plan.under)
        add_stretchers(body, kind, front, rear, height, radius, lift)


def _shelf_levels(plan: TablePlan, floor: float) -> list[float]:
    """Heights of shelves under the top, or none."""
    dice = plan.dice
    if not dice.chance(SHELF_CHANCE.get(str(plan.attributes["purpose"]), 0.0)):
        return []
    room = plan.under - floor
    low = floor + max(0.1, room * dice.between(0.16, 0.4))
    if room > 0.8 and dice.chance(0.35):
        low = floor + max(0.1, room * dice.between(0.1, 0.22))
        return [low, low + 0.5 * (plan.under - low)]
    return [low]


def _add_shelves(plan: TablePlan, leg: Leg, floor: float) -> bool:
    """Add shelves that reach the axes of the legs; `leg` is one of those at +x, +z."""
    levels = _shelf_levels(plan, floor)
    half = plan.half_thickness("thin")
    for level in levels:
        x, _, z = (float(value) for value in along(leg, level))
        if plan.boxy or plan.attributes["top_shape"] == "oval":
            plan.body.plate("shelf", (0.0, level, 0.0), (x, z, half), FLAT, edge=0.3 * half)
        else:
            plan.disc("shelf", level - half, level + half, float(np.hypot(x, z)))
    plan.attributes["shelves"] = len(levels)
    return bool(levels)


def add_three_legs(plan: TablePlan) -> None:
    """Add three legs, one in front or behind and the others 120 degrees away."""
    dice, body = plan.dice, plan.body
    look = _look(plan)
    ring = plan.small - look.half - 0.4 * look.spread - dice.between(0.0, 0.16) * plan.small
    foot = ring
    if look.splayed:
        out = plan.reach * dice.between(0.11, 0.22)
        ring -= min(dice.between(0.4, 1.0) * out, 0.45 * ring)
        foot = ring + out
    single = 1.0 if dice.chance(0.5) else -1.0
    sine = float(np.sin(np.pi / 3))
    first = _add_leg(plan, (0.0, single * ring), (0.0, single * foot), look, 0.0)
    start = len(body)
    second = _add_leg(
        plan, (sine * ring, -0.5 * single * ring), (sine * foot, -0.5 * single * foot), look, 0.0
    )
    body.mirror(start)
    plan.attributes["leg_count"] = 3
    if not look.splayed and look.style != "hairpin":
        plan.uprights = (sine * ring, 0.5 * ring)
    if look.style == "hairpin":
        return
    levels = _shelf_levels(plan, 0.0)[:1]
    for level in levels:
        end = along(first, level)
        half = plan.half_thickness("thin")
        plan.disc("shelf", level - half, level + half, abs(float(end[2])))
    plan.attributes["shelves"] = len(levels)
    if not levels and dice.chance(0.3):
        plan.attributes["stretchers"] = "triangle"
        height = plan.under * dice.between(0.22, 0.42)
        add_triangle(body, first, second, height, max(plan.thin_half, 0.8 * look.half))
