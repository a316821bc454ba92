"""A second picture beside the viewport, from the same side: its mouse moves the viewport's camera."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from app.panels.widgets import Elided, icon_button, labelled_button, set_role
from app.viewport.canvas import Viewport
from app.viewport.navigation import Movement, navigates
from app.viewport.overlay import Drawing
from app.viewport.picture import Picture
from core.edits.results import Candidate

MARGIN, PADDING = 12, 3
SHORTEST = 60
"""Logical pixels below which shortened words say nothing."""


class Caption(QFrame):
    """What a picture shows, at its upper left, and what can be done with it.

    Parameters
    ----------
    free : int
        Logical pixels at the right of the picture that it leaves free; the text is shortened for that.

    Signals
    -------
    accepted()
    """

    accepted = Signal()

    def __init__(self, parent: QWidget, *more: QToolButton, free: int = MARGIN) -> None:
        super().__init__(parent)
        set_role(self, "card")
        self._picture, self._free = parent, free
        self.text = Elided(asking=True)
        self.accept_button = labelled_button("accept", "Accept", "Put this candidate into the scene.")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, PADDING, 6, PADDING)
        layout.setSpacing(8)
        for widget in (self.text, self.accept_button, *more):
            layout.addWidget(widget)
        self.accept_button.clicked.connect(self.accepted)
        self.move(MARGIN, MARGIN)
        self.hide()

    def show_text(self, text: str, acceptable: bool) -> None:
        """Say what is shown; `acceptable` if it is a candidate that can be accepted."""
        self.text.setText(text)
        self.accept_button.setVisible(acceptable)
        # As high with the button as without: the captions of both pictures stand on one line.
        self.setMinimumHeight(self.accept_button.sizeHint().height() + 2 * (PADDING + self.frameWidth()))
        self.fit()
        self.show()
        self.raise_()

    def fit(self) -> None:
        """Take the room there is; where there is little the words go first, then what is pressed."""
        room = self._picture.width() - MARGIN - self._free
        self.text.setVisible(True)
        words = self.text.sizeHint().width()
        if self.sizeHint().width() - words + min(words, SHORTEST) > room:
            self.text.setVisible(False)
        self.resize(min(self.sizeHint().width(), room), self.minimumHeight())


class Beside(Picture):
    """The picture on the right: the scene with one candidate in its place, seen as the viewport sees it.

    Attributes
    ----------
    caption : Caption
    swap_button, close_button : QToolButton
    """

    def __init__(self, viewport: Viewport, parent: QWidget | None = None) -> None:
        super().__init__(viewport.editor, parent)
        self._viewport = viewport
        self.setMinimumSize(viewport.minimumSize())  # so that neither picture takes room from the other
        self._held: tuple[Movement, Qt.MouseButton, tuple[float, float]] | None = None
        self.swap_button = icon_button("swap", "Swap sides", "Swap what is on the left and on the right.")
        self.close_button = icon_button("close", "End the comparison", "End the comparison (Esc).")
        self.caption = Caption(self, self.swap_button, self.close_button)
        self.surface.setAccessibleName("3D view to compare with")
        self.surface.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.surface.installEventFilter(self)
        viewport.camera_moved.connect(self._on_viewport_turned)
        editor = viewport.editor
        for signal in (
            editor.document.scene_changed,
            editor.document.selection_changed,
            editor.mesh_changed,
            editor.twins_changed,
            viewport.refreshed,
        ):
            signal.connect(self.follow)

    def show_candidate(self, candidate: Candidate | None) -> None:
        """Show a candidate in its place; None = the scene as it is."""
        self.view.candidate = candidate
        self.follow()

    @Slot()
    def follow(self) -> None:
        """Look as the viewport does."""
        if self.isHidden():
            return
        viewport = self._viewport
        if self.look is not viewport.look:
            self.set_look(viewport.look)
        self.view.display = viewport.view.display
        self.view.explosion.amount = viewport.view.explosion.amount
        self.camera = viewport.camera
        self._refresh()

    @Slot()
    def _on_viewport_turned(self) -> None:
        if not self.isHidden():
            self.camera = self._viewport.camera

    def overlay_drawing(self) -> Drawing:
        return Drawing()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.caption.fit()
        self.canvas.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        viewport = self._viewport
        if watched is not self.surface:
            return False
        if isinstance(event, QWheelEvent):
            viewport.begin_gesture()
            where = event.position()
            steps = event.angleDelta().y() / 120.0
            viewport.camera = viewport.camera.zoomed(0.88**steps, where.x(), where.y(), self.view_size)
        elif isinstance(event, QMouseEvent):
            self._mouse(event)
        else:
            return False
        event.accept()
        return True

    def _mouse(self, event: QMouseEvent) -> None:
        kind, x, y = event.type(), event.position().x(), event.position().y()
        if kind == QEvent.Type.MouseButtonPress and self._held is None:
            preset, button = self._viewport.tools.navigation, event.button()
            movement = navigates(preset, button, event.modifiers())
            if movement is None and button == Qt.MouseButton.LeftButton and preset == "default":
                shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                movement = "pan" if shift else "orbit"
            if movement is not None:
                self._viewport.begin_gesture()
                self._held = (movement, button, (x, y))
        elif kind == QEvent.Type.MouseButtonRelease:
            if self._held is not None and self._held[1] == event.button():
                self._held = None
        elif kind == QEvent.Type.MouseMove and self._held is not None:
            movement, button, (before_x, before_y) = self._held
            self._held = (movement, button, (x, y))
            dx, dy = x - before_x, y - before_y
            camera = self._viewport.camera
            if movement == "orbit":
                self._viewport.camera = camera.orbited(dx, dy)
            elif movement == "pan":
                self._viewport.camera = camera.panned(dx, dy, self.view_size)
            else:
                middle = (self.view_size[0] / 2, self.view_size[1] / 2)
                self._viewport.camera = camera.zoomed(0.99 ** (dx - dy), *middle, self.view_size)
