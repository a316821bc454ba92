"""Which keys do which command: those of the table `app.commands`, and what a person has made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence

from app.commands import Command

MOST_KEYS = 4
"""Keys of one command."""
RESERVED = {
    "Esc": "gives up what is going on and closes dialogs",
    "Tab": "moves the keyboard from field to field",
    "Shift+Tab": "moves the keyboard from field to field",
    "Backtab": "moves the keyboard from field to field",
    "Return": "presses buttons and applies a transform",
    "Enter": "presses buttons and applies a transform",
    "Space": "presses buttons",
    "Ctrl+Return": "runs the edit whose description one is typing",
    "Ctrl+Enter": "runs the edit whose description one is typing",
    "Backspace": "deletes what one types",
    **dict.fromkeys(("Up", "Down", "Left", "Right", "PgUp", "PgDown"), "moves in lists and fields"),
}
"""Keys that no command may take, unless the table gave it them, and what they are for."""


def portable(text: str) -> str:
    """A key sequence as it is stored, "" if it is none."""
    keys = QKeySequence.fromString(text, QKeySequence.SequenceFormat.PortableText)
    written = keys.toString(QKeySequence.SequenceFormat.PortableText)
    # What Qt does not know it reads as some other key, or as an unprintable one.
    known = keys.count() == 1 and written.isprintable() and QKeySequence(written) == keys
    return written if known and written.lower() == text.lower() else ""


def native(text: str) -> str:
    """A stored key sequence as this system writes it."""
    return QKeySequence(text).toString(QKeySequence.SequenceFormat.NativeText) or text


class Keymap(QObject):
    """Keys of all commands.

    Parameters
    ----------
    commands : sequence of Command
    stored : dict
        Keys of the commands whose keys were changed, by id; written to at every change.

    Attributes
    ----------
    problems : list of str
        What was wrong with `stored`.

    Signals
    -------
    changed()
    """

    changed = Signal()

    def __init__(
        self, commands: Sequence[Command], stored: dict[str, list[str]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.commands = {command.id: command for command in commands}
        self.problems: list[str] = []
        self._stored = stored
        self._keys: dict[str, tuple[str, ...]] = {}
        self._past: list[dict[str, list[str]]] = []
        self._build()

    # ------------------------------------------------------------------ questions

    def keys(self, command_id: str) -> tuple[str, ...]:
        """Keys of a command, the one that menus show first."""
        return self._keys[command_id]

    def defaults(self, command_id: str) -> tuple[str, ...]:
        """Keys the table gives it."""
        command = self.commands[command_id]
        return tuple(portable(key) for key in (command.shortcut, *command.other_shortcuts) if key)

    def words(self, command_id: str) -> str:
        """The first key of a command as this system writes it, "" if it has none."""
        return native(self._keys[command_id][0]) if self._keys[command_id] else ""

    def hint(self, command_id: str) -> str:
        """The same as an addition to a sentence: " (Ctrl+Z)", or nothing."""
        words = self.words(command_id)
        return f" ({words})" if words else ""

    def is_default(self, command_id: str) -> bool:
        return self._keys[command_id] == self.defaults(command_id)

    @property
    def all_default(self) -> bool:
        return all(self.is_default(command_id) for command_id in self.commands)

    @property
    def can_undo(self) -> bool:
        return bool(self._past)

    def owner(self, key: str) -> Command | None:
        """The command that a key belongs to."""
        found = (self.commands[known] for known, keys in self._keys.items() if portable(key) in keys)
        return next(found, None)

    def refusal(self, command_id: str, key: str) -> str:
        """Why a command can never have a key, "" if it can."""
        if not portable(key):
            return "That is not a key this program can use. Press another one."
        if portable(key) in RESERVED and portable(key) not in self.defaults(command_id):
            return f"{native(key)} {RESERVED[portable(key)]}, so no command can have it. Press another one."
        if len(self._keys[command_id]) >= MOST_KEYS:
            return f"A command has at most {MOST_KEYS} keys. Remove one first."
        return ""

    def clashes(self, command_id: str) -> dict[str, Command]:
        """Keys the table gives a command that others have now, with those."""
        found = {key: self.owner(key) for key in self.defaults(command_id)}
        return {key: owner for key, owner in found.items() if owner is not None and owner.id != command_id}

    # ------------------------------------------------------------------ changes

    def add(self, command_id: str, key: str) -> None:
        """Give a command one more key, taking it from the command that has it.

        Raises
        ------
        ValueError
            With the reason, if no command can have that key.
        """
        refused = self.refusal(command_id, key)
        if refused:
            raise ValueError(refused)
        self._change(lambda: self._take(command_id, (portable(key),)))

    def remove(self, command_id: str, key: str) -> None:
        """Take a key from a command."""
        left = tuple(known for known in self._keys[command_id] if known != portable(key))
        self._change(lambda: self._put(command_id, left))

    def reset(self, command_id: str) -> None:
        """Give a command the keys of the table, taking them from the commands that have them."""

        def do() -> None:
            self._put(command_id, ())
            self._take(command_id, self.defaults(command_id))

        self._change(do)

    def reset_all(self) -> None:
        """All keys as in the table."""
        self._change(self._clear)

    def undo(self) -> None:
        """Take the last change back."""
        if self._past:
            before = self._past.pop()
            self._stored.clear()
            self._stored.update(before)
            self._build()
            self.changed.emit()

    # ------------------------------------------------------------------ inside

    def _change(self, do: Callable[[], None]) -> None:
        before = {known: list(keys) for known, keys in self._stored.items()}
        do()
        self._past.append(before)
        self.changed.emit()

    def _clear(self) -> None:
        for command_id in self.commands:
            self._put(command_id, self.defaults(command_id))

    def _take(self, command_id: str, keys: tuple[str, ...]) -> None:
        for key in keys:
            owner = self.owner(key)
            if owner is not None:
                self._put(owner.id, tuple(known for known in self._keys[owner.id] if known != key))
        self._put(command_id, (*self._keys[command_id], *keys))

    def _put(self, command_id: str, keys: tuple[str, ...]) -> None:
        self._keys[command_id] = keys
        if keys == self.defaults(command_id):
            self._stored.pop(command_id, None)
        else:
            self._stored[command_id] = list(keys)

    def _build(self) -> None:
        """Find out the keys of every command; what a person chose wins over what the table says."""
        changed = {known: self._read(known) for known in self.commands if known in self._stored}
        taken: dict[str, Command] = {}
        self._keys = {}
        for command_id in (*changed, *(known for known in self.commands if known not in changed)):
            keys = changed.get(command_id, self.defaults(command_id))
            for key in keys:
                if key in taken and command_id in changed:
                    self._complain(command_id, f"{native(key)} is a key of {taken[key].title} too")
            self._keys[command_id] = tuple(key for key in keys if key not in taken)
            taken |= dict.fromkeys(keys, self.commands[command_id]) | taken

    def _read(self, command_id: str) -> tuple[str, ...]:
        """The stored keys of a command, those of the table if they are no keys."""
        stored: Mapping[str, object] = self._stored
        value = stored[command_id]
        if not isinstance(value, list) or not all(isinstance(key, str) for key in value):
            self._complain(command_id, "they are not a list of keys")
            return self.defaults(command_id)
        good = [key for key in dict.fromkeys(map(portable, value)) if key]
        allowed = [key for key in good if key not in RESERVED or key in self.defaults(command_id)]
        if len(allowed) < len(value):
            self._complain(command_id, f"not all of {', '.join(map(repr, value))[:60]} can be keys")
        return tuple(allowed[:MOST_KEYS])

    def _complain(self, command_id: str, what: str) -> None:
        self.problems.append(f"Keys of \u201c{self.commands[command_id].title}\u201d: {what}.")
