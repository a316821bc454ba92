"""How well do words fit a proposal? Its surface is encoded again and compared with the words.

A negative prompt fits the better the less its words do. Of both the worse score counts.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from core.checkpoints.loading import Checkpoint
from core.meshing.surface_distance import sample_triangles
from core.models.part_encoder import ENCODED_POINTS
from core.models.text_encoder import SentenceTokens
from core.scene.shape import Mesh


class WordFit:
    """Scores surfaces against words; 0 is what is demanded, more is better.

    Parameters
    ----------
    model : Checkpoint
        With part encoder and text matcher.
    text, negative : str
        Prompt and negative prompt, one of them may be "".
    sentences : callable
        Gives the sentence model.
    """

    def __init__(
        self, model: Checkpoint, text: str, sentences: Callable[[], SentenceTokens], negative: str = ""
    ) -> None:
        assert model.encoder is not None
        assert model.text_matcher is not None
        self._encoder, self._matcher = model.encoder, model.text_matcher
        signs = [sign for words, sign in ((text, 1.0), (negative, -1.0)) if words]
        with torch.inference_mode():
            tokens = sentences().encode([words for words in (text, negative) if words])
            self._words = self._matcher.texts(*tokens)
            self._demanded = self._matcher.demanded(self._words)
            self._signs = torch.tensor(signs, device=self._words.device)

    @property
    def device(self) -> torch.device:
        """Where it computes."""
        return self._words.device

    @torch.inference_mode()
    def of_parts(self, extrinsics: torch.Tensor, intrinsics: torch.Tensor) -> torch.Tensor:
        """Scores [B] of shapes as they were sampled, [B, P, 16] and [B, P, D], before they have a surface."""
        return self._compared(self._matcher.shapes(extrinsics, intrinsics))

    @torch.inference_mode()
    def __call__(self, mesh: Mesh) -> float:
        """Score of a surface in the shape's frame, less the score that is demanded of it."""
        points, normals, _ = sample_triangles(
            mesh.vertices, mesh.faces, ENCODED_POINTS, np.random.default_rng(0)
        )
        device = self._words.device
        located, directions = (torch.from_numpy(v).float()[None].to(device) for v in (points, normals))
        shape = self._matcher.shapes(*self._encoder(located, directions))
        return float(self._compared(shape))

    def _compared(self, shapes: torch.Tensor) -> torch.Tensor:
        return (self._signs * (self._matcher.scores(shapes, self._words) - self._demanded)).amin(1)


def word_fit(
    model: Checkpoint, text: str, sentences: Callable[[], SentenceTokens], negative: str = ""
) -> WordFit | None:
    """What scores proposals against prompts; None without words, or if the model cannot."""
    if not (text or negative) or model.encoder is None or model.text_matcher is None:
        return None
    return WordFit(model, text, sentences, negative)
