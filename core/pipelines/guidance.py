"""The two denoisers of a cascade as functions of noisy numbers and a timestep, with text guidance."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from core.checkpoints.loading import EXTRINSICS, Checkpoint
from core.models.schedule import SchedulerConfig, make_scheduler, network_times
from core.pipelines.prompts import TextContext

Denoise = Callable[[Tensor, Tensor], Tensor]
"""``(x_t [B, P, C], timestep []) -> prediction [B, P, C]`` in the scheduler's prediction type."""


class Guidance:
    """Builds guided denoisers for a batch of shapes.

    Classifier-free guidance as published: ``(1 + w) prediction(text) - w prediction(no text)``; a negative
    prompt takes the place of no text in the second term. With words the networks for text are used where a
    model has its own for that.
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
        model, told = self.checkpoint, self.text.extrinsic
        network = model.extrinsic_denoiser
        if self.text.guided and model.text_extrinsic_denoiser is not None:
            network = model.text_extrinsic_denoiser
        known = slots if network.slot_embedding is not None else None

        def denoise(x: Tensor, timestep: Tensor) -> Tensor:
            time = self._time(timestep, len(x), x.device)
            if not network.context_dim:
                return network(x, time, None, known)
            assert told is not None
            free = network(x, time, told.away.expand(len(x), -1), known)
            if not self.text.guided:
                return free
            prompted = network(x, time, told.prompt.expand(len(x), -1), known)
            return (1.0 + self.weight) * prompted - self.weight * free

        return denoise

    def intrinsic(self, slots: Tensor, extrinsics: Tensor) -> Denoise:
        """Phase 2 given Gaussians [B, P, 16] as decoded."""
        model, told = self.checkpoint, self.text.intrinsic
        network = model.intrinsic_denoiser
        if self.text.guided and model.text_intrinsic_denoiser is not None:
            network = model.text_intrinsic_denoiser
        known = slots if network.slot_embedding is not None else None
        takes_text = network.context_dim > EXTRINSICS
        guided = self.text.guided and takes_text
        weight = self.weight if network.guidable else 0.0
        gaussians = model.normalisation.condition(extrinsics)

        def encoded(text: Tensor) -> Tensor:
            seen = torch.cat((gaussians, text[:, None].expand(*gaussians.shape[:2], -1)), -1)
            return network.encode_context(seen)

        # Contexts do not depend on time: encoded once, not at every step.
        if takes_text:
            assert told is not None
            seen_away = encoded(told.away)
            seen_prompt = encoded(told.prompt) if guided else seen_away
        else:
            seen_prompt = seen_away = network.encode_context(gaussians)

        def denoise(s: Tensor, timestep: Tensor) -> Tensor:
            time = self._time(timestep, len(s), s.device)
            if guided and weight == 0.0:
                return network(s, time, slots=known, encoded=seen_prompt)
            free = network(s, time, slots=known, encoded=seen_away)
            if not guided:
                return free
            prompted = network(s, time, slots=known, encoded=seen_prompt)
            return (1.0 + weight) * prompted - weight * free

        return denoise
