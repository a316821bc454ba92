"""The editor under random hands, in a process of its own (see `tests.reliability.monkey`).

Says every step before it is taken, so that a crash or a hang is known by its step; the last line is a report.
"""

from __future__ import annotations

import faulthandler
import json
import logging
import os
import random
import resource
import shutil
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QThread, QTimer, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from app import application
from app.application import Workbench
from app.engines import EngineLike
from app.theme import RESOURCES
from core.edits.results import Candidates
from core.meshing.export import write_mesh
from core.scene.scene import Scene
from core.scene.storage import write_scene
from tests.app.numpy_engine import make_mesh, make_shape
from tests.reliability.monkey_hands import Hands
from tests.reliability.windows import LoggedErrors
from tests.tiny import TINY_CHECKPOINT

PAUSE = 4
"""Milliseconds between two things."""
WARM_UP = 0.4
"""Share of the time until memory is watched: pools, caches and libraries fill up first."""
RESOLUTION = 32
MESHES = 16 * 2**20
"""Bytes of surfaces that are kept."""
PATIENCE = 300.0
"""Seconds that loading, and ending all jobs, may take."""
EXPECTED = ("CUDA", "No GPU", "occurs outside target window")
"""Errors that are right: a GPU that is not there can be chosen in the menu, and drags leave the window."""
SUFFIXES = (".obj", ".ply", ".stl", ".glb", ".3mf")


def say(**facts: object) -> None:
    print(json.dumps(facts), flush=True)


class Monkey(QObject):
    """Waits for the model, lets the hands loose, then closes everything and looks at what is left."""

    def __init__(self, workbench: Workbench, seed: int, seconds: float, folder: Path) -> None:
        super().__init__(workbench)
        self._workbench, self._seconds, self._folder = workbench, seconds, folder
        self._rng = random.Random(seed)
        self._logged = LoggedErrors()
        logging.getLogger().addHandler(self._logged)
        self._files = odd_files(folder)
        self._hands = Hands(workbench, self._rng, self._files)
        self._began = time.monotonic()
        self._last = self._began
        self._gap = 0.0
        self._steps = 0
        self._acting = 0
        self._most_shapes = 0
        self._memory: list[tuple[float, float]] = []
        self._before: dict[str, int] = {}
        # Full soon: what memory grows by then is no cache that fills up.
        workbench.editor.surfaces.meshes.max_bytes = MESHES
        workbench.editor.candidates_arrived.connect(self._on_candidates)
        self._next = self._load
        self._again()

    def _again(self, milliseconds: int = PAUSE) -> None:
        # Asked for before anything is done: a dialog that waits inside a step does not end the session.
        QTimer.singleShot(milliseconds, self, self._on_due)

    @Slot()
    def _on_due(self) -> None:
        try:
            self._next()
        except Exception:
            # Errors of the editor end in its own hooks; this one is of the session itself, and ends it.
            traceback.print_exc()
            os._exit(5)

    @Slot(object)
    def _on_candidates(self, candidates: Candidates) -> None:
        path = self._folder / "made.partsmith"
        if not path.exists():
            shapes = [item.shape for item in candidates.items]
            write_scene(Scene(tuple(shape for shape in shapes[:1])), path)
            self._files += [path] * 4

    # --- three times of the session -----------------------------------------------------------------

    def _load(self) -> None:
        self._again(50)
        bench = self._workbench
        if time.monotonic() - self._began > PATIENCE:
            self._leave("the model did not load")
        elif bench.window.viewport.canvas.painted and bench.worker.info and not bench.worker.busy:
            if not self._before:
                # Made once, when first asked for, and kept; its charts bring a hundred menus of their own.
                bench.window.dialogs.show_training()
                bench.window.dialogs.close()
                self._before = self._left()
                bench.editor.generate(steps=4, count=2)
                return
            self._began = self._last = time.monotonic()
            self._next = self._live

    def _live(self) -> None:
        now = time.monotonic()
        if now - self._began > self._seconds:
            self._next = self._end
            self._began = now
            self._again(50)
            return
        self._again()
        self._gap = max(self._gap, now - self._last)
        self._most_shapes = max(self._most_shapes, len(self._workbench.document.scene))
        if self._steps % 50 == 0:
            self._memory.append((now - self._began, memory()))
        if self._acting >= QThread.currentThread().loopLevel():
            return  # in the middle of another thing, which only lets the window breathe: nobody has two mice
        self._steps += 1
        step = self._steps
        say(step=step)
        self._acting += 1
        told = self._hands.act()
        self._acting -= 1
        say(done=step, what=told)
        self._last = time.monotonic()

    def _end(self) -> None:
        """Close dialogs and jobs one after the other, then the scene."""
        self._again(100)
        bench = self._workbench
        front = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if front is not None:
            # Questions are answered with what changes least; a dialog that asks again is closed again.
            getattr(front, "reject", front.close)()
        elif self._windows_besides():
            # Lists and sheets that stay beside the editor are closed as a person would.
            self._windows_besides()[0].close()
        elif time.monotonic() - self._began > PATIENCE:
            self._leave("dialogs or jobs did not end")
        elif bench.worker.busy:
            bench.worker.cancel_all()
        elif len(bench.document.scene) or bench.document.modified:
            bench.document.stack.setClean()
            bench.document.new()
            bench.window.gallery.clear()
            for dock in bench.window.docks.values():
                dock.setFloating(False)
        else:
            self._began += PATIENCE  # once
            self._next = lambda: self._leave("")
            self._again(1500)

    def _windows_besides(self) -> list[QWidget]:
        """The windows on screen besides the editor; a floating panel is a part of it."""
        main = self._workbench.window
        widgets = QApplication.topLevelWidgets()
        return [known for known in widgets if known.isVisible() and known not in (main, *main.docks.values())]

    def _leave(self, wrong: str) -> None:
        self._next = lambda: None
        errors = [text for text in self._logged.texts if not any(word in text for word in EXPECTED)]
        late = [(at, size) for at, size in self._memory if at > WARM_UP * self._seconds]
        slope = float(np.polyfit(*np.array(late).T, 1)[0]) * 60 if len(late) > 2 else 0.0
        say(
            report=True, wrong=wrong, steps=self._steps, errors=errors, before=self._before,
            left=self._left(), shapes=self._most_shapes, slope=round(slope, 2), gap=round(self._gap, 2),
            memory=round(memory()), kinds=kinds(),
            open=[f"{type(known).__name__} {known.windowTitle()!r}" for known in self._windows_besides()],
        )  # fmt: skip
        self._workbench.document.stack.setClean()
        self._workbench.window.close()
        QApplication.quit()

    def _left(self) -> dict[str, int]:
        """What is on screen and on the card, without what is kept to be used again, and widgets."""
        viewport = self._workbench.window.viewport
        view = viewport.view
        # Made once, when it is first asked for, and shown again from then on; the list keeps some ended jobs.
        kept = (self._workbench.window.dialogs.shortcut_sheet, self._workbench.window.jobs.list)
        QApplication.sendPostedEvents(None, 52)  # what waits to be deleted
        return {
            "shown": len(view._shown),
            "pool": len(view._pool) + len(view._spare),
            "nodes": len(viewport.canvas.scene.children),
            "objects": len(viewport.canvas.context.shared.parser._objects),
            "widgets": len([known for known in QApplication.allWidgets() if known.window() not in kept]),
            "windows": len(self._windows_besides()),
        }


def kinds() -> list[str]:
    """What the widgets are in, by the type of their window and how many that is."""
    counts = Counter(type(widget.window()).__name__ for widget in QApplication.allWidgets())
    return [f"{name} {count}" for name, count in counts.most_common(12)]


def memory() -> float:
    """MiB that are resident."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


def odd_files(folder: Path) -> list[Path]:
    """Scenes and meshes, sound and broken."""
    for path in (RESOURCES / "scenes").glob("*.partsmith"):
        shutil.copy(path, folder)  # Ctrl+S would write over those of the program
    write_scene(Scene((make_shape(), make_shape(1, "s2"))), folder / "foreign.partsmith")
    shape = make_shape()
    for suffix in SUFFIXES:
        write_mesh(folder / f"boxes{suffix}", [make_mesh(shape, 64)], [shape])
        broken = folder / f"broken{suffix}"
        broken.write_bytes((folder / f"boxes{suffix}").read_bytes()[:200])
    (folder / "empty.partsmith").write_bytes(b"")
    return sorted(path for path in folder.iterdir() if path.suffix in (*SUFFIXES, ".partsmith"))


def ask_nobody(monkey: Monkey, folder: Path) -> None:
    """File dialogs answer at once, in the folder: in the real ones random keys would reach any file."""
    rng = monkey._rng

    def opened(*_: object) -> tuple[str, str]:
        return (str(rng.choice(monkey._files)) if rng.random() < 0.8 else "", "")

    def saved(_parent: object, _title: str = "", start: str = "", *_: object) -> tuple[str, str]:
        # Never the files that come with the program: only names in the folder.
        suffix = Path(start).suffix or ".partsmith"
        return (str(folder / f"saved{rng.randint(0, 3)}{suffix}") if rng.random() < 0.8 else "", "")

    QFileDialog.getOpenFileName = staticmethod(opened)  # type: ignore[method-assign,assignment]
    QFileDialog.getSaveFileName = staticmethod(saved)  # type: ignore[method-assign,assignment]
    QFileDialog.getExistingDirectory = staticmethod(lambda *_: str(folder))  # type: ignore[method-assign,assignment]
    QDesktopServices.openUrl = staticmethod(lambda _url: True)  # type: ignore[method-assign,assignment]


def tiny_engine(device: str = "auto") -> EngineLike:
    """The real engine on the tiny model, with coarse candidates: many small jobs, not few long ones."""
    from core.edits.engine import Engine

    return Engine(TINY_CHECKPOINT, device, spare_core=True, resolution=RESOLUTION)


def main() -> int:
    seed, seconds, folder = int(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3])
    faulthandler.enable()
    os.chdir(folder)

    class Haunted(Workbench):
        def __init__(self, *arguments: object, **options: object) -> None:
            super().__init__(*arguments, **options)  # type: ignore[arg-type]
            self.window.make_engine = tiny_engine
            self.monkey = Monkey(self, seed, seconds, folder)
            ask_nobody(self.monkey, folder)
            app = QApplication.instance()
            assert isinstance(app, QApplication)
            app.setQuitOnLastWindowClosed(False)

    application.Workbench = Haunted  # type: ignore[misc]
    application.shipped_engine = tiny_engine  # type: ignore[assignment]
    return application.run()


if __name__ == "__main__":
    sys.exit(main())
