"""The masked loop against a distribution whose denoiser is known exactly."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from core.edits.job import Cancelled
from core.models.schedule import COSINE, make_scheduler
from core.pipelines.masked import denoise_masked
from core.pipelines.sampling import Noise

# Two parts with one number each: (a, b) with b = a + small noise. Given a, the completed b must be near a.
SPREAD = 0.1


def exact_denoiser(x: Tensor, t: Tensor) -> Tensor:
    """Velocity of the joint normal of (a, b), a ~ N(0, 1), b = a + N(0, SPREAD^2)."""
    alpha = make_scheduler(COSINE).alphas_cumprod[t]
    covariance = torch.tensor([[1.0, 1.0], [1.0, 1.0 + SPREAD**2]])
    noisy = alpha * covariance + (1 - alpha) * torch.eye(2)
    x0 = (alpha.sqrt() * covariance @ torch.linalg.inv(noisy) @ x[..., 0, None])[..., 0][..., None]
    noise = (x - alpha.sqrt() * x0) / (1 - alpha).sqrt()
    return alpha.sqrt() * noise - (1 - alpha).sqrt() * x0


def completed(resample: int, start: float = 1.0, steps: int = 25) -> tuple[Tensor, Tensor]:
    given = torch.linspace(-2, 2, 200)[:, None, None]
    x0 = torch.cat((given, torch.zeros_like(given)), 1)
    out = denoise_masked(
        exact_denoiser, COSINE, x0, torch.tensor([False, True]), Noise(range(200), torch.device("cpu")),
        start=start, steps=steps, resample=resample, stage="s", on_step=lambda *_: None,
    )  # fmt: skip
    return x0, out


def test_resampling_makes_new_parts_fit_the_given_ones() -> None:
    errors = {}
    for resample in (1, 4):
        x0, out = completed(resample)
        assert torch.equal(out[:, 0], x0[:, 0])
        errors[resample] = float((out[:, 1] - x0[:, 0]).square().mean().sqrt())
    assert errors[4] < 0.35
    assert errors[4] < errors[1]


def test_a_small_start_stays_near_what_was_there() -> None:
    x0, near = completed(1, start=0.05, steps=6)
    _, far = completed(1, start=1.0)
    assert (near[:, 1] - x0[:, 1]).abs().mean() < (far[:, 1] - x0[:, 1]).abs().mean() / 2


def test_a_candidate_depends_on_its_own_seed_only() -> None:
    alone = Noise([7], torch.device("cpu"))(3, 2)
    among = Noise([5, 7, 9], torch.device("cpu"))(3, 2)
    assert torch.equal(alone[0], among[1])


def test_what_on_step_raises_stops_the_loop() -> None:
    seen = []

    def on_step(*values: object) -> None:
        seen.append(values)
        raise Cancelled

    with pytest.raises(Cancelled):
        denoise_masked(
            exact_denoiser, COSINE, torch.zeros(1, 2, 1), torch.tensor([True, False]),
            Noise([0], torch.device("cpu")), start=1.0, steps=10, resample=1, stage="s", on_step=on_step,
        )  # fmt: skip
    assert len(seen) == 1


@pytest.mark.parametrize("start", [0.099, 0.1, 0.5, 1.0])
def test_no_step_lies_before_the_clean_end(start: float) -> None:
    """61 trailing steps (6 from 0.099) used to end at t = -1, which is read as pure noise."""
    seen: list[int] = []

    def denoise(x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        seen.append(int(t))
        return torch.zeros_like(x)

    denoise_masked(
        denoise,
        COSINE,
        torch.zeros(1, 4, 3),
        torch.tensor([True, False, False, False]),
        Noise([0], torch.device("cpu")),
        start=start,
        steps=6,
        resample=1,
        stage="gaussians",
        on_step=lambda *_: None,
    )
    assert seen
    assert min(seen) >= 0
    assert max(seen) < start * 1000
