"""More than forty steps by mouse and keys, from a cold start: ``python -m tests.e2e.forty_steps OUT``.

Every step is what a person does: type, press, click what is drawn. What she knows of each edit (which parts,
which numbers) is written down beside the scene in ``said.json``, for the same to be built from Python.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QSpinBox, QWidget

from app import theme
from app.application import make_application
from app.demo import CONTROL, LEFT, SHIFT, Demo, DemoError, Key
from app.document import ApplyEdit
from app.engines import EngineLike
from app.panels.mix_page import MixPage
from core.edits.results import Candidates
from core.scene.picking import prepared
from core.scene.selection import PartRef
from core.scene.shape import Shape
from tests.tiny import TINY_CHECKPOINT

RESOLUTION = 32
"""Of the surfaces by which candidates are judged: what the model makes is small."""
SHOWN = 48
"""Of the surfaces on screen; what is drawn is no part of a scene."""
STEPS = 2
NONE, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier


def small_engine() -> EngineLike:
    # Not before it is asked for: the window must be up before torch is loaded.
    from core.edits.engine import Engine

    return Engine(TINY_CHECKPOINT, "cpu", resolution=RESOLUTION)


class Person(Demo):
    """Hands on the window; counts steps and writes down edits."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, small_engine)
        self.editor.surfaces.resolution = SHOWN
        self.steps = 0
        self.said: list[list[object]] = []

    def say(self, *what: object) -> None:
        self.said.append(list(what))

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self.steps += 1
        self.key(key, modifiers)

    def strike(
        self, widget: QWidget, place: QPoint | None = None, modifiers: Qt.KeyboardModifier = NONE
    ) -> None:
        """Move the mouse there and click."""
        self.steps += 1
        place = place if place is not None else widget.rect().center()
        QTest.mouseMove(widget, place)
        QTest.qWait(30)
        QTest.mouseClick(widget, LEFT, modifiers, place)
        QTest.qWait(30)

    def write(self, field: QLineEdit | QWidget, text: str) -> None:
        """Click into a field, select all of it and type."""
        self.strike(field)
        QTest.keyClick(field, Key.Key_A, CONTROL)
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Key.Key_Tab)
        QTest.qWait(20)

    def set_number(self, spin: QSpinBox, number: int) -> None:
        field = spin.lineEdit()
        self.write(field, str(number))
        self.require(spin.value() == number, f"{spin.accessibleName()} is {number}")

    def seed(self, number: int) -> None:
        self.write(self.window.edit_panel.sampling.seed_edit, str(number))

    def pixel(self, shape: Shape, part_id: int) -> QPoint | None:
        """A pixel that shows a part, found by trying points of its surface."""
        mesh = self.editor.mesh_of(shape)
        if mesh is None:
            return None
        points = prepared(mesh).points(shape.row(part_id))
        if not len(points):
            return None
        for x, y in self.viewport.project(points + np.asarray(shape.position))[::7]:
            place = QPoint(round(x), round(y))
            inside = self.viewport.surface.rect().adjusted(60, 60, -60, -60).contains(place)
            if inside and self.viewport.part_at(place.x(), place.y()) == PartRef(shape.id, part_id):
                return place
        return None

    def pick(self, shape_id: str, avoid: tuple[int, ...] = (), adds: bool = False) -> int:
        """Click a part in sight (with Shift: one more); its id."""
        shape = self.document.scene.shape(shape_id)
        if not adds:
            self.key(Key.Key_Escape)
        # A person clicks when the surface stands still.
        self.settle()
        for part_id in shape.part_ids:
            place = None if part_id in avoid else self.pixel(shape, part_id)
            if place is None:
                continue
            before = self.document.selection.of_shape(shape_id) if adds else ()
            self.strike(self.viewport.surface, place, SHIFT if adds else NONE)
            now = set(self.document.selection.of_shape(shape_id))
            self.require(now == {*before, part_id}, f"a click on part {part_id} selects it, not {now}")
            return part_id
        raise DemoError(f"no part of {shape.name} is in sight")

    def wait_for(self, known: int) -> Candidates:
        self.wait(lambda: len(self._candidates) > known, "candidates")
        QTest.qWait(100)
        return self._candidates[-1]

    def take(self, found: Candidates, number: int) -> None:
        """Hover a candidate, then click it."""
        group = self.window.gallery.group_of(found.request)
        assert group is not None
        tile = group.tiles[number - 1]
        self.window.gallery.strip.ensureWidgetVisible(tile)
        QTest.qWait(50)
        steps = self.document.stack.index()
        self.strike(tile)
        self.require(self.document.stack.index() == steps + 1, "accepting is one undo step")
        self.say("accept", number)
        self.settle()

    def menu(self, name: str, command: str) -> None:
        """Click a menu, then its entry."""
        bar = self.window.menuBar()
        title = next(action for action in bar.actions() if action.text() == name)
        self.strike(bar, bar.actionGeometry(title).center())
        self.wait(lambda: QApplication.activePopupWidget() is not None, "the menu")
        menu = QApplication.activePopupWidget()
        assert menu is not None
        self.strike(menu, menu.actionGeometry(self.window.menus.actions[command]).center())  # type: ignore[attr-defined]

    def typed_transform(self, key: Qt.Key, axis: Qt.Key, number: str) -> None:
        """A letter for the way, an axis, a number, Enter."""
        QTest.mouseMove(self.viewport.surface, self.viewport.surface.rect().center())
        QTest.qWait(60)
        steps = self.document.stack.index()
        self.press(key)
        self.press(axis)
        QTest.keyClicks(self.viewport.surface, number)
        self.press(Key.Key_Return)
        self.require(self.document.stack.index() == steps + 1, f"{number} is one undo step")
        self.settle()

    # --- the session ----------------------------------------------------------------------------------

    def first_chair(self) -> None:
        self.strike(self.window.edit_panel.tabs["generate"])
        self.window.edit_panel.show_page("generate", focus=True)
        QTest.keyClicks(self.window.focusWidget(), "a chair")
        self.steps += 1
        sampling = self.window.edit_panel.sampling
        self.seed(21)
        self.set_number(sampling.count_spin, 2)
        self.set_number(sampling.steps_spin, STEPS)
        known = len(self._candidates)
        self.strike(self.window.edit_panel.run_button)
        self.say("generate", "a chair", 21, 2)
        self.take(self.wait_for(known), 2)
        self.press(Key.Key_Home)
        self.settle()

    def edit_parts(self) -> None:
        """Vary one with its twin, move, turn and size by typed numbers."""
        part = self.pick("s1")
        self.strike(self.window.edit_panel.tabs["vary"])
        self.seed(31)
        known = len(self._candidates)
        self.press(Key.Key_V)
        self.say("vary", "s1", [part], 31, 2)
        self.take(self.wait_for(known), 1)
        part = self.pick("s1", avoid=(part,))
        other = self.pick("s1", avoid=(part,), adds=True)
        self.typed_transform(Key.Key_G, Key.Key_Y, "0.1")
        self.say("move", "s1", sorted({part, other}), [0.0, 0.1, 0.0])
        part = self.pick("s1")
        self.typed_transform(Key.Key_G, Key.Key_X, "-0.05")
        self.say("move", "s1", [part], [-0.05, 0.0, 0.0])
        self.pick("s1")
        self.typed_transform(Key.Key_R, Key.Key_Y, "20")
        step = self.document.stack.command(self.document.stack.index() - 1)
        assert isinstance(step, ApplyEdit)
        self.say(step.calls[0].method, *step.calls[0].arguments)

    def by_hand(self) -> None:
        """Mirror, duplicate, delete, take back, hide, lock."""
        part = self.pick("s1")
        self.press(Key.Key_D, CONTROL)
        self.say("duplicate", "s1", [part])
        part = self.pick("s1")
        self.press(Key.Key_T)
        self.press(Key.Key_X)
        self.press(Key.Key_Z, CONTROL)
        self.press(Key.Key_Z, CONTROL | SHIFT)
        self.say("delete", "s1", [part])
        self.settle()
        part = self.pick("s1")
        steps = self.document.stack.index()
        self.press(Key.Key_M)
        if self.document.stack.index() > steps:  # a part on the mirror plane is refused
            self.say("mirror", "s1", [part])
        self.settle()
        part = self.pick("s1")
        self.press(Key.Key_L)
        self.press(Key.Key_L)
        self.press(Key.Key_H)
        self.press(Key.Key_H, ALT)
        self.say("flags", "s1", part)
        self.settle()

    def second_chair(self) -> None:
        """Generated with a key, mixed into the first one."""
        self.strike(self.window.edit_panel.tabs["generate"])
        self.seed(41)
        known = len(self._candidates)
        self.press(Key.Key_G, CONTROL)
        self.say("generate", "a chair", 41, 2)
        self.take(self.wait_for(known), 1)
        self.press(Key.Key_Home)
        self.settle()
        self.pick("s1")
        self.press(Key.Key_M, CONTROL)
        page = self.window.edit_panel.page
        assert isinstance(page, MixPage)
        self.strike(page.none_button)
        source = self.document.scene.shape("s2")
        item = page.part_list.item(3)
        box = page.part_list.visualItemRect(item)
        self.strike(page.part_list.viewport(), QPoint(box.left() + 12, box.center().y()))
        if item.checkState() != Qt.CheckState.Checked:
            self.press(Key.Key_Escape)
            raise DemoError("the click does not tick the part")
        self.seed(51)
        known = len(self._candidates)
        self.strike(self.window.edit_panel.run_button)
        found = self.wait_for(known)
        # Its twin is ticked with it; the strength is what the slider can be set to.
        taken = self.editor.with_twins(source, [source.parts[3].id])
        self.say("mix", "s1", "s2", list(taken), page.strength.strength, 51, 2)
        self.take(found, 2)

    def words(self) -> None:
        """A text edit of a clicked part, refining, swapping by the menu."""
        part = self.pick("s1")
        self.press(Key.Key_T, CONTROL)
        QTest.keyClicks(self.window.focusWidget(), "round")
        self.steps += 1
        self.seed(61)
        known = len(self._candidates)
        self.strike(self.window.edit_panel.run_button)
        self.say("text_edit", "s1", "round", [part], 61, 2)
        self.take(self.wait_for(known), 1)
        self.key(Key.Key_Escape)
        self.strike(self.window.edit_panel.tabs["refine"])
        self.seed(71)
        known = len(self._candidates)
        self.press(Key.Key_R, CONTROL | SHIFT)
        self.say("refine", "s1", 71, 2)
        self.take(self.wait_for(known), 1)
        mine = self.pick("s1")
        theirs = self.pick("s2", adds=True)
        self.menu("Edit", "edit.swap")
        self.say("swap", "s1", [mine], "s2", [theirs])
        self.settle()

    def look(self) -> None:
        """Ways to look change nothing."""
        scene = self.document.scene
        for key, modifiers in (
            (Key.Key_Tab, NONE), (Key.Key_5, NONE), (Key.Key_7, NONE), (Key.Key_Left, ALT),
            (Key.Key_E, SHIFT), (Key.Key_E, SHIFT), (Key.Key_5, NONE), (Key.Key_A, CONTROL),
            (Key.Key_Escape, NONE),
        ):  # fmt: skip
            self.press(key, modifiers)
        self.require(self.document.scene is scene, "looking changes nothing")

    def there_and_back(self) -> None:
        """Undo everything and redo it, one key press each."""
        newest, count = self.document.scene, self.document.stack.index()
        for _ in range(count):
            self.press(Key.Key_Z, CONTROL)
        self.require(len(self.document.scene) == 0, "everything can be undone")
        for _ in range(count):
            self.press(Key.Key_Z, CONTROL | SHIFT)
        self.require(self.document.scene is newest, "redo brings the same scene back")
        self.settle()

    def save(self) -> None:
        path = self.folder / "session.partsmith"
        # The system's dialog for files belongs to the system: its answer is given.
        QFileDialog.getSaveFileName = lambda *_, **__: (str(path), "")  # type: ignore[method-assign, assignment]
        self.press(Key.Key_S, CONTROL)
        self.wait(path.exists, "the file", 60)
        self.press(Key.Key_C, CONTROL | SHIFT)
        script = QApplication.clipboard().text()
        (self.folder / "said.json").write_text(
            json.dumps({"steps": self.steps, "said": self.said, "script": script}), encoding="utf-8"
        )

    def run(self) -> None:
        for step in (
            self.open_window, self.load_model, self.first_chair, self.edit_parts, self.by_hand,
            self.second_chair, self.words, self.look, self.there_and_back, self.save,
        ):  # fmt: skip
            started = time.monotonic()
            step()
            print(f"{step.__name__:16s} {time.monotonic() - started:6.1f} s", flush=True)


def main() -> int:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    app = make_application(sys.argv[:1], antialiasing="on")
    theme.apply_theme(app, True)
    person = Person(folder)
    try:
        person.run()
    except DemoError as error:
        person.picture("failed")
        print(f"stopped: {error}", file=sys.stderr)
        return 1
    finally:
        person.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
