"""Denoising only some parts while the others are given: the loop under completion and refinement."""

from __future__ import annotations

import torch
from torch import Tensor

from core.models.schedule import SchedulerConfig, make_scheduler, timesteps_of
from core.pipelines.guidance import Denoise
from core.pipelines.sampling import Noise, OnStep, clean_estimate


def denoise_masked(
    denoise: Denoise,
    schedule: SchedulerConfig,
    x0: Tensor,
    edit: Tensor,
    noise: Noise,
    *,
    start: float,
    steps: int,
    resample: int,
    stage: str,
    on_step: OnStep,
) -> Tensor:
    """Masked ancestral sampling with resampling (RePaint, Lugmayr et al. 2022, algorithm 1).

    For t from ``start * T`` down: ``x_f = denoise_step(x_t)``, ``x_b = add_noise(x0, t - 1)``,
    ``x_{t-1} = m x_f + (1 - m) x_b``; each step is repeated `resample` times by noising back to t, so that
    the new parts and the given ones come to fit each other. From ``start < 1`` the edited parts begin as
    their own noised selves: SDEdit (Meng et al. 2022). Given parts never influence `x0` and are returned
    as they came.

    Parameters
    ----------
    denoise : Denoise
    schedule : SchedulerConfig
    x0 : Tensor [B, P, C]
        Clean, standardised numbers; rows to edit matter only if ``start < 1``.
    edit : bool Tensor [P]
        True = sample this part.
    start : float
        Fraction of T to start from, in (0, 1].
    steps : int
        Steps between `start` and 0.
    resample : int
        U >= 1.

    Returns
    -------
    Tensor [B, P, C]
    """
    config = SchedulerConfig.from_dict({**schedule.to_dict(), "sampler": "ddim"})
    scheduler = make_scheduler(config)
    whole = timesteps_of(scheduler, min(round(steps / start), config.num_steps))
    jump = config.num_steps // scheduler.num_inference_steps
    timesteps = [t for t in whole if t < start * config.num_steps] or whole[-1:]
    alphas = scheduler.alphas_cumprod
    mask = edit[:, None]
    shape = x0.shape[1:]

    first = alphas[timesteps[0]]
    x = noise(*shape) if start >= 1.0 else first.sqrt() * x0 + (1 - first).sqrt() * noise(*shape)
    x = torch.where(mask, x, first.sqrt() * x0 + (1 - first).sqrt() * noise(*shape))
    for index, t in enumerate(timesteps):
        previous = alphas[t - jump] if t >= jump else torch.ones(())
        # The last steps settle details and have nothing left to harmonise.
        repeats = resample if index < len(timesteps) - 2 else 1
        for repeat in range(repeats):
            prediction = denoise(x, t)
            estimate = clean_estimate(prediction, x, alphas[t], config.prediction)
            x_f = scheduler.step(prediction, t, x, eta=1.0, variance_noise=noise(*shape)).prev_sample
            x_b = previous.sqrt() * x0 + (1 - previous).sqrt() * noise(*shape)
            x = torch.where(mask, x_f, x_b)
            if repeat < repeats - 1:
                kept = alphas[t] / previous
                x = kept.sqrt() * x + (1 - kept).sqrt() * noise(*shape)
        on_step(stage, index + 1, len(timesteps), torch.where(mask, estimate, x0))
    return torch.where(mask, x, x0)
