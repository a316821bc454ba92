"""Surfaces of the scene's shapes: which are known, which are being decoded, what a drag looks like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from app.document import Document
from app.edit_titles import job_title
from app.worker import EditWorker
from core.edits.requests import Decode
from core.edits.results import Decoded
from core.scene.mesh_cache import MeshCache
from core.scene.scene import Scene
from core.scene.shape import Mesh, Shape

CACHE_BYTES = 768 * 2**20
BESIDE = 4
"""Times its own size that a mesh takes in the end: what drawing and picking need of it (`surface_geometry`,
`PickMesh`) is kept as long as the mesh is."""
DRAFT_RESOLUTION = 64
FINAL_RESOLUTION = 128


@dataclass(frozen=True)
class _Dragged:
    """The latest decoded frame of a drag, and the shape as it was in that frame."""

    shape: Shape | None = None
    mesh: Mesh | None = None
    resolution: int = DRAFT_RESOLUTION


class Surfaces(QObject):
    """Decodes what the scene shows and has no mesh for; drops what it no longer shows.

    Signals
    -------
    mesh_changed(shape_id : str)
        `mesh_of` answers better than before for this shape.
    drag_mesh_changed(shape_id : str, mesh : Mesh or None, shape : Shape or None)
        While dragging: ``(id, None, shape)`` the moved Gaussians, at once; ``(id, mesh, shape)`` their draft
        surface when it is decoded (it may lag behind the Gaussians); ``(id, None, None)`` the drag is over.
    """

    mesh_changed = Signal(str)
    drag_mesh_changed = Signal(str, object, object)

    def __init__(self, document: Document, worker: EditWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.meshes = MeshCache(CACHE_BYTES // BESIDE)
        self.resolution = FINAL_RESOLUTION
        self._document = document
        self._worker = worker
        self._pending: dict[tuple[str, int], int] = {}
        self._failed: set[tuple[str, int]] = set()
        self._stand_ins: dict[str, tuple[Shape, Mesh]] = {}
        self._dragged: dict[str, _Dragged] = {}
        self._moved: dict[str, Shape] = {}
        self._refining: list[int] = []
        self._drag_requests: set[Decode] = set()
        document.scene_changed.connect(self._on_scene_changed)
        worker.engine_ready.connect(self._on_engine_ready)
        worker.job_queued.connect(self._on_job_queued)
        worker.job_finished.connect(self._on_job_finished)
        worker.job_cancelled.connect(self._on_job_cancelled)
        worker.job_failed.connect(self._on_job_failed)

    def mesh_of(self, shape: Shape) -> Mesh | None:
        """The best mesh there is: decoded, else what is left of the one before the last edit, else None.

        Its `face_parts` are rows of `shape`.
        """
        mesh = self.meshes.best(shape)
        if mesh is not None:
            return mesh
        stand_in = self._stand_ins.get(shape.id)
        if stand_in is not None and stand_in[0].latent_hash == shape.latent_hash:
            return stand_in[1]
        return None

    def put(self, shape: Shape, resolution: int, mesh: Mesh) -> None:
        """Remember a mesh of a shape that may enter the scene soon (an accepted candidate, an import)."""
        self.meshes.put(shape, resolution, mesh)

    def decode_missing(self) -> None:
        """Ask for every surface that visible shapes lack; cancel decodes that nothing shows any more."""
        wanted: dict[tuple[str, int], Decode] = {}
        for shape in self._document.scene:
            if not shape.visible or not shape.parts:
                continue
            if self.meshes.best(shape) is None:
                wanted[shape.latent_hash, DRAFT_RESOLUTION] = Decode(
                    shape=shape, resolution=DRAFT_RESOLUTION, draft=True, checkpoint=shape.checkpoint
                )
            if self.meshes.get(shape, self.resolution) is None:
                wanted[shape.latent_hash, self.resolution] = Decode(
                    shape=shape, resolution=self.resolution, checkpoint=shape.checkpoint
                )
        for key, job_id in list(self._pending.items()):
            if key not in wanted:
                self._worker.cancel(job_id)
        if self._worker.error:
            return
        for key, request in wanted.items():
            if key not in self._pending and key not in self._failed:
                self._worker.submit(request, "" if request.draft else job_title(request))

    def show_drag(self, moved: Mapping[str, Shape]) -> None:
        """Show shapes (by id) as a drag would leave them, without touching the scene."""
        self._moved = dict(moved)
        refining, self._refining = self._refining, []
        for job_id in refining:
            self._worker.cancel(job_id)
        for shape_id in [shape_id for shape_id in self._dragged if shape_id not in moved]:
            del self._dragged[shape_id]
            self.drag_mesh_changed.emit(shape_id, None, None)
        for shape_id, shape in moved.items():
            self._dragged.setdefault(shape_id, _Dragged())
            self.drag_mesh_changed.emit(shape_id, None, shape)
            if not self._worker.error:
                self._decode_drag(shape, DRAFT_RESOLUTION, self._last_frame(shape_id))

    def refine_drag(self) -> None:
        """Decode what `show_drag` shows as finely as the scene: the drag has come to rest."""
        if self._worker.error or self._refining:
            return
        for shape in self._moved.values():
            frame = self._dragged[shape.id]
            if frame.shape is not shape or frame.resolution != self.resolution:
                # Not near the last frame: if this becomes the edit, its surface is the one that is kept.
                self._refining.append(self._decode_drag(shape, self.resolution, None))

    def _decode_drag(self, shape: Shape, resolution: int, near: Mesh | None) -> int:
        """Queue a frame of a drag and return its job id."""
        request = Decode(
            shape=shape, resolution=resolution, draft=True, near=near, checkpoint=shape.checkpoint
        )
        self._drag_requests.add(request)
        return self._worker.submit(request, "")

    def _last_frame(self, shape_id: str) -> Mesh | None:
        """What the drag of a shape showed last, at first what it had before."""
        dragged = self._dragged[shape_id].mesh
        if dragged is not None or shape_id not in self._document.scene:
            return dragged
        return self.mesh_of(self._document.scene.shape(shape_id))

    def end_drag(self) -> None:
        """Forget the drag; what is still being decoded for it is not shown."""
        self.show_drag({})
        self._drag_requests.clear()

    @Slot(object, object)
    def _on_scene_changed(self, old: Scene, new: Scene) -> None:
        for shape in new:
            if shape.id in old and old.shape(shape.id) is not shape:
                self._keep_stand_in(old.shape(shape.id), shape)
        for shape_id in [shape_id for shape_id in self._stand_ins if shape_id not in new]:
            del self._stand_ins[shape_id]
        self.end_drag()
        self.decode_missing()

    def _keep_stand_in(self, before: Shape, after: Shape) -> None:
        """Until `after` is decoded, show the last drag frame, or what is left of the mesh of `before`."""
        if self.meshes.best(after) is not None:
            return
        dragged = self._dragged.get(after.id, _Dragged())
        if dragged.mesh is not None and dragged.shape is not None:
            if dragged.shape.latent_hash == after.latent_hash:
                self.meshes.put(after, dragged.resolution, dragged.mesh)
                return
            shape, mesh = dragged.shape, dragged.mesh
        else:
            known = self.mesh_of(before)
            if known is None:
                self._stand_ins.pop(after.id, None)
                return
            shape, mesh = before, known
        self._stand_ins[after.id] = (after, mesh_for_parts(mesh, shape, after))

    @Slot(object)
    def _on_engine_ready(self, _info: object) -> None:
        self._failed.clear()
        self.decode_missing()

    @Slot(int, str)
    def _on_job_queued(self, job_id: int, _title: str) -> None:
        request = self._worker.request_of(job_id)
        if isinstance(request, Decode) and request not in self._drag_requests:
            self._pending[request.shape.latent_hash, request.resolution] = job_id

    @Slot(int, object)
    def _on_job_finished(self, job_id: int, result: object) -> None:
        if not isinstance(result, Decoded):
            return
        shape, resolution = result.request.shape, result.request.resolution
        of_drag = result.request in self._drag_requests
        self._forget_job(job_id)
        if of_drag:
            # Frames of a drag stay out of the cache: a long one would push the scene's meshes out.
            if shape.id in self._dragged:
                self._dragged[shape.id] = _Dragged(shape, result.mesh, resolution)
                self.drag_mesh_changed.emit(shape.id, result.mesh, shape)
            return
        self.meshes.put(shape, resolution, result.mesh)
        for shown in self._document.scene:
            if shown.latent_hash == shape.latent_hash:
                self._stand_ins.pop(shown.id, None)
                self.mesh_changed.emit(shown.id)

    @Slot(int)
    def _on_job_cancelled(self, job_id: int) -> None:
        self._forget_job(job_id)

    @Slot(int, str, str)
    def _on_job_failed(self, job_id: int, _message: str, _trace: str) -> None:
        request = self._worker.request_of(job_id)
        if isinstance(request, Decode) and request not in self._drag_requests and not self._worker.error:
            # Asking again would fail again, and say so after every change of the scene.
            self._failed.add((request.shape.latent_hash, request.resolution))
        self._forget_job(job_id)

    def _forget_job(self, job_id: int) -> None:
        request = self._worker.request_of(job_id)
        if not isinstance(request, Decode):
            return
        self._drag_requests.discard(request)
        key = (request.shape.latent_hash, request.resolution)
        if self._pending.get(key) == job_id:
            del self._pending[key]


def mesh_for_parts(mesh: Mesh, shape: Shape, other: Shape) -> Mesh:
    """The faces of `mesh` (of `shape`) that belong to parts `other` has too, with `other`'s rows.

    Parts are matched by id. The result is a stand-in: open where parts are gone.
    """
    if shape.part_ids == other.part_ids:
        return mesh
    rows = np.full(len(shape.parts), -1, np.int32)
    for row, part_id in enumerate(shape.part_ids):
        if part_id in other.part_ids:
            rows[row] = other.row(part_id)
    face_parts = rows[mesh.face_parts]
    kept = face_parts >= 0
    return Mesh(mesh.vertices, mesh.normals, mesh.faces[kept], face_parts[kept])
