"""The geometric checks on airplanes whose attributes are known, and on airplanes that were cut."""

from __future__ import annotations

import numpy as np
import pytest

from core.corpus.airplanes import make_airplane
from core.corpus.program import Program
from core.evaluation.airplane_checks import AIRPLANE_CHECKS, CHECKS
from core.evaluation.airplane_wing import flies
from core.evaluation.checks import measured
from core.evaluation.exact import solid_of_program
from core.meshing.solid import Solid

FIRST = 20_000_000
COUNT = 24


@pytest.fixture(scope="module")
def airplanes() -> list[tuple[Solid, Program]]:
    programs = [make_airplane(FIRST + index) for index in range(COUNT)]
    return [(solid_of_program(program), program) for program in programs]


def test_checks_agree_with_the_corpus(airplanes: list[tuple[Solid, Program]]) -> None:
    """Loose on purpose: the figures are what `evaluate --checks` is for."""
    found = measured(AIRPLANE_CHECKS, [(solid, program.attributes) for solid, program in airplanes])
    right = sum(one.true_positive + one.true_negative for one in found.values())
    wrong = sum(one.false_positive + one.false_negative for one in found.values())
    assert right / (right + wrong) > 0.93
    for name in ("wings", "balanced", "swept_wings", "unswept_wings", "nose_propeller", "biplane"):
        assert found[name].false_positive + found[name].false_negative <= 1, name


def test_an_airplane_without_a_wing_does_not_fly(airplanes: list[tuple[Solid, Program]]) -> None:
    for solid, _ in airplanes[:6]:
        assert flies(solid)
        cut = solid.inside.copy()
        cut[74:] = False
        assert not flies(Solid(cut))
        assert AIRPLANE_CHECKS.hold(Solid(cut), ["!balanced"])


def test_an_airplane_without_a_tail_has_no_fin(airplanes: list[tuple[Solid, Program]]) -> None:
    solid = next(solid for solid, program in airplanes if program.attributes["tail"] == "T")
    assert AIRPLANE_CHECKS.hold(solid, ["one_fin", "t_tail", "!low_tail", "!two_fins"])
    filled = np.flatnonzero(solid.inside.any(axis=(0, 1)))
    cut = solid.inside.copy()
    cut[:, :, : filled[0] + round(0.3 * len(filled))] = False
    assert AIRPLANE_CHECKS.hold(Solid(cut), ["!t_tail"])


@pytest.mark.parametrize("share", [0.0005, 0.02, 0.4, 1.0])
def test_every_check_answers_for_rubbish(share: float) -> None:
    inside = np.random.default_rng(1).random((64, 64, 64)) < share
    assert set(AIRPLANE_CHECKS.answers(Solid(inside))) == set(CHECKS)
