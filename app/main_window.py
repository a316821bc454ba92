"""The main window: the viewport in the middle, panels in docks, menus from the command table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QCloseEvent, QDesktopServices, QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QFileDialog,
    QLabel,
    QMainWindow,
    QMenu,
    QMessageBox,
    QWidget,
)

from app import theme
from app.commands import COMMANDS
from app.document import Document
from app.editor import Editor
from app.menus import Menus
from app.panels.edit_panel import EditPanel
from app.panels.export_dialog import ExportDialog
from app.panels.gallery import Gallery
from app.panels.history import HistoryPanel
from app.panels.job_bar import JobBar
from app.panels.outliner import Outliner
from app.panels.properties import PropertiesPanel
from app.panels.shortcut_sheet import ShortcutSheet
from app.panels.widgets import set_role
from app.settings import Settings, config_folder, from_text, to_text
from app.viewport.canvas import Viewport
from app.viewport.scene_view import DISPLAYS
from app.worker import EditWorker
from core.scene.storage import SceneFileError

LAYOUT_VERSION = 1
SCENE_SUFFIX = ".partsmith"
SCENE_FILTER = f"Partsmith scenes (*{SCENE_SUFFIX})"
MESH_SUFFIXES = (".obj", ".ply", ".stl", ".glb", ".gltf", ".off")
MESH_FILTER = f"Meshes ({' '.join('*' + suffix for suffix in MESH_SUFFIXES)})"
DISPLAY_NAMES = {"surface": "Surface", "ellipsoids": "Gaussians", "both": "Surface and Gaussians"}
THUMBNAIL_SIZE = 256
MESSAGE_SECONDS = 10
CONTEXT_COMMANDS = (
    "create.complete", "create.vary", "create.text", "", "edit.duplicate", "edit.mirror", "edit.swap",
    "edit.delete", "", "select.twins", "select.same_label", "", "view.hide", "view.isolate", "view.lock",
    "view.frame",
)  # fmt: skip
"""Menu of a right click in the viewport; "" is a separator."""


class MainWindow(QMainWindow):
    """The one window of the editor.

    Attributes
    ----------
    viewport, outliner, edit_panel, properties, gallery, history, jobs : QWidget
    menus : Menus
        Actions by command id.
    """

    def __init__(self, document: Document, editor: Editor, worker: EditWorker, settings: Settings) -> None:
        super().__init__()
        self.document = document
        self.editor = editor
        self.worker = worker
        self.settings = settings
        self._sheet: ShortcutSheet | None = None
        editor.twins_enabled = settings.twins
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(True)
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)

        self.viewport = Viewport(document, editor)
        self.setCentralWidget(self.viewport)
        self.outliner = Outliner(document, editor)
        self.history = HistoryPanel(document)
        self.edit_panel = EditPanel(document, editor)
        self.properties = PropertiesPanel(document, editor)
        self.gallery = Gallery(document, editor)
        self.jobs = JobBar(worker)

        self.menus = Menus(self, COMMANDS)
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        docks = [
            self._dock("outliner", "Scene", self.outliner, left),
            self._dock("history", "History", self.history, left),
            self._dock("edit", "Edit", self.edit_panel, right),
            self._dock("properties", "Properties", self.properties, right),
            self._dock("gallery", "Candidates", self.gallery, Qt.DockWidgetArea.BottomDockWidgetArea),
        ]
        # Sizes are shares of the window's, so that comes first.
        self.resize(1500, 940)
        self.resizeDocks(docks[:2], [600, 200], Qt.Orientation.Vertical)
        self.resizeDocks(docks[2:4], [520, 280], Qt.Orientation.Vertical)
        self.resizeDocks([docks[0], docks[2]], [270, 340], Qt.Orientation.Horizontal)
        self.resizeDocks(docks[4:], [210], Qt.Orientation.Vertical)

        self.message = QLabel()
        self.message.setMinimumWidth(80)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._message_timer = QTimer(self, singleShot=True)
        self._message_timer.timeout.connect(self._on_message_timed_out)
        self.statusBar().addWidget(self.message, 3)
        self.statusBar().addPermanentWidget(self.jobs, 2)
        self.statusBar().setSizeGripEnabled(False)

        document.modified_changed.connect(self._refresh_title)
        document.path_changed.connect(self._refresh_title)
        editor.message_posted.connect(self._on_message_posted)
        editor.twins_changed.connect(self._on_twins_changed)
        editor.candidates_arrived.connect(self._on_candidates_arrived)
        self.viewport.context_menu_requested.connect(self._on_context_menu_requested)
        self.gallery.settings_requested.connect(self._on_settings_requested)
        self.outliner.frame_requested.connect(self.viewport.frame)
        self._refresh_title()
        self.menus.refresh()
        self.edit_panel.set_parameters(settings.parameters)
        if settings.geometry:
            self.restoreGeometry(from_text(settings.geometry))
        if settings.layout:
            self.restoreState(from_text(settings.layout), LAYOUT_VERSION)

    def _dock(self, name: str, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(f"{name}_dock")
        dock.setWidget(widget)
        self.addDockWidget(area, dock)
        self.menus.panels.addAction(dock.toggleViewAction())
        return dock

    # --- files ----------------------------------------------------------------------------------------

    def new_scene(self) -> bool:
        """Start an empty scene, unless unsaved changes are to be kept."""
        if not self.confirm_discard():
            return False
        self.document.new()
        return True

    def open_scene(self) -> bool:
        """Ask for a scene file and open it."""
        name, _ = QFileDialog.getOpenFileName(self, "Open scene", self._folder(), SCENE_FILTER)
        return bool(name) and self.open_path(Path(name))

    def open_path(self, path: Path) -> bool:
        """Open a scene file, unless unsaved changes are to be kept; a file that is no scene is refused."""
        if not self.confirm_discard():
            return False
        try:
            self.document.open(path)
        except (SceneFileError, OSError) as error:
            self._warn(f"{path.name} cannot be opened", str(error))
            self.settings.forget_recent_file(path)
            return False
        self.settings.add_recent_file(path)
        self.viewport.frame(None)
        self.editor.post(f"Opened {path.name}.")
        return True

    def save_scene(self) -> bool:
        """Save where the scene came from, or ask where."""
        return self.save_to(self.document.path) if self.document.path else self.save_scene_as()

    def save_scene_as(self) -> bool:
        """Ask for a name and save."""
        start = str(Path(self._folder()) / f"{self.document.title}{SCENE_SUFFIX}")
        name, _ = QFileDialog.getSaveFileName(self, "Save scene", start, SCENE_FILTER)
        if not name:
            return False
        path = Path(name)
        return self.save_to(path if path.suffix else path.with_suffix(SCENE_SUFFIX))

    def save_to(self, path: Path) -> bool:
        """Save the scene with a picture of the viewport; failure leaves the old file intact and says why."""
        try:
            self.document.save(path, self._thumbnail())
        except (SceneFileError, OSError) as error:
            self._warn(f"{path.name} was not saved", str(error))
            return False
        self.settings.add_recent_file(path)
        self.editor.post(f"Saved {path.name}.")
        return True

    def import_mesh(self) -> None:
        """Ask for a mesh file and bring it in."""
        name, _ = QFileDialog.getOpenFileName(self, "Import mesh", self._folder(), MESH_FILTER)
        if name:
            self.editor.encode(name)

    def export_meshes(self) -> None:
        """Ask what to export and where to."""
        ExportDialog(self.document, self.editor, self).open()

    def confirm_discard(self) -> bool:
        """Ask about unsaved changes; False = go on editing."""
        if not self.document.modified:
            return True
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(f"Save the changes of {self.document.title}?")
        box.setInformativeText("They are lost otherwise.")
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        answer = box.exec()
        box.deleteLater()
        if answer == buttons.Save:
            return self.save_scene()
        return answer == buttons.Discard

    def _folder(self) -> str:
        """Where file dialogs start: beside the present or the last file."""
        recent = self.settings.recent_files
        path = self.document.path or (Path(recent[0]) if recent else None)
        return str(path.parent if path and path.parent.is_dir() else Path.home())

    def _thumbnail(self) -> NDArray[np.uint8]:
        """The viewport, fitted into a square of `THUMBNAIL_SIZE`, uint8 [H, W, 3]."""
        picture = np.ascontiguousarray(self.viewport.grab_image()[..., :3])
        height, width = picture.shape[:2]
        image = QImage(picture.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        small = image.scaled(
            THUMBNAIL_SIZE,
            THUMBNAIL_SIZE,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        ).convertToFormat(QImage.Format.Format_RGB888)
        rows = np.frombuffer(small.constBits(), np.uint8).reshape(small.height(), small.bytesPerLine())
        return rows[:, : 3 * small.width()].reshape(small.height(), small.width(), 3).copy()

    # --- commands -------------------------------------------------------------------------------------

    def run_edit(self, page: str) -> None:
        """Run a sampled edit with the options of its page, and show that page."""
        self.show_edit(page, focus=False)
        self.edit_panel.run()

    def show_edit(self, page: str, focus: bool = True) -> None:
        """Show a page of the edit panel and put the keyboard where one starts there."""
        dock = self.edit_panel.parentWidget()
        dock.show()
        dock.raise_()
        self.edit_panel.show_page(page, focus)

    def escape(self) -> None:
        """Cancel the drag or tool, else clear the selection."""
        if not self.viewport.cancel_tool():
            self.document.set_selection(self.document.selection.cleared())

    def frame_selection(self) -> None:
        """Bring the selected parts into view, or everything."""
        self.viewport.frame(self.document.selection.parts or None)

    def toggle_projection(self) -> None:
        orthographic = self.viewport.projection == "orthographic"
        self.viewport.set_projection("perspective" if orthographic else "orthographic")

    def next_display(self) -> None:
        """Surface, Gaussians, both, surface, ..."""
        mode = DISPLAYS[(DISPLAYS.index(self.viewport.display) + 1) % len(DISPLAYS)]
        self.viewport.set_display(mode)
        self.editor.post(f"Display: {DISPLAY_NAMES[mode]}.")

    def toggle_theme(self) -> None:
        self.set_theme("light" if self.settings.theme == "dark" else "dark")

    def set_theme(self, name: str) -> None:
        """Switch the whole program to the "dark" or "light" theme."""
        self.settings.theme = name
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply_theme(app, name == "dark")
        self.viewport.set_theme(name == "dark")

    def toggle_twins(self) -> None:
        self.editor.twins_enabled = not self.editor.twins_enabled

    def show_shortcuts(self) -> None:
        """The sheet of all commands and keys."""
        if self._sheet is None:
            self._sheet = ShortcutSheet(COMMANDS, self)
        self._sheet.show()
        self._sheet.raise_()
        self._sheet.activateWindow()

    def open_log_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(config_folder())))

    def show_about(self) -> None:
        """What this is, and what model is loaded."""
        info = self.worker.info
        model = f"{info.checkpoint_id} on {info.device_name}" if info else self.worker.error or "loading"
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle("About Partsmith")
        box.setText("<b>Partsmith</b><br>A part-level diffusion editor for 3D shapes.")
        box.setInformativeText(f"Model: {model}\nLicence: MIT")
        box.open()

    # --- what happens ---------------------------------------------------------------------------------

    @Slot()
    def _refresh_title(self) -> None:
        self.setWindowTitle(f"{self.document.title}[*] – Partsmith")
        self.setWindowModified(self.document.modified)
        self.setWindowFilePath(str(self.document.path or ""))

    @Slot(object)
    def _on_candidates_arrived(self, _candidates: object) -> None:
        self.gallery.parentWidget().show()

    @Slot(object)
    def _on_settings_requested(self, request: object) -> None:
        self.edit_panel.parentWidget().show()
        self.edit_panel.restore(request)

    @Slot(object)
    def _on_context_menu_requested(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for command_id in CONTEXT_COMMANDS:
            if command_id:
                menu.addAction(self.menus.actions[command_id])
            else:
                menu.addSeparator()
        menu.popup(place)

    @Slot(bool)
    def _on_twins_changed(self, enabled: bool) -> None:
        self.settings.twins = enabled
        self.editor.post("Twins are edited together." if enabled else "Twins are edited one by one.")

    @Slot(str, str)
    def _on_message_posted(self, text: str, level: str) -> None:
        set_role(self.message, {"warning": "warning", "error": "danger"}.get(level, "muted"))
        self.message.setText(text)
        self.message.setToolTip(text)
        self._message_timer.stop()
        if level != "error":
            self._message_timer.start(MESSAGE_SECONDS * 1000)

    @Slot(str)
    def show_error(self, text: str) -> None:
        """Show an unexpected error (it is in the log already)."""
        self.editor.post(text, "error")

    @Slot()
    def _on_message_timed_out(self) -> None:
        self.message.clear()
        self.message.setToolTip("")

    def _warn(self, title: str, text: str) -> None:
        """Say in a box, without blocking, what went wrong."""
        box = QMessageBox(QMessageBox.Icon.Warning, title, title, QMessageBox.StandardButton.Ok, self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setInformativeText(text)
        box.open()
        self.editor.post(f"{title}: {text}", "error")

    # --- Qt -------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(self._droppable(url) for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the first scene file; bring every mesh file in."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if self._droppable(url)]
        event.acceptProposedAction()
        scenes = [path for path in paths if path.suffix.lower() == SCENE_SUFFIX]
        if scenes and not self.open_path(scenes[0]):
            return
        for path in paths:
            if path not in scenes:
                self.editor.encode(path)

    def _droppable(self, url: QUrl) -> bool:
        suffix = Path(url.toLocalFile()).suffix.lower()
        return url.isLocalFile() and suffix in (SCENE_SUFFIX, *MESH_SUFFIXES)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.confirm_discard():
            event.ignore()
            return
        self.settings.parameters = dict(self.edit_panel.parameters())
        self.settings.geometry = to_text(self.saveGeometry())
        self.settings.layout = to_text(self.saveState(LAYOUT_VERSION))
        self.settings.save()
        if self._sheet is not None:
            self._sheet.close()
        event.accept()
