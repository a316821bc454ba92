"""Rows of the outliner on their way to another place in it: what is dragged, and where it may go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QGuiApplication, QPainter, QPixmap

from app import theme
from app.drag_out import OutgoingMime
from app.editor import Editor
from app.panels.provenance import counted
from core.edits.ordering import landing
from core.scene.groups import listed_ids, members, rows, whole_groups
from core.scene.part_names import shown_name
from core.scene.scene import Scene
from core.scene.selection import PartRef
from core.scene.shape import Part, Shape

ROWS_MIME_TYPE = "application/x-partsmith-rows"
"""Format that tells a drag of rows from one of files; the rows themselves never leave the program."""
FILTERED = "Clear the filter to reorder: hidden rows may lie between."


class DraggedRows(OutgoingMime):
    """Shapes, or parts, that are being dragged in the outliner of a document.

    Attributes
    ----------
    shape_ids : tuple of str
        In the order of the scene; empty if parts are dragged.
    parts : tuple of PartRef
        As they are listed.
    groups : frozenset of str
        Groups that go as a whole and stay groups wherever they are dropped.
    name : str
        What to call it all.
    """

    def __init__(
        self,
        name: str,
        shape_ids: tuple[str, ...] = (),
        parts: tuple[PartRef, ...] = (),
        groups: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__()
        self.name, self.shape_ids, self.parts, self.groups = name, shape_ids, parts, groups
        self.setData(ROWS_MIME_TYPE, QByteArray(b"rows"))


def dragged_shapes(scene: Scene, shape_ids: Sequence[str]) -> DraggedRows:
    """Shapes on their way."""
    name = scene.shape(shape_ids[0]).name if len(shape_ids) == 1 else counted(len(shape_ids), "shape")
    return DraggedRows(name, shape_ids=tuple(shape_ids))


def dragged_parts(scene: Scene, refs: Sequence[PartRef], grabbed: Part | None) -> DraggedRows:
    """Parts on their way; who grabs a part, not its group, takes it out of that group."""
    shape, ids = scene.shape(refs[0].shape_id), [ref.part_id for ref in refs]
    groups = frozenset(whole_groups(shape, ids)) - {grabbed.group if grabbed is not None else ""}
    name = counted(len(ids), "part")
    if len(ids) == 1:
        name = shown_name(shape, ids[0])
    elif len(groups) == 1 and len(members(shape, *groups)) == len(ids):
        (name,) = groups
    return DraggedRows(name, parts=tuple(refs), groups=groups)


@dataclass(frozen=True)
class Place:
    """Where rows would be dropped: on a row, or in front of the `row`-th one under it.

    Attributes
    ----------
    shape : Shape or None
        The shape they would be dropped on or in; None = between shapes.
    group : str
        The group they would be dropped on or in.
    row : int
        -1 = on the row itself.
    """

    shape: Shape | None
    group: str
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
        known, shape = [shape.id for shape in self._editor.scene], place.shape
        if shape is None:
            before = known[place.row] if 0 <= place.row < len(known) else None
        else:
            behind = next(iter(known[known.index(shape.id) + 1 :]), None)
            if place.row < 0 and not place.group:  # on it: in its place, from either side
                before = behind if known.index(dragged.shape_ids[0]) < known.index(shape.id) else shape.id
            elif place.row >= len(rows(shape)) and not place.group:
                before = behind
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
        listed, listed_rows, inside = listed_ids(shape), rows(shape), members(shape, place.group)
        before: int | None = None
        if not place.group and 0 <= place.row < len(listed_rows):
            before = landing(listed, ids, listed_rows[place.row].part_ids[0])
        elif inside and 0 <= place.row < len(inside):
            before = landing(listed, ids, inside[place.row])
        elif inside:
            before = landing(listed, {*ids, *inside}, inside[0])
        staying = {place.group} if place.group else {"", *dragged.groups}
        moving = [part_id for part_id in ids if shape.part(part_id).group not in staying]
        return lambda: self._editor.reorder_parts(shape.id, ids, before, moving, place.group)


def drag_picture(text: str, ratio: float) -> QPixmap:
    """What hangs on the mouse during a drag: the name of what is dragged."""
    shades, font = theme.colors(), QGuiApplication.font()
    size = QFontMetricsF(font).size(0, text)
    frame = QRectF(0.5, 0.5, size.width() + 20, size.height() + 8)
    picture = QPixmap(round((frame.width() + 1) * ratio), round((frame.height() + 1) * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(QColor(shades.tooltip))  # nothing is seen through it where no compositor runs
    painter = QPainter(picture)
    painter.setPen(QColor(shades.strong_border))
    painter.drawRect(frame)
    painter.setPen(QColor(shades.text))
    painter.setFont(font)
    painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return picture
