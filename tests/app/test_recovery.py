"""Unsaved work survives a killed process; files of the person are never touched."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

import app.generations
import app.recovery
from app.document import Document
from app.generations import NEWEST, OLDER, generations, superseded
from app.lost_work import Facts, Lost, find_lost, newest_scene
from app.panels.recovery_dialog import RecoveryDialog, age, describe
from app.recovery import Recovery
from core.edits.requests import Generate
from core.edits.results import Candidate
from core.scene.scene import Scene
from core.scene.storage import read_scene, write_scene
from tests.app.numpy_engine import make_mesh, make_shape

EDIT_AND_DIE = """
import sys, os
from pathlib import Path
from PySide6.QtCore import QCoreApplication
import app.recovery
from app.document import Document
from app.recovery import Recovery
from core.scene.scene import Scene
from tests.app.numpy_engine import make_shape
app = QCoreApplication([])
document = Document()
recovery = Recovery(document, Path(sys.argv[1]))
if len(sys.argv) > 2:
    document.open(Path(sys.argv[2]))
document.apply(Scene((make_shape(),)), "Add")
recovery.keep()
print("kept", flush=True)
sys.stdin.read()
"""


def killed(root: Path, folder: Path, scene: Path | None = None) -> Path:
    """An editor that made an unsaved change and was killed; its recovery folder."""
    arguments = [str(folder)] + ([str(scene)] if scene else [])
    process = subprocess.Popen(
        [sys.executable, "-c", EDIT_AND_DIE, *arguments],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"kept\n"
    # While it runs its work is not lost, and not offered.
    assert find_lost(folder) == []
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return next(folder.iterdir())


def changed(document: Document, count: int = 1) -> None:
    for number in range(count):
        shape = make_shape(number, f"s{len(document.scene) + 1}")
        document.apply(document.scene.with_shape(shape), "Add")


def test_what_a_killed_editor_had_is_found(root: Path, tmp_path: Path) -> None:
    session = killed(root, tmp_path / "recovery")
    (lost,) = find_lost(tmp_path / "recovery")
    assert lost.folder == session
    assert lost.title == "Untitled"
    assert [shape.latent_hash for shape in lost.scene] == [make_shape().latent_hash]
    # Looking is harmless: a second crash before anything was decided loses nothing.
    assert len(find_lost(tmp_path / "recovery")) == 1


def test_a_damaged_newest_snapshot_gives_way_to_the_one_before(document: Document, tmp_path: Path) -> None:
    recovery = Recovery(document, tmp_path)
    for _ in range(NEWEST + 2):
        changed(document)
        recovery.keep()
    session = recovery.session
    assert session is not None
    snapshots = sorted(session.glob("*.partsmith"))
    assert len(snapshots) == NEWEST + 1
    snapshots[-1].write_bytes(snapshots[-1].read_bytes()[:200])
    assert recovery._lock is not None
    recovery._lock.unlock()
    (lost,) = find_lost(tmp_path)
    assert len(lost.scene) == NEWEST + 1


def test_generations_of_hours_are_kept_and_few() -> None:
    """Simulated: a change every two seconds for ten hours, thinned out after each."""
    kept: dict[int, float] = {}
    for number in range(18_000):
        now = 2.0 * number
        kept[number] = now
        for old in superseded(kept.items(), now):
            del kept[old]
        assert list(kept)[-NEWEST:] == list(range(max(number - NEWEST + 1, 0), number + 1))
        assert len(kept) <= NEWEST + OLDER
    ages = [now - moment for moment in kept.values()]
    for low, high in ((60, 600), (600, 3600), (3600, 4 * 3600)):
        assert [age for age in ages if low <= age <= high], ages


def test_every_generation_can_be_opened_and_none_is_lost(
    document: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.generations, "APART", 0.0)
    monkeypatch.setattr(app.recovery, "superseded", lambda moments, now: [])
    recovery = Recovery(document, tmp_path / "recovery")
    for _ in range(4):
        changed(document)
        recovery.keep()
    assert recovery.session is not None
    assert recovery._lock is not None
    snapshots = sorted(recovery.session.glob("*.partsmith"))
    snapshots[-1].write_bytes(b"PK")
    recovery._lock.unlock()
    (lost,) = find_lost(tmp_path / "recovery")
    found = generations(lost)
    assert [len(item.scene) if item.scene else None for item in found] == [None, 3, 2, 1]
    assert [item.newest for item in found] == [False, True, False, False]
    other = Document()
    other_recovery = Recovery(other, tmp_path / "recovery")
    other_recovery.restore(lost, found[3])
    assert len(other.scene) == 1
    assert other.path is None
    assert sorted(recovery.session.glob("*.partsmith")) == snapshots
    other_recovery.restore(lost, found[1])
    assert len(other.scene) == 3
    assert not recovery.session.exists()
    other_recovery.close()


def test_restoring_gives_an_unsaved_scene_and_touches_no_file(
    root: Path, document: Document, tmp_path: Path
) -> None:
    document.apply(Scene((make_shape(7),)), "Add")
    mine = tmp_path / "mine.partsmith"
    document.save(mine)
    before = mine.read_bytes()
    session = killed(root, tmp_path / "recovery", mine)
    (lost,) = find_lost(tmp_path / "recovery")
    assert lost.title == "mine"
    other = Document()
    recovery = Recovery(other, tmp_path / "recovery")
    recovery.restore(lost)
    assert other.modified
    assert other.path is None
    assert [shape.latent_hash for shape in other.scene] == [make_shape().latent_hash]
    assert mine.read_bytes() == before
    # The restored scene is kept by this editor before the old snapshots go.
    assert not session.exists()
    assert recovery.session is not None
    assert len(read_scene(max(recovery.session.glob("*.partsmith")))) == 1
    recovery.close()
    assert list((tmp_path / "recovery").iterdir()) == []


def test_saved_work_leaves_nothing_to_recover(document: Document, tmp_path: Path) -> None:
    recovery = Recovery(document, tmp_path / "recovery")
    changed(document)
    recovery.keep()
    assert recovery.session is not None
    assert list(recovery.session.glob("*.partsmith"))
    document.save(tmp_path / "a.partsmith")
    assert not list(recovery.session.glob("*.partsmith"))
    assert not document.modified
    document.new()
    assert not document.modified
    recovery.close()


def test_changes_are_written_by_themselves(document: Document, tmp_path: Path, qtbot: QtBot) -> None:
    recovery = Recovery(document, tmp_path)
    recovery._timer.setInterval(10)
    changed(document)
    qtbot.waitUntil(lambda: recovery.session is not None and bool(list(recovery.session.glob("*.partsmith"))))
    recovery.close()


def test_a_file_in_place_of_the_folder_is_told(document: Document, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "recovery").write_text("")
    recovery = Recovery(document, tmp_path / "recovery")
    assert find_lost(tmp_path / "recovery") == []
    changed(document)
    with qtbot.waitSignal(recovery.failed):
        recovery.keep()
    # Told once, not every two seconds, and again if it fails again after it worked.
    with qtbot.assertNotEmitted(recovery.failed, wait=50):
        recovery.keep()
    (tmp_path / "recovery").unlink()
    recovery.keep()
    assert recovery.session is not None
    # Tidied up by somebody: a new folder is made.
    shutil.rmtree(tmp_path / "recovery")
    recovery.keep()
    assert newest_scene(recovery.session) is not None
    shutil.rmtree(tmp_path / "recovery")
    (tmp_path / "recovery").write_text("")
    with qtbot.waitSignal(recovery.failed):
        recovery.keep()


def test_a_slow_disk_is_not_waited_for(
    document: Document, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = threading.Event()

    def write_slowly(scene: Scene, path: Path) -> None:
        assert slow.wait(10)
        write_scene(scene, path)

    monkeypatch.setattr(app.recovery, "write_scene", write_slowly)
    recovery = Recovery(document, tmp_path / "recovery")
    recovery._timer.setInterval(5)
    changed(document)
    qtbot.waitUntil(lambda: recovery.session is not None)
    changed(document)
    qtbot.wait(50)  # due again and again while the first is being written
    assert recovery._number == 1
    document.save(tmp_path / "mine.partsmith")
    slow.set()
    qtbot.waitUntil(lambda: recovery._writer is not None and not recovery._writer.is_alive())
    # What was being written while the scene was saved is out of date and gone.
    assert recovery.session is not None
    assert not list(recovery.session.glob("*.partsmith"))
    changed(document)
    recovery.keep()
    assert len(read_scene(max(recovery.session.glob("*.partsmith")))) == 3
    recovery.close()


def test_finished_candidates_are_kept_at_once_and_come_back_hidden(
    document: Document, tmp_path: Path, qtbot: QtBot
) -> None:
    recovery = Recovery(document, tmp_path)
    shapes = [replace(make_shape(seed), id="candidate", name="Chair") for seed in (0, 5, 6)]
    made = tuple(Candidate(shape, make_mesh(shape, 32), np.zeros((1, 1, 3), np.uint8), 0) for shape in shapes)
    for place, candidate in enumerate(made):
        recovery.keep_candidate(Generate(count=3), place, candidate)
    qtbot.waitUntil(lambda: recovery._writer is not None and not recovery._writer.is_alive())
    document.apply(Scene((make_shape(0),)), "Accept the first")
    recovery.keep()
    assert recovery._lock is not None
    recovery._lock.unlock()
    (lost,) = find_lost(tmp_path)
    # The one that was accepted is in the scene already.
    assert [shape.latent_hash for shape in lost.candidates] == [shape.latent_hash for shape in shapes[1:]]
    assert [shape.visible for shape in lost.whole] == [True, False, False]
    assert len({shape.position for shape in lost.whole}) == 3
    assert describe(lost, time.time()) == "Untitled\n1 shape, 2 candidates\nless than a minute ago"
    # With nothing else to see, candidates are shown.
    assert all(shape.visible for shape in replace(lost, scene=Scene()).whole)


def test_ages_are_told_in_words() -> None:
    for seconds, words in (
        (0, "less than a minute"),
        (60, "1 minute"),
        (7300, "2 hours"),
        (900_000, "10 days"),
    ):
        assert age(1e9, 1e9 + seconds) == f"{words} ago"
    # A clock that was set back, or a file that does not say.
    assert age(1e9, 1e9 - 3600) == age(None, 1e9) == "at an unknown time"


@pytest.fixture
def dialog(document: Document, tmp_path: Path, qtbot: QtBot) -> RecoveryDialog:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    lost = [
        Lost(tmp_path / "one", Scene((make_shape(1),)), Facts("First")),
        Lost(tmp_path / "two", Scene((make_shape(2), make_shape(3, "s2"))), Facts("Second")),
    ]
    recovery = Recovery(document, tmp_path / "recovery", document)
    dialog = RecoveryDialog(recovery, lost)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def test_the_dialog_recovers_what_is_chosen(dialog: RecoveryDialog, document: Document) -> None:
    assert dialog.list.item(0).text() == "Second\n2 shapes\nat an unknown time"
    assert dialog.generations.item(0).text() == (
        "Newest, at an unknown time\n2 shapes of 12 parts\nChair 1, Chair 1"
    )
    dialog.list.setCurrentRow(1)
    QTest.mouseClick(dialog.recover_button, Qt.MouseButton.LeftButton)
    assert [shape.latent_hash for shape in document.scene] == [make_shape(1).latent_hash]
    assert document.modified
    assert not dialog.isVisible()


def test_discarding_asks_first_and_later_keeps_everything(
    dialog: RecoveryDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answers.pop(0))
    QTest.mouseClick(dialog.discard_button, Qt.MouseButton.LeftButton)
    assert (tmp_path / "two").exists()
    QTest.mouseClick(dialog.discard_button, Qt.MouseButton.LeftButton)
    assert not (tmp_path / "two").exists()
    assert dialog.list.count() == 1
    QTest.mouseClick(dialog.later_button, Qt.MouseButton.LeftButton)
    assert (tmp_path / "one").exists()
    assert not dialog.isVisible()


@pytest.fixture
def old_and_new(document: Document, tmp_path: Path, qtbot: QtBot) -> RecoveryDialog:
    """A dialog about one editor with a damaged snapshot, and three others of one to three shapes."""
    session = tmp_path / "recovery" / "dead"
    session.mkdir(parents=True)
    for number in range(1, 4):
        shapes = tuple(make_shape(seed, f"s{seed}") for seed in range(1, number + 1))
        write_scene(Scene(shapes), session / f"{number:06d}.partsmith")
    (session / "000004.partsmith").write_bytes(b"PK")
    (lost,) = find_lost(tmp_path / "recovery")
    dialog = RecoveryDialog(Recovery(document, tmp_path / "recovery", document), [lost])
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def click_row(dialog: RecoveryDialog, row: int) -> None:
    view = dialog.generations
    middle = view.visualItemRect(view.item(row)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle)


def test_an_older_generation_is_chosen_by_a_click(
    old_and_new: RecoveryDialog, document: Document, tmp_path: Path
) -> None:
    dialog = old_and_new
    assert dialog.list.isHidden()
    assert [dialog.generations.item(row).text().split("\n")[0] for row in range(2)] == [
        "Cannot be read",
        "Newest, less than a minute ago",
    ]
    # The newest that can be read is offered; the damaged one cannot be chosen.
    assert dialog.generations.currentRow() == 1
    click_row(dialog, 0)
    assert dialog.generations.currentRow() == 1
    assert dialog.note.isHidden()
    click_row(dialog, 3)
    assert not dialog.note.isHidden()
    QTest.mouseClick(dialog.recover_button, Qt.MouseButton.LeftButton)
    assert len(document.scene) == 1
    assert not dialog.isVisible()
    # Newer generations may be missed later: they stay, and are offered again.
    assert len(find_lost(tmp_path / "recovery")[0].scene) == 3
