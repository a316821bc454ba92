"""A disk that fails at every operation of whatever the program writes: nothing is lost and nothing untold."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.edits.job import EditError
from core.meshing.export import write_mesh
from core.scene.shape import Mesh, Shape
from core.scene.storage import SceneFileError, read_scene
from tests.core.scene.strategies import make_shape, random_extrinsics, sphere_mesh
from tests.reliability.faults import FAULTS, Disk, Happens
from tests.reliability.figures import Outcome, figure
from tests.reliability.numbered import new_folder, number_of, numbered


@dataclass
class Scenario:
    """Something that is written, and how to see whether anything was lost.

    Attributes
    ----------
    prepare : callable
        Given an empty folder: put there what was written before.
    act : callable
        Write the new one; returns the message the person gets, "" if all went well.
    wrong : callable
        Given folder and message: what is lost or untold, "" if nothing is.
    """

    name: str
    prepare: Callable[[Path], None]
    act: Callable[[Path], str]
    wrong: Callable[[Path, str, bool], str]


def every_fault(scenario: Scenario, outcome: Outcome, stride: int = 1) -> int:
    """Let every operation of a scenario fail in every way; how many operations there are."""

    def trial(at: int, happens: Happens | None, lasting: bool) -> tuple[str, list[str], str]:
        with new_folder() as folder:
            scenario.prepare(folder)
            disk = Disk(folder, at, happens, lasting)
            message = ""
            try:
                with disk.watched():
                    message = scenario.act(folder)
            except Exception as error:
                return f"{type(error).__name__}: {error}", disk.names, message
            away = folder.with_name(folder.name + "-away")
            there = away if away.exists() else folder
            wrong = scenario.wrong(there, message, lasting or away.exists())
            if away.exists():
                shutil.rmtree(away)
                folder.mkdir(exist_ok=True)
            return wrong, disk.names, message

    wrong, names, message = trial(0, None, False)
    outcome.check(not wrong and not message, f"{scenario.name} without any fault: {wrong or message}")
    for at in range(1, len(names) + 1, stride):
        for fault, (happens, lasting) in FAULTS.items():
            # A file that cannot be deleted stays.
            wrong, _, _ = trial(at, happens, lasting or names[at - 1] == "unlink")
            outcome.check(not wrong, f"{scenario.name}, {fault} at {names[at - 1]} ({at}): {wrong}")
    return len(names)


def litter(folder: Path, allowed: set[str], lasting: bool) -> str:
    """Temporary files left behind; where the disk stays broken they cannot be removed."""
    left = {entry.name for entry in folder.iterdir()} - allowed
    return f"left behind: {sorted(left)}" if left and not lasting else ""


def save_scenario() -> Scenario:
    from app.document import Document

    documents: dict[Path, Document] = {}

    def prepare(folder: Path) -> None:
        document = Document()
        document.apply(numbered(1), "One")
        document.save(folder / "scene.partsmith")
        document.apply(numbered(2), "Two")
        documents[folder] = document

    def act(folder: Path) -> str:
        try:
            documents[folder].save()
        except SceneFileError as error:
            return str(error)
        return ""

    def wrong(folder: Path, message: str, lasting: bool) -> str:
        document = documents.popitem()[1]
        found = number_of(read_scene(folder / "scene.partsmith"))
        if message:
            if not document.modified:
                return "the scene is not marked as unsaved"
            if found != 1:
                return f"failed, but the file holds {found}"
            if "scene.partsmith" not in message or not message.endswith("."):
                return f"no sentence for the person: {message}"
        elif document.modified or found != 2:
            return f"no failure was told, and the file holds {found}"
        elif number_of(read_scene(folder / "scene.partsmith~")) != 1:
            return "the backup is not the file before"
        return litter(folder, {"scene.partsmith", "scene.partsmith~"}, lasting)

    return Scenario("save", prepare, act, wrong)


def autosave_scenario() -> Scenario:
    from PySide6.QtCore import QCoreApplication, Qt

    from app.document import Document
    from app.lost_work import newest_scene, snapshots
    from app.recovery import Recovery

    application = QCoreApplication.instance() or QCoreApplication([])
    editors: list[tuple[Document, Recovery, list[str]]] = []

    def prepare(folder: Path) -> None:
        document = Document()
        recovery = Recovery(document, folder)
        told: list[str] = []
        recovery.failed.connect(told.append, Qt.ConnectionType.DirectConnection)
        document.apply(numbered(1), "One")
        recovery.keep()
        document.apply(numbered(2), "Two")
        editors.append((document, recovery, told))

    def act(_folder: Path) -> str:
        _, recovery, told = editors[-1]
        recovery.keep()
        application.processEvents()
        return told[-1] if told else ""

    def wrong(folder: Path, message: str, _lasting: bool) -> str:
        document, recovery, _ = editors.pop()
        if not document.modified:
            return "the scene is not marked as unsaved"
        # Where the folder was moved away, the editor makes it anew: the newest snapshot is in either.
        session = recovery.session
        places = [] if session is None else [session, folder / session.name]
        kept = next((scene for place in places if (scene := newest_scene(place)) is not None), None)
        if kept is None:
            return f"no snapshot can be read: {[snapshots(place) for place in places]}"
        found = number_of(kept)
        if found not in (1, 2) or (found == 1 and not message):
            return f"the newest snapshot holds {found}, told was {message!r}"
        recovery.close()
        return ""

    return Scenario("autosave", prepare, act, wrong)


def export_scenario(suffix: str) -> Scenario:
    rng = np.random.default_rng(0)
    shape: Shape = make_shape(random_extrinsics(rng, 2), rng)
    meshes: dict[int, Mesh] = {1: sphere_mesh(6, 8), 2: sphere_mesh(8, 10)}
    names = {f"chair{suffix}", "chair.mtl"} if suffix == ".obj" else {f"chair{suffix}"}
    expected: dict[int, dict[str, bytes]] = {}
    with new_folder() as folder:
        for number, mesh in meshes.items():
            write_mesh(folder / f"chair{suffix}", [mesh], [shape.with_part(2, name=f"part of {number}")])
            expected[number] = {name: (folder / name).read_bytes() for name in names}

    def write(folder: Path, number: int) -> None:
        write_mesh(
            folder / f"chair{suffix}", [meshes[number]], [shape.with_part(2, name=f"part of {number}")]
        )

    def act(folder: Path) -> str:
        try:
            write(folder, 2)
        except EditError as error:
            return str(error)
        return ""

    def wrong(folder: Path, message: str, lasting: bool) -> str:
        found = {name: (folder / name).read_bytes() for name in names}
        if lasting and message:
            whole = all(found[name] in (expected[1][name], expected[2][name]) for name in names)
            return "" if whole else "a file is broken"
        if found != expected[1 if message else 2]:
            return f"files are not the {'old' if message else 'new'} ones ({message!r})"
        return litter(folder, names, lasting)

    return Scenario(f"export {suffix}", lambda folder: write(folder, 1), act, wrong)


def settings_scenario() -> Scenario:
    from app.settings import Settings

    def prepare(folder: Path) -> None:
        settings = Settings.load(folder)
        settings.theme = "light"
        settings.save()

    def act(folder: Path) -> str:
        settings = Settings.load(folder)
        settings.recent_files = ["one"]
        return "" if settings.save() else "not saved"

    def wrong(folder: Path, _message: str, lasting: bool) -> str:
        if Settings.load(folder).theme != "light":
            return "the settings are gone"
        return litter(folder, {"settings.json"}, lasting)

    return Scenario("settings", prepare, act, wrong)


@figure("lost or untold: a fault at every file operation of save, autosave, export, settings", 500)
def failing_disk(quick: bool) -> Outcome:
    outcome = Outcome()
    exports = [".glb", ".obj"] if quick else [".glb", ".obj", ".ply", ".stl"]
    scenarios = [save_scenario(), autosave_scenario(), settings_scenario(), *map(export_scenario, exports)]
    counts = [f"{scenario.name} {every_fault(scenario, outcome)}" for scenario in scenarios]
    outcome.note = f"operations: {', '.join(counts)}; {len(FAULTS)} faults each"
    return outcome
