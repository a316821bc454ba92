"""Quality against the weight of the words: ``python main.py evaluate --guidance FOLDER``, for choosing it.

For every weight: the share of samples that the model's own matcher finds to fit their caption (see
`core.models.text_matcher`), the share in one piece, and the minimum matching distance by Chamfer to as many
test shapes. Captions are those of test shapes, not the prompts of the evaluation; seeds are sampled once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.corpus.captions import captions
from core.edits.engine import Engine
from core.edits.job import EditError
from core.edits.requests import Generate
from core.edits.word_fit import word_fit
from core.evaluation.categories import Category
from core.evaluation.curve import distance_to_test
from core.evaluation.line_plot import line_plot
from core.evaluation.material import Counts, Material, connected, mean
from core.meshing.files import write_files
from core.scene.shape import Mesh

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
    fits = [word_fit(engine.model, text, engine.sentences) for text in texts]
    return [_point(material, list(zip(texts, fits, strict=True)), weight) for weight in weights]


def _point(
    material: Material, asked: Sequence[tuple[str, Callable[[Mesh], float] | None]], weight: float
) -> Point:
    found = []
    for index, (text, _) in enumerate(asked):
        request = Generate(text=text, seed=material.seed + index, guidance=weight, preview=False)
        found += material.propose(request)
    fitting = [
        item is not None and fit is not None and fit(item.mesh) >= 0.0
        for item, (_, fit) in zip(found, asked, strict=True)
    ]
    there = [item for item in found if item is not None]
    whole = sum(connected(material.decode_everything(item.shape)) for item in there) / len(asked)
    return Point(weight, mean(fitting), whole, distance_to_test(material, there))


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
