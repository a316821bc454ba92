"""A button that waits for a key and tells which one it was."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QKeyCombination, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from app.panels.widgets import set_role

ONLY_HELD = {
    Qt.Key.Key_Control,
    Qt.Key.Key_Shift,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_Super_L,
    Qt.Key.Key_Super_R,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
    Qt.Key.Key_unknown,
}


def sequence_of(event: QKeyEvent) -> str:
    """The pressed key with its modifiers, as portable text."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    text = event.text()
    # Shift that is only held to type a symbol ("?") is not part of the key.
    if text and text[0].isprintable() and not text[0].isalnum() and not text[0].isspace():
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    return QKeySequence(QKeyCombination(modifiers, Qt.Key(event.key()))).toString()


class KeyRecorder(QPushButton):
    """Click it, press a key.

    Signals
    -------
    recorded(str)
        The key as portable text.
    """

    recorded = Signal(str)

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._text = text
        self.recording = False
        self.setAutoDefault(False)
        self.setToolTip("Click, then press the key with its modifiers. Esc gives up.")
        self.clicked.connect(self._on_clicked)

    def stop(self) -> None:
        """Wait no longer."""
        self.recording = False
        self.setText(self._text)
        set_role(self, "")

    @Slot()
    def _on_clicked(self) -> None:
        if self.recording:
            self.stop()
            return
        self.recording = True
        self.setText("Press a key…  (Esc gives up)")
        set_role(self, "primary")
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def event(self, event: QEvent) -> bool:
        # Every key is meant for the button: no shortcut, no move of the focus, no press by the space bar.
        if self.recording and isinstance(event, QKeyEvent):
            event.accept()
            if event.type() == QEvent.Type.KeyPress and event.key() not in ONLY_HELD:
                self.stop()
                if event.key() != Qt.Key.Key_Escape:
                    self.recorded.emit(sequence_of(event))
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.stop()
        super().focusOutEvent(event)
