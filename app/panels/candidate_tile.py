"""One candidate in the gallery: its picture, number, and whether it is accepted or stale."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QSizePolicy, QWidget

from app import theme
from app.panels.images import rgb, to_pixmap
from app.panels.ingredients import Ingredient
from app.panels.portrait import draw_portrait, preview_shape
from core.edits.job import Preview
from core.edits.results import Candidate
from core.scene.shape import Shape

SIDE = 98
STALE_OPACITY = 0.32
ACCEPT_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class CandidateTile(QAbstractButton):
    """A square button. Without a candidate it is a placeholder that shows the job's previews.

    Signals
    -------
    looked_at(bool)
        The mouse or the keyboard came to it or left it.
    digit_pressed(int)
        A key 1 to 9.
    stepped(int)
        Arrow key: -1 or +1.
    menu_requested(QPoint)
        Right click or the menu key, in global coordinates.
    dragged()
        The mouse begins to drag it.
    """

    looked_at = Signal(bool)
    digit_pressed = Signal(int)
    stepped = Signal(int)
    menu_requested = Signal(object)
    dragged = Signal()

    def __init__(
        self, number: int, candidate: Candidate | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.number = number
        self.candidate = candidate
        self.accepted = False
        self.stale = ""
        self._picture: QPixmap | None = None
        self._under_mouse = False
        self._pressed_at: QPoint | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        if candidate is not None:
            self.hold(candidate)
        self._tell()

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def hold(self, candidate: Candidate) -> None:
        """Show a candidate from now on."""
        self.candidate = candidate
        self._picture = to_pixmap(candidate.thumbnail)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if not isinstance(candidate, Ingredient):
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._tell()
        self.update()
        if self._under_mouse:
            self.looked_at.emit(True)

    def set_state(self, accepted: bool, stale: str) -> None:
        """Whether it is in the scene now, and why it cannot be accepted any more (empty if it can)."""
        if (accepted, stale) != (self.accepted, self.stale):
            self.accepted, self.stale = accepted, stale
            self._tell()
            self.update()

    def show_preview(self, preview: Preview, base: Shape | None) -> None:
        """Draw an unfinished result into a placeholder."""
        shape = preview_shape(preview.extrinsics, base)
        if shape is not None:
            picture = draw_portrait(shape, preview.mesh, SIDE, rgb(theme.colors().field))
            self._picture = to_pixmap(picture)
            self.update()

    def words(self) -> tuple[str, str]:
        """What it is called, and what can be done with it."""
        if self.candidate is None:
            return f"Candidate {self.number}, being made", "This candidate is being made."
        state = ", in the scene" if self.accepted else ", out of date" if self.stale else ""
        name = f"Candidate {self.number}, seed {self.candidate.seed}{state}"
        if self.stale:
            return name, f"{self.stale} Run the edit again to get new candidates."
        if self.accepted:
            return name, f"Seed {self.candidate.seed}. This one is in the scene now."
        return name, (
            f"Seed {self.candidate.seed}. Hover to preview it in the view, click to accept it "
            f"(or press {self.number}, or drag it there). Accepting is one undo step. "
            "Dragged to another program it is a GLB file."
        )

    def _tell(self) -> None:
        name, tip = self.words()
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setAccessibleDescription(tip)

    # --- events ---------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        # Digits are views and Enter may be a default button elsewhere: here they choose candidates.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if _digit(event) or event.key() in ACCEPT_KEYS:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = _digit(event)
        if digit:
            self.digit_pressed.emit(digit)
        elif event.key() in ACCEPT_KEYS and self.candidate is not None:
            self.click()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.candidate is not None:
            by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
            self.menu_requested.emit(
                event.globalPos() if by_mouse else self.mapToGlobal(self.rect().center())
            )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        left = event.button() == Qt.MouseButton.LeftButton
        self._pressed_at = event.position().toPoint() if left else None
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self._pressed_at is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        way = event.position().toPoint() - self._pressed_at
        if way.manhattanLength() >= QApplication.startDragDistance():
            self._pressed_at = None
            self.setDown(False)  # letting go ends the drag and is no click
            self.dragged.emit()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._under_mouse = True
        self.looked_at.emit(True)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._under_mouse = False
        self.looked_at.emit(self.hasFocus() and self.window().isActiveWindow())
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self.looked_at.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if not self._under_mouse:
            self.looked_at.emit(False)

    def paintEvent(self, event: QPaintEvent) -> None:
        shades = theme.colors()
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        frame = self.frame()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(shades.field))
        painter.drawRoundedRect(frame, 6, 6)
        if self._picture is not None:
            painter.setOpacity(STALE_OPACITY if self.stale and not self.accepted else 1.0)
            self._draw_picture(painter, frame.adjusted(1, 1, -1, -1), self._picture)
            painter.setOpacity(1.0)
        edge, width = shades.border, 1.0
        if self.accepted:
            edge, width = shades.success, 2.0
        elif self.candidate is not None and not self.stale and (self._under_mouse or self.hasFocus()):
            edge, width = shades.link, 2.0
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(edge), width))
        painter.drawRoundedRect(frame, 6, 6)
        self.draw_label(painter, shades)
        if self.accepted:
            self._draw_tick(painter, frame, shades)

    def frame(self) -> QRectF:
        """Where the picture is."""
        return QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)

    def _draw_picture(self, painter: QPainter, frame: QRectF, picture: QPixmap) -> None:
        painter.save()
        brush_scale = frame.width() / picture.width(), frame.height() / picture.height()
        painter.translate(frame.topLeft())
        painter.scale(*brush_scale)
        painter.setBrush(picture)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(
            QRectF(0, 0, picture.width(), picture.height()), 5 / brush_scale[0], 5 / brush_scale[1]
        )
        painter.restore()

    def draw_label(self, painter: QPainter, shades: theme.Colors) -> None:
        """Number at the top left."""
        font = QFont(self.font())
        font.setPointSizeF(8.0)
        font.setBold(True)
        painter.setFont(font)
        badge = QRectF(6, 6, 16, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(shades.accent if not self.stale else shades.disabled))
        if self.candidate is None or self.stale:
            painter.setBrush(QColor(shades.pressed))
        painter.drawRoundedRect(badge, 4, 4)
        painter.setPen(QColor(shades.text if self.candidate is None or self.stale else shades.on_accent))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(self.number))

    def _draw_tick(self, painter: QPainter, frame: QRectF, shades: theme.Colors) -> None:
        """At the top right: it is accepted."""
        mark = QRectF(frame.right() - 21.5, frame.top() + 4.5, 17, 17)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(shades.success))
        painter.drawEllipse(mark)
        tick = theme.pixmap("accept", 13, shades.window, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(mark.x() + 2, mark.y() + 2), tick)


def _digit(event: QKeyEvent) -> int:
    """1 to 9 for the digit keys without modifiers, else 0."""
    allowed = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier
    if event.modifiers() not in allowed:
        return 0
    key = event.key()
    return key - Qt.Key.Key_0 if Qt.Key.Key_1 <= key <= Qt.Key.Key_9 else 0
