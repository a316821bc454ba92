"""Words over the picture: the name of the part under the mouse, the running tool, the empty scene.

They are child widgets, which Qt composes over a `QOpenGLWidget`; mouse events go through them.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.viewport.gizmo import CROSS_ROOM
from app.viewport.look import Look


def _css(color: tuple[float, float, float], alpha: float = 1.0) -> str:
    red, green, blue = (round(255 * value) for value in color)
    return f"rgba({red}, {green}, {blue}, {alpha:.2f})"


class Labels:
    """The labels of one viewport."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent
        self.names_wanted = True
        """Whether the part under the mouse is named."""
        self.part = QLabel(parent)
        self.tool = QLabel(parent)
        self.empty = QLabel(parent)
        for label, name in ((self.part, "part"), (self.tool, "tool"), (self.empty, "empty")):
            label.setObjectName(f"viewport_{name}_label")
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            label.hide()
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def set_look(self, look: Look) -> None:
        text = _css(look.text)
        box = (
            f"background: {_css(look.text_background, 0.86)}; color: {text};"
            f"border: 1px solid {_css(look.text, 0.16)}; border-radius: 5px;"
        )
        self.part.setStyleSheet(f"QLabel {{ {box} padding: 2px 7px; }}")
        self.tool.setStyleSheet(f"QLabel {{ {box} padding: 5px 12px; }}")
        self.empty.setStyleSheet(
            f"QLabel {{ background: transparent; color: {_css(look.text, 0.78)}; font-size: 13pt; }}"
        )

    def show_part(self, text: str, x: float, y: float) -> None:
        """The part's name beside the mouse; an empty text hides it."""
        if not text or not self.names_wanted:
            self.part.hide()
            return
        if self.part.text() != text:
            self.part.setText(text)
        self.part.adjustSize()
        left, top = int(x) + 16, int(y) + 18
        if left + self.part.width() > self._parent.width() - 4:
            left = int(x) - 12 - self.part.width()
        if top + self.part.height() > self._parent.height() - 4:
            top = int(y) - 12 - self.part.height()
        self.part.move(max(4, left), max(4, top))
        self._show(self.part)

    def show_tool(self, text: str) -> None:
        """What the running tool does, at the top; an empty text hides it."""
        self.tool.setText(text)
        if not text:
            self.tool.hide()
            return
        self._show(self.tool)
        self.place()

    def show_empty(self, text: str) -> None:
        """What to do with an empty scene; an empty text hides it."""
        self.empty.setText(text)
        if not text:
            self.empty.hide()
            return
        self._show(self.empty)
        self.place()

    def place(self) -> None:
        """Put the labels where they belong after the viewport's size has changed."""
        width, height = self._parent.width(), self._parent.height()
        room = width - CROSS_ROOM - 4
        self.tool.setWordWrap(False)
        self.tool.adjustSize()
        if self.tool.width() > room:
            self.tool.setWordWrap(True)
            self.tool.resize(room, self.tool.heightForWidth(room))
        self.tool.move(max(4, min((width - self.tool.width()) // 2, 4 + room - self.tool.width())), 10)
        self.empty.adjustSize()
        self.empty.move((width - self.empty.width()) // 2, (height - self.empty.height()) // 2)

    def _show(self, label: QLabel) -> None:
        if label.isHidden():
            label.show()
            label.raise_()
