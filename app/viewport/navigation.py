"""Which mouse buttons turn, move and zoom the view: the habits people bring from other editors."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt

Navigation = Literal["default", "blender", "maya"]
NAVIGATIONS: dict[Navigation, str] = {
    "default": "Partsmith: drag turns, Shift-drag moves",
    "blender": "Blender: middle button turns, Shift-middle moves, drag selects",
    "maya": "Maya: Alt-left turns, Alt-middle moves, Alt-right zooms, drag selects",
}
Movement = Literal["orbit", "pan", "zoom"]

Button = Qt.MouseButton
_ALT_BUTTONS: dict[Button, Movement] = {
    Button.LeftButton: "orbit",
    Button.MiddleButton: "pan",
    Button.RightButton: "zoom",
}


def navigates(preset: Navigation, button: Button, modifiers: Qt.KeyboardModifier) -> Movement | None:
    """How a press of this button moves the view; None if it does something else.

    The middle button works as in Blender everywhere. In the default preset a drag of the left button that
    begins on no handle turns the view too, which only its movement tells from a click.
    """
    if preset == "maya" and modifiers & Qt.KeyboardModifier.AltModifier:
        return _ALT_BUTTONS.get(button)
    if button != Button.MiddleButton:
        return None
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        return "pan"
    return "zoom" if modifiers & Qt.KeyboardModifier.ControlModifier else "orbit"
