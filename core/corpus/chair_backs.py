"""Backs of chairs, built in the (reclined) frame of the back: x across, y up, z to the front."""

from __future__ import annotations

import numpy as np

from core.corpus.plan import Plan


def add_back(plan: Plan) -> None:
    """Add the back named by ``plan.attributes["back"]``."""
    builders = {
        "solid": _add_panel,
        "arched": _add_panel,
        "round": _add_panel,
        "padded": _add_panel,
        "curved": _add_curved,
        "vertical_slats": _add_vertical_slats,
        "horizontal_slats": _add_horizontal_slats,
        "frame": _add_open_frame,
        "panels": _add_panels,
        "cross": _add_cross,
    }
    kind = str(plan.attributes["back"])
    if kind != "none":
        builders[kind](plan)


def _plate(
    plan: Plan,
    x: float,
    low: float,
    high: float,
    half: float,
    depth: float,
    top: float = 0.02,
    edge: float = 0.4,
    forward: float = 0.0,
    bottom: float = 0.02,
) -> None:
    """Add a plate of the back: centre x, from low to high, half width, half thickness depth."""
    frame = plan.back_frame
    size = (half, 0.5 * (high - low), depth)
    center = frame.world((x, 0.5 * (low + high), forward))
    plan.body.plate("back", center, size, frame.rows, edge=edge * depth, top=top, bottom=bottom)


def _post(plan: Plan, x: float, low: float, high: float, half: float, round_post: bool) -> None:
    """Add an upright of the back."""
    frame = plan.back_frame
    if round_post:
        plan.body.rod("back", frame.world((x, low, 0)), frame.world((x, high - half, 0)), half)
    else:
        plan.body.bar("back", frame.world((x, low, 0)), frame.world((x, high, 0)), half, half, frame.rows[2])


def _support(plan: Plan, half_width: float, gap: float, depth: float) -> None:
    """Carry a panel that floats `gap` above the seat: two posts or one spine."""
    dice, body = plan.dice, plan.body
    low, high = -plan.embed, gap + 0.12
    if plan.round_seat or plan.attributes["base"] in ("star", "pedestal") or dice.chance(0.2):
        _plate(
            plan,
            0.0,
            low,
            high + 0.1,
            dice.between(1.1, 2.4) * plan.thinnest,
            max(depth, 0.5 * plan.thinnest),
        )
        plan.attributes["back_support"] = "spine"
        return
    half = plan.half_thickness("thin")
    x = min(plan.rear_x(half), half_width - half) * dice.between(0.55, 0.85)
    round_post = dice.chance(0.5)
    start = len(body)
    _post(plan, x, low, high, half, round_post)
    body.mirror(start)
    plan.attributes["back_support"] = "posts"


def _add_panel(plan: Plan) -> None:
    """Solid, arched, round and padded backs: one plate, on the seat or floating above it."""
    dice = plan.dice
    kind = str(plan.attributes["back"])
    sofa = plan.attributes["base"] == "block"
    height = plan.back_height
    word = "thick" if kind == "padded" else dice.pick({"thin": 0.55, "medium": 0.45})
    depth = plan.half_thickness(word) * (1.25 if kind == "padded" else 1.0)
    half = plan.half_width * (1.0 if sofa else dice.between(0.78, 1.0))
    if plan.round_seat:
        half = min(half, 0.86 * plan.half_width)
    floating = kind == "round" or (not sofa and dice.chance(0.4))
    gap = min(dice.between(0.12, 0.26), 0.35 * height) if floating else 0.0
    low = gap if floating else -plan.embed
    top, bottom = 0.03, 0.03
    if kind == "solid" and dice.chance(0.4):
        top = dice.between(0.06, 0.14)
    elif kind == "arched":
        half = min(half, 1.05 * (height - gap))
        top = half * dice.between(0.85, 1.0)
    elif kind == "round":
        half = min(half, dice.between(0.3, 0.46))
        if dice.chance(0.5):
            low = max(0.08, height - 2 * half)  # a circle
            half = 0.5 * (height - low)
            plan.attributes["back_outline"] = "circle"
        else:
            plan.attributes["back_outline"] = "oval"
        half = min(half, 0.5 * plan.half_width + 0.25)
        top = bottom = min(half, 0.5 * (height - low))
    edge = dice.between(0.75, 0.95) if kind == "padded" else dice.between(0.3, 0.6)
    if kind == "padded":
        top = bottom = max(0.06, depth) if dice.chance(0.6) else 0.16
        if not floating:
            bottom = 0.03
    forward = max(0.0, depth - 0.6 * plan.thinnest) if not sofa else depth - 0.6 * plan.thinnest
    plan.attributes.update(back_thickness=word, back_floating=floating)
    if kind == "round" and plan.attributes["back_outline"] == "oval" and dice.chance(0.5):
        frame = plan.back_frame
        size = (half, 0.5 * (height - low), 1.5 * depth)
        plan.body.ellipsoid("back", frame.world((0, 0.5 * (low + height), forward)), size, frame.rows)
    else:
        _plate(plan, 0.0, low, height, half, depth, top, edge, forward, bottom)
    if floating:
        _support(plan, half, low, min(depth, plan.thinnest))

    def edge_at(level: float) -> float | None:
        inside = low + bottom < level < height - top
        return half - 0.04 if inside and kind != "round" else None

    plan.back_edge = edge_at


def _add_curved(plan: Plan) -> None:
    """A slab bent around the sitter; on a round seat it follows the seat's rim."""
    dice = plan.dice
    frame = plan.back_frame
    word = dice.pick({"thin": 0.5, "medium": 0.5})
    depth = plan.half_thickness(word)
    low = -plan.embed
    if plan.round_seat:
        ring = plan.half_width - depth
        angle = dice.between(0.8, 1.35)
        plan.recline = 0.0
        plan.attributes.update(reclined=False, upright=True)
        frame = plan.back_frame
        center = np.array([0.0, plan.seat_top + 0.5 * (low + plan.back_height), 0.0])
    else:
        half = plan.half_width * dice.between(0.86, 1.0) - 0.02
        ring = half * dice.between(1.15, 1.9)
        angle = float(np.arcsin(min(1.0, half / ring)))
        center = frame.world((0.0, 0.5 * (low + plan.back_height), ring))
    rows = np.stack([frame.rows[0], -frame.rows[2], frame.rows[1]])
    plan.body.bend("back", center, rows, ring, depth, angle, 0.5 * (plan.back_height - low), 0.5 * depth)
    plan.attributes.update(back_thickness=word, back_floating=False)


def _stiles(plan: Plan, top: float) -> tuple[float, float, bool]:
    """Add the two uprights of a framed back; returns their x, half thickness and whether they are round."""
    dice, body = plan.dice, plan.body
    half = plan.half_thickness(dice.pick({"thin": 0.6, "medium": 0.4}))
    round_post = dice.chance(0.45)
    x = plan.rear_x(half) * (1.0 if plan.round_seat else dice.between(0.84, 0.97))
    start = len(body)
    _post(plan, x, -plan.embed, top, half, round_post)
    body.mirror(start)
    plan.back_edge = lambda level: x if level < top - 0.06 else None
    return x, half, round_post


def _rail(plan: Plan, x: float, middle: float, half_height: float, depth: float, top: float = 0.02) -> None:
    """Add a horizontal rail reaching from stile to stile."""
    _plate(plan, 0.0, middle - half_height, middle + half_height, x, depth, top)


def _bow(plan: Plan, half: float) -> tuple[float, float]:
    """Add an arched loop (uprights and a bow) as the outline; returns its radius and centre height."""
    body, frame, height = plan.body, plan.back_frame, plan.back_height
    x = plan.rear_x(half) * (1.0 if plan.round_seat else 0.93)
    rise = height - half
    if rise > x:
        radius, middle, angle = x, rise - x, 0.5 * np.pi
        start = len(body)
        body.rod("back", frame.world((x, -plan.embed + half, 0)), frame.world((x, middle, 0)), half)
        body.mirror(start)
        plan.back_edge = lambda level: x if level < middle + 0.3 * x else None
    else:
        radius = (x * x + rise * rise) / (2 * rise)
        middle = rise - radius
        angle = float(np.arccos(max(-1.0, min(1.0, (-0.6 * plan.embed - middle) / radius))))
    body.arc("back", frame.world((0, middle, 0)), frame.rows, radius, half, angle)
    return radius, middle


def _add_vertical_slats(plan: Plan) -> None:
    dice, body, frame = plan.dice, plan.body, plan.back_frame
    bowed = dice.chance(0.3)
    plan.attributes["back_outline"] = "arched" if bowed else "straight"
    height, low = plan.back_height, -plan.embed
    radius = middle = rail_half = 0.0
    if bowed:
        edge = plan.half_thickness("thin" if dice.chance(0.5) else "medium")
        radius, middle = _bow(plan, edge)
        x = min(radius, plan.rear_x(edge))
        room = x - edge
    else:
        rail_half = max(0.5 * plan.thinnest, dice.between(0.035, 0.09))
        x, edge, _ = _stiles(plan, height - rail_half)
        room = x - edge
        _rail(
            plan, x + edge, height - rail_half, rail_half, edge, 0.7 * rail_half if dice.chance(0.6) else 0.02
        )
        if height > 0.55 and dice.chance(0.3):
            low = dice.between(0.12, 0.2)
            _rail(plan, x, low, max(0.5 * plan.thinnest, 0.035), 0.8 * edge)
    round_slat = dice.chance(0.5)
    half = 0.5 * plan.thinnest * (dice.between(1.0, 1.15) if round_slat else dice.between(1.0, 1.9))
    count = dice.whole(3, 6)
    smallest_gap = 1.15 * plan.thinnest
    while count > 1 and (2 * room - 2 * half * count) / (count + 1) < smallest_gap:
        count -= 1
    half = min(half, (2 * room - (count + 1) * smallest_gap) / (2 * count)) if count == 1 else half
    half = max(half, 0.5 * plan.thinnest)
    for index in range(count):
        spot = (2 * (index + 1) / (count + 1) - 1) * (room + half * (1 if count > 1 else 0))
        top = height - rail_half
        if bowed:
            top = middle + float(np.sqrt(max(0.0, radius**2 - spot**2)))
        if round_slat:
            start, end = frame.world((spot, low, 0)), frame.world((spot, top, 0))
            body.rod("back", start, end, half)
        else:
            _plate(plan, spot, low, top, half, 0.5 * plan.thinnest)
    plan.attributes.update(back_slats=count, back_slat_section="round" if round_slat else "flat")


def _add_horizontal_slats(plan: Plan) -> None:
    dice = plan.dice
    height = plan.back_height
    x, edge, _ = _stiles(plan, height)
    half = max(0.5 * plan.thinnest, dice.between(0.032, 0.075))
    count = dice.whole(2, 5)
    top = height - half - (0.0 if dice.chance(0.6) else 0.04)
    gap = 1.2 * plan.thinnest
    while count > 1 and top - (count - 1) * (2 * half + gap) < half + gap:
        count -= 1
    step = (top - half) / count
    step = min(step, dice.between(0.8, 1.0) * step if count > 1 else step)
    step = max(step, 2 * half + gap) if count > 1 else step
    for index in range(count):
        _rail(plan, x, top - index * step, half, max(0.5 * plan.thinnest, 0.8 * edge))
    plan.attributes["back_slats"] = count


def _add_open_frame(plan: Plan) -> None:
    dice = plan.dice
    bowed = dice.chance(0.5)
    plan.attributes["back_outline"] = "arched" if bowed else "straight"
    half = plan.half_thickness(dice.pick({"thin": 0.4, "medium": 0.6}))
    if bowed:
        _bow(plan, half)
        return
    rail = max(0.5 * plan.thinnest, dice.between(0.035, 0.07))
    x, edge, _ = _stiles(plan, plan.back_height - rail)
    _rail(plan, x + edge, plan.back_height - rail, rail, edge, 0.7 * rail)
    if plan.back_height > 0.6 and dice.chance(0.4):
        _rail(plan, x, dice.between(0.14, 0.2), rail, 0.8 * edge)


def _add_panels(plan: Plan) -> None:
    """Two or three wide upright panels with gaps between them."""
    dice = plan.dice
    height = plan.back_height
    count = 2 if dice.chance(0.5) else 3
    gap = plan.thinnest * dice.between(1.3, 1.9)
    depth = plan.half_thickness("thin")
    total = plan.half_width * dice.between(0.86, 1.0)
    half = (2 * total - (count - 1) * gap) / (2 * count)
    railed = dice.chance(0.4)
    rail = max(0.5 * plan.thinnest, 0.045)
    for index in range(count):
        spot = -total + half + index * (2 * half + gap)
        _plate(plan, spot, -plan.embed, height - (rail if railed else 0.0), half, depth, 0.05)
    if railed:
        _rail(plan, total, height - rail, rail, 1.15 * depth)
    plan.attributes["back_panels"] = count
    plan.back_edge = lambda level: total - 0.04 if level < height - 0.1 else None


def _add_cross(plan: Plan) -> None:
    """Stiles, top rail and two crossing diagonals."""
    dice, body, frame = plan.dice, plan.body, plan.back_frame
    rail = max(0.5 * plan.thinnest, dice.between(0.035, 0.06))
    top = plan.back_height - rail
    x, edge, _ = _stiles(plan, top)
    _rail(plan, x + edge, top, rail, edge)
    low = 0.0
    if plan.back_height > 0.6 and dice.chance(0.5):
        low = dice.between(0.12, 0.18)
        _rail(plan, x, low, rail, 0.8 * edge)
    half = 0.5 * plan.thinnest * dice.between(1.0, 1.3)
    start = len(body)
    body.rod("back", frame.world((-x, low, 0)), frame.world((x, top, 0)), half)
    body.mirror(start)
