"""The real window, driven through a whole session: ``python -m app.demo out``.

Generate, select by click, complete, move, mix, text edit, undo and redo, save, reopen, export, with the
shipped model on the worker's thread. Mouse and keys go through Qt like a person's. Pictures of each step, the
scene and a GLB are left in the folder; the exit code is 1 if any step did not do what it says.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app import theme
from app.application import NoDisplayError, Workbench, make_application, require_display
from app.engines import EngineLike, shipped_engine
from app.error_hooks import NO_DISPLAY
from app.panels.mix_page import MixPage
from app.panels.sampling_box import SamplingSettings
from app.settings import Settings
from core.edits.results import Candidates, Exported
from core.scene.selection import PartRef
from core.scene.shape import Shape

MODEL_SECONDS = 300.0
JOB_SECONDS = 600.0
FIRST_SEED = 40
COUNT = 2
GUIDANCE = 2.0
PROBE_STEP = 6
"""Distance of the pixels at which the demo looks for a part to click."""

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


class DemoError(Exception):
    """A step did not do what it should."""


class Demo:
    """One run of the session; each public method is a step of it."""

    def __init__(self, folder: Path, make_engine: Callable[[], EngineLike]) -> None:
        self.folder = folder
        self.bench = Workbench(Settings(), make_engine)
        self.window = self.bench.window
        self.document = self.bench.document
        self.editor = self.bench.editor
        self.viewport = self.window.viewport
        self._pictures = 0
        self._seed = FIRST_SEED
        self._candidates: list[Candidates] = []
        self._exported: list[Exported] = []
        self._errors: list[str] = []
        self.editor.candidates_arrived.connect(self._candidates.append)
        self.editor.message_posted.connect(self._on_message)
        self.bench.worker.job_finished.connect(self._on_job_finished)

    def _on_message(self, text: str, level: str) -> None:
        if level == "error":
            self._errors.append(text)

    def _on_job_finished(self, _job_id: int, result: object) -> None:
        if isinstance(result, Exported):
            self._exported.append(result)

    # --- hands and eyes -------------------------------------------------------------------------------

    def wait(self, done: Callable[[], bool], what: str, seconds: float = JOB_SECONDS) -> None:
        """Let the window live until something is so; an error message of the editor ends the demo."""
        until = time.monotonic() + seconds
        while not done():
            QTest.qWait(15)
            if self._errors:
                raise DemoError(self._errors[0])
            if time.monotonic() > until:
                raise DemoError(f"{what} did not happen within {seconds:.0f} s")

    def settle(self) -> None:
        """Wait until all surfaces are decoded and shown, and the camera stands still."""
        self.wait(lambda: not self.bench.worker.busy, "the end of all jobs")
        QTest.qWait(400)

    def picture(self, name: str) -> None:
        """Save what is on screen."""
        self._pictures += 1
        path = self.folder / f"{self._pictures:02d}-{name}.png"
        if not self.window.grab().save(str(path)):
            raise DemoError(f"{path} cannot be written")

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key in the viewport."""
        self.viewport.setFocus()
        QTest.keyClick(self.viewport.surface, key, modifiers)
        QTest.qWait(20)

    def click(self, widget: QWidget) -> None:
        """Click into the middle of a widget."""
        QTest.mouseClick(widget, LEFT)
        QTest.qWait(20)

    def pixel_of(self, shape: Shape, part_id: int) -> QPoint | None:
        """A pixel of the viewport in the middle of what is seen of a part, None if nothing is."""
        width, height = self.viewport.surface.width(), self.viewport.surface.height()
        ref = PartRef(shape.id, part_id)
        seen = [
            (x, y)
            for y in range(0, height, PROBE_STEP)
            for x in range(0, width, PROBE_STEP)
            if self.viewport.part_at(x, y) == ref
        ]
        return QPoint(*seen[len(seen) // 2]) if seen else None

    def click_part(self, shape: Shape, labels: tuple[str, ...]) -> int:
        """Click the first part in sight with one of the labels (else any); its id."""
        # Without a selection there is no gizmo that could be hit instead.
        self.key(Key.Key_Escape)
        wanted = sorted(
            shape.parts,
            key=lambda part: labels.index(part.label) if part.label in labels else len(labels),
        )
        for part in wanted:
            pixel = self.pixel_of(shape, part.id)
            if pixel is None:
                continue
            QTest.mouseMove(self.viewport.surface, pixel)
            QTest.qWait(60)
            QTest.mouseClick(self.viewport.surface, LEFT, pos=pixel)
            QTest.qWait(60)
            if self.document.selection.of_shape(shape.id) == (part.id,):
                return part.id
            raise DemoError(f"a click on {part.name} selected {self.document.selection}")
        raise DemoError(f"no part of {shape.name} is in sight")

    def candidates(self, start: Callable[[], object], what: str) -> Candidates:
        """Start a sampled edit, with the demo's own seed, and wait for its candidates."""
        self._seed += 1
        settings = SamplingSettings(seed=self._seed, count=COUNT, steps=0, guidance=GUIDANCE)
        self.window.edit_panel.sampling.set_settings(settings)
        known = len(self._candidates)
        start()
        if not self.bench.worker.busy:
            raise DemoError(f"{what} did not start: {self.window.message.text()}")
        self.wait(lambda: len(self._candidates) > known, what)
        QTest.qWait(60)
        return self._candidates[-1]

    def accept(self, candidates: Candidates, number: int = 1) -> None:
        """Look at a candidate in the gallery and click it."""
        group = self.window.gallery.group_of(candidates.request)
        if group is None:
            raise DemoError("the gallery does not show the candidates")
        tile = group.tiles[min(number, len(group.tiles)) - 1]
        self.window.gallery.strip.ensureWidgetVisible(tile)
        steps = self.document.stack.index()
        QTest.mouseMove(tile, QPoint(20, 20))
        QTest.qWait(60)
        QTest.mouseClick(tile, LEFT)
        self.require(self.document.stack.index() == steps + 1, "accepting is one undo step")
        self.settle()

    def require(self, so: bool, what: str) -> None:
        """Stop the demo with a sentence if something is not so."""
        if not so:
            raise DemoError(f"not so: {what}")

    def shape(self, index: int = 0) -> Shape:
        return self.document.scene.shapes[index]

    # --- the session ----------------------------------------------------------------------------------

    def open_window(self) -> None:
        """The window is up before the model is."""
        self.window.show()
        self.window.activateWindow()
        self.wait(lambda: self.viewport.canvas.painted, "the first paint", 60)
        self.wait(self.window.isActiveWindow, "keys going to the window", 60)
        self.require("torch" not in sys.modules, "the window is up before torch is loaded")
        self.picture("empty")

    def load_model(self) -> None:
        self.bench.worker.start()
        self.wait(lambda: self.bench.worker.info is not None, "loading the model", MODEL_SECONDS)

    def generate(self) -> None:
        """Chairs from words, offered in the gallery; the first one is accepted."""
        self.window.edit_panel.show_page("generate", focus=True)
        QTest.keyClicks(self.window.focusWidget(), "a chair with a solid back and four legs")
        found = self.candidates(lambda: self.click(self.window.edit_panel.run_button), "generating")
        self.require(len(self.document.scene) == 0, "candidates change nothing")
        self.picture("candidates")
        self.accept(found)
        self.require(len(self.document.scene) == 1, "the accepted chair is in the scene")
        self.key(Key.Key_Home)
        self.settle()
        self.picture("generated")

    def complete(self) -> None:
        """Click the back and have others proposed; everything else stays as it is, bit for bit."""
        base = self.shape()
        part_id = self.click_part(base, ("back", "arm", "leg"))
        self.picture("selected")
        targets = self.editor.target_parts(base)
        found = self.candidates(lambda: self.key(Key.Key_R, CONTROL), "completing")
        self.accept(found, 2)
        kept = [known for known in base.part_ids if known not in targets]
        for known in kept:
            before, after = base.row(known), self.shape().row(known)
            same = (base.extrinsics[before] == self.shape().extrinsics[after]).all()
            same &= (base.intrinsics[before] == self.shape().intrinsics[after]).all()
            self.require(bool(same), f"part {known} is untouched when {part_id} is completed")
        self.picture("completed")

    def move(self) -> None:
        """Move the selected parts up with keys, the surface following; one undo step."""
        steps, scene = self.document.stack.index(), self.document.scene
        frames: list[object] = []
        self.editor.drag_mesh_changed.connect(lambda _, mesh, __: frames.append(mesh))
        middle = self.viewport.surface.rect().center()
        QTest.mouseMove(self.viewport.surface, middle)
        QTest.qWait(60)
        self.key(Key.Key_G)
        self.key(Key.Key_Y)
        for step in range(1, 9):
            QTest.mouseMove(self.viewport.surface, middle - QPoint(0, 4 * step))
            QTest.qWait(60)
        self.wait(lambda: any(mesh is not None for mesh in frames), "a surface that follows the drag")
        self.require(self.document.scene is scene, "a drag writes nothing")
        self.picture("dragging")
        self.key(Key.Key_Return)
        self.require(self.document.stack.index() == steps + 1, "a drag is one undo step")
        self.settle()
        self.key(Key.Key_Z, CONTROL)
        self.settle()

    def mix(self) -> None:
        """A second chair, and parts of it in the first one."""
        self.window.edit_panel.show_page("generate", focus=True)
        QTest.keyClick(self.window.focusWidget(), Key.Key_A, CONTROL)
        QTest.keyClicks(self.window.focusWidget(), "an office chair with round arms and wheels")
        self.accept(self.candidates(lambda: self.click(self.window.edit_panel.run_button), "generating"))
        self.picture("two-shapes")
        target, source = self.shape(0), self.shape(1)
        self.click_part(target, ("leg", "base", "seat"))
        self.key(Key.Key_M, CONTROL)
        mix_page = self.window.edit_panel.page
        assert isinstance(mix_page, MixPage)
        labels = {part.label for part in source.parts}
        wanted = next((label for label in ("leg", "base", "arm") if label in labels), source.parts[0].label)
        for row, part in enumerate(source.parts):
            item = mix_page.part_list.item(row)
            item.setCheckState(Qt.CheckState.Checked if part.label == wanted else Qt.CheckState.Unchecked)
        QTest.qWait(300)
        self.picture("mix-source")
        found = self.candidates(lambda: self.click(self.window.edit_panel.run_button), "mixing")
        self.accept(found)
        self.picture("mixed")

    def text_edit(self) -> None:
        """Say in words what the back should become."""
        self.click_part(self.shape(0), ("back", "seat"))
        self.key(Key.Key_T, CONTROL)
        QTest.keyClicks(self.window.focusWidget(), "a back with vertical slats")
        found = self.candidates(lambda: self.click(self.window.edit_panel.run_button), "the text edit")
        self.picture("text-candidates")
        self.accept(found)
        self.picture("text-edited")

    def undo_and_redo(self) -> None:
        """Back to the start and forth again, to the very same values."""
        newest, steps = self.document.scene, self.document.stack.index()
        for _ in range(steps):
            self.key(Key.Key_Z, CONTROL)
        self.require(len(self.document.scene) == 0, "everything can be undone")
        for _ in range(steps):
            self.key(Key.Key_Z, CONTROL | SHIFT)
        self.require(self.document.scene is newest, "redo brings the same scene back")
        self.settle()

    def save_and_reopen(self) -> None:
        path = self.folder / "demo.partsmith"
        hashes = [shape.latent_hash for shape in self.document.scene]
        self.require(self.window.files.save_to(path), "the scene was saved")
        self.require(self.window.files.new_scene(), "a saved scene is left without a question")
        self.require(self.window.files.open_path(path), "the scene was opened")
        again = [shape.latent_hash for shape in self.document.scene]
        self.require(again == hashes, "what was opened is what was saved")
        self.key(Key.Key_Escape)
        self.settle()
        self.picture("reopened")

    def export(self) -> None:
        path = self.folder / "demo.glb"
        self.editor.export(path, 128)
        self.wait(lambda: bool(self._exported), "the export")
        self.require(path.stat().st_size > 0, "the GLB was written")
        self.require(self._exported[0].faces > 0, "the GLB has triangles")

    def look_around(self) -> None:
        """The other display modes, the light theme and the shortcut sheet."""
        for name in ("ellipsoids", "both"):
            self.key(Key.Key_Tab)
            self.settle()
            self.picture(name)
        self.key(Key.Key_Tab)
        self.window.set_theme("light")
        self.settle()
        self.picture("light")
        self.window.set_theme("dark")
        self.window.dialogs.show_shortcuts()
        QTest.qWait(100)
        sheet = self.window.dialogs.shortcut_sheet
        assert sheet is not None
        sheet.grab().save(str(self.folder / "shortcuts.png"))
        sheet.close()

    def close(self) -> None:
        """Give back the window and the thread."""
        self.document.stack.setClean()
        self.window.close()
        self.bench.close()

    def run(self) -> None:
        """All steps in order, with the seconds each took."""
        for step in (
            self.open_window,
            self.load_model,
            self.generate,
            self.complete,
            self.move,
            self.mix,
            self.text_edit,
            self.undo_and_redo,
            self.save_and_reopen,
            self.export,
            self.look_around,
        ):
            started = time.monotonic()
            step()
            print(f"{step.__name__.replace('_', ' '):20s} {time.monotonic() - started:6.1f} s", flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Run the demo; the process's exit code."""
    parser = argparse.ArgumentParser(prog="python -m app.demo", description="Drive the real window.")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("out"), help="where pictures go")
    parser.add_argument("--checkpoint", type=Path, help="checkpoint folder (default: the shipped model)")
    parser.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda"])
    options = parser.parse_args(arguments)
    try:
        require_display()
    except NoDisplayError as error:
        print(NO_DISPLAY.format(reason=error), file=sys.stderr, end="")
        return 1
    options.folder.mkdir(parents=True, exist_ok=True)
    app = make_application(sys.argv[:1], antialiasing="on")
    theme.apply_theme(app, True)
    demo = Demo(options.folder, partial(shipped_engine, options.device, options.checkpoint))
    try:
        demo.run()
    except DemoError as error:
        demo.picture("failed")
        print(f"The demo stopped: {error}", file=sys.stderr)
        return 1
    finally:
        demo.close()
    print(f"Pictures, demo.partsmith and demo.glb are in {options.folder}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
