"""The two denoisers of a cascade as functions of noisy numbers and a timestep, with text guidance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from core.checkpoints.loading import Checkpoint
from core.models.schedule import SchedulerConfig, make_scheduler, network_times

Denoise = Callable[[Tensor, Tensor], Tensor]
"""``(x_t [B, P, C], timestep []) -> prediction [B, P, C]`` in the scheduler's prediction type."""


@dataclass(frozen=True, eq=False)
class TextContext:
    """Text vector of a prompt [1, T] and of no text [1, T]; `guided` tells whether there is a prompt."""

    prompt: Tensor
    empty: Tensor
    guided: bool


class Guidance:
    """Builds guided denoisers for a batch of shapes.

    Classifier-free guidance as published: ``(1 + w) prediction(text) - w prediction(no text)``.
    """

    def __init__(self, checkpoint: Checkpoint, text: TextContext, weight: float) -> None:
        self.checkpoint = checkpoint
        self.text = text
        self.weight = weight
        self.config = SchedulerConfig.from_dict(checkpoint.scheduler)
        self._times = make_scheduler(self.config)

    def _time(self, timestep: Tensor, count: int, device: torch.device) -> Tensor:
        time = network_times(self.config, self._times, timestep.reshape(1))
        return time.to(device).expand(count)

    def extrinsic(self, slots: Tensor) -> Denoise:
        """Phase 1 for shapes whose parts have these slots, int64 [B, P]."""
        network = self.checkpoint.extrinsic_denoiser

        def denoise(x: Tensor, timestep: Tensor) -> Tensor:
            time = self._time(timestep, len(x), x.device)
            free = network(x, time, self.text.empty.expand(len(x), -1), slots)
            if not self.text.guided:
                return free
            told = network(x, time, self.text.prompt.expand(len(x), -1), slots)
            return (1.0 + self.weight) * told - self.weight * free

        return denoise

    def intrinsic(self, slots: Tensor, gaussians: Tensor) -> Denoise:
        """Phase 2 given standardised Gaussians [B, P, 16]."""
        network = self.checkpoint.intrinsic_denoiser
        parts = gaussians.shape[1]

        def context(text: Tensor) -> Tensor:
            return torch.cat((gaussians, text[:, None].expand(len(gaussians), parts, -1)), -1)

        # Contexts do not depend on time: encoded once, not at every step.
        seen_empty = network.encode_context(context(self.text.empty))
        seen_prompt = network.encode_context(context(self.text.prompt)) if self.text.guided else seen_empty

        def denoise(s: Tensor, timestep: Tensor) -> Tensor:
            time = self._time(timestep, len(s), s.device)
            free = network(s, time, slots=slots, encoded=seen_empty)
            if not self.text.guided:
                return free
            told = network(s, time, slots=slots, encoded=seen_prompt)
            return (1.0 + self.weight) * told - self.weight * free

        return denoise
