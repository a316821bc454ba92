"""The print check of the export dialog: the surface that would be written is looked at, in the background."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.document import Document
from app.editor import Editor
from app.panels.export_dialog import ExportDialog
from app.panels.print_check import PrintCheck
from app.worker import EditWorker
from core.edits.requests import CheckPrint, Export
from core.scene.scene import Scene
from tests.app.numpy_engine import NumpyEngine, make_shape, with_original

PRINT = 2
"""Place of the purpose."""


@pytest.fixture
def dialog(
    document: Document,
    threaded_worker: EditWorker,
    engine: NumpyEngine,
    shown: Callable[..., QWidget],
    qtbot: QtBot,
) -> ExportDialog:
    """Of a shape in one piece and one in six, on a real worker thread."""
    one, six = make_shape().subset([0]), make_shape(3, "s2", "Chair 2")
    document._load(Scene((one, six)), None)
    with qtbot.waitSignal(threaded_worker.engine_ready, timeout=5000):
        threaded_worker.start()
    editor = Editor(document, threaded_worker)
    qtbot.waitUntil(lambda: not threaded_worker.busy, timeout=5000)
    engine.requests.clear()
    dialog = ExportDialog(document, editor)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    shown(dialog, 560, 480)
    return dialog


def tick(dialog: ExportDialog, *rows: int) -> None:
    for row in range(dialog.shape_list.count()):
        state = Qt.CheckState.Checked if row in rows else Qt.CheckState.Unchecked
        dialog.shape_list.item(row).setCheckState(state)


def checked(engine: NumpyEngine) -> list[tuple[str, int, bool]]:
    """What was looked at."""
    return [
        (request.shape.id, request.resolution, request.keep_original)
        for request in engine.requests
        if isinstance(request, CheckPrint)
    ]


def test_what_would_be_written_is_checked_and_told(
    dialog: ExportDialog, engine: NumpyEngine, qtbot: QtBot
) -> None:
    check = dialog.print_check
    assert check.isHidden()
    engine.gate.clear()
    dialog.purpose_combo.setCurrentIndex(PRINT)
    # The window goes on meanwhile, and says how far it is.
    assert check.bar.isVisible()
    assert check.state.text() == "Checking Chair 1 for printing, as it will be written (128 cells)…"
    engine.gate.set()
    qtbot.waitUntil(lambda: check.problems.isVisible() and not check.bar.isVisible(), timeout=5000)
    assert check.problems.text().startswith("Chair 2 is in 6 pieces that do not touch")
    assert "Refine joints" in check.problems.text()
    assert checked(engine) == [("s1", 128, False), ("s2", 128, False)]
    assert dialog.export_button.isEnabled()
    tick(dialog, 0)
    assert check.state.text() == "Ready to print: closed, in one piece."
    assert not check.problems.isVisible()
    tick(dialog, 0, 1)
    assert len(checked(engine)) == 2  # known already
    dialog.purpose_combo.setCurrentIndex(1)
    assert check.isHidden()


def test_another_resolution_is_another_surface(
    dialog: ExportDialog, engine: NumpyEngine, threaded_worker: EditWorker, qtbot: QtBot
) -> None:
    tick(dialog, 0)
    engine.gate.clear()
    dialog.purpose_combo.setCurrentIndex(PRINT)
    qtbot.waitUntil(lambda: bool(checked(engine)), timeout=5000)
    with qtbot.waitSignal(threaded_worker.job_cancelled, timeout=5000):
        dialog.resolution_combo.setCurrentIndex(2)
    engine.torn = 1
    engine.gate.set()
    qtbot.waitUntil(lambda: "not closed at 256 cells" in dialog.print_check.problems.text(), timeout=5000)
    assert checked(engine) == [("s1", 128, False), ("s1", 256, False)]
    # One that was cancelled has found nothing.
    engine.torn = 0
    dialog.resolution_combo.setCurrentIndex(1)
    qtbot.waitUntil(lambda: dialog.print_check.state.text().startswith("Ready"), timeout=5000)


def test_hidden_parts_count_if_they_are_written(
    dialog: ExportDialog, engine: NumpyEngine, qtbot: QtBot, document: Document
) -> None:
    second = document.scene.shape("s2")
    for part_id in second.part_ids[1:]:
        document._show(
            document.scene.with_shape(document.scene.shape("s2").with_part(part_id, visible=False)), None
        )
    tick(dialog, 1)
    dialog.purpose_combo.setCurrentIndex(PRINT)
    qtbot.waitUntil(lambda: dialog.print_check.state.text().startswith("Ready"), timeout=5000)
    dialog.hidden_box.setChecked(True)
    qtbot.waitUntil(lambda: "6 pieces" in dialog.print_check.problems.text(), timeout=5000)


def test_closing_and_exporting_end_the_check(
    dialog: ExportDialog, engine: NumpyEngine, threaded_worker: EditWorker, qtbot: QtBot, tmp_path: Path
) -> None:
    engine.gate.clear()
    dialog.path_edit.setText(str(tmp_path / "chairs.3mf"))
    dialog.purpose_combo.setCurrentIndex(PRINT)
    qtbot.waitUntil(lambda: bool(checked(engine)), timeout=5000)
    with qtbot.waitSignal(threaded_worker.job_cancelled, timeout=5000):
        dialog.accept()
    engine.gate.set()
    qtbot.waitUntil(lambda: not threaded_worker.busy, timeout=5000)
    assert isinstance(engine.requests[-1], Export)
    assert len(checked(engine)) == 1


def test_a_check_that_fails_or_is_cancelled_elsewhere_says_so(
    dialog: ExportDialog, engine: NumpyEngine, threaded_worker: EditWorker, qtbot: QtBot
) -> None:
    check = dialog.print_check
    check.look_at([make_shape().subset([])], 64, False)
    qtbot.waitUntil(lambda: check.problems.text() == "There is nothing to check.", timeout=5000)
    engine.gate.clear()
    check.look_at([make_shape()], 64, False)
    threaded_worker.cancel_all()
    qtbot.waitUntil(lambda: "cancelled" in check.problems.text(), timeout=5000)


def test_parts_cut_from_a_file_are_no_print(
    inline_worker: EditWorker, engine: NumpyEngine, qtbot: QtBot
) -> None:
    check = PrintCheck(inline_worker)
    qtbot.addWidget(check)
    engine.torn = 1
    check.look_at([with_original(make_shape(), "chair.obj")], 64, True)
    assert "untick “Cut unedited parts from their file”" in check.problems.text()
    assert checked(engine)[-1] == ("s1", 64, True)
    # A shape that came from no file has nothing to be cut.
    check.look_at([make_shape(2)], 64, True)
    assert checked(engine)[-1] == ("s1", 64, False)
