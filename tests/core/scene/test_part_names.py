"""Parts with the same label are told apart by where they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.scene.part_names import shown_name, shown_names
from core.scene.shape import CENTRE, Part, Shape
from tests.app.numpy_engine import make_shape

LEGS = ((0.4, -0.5, 0.4), (-0.4, -0.5, 0.4), (0.4, -0.5, -0.4), (-0.4, -0.5, -0.4))


def legs(centres: np.ndarray) -> Shape:
    extrinsics = np.zeros((len(centres), 16), np.float32)
    extrinsics[:, CENTRE] = centres
    extrinsics[:, 3:12] = np.eye(3).reshape(-1)
    extrinsics[:, 13:] = 0.01
    parts = tuple(Part(row, "leg", "leg", row) for row in range(len(centres)))
    return Shape("s", extrinsics, np.zeros((len(centres), 4), np.float32), parts)


def test_words_say_as_much_as_is_needed() -> None:
    assert shown_names(make_shape()) == ("seat", "back", "leg right", "leg left", "arm right", "arm left")
    four = shown_names(legs(np.array(LEGS)))
    assert four == ("leg front right", "leg front left", "leg rear right", "leg rear left")
    above = np.array(LEGS) + np.array([0, 0.5, 0])
    eight = shown_names(legs(np.concatenate([LEGS, above])))
    assert eight[0] == "leg lower front right"
    assert eight[7] == "leg upper rear left"


def test_what_words_cannot_tell_apart_is_numbered() -> None:
    assert shown_names(legs(np.zeros((3, 3)))) == ("leg 1", "leg 2", "leg 3")
    assert shown_names(legs(np.array([LEGS[0], LEGS[0], LEGS[1]]))) == (
        "leg right 1",
        "leg right 2",
        "leg left",
    )


def test_a_name_the_person_gave_stays() -> None:
    shape = make_shape().with_part(2, name="broken one")
    assert shown_name(shape, 2) == "broken one"
    assert shown_name(shape, 3) == "leg"


def test_names_follow_the_parts() -> None:
    shape = legs(np.array(LEGS[:2]))
    moved = shape.with_latents(
        shape.extrinsics * np.array([-1] + [1] * 15, np.float32), shape.intrinsics, shape.parts
    )
    assert shown_names(shape) == ("leg right", "leg left")
    assert shown_names(moved) == ("leg left", "leg right")


@given(arrays(np.float32, st.tuples(st.integers(1, 20), st.just(3)), elements=st.floats(-1, 1, width=32)))
def test_names_are_always_distinct(centres: np.ndarray) -> None:
    names = shown_names(legs(centres))
    assert len(set(names)) == len(names)
    assert all(name.startswith("leg") and name == name.strip() for name in names)
    renamed = replace(legs(centres), id="other")
    assert shown_names(renamed) == names
