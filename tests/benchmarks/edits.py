"""What is measured in an open window: edits, surfaces, dragging, clicking, and how the event loop fares."""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path

import numpy as np

from app import application, theme
from app.engines import shipped_engine
from app.settings import Settings, config_folder
from tests.benchmarks.bench_window import BenchWindow, pause
from tests.benchmarks.frames import measure_frames
from tests.benchmarks.timings import Report

DRAG_SECONDS = 4.0


def measure_edits(report: Report, repeat: int, checkpoint: Path | None, device: str) -> None:
    """Everything that happens in an open window."""
    app = application.make_application(sys.argv[:1])
    settings = Settings.load(config_folder())
    theme.apply_theme(app, True)

    workbench = application.Workbench(settings, partial(shipped_engine, device, checkpoint))
    try:
        window = BenchWindow(workbench)
        info = window.worker.info
        assert info is not None
        report.machine |= {"checkpoint": info.checkpoint_id, "device": info.device_name}
        report.add("model ready (torch included)", "s", [window.load_seconds])
        with window.watching():
            _measure_sampling(report, window, repeat)
        gaps = sorted(window.gaps)
        _measure_meshes(report, window, repeat)
        window.gaps.clear()
        with window.watching():
            _measure_drag(report, window)
        drag_gap = max(window.gaps)
        _measure_clicks(report, window)
        measure_frames(report, window)
        report.add("worst event-loop gap, sampling and meshing", "ms", [gaps[-1]], "< 100 ms")
        report.add("99th percentile of gaps, sampling and meshing", "ms", [gaps[int(0.99 * len(gaps))]])
        report.add("worst event-loop gap, dragging", "ms", [drag_gap], "< 100 ms")
    finally:
        workbench.window.hide()
        workbench.close()


def _measure_sampling(report: Report, window: BenchWindow, repeat: int) -> None:
    editor, document = window.editor, window.document
    one, surface = [], []
    shapes = 0
    while shapes < max(2, repeat):
        found, seconds = window.candidates(partial(editor.generate, "", seed=shapes, count=1))
        one.append(seconds)
        surface.append(window.accept(found))
        shapes += 1
    report.add("generate, 1 candidate", "s", one)
    report.add("accepted candidate to surface at 128", "s", surface)
    _, seconds = window.candidates(partial(editor.generate, "a chair with arms", seed=9, count=4))
    report.add("generate from text, 4 candidates", "s", [seconds])
    window.idle()

    first, second = document.scene.shapes[0].id, document.scene.shapes[1].id
    complete, mix, text, again = [], [], [], []
    for seed in range(repeat):
        window.select(document.scene.shape(first), ("back",))
        found, seconds = window.candidates(partial(editor.complete, seed=seed, count=1))
        complete.append(seconds)
        window.idle()

        source = document.scene.shape(second)
        take = [part.id for part in source.parts if part.label == "back"] or [source.parts[0].id]
        window.select(document.scene.shape(first), ("back",))
        found, seconds = window.candidates(
            partial(editor.mix, second, take, strength=0.1, seed=seed, count=1)
        )
        mix.append(seconds + window.accept(found))
        window.idle()

        window.select(document.scene.shape(first), ("back", "leg"))
        found, seconds = window.candidates(
            partial(editor.text_edit, "a back with vertical slats", seed=seed, count=1)
        )
        text.append(seconds)
        window.idle()

        found, seconds = window.candidates(partial(editor.vary, 0.25, seed=seed, count=1))
        again.append(seconds)
        window.idle()
    report.add("complete a back, 1 candidate", "s", complete, "< 4 s")
    report.add("mix a back, refine, accept, surface at 128", "s", mix, "< 2 s")
    report.add("text edit, 1 candidate", "s", text)
    report.add("vary, 1 candidate", "s", again)


def _measure_meshes(report: Report, window: BenchWindow, repeat: int) -> None:
    shape = window.document.scene.shapes[0]
    for resolution in (64, 128, 256):
        values = [window.decode(shape, resolution) for _ in range(repeat)]
        report.add(f"mesh at {resolution}", "s", values)
        window.idle()


def _measure_drag(report: Report, window: BenchWindow) -> None:
    """Drag a part about for a while with 60 moves per second; surfaces that were shown, per second."""
    shape = window.document.scene.shapes[0]
    window.select(shape, ("back", "leg"))
    window.drag_frames = 0
    started = time.perf_counter()
    while (elapsed := time.perf_counter() - started) < DRAG_SECONDS:
        matrix = np.eye(4)
        matrix[1, 3] = 0.15 * np.sin(2.0 * elapsed)
        window.editor.preview_transform(matrix)
        pause(16)
    rate = window.drag_frames / (time.perf_counter() - started)
    window.editor.preview_transform(None)
    window.idle()
    report.add("drag re-decode at 64", "/s", [rate], ">= 5 /s")


def _measure_clicks(report: Report, window: BenchWindow) -> None:
    window.viewport.animated = False
    window.viewport.set_view("home")
    values = [1000.0 * window.click(place, ref) for place, ref in window.places_to_click()]
    report.add("click to highlight on screen", "ms", values)
