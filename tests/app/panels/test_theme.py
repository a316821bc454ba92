"""Contrast, icons, switching."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from app import theme
from core.scene.palette import LABEL_COLORS

READABLE = 4.5
"""WCAG 2 AA for text."""

SYMBOL = 3.0
"""WCAG 2 AA for symbols and borders of inputs."""


def luminance(color: str) -> float:
    channels = QColor(color).getRgbF()[:3]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_black_on_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)


@pytest.mark.parametrize("shades", [theme.DARK, theme.LIGHT], ids=lambda shades: shades.name)
@pytest.mark.parametrize("text", ["text", "muted", "link", "danger", "warning", "success"])
@pytest.mark.parametrize("under", ["window", "panel", "field", "hover", "pressed", "selection", "tooltip"])
def test_text_is_readable_on_every_background(shades: theme.Colors, text: str, under: str) -> None:
    assert contrast(getattr(shades, text), getattr(shades, under)) >= READABLE


@pytest.mark.parametrize("shades", [theme.DARK, theme.LIGHT], ids=lambda shades: shades.name)
def test_text_on_the_accent_is_readable(shades: theme.Colors) -> None:
    assert contrast(shades.on_accent, shades.accent) >= READABLE
    assert contrast(shades.on_accent, shades.accent_hover) >= READABLE


@pytest.mark.parametrize("name", theme.icon_names())
def test_every_drawing_draws_something(qtbot: QtBot, name: str) -> None:
    image = theme.pixmap(name, 24, "#ff0000").toImage()
    inked = [
        image.pixelColor(x, y) for x in range(24) for y in range(24) if image.pixelColor(x, y).alpha() > 60
    ]
    assert 8 < len(inked) < 24 * 24 * 0.6


def test_an_unknown_drawing_is_refused(qtbot: QtBot) -> None:
    with pytest.raises(FileNotFoundError):
        theme.icon("no-such-drawing")


def test_icons_and_style_follow_the_theme(qtbot: QtBot, qapp: QApplication) -> None:
    button = QToolButton()
    qtbot.addWidget(button)
    theme.bind_icon(button, "undo")
    theme.apply_theme(qapp, False)
    told: list[bool] = []
    theme.changes.theme_changed.connect(told.append)
    brightness = []
    for dark in (True, False, False):  # the same again changes nothing and is not told
        theme.apply_theme(qapp, dark)
        image = button.icon().pixmap(24, 24).toImage()
        lit = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
        brightness.append(max(color.lightness() for color in lit if color.alpha() > 200))
        assert theme.colors().panel in qapp.styleSheet()
    theme.changes.theme_changed.disconnect(told.append)
    assert told == [True, False]
    assert brightness[0] > 200
    assert brightness[1] == brightness[2] < 100


def test_the_style_sheet_has_no_unknown_colour(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply_theme(qapp, True)
    assert "$" not in qapp.styleSheet()


@pytest.mark.parametrize("shades", [theme.DARK, theme.LIGHT], ids=lambda shades: shades.name)
def test_part_chips_stand_out_from_the_edge_or_the_panel(shades: theme.Colors) -> None:
    for color in LABEL_COLORS.values():
        name = QColor.fromRgbF(*color).name()
        ring = max(contrast(shades.strong_border, shades.panel), contrast(name, shades.panel))
        assert ring >= 1.5


@pytest.mark.gl
@pytest.mark.parametrize("shades", [theme.DARK, theme.LIGHT], ids=lambda shades: shades.name)
def test_hints_in_empty_fields_are_readable(qtbot: QtBot, qapp: QApplication, shades: theme.Colors) -> None:
    theme.apply_theme(qapp, shades is theme.DARK)
    field = QLineEdit()
    qtbot.addWidget(field)
    field.setPlaceholderText("████")  # filled, so that no pixel is a mixture
    field.resize(200, 30)
    image = field.grab().toImage()
    inside = {image.pixelColor(x, 15).name() for x in range(4, 60)}
    best = max(contrast(color, shades.field) for color in inside)
    theme.apply_theme(qapp, True)
    assert best >= READABLE
