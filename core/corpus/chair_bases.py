"""What a chair stands on: legs, star, pedestal, sled, cantilever, block."""

from __future__ import annotations

import numpy as np

from core.corpus.assembly import FLAT, Vector
from core.corpus.frames import add_runner, add_spoke, add_star_wheel, add_stretchers, add_triangle
from core.corpus.plan import OVERLAP, Plan

LEG_THICKNESS = {"thin": 0.45, "medium": 0.33, "thick": 0.22}


def add_base(plan: Plan) -> None:
    """Add the base named by ``plan.attributes["base"]``."""
    builders = {
        "four_legs": _add_four_legs,
        "three_legs": _add_three_legs,
        "star": _add_star,
        "pedestal": _add_pedestal,
        "sled": _add_sled,
        "cantilever": _add_cantilever,
        "block": _add_block,
    }
    builders[str(plan.attributes["base"])](plan)


def _leg_style(plan: Plan) -> tuple[str, str, bool, float]:
    """Draw section (square, round), style (straight, tapered), splay and half thickness of the legs."""
    dice = plan.dice
    style = "tapered" if dice.chance(0.35) else "straight"
    section = "round" if style == "tapered" or dice.chance(0.45) else "square"
    splayed = dice.chance(0.45)
    word = dice.pick(LEG_THICKNESS)
    plan.attributes.update(leg_style=style, leg_section=section, legs_splayed=splayed, leg_thickness=word)
    return style, section, splayed, plan.half_thickness(word)


def _add_leg(
    plan: Plan, top: Vector, foot: Vector, half: float, style: str, section: str
) -> tuple[Vector, Vector]:
    """Add one leg from under the seat to the floor; x and z of top and foot count. Returns its axis ends."""
    body = plan.body
    reach = min(plan.seat_bottom + OVERLAP, plan.seat_top - 0.01)
    upper, lower = np.array([top[0], reach, top[2]]), np.array([foot[0], 0.0, foot[2]])
    if section == "square":
        body.bar("leg", upper, lower, half, half)
        return upper, lower
    foot_half = half
    if style == "tapered":
        foot_half = max(0.5 * plan.thinnest, half * 0.62)
        half = max(half, foot_half * 1.35)
    # a round end sphere must reach into the seat without showing on its top
    upper[1] = min(reach, plan.seat_top - half - 0.01)
    lower[1] = foot_half
    body.rod("leg", upper, lower, half, foot_half)
    return upper, lower


def _leg_corners(plan: Plan, half: float) -> tuple[float, float]:
    """X and z of a leg under the seat's corner."""
    if plan.round_seat:
        reach = 0.66 * plan.half_width
        return reach, reach
    inset = half + plan.dice.between(0.0, 0.06) + (0.05 if plan.seat_shape == "rounded" else 0.0)
    return plan.half_width - inset, plan.half_depth - inset


def _add_four_legs(plan: Plan) -> None:
    dice, body = plan.dice, plan.body
    style, section, splayed, half = _leg_style(plan)
    x, z = _leg_corners(plan, max(half, 0.5 * plan.thinnest * 1.35))
    out = dice.between(0.08, 0.17) if splayed else 0.0
    rear_out = out * dice.between(0.7, 1.1)
    start = len(body)
    front = _add_leg(plan, np.array([x, 0, z]), np.array([x + out, 0, z + out]), half, style, section)
    rear = _add_leg(plan, np.array([x, 0, -z]), np.array([x + out, 0, -z - rear_out]), half, style, section)
    body.mirror(start)
    plan.attributes["leg_count"] = 4
    kind = dice.pick({"none": 0.6, "box": 0.12, "H": 0.12, "sides": 0.08, "cross": 0.08})
    plan.attributes["stretchers"] = kind
    if kind != "none":
        radius = max(0.5 * plan.thinnest, min(half, plan.half_thickness("medium")))
        height = plan.seat_bottom * dice.between(0.2, 0.45)
        lift = 0.12 if kind == "box" and not dice.chance(0.5) else 0.0
        add_stretchers(body, kind, front, rear, height, radius, lift)


def _add_three_legs(plan: Plan) -> None:
    dice, body = plan.dice, plan.body
    style, section, _, half = _leg_style(plan)
    reach = 0.68 * min(plan.half_width, plan.half_depth)
    out = dice.between(0.1, 0.18) / reach + 1.0
    plan.attributes.update(leg_count=3, legs_splayed=True)
    # one leg in front or one behind, the others 120 degrees away
    single = 1.0 if dice.chance(0.5) else -1.0
    lone = np.array([0.0, 0.0, single * reach])
    pair = np.array([reach * np.sin(np.pi / 3), 0.0, -0.5 * single * reach])
    first = _add_leg(plan, lone, lone * out, half, style, section)
    start = len(body)
    second = _add_leg(plan, pair, pair * out, half, style, section)
    body.mirror(start)
    stretched = dice.chance(0.35)
    plan.attributes["stretchers"] = "triangle" if stretched else "none"
    if not stretched:
        return
    radius = max(0.5 * plan.thinnest, 0.7 * half)
    height = plan.seat_bottom * dice.between(0.25, 0.45)
    add_triangle(body, first, second, height, radius)


def _add_column(plan: Plan, bottom: float, radius: float, name: str = "base") -> None:
    """Add a round column from `bottom` into the seat, sometimes stepped or with a plate under it."""
    dice, body = plan.dice, plan.body
    top = plan.seat_bottom + min(OVERLAP, 0.6 * plan.seat_thickness)
    body.cylinder(name, (0, bottom, 0), (0, top, 0), radius)
    if dice.chance(0.4):
        body.cylinder(name, (0, bottom, 0), (0, bottom + 0.5 * (top - bottom), 0), 1.45 * radius)
    if dice.chance(0.5):
        half = 0.5 * plan.thinnest
        side = 0.45 * min(plan.half_width, plan.half_depth)
        body.plate(
            "base", (0, plan.seat_bottom - half + 0.025, 0), (side, side, half), FLAT, top=0.06, bottom=0.06
        )


def _add_star(plan: Plan) -> None:
    dice, body = plan.dice, plan.body
    spokes = int(dice.pick({"5": 0.72, "4": 0.28}))
    wheels = dice.chance(0.62)
    wheel = max(0.72 * plan.thinnest, dice.between(0.05, 0.085))
    reach = dice.between(0.42, 0.56)
    half = plan.half_thickness(dice.pick({"thin": 0.5, "medium": 0.5}))
    flat = dice.chance(0.4)
    end_y = 1.6 * wheel + 0.4 * half if wheels else half
    hub_y = end_y + dice.between(0.0, 0.12)
    turned = dice.chance(0.33)
    first = dice.between(0.0, 2 * np.pi) if turned else 0.0 if dice.chance(0.5) else np.pi
    if spokes == 4 and not turned:
        first = 0.0 if dice.chance(0.5) else 0.25 * np.pi
    plan.attributes.update(wheels=wheels, spokes=spokes, symmetric=not turned)
    column = max(0.5 * plan.thinnest * 1.1, dice.between(0.04, 0.07))
    _add_column(plan, hub_y - 0.5 * half, column)
    body.cylinder("base", (0, hub_y - 1.2 * half, 0), (0, hub_y + 1.6 * half, 0), 1.7 * column)
    for index in range(spokes):
        angle = first + 2 * np.pi * index / spokes
        add_spoke(body, np.zeros(3), angle, hub_y, end_y, reach, half, flat=flat)
        if wheels:
            width = max(0.5 * plan.thinnest, 0.62 * wheel)
            add_star_wheel(body, np.zeros(3), angle, reach, wheel, width)


def _add_pedestal(plan: Plan) -> None:
    dice, body = plan.dice, plan.body
    foot = dice.pick({"disc": 0.45, "dome": 0.2, "square": 0.2, "trumpet": 0.15})
    reach = dice.between(0.32, 0.46)
    half = plan.half_thickness("thin" if dice.chance(0.6) else "medium")
    column = dice.between(0.05, 0.1)
    plan.attributes["foot"] = "square" if foot == "square" else "round"
    if foot == "square":
        body.plate("base", (0, half, 0), (reach, reach, half), FLAT, top=0.05, bottom=0.05)
    elif foot == "dome":
        height = dice.between(0.09, 0.14)
        body.ellipsoid("base", (0, height, 0), (reach, height, reach))
    else:
        body.plate("base", (0, half, 0), (reach, reach, half), FLAT, top=reach, bottom=reach)
    if foot == "trumpet":
        top = plan.seat_bottom + min(OVERLAP, 0.6 * plan.seat_thickness)
        wide, narrow = 0.5 * reach, max(0.045, 0.6 * plan.thinnest)
        body.rod("base", (0, wide * 0.9, 0), (0, 0.55 * top, 0), wide, narrow)
        body.cylinder("base", (0, 0.4 * top, 0), (0, top, 0), narrow)
        return
    _add_column(plan, 0.5 * half, column)


def _add_runner(plan: Plan, x: float, front: float, rear: float | None, half: float, square: bool) -> None:
    """Add one side of a sled: front upright, runner and, where `rear` is given, rear upright."""
    top = min(plan.seat_bottom + OVERLAP, plan.seat_top - 0.01)
    if not square:
        top = min(top, plan.seat_top - half - 0.01)
    add_runner(plan.body, x, top, front, rear, half, square=square, corner=0.11 + half)


def _add_sled(plan: Plan) -> None:
    dice, body = plan.dice, plan.body
    half = plan.half_thickness(dice.pick({"thin": 0.6, "medium": 0.4}))
    square = dice.chance(0.35)
    reach = 0.62 if plan.round_seat else 0.88
    x = reach * plan.half_width - half
    z = reach * plan.half_depth - half
    start = len(body)
    _add_runner(plan, x, z, -z, half, square)
    body.mirror(start)
    crossed = dice.chance(0.4)
    plan.attributes.update(
        leg_section="square" if square else "round", stretchers="cross_bar" if crossed else "none"
    )
    if crossed:
        body.rod("stretcher", (-x, half, -0.4 * z), (x, half, -0.4 * z), half)


def _add_cantilever(plan: Plan) -> None:
    dice, body = plan.dice, plan.body
    half = plan.half_thickness(dice.pick({"thin": 0.5, "medium": 0.5}))
    square = dice.chance(0.3)
    reach = 0.62 if plan.round_seat else 0.9
    x, z = reach * plan.half_width - half, reach * plan.half_depth - half
    start = len(body)
    _add_runner(plan, x, z, None, half, square)
    body.mirror(start)
    if square:
        body.bar("leg", (-x, half, -z), (x, half, -z), half, half)
    else:
        body.rod("leg", (-x, half, -z), (x, half, -z), half)
    plan.attributes.update(leg_section="square" if square else "round")


def _add_block(plan: Plan) -> None:
    dice, body = plan.dice, plan.body
    feet = dice.chance(0.4)
    lift = dice.between(0.08, 0.16) if feet else 0.0
    inset = dice.between(0.0, 0.04)
    half_x, half_z = plan.half_width - inset, plan.half_depth - inset
    top = plan.seat_bottom + OVERLAP
    half = (half_x, half_z, 0.5 * (top - lift))
    corner = half_x if plan.round_seat else 0.05 if plan.seat_shape == "square" else 0.12
    rows_center = (0.0, 0.5 * (top + lift), 0.0)
    body.plate("base", rows_center, half, FLAT, edge=0.02, top=corner, bottom=corner)
    plan.attributes["feet"] = feet
    if feet:
        thick = plan.half_thickness("medium")
        reach = 0.62 if plan.round_seat else 1.0
        x, z = reach * half_x - 1.6 * thick - 0.03, reach * half_z - 1.6 * thick - 0.03
        start = len(body)
        for side in (z, -z):
            body.cylinder("leg", (x, 0.0, side), (x, lift + OVERLAP, side), thick)
        body.mirror(start)
