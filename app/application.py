"""Composition root: the Qt application, error hooks, and the wiring of document, worker, editor, window."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NoReturn

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from app import theme
from app.crash_report import Crash, CrashWatch, find_crashes, mark_told
from app.document import Document
from app.drag_out import FOLDER
from app.editor import Editor
from app.engines import EngineLike, shipped_engine
from app.error_hooks import NO_DISPLAY, ErrorHooks, start_logging
from app.lost_work import Lost, find_lost
from app.main_window import MainWindow
from app.panels.recovery_dialog import RecoveryDialog
from app.recovery import Recovery
from app.settings import LOG_FILE, Settings, config_folder
from app.viewport.graphics import NoOpenGLError, probe, use_antialiasing
from app.viewport.surface_geometry import prepared_geometry
from app.worker import EditWorker
from core.scene import picking
from core.scene.shape import Mesh

log = logging.getLogger(__name__)

RECOVERY_FOLDER = "recovery"
CRASH_FOLDER = "running"
SHUTDOWN_SECONDS = 1.5
"""A person who quits does not wait longer for a job to stop; the process then ends all the same."""
SWITCH_INTERVAL = 2e-4
"""Seconds a thread may hold the interpreter while another waits for it. Torch gives it up at every
operation and waits for it behind the GUI thread: at the usual 5 ms a job crawls while the window paints."""


class NoDisplayError(Exception):
    """There is nothing to show a window on, or nothing to draw it with."""


def prepare_mesh(mesh: Mesh, draft: bool) -> None:
    """Work out what drawing and (of a mesh that stays) picking need of it, before the GUI thread does."""
    prepared_geometry(mesh)
    if not draft:
        picking.prepared(mesh)


class Workbench(QObject):
    """One assembled editor; nothing is shown and no engine is loaded yet.

    Parameters
    ----------
    settings : Settings
    make_engine : callable, optional
        Builds the engine on the worker's thread; default: the shipped model.
    inline : bool
        See `EditWorker`.
    recovery_folder : Path, optional
        Where unsaved work is kept for the case of a crash; None = nowhere.
    crash_folder : Path, optional
        Where editors that died have left their traces (see `app.crash_report`); None = nowhere.
    """

    def __init__(
        self,
        settings: Settings,
        make_engine: Callable[[], EngineLike] | None = None,
        inline: bool = False,
        recovery_folder: Path | None = None,
        crash_folder: Path | None = None,
    ) -> None:
        super().__init__()
        sys.setswitchinterval(SWITCH_INTERVAL)
        self.settings = settings
        self.document = Document(self)
        self.worker = EditWorker(inline, make_engine, self, prepare_mesh)
        self.editor = Editor(self.document, self.worker, self)
        self.window = MainWindow(self.document, self.editor, self.worker, settings)
        self.recovery_folder = recovery_folder
        self.crash_folder = crash_folder
        self.recovery: Recovery | None = None
        if recovery_folder is not None:
            self.recovery = Recovery(self.document, recovery_folder, self)
            self.recovery.failed.connect(self._on_recovery_failed)
            self.editor.candidate_arrived.connect(self.recovery.keep_candidate)
            self.recovery.set_delay(settings.snapshot_seconds)
            self.window.preferences.changed.connect(self._on_preference_changed)
        self.window.dialogs.recovery_wanted.connect(self.show_recovery)

    @Slot()
    def offer_recovery(self) -> None:
        """Ask about unsaved work of editors that did not end properly, and tell of crashes, if there are any.

        An editor that was killed from outside and lost nothing is not worth a dialog. With nothing to ask
        about, a person who is new here is shown around.
        """
        lost, crashes = self._left_behind()
        news = [crash for crash in crashes if not crash.told]
        if lost or any(crash.traced for crash in news):
            self._open_recovery(lost, crashes)
            return
        if news:
            self.editor.post("Partsmith did not end properly last time. Nothing was lost.")
            for crash in news:
                mark_told(crash)
        self.window.first_steps.offer_tour()

    @Slot()
    def show_recovery(self) -> None:
        """The same at any time, also what was told before."""
        lost, crashes = self._left_behind()
        if lost or crashes:
            self._open_recovery(lost, crashes)
        else:
            self.editor.post("There is no unsaved work of another editor, and no crash to report.")

    def _left_behind(self) -> tuple[list[Lost], list[Crash]]:
        lost = find_lost(self.recovery_folder) if self.recovery_folder is not None else []
        return lost, find_crashes(self.crash_folder) if self.crash_folder is not None else []

    def _open_recovery(self, lost: list[Lost], crashes: list[Crash]) -> None:
        if self.recovery is not None:
            RecoveryDialog(self.recovery, lost, crashes, config_folder() / LOG_FILE, self.window).open()

    @Slot(str)
    def _on_preference_changed(self, name: str) -> None:
        if self.recovery is not None and name == "snapshot_seconds":
            self.recovery.set_delay(self.settings.snapshot_seconds)

    @Slot(str)
    def _on_recovery_failed(self, reason: str) -> None:
        self.editor.post(f"After a crash unsaved work would be lost, so save often: {reason}", "warning")

    @Slot()
    def close(self) -> None:
        """Cancel all jobs, join the worker, keep the settings, remove what was dragged out."""
        if not self.worker.shutdown(SHUTDOWN_SECONDS):
            log.warning("the worker did not end within %g s and is left to itself", SHUTDOWN_SECONDS)
        if self.recovery is not None:
            self.recovery.close()
        self.settings.save()
        FOLDER.remove()


def require_display() -> None:
    """Refuse early, in words, where Qt would abort the process.

    Raises
    ------
    NoDisplayError
        On Linux without an X or Wayland display (unless Qt was told to use a platform without one).
    """
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise NoDisplayError("neither DISPLAY nor WAYLAND_DISPLAY is set.")


def make_application(arguments: list[str], antialiasing: str = "auto") -> QApplication:
    """The Qt application, with OpenGL tried out.

    Parameters
    ----------
    arguments : list of str
    antialiasing : "auto", "on" or "off"
        See `Settings`.

    Raises
    ------
    NoDisplayError
        If there is no OpenGL to draw with.
    """
    app = QApplication(arguments)
    try:
        graphics = probe()
    except NoOpenGLError as error:
        raise NoDisplayError(str(error)) from error
    log.info("OpenGL %d.%d by %s", *graphics.version, graphics.renderer)
    # In software four samples per pixel take more than twice the time, and take it from the model.
    use_antialiasing(antialiasing == "on" or (antialiasing == "auto" and not graphics.software))
    app.setApplicationDisplayName("Partsmith")
    app.setDesktopFileName("partsmith")
    return app


def run(scene_path: Path | None = None) -> int:
    """Open the editor and stay until it is closed, which ends the process.

    Returns
    -------
    int
        Exit code, where there is no display to open it on.
    """
    try:
        require_display()
    except NoDisplayError as error:
        sys.stderr.write(NO_DISPLAY.format(reason=error))
        return 1
    QCoreApplication.setApplicationName("partsmith")
    folder = config_folder()
    start_logging(folder)
    watch = CrashWatch(folder / CRASH_FOLDER)
    watch.begin()
    hooks = ErrorHooks(folder, watch)
    # Before the application exists: with a display that does not answer its constructor aborts.
    hooks.install()
    settings = Settings.load(folder)
    try:
        app = make_application(sys.argv[:1], settings.antialiasing)
    except NoDisplayError as error:
        sys.stderr.write(NO_DISPLAY.format(reason=error))
        watch.end()
        return 1
    hooks.started = True
    theme.apply_theme(app, settings.theme == "dark", settings.text_size)
    workbench = Workbench(
        settings,
        partial(shipped_engine, settings.device),
        recovery_folder=folder / RECOVERY_FOLDER,
        crash_folder=folder / CRASH_FOLDER,
    )
    hooks.error_caught.connect(workbench.window.show_error)
    app.aboutToQuit.connect(workbench.close)
    workbench.window.show()
    if scene_path is not None:
        workbench.window.files.open_path(scene_path)
    elif settings.reopen_last:
        workbench.window.files.reopen_last()
    QTimer.singleShot(0, workbench.offer_recovery)
    QTimer.singleShot(0, workbench.window.dialogs.tell_of_trainings)
    # The engine (and with it torch) loads when the window has had its first paint.
    QTimer.singleShot(0, workbench.worker.start)
    code = app.exec()
    hooks.uninstall()
    return _leave(code, app, workbench.worker, watch)


def _leave(code: int, app: QApplication, worker: EditWorker, watch: CrashWatch) -> NoReturn:
    """End the process now that `Workbench.close` has kept what must be kept.

    Python would first take apart, one by one, the half million objects that torch and its kind have made: 6 s
    and more on a busy machine, for memory that the system takes back in a moment. Nothing waits for that:
    settings and recovery folder are closed, jobs write their files whole or not at all, and no library here
    keeps anything for its exit.
    """
    if worker.ended:
        # Qt hands what was copied to the clipboard manager, and gives windows back to the display. Not under
        # a thread that hangs in native code: should it wake up, it would report to objects that are gone.
        app.shutdown()
    watch.end()
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        # Whoever read the output may be gone; there may be none at all.
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)
