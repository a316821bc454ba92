"""How long a frame takes while the view turns, with few and with many shapes on screen."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from core.scene.scene import Scene
from core.scene.storage import read_scene
from tests.benchmarks.bench_window import BenchWindow
from tests.benchmarks.timings import Report

CHAIRS = Path(__file__).resolve().parents[2] / "resources" / "scenes" / "chairs.partsmith"
SHAPES = (4, 40)
FRAMES = 60
ROW = 8
"""Shapes side by side; further ones stand behind them."""


def many(count: int) -> Scene:
    """The sample chairs over and over, in rows."""
    known = read_scene(CHAIRS).shapes
    scene = Scene()
    for number in range(count):
        place = (2.2 * (number % ROW), 0.0, -2.2 * (number // ROW))
        shape = known[number % len(known)]
        scene = scene.with_shape(replace(shape, id=f"s{number + 1}", position=place, visible=True))
    return scene


def measure_frames(report: Report, window: BenchWindow) -> None:
    """Turn the view a little at a time; from the new camera to its frame on screen."""
    window.viewport.animated = False
    for count in SHAPES:
        window.document._load(many(count), None)
        window.wait(window.surfaces_known, "the surfaces")
        window.idle()
        window.viewport.set_view("home")
        window.idle()
        values = []
        for _ in range(FRAMES):
            drawn = window.frames
            started = time.perf_counter()
            window.viewport.camera = window.viewport.camera.orbited(4.0, 0.0)
            window.wait(lambda drawn=drawn: window.frames > drawn, "a frame")  # type: ignore[misc]
            values.append(1000.0 * (time.perf_counter() - started))
        report.add(f"frame while the view turns, {count} shapes", "ms", values)
