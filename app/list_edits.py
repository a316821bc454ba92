"""Edits of the lists that the outliner shows: the order of shapes and of parts. No network, done at once."""

from __future__ import annotations

from collections.abc import Sequence

from app.edit_context import EditContext
from app.edit_titles import parts_phrase
from core.edits.calls import call
from core.edits.job import EditError
from core.edits.ordering import landing, reorder_parts, reorder_shapes, step_target
from core.scene.scene import Scene


class ListEdits(EditContext):
    """Reorder."""

    def reorder_shapes(self, shape_ids: Sequence[str], before: str | None) -> bool:
        """Put shapes in front of another one; None puts them last."""
        known = [shape.id for shape in self.scene]
        target = landing(known, shape_ids, before)
        names = [shape.name for shape in self.scene if shape.id in shape_ids]
        what = names[0] if len(names) == 1 else f"{len(names)} shapes"
        calls = [call("reorder", shape_id, before=target) for shape_id in shape_ids]
        return self._apply(
            f"Reorder {what}", lambda: reorder_shapes(self.scene, shape_ids, target), calls=calls
        )

    def reorder_parts(self, shape_id: str, part_ids: Sequence[int], before: int | None) -> bool:
        """Put parts of a shape in front of another one; None puts them last."""

        def scene() -> Scene:
            shape = self._shape(shape_id)
            changed = reorder_parts(shape, part_ids, before)
            return self.scene if changed is shape else self.scene.with_shape(changed)

        calls = [call("reorder", shape_id, list(part_ids), before=before)]
        what = parts_phrase(self.scene.shape(shape_id), part_ids)
        return self._apply(f"Reorder {what}", scene, calls=calls)

    def step_selection(self, step: int) -> bool:
        """Move the selected parts, or with none the active shape, up (-1) or down (+1) in the list."""
        try:
            done = self._step_parts(step) if self.selection.parts else self._step_shape(step)
        except EditError as error:
            self.post(str(error), "warning")
            return False
        if not done:
            self.post(f"That is the {'first' if step < 0 else 'last'} in the list already.")
        return done

    def _step_shape(self, step: int) -> bool:
        shape = self._shape(None)
        known = [shape.id for shape in self.scene]
        return self.reorder_shapes([shape.id], step_target(known, [shape.id], step))

    def _step_parts(self, step: int) -> bool:
        if len(self._selected()) > 1:
            raise EditError("Select parts of one shape to reorder them.")
        ((shape, selected),) = self._selected()
        chosen = [part_id for part_id in shape.part_ids if part_id in selected]
        return self.reorder_parts(shape.id, chosen, step_target(shape.part_ids, chosen, step))
