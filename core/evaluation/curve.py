"""Quality against denoising steps: ``python main.py evaluate --curve FOLDER``, for choosing a sampler.

For every sampler and number of steps per phase: ``connected`` (see `core.meshing.solidity`), the minimum
matching distance by Chamfer to as many test shapes (see `core.evaluation.generation`) and seconds per sample,
decoding included. The same seeds everywhere, every one sampled once.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.edits.engine import Engine
from core.edits.results import Candidate
from core.evaluation.categories import Category
from core.evaluation.distances import chamfer_matrix, minimum_matching, unit_box
from core.evaluation.line_plot import line_plot
from core.evaluation.material import POINTS, Counts, Material, connected, mean
from core.evaluation.surfaces import cloud
from core.meshing.files import write_files

SAMPLERS = ("dpm", "ddim", "ddpm")
STEPS = (5, 10, 20, 40, 80)


@dataclass(frozen=True)
class Point:
    """Figures of one sampler at one number of steps."""

    sampler: str
    steps: int
    connected: float
    mmd: float
    seconds: float


def measure_curve(
    folder: Path, category: Category, device: str, counts: Counts, seed: int, steps: Sequence[int] = STEPS
) -> list[Point]:
    """Sample with every sampler and number of steps; the checkpoint itself is not changed."""
    points = []
    for sampler in SAMPLERS:
        with tempfile.TemporaryDirectory() as name:
            copy = Path(name) / "checkpoint"
            shutil.copytree(folder, copy)
            config = json.loads((copy / "scheduler_config.json").read_text(encoding="utf-8"))
            (copy / "scheduler_config.json").write_text(json.dumps({**config, "sampler": sampler}))
            engine = Engine(copy, device)
            points += [_point(Material(engine, category, counts, seed, n, 1), sampler) for n in steps]
    return points


def _point(material: Material, sampler: str) -> Point:
    start = time.monotonic()
    found = [candidate for candidate in material.samples if candidate is not None]
    seconds = (time.monotonic() - start) / max(len(material.samples), 1)
    whole = [connected(material.decode_everything(candidate.shape)) for candidate in found]
    whole += [False] * (len(material.samples) - len(found))
    mmd = distance_to_test(material, found)
    return Point(sampler, material.steps, mean(whole), mmd, seconds)


def distance_to_test(material: Material, found: Sequence[Candidate]) -> float:
    """Minimum matching distance by Chamfer from as many test shapes as samples; nan without candidates."""
    if not found:
        return float("nan")
    clouds = [cloud(candidate.mesh, POINTS, index) for index, candidate in enumerate(found)]
    test = material.clouds("test", material.counts.samples)
    return minimum_matching(chamfer_matrix(unit_box(np.stack(clouds)), test, device=material.device))


def curve_table(points: Sequence[Point]) -> str:
    """The figures in Markdown."""
    lines = ["| sampler | steps | connected | MMD, Chamfer | s per sample |", "|---|---|---|---|---|"]
    lines += [
        f"| {p.sampler} | {p.steps} | {100 * p.connected:.0f} % | {p.mmd:.5f} | {p.seconds:.2f} |"
        for p in points
    ]
    return "\n".join(lines)


def curve_plot(points: Sequence[Point]) -> str:
    """Connected share against steps (logarithmic), as an SVG."""
    series = {
        sampler: [(float(p.steps), p.connected) for p in points if p.sampler == sampler]
        for sampler in SAMPLERS
    }
    return line_plot(series, "samples in one piece at the first try", "steps per phase", logarithmic=True)


def write_curve(points: Sequence[Point], folder: Path) -> None:
    """Write curve.md and curve.svg."""
    folder.mkdir(parents=True, exist_ok=True)
    write_files(
        {
            folder / "curve.md": (curve_table(points) + "\n").encode(),
            folder / "curve.svg": (curve_plot(points) + "\n").encode(),
        }
    )
