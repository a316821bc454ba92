"""What editors that did not end properly have left: unsaved work in all generations, and a crash report."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.crash_report import Crash, mark_told
from app.generations import Generation, generations
from app.lost_work import Lost, discard
from app.panels.card_list import CardList
from app.panels.crash_box import SHOWN_HEIGHT, CrashBox
from app.panels.images import rgb
from app.panels.provenance import counted
from app.panels.scene_picture import scene_picture
from app.panels.widgets import label, set_role
from app.recovery import Recovery

PICTURE = 64
LARGE_PICTURE = 88
NAMED = 3
"""Shapes that are named before the rest is counted."""


class RecoveryDialog(QDialog):
    """A list of what was lost, the generations of the chosen one, and what is known of crashes.

    Parameters
    ----------
    recovery : Recovery
    lost : sequence of Lost
        Newest last, as they are found; shown the other way round.
    crashes : sequence of Crash
        Newest last; they count as told once the dialog is closed.
    log_file : Path, optional
        Where the last lines of a crashed editor are looked for.
    """

    def __init__(
        self,
        recovery: Recovery,
        lost: Sequence[Lost],
        crashes: Sequence[Crash] = (),
        log_file: Path | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Unsaved work and crashes")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._recovery = recovery
        self._lost = list(reversed(lost))
        self._crashes = list(crashes)
        self._generations: list[Generation] = []
        self.list = CardList(PICTURE, "Unsaved scenes")
        self.list.setFixedWidth(270)
        self.generations = CardList(LARGE_PICTURE, "Generations of the scene")
        self.list.currentRowChanged.connect(self._on_row_changed)
        self.generations.currentRowChanged.connect(self._on_generation_changed)
        self.generations.itemDoubleClicked.connect(self._on_recover)
        self.note = label("", "muted", wrap=True)
        self._make_buttons()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 14)
        layout.setSpacing(12)
        layout.addLayout(self._heading())
        self.work = QWidget()
        layout.addWidget(self.work, 1)
        self._lay_out_work(QVBoxLayout(self.work))
        self.crash_box: CrashBox | None = None
        if self._crashes and log_file is not None:
            self.crash_box = CrashBox(self._crashes, log_file)
            self.crash_box.shown.connect(self._on_report_shown)
            layout.addWidget(self.crash_box)
        layout.addWidget(self.buttons)
        for item in self._lost:
            self.list.add(
                self._picture(item.scene.shapes or item.candidates, PICTURE), describe(item, time.time())
            )
        self.list.setCurrentRow(0)
        self._refresh()
        self.resize(780, 540 if self._lost else 0)
        self.finished.connect(self._on_finished)

    def _make_buttons(self) -> None:
        self.buttons = QDialogButtonBox()
        roles = QDialogButtonBox.ButtonRole
        self.recover_button = self.buttons.addButton("Open as a new scene", roles.AcceptRole)
        self.later_button = self.buttons.addButton("Later", roles.RejectRole)
        self.discard_button = self.buttons.addButton("Discard…", roles.DestructiveRole)
        self.discard_button.setToolTip("Delete this unsaved work, in all its generations.")
        set_role(self.recover_button, "primary")
        self.recover_button.setDefault(True)
        self.recover_button.clicked.connect(self._on_recover)
        self.later_button.clicked.connect(self.reject)
        self.discard_button.clicked.connect(self._on_discard)

    def _heading(self) -> QHBoxLayout:
        sign = QLabel()
        sign.setPixmap(theme.pixmap("warning", 28, theme.colors().warning, self.devicePixelRatioF()))
        sign.setAlignment(Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(label("Partsmith did not end properly", "title"))
        self.intro = label("", "muted", wrap=True)
        words.addWidget(self.intro)
        heading = QHBoxLayout()
        heading.setSpacing(12)
        heading.addWidget(sign)
        heading.addLayout(words, 1)
        return heading

    def _lay_out_work(self, layout: QVBoxLayout) -> None:
        self._titles = (label("Unsaved scenes", "heading"), label("Generations, newest first", "heading"))
        left, right = QVBoxLayout(), QVBoxLayout()
        for column, title, view in (
            (left, self._titles[0], self.list),
            (right, self._titles[1], self.generations),
        ):
            column.setSpacing(6)
            column.addWidget(title)
            column.addWidget(view, 1)
        columns = QHBoxLayout()
        columns.setSpacing(12)
        columns.addLayout(left)
        columns.addLayout(right, 1)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(columns, 1)
        layout.addWidget(self.note)

    def _refresh(self) -> None:
        """Say what there is, and offer what can be done with it."""
        several = len(self._lost) > 1
        self.work.setVisible(bool(self._lost))
        self.list.setVisible(several)
        self._titles[0].setVisible(several)
        self.recover_button.setVisible(bool(self._lost))
        self.discard_button.setVisible(bool(self._lost))
        self.later_button.setText("Later" if self._lost else "Close")
        self.intro.setText(
            "This was not saved yet. Opening it makes a new, unsaved scene; your own files stay as they are."
            if self._lost
            else "No unsaved work is left. What is known of the crash can be copied into a bug report."
        )

    @property
    def chosen(self) -> Generation | None:
        """The generation that would be opened."""
        number = self.generations.currentRow()
        return self._generations[number] if 0 <= number < len(self._generations) else None

    @Slot(int)
    def _on_row_changed(self, number: int) -> None:
        self.generations.clear()
        self._generations = generations(self._lost[number]) if 0 <= number < len(self._lost) else []
        for generation in self._generations:
            lost = self._lost[number]
            if generation.scene is None:
                text = f"Cannot be read\n{age(generation.written, time.time())}"
                sign = theme.pixmap(
                    "warning", LARGE_PICTURE // 3, theme.colors().disabled, self.devicePixelRatioF()
                )
                self.generations.add(sign, text, usable=False)
                continue
            whole = lost.at(generation.scene)
            picture = self._picture(whole.scene.shapes or whole.candidates, LARGE_PICTURE)
            self.generations.add(picture, describe_generation(generation, whole, time.time()))
        newest = next((at for at, item in enumerate(self._generations) if item.newest), 0)
        self.generations.setCurrentRow(newest)

    @Slot(int)
    def _on_generation_changed(self, _number: int) -> None:
        generation = self.chosen
        self.recover_button.setEnabled(generation is not None and generation.scene is not None)
        lost = self._lost[self.list.currentRow()] if generation is not None else None
        texts = []
        if generation is not None and not generation.newest:
            texts.append("All generations are kept, and offered again, until you discard them.")
        if lost is not None and lost.candidates and len(lost.scene):
            texts.append("Candidates nobody accepted come along as hidden shapes.")
        self.note.setText(" ".join(texts))
        self.note.setVisible(bool(texts))

    @Slot()
    def _on_recover(self) -> None:
        generation = self.chosen
        if generation is not None and generation.scene is not None:
            self._recovery.restore(self._lost[self.list.currentRow()], generation)
            self.accept()

    @Slot()
    def _on_discard(self) -> None:
        number = self.list.currentRow()
        buttons = QMessageBox.StandardButton
        text = f"Discard the unsaved work in {self._lost[number].title}? This cannot be undone."
        if QMessageBox.question(self, "Unsaved work", text) != buttons.Yes:
            return
        discard(self._lost.pop(number))
        self.list.takeItem(number)
        self._refresh()
        if not self._lost:
            self.reject()

    @Slot(bool)
    def _on_report_shown(self, shown: bool) -> None:
        # Below the lists, not in their place.
        more = SHOWN_HEIGHT if shown else -SHOWN_HEIGHT
        self.resize(self.width(), max(self.height() + more, self.sizeHint().height()))

    @Slot()
    def _on_finished(self) -> None:
        for crash in self._crashes:
            mark_told(crash)

    def _picture(self, shapes: Sequence[object], side: int) -> QPixmap:
        return scene_picture(shapes, side, self.devicePixelRatioF(), rgb(theme.colors().field))  # type: ignore[arg-type]


def describe(lost: Lost, now: float) -> str:
    """Title, contents and age of unsaved work, a line each.

    Parameters
    ----------
    now : float
        Seconds since 1970.
    """
    return f"{lost.title}\n{_held(lost)}\n{age(lost.facts.written, now)}"


def describe_generation(generation: Generation, lost: Lost, now: float) -> str:
    """Age, contents and names of a generation, a line each."""
    when = age(generation.written, now)
    parts = sum(len(shape.parts) for shape in lost.scene)
    names = [shape.name for shape in lost.scene.shapes or lost.candidates]
    told = ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
    held = _held(lost, f" of {counted(parts, 'part')}")
    return f"{f'Newest, {when}' if generation.newest else when.capitalize()}\n{held}\n{told}"


def _held(lost: Lost, of_parts: str = "") -> str:
    held = [counted(len(lost.scene), "shape") + of_parts] if len(lost.scene) or not lost.candidates else []
    held += [counted(len(lost.candidates), "candidate")] if lost.candidates else []
    return ", ".join(held)


def age(written: float | None, now: float) -> str:
    """How long ago something was written, in words."""
    if written is None or written > now + 60:
        return "at an unknown time"  # the clock has been set back since, or nothing is known
    seconds = max(now - written, 0)
    if seconds < 60:
        return "less than a minute ago"
    units = (("day", 86400), ("hour", 3600), ("minute", 60))
    unit, length = next(pair for pair in units if seconds >= pair[1])
    return f"{counted(int(seconds // length), unit)} ago"
