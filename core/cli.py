"""The headless twin of the window: ``python main.py <command> ...``, on the same engine.

Exit codes: 0 done, 2 bad arguments, 3 bad file, 4 model problem, 130 interrupted. What went wrong, and what
to do, is one line on standard error; with ``--json`` exactly one JSON object goes to standard output.
Importing this module is cheap: each command imports what it needs when it runs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from core.cli_files import agreement_text, info_text, to_json
from core.cli_inputs import (
    BAD_ARGUMENTS,
    BAD_FILE,
    DONE,
    INTERRUPTED,
    MODEL_PROBLEM,
    CommandError,
)
from core.cli_parser import STAGES, build_parser
from core.edits.job import Cancelled
from core.scene.storage import SceneFileError

COMMANDS = (
    "generate",
    "complete",
    "mix",
    "vary",
    "refine",
    "edit",
    "encode",
    "convert",
    "library",
    "batch",
    "export",
    "render",
    "turntable",
    "blend",
    "info",
    "validate",
    "contact-sheet",
    "train",
    "evaluate",
    "verify-reference",
)


def _forward(module: str, arguments: Sequence[str]) -> int:
    """Hand the rest of the command line to a module's own ``main(argv)``."""
    code = import_module(module).main(list(arguments))
    return code if isinstance(code, int) else DONE


def _train(arguments: Sequence[str]) -> int:
    if arguments and arguments[0].startswith("--") and arguments[0] != "--help":
        return _forward("core.training.folder", arguments)
    if not arguments or arguments[0] not in STAGES:
        asked = bool(arguments) and arguments[0] in ("-h", "--help")
        usage = (
            "usage: python main.py train --data FOLDER --name NAME [options]   (your own meshes)\n"
            f"       python main.py train {{{','.join(STAGES)}}} [options]"
        )
        print(usage, file=sys.stdout if asked else sys.stderr)
        return DONE if asked else BAD_ARGUMENTS
    return _forward(f"core.training.{arguments[0]}", arguments[1:])


def _verify_reference(folder: Path) -> int:
    if not folder.is_dir():
        raise CommandError(f"there is no folder {folder}", BAD_FILE)
    from core.evaluation.reference import print_reference

    return DONE if print_reference(folder) == DONE else MODEL_PROBLEM


def _text(command: str, found: dict[str, object]) -> str:
    """What a command prints for people."""
    if command == "info":
        return info_text(found)
    if command == "validate":
        return f"{found['path']}: a valid {found['kind']}"
    facts = [str(found["out"])]
    if "tasks" in found:
        facts.append(f"{found['done']} of {found['tasks']} done")
        failed = found["failed"]
        assert isinstance(failed, dict)
        facts += [f"{task}: {reason}" for task, reason in failed.items()]
    if "faces" in found:
        facts.append(f"{found['faces']} faces, {'closed' if found['watertight'] else 'not closed'}")
    for name, title in (("before", "encoded"), ("agreement", "agreement")):
        if name in found:
            facts.append(f"{title}: {agreement_text(found[name])}")
    if "seconds" in found:
        facts.append(f"{found['seconds']} s on {found['device']}")
    return " · ".join(facts)


def _missing(error: ModuleNotFoundError) -> str:
    """Advice for a missing package; one of our own modules missing is a bug and goes on."""
    if error.name is None or error.name.split(".")[0] in ("core", "app"):
        raise error
    return f"package {error.name} is missing; run `make setup`"


def run(arguments: argparse.Namespace) -> int:
    """Run a parsed command and print what it found; returns the exit code."""
    found: dict[str, object]
    try:
        found = {"command": arguments.command, **arguments.run(arguments)}
        code, message = DONE, ""
    except CommandError as error:
        code, message = error.code, str(error)
    except SceneFileError as error:
        code, message = BAD_FILE, str(error)
    except ModuleNotFoundError as error:
        code, message = MODEL_PROBLEM, _missing(error)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        code, message = BAD_FILE, f"{where}{error.strerror or error}"
    except (Cancelled, KeyboardInterrupt):
        code, message = INTERRUPTED, "interrupted; nothing was written"
    if code != DONE:
        found = {"command": arguments.command, "error": " ".join(message.split()), "code": code}
        print(f"partsmith {arguments.command}: {found['error']}", file=sys.stderr)
    if arguments.json:
        print(to_json(found))
    elif code == DONE:
        print(_text(arguments.command, found))
    return code


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line (without the program's name) and return the exit code."""
    argv = list(sys.argv[1:] if argv is None else argv)
    try:
        if argv[:1] == ["train"]:
            return _train(argv[1:])
        if argv[:1] == ["evaluate"]:
            return _forward("core.evaluation.report", argv[1:])
        try:
            arguments = build_parser().parse_args(argv)
        except SystemExit as stop:  # argparse has printed what is wrong, or the help
            return stop.code if isinstance(stop.code, int) else BAD_ARGUMENTS
        if arguments.command == "verify-reference":
            return _verify_reference(arguments.folder)
        return run(arguments)
    except CommandError as error:
        print(f"partsmith: {error}", file=sys.stderr)
        return error.code
    except ModuleNotFoundError as error:
        print(f"partsmith: {_missing(error)}", file=sys.stderr)
        return MODEL_PROBLEM
