"""What the window does with the mesh files that shapes come from: look in, bring in, fit, compare."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.edit_titles import job_title
from app.editor import Editor
from app.heat import heat_of_original
from app.surfaces import DRAFT_RESOLUTION
from core.edits.calls import request_call
from core.edits.requests import Compare, Encode, Fit, Inspect, Request
from core.edits.results import Compared, Encoded, Fitted, Inspected
from core.scene.original import Placement
from core.scene.scene import Scene
from core.scene.shape import Mesh, Shape


class Originals(QObject):
    """Requests about mesh files, and what comes back.

    Signals
    -------
    inspected(Inspected)
    inspection_failed(str path, str reason)
    comparison_changed(Compared or None)
        What the viewport shows against the original; `comparison` is the same.
    """

    inspected = Signal(object)
    inspection_failed = Signal(str, str)
    comparison_changed = Signal(object)

    def __init__(self, editor: Editor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.comparison: Compared | None = None
        self._editor = editor
        self._fit_after: set[Request] = set()
        self._compared_id = ""
        worker = editor.worker
        worker.job_finished.connect(self._on_job_finished)
        worker.job_cancelled.connect(self._on_job_cancelled)
        worker.job_failed.connect(self._on_job_failed)
        editor.document.scene_changed.connect(self._on_scene_changed)
        editor.mesh_changed.connect(self._on_mesh_changed)

    @property
    def comparing(self) -> bool:
        return bool(self._compared_id)

    def inspect(self, path: Path) -> int:
        """Look into a mesh file; `inspected` answers."""
        return self._submit(Inspect(path=str(path)))

    def bring_in(self, path: Path, placement: Placement, unit: float, fit: bool) -> int:
        """Encode a mesh file, and fit the shape to it if asked for."""
        request = Encode(path=str(path), placement=placement, unit=unit)
        if fit:
            self._fit_after.add(request)
        return self._submit(request)

    def fit(self) -> int | None:
        """Fit the active shape to its original."""
        shape = self._with_original()
        return None if shape is None else self._submit(Fit(base=shape, checkpoint=shape.checkpoint))

    def toggle_comparison(self) -> None:
        """Show the active shape against its original, or as usual again."""
        if self.comparing:
            self._compared_id = ""
            self._set_comparison(None)
            return
        shape = self._with_original()
        if shape is not None:
            self._compared_id = shape.id
            self._compare()

    def close(self) -> None:
        """Show everything as usual."""
        if self.comparing:
            self.toggle_comparison()

    def _with_original(self) -> Shape | None:
        shape = self._editor.active_shape
        if shape is None or shape.original is None:
            self._editor.post("Select a shape that was imported from a mesh file.", "warning")
            return None
        return shape

    def _submit(self, request: Request) -> int:
        return self._editor.worker.submit(request, job_title(request))

    def _compare(self) -> None:
        """Measure the compared shape as it is now, once it has a surface."""
        scene = self._editor.scene
        if self._compared_id not in scene:
            self._compared_id = ""
            self._set_comparison(None)
            return
        shape = scene.shape(self._compared_id)
        mesh = self._editor.mesh_of(shape)
        current = self.comparison
        if mesh is not None and len(mesh.faces) and not (current and _shows(current, shape, mesh)):
            self._submit(Compare(base=shape, mesh=mesh))

    def _set_comparison(self, comparison: Compared | None) -> None:
        if comparison is not self.comparison:
            self.comparison = comparison
            self.comparison_changed.emit(comparison)

    @Slot(object, object)
    def _on_scene_changed(self, _old: Scene, _new: Scene) -> None:
        if self.comparing:
            if self.comparison and not any(self.comparison.request.base is shape for shape in _new):
                self._set_comparison(None)
            self._compare()

    @Slot(str)
    def _on_mesh_changed(self, shape_id: str) -> None:
        if shape_id == self._compared_id:
            self._compare()

    @Slot(int, object)
    def _on_job_finished(self, _job_id: int, result: object) -> None:
        match result:
            case Inspected():
                self.inspected.emit(result)
            case Encoded():
                self._editor.post(f"{Path(result.request.path).name} is in: {result.agreement}.")
                if result.request in self._fit_after:
                    self._fit_after.discard(result.request)
                    self.fit()
            case Fitted():
                self._accept(result)
            case Compared():
                scene = self._editor.scene
                if self.comparing and any(result.request.base is shape for shape in scene):
                    self._set_comparison(result)
                    worst = heat_of_original(result).told(float(result.distances.max()))
                    self._editor.post(f"Farthest from the file: {worst}.")

    def _accept(self, result: Fitted) -> None:
        editor, base = self._editor, result.request.base
        editor.preview_changed.emit(None)
        if base.id not in editor.scene or editor.scene.shape(base.id) is not base:
            editor.post(f"{base.name} has changed since; the fit was dropped.", "warning")
            return
        shape = replace(result.shape, id=base.id, name=base.name)
        editor.surfaces.put(shape, DRAFT_RESOLUTION, result.mesh)
        calls = (request_call(result.request),)
        editor.document.apply(editor.scene.with_shape(shape), f"Fit {base.name}", result.request, calls=calls)
        editor.post(f"Before: {result.before}. After: {result.after}.")

    @Slot(int)
    def _on_job_cancelled(self, job_id: int) -> None:
        self._ended_without(job_id, "It was cancelled.")

    @Slot(int, str, str)
    def _on_job_failed(self, job_id: int, message: str, _trace: str) -> None:
        self._ended_without(job_id, message)

    def _ended_without(self, job_id: int, reason: str) -> None:
        request = self._editor.worker.request_of(job_id)
        if isinstance(request, Inspect):
            self.inspection_failed.emit(request.path, reason)
        elif isinstance(request, Fit):
            self._editor.preview_changed.emit(None)
        elif isinstance(request, Compare):
            self._compared_id = ""
            self._set_comparison(None)
        elif request is not None:
            self._fit_after.discard(request)


def _shows(comparison: Compared, shape: Shape, mesh: Mesh) -> bool:
    return comparison.request.base is shape and comparison.request.mesh is mesh
