"""Every primitive's distance is exact: compared with brute force, its gradient and its solid."""

import numpy as np
import pytest
import torch

from core.corpus.chairs import make_chair
from core.corpus.distance import DISTANCE, pack, signed_distance
from core.corpus.program import PARAMETER_COUNT, Kind, Program, bounds
from core.corpus.sampling import local_boxes

CASES = [
    pytest.param(Kind.PLATE, (0.5, 0.4, 0.02, 0.02, 0.06, 0.02), id="box"),
    pytest.param(Kind.PLATE, (0.4, 0.4, 0.4, 0.4, 0.05, 0.01), id="disc"),
    pytest.param(Kind.PLATE, (0.3, 0.4, 0.3, 0.05, 0.08, 0.05), id="arched"),
    pytest.param(Kind.PLATE, (0.3, 0.5, 0.3, 0.3, 0.1, 0.095), id="stadium"),
    pytest.param(Kind.CONE, (0.15, 0.05, 0.4), id="tapered"),
    pytest.param(Kind.CONE, (0.1, 0.1, 0.3), id="capsule"),
    pytest.param(Kind.ARC, (0.5, 0.1, 1.0), id="arc"),
    pytest.param(Kind.ARC, (0.4, 0.08, 2.2), id="hoop"),
    pytest.param(Kind.ARC, (0.4, 0.08, np.pi), id="ring"),
    pytest.param(Kind.BEND, (0.6, 0.08, 0.7, 0.3, 0.03), id="bend"),
    pytest.param(Kind.BEND, (0.45, 0.1, 1.4, 0.2, 0.09), id="wrap"),
    pytest.param(Kind.ELLIPSOID, (0.6, 0.2, 0.4), id="ellipsoid"),
    pytest.param(Kind.ELLIPSOID, (0.5, 0.5, 0.1), id="lens"),
]

STEPS = 300
"""Positions per sweep of the independent membership tests; their error is below 5e-5."""


def _evaluate(kind: Kind, params: tuple[float, ...], points: torch.Tensor) -> torch.Tensor:
    row = torch.zeros(PARAMETER_COUNT, 1, dtype=points.dtype)
    row[: len(params), 0] = torch.tensor(params, dtype=points.dtype)
    return DISTANCE[kind](points[:, 0], points[:, 1], points[:, 2], row.unbind(0))


def _inside(kind: Kind, p: tuple[float, ...], points: np.ndarray) -> np.ndarray:
    """Membership written independently of the distance: sweeps and core shapes dilated by a ball."""
    x, y, z = np.abs(points[:, 0]), points[:, 1], np.abs(points[:, 2])
    if kind == Kind.ELLIPSOID:
        return (x / p[0]) ** 2 + (y / p[1]) ** 2 + (z / p[2]) ** 2 < 1
    if kind == Kind.CONE:
        part = np.linspace(0, 1, STEPS)[:, None]
        center, radius = -p[2] + 2 * p[2] * part, p[0] + (p[1] - p[0]) * part
        return ((x**2 + (y - center) ** 2 + z**2) < radius**2).any(0)
    if kind == Kind.ARC:
        angle = np.linspace(0, p[2], STEPS)[:, None]
        gap = (x - p[0] * np.sin(angle)) ** 2 + (y - p[0] * np.cos(angle)) ** 2 + z**2
        return gap.min(0) < p[1] ** 2
    if kind == Kind.BEND:
        thick, edge = p[1] - p[4], p[4]
        angle = np.linspace(0, p[2], STEPS)[:, None]
        along = np.clip(x * np.sin(angle) + y * np.cos(angle), p[0] - thick, p[0] + thick)
        gap = (x - along * np.sin(angle)) ** 2 + (y - along * np.cos(angle)) ** 2
        return gap.min(0) + np.maximum(z - p[3] + edge, 0) ** 2 < edge**2
    edge = p[5]
    half_x, half_y = p[0] - edge, p[1] - edge
    radius = np.maximum(np.where(y > 0, p[2], p[3]) - edge, 0)
    # nearest point of the core outline: clamp to the rectangle of corner centres, then step by the radius
    dx, dy = np.maximum(x - half_x + radius, 0), np.maximum(np.abs(y) - half_y + radius, 0)
    flat = np.maximum(np.hypot(dx, dy) - radius, 0)
    return flat**2 + np.maximum(z - p[4] + edge, 0) ** 2 < edge**2


def _surface(kind: Kind, params: tuple[float, ...], count: int, generator: torch.Generator) -> torch.Tensor:
    """Dense points of the surface, found by bisecting segments between inside and outside points."""
    row = torch.zeros(PARAMETER_COUNT)
    row[: len(params)] = torch.tensor(params)
    low, high = (corner.double() for corner in local_boxes(kind, row))
    low, high = low - 0.01, high + 0.01
    points = low + (high - low) * torch.rand(6000, 3, generator=generator, dtype=torch.float64)
    inside = torch.from_numpy(_inside(kind, params, points.numpy()))
    inner, outer = points[inside], points[~inside]
    a = inner[torch.randint(len(inner), (count,), generator=generator)]
    b = outer[torch.randint(len(outer), (count,), generator=generator)]
    for _ in range(14):
        middle = 0.5 * (a + b)
        within = torch.from_numpy(_inside(kind, params, middle.numpy()))[:, None]
        a, b = torch.where(within, middle, a), torch.where(within, b, middle)
    return 0.5 * (a + b)


@pytest.mark.parametrize(("kind", "params"), CASES)
def test_sign_is_membership(kind, params):
    generator = torch.Generator().manual_seed(1)
    points = 2 * torch.rand(2000, 3, generator=generator, dtype=torch.float64) - 1
    row = torch.zeros(PARAMETER_COUNT)
    row[: len(params)] = torch.tensor(params)
    low, high = (corner.double() for corner in local_boxes(kind, row))
    points[1000:] = low + (high - low) * (0.5 + 0.5 * points[1000:])
    distance = _evaluate(kind, params, points)
    inside = torch.from_numpy(_inside(kind, params, points.numpy()))
    clear = distance.abs() > 1e-4
    assert int(inside.sum()) > 200
    assert torch.equal((distance < 0)[clear], inside[clear])


@pytest.mark.parametrize(("kind", "params"), CASES)
def test_distance_is_that_of_the_nearest_surface_point(kind, params):
    generator = torch.Generator().manual_seed(2)
    surface = _surface(kind, params, 2000, generator)
    assert float(_evaluate(kind, params, surface).abs().max()) < 1e-4
    points = 2 * torch.rand(400, 3, generator=generator, dtype=torch.float64) - 1
    points[200:] = surface[:200] + 0.03 * torch.randn(200, 3, generator=generator, dtype=torch.float64)
    distance = _evaluate(kind, params, points)
    # no surface point may be nearer than the distance says ...
    nearest = torch.cdist(points, surface).amin(1)
    assert float((distance.abs() - nearest).max()) < 2e-4
    # ... and stepping by the distance along the gradient lands on the surface
    points.requires_grad_()
    (gradient,) = torch.autograd.grad(_evaluate(kind, params, points).sum(), points)
    landed = (points - distance[:, None] * gradient).detach()
    smooth = gradient.norm(dim=1) > 1e-3
    assert float(_evaluate(kind, params, landed[smooth]).abs().max()) < 2e-3
    assert float((gradient[smooth].norm(dim=1) - 1).abs().median()) < 1e-5


@pytest.mark.parametrize(("kind", "params"), CASES)
def test_single_precision_agrees_with_double(kind, params):
    generator = torch.Generator().manual_seed(3)
    points = 2 * torch.rand(3000, 3, generator=generator) - 1
    points[:300, 0] = 0  # planes of symmetry, where closed forms like to divide by zero
    points[200:600, 1] = 0
    points[500:800, 2] = 0
    single, double = _evaluate(kind, params, points), _evaluate(kind, params, points.double())
    assert bool(torch.isfinite(single).all())
    assert float((single - double).abs().max()) < 2e-5


@pytest.mark.parametrize(("kind", "params"), CASES)
def test_bounds_are_tight(kind, params):
    """The exact box of a turned primitive touches its surface on every side."""
    generator = torch.Generator().manual_seed(4)
    points = (2 * torch.rand(8000, 3, generator=generator, dtype=torch.float64) - 1).requires_grad_()
    distance = _evaluate(kind, params, points)
    (gradient,) = torch.autograd.grad(distance.sum(), points)
    surface = (points - distance[:, None] * gradient).detach()
    surface = surface[_evaluate(kind, params, surface).abs() < 1e-5].numpy()
    turn = np.linalg.qr(np.random.default_rng(5).normal(size=(3, 3)))[0]
    turn *= np.linalg.det(turn)
    row = np.zeros((1, PARAMETER_COUNT))
    row[0, : len(params)] = params
    low, high = bounds(np.array([kind], np.int8), row, turn[None], np.array([[0.1, -0.2, 0.3]]))
    world = surface @ turn + np.array([0.1, -0.2, 0.3])
    assert (world.min(0) - low[0] > -1e-4).all()
    assert (high[0] - world.max(0) > -1e-4).all()
    assert np.abs(np.concatenate((world.min(0) - low[0], high[0] - world.max(0)))).max() < 0.02


def test_union_and_names_do_not_depend_on_the_batch():
    programs = [make_chair(seed) for seed in range(6)]
    points = 2 * torch.rand(6, 700, 3, generator=torch.Generator().manual_seed(6)) - 1
    distance, names = signed_distance(pack(programs), points)
    assert distance.dtype == torch.float32
    assert names.dtype == torch.uint8
    for index, program in enumerate(programs):
        alone, alone_names = signed_distance(pack([program]), points[index : index + 1])
        assert torch.allclose(alone[0], distance[index], atol=1e-6)
        assert torch.equal(alone_names[0], names[index])
        assert set(names[index].tolist()) <= set(program.name_ids.tolist())


def test_union_is_the_minimum_over_its_primitives():
    program = make_chair(3)
    points = 2 * torch.rand(1, 500, 3, generator=torch.Generator().manual_seed(7)) - 1
    distance, names = signed_distance(pack([program]), points)
    singles = []
    for row in range(len(program.names)):
        part = Program(
            program.kinds[row : row + 1].copy(),
            program.params[row : row + 1].copy(),
            program.rotations[row : row + 1].copy(),
            program.centers[row : row + 1].copy(),
            program.names[row : row + 1],
            {},
            0,
        )
        singles.append(signed_distance(pack([part]), points)[0][0])
    smallest, which = torch.stack(singles).min(0)
    assert torch.allclose(smallest, distance[0], atol=1e-6)
    expected = torch.from_numpy(program.name_ids)[which]
    assert float((expected == names[0]).float().mean()) > 0.99  # ties between mirrored primitives aside


def test_wrong_point_shapes_are_refused():
    batch = pack([make_chair(0)])
    with pytest.raises(ValueError, match="points must be"):
        signed_distance(batch, torch.zeros(2, 5, 3))
    with pytest.raises(ValueError, match="at least one program"):
        pack([])


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_cuda_agrees_with_the_cpu():
    programs = [make_chair(seed) for seed in range(70)]
    points = 2 * torch.rand(70, 500, 3, generator=torch.Generator().manual_seed(8)) - 1
    here, names = signed_distance(pack(programs), points)
    there, there_names = signed_distance(pack(programs, "cuda"), points.cuda())
    assert torch.allclose(here, there.cpu(), atol=1e-5)
    assert float((names == there_names.cpu()).float().mean()) > 0.999


def test_blocks_of_many_shapes_agree_with_single_shapes(monkeypatch):
    """What a GPU does (one padded block for the whole batch), done on the CPU."""
    programs = [make_chair(seed) for seed in range(8)]
    points = 2 * torch.rand(8, 300, 3, generator=torch.Generator().manual_seed(9)) - 1
    expected, expected_names = signed_distance(pack(programs), points)
    monkeypatch.setattr("core.corpus.distance._blocks", lambda batch, count: [(slice(0, 8), slice(0, count))])
    distance, names = signed_distance(pack(programs), points)
    assert torch.allclose(distance, expected, atol=1e-6)
    assert torch.equal(names, expected_names)
