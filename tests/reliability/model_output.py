"""What a model returns is not believed: broken numbers never reach the scene, kept parts never change."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import torch
import trimesh

from core.edits.engine import Engine
from core.edits.job import EditError, Job
from core.edits.results import Candidates
from core.models.shape_occupancy import ShapeOccupancy
from core.scene.shape import Shape
from tests.core.scene.strategies import sphere_mesh
from tests.reliability.figures import Outcome, figure
from tests.reliability.requests import (
    random_edit,
    random_request,
    tiny_engine,
    two_shapes,
    wrong_with_result,
)

ROOT = Path(__file__).resolve().parents[2]


def everywhere(value: float) -> Callable[[torch.Tensor, random.Random], torch.Tensor]:
    return lambda output, _: torch.full_like(output, value)


def somewhere(value: float) -> Callable[[torch.Tensor, random.Random], torch.Tensor]:
    def change(output: torch.Tensor, rng: random.Random) -> torch.Tensor:
        output = output.clone()
        output.view(-1)[rng.randrange(output.numel())] = value
        return output

    return change


CHANGES = {
    "NaN everywhere": everywhere(float("nan")),
    "one NaN": somewhere(float("nan")),
    "infinity": everywhere(float("inf")),
    "one infinity": somewhere(float("-inf")),
    "zeros": everywhere(0.0),
    "huge": everywhere(1e30),
    "huge and negative": everywhere(-1e30),
    "one huge": somewhere(1e38),
    "noise": lambda output, _: 100.0 * torch.randn_like(output),
}
NETWORKS = ("extrinsic_denoiser", "intrinsic_denoiser", "text_adapter", "part_namer",
            "encoder", "representation.mixing", "representation.occupancy")  # fmt: skip


class Injector:
    """Changes what one network returns at its `at`-th call."""

    def __init__(self, engine: Engine, network: str, change: str, at: int, rng: random.Random) -> None:
        module: object = engine.model
        for name in network.split("."):
            module = getattr(module, name)
        assert isinstance(module, torch.nn.Module)
        self._change, self._left, self._rng = CHANGES[change], at, rng
        self.happened = False
        self._handle = module.register_forward_hook(self._hook)
        self._answer = answer = ShapeOccupancy.__call__
        if network == "representation.occupancy":
            # Surfaces are computed by what was made of the network for one shape.
            def changed(occupancy: ShapeOccupancy, points: torch.Tensor) -> torch.Tensor:
                logits = answer(occupancy, points)
                found = self._hook(module, (), logits)
                return found if isinstance(found, torch.Tensor) else logits

            ShapeOccupancy.__call__ = changed  # type: ignore[method-assign]

    def _hook(self, _module: torch.nn.Module, _inputs: object, output: object) -> object:
        self._left -= 1
        if self._left > 0:
            return None
        self.happened = True
        return self._changed(output)

    def _changed(self, output: object) -> object:
        if isinstance(output, torch.Tensor):
            return self._change(output, self._rng) if output.is_floating_point() else output
        if isinstance(output, tuple):
            return tuple(self._changed(item) for item in output)
        return output

    def remove(self) -> None:
        self._handle.remove()
        ShapeOccupancy.__call__ = self._answer  # type: ignore[method-assign]


@figure("broken model output (NaN, Inf, zeros, huge) that reaches a result, or is not explained", 1000)
def injected(quick: bool) -> Outcome:
    outcome = Outcome()
    engine = tiny_engine()
    shapes = two_shapes(engine)
    rng = random.Random(4)
    refused = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sphere.ply"
        sphere = sphere_mesh(8, 10)
        trimesh.Trimesh(sphere.vertices, sphere.faces, process=False).export(path)
        while outcome.trials < (20 if quick else 1000):
            network, change = rng.choice(NETWORKS), rng.choice(list(CHANGES))
            request = random_request(rng, shapes, path)
            injector = Injector(engine, network, change, rng.randint(1, 4), rng)
            what = f"{change} from {network} in {type(request).__name__}"
            wrong = ""
            try:
                wrong = wrong_with_result(engine.run(request, Job()))
            except EditError as error:
                refused += 1
                # The cause is in the model, and the message says so.
                told = ("model", "empty", "surface")
                wrong = "" if any(word in str(error) for word in told) else f"told as: {error}"
            except Exception as error:
                wrong = f"{type(error).__name__}: {error}"
            injector.remove()
            if injector.happened:
                outcome.check(not wrong, f"{what}: {wrong}")
    outcome.note = f"{refused} refused, the others harmless"
    return outcome


def changed_parts(before: Shape, after: Shape, changed: tuple[int, ...]) -> list[int]:
    """Ids of parts that are not among `changed` and yet differ by a bit."""
    found = []
    for part in after.parts:
        if part.id in changed:
            continue
        old, new = before.row(part.id), after.row(part.id)
        same = (
            before.extrinsics[old].tobytes() == after.extrinsics[new].tobytes()
            and before.intrinsics[old].tobytes() == after.intrinsics[new].tobytes()
            and before.parts[old] == part
        )
        if not same:
            found.append(part.id)
    return found


@figure("generative edits that change a bit of a part that was locked or not selected", 1000)
def kept_parts(quick: bool) -> Outcome:
    outcome = Outcome()
    engine = tiny_engine()
    base, source = two_shapes(engine)
    rng = random.Random(5)
    for number in range(20 if quick else 1000):
        locked = rng.sample(base.part_ids, rng.randint(0, 4))
        shape = base
        for part in base.part_ids:
            shape = shape.with_part(part, locked=part in locked)
        request = random_edit(rng, shape, source)
        result = engine.run(request, Job())
        assert isinstance(result, Candidates)
        for item in result.items:
            touched = changed_parts(shape, item.shape, item.changed)
            lost = set(locked) - set(item.shape.part_ids)
            good = not touched and not lost and not set(locked) & set(item.changed)
            outcome.check(good, f"{type(request).__name__} {number} changed {touched}, lost {lost}")
    return outcome


RUN_ALL = """
import hashlib, os, random, sys
from core.edits.job import Job
from tests.reliability.requests import random_edit, tiny_engine, two_shapes

def digest():
    engine = tiny_engine()
    shapes = two_shapes(engine)
    found = hashlib.sha256()
    rng = random.Random(9)
    for _ in range(8):
        item = engine.run(random_edit(rng, *shapes), Job()).items[0]
        shape, mesh = item.shape, item.mesh
        for array in (shape.extrinsics, shape.intrinsics, mesh.vertices, mesh.faces, item.thumbnail):
            found.update(array.tobytes())
    return found.hexdigest()

for _ in range(int(sys.argv[1])):
    if os.fork() == 0:
        print(digest(), flush=True)
        os._exit(0)
    os.wait()
"""
COPIES = 5
"""Processes that share one start: importing takes longer than the edits. Nothing was computed before they
part; what differs from start to start (the order of sets, addresses) differs between the starts."""


@figure("fresh processes whose results differ by a bit for the same seeds (8 edits each)", 100, slow=True)
def determinism(quick: bool) -> Outcome:
    outcome = Outcome()
    digests: list[str] = []
    starts = 2 if quick else 21
    for number in range(starts):
        done = subprocess.run(
            [sys.executable, "-c", RUN_ALL, str(COPIES)],
            cwd=ROOT,
            env=os.environ,
            capture_output=True,
            text=True,
        )
        found = done.stdout.split()
        if done.returncode or len(found) < COPIES:
            outcome.check(False, f"start {number} failed: {done.stderr[-300:]}")
        digests += found
    for digest in digests[1:]:
        outcome.check(digest == digests[0], "a process gave other bits")
    outcome.note = f"{starts} starts, {COPIES} processes each"
    return outcome
