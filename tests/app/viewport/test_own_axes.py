"""Handles along the axes of a part: where they are drawn, and what dragging them by the mouse does."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint

from app.viewport.canvas import Viewport
from app.viewport.transform import rotation
from tests.app.viewport.conftest import BACK, drag, move, select

pytestmark = pytest.mark.gl
EMPTY = QPoint(40, 440)


def centre(viewport: Viewport) -> np.ndarray:
    """Of the back."""
    return viewport.document.scene.shapes[0].extrinsics[BACK, :3].astype(np.float64)


def test_handles_along_own_axes_move_along_them(viewport: Viewport) -> None:
    turn = np.eye(4)
    turn[:3, :3] = rotation((0.0, 0.0, 1.0), np.radians(30))
    viewport.set_view("front")
    select(viewport, BACK)
    viewport.editor.transform_selection(turn, "Rotate")
    move(viewport, EMPTY)
    shown = viewport.grab_image(overlay=True, supersampling=1).astype(int)
    viewport.set_local_axes(True)
    now = viewport.grab_image(overlay=True, supersampling=1).astype(int)
    assert (np.abs(now - shown).max(axis=2) > 30).sum() > 200
    before = centre(viewport)
    arrow = next(h for h in viewport.tools.handles() if h.kind == "arrow" and h.constraint.axis == 0)
    along = arrow.line[-1] - arrow.line[0]
    assert np.degrees(np.arctan2(-along[1], along[0])) == pytest.approx(30, abs=3)
    tip = QPoint(*(round(value) for value in arrow.line[-1]))
    drag(viewport, tip, tip + QPoint(50, -10))
    moved = centre(viewport) - before
    assert np.linalg.norm(moved) > 0.1
    assert moved / np.linalg.norm(moved) == pytest.approx(turn[:3, 0], abs=1e-5)
    assert viewport.document.stack.undoText() == "Move back along its own x"
    # A plane: nothing across it. A circle: about the own axis.
    viewport.set_view("home")
    square = next(h for h in viewport.tools.handles() if h.kind == "square")
    before, middle = centre(viewport), QPoint(*(round(value) for value in square.line.mean(axis=0)))
    drag(viewport, middle, middle + QPoint(30, 12))
    moved = centre(viewport) - before
    assert np.linalg.norm(moved) > 0.05
    assert moved @ turn[:3, square.constraint.axis] == pytest.approx(0, abs=1e-5)
    viewport.tools.left()
    viewport.begin_tool("rotate")
    circle = next(h for h in viewport.tools.handles() if h.constraint and h.constraint.axis == 1)
    place = QPoint(*(round(value) for value in circle.line[len(circle.line) // 2]))
    drag(viewport, place, place + QPoint(40, 0))
    axes = viewport.document.scene.shapes[0].extrinsics[BACK, 3:12].reshape(3, 3)
    assert axes[1] == pytest.approx(turn[:3, 1], abs=1e-5)
    assert np.abs(axes[0] - turn[:3, 0]).max() > 0.05
    viewport.set_local_axes(False)
    assert not any(h.constraint.local for h in viewport.tools.handles() if h.constraint)
