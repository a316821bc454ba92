"""Wings: straight, tapered, swept, forward-swept, delta, elliptical; biplanes, winglets, canards."""

from __future__ import annotations

import math

import numpy as np

from core.corpus.airplane_bodies import wing_height
from core.corpus.airplane_plan import UP, Airframe, Panel

ANGLED = math.radians(2.6)
"""Dihedral from which on wings look angled."""


def add_wings(plan: Airframe) -> None:
    """Add the wings that ``plan.attributes`` ask for; fills in `plan.wing`."""
    plan.wing = _main_panel(plan)
    shape, attributes = str(plan.attributes["wing_shape"]), plan.attributes
    body, start = plan.body, len(plan.body)
    wing = plan.wing
    if shape == "elliptical":
        half = (plan.half_span, 1.3 * plan.half_sheet, 0.5 * wing.root_chord)
        body.ellipsoid("wing", (0.0, float(wing.root[1]), float(wing.root[2])), half)
    elif shape == "straight" and wing.out[1] == 0.0:
        half = (0.5 * wing.root_chord, plan.half_span, wing.half_thickness)
        rows = np.array([[0.0, 0.0, -1.0], [1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])
        corner = plan.dice.between(0.25, 0.95) * half[0]
        body.plate("wing", wing.root, half, rows, edge=0.7 * half[2], top=corner, bottom=corner)
    else:
        wing.add_to(body, "wing", tip=_tip(plan), meet=True)
        body.mirror(start)
    if attributes["winglets"]:
        _add_winglets(plan)
    if attributes["wing_count"] != 1:
        _add_more_wings(plan)
    elif attributes["wing_struts"]:
        _add_struts(plan)
    if attributes["canards"]:
        _add_canards(plan)
    chord = 0.5 * (wing.root_chord + wing.tip_chord) / (2 * plan.half_span)
    attributes["wing_width"] = "narrow" if chord < 0.088 else "wide" if chord > 0.2 else "medium"
    attributes["wing_angle"] = "flat"
    if abs(wing.out[1]) > math.sin(ANGLED):
        attributes["wing_angle"] = "up" if wing.out[1] > 0 else "down"


def _tip(plan: Airframe) -> float:
    """Draw how round the wing tips are."""
    if plan.attributes["winglets"]:
        return 0.1
    if plan.attributes["wing_shape"] in ("delta", "swept", "forward_swept"):
        return plan.dice.between(0.6, 0.95)
    return plan.dice.between(0.15, 0.95)


def _main_panel(plan: Airframe) -> Panel:
    """Draw the right half of the main wing."""
    dice, length, half_span = plan.dice, plan.length, plan.half_span
    shape = str(plan.attributes["wing_shape"])
    root = dice.between(*plan.type.chord) * length
    taper, shift = 1.0, 0.0
    if shape == "delta":
        root = root if plan.attributes["kind"] == "supersonic" else dice.between(0.42, 0.54) * length
        taper = dice.between(0.2, 0.3)
        shift = -0.5 * root * (1 - taper) * dice.between(0.86, 1.12)
    elif shape == "elliptical":
        root, taper = 1.12 * root, 0.6
    elif shape == "tapered":
        taper = dice.between(0.42, 0.7)
        shift = 0.5 * root * (1 - taper) * dice.between(-1.0, 0.6)
    elif shape == "straight":
        root *= 0.86
    else:
        taper = dice.between(0.3, 0.5)
        low, high = (22.0, 37.0) if plan.attributes["kind"] != "fighter" else (30.0, 45.0)
        if plan.attributes["kind"] in ("light", "biplane"):
            low, high, taper = 12.0, 20.0, dice.between(0.6, 1.0)
        angle = dice.between(low, high)
        if shape == "forward_swept":
            angle = -dice.between(9.0, 14.0) if plan.attributes["kind"] == "glider" else -0.7 * angle
        shift = -math.tan(math.radians(angle)) * half_span
    tilt = math.radians(dice.between(*plan.type.dihedral))
    level = shape == "elliptical" or plan.attributes["wing_count"] != 1 or plan.boom > 0
    if level or abs(tilt) < 0.5 * ANGLED:
        tilt = 0.0
    z = plan.type.wing_z * length - 0.3 * shift
    y = plan.section(z)[0] + wing_height(plan, z)
    out = np.array([math.cos(tilt), math.sin(tilt), 0.0])
    panel = plan.panel((0.0, y, z), out, half_span, root, taper * root, shift)
    plan.lower(y - panel.half_thickness)
    return panel


def _add_winglets(plan: Airframe) -> None:
    """Turn the wing tips up."""
    dice, wing, start = plan.dice, plan.wing, len(plan.body)
    lean = math.radians(dice.between(62.0, 88.0))
    out = np.array([math.cos(lean), math.sin(lean), 0.0])
    height = dice.between(0.09, 0.15)
    chord = 0.96 * wing.tip_chord
    root = wing.point(1.0) - 0.6 * wing.half_thickness * wing.out - 0.5 * wing.half_thickness * np.array(UP)
    winglet = plan.panel(root, out, height, chord, 0.6 * chord, -0.5 * height)
    winglet.add_to(plan.body, "wing", tip=0.7)
    plan.body.mirror(start)


def _add_struts(plan: Airframe) -> None:
    """Brace a high wing against the fuselage's bottom."""
    z, start = float(plan.wing.root[2]), len(plan.body)
    y, radius = plan.section(z)
    foot = (0.55 * radius, y - 0.6 * radius, z)
    top = plan.wing.point(plan.dice.between(0.42, 0.58), 0.0)
    plan.body.rod("wing", foot, top, 1.02 * plan.half_sheet)
    plan.body.mirror(start)


def _add_canards(plan: Airframe) -> None:
    """Add small wings near the nose."""
    dice, length, start = plan.dice, plan.length, len(plan.body)
    z = dice.between(0.2, 0.27) * length
    span = min(dice.between(0.13, 0.18) * length, 0.5 * plan.half_span) + plan.section(z)[1]
    root = dice.between(0.09, 0.12) * length
    shift = -dice.between(0.2, 0.6) * span
    y = plan.section(z)[0] + 0.15 * plan.radius
    panel = plan.panel((0.0, y, z), (1.0, 0.0, 0.0), span, root, dice.between(0.4, 0.7) * root, shift)
    panel.add_to(plan.body, "wing", tip=0.6, meet=True)
    plan.body.mirror(start)


def _add_more_wings(plan: Airframe) -> None:
    """Add the upper wings of a biplane or triplane and the struts between them."""
    dice, body, wing = plan.dice, plan.body, plan.wing
    count, bottom = int(plan.attributes["wing_count"]), float(wing.root[1])
    top = plan.cabin_top * plan.radius + dice.between(0.11, 0.17)
    stagger = dice.between(-0.01, 0.07) if count == 2 else 0.04
    span = plan.half_span * (dice.between(1.0, 1.12) if dice.chance(0.4) else 1.0)
    rise = top - bottom
    tip = dice.between(0.3, 0.9)
    start = len(body)
    for level in range(1, count):
        part = level / (count - 1)
        root = wing.root + np.array([0.0, part * rise, part * stagger])
        upper = plan.panel(root, wing.out, span, wing.root_chord, wing.tip_chord, wing.shift)
        upper.add_to(body, "wing", tip=tip, meet=True)
    thick = 1.02 * plan.half_sheet
    lift = np.array([0.0, rise, stagger])
    pairs = (0.42, 0.84) if dice.chance(0.25) else (dice.between(0.6, 0.75),)
    for part in pairs:
        for along in (0.27, -0.27):
            foot = wing.point(part, along)
            body.rod("wing", foot, foot + lift, thick)
    middle = wing.root + lift
    for along in (0.22, -0.22):
        z = float(middle[2]) + along * wing.root_chord
        y, radius = plan.section(z)
        body.rod("wing", (0.5 * radius, y + 0.5 * radius, z), (0.9 * radius, top, z), thick)
    body.mirror(start)
    plan.attributes["wing_struts"] = True
