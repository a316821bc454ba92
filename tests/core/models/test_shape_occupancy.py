"""One shape's occupancy with everything computed beforehand against the network it comes from."""

from __future__ import annotations

import pytest
import torch

from core.models.gaussian_head import gaussians_from_raw
from core.models.occupancy import Occupancy
from core.models.shape_occupancy import LANES, ShapeOccupancy

PARTS = 6


@pytest.fixture(params=[(0, 0), (2, 0), (2, 3)], ids=["published", "frames", "waves"])
def network(request: pytest.FixtureRequest) -> Occupancy:
    """A network all of whose parameters matter, biases and scales too."""
    torch.manual_seed(4)
    local_heads, waves = request.param
    network = Occupancy(16, 29, 2, 4, head_width=24, local_heads=local_heads, waves=waves).eval()
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if not name.startswith("part_waves.base"):
                parameter.add_(0.1 * torch.randn_like(parameter))
            if name.endswith("weight_g"):
                parameter.mul_(3.0)  # an untrained head hardly tells points apart
    return network


@pytest.fixture
def shape() -> tuple[torch.Tensor, torch.Tensor]:
    """Tokens and Gaussians of a shape, one of them thin."""
    torch.manual_seed(5)
    extrinsics = gaussians_from_raw(torch.randn(PARTS, 16))
    extrinsics[0, 13:] = torch.tensor([0.09, 0.04, 1e-4])
    return torch.randn(PARTS, 16), extrinsics


@torch.inference_mode()
def test_it_answers_as_the_network(network: Occupancy, shape: tuple[torch.Tensor, torch.Tensor]) -> None:
    tokens, extrinsics = shape
    points = torch.rand(500, 3) * 2 - 1
    expected = network(points[None], tokens[None], extrinsics[None])[0]
    answers = ShapeOccupancy(network, tokens, extrinsics, torch.float32)(points)
    assert float(expected.std()) > 0.1
    torch.testing.assert_close(answers, expected, atol=1e-4, rtol=1e-4)


@torch.inference_mode()
def test_in_half_precision_it_is_no_farther_from_the_network_than_autocast(
    network: Occupancy, shape: tuple[torch.Tensor, torch.Tensor]
) -> None:
    tokens, extrinsics = shape
    points = torch.rand(4000, 3) * 2 - 1
    exact = network(points[None], tokens[None], extrinsics[None])[0]
    with torch.autocast("cpu", torch.bfloat16):
        autocast = network(points[None], tokens[None], extrinsics[None])[0].float()
    answers = ShapeOccupancy(network, tokens, extrinsics, torch.bfloat16)(points)
    assert float((answers - exact).abs().mean()) < 1.2 * float((autocast - exact).abs().mean())


@pytest.mark.parametrize("kind", [torch.float32, torch.bfloat16])
@torch.inference_mode()
def test_the_logits_of_a_point_do_not_depend_on_the_points_beside_it(
    network: Occupancy, shape: tuple[torch.Tensor, torch.Tensor], kind: torch.dtype
) -> None:
    occupancy = ShapeOccupancy(network, *shape, kind)
    points = torch.rand(1000, 3) * 2 - 1
    whole = occupancy(points)
    for count in (1, 7, LANES, LANES + 1, 501):
        assert torch.equal(torch.cat([occupancy(block) for block in points.split(count)]), whole)
    assert len(occupancy(points[:0])) == 0
