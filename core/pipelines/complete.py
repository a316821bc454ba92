"""Complete a shape: sample some of its parts from noise, both phases masked (RePaint in SALAD's cascade)."""

from __future__ import annotations

import torch
from torch import Tensor

from core.checkpoints.loading import Checkpoint
from core.models.schedule import SchedulerConfig
from core.pipelines.guidance import Guidance
from core.pipelines.masked import denoise_masked
from core.pipelines.sampling import Noise, OnStep, Parts, valid


class CompletePipeline:
    """Samples the parts of `edit` from pure noise; the rest is given and comes back bit-exact."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        self.checkpoint = checkpoint

    @torch.inference_mode()
    def __call__(
        self,
        guidance: Guidance,
        noise: Noise,
        given: Parts,
        edit: Tensor,
        steps: int,
        resample: int,
        on_step: OnStep,
    ) -> Parts:
        """Complete.

        Parameters
        ----------
        given : Parts
            Rows of parts to sample hold any finite numbers.
        edit : bool Tensor [P]
        steps : int
            Of each phase.
        resample : int
            RePaint's U.
        """
        normalisation = self.checkpoint.normalisation
        schedule = SchedulerConfig.from_dict(self.checkpoint.scheduler)
        mask = edit[:, None]

        # Phase 1: Gaussians of the new parts, given those of the others.
        x0 = normalisation.encode_extrinsics(given.extrinsics)
        x = denoise_masked(
            guidance.extrinsic(given.slots), schedule, x0, edit, noise,
            start=1.0, steps=steps, resample=resample, stage="gaussians", on_step=on_step,
        )  # fmt: skip
        sampled, gaussians = valid(normalisation, x)
        extrinsics = torch.where(mask, sampled, given.extrinsics)

        # Phase 2: their latents, given all Gaussians and the other latents.
        s0 = normalisation.encode_intrinsics(given.intrinsics)
        s = denoise_masked(
            guidance.intrinsic(given.slots, torch.where(mask, gaussians, x0)), schedule, s0, edit, noise,
            start=1.0, steps=steps, resample=resample, stage="latents", on_step=on_step,
        )  # fmt: skip
        intrinsics = torch.where(mask, normalisation.decode_intrinsics(s), given.intrinsics)
        return Parts(extrinsics, intrinsics, given.slots)
