"""Copy as Python: the copied text is run, and what comes out is what the window has, to the last bit."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QMimeData, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

import partsmith
from app.application import Workbench
from app.clipboard import copy_parts, paste
from app.copying import NO_FILE, script_of_candidate, script_of_step
from core.api import context
from core.edits.job import Job
from core.edits.model_info import ModelInfo
from core.edits.requests import Encode, Request, Sampled
from core.edits.results import Candidates, Result
from core.scene.original import Placement
from core.scene.parcel import MIME_TYPE, pack
from core.scene.scene import Scene
from core.scene.selection import PartRef, Selection
from core.scene.storage import read_scene, write_scene
from tests.app.conftest import Bench
from tests.app.numpy_engine import NumpyEngine, make_shape, with_original
from tests.app.steps import ARM, BACK, LEG, SEAT, chair, moved, select


class Answers:
    """The engine of the window's tests, as a session asks it."""

    def __init__(self, *_: object) -> None:
        self._engine = NumpyEngine()

    @property
    def models(self) -> tuple[ModelInfo, ...]:
        return self._engine.models

    def answer(self, request: Request) -> Result:
        asked.append(request)
        return self._engine.run(request, Job())


asked: list[Request] = []
"""What scripts have asked, newest last."""


@pytest.fixture(autouse=True)
def same_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "LazyEngine", Answers)


def run(text: str) -> Scene:
    """Run a copied script as a person would; the scene it ends with."""
    names: dict[str, object] = {}
    exec(compile(text, "copied.py", "exec"), names)
    session = names["session"]
    assert isinstance(session, partsmith.Session)
    return session.scene


def assert_same(made: Scene, wanted: Scene) -> None:
    assert [shape.id for shape in made] == [shape.id for shape in wanted]
    for one, other in zip(made, wanted, strict=True):
        assert one.extrinsics.tobytes() == other.extrinsics.tobytes(), one.id
        assert one.intrinsics.tobytes() == other.intrinsics.tobytes(), one.id
        assert one.parts == other.parts, one.id
        assert (one.name, one.position, one.visible) == (other.name, other.position, other.visible)
        assert (one.checkpoint, one.origin) == (other.checkpoint, other.origin)


def settings_of(request: Request) -> dict[str, object]:
    left_out = ("base", "source", "like", "preview")
    settings = {f.name: getattr(request, f.name) for f in fields(request) if f.name not in left_out}
    return settings | {"kind": type(request)}


def propose(bench: Bench, job: int | None) -> Candidates:
    assert job is not None
    found = bench.candidates[-1]
    assert isinstance(found, Candidates)
    return found


def do_everything(bench: Bench) -> None:
    """Every kind of step that the window knows, in one history."""
    editor = bench.editor

    def accept(job: int | None, number: int = 1) -> None:
        found = propose(bench, job)
        assert editor.accept(found.items[number - 1], found.request)

    accept(editor.generate("a wide chair", seed=3, count=2, steps=5, guidance=1.5, negative="wheels"), 2)
    select(bench, BACK)
    accept(editor.complete(text="round", seed=4, resample=3))
    select(bench, LEG)
    accept(editor.vary(0.3, seed=5, count=3), 3)
    accept(editor.refine(0.06, parts=(), seed=6))
    accept(editor.text_edit("thin arms", 0.7, [ARM], seed=7, steps=9))
    accept(editor.mix("s2", [SEAT, BACK], None, 0.2, seed=8))
    first = propose(bench, editor.vary(0.4, parts=[chair(bench).part_ids[0]], seed=9, count=2))
    assert editor.accept(first.items[0], first.request)
    assert editor.accept(first.items[1], first.request)
    more = propose(bench, editor.more_like(first.items[0], first.request))
    assert editor.accept(more.items[1], more.request)
    ids = chair(bench).part_ids
    editor.look_at(first.items[1], first.request)
    select(bench, ids[0])
    candidate, second = editor.blend_ends()
    assert editor.blend(candidate, 0.3)
    bench.document.set_selection(Selection(frozenset(), "s1"))
    assert editor.blend(second, 0.7)
    editor.twins_enabled = False
    select(bench, ids[1])
    assert editor.blend(second, 1.0)
    editor.twins_enabled = True
    select(bench, ids[1], ids[2])
    assert editor.transform_selection(moved(0.1, 0.2, 0.3), "Move")
    turn = moved(0.01)
    turn[:3, :3] = [[0.8, -0.6, 0.0], [0.6, 0.8, 0.0], [0.0, 0.0, 1.1]]
    assert editor.transform_selection(turn, "Rotate", "turn")
    assert editor.transform_selection(turn, "Rotate", "turn")
    editor.twins_enabled = False
    select(bench, ids[2])
    assert editor.transform_selection(moved(0.0, 0.05), "Move")
    accept(editor.vary(0.2, seed=10))
    editor.twins_enabled = True
    assert editor.duplicate_selection()
    select(bench, ids[0], ids[2])
    assert editor.mirror_selection()
    bench.document.set_selection(Selection(frozenset({PartRef("s1", ids[1]), PartRef("s2", 3)}), "s1"))
    assert editor.swap_selection()
    select(bench, chair(bench).part_ids[0])
    assert editor.swap_with("s2", [bench.document.scene.shape("s2").part_ids[0]])
    first_id = chair(bench).part_ids[0]
    assert editor.step_selection(1)
    assert editor.reorder_parts("s2", bench.document.scene.shape("s2").part_ids[1:3], None)
    select(bench, *chair(bench).part_ids[:3])
    assert editor.group_selection()
    grouped = chair(bench).part_ids[1]
    assert editor.rename_group("s1", chair(bench).part(grouped).group, "It's “one”")
    assert editor.reorder_parts("s1", [grouped], None, [grouped], "")
    select(bench, *chair(bench).part_ids[:2])
    assert editor.duplicate_selection()
    assert editor.ungroup_selection()
    first_shape, *_, last_shape = (shape.id for shape in bench.document.scene)
    assert editor.reorder_shapes([last_shape], first_shape)
    assert editor.reorder_shapes([last_shape], None)
    assert editor.rename_shape("s1", "It's a “throne”")
    assert editor.rename_part("s1", first_id, "Sitz\n2")
    select(bench, first_id)
    assert editor.toggle_lock()
    assert editor.toggle_lock()
    assert editor.hide_selection()
    assert editor.set_shape_visible("s2", False)
    assert editor.show_all()
    select(bench, first_id)
    assert editor.isolate_selection()
    assert editor.show_all()
    select(bench, first_id)
    assert editor.delete_selection()
    assert editor.duplicate_shape("s1")
    assert editor.move_shape("s3", (1.0, 0.1, -0.25))
    select(bench, *bench.document.scene.shape("s2").part_ids, shape_id="s2")
    assert editor.delete_selection()
    assert editor.delete_shape("s1")
    placement = Placement("+z", "-y", (1.0, 2.0, 3.0), 0.125)
    bench.worker.submit(Encode(path="stool.obj", placement=placement, unit=0.01, seed=3), "Import")
    bench.worker.submit(Encode(path="stool.obj"), "Import")


def test_every_step_of_a_history_runs_again(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "it's a chair.partsmith"
    bench.document.save(path)
    do_everything(bench)
    document = bench.document
    count = document.stack.count()
    assert count >= 30
    for number in range(count):
        copied = script_of_step(document, number)
        assert copied.whole
        made = run(copied.text)
        step = document.stack.command(number)
        assert_same(made, step.after)  # type: ignore[attr-defined]
        if isinstance(step.request, Sampled):  # type: ignore[attr-defined]
            # The engine of these tests looks at few of the settings, so they are compared themselves.
            assert settings_of(step.request) in [settings_of(request) for request in asked]  # type: ignore[attr-defined]


def test_a_script_starts_from_the_scene_saved_last(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "chair.partsmith"
    bench.document.save(path)
    select(bench, BACK)
    bench.editor.transform_selection(moved(0.1), "Move")
    bench.editor.delete_selection()
    assert script_of_step(bench.document, 1).text.count("session.") == 2
    bench.document.save(path)
    select(bench, LEG)
    bench.editor.transform_selection(moved(0.0, 0.5), "Move")
    copied = script_of_step(bench.document, 2)
    assert copied.text == (
        f"from partsmith import Session\n\nsession = Session.open({str(path)!r})\n"
        "session.move('s1', [2], (0.0, 0.5, 0.0))\n"
    )
    assert_same(run(copied.text), bench.document.scene)
    # The file has been written over: what came before it starts nowhere, and the script says so.
    earlier = script_of_step(bench.document, 0)
    assert not earlier.whole
    assert earlier.text.startswith(NO_FILE)
    before = path.with_stem("chair-before")
    assert f"Session.open({str(before)!r})" in earlier.text
    write_scene(bench.document.stack.command(0).before, before)  # type: ignore[attr-defined]
    assert_same(run(earlier.text), bench.document.stack.command(0).after)  # type: ignore[attr-defined]


def test_an_opened_file_is_where_scripts_start_until_it_is_written_over(bench: Bench, tmp_path: Path) -> None:
    path, other = tmp_path / "chair.partsmith", tmp_path / "other.partsmith"
    write_scene(Scene((make_shape(3),)), path)
    bench.document.open(path)
    select(bench, BACK)
    bench.editor.delete_selection()
    bench.document.save(other)
    bench.editor.transform_selection(moved(0.1), "Move")
    assert str(path) in script_of_step(bench.document, 0).text
    assert_same(run(script_of_step(bench.document, 0).text), read_scene(other))
    bench.document.save(path)
    assert not script_of_step(bench.document, 0).whole


def test_a_mix_is_made_where_its_source_was_what_it_took(bench: Bench, tmp_path: Path) -> None:
    bench.document.save(tmp_path / "chair.partsmith")
    assert bench.editor.duplicate_shape("s1")
    select(bench, SEAT)
    mixed = propose(bench, bench.editor.mix("s2", [BACK], seed=2))
    select(bench, BACK, shape_id="s2")
    assert bench.editor.transform_selection(moved(0.3), "Move")
    assert bench.editor.accept(mixed.items[0], mixed.request)
    text = script_of_step(bench.document, bench.document.stack.index() - 1).text
    assert text.index("candidates_1 = session.mix") < text.index("session.move")
    assert_same(run(text), bench.document.scene)


def test_a_raw_mix_and_a_refined_one_in_its_place_run_again(bench: Bench, tmp_path: Path) -> None:
    bench.document.save(tmp_path / "chair.partsmith")
    assert bench.editor.duplicate_shape("s1")
    select(bench, SEAT)
    found = propose(bench, bench.editor.mix("s2", [BACK], seed=2, count=3))
    assert found.raw is not None
    copied = script_of_candidate(bench.document, found.raw.items[0], found.raw.request)
    assert bench.editor.accept(found.raw.items[0], found.raw.request)
    raw = bench.document.scene
    assert_same(run(copied.text), raw)
    assert bench.editor.accept(found.items[1], found.request)
    assert bench.document.scene.shape("s1").latent_hash != raw.shape("s1").latent_hash
    text = script_of_step(bench.document, bench.document.stack.index() - 1).text
    assert (text.count("strength=0.0"), text.count("strength=0.1")) == (1, 1)
    assert_same(run(text), bench.document.scene)


def test_a_candidate_runs_again_before_and_after_it_was_accepted(bench: Bench, tmp_path: Path) -> None:
    bench.document.save(tmp_path / "chair.partsmith")
    select(bench, BACK)
    found = propose(bench, bench.editor.vary(0.5, seed=2, count=3))
    copied = script_of_candidate(bench.document, found.items[2], found.request)
    assert bench.editor.accept(found.items[2], found.request)
    wanted = bench.document.scene
    assert_same(run(copied.text), wanted)
    bench.editor.delete_selection()
    assert script_of_candidate(bench.document, found.items[2], found.request).text == copied.text
    np.testing.assert_array_equal(run(copied.text).shapes[0].intrinsics, wanted.shapes[0].intrinsics)


def test_what_was_pasted_is_pasted_again(bench: Bench, tmp_path: Path) -> None:
    editor, document = bench.editor, bench.document
    document.save(tmp_path / "chair.partsmith")
    select(bench, BACK, LEG)
    assert copy_parts(editor)
    assert paste(editor)
    text = script_of_step(document, 0).text
    assert "session.paste('s1', session.copy('s1', [1, 2], twins=False))" in text
    assert_same(run(text), document.scene)
    # What has changed since it was copied is not there to be copied any more.
    select(bench, BACK, LEG)
    assert editor.transform_selection(moved(0.1), "Move")
    assert paste(editor, as_new=True)
    text = script_of_step(document, 2).text
    assert "session.paste_new(" in text
    assert text.count("session.unpack(") == 1
    assert_same(run(text), document.scene)
    # Parts of two shapes at once, of which one is hidden, named by hand and made from a file.
    assert editor.rename_shape("s2", "It's")
    assert editor.set_shape_visible("s2", False)
    document._show(document.scene.with_shape(with_original(document.scene.shape("s2"), "a.obj")), None)
    document.set_selection(Selection(frozenset({PartRef("s1", 0), PartRef("s2", 0)}), "s1"))
    assert copy_parts(editor)
    assert paste(editor)
    assert script_of_step(document, document.stack.index() - 1).text.count("session.copy(") == 3
    assert paste(editor, as_new=True)
    assert_same(run(script_of_step(document, document.stack.index() - 1).text), document.scene)


def test_parts_of_another_window_are_pasted_from_a_script(bench: Bench, tmp_path: Path) -> None:
    source = replace(make_shape(5, "s9", 'Stool "3"'), position=(1.0, 0.0, 2.0))
    mime = QMimeData()
    mime.setData(MIME_TYPE, QByteArray(pack([source])))
    QApplication.clipboard().setMimeData(mime)
    bench.document.save(tmp_path / "chair.partsmith")
    assert paste(bench.editor)
    assert paste(bench.editor, as_new=True)
    assert_same(run(script_of_step(bench.document, 1).text), bench.document.scene)


@pytest.mark.gl
def test_the_history_the_gallery_and_the_edit_menu_copy(
    workbench: Workbench, qtbot: QtBot, tmp_path: Path
) -> None:
    window, document = workbench.window, workbench.document
    document.save(tmp_path / "chair.partsmith")
    document.set_selection(Selection(frozenset({PartRef("s1", 1)}), "s1"))
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(window.viewport.surface, Qt.Key.Key_X)
    QTest.keyClick(window.viewport.surface, Qt.Key.Key_C, control | shift)
    assert_same(run(QApplication.clipboard().text()), document.scene)
    assert "on the clipboard as a Python script" in window.message.text()

    rows = window.history.list
    place = rows.visualRect(window.history.model.index(1, 0)).center()
    QApplication.clipboard().clear()
    # Qt turns a right press into a context menu request by itself only on real platforms.
    rows.customContextMenuRequested.emit(place)
    menus: list[QMenu] = []
    qtbot.waitUntil(lambda: _open_menu(menus), timeout=10_000)
    action = next(found for found in menus[0].actions() if found.text() == "Copy as Python")
    QTest.mouseClick(menus[0], Qt.MouseButton.LeftButton, pos=menus[0].actionGeometry(action).center())
    assert_same(run(QApplication.clipboard().text()), document.scene)

    workbench.editor.vary(0.5, seed=2, count=2)
    group = window.gallery.groups[0]
    QApplication.clipboard().clear()
    tile = group.tiles[1]
    menu = window.gallery.menu_of(tile.candidate, group.request)  # type: ignore[arg-type]
    next(found for found in menu.actions() if found.text() == "Copy as Python").trigger()
    copied = QApplication.clipboard().text()
    tile.click()
    assert_same(run(copied), document.scene)


def _open_menu(found: list[QMenu]) -> bool:
    popup = QApplication.activePopupWidget()
    if isinstance(popup, QMenu):
        found.append(popup)
    return bool(found)
