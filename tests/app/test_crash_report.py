"""A process that died is told of at the next start, with a report that names nobody's folders."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import app.application
from app.application import Workbench
from app.crash_report import (
    KEPT,
    LOG_LINES,
    MAX_ERRORS,
    UNTRACED,
    Crash,
    CrashWatch,
    find_crashes,
    last_lines,
    mark_told,
    report,
)
from app.panels.recovery_dialog import RecoveryDialog
from app.settings import LOG_FILE

DIE = """
import faulthandler, os, sys
from pathlib import Path
from app.crash_report import CrashWatch
watch = CrashWatch(Path(sys.argv[1]))
watch.begin()
if sys.argv[2] == "error":
    watch.note("Traceback\\nValueError: broken\\n")
    watch.note("x" * 100_000)
if sys.argv[2] == "fault":
    faulthandler._sigsegv()
if sys.argv[2] == "end":
    watch.end()
print(os.getpid(), flush=True)
os._exit(9)
"""


def died(root: Path, folder: Path, how: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", DIE, str(folder), how],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_how_a_process_died_is_found(root: Path, tmp_path: Path) -> None:
    died(root, tmp_path, "fault")
    (crash,) = find_crashes(tmp_path)
    assert crash.traced
    assert crash.cause == "segmentation fault"
    text = report(crash, tmp_path / LOG_FILE)
    assert 'File "<string>", line 11 in <module>' in text
    assert "Last lines of its log:\nnone" in text
    mark_told(crash)
    died(root, tmp_path, "error")
    done = died(root, tmp_path, "kill")
    told, error, killed = find_crashes(tmp_path)
    assert told.told
    assert not error.told
    assert error.traced
    assert "ValueError: broken" in report(error, tmp_path / LOG_FILE)
    # An error that repeats does not fill the disk.
    assert len(error.errors) == MAX_ERRORS
    assert killed.process == int(done.stdout)
    assert not killed.traced
    assert killed.cause == UNTRACED


def test_a_process_that_ends_or_runs_is_no_crash(root: Path, tmp_path: Path) -> None:
    died(root, tmp_path, "end")
    assert list(tmp_path.iterdir()) == []
    held = subprocess.Popen(
        [sys.executable, "-c", DIE.replace("os._exit(9)", "sys.stdin.read()"), str(tmp_path), "run"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert held.stdout is not None
    held.stdout.readline()
    assert find_crashes(tmp_path) == []
    held.kill()
    held.communicate()
    assert len(find_crashes(tmp_path)) == 1


def test_without_a_disk_there_is_no_trace_and_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    watch = CrashWatch(tmp_path / "file")
    watch.begin()
    watch.note("nothing")
    watch.end()
    assert find_crashes(tmp_path / "file") == []


@pytest.mark.parametrize("broken", [b"", b"[" * 9999, b"null", b"\xff", b'{"time": 1e99}'])
def test_broken_facts_hide_no_crash(tmp_path: Path, broken: bytes) -> None:
    (tmp_path / "1-a").mkdir()
    (tmp_path / "1-a" / "begun.json").write_bytes(broken)
    (tmp_path / "1-a" / "fault.txt").write_text("Fatal Python error: Aborted\n")
    (crash,) = find_crashes(tmp_path)
    assert crash.cause == "aborted"
    assert "at an unknown time" in report(crash, tmp_path / LOG_FILE)


def test_told_crashes_are_forgotten_in_the_end(tmp_path: Path) -> None:
    for number in range(KEPT + 3):
        (tmp_path / f"{number}-a").mkdir()
        (tmp_path / f"{number}-a" / "begun.json").write_text(json.dumps({"process": number, "time": number}))
    for crash in find_crashes(tmp_path)[:-1]:
        mark_told(crash)
    left = find_crashes(tmp_path)
    assert [crash.process for crash in left] == list(range(2, KEPT + 3))
    assert not left[-1].told
    assert len(list(tmp_path.iterdir())) == len(left)


def test_the_report_has_the_own_lines_of_the_log_and_not_the_home_folder(tmp_path: Path) -> None:
    line = "2026-01-02 03:04:05,678 {} ERROR MainThread app.test: {}\n"
    old = [line.format(7, f"old {number}") for number in range(LOG_LINES)]
    (tmp_path / f"{LOG_FILE}.1").write_text("".join(old))
    home = Path.home() / "chairs" / "mine.partsmith"
    (tmp_path / LOG_FILE).write_text(
        line.format(8, "of another") + "  its traceback\n" + line.format(7, f"in {home}") + "  my traceback\n"
    )
    lines = last_lines(tmp_path / LOG_FILE, 7)
    assert len(lines) == LOG_LINES
    assert lines[-1] == "  my traceback"
    text = report(Crash(tmp_path, 7), tmp_path / LOG_FILE)
    assert "of another" not in text
    assert "its traceback" not in text
    assert str(Path("~/chairs/mine.partsmith")) in text
    assert str(Path.home()) not in text


@pytest.mark.gl
def test_a_crash_of_the_real_editor_is_told_at_the_next_start(root: Path, tmp_path: Path) -> None:
    def editor(what: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tests.reliability.windows", what],
            cwd=root,
            env={**os.environ, "PARTSMITH_CONFIG_DIR": str(tmp_path), "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=300,
        )

    first = editor("crashes")
    assert first.returncode == -11, first.stderr
    second = editor("is-told")
    assert second.returncode == 0, second.stderr
    said = json.loads(second.stdout.splitlines()[-1])
    assert said["cause"] == "Cause: segmentation fault"
    assert "about to die in ~" in said["copied"]
    assert str(tmp_path) not in said["copied"]
    assert len(said["generations"]) == 1
    assert said["generations"][0].startswith("Newest, less than a minute ago\n1 shape of 6 parts")
    # It ended as it should, and the crash is known.
    assert [crash.told for crash in find_crashes(tmp_path / app.application.CRASH_FOLDER)] == [True]


def crashed(folder: Path, fault: str = "") -> None:
    session = folder / "1-a"
    session.mkdir(parents=True)
    (session / "begun.json").write_text(json.dumps({"process": 1, "time": 1e9}))
    (session / "fault.txt").write_text(fault)


def test_a_crash_that_lost_nothing_is_told_once(workbench: Workbench, tmp_path: Path, qtbot: QtBot) -> None:
    workbench.recovery_folder = tmp_path / "recovery"
    workbench.recovery = app.application.Recovery(workbench.document, workbench.recovery_folder, workbench)
    workbench.crash_folder = tmp_path / "running"
    crashed(workbench.crash_folder, "Fatal Python error: Bus error\n")
    workbench.offer_recovery()
    (dialog,) = workbench.window.findChildren(RecoveryDialog)
    box = dialog.crash_box
    assert box is not None
    assert box.cause.text() == "Cause: bus error"
    assert dialog.recover_button.isHidden()
    QTest.mouseClick(box.show_button, Qt.MouseButton.LeftButton)
    assert "Fatal Python error: Bus error" in box.text.toPlainText()
    QTest.mouseClick(box.copy_button, Qt.MouseButton.LeftButton)
    assert "Cause: bus error" in QApplication.clipboard().text()
    QTest.mouseClick(dialog.later_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not workbench.window.findChildren(RecoveryDialog), timeout=20_000)
    workbench.offer_recovery()
    assert not workbench.window.findChildren(RecoveryDialog)
    # By its command it can be read again.
    workbench.window.menus.actions["help.recovery"].trigger()
    (dialog,) = workbench.window.findChildren(RecoveryDialog)
    dialog.reject()


def test_a_killed_editor_that_lost_nothing_is_one_message(workbench: Workbench, tmp_path: Path) -> None:
    workbench.recovery_folder = tmp_path / "recovery"
    workbench.recovery = app.application.Recovery(workbench.document, workbench.recovery_folder, workbench)
    workbench.crash_folder = tmp_path / "running"
    workbench.window.menus.actions["help.recovery"].trigger()
    assert "no unsaved work" in workbench.window.message.text()
    crashed(workbench.crash_folder)
    workbench.offer_recovery()
    assert not workbench.window.findChildren(RecoveryDialog)
    assert "Nothing was lost" in workbench.window.message.text()
    workbench.window.message.clear()
    workbench.offer_recovery()
    assert workbench.window.message.text() == ""
