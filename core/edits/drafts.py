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
"""Drafts in one batch where memory is not short."""


def seed_of_try(seed: int, attempt: int) -> int:
    """Seed of the noise of a try: the candidate's own for the first, so that one try is what it always gave.

    Generators of the processor look at 32 bits only, so that far-off seeds must be hashed, not added.
    """
    return seed if attempt == 0 else int(np.random.SeedSequence([seed, attempt]).generate_state(1)[0])


def can_draft(model: Checkpoint) -> bool:
    """Whether few steps show what more would give: not with the ancestral sampler, which draws on and on."""
    return SchedulerConfig.from_dict(model.scheduler).sampler != "ddpm"


def promising(
    model: Checkpoint,
    guidance: Guidance,
    fit: WordFit,
    seeds: list[int],
    attempt: int,
    at_once: int,
    job: Job,
) -> list[int]:
    """Seeds of the noise whose drafts fit the words best, one for each of the candidates' `seeds`.

    Parameters
    ----------
    attempt : int
        Number of the try, from 0; each looks at `DRAFTS` others.
    at_once : int
        Most drafts in one batch; 0 = as many as are usual.
    job : Job
        Its span is used up.
    """
    pipeline, size = GeneratePipeline(model), at_once or AT_ONCE
    numbers = range(DRAFTS * attempt, DRAFTS * (attempt + 1))
    noises = [seed_of_try(seed, number) for seed in seeds for number in numbers]
    scores = []
    for first in range(0, len(noises), size):
        batch = noises[first : first + size]

        def on_step(
            stage: str, done: int, steps: int, _: object, before: int = first, n: int = len(batch)
        ) -> None:
            taken = done if stage == "gaussians" else steps + done
            job.step("drafts", 2 * steps * before + n * taken, 2 * steps * len(noises))

        parts = pipeline(guidance, Noise(batch, fit.device), len(batch), DRAFT_STEPS, on_step)
        scores.append(fit.of_parts(parts.extrinsics, parts.intrinsics))
    best = torch.cat(scores).reshape(len(seeds), DRAFTS).argmax(1).tolist()
    return [noises[row * DRAFTS + number] for row, number in enumerate(best)]


def fittest(fit: WordFit, shapes: list[Shape], each: int) -> list[int]:
    """Places of the shapes that fit the words best, one among every `each` that follow each other."""

    def batch(rows: list[FloatArray]) -> torch.Tensor:
        return torch.from_numpy(np.stack(rows)).to(fit.device)

    scores = fit.of_parts(
        batch([shape.extrinsics for shape in shapes]), batch([shape.intrinsics for shape in shapes])
    )
    return [each * row + best for row, best in enumerate(scores.reshape(-1, each).argmax(1).tolist())]
