"""Measure a checkpoint: ``python main.py evaluate``. Prints one table; ``--write`` stores it in the card."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from core.checkpoints.catalog import default_checkpoint
from core.corpus import splits
from core.corpus.chairs import make_chair
from core.corpus.distance import pack
from core.corpus.sampling import sample
from core.edits.engine import Engine
from core.edits.job import Job
from core.evaluation.generation import sampled_shapes, wholeness
from core.evaluation.reconstruction import reconstruction
from core.meshing.raycast import contact_sheet, render
from core.scene.shape import FloatArray, Mesh, Part, Shape

SHEET_SIZE = (200, 200)


def slot_colors(shape: Shape) -> FloatArray:
    """One of 16 distinct colours per slot, float32 [P, 3]."""
    wheel = np.array(
        [
            (0.12, 0.47, 0.71), (0.68, 0.78, 0.91), (1.00, 0.50, 0.05), (1.00, 0.73, 0.47),
            (0.17, 0.63, 0.17), (0.60, 0.87, 0.54), (0.84, 0.15, 0.16), (1.00, 0.60, 0.59),
            (0.58, 0.40, 0.74), (0.77, 0.69, 0.84), (0.55, 0.34, 0.29), (0.77, 0.61, 0.58),
            (0.89, 0.47, 0.76), (0.97, 0.71, 0.82), (0.50, 0.50, 0.50), (0.74, 0.74, 0.13),
        ],
        np.float32,
    )  # fmt: skip
    return wheel[[part.slot % len(wheel) for part in shape.parts]]


def sheet(meshes: list[Mesh], shapes: list[Shape], path: Path, columns: int, by_slot: bool = False) -> None:
    """Contact sheet of shapes, coloured by name or by slot."""
    images = [
        render([mesh], [shape], size=SHEET_SIZE, colors=[slot_colors(shape)] if by_slot else None)
        for mesh, shape in zip(meshes, shapes, strict=True)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    contact_sheet(images, columns, path)


def reconstructed(engine: Engine, seeds: range) -> tuple[list[Mesh], list[Shape]]:
    """Test chairs after encode -> decode, as shapes and draft meshes."""
    meshes, shapes = [], []
    for seed in seeds:
        generator = torch.Generator().manual_seed(seed)
        drawn = sample(pack([make_chair(seed)]), generator, surface=2048, near=8, uniform=8)
        with torch.inference_mode():
            extrinsics, intrinsics = engine.model.representation.encoder(
                drawn.surface.to(engine.device), drawn.normals.to(engine.device)
            )
        parts = tuple(Part(id=slot, slot=slot) for slot in range(engine.slot_count))
        shape = Shape(
            "test",
            extrinsics[0].cpu().numpy(),
            intrinsics[0].cpu().numpy(),
            parts,
            checkpoint=engine.checkpoint_id,
        )
        meshes.append(engine.decode(shape, 128, Job()))
        shapes.append(shape)
    return meshes, shapes


def main(argv: list[str]) -> int:
    """Command line; see ``--help``."""
    parser = argparse.ArgumentParser(prog="main.py evaluate", description=__doc__)
    parser.add_argument("--checkpoint", type=Path, help="default: the shipped chair model")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--shapes", type=int, default=200, help="test chairs for reconstruction")
    parser.add_argument("--samples", type=int, default=64, help="unconditional samples")
    parser.add_argument("--resolution", type=int, default=128)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sheets", type=Path, help="folder for contact sheets")
    parser.add_argument(
        "--write", action="store_true", help="store the figures in the checkpoint's card.json"
    )
    options = parser.parse_args(argv)

    folder = options.checkpoint or default_checkpoint()
    engine = Engine(folder, options.device)
    test = splits.seeds("test", options.shapes)
    metrics: dict[str, dict[str, float]] = {
        "reconstruction": reconstruction(
            engine.model.representation, engine.model.part_namer, test, str(engine.device)
        )
    }
    shapes = sampled_shapes(engine, options.samples, options.seed)
    metrics["generation"], meshes = wholeness(engine, shapes, options.resolution)
    for group, values in metrics.items():
        for name, value in values.items():
            print(f"{group:15s} {name:22s} {value:.4g}")
    if options.sheets:
        if len(meshes) == len(shapes):
            sheet(meshes, shapes, options.sheets / "samples.png", 8)
        sheet(
            *reconstructed(engine, range(test.start, test.start + 32)), options.sheets / "parts.png", 8, True
        )
    if options.write:
        path = folder / "card.json"
        card = json.loads(path.read_text(encoding="utf-8"))
        card["metrics"] = {"resolution": options.resolution, "seed": options.seed, **metrics}
        path.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    return 0
