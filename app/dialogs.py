"""The dialogs of a window that only show or ask: what each one is given, and what its answers do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from app.commands import COMMANDS
from app.diagnostics import diagnostics
from app.engines import EngineInfo
from app.panels.command_palette import CommandPalette
from app.panels.edit_pages import GeneratePage
from app.panels.export_dialog import ExportDialog
from app.panels.library_dialog import LibraryDialog
from app.panels.log_dialog import LogDialog
from app.panels.models_dialog import ModelsDialog
from app.panels.preferences_dialog import PreferencesDialog
from app.panels.shortcut_sheet import ShortcutSheet
from app.panels.training_dialog import TrainingDialog
from app.panels.turntable_dialog import TurntableDialog
from app.settings import LOG_FILE, config_folder
from app.trainings import Trainings, summary
from core.places import user_trainings

if TYPE_CHECKING:
    from app.main_window import MainWindow


class Dialogs(QObject):
    """Opens the dialogs of a window.

    Attributes
    ----------
    shortcut_sheet : ShortcutSheet or None
        Made when it is first asked for.

    Signals
    -------
    recovery_wanted()
        Unsaved work of editors that died shall be shown.
    """

    recovery_wanted = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.shortcut_sheet: ShortcutSheet | None = None
        self._wanted_model = ""
        window.keymap.changed.connect(self._on_keys_changed)
        window.worker.engine_ready.connect(self._on_engine_ready)

    def export_meshes(self) -> None:
        """Ask what to export and where to."""
        ExportDialog(self._window.document, self._window.editor, self._window).open()

    def save_turntable(self) -> None:
        """Ask for frames, size and seconds, and write an animation."""
        TurntableDialog(self._window.viewport, self._window.document, self._window).show()

    def show_shortcuts(self) -> None:
        """The sheet of all commands and keys."""
        if self.shortcut_sheet is None:
            self.shortcut_sheet = ShortcutSheet(COMMANDS, self._window.keymap, self._window)
        self.shortcut_sheet.show()
        self.shortcut_sheet.raise_()
        self.shortcut_sheet.activateWindow()

    def show_palette(self) -> None:
        """Find a command by its name and do it."""
        CommandPalette(list(self._window.menus.actions.values()), self._window).open()

    def show_preferences(self, page: str = "") -> None:
        """All settings; a page of them in front, if one is named."""
        dialog = self._window.findChild(PreferencesDialog)
        if dialog is None:
            problems = self._window.settings.problems
            window = self._window
            dialog = PreferencesDialog(window.preferences, window.keymap, problems, window)
        if page:
            dialog.show_page(page)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def show_models(self) -> None:
        """What the models can do, and which one generates."""
        dialog = ModelsDialog(self._window.worker, self._window)
        dialog.chosen.connect(self._on_model_chosen)
        dialog.shapes_wanted.connect(self.show_library)
        dialog.import_wanted.connect(self._window.files.import_models)
        dialog.training_wanted.connect(self.show_training)
        dialog.open()

    def show_library(self, checkpoint: str = "") -> None:
        """Browse the shapes that come with models."""
        LibraryDialog(self._window.editor, checkpoint, self._window).open()

    def show_training(self) -> None:
        """Begin a training on a folder of meshes, or look at those there are."""
        dialog = self._window.findChild(TrainingDialog)
        if dialog is None:
            dialog = TrainingDialog(Trainings(), self._window.worker, self._window)
            dialog.model_wanted.connect(self._on_model_wanted)
        dialog.open_newest()

    def tell_of_trainings(self) -> None:
        """Say of a training that goes on, so that a person who starts the editor again finds it."""
        running = [run for run in Trainings().all() if run.running]
        if running:
            words = ", ".join(f"{run.name} ({summary(run)})" for run in running)
            self._window.editor.post(f"Training goes on: {words}. See Create > Train on a folder.")

    def open_training_log(self) -> None:
        """Ask for a log and show its curves, as they grow."""
        start = str(user_trainings()) if user_trainings().is_dir() else ""
        name, _ = QFileDialog.getOpenFileName(
            self._window, "Open training log", start, "Training logs (*.jsonl);;All files (*)"
        )
        if name:
            LogDialog(Path(name), self._window).show()

    def open_log_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(config_folder())))

    def copy_diagnostics(self) -> None:
        """Put what a bug report needs on the clipboard."""
        worker = self._window.worker
        QApplication.clipboard().setText(diagnostics(worker.info, worker.error, config_folder() / LOG_FILE))
        self._window.editor.post("Diagnostics are on the clipboard: paste them into the bug report.")

    def show_recovery(self) -> None:
        """Unsaved work of editors that died, and what is known of why."""
        self.recovery_wanted.emit()

    def show_about(self) -> None:
        """What this is, and what model is loaded."""
        worker = self._window.worker
        info = worker.info
        model = f"{info.checkpoint_id} on {info.device_name}" if info else worker.error or "loading"
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle("About Partsmith")
        box.setText("<b>Partsmith</b><br>A part-level diffusion editor for 3D shapes.")
        box.setInformativeText(f"Model: {model}\nLicence: MIT")
        box.open()

    def close(self) -> None:
        """Close what stays open beside the window."""
        left_open = [self._window.findChild(kind) for kind in (PreferencesDialog, TrainingDialog)]
        for dialog in (self.shortcut_sheet, *left_open, *self._window.findChildren(LogDialog)):
            if dialog is not None:
                dialog.close()

    @Slot()
    def _on_keys_changed(self) -> None:
        """Make the sheet of keys anew."""
        if self.shortcut_sheet is not None:
            old, self.shortcut_sheet = self.shortcut_sheet, None
            if old.isVisible():
                self.show_shortcuts()
            old.close()
            old.deleteLater()

    @Slot(str)
    def _on_model_chosen(self, checkpoint: str) -> None:
        page = self._window.edit_panel.pages["generate"]
        assert isinstance(page, GeneratePage)
        page.set_checkpoint(checkpoint)
        self._window.show_edit("generate")

    @Slot(str)
    def _on_model_wanted(self, checkpoint: str) -> None:
        """Load the engine again: it finds new models, and reads anew one that has learned more."""
        self._wanted_model = checkpoint
        self._window.load_engine()

    @Slot(object)
    def _on_engine_ready(self, info: EngineInfo) -> None:
        wanted, self._wanted_model = self._wanted_model, ""
        if not wanted:
            return
        if any(model.id == wanted for model in info.models):
            self._on_model_chosen(wanted)
            self._window.editor.post(f"Shapes are generated with {wanted} now.")
        else:
            self._window.editor.post(f"{wanted} cannot be loaded; the log tells why.", "error")
