"""New, open, save, import and drop: everything that asks for files or may lose unsaved changes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QMessageBox

from app.document import ChangedOnDiskError
from app.panels.import_dialog import ImportDialog
from app.theme import RESOURCES
from core.scene.storage import SceneFileError

if TYPE_CHECKING:
    from app.main_window import MainWindow

SCENE_SUFFIX = ".partsmith"
SCENE_FILTER = f"Partsmith scenes (*{SCENE_SUFFIX})"
MESH_SUFFIXES = (".obj", ".ply", ".stl", ".glb", ".gltf", ".3mf", ".off")
MESH_FILTER = f"Meshes ({' '.join('*' + suffix for suffix in MESH_SUFFIXES)})"
THUMBNAIL_SIZE = 256


def droppable(urls: Iterable[QUrl]) -> list[Path]:
    """The local scene and mesh files among what is dragged over the window."""
    paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() in (SCENE_SUFFIX, *MESH_SUFFIXES)]


class SceneFiles:
    """File commands of a window. Methods that may be declined return whether they went through."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._document = window.document
        self._editor = window.editor
        self._settings = window.settings
        self._viewport = window.viewport

    def new_scene(self) -> bool:
        """Start an empty scene, unless unsaved changes are to be kept."""
        if not self.confirm_discard():
            return False
        self._document.new()
        return True

    def open_scene(self) -> bool:
        """Ask for a scene file and open it."""
        name, _ = QFileDialog.getOpenFileName(self._window, "Open scene", self._folder(), SCENE_FILTER)
        return bool(name) and self.open_path(Path(name))

    def open_path(self, path: Path) -> bool:
        """Open a scene file, unless unsaved changes are to be kept; a file that is no scene is refused."""
        if not self.confirm_discard():
            return False
        try:
            self._document.open(path)
        except (SceneFileError, OSError) as error:
            self._warn(f"{path.name} cannot be opened", str(error))
            self._settings.forget_recent_file(path)
            return False
        self._settings.add_recent_file(path)
        self._viewport.frame(None)
        if self._document.read_only:
            self._editor.post(
                f"{path.name} was saved by a newer Partsmith. It is open read-only, and what this version "
                "does not know is not shown. Update Partsmith, or save it under another name.",
                "warning",
            )
        else:
            self._editor.post(f"Opened {path.name}.")
        return True

    def reopen_last(self) -> bool:
        """Open the newest of the recent scenes; one that is gone is only told of."""
        recent = self._settings.recent_files
        if not recent:
            return False
        path = Path(recent[0])
        if path.is_file():
            return self.open_path(path)
        self._editor.post(f"{path.name} is not where it was, so the scene is empty.", "warning")
        return False

    def open_sample(self, name: str) -> bool:
        """Open a scene that comes with the program as a new, unnamed one."""
        if not self.confirm_discard():
            return False
        try:
            self._document.open_sample(RESOURCES / "scenes" / f"{name}{SCENE_SUFFIX}")
        except (SceneFileError, OSError) as error:
            self._warn(f"The sample {name} cannot be opened", f"{error}\nInstall Partsmith again.")
            return False
        self._viewport.frame(None)
        self._editor.post(f"Opened the sample {name}. Saving asks for a name.")
        return True

    def save_scene(self) -> bool:
        """Save where the scene came from, or ask where."""
        path = self._document.path
        return self.save_to(path) if path and not self._document.read_only else self.save_scene_as()

    def save_scene_as(self) -> bool:
        """Ask for a name and save."""
        start = str(Path(self._folder()) / f"{self._document.title}{SCENE_SUFFIX}")
        name, _ = QFileDialog.getSaveFileName(self._window, "Save scene", start, SCENE_FILTER)
        if not name:
            return False
        path = Path(name)
        if path.suffix != SCENE_SUFFIX:
            # The dialog has asked about the name as it was typed, not about this one.
            path = path.with_name(path.name + SCENE_SUFFIX)
            if path.exists() and not self._confirm_replace(path):
                return False
        return self.save_to(path)

    def save_to(self, path: Path) -> bool:
        """Save the scene with a picture of the viewport; failure leaves the old file intact and says why."""
        thumbnail = self._thumbnail()
        try:
            try:
                self._document.save(path, thumbnail)
            except ChangedOnDiskError as error:
                if not self._confirm_changed(path):
                    self._editor.post(str(error), "warning")
                    return False
                self._document.save(path, thumbnail, replace_changed=True)
        except (SceneFileError, OSError) as error:
            self._warn(f"{path.name} was not saved", str(error))
            return False
        self._settings.add_recent_file(path)
        self._editor.post(f"Saved {path.name}.")
        return True

    def import_mesh(self) -> None:
        """Ask for a mesh file and bring it in."""
        name, _ = QFileDialog.getOpenFileName(self._window, "Import mesh", self._folder(), MESH_FILTER)
        if name:
            self.show_import(Path(name))

    def show_import(self, path: Path) -> None:
        """Show a mesh file as it will stand, and bring it in from there."""
        ImportDialog(self._window.originals, path, self._window).open()

    def import_models(self) -> None:
        """Ask for a folder of published checkpoints and convert them in the background."""
        name = QFileDialog.getExistingDirectory(
            self._window, "Folder of published SALAD and SPAGHETTI checkpoints", self._folder()
        )
        if name:
            self._editor.import_models(name)

    def confirm_discard(self) -> bool:
        """Ask about unsaved changes; False = go on editing."""
        if not self._document.modified:
            return True
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(f"Save the changes of {self._document.title}?")
        box.setInformativeText("They are lost otherwise.")
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        answer = box.exec()
        box.deleteLater()
        if answer == buttons.Save:
            return self.save_scene()
        return answer == buttons.Discard

    def _confirm_replace(self, path: Path) -> bool:
        buttons = QMessageBox.StandardButton
        text = f"{path.name} exists already. Replace it?"
        return QMessageBox.question(self._window, "Save scene", text) == buttons.Yes

    def _confirm_changed(self, path: Path) -> bool:
        buttons = QMessageBox.StandardButton
        text = (
            f"Another program has changed {path.name} since it was opened here. Replace it all the same? "
            f"What it holds now would be kept as {path.name}~."
        )
        return QMessageBox.question(self._window, "Save scene", text) == buttons.Yes

    def _folder(self) -> str:
        """Where file dialogs start: beside the present or the last file."""
        recent = self._settings.recent_files
        path = self._document.path or (Path(recent[0]) if recent else None)
        return str(path.parent if path and path.parent.is_dir() else Path.home())

    def open_dropped(self, paths: list[Path]) -> None:
        """Open the first scene file; bring every mesh file in."""
        scenes = [path for path in paths if path.suffix.lower() == SCENE_SUFFIX]
        if scenes and not self.open_path(scenes[0]):
            return
        for path in paths:
            if path not in scenes:
                self.show_import(path)

    def _thumbnail(self) -> NDArray[np.uint8] | None:
        """The viewport, fitted into a square of `THUMBNAIL_SIZE`, uint8 [H, W, 3]; None if never shown."""
        if not self._viewport.canvas.painted:
            return None
        picture = np.ascontiguousarray(self._viewport.grab_image()[..., :3])
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

    def _warn(self, title: str, text: str) -> None:
        """Say in a box, without blocking, what went wrong."""
        box = QMessageBox(QMessageBox.Icon.Warning, title, title, QMessageBox.StandardButton.Ok, self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setInformativeText(text)
        box.open()
        self._editor.post(f"{title}: {text}", "error")
