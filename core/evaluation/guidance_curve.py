"""Quality against the weight of the words: ``python main.py evaluate --guidance FOLDER``, for choosing it.

For every weight: the share of samples that the model's own matcher finds to fit their caption (see
`core.models.text_matcher`), the share in one piece, and the minimum matching distance by Chamfer to as many
test shapes. Captions are those of test shapes, not the prompts of the evaluation; seeds are sampled once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.corpus.captions import captions
from core.edits.engine import Engine
from core.edits.job import EditError
from core.edits.requests import Generate
from core.edits.word_fit import word_fit
from core.evaluation.categories import Category
from core.evaluation.distances import chamfer_matrix, minimum_matching, unit_box
from core.evaluation.line_plot import line_plot
from core.evaluation.material import POINTS, Counts, Material, connected, mean
from core.evaluation.surfaces import cloud
from core.meshing.files import write_files

WEIGHTS = (0.0, 1.0, 2.0, 3.0, 4.0, 6.0)


@dataclass(frozen=True)
class Point:
    """Figures of one weight."""

    weight: float
    fitting: float
    connected: float
    mmd: float


def measure_guidance(
    folder: Path,
    category: Category,
    device: str,
    counts: Counts,
    seed: int,
    weights: Sequence[float] = WEIGHTS,
) -> list[Point]:
    """Sample captions of test shapes at every weight, always with the same seeds.

    Raises
    ------
    EditError
        If the model has no text matcher.
    """
    engine = Engine(folder, device)
    if engine.model.text_matcher is None:
        raise EditError(f"{engine.model.id} has no text matcher: how well words fit cannot be measured.")
    material = Material(engine, category, counts, seed, tries=1)
    programs = material.programs("test", counts.samples)
    texts = [captions(program, 1, np.random.default_rng([program.seed, 2]))[0] for program in programs]
    return [_point(material, texts, weight) for weight in weights]


def _point(material: Material, texts: Sequence[str], weight: float) -> Point:
    fits, whole, clouds = [], [], []
    for index, text in enumerate(texts):
        request = Generate(text=text, seed=material.seed + index, guidance=weight, preview=False)
        candidate = material.propose(request)[0]
        if candidate is None:
            fits.append(False)
            whole.append(False)
            continue
        score = word_fit(material.engine.model, text, material.engine.sentences)
        assert score is not None
        fits.append(score(candidate.mesh) >= 0.0)
        whole.append(connected(material.decode_everything(candidate.shape)))
        clouds.append(cloud(candidate.mesh, POINTS, index))
    mmd = float("nan")
    if clouds:
        test = material.clouds("test", len(texts))
        mmd = minimum_matching(chamfer_matrix(unit_box(np.stack(clouds)), test, device=material.device))
    return Point(weight, mean(fits), mean(whole), mmd)


def guidance_table(points: Sequence[Point]) -> str:
    """The figures in Markdown."""
    lines = ["| weight | fits its caption | connected | MMD, Chamfer |", "|---|---|---|---|"]
    lines += [
        f"| {p.weight:g} | {100 * p.fitting:.0f} % | {100 * p.connected:.0f} % | {p.mmd:.5f} |"
        for p in points
    ]
    return "\n".join(lines)


def write_guidance(points: Sequence[Point], folder: Path) -> None:
    """Write guidance.md and guidance.svg."""
    folder.mkdir(parents=True, exist_ok=True)
    series = {
        "fits its caption": [(p.weight, p.fitting) for p in points],
        "in one piece": [(p.weight, p.connected) for p in points],
    }
    plot = line_plot(series, "samples at the first try", "weight of the words (guidance)")
    write_files(
        {
            folder / "guidance.md": (guidance_table(points) + "\n").encode(),
            folder / "guidance.svg": (plot + "\n").encode(),
        }
    )
