"""Run buttons submit exactly the request they announce; impossible ones are off and say why."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.editor import TakeSource
from app.panels.edit_panel import EditPanel
from app.panels.mix_page import ALIKE, NOTHING, REDRAW_MILLISECONDS, SELECTED, MixPage
from core.edits.requests import (
    MAX_SEED,
    Complete,
    Generate,
    Mix,
    Refine,
    Sampled,
    TextEdit,
    Vary,
)
from core.scene.selection import PartRef
from tests.app.panels.conftest import Desk

Show = Callable[..., QWidget]


@pytest.fixture
def panel(desk: Desk, shown: Show) -> EditPanel:
    panel = EditPanel(desk.document, desk.editor)
    shown(panel, 360, 760)
    panel.sampling.seed_edit.setText("7")
    panel.sampling.lock_button.setChecked(True)
    panel.sampling.count_spin.setValue(3)
    return panel


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def run(panel: EditPanel, desk: Desk) -> Sampled:
    """Click the run button; the one request it submitted."""
    before = len(desk.requests)
    click(panel.run_button)
    assert len(desk.requests) == before + 1
    return desk.requests[-1]


def mix_page(panel: EditPanel) -> MixPage:
    page = panel.pages["mix"]
    assert isinstance(page, MixPage)
    return page


@pytest.mark.parametrize("key", ["generate", "complete", "mix", "vary", "text", "refine"])
def test_tabs_bring_their_page_to_the_front(panel: EditPanel, key: str) -> None:
    click(panel.tabs[key])
    assert panel.page.key == key
    assert [page.key for page in panel.pages.values() if page.isVisible()] == [key]


def test_arrow_keys_switch_pages(panel: EditPanel) -> None:
    panel.tabs["generate"].setFocus()
    QTest.keyClick(panel.tabs["generate"], Qt.Key.Key_Right)
    assert panel.page.key == "complete"


def test_generate(panel: EditPanel, desk: Desk) -> None:
    assert panel.run_button.words == "Generate 3 shapes"
    QTest.keyClicks(panel.pages["generate"].prompt.edit, "two  legs & arms")  # type: ignore[attr-defined]
    panel.sampling.guidance_spin.setValue(3.5)
    panel.sampling.steps_spin.setValue(40)
    request = run(panel, desk)
    assert isinstance(request, Generate)
    assert request.text == "two legs & arms"
    assert (request.seed, request.count, request.steps, request.guidance) == (7, 3, 40, 3.5)


def test_control_enter_in_the_prompt_runs(panel: EditPanel, desk: Desk) -> None:
    edit = panel.pages["generate"].prompt.edit  # type: ignore[attr-defined]
    QTest.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(desk.requests) == 1
    assert edit.toPlainText() == ""


def test_complete_says_which_parts_and_takes_twins_along(panel: EditPanel, desk: Desk) -> None:
    panel.show_page("complete")
    desk.select(2)
    assert panel.run_button.words == "Complete 2 legs of Chair 1"
    assert panel.target_hint.text() == "Leg selected, with its twin"
    request = run(panel, desk)
    assert isinstance(request, Complete)
    assert request.base is desk.document.scene.shape("s1")
    assert request.parts == (2, 3)
    assert request.seed == 7
    desk.editor.twins_enabled = False
    assert panel.run_button.words == "Complete leg of Chair 1"
    assert run(panel, desk).parts == (2,)  # type: ignore[attr-defined]


def test_locked_parts_are_refused_with_the_reason(panel: EditPanel, desk: Desk) -> None:
    panel.show_page("complete")
    desk.editor.set_locked([PartRef("s1", 1)], True)
    desk.select(1)
    assert not panel.run_button.isEnabled()
    assert "back is locked" in panel.reason.text()
    assert panel.reason.isVisible()
    click(panel.run_button)
    assert desk.requests == []
    desk.editor.set_locked([PartRef("s1", 1)], False)
    assert panel.run_button.isEnabled()
    assert not panel.reason.isVisible()


def test_complete_without_a_selection_means_hidden_parts(panel: EditPanel, desk: Desk) -> None:
    panel.show_page("complete")
    desk.editor.set_visible([PartRef("s1", 1)], False)
    assert panel.run_button.words == "Complete back of Chair 1"


def test_vary_uses_the_strength(panel: EditPanel, desk: Desk) -> None:
    panel.show_page("vary")
    desk.select(0, 1)
    panel.pages["vary"].strength.set_strength(0.5)  # type: ignore[attr-defined]
    request = run(panel, desk)
    assert isinstance(request, Vary)
    assert request.strength == pytest.approx(0.5, abs=0.005)
    assert request.parts == (0, 1)


def test_text_needs_words_and_parts(panel: EditPanel, desk: Desk) -> None:
    panel.show_page("text")
    assert panel.reason.text() == "Write what the parts should become."
    QTest.keyClicks(panel.pages["text"].prompt.edit, "with gaps")  # type: ignore[attr-defined]
    assert panel.reason.text().startswith("Select the parts that the words are about")
    desk.select(1)
    request = run(panel, desk)
    assert isinstance(request, TextEdit)
    assert (request.text, request.parts, request.strength) == ("with gaps", (1,), 1.0)


def test_text_without_a_selection_finds_its_parts_and_names_them(panel: EditPanel, desk: Desk) -> None:
    panel.show_page("text")
    QTest.keyClicks(panel.pages["text"].prompt.edit, "round arms")  # type: ignore[attr-defined]
    assert "2 arms of Chair" in panel.run_button.text()
    request = run(panel, desk)
    assert isinstance(request, TextEdit)
    assert request.parts == (4, 5)


def test_refine_without_a_selection_means_everything(panel: EditPanel, desk: Desk) -> None:
    panel.show_page("refine")
    request = run(panel, desk)
    assert isinstance(request, Refine)
    assert request.parts == ()
    assert request.strength == pytest.approx(0.05, abs=0.002)


def test_an_empty_scene_turns_all_but_generate_off(panel: EditPanel, desk: Desk) -> None:
    desk.document.new()
    for key in panel.pages:
        panel.show_page(key)
        assert panel.run_button.isEnabled() == (key == "generate")
        assert bool(panel.reason.text()) == (key != "generate")


def test_without_a_model_nothing_runs_and_the_reason_is_shown(
    desk: Desk, shown: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.worker, "_error", "The model could not be loaded: no file.")
    panel = EditPanel(desk.document, desk.editor)
    shown(panel)
    assert not panel.run_button.isEnabled()
    assert "could not be loaded" in panel.reason.text()


# --- mix ----------------------------------------------------------------------------------------------


def tick(page: MixPage, row: int) -> None:
    """Click the check box of a row."""
    rect = page.part_list.visualItemRect(page.part_list.item(row))
    spot = rect.topLeft()
    spot.setX(rect.left() + 12)
    spot.setY(rect.center().y())
    QTest.mouseClick(
        page.part_list.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot
    )


def test_mix_takes_ticked_parts_in_place_of_their_kind(panel: EditPanel, desk: Desk) -> None:
    panel.show_page("mix")
    page = mix_page(panel)
    assert page.source_combo.currentText() == "Chair 2 (6 parts)"
    assert panel.reason.text() == "Choose the parts of Chair 2 to take."
    tick(page, 2)
    assert desk.editor.take_source == TakeSource("s2", frozenset({2, 3}))
    assert panel.run_button.words == "Mix 2 legs of Chair 2 into Chair 1"
    request = run(panel, desk)
    assert isinstance(request, Mix)
    assert (request.base.id, request.source.id) == ("s1", "s2")
    assert (request.take, request.drop) == ((2, 3), (2, 3))
    assert request.strength == 0.1
    tick(page, 3)
    assert page.taken == ()


def test_mix_can_replace_the_selection_or_nothing(panel: EditPanel, desk: Desk) -> None:
    panel.show_page("mix")
    page = mix_page(panel)
    desk.editor.take_source = TakeSource("s2", frozenset({1}))
    assert [page.drop_combo.itemData(i) for i in range(page.drop_combo.count())] == [ALIKE, NOTHING]
    desk.select(4)
    page.drop_combo.setCurrentIndex(page.drop_combo.findData(SELECTED))
    assert run(panel, desk).drop == (4, 5)  # type: ignore[attr-defined]
    page.drop_combo.setCurrentIndex(page.drop_combo.findData(NOTHING))
    assert run(panel, desk).drop == ()  # type: ignore[attr-defined]


def test_mix_raw_is_strength_zero(panel: EditPanel, desk: Desk) -> None:
    panel.show_page("mix")
    page = mix_page(panel)
    desk.editor.take_source = TakeSource("s2", frozenset({1}))
    page.strength.set_strength(0.0)
    assert page.strength.effect.text() == "Raw"
    assert run(panel, desk).strength == 0.0  # type: ignore[attr-defined]


def test_the_source_is_never_the_target(panel: EditPanel, desk: Desk) -> None:
    panel.show_page("mix")
    page = mix_page(panel)
    desk.editor.take_source = TakeSource("s2", frozenset({1}))
    desk.select(0, shape_id="s2")
    assert page.source is desk.document.scene.shape("s1")
    assert page.taken == ()
    desk.select(0, shape_id="s1")
    assert page.taken == (1,)


def test_mix_buttons_take_all_none_and_the_selection(panel: EditPanel, desk: Desk) -> None:
    panel.show_page("mix")
    page = mix_page(panel)
    click(page.all_button)
    assert page.taken == (0, 1, 2, 3, 4, 5)
    click(page.none_button)
    assert page.taken == ()
    assert not page.selection_button.isEnabled()
    selection = desk.document.selection.added([PartRef("s2", 5), PartRef("s1", 0)])
    desk.document.set_selection(selection)
    click(page.selection_button)
    assert page.taken == (5,)


def test_mix_with_one_shape_teaches(panel: EditPanel, desk: Desk) -> None:
    desk.editor.delete_shape("s2")
    panel.show_page("mix")
    assert mix_page(panel)._empty.isVisible()
    assert panel.reason.text() == "Mixing needs a second shape in the scene."


def test_the_source_is_drawn(panel: EditPanel, desk: Desk, qtbot: QtBot) -> None:
    panel.show_page("mix")
    page = mix_page(panel)
    qtbot.waitUntil(lambda: not page.picture.pixmap().isNull(), timeout=2000)
    before = page.picture.pixmap().toImage()
    desk.editor.take_source = TakeSource("s2", frozenset({1}))
    qtbot.waitUntil(lambda: page.picture.pixmap().toImage() != before, timeout=2000)


def test_the_source_is_drawn_only_where_it_is_seen_and_differs(
    panel: EditPanel, desk: Desk, qtbot: QtBot
) -> None:
    page = mix_page(panel)
    panel.show_page("vary")
    qtbot.wait(3 * REDRAW_MILLISECONDS)
    assert page.picture.pixmap().isNull()
    panel.show_page("mix")
    qtbot.waitUntil(lambda: not page.picture.pixmap().isNull(), timeout=2000)
    drawn = page.picture.pixmap().cacheKey()
    desk.document.set_selection(desk.document.selection.added([PartRef("s1", 0)]))
    qtbot.wait(3 * REDRAW_MILLISECONDS)
    assert page.picture.pixmap().cacheKey() == drawn


# --- shared settings ----------------------------------------------------------------------------------


def test_an_unlocked_seed_changes_after_a_run_a_locked_one_stays(panel: EditPanel, desk: Desk) -> None:
    assert run(panel, desk).seed == 7
    assert panel.sampling.settings.seed == 7
    click(panel.sampling.lock_button)
    run(panel, desk)
    assert panel.sampling.settings.seed != 7


def test_dice_and_copy(panel: EditPanel) -> None:
    click(panel.sampling.copy_button)
    assert QGuiApplication.clipboard().text() == "7"
    click(panel.sampling.dice_button)
    assert 0 <= panel.sampling.settings.seed <= MAX_SEED
    assert panel.sampling.seed_edit.text() != "7"


def test_a_seed_above_the_limit_becomes_the_limit(panel: EditPanel, desk: Desk) -> None:
    panel.sampling.seed_edit.clear()
    QTest.keyClicks(panel.sampling.seed_edit, "9999999999")
    QTest.keyClick(panel.sampling.seed_edit, Qt.Key.Key_Return)
    assert panel.sampling.seed_edit.text() == str(MAX_SEED)
    assert run(panel, desk).seed == MAX_SEED


def test_guidance_shows_only_where_words_steer(panel: EditPanel) -> None:
    assert not panel.sampling.guidance_spin.isVisible()
    panel.pages["generate"].prompt.set_text("no arms")  # type: ignore[attr-defined]
    assert panel.sampling.guidance_spin.isVisible()
    panel.show_page("vary")
    assert not panel.sampling.guidance_spin.isVisible()


def test_what_to_avoid_goes_along_and_shows_the_guidance(panel: EditPanel, desk: Desk) -> None:
    box = panel.sampling
    assert box.negative_edit.isVisible()
    QTest.keyClicks(box.negative_edit, "wheels")
    assert box.guidance_spin.isVisible()
    request = run(panel, desk)
    assert request.negative == "wheels"
    panel.show_page("vary")
    assert not box.negative_edit.isVisible()
    desk.select(1)
    assert run(panel, desk).negative == ""
    box.negative_edit.clear()
    panel.restore(request)
    assert box.negative_edit.text() == "wheels"


def test_earlier_prompts_come_from_the_scene(panel: EditPanel) -> None:
    prompt = panel.pages["generate"].prompt  # type: ignore[attr-defined]
    prompt._menu.aboutToShow.emit()
    assert [action.data() for action in prompt.history] == ["round arms", "a low back"]
    prompt.history[1].trigger()
    assert prompt.text == "a low back"


def test_restoring_a_request_shows_all_its_settings(panel: EditPanel, desk: Desk) -> None:
    base = desk.document.scene.shape("s1")
    request = TextEdit(
        base=base, parts=(1,), text="gaps", strength=0.6, seed=99, count=2, steps=25, guidance=4.0,
        negative="a solid back",
    )  # fmt: skip
    desk.select(1)
    panel.restore(request)
    again = run(panel, desk)
    assert isinstance(again, TextEdit)
    for name in ("base", "parts", "text", "seed", "count", "steps", "guidance", "negative"):
        assert getattr(again, name) == getattr(request, name)
    assert again.strength == pytest.approx(0.6, abs=0.005)


def test_parameters_survive_a_round_trip(panel: EditPanel, desk: Desk, qtbot: QtBot) -> None:
    panel.show_page("vary")
    panel.pages["vary"].strength.set_strength(0.4)  # type: ignore[attr-defined]
    panel.sampling.steps_spin.setValue(30)
    other = EditPanel(desk.document, desk.editor)
    qtbot.addWidget(other)
    other.set_parameters(panel.parameters())
    assert other.parameters() == panel.parameters()


def test_odd_parameters_are_skipped(panel: EditPanel) -> None:
    before = panel.parameters()
    panel.set_parameters({"page": "nothing", "count": "many", "strengths": [1], "other": None})
    assert panel.parameters() == before
