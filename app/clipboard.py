"""Parts on the system clipboard: cut, copied and pasted between shapes, scenes and windows."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QMimeData
from PySide6.QtGui import QGuiApplication

from app.edit_titles import parts_phrase
from app.editor import Editor
from core.edits.calls import pasting
from core.edits.job import EditError
from core.edits.pasting import paste_parts, shape_of
from core.scene.parcel import MIME_TYPE, ParcelError, pack, unpack
from core.scene.scene import Scene
from core.scene.selection import PartRef, Selection
from core.scene.shape import Shape


def copy_parts(editor: Editor) -> bool:
    """Put the selected parts on the clipboard."""
    taken = [(shape, editor.selection.of_shape(shape.id)) for shape in editor.scene]
    return _put(editor, [(shape, ids) for shape, ids in taken if ids])


def cut_parts(editor: Editor) -> bool:
    """Move the selected parts and their twins to the clipboard; nothing is done if they cannot be deleted."""
    selected = [(shape, editor.selection.of_shape(shape.id)) for shape in editor.scene]
    taken = [(shape, editor.with_twins(shape, ids)) for shape, ids in selected if ids]
    data = _packed(editor, taken)
    if data is None or not editor.delete_selection("Cut"):
        return False
    _set_clipboard(data)
    return True


def paste(editor: Editor, as_new: bool = False) -> bool:
    """Put the parts of the clipboard into the active shape, or make a shape of them; one undo step."""
    mime = QGuiApplication.clipboard().mimeData()
    if mime is None or not mime.hasFormat(MIME_TYPE):
        editor.post("There are no parts on the clipboard. Copy some with Ctrl+C.", "warning")
        return False
    try:
        sources = _sources(editor, mime)
        target = None if as_new else editor.active_shape
        scene, selection = _added(editor, sources) if target is None else _joined(editor, target, sources)
    except (ParcelError, EditError) as error:
        editor.post(str(error), "warning")
        return False
    calls = (pasting(editor.scene, target, sources),)
    editor.document.apply(scene, f"Paste {_phrase(sources)}", selection=selection, calls=calls)
    return True


def drop(editor: Editor, mime: QMimeData) -> bool:
    """Make a shape of each that was dragged here from another window; one undo step."""
    try:
        sources = _sources(editor, mime)
        scene, calls = editor.scene, []
        for source in sources:
            calls.append(pasting(scene, None, [source]))
            scene = scene.with_shape(shape_of(scene, [source]))
    except (ParcelError, EditError) as error:
        editor.post(str(error), "warning")
        return False
    selection = Selection(frozenset(), scene.shapes[-1].id)
    editor.document.apply(scene, f"Drop {_phrase(sources)}", selection=selection, calls=tuple(calls))
    return True


def _sources(editor: Editor, mime: QMimeData) -> tuple[Shape, ...]:
    """The parts that data hold, of models that are here."""
    sources = unpack(bytes(mime.data(MIME_TYPE).data()))
    _refuse_unknown_model(editor, sources)
    return sources


def _joined(editor: Editor, target: Shape, sources: tuple[Shape, ...]) -> tuple[Scene, Selection]:
    after = paste_parts(target, sources)
    fresh = after.part_ids[len(target.parts) :]
    selection = Selection(frozenset(PartRef(after.id, part_id) for part_id in fresh), after.id)
    return editor.scene.with_shape(after), selection


def _added(editor: Editor, sources: tuple[Shape, ...]) -> tuple[Scene, Selection]:
    shape = shape_of(editor.scene, sources)
    selection = Selection(frozenset(PartRef(shape.id, part_id) for part_id in shape.part_ids), shape.id)
    return editor.scene.with_shape(shape), selection


def _refuse_unknown_model(editor: Editor, sources: tuple[Shape, ...]) -> None:
    """Parts of a model that is not here could be seen as Gaussians only, and never edited."""
    info = editor.worker.info
    if info is None:
        return
    widths = {shape.intrinsics.shape[1] for shape in editor.scene}
    for source in sources:
        if source.checkpoint not in {model.id for model in info.models}:
            known = [shape for shape in editor.scene if shape.checkpoint == source.checkpoint]
            if not known or source.intrinsics.shape[1] not in widths:
                raise EditError(
                    f"The parts were made with the model {source.checkpoint or 'of no name'}, which is not "
                    "here. Install it first (Create > Models)."
                )


def _phrase(sources: tuple[Shape, ...]) -> str:
    if len(sources) > 1:
        return f"{sum(len(source.parts) for source in sources)} parts"
    (source,) = sources
    names = {part.name for part in source.parts}
    if len(source.parts) == 1:
        return f"{names.pop()} of {source.name}"
    labels = {part.label for part in source.parts}
    what = f"{len(source.parts)} {labels.pop()}s" if len(labels) == 1 else f"{len(source.parts)} parts"
    return f"{what} of {source.name}"


def _put(editor: Editor, taken: list[tuple[Shape, tuple[int, ...]]]) -> bool:
    data = _packed(editor, taken)
    if data is None:
        return False
    _set_clipboard(data)
    what = parts_phrase(*taken[0]) if len(taken) == 1 else f"{sum(len(ids) for _, ids in taken)} parts"
    editor.post(f"Copied {what}.")
    return True


def _packed(editor: Editor, taken: list[tuple[Shape, tuple[int, ...]]]) -> bytes | None:
    if not taken:
        editor.post("Select the parts to copy.", "warning")
        return None
    try:
        return pack(shape.subset(ids) for shape, ids in taken)
    except ParcelError as error:
        editor.post(str(error), "warning")
        return None


def _set_clipboard(data: bytes) -> None:
    mime = QMimeData()
    mime.setData(MIME_TYPE, QByteArray(data))
    QGuiApplication.clipboard().setMimeData(mime)
