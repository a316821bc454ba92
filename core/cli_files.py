"""Headless commands about files: export, render, info, validate and contact sheets."""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path

from core.cli_edits import answer, describe_run, load_engine, run_request
from core.cli_inputs import (
    BAD_ARGUMENTS,
    BAD_FILE,
    SUFFIX,
    CommandError,
    check_output,
    describe_shape,
    find_shape,
    open_scene,
)
from core.edits.requests import Agreement, Candidates, Decode, Decoded, Export, Exported, Generate
from core.scene.shape import Mesh, Shape
from core.scene.storage import read_scene

MESH_SUFFIXES = (".glb", ".obj", ".ply", ".stl", ".3mf")


def _chosen_shapes(arguments: argparse.Namespace) -> tuple[Shape, ...]:
    """Shapes named by ``--shapes a,b``, by default all visible ones, without their hidden parts."""
    scene = open_scene(arguments.scene)
    if arguments.shapes is not None:
        chosen = [find_shape(scene, word.strip(), "--shapes") for word in arguments.shapes.split(",")]
    else:
        chosen = [shape for shape in scene if shape.visible]
    shapes = []
    for shape in chosen:
        shown = [part.id for part in shape.parts if part.visible or arguments.hidden]
        if shown:
            # What was asked for is not hidden to the code that draws or writes it.
            shape = shape.subset(shown)
            parts = [replace(part, visible=True) for part in shape.parts]
            shapes.append(replace(shape, parts=tuple(parts), visible=True))
    if not shapes:
        raise CommandError("the scene shows no shapes; name hidden ones with --shapes")
    return tuple(shapes)


def export(arguments: argparse.Namespace) -> dict[str, object]:
    """Write shapes as one mesh file; the format follows the file name or ``--format``."""
    out: Path = arguments.out
    if arguments.format is not None:
        out = check_output(out, f".{arguments.format}")
    elif out.suffix.lower() not in MESH_SUFFIXES:
        raise CommandError(f"--out {out} must end in {', '.join(MESH_SUFFIXES)}, or give --format")
    else:
        out = check_output(out, None)
    shapes = _chosen_shapes(arguments)
    request = Export(
        shapes=shapes,
        path=str(out),
        resolution=arguments.resolution,
        original_frame=arguments.original_frame,
        keep_original=arguments.keep_original,
    )
    answered = answer(arguments, request)
    if not isinstance(answered.result, Exported):
        raise TypeError(f"expected an export, the engine returned {type(answered.result).__name__}")
    return {
        "out": answered.result.path,
        "faces": answered.result.faces,
        "watertight": answered.result.watertight,
        "resolution": arguments.resolution,
        "shapes": [shape.id for shape in shapes],
        **answered.run,
    }


def _decode(arguments: argparse.Namespace, shapes: tuple[Shape, ...]) -> tuple[list[Mesh], dict[str, object]]:
    """Surfaces of several shapes from one loaded engine, and what ``--json`` says about the run."""
    engine = load_engine(arguments)
    started = time.perf_counter()
    meshes = []
    for shape in shapes:
        result = run_request(engine, Decode(shape=shape, resolution=arguments.resolution), arguments)
        if not isinstance(result, Decoded):
            raise TypeError(f"expected a mesh, the engine returned {type(result).__name__}")
        meshes.append(result.mesh)
    return meshes, describe_run(engine, started)


def render(arguments: argparse.Namespace) -> dict[str, object]:
    """Draw a scene into a PNG, without a display."""
    out = check_output(arguments.out, ".png")
    shapes = _chosen_shapes(arguments)
    meshes, run = _decode(arguments, shapes)

    from core.meshing import raycast

    image = raycast.render(
        meshes,
        shapes,
        size=(arguments.width, arguments.height),
        azimuth=arguments.azimuth,
        elevation=arguments.elevation,
        background=None if arguments.transparent else raycast.BACKGROUND,
    )
    raycast.write_picture(image, out)
    height, width = image.shape[:2]
    return {"out": str(out), "width": width, "height": height, "shapes": [s.id for s in shapes], **run}


def info(arguments: argparse.Namespace) -> dict[str, object]:
    """What a scene file holds."""
    scene = open_scene(arguments.scene)
    return {
        "scene": str(arguments.scene),
        "bytes": arguments.scene.stat().st_size,
        "shapes": [describe_shape(shape) for shape in scene],
        "prompts": list(scene.prompts),
    }


def info_text(found: dict[str, object]) -> str:
    """The same for people: shapes, and under each its parts by name."""
    lines = [f"{found['scene']}: {found['bytes']} bytes"]
    shapes = found["shapes"]
    assert isinstance(shapes, list)
    if not shapes:
        lines.append("  no shapes")
    for shape in shapes:
        hidden = "" if shape["visible"] else ", hidden"
        lines.append(f"  {shape['id']}  {shape['name']}  (model {shape['checkpoint'] or 'unknown'}{hidden})")
        for part in shape["parts"]:
            flags = [word for word, on in (("hidden", not part["visible"]), ("locked", part["locked"])) if on]
            label = "" if part["name"] == part["label"] else f" [{part['label']}]"
            lines.append(f"    {part['id']:>3}  {part['name']}{label}  {' '.join(flags)}".rstrip())
    for prompt in found["prompts"]:  # type: ignore[attr-defined]
        lines.append(f"  prompt: {prompt}")
    return "\n".join(lines)


def validate(arguments: argparse.Namespace) -> dict[str, object]:
    """Check a scene file or a checkpoint folder completely."""
    path: Path = arguments.path
    if path.is_dir():
        arguments.checkpoint = path
        engine = load_engine(arguments)
        return {"path": str(path), "kind": "checkpoint", "valid": True, "checkpoint": engine.checkpoint_id}
    if not path.is_file():
        raise CommandError(f"there is no file or folder {path}", BAD_FILE)
    if path.suffix != SUFFIX:
        raise CommandError(f"{path} is neither a {SUFFIX} scene nor a checkpoint folder", BAD_FILE)
    scene = read_scene(path)
    parts = sum(len(shape.parts) for shape in scene)
    return {"path": str(path), "kind": "scene", "valid": True, "shapes": len(scene), "parts": parts}


def contact_sheet(arguments: argparse.Namespace) -> dict[str, object]:
    """Many shapes in one PNG: the corpus the model learns from, or samples of the model."""
    out = check_output(arguments.out, ".png")
    if arguments.samples:
        answered = answer(
            arguments,
            Generate(seed=arguments.seed, count=arguments.count, text=arguments.text, preview=False),
        )
        if not isinstance(answered.result, Candidates):
            raise TypeError(f"expected candidates, the engine returned {type(answered.result).__name__}")
        from core.meshing import raycast

        raycast.contact_sheet([item.thumbnail for item in answered.result.items], arguments.columns, out)
        return {"out": str(out), "count": len(answered.result.items), "seed": arguments.seed, **answered.run}
    from core.corpus.contact_sheet import render_programs, save_sheet
    from core.corpus.families import family_named

    try:
        family = family_named(arguments.category)
    except ValueError as error:
        raise CommandError(str(error), BAD_ARGUMENTS) from None
    programs = [family.make(arguments.seed + number) for number in range(arguments.count)]
    save_sheet(render_programs(programs, arguments.size), arguments.columns, out)
    return {"out": str(out), "count": arguments.count, "seed": arguments.seed}


def agreement_text(found: object) -> str:
    """Figures of an `Agreement` for people."""
    assert isinstance(found, dict)
    return str(Agreement(**found))


def to_json(found: dict[str, object]) -> str:
    """One JSON object on one line."""
    return json.dumps(found, ensure_ascii=False)
