"""Replaying how a candidate came out of noise: Gaussians step by step, its surface at the end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from app.editor import Editor
from app.viewport.canvas import Viewport
from app.viewport.replay_bar import ReplayBar
from core.edits.requests import Sampled
from core.edits.results import Candidate
from core.scene.shape import Mesh

_NONE = np.zeros((0, 3))
NO_SURFACE = Mesh(
    _NONE.astype(np.float32), _NONE.astype(np.float32), _NONE.astype(np.int32), np.zeros(0, np.int32)
)


class Replaying(QObject):
    """The replay of a window, open while its bar is. The scene is not touched.

    Signals
    -------
    changed()
        It was opened or closed.
    """

    changed = Signal()

    def __init__(self, editor: Editor, viewport: Viewport, parent: QObject) -> None:
        super().__init__(parent)
        self._editor, self._viewport = editor, viewport
        self.bar: ReplayBar = viewport.replay_bar
        self._shown: tuple[Candidate, Sampled] | None = None
        self.bar.step_changed.connect(self._on_step_changed)
        self.bar.accepted.connect(self._on_accepted)
        self.bar.closed.connect(self.close)
        editor.document.scene_changed.connect(self._on_scene_changed)

    @property
    def open(self) -> bool:
        return self._shown is not None

    @Slot(object, object)
    def show(self, candidate: Candidate, request: Sampled) -> None:
        """Open the bar for a candidate, at its end, and play; with reduced motion it waits for the person."""
        reason = self._editor.stale_reason(request)
        if reason or not candidate.replay:
            why = f"{reason} Run the edit again." if reason else "Nothing was sampled in this candidate."
            self._editor.post(why, "warning")
            return
        self._viewport.cancel_tool()
        self._viewport.explode_bar.close_view()
        self._editor.look_at(None)
        self._shown = (candidate, request)
        self.bar.open(f"Seed {candidate.seed}", len(candidate.replay))
        if self._viewport.animated:
            self.bar.toggle_play()
        self.changed.emit()

    @Slot()
    def close(self) -> None:
        """Show the scene as it is; nothing happens if no replay is open."""
        if self._shown is None:
            return
        self._shown = None
        self.bar.stop()
        self.bar.hide()
        self._viewport.pin(None)
        self._viewport.setFocus()
        self.changed.emit()

    @Slot(int)
    def _on_step_changed(self, step: int) -> None:
        if self._shown is None:
            return
        candidate, _ = self._shown
        if step < len(candidate.replay):
            shape = replace(candidate.shape, extrinsics=candidate.replay[step])
            candidate = replace(candidate, shape=shape, mesh=NO_SURFACE)
        self._viewport.pin(candidate)

    @Slot()
    def _on_accepted(self) -> None:
        if self._shown is not None:
            self._editor.accept(*self._shown)

    @Slot(object, object)
    def _on_scene_changed(self, _old: object, _new: object) -> None:
        self.close()
