"""Headless commands that need the model: each builds one request, as the window does, and runs it."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from core.cli_inputs import (
    BAD_FILE,
    MODEL_PROBLEM,
    CommandError,
    ProgressLine,
    check_output,
    describe_shape,
    find_parts,
    find_shape,
    open_scene,
    refuse_locked,
)
from core.edits.job import EditError, Job
from core.edits.requests import (
    Candidate,
    Candidates,
    Complete,
    Encode,
    Encoded,
    Fit,
    Fitted,
    Generate,
    Inspect,
    Inspected,
    Mix,
    Refine,
    Request,
    Result,
    Sampled,
    TextEdit,
    Vary,
)
from core.edits.words import SYNONYMS, labels_meant, parts_replaced
from core.scene.original import Placement
from core.scene.scene import Scene
from core.scene.shape import Shape
from core.scene.storage import write_scene

if TYPE_CHECKING:
    from core.edits.engine import Engine

SPACING = 2.2
"""Distance of shapes that are put side by side, as in the window (a shape is at most 2 wide)."""


@dataclass(frozen=True)
class Answer:
    """A finished request, and what ``--json`` says about the run."""

    result: Result
    run: dict[str, object]


@contextmanager
def stoppable(job: Job) -> Iterator[None]:
    """While inside, the first Ctrl-C asks the job to stop at its next step; a second one stops at once."""

    def on_interrupt(_signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        job.cancel()

    try:
        before = signal.signal(signal.SIGINT, on_interrupt)
    except ValueError:  # not the main thread: signals are not ours to handle
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def load_engine(arguments: argparse.Namespace) -> Engine:
    """The engine with the chosen checkpoint and device.

    Raises
    ------
    CommandError
        If the checkpoint is missing or damaged, or the device is not there.
    """
    from core.checkpoints.loading import CheckpointError
    from core.edits.engine import Engine

    try:
        return Engine(arguments.checkpoint, arguments.device)
    except CheckpointError as error:
        raise CommandError(str(error), MODEL_PROBLEM) from error


def run_request(
    engine: Engine, request: Request, arguments: argparse.Namespace, failure: int = MODEL_PROBLEM
) -> Result:
    """Run one request with a progress line; Ctrl-C cancels it.

    Raises
    ------
    CommandError
        With exit code `failure` if the engine refuses the edit.
    core.edits.job.Cancelled
        After Ctrl-C.
    """
    line = ProgressLine(sys.stderr, arguments.quiet)
    job = Job(on_progress=line)
    try:
        with stoppable(job):
            return engine.run(request, job)
    except EditError as error:
        raise CommandError(str(error), failure) from error
    finally:
        line.clear()


def answer(arguments: argparse.Namespace, request: Request, failure: int = MODEL_PROBLEM) -> Answer:
    """Load the engine and run one request (raises like `load_engine` and `run_request`)."""
    engine = load_engine(arguments)
    started = time.perf_counter()
    result = run_request(engine, request, arguments, failure)
    return Answer(result, describe_run(engine, started))


def describe_run(engine: Engine, started: float) -> dict[str, object]:
    """What ``--json`` says about a run that began at `started` (`time.perf_counter`)."""
    return {
        "checkpoint": engine.checkpoint_id,
        "device": engine.device_name,
        "seconds": round(time.perf_counter() - started, 3),
    }


def sampled_options(arguments: argparse.Namespace) -> dict[str, object]:
    """Fields that every sampled request takes from the command line."""
    return {
        "seed": arguments.seed,
        "count": arguments.count,
        "steps": arguments.steps,
        "guidance": arguments.guidance,
        "tries": arguments.tries,
        "preview": False,
    }


def beside(scene: Scene, shape: Shape, name: str) -> Scene:
    """Scene with `shape` appended under a new id, to the right of what is there."""
    right = max((other.position[0] for other in scene), default=-SPACING)
    place = (right + SPACING, 0.0, 0.0)
    return scene.with_shape(replace(shape, id=scene.new_shape_id(), name=name, position=place))


def _candidates(result: Result) -> tuple[Candidate, ...]:
    if not isinstance(result, Candidates):
        raise TypeError(f"expected candidates, the engine returned {type(result).__name__}")
    return result.items


def _new_name(scene: Scene, what: str) -> str:
    return f"{what} {len(scene) + 1}"


def _write_edit(
    arguments: argparse.Namespace, out: Path, scene: Scene, base: Shape, answered: Answer
) -> dict[str, object]:
    """Put the first candidate in the place of `base`, further ones beside it, and write the scene."""
    candidates = _candidates(answered.result)
    first = replace(candidates[0].shape, id=base.id, name=base.name, position=base.position)
    scene = scene.with_shape(first)
    described = [describe_shape(first, candidates[0].changed)]
    for number, candidate in enumerate(candidates[1:], 2):
        scene = beside(scene, candidate.shape, f"{base.name} ({number})")
        described.append(describe_shape(scene.shapes[-1], candidate.changed))
    if text := getattr(arguments, "text", ""):
        scene = replace(scene, prompts=_with_prompt(scene.prompts, text))
    write_scene(scene, out, candidates[0].thumbnail)
    return {"out": str(out), "seed": arguments.seed, **answered.run, "shapes": described}


def _with_prompt(prompts: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Prompt history with `text` first."""
    return (text, *(old for old in prompts if old != text))


def generate(arguments: argparse.Namespace) -> dict[str, object]:
    """New shapes, from text if there is any, side by side in one scene."""
    out = check_output(arguments.out)
    scene = open_scene(arguments.into) if arguments.into else Scene()
    request = Generate(text=arguments.text, **sampled_options(arguments))  # type: ignore[arg-type]
    answered = answer(arguments, request)
    described = []
    candidates = _candidates(answered.result)
    for candidate in candidates:
        scene = beside(scene, candidate.shape, _new_name(scene, candidate.shape.name))
        described.append(describe_shape(scene.shapes[-1]))
    if arguments.text:
        scene = replace(scene, prompts=_with_prompt(scene.prompts, arguments.text))
    write_scene(scene, out, candidates[0].thumbnail)
    return {"out": str(out), "seed": arguments.seed, **answered.run, "shapes": described}


@dataclass(frozen=True)
class _Chosen:
    """Scene, shape and parts that an edit command names."""

    out: Path
    scene: Scene
    base: Shape
    parts: tuple[int, ...]


def _choose(arguments: argparse.Namespace) -> _Chosen:
    out = check_output(arguments.out)
    scene = open_scene(arguments.scene)
    base = find_shape(scene, arguments.shape)
    parts: tuple[int, ...] = ()
    if arguments.parts is None and arguments.command == "complete":
        parts = tuple(part.id for part in base.parts if not part.visible and not part.locked)
    elif arguments.parts is not None:
        parts = find_parts(base, arguments.parts, twins=arguments.twins)
        refuse_locked(base, parts)
    return _Chosen(out, scene, base, parts)


def _edit(arguments: argparse.Namespace, kind: type[Sampled], names: Sequence[str] = ()) -> dict[str, object]:
    """Run one request on the chosen parts; `names` are the options it takes beside the shared ones."""
    chosen = _choose(arguments)
    own = {name: getattr(arguments, name) for name in names}
    request = kind(base=chosen.base, parts=chosen.parts, **own, **sampled_options(arguments))  # type: ignore[call-arg, arg-type]
    return _write_edit(arguments, chosen.out, chosen.scene, chosen.base, answer(arguments, request))


def complete(arguments: argparse.Namespace) -> dict[str, object]:
    """Propose new parts in place of the named ones."""
    return _edit(arguments, Complete, ("text", "resample"))


def vary(arguments: argparse.Namespace) -> dict[str, object]:
    """Vary the named parts by a strength."""
    return _edit(arguments, Vary, ("strength",))


def refine(arguments: argparse.Namespace) -> dict[str, object]:
    """Mend the joints of the named parts, or of all."""
    return _edit(arguments, Refine, ("strength",))


def edit(arguments: argparse.Namespace) -> dict[str, object]:
    """Change the named parts, else those the words speak of, so that the shape fits the words."""
    if arguments.parts is None and not labels_meant(arguments.text, tuple(SYNONYMS)):
        raise CommandError(f"{arguments.text!r} names no part; choose the parts to change with --parts")
    return _edit(arguments, TextEdit, ("text", "strength"))


def mix(arguments: argparse.Namespace) -> dict[str, object]:
    """Take parts of a shape of the second scene into a shape of the first."""
    out = check_output(arguments.out)
    scene = open_scene(arguments.scene)
    base = find_shape(scene, arguments.into, "--into")
    source = find_shape(open_scene(arguments.source), arguments.take_from, "--from")
    take = find_parts(source, arguments.take, "--take")
    if arguments.drop is None:
        drop = parts_replaced(base, source, take)
    elif arguments.drop.casefold() == "none":
        drop = ()
    else:
        drop = find_parts(base, arguments.drop, "--drop")
    refuse_locked(base, drop)
    if base.checkpoint != source.checkpoint:
        raise CommandError(
            f"the shapes come from different models ({base.checkpoint!r} and {source.checkpoint!r}); "
            "export one as a mesh and bring it in with `encode` first"
        )
    request = Mix(
        base=base,
        source=source,
        take=take,
        drop=drop,
        strength=arguments.strength,
        **sampled_options(arguments),  # type: ignore[arg-type]
    )
    written = _write_edit(arguments, out, scene, base, answer(arguments, request))
    return {**written, "taken": list(take), "dropped": list(drop)}


def encode(arguments: argparse.Namespace) -> dict[str, object]:
    """Bring a mesh file in as an editable shape."""
    out = check_output(arguments.out)
    if not arguments.mesh.is_file():
        raise CommandError(f"there is no file {arguments.mesh}", BAD_FILE)
    scene = open_scene(arguments.into) if arguments.into else Scene()
    if (arguments.up is None) != (arguments.front is None):
        raise CommandError("give both --up and --front, or neither")
    if arguments.up is not None and arguments.up[1] == arguments.front[1]:
        raise CommandError("--up and --front must be different axes")
    engine = load_engine(arguments)
    started = time.perf_counter()
    path = str(arguments.mesh)
    placement = _placement(engine, arguments, path)
    request = Encode(path=path, seed=arguments.seed, placement=placement, unit=arguments.unit)
    encoded = run_request(engine, request, arguments, BAD_FILE)
    if not isinstance(encoded, Encoded):
        raise TypeError(f"expected a shape, the engine returned {type(encoded).__name__}")
    shape, found = encoded.shape, {"agreement": asdict(encoded.agreement)}
    if arguments.fit:
        fitting = Fit(base=shape, seed=arguments.seed, steps=arguments.fit_steps, preview=False)
        fitted = run_request(engine, fitting, arguments)
        if not isinstance(fitted, Fitted):
            raise TypeError(f"expected a fitted shape, the engine returned {type(fitted).__name__}")
        shape = fitted.shape
        found = {"before": asdict(fitted.before), "agreement": asdict(fitted.after)}
    scene = beside(scene, shape, arguments.name or arguments.mesh.stem)
    write_scene(scene, out)
    run = describe_run(engine, started)
    return {"out": str(out), **found, **run, "shapes": [describe_shape(scene.shapes[-1])]}


def _placement(engine: Engine, arguments: argparse.Namespace, path: str) -> Placement | None:
    """How the mesh is to be placed as far as the command line says so; None = all of it is found out."""
    if arguments.up is None and arguments.scale:
        return None
    inspected = run_request(engine, Inspect(path=path, seed=arguments.seed), arguments, BAD_FILE)
    if not isinstance(inspected, Inspected):
        raise TypeError(f"expected a look at a mesh, the engine returned {type(inspected).__name__}")
    up, front = arguments.up or inspected.placement.up, arguments.front or inspected.placement.front
    return (
        Placement.fitting(inspected.low, inspected.high, up, front)
        if arguments.scale
        else Placement(up, front)
    )
