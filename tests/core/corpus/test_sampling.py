"""Samples lie where they should, are labelled right, uniform in area and repeatable."""

import numpy as np
import pytest
import torch

from core.corpus.assembly import Assembly
from core.corpus.chairs import make_chair
from core.corpus.distance import pack, signed_distance
from core.corpus.program import PART_NAMES
from core.corpus.sampling import Samples, sample

SEEDS = range(12)


@pytest.fixture(scope="module")
def drawn() -> Samples:
    batch = pack([make_chair(seed) for seed in SEEDS])
    return sample(batch, torch.Generator().manual_seed(0), surface=512, near=600, uniform=400)


def test_shapes_and_types(drawn):
    count = len(SEEDS)
    assert drawn.surface.shape == drawn.normals.shape == (count, 512, 3)
    assert drawn.points.shape == (count, 1000, 3)
    assert drawn.inside.shape == drawn.distance.shape == drawn.point_names.shape == (count, 1000)
    assert (drawn.inside.dtype, drawn.distance.dtype) == (torch.bool, torch.float16)
    assert drawn.surface_names.dtype == drawn.point_names.dtype == torch.uint8


def test_surface_points_and_normals(drawn):
    batch = pack([make_chair(seed) for seed in SEEDS])
    distance, _ = signed_distance(batch, drawn.surface)
    assert float(distance.abs().max()) < 1.1e-3
    assert float((drawn.normals.norm(dim=-1) - 1).abs().max()) < 1e-4
    outside, _ = signed_distance(batch, drawn.surface + 3e-3 * drawn.normals)
    assert float((outside > 1e-3).float().mean()) > 0.97
    assert all(len(torch.unique(shape, dim=0)) == 512 for shape in drawn.surface)


def test_labels_are_those_of_the_points(drawn):
    programs = [make_chair(seed) for seed in SEEDS]
    distance, names = signed_distance(pack(programs), drawn.points)
    assert torch.equal(drawn.inside, distance < 0)
    assert torch.equal(drawn.point_names, names)
    assert float((drawn.distance.float() - distance).abs().max()) < 2e-3
    for index, program in enumerate(programs):
        assert set(drawn.surface_names[index].tolist()) <= set(program.name_ids.tolist())


def test_near_points_are_near_and_uniform_points_fill_the_domain(drawn):
    near, uniform = drawn.points[:, :600], drawn.points[:, 600:]
    assert float(drawn.points.abs().max()) <= 1
    gap = drawn.distance[:, :600].float().abs()
    assert float(gap[:, ::2].mean()) < 0.025 < 0.03 < float(gap[:, 1::2].mean()) < 0.08
    assert float((near[:, :2] - drawn.surface[:, :1]).norm(dim=-1).max()) < 0.4
    assert float(uniform.reshape(-1, 3).mean(0).abs().max()) < 0.05
    assert torch.allclose(uniform.reshape(-1, 3).var(0), torch.full((3,), 1 / 3), atol=0.03)
    assert float((uniform.abs().amax(-1) > 0.95).float().mean()) == pytest.approx(1 - 0.95**3, abs=0.03)


def test_the_generator_decides_everything():
    batch = pack([make_chair(seed) for seed in range(3)])
    sizes = {"surface": 128, "near": 64, "uniform": 64}
    one = sample(batch, torch.Generator().manual_seed(5), **sizes)
    two = sample(batch, torch.Generator().manual_seed(5), **sizes)
    other = sample(batch, torch.Generator().manual_seed(6), **sizes)
    assert all(torch.equal(getattr(one, name), getattr(two, name)) for name in Samples.__dataclass_fields__)
    assert not torch.equal(one.surface, other.surface)


def test_surface_points_are_uniform_in_area():
    """A ball, a thin rod and a half-buried box: each visible surface gets its share, buried ones nothing."""
    body = Assembly()
    body.ellipsoid("seat", (0.0, 0.4, 0.0), (0.3, 0.3, 0.3))
    body.rod("leg", (-0.9, -0.6, 0.0), (0.9, -0.6, 0.0), 0.03)
    body.plate("back", (0.0, -0.6, 0.6), (0.2, 0.2, 0.2), edge=0.005)
    body.plate("arm", (0.0, -0.6, 0.6), (0.1, 0.1, 0.1), edge=0.005)  # buried in the one before
    program = body.finish({}, 0)
    scale = float(program.params[0, 0]) / 0.3
    drawn = sample(pack([program]), torch.Generator().manual_seed(0), surface=8000, near=8, uniform=8)
    areas = {"seat": 4 * np.pi * 0.09, "leg": 2 * np.pi * 0.03 * 1.8 + 4 * np.pi * 0.0009, "back": 6 * 0.16}
    counts = torch.bincount(drawn.surface_names[0].long(), minlength=len(PART_NAMES))
    total = sum(areas.values())
    for name, area in areas.items():
        share = int(counts[PART_NAMES.index(name)]) / 8000
        assert share == pytest.approx(area / total, rel=0.1), name
    assert int(counts[PART_NAMES.index("arm")]) == 0
    ball = drawn.normals[0][drawn.surface_names[0] == 0]
    assert scale > 0.5
    assert float(ball.mean(0).abs().max()) < 0.06
    assert torch.allclose((ball**2).mean(0), torch.full((3,), 1 / 3), atol=0.03)


def test_balanced_near_points_are_even_over_the_primitives():
    """A thin rod beside a large ball: half of the near points go by area, half by primitive."""
    body = Assembly()
    body.ellipsoid("seat", (0.0, 0.4, 0.0), (0.5, 0.5, 0.5))
    body.rod("leg", (-0.9, -0.7, 0.0), (0.9, -0.7, 0.0), 0.03)
    program = body.finish({}, 0)
    leg = PART_NAMES.index("leg")
    shares = []
    for balanced in (False, True):
        drawn = sample(
            pack([program]),
            torch.Generator().manual_seed(0),
            surface=4000,
            near=8000,
            uniform=8,
            balanced=balanced,
        )
        first, second = drawn.point_names[0, :8000].split(4000)
        shares.append([float((half == leg).float().mean()) for half in (first, second)])
    area = 2 * np.pi * 0.03 * 1.8 / (2 * np.pi * 0.03 * 1.8 + 4 * np.pi * 0.25)
    assert shares[0] == pytest.approx([area, area], abs=0.02)
    assert shares[1] == pytest.approx([area, 0.5], abs=0.03)


def test_works_in_inference_mode():
    with torch.inference_mode():
        drawn = sample(
            pack([make_chair(4)]), torch.Generator().manual_seed(0), surface=64, near=32, uniform=32
        )
    assert bool(torch.isfinite(drawn.normals).all())


def test_one_block_of_many_shapes_is_sampled_like_single_shapes(monkeypatch):
    """What a GPU does (many shapes per block), done on the CPU."""
    batch = pack([make_chair(seed) for seed in SEEDS])
    monkeypatch.setattr("core.corpus.sampling._sample_blocks", lambda whole: [whole])
    drawn = sample(batch, torch.Generator().manual_seed(0), surface=512, near=64, uniform=64)
    distance, _ = signed_distance(batch, drawn.surface)
    assert float(distance.abs().max()) < 1.1e-3
    assert all(len(torch.unique(shape, dim=0)) == 512 for shape in drawn.surface)
    assert torch.equal(drawn.inside, signed_distance(batch, drawn.points)[0] < 0)
