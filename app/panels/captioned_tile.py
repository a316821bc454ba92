"""A smaller tile beside the candidates of a mix: its base, its source, or the mix before its refinement."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QWidget

from app import theme
from app.panels.candidate_tile import SIDE, CandidateTile
from app.panels.ingredients import Ingredient
from core.edits.results import Candidate

SMALL_SIDE, CAPTION_HEIGHT = 66, 20
"""Of the picture and the line under it, logical pixels."""


class CaptionedTile(CandidateTile):
    """A tile with words under it instead of a number: digits never mean it.

    Parameters
    ----------
    caption : str
    candidate : Candidate, optional
        An `Ingredient`, which is only looked at, or one that can be accepted; it may come later.
    """

    def __init__(
        self, caption: str, candidate: Candidate | None = None, parent: QWidget | None = None
    ) -> None:
        self.caption = caption
        super().__init__(0, candidate, parent)

    def sizeHint(self) -> QSize:
        return QSize(SMALL_SIDE, SIDE)

    def words(self) -> tuple[str, str]:
        if isinstance(self.candidate, Ingredient):
            name = self.candidate.title
            tip = f"{name}, as it was. Hover to see it in the view."
            if self.caption == "B":
                tip += " The parts that were taken are in colour."
        elif self.candidate is None:
            name, tip = "Raw mix, being made", "The mix before its joints are refined: it is being made."
        else:
            name = "Raw mix" + (", in the scene" if self.accepted else "")
            tip = "The parts put together as they were: nothing is sampled. Hover to preview it in the view, "
            tip = "This one is in the scene now." if self.accepted else f"{tip}click to accept it."
        if self.stale and not self.accepted:
            return f"{name}, out of date", f"{self.stale} Run the edit again."
        return name, tip

    def frame(self) -> QRectF:
        return QRectF(0, 0, SMALL_SIDE, SMALL_SIDE).adjusted(1.5, 1.5, -1.5, -1.5)

    def draw_label(self, painter: QPainter, shades: theme.Colors) -> None:
        font = QFont(self.font())
        font.setPointSizeF(8.5)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(shades.disabled if self.stale and not self.accepted else shades.text))
        below = QRectF(0, SMALL_SIDE, self.width(), CAPTION_HEIGHT)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self.caption)
