"""Photographs of the window's screens, for people to judge; each must differ from the plain window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.application import Workbench
from app.panels.export_dialog import ExportDialog

pytestmark = pytest.mark.gl
SCREENS = Path(__file__).parents[2] / "out" / "screens"


def photograph(workbench: Workbench, name: str) -> np.ndarray:
    """Save what is on screen of the window; float32 [H, W, 3]."""
    QApplication.processEvents()
    SCREENS.mkdir(parents=True, exist_ok=True)
    image = workbench.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    assert image.save(str(SCREENS / f"{name}.png"))
    raw = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return raw[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(np.float32)


def test_export_for_a_printer(workbench: Workbench) -> None:
    workbench.window.menus.actions["file.export"].trigger()
    (dialog,) = workbench.window.findChildren(ExportDialog)
    before = dialog.grab().toImage()
    dialog.purpose_combo.setCurrentIndex(2)
    QApplication.processEvents()
    picture = dialog.grab().toImage()
    SCREENS.mkdir(parents=True, exist_ok=True)
    assert picture.save(str(SCREENS / "export.png"))
    assert picture != before
    dialog.reject()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_ways_to_look(workbench: Workbench, theme: str) -> None:
    window = workbench.window
    window.set_theme(theme)
    plain = photograph(workbench, f"surface_{theme}")
    for mode in ("x-ray", "wireframe", "clay"):
        window.menus.actions[f"view.display_{mode.replace('-', '_')}"].trigger()
        assert (np.abs(photograph(workbench, f"{mode}_{theme}") - plain).max(axis=2) > 6).sum() > 1000
    window.menus.actions["view.display_surface"].trigger()
    explode = window.menus.actions["view.explode"]
    explode.trigger()
    assert explode.isChecked()
    assert (np.abs(photograph(workbench, f"exploded_{theme}") - plain).max(axis=2) > 6).sum() > 1000
    window.viewport.explode_bar.close_button.click()
    assert not explode.isChecked()
