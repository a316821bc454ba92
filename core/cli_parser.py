"""The command line of the headless commands: names, options, help."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from core import cli_batch, cli_convert, cli_edits, cli_files
from core.cli_inputs import count, guidance, seed, steps, strength
from core.scene.original import DIRECTIONS

Command = Callable[[argparse.Namespace], dict[str, object]]
Add = Callable[[str, Command, str], argparse.ArgumentParser]

STAGES = ("representation", "latents", "cascade", "matcher", "package")
"""Training stages, in order."""


def _add_model(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("model")
    group.add_argument("--checkpoint", type=Path, metavar="FOLDER", help="default: the shipped chair model")
    group.add_argument("--device", default="auto", help="auto, cpu, cuda or cuda:N (default: auto)")


def _add_sampling(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("sampling")
    group.add_argument("--seed", type=seed, default=0, help="same seed, same result (default: 0)")
    group.add_argument("--count", type=count, default=1, help="candidates (default: 1)")
    group.add_argument("--steps", type=steps, default=0, help="denoising steps, 0 = the model's default")
    group.add_argument("--guidance", type=guidance, default=2.0, help="weight of the text (default: 2)")
    group.add_argument("--negative", default="", metavar="TEXT", help='not like this, e.g. "wheels"')
    group.add_argument(
        "--tries", type=count, default=0, help="times a broken result is sampled, 1 = take what comes"
    )


def _add_output(command: argparse.ArgumentParser, what: str) -> None:
    command.add_argument("--out", type=Path, required=True, metavar="FILE", help=what)


def _add_edit(command: argparse.ArgumentParser, parts_default: str = "") -> None:
    command.add_argument("scene", type=Path, metavar="SCENE", help="a .partsmith file")
    command.add_argument("--shape", metavar="ID", help="id or name; needed if there are several shapes")
    which = "ids or names, e.g. 1,2 or back,arm or all"
    command.add_argument(
        "--parts",
        required=not parts_default,
        metavar="LIST",
        help=f"{which}; default: {parts_default}" if parts_default else which,
    )
    command.add_argument(
        "--no-twins", dest="twins", action="store_false", help="do not take mirror twins of the parts along"
    )
    _add_output(command, "scene to write; further candidates stand beside the first")
    _add_sampling(command)
    _add_model(command)


def _add_shapes(command: argparse.ArgumentParser) -> None:
    command.add_argument("scene", type=Path, metavar="SCENE", help="a .partsmith file")
    command.add_argument("--shapes", "--shape", metavar="LIST", help="ids or names; default: all visible")
    command.add_argument("--hidden", action="store_true", help="hidden parts too")
    command.add_argument(
        "--resolution", type=int, choices=(32, 64, 128, 256), default=128, help="default: 128"
    )


def _add_view(command: argparse.ArgumentParser) -> None:
    command.add_argument("--azimuth", type=float, default=35.0, help="degrees around y (default: 35)")
    command.add_argument(
        "--elevation", type=float, default=20.0, help="degrees above the floor (default: 20)"
    )


def _pixels(text: str) -> int:
    value = int(text)
    if not 16 <= value <= 8192:
        raise argparse.ArgumentTypeError(f"from 16 to 8192 pixels, not {text}")
    return value


def _add_edit_commands(add: Add) -> None:
    command = add("generate", cli_edits.generate, "new shapes, from text if you give any")
    command.add_argument("--text", default="", help='e.g. "a swivel chair with round arms"')
    command.add_argument("--into", type=Path, metavar="SCENE", help="scene to add them to")
    _add_output(command, "scene to write")
    _add_sampling(command)
    _add_model(command)

    command = add(
        "complete", cli_edits.complete, "propose new parts in place of some; the rest stays bit-exact"
    )
    _add_edit(command, parts_default="the hidden ones")
    command.add_argument("--text", default="", help="what the shape should be like")
    command.add_argument(
        "--resample",
        type=count,
        default=0,
        metavar="U",
        help="RePaint's repeats per step (default: the model's)",
    )

    command = add("mix", cli_edits.mix, "take parts of a shape of scene B into a shape of scene A")
    command.add_argument("scene", type=Path, metavar="A")
    command.add_argument("source", type=Path, metavar="B")
    command.add_argument(
        "--take", required=True, metavar="LIST", help="parts of B: ids or names, e.g. 3,11 or back"
    )
    command.add_argument(
        "--drop", metavar="LIST", help="parts of A that go; default: those of the same kind; or none"
    )
    command.add_argument("--into", metavar="ID", help="shape of A; needed if there are several")
    command.add_argument(
        "--from", dest="take_from", metavar="ID", help="shape of B; needed if there are several"
    )
    command.add_argument(
        "--strength", type=strength, default=0.1, help="refinement; 0 = raw mix (default: 0.1)"
    )
    _add_output(command, "scene to write")
    _add_sampling(command)
    _add_model(command)

    command = add("vary", cli_edits.vary, "vary parts: .02-.05 refines, .1-.25 varies, .4 and more replaces")
    _add_edit(command)
    command.add_argument("--strength", type=strength, default=0.25, help="default: 0.25")

    command = add("refine", cli_edits.refine, "mend joints gently")
    _add_edit(command, parts_default="all")
    command.add_argument("--strength", type=strength, default=0.05, help="default: 0.05")

    command = add("edit", cli_edits.edit, "change only the named parts so that the shape fits the words")
    _add_edit(command, parts_default="those the words name")
    command.add_argument("--text", required=True, help='e.g. "a back with vertical slats"')
    command.add_argument(
        "--strength", type=strength, default=1.0, help="1 = new parts, less = nearer (default: 1)"
    )

    command = add("encode", cli_edits.encode, "bring a mesh file in as an editable shape")
    command.add_argument(
        "mesh", type=Path, metavar="MESH", help="obj, ply (points too), stl, glb, gltf, 3mf or off"
    )
    command.add_argument("--up", choices=DIRECTIONS, help="e.g. --up=+z; default: found with the model")
    command.add_argument("--front", choices=DIRECTIONS, help="e.g. --front=-y; default: found")
    command.add_argument("--unit", type=float, default=0.0, help="metres per unit (default: as found)")
    command.add_argument(
        "--no-scale", dest="scale", action="store_false", help="the mesh is in the domain [-1, 1] already"
    )
    command.add_argument("--fit", action="store_true", help="then fit the parts to the mesh, some seconds")
    command.add_argument("--fit-steps", type=count, default=80, help="default: 80")
    command.add_argument("--into", type=Path, metavar="SCENE", help="scene to add it to")
    command.add_argument("--name", default="", help="default: the file's name")
    command.add_argument("--seed", type=seed, default=0, help="of the surface samples (default: 0)")
    _add_output(command, "scene to write")
    _add_model(command)


def _add_file_commands(add: Add) -> None:
    command = add("batch", cli_batch.batch, "encode a folder of meshes, or sample many shapes, in processes")
    cli_batch.add_options(command)
    _add_model(command)

    command = add("export", cli_files.export, "write shapes as a mesh file; parts become named nodes")
    _add_shapes(command)
    command.add_argument(
        "--original-frame", action="store_true", help="imported shapes where they were in their file"
    )
    command.add_argument(
        "--keep-original", action="store_true", help="cut unedited parts from the file they came from"
    )
    command.add_argument("--format", choices=[suffix[1:] for suffix in cli_files.MESH_SUFFIXES])
    _add_output(command, "mesh to write")
    _add_model(command)

    command = add("render", cli_files.render, "draw a scene into a PNG; needs no display")
    _add_shapes(command)
    command.add_argument("--width", type=_pixels, default=960, help="default: 960")
    command.add_argument("--height", type=_pixels, default=720, help="default: 720")
    _add_view(command)
    command.add_argument("--transparent", action="store_true", help="no background")
    _add_output(command, "PNG to write")
    _add_model(command)

    command = add("turntable", cli_files.turntable, "shapes that turn once, as GIF or MP4; needs no display")
    _add_shapes(command)
    command.add_argument("--frames", type=int, default=36, help="2 to 240 (default: 36)")
    command.add_argument("--seconds", type=float, default=3.6, help="for a turn (default: 3.6)")
    command.add_argument("--size", type=_pixels, default=480, help="pixels per side (default: 480)")
    _add_view(command)
    _add_output(command, "GIF or MP4 to write, by its ending")
    _add_model(command)

    command = add(
        "blend", cli_files.blend, "bring a shape, or parts of it, nearer to another; needs no model"
    )
    command.add_argument("scene", type=Path, metavar="SCENE", help="a .partsmith file")
    command.add_argument("--shape", metavar="ID", required=True, help="id or name")
    command.add_argument(
        "--with", dest="other", metavar="ID", required=True, help="what it shall be nearer to"
    )
    command.add_argument("--amount", type=strength, default=0.5, help="0 = as it is, 1 = as the other one")
    command.add_argument("--parts", metavar="LIST", help="ids or names; default: all unlocked")
    command.add_argument("--no-twins", dest="twins", action="store_false", help="do not take twins along")
    _add_output(command, "scene to write")

    command = add("info", cli_files.info, "what a scene file holds")
    command.add_argument("scene", type=Path, metavar="SCENE")

    command = add("validate", cli_files.validate, "check a scene file or a checkpoint folder completely")
    command.add_argument("path", type=Path, metavar="PATH")
    command.add_argument("--device", default="cpu", help=argparse.SUPPRESS)

    command = add("contact-sheet", cli_files.contact_sheet, "many shapes in one PNG: the corpus, or samples")
    command.add_argument("--category", default="chairs", help="corpus to show (default: chairs)")
    command.add_argument("--samples", action="store_true", help="of the model instead of the corpus")
    command.add_argument("--text", default="", help="with --samples: what they should be like")
    command.add_argument("--count", type=count, default=64, help="default: 64")
    command.add_argument("--columns", type=count, default=8, help="default: 8")
    command.add_argument(
        "--seed", type=seed, default=0, help="first seed of the corpus, or the sampling seed"
    )
    command.add_argument("--size", type=_pixels, default=160, help="pixels per corpus chair (default: 160)")
    _add_output(command, "PNG to write")
    _add_model(command)


def _add_model_commands(add: Add) -> None:
    command = add(
        "convert", cli_convert.convert, "turn published SALAD and SPAGHETTI checkpoints into a model"
    )
    command.add_argument("folder", type=Path, metavar="FOLDER", help="with the published files, at any depth")
    command.add_argument("--out", type=Path, required=True, metavar="MODEL", help="model folder to write")
    command.add_argument("--category", choices=("chair", "airplane", "table"), help="if there are several")
    command.add_argument(
        "--sampler",
        choices=("dpm", "ddim", "ddpm"),
        default="dpm",
        help="dpm and ddim take few steps; ddpm is the published one, 1000 steps (default: dpm)",
    )
    command.add_argument(
        "--text-latents",
        action="store_true",
        help="use lang_phase2 for prompts (the published demonstrations use phase2)",
    )
    command = add("library", cli_convert.library, "shapes that come with a published model")
    command.add_argument("--start", type=int, default=0, help="number of the first one (default: 0)")
    command.add_argument("--count", type=count, default=1, help="how many (default: 1)")
    command.add_argument("--into", type=Path, metavar="SCENE", help="scene to add them to")
    _add_output(command, "scene to write, or a .png of their surfaces")
    _add_model(command)


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands; each sets `run`, the function that does it."""
    parser = argparse.ArgumentParser(
        prog="python main.py",
        description="Partsmith without a window. Without a command, or with a scene file, the editor opens.",
        epilog="Exit codes: 0 done, 2 bad arguments, 3 bad file, 4 model problem, 130 interrupted.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, run: Command, summary: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
        command.add_argument("--json", action="store_true", help="print one JSON object")
        command.add_argument("--quiet", action="store_true", help="no progress line")
        command.set_defaults(run=run)
        return command

    _add_edit_commands(add)
    _add_file_commands(add)
    _add_model_commands(add)
    # These have parsers of their own; here they are only listed (see `main`).
    for name, summary in (
        ("train", f"train the model: {', '.join(STAGES)}; `train STAGE --help` shows the options"),
        ("evaluate", "measure a model; `evaluate --help` shows the options"),
    ):
        commands.add_parser(name, help=summary, add_help=False)
    command = commands.add_parser(
        "verify-reference", help="compare the networks with published reference values"
    )
    command.add_argument("folder", type=Path, metavar="FOLDER")
    return parser
