"""Copied diagnostics say what a bug report needs, and nothing about the person's folders."""

from __future__ import annotations

import logging
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app import diagnostics
from app.application import Workbench
from app.error_hooks import start_logging
from app.settings import LOG_FILE


@pytest.fixture
def logged(tmp_path: Path) -> Path:
    """A log with a warning and an error that name the home folder, between lines that say nothing."""
    root = logging.getLogger()
    level, before = root.level, list(root.handlers)
    start_logging(tmp_path)
    log = logging.getLogger("app.test")
    for number in range(50):
        log.info("nothing %d", number)
    log.warning("a snapshot in %s is damaged", Path.home() / "chairs" / "mine.partsmith")
    log.error("job 3 failed")
    for handler in [known for known in root.handlers if known not in before]:
        handler.close()
        root.removeHandler(handler)
    root.setLevel(level)
    return tmp_path / LOG_FILE


def test_the_last_problems_are_found(logged: Path) -> None:
    problems = diagnostics.last_problems(logged)
    assert len(problems) == 2
    assert problems[0].endswith("is damaged")
    assert problems[1].endswith("job 3 failed")
    assert diagnostics.last_problems(logged.with_name("missing")) == []


def test_only_the_end_of_a_long_log_is_read(tmp_path: Path) -> None:
    file = tmp_path / LOG_FILE
    with file.open("w") as written:
        written.write("2026 ERROR main a: the first\n")
        written.write("2026 INFO main a: nothing\n" * 40_000)
        written.writelines(f"2026 ERROR main a: number {number}\n" for number in range(30))
    problems = diagnostics.last_problems(file)
    assert len(problems) == diagnostics.SHOWN
    assert problems[-1].endswith("number 29")


def test_the_home_folder_is_not_told(logged: Path) -> None:
    text = diagnostics.diagnostics(None, "the model is missing", logged)
    assert str(Path.home()) not in text
    assert str(Path("~/chairs/mine.partsmith")) in text
    assert "no model: the model is missing" in text


def test_before_there_is_an_application_the_display_is_not_asked(root: Path) -> None:
    program = "from app.diagnostics import _graphics; print(_graphics())"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert "no application" in done.stdout


def test_the_command_copies_them(workbench: Workbench) -> None:
    workbench.window.menus.actions["help.diagnostics"].trigger()
    text = QApplication.clipboard().text()
    assert f"torch {metadata.version('torch')}" in text
    assert "OpenGL: " in text
    assert "device: cpu" in text
    assert workbench.worker.info is not None
    assert f"model: {workbench.worker.info.checkpoint_id}" in text
    # The viewport's own context is as it was: it can still be drawn.
    assert workbench.window.viewport.canvas.picture((80, 60), 1).std() > 0
