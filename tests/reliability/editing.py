"""Undo, scenes as files, and formats of other versions: what comes back is what was there, bit for bit."""

from __future__ import annotations

import hashlib
import json
import random
import re
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings

from app.document import Document
from app.editor import Editor
from app.worker import EditWorker
from core.edits.requests import Generate
from core.edits.results import Candidates
from core.scene.scene import Scene
from core.scene.selection import PartRef, Selection
from core.scene.shape import Part, Shape
from core.scene.storage import FORMAT_VERSION, NewerSceneError, SceneFileError, read_scene, write_scene
from tests.app.numpy_engine import NumpyEngine, make_mesh, make_shape
from tests.core.scene.strategies import any_scenes, random_extrinsics
from tests.reliability.apart import apart
from tests.reliability.figures import Outcome, figure
from tests.reliability.numbered import new_folder

DATA = Path(__file__).resolve().parents[1] / "data"
MEMORY = 256 << 20
HERE = "tests.reliability.editing"


def digest(scene: Scene) -> str:
    """SHA-256 over everything a scene holds; the order of unknown fields does not count."""
    found = hashlib.sha256(json.dumps([scene.prompts, scene.extra], sort_keys=True).encode())
    for shape in scene:
        found.update(shape.extrinsics.tobytes() + shape.intrinsics.tobytes())
        facts = (shape.id, shape.name, shape.checkpoint, shape.position, shape.visible, shape.origin)
        parts = [vars(part) for part in shape.parts]
        record = [facts, shape.extra, parts, shape.intrinsics.shape]
        found.update(json.dumps(record, sort_keys=True).encode())
    return found.hexdigest()


# --- undo -------------------------------------------------------------------------------------------------


class Bench:
    """An editor whose worker answers inside `submit`, on the numpy engine."""

    def __init__(self, shapes: int = 2) -> None:
        self.document = Document()
        self.worker = EditWorker(inline=True, make_engine=NumpyEngine)
        self.worker.start()
        self.editor = Editor(self.document, self.worker)
        self.arrived: list[Candidates] = []
        self.editor.candidates_arrived.connect(self.arrived.append)
        every = tuple(make_shape(number, f"s{number}", f"Chair {number}") for number in range(1, shapes + 1))
        self.document._load(Scene(every), None)

    def random_command(self, rng: random.Random) -> None:
        """Select something and do one thing with it, by hand or with a proposal that is accepted."""
        editor, scene = self.editor, self.document.scene
        if not len(scene) or (len(scene) < 2 and rng.random() < 0.3):
            self.accept(editor.generate(seed=rng.randrange(1000), count=1), rng)
            return
        shape = rng.choice(scene.shapes)
        parts = rng.sample(shape.part_ids, min(rng.randint(1, 3), len(shape.parts)))
        refs = frozenset(PartRef(shape.id, part) for part in parts)
        self.document.set_selection(Selection(refs, shape.id))
        matrix = np.eye(4)
        matrix[:3, 3] = [rng.uniform(-0.1, 0.1) for _ in range(3)]
        other = rng.choice(scene.shapes)
        name = f"name {rng.randrange(10)}"
        commands: list[Callable[[], object]] = [
            lambda: editor.transform_selection(matrix, "Move", rng.choice((None, "nudge"))),
            lambda: editor.mirror_selection() if len(shape.parts) < 40 else editor.delete_selection(),
            lambda: editor.duplicate_selection() if len(shape.parts) < 40 else editor.delete_selection(),
            editor.delete_selection,
            editor.hide_selection,
            editor.show_all,
            editor.isolate_selection,
            editor.toggle_lock,
            lambda: editor.rename_part(shape.id, parts[0], name),
            lambda: editor.rename_shape(shape.id, name),
            editor.group_selection,
            editor.ungroup_selection,
            lambda: editor.step_selection(rng.choice((-1, 1))),
            lambda: editor.reorder_shapes((shape.id,), rng.choice((None, other.id))),
            lambda: editor.move_shape(shape.id, (rng.uniform(-1, 1), 0.0, 0.0), rng.random() < 0.5),
            lambda: editor.set_shape_visible(shape.id, not shape.visible),
            lambda: editor.swap_with(other.id, rng.sample(other.part_ids, 1)),
            lambda: editor.duplicate_shape() if len(scene) < 5 else editor.delete_shape(shape.id),
            lambda: self.accept(editor.vary(seed=rng.randrange(1000), count=1), rng),
            lambda: self.accept(editor.complete(seed=rng.randrange(1000), count=1), rng),
        ]
        rng.choice(commands)()

    def accept(self, job: int | None, rng: random.Random) -> None:
        if job is not None and self.arrived:
            candidates = self.arrived.pop()
            self.editor.accept(rng.choice(candidates.items), candidates.request)


@figure("runs of 1,000 random commands whose undo-all or redo-all gives other bits", 100)
def undo_all(quick: bool) -> Outcome:
    return apart(HERE, "run_undo", quick)


def run_undo(quick: bool) -> Outcome:
    """After the commands: all the way back and forth, comparing the scene at every step."""
    from PySide6.QtCore import QCoreApplication

    _application = QCoreApplication.instance() or QCoreApplication([])
    outcome = Outcome()
    steps = 0
    for run in range(2 if quick else 100):
        rng = random.Random(run)
        bench = Bench()
        stack = bench.document.stack
        hashes = {0: digest(bench.document.scene)}
        for _ in range(100 if quick else 1000):
            bench.random_command(rng)
            # What lay beyond this step is gone, and merged steps are rewritten.
            hashes = {index: known for index, known in hashes.items() if index < stack.index()}
            hashes[stack.index()] = digest(bench.document.scene)
            if rng.random() < 0.1:
                stack.setIndex(rng.randint(max(stack.index() - 5, 0), stack.count()))
        stack.setIndex(stack.count())
        hashes[stack.count()] = digest(bench.document.scene)
        steps += stack.count()
        wrong = []
        for order in (range(stack.count() - 1, -1, -1), range(1, stack.count() + 1)):
            for index in order:
                stack.undo() if order.step < 0 else stack.redo()
                if index in hashes and digest(bench.document.scene) != hashes[index]:
                    wrong.append(index)
        outcome.check(not wrong, f"run {run}: other bits at the steps {wrong[:5]}")
        bench.document.deleteLater()
    outcome.note = f"{steps:,} steps"
    return outcome


@figure("undo steps beyond 256 MB of memory (200 random edits of shapes of 16 x 512 with meshes)", 200)
def undo_memory(quick: bool) -> Outcome:
    return apart(HERE, "run_memory", quick)


def run_memory(_quick: bool) -> Outcome:
    """Every step replaces all numbers of a shape of the published size and leaves a mesh in the cache."""
    from PySide6.QtCore import QCoreApplication

    _application = QCoreApplication.instance() or QCoreApplication([])
    outcome = Outcome()
    rng = np.random.default_rng(0)
    bench = Bench(1)
    tracemalloc.start()
    for number in range(200):
        parts = tuple(Part(row, slot=row) for row in range(16))
        latents = rng.standard_normal((16, 512)).astype(np.float32)
        shape = Shape("s1", random_extrinsics(rng, 16), latents, parts, checkpoint="numpy-boxes")
        bench.editor.surfaces.put(shape, 128, make_mesh(shape, 128))
        bench.document.apply(bench.document.scene.with_shape(shape), f"Step {number}", Generate())
        held = tracemalloc.get_traced_memory()[0]
        outcome.check(held <= MEMORY, f"{held >> 20} MiB after {number + 1} steps")
    outcome.note = f"{held / 2**20:.0f} MB after {bench.document.stack.count()} steps"
    return outcome


# --- files ------------------------------------------------------------------------------------------------


@figure("random scenes that do not come back bit for bit from their file", 1000)
def round_trips(quick: bool) -> Outcome:
    outcome = Outcome()
    with new_folder() as folder:
        path = folder / "scene.partsmith"

        @settings(
            max_examples=50 if quick else 1000,
            database=None,
            derandomize=True,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(any_scenes())
        def check(scene: Scene) -> None:
            write_scene(scene, path)
            first = path.read_bytes()
            again = read_scene(path)
            write_scene(again, path)
            same = digest(again) == digest(scene) and path.read_bytes() == first
            outcome.check(same, f"scene {outcome.trials} differs")

        while outcome.trials < (50 if quick else 1000):
            check()
    return outcome


@figure("format versions: golden files that do not open, newer ones without a clear message, fields lost", 5)
def versions(quick: bool) -> Outcome:
    return apart(HERE, "run_versions", quick)


def run_versions(_quick: bool) -> Outcome:
    """One golden file for every version there was, and files of a version to come."""
    from PySide6.QtCore import QCoreApplication

    _application = QCoreApplication.instance() or QCoreApplication([])
    outcome = Outcome()
    found = {int(re.findall(r"\d+", path.stem)[0]): path for path in DATA.glob("scene_v*.partsmith")}
    outcome.check(sorted(found) == list(range(1, FORMAT_VERSION + 1)), f"golden files of {sorted(found)}")
    for version, path in found.items():
        try:
            outcome.check(len(read_scene(path)) > 0, f"version {version} is empty")
        except SceneFileError as error:
            outcome.check(False, f"version {version}: {error}")
    with new_folder() as folder:
        future = folder / "future.partsmith"
        with zipfile.ZipFile(found[FORMAT_VERSION]) as source, zipfile.ZipFile(future, "w") as target:
            for name in source.namelist():
                data = source.read(name)
                if name == "scene.json":
                    document = json.loads(data) | {"version": FORMAT_VERSION + 1, "lights": [{"power": 3}]}
                    data = json.dumps(document).encode()
                target.writestr(name, data)
        before = future.read_bytes()
        try:
            read_scene(future)
            outcome.check(False, "a newer version was read as if it were known")
        except NewerSceneError as error:
            outcome.check("newer Partsmith" in str(error) and "Update" in str(error), str(error))
        document_ = Document()
        document_.open(future)
        outcome.check(document_.read_only and len(document_.scene) > 0, "a newer version is not read-only")
        try:
            document_.save()
            outcome.check(False, "a newer version was overwritten")
        except SceneFileError as error:
            outcome.check("read-only" in str(error), str(error))
        document_.save(folder / "copy.partsmith")
        again = read_scene(folder / "copy.partsmith")
        outcome.check(again.extra.get("lights") == [{"power": 3}], "a field of the newer version is lost")
        outcome.check(future.read_bytes() == before, "the newer file was touched")
    return outcome
