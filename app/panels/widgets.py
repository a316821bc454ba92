"""Small widgets the panels share: icon buttons with names, headings, empty states that teach."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from app import theme


def set_role(widget: QWidget, role: str) -> None:
    """Choose the look of a widget (see `app.style_sheet`) and repaint it if it is already on screen."""
    if widget.property("role") == role:
        return
    widget.setProperty("role", role)
    if role == "panel":
        # Subclasses of QWidget paint the style sheet's background only when told to.
        widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def icon_button(icon: str, name: str, tip: str, checkable: bool = False, size: int = 16) -> QToolButton:
    """A flat icon button.

    Parameters
    ----------
    icon : str
        Drawing in ``resources/icons``.
    name : str
        What it is called for people who cannot see it (accessible name).
    tip : str
        What it does and why one would press it.
    """
    button = QToolButton()
    theme.bind_icon(button, icon)
    button.setIconSize(QSize(size, size))
    button.setAccessibleName(name)
    button.setToolTip(tip)
    button.setAccessibleDescription(tip)
    button.setCheckable(checkable)
    return button


def labelled_button(icon: str, text: str, tip: str) -> QToolButton:
    """An outlined button with icon and words."""
    button = icon_button(icon, text, tip)
    button.setText(text)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    set_role(button, "action")
    return button


def label(text: str, role: str = "", wrap: bool = False) -> QLabel:
    """A plain-text label with a role of the style sheet."""
    result = QLabel(text)
    result.setTextFormat(Qt.TextFormat.PlainText)
    result.setWordWrap(wrap)
    if role:
        set_role(result, role)
    return result


class Elided(QLabel):
    """A plain-text label that is shortened rather than pushing its neighbours away; a tooltip has the rest.

    Parameters
    ----------
    asking : bool
        It would like room for all of its text. Otherwise it asks for no width: give it a stretch factor.
    """

    def __init__(self, text: str = "", role: str = "", asking: bool = False) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        wish = QSizePolicy.Policy.Preferred if asking else QSizePolicy.Policy.Ignored
        self.setSizePolicy(wish, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(40)
        if role:
            set_role(self, role)

    @property
    def shown(self) -> str:
        """As much of the text as there is room for."""
        room = self.contentsRect().width()
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cut = self.text() if self.shown != self.text() else ""
            words = dict.fromkeys(part for part in (cut, self.toolTip()) if part)
            QToolTip.showText(event.globalPos(), "\n".join(words), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self.shown
        if shown == self.text():
            super().paintEvent(event)
            return
        flags = self.alignment() | Qt.TextFlag.TextSingleLine
        self.style().drawItemText(
            QPainter(self),
            self.contentsRect(),
            int(flags),
            self.palette(),
            self.isEnabled(),
            shown,
            self.foregroundRole(),
        )


def pad_number(spin: QAbstractSpinBox) -> None:
    """Keep the digits off the border: the style sheet's padding does not reach a spin box's inner field."""
    spin.lineEdit().setTextMargins(6, 0, 2, 0)


def line() -> QFrame:
    """A one-pixel rule between groups."""
    frame = QFrame()
    set_role(frame, "line")
    return frame


def row(*items: QWidget | int, spacing: int = 6) -> QHBoxLayout:
    """Widgets side by side; a positive number is a stretch factor."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for item in items:
        if isinstance(item, int):
            layout.addStretch(item)
        else:
            layout.addWidget(item)
    return layout


class Form(QFormLayout):
    """Names in front of fields, on one line with what stands in them.

    Qt makes names no higher than 7/4 of their text, which leaves them up to 3 pixels above the middle of a
    field. Beside lists they stay at the top.
    """

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        for number in range(self.rowCount()):
            name = self.itemAt(number, QFormLayout.ItemRole.LabelRole)
            field = self.itemAt(number, QFormLayout.ItemRole.FieldRole)
            if name is None or field is None or not self.isRowVisible(number):
                continue
            left, beside = name.geometry(), field.geometry()
            if beside.height() < 3 * name.sizeHint().height():
                name.setGeometry(QRect(left.x(), beside.y(), left.width(), beside.height()))


HINT_WIDTH = 460
"""Logical pixels: longer lines are hard to read, and leave a last one of a single word."""


class EmptyState(QWidget):
    """What a panel shows when it has nothing to show: a drawing, a title, and what to do next."""

    def __init__(self, icon: str, title: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title = label(title, "heading", wrap=True)
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint = label(hint, "muted", wrap=True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(6)
        layout.addStretch(1)
        layout.addWidget(self._picture)
        layout.addWidget(self.title)
        self.hint.setMaximumWidth(HINT_WIDTH)
        middle = row(1, self.hint, 1)
        middle.setStretch(1, 100)  # as wide as it may be, then room on both sides
        layout.addLayout(middle)
        layout.addStretch(2)
        theme.changes.theme_changed.connect(self._on_theme_changed)
        self._on_theme_changed(theme.is_dark())

    def _on_theme_changed(self, dark: bool) -> None:
        self._picture.setPixmap(
            theme.pixmap(self._icon, 32, theme.colors().disabled, self.devicePixelRatioF())
        )
