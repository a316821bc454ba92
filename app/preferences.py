"""Changing preferences: checked, shown at once, and written a moment later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.preference_table import BY_NAME, PREFERENCES, Preference, Value

if TYPE_CHECKING:
    from app.main_window import MainWindow

SAVE_DELAY = 400
"""Milliseconds between a change and its writing: the arrows of a number change it many times."""


class Preferences(QObject):
    """The preferences of a window.

    Signals
    -------
    changed(str)
        A setting has another value, which is in effect already; its name.
    """

    changed = Signal(str)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._complained = False
        self._saving = QTimer(self, singleShot=True, interval=SAVE_DELAY)
        self._saving.timeout.connect(self.save)

    def value(self, name: str) -> Value:
        """The present value."""
        value: Value = getattr(self._window.settings, name)
        return value

    def set(self, name: str, value: Value) -> None:
        """Change a setting and show the effect.

        Raises
        ------
        ValueError
            If the value is not possible.
        """
        preference = BY_NAME[name]
        if not preference.accepts(value):
            raise ValueError(f"{preference.title} can be {preference.possible}, not {value!r}")
        if value == self.value(name):
            return
        setattr(self._window.settings, name, type(preference.default)(value))
        preference.apply(self._window)
        self.save_soon()
        self.changed.emit(name)

    def reset(self, name: str) -> None:
        """Back to what it was at the first start."""
        self.set(name, BY_NAME[name].default)

    def changed_ones(self) -> dict[str, Value]:
        """Values that differ from those of the first start, by name."""
        return {item.name: self.value(item.name) for item in PREFERENCES if not self.is_default(item)}

    def is_default(self, preference: Preference) -> bool:
        return self.value(preference.name) == preference.default

    def apply_at_start(self) -> None:
        """Make a new window look as the settings say."""
        for preference in PREFERENCES:
            if preference.at_start:
                preference.apply(self._window)

    def save_soon(self) -> None:
        """Write the settings when nothing has changed for a moment."""
        self._saving.start()

    @Slot()
    def save(self) -> None:
        """Write the settings now; say once if that is not possible."""
        self._saving.stop()
        settings = self._window.settings
        if settings.path is None or settings.save():
            self._complained = False
        elif not self._complained:
            self._complained = True
            self._window.editor.post(
                f"Preferences hold until you quit, but cannot be written to {settings.path}. "
                "Make that folder writable to keep them.",
                "warning",
            )
