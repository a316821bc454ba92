"""Edits of what the outliner lists: the order of shapes and of parts, and groups. No network, at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.edit_context import EditContext
from app.edit_titles import parts_phrase
from core.edits.calls import Call, call
from core.edits.job import EditError
from core.edits.ordering import (
    group_parts,
    landing,
    reorder_parts,
    reorder_shapes,
    step_target,
    ungroup_parts,
)
from core.scene.groups import group_names, listed_ids, members, rows, with_group
from core.scene.scene import Scene
from core.scene.shape import Shape


class ListEdits(EditContext):
    """Reorder, group."""

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

    def reorder_parts(
        self,
        shape_id: str,
        part_ids: Sequence[int],
        before: int | None,
        moving: Sequence[int] = (),
        group: str = "",
    ) -> bool:
        """Put parts of a shape in front of another one, None puts them last; those `moving` go to a group."""
        calls = [call("reorder", shape_id, list(part_ids), before=before)]
        calls += [_grouping(shape_id, moving, group)] if moving else []

        def change(shape: Shape) -> Shape:
            ordered = reorder_parts(shape, part_ids, before)
            stays = not moving and listed_ids(ordered) == listed_ids(shape)
            return shape if stays else with_group(ordered, moving, group)

        what = parts_phrase(self.scene.shape(shape_id), part_ids)
        return self._change_list(f"Reorder {what}", shape_id, change, calls)

    def group_selection(self) -> bool:
        """Put the selected parts, of one shape, in a group of their own."""
        try:
            shape, ids = self._selected_of_one()
        except EditError as error:
            self.post(str(error), "warning")
            return False
        name = group_parts(shape, ids).part(ids[0]).group
        calls = [_grouping(shape.id, ids, name)]
        title = f"Group {self._selection_phrase()}"
        return self._change_list(title, shape.id, lambda base: group_parts(base, ids, name), calls)

    def ungroup_selection(self) -> bool:
        """Take the selected parts out of their groups."""
        calls: list[Call] = []

        def scene() -> Scene:
            after = self.scene
            for shape, ids in self._selected():
                grouped = [part_id for part_id in ids if shape.part(part_id).group]
                if grouped:
                    after = after.with_shape(ungroup_parts(shape, grouped))
                    calls.append(_grouping(shape.id, grouped, ""))
            if after is self.scene:
                raise EditError("Select parts of a group, or the group itself, to ungroup them.")
            return after

        return self._apply("Ungroup", scene, calls=calls)

    def rename_group(self, shape_id: str, group: str, name: str) -> bool:
        """Give a group another name, that no other group of the shape has."""
        shape = self.scene.shape(shape_id)
        if name in group_names(shape):
            self.post(f"{shape.name} has a group {name} already. Choose another name.", "warning")
            return False
        ids = members(shape, group)
        calls = [_grouping(shape_id, ids, name)]
        return self._change_list(
            f"Rename group to {name}", shape_id, lambda base: with_group(base, ids, name), calls
        )

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
        shape, selected = self._selected_of_one()
        listed = rows(shape)
        inside = {shape.part(part_id).group for part_id in selected}
        chosen = [row for row in listed if set(row.part_ids) <= set(selected)]
        if sum(len(row.part_ids) for row in chosen) == len(selected):
            target = step_target(listed, chosen, step)
            ids = [part_id for row in chosen for part_id in row.part_ids]
            return self.reorder_parts(shape.id, ids, None if target is None else target.part_ids[0])
        if len(inside) > 1:
            raise EditError("Select parts of one group, or whole groups, to reorder them.")
        group = members(shape, inside.pop())
        ids = [part_id for part_id in group if part_id in selected]
        before = step_target(group, ids, step)
        if before is None:  # last of the group: in front of what follows it
            before = landing(listed_ids(shape), group, group[0])
        return self.reorder_parts(shape.id, ids, before)

    def _selected_of_one(self) -> tuple[Shape, tuple[int, ...]]:
        """The one shape with selected parts, and their ids."""
        selected = self._selected()
        if len(selected) != 1:
            raise EditError("Select parts of one shape first.")
        return selected[0]

    def _change_list(
        self, text: str, shape_id: str, change: Callable[[Shape], Shape], calls: list[Call]
    ) -> bool:
        """Apply what `change` makes of a shape as one undo step, if it is anything else."""

        def scene() -> Scene:
            shape = self._shape(shape_id)
            changed = change(shape)
            return self.scene if changed is shape else self.scene.with_shape(changed)

        return self._apply(text, scene, calls=calls)


def _grouping(shape_id: str, part_ids: Sequence[int], group: str) -> Call:
    """The call that puts parts in a group, "" = in none."""
    arguments = (shape_id, list(part_ids))
    return call("group", *arguments, group) if group else call("ungroup", *arguments)
