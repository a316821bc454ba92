"""Starting: without torch, without a display, with errors that are logged and told."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import qWarning
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.error_hooks import ErrorHooks, start_logging
from app.settings import LOG_FILE
from app.viewport.graphics import probe

SHOW_A_WINDOW = """
import sys
from app.application import Workbench, make_application
from app.settings import Settings
app = make_application(sys.argv[:1])
workbench = Workbench(Settings())
workbench.window.show()
while not workbench.window.viewport.canvas.painted:
    app.processEvents()
heavy = {"torch", "diffusers", "transformers", "trimesh", "open3d", "skimage"} & set(sys.modules)
workbench.window.close()
workbench.close()
print("loaded:", sorted(heavy))
"""


def run_python(*arguments: str, root: Path, **environment: str | None) -> subprocess.CompletedProcess[str]:
    """A fresh process in the repository; None removes a variable."""
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])}
    for name, value in environment.items():
        variables.pop(name, None)
        if value is not None:
            variables[name] = value
    return subprocess.run(
        [sys.executable, *arguments], cwd=root, env=variables, capture_output=True, text=True, timeout=120
    )


@pytest.mark.gl
def test_the_window_is_up_before_torch_is_imported(root: Path) -> None:
    done = run_python("-c", SHOW_A_WINDOW, root=root)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "loaded: []"


@pytest.mark.parametrize("display", [None, ":987"])
def test_without_a_usable_display_it_says_so(root: Path, display: str | None, tmp_path: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("elsewhere there is always a display")
    done = run_python(
        "main.py",
        root=root,
        DISPLAY=display,
        WAYLAND_DISPLAY=None,
        QT_QPA_PLATFORM=None,
        PARTSMITH_CONFIG_DIR=str(tmp_path),
    )
    assert done.returncode == 1
    assert "cannot open a window" in done.stderr
    assert "xvfb-run" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_opengl_it_says_so(root: Path, tmp_path: Path) -> None:
    """Qt's own "offscreen" platform shows no windows and has no OpenGL when there is no X server."""
    done = run_python(
        "main.py",
        root=root,
        DISPLAY=None,
        WAYLAND_DISPLAY=None,
        QT_QPA_PLATFORM="offscreen",
        PARTSMITH_CONFIG_DIR=str(tmp_path),
    )
    assert done.returncode == 1
    assert "no OpenGL" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.gl
def test_the_opengl_of_this_display_is_described(qtbot: QtBot) -> None:
    graphics = probe()
    assert graphics.version >= (2, 1)
    assert graphics.renderer
    assert graphics.software == any(name in graphics.renderer.lower() for name in ("llvmpipe", "softpipe"))


def test_a_mistyped_command_is_told_and_no_window_opened(root: Path) -> None:
    done = run_python("main.py", "genrate", root=root)
    assert done.returncode == 2
    assert "genrate" in done.stderr


@pytest.fixture
def hooks(qtbot: QtBot, tmp_path: Path) -> Iterator[ErrorHooks]:
    logger = logging.getLogger()
    before, level = list(logger.handlers), logger.level
    python_hooks = sys.excepthook, threading.excepthook
    start_logging(tmp_path)
    hooks = ErrorHooks(tmp_path)
    hooks.install()
    yield hooks
    hooks.uninstall()
    sys.excepthook, threading.excepthook = python_hooks
    for handler in set(logger.handlers) - set(before):
        logger.removeHandler(handler)
        handler.close()
    logger.setLevel(level)


def test_errors_of_any_thread_are_logged_and_told_on_the_gui_thread(
    hooks: ErrorHooks, qtbot: QtBot, tmp_path: Path
) -> None:
    def fail() -> None:
        raise RuntimeError("broken in a thread")

    with qtbot.waitSignal(hooks.error_caught) as blocker:
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
    assert "broken in a thread" in blocker.args[0]
    assert LOG_FILE in blocker.args[0]
    with qtbot.waitSignal(hooks.error_caught):
        try:
            raise ValueError("broken here")
        except ValueError as error:
            sys.excepthook(ValueError, error, error.__traceback__)
    written = (tmp_path / LOG_FILE).read_text()
    assert "RuntimeError: broken in a thread" in written
    assert "ValueError: broken here" in written


def test_qt_messages_go_to_the_log(hooks: ErrorHooks, tmp_path: Path) -> None:
    qWarning("a plug-in is missing")
    assert "Qt: a plug-in is missing" in (tmp_path / LOG_FILE).read_text()


def test_calls_into_qt_do_not_eat_references(qtbot: QtBot) -> None:
    """PySide6 6.12.0 drops references to None, True and False, which Python 3.11 does not survive."""
    widget = QWidget()
    qtbot.addWidget(widget)
    before = sys.getrefcount(None)
    for _ in range(500):
        widget.update()
    assert sys.getrefcount(None) > before - 250
