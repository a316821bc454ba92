"""Prompts are suggested from the model's vocabulary, and earlier ones are found again by searching."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.document import Document
from app.panels.edit_panel import EditPanel
from app.panels.prompt_box import PromptBox
from app.panels.suggesting_edit import fragment_of, suggestions
from tests.app.conftest import Bench
from tests.app.numpy_engine import VOCABULARY

Show = Callable[..., QWidget]


def write_into(box: PromptBox, qtbot: QtBot) -> None:
    """Put the keyboard there, as a click does."""
    box.window().activateWindow()
    box.edit.setFocus()
    qtbot.waitUntil(box.edit.hasFocus)


@pytest.fixture
def prompt(document: Document, shown: Show, qtbot: QtBot) -> PromptBox:
    box = PromptBox(document, "Description", "e.g. a chair")
    box.edit.set_vocabulary(VOCABULARY)
    shown(box, 360, 120)
    write_into(box, qtbot)
    return box


def listed(box: PromptBox) -> list[str]:
    """What the open list suggests."""
    popup = box.edit.completer.popup()
    if not popup.isVisible():
        return []
    model = popup.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def test_the_fragment_is_what_follows_the_last_comma_or_joining_word() -> None:
    for text, fragment in (
        ("swi", "swi"),
        ("a chair with round ar", "round ar"),
        ("four legs, round", "round"),
        ("round arms and ", ""),
        ("wheels but no arms; a high b", "high b"),
    ):
        assert fragment_of(text) == fragment


def test_words_in_the_middle_of_a_phrase_are_found_after_those_at_its_beginning() -> None:
    assert suggestions("r", VOCABULARY) == []
    assert suggestions("ro", VOCABULARY) == ["round arms", "round back", "rounded corners"]
    assert suggestions("back", VOCABULARY) == ["round back"]
    assert suggestions("round back", VOCABULARY) == []
    assert suggestions("ck", VOCABULARY) == []


def test_a_suggestion_is_taken_with_the_keyboard(prompt: PromptBox) -> None:
    QTest.keyClicks(prompt.edit, "a chair with roun")
    assert listed(prompt) == ["round arms", "round back", "rounded corners"]
    popup = prompt.edit.completer.popup()
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert prompt.text == "a chair with round back"
    assert listed(prompt) == []
    QTest.keyClicks(prompt.edit, " and fo")
    assert listed(prompt) == ["four legs"]


def test_the_list_closes_with_escape_and_writing_goes_on(prompt: PromptBox) -> None:
    QTest.keyClicks(prompt.edit, "swi")
    popup = prompt.edit.completer.popup()
    assert listed(prompt) == ["swivel chair"]
    QTest.keyClicks(popup, "v")
    assert prompt.text == "swiv"
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    assert listed(prompt) == []
    assert prompt.text == "swiv"
    QTest.keyClicks(prompt.edit, "q")
    assert listed(prompt) == []


def test_a_prompt_put_there_otherwise_suggests_nothing(prompt: PromptBox) -> None:
    prompt.edit.clearFocus()
    prompt.set_text("rou")
    assert listed(prompt) == []


def test_the_panel_suggests_what_its_model_has_read(bench: Bench, shown: Show, qtbot: QtBot) -> None:
    panel = EditPanel(bench.document, bench.editor)
    shown(panel, 360, 760)
    box = panel.pages["generate"].prompt  # type: ignore[attr-defined]
    write_into(box, qtbot)
    QTest.keyClicks(box.edit, "four")
    assert listed(box) == ["four legs"]


def test_earlier_prompts_can_be_searched(prompt: PromptBox, document: Document, qtbot: QtBot) -> None:
    texts = [f"prompt {number} with {'arms' if number % 3 else 'wheels'}" for number in range(30)]
    document.apply(replace(document.scene, prompts=tuple(texts)), "Write prompts")
    prompt._menu.popup(prompt.mapToGlobal(prompt.rect().bottomLeft()))
    assert prompt.search_edit.isVisible()
    assert [action.data() for action in prompt.history if action.isVisible()] == texts[:20]
    qtbot.waitUntil(prompt.search_edit.hasFocus)
    QTest.keyClicks(prompt.search_edit, "wheels 2")
    found = [action.data() for action in prompt.history if action.isVisible()]
    assert found == [
        "prompt 12 with wheels",
        "prompt 21 with wheels",
        "prompt 24 with wheels",
        "prompt 27 with wheels",
    ]
    QTest.keyClick(prompt.search_edit, Qt.Key.Key_Return)
    assert prompt.text == "prompt 12 with wheels"
    assert not prompt._menu.isVisible()


def test_few_prompts_need_no_search(prompt: PromptBox, document: Document) -> None:
    document.apply(replace(document.scene, prompts=("one", "two")), "Write prompts")
    prompt._menu.aboutToShow.emit()
    assert not prompt._search.isVisible()
    assert [action.data() for action in prompt.history] == ["one", "two"]
