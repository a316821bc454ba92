"""The welcome page and the tour of a window: what they show of it, and what their buttons do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from app.panels.edit_pages import GeneratePage
from app.panels.tour import Step, Tour
from app.panels.welcome import WelcomePage

if TYPE_CHECKING:
    from app.main_window import MainWindow


class FirstSteps(QObject):
    """Joins welcome page and tour to a window.

    Attributes
    ----------
    welcome : WelcomePage
    tour : Tour
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.welcome = WelcomePage(window.viewport)
        self.tour = Tour(window, self._steps)
        self.tour.ended.connect(self._on_tour_ended)
        welcome = self.welcome
        welcome.generate_wanted.connect(self._on_generate)
        welcome.sample_wanted.connect(window.files.open_sample)
        welcome.file_wanted.connect(self._on_file)
        welcome.command_wanted.connect(self._on_command)
        welcome.appeared.connect(self._refresh)
        window.keymap.changed.connect(self._refresh)
        window.preferences.changed.connect(self._refresh)
        window.viewport.set_empty_page(welcome, lambda: not window.gallery.groups)
        window.gallery.changed.connect(window.viewport.show_emptiness)
        self._refresh()

    def offer_tour(self) -> None:
        """Show the tour to a person who has never seen it."""
        if not self._window.settings.tour_seen:
            self.tour.start()

    def _steps(self) -> tuple[Step, ...]:
        window, words = self._window, self._window.keymap.words
        docks = window.docks
        palette = words("help.palette")
        finds = f"{palette} finds any command by a few letters" if palette else "Help > Find a command helps"

        def show(name: str) -> None:
            docks[name].show()
            docks[name].raise_()

        def generate() -> None:
            window.show_edit("generate", focus=False)

        return (
            Step("The view", "Shapes stand here, their parts in colour. Click a part to select it, drag to "
                 "turn the view, use the wheel to zoom. While the scene is empty you can begin from here.",
                 window.viewport, lambda: None),
            Step("Edit: ask the model", "Generate makes new shapes from words. Complete, Mix, Vary, Text and "
                 "Refine change only the parts you have selected. The blue button says what will happen.",
                 docks["edit"], generate),
            Step("Candidates: choose", "Proposals of the model arrive here. Hover one to see it in place, "
                 "click it to take it. Until you do, nothing changes.", docks["gallery"],
                 lambda: show("gallery")),
            Step("Scene: every part by name", "All shapes and parts, to select, rename, hide and lock. A "
                 "locked part is never touched by an edit.", docks["outliner"], lambda: show("outliner")),
            Step("Jobs", "The model works in the background; its progress is shown here, and the cross "
                 "cancels. You can go on editing meanwhile.", window.jobs, lambda: None),
            Step("Everything can be undone", "History lists every step; click one to go back to it. "
                 f"{finds}. This tour is in the Help menu.", docks["history"], lambda: show("history")),
        )  # fmt: skip

    @Slot()
    def _refresh(self) -> None:
        settings = self._window.settings
        self.welcome.show_recent(list(settings.recent_files))
        self.welcome.show_hints(self._window.keymap.words, settings.navigation)

    @Slot(str)
    def _on_generate(self, text: str) -> None:
        page = self._window.edit_panel.pages["generate"]
        assert isinstance(page, GeneratePage)
        page.prompt.set_text(text)
        self._window.run_edit("generate")

    @Slot(str)
    def _on_file(self, name: str) -> None:
        self._window.files.open_path(Path(name))

    @Slot(str)
    def _on_command(self, command_id: str) -> None:
        self._window.menus.actions[command_id].trigger()

    @Slot()
    def _on_tour_ended(self) -> None:
        self._window.settings.tour_seen = True
        self._window.preferences.save_soon()
        self._window.viewport.setFocus()
