"""Sliders of strengths and amounts: what is shown is what is used, and what is recorded."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.copying import steps_of
from app.editor import TakeSource
from app.panels.edit_pages import TextPage
from app.panels.edit_panel import EditPanel
from app.panels.provenance import describe_request
from app.panels.strength_slider import STEPS, StrengthSlider, to_position, to_strength
from app.viewport.blend_bar import BlendBar
from app.viewport.replay_bar import ReplayBar
from app.viewport.slider_bar import LEAST
from tests.app.panels.conftest import Desk

Show = Callable[..., QWidget]


@pytest.mark.parametrize(
    ("strength", "word"),
    [(0.02, "Refine"), (0.05, "Refine"), (0.1, "Vary"), (0.25, "Vary"), (0.4, "Replace"), (1.0, "Replace")],
)
def test_strength_is_labelled_by_its_effect(qtbot: QtBot, strength: float, word: str) -> None:
    slider = StrengthSlider(0.0, 1.0, strength)
    qtbot.addWidget(slider)
    assert slider.effect.text() == word
    assert slider.number.text() == f"{strength:.2f}"
    assert word in slider.slider.accessibleDescription()


@pytest.mark.parametrize(("low", "high"), [(0.0, 0.5), (0.02, 1.0), (0.1, 1.0), (0.01, 0.2)])
def test_every_hundredth_has_a_position(low: float, high: float) -> None:
    values = [to_strength(position, low, high) for position in range(STEPS + 1)]
    assert values == sorted(values)
    assert set(values) == {number / 100 for number in range(round(100 * low), round(100 * high) + 1)}
    assert all(to_strength(to_position(value, low, high), low, high) == value for value in values)


def test_the_low_end_is_fine(qtbot: QtBot) -> None:
    """A third of the slider is for strengths below .08, where most of the useful range lies."""
    assert to_strength(STEPS // 3, 0.0, 1.0) == pytest.approx(0.08, abs=0.002)


def test_arrow_keys_move_the_strength(qtbot: QtBot, shown: Show) -> None:
    slider = StrengthSlider(0.01, 0.2, 0.05)
    shown(slider, 300, 80)
    for key, strength in ((Qt.Key.Key_Right, 0.06), (Qt.Key.Key_Right, 0.07), (Qt.Key.Key_Left, 0.06)):
        QTest.keyClick(slider.slider, key)
        assert slider.strength == strength
    QTest.keyClick(slider.slider, Qt.Key.Key_PageUp)
    assert slider.strength > 0.06


@pytest.mark.parametrize("key", ["mix", "vary", "text", "refine", "blend"])
def test_what_a_slider_shows_is_what_is_used(qtbot: QtBot, desk: Desk, key: str) -> None:
    desk.select(1)
    if key == "blend":
        viewport = QWidget()
        qtbot.addWidget(viewport)
        bar = BlendBar(viewport)
        bar.open("back", ["Chair 2"])
        slider = bar.slider

        def used() -> tuple[str, float, str]:
            assert desk.editor.blend(desk.editor.blend_ends()[0], bar.amount)
            (step,) = steps_of(desk.document)[-1].calls
            told, amount = desk.document.stack.undoText(), step.arguments[2]
            assert isinstance(amount, float)
            desk.document.stack.undo()
            return bar.amount_label.text().removesuffix(" %"), 100 * amount, told
    else:
        panel = EditPanel(desk.document, desk.editor)
        qtbot.addWidget(panel)
        panel.show_page(key)
        if key == "mix":
            desk.editor.take_source = TakeSource("s2", frozenset({1}))
        elif key == "text":
            page = panel.page
            assert isinstance(page, TextPage)
            page.prompt.set_text("a round back")
        chooser = panel.page.strength  # type: ignore[attr-defined]
        slider = chooser.slider

        def used() -> tuple[str, float, str]:
            panel.run()
            request = desk.requests[-1]
            return chooser.number.text(), request.strength, describe_request(request)  # type: ignore[attr-defined]

    for position in range(slider.maximum(), 0, -slider.maximum() // 7):
        slider.setValue(position)
        shown, amount, told = used()
        assert float(shown) == pytest.approx(amount, abs=1e-12)
        assert shown in told


def test_a_strength_of_a_script_is_kept_until_the_slider_is_moved(qtbot: QtBot) -> None:
    slider = StrengthSlider(0.0, 0.5, 0.1)
    qtbot.addWidget(slider)
    assert (slider.strength, slider.number.text()) == (0.1, "0.10")
    slider.set_strength(0.099)
    assert (slider.strength, slider.number.text()) == (0.099, "0.099")
    slider.slider.setValue(slider.slider.value() + 2)
    assert (slider.strength, slider.number.text()) == (0.1, "0.10")
    slider.set_strength(0.9)
    assert slider.strength == 0.5


@pytest.mark.parametrize("width", [420, 480, 1200])
def test_bars_stay_inside_a_narrow_viewport(shown: Show, width: int) -> None:
    viewport = QWidget()
    shown(viewport, width, 300)
    blend, replay = BlendBar(viewport), ReplayBar(viewport)
    blend.open("4 legs of a chair with quite a long name", ["candidate 1701248159", "Chair 2"])
    replay.open("Seed 1701248159", 16)
    for bar, words in ((blend, blend.start), (replay, replay.title)):
        assert viewport.rect().contains(bar.geometry())
        QApplication.processEvents()
        assert bar.rect().contains(bar.close_button.geometry())
        assert bar.slider.width() >= LEAST
        assert (words.shown == words.text()) == (width == 1200)
        assert (bar.slider.width() == 220) == (width == 1200)
