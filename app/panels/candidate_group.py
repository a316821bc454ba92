"""The candidates of one request in the gallery."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.edit_titles import job_title
from app.panels.candidate_tile import CandidateTile
from app.panels.provenance import counted, describe_request, icon_of_request, strength_text
from app.panels.widgets import Elided, icon_button, label, row, set_role
from core.edits.job import Preview
from core.edits.proposals import base_of
from core.edits.requests import Sampled
from core.edits.results import Candidate

TITLE_WIDTH = 220
"""Least room for the title, logical pixels: a group of one or two tiles is not wider for it."""


class CandidateGroup(QFrame):
    """The candidates of one request, with what can be done with the request itself.

    Signals
    -------
    accepted(Candidate, Sampled), looked_at(Candidate or None, Sampled)
    menu_requested(Candidate, Sampled, QPoint)
        In global coordinates.
    dragged(Candidate or None, Sampled)
        The mouse begins to drag one; None = one that is still being made.
    again_requested(Sampled), settings_requested(Sampled), removed(CandidateGroup)
    """

    accepted = Signal(object, object)
    looked_at = Signal(object, object)
    menu_requested = Signal(object, object, object)
    dragged = Signal(object, object)
    again_requested = Signal(object)
    settings_requested = Signal(object)
    removed = Signal(object)

    def __init__(self, request: Sampled, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card")
        self.request = request
        self.tiles: list[CandidateTile] = []
        title = job_title(request)
        self.title = Elided(title, "heading")
        self.title.setMinimumWidth(TITLE_WIDTH)
        self.title.setToolTip(describe_request(request))
        self.note = label("", "muted")
        self.again_button = icon_button(
            "again", "Run again with a new seed", "Run again with a new seed: more proposals like these."
        )
        self.settings_button = icon_button(
            "restore",
            "Restore settings",
            "Put the settings of this run back into the edit panel, to change a little and run again.",
        )
        self.remove_button = icon_button(
            "close", "Remove from gallery", "Remove these candidates. The scene is not changed."
        )
        picture = icon_button(icon_of_request(request), title, describe_request(request))
        picture.setEnabled(True)
        picture.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        picture.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._tile_row = QHBoxLayout()
        self._tile_row.setSpacing(6)
        self._tile_row.setContentsMargins(0, 0, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 2, 8, 8)
        layout.setSpacing(2)
        top = row(picture, self.title, self.again_button, self.settings_button, self.remove_button, spacing=2)
        top.setStretch(1, 1)
        layout.addLayout(top)
        layout.addWidget(self.note)
        layout.addLayout(self._tile_row)
        layout.addStretch(1)
        self.again_button.clicked.connect(self._on_again_clicked)
        self.settings_button.clicked.connect(self._on_settings_clicked)
        self.remove_button.clicked.connect(self._on_remove_clicked)
        for number in range(request.count):
            self.tiles.append(CandidateTile(number + 1))
            self.tiles[-1].dragged.connect(self._on_dragged)
            self._tile_row.addWidget(self.tiles[-1])
        self._tile_row.addStretch(1)
        self.note.setText(f"Making {counted(request.count, 'candidate')} ...")
        self.again_button.setEnabled(False)

    @property
    def pending(self) -> bool:
        """Whether candidates are still being made."""
        return any(tile.candidate is None for tile in self.tiles)

    @property
    def finished(self) -> list[CandidateTile]:
        """The tiles that have their candidate."""
        return [tile for tile in self.tiles if tile.candidate is not None]

    def place(self, place: int, candidate: Candidate) -> None:
        """Show a finished candidate in the place of its placeholder."""
        tile = CandidateTile(place + 1, candidate)
        tile.clicked.connect(self._on_tile_clicked)
        tile.looked_at.connect(self._on_tile_looked_at)
        tile.digit_pressed.connect(self._on_digit_pressed)
        tile.stepped.connect(self._on_stepped)
        tile.menu_requested.connect(self._on_menu_requested)
        tile.dragged.connect(self._on_dragged)
        old = self.tiles[place]
        self._tile_row.replaceWidget(old, tile)
        self._discard(old)
        self.tiles[place] = tile
        # A layout shows its widgets later only, and what is not shown cannot take the focus.
        tile.show()
        self.note.setText(f"Making {counted(len(self.tiles) - len(self.finished), 'candidate')} ...")
        self.again_button.setEnabled(not self.pending)

    def end(self) -> None:
        """No more candidates will come: the placeholders go, those that are finished stay."""
        for tile in [tile for tile in self.tiles if tile.candidate is None]:
            self._tile_row.removeWidget(tile)
            self._discard(tile)
        self.tiles = self.finished
        self.again_button.setEnabled(True)

    def show_preview(self, preview: Preview) -> None:
        if 0 <= preview.index < len(self.tiles) and self.tiles[preview.index].candidate is None:
            self.tiles[preview.index].show_preview(preview, base_of(self.request))

    def show_state(self, accepted: set[str], stale: str) -> None:
        """Mark the tiles.

        Parameters
        ----------
        accepted : set of str
            Latent hashes of the shapes that the scene has in place of the base (or at all).
        stale : str
            Why none of them can be accepted any more.
        """
        for tile in self.finished:
            assert tile.candidate is not None
            tile.set_state(tile.candidate.shape.latent_hash in accepted, stale)
        if self.pending:
            return
        facts = [f"seed {self.request.seed}"]
        strength = getattr(self.request, "strength", None)
        facts += [f"strength {strength_text(strength)}"] if strength is not None else []
        self.note.setText(stale or ", ".join(facts))
        self.note.setToolTip(describe_request(self.request))

    def accept_number(self, number: int) -> None:
        """Accept the candidate of this number; nothing happens if there is none, or not yet."""
        for tile in self.finished:
            if tile.number == number:
                self.accepted.emit(tile.candidate, self.request)
                return

    def _discard(self, tile: CandidateTile) -> None:
        tile.hide()
        tile.deleteLater()

    @Slot()
    def _on_tile_clicked(self) -> None:
        tile = self.sender()
        if isinstance(tile, CandidateTile):
            self.accept_number(tile.number)

    @Slot(bool)
    def _on_tile_looked_at(self, looked: bool) -> None:
        tile = self.sender()
        if isinstance(tile, CandidateTile):
            self.looked_at.emit(tile.candidate if looked and not tile.stale else None, self.request)

    @Slot(object)
    def _on_menu_requested(self, place: QPoint) -> None:
        tile = self.sender()
        if isinstance(tile, CandidateTile):
            self.menu_requested.emit(tile.candidate, self.request, place)

    @Slot()
    def _on_dragged(self) -> None:
        tile = self.sender()
        if isinstance(tile, CandidateTile):
            self.dragged.emit(tile.candidate, self.request)

    @Slot(int)
    def _on_digit_pressed(self, number: int) -> None:
        self.accept_number(number)

    @Slot(int)
    def _on_stepped(self, step: int) -> None:
        tile = self.sender()
        if isinstance(tile, CandidateTile):
            finished = self.finished
            place = min(max(finished.index(tile) + step, 0), len(finished) - 1)
            finished[place].setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def _on_again_clicked(self) -> None:
        self.again_requested.emit(self.request)

    @Slot()
    def _on_settings_clicked(self) -> None:
        self.settings_requested.emit(self.request)

    @Slot()
    def _on_remove_clicked(self) -> None:
        self.removed.emit(self)
