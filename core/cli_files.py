"""Headless commands that sample nothing: export, render, turntable, blend, info, validate, contact sheets."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from core.api.session import Session
from core.cli_edits import Runner, load_engine
from core.cli_inputs import (
    BAD_ARGUMENTS,
    BAD_FILE,
    SUFFIX,
    CommandError,
    ProgressLine,
    check_output,
    describe_shape,
    find_parts,
    find_shape,
    open_scene,
    worded,
)
from core.edits.job import EditError, Progress
from core.edits.results import Agreement
from core.scene.storage import read_scene

MESH_SUFFIXES = (".glb", ".obj", ".ply", ".stl", ".3mf")


def _session(arguments: argparse.Namespace) -> tuple[Session, Runner, list[str] | None]:
    """The scene of a command, its engine, and the ids of the shapes named by ``--shapes a,b``."""
    runner = Runner(arguments)
    session = Session(open_scene(arguments.scene), engine=runner)
    named = None
    if arguments.shapes is not None:
        words = arguments.shapes.split(",")
        named = [find_shape(session.scene, word.strip(), "--shapes").id for word in words]
    try:
        session.shown(named, arguments.hidden)
    except EditError:
        raise CommandError("the scene shows no shapes; name hidden ones with --shapes") from None
    return session, runner, named


def export(arguments: argparse.Namespace) -> dict[str, object]:
    """Write shapes as one mesh file; the format follows the file name or ``--format``."""
    out: Path = arguments.out
    if arguments.format is not None:
        out = check_output(out, f".{arguments.format}")
    elif out.suffix.lower() not in MESH_SUFFIXES:
        raise CommandError(f"--out {out} must end in {', '.join(MESH_SUFFIXES)}, or give --format")
    else:
        out = check_output(out, None)
    session, runner, named = _session(arguments)
    exported = session.export(
        out,
        named,
        hidden=arguments.hidden,
        resolution=arguments.resolution,
        original_frame=arguments.original_frame,
        keep_original=arguments.keep_original,
    )
    return {
        "out": exported.path,
        "faces": exported.faces,
        "watertight": exported.watertight,
        "resolution": arguments.resolution,
        "shapes": [shape.id for shape in exported.request.shapes],
        **runner.run,
    }


def render(arguments: argparse.Namespace) -> dict[str, object]:
    """Draw a scene into a PNG, without a display."""
    out = check_output(arguments.out, ".png")
    session, runner, named = _session(arguments)
    image = session.render(
        out,
        named,
        hidden=arguments.hidden,
        resolution=arguments.resolution,
        width=arguments.width,
        height=arguments.height,
        azimuth=arguments.azimuth,
        elevation=arguments.elevation,
        transparent=arguments.transparent,
    )
    height, width = image.shape[:2]
    shown = [shape.id for shape in session.shown(named, arguments.hidden)]
    return {"out": str(out), "width": width, "height": height, "shapes": shown, **runner.run}


def turntable(arguments: argparse.Namespace) -> dict[str, object]:
    """Write shapes that turn once around as a GIF or MP4, without a display."""
    out = check_output(arguments.out, ".gif", ".mp4")
    session, runner, named = _session(arguments)
    line = ProgressLine(quiet=arguments.quiet)

    def report(done: int) -> None:
        line(Progress("frames", done, arguments.frames, done / arguments.frames))

    try:
        with worded():
            session.turntable(
                out,
                named,
                hidden=arguments.hidden,
                resolution=arguments.resolution,
                frames=arguments.frames,
                seconds=arguments.seconds,
                size=arguments.size,
                azimuth=arguments.azimuth,
                elevation=arguments.elevation,
                report=report,
            )
    finally:
        line.clear()
    shown = [shape.id for shape in session.shown(named, arguments.hidden)]
    return {
        "out": str(out),
        "bytes": out.stat().st_size,
        "frames": arguments.frames,
        "size": arguments.size,
        "shapes": shown,
        **runner.run,
    }


def blend(arguments: argparse.Namespace) -> dict[str, object]:
    """Bring a shape, or parts of it, nearer to another shape of the scene; needs no model."""
    out = check_output(arguments.out)
    session = Session(open_scene(arguments.scene))
    base = find_shape(session.scene, arguments.shape)
    other = find_shape(session.scene, arguments.other, "--with")
    parts = None
    if arguments.parts is not None:
        parts = find_parts(base, arguments.parts, twins=arguments.twins)
    with worded():
        shape = session.blend(base.id, other.id, arguments.amount, parts, twins=False)
    session.save(out)
    return {"out": str(out), "shapes": [describe_shape(shape)]}


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
        runner = Runner(arguments)
        session = Session(engine=runner)
        found = session.generate(arguments.text, seed=arguments.seed, count=arguments.count)
        from core.meshing import raycast

        raycast.contact_sheet([item.thumbnail for item in found.items], arguments.columns, out)
        return {"out": str(out), "count": len(found.items), "seed": arguments.seed, **runner.run}
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
