"""The geometric checks on tables whose attributes are known, and on tables that were cut."""

from __future__ import annotations

import numpy as np
import pytest

from core.corpus.program import Program
from core.corpus.tables import make_table
from core.evaluation.checks import measured
from core.evaluation.exact import solid_of_program
from core.evaluation.table_checks import CHECKS, TABLE_CHECKS, Table
from core.meshing.solid import Solid

FIRST = 20_000_000
COUNT = 40


@pytest.fixture(scope="module")
def tables() -> list[tuple[Solid, Program]]:
    programs = [make_table(FIRST + index) for index in range(COUNT)]
    return [(solid_of_program(program), program) for program in programs]


def first_with(tables: list[tuple[Solid, Program]], **attributes: object) -> Solid:
    for solid, program in tables:
        if all(program.attributes.get(name) == value for name, value in attributes.items()):
            return solid
    pytest.fail(f"no table among the first {COUNT} has {attributes}")


def test_checks_agree_with_the_corpus(tables: list[tuple[Solid, Program]]) -> None:
    """Loose on purpose: the figures are what `evaluate --checks` is for."""
    found = measured(TABLE_CHECKS, [(solid, program.attributes) for solid, program in tables])
    right = sum(one.true_positive + one.true_negative for one in found.values())
    wrong = sum(one.false_positive + one.false_negative for one in found.values())
    assert right / (right + wrong) > 0.97
    for name in ("stands", "top", "round_top", "rectangular_top", "pedestal", "low", "shelf", "drawers"):
        assert found[name].false_positive + found[name].false_negative <= 1, name


def test_a_missing_leg_is_not_four_legs(tables: list[tuple[Solid, Program]]) -> None:
    solid = first_with(tables, base="four_legs", stretchers="none", shelves=0, drawers=0)
    assert TABLE_CHECKS.hold(solid, ["four_legs", "stands", "!pedestal", "!wheels"])
    cut = solid.inside.copy()
    cut[64:, : Table(solid).top.underside - 2, 64:] = False
    assert not TABLE_CHECKS.hold(Solid(cut), ["four_legs"])
    assert not TABLE_CHECKS.hold(Solid(cut), ["stands"])


def test_sawn_off_legs_make_a_low_table(tables: list[tuple[Solid, Program]]) -> None:
    solid = first_with(tables, base="four_legs", height="medium", purpose="dining")
    assert TABLE_CHECKS.hold(solid, ["!low"])
    top = Table(solid).top
    cut = solid.inside.copy()
    cut[:, : top.floor + round(0.6 * (top.underside - top.floor))] = False
    assert TABLE_CHECKS.hold(Solid(cut), ["low", "top"])


def test_a_board_between_the_legs_is_a_shelf_and_a_screen_is_none(
    tables: list[tuple[Solid, Program]],
) -> None:
    solid = first_with(tables, base="four_legs", shelves=0, stretchers="none", drawers=0)
    top = Table(solid).top
    middle = (top.floor + top.underside) // 2
    board = solid.inside.copy()
    board[:, middle : middle + 3] |= top.outline[:, None]
    assert TABLE_CHECKS.hold(Solid(board), ["shelf", "!two_shelves"])
    screen = solid.inside.copy()
    rear = np.flatnonzero(top.outline.any(axis=0))[3]
    inner = top.outline.any(axis=1)
    screen[inner, top.floor + 10 : top.underside + 1, rear : rear + 3] = True
    assert TABLE_CHECKS.hold(Solid(screen), ["!shelf", "screen", "boards"])


@pytest.mark.parametrize("share", [0.0005, 0.02, 0.4, 1.0])
def test_every_check_answers_for_rubbish(share: float) -> None:
    inside = np.random.default_rng(1).random((64, 64, 64)) < share
    assert set(TABLE_CHECKS.answers(Solid(inside))) == set(CHECKS)
