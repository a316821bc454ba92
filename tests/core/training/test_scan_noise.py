"""Faults of real scans, and that the truth stays true."""

from __future__ import annotations

import torch

from core.training.scan_noise import MOST_NOISE, MOST_TURN, degrade, rotations


def sphere_batch(count: int = 6, size: int = 500) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    normals = torch.nn.functional.normalize(torch.randn(count, size, 3, generator=generator), dim=-1)
    points = torch.rand(count, 300, 3, generator=generator) * 2 - 1
    return {
        "surface": 0.6 * normals,
        "normals": normals,
        "points": points,
        "inside": points.norm(dim=-1) < 0.6,
    }


def test_without_faults_nothing_but_the_order_changes() -> None:
    batch = sphere_batch()
    after = degrade(batch, 0.0, torch.Generator().manual_seed(0))
    torch.testing.assert_close(after["points"], batch["points"])
    for name in ("surface", "normals"):
        before, now = batch[name][0], after[name][0]
        assert torch.cdist(before, now).min(1).values.max() < 1e-3


def test_faults_stay_within_their_bounds_and_labels_stay_true() -> None:
    batch = sphere_batch(40)
    after = degrade(batch, 1.0, torch.Generator().manual_seed(3))
    assert after["surface"].shape == batch["surface"].shape
    assert torch.isfinite(after["surface"]).all()
    scale = after["points"].norm(dim=-1) / batch["points"].norm(dim=-1)
    assert (scale.std(1) < 1e-5).all()
    scale = scale.mean(1)
    # A sphere stays one under a turn: its points lie at the scaled radius, give or take the noise.
    distance = (after["surface"].norm(dim=-1) - 0.6 * scale[:, None]).abs()
    assert distance.max() < 6 * MOST_NOISE
    assert distance.mean() > 1e-4
    inside = after["points"].norm(dim=-1) < 0.6 * scale[:, None]
    assert (inside == batch["inside"]).all()
    torch.testing.assert_close(after["normals"].norm(dim=-1), torch.ones(40, 500))
    # Points are missing somewhere and crowd somewhere else.
    gaps = torch.cdist(batch["surface"] * scale[:, None, None], after["surface"]).min(2).values.max(1).values
    assert (gaps > 0.08).float().mean() > 0.8


def test_rotations_turn_by_their_angle() -> None:
    axes, angles = torch.randn(20, 3), torch.rand(20) * MOST_TURN
    matrices = rotations(axes, angles)
    torch.testing.assert_close(matrices @ matrices.transpose(1, 2), torch.eye(3).expand(20, 3, 3))
    torch.testing.assert_close((matrices @ axes[..., None])[..., 0], axes)
    trace = matrices.diagonal(dim1=1, dim2=2).sum(-1)
    torch.testing.assert_close(((trace - 1) / 2).clamp(-1, 1).acos(), angles, atol=2e-3, rtol=0)
