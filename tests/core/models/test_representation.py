"""Part encoder, mixing and occupancy: what their equations promise."""

from __future__ import annotations

import pytest
import torch

from core.models.gaussian_head import (
    gaussians_from_raw,
    local_maps,
    log_likelihoods,
    mirrored,
    squared_distances,
)
from core.models.mixing import Mixing
from core.models.occupancy import Occupancy
from core.models.representation import TINY, build, grown


@pytest.fixture
def parts() -> torch.Tensor:
    torch.manual_seed(0)
    return gaussians_from_raw(torch.randn(2, 6, 16))


def test_gaussians_are_valid(parts: torch.Tensor) -> None:
    axes = parts[..., 3:12].unflatten(-1, (3, 3))
    assert torch.allclose(axes @ axes.transpose(-1, -2), torch.eye(3).expand_as(axes), atol=1e-5)
    assert (parts[..., 13:] >= 1e-4).all()


def test_likelihoods_are_those_of_torch(parts: torch.Tensor) -> None:
    points = torch.randn(2, 40, 3)
    axes = parts[..., 3:12].unflatten(-1, (3, 3))
    covariance = axes.transpose(-1, -2) @ (parts[..., 13:, None] * axes)
    normal = torch.distributions.MultivariateNormal(parts[:, None, :, :3], covariance[:, None])
    expected = (
        normal.log_prob(points[:, :, None].expand(-1, -1, 6, -1)) + parts[..., 12].log_softmax(-1)[:, None]
    )
    assert torch.allclose(log_likelihoods(parts, points), expected, atol=1e-2, rtol=1e-4)


def test_mirrored_points_are_as_far_from_mirrored_parts(parts: torch.Tensor) -> None:
    points = torch.randn(2, 40, 3)
    here = squared_distances(local_maps(parts), points)
    there = squared_distances(local_maps(mirrored(parts)), points * torch.tensor([-1.0, 1, 1]))
    assert torch.allclose(here, there, rtol=1e-3, atol=1e-3)


def test_encoder_makes_mirrored_halves_and_ignores_the_order_of_points() -> None:
    torch.manual_seed(1)
    encoder = build(TINY).encoder.eval()
    points, normals = torch.randn(1, 64, 3), torch.randn(1, 64, 3)
    order = torch.randperm(64)
    extrinsics, intrinsics = encoder(points, normals)
    shuffled = encoder(points[:, order], normals[:, order])
    assert torch.equal(mirrored(extrinsics[:, :4]), extrinsics[:, 4:])
    assert torch.allclose(extrinsics, shuffled[0], atol=1e-4)
    assert torch.allclose(intrinsics, shuffled[1], atol=1e-4)


@pytest.mark.parametrize(("local_heads", "waves"), [(0, 0), (2, 0), (2, 3)])
def test_decoding_ignores_the_order_of_parts_and_masked_ones(
    parts: torch.Tensor, local_heads: int, waves: int
) -> None:
    torch.manual_seed(2)
    mixing = Mixing(intrinsic_dim=8, dim=16, num_layers=2, num_heads=2).eval()
    occupancy = Occupancy(16, 13, 2, 2, head_width=16, local_heads=local_heads, waves=waves).eval()
    if occupancy.part_waves is not None:
        torch.nn.init.normal_(occupancy.part_waves.out.weight)
    intrinsics, points = torch.randn(2, 6, 8), torch.rand(2, 30, 3) * 2 - 1

    def logits(rows: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        tokens = mixing(intrinsics[:, rows], parts[:, rows], mask)
        return occupancy(points, tokens, parts[:, rows], mask)

    every = torch.arange(6)
    assert torch.allclose(logits(every), logits(torch.randperm(6)), atol=1e-4)
    mask = torch.tensor([True, True, False, True, False, True]).expand(2, -1)
    assert torch.allclose(logits(every, mask), logits(torch.tensor([0, 1, 3, 5])), atol=1e-4)


def test_local_frames_follow_a_rigid_move_of_everything(parts: torch.Tensor) -> None:
    """Closeness and local coordinates do not change when points and Gaussians move together."""
    points, shift = torch.rand(2, 30, 3), torch.tensor([0.3, -0.2, 0.1])
    moved = parts.clone()
    moved[..., :3] += shift
    here = squared_distances(local_maps(parts), points)
    there = squared_distances(local_maps(moved), points + shift)
    assert torch.allclose(here, there, rtol=1e-3, atol=1e-3)


def test_a_grown_model_answers_as_before_and_then_learns_with_what_is_new(parts: torch.Tensor) -> None:
    torch.manual_seed(3)
    small = {name: dict(sizes) for name, sizes in TINY.items()}
    small["occupancy"]["waves"] = 0
    large = {name: dict(sizes) for name, sizes in TINY.items()}
    large["occupancy"]["num_layers"] = 2
    trained = build(small)
    model = grown(trained, large)
    points, latents = torch.rand(2, 40, 3) * 2 - 1, torch.randn(2, 6, 16)
    before = trained.decode(points, parts, latents)
    assert torch.equal(model.decode(points, parts, latents), before)

    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
    for _ in range(3):
        optimiser.zero_grad()
        model.decode(points, parts, latents).square().sum().backward()
        optimiser.step()
    assert model.occupancy.part_waves is not None
    assert float(model.occupancy.part_waves.out.weight.detach().abs().max()) > 0
    assert float(model.occupancy.part_waves.from_token.weight.grad.abs().max()) > 0

    large["mixing"]["num_layers"] = 2
    with pytest.raises(ValueError, match=r"mixing.*cannot be grown"):
        grown(trained, large)


def test_waves_need_frames() -> None:
    with pytest.raises(ValueError, match="local frames"):
        Occupancy(16, 13, 1, 2, waves=2)
