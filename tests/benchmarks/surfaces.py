"""Processor time of surfaces, per category: comparable on a busy machine too, where seconds are not."""

from __future__ import annotations

import time
from pathlib import Path

import torch

from core.edits.engine import Engine
from core.edits.job import Job
from core.scene.storage import read_scene
from tests.benchmarks.timings import Report

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
CATEGORIES = ("chair", "table", "airplane")


def measure_surfaces(report: Report, repeat: int) -> None:
    """Decode every sample shape on one thread of the processor."""
    threads = torch.get_num_threads()
    for category in CATEGORIES:
        engine = Engine(RESOURCES / "models" / category, "cpu")
        torch.set_num_threads(1)
        values = []
        for shape in read_scene(RESOURCES / "scenes" / f"{category}s.partsmith"):
            seconds = []
            for _ in range(repeat):
                started = time.thread_time()
                engine.decode(shape, 128, Job())
                seconds.append(time.thread_time() - started)
            values.append(min(seconds))
        report.add(f"mesh at 128 of a sample {category}, processor time", "s", values)
    torch.set_num_threads(threads)
