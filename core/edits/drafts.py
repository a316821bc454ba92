"""Which noise is worth denoising in full? Drafts of few steps are compared with the words.

The samplers of whole shapes are deterministic given their noise, and few steps show what comes of it.
"""

from __future__ import annotations

import numpy as np
import torch

from core.checkpoints.loading import Checkpoint
from core.edits.job import Job
from core.edits.word_fit import WordFit
from core.models.schedule import SchedulerConfig
from core.pipelines.generate import GeneratePipeline
from core.pipelines.guidance import Guidance
from core.pipelines.sampling import Noise
from core.scene.shape import FloatArray, Shape

DRAFTS = 8
"""Drafts of every try."""
DRAFT_STEPS = 8
"""Of each phase."""
AT_ONCE = 64
"""Most drafts in one batch."""


def seed_of_try(seed: int, attempt: int) -> int:
    """Seed of the noise of a try: the candidate's own for the first, so that one try is what it always gave.

    Generators of the processor look at 32 bits only, so that far-off seeds must be hashed, not added.
    """
    return seed if attempt == 0 else int(np.random.SeedSequence([seed, attempt]).generate_state(1)[0])


def can_draft(model: Checkpoint) -> bool:
    """Whether few steps show what more would give: not with the ancestral sampler, which draws on and on."""
    return SchedulerConfig.from_dict(model.scheduler).sampler != "ddpm"


def promising(
    model: Checkpoint, guidance: Guidance, fit: WordFit, seeds: list[int], attempt: int, job: Job
) -> list[int]:
    """Seeds of the noise whose drafts fit the words best, one for each of the candidates' `seeds`.

    Parameters
    ----------
    attempt : int
        Number of the try, from 0; each looks at `DRAFTS` others.
    job : Job
        Its span is used up.
    """
    pipeline, chosen = GeneratePipeline(model), []
    total = 2 * DRAFT_STEPS * len(seeds)
    for first in range(0, len(seeds), AT_ONCE // DRAFTS):
        group = seeds[first : first + AT_ONCE // DRAFTS]
        noises = [seed_of_try(seed, DRAFTS * attempt + number) for seed in group for number in range(DRAFTS)]

        def on_step(stage: str, done: int, steps: int, _: object, first: int = first) -> None:
            earlier = 0 if stage == "gaussians" else steps
            share = min(AT_ONCE // DRAFTS, len(seeds) - first)
            job.step("drafts", 2 * DRAFT_STEPS * first + share * (earlier + done), total)

        parts = pipeline(guidance, Noise(noises, fit.device), len(noises), DRAFT_STEPS, on_step)
        scores = fit.of_parts(parts.extrinsics, parts.intrinsics).reshape(len(group), DRAFTS)
        chosen += [noises[row * DRAFTS + best] for row, best in enumerate(scores.argmax(1).tolist())]
    return chosen


def fittest(fit: WordFit, shapes: list[Shape], each: int) -> list[int]:
    """Places of the shapes that fit the words best, one among every `each` that follow each other."""

    def batch(rows: list[FloatArray]) -> torch.Tensor:
        return torch.from_numpy(np.stack(rows)).to(fit.device)

    scores = fit.of_parts(
        batch([shape.extrinsics for shape in shapes]), batch([shape.intrinsics for shape in shapes])
    )
    return [each * row + best for row, best in enumerate(scores.reshape(-1, each).argmax(1).tolist())]
