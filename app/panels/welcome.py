"""What the viewport shows while there is no scene: how to begin, and what was open before."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.panels.scene_tile import SceneTile
from app.panels.widgets import label, labelled_button, row, set_role
from app.theme import RESOURCES
from app.viewport.navigation import NAVIGATIONS, Navigation

SAMPLES = {"chairs": "Chairs", "tables": "Tables", "airplanes": "Airplanes"}
RECENT = 4
WIDTH = 690
NARROW = 430
GAP = 10
SCROLL_BAR = 12
INTRODUCTION = (
    "Shapes here are made of parts. Make one, click its parts, and let the model complete, mix, vary or "
    "rewrite exactly those: everything else stays as it is, and every step can be undone."
)


class WelcomePage(QScrollArea):
    """New from text, open, import, samples, recent scenes, and a word on how to go on.

    Signals
    -------
    generate_wanted(str)
        New shapes by a description, which may be empty.
    sample_wanted(str), file_wanted(str)
        Open a sample by name, a scene file by path.
    command_wanted(str)
        Do a command of the table.
    appeared()
        The page is shown: recent files may have changed.
    """

    generate_wanted = Signal(str)
    sample_wanted = Signal(str)
    file_wanted = Signal(str)
    command_wanted = Signal(str)
    appeared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "welcome")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.prompt = QLineEdit()
        self.prompt.setPlaceholderText("Describe a shape: an office chair with round arms and wheels")
        self.prompt.setAccessibleName("Description of a new shape")
        self.prompt.setAcceptDrops(False)  # files that are dropped here are for the window
        self.prompt.setMinimumHeight(24)
        self.generate_button = QPushButton("Generate")
        self.generate_button.setToolTip("Propose shapes by these words, or by chance if there are none.")
        set_role(self.generate_button, "primary")
        self.buttons = {
            "file.open": labelled_button("open", "Open…", "Open a scene file."),
            "file.import_mesh": labelled_button("import", "Import mesh…", "Bring in a mesh file."),
            "help.tour": labelled_button("info", "Take the tour", "See in a minute what is where."),
        }
        self.samples = {
            name: SceneTile(
                RESOURCES / "scenes" / f"{name}.partsmith", title, f"Three {name} to try things on."
            )
            for name, title in SAMPLES.items()
        }
        self.recent: list[SceneTile] = []
        self._unread = list(self.samples.values())
        self._recent_title = label("Recent scenes", "heading")
        self._recent_row = row(spacing=GAP)
        self.hints = label("", "muted", wrap=True)
        self._reader = QTimer(self, singleShot=True, interval=0)
        self._reader.timeout.connect(self._read_one)

        body = QWidget()
        self._rows = rows = QVBoxLayout(body)
        rows.setContentsMargins(26, 20, 26, 20)
        rows.setSpacing(9)
        rows.addWidget(label("Welcome to Partsmith", "title"))
        rows.addWidget(label(INTRODUCTION, "muted", wrap=True))
        rows.addSpacing(4)
        line = row(self.prompt, self.generate_button, spacing=8)
        line.setStretch(0, 1)
        rows.addLayout(line)
        rows.addLayout(row(*self.buttons.values(), 1, spacing=8))
        rows.addSpacing(4)
        rows.addWidget(label("Samples", "heading"))
        rows.addLayout(row(*self.samples.values(), 1, spacing=GAP))
        rows.addWidget(self._recent_title)
        rows.addLayout(self._recent_row)
        rows.addSpacing(2)
        rows.addWidget(self.hints)
        rows.addStretch(1)
        self.setWidget(body)

        self.prompt.returnPressed.connect(self._on_generate)
        self.generate_button.clicked.connect(self._on_generate)
        for command_id, button in self.buttons.items():
            button.clicked.connect(partial(self.command_wanted.emit, command_id))
        for name, tile in self.samples.items():
            tile.clicked.connect(partial(self.sample_wanted.emit, name))
        self.show_recent([])

    def place(self) -> None:
        """Go to the middle of the parent, as large as it allows."""
        parent = self.parentWidget()
        if parent is None:
            return
        width = min(WIDTH, parent.width() - 24)
        narrow = width < NARROW
        margin = 12 if narrow else 26
        self._rows.setContentsMargins(margin, 20, margin, 20)
        self.buttons["help.tour"].setVisible(not narrow)  # it is in the menu as well
        each = (width - 2 * margin - SCROLL_BAR - (RECENT - 1) * GAP) // RECENT
        for tile in (*self.samples.values(), *self.recent):
            tile.set_width(each)
        wanted = self._rows.totalHeightForWidth(width) + 2
        height = min(wanted, parent.height() - 24)
        self.setGeometry((parent.width() - width) // 2, (parent.height() - height) // 2, width, height)

    def show_recent(self, names: list[str]) -> None:
        """Show the newest of these scene files; their pictures follow one by one."""
        if [str(tile.path) for tile in self.recent] == names[:RECENT]:
            return
        while self._recent_row.count():
            self._recent_row.takeAt(0)
        for tile in self.recent:
            tile.hide()
            tile.deleteLater()
        self._unread = [tile for tile in self._unread if tile not in self.recent]
        self.recent = [SceneTile(Path(name), Path(name).stem, name) for name in names[:RECENT]]
        for tile in self.recent:
            tile.clicked.connect(partial(self.file_wanted.emit, str(tile.path)))
            self._recent_row.addWidget(tile)
        self._recent_row.addStretch(1)
        self._recent_title.setVisible(bool(names))
        self._unread += self.recent
        self._reader.start()
        self.place()

    def show_hints(self, words: Callable[[str], str], navigation: Navigation) -> None:
        """Say how to go on, with the keys that `words` gives for commands."""
        how = NAVIGATIONS[navigation].split(": ")[1]
        palette, keys = words("help.palette"), words("help.shortcuts")
        found = [
            f"A click selects a part, Shift-click adds one; {how}, the wheel zooms.",
            f"{palette} finds any command{f', {keys} lists all keys' if keys else ''}." if palette else "",
            "Scene and mesh files can be dropped anywhere on the window.",
        ]
        self.hints.setText(" ".join(sentence for sentence in found if sentence))
        self.place()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.appeared.emit()
        self._reader.start()
        self.place()

    @Slot()
    def _on_generate(self) -> None:
        self.generate_wanted.emit(" ".join(self.prompt.text().split()))

    @Slot()
    def _read_one(self) -> None:
        """Read one picture and come back for the next: the window stays alive in between."""
        self.place()
        if self._unread:
            self._unread.pop(0).load()
            self._reader.start()
