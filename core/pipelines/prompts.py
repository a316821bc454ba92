"""Prompts as vectors, for each phase of a cascade, whichever network of the model reads them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from core.checkpoints.loading import Checkpoint
from core.models.text_encoder import SentenceTokens, TextLSTM
from core.models.word_pieces import WordPieces


@dataclass(frozen=True, eq=False)
class Told:
    """What a phase is told: vectors of the prompt and of what guidance leads away from, each [1, T].

    Those are no text and, where there is one, the negative prompt.
    """

    prompt: Tensor
    away: Tensor


@dataclass(frozen=True, eq=False)
class TextContext:
    """What the phases are told, None where nothing reads text; `guided` tells whether there are words."""

    extrinsic: Told | None
    intrinsic: Told | None
    guided: bool


@torch.inference_mode()
def text_context(
    model: Checkpoint, text: str, sentences: Callable[[], SentenceTokens], negative: str = ""
) -> TextContext:
    """Read a prompt and a negative prompt ("" = none).

    Parameters
    ----------
    model : Checkpoint
    text, negative : str
    sentences : callable
        Gives the frozen sentence model; called only if the model needs it.

    Raises
    ------
    core.models.text_encoder.TextModelError
        If sentence model or vocabulary are missing.
    ValueError
        If the model reads no text and there is some.
    """
    guided = bool(text or negative)
    if guided and not model.reads_text:
        raise ValueError("it was not trained with text")
    if model.text_adapter is not None:
        adapter = model.text_adapter

        def vector(words: str) -> Tensor:
            return adapter(*sentences().encode([words])) if words else adapter.absent(1)

        told = Told(vector(text), vector(negative))
        return TextContext(told, told, guided)
    device = model.normalisation.extrinsic_mean.device
    readers = [model.text_lstm, model.text_lstm_latents]
    pieces = WordPieces() if any(readers) else None

    def read(reader: TextLSTM | None) -> Told | None:
        if reader is None or pieces is None:
            return None
        prompt, away = (reader(pieces.encode([words]).to(device))[0] for words in (text, negative))
        return Told(prompt, away)

    return TextContext(read(readers[0]), read(readers[1]), guided)
