"""Armrests of chairs; every arm stands on the seat (or beside it), and ends in the back if it reaches one."""

from __future__ import annotations

import numpy as np

from core.corpus.assembly import FLAT, rows_from
from core.corpus.plan import OVERLAP, Plan


def add_arms(plan: Plan) -> None:
    """Add the arms named by ``plan.attributes["arms"]``."""
    kind = str(plan.attributes["arms"])
    if kind == "none":
        return
    builders = {
        "straight": _add_straight,
        "round": _add_round,
        "padded": _add_padded,
        "box": _add_box,
        "rolled": _add_box,
    }
    if kind == "round" and plan.round_seat and plan.dice.chance(0.5):
        _add_hoop(plan)
        return
    start = len(plan.body)
    builders[kind](plan)
    plan.body.mirror(start)


def _height(plan: Plan) -> float:
    """Draw the height of the arms above the seat (cushions included)."""
    lift = 0.1 if plan.attributes["cushion"] else 0.0
    return min(plan.dice.between(0.32, 0.46) + lift, max(0.3, 0.9 * plan.back_height))


def _side(plan: Plan, half: float) -> float:
    """X of an arm standing on the seat's edge."""
    return 0.72 * plan.half_width if plan.round_seat else plan.half_width - half


def _front(plan: Plan) -> float:
    """Z of the front post."""
    return plan.half_depth * (0.5 if plan.round_seat else plan.dice.between(0.35, 0.8))


def _rear_end(plan: Plan, height: float, x: float) -> tuple[float, float] | None:
    """X and z where an arm at this height runs into the back, or None."""
    level = height / float(np.cos(plan.recline))
    edge = plan.back_edge(level) if plan.back_edge is not None else None
    if edge is None or edge < 0.55 * x or level > plan.back_height - 0.08:
        return None
    return min(x, edge), float(plan.back_frame.world((0.0, level, 0.0))[2])


def _post(plan: Plan, x: float, z: float, top: float, half: float, square: bool) -> None:
    """Add a post from inside the seat up to `top`."""
    low = plan.seat_top - 0.75 * plan.seat_thickness
    if square:
        plan.body.bar("arm", (x, low, z), (x, top, z), half, half)
    else:
        # the sphere at the lower end must not stick out under the seat by more than the seat is thick
        plan.body.rod("arm", (x, max(low, plan.seat_bottom + half), z), (x, top, z), half)


def _add_straight(plan: Plan) -> None:
    dice, body = plan.dice, plan.body
    half = plan.half_thickness(dice.pick({"thin": 0.55, "medium": 0.45}))
    square = dice.chance(0.55)
    height = _height(plan)
    y = plan.seat_top + height
    x, front = _side(plan, half), _front(plan)
    end = _rear_end(plan, height, x)
    ahead = front + dice.between(0.0, 0.1)
    rear_x, rear = (x, -0.6 * plan.half_depth) if end is None else end
    if square:
        wide = half * dice.between(1.0, 1.7)
        body.bar("arm", (rear_x, y, rear), (x, y, ahead + half), wide, half, (0.0, 1.0, 0.0))
    else:
        body.rod("arm", (rear_x, y, rear), (x, y, ahead), half)
    _post(plan, x, front, y, half, square)
    if end is None:
        _post(plan, x, rear + half, y, half, square)
    plan.attributes["arm_section"] = "square" if square else "round"


def _add_round(plan: Plan) -> None:
    """Looped arms: an arch, a ring, or a bow that runs into the back."""
    dice, body = plan.dice, plan.body
    half = plan.half_thickness(dice.pick({"thin": 0.55, "medium": 0.45}))
    height = _height(plan)
    x = _side(plan, half)
    end = _rear_end(plan, height, x)
    reach = 0.6 * plan.half_depth if plan.round_seat else 0.78 * plan.half_depth
    shape = dice.pick({"arch": 0.4, "ring": 0.25, "bow": 0.35})
    if shape == "ring":
        radius = 0.5 * (height + 0.04) - half
        low = plan.seat_top + half - 0.5 * plan.seat_thickness
        body.arc("arm", (x, low + radius, 0.0), rows_from((0, 1, 0), (1, 0, 0)), radius, half, np.pi)
    elif shape == "bow" and end is not None:
        corner = min(0.7 * height, 0.2)
        y = plan.seat_top + height
        front = _front(plan)
        _post(plan, x, front, y - corner, half, False)
        body.arc(
            "arm",
            (x, y - corner, front - corner),
            rows_from((0, 1, 1), (1, 0, 0)),
            corner,
            half,
            0.25 * np.pi,
        )
        body.rod("arm", (x, y, front - corner), (end[0], y, end[1]), half)
    else:
        radius = min(reach - half, height)
        y = plan.seat_top + height - radius
        body.arc("arm", (x, y, 0.0), rows_from((0, 1, 0), (1, 0, 0)), radius, half, 0.5 * np.pi)
        for z in (radius, -radius):
            _post(plan, x, z, max(y, plan.seat_top), half, False)


def _add_hoop(plan: Plan) -> None:
    """One horizontal hoop around the rear of a round seat, on four posts; both arms at once."""
    half = plan.half_thickness("thin" if plan.dice.chance(0.55) else "medium")
    body, y = plan.body, plan.seat_top + _height(plan)
    radius = plan.half_width - half
    angle = plan.dice.between(1.75, 2.2)
    body.arc("arm", (0.0, y, 0.0), rows_from((0, 0, -1), (0, 1, 0)), radius, half, angle)
    start = len(body)
    for part in (0.96, 0.55):
        at = np.pi - part * angle
        body.rod(
            "arm",
            (
                radius * np.sin(at),
                plan.seat_bottom + max(half, 0.5 * plan.seat_thickness),
                radius * np.cos(at),
            ),
            (radius * np.sin(at), y, radius * np.cos(at)),
            half,
        )
    body.mirror(start)


def _add_padded(plan: Plan) -> None:
    """T-shaped office arms: a post and a rounded pad."""
    dice, body = plan.dice, plan.body
    half = plan.half_thickness(dice.pick({"thin": 0.5, "medium": 0.5}))
    height = _height(plan)
    pad = (
        dice.between(0.055, 0.09),
        dice.between(0.2, 0.3),
        max(0.5 * plan.thinnest, dice.between(0.03, 0.055)),
    )
    y = plan.seat_top + height - pad[2]
    x, z = _side(plan, half), dice.between(-0.1, 0.1)
    square = dice.chance(0.6)
    if square and dice.chance(0.5):
        low = plan.seat_top - 0.75 * plan.seat_thickness
        body.plate(
            "arm", (x, 0.5 * (low + y), z), (half, 0.5 * (y - low), dice.between(0.05, 0.1)), edge=0.3 * half
        )
    else:
        _post(plan, x, z, y, half, square)
    body.plate(
        "arm", (x, y, z + dice.between(-0.04, 0.06)), pad, FLAT, edge=0.85 * pad[2], top=pad[0], bottom=pad[0]
    )


def _add_box(plan: Plan) -> None:
    """Solid side panels beside the seat; rolled arms carry a cylinder along their top."""
    dice, body = plan.dice, plan.body
    rolled = plan.attributes["arms"] == "rolled"
    sofa = plan.attributes["base"] == "block"
    half = dice.between(0.07, 0.13) if sofa else plan.half_thickness("medium")
    height = _height(plan) * (0.85 if sofa else 0.95)
    low = 0.0 if sofa and not plan.attributes["feet"] else plan.seat_bottom - (0.12 if sofa else 0.0)
    if sofa and plan.attributes["feet"]:
        low = max(low, 0.1)
    high = plan.seat_top + height
    x = plan.half_width + half - OVERLAP - 0.01
    rear, front = -plan.half_depth, plan.half_depth * (1.0 if sofa else dice.between(0.6, 1.0))
    if rolled:
        radius = half * dice.between(1.15, 1.4)
        high -= radius
        body.cylinder("arm", (x, high, rear), (x, high, front + 0.01), radius, edge=0.03)
    size = (half, 0.5 * (high - low), 0.5 * (front - rear))
    body.plate("arm", (x, 0.5 * (low + high), 0.5 * (front + rear)), size, edge=0.35 * half)
