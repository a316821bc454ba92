"""The document: one pointer, stored inverses, selection always valid, files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from app.document import ApplyEdit, Document
from core.edits.requests import Generate
from core.scene.scene import Scene
from core.scene.selection import PartRef, Selection
from core.scene.storage import SceneFileError
from tests.app.numpy_engine import make_shape


def renamed(scene: Scene, name: str) -> Scene:
    return scene.with_shape(replace(scene.shapes[0], name=name))


def test_apply_moves_the_pointer_and_undo_brings_the_very_same_scene_back(chair_document: Document) -> None:
    before = chair_document.scene
    after = renamed(before, "Throne")
    seen: list[tuple[Scene, Scene]] = []
    chair_document.scene_changed.connect(lambda old, new: seen.append((old, new)))
    chair_document.apply(after, "Rename")
    assert chair_document.scene is after
    chair_document.stack.undo()
    assert chair_document.scene is before
    chair_document.stack.redo()
    assert chair_document.scene is after
    assert [(old is before, new is after) for old, new in seen] == [
        (True, True),
        (False, False),
        (True, True),
    ]


def test_applying_the_current_scene_is_no_step(chair_document: Document) -> None:
    chair_document.apply(chair_document.scene, "Nothing")
    assert chair_document.stack.count() == 0
    assert not chair_document.modified


def test_a_step_keeps_its_request_and_text(chair_document: Document) -> None:
    request = Generate(seed=7)
    chair_document.apply(renamed(chair_document.scene, "A"), "Generate (seed 7)", request)
    step = chair_document.stack.command(0)
    assert isinstance(step, ApplyEdit)
    assert step.request is request
    assert chair_document.stack.undoText() == "Generate (seed 7)"


def test_steps_with_one_key_merge_and_others_do_not(chair_document: Document) -> None:
    first = chair_document.scene
    for number in range(3):
        chair_document.apply(renamed(chair_document.scene, f"n{number}"), "Nudge", merge_key="nudge")
    assert chair_document.stack.count() == 1
    chair_document.apply(renamed(chair_document.scene, "other"), "Turn", merge_key="turn")
    chair_document.apply(renamed(chair_document.scene, "plain"), "Rename")
    assert chair_document.stack.count() == 3
    chair_document.stack.setIndex(0)
    assert chair_document.scene is first
    chair_document.stack.setIndex(1)
    assert chair_document.scene.shapes[0].name == "n2"


def test_a_step_never_merges_across_a_save(chair_document: Document, tmp_path: Path) -> None:
    chair_document.apply(renamed(chair_document.scene, "a"), "Nudge", merge_key="nudge")
    chair_document.save(tmp_path / "a.partsmith")
    chair_document.apply(renamed(chair_document.scene, "b"), "Nudge", merge_key="nudge")
    assert chair_document.stack.count() == 2
    chair_document.stack.undo()
    assert not chair_document.modified


def test_selection_is_valid_before_anybody_is_told(chair_document: Document) -> None:
    shape = chair_document.scene.shapes[0]
    chair_document.set_selection(Selection(frozenset({PartRef("s1", 1), PartRef("s1", 2)}), "s1"))
    seen: list[frozenset[PartRef]] = []
    chair_document.scene_changed.connect(lambda old, new: seen.append(chair_document.selection.parts))
    chair_document.apply(chair_document.scene.with_shape(shape.subset([0, 2])), "Delete back")
    assert seen == [frozenset({PartRef("s1", 2)})]
    chair_document.stack.undo()
    assert chair_document.selection.parts == {PartRef("s1", 1), PartRef("s1", 2)}


def test_selecting_what_is_not_there_is_left_out(chair_document: Document, qtbot: QtBot) -> None:
    chair_document.set_selection(Selection(frozenset({PartRef("s1", 99), PartRef("s9", 0)}), "s9"))
    assert chair_document.selection == Selection(frozenset(), "s1")
    with qtbot.assertNotEmitted(chair_document.selection_changed):
        chair_document.set_selection(Selection(frozenset(), "s1"))


def test_save_open_and_modified(chair_document: Document, tmp_path: Path) -> None:
    path = tmp_path / "chair.partsmith"
    states: list[bool] = []
    chair_document.modified_changed.connect(states.append)
    chair_document.apply(renamed(chair_document.scene, "Saved"), "Rename")
    assert chair_document.modified
    chair_document.save(path, np.zeros((8, 8, 3), np.uint8))
    assert not chair_document.modified
    assert states == [True, False]
    other = Document()
    other.open(path)
    assert other.path == path
    assert other.title == "chair"
    assert other.stack.count() == 0
    shape = other.scene.shapes[0]
    assert shape.name == "Saved"
    assert shape.latent_hash == chair_document.scene.shapes[0].latent_hash


def test_opening_a_file_clears_the_undo_stack(chair_document: Document, tmp_path: Path) -> None:
    path = chair_document.save(tmp_path / "a.partsmith")
    chair_document.apply(renamed(chair_document.scene, "b"), "Rename")
    chair_document.open(path)
    assert chair_document.stack.count() == 0
    assert chair_document.scene.shapes[0].name == "Chair 1"


def test_a_file_that_is_no_scene_changes_nothing(chair_document: Document, tmp_path: Path) -> None:
    scene, path = chair_document.scene, tmp_path / "bad.partsmith"
    path.write_bytes(b"this is no scene")
    with pytest.raises(SceneFileError):
        chair_document.open(path)
    assert chair_document.scene is scene
    assert chair_document.path is None


def test_saving_without_a_name_is_refused(chair_document: Document) -> None:
    with pytest.raises(ValueError, match="no file yet"):
        chair_document.save()


def test_new_forgets_file_scene_and_steps(chair_document: Document, tmp_path: Path) -> None:
    chair_document.save(tmp_path / "a.partsmith")
    chair_document.new()
    assert len(chair_document.scene) == 0
    assert chair_document.path is None
    assert chair_document.stack.count() == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["edit", "nudge", "undo", "redo"]), max_size=30))
def test_any_walk_through_undo_and_redo_shows_scenes_that_existed(qtbot: QtBot, steps: list[str]) -> None:
    document = Document()
    start = Scene((make_shape(),))
    document._load(start, None)
    known = {id(start): start}
    for number, step in enumerate(steps):
        if step == "undo":
            document.stack.undo()
        elif step == "redo":
            document.stack.redo()
        else:
            scene = renamed(document.scene, f"n{number}")
            known[id(scene)] = scene
            document.apply(scene, step, merge_key="nudge" if step == "nudge" else None)
        assert id(document.scene) in known
    document.stack.setIndex(0)
    assert document.scene is start
