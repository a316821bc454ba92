"""When the commands of the table can be done: conditions on what an editor holds now."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.editor import Editor


def always(_editor: Editor) -> bool:
    return True


def has_shapes(editor: Editor) -> bool:
    return len(editor.scene) > 0


def has_active_shape(editor: Editor) -> bool:
    return editor.active_shape is not None


def has_original(editor: Editor) -> bool:
    return editor.active_shape is not None and editor.active_shape.original is not None


def can_fit(editor: Editor) -> bool:
    return can_sample(editor) and has_original(editor)


def has_selection(editor: Editor) -> bool:
    return bool(editor.selection.parts)


def has_two_shapes(editor: Editor) -> bool:
    return len(editor.scene) > 1


def spans_two_shapes(editor: Editor) -> bool:
    return len({ref.shape_id for ref in editor.selection.parts}) == 2


def can_group(editor: Editor) -> bool:
    return len({ref.shape_id for ref in editor.selection.parts}) == 1


def can_ungroup(editor: Editor) -> bool:
    return any(editor.scene.shape(ref.shape_id).part(ref.part_id).group for ref in editor.selection.parts)


def can_undo(editor: Editor) -> bool:
    return editor.document.stack.canUndo()


def can_redo(editor: Editor) -> bool:
    return editor.document.stack.canRedo()


def can_sample(editor: Editor) -> bool:
    return not editor.worker.error


def can_edit_shape(editor: Editor) -> bool:
    return can_sample(editor) and has_active_shape(editor)


def can_make_more(editor: Editor) -> bool:
    return can_sample(editor) and can_compare(editor)


def can_compare(editor: Editor) -> bool:
    looked_at = editor.looked_at
    return looked_at is not None and not editor.stale_reason(looked_at[1])


def can_replay(editor: Editor) -> bool:
    return can_compare(editor) and editor.looked_at is not None and bool(editor.looked_at[0].replay)


def can_blend(editor: Editor) -> bool:
    return bool(editor.blend_ends())


def has_waiting(editor: Editor) -> bool:
    return bool(editor.worker.waiting)


def is_busy(editor: Editor) -> bool:
    return editor.worker.busy
