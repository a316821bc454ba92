"""What the cells of the outliner show and say: eyes, padlocks, tooltips, names for screen readers."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon

from app import theme
from app.panels.images import chip_icon, qt_colors
from app.panels.provenance import counted
from core.scene.part_names import shown_name
from core.scene.shape import Part, Shape

Role = Qt.ItemDataRole


class Chips:
    """Icons of parts, in their colours; hollow if they are hidden."""

    def __init__(self) -> None:
        self._icons: dict[tuple[str, bool, bool], QIcon] = {}
        self._colors: WeakKeyDictionary[Shape, list[QColor]] = WeakKeyDictionary()

    def icon(self, shape: Shape, part: Part) -> QIcon:
        if shape not in self._colors:
            self._colors[shape] = qt_colors(shape)
        color = self._colors[shape][shape.row(part.id)]
        key = (color.name(), part.visible and shape.visible, theme.is_dark())
        if key not in self._icons:
            self._icons[key] = chip_icon(color, hollow=not key[1])
        return self._icons[key]


def eye(name: str, visible: bool, role: int) -> object:
    """The eye of a row."""
    if role == Role.DecorationRole:
        shades = theme.colors()
        return theme.icon("eye", shades.muted) if visible else theme.icon("eye-off", shades.warning)
    if role == Role.ToolTipRole:
        return (
            f"Hide {name}: hidden parts are not drawn, picked or exported"
            if visible
            else f"Show {name} again (View > Show all shows everything)"
        )
    if role == Role.AccessibleTextRole:
        return "visible" if visible else "hidden"
    return None


def padlock(name: str, locked: bool, role: int) -> object:
    """The padlock of a row."""
    if role == Role.DecorationRole:
        shades = theme.colors()
        return theme.icon("lock", shades.link) if locked else theme.icon("lock-open", shades.strong_border)
    if role == Role.ToolTipRole:
        return f"Unlock {name} (L)" if locked else f"Lock {name}: every edit leaves locked parts alone (L)"
    if role == Role.AccessibleTextRole:
        return "locked" if locked else "unlocked"
    return None


def tooltip(shape: Shape, part: Part | None, group: str, count: int) -> str:
    if part is not None:
        lines = [f"{shown_name(shape, part.id)} ({part.label})", part.origin]
        lines.append("Double-click or F2 to rename, Shift-click to select more, drag to reorder")
    else:
        lines = [f"{group or shape.name}: {counted(count, 'part')}"]
        lines.append(f"Group of {shape.name}" if group else shape.origin)
        lines.append("Double-click or F2 to rename, drag to reorder")
    return "\n".join(line for line in lines if line)


def accessible(shape: Shape, part: Part | None, group: str, count: int) -> str:
    if group:
        return f"Group {group} of {shape.name}, {counted(count, 'part')}"
    if part is None:
        return f"Shape {shape.name}, {counted(count, 'part')}"
    states = [] if part.visible else ["hidden"]
    states += ["locked"] if part.locked else []
    return ", ".join([f"Part {shown_name(shape, part.id)} of {shape.name}", part.label, *states])
