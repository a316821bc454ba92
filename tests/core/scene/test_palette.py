"""Part colours: told apart by everybody, stable, twins alike."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.corpus.program import FAMILY_PARTS
from core.scene.palette import (
    LABEL_COLORS,
    UNKNOWN_LABEL,
    label_color,
    oklab_to_srgb,
    part_colors,
    srgb_to_oklab,
)
from tests.core.scene.strategies import generators, make_shape, random_extrinsics, twin_extrinsics

# Machado, Oliveira & Fernandes 2009, severity 1, on linear RGB.
VISION = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def seen(color: tuple[float, float, float], vision: str) -> np.ndarray:
    """OKLab of a colour as seen with one kind of vision."""
    values = np.array(color)
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    linear = np.clip(VISION[vision] @ linear, 0.0, 1.0)
    return srgb_to_oklab(np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055))


@pytest.mark.parametrize("category", list(FAMILY_PARTS))
@pytest.mark.parametrize("vision", list(VISION))
def test_labels_of_a_category_are_told_apart(vision: str, category: str) -> None:
    distances = [
        float(np.linalg.norm(seen(LABEL_COLORS[a], vision) - seen(LABEL_COLORS[b], vision)))
        for a, b in combinations([*FAMILY_PARTS[category], UNKNOWN_LABEL], 2)
    ]
    assert min(distances) > 0.12


def test_every_label_of_the_corpus_has_a_colour() -> None:
    assert set(LABEL_COLORS) == {UNKNOWN_LABEL, *(name for parts in FAMILY_PARTS.values() for name in parts)}
    assert label_color("seat") == LABEL_COLORS["seat"]
    assert label_color("cushion") == LABEL_COLORS["part"]


@given(st.tuples(*[st.floats(0.0, 1.0)] * 3))
def test_oklab_round_trip(color: tuple[float, float, float]) -> None:
    np.testing.assert_allclose(oklab_to_srgb(srgb_to_oklab(np.array(color))), color, atol=1e-4)


@given(generators, st.integers(1, 4))
def test_twins_look_alike_and_instances_differ(rng: np.random.Generator, pairs: int) -> None:
    shape = make_shape(twin_extrinsics(rng, pairs, 2), rng, labels=("leg",))
    colors = part_colors(shape)
    assert colors.dtype == np.float32
    assert colors.shape == (2 * pairs + 2, 3)
    assert colors.min() >= 0.0
    assert colors.max() <= 1.0
    assert colors[:pairs].tobytes() == colors[pairs : 2 * pairs].tobytes()
    assert len(np.unique(colors, axis=0)) == pairs + 2
    np.testing.assert_allclose(colors[0], LABEL_COLORS["leg"], atol=1e-6)


@given(generators)
def test_instances_keep_the_hue_of_their_label(rng: np.random.Generator) -> None:
    for label in ("seat", "leg", "base"):
        colors = part_colors(make_shape(random_extrinsics(rng, 5), rng, labels=(label,)))
        lab = srgb_to_oklab(colors.astype(np.float64))
        base = srgb_to_oklab(np.array(LABEL_COLORS[label]))
        assert np.abs(lab[:, 1:] - base[1:]).max() < 0.06
        assert np.abs(lab[:, 0] - base[0]).max() < 0.1


def test_unnamed_parts_are_still_told_apart() -> None:
    rng = np.random.default_rng(0)
    shape = make_shape(random_extrinsics(rng, 16), rng, labels=("part",))
    lab = srgb_to_oklab(part_colors(shape).astype(np.float64))
    assert min(float(np.linalg.norm(a - b)) for a, b in combinations(lab, 2)) > 0.015


def test_labels_win_over_twins() -> None:
    rng = np.random.default_rng(1)
    shape = make_shape(twin_extrinsics(rng, 1, 0), rng, labels=("leg", "arm"))
    np.testing.assert_allclose(part_colors(shape), [LABEL_COLORS["leg"], LABEL_COLORS["arm"]], atol=1e-6)
