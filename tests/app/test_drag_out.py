"""Shapes and candidates dragged out of the window, with a real mouse drag into another one."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import trimesh
from PySide6.QtCore import QByteArray, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.application import Workbench
from app.document import Document
from app.drag_out import FOLDER, URI_LIST, DraggedCandidate, OutgoingMime, offer_shapes
from app.editor import Editor
from app.panels.outliner import Outliner
from app.worker import EditWorker
from core.scene.parcel import MIME_TYPE
from core.scene.scene import Scene
from core.scene.selection import PartRef, Selection
from tests.app.conftest import Messages
from tests.app.dragging import drag
from tests.app.numpy_engine import make_shape

pytestmark = pytest.mark.gl


class Desktop(QLabel):
    """A window that takes files and parts, as a file manager or another editor does."""

    def __init__(self) -> None:
        super().__init__("Desktop")
        self.setAcceptDrops(True)
        self.paths: list[Path] = []
        self.formats: list[str] = []
        self.parcel = b""

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.formats = event.mimeData().formats()
        self.parcel = bytes(event.mimeData().data(MIME_TYPE).data())
        self.paths = [Path(url.toLocalFile()) for url in event.mimeData().urls()]
        event.acceptProposedAction()


@pytest.fixture
def desktop(workbench: Workbench, qtbot: QtBot) -> Desktop:
    """Beside the editor's window."""
    window = workbench.window
    window.resize(1200, 800)
    window.move(0, 0)
    desktop = Desktop()
    qtbot.addWidget(desktop)
    desktop.setGeometry(1260, 100, 200, 200)
    with qtbot.waitExposed(desktop):
        desktop.show()
    qtbot.wait(50)
    return desktop


def drag_shape(workbench: Workbench, desktop: Desktop, shape_id: str = "s1") -> None:
    outliner = workbench.window.outliner
    rect = outliner.tree.visualRect(outliner.model.index_of_shape(shape_id))
    start = QPoint(rect.left() + 30, rect.center().y())
    drag(outliner.tree.viewport(), start, QPoint(100, 100), desktop)


def test_a_shape_dropped_elsewhere_is_a_glb_of_what_is_shown(workbench: Workbench, desktop: Desktop) -> None:
    workbench.editor.rename_shape("s1", "It's a/chair")
    workbench.editor.set_visible([PartRef("s1", 1)], False)
    scene, shape = workbench.document.scene, workbench.document.scene.shape("s1")
    drag_shape(workbench, desktop)
    assert {URI_LIST, MIME_TYPE} <= set(desktop.formats)
    (path,) = desktop.paths
    assert path.name == "It_s a_chair.glb"
    loaded = trimesh.load(path)
    names = {name.split("_")[0] for name in loaded.geometry}
    mesh = workbench.editor.mesh_of(shape)
    assert mesh is not None
    shown = sum(part != shape.row(1) for part in mesh.face_parts.tolist())
    assert sum(len(piece.faces) for piece in loaded.geometry.values()) == shown
    assert not any("back" in name for name in names)
    assert workbench.document.scene is scene  # taken away, it is still here


def test_several_shapes_are_one_file(workbench: Workbench, desktop: Desktop) -> None:
    workbench.editor.duplicate_shape("s1")
    tree, model = workbench.window.outliner.tree, workbench.window.outliner.model
    tree.collapse(model.index_of_shape("s1"))
    flags = tree.selectionModel().SelectionFlag
    for shape_id in ("s1", "s2"):
        tree.selectionModel().select(model.index_of_shape(shape_id), flags.Select | flags.Rows)
    drag_shape(workbench, desktop)
    (path,) = desktop.paths
    assert path.name == "2 shapes.glb"
    faces = sum(len(piece.faces) for piece in trimesh.load(path).geometry.values())
    meshes = [workbench.editor.mesh_of(shape) for shape in workbench.document.scene]
    assert faces == sum(len(mesh.faces) for mesh in meshes if mesh is not None)


def test_nothing_is_written_before_it_is_dropped(workbench: Workbench) -> None:
    model, count = workbench.window.outliner.model, FOLDER.count
    index = model.index_of_shape("s1")
    dragged = model.dragged([index], index)
    assert dragged is not None
    assert dragged.hasFormat(URI_LIST)
    assert URI_LIST in dragged.formats()
    assert FOLDER.count == count
    paths = [url.toLocalFile() for url in dragged.urls()]
    assert FOLDER.count == count + 1
    assert [url.toLocalFile() for url in dragged.urls()] == paths
    assert FOLDER.count == count + 1


def test_a_shape_without_a_surface_says_so(document: Document, qtbot: QtBot) -> None:
    document._load(Scene((make_shape(),)), None)
    editor = Editor(document, EditWorker())  # that was never started, so nothing is decoded
    messages, outliner = Messages(editor), Outliner(document, editor)
    qtbot.addWidget(outliner)
    with qtbot.waitExposed(outliner):
        outliner.show()

    def drag_out() -> str:
        rect = outliner.tree.visualRect(outliner.model.index_of_shape("s1"))
        start = QPoint(rect.left() + 30, rect.center().y())
        # The filter is a place where nothing can be dropped.
        drag(outliner.tree.viewport(), start, QPoint(20, 10), outliner.filter_edit)
        return messages.last[0]

    assert drag_out() == "Chair 1 has no surface yet to drag out as a file. Wait until it is drawn."
    editor.set_visible([PartRef("s1", part_id) for part_id in range(6)], False)
    assert drag_out() == "All of that is hidden, so there is nothing to drag out."
    mime = OutgoingMime()
    offer_shapes(mime, editor, document.scene.shapes)
    assert mime.formats() == []


@pytest.fixture
def small_files() -> Iterator[None]:
    """No file can grow beyond a thousand bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("small_files")
def test_a_file_that_cannot_be_written_is_told(workbench: Workbench, desktop: Desktop) -> None:
    messages = Messages(workbench.editor)
    drag_shape(workbench, desktop)
    assert desktop.paths == []
    assert len(desktop.parcel) > 1000  # another window gets the parts all the same
    text, level = messages.last
    assert text.startswith("Chair 1 could not be dropped as a file. Cannot write Chair 1.glb: ")
    assert level == "warning"

    workbench.document.set_selection(Selection(frozenset({PartRef("s1", 1)}), "s1"))
    workbench.editor.vary(0.5, seed=2, count=1)
    drag(workbench.window.gallery.groups[0].tiles[0], QPoint(40, 50), QPoint(100, 100), desktop)
    assert desktop.paths == []
    assert messages.last[0].startswith("Chair 1 2 could not be dropped as a file. ")


def test_a_folder_that_cannot_be_made_is_told(
    workbench: Workbench, desktop: Desktop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    FOLDER.remove()
    (tmp_path / "file").touch()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "file"))
    messages = Messages(workbench.editor)
    drag_shape(workbench, desktop)
    assert desktop.paths == []
    told = "Chair 1 could not be dropped as a file. There is no place to write it: Not a directory."
    assert messages.last == (told, "warning")


def test_a_folder_that_was_tidied_up_is_made_again() -> None:
    shutil.rmtree(FOLDER.path_for("a").parents[1])
    assert FOLDER.path_for("b").parent.is_dir()


def test_the_files_go_with_the_program(workbench: Workbench) -> None:
    path = FOLDER.path_for("a/b")
    path.write_bytes(b"a model")
    assert path.name == "a_b.glb"
    workbench.close()
    assert not path.parent.parent.exists()


def test_another_window_takes_what_was_dragged_as_parts(workbench: Workbench, desktop: Desktop) -> None:
    before = workbench.document.scene.shape("s1")
    drag_shape(workbench, desktop)
    # In another process the data arrive as bytes and no file is asked for.
    mime = QMimeData()
    mime.setData(MIME_TYPE, QByteArray(desktop.parcel))
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    action, place = Qt.DropAction.CopyAction, QPointF(300, 300)
    enter = QDragEnterEvent(place.toPoint(), action, mime, left, none)
    workbench.window.dragEnterEvent(enter)
    assert enter.isAccepted()
    workbench.window.dropEvent(QDropEvent(place, action, mime, left, none))
    assert [shape.id for shape in workbench.document.scene] == ["s1", "s2"]
    after = workbench.document.scene.shape("s2")
    assert after.intrinsics.tobytes() == before.intrinsics.tobytes()
    assert after.extrinsics.tobytes() == before.extrinsics.tobytes()
    assert workbench.document.stack.count() == 1


def test_a_candidate_is_dropped_on_the_view_and_elsewhere(workbench: Workbench, desktop: Desktop) -> None:
    window, document = workbench.window, workbench.document
    document.set_selection(Selection(frozenset({PartRef("s1", 1)}), "s1"))
    workbench.editor.vary(0.5, seed=2, count=2)
    tile = window.gallery.groups[0].tiles[1]
    assert tile.candidate is not None
    scene = document.scene
    drag(tile, QPoint(40, 50), QPoint(100, 100), desktop)
    (path,) = desktop.paths
    faces = sum(len(piece.faces) for piece in trimesh.load(path).geometry.values())
    assert faces == len(tile.candidate.mesh.faces)
    assert document.scene is scene
    drag(tile, QPoint(40, 50), QPoint(60, 60), window.outliner)  # no place for it
    assert document.scene is scene
    viewport = window.viewport
    drag(tile, QPoint(40, 50), QPoint(viewport.width() // 2, viewport.height() // 2), viewport)
    assert document.scene.shape("s1").latent_hash == tile.candidate.shape.latent_hash
    assert document.stack.count() == 1
    assert tile.accepted
    # It is out of date after another edit, and refused in words.
    messages = Messages(workbench.editor)
    workbench.editor.delete_selection()
    drag(tile, QPoint(40, 50), QPoint(viewport.width() // 2, viewport.height() // 2), viewport)
    assert "has changed since" in messages.last[0]


def test_rows_are_not_dropped_on_their_own_window(workbench: Workbench) -> None:
    window, viewport = workbench.window, workbench.window.viewport
    workbench.document._load(Scene((make_shape(), make_shape(3, "s2", "Chair 2"))), None)
    outliner, scene = window.outliner, workbench.document.scene
    rect = outliner.tree.visualRect(outliner.model.index_of_shape("s1"))
    drag(outliner.tree.viewport(), rect.center(), QPoint(200, 200), viewport)
    assert workbench.document.scene is scene
    assert not window.drops.takes(QMimeData())


def test_a_tile_that_is_still_being_made_says_so(workbench: Workbench) -> None:
    messages = Messages(workbench.editor)
    workbench.editor.vary(0.5, seed=2, count=1)
    group = workbench.window.gallery.groups[0]
    group.dragged.emit(None, group.request)
    assert "still being made" in messages.last[0]
    assert isinstance(DraggedCandidate(group.tiles[0].candidate, group.request), OutgoingMime)  # type: ignore[arg-type]


OTHER_PROGRAM = """
import sys
from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QApplication, QLabel

class Target(QLabel):
    def dragEnterEvent(self, event):
        event.acceptProposedAction()
    def dropEvent(self, event):
        mime = event.mimeData()
        parcel = bytes(mime.data("application/x-partsmith-parts+json").data())
        print(len(parcel), *(url.toLocalFile() for url in mime.urls()), flush=True)
        event.acceptProposedAction()
        QApplication.instance().quit()

app = QApplication([])
target = Target("Another program")
target.setAcceptDrops(True)
target.setGeometry(1260, 400, 200, 200)
target.show()
app.processEvents()
print("up", flush=True)
app.exec()
"""


def test_another_process_gets_the_file_and_the_parts(workbench: Workbench, qtbot: QtBot) -> None:
    window = workbench.window
    window.resize(1200, 800)
    window.move(0, 0)
    with subprocess.Popen([sys.executable, "-c", OTHER_PROGRAM], stdout=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == "up\n"
            qtbot.wait(300)
            outliner = window.outliner
            rect = outliner.tree.visualRect(outliner.model.index_of_shape("s1"))
            viewport = outliner.tree.viewport()
            place = viewport.mapFromGlobal(QPoint(1360, 500))
            drag(viewport, QPoint(rect.left() + 30, rect.center().y()), place)
            told, _ = other.communicate(timeout=30)
        finally:
            other.kill()
    size, _, path = told.strip().partition(" ")
    assert int(size) > 100
    assert Path(path).name == "Chair 1.glb"
    assert trimesh.load(path).geometry


OTHER_WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QPoint, QTimer
from app import application, theme
from app.settings import Settings
from tests.app.numpy_engine import NumpyEngine

app = application.make_application(sys.argv[:1])
theme.apply_theme(app, False)
workbench = application.Workbench(Settings.load(Path(sys.argv[1])), NumpyEngine, inline=True)
window = workbench.window
window.setGeometry(560, 0, 1040, 800)

def tell(old, new):
    for shape in new:
        print(shape.name, shape.latent_hash, flush=True)
    QTimer.singleShot(0, app.exit)

workbench.document.scene_changed.connect(tell)
window.show()
workbench.worker.start()

def look():
    if window.viewport.canvas.painted:
        timer.stop()
        place = window.viewport.mapToGlobal(window.viewport.rect().center())
        print(place.x(), place.y(), flush=True)

timer = QTimer(timeout=look)
timer.start(20)
app.exec()
workbench.document.stack.setClean()
workbench.close()
"""


def test_a_window_of_another_process_takes_the_parts(
    workbench: Workbench, qtbot: QtBot, tmp_path: Path, root: Path
) -> None:
    window, shape = workbench.window, workbench.document.scene.shape("s1")
    window.resize(1200, 800)
    window.move(0, 0)
    qtbot.wait(50)
    written = FOLDER.count
    command = [sys.executable, "-c", OTHER_WINDOW, str(tmp_path)]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout is not None
            x, y = map(int, other.stdout.readline().split())
            qtbot.wait(300)
            outliner = window.outliner
            rect = outliner.tree.visualRect(outliner.model.index_of_shape("s1"))
            viewport = outliner.tree.viewport()
            start = QPoint(rect.left() + 30, rect.center().y())
            assert viewport.mapToGlobal(start).x() < 560, "the other window covers what is to be dragged"
            drag(viewport, start, viewport.mapFromGlobal(QPoint(x, y)))
            told, _ = other.communicate(timeout=30)
        finally:
            other.kill()
    assert told.splitlines() == [f"{shape.name} {shape.latent_hash}"]
    assert len(workbench.document.scene) == 1
    assert FOLDER.count == written  # parts were taken, so no file was asked for
