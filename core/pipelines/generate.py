"""Generate whole shapes: noise -> Gaussians -> latents (SALAD section 4.1), with a few-step ODE sampler."""

from __future__ import annotations

import torch
from torch import Tensor

from core.checkpoints.loading import Checkpoint
from core.models.gaussian_head import mirrored
from core.models.schedule import SchedulerConfig, make_scheduler, timesteps_of
from core.pipelines.guidance import Guidance
from core.pipelines.sampling import Noise, OnStep, Parts, advance, clean_estimate, valid

SYMMETRY_TOLERANCE = 0.12
"""Slot pairs whose centres mirror each other this closely (domain units) are made exact mirror images."""


class GeneratePipeline:
    """Samples shapes of a checkpoint, with one part in every slot."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        self.checkpoint = checkpoint

    @torch.inference_mode()
    def __call__(self, guidance: Guidance, noise: Noise, count: int, steps: int, on_step: OnStep) -> Parts:
        """Sample `count` shapes.

        Parameters
        ----------
        guidance : Guidance
        noise : Noise
            For `count` candidates.
        steps : int
            Of each phase.
        on_step : OnStep
        """
        model = self.checkpoint
        config = SchedulerConfig.from_dict(model.scheduler)
        normalisation = model.normalisation
        device = normalisation.extrinsic_mean.device
        parts = model.slot_count
        slots = torch.arange(parts, device=device).expand(count, -1)

        # Phase 1: Gaussians.
        scheduler = make_scheduler(config)
        timesteps = timesteps_of(scheduler, steps)
        denoise = guidance.extrinsic(slots)
        x = noise(parts, 16)
        for index, t in enumerate(timesteps):
            prediction = denoise(x, t)
            estimate = clean_estimate(prediction, x, scheduler.alphas_cumprod[t], config.prediction)
            x = advance(config, scheduler, timesteps, index, prediction, x, noise)
            on_step("gaussians", index + 1, len(timesteps), estimate)
        extrinsics = valid(normalisation, x)
        if model.has_slots:
            extrinsics = symmetrised(extrinsics)

        # Phase 2: latents given the Gaussians.
        scheduler = make_scheduler(config)
        timesteps = timesteps_of(scheduler, steps)
        denoise = guidance.intrinsic(slots, extrinsics)
        s = noise(parts, model.intrinsic_dim)
        for index, t in enumerate(timesteps):
            prediction = denoise(s, t)
            estimate = clean_estimate(prediction, s, scheduler.alphas_cumprod[t], config.prediction)
            s = advance(config, scheduler, timesteps, index, prediction, s, noise)
            on_step("latents", index + 1, len(timesteps), estimate)
        return Parts(extrinsics, normalisation.decode_intrinsics(s), slots)


def symmetrised(extrinsics: Tensor) -> Tensor:
    """Make nearly mirrored slot pairs (i, i + P/2) exact: sampled Gaussians are only almost symmetric.

    The training data are exact mirror pairs, so the small difference is sampling error.
    """
    half = extrinsics.shape[1] // 2
    left, right = extrinsics[:, :half], mirrored(extrinsics[:, half:])
    close = (left[..., :3] - right[..., :3]).norm(dim=-1, keepdim=True) < SYMMETRY_TOLERANCE
    mean = 0.5 * (left + right)
    u, _, v = torch.linalg.svd(mean[..., 3:12].unflatten(-1, (3, 3)))
    mean = torch.cat((mean[..., :3], (u @ v).flatten(-2), mean[..., 12:]), -1)
    left, right = torch.where(close, mean, left), torch.where(close, mean, right)
    return torch.cat((left, mirrored(right)), dim=1)
