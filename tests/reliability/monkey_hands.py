"""Random hands on the real window: mouse, keys, wheel, menus, files, sizes, all from one seed.

Events go in where the window system's go in, so that Qt decides what they reach: popups, dialogs, grabs.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from shiboken6 import isValid

from app.application import Workbench
from app.commands import COMMANDS

NONE = Qt.KeyboardModifier.NoModifier
MODIFIERS = (
    NONE, NONE, NONE, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)  # fmt: skip
BUTTONS = (Qt.MouseButton.LeftButton,) * 4 + (Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton)
PLAIN_KEYS = (
    "Return", "Escape", "Tab", "Backtab", "Space", "Delete", "Backspace", "Up", "Down", "Left", "Right",
    "Home", "End", "PageUp", "PageDown", "F1", "F2", "Menu", "A", "B", "C", "E", "G", "H", "L", "M", "R", "S",
    "T", "V", "X", "Y", "Z", "0", "1", "2", "3", "5", "7", "9", "Minus", "Period", "Question",
)  # fmt: skip
WORDS = ("a chair with round arms", "", "0.5", "-3", "9999999999", "ü…\u200b", "fail", "((", "s1")
SHORTCUTS = tuple(command.shortcut for command in COMMANDS if command.shortcut)


def press(handle: QWindow, button: Qt.MouseButton, modifier: Qt.KeyboardModifier, place: QPoint) -> None:
    """Press and let go; a window that is gone after the press is not told of the rest, as `QTest` would."""
    if isValid(handle):
        QTest.mousePress(handle, button, modifier, place)
    if isValid(handle):
        QTest.mouseRelease(handle, button, modifier, place)


class Hands:
    """Does one random thing after another.

    Parameters
    ----------
    workbench : Workbench
    rng : random.Random
    files : list of Path
        Scenes, meshes, and files that are neither, to open and to drop.
    """

    def __init__(self, workbench: Workbench, rng: random.Random, files: list[Path]) -> None:
        self._workbench, self._rng, self._files = workbench, rng, files
        self._things: list[tuple[int, Callable[[], str]]] = [
            (14, self.click), (4, self.double_click), (10, self.drag), (6, self.wheel), (8, self.hover),
            (14, self.key), (8, self.shortcut), (3, self.type_words), (5, self.menu), (3, self.drop),
            (2, self.resize), (1, self.theme), (4, self.job), (3, self.undo), (1, self.dock),
        ]  # fmt: skip

    def act(self) -> str:
        """Do something; what it was, in a few words."""
        if not self._workbench.window.isVisible():
            self._workbench.window.show()
            return "show the closed window again"
        front = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        # A dialog or menu that stays for long keeps everything else from being tried.
        if front is not None and self._rng.random() < 0.25:
            return self._send_key(Qt.Key.Key_Escape, NONE)
        weights = [weight for weight, _ in self._things]
        return self._rng.choices(self._things, weights)[0][1]()

    # --- where --------------------------------------------------------------------------------------

    def _place(self) -> tuple[QWindow, QPoint] | None:
        """A window that can be reached, and a point in it; mostly in the 3D view, sometimes over its edge."""
        rng, window = self._rng, self._workbench.window
        front = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        widgets = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
        chosen: QWidget = front or (window if rng.random() < 0.9 else rng.choice(widgets or [window]))
        handle = chosen.windowHandle()
        if handle is None:
            return None
        if chosen is window and rng.random() < 0.5:
            surface = window.viewport.surface
            area = QRect(surface.mapTo(window, QPoint(0, 0)), surface.size())
        else:
            area = chosen.rect()
        if area.isEmpty():
            return None
        return handle, QPoint(rng.randint(area.left(), area.right()), rng.randint(area.top(), area.bottom()))

    def _name(self, handle: QWindow, place: QPoint) -> str:
        widget = QApplication.widgetAt(handle.mapToGlobal(place))
        return f"{type(widget).__name__} at {place.x()}, {place.y()}"

    # --- mouse --------------------------------------------------------------------------------------

    def click(self) -> str:
        return self._click(1, "click")

    def double_click(self) -> str:
        return self._click(2, "double click")

    def _click(self, times: int, word: str) -> str:
        found = self._place()
        if found is None:
            return f"no place to {word}"
        told = f"{word} {self._name(*found)}"
        button, modifier = self._rng.choice(BUTTONS), self._rng.choice(MODIFIERS)
        for _ in range(times):
            press(found[0], button, modifier, found[1])
        return told

    def drag(self) -> str:
        found = self._place()
        if found is None:
            return "no place to drag"
        handle, place = found
        told = f"drag {self._name(handle, place)}"
        button, modifier = self._rng.choice(BUTTONS), self._rng.choice(MODIFIERS)
        QTest.mousePress(handle, button, modifier, place)
        for _ in range(self._rng.randint(1, 6)):
            if not isValid(handle):
                return f"{told}, which closed it"
            place = place + QPoint(self._rng.randint(-60, 60), self._rng.randint(-60, 60))
            QTest.mouseMove(handle, place)
            if self._rng.random() < 0.1:
                self._send_key(self._rng.choice((Qt.Key.Key_Escape, Qt.Key.Key_X, Qt.Key.Key_Z)), NONE)
        if isValid(handle):
            QTest.mouseRelease(handle, button, modifier, place)
        return told

    def hover(self) -> str:
        found = self._place()
        if found is not None:
            QTest.mouseMove(*found)
        return "hover"

    def wheel(self) -> str:
        found = self._place()
        if found is None:
            return "no place to turn the wheel"
        turn = QPoint(0, self._rng.choice((-600, -120, -15, 15, 120, 600)))
        QTest.wheelEvent(found[0], QPointF(found[1]), turn, QPoint(), self._rng.choice(MODIFIERS))
        return f"wheel {self._name(*found)}"

    # --- keys ---------------------------------------------------------------------------------------

    def _send_key(self, key: Qt.Key, modifier: Qt.KeyboardModifier) -> str:
        """Press and release one key in the window that has the keyboard.

        Each is one event. `QTest.keyPress` would send the modifiers first and then go on with a window that
        what happened between them may have closed.
        """
        handle = QApplication.focusWindow() or self._workbench.window.windowHandle()
        plain = 32 <= key.value < 127 and modifier in (NONE, Qt.KeyboardModifier.ShiftModifier)
        text = chr(key.value).lower() if plain else ""
        for down in (True, False):
            if handle is not None and isValid(handle):
                QTest.simulateEvent(handle, down, key.value, modifier, text, False)
        return f"key {key.name} {modifier.name or ''}"

    def key(self) -> str:
        if self._rng.random() < 0.4:
            self._workbench.window.viewport.setFocus()
        key = getattr(Qt.Key, f"Key_{self._rng.choice(PLAIN_KEYS)}")
        return self._send_key(key, self._rng.choice(MODIFIERS))

    def shortcut(self) -> str:
        return self._press(self._rng.choice(SHORTCUTS))

    def _press(self, keys: str) -> str:
        pressed = QKeySequence(keys)[0]
        return self._send_key(pressed.key(), pressed.keyboardModifiers())

    def type_words(self) -> str:
        widget, words = QApplication.focusWidget(), self._rng.choice(WORDS)
        if widget is None:
            return "nothing has the keyboard"
        told = f"type {words!r} into {type(widget).__name__}"
        QTest.keyClicks(widget, words.encode("ascii", "ignore").decode())
        return told

    # --- commands -----------------------------------------------------------------------------------

    def menu(self) -> str:
        """Open a menu of the menu bar with a click, and click one of its entries."""
        bar = self._workbench.window.menuBar()
        handle = self._workbench.window.windowHandle()
        if handle is None or QApplication.activeModalWidget() is not None:
            return "no menu can be opened"
        action = self._rng.choice(bar.actions())
        place = bar.mapTo(self._workbench.window, bar.actionGeometry(action).center())
        press(handle, Qt.MouseButton.LeftButton, NONE, place)
        menu = QApplication.activePopupWidget()
        if not isinstance(menu, QMenu) or menu.windowHandle() is None:
            return f"the menu {action.text()} did not open"
        entry = self._rng.choice(menu.actions())
        told = f"menu {action.text()}, {entry.text() or 'line'}"
        place = menu.actionGeometry(entry).center()
        press(menu.windowHandle(), Qt.MouseButton.LeftButton, NONE, place)
        return told

    def job(self) -> str:
        """Start or stop something that takes time."""
        keys = self._rng.choice(
            ("Ctrl+G", "Ctrl+A", "Ctrl+R", "V", "Ctrl+Shift+R", "Ctrl+M", "Ctrl+.", "Return")
        )
        self._workbench.window.viewport.setFocus()
        return self._press(keys)

    def undo(self) -> str:
        for _ in range(self._rng.randint(1, 8)):
            self._press(self._rng.choice(("Ctrl+Z", "Ctrl+Shift+Z")))
        return "undo and redo"

    def drop(self) -> str:
        """Let a file fall onto the window (the drag itself is the window system's)."""
        if QApplication.activeModalWidget() is not None:
            return "nothing can be dropped now"
        path = self._rng.choice(self._files)
        self._workbench.window.files.open_dropped([path])
        return f"drop {path.name}"

    def resize(self) -> str:
        size = QSize(self._rng.randint(320, 1580), self._rng.randint(240, 980))
        self._workbench.window.resize(size)
        return f"resize to {size.width()} x {size.height()}"

    def theme(self) -> str:
        self._workbench.window.menus.actions["view.theme"].trigger()
        return "switch the theme"

    def dock(self) -> str:
        dock = self._rng.choice(list(self._workbench.window.docks.values()))
        if self._rng.random() < 0.5:
            dock.setFloating(not dock.isFloating())
        else:
            dock.setVisible(dock.isHidden())
        return f"dock {dock.windowTitle()}"
