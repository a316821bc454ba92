"""The middle of the window: the viewport, and beside it a second one while candidates are compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.edit_titles import is_raw
from app.panels.ingredients import Ingredient
from app.viewport.beside import Beside, Caption
from app.viewport.camera import Camera
from app.viewport.canvas import Viewport
from app.viewport.gizmo import CROSS_ROOM
from app.viewport.scene_geometry import extent
from core.edits import proposals
from core.edits.requests import Sampled
from core.edits.results import Candidate
from core.scene.scene import Scene

GAP = 2
"""Logical pixels between the two pictures."""


@dataclass(frozen=True, eq=False)
class Side:
    """What one side shows: a candidate in its place, or the scene as it is."""

    candidate: Candidate | None = None
    request: Sampled | None = None

    @property
    def acceptable(self) -> bool:
        return self.candidate is not None and not isinstance(self.candidate, Ingredient)


AS_IT_IS = Side()


def text_of(side: Side, empty: bool = False) -> str:
    """What a caption says; `empty` if the scene has nothing where candidates would stand."""
    if isinstance(side.candidate, Ingredient):
        return side.candidate.title
    if side.candidate is not None:
        raw = side.request is not None and is_raw(side.request)
        return "Raw mix" if raw else f"Candidate, seed {side.candidate.seed}"
    return "As it is: nothing here yet" if empty else "As it is"


class SideBySide(QWidget):
    """Viewport and comparison. Leaving restores camera and picture; the scene is never touched.

    Signals
    -------
    changed()
        A comparison was begun or ended, or shows something else.
    """

    changed = Signal()

    def __init__(self, viewport: Viewport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewport = viewport
        self.beside: Beside | None = None
        self.left, self.right = AS_IT_IS, AS_IT_IS
        self._camera_before: Camera | None = None
        self._empty = False
        """Whether what is compared would be a new shape, so that the scene has nothing in its place."""
        self._editor = viewport.editor
        self._caption = Caption(viewport, free=CROSS_ROOM)
        self._caption.accepted.connect(self._on_left_accepted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addWidget(viewport, 1)
        self.setFocusProxy(viewport)
        self._editor.document.scene_changed.connect(self._on_scene_changed)
        self._editor.candidate_hovered.connect(self._on_candidate_hovered)

    @property
    def comparing(self) -> bool:
        return self._camera_before is not None

    def toggle(self) -> None:
        """Compare the candidate that was looked at last with the scene, or end the comparison."""
        if self.comparing:
            self.close_comparison()
        elif self._editor.looked_at is None:
            self._editor.post("Hover a candidate first, or right-click one and choose “Compare”.", "warning")
        else:
            self.compare(*self._editor.looked_at)

    @Slot(object, object)
    def compare(self, candidate: Candidate, request: Sampled) -> None:
        """Show a candidate on the right; what was there before goes to the left."""
        reason = self._editor.stale_reason(request)
        if reason:
            self._editor.post(f"{reason} Run the edit again.", "warning")
            return
        if candidate in (self.left.candidate, self.right.candidate):
            return
        self.left, self.right = self.right, Side(candidate, request)
        if not self.comparing:
            self._begin(candidate, request)
        self._show()

    @Slot()
    def swap(self) -> None:
        """Exchange left and right."""
        self.left, self.right = self.right, self.left
        self._show()

    @Slot()
    def close_comparison(self) -> None:
        """Show one picture again, from where it was seen before."""
        if self._camera_before is None:
            return
        camera, self._camera_before = self._camera_before, None
        self.left, self.right = AS_IT_IS, AS_IT_IS
        if self.beside is not None:
            self.beside.hide()
        self._caption.hide()
        self._settle()
        self.viewport.pin(None)
        self.viewport.camera = camera
        self.viewport.setFocus()
        self.changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._caption.fit()

    # ------------------------------------------------------------------ inside

    def _begin(self, candidate: Candidate, request: Sampled) -> None:
        viewport = self.viewport
        viewport.cancel_tool()
        self._camera_before = viewport.goal
        if self.beside is None:
            self.beside = Beside(viewport, self)
            self.beside.caption.accepted.connect(self._on_right_accepted)
            self.beside.swap_button.clicked.connect(self.swap)
            self.beside.close_button.clicked.connect(self.close_comparison)
            layout = self.layout()
            assert isinstance(layout, QHBoxLayout)
            layout.addWidget(self.beside, 1)
        self.beside.show()
        self._settle()
        base = proposals.base_of(request)
        self._empty = base is None
        shape = candidate.shape if base is None else self._editor.scene.shape(base.id)
        low, high = extent(shape, list(range(len(shape.parts))))
        shift = np.asarray(self._editor.place_of(shape)) - np.asarray(shape.position)
        viewport.camera = viewport.goal.framing(low + shift, high + shift, viewport.view_size)

    def _settle(self) -> None:
        """Give both pictures their size now: the camera depends on it."""
        for layout in (self.layout(), self.viewport.layout()):
            if layout is not None:
                layout.activate()

    def _show(self) -> None:
        assert self.beside is not None
        self.viewport.pin(self.left.candidate)
        self._caption.show_text(text_of(self.left, self._empty), self.left.acceptable)
        self.beside.show_candidate(self.right.candidate)
        self.beside.caption.show_text(text_of(self.right, self._empty), self.right.acceptable)
        self.changed.emit()

    def _accept(self, side: Side) -> None:
        if side.candidate is not None and side.request is not None:
            self._editor.accept(side.candidate, side.request)

    @Slot()
    def _on_left_accepted(self) -> None:
        self._accept(self.left)

    @Slot()
    def _on_right_accepted(self) -> None:
        self._accept(self.right)

    @Slot(object)
    def _on_candidate_hovered(self, candidate: Candidate | None) -> None:
        # A candidate under the mouse is shown on the left, as always.
        if self.comparing:
            if candidate is None:
                self._caption.show_text(text_of(self.left, self._empty), self.left.acceptable)
            else:
                known = self._editor.looked_at
                request = known[1] if known is not None and known[0] is candidate else None
                self._caption.show_text(text_of(Side(candidate, request)), False)

    @Slot(object, object)
    def _on_scene_changed(self, _old: Scene, _new: Scene) -> None:
        # Whatever was decided or edited, what was compared is no choice any more.
        self.close_comparison()
