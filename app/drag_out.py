"""Shapes and candidates on their way out of the window: as a GLB file, or as parts for another window."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QMetaType, QMimeData, QUrl, Signal

from app.editor import Editor
from app.engines import write_glb
from app.surfaces import mesh_for_parts
from core.edits.job import EditError
from core.edits.requests import Sampled
from core.edits.results import Candidate
from core.scene.parcel import MIME_TYPE, ParcelError, pack
from core.scene.shape import Mesh, Shape

URI_LIST = "text/uri-list"
LONGEST_NAME = 60


class DragFolder:
    """Where files that are dropped elsewhere lie; it goes when the program ends."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self.count = 0
        """Files there were so far."""

    def path_for(self, name: str) -> Path:
        """A new path for a file of that name; every drop has a folder of its own."""
        if self._folder is None or not self._folder.is_dir():  # some systems tidy up what lies there for days
            self._folder = Path(tempfile.mkdtemp(prefix="partsmith-drag-"))
        self.count += 1
        place = self._folder / str(self.count)
        place.mkdir()
        clean = re.sub(r"[^\w .-]+", "_", name).strip(" .")[:LONGEST_NAME]
        return place / f"{clean or 'shape'}.glb"

    def remove(self) -> None:
        """Remove the files; a folder is made again if another one is dropped."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


FOLDER = DragFolder()


class OutgoingMime(QMimeData):
    """Data of a drag that other programs take as a file and other windows as parts.

    The file is written when somebody asks for it: nobody does before it is dropped.

    Signals
    -------
    failed(str)
        It was dropped, but the file cannot be written, and why.

    Attributes
    ----------
    lacking : str
        Why it cannot go to other programs, "" if it can.
    """

    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.lacking = ""
        self._shown: tuple[tuple[Shape, Mesh], ...] = ()
        self._name = ""
        self._urls: list[QUrl] | None = None

    def offer_parts(self, shapes: Sequence[Shape]) -> None:
        """Offer parts to other windows."""
        self.setData(MIME_TYPE, QByteArray(pack(shapes)))

    def offer_file(self, name: str, shown: Sequence[tuple[Shape, Mesh]]) -> None:
        """Offer surfaces to other programs, as a file of that name."""
        self._name, self._shown = name, tuple(shown)

    def formats(self) -> list[str]:
        return [*super().formats(), *([URI_LIST] if self._shown else [])]

    def hasFormat(self, mimetype: str) -> bool:
        return mimetype in self.formats()

    def retrieveData(self, mimetype: str, preferred_type: QMetaType | QMetaType.Type) -> object:
        if mimetype != URI_LIST or not self._shown:
            return super().retrieveData(mimetype, preferred_type)
        if self._urls is None:
            self._urls = self._written()
        return self._urls

    def _written(self) -> list[QUrl]:
        try:
            path = FOLDER.path_for(self._name)
            write_glb(path, [mesh for _, mesh in self._shown], [shape for shape, _ in self._shown])
        except EditError as error:
            return self._without_file(str(error))
        except OSError as error:
            return self._without_file(f"There is no place to write it: {error.strerror}.")
        return [QUrl.fromLocalFile(str(path))]

    def _without_file(self, reason: str) -> list[QUrl]:
        self.failed.emit(f"{self._name} could not be dropped as a file. {reason}")
        return []


class DraggedCandidate(OutgoingMime):
    """A candidate that is dragged out of the gallery."""

    def __init__(self, candidate: Candidate, request: Sampled) -> None:
        super().__init__()
        self.candidate, self.request = candidate, request
        shape = candidate.shape
        self.offer_file(f"{shape.name} {candidate.seed}", [(shape, candidate.mesh)])
        self.offer_parts([shape])


def offer_shapes(mime: OutgoingMime, editor: Editor, shapes: Sequence[Shape]) -> None:
    """Let a drag take shapes along, without their hidden parts, as far as they have surfaces."""
    visible = editor.shapes_to_export([shape.id for shape in shapes])
    if not visible:
        mime.lacking = "All of that is hidden, so there is nothing to drag out."
        return
    shown = []
    for shape in visible:
        whole = editor.scene.shape(shape.id)
        mesh = editor.mesh_of(whole)
        if mesh is None:
            mime.lacking = f"{shape.name} has no surface yet to drag out as a file. Wait until it is drawn."
        else:
            shown.append((shape, mesh_for_parts(mesh, whole, shape)))
    if not mime.lacking:
        mime.offer_file(shown[0][0].name if len(shown) == 1 else f"{len(shown)} shapes", shown)
    try:
        mime.offer_parts(visible)
    except ParcelError as error:
        mime.lacking = str(error)
