"""The candidates of one request in the gallery."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.edit_titles import job_title
from app.panels.candidate_tile import CandidateTile
from app.panels.captioned_tile import CaptionedTile
from app.panels.ingredients import Ingredient
from app.panels.provenance import counted, describe_request, icon_of_request, strength_text
from app.panels.widgets import Elided, icon_button, label, row, set_role
from core.edits.job import Preview
from core.edits.proposals import base_of
from core.edits.requests import Sampled
from core.edits.results import Candidate, Candidates

TITLE_WIDTH = 220
"""Least room for the title, logical pixels: a group of one or two tiles is not wider for it."""


class CandidateGroup(QFrame):
    """The candidates of one request, with what can be done with the request itself.

    Parameters
    ----------
    request : Sampled
    ingredients : sequence of Ingredient
        Of a mix that is refined. They come first, then the raw mix, in tiles without numbers.

    Attributes
    ----------
    tiles : list of CandidateTile
        Those with a number.
    beside : list of CaptionedTile
        Those before them.

    Signals
    -------
    accepted(Candidate, Sampled), looked_at(Candidate or None, Sampled or None)
        No request for an ingredient.
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

    def __init__(
        self, request: Sampled, ingredients: Sequence[Ingredient] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        set_role(self, "card")
        self.request = request
        self.raw_request: Sampled | None = None
        """What the raw mix is the answer to, once it is there."""
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
        self.beside = [CaptionedTile(shown.title[0], shown) for shown in ingredients]
        if self.beside:
            self.beside.append(CaptionedTile("Raw"))
            for small in self.beside:
                self._connect(small)
                self._tile_row.addWidget(small)
            self._tile_row.addSpacing(4)
        for number in range(request.count):
            self.tiles.append(CandidateTile(number + 1))
            self.tiles[-1].dragged.connect(self._on_dragged)
            self._tile_row.addWidget(self.tiles[-1])
        self._tile_row.addStretch(1)
        self._tell_pending()
        self.again_button.setEnabled(False)

    @property
    def pending(self) -> bool:
        """Whether candidates are still being made."""
        return any(tile.candidate is None for tile in (*self.tiles, *self.beside))

    @property
    def finished(self) -> list[CandidateTile]:
        """The tiles with a number that have their candidate."""
        return [tile for tile in self.tiles if tile.candidate is not None]

    @property
    def ingredients(self) -> list[Ingredient]:
        return [tile.candidate for tile in self.beside if isinstance(tile.candidate, Ingredient)]

    def place(self, place: int, candidate: Candidate) -> None:
        """Show a finished candidate in the place of its placeholder."""
        tile = CandidateTile(place + 1, candidate)
        self._connect(tile)
        old = self.tiles[place]
        self._tile_row.replaceWidget(old, tile)
        self._discard(old)
        self.tiles[place] = tile
        # A layout shows its widgets later only, and what is not shown cannot take the focus.
        tile.show()
        self._tell_pending()
        self.again_button.setEnabled(not self.pending)

    def place_raw(self, raw: Candidates) -> None:
        """Show the mix before its refinement, which can be accepted like the others."""
        self.raw_request = raw.request
        self.beside[-1].hold(raw.items[0])
        self.again_button.setEnabled(not self.pending)

    def show_ingredients(self, ingredients: Sequence[Ingredient]) -> None:
        """Show them with other surfaces."""
        for tile, ingredient in zip(self.beside, ingredients, strict=False):
            tile.hold(ingredient)

    def end(self) -> None:
        """No more candidates will come: the placeholders go, those that are finished stay."""
        for tile in [tile for tile in (*self.tiles, *self.beside) if tile.candidate is None]:
            self._tile_row.removeWidget(tile)
            self._discard(tile)
        self.tiles = self.finished
        self.beside = [tile for tile in self.beside if tile.candidate is not None]
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
        for tile in self._held():
            assert tile.candidate is not None
            there = not isinstance(tile.candidate, Ingredient)
            tile.set_state(there and tile.candidate.shape.latent_hash in accepted, stale)
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

    def _held(self) -> list[CandidateTile]:
        """All tiles that show something, from left to right."""
        return [tile for tile in (*self.beside, *self.tiles) if tile.candidate is not None]

    def _request_of(self, tile: CandidateTile) -> Sampled:
        """What a tile shows an answer to."""
        raw = self.raw_request is not None and tile is self.beside[-1]
        return self.raw_request if raw and self.raw_request is not None else self.request

    def _tell_pending(self) -> None:
        missing = len(self.tiles) - len(self.finished)
        what = counted(missing, "candidate") if missing else "the raw mix"
        self.note.setText(f"Making {what} ...")

    def _connect(self, tile: CandidateTile) -> None:
        tile.clicked.connect(self._on_tile_clicked)
        tile.looked_at.connect(self._on_tile_looked_at)
        tile.digit_pressed.connect(self._on_digit_pressed)
        tile.stepped.connect(self._on_stepped)
        tile.menu_requested.connect(self._on_menu_requested)
        tile.dragged.connect(self._on_dragged)

    def _discard(self, tile: CandidateTile) -> None:
        tile.hide()
        tile.deleteLater()

    @Slot()
    def _on_tile_clicked(self) -> None:
        tile = self.sender()
        if isinstance(tile, CandidateTile) and tile.candidate is not None:
            if not isinstance(tile.candidate, Ingredient):
                self.accepted.emit(tile.candidate, self._request_of(tile))

    @Slot(bool)
    def _on_tile_looked_at(self, looked: bool) -> None:
        tile = self.sender()
        if isinstance(tile, CandidateTile):
            candidate = tile.candidate if looked and not tile.stale else None
            only_seen = isinstance(candidate, Ingredient)
            self.looked_at.emit(candidate, None if only_seen else self._request_of(tile))

    @Slot(object)
    def _on_menu_requested(self, place: QPoint) -> None:
        tile = self.sender()
        if isinstance(tile, CandidateTile):
            self.menu_requested.emit(tile.candidate, self._request_of(tile), place)

    @Slot()
    def _on_dragged(self) -> None:
        tile = self.sender()
        # A drag onto the view accepts, and ingredients are only looked at.
        if isinstance(tile, CandidateTile) and not isinstance(tile.candidate, Ingredient):
            self.dragged.emit(tile.candidate, self._request_of(tile))

    @Slot(int)
    def _on_digit_pressed(self, number: int) -> None:
        self.accept_number(number)

    @Slot(int)
    def _on_stepped(self, step: int) -> None:
        tile = self.sender()
        if isinstance(tile, CandidateTile):
            held = self._held()
            place = min(max(held.index(tile) + step, 0), len(held) - 1)
            held[place].setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def _on_again_clicked(self) -> None:
        self.again_requested.emit(self.request)

    @Slot()
    def _on_settings_clicked(self) -> None:
        self.settings_requested.emit(self.request)

    @Slot()
    def _on_remove_clicked(self) -> None:
        self.removed.emit(self)
