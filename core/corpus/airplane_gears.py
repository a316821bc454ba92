"""What an airplane stands on: wheels with struts, or floats."""

from __future__ import annotations

import numpy as np

from core.corpus.airplane_plan import Airframe


def add_gear(plan: Airframe) -> None:
    """Add the landing gear and the floats that ``plan.attributes`` ask for."""
    gear, floats = plan.attributes["gear"], plan.attributes["floats"]
    if gear == "tricycle":
        _add_tricycle(plan)
    elif gear == "tail_wheel":
        _add_tail_dragger(plan)
    elif gear == "single":
        _add_single_wheel(plan)
    if floats == "pontoons":
        _add_pontoons(plan)
    elif floats == "tip":
        _add_tip_floats(plan)


def _add_wheel(plan: Airframe, x: float, y: float, z: float, radius: float, wide: float = 0.5) -> None:
    half = max(1.02 * plan.half_sheet, wide * radius)
    plan.body.cylinder("gear", (x - half, y, z), (x + half, y, z), radius, edge=0.35 * half)


def _add_main_wheels(plan: Airframe, ground: float, z_share: float, radius: float) -> None:
    """Add the two main wheels: under a low wing, or on legs that spread from the fuselage."""
    dice, wing, start = plan.dice, plan.wing, len(plan.body)
    hub = ground + radius
    thick = 1.04 * plan.half_sheet
    low_wing = plan.attributes["wing_position"] == "low" and plan.attributes["wing_count"] == 1
    if low_wing or plan.attributes["body"] == "blended":
        x = plan.radius + dice.between(0.05, 0.1)
        top = wing.point(x / plan.half_span, z_share)
        plan.body.rod("gear", top, (x, hub, top[2]), thick)
        z = float(top[2])
    else:
        x = plan.radius + dice.between(0.04, 0.09)
        z = float(wing.root[2]) + z_share * wing.root_chord
        y, around = plan.section(z)
        plan.body.rod("gear", (0.45 * around, y - 0.5 * around, z), (x, hub, z), thick)
    _add_wheel(plan, x, hub, z, radius)
    plan.body.mirror(start)
    if z_share > 0 and dice.chance(0.35):
        plan.body.rod("gear", (-x, hub, z), (x, hub, z), thick)


def _add_tricycle(plan: Airframe) -> None:
    """Two main wheels behind the balance point and one under the nose."""
    dice = plan.dice
    ground = plan.lowest - dice.between(0.05, 0.09)
    radius = dice.between(0.04, 0.052)
    _add_main_wheels(plan, ground, -0.22 if plan.attributes["wing_shape"] != "delta" else -0.12, radius)
    z = min(dice.between(0.32, 0.36) * plan.length, plan.stations[0][0] - 0.01)
    if plan.attributes["body"] == "blended":
        z = 0.32 * plan.length
    y = plan.section(z)[0]
    small = 0.9 * radius
    plan.body.rod("gear", (0.0, y, z), (0.0, ground + small, z), 1.04 * plan.half_sheet)
    _add_wheel(plan, 0.0, ground + small, z, small)


def _add_tail_dragger(plan: Airframe) -> None:
    """Two main wheels before the balance point and a small one under the tail."""
    dice = plan.dice
    radius = dice.between(0.046, 0.064)
    ground = plan.lowest - dice.between(0.02, 0.06)
    _add_main_wheels(plan, ground, 0.3, radius)
    z = plan.tail_z + dice.between(0.08, 0.13) * plan.length
    y, around = plan.section(z)
    small = 0.036
    hub = y - around - small - 0.012
    if plan.boom:
        y, start = float(plan.wing.root[1]), len(plan.body)
        hub = y - 0.085
        plan.body.rod("gear", (plan.boom, y, z), (plan.boom, hub, z), 1.04 * plan.half_sheet)
        _add_wheel(plan, plan.boom, hub, z, small)
        plan.body.mirror(start)
        return
    plan.body.rod("gear", (0.0, y, z), (0.0, hub, z), 1.04 * plan.half_sheet)
    _add_wheel(plan, 0.0, hub, z, small)


def _add_single_wheel(plan: Airframe) -> None:
    """One wheel half sunk into a glider's belly."""
    z = plan.dice.between(0.14, 0.2) * plan.length
    y, around = plan.section(z)
    radius = 0.046
    _add_wheel(plan, 0.0, y - around - 0.25 * radius, z, radius)


def _add_pontoons(plan: Airframe) -> None:
    """Two long floats under the fuselage."""
    dice, body, length = plan.dice, plan.body, plan.length
    x = dice.between(0.15, 0.2) + 0.3 * plan.radius
    radius = dice.between(0.048, 0.062)
    y = -plan.radius - radius - dice.between(0.06, 0.11)
    front, rear = dice.between(0.4, 0.47) * length, -dice.between(0.2, 0.3) * length
    bow, stern = max(1.05 * plan.half_sheet, 0.55 * radius), 1.05 * plan.half_sheet
    start = len(body)
    body.rod("float", (x, y + 0.35 * radius, front), (x, y, front - 0.2 * length), bow, radius)
    body.rod("float", (x, y, front - 0.2 * length), (x, y, -0.04 * length), radius)
    body.rod("float", (x, y, -0.04 * length), (x, y + 0.45 * radius, rear), radius, stern)
    for z in (0.2 * length, -0.02 * length):
        height, around = plan.section(z)
        top = (0.5 * around, height - 0.55 * around, z)
        body.rod("float", top, (x, y, z), 1.02 * plan.half_sheet)
    body.mirror(start)
    if dice.chance(0.5):
        z = 0.2 * length
        body.rod("float", (-x, y, z), (x, y, z), 1.02 * plan.half_sheet)


def _add_tip_floats(plan: Airframe) -> None:
    """A small float under each wing."""
    dice, body, start = plan.dice, plan.body, len(plan.body)
    wing = plan.wing
    place = wing.point(dice.between(0.66, 0.8))
    radius = max(0.034, 1.2 * plan.half_sheet)
    low = place - np.array([0.0, dice.between(0.13, 0.18), 0.0])
    body.rod("float", place, low, 1.02 * plan.half_sheet)
    body.ellipsoid("float", low, (radius, 1.1 * radius, dice.between(0.1, 0.13)))
    body.mirror(start)
