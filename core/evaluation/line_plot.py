"""Shares against a number as an SVG: a few lines, no library."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

WIDTH, HEIGHT, MARGIN = 640, 300, 46
COLORS = ("#3672b9", "#d9822b", "#3d9a5f")


def line_plot(
    series: Mapping[str, Sequence[tuple[float, float]]], title: str, x_label: str, logarithmic: bool = False
) -> str:
    """Draw every series of points (x, share in [0, 1]) as a line; at most three, at least two values of x."""
    every = sorted({x for points in series.values() for x, _ in points})

    def scaled(x: float) -> float:
        return math.log(x) if logarithmic else x

    low, high = scaled(every[0]), scaled(every[-1])

    def place(x: float, share: float) -> tuple[float, float]:
        across = (scaled(x) - low) / ((high - low) or 1.0)
        return MARGIN + (WIDTH - 2 * MARGIN) * across, HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * share

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        'font-size="12"><rect width="100%" height="100%" fill="white"/>'
    ]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        _, y = place(every[0], share)
        parts.append(f'<path d="M{MARGIN} {y:.1f}H{WIDTH - MARGIN}" stroke="#dddddd"/>')
        parts.append(f'<text x="{MARGIN - 6}" y="{y + 4:.1f}" text-anchor="end">{100 * share:.0f} %</text>')
    for value in every:
        x, _ = place(value, 0.0)
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - MARGIN + 18}" text-anchor="middle">{value:g}</text>')
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 8}" text-anchor="middle">{x_label}</text>')
    for row, ((name, points), color) in enumerate(zip(series.items(), COLORS, strict=False)):
        line = " ".join("{:.1f},{:.1f}".format(*place(*point)) for point in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2.5"/>')
        y = MARGIN - 24 + 16 * row
        parts.append(f'<text x="{WIDTH - MARGIN}" y="{y}" fill="{color}" text-anchor="end">{name}</text>')
    parts.append(f'<text x="{MARGIN}" y="20">{title}</text></svg>')
    return "\n".join(parts)
