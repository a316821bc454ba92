"""Meshes of other programs in the window: dropped, placed in the dialog, fitted, compared, exported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.application import Workbench
from app.heat import FAR, STOPS, heat_colors
from app.panels.export_dialog import ExportDialog
from app.panels.import_dialog import ImportDialog
from core.edits.requests import Encode, Export, Fit
from tests.app import numpy_engine
from tests.app.numpy_engine import NumpyEngine, inspected


def drop(workbench: Workbench, path: Path) -> ImportDialog:
    """Drop a file onto the window as the desktop does, and wait for the dialog."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    actions, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    keys = Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(50, 50), actions, data, buttons, keys)
    QApplication.sendEvent(workbench.window, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(workbench.window, QDropEvent(QPointF(50, 50), actions, data, buttons, keys))
    (dialog,) = workbench.window.findChildren(ImportDialog)
    assert dialog.isVisible()
    return dialog


def picture(dialog: ImportDialog) -> np.ndarray:
    image = dialog.picture.pixmap().toImage()
    return np.frombuffer(image.constBits(), np.uint8).copy()


def test_a_unit_is_taken_over_before_the_axes_are_known(
    workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numpy_engine, "inspected", lambda request: replace(inspected(request), unit=0.01))
    (tmp_path / "box.3mf").write_bytes(b"PK")
    dialog = drop(workbench, tmp_path / "box.3mf")
    assert (dialog.placement.up, dialog.placement.front, dialog.unit) == ("+z", "-y", 0.01)
    dialog.reject()


@pytest.mark.gl
def test_a_dropped_mesh_is_placed_fitted_and_compared(
    workbench: Workbench, engine: NumpyEngine, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "box.3mf"
    path.write_bytes(b"PK")
    dialog = drop(workbench, path)
    assert (dialog.placement.up, dialog.placement.front) == ("+z", "-y")
    assert dialog.size_label.text() == "2 × 6 × 4 m (w × h × d)"
    before = picture(dialog)
    dialog.up_combo.setCurrentIndex(dialog.up_combo.findData("+x"))
    assert dialog.front_combo.findData("-x") == -1
    assert not np.array_equal(picture(dialog), before)
    dialog.front_combo.setCurrentIndex(dialog.front_combo.findData("+z"))
    dialog.unit_combo.setCurrentIndex(dialog.unit_combo.findData(0.01))
    assert dialog.size_label.text() == "0.04 × 0.02 × 0.06 m (w × h × d)"
    dialog.scale_box.setChecked(False)
    assert dialog.placement.scale == 1.0
    dialog.scale_box.setChecked(True)
    dialog.fit_box.setChecked(True)
    qtbot.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    (encode,) = [request for request in engine.requests if isinstance(request, Encode)]
    assert encode.placement is not None
    assert (encode.placement.up, encode.placement.front, encode.unit) == ("+x", "+z", 0.01)
    assert encode.placement.scale == pytest.approx(0.3)
    (fit,) = [request for request in engine.requests if isinstance(request, Fit)]
    shape = workbench.document.scene.shapes[-1]
    assert shape.name == fit.base.name == "box 1"
    assert shape.extrinsics[0, 0] == pytest.approx(fit.base.extrinsics[0, 0] + 0.01)
    assert "IoU 0.800" in workbench.window.message.text()
    assert "IoU 0.900" in workbench.window.message.text()
    workbench.document.stack.undo()
    assert workbench.document.scene.shapes[-1] is fit.base

    action = workbench.window.menus.actions["view.compare"]
    plain = workbench.window.viewport.grab_image()
    action.trigger()
    assert workbench.window.originals.comparison is not None
    assert action.isChecked()
    heat = workbench.window.viewport.grab_image()
    assert np.abs(heat.astype(int) - plain).max() > 60
    action.trigger()
    assert workbench.window.originals.comparison is None
    np.testing.assert_array_equal(workbench.window.viewport.grab_image(), plain)

    export = ExportDialog(workbench.document, workbench.editor, workbench.window)
    export.path_edit.setText(str(tmp_path / "out.glb"))
    export.frame_box.setChecked(True)
    export.keep_box.setChecked(True)
    export.accept()
    (request,) = [request for request in engine.requests if isinstance(request, Export)]
    assert request.original_frame
    assert request.keep_original


def test_a_file_that_cannot_be_read_says_why_in_the_dialog(workbench: Workbench, tmp_path: Path) -> None:
    dialog = drop(workbench, tmp_path / "gone.obj")
    assert "gone.obj cannot be read" in dialog.facts.text()
    assert not dialog.import_button.isEnabled()
    dialog.reject()


def test_fit_and_compare_need_an_imported_shape(workbench: Workbench) -> None:
    actions = workbench.window.menus.actions
    assert not actions["view.compare"].isEnabled()
    assert not actions["create.fit"].isEnabled()
    workbench.window.originals.toggle_comparison()
    assert "imported from a mesh file" in workbench.window.message.text()
    assert not workbench.window.originals.comparing


def test_colours_of_distances_run_from_the_first_stop_to_the_last() -> None:
    colors = heat_colors(np.array([0.0, 0.025, 0.05, 9.0], np.float32), FAR)
    np.testing.assert_allclose(colors, STOPS[[0, 2, 4, 4]], atol=1e-6)
