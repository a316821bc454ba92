"""Mixing by hand: parts dragged from one shape onto another, and where they would land."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from app.editor import Editor
from app.panels.provenance import counted
from app.surfaces import mesh_for_parts
from core.edits.preparation import prepare
from core.edits.proposals import mix_request
from core.edits.results import Candidate
from core.scene.shape import Mesh, Shape

NO_PICTURE = np.zeros((1, 1, 3), np.uint8)


def mixed_ghost(editor: Editor, source: Shape, take: Collection[int], target: Shape) -> Candidate:
    """`target` with parts of `source` where a mix puts them, before anything is refined.

    Its surface is put together from those of the two shapes, so it is there at once.

    Raises
    ------
    EditError
        If these parts cannot be mixed in.
    """
    request = mix_request(target, source, take, None, 0.0, {"seed": 0})
    prepared = prepare(request, len(target.parts), target.intrinsics.shape[1])
    shape = prepared.shape
    rows = np.full(len(source.parts), -1, np.int32)
    rows[source.rows(request.take)] = np.flatnonzero(prepared.edit)
    meshes = []
    kept, taken = editor.mesh_of(target), editor.mesh_of(source)
    if kept is not None:
        meshes.append(mesh_for_parts(kept, target, shape))
    if taken is not None:
        face_parts = rows[taken.face_parts]
        chosen = face_parts >= 0
        meshes.append(Mesh(taken.vertices, taken.normals, taken.faces[chosen], face_parts[chosen]))
    changed = tuple(part.id for part, new in zip(shape.parts, prepared.edit, strict=True) if new)
    return Candidate(shape, _joined(meshes), NO_PICTURE, 0, changed)


def drop_text(count: int, target: Shape) -> str:
    """What happens if so many parts are let go over a shape."""
    return f"Mix by hand      release to put {counted(count, 'part')} into {target.name}  ·  Esc cancels"


def _joined(meshes: list[Mesh]) -> Mesh:
    """Several meshes of one shape as one."""
    starts = np.cumsum([0, *(len(mesh.vertices) for mesh in meshes)])[:-1]
    faces = [mesh.faces + np.int32(start) for mesh, start in zip(meshes, starts, strict=True)]
    empty = np.zeros((0, 3), np.float32)
    return Mesh(
        np.concatenate([empty, *(mesh.vertices for mesh in meshes)]),
        np.concatenate([empty, *(mesh.normals for mesh in meshes)]),
        np.concatenate([empty.astype(np.int32), *faces]),
        np.concatenate([np.zeros(0, np.int32), *(mesh.face_parts for mesh in meshes)]),
    )
