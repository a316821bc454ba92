"""A list whose rows have a picture, a line that stands out and quieter lines below it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app import theme
from app.panels.scene_picture import as_icon

MARGIN = 8
Index = QModelIndex | QPersistentModelIndex


class CardList(QListWidget):
    """The list.

    Parameters
    ----------
    picture : int
        Side of the pictures in logical pixels.
    """

    def __init__(self, picture: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setIconSize(QSize(picture, picture))
        self.setAccessibleName(name)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_CardDelegate(self))

    def add(self, picture: QPixmap | None, text: str, usable: bool = True) -> None:
        """Append a row; the first line of the text stands out."""
        item = QListWidgetItem(as_icon(picture) if picture is not None else QIcon(), text)
        item.setToolTip(text)
        if not usable:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.addItem(item)


class _CardDelegate(QStyledItemDelegate):
    """Paints a row: picture, first line in bold, the others muted, each cut off where it is too long."""

    def __init__(self, view: CardList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        lines = str(index.data()).count("\n") + 1
        height = lines * (self._view.fontMetrics().height() + 2)
        return QSize(120, max(height, self._view.iconSize().height()) + 2 * MARGIN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        icon, text = QIcon(option.icon), str(index.data())
        option.text, option.icon = "", QIcon()
        view = self._view
        view.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, view)
        side = view.iconSize().width()
        area = option.rect.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        top = area.top() + (area.height() - side) // 2
        # One smaller than the place, a sign, stands in its middle.
        icon.paint(painter, QRect(area.left(), top, side, side), Qt.AlignmentFlag.AlignCenter)
        self._write(painter, area.adjusted(side + MARGIN + 2, 0, 0, 0), text.split("\n"), option)

    def _write(self, painter: QPainter, area: QRect, lines: list[str], option: QStyleOptionViewItem) -> None:
        colors = theme.colors()
        usable = bool(option.state & QStyle.StateFlag.State_Enabled)
        height = self._view.fontMetrics().height() + 2
        line = QRect(area.left(), area.center().y() - height * len(lines) // 2, area.width(), height)
        for number, words in enumerate(lines):
            font = QFont(self._view.font())
            font.setBold(number == 0)
            painter.setFont(font)
            selected = bool(option.state & QStyle.StateFlag.State_Selected)
            quiet = colors.text if selected else colors.muted
            painter.setPen(QColor(colors.disabled if not usable else colors.text if number == 0 else quiet))
            cut = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, cut)
            line.translate(0, height)
