"""Trainings in the window: a real one at a tiny size is begun, watched, stopped, continued and used."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from app.application import Workbench
from app.panels.edit_pages import GeneratePage
from app.panels.log_dialog import LogDialog
from app.panels.training_dialog import TrainingDialog
from app.trainings import TrainingOptions, Trainings
from core import places
from core.edits.engine import Engine
from core.edits.model_info import ModelInfo
from core.edits.results import Candidates
from core.training_run import held, stop
from tests.app.panels.conftest import Desk
from tests.core.training.boxes import write_boxes
from tests.tiny import TINY_CHECKPOINT

LEFT = Qt.MouseButton.LeftButton
TINY = ("--steps", "4000", "--batch", "4", "--points", "64", "--namer-steps", "2", "--workers", "1", "--fp32",
        "--device", "cpu", "--save-steps", "4000")  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where models and trainings are kept; no process is left behind."""
    monkeypatch.setenv(places.USER_VARIABLE, str(tmp_path / "mine" / "models"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    yield tmp_path / "mine"
    for folder in (tmp_path / "mine" / "training").glob("*"):
        stop(folder)


@pytest.fixture
def dialog(home: Path, desk: Desk, shown: Callable[..., QWidget]) -> TrainingDialog:
    dialog = TrainingDialog(Trainings(), desk.worker)
    dialog._timer.setInterval(50)
    shown(dialog, 940, 720)
    return dialog


def written(home: Path, name: str, **progress: object) -> Path:
    """What a training that has ended has left."""
    run = home / "training" / name
    log = run / "round-1" / "representation" / "log.jsonl"
    log.parent.mkdir(parents=True)
    (run / "samples").mkdir()
    skipped = [{"file": "sheet.ply", "reason": "it has no inside"}]
    (run / "samples" / "report.json").write_text(json.dumps({"usable": 12, "skipped": skipped}))
    command = {"name": name, "data": "lamps", "model": str(home / "models" / name), "arguments": []}
    (run / "command.json").write_text(json.dumps(command))
    known = {"stage": "representation", "round": 1, "rounds": 2, "fraction": 0.1, "eta": 60}
    (run / "progress.json").write_text(json.dumps(known | progress))
    lines = [{"step": step, "loss": 1 / step, "norm": 1.0} for step in (1, 50, 100)]
    lines.append({"step": 100, "validation_iou": 0.5})
    log.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return run


@pytest.mark.gl
def test_a_training_is_begun_watched_stopped_and_continued(
    dialog: TrainingDialog, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    meshes = write_boxes(tmp_path / "boxes")
    (meshes / "broken.obj").write_text("v 1 2 nan\nf 1 2 3\n")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(meshes))
    dialog.form.start_combo.addItem("Tiny", str(TINY_CHECKPOINT))
    dialog.form.start_combo.setCurrentIndex(dialog.form.start_combo.count() - 1)
    QTest.mouseClick(dialog.form.data_button, LEFT)
    assert dialog.form.name_edit.text() == "boxes"
    plain = TrainingOptions.arguments
    monkeypatch.setattr(TrainingOptions, "arguments", lambda self: [*plain(self), *TINY])
    QTest.mouseClick(dialog.form.start_button, LEFT)
    assert not dialog.form.start_button.isEnabled(), dialog.form.reason.text()
    qtbot.waitUntil(lambda: dialog.run is not None, timeout=120_000)
    assert dialog.run is not None
    assert dialog.run.running
    # It runs in a process of its own, which is not this one.
    assert int((dialog.run.folder / "running").read_text()) != os.getpid()
    curves = dialog.view.curves
    qtbot.waitUntil(
        lambda: curves.shown_log is not None and "loss" in curves.shown_log.curves, timeout=120_000
    )
    assert dialog.view.skipped.topLevelItem(0).text(0) == "broken.obj"
    # An editor that starts now finds it.
    assert [run.running for run in Trainings().all()] == [True]
    QTest.mouseClick(dialog.view.stop_button, LEFT)
    qtbot.waitUntil(lambda: dialog.run is not None and not dialog.run.running, timeout=60_000)
    assert "Stopped" in dialog.view.stage.text()
    assert not dialog.view.use_button.isEnabled()
    qtbot.waitUntil(dialog.view.continue_button.isEnabled, timeout=60_000)
    QTest.mouseClick(dialog.view.continue_button, LEFT)
    assert dialog.view.continue_button.text() == "Starting…"
    assert not dialog.view.continue_button.isEnabled()
    qtbot.waitUntil(lambda: dialog.run is not None and dialog.run.running, timeout=120_000)
    # An interrupt before the first step of a loop may go unheard: the steps go on first.
    output = dialog.run.folder / "output.txt"
    qtbot.waitUntil(lambda: "resumed at step" in output.read_text(encoding="utf-8"), timeout=60_000)
    qtbot.wait(1000)
    assert stop(dialog.run.folder)
    qtbot.waitUntil(lambda: not dialog._trainings.starting(home / "training" / "boxes"), timeout=60_000)


@pytest.mark.gl
def test_what_cannot_be_trained_on_is_told_at_once(
    dialog: TrainingDialog, home: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    form = dialog.form

    def begin() -> str:
        QTest.mouseClick(form.start_button, LEFT)
        return form.reason.text()

    assert "folder of meshes" in begin()
    QTest.keyClicks(form.data_edit, str(tmp_path))
    form.name_edit.clear()
    QTest.keyClicks(form.name_edit, "two words")
    assert "letters" in begin()
    (home / "models" / "lamps").mkdir(parents=True)
    form.name_edit.clear()
    QTest.keyClicks(form.name_edit, "lamps")
    assert "another name" in begin()
    form.name_edit.clear()
    QTest.keyClicks(form.name_edit, "chairs")
    QTest.keyClicks(form.captions_edit, str(tmp_path / "none.csv"))
    assert "captions" in begin()
    assert dialog.run is None


@pytest.mark.gl
def test_trainings_are_found_again_and_their_models_used(
    home: Path, workbench: Workbench, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    window = workbench.window
    stopped = written(home, "stopped")
    window.dialogs.tell_of_trainings()
    assert "stopped" not in window.message.text()
    with held(stopped):
        window.dialogs.tell_of_trainings()
        assert "Training goes on: stopped (10 %" in window.message.text()
    failed = written(home, "failed")
    (failed / "output.txt").write_text("partsmith train: 1 usable meshes are too few\n")
    done = written(home, "chair", stage="done", round=2, fraction=1.0)
    model = home / "models" / workbench.worker.info.checkpoint_id
    model.mkdir(parents=True)
    (model / "card.json").write_text("{}")
    command = json.loads((done / "command.json").read_text())
    (done / "command.json").write_text(json.dumps(command | {"name": model.name, "model": str(model)}))
    window.menus.actions["create.train"].trigger()
    (dialog,) = window.findChildren(TrainingDialog)
    shown = {dialog.list.item(row).text() for row in range(1, 4)}
    assert shown == {"stopped\nStopped at 10 %", "failed\nFailed", f"{model.name}\nDone"}
    for row in range(1, 4):
        QTest.mouseClick(
            dialog.list.viewport(), LEFT, pos=dialog.list.visualItemRect(dialog.list.item(row)).center()
        )
        assert dialog.run is not None
        log = dialog.view.curves.shown_log
        assert log is not None
        assert log.curves["loss"] == ([1, 50, 100], [1.0, 0.02, 0.01])
        assert dialog.view.use_button.isEnabled() == dialog.run.done
        if dialog.run.problem:
            assert "too few" in dialog.view.stage.text()
        if dialog.run.done:
            QTest.mouseClick(dialog.view.use_button, LEFT)
            qtbot.waitUntil(lambda: model.name in window.message.text(), timeout=10_000)
    assert window.edit_panel.page.checkpoint == model.name  # type: ignore[union-attr]


@pytest.mark.gl
def test_the_model_of_a_training_makes_shapes(home: Path, workbench: Workbench, qtbot: QtBot) -> None:
    """With the real engine: read anew, it finds the model, and the generate page uses it."""
    model = home / "models" / "boxes"
    shutil.copytree(TINY_CHECKPOINT, model)
    card = json.loads((model / "card.json").read_text())
    (model / "card.json").write_text(json.dumps(card | {"id": "boxes"}))
    written(home, "boxes", stage="done", round=2, fraction=1.0)
    window = workbench.window
    window.make_engine = lambda device: Engine(TINY_CHECKPOINT, "cpu", resolution=32)
    window.menus.actions["create.train"].trigger()
    (dialog,) = window.findChildren(TrainingDialog)
    QTest.mouseClick(dialog.view.use_button, LEFT)
    qtbot.waitUntil(lambda: "with boxes now" in window.message.text(), timeout=20_000)
    page = window.edit_panel.page
    assert isinstance(page, GeneratePage)
    assert page.checkpoint == "boxes"
    found: list[Candidates] = []
    window.editor.candidates_arrived.connect(found.append)
    QTest.mouseClick(window.edit_panel.run_button, LEFT)
    qtbot.waitUntil(lambda: bool(found), timeout=20_000)
    assert {item.shape.checkpoint for item in found[0].items} == {"boxes"}


@pytest.mark.gl
def test_only_models_that_can_be_trained_further_are_offered(dialog: TrainingDialog) -> None:
    models = (ModelInfo("chairs-1", "chair"), ModelInfo("salad", "chair", trainable=False))
    dialog.form.show_models(models)
    combo = dialog.form.start_combo
    assert [combo.itemData(row) for row in range(combo.count())] == ["", "chairs-1", "none"]


@pytest.mark.gl
def test_any_log_is_drawn_as_it_grows(
    home: Path, workbench: Workbench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    log = written(home, "lamps") / "round-1" / "representation" / "log.jsonl"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(log), ""))
    workbench.window.menus.actions["create.training_log"].trigger()
    (dialog,) = workbench.window.findChildren(LogDialog)
    assert "Step 100" in dialog.curves.note.text()
    with log.open("a") as file:
        file.write('{"step": 120, "lo')
    dialog.refresh()
    assert "Step 100" in dialog.curves.note.text()
    with log.open("a") as file:
        file.write('ss": 0.005}\n')
    dialog.refresh()
    assert "Step 120" in dialog.curves.note.text()
    # A training that was killed does some steps again.
    with log.open("a") as file:
        file.write('{"step": 50, "loss": 0.03}\n')
    dialog.refresh()
    shown = dialog.curves.shown_log
    assert shown is not None
    assert shown.curves["loss"] == ([1, 50], [1.0, 0.03])
    dialog.close()
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text("no log\n")
    other = LogDialog(wrong)
    assert "no training log" in other.curves.note.text()
    other.close()
