"""Fuselages: chains of round cones along the axis, and what is built onto them."""

from __future__ import annotations

import numpy as np

from core.corpus.airplane_plan import OVERLAP, Airframe, Station

COWL_LENGTH = 0.1
"""Length of the cowling of a nose engine, over the airplane's length."""


def add_fuselage(plan: Airframe) -> None:
    """Add the fuselage named by ``plan.attributes["body"]`` and its canopy; fills in `plan.stations`."""
    kind = str(plan.attributes["body"])
    if kind == "blended":
        _add_blended(plan)
    elif kind in ("pod", "bulb"):
        plan.stations = _pod(plan) if kind == "pod" else _bulb(plan)
        _add_chain(plan, plan.stations)
    else:
        plan.stations = _front(plan) + _rear(plan)
        _add_chain(plan, plan.stations)
    extra = {"box": _add_box, "wide": _add_wide, "hull": _add_hull, "double_deck": _add_upper_deck}
    if kind in extra:
        extra[kind](plan)
    if plan.type.rise == (0.9, 1.0):
        _add_sponsons(plan)
    if plan.boom:
        _add_booms(plan)
    if plan.attributes["canopy"]:
        _add_canopy(plan)
    plan.lower(min(y - r for _, y, r in plan.stations))


def _add_chain(plan: Airframe, stations: list[Station]) -> None:
    """Join consecutive spheres by round cones; a sphere inside its neighbour is passed over."""
    z, y, r = stations[0]
    for next_z, next_y, next_r in stations[1:]:
        if np.hypot(z - next_z, y - next_y) <= 1.02 * abs(r - next_r):
            if next_r > r:
                z, y, r = next_z, next_y, next_r
            continue
        plan.body.rod("fuselage", (0.0, y, z), (0.0, next_y, next_z), r, next_r)
        z, y, r = next_z, next_y, next_r


def _front(plan: Airframe) -> list[Station]:
    """Spheres from the nose to the full section."""
    radius, tip, nose = plan.radius, plan.nose_z, str(plan.attributes["nose"])
    least = 1.05 * plan.half_sheet
    if plan.attributes["engine_place"] == "nose":
        # the cowling carries on to the tip
        back = tip - COWL_LENGTH * plan.length
        return [(back, 0.0, 0.8 * radius), (back - 1.6 * radius, 0.0, radius)]
    if nose == "blunt":
        return [(tip - 0.85 * radius, -0.1 * radius, 0.85 * radius), (tip - 1.8 * radius, 0.0, radius)]
    if nose == "round":
        small = max(least, 0.5 * radius)
        return [(tip - small, -0.2 * radius, small), (tip - 2.1 * radius, 0.0, radius)]
    if nose == "pointed":
        small = max(least, 0.25 * radius)
        length = min(plan.dice.between(3.2, 4.4) * radius, 0.36 * plan.length)
        droop = plan.dice.between(0.0, 0.22) * radius
        middle = (tip - 0.45 * length, -0.3 * droop, max(0.7 * radius, 1.1 * small))
        return [(tip - small, -droop, small), middle, (tip - length, 0.0, radius)]
    length = plan.dice.between(0.27, 0.36) * plan.length
    middle = (tip - 0.5 * length, 0.0, max(least, 0.66 * radius))
    return [(tip - least, 0.0, least), middle, (tip - length, 0.0, radius)]


def _rear(plan: Airframe) -> list[Station]:
    """Spheres from the full section to the end of the tail cone."""
    dice, radius = plan.dice, plan.radius
    rise = dice.between(*plan.type.rise)
    if plan.attributes["engine_place"] == "inside":
        end = dice.between(0.72, 0.86) * radius
        return [(plan.rear_z + 0.3 * plan.length, 0.0, radius), (plan.rear_z + end + 0.03, 0.0, end)]
    if plan.boom:
        end = 0.6 * radius
        return [(plan.rear_z + 2.2 * radius, 0.0, radius), (plan.rear_z + end, 0.0, end)]
    end = max(1.05 * plan.half_sheet, 0.24 * radius)
    cone = min(dice.between(4.0, 6.5) * radius, 0.5 * plan.length)
    return [(plan.rear_z + cone, 0.0, radius), (plan.rear_z + end, rise * (radius - end), end)]


def _pod(plan: Airframe) -> list[Station]:
    """A teardrop cabin in front of a thin boom."""
    dice, radius, tip = plan.dice, plan.radius, plan.nose_z
    boom = max(1.1 * plan.half_sheet, 0.5 * radius)
    end = 1.05 * plan.half_sheet
    small = 0.62 * radius if plan.attributes["nose"] == "round" else max(end, 0.45 * radius)
    longer = 2.6 if plan.attributes["nose"] == "round" else 3.8
    waist = tip - dice.between(0.42, 0.52) * plan.length
    rise = dice.between(*plan.type.rise) * radius
    return [
        (tip - small, -0.25 * radius, small),
        (tip - longer * radius, 0.0, radius),
        (tip - (longer + 1.4) * radius, 0.0, 0.97 * radius),
        (min(waist, tip - (longer + 2.6) * radius), 0.6 * rise, boom),
        (plan.tail_z + end, rise, end),
    ]


def _bulb(plan: Airframe) -> list[Station]:
    """A slim body with a swollen, blind nose."""
    radius, tip = plan.radius, plan.nose_z
    slim, end = max(1.05 * plan.half_sheet, 0.66 * radius), max(1.05 * plan.half_sheet, 0.55 * radius)
    return [
        (tip - 0.8 * radius, 0.15 * radius, 0.8 * radius),
        (tip - 2.0 * radius, 0.2 * radius, radius),
        (tip - 5.0 * radius, 0.0, slim),
        (plan.rear_z + end, 0.0, end),
    ]


def _add_blended(plan: Airframe) -> None:
    """The swollen middle of a flying wing."""
    radius, length = plan.radius, plan.length
    height = max(0.055, 0.85 * radius)
    plan.body.ellipsoid("fuselage", (0.0, 0.0, 0.0), (2.4 * radius, height, 0.5 * length))
    plan.stations = [(0.36 * length, 0.0, 0.45 * height), (0.0, 0.0, height), (-0.4 * length, 0.0, 0.03)]


def _add_box(plan: Airframe) -> None:
    """A cabin of rounded rectangular section around the round body."""
    dice, radius = plan.dice, plan.radius
    front = plan.nose_z - (0.16 if plan.attributes["engine_place"] == "nose" else 0.2) * plan.length
    rear = plan.rear_z + (0.5 if not plan.boom else 0.08) * plan.length
    plan.cabin_top = dice.between(1.05, 1.3)
    half = (0.98 * radius, 0.5 * (1.0 + plan.cabin_top) * radius, 0.5 * (front - rear))
    corner = dice.between(0.45, 0.75) * radius
    middle = (0.0, half[1] - radius, 0.5 * (front + rear))
    plan.body.plate("fuselage", middle, half, edge=0.45 * radius, top=corner, bottom=corner)
    plan.attributes["section"] = "square"


def _add_wide(plan: Airframe) -> None:
    """A flat, wide rear body as of fighters, which carries the wings."""
    dice, radius = plan.dice, plan.radius
    front, rear = dice.between(0.06, 0.14) * plan.length, plan.tail_z + 0.06 * plan.length
    half = (dice.between(1.4, 1.9) * radius, dice.between(0.55, 0.7) * radius, 0.5 * (front - rear))
    middle = (0.0, -0.1 * radius, 0.5 * (front + rear))
    corner = 0.8 * half[1]
    plan.body.plate("fuselage", middle, half, edge=0.6 * half[1], top=corner, bottom=corner)


def _add_hull(plan: Airframe) -> None:
    """The boat below a flying boat's body: a bow, a deep middle, a step, a rising afterbody."""
    radius, length = plan.radius, plan.length
    deep = 0.72 * radius
    keel = [
        (plan.nose_z - 0.9 * radius, -0.35 * radius, 0.5 * radius),
        (plan.nose_z - 3.2 * radius, -0.75 * radius, deep),
        (-0.06 * length, -0.75 * radius, deep),
        (-0.3 * length, -0.25 * radius, 0.5 * radius),
    ]
    _add_chain(plan, keel)
    plan.lower(-0.75 * radius - deep)


def _add_upper_deck(plan: Airframe) -> None:
    """A second deck: a hump behind the nose, or all along the body."""
    radius, long_deck = plan.radius, plan.dice.chance(0.35)
    front = plan.nose_z - 2.3 * radius
    rear = -0.16 * plan.length if long_deck else plan.dice.between(0.08, 0.2) * plan.length
    high, across = 0.5 * radius, 0.78 * radius
    stations = [(front, high - 0.12 * radius, 0.92 * across), (front - radius, high, across)]
    _add_chain(plan, [*stations, (rear, high, across), (rear - 2.5 * radius, 0.3 * radius, 0.62 * across)])


def _add_sponsons(plan: Airframe) -> None:
    """The bulges at the sides of a cargo plane's belly that take up the wheels."""
    radius, start = plan.radius, len(plan.body)
    place = (0.88 * radius, -0.72 * radius, plan.type.wing_z * plan.length - 0.03)
    plan.body.ellipsoid("fuselage", place, (0.42 * radius, 0.36 * radius, 0.13 * plan.length))
    plan.body.mirror(start)


def _add_booms(plan: Airframe) -> None:
    """The two booms that carry the tail; they start in the wings."""
    front, start = plan.type.wing_z * plan.length, len(plan.body)
    y = plan.section(front)[0] + wing_height(plan, front)
    thick, end = 1.4 * plan.half_sheet, 1.05 * plan.half_sheet
    reach = plan.tail_z + end
    plan.body.rod("fuselage", (plan.boom, y, front + 0.04), (plan.boom, y, reach), thick, end)
    plan.body.mirror(start)


def wing_height(plan: Airframe, z: float) -> float:
    """Height of the wing's root above the fuselage's axis at z."""
    radius = plan.section(z)[1]
    position = str(plan.attributes["wing_position"])
    if position == "high" and plan.attributes["kind"] == "fighter":
        return 0.42 * radius
    if position == "high":
        # straight wings lie on the roof, swept ones sink into it
        above = 0.2 if plan.attributes["wing_shape"] in ("straight", "tapered", "elliptical") else -0.9
        return plan.cabin_top * radius + above * plan.half_sheet
    return {"low": -0.62, "mid": 0.0}[position] * radius


def _add_canopy(plan: Airframe) -> None:
    """A glass canopy on top."""
    dice, length, kind = plan.dice, plan.length, str(plan.attributes["kind"])
    high_wing = plan.attributes["wing_position"] == "high"
    reach = dice.between(0.07, 0.1) * length
    place = {"fighter": 0.22, "glider": 0.3, "flying_wing": 0.2, "warbird": 0.03, "biplane": -0.06}
    z = place.get(kind, 0.09) * length
    if kind == "glider":
        reach = dice.between(0.09, 0.13) * length
    if high_wing and kind != "fighter" and kind != "glider":
        # a windscreen before the wing
        z, reach = (plan.type.wing_z + 0.12) * length, 0.07 * length
    if plan.boom:
        z = max(z, 0.14 * length)
    y, radius = plan.section(z)
    wide = max(1.05 * plan.half_sheet, dice.between(0.62, 0.78) * radius)
    bubble = max(1.2 * plan.half_sheet, dice.between(0.6, 0.85) * radius)
    if plan.attributes["body"] == "blended":
        wide, bubble = 0.06, 0.045
    reach = max(reach, 1.5 * bubble)
    top = y + plan.cabin_top * radius
    plan.body.ellipsoid("fuselage", (0.0, top - 0.35 * bubble + 0.1 * OVERLAP, z), (wide, bubble, reach))
