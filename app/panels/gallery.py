"""The gallery: proposals wait here, grouped by the request that made them, until one is accepted."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QDrag, QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from app import theme
from app.document import Document
from app.drag_out import DraggedCandidate
from app.edit_titles import is_raw
from app.editor import Editor
from app.panels.candidate_group import CandidateGroup
from app.panels.candidate_tile import SIDE
from app.panels.images import filled, to_pixmap
from app.panels.ingredients import Ingredient, ingredients_of, outdated
from app.panels.provenance import counted
from app.panels.widgets import Elided, EmptyState, labelled_button, row, set_role
from core.edits.job import Preview
from core.edits.proposals import base_of
from core.edits.requests import Mix, Sampled
from core.edits.results import Candidate, Candidates

MAX_GROUPS = 24
"""Older groups make room: a candidate with its mesh takes a few megabytes."""


STRIP_HEIGHT = SIDE + 76
"""Room for a tile, its group's two lines of text and the scroll bar."""


class CandidateStrip(QScrollArea):
    """Horizontal scroll area that the wheel scrolls sideways."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        bar = self.horizontalScrollBar()
        delta = event.angleDelta().y() or event.angleDelta().x()
        bar.setValue(bar.value() - delta)
        event.accept()


class Gallery(QWidget):
    """Strip of candidate groups, the newest first.

    Hovering a candidate shows it in the viewport (`Editor.candidate_hovered`), clicking it, Enter, or its
    number accepts it. Numbers go to the group with the keyboard focus, by default to the newest one.

    Signals
    -------
    settings_requested(Sampled)
        For `EditPanel.restore`.
    changes_wanted(Candidate, Sampled)
        Show what it would change.
    copy_requested(Candidate, Sampled)
        Put making it on the clipboard as Python.
    comparison_wanted(Candidate, Sampled)
        Show it side by side with the scene, or with what it is compared with already.
    replay_wanted(Candidate, Sampled)
        Show how it came out of noise.
    changed()
        There may be other candidates, or none any more.
    """

    settings_requested = Signal(object)
    changes_wanted = Signal(object, object)
    copy_requested = Signal(object, object)
    comparison_wanted = Signal(object, object)
    replay_wanted = Signal(object, object)
    changed = Signal()

    def __init__(self, document: Document, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self._document = document
        self._editor = editor
        self.groups: list[CandidateGroup] = []
        self.count_label = Elided("", "muted")
        self.clear_button = labelled_button(
            "clear", "Clear", "Remove all candidates. The scene and its history are not changed."
        )
        self._empty = EmptyState(
            "generate",
            "No candidates yet",
            "Generate, Complete, Mix, Vary and Text propose candidates here. Hover one to see it in place, "
            "click it to accept it. Nothing changes until you do.",
        )
        holder = QWidget()
        set_role(holder, "panel")
        self._row = QHBoxLayout(holder)
        self._row.setContentsMargins(8, 2, 8, 6)
        self._row.setSpacing(8)
        self._row.addStretch(1)
        self.strip = CandidateStrip()
        self.strip.setWidgetResizable(True)
        self.strip.setFrameShape(QFrame.Shape.NoFrame)
        self.strip.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.strip.setWidget(holder)
        self.strip.setMinimumHeight(STRIP_HEIGHT)
        self.strip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.strip)
        self._top = QWidget()
        top = row(self.count_label, self.clear_button)
        top.setStretch(0, 1)
        top.setContentsMargins(10, 3, 8, 1)
        self._top.setLayout(top)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._top)
        layout.addWidget(body, 1)

        self.clear_button.clicked.connect(self.clear)
        editor.request_submitted.connect(self._on_request_submitted)
        editor.candidate_arrived.connect(self._on_candidate_arrived)
        editor.candidates_arrived.connect(self._on_candidates_arrived)
        editor.mesh_changed.connect(self._on_mesh_changed)
        editor.preview_changed.connect(self._on_preview_changed)
        document.scene_changed.connect(self._on_scene_changed)
        editor.worker.job_queued.connect(self._on_job_queued)
        editor.worker.job_started.connect(self._on_job_started)
        editor.worker.job_finished.connect(self._on_job_finished)
        editor.worker.job_cancelled.connect(self._on_job_cancelled)
        editor.worker.job_failed.connect(self._on_job_failed)
        theme.changes.theme_changed.connect(self._on_theme_changed)
        self._running: Sampled | None = None
        self._jobs: dict[int, Sampled] = {}
        self._refresh()

    def group_of(self, request: Sampled) -> CandidateGroup | None:
        return next((group for group in self.groups if group.request is request), None)

    def accept_number(self, number: int) -> None:
        """Accept a candidate by its number in the newest group that has any."""
        for group in self.groups:
            if group.finished:
                group.accept_number(number)
                return

    def focus_newest(self) -> None:
        """Put the keyboard on the first candidate of the newest group."""
        for group in self.groups:
            for tile in group.finished[:1]:
                tile.setFocus(Qt.FocusReason.ShortcutFocusReason)
                self.strip.ensureWidgetVisible(tile)
                return

    @Slot()
    def clear(self) -> None:
        """Remove every finished group; candidates that are being made still arrive."""
        for group in [group for group in self.groups if not group.pending]:
            self._remove(group)

    # --- groups come and go ---------------------------------------------------------------------------

    @Slot(object)
    def _on_request_submitted(self, request: Sampled) -> None:
        self._add(request)

    @Slot(object, int, object)
    def _on_candidate_arrived(self, request: Sampled, place: int, candidate: Candidate) -> None:
        group = self.group_of(request) or self._add(request)
        group.place(place, candidate)
        self._refresh()
        self.strip.horizontalScrollBar().setValue(0)

    @Slot(object)
    def _on_candidates_arrived(self, result: Candidates) -> None:
        group = self.group_of(result.request)
        if group is not None and group.beside and result.raw is not None:
            group.place_raw(result.raw)
            self._refresh()

    @Slot(str)
    def _on_mesh_changed(self, _shape_id: str) -> None:
        for group in self.groups:
            if isinstance(group.request, Mix) and outdated(group.ingredients, self._editor.meshes):
                group.show_ingredients(ingredients_of(group.request, self._editor.meshes))

    @Slot(object)
    def _on_preview_changed(self, preview: object) -> None:
        group = self.group_of(self._running) if self._running is not None else None
        if group is not None and isinstance(preview, Preview):
            group.show_preview(preview)

    @Slot(int, str)
    def _on_job_queued(self, job_id: int, title: str) -> None:
        request = self._editor.worker.request_of(job_id)
        if isinstance(request, Sampled):
            self._jobs[job_id] = request

    @Slot(int)
    def _on_job_started(self, job_id: int) -> None:
        self._running = self._jobs.get(job_id, self._running)

    @Slot(int, object)
    def _on_job_finished(self, job_id: int, result: object) -> None:
        self._drop_pending(job_id)

    @Slot(int)
    def _on_job_cancelled(self, job_id: int) -> None:
        self._drop_pending(job_id)

    @Slot(int, str, str)
    def _on_job_failed(self, job_id: int, message: str, trace: str) -> None:
        self._drop_pending(job_id)

    def _drop_pending(self, job_id: int) -> None:
        """A job ended: what has not arrived (cancelled, failed, stale) will not."""
        request = self._jobs.pop(job_id, None)
        if request is None:
            return
        group = self.group_of(request)
        if group is not None and group.pending:
            group.end()
            if group.tiles:
                self._refresh()
            else:
                self._remove(group)
        if self._running is request:
            self._running = None

    def _add(self, request: Sampled) -> CandidateGroup:
        known: tuple[Ingredient, ...] = ()
        if isinstance(request, Mix) and not is_raw(request):
            known = ingredients_of(request, self._editor.meshes)
        group = CandidateGroup(request, known)
        group.accepted.connect(self._on_accepted)
        group.looked_at.connect(self._editor.look_at)
        group.menu_requested.connect(self._on_menu_requested)
        group.dragged.connect(self._on_dragged)
        group.again_requested.connect(self._on_again_requested)
        group.settings_requested.connect(self.settings_requested)
        group.removed.connect(self._on_removed)
        self.groups.insert(0, group)
        self._row.insertWidget(0, group)
        group.show()
        for old in [old for old in self.groups[MAX_GROUPS:] if not old.pending]:
            self._remove(old)
        self._refresh()
        return group

    def _remove(self, group: CandidateGroup) -> None:
        self.groups.remove(group)
        self._row.removeWidget(group)
        group.hide()
        group.deleteLater()
        for request in (group.request, group.raw_request):
            if request is not None:
                self._editor.forget(request)
        self._refresh()

    # --- what a person does ---------------------------------------------------------------------------

    @Slot(object, object)
    def _on_accepted(self, candidate: Candidate, request: Sampled) -> None:
        # The ghost of the candidate would lie on the accepted shape.
        self._editor.look_at(None)
        self._editor.accept(candidate, request)

    @Slot(object, object)
    def _on_dragged(self, candidate: Candidate | None, request: Sampled) -> None:
        if candidate is None:
            self._editor.post("That candidate is still being made, so it cannot be dragged yet.", "warning")
            return
        dragged = DraggedCandidate(candidate, request)
        dragged.failed.connect(self._on_drag_failed)
        drag = QDrag(self)
        drag.setMimeData(dragged)
        # Nothing is seen through it where no compositor runs.
        picture = filled(to_pixmap(candidate.thumbnail), theme.colors().field)
        drag.setPixmap(picture.scaledToWidth(SIDE, Qt.TransformationMode.SmoothTransformation))
        drag.exec(Qt.DropAction.CopyAction)

    @Slot(str)
    def _on_drag_failed(self, reason: str) -> None:
        self._editor.post(reason, "warning")

    @Slot(object, object, object)
    def _on_menu_requested(self, candidate: Candidate, request: Sampled, place: QPoint) -> None:
        self._editor.look_at(candidate, None if isinstance(candidate, Ingredient) else request)
        menu = self.menu_of(candidate, request)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def menu_of(self, candidate: Candidate, request: Sampled) -> QMenu:
        """What can be done with a candidate."""
        menu = QMenu(self)
        stale = bool(self._editor.stale_reason(request))
        if isinstance(candidate, Ingredient):
            compare = menu.addAction(
                theme.icon("side-by-side"),
                "Compare",
                lambda: self.comparison_wanted.emit(candidate, request),
            )
            compare.setEnabled(not stale)
            return menu
        menu.addAction(theme.icon("accept"), "Accept", lambda: self._on_accepted(candidate, request))
        menu.addAction(
            theme.icon("vary"), "More like this", lambda: self._editor.more_like(candidate, request)
        )
        menu.addAction("What it changes", lambda: self.changes_wanted.emit(candidate, request))
        menu.addAction(
            theme.icon("side-by-side"), "Compare", lambda: self.comparison_wanted.emit(candidate, request)
        )
        replay = menu.addAction(
            theme.icon("run"), "Replay the denoising", lambda: self.replay_wanted.emit(candidate, request)
        )
        menu.addSeparator()
        again = menu.addAction(
            theme.icon("again"), "Run again with a new seed", lambda: self._on_again_requested(request)
        )
        again.setEnabled(not is_raw(request))
        menu.addAction(
            theme.icon("restore"), "Restore settings", lambda: self.settings_requested.emit(request)
        )
        menu.addAction(
            theme.icon("copy"), "Copy as Python", lambda: self.copy_requested.emit(candidate, request)
        )
        for action in menu.actions()[:5]:
            action.setEnabled(not stale)
        replay.setEnabled(not stale and bool(candidate.replay))
        return menu

    @Slot(object)
    def _on_again_requested(self, request: Sampled) -> None:
        self._editor.run_again(request)

    @Slot(object)
    def _on_removed(self, group: CandidateGroup) -> None:
        if group.pending:
            self._cancel_job_of(group.request)
        if group in self.groups:
            self._remove(group)

    def _cancel_job_of(self, request: Sampled) -> None:
        for job_id, known in list(self._jobs.items()):
            if known is request:
                self._editor.worker.cancel(job_id)

    @Slot(object, object)
    def _on_scene_changed(self, old: object, new: object) -> None:
        self._refresh()

    @Slot(bool)
    def _on_theme_changed(self, dark: bool) -> None:
        self.update()

    def _refresh(self) -> None:
        every = {shape.latent_hash for shape in self._document.scene}
        for group in self.groups:
            base = base_of(group.request)
            accepted = every
            if base is not None:
                scene = self._document.scene
                accepted = {scene.shape(base.id).latent_hash} if base.id in scene else set()
            group.show_state(accepted, self._editor.stale_reason(group.request))
        total = sum(len(group.finished) for group in self.groups)
        making = sum(group.pending for group in self.groups)
        words = (
            [f"{counted(total, 'candidate')}: hover to preview, click or press 1-9 to accept"]
            if total
            else []
        )
        words += [f"{counted(making, 'run')} in progress"] if making else []
        self.count_label.setText(" · ".join(words))
        self.clear_button.setEnabled(any(not group.pending for group in self.groups))
        self.changed.emit()
        self._stack.setCurrentIndex(1 if self.groups else 0)
        self._top.setVisible(bool(self.groups))
