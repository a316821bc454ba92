"""Menus, toolbar and keys of a window, made from the command table."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QSize, Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QToolBar, QWidget

from app import theme
from app.commands import MENUS, Command

if TYPE_CHECKING:
    from app.main_window import MainWindow

TOOLBAR_ICON = 20
CONTEXT_COMMANDS = (
    "create.complete", "create.vary", "create.text", "", "edit.duplicate", "edit.mirror", "edit.swap",
    "edit.delete", "", "edit.group", "edit.ungroup", "edit.move_up", "edit.move_down", "", "select.twins",
    "select.group", "select.same_label", "",
    "view.hide", "view.isolate", "view.lock", "view.frame",
)  # fmt: skip
"""Menu of a right click in the viewport; "" is a separator."""


class CommandAction(QAction):
    """A command of the table as Qt's action; does it on the window it belongs to."""

    def __init__(self, command: Command, window: MainWindow) -> None:
        super().__init__(command.title, window)
        self.command = command
        self._window = window
        self.setObjectName(command.id)
        if command.works_in:
            self.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.setStatusTip(command.tip)
        self.setCheckable(command.checked is not None)
        if command.icon:
            theme.bind_icon(self, command.icon)
        if command.id == "file.quit":
            self.setMenuRole(QAction.MenuRole.QuitRole)
        self.triggered.connect(self._on_triggered)
        window.keymap.changed.connect(self.show_keys)
        self.show_keys()

    @Slot()
    def show_keys(self) -> None:
        """Listen to the keys the command has now, and name the first one."""
        keymap = self._window.keymap
        self.setShortcuts([QKeySequence(key) for key in keymap.keys(self.command.id)])
        hint = escape(keymap.hint(self.command.id))
        self.setToolTip(f"<b>{self.command.title}</b>{hint}<br>{self.command.tip}")

    @Slot()
    def _on_triggered(self) -> None:
        self.command.do(self._window)
        self.refresh()

    def refresh(self) -> None:
        """Enable or disable, check or uncheck."""
        self.setEnabled(self.command.when(self._window.editor))
        if self.command.checked is not None:
            self.setChecked(self.command.checked(self._window))


class Menus(QObject):
    """All actions of a window, in its menu bar and toolbar."""

    def __init__(self, window: MainWindow, commands: Iterable[Command]) -> None:
        super().__init__(window)
        self._window = window
        self.actions: dict[str, CommandAction] = {}
        self.toolbar = QToolBar("Toolbar", window)
        self.toolbar.setObjectName("toolbar")
        self.toolbar.setMovable(False)
        self.toolbar.setIconSize(QSize(TOOLBAR_ICON, TOOLBAR_ICON))
        window.addToolBar(self.toolbar)
        menus = {name: window.menuBar().addMenu(name) for name in MENUS}
        self.recent = QMenu("Open recent", window)
        places: dict[str, QWidget] = {"viewport": window.viewport, "outliner": window.outliner}
        last_group: dict[str, int] = {}
        toolbar_group: tuple[str, int] | None = None
        for command in commands:
            action = CommandAction(command, window)
            self.actions[command.id] = action
            menu = menus[command.menu]
            if last_group.setdefault(command.menu, command.group) != command.group:
                menu.addSeparator()
                last_group[command.menu] = command.group
            menu.addAction(action)
            if command.id == "file.open":
                menu.addMenu(self.recent)
            # Also on the window itself: keys must work where the menu bar is hidden or global.
            for widget in [places[name] for name in command.works_in] or [window]:
                widget.addAction(action)
            if command.toolbar:
                if toolbar_group is not None and toolbar_group != (command.menu, command.group):
                    self.toolbar.addSeparator()
                toolbar_group = (command.menu, command.group)
                self.toolbar.addAction(action)
                button = self.toolbar.widgetForAction(action)
                button.setAccessibleName(command.title)
        menus["View"].addSeparator()
        self.panels = menus["View"].addMenu("Panels")
        self.recent.aboutToShow.connect(self._on_recent_about_to_show)
        self.recent.triggered.connect(self._on_recent_triggered)
        editor = window.editor
        for signal in (
            editor.document.scene_changed,
            editor.document.selection_changed,
            editor.document.stack.indexChanged,
            editor.worker.engine_ready,
            editor.worker.engine_failed,
            editor.worker.job_queued,
            editor.worker.job_finished,
            editor.worker.job_cancelled,
            editor.worker.job_failed,
            editor.twins_changed,
            editor.candidate_hovered,
        ):
            signal.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Bring every action up to date."""
        for action in self.actions.values():
            action.refresh()
        stack = self._window.document.stack
        self.actions["edit.undo"].setText(f"Undo {stack.undoText()}".strip())
        self.actions["edit.redo"].setText(f"Redo {stack.redoText()}".strip())

    @Slot(object)
    def show_context_menu(self, place: QPoint) -> None:
        """What can be done with the part under the mouse."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for command_id in CONTEXT_COMMANDS:
            if command_id:
                menu.addAction(self.actions[command_id])
            else:
                menu.addSeparator()
        menu.popup(place)

    @Slot()
    def _on_recent_about_to_show(self) -> None:
        self.recent.clear()
        for name in self._window.settings.recent_files:
            action = self.recent.addAction(Path(name).name)
            action.setData(name)
            action.setStatusTip(name)
            if not Path(name).exists():
                action.setEnabled(False)
                action.setText(f"{Path(name).name} (missing)")
        if self.recent.isEmpty():
            self.recent.addAction("No recent files").setEnabled(False)

    @Slot(QAction)
    def _on_recent_triggered(self, action: QAction) -> None:
        if action.data():
            self._window.files.open_path(Path(action.data()))
