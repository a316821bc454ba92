"""What every edit needs: the document, the worker, and which parts the selection stands for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from PySide6.QtCore import QObject, Signal

from app.document import Document
from app.edit_titles import parts_phrase
from app.surfaces import Surfaces
from app.worker import EditWorker
from core.edits.calls import Call, call
from core.edits.job import EditError
from core.edits.requests import Request
from core.scene.scene import Scene
from core.scene.selection import PartRef, Selection
from core.scene.shape import Mesh, Shape
from core.scene.twins import with_twins


class EditContext(QObject):
    """Shared ground of the instant edits and the sampled ones.

    Signals
    -------
    message_posted(text, level)
        `level` is "info", "warning" or "error".
    twins_changed(bool)
    """

    message_posted = Signal(str, str)
    twins_changed = Signal(bool)

    def __init__(self, document: Document, worker: EditWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.worker = worker
        self.surfaces = Surfaces(document, worker, self)
        self.meshes = self.surfaces.meshes
        self._twins_enabled = True

    @property
    def scene(self) -> Scene:
        return self.document.scene

    @property
    def selection(self) -> Selection:
        return self.document.selection

    @property
    def twins_enabled(self) -> bool:
        """Whether mirror twins of the selected parts are edited with them."""
        return self._twins_enabled

    @twins_enabled.setter
    def twins_enabled(self, enabled: bool) -> None:
        if enabled != self._twins_enabled:
            self._twins_enabled = enabled
            self.twins_changed.emit(enabled)

    @property
    def active_shape(self) -> Shape | None:
        """The shape that edits speak about."""
        shape_id = self.selection.active_shape
        return self.scene.shape(shape_id) if shape_id is not None and shape_id in self.scene else None

    def mesh_of(self, shape: Shape) -> Mesh | None:
        """Best mesh known of a shape (possibly a stand-in while it is decoded), rows as in `shape`."""
        return self.surfaces.mesh_of(shape)

    def target_parts(self, shape: Shape | None = None) -> tuple[int, ...]:
        """Parts of a shape (default: the active one) that an edit of the selection would change.

        The selected parts in ascending order, then their twins unless those are locked or twins are off.
        """
        shape = shape or self.active_shape
        return () if shape is None else self.with_twins(shape, self.selection.of_shape(shape.id))

    def with_twins(self, shape: Shape, part_ids: Collection[int]) -> tuple[int, ...]:
        """The parts and, if twins are enabled, their unlocked twins."""
        return with_twins(shape, part_ids) if self._twins_enabled else tuple(part_ids)

    def place_of(self, shape: Shape) -> tuple[float, float, float]:
        """Where a shape stands, or would stand if it were added to the scene."""
        return self.scene.shape(shape.id).position if shape.id in self.scene else self.scene.next_place()

    def post(self, text: str, level: str = "info") -> None:
        """Tell the person something."""
        self.message_posted.emit(text, level)

    def _shape(self, shape_id: str | None) -> Shape:
        """A shape by id (None: the active one); refuses in words."""
        shape = self.active_shape if shape_id is None else None
        if shape_id is not None and shape_id in self.scene:
            shape = self.scene.shape(shape_id)
        if shape is None:
            raise EditError("There is no such shape in the scene. Generate or open one first.")
        return shape

    def _selected(self) -> list[tuple[Shape, tuple[int, ...]]]:
        """Every shape with selected parts, and their ids."""
        pairs = [(shape, self.selection.of_shape(shape.id)) for shape in self.scene]
        return [(shape, ids) for shape, ids in pairs if ids]

    def _selection_phrase(self) -> str:
        """The selection in words: ``"back"``, ``"2 legs"``, ``"5 parts"``."""
        selected = self._selected()
        if len(selected) == 1:
            return parts_phrase(*selected[0])
        return f"{len(self.selection.parts)} parts"

    def _apply(
        self,
        text: str,
        make: Callable[[], Scene],
        request: Request | None = None,
        merge_key: str | None = None,
        selection: Selection | None = None,
        calls: Iterable[Call] = (),
    ) -> bool:
        """Apply what `make` returns as one undo step; False and a message if it refuses.

        `calls` would do the same from Python; they may be filled in by `make`.
        """
        try:
            scene = make()
        except EditError as error:
            self.post(str(error), "warning")
            return False
        if scene is self.scene:
            return False
        self.document.apply(scene, text, request, merge_key, selection, tuple(calls))
        return True

    def _change_parts(
        self,
        refs: Iterable[PartRef],
        text: str,
        calls: Iterable[Call],
        selection: Selection | None = None,
        **changes: object,
    ) -> bool:
        """Change the records (not the numbers) of parts; those that are so already stay as they are."""
        after = self.scene
        for ref in refs:
            part = after.shape(ref.shape_id).part(ref.part_id)
            if any(getattr(part, name) != value for name, value in changes.items()):
                after = after.with_shape(after.shape(ref.shape_id).with_part(ref.part_id, **changes))
        return self._apply(text, lambda: after, selection=selection, calls=calls)

    def _part_calls(self, method: str, refs: Iterable[PartRef]) -> list[Call]:
        """A call for every shape that has some of the parts."""
        found = Selection(frozenset(refs))
        named = [(shape.id, list(found.of_shape(shape.id))) for shape in self.scene]
        return [call(method, shape_id, ids) for shape_id, ids in named if ids]
