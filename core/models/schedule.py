"""Noise schedules and the samplers that run on them.

The published schedule is linear in beta and padded with a zero at index 0, so its t = 1..T is a scheduler's
timestep 0..T-1. Published networks are conditioned on beta_t itself, ours on the timestep.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, NamedTuple

import torch
from torch import Tensor

from core.models.schedulers import DDIMScheduler, DDPMScheduler, DPMSolverMultistepScheduler

Scheduler = Any

SAMPLERS = ("dpm", "ddim", "ddpm")
BETAS = ("linear", "squaredcos_cap_v2")
PREDICTIONS = ("epsilon", "v_prediction")
NETWORK_TIMES = ("beta", "step")

MIN_LOG_SNR = -5.1
"""Half log signal-to-noise ratio below which the ODE solver does not start: there the data prediction
divides by an almost vanishing signal, and the first steps of few-step sampling would be wasted."""


class NoiseSchedule(NamedTuple):
    """Numbers of a diffusion with T steps, each float32 [T + 1], index 0 being padding.

    Attributes
    ----------
    betas : Tensor
        Variance added in step t; 0 at index 0.
    alpha_bars : Tensor
        Product of 1 - beta up to t: the share of signal variance; 1 at index 0.
    sigmas : Tensor
        Standard deviation of the posterior ("fixed small", DDPM eq. 7); 0 at indices 0 and 1.
    """

    betas: Tensor
    alpha_bars: Tensor
    sigmas: Tensor


def published_schedule(
    num_steps: int = 1000, beta_1: float = 1e-4, beta_T: float = 0.05, mode: str = "linear"
) -> NoiseSchedule:
    """Return the published (SALAD) schedule.

    Raises
    ------
    ValueError
        For another mode than "linear".
    """
    if mode != "linear":
        raise ValueError(f"the published schedule is linear, not {mode!r}")
    betas = torch.cat((torch.zeros(1), torch.linspace(beta_1, beta_T, num_steps)))
    # 1 - alpha_bar starts near 1e-4: in float32 the posterior variance would lose four digits.
    exact = betas.double()
    alpha_bars = torch.log1p(-exact).cumsum(0).exp()
    sigmas = torch.zeros_like(exact)
    sigmas[1:] = ((1.0 - alpha_bars[:-1]) / (1.0 - alpha_bars[1:]) * exact[1:]).sqrt()
    return NoiseSchedule(betas, alpha_bars.float(), sigmas.float())


@dataclass(frozen=True)
class SchedulerConfig:
    """What a checkpoint says about its diffusion, and which sampler to run; defaults are the published ones.

    Attributes
    ----------
    sampler : str
        "dpm" (DPM-Solver++ 2M, few steps), "ddim", or "ddpm" (posterior variance "fixed small").
    betas : str
        "linear" or "squaredcos_cap_v2" (cosine).
    num_steps : int
        T.
    beta_1, beta_T : float
        First and last beta of the linear schedule.
    prediction : str
        What the network predicts: "epsilon" or "v_prediction".
    network_time : str
        What the network is told: "beta" (published) or "step", the timestep 0..T-1.
    """

    sampler: str = "dpm"
    betas: str = "linear"
    num_steps: int = 1000
    beta_1: float = 1e-4
    beta_T: float = 0.05
    prediction: str = "epsilon"
    network_time: str = "beta"

    def __post_init__(self) -> None:
        for name, allowed in (
            ("sampler", SAMPLERS),
            ("betas", BETAS),
            ("prediction", PREDICTIONS),
            ("network_time", NETWORK_TIMES),
        ):
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name} must be one of {', '.join(allowed)}, not {getattr(self, name)!r}")
        if self.num_steps < 1:
            raise ValueError("num_steps must be at least 1")

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> SchedulerConfig:
        """Build from the entries of a JSON file.

        Raises
        ------
        ValueError
            On unknown entries or values.
        """
        unknown = set(values) - {field.name for field in fields(cls)}
        if unknown:
            raise ValueError(f"unknown entries in the scheduler config: {', '.join(sorted(unknown))}")
        return cls(**values)  # type: ignore[arg-type]

    def to_dict(self) -> dict[str, object]:
        """Return the entries for a JSON file."""
        return asdict(self)


PUBLISHED = SchedulerConfig()
"""Diffusion of the published checkpoints."""

COSINE = SchedulerConfig(betas="squaredcos_cap_v2", prediction="v_prediction", network_time="step")
"""Diffusion of the networks trained here."""


def make_scheduler(config: SchedulerConfig | Mapping[str, object]) -> Scheduler:
    """Build the diffusers scheduler; samples are never clipped, part numbers have no fixed range.

    Raises
    ------
    ValueError
        When `config` is a mapping with unknown entries or values.
    """
    if not isinstance(config, SchedulerConfig):
        config = SchedulerConfig.from_dict(config)
    diffusion = {
        "num_train_timesteps": config.num_steps,
        "beta_start": config.beta_1,
        "beta_end": config.beta_T,
        "beta_schedule": config.betas,
        "prediction_type": config.prediction,
    }
    if config.sampler == "ddpm":
        return DDPMScheduler(
            **diffusion, variance_type="fixed_small", clip_sample=False, timestep_spacing="trailing"
        )
    if config.sampler == "ddim":
        return DDIMScheduler(**diffusion, clip_sample=False, timestep_spacing="trailing")
    return DPMSolverMultistepScheduler(
        **diffusion,
        algorithm_type="dpmsolver++",
        solver_order=2,
        lower_order_final=True,
        lambda_min_clipped=MIN_LOG_SNR,
        final_sigmas_type="zero",
    )


def timesteps_of(scheduler: Scheduler, steps: int) -> list[Tensor]:
    """Ask a scheduler for `steps` steps and return its timesteps, each int64 [], falling.

    With some numbers of steps (61, 103, 121, ...) diffusers' "trailing" spacing runs one past the end, to
    t = -1; read as an index that is the last entry of the schedule, pure noise. It is left out.
    """
    scheduler.set_timesteps(steps)
    return [timestep for timestep in scheduler.timesteps if timestep >= 0]


def ancestral_step(
    config: SchedulerConfig,
    scheduler: Scheduler,
    prediction: Tensor,
    timestep: int,
    previous: int,
    sample: Tensor,
    noise: Tensor,
) -> Tensor:
    """One step of ancestral sampling, from `timestep` to `previous` (-1 = clean), with given noise.

    DDPM (Ho et al. 2020, algorithm 2) with the posterior variance; over all T steps the published sampler.
    """
    alphas = scheduler.alphas_cumprod.double()
    now = alphas[timestep]
    before = alphas[previous] if previous >= 0 else torch.ones_like(now)
    eps = prediction
    if config.prediction == "v_prediction":
        eps = float(now.sqrt()) * prediction + float((1.0 - now).sqrt()) * sample
    kept = now / before
    # Over a single step the exact beta, not one from products in single precision.
    beta = scheduler.betas[timestep].double() if previous == timestep - 1 else 1.0 - kept
    mean = (sample - float(beta / (1.0 - now).sqrt()) * eps) / float((1.0 - beta).sqrt())
    deviation = ((1.0 - before) / (1.0 - now) * beta).clamp_min(0.0).sqrt()
    return mean + float(deviation) * noise


def network_times(config: SchedulerConfig, scheduler: Scheduler, timesteps: Tensor) -> Tensor:
    """Return what the network is told at a scheduler's timesteps.

    Parameters
    ----------
    config : SchedulerConfig
    scheduler : Scheduler
        From `make_scheduler` with the same config.
    timesteps : int64 Tensor [B]
        Timesteps 0..T-1.

    Returns
    -------
    float32 Tensor [B]
        beta_t (the published index is t + 1, which is the scheduler's t) or the timestep.
    """
    if config.network_time == "step":
        return timesteps.float()
    betas: Tensor = scheduler.betas
    return betas.to(timesteps.device)[timesteps].float()
