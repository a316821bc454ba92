"""Composition root: the Qt application, error hooks, and the wiring of document, worker, editor, window."""

from __future__ import annotations

import logging
import logging.handlers
import os
import sys
import threading
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import (
    QCoreApplication,
    QMessageLogContext,
    QObject,
    Qt,
    QTimer,
    QtMsgType,
    Signal,
    Slot,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from app import theme
from app.document import Document
from app.editor import Editor
from app.engines import EngineLike, shipped_engine
from app.lost_work import find_lost
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
SHUTDOWN_SECONDS = 2.0
"""A person who quits does not wait longer for a job to stop; the process then ends all the same."""
SWITCH_INTERVAL = 2e-4
"""Seconds a thread may hold the interpreter while another waits for it. Torch gives it up at every
operation and waits for it behind the GUI thread: at the usual 5 ms a job crawls while the window paints."""
NO_DISPLAY = (
    "Partsmith cannot open a window: {reason}\n"
    "Start it on a desktop, or under a virtual display: xvfb-run -a python main.py\n"
    "Everything the window does can be done without one: python main.py --help\n"
)
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


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
    """

    def __init__(
        self,
        settings: Settings,
        make_engine: Callable[[], EngineLike] | None = None,
        inline: bool = False,
        recovery_folder: Path | None = None,
    ) -> None:
        super().__init__()
        sys.setswitchinterval(SWITCH_INTERVAL)
        self.settings = settings
        self.document = Document(self)
        self.worker = EditWorker(inline, make_engine, self, prepare_mesh)
        self.editor = Editor(self.document, self.worker, self)
        self.window = MainWindow(self.document, self.editor, self.worker, settings)
        self.recovery_folder = recovery_folder
        self.recovery: Recovery | None = None
        if recovery_folder is not None:
            self.recovery = Recovery(self.document, recovery_folder, self)
            self.recovery.failed.connect(self._on_recovery_failed)
            self.editor.candidates_arrived.connect(self.recovery.keep_candidates)

    @Slot()
    def offer_recovery(self) -> None:
        """Ask about unsaved work of editors that did not end properly, if there is any."""
        lost = find_lost(self.recovery_folder) if self.recovery_folder is not None else []
        if lost and self.recovery is not None:
            RecoveryDialog(self.recovery, lost, self.window).open()

    @Slot(str)
    def _on_recovery_failed(self, reason: str) -> None:
        self.editor.post(f"After a crash unsaved work would be lost, so save often: {reason}", "warning")

    @Slot()
    def close(self) -> None:
        """Cancel all jobs, join the worker, keep the settings."""
        if not self.worker.shutdown(SHUTDOWN_SECONDS):
            log.error("the worker did not end within %g s", SHUTDOWN_SECONDS)
        if self.recovery is not None:
            self.recovery.close()
        self.settings.save()


class ErrorHooks(QObject):
    """Unexpected errors of any thread end in the log file and as a message in the window.

    Signals
    -------
    error_caught(str)
        A sentence for the person; emitted on the GUI thread.
    """

    error_caught = Signal(str)
    _caught = Signal(str)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._file = folder / LOG_FILE
        self._caught.connect(self._on_caught, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take over `sys.excepthook`, `threading.excepthook` and Qt's messages."""
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        qInstallMessageHandler(self._on_qt_message)

    def uninstall(self) -> None:
        """Give everything back to Python and Qt."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        qInstallMessageHandler(None)

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QCoreApplication.quit()
            return
        log.critical("unexpected error\n%s", "".join(traceback.format_exception(kind, error, trace)))
        self._caught.emit(f"Unexpected error: {kind.__name__}: {error}. Details are in {self._file}.")

    def _on_thread_exception(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None and not issubclass(arguments.exc_type, SystemExit):
            self._on_exception(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    def _on_qt_message(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        log.log(_LEVELS.get(kind, logging.WARNING), "Qt: %s", text)
        if kind == QtMsgType.QtFatalMsg:
            # Qt aborts the process right after this; an unusable display is the one usual cause.
            sys.stderr.write(NO_DISPLAY.format(reason=text.strip().splitlines()[0]))
            sys.stderr.flush()
            os._exit(1)

    @Slot(str)
    def _on_caught(self, text: str) -> None:
        self.error_caught.emit(text)


def start_logging(folder: Path) -> None:
    """Log to a bounded file in `folder`; to stderr as well where that file cannot be written."""
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    handler: logging.Handler
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            folder / LOG_FILE, maxBytes=2**20, backupCount=2, encoding="utf-8", delay=True
        )
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    root.addHandler(handler)


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
    """Open the editor and stay until it is closed; the process's exit code."""
    try:
        require_display()
    except NoDisplayError as error:
        sys.stderr.write(NO_DISPLAY.format(reason=error))
        return 1
    QCoreApplication.setApplicationName("partsmith")
    folder = config_folder()
    start_logging(folder)
    hooks = ErrorHooks(folder)
    # Before the application exists: with a display that does not answer its constructor aborts.
    hooks.install()
    settings = Settings.load(folder)
    try:
        app = make_application(sys.argv[:1], settings.antialiasing)
    except NoDisplayError as error:
        sys.stderr.write(NO_DISPLAY.format(reason=error))
        return 1
    theme.apply_theme(app, settings.theme == "dark")
    workbench = Workbench(
        settings, partial(shipped_engine, settings.device), recovery_folder=folder / RECOVERY_FOLDER
    )
    hooks.error_caught.connect(workbench.window.show_error)
    app.aboutToQuit.connect(workbench.close)
    workbench.window.show()
    if scene_path is not None:
        workbench.window.files.open_path(scene_path)
    QTimer.singleShot(0, workbench.offer_recovery)
    # The engine (and with it torch) loads when the window has had its first paint.
    QTimer.singleShot(0, workbench.worker.start)
    code = app.exec()
    hooks.uninstall()
    logging.shutdown()
    if not workbench.worker.ended:
        # The thread hangs in native code; a normal exit would wait for it or crash on its way out.
        os._exit(code)
    return code
