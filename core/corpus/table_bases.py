"""What a table stands on, other than separate legs: pedestal, slabs, trestle, X, sled, C, block."""

from __future__ import annotations

import numpy as np

from core.corpus.assembly import FLAT
from core.corpus.frames import add_runner
from core.corpus.table_blocks import add_block
from core.corpus.table_legs import add_four_legs, add_three_legs
from core.corpus.table_pedestals import add_pedestal
from core.corpus.table_plan import TablePlan
from core.corpus.table_storage import add_cabinets


def add_base(plan: TablePlan) -> None:
    """Add the base named by ``plan.attributes["base"]``."""
    builders = {
        "four_legs": add_four_legs,
        "three_legs": add_three_legs,
        "pedestal": add_pedestal,
        "panels": _add_panels,
        "trestle": _add_trestle,
        "x_legs": _add_x_legs,
        "sled": _add_sled,
        "c_frame": _add_c_frame,
        "block": add_block,
        "cabinets": add_cabinets,
    }
    builders[str(plan.attributes["base"])](plan)


def _add_panels(plan: TablePlan) -> None:
    """Two slabs at the ends, upright or slanted, with a shelf or bar between them on some."""
    dice, body = plan.dice, plan.body
    word = dice.pick({"thin": 0.42, "medium": 0.36, "thick": 0.22})
    half = plan.half_thickness(word)
    x, depth = plan.spot(half)
    flush = dice.chance(0.42)
    if plan.boxy and plan.attributes["top_corners"] == "square":
        x, depth = plan.half_width - half, plan.half_depth
    if not flush:
        x = max(x - plan.half_width * dice.between(0.06, 0.3), 1.5 * half + 0.08)
        depth *= dice.between(0.72, 0.98)
    slanted = not flush and dice.chance(0.3)
    foot_x = x + plan.under * dice.between(0.08, 0.2) if slanted else x
    start = len(body)
    if slanted:
        body.bar("panel", (x, plan.reach, 0.0), (foot_x, 0.0, 0.0), half, depth)
    else:
        size = (half, 0.5 * plan.reach, depth)
        body.plate("panel", (x, size[1], 0.0), size, edge=0.25 * half)
    body.mirror(start)
    plan.attributes.update(panel_thickness=word, panels_slanted=slanted)
    plan.clear_x, plan.carried_x = x - half, (x,)
    if not slanted:
        plan.uprights = (x, depth * dice.between(0.5, 0.85))
    purpose = plan.attributes["purpose"]
    joint = dice.pick({"shelf": 0.4, "bar": 0.14, "none": 0.46})
    level = plan.under * dice.between(0.22, 0.55)
    reach = foot_x + (x - foot_x) * level / plan.reach
    if joint == "shelf" and purpose in ("coffee", "side", "console", "bench"):
        thick = plan.half_thickness("thin")
        body.plate("shelf", (0.0, level, 0.0), (reach, 0.94 * depth, thick), FLAT, edge=0.3 * thick)
        plan.attributes["shelves"] = 1
    elif joint == "bar":
        radius = plan.half_thickness("thin")
        body.plate("stretcher", (0.0, level, 0.0), (reach, 1.5 * radius, radius), edge=0.3 * radius)
        plan.attributes["stretchers"] = "bar"


def _add_trestle(plan: TablePlan) -> None:
    """Two trestles: posts on feet, or A-shaped sawhorses."""
    dice = plan.dice
    kind = "post" if dice.chance(0.55) else "sawhorse"
    word = dice.pick({"thin": 0.3, "medium": 0.42, "thick": 0.28})
    half = plan.half_thickness(word)
    x = plan.spot(half)[0] * dice.between(0.62, 0.85)
    plan.attributes.update(trestle=kind, leg_thickness=word)
    plan.clear_x, plan.carried_x = x - 1.15 * half, (x,)
    if kind == "post":
        _add_posts(plan, x, half)
    else:
        _add_sawhorses(plan, x, half)


def _add_posts(plan: TablePlan, x: float, half: float) -> None:
    dice, body = plan.dice, plan.body
    depth = plan.half_depth * (0.8 if plan.corner > 0.6 * plan.half_depth else 1.0)
    foot, head = depth * dice.between(0.74, 0.96), depth * dice.between(0.55, 0.85)
    double = dice.chance(0.3) and head > 4.2 * half
    wide = half if double else min(half * dice.between(1.0, 2.2), 0.5 * head)
    apart = 0.5 * head if double else 0.0
    start = len(body)
    body.plate("leg", (x, half, 0.0), (1.15 * half, half, foot), edge=0.3 * half)
    body.plate("leg", (x, plan.reach - half, 0.0), (1.15 * half, half, head), edge=0.3 * half)
    for z in (apart, -apart) if double else (0.0,):
        body.bar("leg", (x, plan.reach - half, z), (x, half, z), half, wide)
    body.mirror(start)
    plan.attributes["posts"] = 2 if double else 1
    if double or dice.chance(0.75):
        # between double posts only the feet can carry it
        level = 1.6 * half if double else plan.under * dice.between(0.22, 0.6)
        radius = max(plan.thin_half, 0.8 * half)
        body.plate("stretcher", (0.0, level, 0.0), (x, radius, radius), edge=0.3 * radius)
        plan.attributes["stretchers"] = "long"


def _add_sawhorses(plan: TablePlan, x: float, half: float) -> None:
    dice, body = plan.dice, plan.body
    half = min(half, 0.28 * plan.half_depth)
    top, foot = max(0.22 * plan.half_depth, 1.2 * half), plan.half_depth * dice.between(0.72, 0.92)
    tilt = (foot - top) / float(np.hypot(foot - top, plan.reach))
    out = plan.under * dice.between(0.04, 0.12) if dice.chance(0.3) else 0.0
    level = plan.under * dice.between(0.28, 0.5)
    part = level / plan.reach
    middle_x, middle_z = x + out * (1 - part), foot + (top - foot) * part
    square = dice.chance(0.6)
    start = len(body)
    for side in (1.0, -1.0):
        ends = (x, plan.reach - half * tilt, side * top), (x + out, half * tilt, side * foot)
        if square:
            body.bar("leg", *ends, half, half, (1.0, 0.0, 0.0))
        else:
            body.cylinder("leg", *ends, half, edge=0.25 * half)
    radius = max(plan.thin_half, 0.75 * half)
    body.rod("stretcher", (middle_x, level, middle_z), (middle_x, level, -middle_z), radius)
    body.mirror(start)
    plan.attributes["stretchers"] = "trestle"
    plan.attributes["leg_section"] = "square" if square else "round"
    if dice.chance(0.45):
        body.rod("stretcher", (-middle_x, level, 0.0), (middle_x, level, 0.0), radius)
        plan.attributes["stretchers"] = "long"


def _add_x_legs(plan: TablePlan) -> None:
    """Legs that cross: an X at each end, an X in front and behind, or two crossing slabs."""
    dice, body = plan.dice, plan.body
    even = plan.half_width == plan.half_depth
    kind = dice.pick({"ends": 0.5, "front": 0.3, "slabs": 0.4 if even else 0.0})
    word = dice.pick({"thin": 0.4, "medium": 0.4, "thick": 0.2})
    half = plan.half_thickness(word)
    plan.attributes.update(crossing=kind, leg_thickness=word)
    if kind == "slabs":
        wide = min(plan.small, float(np.hypot(*plan.spot(0.0)))) * dice.between(0.7, 0.95)
        for angle in (0.25 * np.pi, -0.25 * np.pi):
            rows = np.array(
                [
                    [np.cos(angle), 0.0, -np.sin(angle)],
                    [0.0, 1.0, 0.0],
                    [np.sin(angle), 0.0, np.cos(angle)],
                ]
            )
            body.plate("panel", (0.0, 0.5 * plan.reach, 0.0), (wide, 0.5 * plan.reach, half), rows)
        return
    x, z = plan.spot(1.3 * half)
    x *= dice.between(0.74, 1.0)
    if kind == "front":
        x = min(x, 1.7 * plan.under)
    span = z if kind == "ends" else x
    # the square ends of slanted bars must not show above the top
    tilt = 2 * span / float(np.hypot(2 * span, plan.reach))
    low, high = half * tilt, plan.reach - half * tilt
    square = dice.chance(0.6)
    plan.attributes["leg_section"] = "square" if square else "round"
    start = len(body)
    for side in (1.0, -1.0):
        if kind == "ends":
            ends, front = ((x, high, side * z), (x, low, -side * z)), (1.0, 0.0, 0.0)
        else:
            ends, front = ((x, high, side * z), (-x, low, side * z)), (0.0, 0.0, 1.0)
        if square:
            body.bar("leg", *ends, half, half, front)
        else:
            body.cylinder("leg", *ends, half, edge=0.25 * half)
    body.mirror(start)
    plan.carried_x = (x,)
    plan.clear_x = x - half if kind == "ends" else 0.5 * x
    if dice.chance(0.6):
        radius = max(plan.thin_half, 0.8 * half)
        middle = 0.5 * plan.reach
        far = (x, middle, 0.0) if kind == "ends" else (0.0, middle, z)
        near = (-x, middle, 0.0) if kind == "ends" else (0.0, middle, -z)
        body.rod("stretcher", near, far, radius)
        plan.attributes["stretchers"] = "bar"


def _runner_sizes(plan: TablePlan) -> tuple[float, float, float, float, bool]:
    """Half thickness, x, z, corner radius and section (square or not) of a bent frame."""
    dice = plan.dice
    half = plan.half_thickness(dice.pick({"thin": 0.55, "medium": 0.45}))
    square = dice.chance(0.5)
    x, z = plan.spot(half + dice.between(0.0, 0.07))
    x *= 1.0 if dice.chance(0.4) else dice.between(0.72, 1.0)
    corner = min(0.1 + half, 0.6 * z, 0.3 * plan.under)
    plan.attributes["leg_section"] = "square" if square else "round"
    plan.clear_x, plan.carried_x, plan.uprights = x - half, (x,), (x, z)
    return half, x, z, corner, square


def _frame_top(plan: TablePlan, half: float, square: bool) -> float:
    """How high the uprights of a frame go; round ends must not show above the top."""
    return plan.reach if square else min(plan.reach, plan.height - half - 0.01)


def _add_sled(plan: TablePlan) -> None:
    """Two bent frames: runners on the floor, on some closed to loops under the top."""
    dice, body = plan.dice, plan.body
    half, x, z, corner, square = _runner_sizes(plan)
    start = len(body)
    top = _frame_top(plan, half, square)
    add_runner(body, x, top, z, -z, half, square=square, corner=corner)
    loop = dice.chance(0.5)
    plan.attributes["loops"] = loop
    if loop:
        level = plan.under + 0.02 - half
        if square:
            body.bar("leg", (x, level, z + half), (x, level, -z - half), half, half, (0.0, 1.0, 0.0))
        else:
            body.rod("leg", (x, level, z), (x, level, -z), half)
    body.mirror(start)
    if dice.chance(0.36):
        level = half if dice.chance(0.6) else plan.under + 0.02 - half
        side = 0.0 if level > half and loop else -1.0
        place = side * (z - corner - 0.02 if level == half else z)
        body.rod("stretcher", (-x, level, place), (x, level, place), half)
        plan.attributes["stretchers"] = "bar"


def _add_c_frame(plan: TablePlan) -> None:
    """A C seen from the side: uprights only at the rear, on runners or on a plate."""
    dice, body = plan.dice, plan.body
    kind = "slab" if plan.boxy and dice.chance(0.4) else "frame"
    plan.attributes["c_kind"] = kind
    if kind == "slab":
        half = plan.half_thickness("thin" if dice.chance(0.6) else "medium")
        x, depth = plan.spot(0.02)
        x *= dice.between(0.7, 1.0)
        body.plate(
            "panel", (0.0, 0.5 * plan.reach, half - depth), (x, 0.5 * plan.reach, half), edge=0.3 * half
        )
        body.plate("panel", (0.0, half, 0.0), (x, depth, half), FLAT, edge=0.3 * half, top=0.03, bottom=0.03)
        return
    half, x, z, corner, square = _runner_sizes(plan)
    start = len(body)
    add_runner(
        body, x, _frame_top(plan, half, square), z, None, half, square=square, corner=corner, facing=-1.0
    )
    level = plan.under + 0.02 - half
    if square:
        body.bar("leg", (x, level, -z - half), (x, level, z), half, half, (0.0, 1.0, 0.0))
    else:
        body.rod("leg", (x, level, -z), (x, level, 0.8 * z), half)
    body.mirror(start)
    if square:
        body.bar("leg", (-x - half, half, z), (x + half, half, z), half, half)
    else:
        body.rod("leg", (-x, half, z), (x, half, z), half)
