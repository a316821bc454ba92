"""What the colours of a heat map stand for, at the lower left of the viewport while one is shown."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app import theme
from app.heat import STOPS, HeatMap
from app.panels.widgets import icon_button, label, row, set_role

MARGIN = 14
BAR_WIDTH, BAR_HEIGHT = 14, 112
TEXT_GAP = 8


class Scale(QWidget):
    """The colours from far (above) to near, with numbers beside them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.marks: tuple[str, ...] = ()

    def set_marks(self, marks: tuple[str, ...]) -> None:
        """Numbers from near to far, one for each colour stop."""
        self.marks = marks
        self.setAccessibleName(f"Colours from blue, {marks[0]}, to red, {marks[-1]}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        widest = max((metrics.horizontalAdvance(mark) for mark in self.marks), default=0)
        return QSize(BAR_WIDTH + TEXT_GAP + widest + 2, BAR_HEIGHT + metrics.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = self.fontMetrics().height()
        bar = QRectF(0.5, height / 2, BAR_WIDTH, BAR_HEIGHT)
        gradient = QLinearGradient(bar.bottomLeft(), bar.topLeft())
        for number, color in enumerate(STOPS):
            gradient.setColorAt(number / (len(STOPS) - 1), QColor.fromRgbF(*map(float, color)))
        painter.setPen(QColor(theme.colors().border))
        painter.setBrush(gradient)
        painter.drawRoundedRect(bar, 3, 3)
        painter.setPen(QColor(theme.colors().text))
        for number, mark in enumerate(self.marks):
            middle = bar.bottom() - BAR_HEIGHT * number / max(len(self.marks) - 1, 1)
            place = QRectF(BAR_WIDTH + TEXT_GAP, middle - height / 2, self.width(), height)
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, mark)


class HeatLegend(QFrame):
    """Title, unit and colours of the heat map that is shown, and a button that ends it.

    Attributes
    ----------
    close_button : QToolButton
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._viewport = parent
        self._heat: HeatMap | None = None
        set_role(self, "card")
        self.title = label("", "heading")
        self.unit = label("", "muted")
        self.ghost = label("", "muted")
        self.scale = Scale()
        self.close_button = icon_button("close", "Close", "Draw the shape in its own colours again.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 4, 6, 10)
        layout.setSpacing(3)
        top = row(self.title, 1, self.close_button)
        layout.addLayout(top)
        layout.addWidget(self.unit)
        layout.addSpacing(3)
        layout.addWidget(self.scale)
        layout.addSpacing(3)
        layout.addWidget(self.ghost)
        theme.changes.theme_changed.connect(self._on_theme_changed)
        self.hide()

    def show_heat(self, heat: HeatMap | None) -> None:
        """Explain a heat map; None hides the legend."""
        if heat is self._heat:
            return
        self._heat = heat
        self.setVisible(heat is not None)
        if heat is not None:
            self.title.setText(heat.title)
            self.unit.setText(heat.unit)
            self.ghost.setText(heat.ghost_title if len(heat.ghost.faces) else "")
            self.ghost.setVisible(bool(self.ghost.text()))
            self.scale.set_marks(heat.marks)
            self.raise_()
            self.place()

    def place(self) -> None:
        """Go to the lower left corner of the viewport."""
        self.adjustSize()
        self.move(MARGIN, self._viewport.height() - self.height() - MARGIN)

    @Slot(bool)
    def _on_theme_changed(self, _dark: bool) -> None:
        self.scale.update()
