"""Headless commands that need the model: each is a call or two of a `Session`, as in a script."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from core.api.context import LazyEngine
from core.api.sampled import Sampling
from core.api.session import Session
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
    worded,
)
from core.edits.job import EditError, Job
from core.edits.model_info import ModelInfo
from core.edits.requests import Encode, Inspect, Request
from core.edits.results import Candidates, Encoded, Fitted, Result
from core.edits.words import SYNONYMS, labels_meant, parts_replaced
from core.scene.scene import Scene
from core.scene.storage import write_scene

if TYPE_CHECKING:
    from core.edits.engine import Engine


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
    try:
        return LazyEngine(arguments.checkpoint, arguments.device).engine
    except EditError as error:
        raise CommandError(str(error), MODEL_PROBLEM) from error


class Runner:
    """The engine of a command, loaded when first needed; with a progress line, and stopped by Ctrl-C."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._arguments = arguments
        self._engine: Engine | None = None
        self._started = 0.0

    @property
    def engine(self) -> Engine:
        """The engine (raises like `load_engine`)."""
        if self._engine is None:
            self._engine = load_engine(self._arguments)
            self._started = time.perf_counter()
        return self._engine

    @property
    def models(self) -> tuple[ModelInfo, ...]:
        return self.engine.models

    @property
    def run(self) -> dict[str, object]:
        """What ``--json`` says about the run."""
        return {
            "checkpoint": self.engine.checkpoint_id,
            "device": self.engine.device_name,
            "seconds": round(time.perf_counter() - self._started, 3),
        }

    def answer(self, request: Request) -> Result:
        """Run one request.

        Raises
        ------
        CommandError
            If the engine refuses; files that it cannot read are bad files.
        core.edits.job.Cancelled
            After Ctrl-C.
        """
        engine = self.engine
        line = ProgressLine(sys.stderr, self._arguments.quiet)
        job = Job(on_progress=line)
        try:
            with stoppable(job):
                return engine.run(request, job)
        except EditError as error:
            failure = BAD_FILE if isinstance(request, Inspect | Encode) else MODEL_PROBLEM
            raise CommandError(str(error), failure) from error
        finally:
            line.clear()


def sampled_options(arguments: argparse.Namespace) -> Sampling:
    """Fields that every sampled request takes from the command line."""
    return {
        "seed": arguments.seed,
        "count": arguments.count,
        "steps": arguments.steps,
        "guidance": arguments.guidance,
        "negative": arguments.negative,
        "tries": arguments.tries,
    }


def _write(
    arguments: argparse.Namespace, out: Path, session: Session, candidates: Candidates, runner: Runner
) -> dict[str, object]:
    """Accept the first candidate, put further ones beside it, and write the scene."""
    from core.meshing.raycast import on_paper

    first, *others = candidates.items
    shape = session.accept(candidates)
    described = [describe_shape(shape, first.changed if hasattr(candidates.request, "base") else ())]
    for number, candidate in enumerate(others, 2):
        name = f"{shape.name} ({number})" if hasattr(candidates.request, "base") else ""
        other = session.scene.newcomer(candidate.shape, name)
        session.scene = session.scene.with_shape(other)
        described.append(describe_shape(other, candidate.changed if name else ()))
    write_scene(session.scene, out, on_paper(first.thumbnail))
    return {"out": str(out), "seed": arguments.seed, **runner.run, "shapes": described}


def generate(arguments: argparse.Namespace) -> dict[str, object]:
    """New shapes, from text if there is any, side by side in one scene."""
    out, runner = check_output(arguments.out), Runner(arguments)
    session = Session(open_scene(arguments.into) if arguments.into else None, engine=runner)
    with worded():
        found = session.generate(arguments.text, **sampled_options(arguments))
    return _write(arguments, out, session, found, runner)


def complete(arguments: argparse.Namespace) -> dict[str, object]:
    """Propose new parts in place of the named ones."""
    return _edit(arguments, "text", "resample")


def vary(arguments: argparse.Namespace) -> dict[str, object]:
    """Vary the named parts by a strength."""
    return _edit(arguments, "strength")


def refine(arguments: argparse.Namespace) -> dict[str, object]:
    """Mend the joints of the named parts, or of all."""
    return _edit(arguments, "strength")


def edit(arguments: argparse.Namespace) -> dict[str, object]:
    """Change the named parts, else those the words speak of, so that the shape fits the words."""
    if arguments.parts is None and not labels_meant(arguments.text, tuple(SYNONYMS)):
        raise CommandError(f"{arguments.text!r} names no part; choose the parts to change with --parts")
    return _edit(arguments, "text", "strength")


def _edit(arguments: argparse.Namespace, *names: str) -> dict[str, object]:
    """Run one edit on the chosen parts; `names` are the options it takes beside the shared ones."""
    out, runner = check_output(arguments.out), Runner(arguments)
    session = Session(open_scene(arguments.scene), engine=runner)
    base = find_shape(session.scene, arguments.shape)
    parts = None
    if arguments.parts is not None:
        parts = find_parts(base, arguments.parts, twins=arguments.twins)
    method = getattr(session, "text_edit" if arguments.command == "edit" else arguments.command)
    own = {name: getattr(arguments, name) for name in names}
    with worded():
        found = method(base.id, parts=parts, twins=False, **own, **sampled_options(arguments))
    return _write(arguments, out, session, found, runner)


def mix(arguments: argparse.Namespace) -> dict[str, object]:
    """Take parts of a shape of the second scene into a shape of the first."""
    out, runner = check_output(arguments.out), Runner(arguments)
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
    if base.checkpoint != source.checkpoint:
        raise CommandError(
            f"the shapes come from different models ({base.checkpoint!r} and {source.checkpoint!r}); "
            "export one as a mesh and bring it in with `encode` first"
        )
    guest = scene.newcomer(source)
    session = Session(scene.with_shape(guest), engine=runner)
    with worded():
        found = session.mix(
            base.id, guest.id, take, drop=drop, strength=arguments.strength, **sampled_options(arguments)
        )
    session.scene = scene
    written = _write(arguments, out, session, found, runner)
    return {**written, "taken": list(take), "dropped": list(drop)}


def encode(arguments: argparse.Namespace) -> dict[str, object]:
    """Bring a mesh file in as an editable shape."""
    out, runner = check_output(arguments.out), Runner(arguments)
    if not arguments.mesh.is_file():
        raise CommandError(f"there is no file {arguments.mesh}", BAD_FILE)
    session = Session(open_scene(arguments.into) if arguments.into else Scene(), engine=runner)
    with worded():
        shape = session.encode(
            arguments.mesh,
            up=arguments.up,
            front=arguments.front,
            unit=arguments.unit,
            scale=arguments.scale,
            name=arguments.name or arguments.mesh.stem,
            seed=arguments.seed,
        )
    found = {}
    if isinstance(session.result, Encoded):
        found = {"agreement": asdict(session.result.agreement)}
    if arguments.fit:
        with worded():
            shape = session.fit(shape.id, steps=arguments.fit_steps, seed=arguments.seed)
        if isinstance(session.result, Fitted):
            found = {"before": asdict(session.result.before), "agreement": asdict(session.result.after)}
    session.save(out)
    return {"out": str(out), **found, **runner.run, "shapes": [describe_shape(shape)]}
