"""Airplanes are connected, symmetric, normalised, varied, and built as their attributes say."""

from collections import Counter

import numpy as np
import pytest
import torch
from scipy import ndimage

from core.corpus import splits
from core.corpus.airplane_types import TYPES
from core.corpus.airplanes import make_airplane
from core.corpus.assembly import THINNEST_FINISHED
from core.corpus.distance import pack, signed_distance
from core.corpus.program import FAMILY_PARTS, Kind, Program, bounds

COUNT = 150
CELLS = 64
MANY = 1500


@pytest.fixture(scope="module")
def airplanes() -> list[Program]:
    return [make_airplane(seed) for seed in splits.seeds("test", COUNT)]


@pytest.fixture(scope="module")
def many() -> list[Program]:
    return [make_airplane(seed) for seed in range(MANY)]


def _only(program: Program, name: str) -> Program:
    """The primitives of one part."""
    rows = np.array([other == name for other in program.names])
    arrays = (program.kinds[rows], program.params[rows], program.rotations[rows], program.centers[rows])
    return Program(*arrays, (name,) * int(rows.sum()), program.attributes, program.seed, program.category)


def _box(program: Program) -> tuple[np.ndarray, np.ndarray]:
    low, high = bounds(program.kinds, program.params, program.rotations, program.centers)
    return low.min(0), high.max(0)


def _inside(program: Program, x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Occupancy on the grid of three ticks, bool [X, Y, Z]."""
    grid = np.stack(np.meshgrid(x, y, z, indexing="ij"), -1).astype(np.float32)
    distance, _ = signed_distance(pack([program]), torch.from_numpy(grid.reshape(1, -1, 3)))
    return distance.numpy().reshape(grid.shape[:3]) < 0


def test_same_seed_same_program():
    for seed in (0, 7, 10_000_123):
        one, two = make_airplane(seed), make_airplane(seed)
        assert one.names == two.names
        assert one.attributes == two.attributes
        for field in ("kinds", "params", "rotations", "centers"):
            assert np.array_equal(getattr(one, field), getattr(two, field))
    assert make_airplane(0).category == "airplane"
    assert not np.array_equal(make_airplane(1).centers[:1], make_airplane(2).centers[:1])
    with pytest.raises(ValueError, match="seeds start at 0"):
        make_airplane(-1)


def test_every_airplane_is_one_connected_solid(airplanes):
    """Voxels of cell 0.031 that share a corner are connected, and there is no second body."""
    ticks = (np.arange(CELLS) + 0.5) * (2 / CELLS) - 1
    for program in airplanes:
        low, high = _box(program)
        rows = [ticks[(ticks > low[axis]) & (ticks < high[axis])] for axis in range(3)]
        _, bodies = ndimage.label(_inside(program, *rows), np.ones((3, 3, 3)))
        assert bodies == 1, (program.seed, program.attributes)


def test_boxes_are_normalised_and_nothing_is_too_thin(many):
    for program in many[:400]:
        low, high = _box(program)
        assert np.allclose(low + high, 0, atol=1e-4)
        assert np.isclose(high.max(), 0.9, atol=1e-4)
    assert min(program.thinnest for program in many) >= THINNEST_FINISHED
    assert max(len(program.names) for program in many) <= 60


def test_airplanes_are_symmetric(airplanes):
    points = 2 * torch.rand(COUNT, 500, 3, generator=torch.Generator().manual_seed(0)) - 1
    batch = pack(airplanes)
    one, _ = signed_distance(batch, points)
    two, _ = signed_distance(batch, points * torch.tensor([-1.0, 1.0, 1.0]))
    assert float((one - two).abs().max()) < 1e-4
    for program in airplanes:
        assert np.allclose(np.linalg.det(program.rotations), 1, atol=1e-5)
        assert np.allclose(program.rotations @ program.rotations.swapaxes(1, 2), np.eye(3), atol=1e-5)


def test_the_family_is_varied(many):
    for attribute, least in (
        ("kind", len(TYPES)),
        ("wing_shape", 6),
        ("wing_position", 3),
        ("wing_count", 3),
        ("wing_angle", 3),
        ("tail", 8),
        ("engine_count", 5),
        ("engine_place", 7),
        ("gear", 4),
        ("floats", 3),
        ("girth", 3),
        ("wing_length", 3),
        ("wing_width", 3),
        ("twin_boom", 2),
        ("canards", 2),
        ("winglets", 2),
        ("canopy", 2),
    ):
        seen = Counter(program.attributes[attribute] for program in many)
        assert len(seen) == least, seen
        assert min(seen.values()) >= 8, seen
    assert {name for program in many for name in program.names} == set(FAMILY_PARTS["airplane"])


def test_attributes_match_the_primitives(many):
    for program in many:
        facts, names = program.attributes, Counter(program.names)
        assert ("propeller" in names) == (facts["engine_type"] == "propeller")
        assert ("engine" in names) == (facts["engine_count"] > 0)
        assert ("gear" in names) == (facts["gear"] != "none")
        assert ("float" in names) == (facts["floats"] != "none")
        assert ("tail" in names) == (facts["tail"] != "none")
        hubs = sum(
            name == "propeller" and kind == Kind.ELLIPSOID
            for name, kind in zip(program.names, program.kinds, strict=True)
        )
        assert hubs == (facts["engine_count"] if facts["engine_type"] == "propeller" else 0)


def test_wheels_are_counted_on_the_ground(airplanes):
    expected = {"tricycle": 3, "tail_wheel": 2, "single": 1}
    seen: Counter[str] = Counter()
    for program in airplanes:
        gear = str(program.attributes["gear"])
        if gear == "none" or seen[gear] >= 8:
            continue
        wheels = _only(program, "gear")
        low, high = _box(wheels)
        assert low[1] == pytest.approx(_box(program)[0][1], abs=1e-4)
        x = np.linspace(low[0], high[0], 121)
        z = np.linspace(low[2] - 0.01, high[2] + 0.01, 121)
        _, found = ndimage.label(_inside(wheels, x, np.array([low[1] + 0.012]), z)[:, 0])
        assert found == expected[gear], (program.seed, gear)
        seen[gear] += 1
    assert set(seen) == set(expected)


def test_tails_have_their_shape(airplanes):
    """Measured just below the tail's top: T-tails are wide, two fins leave a gap, others are narrow."""
    seen: Counter[str] = Counter()
    for program in airplanes:
        tail = str(program.attributes["tail"])
        if tail == "none" or program.attributes["twin_boom"]:
            continue
        part = _only(program, "tail")
        low, high = _box(part)
        x, z = np.linspace(low[0], high[0], 161), np.linspace(low[2], high[2], 41)
        top = _inside(part, x, np.array([high[1] - 0.03]), z)[:, 0].any(1)
        width = 2 * float(np.abs(x[top]).max())
        _, pieces = ndimage.label(top)
        if tail == "T":
            assert width > 0.2
            assert width == pytest.approx(2 * high[0], abs=0.08)
        elif tail in ("twin", "H", "V"):
            assert pieces == 2
            assert not top[80]
        else:
            assert pieces == 1
            assert width < 0.09
        wide = 2 * high[0] > 0.2
        assert wide == (tail != "fin"), (program.seed, tail)
        seen[tail] += 1
    assert len(seen) == 7, seen


def _leading_edge(wing: Program, span: float, part: float) -> tuple[float, float]:
    """Z of the leading edge and the chord at a part of the half span."""
    low, high = _box(wing)
    y, z = np.linspace(low[1], high[1], 60), np.linspace(low[2], high[2], 240)
    rows = z[_inside(wing, np.array([part * span]), y, z)[0].any(0)]
    return float(rows.max()), float(rows.max() - rows.min())


def test_wings_are_swept_and_tapered_as_said(airplanes):
    seen: Counter[str] = Counter()
    for program in airplanes:
        facts = program.attributes
        if facts["canards"] or facts["wing_count"] != 1 or facts["wing_struts"]:
            continue
        wing, shape = _only(program, "wing"), str(facts["wing_shape"])
        span = float(_box(wing)[1][0])
        (inner, chord), (outer, tip) = (_leading_edge(wing, span, part) for part in (0.35, 0.7))
        sweep = (inner - outer) / (0.35 * span)
        assert tip < 1.02 * chord
        if shape == "straight":
            assert abs(sweep) < 0.06
            assert tip > 0.94 * chord
        elif shape == "forward_swept":
            assert sweep < -0.08
        elif shape in ("swept", "delta"):
            assert sweep > (0.2 if shape == "swept" else 0.5)
            assert tip < (0.95 if shape == "swept" else 0.75) * chord
        else:
            assert abs(sweep) < 0.6
            assert tip < 0.93 * chord
        seen[shape] += 1
    assert len(seen) == 6, seen


def test_wings_are_as_high_as_said(airplanes):
    for program in airplanes:
        facts = program.attributes
        if facts["canards"] or facts["wing_count"] != 1 or facts["kind"] == "flying_wing":
            continue
        wing, body = _only(program, "wing"), _only(program, "fuselage")
        span = float(_box(wing)[1][0])
        low, high = _box(wing)
        y, z = np.linspace(-0.9, 0.9, 181), np.linspace(low[2], high[2], 60)
        at_wing = _inside(wing, np.array([0.2 * span]), y, z)[0]
        middle = float(z[at_wing.any(0)].mean())
        at_body = y[_inside(body, np.array([0.0]), y, np.array([middle]))[0, :, 0]]
        height = float(y[at_wing.any(1)].mean()) - 0.5 * float(at_body.min() + at_body.max())
        if facts["wing_position"] == "low":
            assert height < 0.012, program.seed
        elif facts["wing_position"] == "high":
            assert height > 0.0, program.seed
