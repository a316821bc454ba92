"""Rows of the outliner on their way to another place in it: what is dragged, and where it may go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QMimeData, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QGuiApplication, QPainter, QPixmap

from app import theme
from app.editor import Editor
from core.edits.ordering import landing
from core.scene.selection import PartRef
from core.scene.shape import Shape

ROWS_MIME_TYPE = "application/x-partsmith-rows"
"""Format that tells a drag of rows from one of files; the rows themselves never leave the program."""
FILTERED = "Clear the filter to reorder: hidden rows may lie between."


class DraggedRows(QMimeData):
    """Shapes, or parts, that are being dragged in the outliner of a document.

    Attributes
    ----------
    shape_ids : tuple of str
        In the order of the scene; empty if parts are dragged.
    parts : tuple of PartRef
        In the order of their shapes.
    name : str
        What to call them.
    """

    def __init__(self, shape_ids: tuple[str, ...], parts: tuple[PartRef, ...], name: str) -> None:
        super().__init__()
        self.name = name
        self.shape_ids = shape_ids
        self.parts = parts
        self.setData(ROWS_MIME_TYPE, QByteArray(b"rows"))


@dataclass(frozen=True)
class Place:
    """Where rows would be dropped: on a row, or in front of the `row`-th child of one (None: of the scene).

    Attributes
    ----------
    shape : Shape or None
        The shape of the row they would be dropped on or in.
    row : int
        -1 = on the row itself.
    """

    shape: Shape | None
    row: int


class Drops:
    """Decides where rows may go, and takes them there."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self.filtered = False
        self.refusal = ""

    def plan(self, dragged: DraggedRows, place: Place) -> Callable[[], bool] | None:
        """What a drop there would do; None if it makes no sense, and then `refusal` says why."""
        self.refusal = ""
        if self.filtered:
            self.refusal = FILTERED
            return None
        return self._plan_shapes(dragged, place) if dragged.shape_ids else self._plan_parts(dragged, place)

    def _plan_shapes(self, dragged: DraggedRows, place: Place) -> Callable[[], bool] | None:
        known = [shape.id for shape in self._editor.scene]
        if place.shape is None:
            before = known[place.row] if 0 <= place.row < len(known) else None
        elif place.row < 0:
            before = self._instead_of(known, dragged.shape_ids, place.shape.id)
        elif place.row >= len(place.shape.parts):
            before = next(iter(known[known.index(place.shape.id) + 1 :]), None)
        else:
            self.refusal = "Shapes go above or below other shapes, not among their parts."
            return None
        return lambda: self._editor.reorder_shapes(dragged.shape_ids, before)

    def _plan_parts(self, dragged: DraggedRows, place: Place) -> Callable[[], bool] | None:
        shape_ids = {ref.shape_id for ref in dragged.parts}
        if len(shape_ids) != 1:
            self.refusal = "Drag parts of one shape to reorder them."
            return None
        if place.shape is None or place.shape.id not in shape_ids:
            self.refusal = "Parts stay in their shape: copy and paste them to have them in another one."
            return None
        shape, ids = place.shape, [ref.part_id for ref in dragged.parts]
        before = shape.part_ids[place.row] if 0 <= place.row < len(shape.parts) else None
        return lambda: self._editor.reorder_parts(shape.id, ids, landing(shape.part_ids, ids, before))

    def _instead_of(self, known: list[str], moving: tuple[str, ...], target: str) -> str | None:
        """What shapes stand in front of when they take the place of another one, coming from either side."""
        from_above = known.index(moving[0]) < known.index(target)
        return next(iter(known[known.index(target) + 1 :]), None) if from_above else target


def drag_picture(text: str, ratio: float) -> QPixmap:
    """What hangs on the mouse during a drag: the name of what is dragged."""
    shades, font = theme.colors(), QGuiApplication.font()
    size = QFontMetricsF(font).size(0, text)
    frame = QRectF(0.5, 0.5, size.width() + 20, size.height() + 8)
    picture = QPixmap(round((frame.width() + 1) * ratio), round((frame.height() + 1) * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(shades.strong_border))
    painter.setBrush(QColor(shades.tooltip))
    painter.drawRoundedRect(frame, 5, 5)
    painter.setPen(QColor(shades.text))
    painter.setFont(font)
    painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return picture
