"""Pieces of frames that several families stand on: stretchers between legs, spokes, runners."""

from __future__ import annotations

import numpy as np

from core.corpus.assembly import Assembly, Vector, rows_from

Leg = tuple[Vector, Vector]
"""Upper and lower end [3] of a leg's axis."""

_FLIP = np.array([-1.0, 1.0, 1.0])


def along(leg: Leg, height: float) -> Vector:
    """Point [3] of a leg's axis at a height."""
    upper, lower = leg
    part = float((height - lower[1]) / (upper[1] - lower[1]))
    point: Vector = lower + part * (upper - lower)
    return point


def add_stretchers(
    body: Assembly, kind: str, front: Leg, rear: Leg, height: float, radius: float, lift: float = 0.0
) -> None:
    """Join four legs, of which those at +x are given, with round bars at a height.

    Parameters
    ----------
    kind : "sides" (front to rear leg), "H" (and a bar between those), "box" (all around) or "cross".
    lift : how much higher the front and rear bars of a box are than its side bars.
    """
    a, b = along(front, height), along(rear, height)
    if kind == "cross":
        body.rod("stretcher", a, b * _FLIP, radius)
        body.rod("stretcher", a * _FLIP, b, radius)
        return
    start = len(body)
    body.rod("stretcher", a, b, radius)
    body.mirror(start)
    if kind == "H":
        middle = 0.5 * (a + b)
        body.rod("stretcher", middle * _FLIP, middle, radius)
    elif kind == "box":
        for leg in (front, rear):
            end = along(leg, height + lift)
            body.rod("stretcher", end * _FLIP, end, radius)


def add_triangle(body: Assembly, lone: Leg, pair: Leg, height: float, radius: float) -> None:
    """Join three legs with round bars at a height; the third leg is the mirror image of `pair`."""
    a, b = along(lone, height), along(pair, height)
    body.rod("stretcher", b * _FLIP, b, radius)
    start = len(body)
    body.rod("stretcher", a, b, radius)
    body.mirror(start)


def add_spoke(
    body: Assembly,
    center: Vector,
    angle: float,
    hub_y: float,
    end_y: float,
    reach: float,
    half: float,
    *,
    flat: bool,
) -> None:
    """Add one arm of a star, from above `center` [3] outwards; angle 0 points to +z."""
    out = np.array([np.sin(angle), 0.0, np.cos(angle)])
    hub = center + np.array([0.0, hub_y, 0.0])
    end = reach * out + (center + np.array([0.0, end_y, 0.0]))
    if flat:
        body.bar("base", hub, end, 1.25 * half, half, (0.0, 1.0, 0.0))
    else:
        body.rod("base", hub, end, 1.3 * half, half)


def add_star_wheel(
    body: Assembly, center: Vector, angle: float, reach: float, radius: float, half_width: float
) -> None:
    """Add the caster at the end of the arm of a star; it rolls around the star."""
    out = np.array([np.sin(angle), 0.0, np.cos(angle)])
    aside = np.array([np.cos(angle), 0.0, -np.sin(angle)])
    middle = 0.97 * reach * out + (center + np.array([0.0, radius, 0.0]))
    width = half_width * aside
    body.cylinder("wheel", middle - width, middle + width, radius, edge=0.2 * radius)


def add_runner(
    body: Assembly,
    x: float,
    top: float,
    front: float,
    rear: float | None,
    half: float,
    *,
    square: bool,
    corner: float = 0.0,
    facing: float = 1.0,
) -> None:
    """Add one side of a sled at `x`: front upright, runner and, where `rear` is given, rear upright.

    Parameters
    ----------
    top : height of the uprights.
    corner : radius of the bends of a round runner.
    facing : -1 to put the front upright (and all the rest) on the other side in z.
    """
    end = -front if rear is None else rear
    if square:
        a, b = facing * front, facing * end
        body.bar("leg", (x, top, a), (x, 0.0, a), half, half)
        ends = (x, half, facing * (front + half)), (x, half, facing * (end - half))
        body.bar("leg", *ends, half, half, (0.0, 1.0, 0.0))
        if rear is not None:
            body.bar("leg", (x, top, b), (x, 0.0, b), half, half)
        return
    for z, side in ((front, 1.0), (end, -1.0)):
        if side < 0 and rear is None:
            continue
        body.rod("leg", (x, top, facing * z), (x, corner + half, facing * z), half)
        rows = rows_from((0.0, -1.0, facing * side), (1.0, 0.0, 0.0))
        body.arc("leg", (x, corner + half, facing * (z - side * corner)), rows, corner, half, 0.25 * np.pi)
    last = end if rear is None else end + corner
    body.rod("leg", (x, half, facing * (front - corner)), (x, half, facing * last), half)
