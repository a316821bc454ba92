"""Unexpected errors: into the log, into the traces of a crash, and told in the window."""

from __future__ import annotations

import logging
import logging.handlers
import os
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import (
    QCoreApplication,
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    Slot,
    qInstallMessageHandler,
)

from app.crash_report import CrashWatch
from app.settings import LOG_FILE

log = logging.getLogger(__name__)

LOG_FORMAT = "%(asctime)s %(process)d %(levelname)s %(threadName)s %(name)s: %(message)s"
"""With the process: several editors write into one file, and `app.crash_report` tells them apart."""
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


class ErrorHooks(QObject):
    """Unexpected errors of any thread end in the log file and as a message in the window.

    Signals
    -------
    error_caught(str)
        A sentence for the person; emitted on the GUI thread.
    """

    error_caught = Signal(str)
    _caught = Signal(str)

    def __init__(self, folder: Path, watch: CrashWatch | None = None) -> None:
        super().__init__()
        self._file = folder / LOG_FILE
        self._watch = watch
        self.started = False
        """Whether there is a window: what is fatal then is a crash, not a display that cannot be used."""
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
        text = "".join(traceback.format_exception(kind, error, trace))
        log.critical("unexpected error\n%s", text)
        if self._watch is not None:
            self._watch.note(text)
        self._caught.emit(f"Unexpected error: {kind.__name__}: {error}. Details are in {self._file}.")

    def _on_thread_exception(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None and not issubclass(arguments.exc_type, SystemExit):
            self._on_exception(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    def _on_qt_message(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        log.log(_LEVELS.get(kind, logging.WARNING), "Qt: %s", text)
        if kind == QtMsgType.QtFatalMsg:
            # Qt aborts the process right after this; an unusable display is the one usual cause, and told.
            if self._watch is not None and self.started:
                self._watch.note(text)
            elif self._watch is not None:
                self._watch.end()
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
    handler.setFormatter(logging.Formatter(LOG_FORMAT))
    root.addHandler(handler)
