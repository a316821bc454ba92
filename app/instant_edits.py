"""Edits that need no network: they run at once and are one undo step each.

Methods return whether the scene changed; they refuse in words (`message_posted`) and never raise for what a
person can cause.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.list_edits import ListEdits
from core.edits import instant
from core.edits.calls import Call, call, moving
from core.edits.job import EditError
from core.scene.scene import Scene
from core.scene.selection import PartRef, Selection
from core.scene.shape import Shape


class InstantEdits(ListEdits):
    """Transform, delete, duplicate, mirror, swap, rename, hide and lock."""

    _dragging = False

    @property
    def dragging(self) -> bool:
        """Whether a transform is being previewed."""
        return self._dragging

    def transform_selection(
        self, matrix: NDArray[np.floating], text: str, merge_key: str | None = None
    ) -> bool:
        """Move, rotate or scale the selected parts (and twins) by an affine `matrix` [4, 4], scene frame."""
        self._dragging = False
        calls: list[Call] = []

        def scene() -> Scene:
            after = self.scene
            for shape in self._moved(matrix, calls).values():
                after = after.with_shape(shape)
            if after is self.scene:
                raise EditError("Select the parts to move.")
            return after

        done = self._apply(text, scene, merge_key=merge_key, calls=calls)
        if not done:
            self.surfaces.end_drag()
        return done

    def preview_transform(self, matrix: NDArray[np.floating] | None) -> None:
        """Show what `transform_selection(matrix)` would do, without doing it; None ends the preview."""
        if matrix is None:
            self._dragging = False
            self.surfaces.end_drag()
            return
        try:
            moved = self._moved(matrix)
        except EditError as error:
            if not self._dragging:
                self.post(str(error), "warning")
            moved = {}
        self._dragging = True
        self.surfaces.show_drag(moved)

    def delete_selection(self, verb: str = "Delete") -> bool:
        """Delete the selected parts and twins; a shape without parts left goes as a whole."""
        refs = self.selection.parts
        if not refs:
            self.post("Select the parts to delete.", "warning")
            return False
        calls: list[Call] = []

        def scene() -> Scene:
            after = self.scene
            for shape, ids in self._selected():
                every = self.with_twins(shape, ids)
                changed = instant.delete_parts(shape, every) if len(every) < len(shape.parts) else None
                if changed is None and any(part.locked for part in shape.parts):
                    raise EditError(f"{shape.name} has locked parts. Unlock them first.")
                after = after.without_shape(shape.id) if changed is None else after.with_shape(changed)
                calls.append(
                    call("delete", shape.id) if changed is None else self._twin_call("delete", shape, ids)
                )
            return after

        return self._apply(f"{verb} {self._selection_phrase()}", scene, calls=calls)

    def duplicate_selection(self) -> bool:
        """Copy the selected parts a little aside, or the whole active shape if no part is selected."""
        if not self.selection.parts:
            return self.duplicate_shape()
        return self._add_parts(
            "Duplicate", lambda shape, ids: instant.duplicate_parts(shape, ids, instant.DUPLICATE_OFFSET)
        )

    def mirror_selection(self) -> bool:
        """Add or replace the mirror images of the selected parts."""
        if not self.selection.parts:
            self.post("Select the parts to mirror.", "warning")
            return False
        return self._add_parts("Mirror", instant.mirror_parts)

    def swap_with(self, shape_id: str, part_ids: Collection[int]) -> bool:
        """Exchange the selected parts of the active shape with parts of another shape."""
        calls: list[Call] = []

        def scene() -> Scene:
            base = self._shape(None)
            if shape_id == base.id or shape_id not in self.scene:
                raise EditError("Choose another shape to swap parts with.")
            ids = self.selection.of_shape(base.id)
            ours, theirs = instant.swap_parts(base, ids, self.scene.shape(shape_id), tuple(part_ids))
            calls.append(call("swap", base.id, list(ids), shape_id, list(part_ids)))
            return self.scene.with_shape(ours).with_shape(theirs)

        return self._apply(f"Swap {self._selection_phrase()}", scene, calls=calls)

    def duplicate_shape(self, shape_id: str | None = None) -> bool:
        """Copy a shape (default: the active one) beside the others."""
        calls: list[Call] = []

        def scene() -> Scene:
            shape = self._shape(shape_id)
            calls.append(call("duplicate", shape.id))
            return self.scene.with_shape(self.scene.newcomer(shape))

        return self._apply("Duplicate shape", scene, calls=calls)

    def delete_shape(self, shape_id: str | None = None) -> bool:
        calls: list[Call] = []

        def scene() -> Scene:
            shape = self._shape(shape_id)
            calls.append(call("delete", shape.id))
            return self.scene.without_shape(shape.id)

        return self._apply("Delete shape", scene, calls=calls)

    def move_shape(self, shape_id: str, position: tuple[float, float, float], merge: bool = False) -> bool:
        """Put a whole shape somewhere else in the scene."""

        def scene() -> Scene:
            return self.scene.with_shape(replace(self._shape(shape_id), position=position))

        key, calls = f"place {shape_id}" if merge else None, [call("place", shape_id, position)]
        return self._apply("Move shape", scene, merge_key=key, calls=calls)

    def rename_part(self, shape_id: str, part_id: int, name: str) -> bool:
        name = name.strip()
        return bool(name) and self._change_parts(
            [PartRef(shape_id, part_id)],
            f"Rename part to {name}",
            [call("rename", shape_id, name, part=part_id)],
            name=name,
        )

    def rename_shape(self, shape_id: str, name: str) -> bool:
        name = name.strip()

        def scene() -> Scene:
            shape = self._shape(shape_id)
            return self.scene if shape.name == name else self.scene.with_shape(replace(shape, name=name))

        calls = [call("rename", shape_id, name)]
        return bool(name) and self._apply(f"Rename shape to {name}", scene, calls=calls)

    def set_visible(self, refs: Iterable[PartRef], visible: bool) -> bool:
        """Show or hide parts; hidden ones leave the selection."""
        refs = list(refs)
        selection = self.selection
        if not visible:
            selection = Selection(selection.parts - frozenset(refs), selection.active_shape)
        calls = self._part_calls("show" if visible else "hide", refs)
        text = "Show parts" if visible else "Hide parts"
        return self._change_parts(refs, text, calls, selection, visible=visible)

    def set_locked(self, refs: Iterable[PartRef], locked: bool) -> bool:
        """Lock or unlock parts; every edit refuses locked ones."""
        refs = list(refs)
        calls = self._part_calls("lock" if locked else "unlock", refs)
        return self._change_parts(refs, "Lock parts" if locked else "Unlock parts", calls, locked=locked)

    def set_shape_visible(self, shape_id: str, visible: bool) -> bool:
        return self._apply(
            "Show shape" if visible else "Hide shape",
            lambda: self.scene.with_shape(replace(self._shape(shape_id), visible=visible)),
            calls=[call("show" if visible else "hide", shape_id)],
        )

    def hide_selection(self) -> bool:
        return self.set_visible(self.selection.parts, False)

    def show_all(self) -> bool:
        """Show every part and every shape."""
        calls: list[Call] = []

        def scene() -> Scene:
            after = self.scene
            for shape in self.scene:
                shown = shape if shape.visible else replace(shape, visible=True)
                calls.extend([] if shape.visible else [call("show", shape.id)])
                if not all(part.visible for part in shape.parts):
                    calls.append(call("show", shape.id, "all"))
                    shown = replace(shown, parts=tuple(replace(part, visible=True) for part in shape.parts))
                if shown is not shape:
                    after = after.with_shape(shown)
            return after

        return self._apply("Show all", scene, calls=calls)

    def isolate_selection(self) -> bool:
        """Hide every part that is not selected; show the selected ones."""
        if not self.selection.parts:
            self.post("Select the parts to keep in view.", "warning")
            return False
        calls: list[Call] = []

        def scene() -> Scene:
            after = self.scene
            for shape in self.scene:
                shown = set(self.selection.of_shape(shape.id))
                if any(part.visible != (part.id in shown) for part in shape.parts):
                    parts = tuple(replace(part, visible=part.id in shown) for part in shape.parts)
                    calls.append(call("hide", shape.id, "all"))
                    calls.extend([call("show", shape.id, sorted(shown))] if shown else [])
                    after = after.with_shape(replace(shape, parts=parts))
            return after

        return self._apply(f"Isolate {self._selection_phrase()}", scene, calls=calls)

    def toggle_lock(self) -> bool:
        """Lock the selected parts, or unlock them if all of them are locked."""
        refs = self.selection.parts
        locked = all(self.scene.shape(ref.shape_id).part(ref.part_id).locked for ref in refs)
        return self.set_locked(refs, not locked)

    def swap_selection(self) -> bool:
        """Exchange the selected parts of two shapes."""
        selected = self._selected()
        if len(selected) != 2:
            self.post("Select parts of exactly two shapes to swap them.", "warning")
            return False
        (first, first_ids), (second, second_ids) = selected

        def scene() -> Scene:
            ours, theirs = instant.swap_parts(first, first_ids, second, second_ids)
            return self.scene.with_shape(ours).with_shape(theirs)

        calls = [call("swap", first.id, list(first_ids), second.id, list(second_ids))]
        return self._apply(f"Swap parts of {first.name} and {second.name}", scene, calls=calls)

    def _moved(self, matrix: NDArray[np.floating], calls: list[Call] | None = None) -> dict[str, Shape]:
        """Shapes whose selected parts (and twins) are moved by a scene-frame matrix, by id.

        What would do the same from Python is added to `calls`.
        """
        moved = {}
        for shape, ids in self._selected():
            place = np.eye(4)
            place[:3, 3] = shape.position
            own = np.linalg.inv(place) @ np.asarray(matrix, np.float64) @ place
            moved[shape.id] = instant.transform_parts(shape, ids, own, twins=self._twins_enabled)
            if calls is not None:
                calls.append(moving(shape, ids, own, self._twins_enabled))
        return moved

    def _add_parts(self, verb: str, make: Callable[[Shape, tuple[int, ...]], Shape]) -> bool:
        """Apply `make` to each shape with selected parts and select what is new."""
        added: list[PartRef] = []
        calls: list[Call] = []

        def scene() -> Scene:
            after = self.scene
            for shape, ids in self._selected():
                changed = make(shape, ids)
                added.extend(PartRef(shape.id, new) for new in changed.part_ids if new not in shape.part_ids)
                after = after.with_shape(changed)
                calls.append(call(verb.lower(), shape.id, list(ids)))
            return after

        text = f"{verb} {self._selection_phrase()}"
        try:
            after = scene()
        except EditError as error:
            self.post(str(error), "warning")
            return False
        selection = self.selection.replaced(added) if added else None
        return self._apply(text, lambda: after, selection=selection, calls=calls)

    def _twin_call(self, method: str, shape: Shape, ids: Collection[int]) -> Call:
        """A call that takes twins along if they are edited together."""
        return call(method, shape.id, list(ids), **({} if self._twins_enabled else {"twins": False}))
