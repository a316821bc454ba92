"""Chairs are deterministic, connected, symmetric where promised, normalised and varied."""

from collections import Counter

import numpy as np
import pytest
import torch
from scipy import ndimage

from core.corpus import splits
from core.corpus.assembly import THINNEST_FINISHED
from core.corpus.chairs import BASES, make_chair
from core.corpus.distance import pack, signed_distance
from core.corpus.program import FAMILY_PARTS, Program, bounds

COUNT = 200
CELLS = 64


@pytest.fixture(scope="module")
def chairs() -> list[Program]:
    return [make_chair(seed) for seed in splits.seeds("test", COUNT)]


def test_same_seed_same_program():
    for seed in (0, 7, 10_000_123):
        one, two = make_chair(seed), make_chair(seed)
        assert one.names == two.names
        assert one.attributes == two.attributes
        for field in ("kinds", "params", "rotations", "centers"):
            assert np.array_equal(getattr(one, field), getattr(two, field))
    assert not np.array_equal(make_chair(1).centers[:1], make_chair(2).centers[:1])
    with pytest.raises(ValueError, match="seeds start at 0"):
        make_chair(-1)


def test_programs_cannot_be_changed(chairs):
    with pytest.raises(ValueError, match="read-only"):
        chairs[0].params[0, 0] = 1


def test_every_chair_is_one_connected_solid(chairs):
    """Voxels of cell 0.031 that share a corner are connected, and no chair has a second body."""
    ticks = (torch.arange(CELLS) + 0.5) * (2 / CELLS) - 1
    for first in range(0, COUNT, 20):
        some = chairs[first : first + 20]
        for program, grid in zip(some, _grids(some, ticks), strict=True):
            _, bodies = ndimage.label(grid, np.ones((3, 3, 3)))
            assert bodies == 1, (program.seed, program.attributes)


def _grids(programs: list[Program], ticks: torch.Tensor) -> list[np.ndarray]:
    """Occupancy [64, 64, 64] of each program, evaluated only in the cells near its surface or inside."""
    coarse = torch.stack(torch.meshgrid(ticks[1::4], ticks[1::4], ticks[1::4], indexing="ij"), -1)
    coarse = coarse + (ticks[1] - ticks[0]) / 2
    batch = pack(programs)
    far, _ = signed_distance(batch, coarse.reshape(1, -1, 3).expand(len(programs), -1, -1))
    grids = []
    for program, distance in zip(programs, far, strict=True):
        reach = 2 * float(ticks[1] - ticks[0]) * 3**0.5
        grid = np.zeros((CELLS, CELLS, CELLS), bool)
        near = (distance < reach).view(CELLS // 4, CELLS // 4, CELLS // 4)
        cells = near.repeat_interleave(4, 0).repeat_interleave(4, 1).repeat_interleave(4, 2)
        index = cells.nonzero()
        inside, _ = signed_distance(pack([program]), ticks[index][None])
        grid[tuple(index.T.numpy())] = (inside[0] < 0).numpy()
        grids.append(grid)
    return grids


def test_boxes_are_normalised(chairs):
    for program in chairs:
        low, high = bounds(program.kinds, program.params, program.rotations, program.centers)
        assert np.allclose(low.min(0) + high.max(0), 0, atol=1e-4)
        assert np.isclose(high.max(), 0.9, atol=1e-4)


def test_no_part_is_too_thin(chairs):
    assert min(program.thinnest for program in chairs) >= THINNEST_FINISHED


def test_chairs_are_symmetric_where_promised(chairs):
    points = 2 * torch.rand(COUNT, 800, 3, generator=torch.Generator().manual_seed(0)) - 1
    batch = pack(chairs)
    one, _ = signed_distance(batch, points)
    two, _ = signed_distance(batch, points * torch.tensor([-1.0, 1.0, 1.0]))
    difference = (one - two).abs().amax(1)
    promised = torch.tensor([bool(program.attributes["symmetric"]) for program in chairs])
    assert float(difference[promised].max()) < 1e-4
    assert int((~promised).sum()) > 0
    assert float(difference[~promised].min()) > 1e-3
    bases = Counter(
        str(program.attributes["base"]) for program in chairs if not program.attributes["symmetric"]
    )
    assert set(bases) == {"star"}


def test_rotations_are_proper(chairs):
    for program in chairs:
        assert np.allclose(np.linalg.det(program.rotations), 1, atol=1e-5)
        assert np.allclose(program.rotations @ program.rotations.swapaxes(1, 2), np.eye(3), atol=1e-5)


def test_the_family_is_varied():
    some = [make_chair(seed) for seed in range(1500)]
    for attribute, least in (
        ("base", 7),
        ("back", 11),
        ("arms", 6),
        ("seat_shape", 3),
        ("seat_thickness", 3),
    ):
        seen = Counter(program.attributes[attribute] for program in some)
        assert len(seen) == least, seen
        assert min(seen.values()) >= 15, seen
    assert {str(program.attributes["base"]) for program in some} == set(BASES)
    assert {name for program in some for name in program.names} == set(FAMILY_PARTS["chair"])
    assert {program.attributes.get("back_height") for program in some} == {"low", "medium", "high", None}


def test_attributes_match_the_primitives(chairs):
    for program in chairs:
        facts, names = program.attributes, Counter(program.names)
        assert ("arm" in names) == (facts["arms"] != "none")
        assert ("back" in names) == (facts["back"] != "none")
        assert ("wheel" in names) == bool(facts.get("wheels", False))
        assert ("stretcher" in names) == (facts.get("stretchers", "none") != "none")
        if "leg_count" in facts:
            assert names["leg"] == facts["leg_count"]
        if facts.get("wheels"):
            assert names["wheel"] == facts["spokes"]


def test_splits_never_meet():
    ranges = [splits.seeds(name, splits.SPLIT_SIZE) for name in ("train", "validation", "test")]
    for i, one in enumerate(ranges):
        for two in ranges[i + 1 :]:
            assert max(one.start, two.start) >= min(one.stop, two.stop)
    assert splits.seeds("validation", 3, first=2) == range(10_000_002, 10_000_005)
    assert [splits.split_of(seed) for seed in (5, 10_000_000, 29_999_999)] == ["train", "validation", "test"]
    with pytest.raises(ValueError, match="leave"):
        splits.seeds("train", 2, first=splits.SPLIT_SIZE - 1)
    with pytest.raises(ValueError, match="in no split"):
        splits.split_of(30_000_000)
