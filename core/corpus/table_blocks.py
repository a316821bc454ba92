"""Tables that are a block, an open box or a chest of drawers, on the floor, on feet or on casters."""

from __future__ import annotations

from core.corpus.assembly import FLAT
from core.corpus.table_fronts import PROUD
from core.corpus.table_plan import TablePlan
from core.corpus.table_storage import add_block_drawers


def add_block(plan: TablePlan) -> None:
    """Add the body under the top and what it stands on."""
    dice = plan.dice
    plain = plan.boxy and plan.attributes["top_corners"] == "square"
    kind = dice.pick({"solid": 0.4, "open": 0.32, "drawers": 0.28}) if plain else "solid"
    inset = 0.0 if dice.chance(0.5) else plan.small * dice.between(0.04, 0.14)
    lift = _add_feet(plan, inset)
    plan.attributes.update(block=kind, flush=inset == 0.0)
    if kind == "open":
        _add_open_box(plan, inset, lift)
        return
    if kind == "solid":
        plan.board("base", lift, plan.reach, inset, 0.02)
        return
    front = plan.half_depth - inset - PROUD
    half = (plan.half_width - inset, 0.5 * (front + plan.half_depth - inset), 0.5 * (plan.reach - lift))
    center = (0.0, 0.5 * (plan.reach + lift), front - half[1])
    plan.body.plate("base", center, half, FLAT, edge=0.015)
    add_block_drawers(plan, half[0], (lift, plan.under), front)


def _add_feet(plan: TablePlan, inset: float) -> float:
    """Add what carries the body; returns the height of its underside."""
    dice, body = plan.dice, plan.body
    kind = dice.pick({"none": 0.5, "legs": 0.24, "plinth": 0.12, "wheels": 0.14})
    plan.attributes["feet"] = kind
    if kind == "none":
        return 0.0
    if kind == "plinth":
        high = dice.between(0.06, 0.1)
        plan.board("base", 0.0, high + 0.03, inset + plan.small * dice.between(0.1, 0.2), 0.01)
        return high
    start = len(body)
    if kind == "legs":
        half = plan.half_thickness("thin" if dice.chance(0.4) else "medium")
        x, z = plan.spot(inset + half + 0.03)
        high = min(dice.between(0.09, 0.24), 0.34 * plan.under)
        square = dice.chance(0.4)
        for side in (z, -z):
            if square:
                body.bar("leg", (x, high + 0.03, side), (x, 0.0, side), half, half)
            else:
                body.cylinder("leg", (x, 0.0, side), (x, high + 0.03, side), half)
        body.mirror(start)
        plan.attributes["leg_count"] = 4
        return high
    wheel = max(0.8 * plan.thinnest, dice.between(0.05, 0.075))
    width = max(plan.thin_half, 0.5 * wheel)
    x, z = plan.spot(inset + wheel + 0.03)
    for side in (z, -z):
        body.cylinder("wheel", (x - width, wheel, side), (x + width, wheel, side), wheel, edge=0.2 * wheel)
    body.mirror(start)
    plan.attributes["wheels"] = 4
    return 1.5 * wheel


def _add_open_box(plan: TablePlan, inset: float, lift: float) -> None:
    """Add two sides, a bottom, on some a back, and on tall ones a shelf: a box that is open in front."""
    dice, body = plan.dice, plan.body
    half = plan.half_thickness("thin" if dice.chance(0.7) else "medium")
    width, depth = plan.half_width - inset, plan.half_depth - inset
    tall = 0.5 * (plan.reach - lift)
    start = len(body)
    body.plate("panel", (width - half, lift + tall, 0.0), (half, tall, depth), edge=0.25 * half)
    body.mirror(start)
    body.plate("shelf", (0.0, lift + half, 0.0), (width - 0.5 * half, depth, half), FLAT, edge=0.25 * half)
    backed = dice.chance(0.5)
    if backed:
        back = plan.thin_half
        body.plate("panel", (0.0, lift + tall, back - depth), (width - half, tall, back), edge=0.2 * back)
    second = plan.under - lift > 0.62 and dice.chance(0.6)
    if second:
        level = lift + half + 0.5 * (plan.under - lift - half)
        size = (width - 0.5 * half, 0.97 * depth, plan.thin_half)
        body.plate("shelf", (0.0, level, 0.0), size, FLAT, edge=0.25 * plan.thin_half)
    plan.attributes.update(shelves=2 if second else 1, box_back=backed)
