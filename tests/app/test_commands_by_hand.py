"""Every command of the table, carried out as a person does: with each of its keys, and in its menu by mouse.

The table of what is covered is the table of commands itself, so a new command is covered, or the test fails.
Something that a person sees must be different afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDesktopServices, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from app.application import Workbench
from app.clipboard import copy_parts
from app.commands import COMMANDS, Command
from app.settings import Settings
from app.viewport.camera_turn import ONE_STEP
from core.scene.scene import Scene
from core.scene.selection import PartRef, Selection
from tests.app.numpy_engine import NumpyEngine, make_shape, with_original
from tests.app.test_commands import CHANGES_SCENE

NEEDS_JOBS = {"create.cancel", "create.cancel_waiting"}
CHANGES_NOTHING_HERE = {
    "create.device_auto",  # it is the best device already
    "view.navigation_default",
    "view.display_surface",
}
"""Commands that choose what is chosen already; that they were carried out is all there is to see."""
ONCE = {
    "Shift+B": "select.lasso",
    "C": "select.paint",
    "Shift+E": "view.explode",
    "Alt+Left": "view.go_back",
    "Alt+Right": "view.go_forward",
    "Ctrl+Shift+.": "create.cancel_waiting",
    "Ctrl+Shift+C": "edit.copy_python",
}
"""Keys with a promise of their own."""

LEFT = Qt.MouseButton.LeftButton


def ways() -> Iterator[tuple[str, str]]:
    """(command, key), the key "menu" for the mouse."""
    for command in COMMANDS:
        for key in (command.shortcut, *command.other_shortcuts):
            if key:
                yield command.id, key
        yield command.id, "menu"


WAYS = list(ways())


class Hands:
    """A window, what it asked and what was carried out in it."""

    def __init__(self, workbench: Workbench, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
        self.bench, self.window, self.qtbot = workbench, workbench.window, qtbot
        self.asked: list[str] = []
        self.done: list[str] = []
        self.errors: list[str] = []
        ask = self.asked.append
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (ask("open"), ("", ""))[1])
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (ask("save"), ("", ""))[1])
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: (ask("folder"), "")[1])
        monkeypatch.setattr(QMessageBox, "exec", lambda _: QMessageBox.StandardButton.Discard)
        monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: ask(url.toString()))
        workbench.editor.message_posted.connect(self._on_message_posted)
        for action in self.window.menus.actions.values():
            action.triggered.connect(lambda _=False, name=action.command.id: self.done.append(name))

    def _on_message_posted(self, text: str, level: str) -> None:
        if level == "error":
            self.errors.append(text)

    def prepare(self, command_id: str) -> None:
        """Two chairs, a leg selected, something to undo; what some commands need beside that."""
        window, document, editor = self.window, self.bench.document, self.bench.editor
        document._load(Scene((with_original(make_shape(), "chair.obj"),)), None)
        editor.duplicate_shape("s1")
        editor.rename_shape("s1", "Throne")
        window.show_edit("generate", focus=False)
        window.message.clear()
        window.viewport.set_view("top" if command_id in ("view.home", "view.front") else "home")
        # From a menu a tool only changes its handles, so they must be others before.
        window.viewport.tools.mode = "rotate" if command_id == "edit.move" else "move"
        if command_id == "edit.redo":
            document.stack.undo()
        if command_id in ("create.more_like", "create.replay", "view.side_by_side"):
            editor.vary(parts=[1], count=2)
            group = window.gallery.groups[0]
            editor.look_at(group.tiles[0].candidate, group.request)
        if command_id in ("view.go_back", "view.go_forward"):
            window.viewport.set_view("top")
            if command_id == "view.go_forward":
                window.viewport.go_back()
        if command_id == "view.show_all":
            editor.set_shape_visible("s2", False)
        if command_id == "view.frame":
            window.viewport.camera = window.viewport.camera.panned(150, 80, window.viewport.view_size)
        if command_id in ("edit.ungroup", "select.group"):
            document.set_selection(Selection(frozenset({PartRef("s1", 2), PartRef("s1", 3)}), "s1"))
            editor.group_selection()
        refs = {PartRef("s1", 2)} | ({PartRef("s2", 2)} if command_id == "edit.swap" else set())
        document.set_selection(Selection(frozenset(refs), "s1"))
        window.activateWindow()
        window.viewport.setFocus()
        QApplication.clipboard().clear()
        if command_id.startswith("edit.paste"):
            copy_parts(editor)
        # Where a person's mouse is when she presses a key: over what the key is about.
        QTest.mouseMove(window.viewport.surface, window.viewport.surface.rect().center())
        QApplication.processEvents()
        for made in (self.asked, self.done, self.errors):
            made.clear()

    def state(self) -> dict[str, object]:
        """What a person could see of the window."""
        window, document, viewport = self.window, self.bench.document, self.window.viewport
        dialogs = [type(d).__name__ for d in window.findChildren(QDialog) if d.isVisible()]
        return {
            "scene": id(document.scene),
            "path": document.path,
            "selection": document.selection,
            "camera": viewport.camera,
            "projection": viewport.projection,
            "display": viewport.display,
            "tool": (viewport.tools.name, viewport.tools.mode),
            "exploded": viewport.explode_bar.isHidden(),
            "comparing": window.originals.comparing,
            "jobs": window.jobs.list.isVisible(),
            "tour": window.first_steps.tour.running,
            "theme": window.settings.theme,
            "navigation": window.settings.navigation,
            "device": window.settings.device,
            "twins": self.bench.editor.twins_enabled,
            "page": type(window.edit_panel.page).__name__,
            "groups": [id(group) for group in window.gallery.groups],
            "dialogs": sorted(dialogs),
            "asked": list(self.asked),
            "message": window.message.text(),
            "clipboard": QApplication.clipboard().text(),
            "visible": window.isVisible(),
            "checked": [name for name, action in window.menus.actions.items() if action.isChecked()],
        }

    def press(self, key: str) -> None:
        """A key, where the keyboard is."""
        QTest.keySequence(QApplication.focusWidget() or self.window, QKeySequence(key))

    def choose(self, command: Command) -> None:
        """Open the menu by a click on the bar and click the entry."""
        bar = self.window.menuBar()
        title = next(action for action in bar.actions() if action.text() == command.menu)
        QTest.mouseClick(bar, LEFT, pos=bar.actionGeometry(title).center())
        self.qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu), timeout=10_000)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        place: QPoint = menu.actionGeometry(self.window.menus.actions[command.id]).center()
        QTest.mouseMove(menu, place)
        QTest.mouseClick(menu, LEFT, pos=place)

    def tidy(self) -> None:
        """Close what has opened."""
        self.window.viewport.cancel_tool()
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        for dialog in self.window.findChildren(QDialog):
            dialog.close()
        self.window.first_steps.tour.end()
        self.window.blending.cancel()
        self.window.replaying.close()
        if self.window.originals.comparing:
            self.window.originals.toggle_comparison()
        if not self.window.viewport.explode_bar.isHidden():
            self.window.viewport.explode_bar.toggle()
        self.qtbot.waitUntil(
            lambda: not any(dialog.isVisible() for dialog in self.window.findChildren(QDialog)),
            timeout=10_000,
        )


@pytest.fixture
def hands(workbench: Workbench, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Hands:
    return Hands(workbench, monkeypatch, qtbot)


def carry_out(hands: Hands, command: Command, way: str) -> None:
    """Do one command in one way; it alone must be carried out, and something must be seen of it."""
    hands.prepare(command.id)
    before = hands.state()
    if way == "menu":
        hands.choose(command)
    else:
        hands.press(way)
    hands.qtbot.waitUntil(lambda: bool(hands.done), timeout=10_000)
    QApplication.processEvents()
    assert hands.done == [command.id], (command.id, way)
    assert hands.errors == [], (command.id, way)
    after = hands.state()
    changed = sorted(name for name in before if before[name] != after[name])
    assert changed or command.id in CHANGES_NOTHING_HERE, (command.id, way)
    assert ("scene" in changed) == (command.id in {*CHANGES_SCENE, "view.show_all"}), (command.id, way)
    hands.tidy()


@pytest.mark.gl
@pytest.mark.parametrize("menu", sorted({command.menu for command in COMMANDS}))
def test_every_command_of_a_menu_by_key_and_by_mouse(hands: Hands, menu: str) -> None:
    table = {command.id: command for command in COMMANDS}
    for command_id, way in WAYS:
        command = table[command_id]
        if command.menu == menu and command_id not in {*NEEDS_JOBS, "file.quit"}:
            carry_out(hands, command, way)


@pytest.mark.gl
@pytest.mark.parametrize("way", [way for command, way in WAYS if command == "file.quit"])
def test_quit(hands: Hands, way: str) -> None:
    carry_out(hands, next(command for command in COMMANDS if command.id == "file.quit"), way)
    assert not hands.window.isVisible()


@pytest.mark.gl
@pytest.mark.parametrize(("command_id", "way"), [pair for pair in WAYS if pair[0] in NEEDS_JOBS])
def test_jobs_are_cancelled(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command_id: str, way: str
) -> None:
    """With a running job and a waiting one, on the worker's thread."""
    engine = NumpyEngine()
    workbench = Workbench(Settings.load(tmp_path / "settings"), lambda: engine)
    hands = Hands(workbench, monkeypatch, qtbot)
    try:
        with qtbot.waitExposed(workbench.window):
            workbench.window.show()
        workbench.worker.start()
        qtbot.waitUntil(lambda: workbench.worker.info is not None, timeout=20_000)
        workbench.window.activateWindow()
        workbench.window.viewport.setFocus()
        qtbot.waitUntil(lambda: QApplication.focusWidget() is not None, timeout=20_000)
        engine.gate.clear()
        workbench.editor.generate(seed=1)
        qtbot.waitUntil(lambda: bool(engine.requests), timeout=20_000)
        workbench.editor.generate(seed=2)
        assert len(workbench.worker.waiting) == 1
        hands.done.clear()
        if way == "menu":
            hands.choose(next(command for command in COMMANDS if command.id == command_id))
        else:
            hands.press(way)
        qtbot.waitUntil(lambda: hands.done == [command_id], timeout=20_000)
        qtbot.waitUntil(lambda: not workbench.worker.waiting, timeout=20_000)
        # One of them leaves the running job alone.
        assert workbench.worker.busy or command_id == "create.cancel"
        if command_id == "create.cancel":
            qtbot.waitUntil(lambda: not workbench.worker.busy, timeout=20_000)
        engine.gate.set()
        qtbot.waitUntil(lambda: not workbench.worker.busy, timeout=20_000)
        assert bool(workbench.window.gallery.groups) == (command_id == "create.cancel_waiting")
    finally:
        engine.gate.set()
        workbench.document.stack.setClean()
        workbench.window.close()
        workbench.close()


def test_the_keys_with_a_promise_are_those_of_the_table() -> None:
    assert {pair for pair in WAYS if pair[1] in ONCE} == {(name, key) for key, name in ONCE.items()}


@pytest.mark.gl
def test_keys_of_selecting_and_looking_do_what_they_say(hands: Hands) -> None:
    viewport, document = hands.window.viewport, hands.bench.document
    expected: dict[str, Callable[[], bool]] = {
        "Shift+B": lambda: viewport.tools.name == "lasso",
        "C": lambda: viewport.tools.name == "paint",
        "Shift+E": lambda: not viewport.explode_bar.isHidden(),
    }
    for key, so in expected.items():
        hands.prepare("")
        assert not so(), key
        hands.press(key)
        assert so(), key
        hands.tidy()
    hands.prepare("")
    # Movements in quick succession are one to go back from.
    QTest.qWait(ONE_STEP + 200)
    first = viewport.camera
    hands.press("7")
    top = viewport.camera
    assert top != first
    hands.press("Alt+Left")
    assert viewport.camera == first
    hands.press("Alt+Right")
    assert viewport.camera == top
    # A lasso by real presses around everything selects everything that can be.
    document.set_selection(document.selection.cleared())
    hands.press("Shift+B")
    surface: QWidget = viewport.surface
    corners = [(4, 4), (4, -4), (-4, -4), (-4, 4), (4, 4)]
    places = [QPoint(x % surface.width(), y % surface.height()) for x, y in corners]
    QTest.mouseMove(surface, places[0])
    QTest.mousePress(surface, LEFT, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(surface, place)
        QTest.qWait(30)
    QTest.mouseRelease(surface, LEFT, pos=places[-1])
    assert len(document.selection.parts) == 12
