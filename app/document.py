"""The document: one pointer to the current scene, the selection, and the undo stack.

`ApplyEdit.redo` and `ApplyEdit.undo` are the only writers of the scene beside `new` and `open`. An undo step
keeps the old pointer, so the inverse of an edit is stored and never computed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from core.edits.calls import Call
from core.edits.requests import Request
from core.scene.scene import Scene
from core.scene.selection import Selection
from core.scene.storage import NewerSceneError, SceneFileError, read_scene, write_scene

MERGE_ID = 1
"""Any value but -1 lets Qt ask `ApplyEdit.mergeWith`; the merge key decides there."""


Stamp = tuple[int, int, int]


class ChangedOnDiskError(SceneFileError):
    """The file is not the one that was opened or saved last: somebody else has written it since."""


def stamp_of(path: Path) -> Stamp | None:
    """What changes when anybody writes a file (its number, size and time); None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


class ApplyEdit(QUndoCommand):
    """One undo step: the scene before and after, and where the change came from.

    Attributes
    ----------
    before, after : Scene
    request : Request or None
        Provenance of a sampled edit: history shows it and "run again with a new seed" uses it.
    calls : tuple of Call
        What would do the same from Python; none if nothing would.
    merge_key : str or None
        Consecutive steps with the same key (nudges of one part) become one step.
    """

    def __init__(
        self,
        show: Callable[[Scene, Selection | None], None],
        before: Scene,
        after: Scene,
        text: str,
        request: Request | None = None,
        merge_key: str | None = None,
        selection_before: Selection | None = None,
        selection_after: Selection | None = None,
        calls: tuple[Call, ...] = (),
    ) -> None:
        super().__init__(text)
        self.calls = calls
        self.before = before
        self.after = after
        self.request = request
        self.merge_key = merge_key
        self._show = show
        self._selection_before = selection_before
        self._selection_after = selection_after

    def id(self) -> int:
        return MERGE_ID if self.merge_key is not None else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, ApplyEdit) or other.merge_key != self.merge_key:
            return False
        if other.before is not self.after:
            return False
        self.after = other.after
        self.request = other.request or self.request
        self.calls += other.calls
        self._selection_after = other._selection_after
        self.setText(other.text())
        return True

    def undo(self) -> None:
        self._show(self.before, self._selection_before)

    def redo(self) -> None:
        self._show(self.after, self._selection_after)


class Document(QObject):
    """The current scene, selection, file path and undo stack.

    Signals
    -------
    scene_changed(old : Scene, new : Scene)
        After the pointer moved; `selection` is already valid in the new scene.
    selection_changed(selection : Selection)
    modified_changed(modified : bool)
    path_changed(path : Path or None)
    """

    scene_changed = Signal(object, object)
    selection_changed = Signal(object)
    modified_changed = Signal(bool)
    path_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scene = Scene()
        self._selection = Selection()
        self._path: Path | None = None
        self._origin: Path | None = None
        self._stamp: Stamp | None = None
        self._read_only = False
        stack = self._stack = QUndoStack(self)
        # A dying stack clears itself and says so, to receivers that would ask it; it dies after this signal.
        self.destroyed.connect(lambda: stack.blockSignals(True))
        self._stack.cleanChanged.connect(self._on_clean_changed)

    @property
    def scene(self) -> Scene:
        return self._scene

    @property
    def selection(self) -> Selection:
        return self._selection

    @property
    def stack(self) -> QUndoStack:
        return self._stack

    @property
    def path(self) -> Path | None:
        return self._path

    @property
    def origin(self) -> Path | None:
        """The file that holds the scene the history starts from; None if no file does (any more)."""
        return self._origin

    @property
    def read_only(self) -> bool:
        """Whether the file is of a newer version, so that saving to it would lose what is not understood."""
        return self._read_only

    @property
    def modified(self) -> bool:
        return not self._stack.isClean()

    @property
    def title(self) -> str:
        """File name without its suffix, or "Untitled"."""
        return self._path.stem if self._path else "Untitled"

    def apply(
        self,
        after: Scene,
        text: str,
        request: Request | None = None,
        merge_key: str | None = None,
        selection: Selection | None = None,
        calls: tuple[Call, ...] = (),
    ) -> None:
        """Make `after` the current scene as one undo step; nothing happens if it is current already.

        Parameters
        ----------
        after : Scene
        text : str
            What the step is called in Edit > Undo and in the history.
        request : Request, optional
            Where the change came from.
        merge_key : str, optional
            Fold this step into the one before if that has the same key.
        selection : Selection, optional
            Selection after the step (default: the present one, without parts that are gone).
        calls : tuple of Call
            What would do the same from Python.
        """
        if after is self._scene:
            return
        self._stack.push(
            ApplyEdit(
                self._show, self._scene, after, text, request, merge_key, self._selection, selection, calls
            )
        )

    def set_selection(self, selection: Selection) -> None:
        """Select; parts that the scene does not have are left out."""
        selection = selection.valid_in(self._scene)
        if selection != self._selection:
            self._selection = selection
            self.selection_changed.emit(selection)

    def new(self) -> None:
        """Start an empty scene without a file; the undo stack is cleared."""
        self._load(Scene(), None)

    def open(self, path: Path | str) -> None:
        """Load a scene file; the undo stack is cleared. One of a newer version is opened `read_only`.

        Raises
        ------
        core.scene.storage.SceneFileError
            The file cannot be used; the document is unchanged.
        """
        path = Path(path)
        stamp, newer = stamp_of(path), False
        try:
            scene = read_scene(path)
        except NewerSceneError:
            scene, newer = read_scene(path, newer=True), True
        self._load(scene, path)
        self._origin, self._stamp, self._read_only = path, stamp, newer

    def open_sample(self, path: Path) -> None:
        """Load a scene that comes with the program; it is nobody's file, so saving asks for a name.

        Raises
        ------
        core.scene.storage.SceneFileError
            The file cannot be used; the document is unchanged.
        """
        self._load(read_scene(path), None)
        self._origin = path

    def recover(self, scene: Scene) -> None:
        """Show a scene that no file holds: unsaved from the start, and without a file to overwrite."""
        self._load(scene, None)
        self._stack.resetClean()

    def save(
        self,
        path: Path | str | None = None,
        thumbnail: NDArray[np.uint8] | None = None,
        replace_changed: bool = False,
    ) -> Path:
        """Write the scene to `path` (default: where it came from) and mark it unmodified.

        Raises
        ------
        ChangedOnDiskError
            Another program has written the file since, and `replace_changed` is not set.
        ValueError
            If there is no path at all.
        core.scene.storage.SceneFileError, OSError
            The file was not written; what was there before is intact.
        """
        target = Path(path) if path is not None else self._path
        if target is None:
            raise ValueError("the scene has no file yet: name one")
        if target == self._path:
            if self._read_only:
                raise SceneFileError(
                    f"Cannot save {target.name}: it is of a newer Partsmith and open read-only. "
                    "Save it under another name."
                )
            found = stamp_of(target)
            if found not in (None, self._stamp) and not replace_changed:
                raise ChangedOnDiskError(
                    f"Cannot save {target.name}: another program has changed it since it was opened here. "
                    "Save under another name to keep both."
                )
        write_scene(self._scene, target, thumbnail)
        if target == self._origin and self._stack.index() > 0:
            self._origin = None
        self._stamp, self._read_only = stamp_of(target), False
        self._stack.setClean()
        if target != self._path:
            self._path = target
            self.path_changed.emit(target)
        return target

    def _load(self, scene: Scene, path: Path | None) -> None:
        # The stack goes first: receivers of scene_changed must not see steps of the old file.
        self._stack.clear()
        self._stack.setClean()
        self._origin, self._stamp, self._read_only = None, None, False
        self._show(scene, Selection())
        if path != self._path:
            self._path = path
            self.path_changed.emit(path)

    def _show(self, scene: Scene, selection: Selection | None) -> None:
        old_scene, old_selection = self._scene, self._selection
        self._scene = scene
        # Both pointers move before anybody is told, so no receiver sees a selection of another scene.
        self._selection = (old_selection if selection is None else selection).valid_in(scene)
        if scene is not old_scene:
            self.scene_changed.emit(old_scene, scene)
        if self._selection != old_selection:
            self.selection_changed.emit(self._selection)

    @Slot(bool)
    def _on_clean_changed(self, clean: bool) -> None:
        self.modified_changed.emit(not clean)
