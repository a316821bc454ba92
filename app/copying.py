"""Copy as Python: an undo step or a candidate as a script that makes it again, bit for bit.

A script starts from a scene that a file holds (as opened, or as saved last) or from an empty one, and repeats
every step since: the fewest that lead to the very same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication

from app.document import ApplyEdit, Document
from app.edit_titles import candidate_title
from core.edits.calls import Step, accepting, first_needed, script, starts_from
from core.edits.requests import Sampled
from core.edits.results import Candidate

if TYPE_CHECKING:
    from app.main_window import MainWindow

NO_FILE = (
    "# No file holds the scene that this edit started from. To make one, go back in the history to\n"
    "# before it and save under the name below.\n"
)
UNNAMED = Path("before.partsmith")


@dataclass(frozen=True)
class Script:
    """A script, and whether it makes the same numbers as it stands."""

    text: str
    whole: bool


def steps_of(document: Document) -> list[Step]:
    """All undo steps of a document, undone ones too, oldest first."""
    stack = document.stack
    found = [stack.command(number) for number in range(stack.count())]
    return [Step(step.before, step.calls) for step in found if isinstance(step, ApplyEdit)]


def script_of_step(document: Document, number: int) -> Script:
    """The undo step with this number, counted from zero.

    Raises
    ------
    ValueError
        If what it started from is not known any more.
    """
    return _script(document, steps_of(document)[: number + 1])


def script_of_candidate(document: Document, candidate: Candidate, request: Sampled) -> Script:
    """Making and accepting a candidate, from the newest scene that its request can start from."""
    steps, stack = steps_of(document), document.stack
    scenes = [step.before for step in steps[: stack.index()]] + [document.scene]
    fitting = [number for number, scene in enumerate(scenes) if starts_from(request, scene)]
    number = fitting[-1] if fitting else len(scenes) - 1
    last = Step(scenes[number], (accepting(request, candidate.seed),))
    return _script(document, [*steps[:number], last])


def _script(document: Document, steps: list[Step]) -> Script:
    needed = first_needed(steps)
    if needed is None:
        raise ValueError("The shapes that this started from are not in the history any more.")
    for start in range(needed, -1, -1):
        known, path = _file_of(document, steps, start)
        if known:
            return Script(script(steps[start:], path), True)
    path = document.path
    before = UNNAMED if path is None else path.with_stem(f"{path.stem}-before")
    return Script(NO_FILE + script(steps[needed:], before), False)


def _file_of(document: Document, steps: list[Step], number: int) -> tuple[bool, Path | None]:
    """Whether a script can start before a step, and from which file (None: from nothing)."""
    if not len(steps[number].before):
        return True, None
    if number == document.stack.cleanIndex() and document.path is not None:
        return True, document.path
    if number == 0 and document.origin is not None:
        return True, document.origin
    return False, None


class PythonCopies(QObject):
    """Puts scripts on the clipboard, for the Edit menu, the history and the gallery of a window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.history.copy_requested.connect(self.copy_step)
        window.gallery.copy_requested.connect(self.copy_candidate)

    def copy_last(self) -> None:
        """The step that was done last."""
        self.copy_step(self._window.document.stack.index() - 1)

    @Slot(int)
    def copy_step(self, number: int) -> None:
        """The undo step with this number, counted from zero."""
        document = self._window.document
        try:
            self._put(script_of_step(document, number), document.stack.text(number))
        except ValueError as error:
            self._window.editor.post(str(error), "warning")

    @Slot(object, object)
    def copy_candidate(self, candidate: Candidate, request: Sampled) -> None:
        """A candidate of a request."""
        document = self._window.document
        try:
            self._put(script_of_candidate(document, candidate, request), candidate_title(candidate, request))
        except ValueError as error:
            self._window.editor.post(str(error), "warning")

    def _put(self, copied: Script, what: str) -> None:
        QApplication.clipboard().setText(copied.text)
        if copied.whole:
            self._window.editor.post(f"“{what}” is on the clipboard as a Python script.")
        else:
            self._window.editor.post(
                f"“{what}” is on the clipboard as Python, but no file holds the scene it started from. "
                "The script says how to make one.",
                "warning",
            )
