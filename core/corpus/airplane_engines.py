"""Engines: a propeller on the nose, on the wings or behind; jets under the wings, at the rear, inside."""

from __future__ import annotations

import math

import numpy as np

from core.corpus.airplane_bodies import COWL_LENGTH
from core.corpus.airplane_plan import OVERLAP, Airframe
from core.corpus.program import Attribute

ENGINES: dict[str, tuple[str, int, str]] = {
    "none": ("none", 0, "none"),
    "nose": ("propeller", 1, "nose"),
    "pusher": ("propeller", 1, "pusher"),
    "props_2": ("propeller", 2, "wing"),
    "props_4": ("propeller", 4, "wing"),
    "jets_2": ("jet", 2, "wing"),
    "jets_3": ("jet", 3, "wing"),
    "jets_4": ("jet", 4, "wing"),
    "pods_2": ("jet", 2, "rear"),
    "pods_3": ("jet", 3, "rear"),
    "nozzle_1": ("jet", 1, "inside"),
    "nozzle_2": ("jet", 2, "inside"),
    "buried_2": ("jet", 2, "top"),
}
"""Type, count and place of the engines of every option."""


def engine_attributes(option: str) -> dict[str, Attribute]:
    """Type, count and place of one of `ENGINES`, as attributes."""
    kind, count, place = ENGINES[option]
    return {"engine_type": kind, "engine_count": count, "engine_place": place}


def add_engines(plan: Airframe) -> None:
    """Add the engines that ``plan.attributes`` ask for, with their propellers."""
    kind, place = plan.attributes["engine_type"], str(plan.attributes["engine_place"])
    if kind == "propeller":
        plan.attributes["blades"] = int(plan.dice.pick({"2": 0.35, "3": 0.4, "4": 0.25}))
        plan.attributes["upright_blades"] = plan.dice.chance(0.6)
        {"nose": _add_nose_engine, "pusher": _add_pusher, "wing": _add_wing_propellers}[place](plan)
    elif kind == "jet":
        builders = {"wing": _add_wing_jets, "rear": _add_pods, "inside": _add_nozzles, "top": _add_buried}
        builders[place](plan)


def _add_propeller(plan: Airframe, x: float, y: float, face: float, way: float, radius: float) -> None:
    """Add spinner and blades in front (way 1) or behind (way -1) of an engine's face at z = face."""
    body, blades = plan.body, int(plan.attributes["blades"])
    thick = 1.02 * plan.half_sheet
    nub = max(1.3 * thick, 0.2 * radius)
    body.ellipsoid("propeller", (x, y, face + way * 0.012), (nub, nub, max(0.088, 1.3 * nub)))
    z = face + way * (0.012 + thick)
    wide = plan.half_sheet * (1.5 if blades == 2 else 1.25)
    upright = bool(plan.attributes["upright_blades"])
    if blades == 3:
        angles = [(0.0 if upright else math.pi) + turn * 2 * math.pi / 3 for turn in range(3)]
    elif blades == 4:
        angles = [0.0, 0.5 * math.pi] if upright else [0.25 * math.pi, -0.25 * math.pi]
    else:
        angles = [0.0] if upright else [0.5 * math.pi]
    for angle in angles:
        sine, cosine = math.sin(angle), math.cos(angle)
        rows = np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])
        reach = 0.5 * radius if blades == 3 else radius
        off = reach if blades == 3 else 0.0
        place = (x + off * sine, y + off * cosine, z)
        half = (wide, reach, thick)
        body.plate("propeller", place, half, rows, edge=0.8 * thick, top=wide, bottom=wide)
    plan.lower(y - radius)


def _add_nose_engine(plan: Airframe) -> None:
    dice, body, tip = plan.dice, plan.body, plan.nose_z
    back = tip - COWL_LENGTH * plan.length
    y, radius = plan.section(back)
    round_cowl = dice.chance(0.75 if plan.attributes["kind"] == "biplane" else 0.5)
    plan.attributes["round_cowl"] = round_cowl
    if round_cowl:
        wide = radius * dice.between(1.08, 1.28)
        body.cylinder("engine", (0.0, y, back - 0.03), (0.0, y, tip), wide, edge=0.35 * wide)
    else:
        front = dice.between(0.55, 0.75) * radius
        body.rod("engine", (0.0, y, back - 0.03), (0.0, y, tip - front), 1.04 * radius, front)
    blade = max(plan.radius + 0.045, dice.between(0.085, 0.115) * 2 * plan.half_span)
    _add_propeller(plan, 0.0, y, tip, 1.0, blade)


def _add_pusher(plan: Airframe) -> None:
    y, radius = plan.section(plan.rear_z)
    wide = max(radius * 1.15, 1.3 * plan.half_sheet)
    plan.body.cylinder("engine", (0.0, y, plan.rear_z + 0.12), (0.0, y, plan.rear_z), wide, edge=0.35 * wide)
    blade = plan.dice.between(0.12, 0.17)
    if plan.boom:
        blade = min(blade, plan.boom - 0.06)
    _add_propeller(plan, 0.0, y, plan.rear_z, -1.0, blade)


def _add_wing_propellers(plan: Airframe) -> None:
    dice, body, wing = plan.dice, plan.body, plan.wing
    four = plan.attributes["engine_count"] == 4
    room = (0.72 * plan.half_span - plan.radius - 0.05) / (3.0 if four else 1.0)
    blade = min(dice.between(0.13, 0.18), 0.85 * room if four else 0.5 * room)
    inner = plan.radius + blade + dice.between(0.02, 0.06)
    spots = [inner, inner + 2.1 * blade] if four else [max(inner, dice.between(0.24, 0.32) * plan.half_span)]
    if plan.boom:
        spots = [plan.boom]
        blade = min(blade, plan.boom - plan.radius - 0.015)
    wide = max(1.3 * plan.half_sheet, dice.between(0.042, 0.054))
    start = len(body)
    for spot in spots:
        part = spot / plan.half_span
        middle = wing.point(part)
        chord = wing.chord(part)
        front, rear = middle[2] + 0.5 * chord + dice.between(0.06, 0.1), middle[2] - 0.35 * chord
        y = float(middle[1]) - (0.25 * wide if plan.attributes["wing_position"] == "high" else 0.0)
        end = max(1.02 * plan.half_sheet, 0.6 * wide)
        body.rod("engine", (spot, y, rear), (spot, y, front), end, wide)
        _add_propeller(plan, spot, y, front + wide, 1.0, blade)
    body.mirror(start)


def _add_nacelle(plan: Airframe, x: float, y: float, z: float, radius: float, length: float) -> None:
    """Add a jet engine around (x, y, z): a barrel and, behind it, the narrower exhaust."""
    front, end = z + 0.5 * length, max(1.02 * plan.half_sheet, 0.55 * radius)
    body = plan.body
    body.cylinder("engine", (x, y, front - 0.68 * length), (x, y, front), radius, edge=0.3 * radius)
    shoulder = front - 0.62 * length
    body.rod("engine", (x, y, shoulder), (x, y, z - 0.5 * length + end), 0.84 * radius, end)
    plan.lower(y - radius)


def _add_wing_jets(plan: Airframe) -> None:
    dice, body, wing, count = plan.dice, plan.body, plan.wing, int(plan.attributes["engine_count"])
    start = len(body)
    if plan.attributes["wing_shape"] == "delta":
        radius = max(1.25 * plan.half_sheet, dice.between(0.036, 0.044))
        for part in (0.3, 0.52) if count == 4 else (0.36,):
            place = wing.point(part, -0.5)
            place[1] -= 0.75 * radius
            _add_nacelle(plan, place[0], place[1], place[2] + 0.08, radius, 0.3)
        body.mirror(start)
        return
    four = count == 4
    radius = dice.between(0.046, 0.056) if four else dice.between(0.053, 0.074)
    spread = (dice.between(0.3, 0.35), dice.between(0.56, 0.62)) if four else (dice.between(0.3, 0.38),)
    length = radius * dice.between(3.1, 4.0)
    gap = dice.between(0.0, 0.025)
    for part in spread:
        edge = wing.point(part, 0.5)
        x = max(float(edge[0]), plan.radius + radius + 0.03)
        y = float(edge[1]) - wing.half_thickness - gap - radius
        z = float(edge[2]) + 0.12 * length
        _add_nacelle(plan, x, y, z, radius, length)
        top = float(edge[1])
        half = (1.02 * plan.half_sheet, 0.5 * (top - y), 0.3 * length)
        pylon = (x, 0.5 * (top + y), z - 0.24 * length)
        body.plate("engine", pylon, half, edge=0.4 * plan.half_sheet)
    body.mirror(start)
    if count == 3:
        _add_center_jet(plan, 0.9 * radius)


def _add_center_jet(plan: Airframe, radius: float) -> None:
    """The third jet, on top of the tail cone in front of the fin."""
    length = max(0.2, 4.2 * radius)
    z = plan.tail_z + 0.16 * plan.length
    y, around = plan.section(z)
    _add_nacelle(plan, 0.0, y + around + 0.5 * radius, z, radius, length)
    plan.attributes["tail_engine"] = True


def _add_pods(plan: Airframe) -> None:
    dice, body = plan.dice, plan.body
    radius = max(0.045, dice.between(0.58, 0.74) * plan.radius)
    length = dice.between(3.4, 4.3) * radius
    z = dice.between(-0.29, -0.24) * plan.length
    y, around = plan.section(z)
    y += 0.42 * around
    x = 0.96 * around + radius + dice.between(0.0, 0.02)
    start = len(body)
    _add_nacelle(plan, x, y, z, radius, length)
    half = (0.5 * x, 1.02 * plan.half_sheet, 0.3 * length)
    body.plate("engine", (0.5 * x, y, z + 0.05 * length), half, edge=0.5 * plan.half_sheet)
    body.mirror(start)
    if plan.attributes["engine_count"] == 3:
        _add_center_jet(plan, 0.9 * radius)


def _add_nozzles(plan: Airframe) -> None:
    """Exhausts at the end of the fuselage, and intakes."""
    dice, body, radius = plan.dice, plan.body, plan.radius
    front = plan.tail_z + 0.17 * plan.length
    if plan.attributes["engine_count"] == 1:
        wide = dice.between(0.8, 0.92) * radius
        body.cylinder("engine", (0.0, 0.0, front), (0.0, 0.0, plan.tail_z), wide, edge=0.2 * wide)
    else:
        start = len(body)
        wide = max(0.04, dice.between(0.56, 0.66) * radius)
        x = (0.98 if plan.attributes["body"] == "wide" else 0.8) * radius
        body.cylinder("engine", (x, 0.0, front), (x, 0.0, plan.tail_z), wide, edge=0.2 * wide)
        body.mirror(start)
    intakes = dice.pick({"sides": 0.6, "belly": 0.2, "none": 0.2})
    plan.attributes["intakes"] = intakes
    high, long = dice.between(0.55, 0.75) * radius, dice.between(0.1, 0.15) * plan.length
    half = (max(0.03, 0.42 * radius), high, long)
    z = dice.between(0.04, 0.1) * plan.length
    if intakes == "sides":
        start = len(body)
        body.plate("engine", (1.12 * radius, -0.1 * radius, z), half, edge=0.4 * half[0])
        body.mirror(start)
    elif intakes == "belly":
        low = (0.0, -radius, z)
        body.plate("engine", low, (0.75 * radius, 0.55 * radius, half[2]), edge=0.2 * radius)
        plan.lower(-1.55 * radius)


def _add_buried(plan: Airframe) -> None:
    """Two engines sunk into a flying wing's upper side."""
    start, x = len(plan.body), plan.dice.between(0.16, 0.21)
    front, rear = 0.12 * plan.length, -0.28 * plan.length
    low = 0.2 * OVERLAP
    plan.body.rod("engine", (x, 0.03, front), (x, low, rear), 0.048, 0.032)
    plan.body.mirror(start)
