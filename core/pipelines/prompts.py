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
    """What a phase is told: vectors of the prompt and of no text, each [1, T]."""

    prompt: Tensor
    empty: Tensor


@dataclass(frozen=True, eq=False)
class TextContext:
    """What the phases are told, None where nothing reads text; `guided` tells whether there is a prompt."""

    extrinsic: Told | None
    intrinsic: Told | None
    guided: bool


@torch.inference_mode()
def text_context(model: Checkpoint, text: str, sentences: Callable[[], SentenceTokens]) -> TextContext:
    """Read a prompt ("" = none).

    Parameters
    ----------
    model : Checkpoint
    text : str
    sentences : callable
        Gives the frozen sentence model; called only if the model needs it.

    Raises
    ------
    core.models.text_encoder.TextModelError
        If sentence model or vocabulary are missing.
    ValueError
        If the model reads no text and there is some.
    """
    if text and not model.reads_text:
        raise ValueError("it was not trained with text")
    if model.text_adapter is not None:
        empty = model.text_adapter.absent(1)
        told = Told(empty, empty)
        if text:
            features, mask = sentences().encode([text])
            told = Told(model.text_adapter(features, mask), empty)
        return TextContext(told, told, bool(text))
    device = model.normalisation.extrinsic_mean.device
    readers = [model.text_lstm, model.text_lstm_latents]
    pieces = WordPieces() if any(readers) else None

    def read(reader: TextLSTM | None) -> Told | None:
        if reader is None or pieces is None:
            return None
        prompt, empty = (reader(pieces.encode([words]).to(device))[0] for words in (text, ""))
        return Told(prompt, empty)

    return TextContext(read(readers[0]), read(readers[1]), bool(text))
