"""Fronts of drawers and doors on a box."""

from __future__ import annotations

from core.corpus.table_plan import TablePlan

PROUD = 0.03
"""How far fronts stand out from the box behind them."""

NARROWEST = 0.17
"""Drawers are not narrower than this."""


def pick_handle(plan: TablePlan) -> str:
    """Draw what all drawers and doors of a table are opened by, and record it."""
    handle = plan.dice.pick({"knob": 0.42, "bar": 0.33, "none": 0.25})
    plan.attributes["handles"] = handle
    return handle


def _add_handle(plan: TablePlan, name: str, x: float, y: float, z: float, half_x: float, handle: str) -> None:
    """Add a knob or bar on a front of half width half_x whose surface is at z."""
    radius = 1.03 * plan.thin_half
    if handle == "knob":
        plan.body.ellipsoid(name, (x, y, z + 0.5 * radius), (radius, radius, radius))
    elif handle == "bar":
        reach = min(0.5 * half_x, 0.14)
        plan.body.rod(name, (x - reach, y, z + 0.4 * radius), (x + reach, y, z + 0.4 * radius), radius)


def add_door(
    plan: TablePlan, center_x: float, half_x: float, low: float, high: float, face: float, handle: str
) -> None:
    """Add one door on a box whose front surface is at z = face; it covers x and low to high but a rim."""
    rim, half = 0.5 * plan.thinnest, plan.thin_half
    size = (half_x - rim, 0.5 * (high - low) - rim, half)
    plan.body.plate("panel", (center_x, 0.5 * (low + high), face + PROUD - half), size, edge=0.3 * half)
    side = -1.0 if center_x > 0 else 1.0
    knob_x = center_x + side * (size[0] - 1.6 * plan.thinnest)
    if handle != "none":
        _add_handle(plan, "panel", knob_x, low + 0.62 * (high - low), face + PROUD, half_x, "knob")


def add_fronts(
    plan: TablePlan,
    span: tuple[float, float],
    levels: tuple[float, float],
    face: float,
    columns: int,
    rows: int,
    handle: str,
) -> int:
    """Add a grid of drawer fronts on a box whose front surface is at z = face; returns their number.

    Parameters
    ----------
    span, levels : x and y from and to which the box reaches.
    columns, rows : how many are wanted; there are fewer where they would not fit.
    """
    gap, half = 0.9 * plan.thinnest, plan.thin_half
    width, height = span[1] - span[0] - gap, levels[1] - levels[0] - gap
    while columns > 1 and (width - (columns - 1) * gap) / columns < NARROWEST:
        columns -= 1
    while rows > 1 and (height - (rows - 1) * gap) / rows < 1.4 * plan.thinnest:
        rows -= 1
    half_x = max(0.5 * (width - (columns - 1) * gap) / columns, half)
    half_y = max(0.5 * (height - (rows - 1) * gap) / rows, half)
    for column in range(columns):
        x = 0.5 * (span[0] + span[1]) + (column - 0.5 * (columns - 1)) * (2 * half_x + gap)
        for row in range(rows):
            y = 0.5 * (levels[0] + levels[1]) + (row - 0.5 * (rows - 1)) * (2 * half_y + gap)
            place = (x, y, face + PROUD - half)
            plan.body.plate("drawer", place, (half_x, half_y, half), edge=0.3 * half)
            _add_handle(plan, "drawer", x, y, face + PROUD, half_x, handle)
    return columns * rows
