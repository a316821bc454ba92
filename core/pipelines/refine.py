"""Refine or vary parts of a shape: SDEdit in both phases, masked to the edited parts (SALAD section 4.3)."""

from __future__ import annotations

import torch
from torch import Tensor

from core.checkpoints.loading import Checkpoint
from core.models.schedule import SchedulerConfig
from core.pipelines.guidance import Guidance
from core.pipelines.masked import denoise_masked
from core.pipelines.sampling import Noise, OnStep, Parts, valid


class RefinePipeline:
    """Noises the parts of `edit` to ``strength * T`` and denoises them in the presence of the rest.

    The rest is given and comes back bit-exact. Small strengths mend the joints of a mix, larger ones vary.
    """

    def __init__(self, checkpoint: Checkpoint) -> None:
        self.checkpoint = checkpoint

    @torch.inference_mode()
    def __call__(
        self,
        guidance: Guidance,
        noise: Noise,
        given: Parts,
        edit: Tensor,
        strength: float,
        steps: int,
        on_step: OnStep,
    ) -> Parts:
        """Refine.

        Parameters
        ----------
        given : Parts
        edit : bool Tensor [P]
        strength : float
            Fraction of T, in (0, 1].
        steps : int
            Of each phase, for the whole of T; a share of `strength` of them is run, at least six.
        """
        normalisation = self.checkpoint.normalisation
        schedule = SchedulerConfig.from_dict(self.checkpoint.scheduler)
        mask = edit[:, None]
        run = max(6, round(steps * strength))

        # Phase 1: Gaussians.
        x0 = normalisation.encode_extrinsics(given.extrinsics)
        x = denoise_masked(
            guidance.extrinsic(given.slots), schedule, x0, edit, noise,
            start=strength, steps=run, resample=1, stage="gaussians", on_step=on_step,
        )  # fmt: skip
        sampled, gaussians = valid(normalisation, x)
        extrinsics = torch.where(mask, sampled, given.extrinsics)

        # Phase 2: latents.
        s0 = normalisation.encode_intrinsics(given.intrinsics)
        s = denoise_masked(
            guidance.intrinsic(given.slots, torch.where(mask, gaussians, x0)), schedule, s0, edit, noise,
            start=strength, steps=run, resample=1, stage="latents", on_step=on_step,
        )  # fmt: skip
        intrinsics = torch.where(mask, normalisation.decode_intrinsics(s), given.intrinsics)
        return Parts(extrinsics, intrinsics, given.slots)
