"""Tables are deterministic, connected, symmetric where promised, normalised, varied, and what they say."""

import hashlib
from collections import Counter

import numpy as np
import pytest
import torch
from scipy import ndimage

from core.corpus import splits
from core.corpus.assembly import THINNEST_FINISHED
from core.corpus.chairs import make_chair
from core.corpus.distance import pack, signed_distance
from core.corpus.program import FAMILY_PARTS, PART_NAMES, Kind, Program, bounds
from core.corpus.tables import BASES, PURPOSES, make_table

COUNT = 160
CELLS = 64
STEP = 0.01
CHAIRS = "e30b24252d5eb7b4e25cb907a3b3e6f317ea5c42f01ffde700dd0a3ae750fb25"
"""Digest of the first fifty chairs before tables came to share their stretchers, spokes and runners."""


@pytest.fixture(scope="module")
def tables() -> list[Program]:
    return [make_table(seed) for seed in splits.seeds("test", COUNT)]


def _slice(program: Program, axis: int, level: float, part: str | None = None) -> np.ndarray:
    """Occupancy of a plane across an axis (0, 1, 2), cell `STEP`; of one part only, if it is named."""
    ticks = torch.arange(-0.95, 0.95, STEP)
    plane = torch.stack(torch.meshgrid(ticks, ticks, indexing="ij"), -1).reshape(-1, 2)
    points = torch.full((len(plane), 3), level)
    points[:, [other for other in range(3) if other != axis]] = plane
    distance, names = signed_distance(pack([program]), points[None])
    inside = distance[0] < 0
    if part is not None:
        inside &= names[0] == PART_NAMES.index(part)
    return inside.view(len(ticks), len(ticks)).numpy()


def _pieces(grid: np.ndarray) -> int:
    return int(ndimage.label(grid, np.ones((3, 3)))[1])


def _box(program: Program) -> tuple[np.ndarray, np.ndarray]:
    low, high = bounds(program.kinds, program.params, program.rotations, program.centers)
    return low.min(0), high.max(0)


def _top(program: Program) -> tuple[float, np.ndarray, np.ndarray]:
    """Height of the middle of the top's boards, and their box seen from above: low [2], high [2] (x, z)."""
    rows = np.array([name == "top" for name in program.names])
    rows &= program.centers[:, 1] > program.centers[rows, 1].max() - 1e-4
    low, high = bounds(
        *(a[rows] for a in (program.kinds, program.params, program.rotations, program.centers))
    )
    return float(program.centers[rows, 1].max()), low.min(0)[[0, 2]], high.max(0)[[0, 2]]


def test_same_seed_same_program():
    for seed in (0, 7, 10_000_123):
        one, two = make_table(seed), make_table(seed)
        assert one.names == two.names
        assert one.attributes == two.attributes
        assert one.category == "table"
        for field in ("kinds", "params", "rotations", "centers"):
            assert np.array_equal(getattr(one, field), getattr(two, field))
    assert not np.array_equal(make_table(1).params[:1], make_table(2).params[:1])
    with pytest.raises(ValueError, match="seeds start at 0"):
        make_table(-1)


def test_chairs_are_what_they_were():
    digest = hashlib.sha256()
    for seed in range(50):
        chair = make_chair(seed)
        for field in ("kinds", "params", "rotations", "centers"):
            # rounded, so that another processor's last bit of a sine makes no difference
            values = np.round(getattr(chair, field).astype(np.float64), 4) + 0.0
            digest.update(values.tobytes())
        digest.update(repr((chair.names, sorted(chair.attributes.items()))).encode())
    assert digest.hexdigest() == CHAIRS


def test_every_table_is_one_connected_solid(tables):
    """Voxels of cell 0.031 that share a corner are connected, and no table has a second body."""
    ticks = (torch.arange(CELLS) + 0.5) * (2 / CELLS) - 1
    axes = torch.meshgrid(ticks, ticks, ticks, indexing="ij")
    voxels = (
        torch.stack(axes, -1).view(16, 4, 16, 4, 16, 4, 3).permute(0, 2, 4, 1, 3, 5, 6).reshape(-1, 64, 3)
    )
    middles = voxels.mean(1)
    for program in tables:
        batch = pack([program])
        far, _ = signed_distance(batch, middles[None])
        # a block of 4^3 voxels whose middle is farther away than its corners holds nothing
        near = far[0] < 2 * 3**0.5 * (2 / CELLS)
        inside = torch.zeros(len(voxels), 64, dtype=torch.bool)
        inside[near] = signed_distance(batch, voxels[near].reshape(1, -1, 3))[0].view(-1, 64) < 0
        grid = inside.view(16, 16, 16, 4, 4, 4).permute(0, 3, 1, 4, 2, 5).reshape(CELLS, CELLS, CELLS)
        _, bodies = ndimage.label(grid.numpy(), np.ones((3, 3, 3)))
        assert bodies == 1, (program.seed, program.attributes)


def test_boxes_are_normalised(tables):
    for program in tables:
        low, high = _box(program)
        assert np.allclose(low + high, 0, atol=1e-4)
        assert np.isclose(high.max(), 0.9, atol=1e-4)


def test_no_part_is_too_thin(tables):
    assert min(program.thinnest for program in tables) >= THINNEST_FINISHED


def test_only_desks_with_one_cabinet_are_not_symmetric():
    some = [make_table(seed) for seed in range(300)]
    points = 2 * torch.rand(len(some), 400, 3, generator=torch.Generator().manual_seed(0)) - 1
    batch = pack(some)
    one, _ = signed_distance(batch, points)
    two, _ = signed_distance(batch, points * torch.tensor([-1.0, 1.0, 1.0]))
    difference = (one - two).abs().amax(1)
    promised = torch.tensor([bool(program.attributes["symmetric"]) for program in some])
    assert float(difference[promised].max()) < 1e-4
    assert int((~promised).sum()) > 0
    assert float(difference[~promised].min()) > 1e-3
    for program in some:
        assert program.attributes["symmetric"] == (program.attributes.get("cabinets") != 1)


def test_rotations_are_proper(tables):
    for program in tables:
        assert np.allclose(np.linalg.det(program.rotations), 1, atol=1e-5)
        assert np.allclose(program.rotations @ program.rotations.swapaxes(1, 2), np.eye(3), atol=1e-5)


def test_the_family_is_varied():
    some = [make_table(seed) for seed in range(1500)]
    for attribute, least in (
        ("purpose", len(PURPOSES)),
        ("base", len({base for bases in BASES.values() for base in bases})),
        ("top_shape", 6),
        ("top_thickness", 3),
        ("height", 3),
        ("shelves", 3),
    ):
        seen = Counter(program.attributes[attribute] for program in some)
        assert len(seen) == least, seen
        assert min(seen.values()) >= 12, seen
    assert {name for program in some for name in program.names} == set(FAMILY_PARTS["table"])
    assert {program.attributes.get("leg_count") for program in some} == {None, 2, 3, 4}
    assert {program.attributes.get("leg_style") for program in some} == {
        *(None, "straight", "tapered", "hairpin", "turned")
    }
    assert {int(program.attributes["drawers"]) for program in some} >= {0, 1, 2, 3, 4, 6}
    assert all(any(program.attributes.get(key) for program in some) for key in ("apron", "modesty_panel"))


def test_attributes_match_the_primitives():
    for program in map(make_table, range(600)):
        facts, names = program.attributes, Counter(program.names)
        assert ("drawer" in names) == (facts["drawers"] != 0)
        assert ("stretcher" in names) == (facts["stretchers"] != "none")
        assert names["shelf"] == facts["shelves"]
        assert names["wheel"] == facts["wheels"]
        assert ("base" in names) == (
            facts["base"] == "pedestal"
            or (facts["base"] == "block" and (facts["block"] != "open" or facts["feet"] == "plinth"))
        )
        if facts.get("modesty_panel") or facts.get("apron"):
            assert "panel" in names
        if facts["purpose"] == "desk":
            assert facts["modesty_panel"] or facts["drawers"] or facts["base"] == "cabinets"
        plates = [
            kind == Kind.PLATE
            for kind, name in zip(program.kinds, program.names, strict=True)
            if name == "drawer"
        ]
        assert sum(plates) == facts["drawers"]


def test_legs_are_counted_above_the_floor():
    counted = Counter()
    for program in map(make_table, range(130)):
        legs = program.attributes.get("leg_count")
        if legs is None or program.attributes["wheels"]:
            continue
        low, _ = _box(program)
        grid = _slice(program, 1, float(low[1]) + 0.045)
        cabinets = int(program.attributes.get("cabinets", 0))
        assert _pieces(grid) == legs + cabinets, (program.seed, program.attributes)
        counted[legs] += 1
    assert counted[4] > 20
    assert counted[3] > 4


def test_tops_have_their_shape(tables):
    seen = Counter()
    # of the bounding rectangle; an octagon may have a side or a corner in front
    share = {"round": (np.pi / 4,), "hexagonal": (0.75,), "octagonal": (0.8284, 0.7071)}
    for program in tables[:80]:
        facts, shape = program.attributes, str(program.attributes["top_shape"])
        level, low, high = _top(program)
        grid = _slice(program, 1, level)
        width, depth = high - low
        part = grid.sum() * STEP**2 / (width * depth)
        seen[shape] += 1
        assert _pieces(grid) == facts.get("top_slats", 1)
        if shape in share:
            assert min(abs(part - one) for one in share[shape]) < 0.02, (part, facts)
        elif shape == "oval":
            assert np.pi / 4 < part < 0.97
            assert width > 1.1 * depth
        elif not facts["slatted"]:
            assert (width == pytest.approx(depth, abs=1e-4)) == (shape == "square")
            inset = 0.06 * min(width, depth) / 2
            corner = torch.tensor([[[high[0] - inset, level, high[1] - inset]]], dtype=torch.float32)
            rounded = float(signed_distance(pack([program]), corner)[0]) > 0
            assert rounded == (facts["top_corners"] == "rounded"), facts
    assert len(seen) == 6


def test_heights_are_as_they_are_called(tables):
    for program in tables:
        _, low, high = _top(program)
        box_low, box_high = _box(program)
        height, (width, depth) = box_high[1] - box_low[1], high - low
        word = program.attributes["height"]
        if word == "low":
            assert height < 0.7 * depth
        elif word == "tall":
            assert height > 0.86 * width
        elif program.attributes["purpose"] == "dining":
            assert height > 0.52 * min(width, depth)


def test_drawers_and_wheels_are_counted_on_slices():
    drawers, wheels = Counter(), Counter()
    for program in map(make_table, range(150)):
        facts = program.attributes
        if facts["drawers"]:
            plates = [
                float(center[2]) + 0.2 * float(row[4])
                for center, row, kind, name in zip(
                    program.centers, program.params, program.kinds, program.names, strict=True
                )
                if name == "drawer" and kind == Kind.PLATE
            ]
            assert np.ptp(plates) < 1e-4
            assert _pieces(_slice(program, 2, plates[0], "drawer")) == facts["drawers"], facts
            drawers[facts["drawers"]] += 1
        if facts["wheels"]:
            assert _pieces(_slice(program, 1, float(_box(program)[0][1]) + 0.03, "wheel")) == facts["wheels"]
            wheels[facts["wheels"]] += 1
    assert len(drawers) >= 4
    assert wheels[4] > 3
