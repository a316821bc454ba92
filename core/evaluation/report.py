"""Measure a model: ``python main.py evaluate`` prints one table; ``--out`` writes JSON, Markdown and PNG.

Without ``--quick`` the counts are those of the published protocols (1,000 samples, 500 test shapes), which
takes many hours on a processor. ``--checks`` measures the geometric checks instead of a model.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from core.checkpoints.catalog import default_checkpoint
from core.checkpoints.loading import read_json
from core.corpus.splits import seeds
from core.edits.engine import Engine
from core.evaluation import (
    completion,
    generation,
    imports,
    locality,
    matching,
    meshes,
    mixing,
    parts,
    reconstruction,
    solidity,
    text,
)
from core.evaluation.categories import Category, category_named
from core.evaluation.checks import measured, reliability_table
from core.evaluation.curve import curve_table, measure_curve, write_curve
from core.evaluation.exact import solid_of_program
from core.evaluation.guidance_curve import guidance_table, measure_guidance, write_guidance
from core.evaluation.material import FULL, MEDIUM, QUICK, Counts, Material, Measure, Result, Sheet
from core.meshing.files import write_files
from core.meshing.raycast import contact_sheet
from core.places import user_trainings
from core.training import mesh_set
from core.training.mesh_folder import DataError

ROWS: dict[str, Measure] = {
    "reconstruction": reconstruction.measure,
    "generation": generation.measure,
    "solidity": solidity.measure,
    "completion": completion.measure,
    "mixing": mixing.measure,
    "matching": matching.measure,
    "text": text.measure_whole,
    "text_edit": text.measure_edits,
    "parts": parts.measure,
    "locality": locality.measure,
    "import": imports.measure,
}
"""Every row of the table and what measures it."""


@dataclass(frozen=True)
class Figure:
    """A line of the printed table: one value of a row, what stands beside it, and what it should reach."""

    row: str
    key: str
    label: str
    beside: str = ""
    least: float | None = None
    aim: float | None = None
    smaller: bool = False

    def met(self, value: float, limit: float | None) -> bool | None:
        """Whether a value reaches a limit; None where there is none or nothing was measured."""
        if limit is None or math.isnan(value):
            return None
        return value <= limit if self.smaller else value >= limit


FIGURES: tuple[Figure, ...] = (
    Figure("reconstruction", "iou", "IoU, near and uniform points", "", 0.90, 0.96),
    Figure("reconstruction", "iou_near", "IoU, near-surface points"),
    Figure("reconstruction", "iou_uniform", "IoU, uniform points"),
    Figure("reconstruction", "chamfer", "Chamfer (squared)", smaller=True),
    Figure("reconstruction", "f_score", "F-score at 1 % of the diagonal"),
    Figure("generation", "nna_cd", "1-NNA, Chamfer", "corpus_nna_cd", 0.65, 0.54, True),
    Figure("generation", "nna_emd", "1-NNA, EMD", "corpus_nna_emd", smaller=True),
    Figure("generation", "cov_cd", "COV, Chamfer", "corpus_cov_cd"),
    Figure("generation", "cov_emd", "COV, EMD", "corpus_cov_emd"),
    Figure("generation", "mmd_cd", "MMD, Chamfer", "corpus_mmd_cd", smaller=True),
    Figure("generation", "mmd_emd", "MMD, EMD", "corpus_mmd_emd", smaller=True),
    Figure("solidity", "solid", "connected, watertight and supported", "", 0.95, 0.995),
    Figure("solidity", "connected", "one piece of 95 % of the area"),
    Figure("solidity", "watertight", "watertight"),
    Figure("solidity", "supported", "stands on the floor (airplanes: balanced)"),
    Figure("completion", "connected", "connected", "published_connected", 0.95, 0.99),
    Figure("completion", "exact", "kept parts bit for bit", "published_exact", 1.0, 1.0),
    Figure("completion", "back", "the removed part is back", "published_back"),
    Figure("completion", "uhd", "UHD", "published_uhd", smaller=True),
    Figure("completion", "tmd", "TMD of ten", "published_tmd"),
    Figure("completion", "mmd", "MMD to the test set", "published_mmd", smaller=True),
    Figure("mixing", "connected", "connected after refining", "connected_0", 0.95, 0.99),
    Figure("mixing", "refined_gain", "Frechet distance: raw - refined", "", 0.0, 0.0),
    Figure("mixing", "frechet_0.1", "Frechet distance, refined", "frechet_0", smaller=True),
    Figure("mixing", "kept_distance_0.1", "distance of the kept surface", "kept_distance_0", smaller=True),
    Figure("matching", "whole", "pairs of shapes told apart by a prompt"),
    Figure("matching", "edits", "pairs of shapes told apart by a prompt of an edit"),
    Figure("text", "passed", "prompts followed", "by_chance", 0.85, 0.97),
    Figure("text", "shown_passed", "prompts shown, followed"),
    Figure("text_edit", "success", "followed, exact and connected", "", 0.80, 0.95),
    Figure("text_edit", "passed", "prompts followed"),
    Figure("text_edit", "exact", "the rest bit for bit", "", 1.0, 1.0),
    Figure("text_edit", "connected", "connected"),
    Figure("text_edit", "shown_success", "prompts shown: followed, exact, connected"),
    Figure("parts", "name_accuracy", "names of surface points", "token_purity", 0.90, 0.98),
    Figure("parts", "token_accuracy", "tokens named after most of their points", "", 0.90, 0.98),
    Figure("parts", "slot_consistency", "a slot keeps its name over shapes"),
    Figure("parts", "symmetric_pairs", "symmetric pairs found", "", 0.90, 0.98),
    Figure("locality", "moved", "other surface that moved", "", 0.02, 0.002, True),
    Figure("import", "found", "up and front found", "literal", 0.90, 0.98),
    Figure("import", "up", "up found"),
    Figure("import", "fit_iou_after", "IoU after a fit", "fit_iou_before"),
    Figure(
        "import", "fit_chamfer_after", "Chamfer (squared) after a fit", "fit_chamfer_before", smaller=True
    ),
    Figure("import", "fit_f_score_after", "F-score after a fit", "fit_f_score_before"),
    Figure("import", "fit_seconds", "seconds of a fit"),
    Figure("import", "closed", "exports with the original that are closed", "", 1.0, 1.0),
    Figure("import", "kept", "vertices of the original kept exactly"),
    Figure("import", "step", "step at joints", "step_unblended", smaller=True),
)
"""The printed table. "Beside" is the floor, the rival or the chance level of the same run."""


def print_progress(text: str) -> None:
    """Print at once, also into a file."""
    print(text, flush=True)


def measure_rows(material: Material, names: list[str]) -> dict[str, Result]:
    """Measure rows in their order; prints the seconds each takes."""
    found = {}
    for name in names:
        start = time.monotonic()
        found[name] = ROWS[name](material)
        print_progress(f"{name}: {time.monotonic() - start:.0f} s")
    return found


def _text(value: float) -> str:
    if math.isnan(value):
        return "-"
    return f"{value:.4g}"


def table(values: Mapping[str, Mapping[str, float]]) -> str:
    """The main table in Markdown, from the values of every row."""
    lines = [
        "| what | figure | value | beside | at least | aim | |",
        "|---|---|---|---|---|---|---|",
    ]
    for figure in FIGURES:
        row = values.get(figure.row, {})
        if figure.key not in row:
            continue
        value = row[figure.key]
        beside = f"{_text(row[figure.beside])} ({figure.beside})" if figure.beside in row else ""
        least, aim = figure.met(value, figure.least), figure.met(value, figure.aim)
        verdict = "" if least is None else "aim" if aim else "ok" if least else "MISSED"
        sign = "<= " if figure.smaller else ">= "
        limits = [sign + _text(limit) if limit is not None else "" for limit in (figure.least, figure.aim)]
        lines.append(
            f"| {figure.row} | {figure.label} | {_text(value)} | {beside} "
            f"| {limits[0]} | {limits[1]} | {verdict} |"
        )
    return "\n".join(lines)


def details(values: Mapping[str, Mapping[str, float]]) -> str:
    """Every figure of every row, with the definitions, in Markdown."""
    blocks = []
    for row, figures in values.items():
        meaning = sys.modules[ROWS[row].__module__].__doc__ or ""
        listed = "\n".join(f"| {name} | {_text(value)} |" for name, value in figures.items())
        blocks.append(f"## {row}\n\n{meaning.strip()}\n\n| figure | value |\n|---|---|\n{listed}")
    return "\n\n".join(blocks)


def plain(values: Mapping[str, float]) -> dict[str, float | None]:
    """Figures for a JSON file, which knows no nan."""
    return {name: None if math.isnan(value) else value for name, value in values.items()}


def write_sheet(sheet: Sheet, path: Path) -> None:
    """Write rows of pictures as one PNG, short rows filled up with white; nothing if there is no picture."""
    rows = [row for row in sheet if row]
    if not rows:
        return
    columns = max(len(row) for row in rows)
    blank = np.full_like(rows[0][0], 255)
    path.parent.mkdir(parents=True, exist_ok=True)
    contact_sheet(
        [picture for row in rows for picture in row + [blank] * (columns - len(row))], columns, path
    )


def write_card(path: Path, facts: Mapping[str, object], values: Mapping[str, Mapping[str, float]]) -> None:
    """Store figures in a card; rows that were not measured keep what they had."""
    card = json.loads(path.read_text(encoding="utf-8"))
    metrics = {row: plain(figures) for row, figures in values.items()}
    card["metrics"] = {**card.get("metrics", {}), **facts, **metrics}
    write_files({path: (json.dumps(card, indent=1) + "\n").encode()})


def print_checks(category: Category, count: int) -> str:
    """Precision and recall of every check on test shapes of the corpus, as a Markdown table."""
    programs = (category.make(seed) for seed in seeds("test", count))
    shapes = ((solid_of_program(program), program.attributes) for program in programs)
    found = reliability_table(measured(category.checks, shapes), category.checks)
    print_progress(found)
    return found


def build_parser() -> argparse.ArgumentParser:
    """The options of ``python main.py evaluate``."""
    parser = argparse.ArgumentParser(prog="main.py evaluate", description=__doc__)
    parser.add_argument("--checkpoint", type=Path, help="default: the shipped default model")
    parser.add_argument("--category", help="e.g. chairs; default: that of the checkpoint")
    parser.add_argument(
        "--set", type=Path, metavar="FOLDER", help="samples of a folder of meshes, for a model trained on one"
    )
    parser.add_argument("--device", default="auto")
    parser.add_argument("--quick", action="store_true", help="small counts: a few minutes on two cores")
    parser.add_argument("--medium", action="store_true", help="middling counts: a quarter of an hour")
    parser.add_argument("--only", metavar="ROWS", help=f"some of: {','.join(ROWS)}")
    parser.add_argument("--shapes", type=int, help="test shapes for reconstruction, import and --checks")
    parser.add_argument("--samples", type=int, help="unconditional samples")
    parser.add_argument("--resolution", type=int, help="cells per side of surfaces")
    parser.add_argument("--steps", type=int, default=0, help="denoising steps, 0 = the model's default")
    parser.add_argument(
        "--tries", type=int, default=0, help="times a broken proposal is sampled, 0 = as in the editor"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sheets", type=Path, help="folder for contact sheets")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="table.json, table.md and contact sheets")
    parser.add_argument(
        "--write", action="store_true", help="store the figures in the checkpoint's card.json"
    )
    parser.add_argument("--curve", type=Path, metavar="FOLDER", help="quality against steps: curve.md, .svg")
    parser.add_argument(
        "--guidance", type=Path, metavar="FOLDER", help="quality against guidance: guidance.md, .svg"
    )
    parser.add_argument(
        "--checks", action="store_true", help="measure the geometric checks on the corpus, no model"
    )
    return parser


def _counts(options: argparse.Namespace) -> Counts:
    counts = QUICK if options.quick else MEDIUM if options.medium else FULL
    asked = {"shapes": options.shapes, "samples": options.samples, "resolution": options.resolution}
    asked["imported"] = options.shapes
    if options.checks:
        asked["checked"] = options.shapes
    return replace(counts, **{name: value for name, value in asked.items() if value is not None})


def main(argv: list[str], counts: Counts | None = None) -> int:
    """Command line; see ``--help``. `counts` replaces what ``--quick`` and its kin would choose."""
    parser = build_parser()
    options = parser.parse_args(argv)
    names = options.only.split(",") if options.only else list(ROWS)
    if unknown := set(names) - set(ROWS):
        parser.error(f"unknown rows {', '.join(sorted(unknown))}; choose from {', '.join(ROWS)}")
    counts = counts or _counts(options)
    folder = options.checkpoint or default_checkpoint()
    card = read_json(folder / "card.json")
    if options.set or card.get("from_folder"):
        prepared = options.set or user_trainings() / str(card.get("id")) / "samples"
        return _on_meshes(options, parser, folder, prepared, names, counts)
    try:
        category = category_named(options.category or str(card.get("category")))
    except ValueError as error:
        parser.error(str(error))
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
    if options.checks:
        reliability = print_checks(category, counts.checked)
        if options.out:
            write_files({options.out / "checks.md": (reliability + "\n").encode()})
        return 0

    if options.curve:
        points = measure_curve(folder, category, options.device, counts, options.seed)
        print_progress(curve_table(points))
        write_curve(points, options.curve)
        return 0

    if options.guidance:
        measured = measure_guidance(folder, category, options.device, counts, options.seed)
        print_progress(guidance_table(measured))
        write_guidance(measured, options.guidance)
        return 0

    engine = Engine(folder, options.device)
    material = Material(engine, category, counts, options.seed, options.steps, options.tries)
    results = measure_rows(material, [name for name in ROWS if name in names])
    _tell(options, material, results)
    return 0


def _on_meshes(
    options: argparse.Namespace,
    parser: argparse.ArgumentParser,
    folder: Path,
    prepared: Path,
    names: list[str],
    counts: Counts,
) -> int:
    """Measure a model of a folder of meshes; rows that need programs are left out, by name."""
    if options.checks or options.curve or options.guidance:
        parser.error(
            "--checks, --curve and --guidance need a procedural corpus; this model was trained on meshes"
        )
    try:
        shapes = mesh_set.read(prepared)
    except DataError as error:
        parser.error(f"{error}; give --set the samples folder of the training")
    possible = meshes.rows_of(shapes)
    if missing := [name for name in names if name not in possible]:
        print_progress(f"left out, for want of programs or part names: {', '.join(missing)}")
    engine = Engine(folder, options.device)
    material = meshes.MeshMaterial(engine, shapes, counts, options.seed, options.steps, options.tries)
    chosen = [name for name in ROWS if name in names and name in possible]
    results = {}
    if "reconstruction" in chosen:
        results["reconstruction"] = meshes.measure_reconstruction(material)
    results |= measure_rows(material, [name for name in chosen if name != "reconstruction"])
    _tell(options, material, results)
    return 0


def _tell(options: argparse.Namespace, material: Material, results: dict[str, Result]) -> None:
    """Print the table and write what was asked for."""
    engine, category, counts = material.engine, material.category, material.counts
    values = {row: result.values for row, result in results.items()}
    facts = {
        "resolution": counts.resolution,
        "seed": options.seed,
        "quick": options.quick,
        "medium": options.medium,
        "tries": options.tries,
    }
    printed = table(values)
    print_progress(printed)
    sheets = {name: sheet for result in results.values() for name, sheet in result.sheets.items()}
    for place in filter(None, (options.sheets, options.out)):
        for name, sheet in sheets.items():
            write_sheet(sheet, place / f"{name}.png")
    if options.out:
        head = f"# {engine.checkpoint_id}: {category.name}, {engine.device_name}, {facts}"
        rows = {row: plain(figures) for row, figures in values.items()}
        document = {"checkpoint": engine.checkpoint_id, "category": category.name, **facts, "rows": rows}
        write_files(
            {
                options.out / "table.json": (json.dumps(document, indent=1) + "\n").encode(),
                options.out / "table.md": f"{head}\n\n{printed}\n\n{details(values)}\n".encode(),
            }
        )
    if options.write:
        write_card((options.checkpoint or default_checkpoint()) / "card.json", facts, values)
