"""Light and dark theme: colours, one style sheet, and the icons recoloured to match.

Colours live here and nowhere else in the window (part colours come from `core.scene.palette`). Text and
symbols keep a WCAG contrast of at least 4.5:1 on every background they are used on; a test measures it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from string import Template

from PySide6.QtCore import QByteArray, QDir, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QStyleFactory

from app.style_sheet import STYLE_SHEET

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
ICONS = RESOURCES / "icons"
ICON_PROPERTY = "themeIcon"
TEXT_SIZE = 9
ICON_SIZES = (16, 20, 24, 32, 48)


@dataclass(frozen=True)
class Colors:
    """Named colours of one theme as ``#rrggbb``.

    `window` lies behind everything, `panel` under lists and docks, `field` under inputs. `accent` is a fill
    that carries `on_accent`; `link` is the accent as text. `selection` marks rows and keeps `text` readable.
    """

    name: str
    window: str
    panel: str
    field: str
    hover: str
    pressed: str
    border: str
    strong_border: str
    text: str
    muted: str
    disabled: str
    accent: str
    accent_hover: str
    on_accent: str
    link: str
    selection: str
    danger: str
    warning: str
    success: str
    tooltip: str


DARK = Colors(
    name="dark",
    window="#191c21",
    panel="#21252c",
    field="#2a2f38",
    hover="#323843",
    pressed="#3a4150",
    border="#343a45",
    strong_border="#4a5260",
    text="#e7eaf0",
    muted="#aeb6c3",
    disabled="#6d7684",
    accent="#2f6fe0",
    accent_hover="#2b66d1",
    on_accent="#ffffff",
    link="#8ab6ff",
    selection="#2b4470",
    danger="#ff9a8f",
    warning="#f0c05a",
    success="#7bd69a",
    tooltip="#12151a",
)

LIGHT = Colors(
    name="light",
    window="#eef0f4",
    panel="#fafbfc",
    field="#ffffff",
    hover="#e6eaf1",
    pressed="#d8dee8",
    border="#d5dae2",
    strong_border="#b3bbc8",
    text="#1b2027",
    muted="#56606e",
    disabled="#8d96a3",
    accent="#2563d9",
    accent_hover="#1d55c0",
    on_accent="#ffffff",
    link="#1b52bd",
    selection="#cfdffb",
    danger="#a8231b",
    warning="#7d5200",
    success="#176c37",
    tooltip="#ffffff",
)

FONT_FAMILIES = (
    "Inter",
    "Segoe UI",
    "SF Pro Text",
    "Noto Sans",
    "Cantarell",
    "Liberation Sans",
    "DejaVu Sans",
)


class ThemeChanges(QObject):
    """Tells painters of their own (delegates, charts, thumbnails) that the colours changed."""

    theme_changed = Signal(bool)


changes = ThemeChanges()
_current = DARK


def colors() -> Colors:
    """The colours in use."""
    return _current


def is_dark() -> bool:
    return _current is DARK


def apply_theme(app: QApplication, dark: bool, text_size: int = TEXT_SIZE) -> None:
    """Dress the whole application in the light or the dark theme; may be called at any time.

    Nothing is done if it is dressed so already: every widget would be measured again.

    Parameters
    ----------
    text_size : int
        Points of ordinary text.
    """
    global _current
    _current = DARK if dark else LIGHT
    sizes = {"title_size": f"{text_size + 3}pt", "small_size": f"{min(text_size - 1, 9)}pt"}
    sheet = Template(STYLE_SHEET).substitute(asdict(_current), **sizes)
    if app.styleSheet() == sheet:
        return
    QDir.setSearchPaths("icons", [str(ICONS)])
    fusion = QStyleFactory.create("Fusion")
    if fusion is not None:
        app.setStyle(fusion)
    app.setPalette(_qt_palette(_current))
    app.setFont(_interface_font(text_size))
    app.setStyleSheet(sheet)
    for widget in app.allWidgets():
        for target in (widget, *widget.actions(), *widget.findChildren(QAction)):
            name = target.property(ICON_PROPERTY)
            if name:
                target.setIcon(icon(name))  # type: ignore[attr-defined]
    changes.theme_changed.emit(dark)


def bind_icon(target: QObject, name: str) -> None:
    """Give a button or an action an icon that follows the theme."""
    target.setProperty(ICON_PROPERTY, name)
    target.setIcon(icon(name))  # type: ignore[attr-defined]


def icon(name: str, color: str = "") -> QIcon:
    """Icon ``resources/icons/<name>.svg`` in the theme's text colour, or in `color`.

    Raises
    ------
    FileNotFoundError
        If there is no such drawing.
    """
    return _icon(name, color, _current.name)


def icon_names() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in ICONS.glob("*.svg")))


def pixmap(name: str, size: int, color: str, ratio: float = 1.0) -> QPixmap:
    """A drawing at `size` logical pixels in one colour (``#rrggbb``)."""
    side = round(size * ratio)
    image = QPixmap(QSize(side, side))
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", color).encode())).render(
        painter, QRectF(0, 0, side, side)
    )
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


@lru_cache(maxsize=512)
def _drawing(name: str) -> str:
    return (ICONS / f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=1024)
def _icon(name: str, color: str, theme: str) -> QIcon:
    shades = DARK if theme == DARK.name else LIGHT
    result = QIcon()
    drawn: dict[tuple[int, float, str], QPixmap] = {}
    for size in ICON_SIZES:
        for ratio in (1.0, 2.0):
            for mode, state, shade in (
                (QIcon.Mode.Normal, QIcon.State.Off, color or shades.text),
                (QIcon.Mode.Normal, QIcon.State.On, color or shades.link),
                (QIcon.Mode.Disabled, QIcon.State.Off, shades.disabled),
                (QIcon.Mode.Disabled, QIcon.State.On, shades.disabled),
                (QIcon.Mode.Selected, QIcon.State.Off, color or shades.text),
            ):
                key = (size, ratio, shade)
                if key not in drawn:
                    drawn[key] = pixmap(name, size, shade, ratio)
                result.addPixmap(drawn[key], mode, state)
    return result


def _interface_font(points: int) -> QFont:
    """The first preferred family that is installed."""
    installed = set(QFontDatabase.families())
    family = next((name for name in FONT_FAMILIES if name in installed), QFont().defaultFamily())
    return QFont(family, points)


def _qt_palette(shades: Colors) -> QPalette:
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, value in (
        (roles.Window, shades.window),
        (roles.WindowText, shades.text),
        (roles.Base, shades.panel),
        (roles.AlternateBase, shades.hover),
        (roles.Text, shades.text),
        (roles.Button, shades.field),
        (roles.ButtonText, shades.text),
        (roles.BrightText, shades.danger),
        (roles.ToolTipBase, shades.tooltip),
        (roles.ToolTipText, shades.text),
        (roles.PlaceholderText, shades.muted),
        (roles.Highlight, shades.selection),
        (roles.HighlightedText, shades.text),
        (roles.Link, shades.link),
        (roles.LinkVisited, shades.link),
        (roles.Mid, shades.border),
        (roles.Dark, shades.border),
        (roles.Shadow, shades.border),
        (roles.Light, shades.hover),
        (roles.Midlight, shades.hover),
        (roles.Accent, shades.accent),
    ):
        palette.setColor(role, QColor(value))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(shades.disabled))
    return palette
