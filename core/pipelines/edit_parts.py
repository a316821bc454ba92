"""Sample some parts of a shape and keep the rest: completion, refinement and variation in SALAD's cascade."""

from __future__ import annotations

import torch
from torch import Tensor

from core.checkpoints.loading import Checkpoint
from core.models.schedule import SchedulerConfig
from core.pipelines.guidance import Guidance
from core.pipelines.masked import denoise_masked
from core.pipelines.sampling import Noise, OnStep, Parts, valid

FEWEST_STEPS = 6


class EditPartsPipeline:
    """Noises the parts of `edit` to ``strength * T`` and denoises them in the presence of the others.

    Both phases are masked; the other parts are given and come back bit-exact. From pure noise (strength 1)
    this completes a shape (RePaint); small strengths mend the joints of a mix and larger ones vary (SDEdit,
    SALAD section 4.3).
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
        resample: int,
        on_step: OnStep,
    ) -> Parts:
        """Edit.

        Parameters
        ----------
        given : Parts
            At strength 1 the rows of edited parts may hold any finite numbers.
        edit : bool Tensor [P]
        strength : float
            Fraction of T, in (0, 1].
        steps : int
            Of each phase, for the whole of T; a share of `strength` of them is run, at least six.
        resample : int
            RePaint's U; edits that start from what is there (strength < 1) fit already and take every step
            once.
        """
        normalisation = self.checkpoint.normalisation
        schedule = SchedulerConfig.from_dict(self.checkpoint.scheduler)
        mask = edit[:, None]
        fresh = strength >= 1.0
        run = steps if fresh else max(FEWEST_STEPS, round(steps * strength))
        repeats = resample if fresh else 1

        # Phase 1: Gaussians of the edited parts, given those of the others.
        x0 = normalisation.encode_extrinsics(given.extrinsics)
        x = denoise_masked(
            guidance.extrinsic(given.slots), schedule, x0, edit, noise,
            start=strength, steps=run, resample=repeats, stage="gaussians", on_step=on_step,
        )  # fmt: skip
        sampled = valid(normalisation, x)
        extrinsics = torch.where(mask, sampled, given.extrinsics)

        # Phase 2: their latents, given all Gaussians and the other latents.
        s0 = normalisation.encode_intrinsics(given.intrinsics)
        s = denoise_masked(
            guidance.intrinsic(given.slots, extrinsics), schedule, s0, edit, noise,
            start=strength, steps=run, resample=repeats, stage="latents", on_step=on_step,
        )  # fmt: skip
        intrinsics = torch.where(mask, normalisation.decode_intrinsics(s), given.intrinsics)
        return Parts(extrinsics, intrinsics, given.slots)
