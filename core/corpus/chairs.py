"""The chair family: a seed becomes a chair program."""

from __future__ import annotations

from core.corpus.assembly import FLAT, Dice, stout_enough
from core.corpus.chair_arms import add_arms
from core.corpus.chair_backs import add_back
from core.corpus.chair_bases import add_base
from core.corpus.plan import THICKNESS, Plan
from core.corpus.program import Program

BASES = {
    "four_legs": 0.40,
    "three_legs": 0.06,
    "star": 0.18,
    "pedestal": 0.09,
    "sled": 0.08,
    "cantilever": 0.04,
    "block": 0.15,
}
BACK_HEIGHTS = {"low": (0.42, 0.55), "medium": (0.62, 0.82), "high": (0.95, 1.2)}
THINNEST = 0.032
"""Thinnest full thickness, as a part of the largest extent: about 0.058 after normalisation to 1.8."""

CUSHION_OVERLAP = 0.048


def _backs(base: str) -> dict[str, float]:
    if base == "block":
        return {"solid": 0.34, "padded": 0.34, "arched": 0.14, "curved": 0.12, "none": 0.06}
    if base == "star":
        return {
            "solid": 0.22,
            "padded": 0.2,
            "arched": 0.14,
            "round": 0.12,
            "curved": 0.14,
            "horizontal_slats": 0.05,
            "vertical_slats": 0.03,
            "frame": 0.03,
            "none": 0.07,
        }
    return {
        "solid": 0.13,
        "arched": 0.09,
        "round": 0.09,
        "curved": 0.09,
        "padded": 0.06,
        "vertical_slats": 0.17,
        "horizontal_slats": 0.14,
        "frame": 0.06,
        "panels": 0.06,
        "cross": 0.04,
        "none": 0.1,
    }


def _arms(base: str, back: str) -> dict[str, float]:
    if back == "none":
        return {"none": 1.0}
    if base == "block":
        return {"none": 0.15, "box": 0.5, "rolled": 0.25, "padded": 0.05, "straight": 0.05}
    if base == "star":
        return {"none": 0.38, "padded": 0.24, "round": 0.22, "straight": 0.12, "box": 0.04}
    return {"none": 0.52, "straight": 0.2, "round": 0.14, "padded": 0.08, "box": 0.06}


def _plan(dice: Dice, base: str, back: str, arms: str, swell: float) -> Plan:
    """Draw the dimensions of a chair."""
    sofa = base == "block"
    stool = back == "none"
    round_chance = 0.55 if stool else 0.12 if sofa else 0.17
    round_seat = (
        dice.chance(round_chance) and arms not in ("box", "rolled") and back not in ("panels", "cross")
    )
    shape = "round" if round_seat else "rounded" if dice.chance(0.3) else "square"
    half_width = dice.between(0.48, 0.86) if sofa and dice.chance(0.6) else dice.between(0.37, 0.5)
    half_depth = dice.between(0.4, 0.5) if sofa else min(half_width, 0.5) * dice.between(0.86, 1.08)
    if round_seat:
        half_width = half_depth = dice.between(0.36, 0.5)
    seat_top = dice.between(0.5, 0.72) if sofa else dice.between(0.74, 0.96)
    if stool and not sofa:
        # a stool as wide as a chair's seat reads as a table
        half_width *= 0.7
        half_depth *= 0.7
        seat_top = dice.between(1.1, 1.5) if dice.chance(0.45) else dice.between(0.68, 0.92)
    back_word = dice.pick({"low": 0.25, "medium": 0.45, "high": 0.3})
    back_height = 0.0 if stool else dice.between(*BACK_HEIGHTS[back_word])
    if sofa:
        back_height *= 0.82
    recline = 0.0 if dice.chance(0.35) else dice.between(0.06, 0.14)
    # a tilted bent slab would lift off the seat at its ends
    reclined = dice.chance(0.15) and back != "curved"
    recline = dice.between(0.26, 0.4) if reclined else recline
    arm_room = 0.2 if arms in ("box", "rolled") else 0.0
    seat_word = "thick" if sofa else dice.pick({"thin": 0.4, "medium": 0.38, "thick": 0.22})
    if stool and not sofa:
        seat_word = dice.pick({"thin": 0.1, "medium": 0.45, "thick": 0.45})
    largest = max(seat_top + back_height, 2 * half_width + arm_room, 2 * half_depth + recline * back_height)
    thinnest = THINNEST * swell * largest
    low, high = THICKNESS[seat_word]
    thickness = thinnest * dice.between(low, high) * 1.1
    plan = Plan(
        dice,
        seat_top,
        half_width,
        half_depth,
        thickness,
        shape,
        thinnest,
        back_height,
        0.0 if stool else recline,
    )
    plan.attributes.update(
        base=base,
        back=back,
        arms=arms,
        seat_shape=shape,
        seat_thickness=seat_word,
        wide=half_width > 0.6,
        tall_stool=stool and seat_top > 1.05,
    )
    if not stool:
        plan.attributes.update(back_height=back_word, reclined=reclined, upright=recline == 0.0)
    return plan


def _add_seat(plan: Plan) -> None:
    """Add the seat and, on some, a cushion."""
    dice, body = plan.dice, plan.body
    half = (plan.half_width, plan.half_depth, 0.5 * plan.seat_thickness)
    if plan.round_seat:
        rear = front = plan.half_width
    elif plan.seat_shape == "rounded":
        front = dice.between(0.14, 0.24)
        rear = front if dice.chance(0.6) else 0.06
    else:
        front = rear = dice.between(0.02, 0.06)
    soft = dice.between(0.6, 0.95) if dice.chance(0.4) else dice.between(0.2, 0.45)
    center = (0.0, plan.seat_top - half[2], 0.0)
    body.plate("seat", center, half, FLAT, edge=soft * half[2], top=rear, bottom=front)
    plan.attributes["soft_seat"] = soft >= 0.6 and plan.attributes["seat_thickness"] != "thin"
    cushioned = dice.chance(0.55 if plan.attributes["base"] == "block" else 0.22)
    plan.attributes["cushion"] = cushioned
    if not cushioned:
        return
    plan.back_height += 0.1 if plan.back_height else 0.0
    inset = dice.between(0.02, 0.05)
    height = dice.between(0.06, 0.11)
    pad = (plan.half_width - inset, plan.half_depth - inset, height)
    if dice.chance(0.3) and not plan.attributes["wide"]:
        body.ellipsoid("seat", (0.0, plan.seat_top, 0.0), pad, FLAT)
        return
    place = (0.0, plan.seat_top + height - CUSHION_OVERLAP, 0.0)
    corners = max(height, front - inset)
    body.plate("seat", place, pad, FLAT, edge=0.9 * height, top=max(height, rear - inset), bottom=corners)


def _build(seed: int, swell: float) -> Program:
    dice = Dice(seed)
    base = dice.pick(BASES)
    back = dice.pick(_backs(base))
    arms = dice.pick(_arms(base, back))
    plan = _plan(dice, base, back, arms, swell)
    plan.attributes["symmetric"] = True
    _add_seat(plan)
    add_base(plan)
    add_back(plan)
    add_arms(plan)
    return plan.body.finish(plan.attributes, seed)


def make_chair(seed: int) -> Program:
    """Build the chair of a seed.

    The same seed always gives the same program: one connected solid, bounding box centred at the origin,
    largest half extent 0.9, no primitive thinner than 0.05, mirror-symmetric in x unless
    ``attributes["symmetric"]`` is False (turned star bases).
    """
    return stout_enough(lambda swell: _build(seed, swell), seed)
