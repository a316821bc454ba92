"""The whole editor in a process of its own, driven from inside: `python -m tests.reliability.windows WHAT`.

Prints one line of JSON: what the person was told, which errors were logged, and how it went.
"""

from __future__ import annotations

import faulthandler
import json
import logging
import random
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app import application
from app.application import Workbench
from app.engines import shipped_engine
from app.panels.recovery_dialog import RecoveryDialog
from core.scene.scene import Scene
from tests.app.numpy_engine import make_shape
from tests.tiny import TINY_CHECKPOINT

PATIENCE = 90.0
LOADING_SECONDS = 3.0
"""About what loading the model takes."""


class LoggedErrors(logging.Handler):
    """Remembers what is logged as a warning of Qt, or as an error of anybody."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.exc_info:
            text = f"{text}: {record.exc_info[1]}"
        if record.levelno >= logging.ERROR or (record.levelno >= logging.WARNING and "Qt:" in text):
            self.texts.append(text)


class Session:
    """The running editor, as the scripts below see it."""

    def __init__(self, workbench: Workbench, logged: LoggedErrors) -> None:
        self.workbench = workbench
        self.logged = logged
        self.told: list[str] = []
        self.started = time.monotonic()
        workbench.editor.message_posted.connect(lambda text, _level: self.told.append(text))

    @property
    def ready(self) -> bool:
        worker = self.workbench.worker
        return self.workbench.window.viewport.canvas.painted and bool(worker.info or worker.error)

    def report(self, **facts: object) -> None:
        print(json.dumps({"told": self.told, "logged": self.logged.texts, **facts}), flush=True)


def run(make_engine: Callable[..., object] | None, script: Callable[[Session], bool]) -> int:
    """Run the editor as `main.py` does; `script` is called every 50 ms until it returns True."""
    logged = LoggedErrors()
    logging.getLogger().addHandler(logged)
    sessions: list[Session] = []

    class Scripted(Workbench):
        def __init__(self, *arguments: object, **options: object) -> None:
            super().__init__(*arguments, **options)  # type: ignore[arg-type]
            session = Session(self, logged)
            sessions.append(session)
            self.script_timer = QTimer(self)
            self.script_timer.timeout.connect(self._on_script_due)
            self.script_timer.start(50)

        def _on_script_due(self) -> None:
            session = sessions[0]
            late = time.monotonic() - session.started > PATIENCE
            if late:
                session.report(late=True)
            if late or script(session):
                self.script_timer.stop()
                self.document.stack.setClean()
                self.window.close()

    application.Workbench = Scripted  # type: ignore[misc]
    if make_engine is not None:
        application.shipped_engine = make_engine  # type: ignore[assignment]
    return application.run()


def opens(session: Session) -> bool:
    """Wait until the window is up and the model is there, or is known not to be; change something by hand."""
    if not session.ready:
        return False
    if not len(session.workbench.document.scene):
        session.workbench.document.apply(Scene((make_shape(),)), "Add")
        assert session.workbench.recovery is not None
        session.workbench.recovery.keep()
        return False
    session.report(opened=True, error=session.workbench.worker.error)
    return True


def generates(session: Session) -> bool:
    """Wait for the model, generate once, and tell how that ended."""
    if not session.ready:
        return False
    if not hasattr(session, "job"):
        session.job = session.workbench.editor.generate(steps=4, count=1)
    if session.workbench.worker.busy:
        return False
    session.report(opened=True, error=session.workbench.worker.error)
    return True


def quits_while_busy(session: Session) -> bool:
    """Close the window in the middle of a job; a second line says when it was closed."""
    if not session.ready:
        return False
    if not hasattr(session, "job"):
        session.job = session.workbench.editor.generate(steps=200, count=16)
        session.workbench.editor.generate(steps=200, count=16)
        session.since = time.monotonic()
    return time.monotonic() - session.since > 0.3 and closed_while_busy(session)


def quits_while_hanging(session: Session) -> bool:
    """The same in the middle of a job that never ends."""
    if session.ready and not hasattr(session, "job"):
        assert session.workbench.worker._engine is not None
        session.workbench.worker._engine.run = lambda *_: time.sleep(600)  # type: ignore[method-assign]
    return quits_while_busy(session)


def quits_while_loading(session: Session) -> bool:
    """The same at a random moment while the model loads, with a job that waits for it."""
    if not session.workbench.window.viewport.canvas.painted:
        return False
    if not hasattr(session, "job"):
        assert session.workbench.worker.info is None
        session.job = session.workbench.editor.generate(steps=200, count=16)
        session.since = time.monotonic() + random.uniform(0.0, LOADING_SECONDS)
    return time.monotonic() > session.since and closed_while_busy(session)


def closed_while_busy(session: Session) -> bool:
    closed = time.time()
    QApplication.instance().aboutToQuit.connect(
        lambda: session.report(busy=True, closed_at=closed, quit_at=time.time())
    )
    assert session.workbench.worker.busy
    return True


def crashes(session: Session) -> bool:
    """Change something, then die as native code does that writes where it must not."""
    if not session.workbench.window.viewport.canvas.painted:
        return False
    session.workbench.document.apply(Scene((make_shape(),)), "Add")
    assert session.workbench.recovery is not None
    session.workbench.recovery.keep()
    logging.getLogger("app.test").warning("about to die in %s", Path.home() / "chairs")
    faulthandler._sigsegv()  # type: ignore[attr-defined]
    return True


def is_told(session: Session) -> bool:
    """Wait for the page about the crash, and tell what it says and copies."""
    if not session.workbench.window.viewport.canvas.painted:
        return False
    (dialog,) = session.workbench.window.findChildren(RecoveryDialog)
    box = dialog.crash_box
    assert box is not None
    box.copy_button.click()
    generations = [dialog.generations.item(row).text() for row in range(dialog.generations.count())]
    copied = QApplication.clipboard().text()
    dialog.reject()
    session.report(cause=box.cause.text(), copied=copied, generations=generations)
    return True


def main() -> int:
    what = sys.argv[1]
    tiny = partial(shipped_engine, checkpoint=TINY_CHECKPOINT)
    if what == "no-model":
        return run(partial(shipped_engine, checkpoint=Path("/nowhere/model")), opens)
    if what.startswith("without-"):
        # As if the package were not installed.
        sys.modules[what.removeprefix("without-")] = None  # type: ignore[assignment]
        return run(tiny, generates)
    scripts = {
        "opens": opens,
        "generates": generates,
        "quits": quits_while_busy,
        "quits-hanging": quits_while_hanging,
        "quits-loading": quits_while_loading,
        "crashes": crashes,
        "is-told": is_told,
    }
    return run(tiny, scripts[what])


if __name__ == "__main__":
    sys.exit(main())
