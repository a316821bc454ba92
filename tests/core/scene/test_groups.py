"""Groups of parts: how they are listed, which edits keep them, and what of them files hold."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.api import Session
from core.edits import instant
from core.edits.job import EditError
from core.edits.ordering import group_parts, reorder_parts, ungroup_parts
from core.edits.pasting import copied_parts, paste_parts, shape_of
from core.edits.preparation import prepare
from core.edits.requests import Mix, Vary
from core.scene.groups import Row, group_names, listed_ids, members, rows, with_group
from core.scene.parcel import pack, unpack
from core.scene.scene import Scene
from core.scene.shape import Shape
from core.scene.storage import FORMAT_VERSION, read_scene, write_scene
from tests.core.scene.strategies import make_shape, random_extrinsics

A, B, C, D, E, F = range(2, 20, 3)
"""Ids of the parts: seat, back, leg, arm, base, wheel."""


def shape(seed: int = 0, shape_id: str = "s1") -> Shape:
    rng = np.random.default_rng(seed)
    return make_shape(random_extrinsics(rng, 6), rng, shape_id)


@pytest.fixture
def grouped() -> Shape:
    """B and D are the group "upper"."""
    return with_group(shape(), (B, D), "upper")


def test_a_group_is_listed_where_its_first_part_is(grouped: Shape) -> None:
    assert rows(grouped) == (
        Row("", (A,)), Row("upper", (B, D)), Row("", (C,)), Row("", (E,)), Row("", (F,)),
    )  # fmt: skip
    assert listed_ids(grouped) == (A, B, D, C, E, F)
    assert members(grouped, "") == ()


def test_grouping_changes_nothing_but_the_group(grouped: Shape) -> None:
    base = shape()
    assert grouped.latent_hash == base.latent_hash
    assert [replace(part, group="") for part in grouped.parts] == list(base.parts)
    assert with_group(grouped, (B,), "upper") is grouped
    assert group_names(ungroup_parts(grouped, (B, D))) == ()


def test_new_groups_have_names_of_their_own_and_empty_ones_go(grouped: Shape) -> None:
    assert group_names(group_parts(grouped, (A, C))) == ("Group", "upper")
    assert group_names(group_parts(grouped, (C,))) == ("upper", "legs")
    again = group_parts(group_parts(grouped, (A, C)), (E, F))
    assert group_names(again) == ("Group", "upper", "Group 2")
    assert group_names(group_parts(again, (A, C, E))) == ("Group", "upper", "Group 2")
    assert members(group_parts(grouped, (C,), "upper"), "upper") == (B, C, D)
    assert group_names(group_parts(grouped, (B, D, A))) == ("Group",)
    with pytest.raises(EditError, match="at least one"):
        group_parts(grouped, ())


def test_reordering_brings_the_parts_of_a_group_together(grouped: Shape) -> None:
    assert reorder_parts(grouped, (B, D), None).part_ids == (A, C, E, F, B, D)
    assert reorder_parts(grouped, (F,), C).part_ids == (A, B, D, F, C, E)
    assert reorder_parts(grouped, (C,), E).part_ids == listed_ids(grouped)


def test_edits_by_hand_keep_groups(grouped: Shape) -> None:
    one = instant.duplicate_parts(grouped, (B,))
    assert members(one, "upper") == (B, D, F + 1)
    both = instant.duplicate_parts(grouped, (D, B, A))
    assert members(both, "upper") == (B, D)
    assert members(both, "upper 2") == (F + 1, F + 2)
    assert both.parts[-1].group == ""
    assert group_names(instant.delete_parts(grouped, (B, D))) == ()
    matrix = np.eye(4)
    matrix[0, 3] = 0.1
    assert instant.transform_parts(grouped, (B,), matrix).parts == grouped.parts
    other = with_group(shape(1, "s2"), (A, B), "upper")
    ours, theirs = instant.swap_parts(grouped, (B,), other, (A, B))
    assert members(ours, "upper") == (D,)
    assert len(members(ours, "upper 2")) == 2
    assert theirs.parts[-1].group == "upper"


def test_pasted_groups_are_groups_of_their_own(grouped: Shape) -> None:
    (copied,) = unpack(pack([copied_parts(grouped, (B, D))]))
    assert [part.group for part in copied.parts] == ["upper", "upper"]
    pasted = paste_parts(grouped, [copied, copied])
    assert {name: len(members(pasted, name)) for name in group_names(pasted)} == {
        "upper": 2, "upper 2": 2, "upper 3": 2,
    }  # fmt: skip
    assert group_names(shape_of(Scene((grouped,)), [copied])) == ("upper",)


def test_what_a_model_makes_is_in_the_group_of_what_it_takes_the_place_of(grouped: Shape) -> None:
    varied = prepare(Vary(base=grouped, parts=(B,)), 16, 8).shape
    assert varied.parts == grouped.parts
    source = with_group(shape(1, "s2"), (A, B), "theirs")
    mixed = prepare(Mix(base=grouped, source=source, take=(A, B), drop=(B,)), 16, 8).shape
    assert group_names(mixed) == ("upper",)
    assert [part.group for part in mixed.parts if part.label == "back"] == ["upper"]
    assert [part.group for part in mixed.parts if part.label == "seat"] == ["", ""]


def test_files_hold_groups_and_nothing_where_there_are_none(grouped: Shape, tmp_path: Path) -> None:
    path, plain = tmp_path / "groups.partsmith", tmp_path / "plain.partsmith"
    write_scene(Scene((grouped,)), path)
    write_scene(Scene((shape(),)), plain)
    assert read_scene(path).shapes[0].parts == grouped.parts
    fields = []
    for name in (path, plain):
        with zipfile.ZipFile(name) as archive:
            document = json.loads(archive.read("scene.json"))
        assert document["version"] == FORMAT_VERSION == 1
        fields.append([part.pop("group", None) for part in document["shapes"][0]["parts"]])
    assert fields == [[None, "upper", None, "upper", None, None], [None] * 6]


def test_scripts_group(grouped: Shape) -> None:
    session = Session(Scene((shape(),)))
    assert session.group("s1", ["back", "arm"], "upper").parts == grouped.parts
    assert session.reorder("s1", "upper").part_ids == (A, C, E, F, B, D)
    assert session.parts("s1", "Upper") == (B, D)
    assert group_names(session.ungroup("s1", "upper")) == ()
    with pytest.raises(EditError, match="has"):
        session.ungroup("s1", "upper")
