"""The geometric checks on chairs whose attributes are known, and the prompts that use them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from core.corpus.captions import captions
from core.corpus.chairs import make_chair
from core.corpus.program import FAMILY_PARTS, Program
from core.evaluation.categories import CATEGORIES, category_named
from core.evaluation.chair_checks import CHAIR_CHECKS, CHECKS, Chair
from core.evaluation.checks import Reliability, measured, reliability_table
from core.evaluation.exact import solid_of_program
from core.evaluation.prompts import load_prompts
from core.meshing.solid import Solid

FIRST = 20_000_000
COUNT = 24


@pytest.fixture(scope="module")
def chairs() -> list[tuple[Solid, Program]]:
    programs = [make_chair(FIRST + index) for index in range(COUNT)]
    return [(solid_of_program(program), program) for program in programs]


def test_checks_agree_with_the_corpus(chairs: list[tuple[Solid, Program]]) -> None:
    """Loose on purpose: the figures are what `evaluate --checks` is for."""
    found = measured(CHAIR_CHECKS, [(solid, program.attributes) for solid, program in chairs])
    counts = np.array(
        [
            (one.true_positive + one.true_negative, one.false_positive + one.false_negative)
            for one in found.values()
        ]
    )
    assert counts.sum(1).min() > 0
    assert counts[:, 0].sum() / counts.sum() > 0.97
    for name in ("four_legs", "star", "back", "arms", "gaps", "stretchers", "round_seat", "block"):
        assert found[name].false_positive + found[name].false_negative <= 1, name


def first_with(chairs: list[tuple[Solid, Program]], **attributes: object) -> Solid:
    for solid, program in chairs:
        if all(program.attributes.get(name) == value for name, value in attributes.items()):
            return solid
    pytest.fail(f"no chair among the first {COUNT} has {attributes}")


def test_a_missing_leg_is_not_four_legs(chairs: list[tuple[Solid, Program]]) -> None:
    solid = first_with(chairs, base="four_legs", stretchers="none", leg_thickness="thin")
    assert CHAIR_CHECKS.hold(solid, ["four_legs", "stands", "!three_legs", "!wheels"])
    chair = Chair(solid)
    cut = solid.inside.copy()
    cut[64:, : chair.seat.underside - 4, 70:] = False
    assert not CHAIR_CHECKS.hold(Solid(cut), ["four_legs"])
    assert not CHAIR_CHECKS.hold(Solid(cut), ["stands"])


def test_a_hole_in_a_solid_back_is_a_gap(chairs: list[tuple[Solid, Program]]) -> None:
    solid = next(
        solid
        for solid, program in chairs
        if program.attributes["back"] in ("solid", "padded", "curved")
        and program.attributes["arms"] == "none"
    )
    assert CHAIR_CHECKS.hold(solid, ["solid_back", "!gaps", "no_arms"])
    back = Chair(solid).back
    holed = solid.inside.copy()
    base = Chair(solid).seat.layer + 1
    rows = back.rows(0.6, 0.85)
    holed[56:72, base + rows.start : base + rows.stop, :64] = False
    assert CHAIR_CHECKS.hold(Solid(holed), ["gaps", "!solid_back"])


def test_a_seat_without_its_back_is_a_stool(chairs: list[tuple[Solid, Program]]) -> None:
    solid = first_with(chairs, base="four_legs", arms="none")
    cut = solid.inside.copy()
    cut[:, Chair(solid).seat.layer + 1 :] = False
    assert CHAIR_CHECKS.hold(Solid(cut), ["no_back", "four_legs", "seat"])


@pytest.mark.parametrize("share", [0.0005, 0.02, 0.4, 1.0])
def test_every_check_answers_for_rubbish(share: float) -> None:
    inside = np.random.default_rng(1).random((64, 64, 64)) < share
    answers = CHAIR_CHECKS.answers(Solid(inside))
    assert set(answers) == set(CHECKS)


def test_nothing_holds_for_nothing() -> None:
    empty = Solid(np.zeros((32, 32, 32), bool))
    assert not any(CHAIR_CHECKS.answers(empty).values())
    assert not CHAIR_CHECKS.hold(empty, ["!arms"])


def test_reliability_counts() -> None:
    figure = Reliability(true_positive=6, false_positive=2, false_negative=4, true_negative=8)
    assert (figure.precision, figure.recall, figure.specificity) == (0.75, 0.6, 0.8)
    table = reliability_table({"arms": figure}, CHAIR_CHECKS)
    assert "| arms | arms? | 75.0% | 60.0% | 80.0% | 10 | 10 |" in table


def test_categories_have_singular_and_plural_names() -> None:
    assert category_named("chairs") is category_named("chair") is CATEGORIES["chair"]
    with pytest.raises(ValueError, match="boats"):
        category_named("boats")


@pytest.mark.parametrize("category", CATEGORIES.values(), ids=lambda category: category.name)
def test_prompts_are_many_and_are_no_captions(category) -> None:
    prompts = load_prompts(category.prompts, category.checks, FAMILY_PARTS[category.name])
    assert len(prompts.whole) >= 300
    assert len(prompts.edits) >= 50
    used = {name.lstrip("!") for prompt in prompts.whole for name in prompt.checks}
    assert len(used) >= 0.8 * len(category.checks.checks)
    assert set(category.present) == set(FAMILY_PARTS[category.name])
    assert set(category.present.values()) <= set(category.checks.checks)
    known = set()
    for seed in range(300):
        written = captions(category.make(seed), 12, np.random.default_rng(seed))
        known |= {text.lower().rstrip(".") for text in written}
    own = [prompt.text.lower().rstrip(".") for prompt in (*prompts.whole, *prompts.edits)]
    assert known.isdisjoint(own), known.intersection(own)


@pytest.mark.parametrize(
    "wrong",
    [
        {"whole": [{"text": "a", "checks": ["no such check"]}]},
        {"whole": [{"text": "a", "checks": []}]},
        {"whole": [{"text": "a", "checks": ["arms"], "parts": ["arm"]}]},
        {"edits": [{"text": "a", "checks": ["arms"]}]},
        {"edits": [{"text": "a", "checks": ["arms"], "parts": ["sail"]}]},
        {"whole": [{"texts": ["a", "A"], "checks": ["arms"]}]},
    ],
)
def test_wrong_prompts_are_refused(tmp_path: Path, wrong: dict) -> None:
    path = tmp_path / "prompts.json"
    groups = {key: [] for key in ("shown", "shown_edits", "whole", "edits")}
    path.write_text(json.dumps({**groups, **wrong}), encoding="utf-8")
    with pytest.raises(ValueError, match=r"prompts\.json"):
        load_prompts(path, CHAIR_CHECKS, FAMILY_PARTS["chair"])
