"""Headless commands about published checkpoints: converting them, and the shapes that come with them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from core.cli_edits import Runner, stoppable
from core.cli_inputs import (
    MODEL_PROBLEM,
    CommandError,
    ProgressLine,
    check_output,
    describe_shape,
    open_scene,
)
from core.edits.job import Job
from core.edits.requests import Browse, Decode
from core.edits.results import Browsed, Decoded
from core.scene.scene import Scene
from core.scene.storage import write_scene


def convert(arguments: argparse.Namespace) -> dict[str, object]:
    """Turn published checkpoints into a model folder."""
    from core.checkpoints.loading import CheckpointError
    from core.published.convert import convert as convert_folder

    out: Path = arguments.out
    line = ProgressLine(sys.stderr, arguments.quiet)
    job = Job(on_progress=line)
    try:
        with stoppable(job):
            card = convert_folder(
                arguments.folder, out, arguments.category, arguments.sampler, arguments.text_latents, job
            )
    except CheckpointError as error:
        raise CommandError(str(error), MODEL_PROBLEM) from error
    finally:
        line.clear()
    return {
        "out": str(out),
        "shapes": card["library"],
        "id": card["id"],
        "category": card["category"],
        "numbers": sum(card["parameters"].values()),
        "left_out": card["recipe"]["converted"]["left_out"],
        "source": card["source"],
    }


def library(arguments: argparse.Namespace) -> dict[str, object]:
    """Shapes that come with a model, into a scene or onto a contact sheet."""
    sheet = arguments.out.suffix.lower() == ".png"
    out = check_output(arguments.out, ".png" if sheet else ".partsmith")
    runner = Runner(arguments)
    browsed = runner.answer(Browse(start=arguments.start, count=arguments.count))
    if not isinstance(browsed, Browsed):
        raise TypeError(f"expected shapes, the engine returned {type(browsed).__name__}")
    checkpoint = runner.engine.checkpoint_id
    if not browsed.shapes:
        raise CommandError(f"{checkpoint} has {browsed.total} shapes; none from {arguments.start} on")
    found: dict[str, object] = {"out": str(out), "total": browsed.total, "checkpoint": checkpoint}
    if sheet:
        from core.meshing import raycast

        pictures = []
        for shape in browsed.shapes:
            decoded = runner.answer(Decode(shape=shape, resolution=64))
            if not isinstance(decoded, Decoded):
                raise TypeError(f"expected a mesh, the engine returned {type(decoded).__name__}")
            pictures.append(raycast.render([decoded.mesh], [shape], size=(160, 160)))
        raycast.contact_sheet(pictures, min(8, len(pictures)), out)
        return {**found, "count": len(pictures)}
    scene = open_scene(arguments.into) if arguments.into else Scene()
    described = []
    for shape in browsed.shapes:
        scene = scene.with_shape(scene.newcomer(shape, shape.name))
        described.append(describe_shape(scene.shapes[-1]))
    write_scene(scene, out)
    return {**found, "shapes": described}
