"""What is fixed under the top of a table: drawers, cabinets, modesty panels and aprons."""

from __future__ import annotations

import numpy as np

from core.corpus.assembly import rows_from
from core.corpus.table_fronts import PROUD, add_door, add_fronts, pick_handle
from core.corpus.table_plan import TablePlan

DRAWER_CHANCE = {"desk": 0.55, "side": 0.34, "console": 0.45, "coffee": 0.24, "dining": 0.06, "bar": 0.06}
_DRAWER_BASES = ("four_legs", "panels", "trestle", "sled", "x_legs")
_APRON_CHANCE = 0.42


def add_storage(plan: TablePlan) -> None:
    """Add drawers, a modesty panel (a desk has at least one of both) and an apron."""
    dice, facts = plan.dice, plan.attributes
    base, desk = facts["base"], facts["purpose"] == "desk"
    drawers = dice.chance(DRAWER_CHANCE.get(str(facts["purpose"]), 0.0))
    modest = dice.chance(0.6)
    fits = base in _DRAWER_BASES and plan.boxy and not facts["slatted"] and plan.clear_x > 0.15
    screen = desk and plan.uprights is not None
    if desk:
        facts["modesty_panel"] = screen and (modest or not (drawers or base == "cabinets"))
        if facts["modesty_panel"]:
            _add_screen(plan)
        elif base != "cabinets":
            drawers = True
    if fits and drawers:
        _add_drawers(plan)
    elif base in ("four_legs", "three_legs") and plan.uprights is not None and not facts["slatted"]:
        facts["apron"] = dice.chance(_APRON_CHANCE)
        if facts["apron"]:
            _add_apron(plan)


def _add_screen(plan: TablePlan) -> None:
    """Add a modesty panel between the uprights at the rear."""
    assert plan.uprights is not None
    x, z = plan.uprights
    low = plan.under * plan.dice.between(0.1, 0.6)
    size = (x, 0.5 * (plan.reach - low), plan.thin_half)
    plan.body.plate("panel", (0.0, 0.5 * (plan.reach + low), -z), size, edge=0.3 * plan.thin_half)


def _add_drawers(plan: TablePlan) -> None:
    """Add one box with drawer fronts right under the front edge of the top."""
    dice = plan.dice
    handle = pick_handle(plan)
    high = min(dice.between(0.16, 0.25), 0.42 * plan.under)
    high = max(high, 2.3 * plan.thinnest)
    low = plan.under - high
    half_x = plan.clear_x - (0.0 if plan.uprights is not None else 0.04)
    front = plan.half_depth - PROUD - dice.between(0.02, 0.06)
    rear = -plan.uprights[1] if plan.uprights is not None else front - 1.3 * plan.half_depth
    # a box between upright legs ends inside them, one between others hangs from the top alone
    reach_x = half_x + 0.03 if plan.uprights is not None else half_x
    size = (reach_x, 0.5 * (plan.reach - low), 0.5 * (front - rear))
    plan.body.plate(
        "panel", (0.0, 0.5 * (plan.reach + low), 0.5 * (front + rear)), size, edge=0.3 * plan.thin_half
    )
    count = add_fronts(plan, (-half_x, half_x), (low, plan.under), front, dice.whole(1, 3), 1, handle)
    plan.attributes.update(drawers=count, drawer_place="under")


def _add_apron(plan: TablePlan) -> None:
    """Add boards right under the top, from leg to leg; a ring under round and polygonal tops."""
    assert plan.uprights is not None
    body = plan.body
    x, z = plan.uprights
    half = plan.thin_half
    high = min(plan.dice.between(0.07, 0.16), 0.3 * plan.under)
    half_y = max(0.5 * (plan.reach - plan.under + high), half)
    level = plan.reach - half_y
    four = plan.attributes["base"] == "four_legs"
    if four and (plan.boxy or plan.attributes["top_shape"] == "oval"):
        for side in (z, -z):
            body.plate("panel", (0.0, level, side), (x, half_y, half), edge=0.3 * half)
        start = len(body)
        body.plate("panel", (x, level, 0.0), (half, half_y, z), edge=0.3 * half)
        body.mirror(start)
        return
    # quarters that overlap a little
    for quarter in range(4):
        angle = 0.5 * np.pi * quarter
        rows = rows_from((np.sin(angle), 0.0, np.cos(angle)), (0.0, 1.0, 0.0))
        ring = float(np.hypot(x, z))
        body.bend("panel", (0.0, level, 0.0), rows, ring, half, 0.27 * np.pi, half_y, 0.3 * half)


def _add_cabinet(plan: TablePlan, center_x: float, half_x: float, handle: str, door: bool) -> int:
    """Add one cabinet from the floor to the top; returns the number of its drawers."""
    dice, body = plan.dice, plan.body
    front = plan.half_depth - PROUD - 0.03
    rear = 0.04 - plan.half_depth
    half_z = 0.5 * (front - rear)
    place = (center_x, 0.5 * plan.reach, 0.5 * (front + rear))
    body.plate("panel", place, (half_x, 0.5 * plan.reach, half_z), edge=0.015)
    low, high = 0.02, plan.under
    span = (center_x - half_x, center_x + half_x)
    if door:
        shared = dice.chance(0.4)
        divide = high - 0.26 * (high - low) if shared else high
        add_door(plan, center_x, half_x, low, divide, front, handle)
        return add_fronts(plan, span, (divide, high), front, 1, 1, handle) if shared else 0
    return add_fronts(plan, span, (low, high), front, 1, dice.whole(2, 4), handle)


def add_cabinets(plan: TablePlan) -> None:
    """Let a desk stand on a cabinet at each end, or on one cabinet and legs or a side at the other end."""
    dice, body = plan.dice, plan.body
    inset = 0.0 if dice.chance(0.4) else dice.between(0.02, 0.07)
    half_x = plan.half_width * dice.between(0.18, 0.26)
    x = plan.half_width - inset - half_x
    handle = pick_handle(plan)
    door = dice.chance(0.28)
    both = dice.chance(0.55)
    side = 1.0 if dice.chance(0.5) else -1.0
    start = len(body)
    count = _add_cabinet(plan, x if both else side * x, half_x, handle, door)
    plan.attributes.update(cabinets=2 if both else 1, cabinet_doors=door, symmetric=both)
    plan.clear_x = x - half_x
    plan.uprights = (x, plan.half_depth - 0.04 - plan.thin_half)
    if both:
        body.mirror(start)
        plan.attributes.update(drawers=2 * count, drawer_place="cabinet")
        return
    plan.attributes.update(drawers=count, drawer_place="cabinet")
    half = plan.half_thickness("medium" if dice.chance(0.6) else "thin")
    end_x = -side * (plan.half_width - inset - half - 0.01)
    z = plan.half_depth - half - 0.03
    plan.uprights = (abs(end_x), z)
    if dice.chance(0.5):
        size = (half, 0.5 * plan.reach, plan.half_depth - 0.03)
        body.plate("panel", (end_x, size[1], 0.0), size, edge=0.3 * half)
        plan.attributes["other_end"] = "panel"
        return
    for foot_z in (z, -z):
        body.bar("leg", (end_x, plan.reach, foot_z), (end_x, 0.0, foot_z), half, half)
    plan.attributes.update(other_end="legs", leg_count=2)


def add_block_drawers(plan: TablePlan, half_x: float, levels: tuple[float, float], face: float) -> None:
    """Add drawers to the front of a block whose front surface is at z = face."""
    dice = plan.dice
    handle = pick_handle(plan)
    wide = 2 * half_x > 1.4 * (levels[1] - levels[0])
    columns = dice.whole(1, 3) if wide else 1
    rows = dice.whole(1, 3)
    count = add_fronts(plan, (-half_x, half_x), levels, face, columns, rows, handle)
    plan.attributes.update(drawers=count, drawer_place="block")
