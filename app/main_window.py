"""The main window: the viewport in the middle, panels in docks, menus from the command table."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragMoveEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QMainWindow,
    QWidget,
)

from app import theme
from app.blending import Blending
from app.commands import COMMANDS
from app.copying import PythonCopies
from app.dialogs import Dialogs
from app.document import Document
from app.editor import Editor, TakeSource
from app.engines import EngineLike, shipped_engine
from app.first_steps import FirstSteps
from app.heat_maps import HeatMaps
from app.keymap import Keymap
from app.menus import Menus
from app.originals import Originals
from app.panels.edit_panel import EditPanel
from app.panels.gallery import Gallery
from app.panels.history import HistoryPanel
from app.panels.job_bar import JobBar
from app.panels.message_line import MessageLine
from app.panels.outliner import Outliner
from app.panels.properties import PropertiesPanel
from app.preferences import Preferences
from app.replaying import Replaying
from app.scene_files import SceneFiles
from app.settings import Settings, from_text, to_text
from app.viewport.canvas import Viewport
from app.viewport.navigation import NAVIGATIONS, Navigation
from app.viewport.scene_view import DISPLAYS, Display
from app.viewport.side_by_side import SideBySide
from app.window_drops import WindowDrops
from app.worker import EditWorker
from core.edits.requests import Export, Sampled
from core.edits.results import Candidate
from core.scene.selection import Selection

LAYOUT_VERSION = 1
DISPLAY_NAMES = {
    "surface": "Surface",
    "ellipsoids": "Gaussians",
    "both": "Surface and Gaussians",
    "x-ray": "X-ray",
    "wireframe": "Wireframe",
    "clay": "Clay",
}
SIDE_WIDTH = 220
"""Least width of the panels on the left, logical pixels."""


class MainWindow(QMainWindow):
    """The one window of the editor.

    Attributes
    ----------
    viewport, outliner, edit_panel, properties, gallery, history, jobs : QWidget
    files : SceneFiles
        New, open, save, import, and what they ask.
    make_engine : callable
        Builds an engine for a device; used when another device is chosen.
    dialogs : Dialogs
        Everything that opens over the window.
    docks : dict
        Docks of the panels by name.
    menus : Menus
        Actions by command id.
    """

    # Declared for type checkers: the command table refers to the window and the window to the table.
    document: Document
    editor: Editor
    settings: Settings
    viewport: Viewport
    outliner: Outliner
    files: SceneFiles
    dialogs: Dialogs
    preferences: Preferences
    keymap: Keymap
    first_steps: FirstSteps
    originals: Originals
    heat: HeatMaps
    copies: PythonCopies
    jobs: JobBar
    blending: Blending
    replaying: Replaying
    side_by_side: SideBySide

    def __init__(self, document: Document, editor: Editor, worker: EditWorker, settings: Settings) -> None:
        super().__init__()
        self.document = document
        self.editor = editor
        self.worker = worker
        self.settings = settings
        self.keymap = Keymap(COMMANDS, settings.shortcuts, self)
        self.make_engine: Callable[[str], EngineLike] = shipped_engine
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(True)
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)

        self.originals = Originals(editor, self)
        self.viewport = Viewport(document, editor)
        self.heat = HeatMaps(editor, self.originals, self.viewport, self)
        self.viewport.set_theme(settings.theme == "dark")
        self.viewport.explode_bar.amount_changed.connect(self._on_explosion_changed)
        self.side_by_side = SideBySide(self.viewport)
        self.blending = Blending(editor, self.viewport, self)
        self.replaying = Replaying(editor, self.viewport, self)
        self.setCentralWidget(self.side_by_side)
        self.outliner = Outliner(document, editor)
        self.history = HistoryPanel(document)
        # Its longest line must not decide how wide the left side is.
        self.history.setMinimumWidth(SIDE_WIDTH)
        self.edit_panel = EditPanel(document, editor)
        self.properties = PropertiesPanel(document, editor)
        self.gallery = Gallery(document, editor)
        self.copies = PythonCopies(self)
        self.jobs = JobBar(worker, settings.job_times)

        self.files = SceneFiles(self)
        self.drops = WindowDrops(self)
        self.dialogs = Dialogs(self)
        self.preferences = Preferences(self)
        self.menus = Menus(self, COMMANDS)
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        self.docks: dict[str, QDockWidget] = {}
        self._dock("outliner", "Scene", self.outliner, left)
        self._dock("history", "History", self.history, left)
        self._dock("edit", "Edit", self.edit_panel, right)
        self._dock("properties", "Properties", self.properties, right)
        self._dock("gallery", "Candidates", self.gallery, Qt.DockWidgetArea.BottomDockWidgetArea)

        self.message = MessageLine()
        self.statusBar().addWidget(self.message, 1)
        self.statusBar().addPermanentWidget(self.jobs, 1)
        self.statusBar().setSizeGripEnabled(False)

        document.modified_changed.connect(self._refresh_title)
        document.path_changed.connect(self._refresh_title)
        editor.message_posted.connect(self.message.show_message)
        editor.twins_changed.connect(self._on_twins_changed)
        editor.candidates_arrived.connect(self._on_candidates_arrived)
        self.viewport.context_menu_requested.connect(self.menus.show_context_menu)
        self.viewport.mix_dropped.connect(self._on_mix_dropped)
        self.gallery.settings_requested.connect(self._on_settings_requested)
        self.jobs.list.settings_requested.connect(self._on_settings_requested)
        self.gallery.changes_wanted.connect(self.heat.show_changes_of)
        self.heat.changed.connect(self.menus.refresh)
        self.gallery.comparison_wanted.connect(self.side_by_side.compare)
        self.side_by_side.changed.connect(self._on_comparison_changed)
        self.blending.changed.connect(self.menus.refresh)
        self.replaying.changed.connect(self.menus.refresh)
        self.gallery.replay_wanted.connect(self.show_replay)
        self.outliner.frame_requested.connect(self.viewport.frame)
        self.preferences.changed.connect(self.menus.refresh)
        self.first_steps = FirstSteps(self)
        self.keymap.changed.connect(self.preferences.save_soon)
        self.keymap.changed.connect(self._on_keys_changed)
        self._on_keys_changed()
        self.preferences.apply_at_start()
        self._refresh_title()
        self.menus.refresh()
        if settings.remember_options:
            self.edit_panel.set_parameters(settings.parameters)
        settings.problems += self.keymap.problems
        if settings.problems:
            editor.post(" ".join(settings.problems), "warning")
        self.resize(1500, 940)
        if settings.geometry:
            self.restoreGeometry(from_text(settings.geometry))
        self._layout_restored = bool(settings.layout) and self.restoreState(
            from_text(settings.layout), LAYOUT_VERSION
        )

    def _dock(self, name: str, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> None:
        dock = QDockWidget(title, self)
        dock.setObjectName(f"{name}_dock")
        dock.setWidget(widget)
        self.addDockWidget(area, dock)
        self.menus.panels.addAction(dock.toggleViewAction())
        self.docks[name] = dock

    def _size_docks(self) -> None:
        """Sizes of the docks in a window that was never arranged."""
        vertical, horizontal = Qt.Orientation.Vertical, Qt.Orientation.Horizontal
        docks = self.docks
        self.resizeDocks([docks["outliner"], docks["edit"]], [260, 340], horizontal)
        self.resizeDocks([docks["outliner"], docks["history"]], [600, 200], vertical)
        self.resizeDocks([docks["edit"], docks["properties"]], [560, 260], vertical)
        self.resizeDocks([docks["gallery"]], [210], vertical)

    # --- commands -------------------------------------------------------------------------------------

    def run_edit(self, page: str) -> None:
        """Run a sampled edit with the options of its page, and show that page."""
        self.show_edit(page, focus=False)
        self.edit_panel.run()

    def show_edit(self, page: str, focus: bool = True) -> None:
        """Show a page of the edit panel and put the keyboard where one starts there."""
        self.docks["edit"].show()
        self.docks["edit"].raise_()
        self.edit_panel.show_page(page, focus)

    def escape(self) -> None:
        """Cancel the drag or tool, else the blend, replay or comparison, else clear the selection."""
        if self.viewport.cancel_tool():
            return
        if self.blending.open:
            self.blending.cancel()
        elif self.replaying.open:
            self.replaying.close()
        elif self.side_by_side.comparing:
            self.side_by_side.close_comparison()
        else:
            self.document.set_selection(self.document.selection.cleared())

    def frame_selection(self) -> None:
        """Bring the selected parts into view, or everything."""
        self.viewport.frame(self.document.selection.parts or None)

    def toggle_projection(self) -> None:
        orthographic = self.viewport.projection == "orthographic"
        self.viewport.set_projection("perspective" if orthographic else "orthographic")

    def toggle_local_axes(self) -> None:
        """Handles along the part's own axes, or along the scene's."""
        local = not self.viewport.tools.local_axes
        self.viewport.set_local_axes(local)
        self.editor.post(f"Handles lie along the {'own axes of the part' if local else 'axes of the scene'}.")

    @Slot(object, object)
    def show_replay(self, candidate: Candidate, request: Sampled) -> None:
        """How a candidate came out of noise, in place of whatever else is shown at the viewport's edge."""
        self.blending.cancel()
        self.side_by_side.close_comparison()
        self.replaying.show(candidate, request)

    def toggle_replay(self) -> None:
        """The replay of the candidate that was looked at last, or none."""
        if self.replaying.open or self.editor.looked_at is None:
            self.replaying.close()
        else:
            self.show_replay(*self.editor.looked_at)

    def toggle_blend(self) -> None:
        """The slider of a blend, or none."""
        self.replaying.close()
        self.side_by_side.close_comparison()
        self.blending.toggle()

    def next_display(self) -> None:
        """The display mode after the present one."""
        self.set_display(DISPLAYS[(DISPLAYS.index(self.viewport.display) + 1) % len(DISPLAYS)])

    def set_display(self, mode: Display) -> None:
        """Draw shapes in another way."""
        self.viewport.set_display(mode)
        self.menus.refresh()
        self.editor.post(f"Display: {DISPLAY_NAMES[mode]}.")

    def set_navigation(self, preset: Navigation) -> None:
        """Mouse buttons as in "default", "blender" or "maya"."""
        self.preferences.set("navigation", preset)
        self.editor.post(f"Navigation: {NAVIGATIONS[preset]}.")

    def toggle_theme(self) -> None:
        self.set_theme("light" if self.settings.theme == "dark" else "dark")

    def set_theme(self, name: str) -> None:
        """Switch the whole program to the "dark" or "light" theme."""
        self.preferences.set("theme", name)

    def apply_theme(self) -> None:
        """Dress everything as the settings say."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        dark = self.settings.theme == "dark"
        theme.apply_theme(app, dark, self.settings.text_size)
        self.viewport.set_theme(dark)

    def toggle_twins(self) -> None:
        self.editor.twins_enabled = not self.editor.twins_enabled

    def set_device(self, name: str) -> None:
        """Load the model again on "auto", "cpu" or "cuda", when the running job has ended."""
        self.preferences.set("device", name)

    def load_engine(self) -> None:
        """Load the model on the device that the settings name."""
        self.editor.post("Loading the model…")
        self.worker.reload(partial(self.make_engine, self.settings.device))

    # --- what happens ---------------------------------------------------------------------------------

    @Slot()
    def _on_keys_changed(self) -> None:
        """Name the present keys where panels speak of commands."""
        self.history.show_keys(self.keymap.hint)
        self.outliner.show_keys(self.keymap.hint)

    @Slot()
    def _refresh_title(self) -> None:
        self.setWindowTitle(f"{self.document.title}[*] – Partsmith")
        self.setWindowModified(self.document.modified)
        self.setWindowFilePath(str(self.document.path or ""))

    @Slot(float)
    def _on_explosion_changed(self, _amount: float) -> None:
        self.menus.actions["view.explode"].refresh()

    @Slot()
    def _on_comparison_changed(self) -> None:
        if self.side_by_side.comparing:
            # Only one of them can say what the viewport shows.
            self.replaying.close()
        self.menus.refresh()

    @Slot(object)
    def _on_candidates_arrived(self, _candidates: object) -> None:
        self.docks["gallery"].show()

    @Slot(object)
    def _on_settings_requested(self, request: object) -> None:
        if isinstance(request, Export):
            self.dialogs.export_meshes()
            return
        self.docks["edit"].show()
        self.edit_panel.restore(request)

    @Slot(str, object, str)
    def _on_mix_dropped(self, source: str, parts: tuple[int, ...], target: str) -> None:
        self.document.set_selection(Selection(frozenset(), target))
        self.editor.take_source = TakeSource(source, frozenset(parts))
        self.run_edit("mix")

    @Slot(bool)
    def _on_twins_changed(self, enabled: bool) -> None:
        self.preferences.set("twins", enabled)
        self.editor.post("Twins are edited together." if enabled else "Twins are edited one by one.")

    @Slot(str)
    def show_error(self, text: str) -> None:
        """Show an unexpected error (it is in the log already)."""
        self.editor.post(text, "error")

    # --- Qt -------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.drops.takes(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if self.drops.is_place_for(event.mimeData(), event.position().toPoint()):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.drops.take(event.mimeData())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._layout_restored:
            # Before the first show Qt would scale what it is told by sizes that nobody has seen.
            self._layout_restored = True
            self._size_docks()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.files.confirm_discard():
            event.ignore()
            return
        self.settings.parameters = dict(self.edit_panel.parameters())
        self.settings.geometry = to_text(self.saveGeometry())
        self.settings.layout = to_text(self.saveState(LAYOUT_VERSION))
        self.settings.save()
        self.dialogs.close()
        event.accept()
