"""Tails: conventional, cruciform, T, V, H, twin fins, a fin alone, and tails carried by two booms."""

from __future__ import annotations

import math

import numpy as np

from core.corpus.airplane_plan import UP, Airframe, Panel
from core.corpus.assembly import Vector

SWEPT_WINGS = ("swept", "forward_swept", "delta")


def add_tail(plan: Airframe) -> None:
    """Add the tail named by ``plan.attributes["tail"]``; notes how many fins there are and stabilisers."""
    tail = str(plan.attributes["tail"])
    plan.attributes.update(fins=0, stabilisers=False)
    if tail == "none":
        return
    if plan.boom:
        _add_boom_tail(plan)
    elif tail == "V":
        _add_v_tail(plan)
    elif tail in ("twin", "H"):
        _add_two_fins(plan, tail)
    else:
        _add_one_fin(plan, tail)


def _chords(plan: Airframe) -> tuple[float, float]:
    """Draw how far tail surfaces are swept (tangent) and their taper."""
    dice = plan.dice
    if plan.attributes["wing_shape"] in SWEPT_WINGS and plan.attributes["engine_place"] != "pusher":
        return math.tan(math.radians(dice.between(28.0, 42.0))), dice.between(0.36, 0.6)
    return dice.between(0.0, 0.35), dice.between(0.5, 0.85)


def _end(plan: Airframe) -> float:
    """Z before which the trailing edges of the tail's roots lie."""
    return plan.tail_z + (0.07 * plan.length if plan.attributes["engine_place"] == "pusher" else 0.01)


def _fin(plan: Airframe, scale: float = 1.0) -> Panel:
    """Draw the fin on the fuselage's axis."""
    dice = plan.dice
    slope, taper = _chords(plan)
    height = scale * dice.between(0.15, 0.2) * plan.length
    if plan.attributes["tail"] == "fin":
        height *= 1.1
    root = scale * dice.between(0.14, 0.185) * plan.length
    shift = -slope * height
    z = _end(plan) + 0.5 * root + 0.3 * abs(shift)
    y, radius = plan.section(z)
    return plan.panel((0.0, y, z), UP, height + 0.6 * radius, root, taper * root, shift)


def _stabiliser(plan: Airframe, root: Vector, tilt: float = 0.0) -> Panel:
    """Draw the right half of the stabiliser; the root's z is that of its middle for an unswept one."""
    dice = plan.dice
    slope, taper = _chords(plan)
    span = dice.between(0.165, 0.215) * plan.length
    chord = max(0.085, dice.between(0.095, 0.13) * plan.length)
    out = (math.cos(tilt), math.sin(tilt), 0.0)
    return plan.panel(root, out, span, chord, taper * chord, -slope * span)


def _add_pair(plan: Airframe, panel: Panel, tip: float = 0.7) -> None:
    start = len(plan.body)
    panel.add_to(plan.body, "tail", tip=tip, meet=float(panel.root[0]) == 0.0 and abs(panel.out[1]) < 0.3)
    plan.body.mirror(start)


def _low_root(plan: Airframe) -> Vector:
    """Where the stabiliser meets the fuselage."""
    z = _end(plan) + 0.075 * plan.length
    y, radius = plan.section(z)
    return np.array([0.0, y + 0.1 * radius, z])


def _add_one_fin(plan: Airframe, tail: str) -> None:
    fin = _fin(plan)
    fin.add_to(plan.body, "tail", tip=0.95 if tail == "T" else plan.dice.between(0.3, 0.9))
    plan.attributes["fins"] = 1
    if tail == "fin":
        return
    plan.attributes["stabilisers"] = True
    if tail == "conventional":
        tilt = plan.dice.between(0.0, 0.1) if plan.attributes["kind"] == "airliner" else 0.0
        _add_pair(plan, _stabiliser(plan, _low_root(plan), tilt))
        return
    part = 1.0 if tail == "T" else plan.dice.between(0.5, 0.62)
    _add_pair(plan, _stabiliser(plan, fin.point(part)))


def _add_v_tail(plan: Airframe) -> None:
    root = _low_root(plan)
    panel = _stabiliser(plan, root, math.radians(plan.dice.between(36.0, 52.0)))
    _add_pair(plan, panel)
    plan.attributes["fins"] = 2


def _add_two_fins(plan: Airframe, tail: str) -> None:
    """Two fins, on the roots of the stabiliser or the wing (twin) or on the stabiliser's tips (H)."""
    dice, wing = plan.dice, plan.wing
    carried = plan.attributes["wing_shape"] != "delta" or tail == "H"
    slope, taper = _chords(plan)
    plan.attributes.update(fins=2, stabilisers=carried)
    height = dice.between(0.13, 0.17) * plan.length
    chord = dice.between(0.12, 0.15) * plan.length
    lean = 0.0
    if carried:
        base = _stabiliser(plan, _low_root(plan))
        _add_pair(plan, base)
        x = dice.between(1.2, 1.7) * plan.radius
        root = base.point(0.94 if tail == "H" else min(0.5, x / base.span))
        if tail == "H":
            height, chord = 0.85 * height, min(chord, 1.15 * base.chord(0.9))
            root[1] -= 0.3 * height
        else:
            root[2] += 0.2 * chord
            lean = math.radians(dice.between(0.0, 24.0))
    else:
        part = dice.between(1.3, 1.9) * plan.radius / plan.half_span
        root = wing.point(part, -0.5)
        root[2] += 0.55 * chord
        lean = math.radians(dice.between(0.0, 24.0))
    out = (math.sin(lean), math.cos(lean), 0.0)
    shift = -slope * height if tail == "twin" else -0.1 * chord
    _add_pair(plan, plan.panel(root, out, height, chord, taper * chord, shift))


def _add_boom_tail(plan: Airframe) -> None:
    """A fin on the end of each boom and one stabiliser between them."""
    dice, body = plan.dice, plan.body
    y = float(plan.wing.root[1])
    chord = max(0.09, dice.between(0.09, 0.12) * plan.length)
    height = dice.between(0.12, 0.16) * plan.length
    middle = plan.tail_z + 0.55 * chord
    raised = dice.chance(0.3)
    level = y + height - plan.half_sheet if raised else y
    half = (plan.boom + 0.4 * plan.half_sheet, 1.05 * plan.half_sheet, 0.5 * chord)
    body.plate("tail", (0.0, level, middle), half, edge=0.6 * plan.half_sheet)
    start = len(body)
    fin = plan.panel((plan.boom, y, middle), UP, height, 1.1 * chord, 0.8 * chord, -0.1 * chord)
    fin.add_to(body, "tail", tip=0.3 if raised else 0.7)
    body.mirror(start)
    plan.attributes.update(fins=2, stabilisers=True)
