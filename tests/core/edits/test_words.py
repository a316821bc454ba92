"""Which parts a sentence speaks of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.edits.words import labels_meant, parts_meant, parts_replaced
from core.scene.shape import Shape
from tests.app.numpy_engine import make_shape

LABELS = ("seat", "back", "leg", "arm", "wheel")
SEAT, BACK, RIGHT_LEG, LEFT_LEG, RIGHT_ARM, LEFT_ARM = range(6)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Chair has round arms and wheels", ("arm", "wheel")),
        ("It's the one with gaps in the back", ("back",)),
        ("A chair with four legs", ("leg",)),
        ("thick leg and arm", ("leg", "arm")),
        ("three feet on castors", ("leg", "wheel")),
        ("padded ARMRESTS", ("arm",)),
        ("an armchair", ()),
        ("something warm and seated", ()),
    ],
)
def test_words_for_parts(text: str, labels: tuple[str, ...]) -> None:
    assert labels_meant(text, LABELS) == labels


def relabelled(shape: Shape, **labels: str) -> Shape:
    parts = tuple(replace(part, label=labels.get(part.label, part.label)) for part in shape.parts)
    return replace(shape, parts=parts)


def test_what_a_shape_stands_on_is_replaced_as_a_whole() -> None:
    standing = relabelled(make_shape(), arm="stretcher")  # seat, back, two legs, two stretchers
    swivel = relabelled(make_shape(), leg="base", arm="wheel")
    legs_and_stretchers = (RIGHT_LEG, LEFT_LEG, RIGHT_ARM, LEFT_ARM)
    assert parts_replaced(standing, swivel, [RIGHT_LEG]) == legs_and_stretchers
    assert parts_replaced(standing, swivel, [RIGHT_ARM, BACK]) == (BACK, *legs_and_stretchers)
    assert parts_replaced(swivel, standing, [LEFT_ARM]) == legs_and_stretchers
    assert parts_replaced(standing, swivel, [BACK, SEAT]) == (SEAT, BACK)
    assert parts_replaced(make_shape(), make_shape(), [LEFT_ARM]) == (RIGHT_ARM, LEFT_ARM)


def test_locked_parts_are_not_replaced() -> None:
    locked = make_shape().with_part(LEFT_ARM, locked=True)
    assert parts_replaced(locked, make_shape(), [LEFT_ARM]) == (RIGHT_ARM,)
    assert parts_replaced(locked, make_shape(), []) == ()


def test_all_unlocked_parts_of_the_named_kinds_are_meant() -> None:
    shape = make_shape()
    assert parts_meant(shape, "round arms and thin legs", {}, LABELS) == (
        RIGHT_LEG,
        LEFT_LEG,
        RIGHT_ARM,
        LEFT_ARM,
    )
    locked = shape.with_part(LEFT_ARM, locked=True)
    assert parts_meant(locked, "round arms", {}, LABELS) == (RIGHT_ARM,)
    assert parts_meant(shape, "something else", {}, LABELS) == ()


def test_a_part_that_is_lacking_is_made_of_those_that_often_are_one() -> None:
    stool = relabelled(make_shape(), arm="seat")
    slots = {part.id: part.slot for part in stool.parts}
    shares = [0.0] * 16
    shares[slots[RIGHT_ARM]] = shares[slots[LEFT_ARM]] = 0.4
    shares[slots[SEAT]] = 0.01
    assert parts_meant(stool, "with arms", {"arm": shares}, LABELS) == (RIGHT_ARM, LEFT_ARM)
    assert parts_meant(stool, "with arms", {}, LABELS) == ()
