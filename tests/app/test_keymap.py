"""Keys of commands: changed, taken over, reset, stored, and never in conflict."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.commands import COMMANDS
from app.keymap import MOST_KEYS, RESERVED, Keymap, portable
from app.settings import FILE_NAME, Settings

IDS = [command.id for command in COMMANDS]
KEYS = ["G", "Ctrl+G", "X", "Del", "F", "Shift+F9", "Ctrl+Alt+K", "?", "Esc", "Tab", "no key", ""]


def all_keys(keymap: Keymap) -> list[str]:
    return [key for command in COMMANDS for key in keymap.keys(command.id)]


def test_without_changes_they_are_those_of_the_table() -> None:
    keymap = Keymap(COMMANDS, {})
    for command in COMMANDS:
        keys = tuple(key for key in (command.shortcut, *command.other_shortcuts) if key)
        assert keymap.keys(command.id) == tuple(map(portable, keys))
        assert len(keymap.keys(command.id)) == len(keys)
    assert keymap.all_default
    assert not keymap.can_undo


def test_a_key_is_added_removed_and_taken_back() -> None:
    stored: dict[str, list[str]] = {}
    keymap = Keymap(COMMANDS, stored)
    keymap.add("edit.move", "Ctrl+Alt+K")
    assert keymap.keys("edit.move") == ("G", "Ctrl+Alt+K")
    assert stored == {"edit.move": ["G", "Ctrl+Alt+K"]}
    keymap.remove("edit.move", "G")
    assert keymap.hint("edit.move") == " (Ctrl+Alt+K)"
    keymap.undo()
    keymap.undo()
    assert stored == {}
    assert keymap.all_default


def test_taking_a_key_over_and_resetting_both_ways() -> None:
    stored: dict[str, list[str]] = {}
    keymap = Keymap(COMMANDS, stored)
    assert keymap.owner("f") is keymap.commands["view.frame"]
    keymap.add("edit.move", "F")
    assert keymap.keys("view.frame") == ()
    assert keymap.hint("view.frame") == ""
    assert Keymap(COMMANDS, dict(stored)).keys("view.frame") == ()
    assert set(keymap.clashes("view.frame")) == {"F"}
    keymap.reset("view.frame")
    assert (keymap.keys("view.frame"), keymap.keys("edit.move")) == (("F",), ("G",))
    assert stored == {}
    keymap.add("edit.move", "F")
    keymap.reset_all()
    assert keymap.all_default
    assert stored == {}
    keymap.undo()
    assert keymap.keys("edit.move") == ("G", "F")


def test_keys_that_no_command_can_have() -> None:
    keymap = Keymap(COMMANDS, {})
    for key in (*RESERVED, "no key", ""):
        with pytest.raises(ValueError, match="Press another one"):
            keymap.add("edit.move", key)
    keymap.remove("view.display", "Tab")
    keymap.add("view.display", "Tab")
    assert keymap.all_default
    for number in range(1, MOST_KEYS):
        keymap.add("edit.move", f"Ctrl+F{number}")
    with pytest.raises(ValueError, match="at most"):
        keymap.add("edit.move", "Ctrl+F11")


@pytest.mark.parametrize(
    "bad",
    [
        {"edit.move": 3},
        {"edit.move": [3]},
        {"edit.move": ["no key"]},
        {"edit.move": ["Return"]},
        {"edit.move": ["F9"], "edit.scale": ["F9"]},
    ],
)
def test_bad_stored_keys_are_told_and_do_no_harm(bad: dict[str, list[str]]) -> None:
    keymap = Keymap(COMMANDS, bad)
    assert len(keymap.problems) == 1
    assert "Move" in keymap.problems[0] or "Scale" in keymap.problems[0]
    assert max(Counter(all_keys(keymap)).values()) == 1


def test_a_key_the_person_chose_wins_over_a_new_command_of_the_table() -> None:
    keymap = Keymap(COMMANDS, {"edit.move": ["F"], "some.newer": ["F7"]})
    assert keymap.keys("edit.move") == ("F",)
    assert keymap.keys("view.frame") == ()
    assert keymap.problems == []


def test_keys_come_back(tmp_path: Path) -> None:
    settings = Settings.load(tmp_path)
    Keymap(COMMANDS, settings.shortcuts).add("edit.move", "F9")
    assert settings.save()
    assert json.loads((tmp_path / FILE_NAME).read_text())["shortcuts"] == {"edit.move": ["G", "F9"]}
    assert Keymap(COMMANDS, Settings.load(tmp_path).shortcuts).keys("edit.move") == ("G", "F9")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["add", "remove", "reset", "undo"]), st.sampled_from(IDS), st.sampled_from(KEYS)
        )
    )
)
def test_whatever_one_does_no_key_has_two_commands_and_all_can_be_undone(
    steps: list[tuple[str, str, str]],
) -> None:
    stored: dict[str, list[str]] = {}
    keymap = Keymap(COMMANDS, stored)
    for what, command_id, key in steps:
        if what == "add" and not keymap.refusal(command_id, key):
            owner = keymap.owner(key)
            if owner is None or owner.id != command_id:
                keymap.add(command_id, key)
        elif what == "remove":
            keymap.remove(command_id, key)
        elif what == "reset":
            keymap.reset(command_id)
        elif what == "undo":
            keymap.undo()
        assert max(Counter(all_keys(keymap)).values()) == 1
        again = Keymap(COMMANDS, dict(stored))
        assert {known: again.keys(known) for known in IDS} == {known: keymap.keys(known) for known in IDS}
        assert again.problems == []
    while keymap.can_undo:
        keymap.undo()
    assert keymap.all_default
