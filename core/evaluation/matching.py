"""Does the matcher tell shapes that follow a prompt from others? Without sampling anything.

Every prompt of the evaluation, for whole shapes and for edits, is compared with encoded test shapes. Which of
them follow it the geometric checks decide, on the exact shapes. Of all pairs of one that does and one that
does not, the matcher should score the first higher: .5 is chance.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from core.evaluation.checks import agree
from core.evaluation.material import Material, Result, mean
from core.evaluation.prompts import Prompt
from core.evaluation.text import prompts_of
from core.models.text_encoder import SentenceTokens
from core.scene.shape import FloatArray


@torch.inference_mode()
def measure(material: Material) -> Result:
    """Shares of pairs that are told apart; nan for a model without a matcher."""
    matcher = material.engine.model.text_matcher
    prompts = prompts_of(material)
    shapes = material.counts.real
    if matcher is None:
        return Result({"shapes": shapes, "whole": float("nan"), "edits": float("nan")})
    parts = [material.encoded(index).shape for index in range(shapes)]
    extrinsics = torch.from_numpy(np.stack([shape.extrinsics for shape in parts])).to(material.device)
    intrinsics = torch.from_numpy(np.stack([shape.intrinsics for shape in parts])).to(material.device)
    embedded = matcher.shapes(extrinsics, intrinsics)
    answers = material.answers(shapes)
    sentences = SentenceTokens(material.device)

    def told(asked: Sequence[Prompt]) -> float:
        tokens, present = sentences.encode([prompt.text for prompt in asked])
        scores = matcher.scores(embedded, matcher.texts(tokens, present)).cpu().numpy()
        good = [np.array([agree(answer, prompt.checks) for answer in answers]) for prompt in asked]
        return mean(
            [
                pairs_told(scores[:, row], follow)
                for row, follow in enumerate(good)
                if follow.any() and not follow.all()
            ]
        )

    return Result({"shapes": shapes, "whole": told(prompts.whole), "edits": told(prompts.edits)})


def pairs_told(scores: FloatArray, good: NDArray[np.bool_]) -> float:
    """Share of the pairs of a good shape and another in which the good one scores higher; both [S]."""
    return float((scores[good][:, None] > scores[~good]).mean())
