"""The published schedule, and samplers that turn noise into the right distribution."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
import torch

from core.models.schedule import (
    COSINE,
    PUBLISHED,
    SAMPLERS,
    SchedulerConfig,
    make_scheduler,
    network_times,
    published_schedule,
    timesteps_of,
)

MEAN, DEVIATION = 1.5, 0.3


@pytest.mark.parametrize("num_steps", [1, 7, 1000])
def test_published_schedule_is_padded_and_consistent(num_steps: int) -> None:
    betas, alpha_bars, sigmas = published_schedule(num_steps)
    assert len(betas) == len(alpha_bars) == len(sigmas) == num_steps + 1
    assert (betas[0], alpha_bars[0], sigmas[0], sigmas[1]) == (0.0, 1.0, 0.0, 0.0)
    torch.testing.assert_close(alpha_bars, (1 - betas.double()).cumprod(0).float(), rtol=1e-4, atol=1e-6)
    assert bool((sigmas.square() <= betas + 1e-8).all())


def test_other_modes_are_refused() -> None:
    with pytest.raises(ValueError, match="cosine"):
        published_schedule(mode="cosine")


def test_schedulers_run_on_the_published_numbers() -> None:
    betas, alpha_bars, _ = published_schedule()
    for sampler in SAMPLERS:
        scheduler = make_scheduler({"sampler": sampler})
        torch.testing.assert_close(scheduler.betas, betas[1:])
        torch.testing.assert_close(scheduler.alphas_cumprod, alpha_bars[1:], rtol=1e-4, atol=1e-7)
    timesteps = torch.tensor([0, 17, 999])
    torch.testing.assert_close(network_times(PUBLISHED, scheduler, timesteps), betas[timesteps + 1])
    torch.testing.assert_close(network_times(COSINE, scheduler, timesteps), timesteps.float())


@pytest.mark.parametrize("timestep", [1, 250, 999])
def test_ddpm_step_is_the_published_step(timestep: int) -> None:
    betas, alpha_bars, sigmas = published_schedule()
    scheduler = make_scheduler({"sampler": "ddpm"})
    generator = torch.Generator().manual_seed(0)
    x, eps = torch.randn(2, 3, 5, generator=generator)
    t = timestep + 1
    mean = (x - betas[t] / (1 - alpha_bars[t]).sqrt() * eps) / (1 - betas[t]).sqrt()
    noise = torch.randn(3, 5, generator=torch.Generator().manual_seed(5))
    actual = scheduler.step(eps, timestep, x, generator=torch.Generator().manual_seed(5)).prev_sample
    torch.testing.assert_close(actual, mean + sigmas[t] * noise, rtol=1e-3, atol=2e-4)


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("diffusion", [PUBLISHED, COSINE], ids=["published", "cosine"])
def test_exact_denoiser_gives_the_data_distribution(sampler: str, diffusion: SchedulerConfig) -> None:
    """Data are normal with known moments, so the ideal prediction is known in closed form."""
    config = SchedulerConfig.from_dict(diffusion.to_dict() | {"sampler": sampler})
    scheduler = make_scheduler(config)
    scheduler.set_timesteps({"dpm": 25, "ddim": 100, "ddpm": 1000}[sampler])
    generator = torch.Generator().manual_seed(3)
    x = torch.randn(2000, 2, generator=generator)
    for timestep in scheduler.timesteps:
        alpha_bar = scheduler.alphas_cumprod[timestep]
        alpha, sigma = alpha_bar.sqrt(), (1 - alpha_bar).sqrt()
        variance = alpha_bar * DEVIATION**2 + sigma**2
        eps = sigma * (x - alpha * MEAN) / variance
        clean = MEAN + alpha * DEVIATION**2 * (x - alpha * MEAN) / variance
        prediction = eps if config.prediction == "epsilon" else alpha * eps - sigma * clean
        extra = {} if sampler == "dpm" else {"generator": generator}
        x = scheduler.step(prediction, timestep, x, **extra).prev_sample
    assert bool(x.isfinite().all())
    assert float(x.mean()) == pytest.approx(MEAN, abs=0.05)
    assert float(x.std()) == pytest.approx(DEVIATION, rel=0.12)


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("steps", [1, 40, 61, 103, 400])
def test_timesteps_fall_and_are_never_negative(sampler: str, steps: int) -> None:
    """For 61 and 103 steps diffusers' trailing spacing ends at t = -1."""
    timesteps = timesteps_of(make_scheduler({**COSINE.to_dict(), "sampler": sampler}), steps)
    assert len(timesteps) == steps
    assert all(before > after >= 0 for before, after in pairwise(timesteps))


def test_samples_are_not_clipped() -> None:
    for sampler in SAMPLERS:
        scheduler = make_scheduler({"sampler": sampler})
        assert not scheduler.config.get("clip_sample", False)
        assert not scheduler.config.get("thresholding", False)


def test_config_round_trip_and_refusals() -> None:
    assert SchedulerConfig.from_dict(COSINE.to_dict()) == COSINE
    with pytest.raises(ValueError, match=r"unknown entries.*colour"):
        SchedulerConfig.from_dict({"colour": 1})
    for entry in ("sampler", "betas", "prediction", "network_time"):
        with pytest.raises(ValueError, match=entry):
            make_scheduler({entry: "nonsense"})
    with pytest.raises(ValueError, match="num_steps"):
        SchedulerConfig(num_steps=0)
    assert math.isclose(PUBLISHED.beta_T, 0.05)
