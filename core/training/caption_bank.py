"""Captions of the corpus with their frozen text features, each distinct sentence encoded once."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from core.checkpoints.device import trains_in_bfloat16
from core.corpus.captions import captions, facts_of, worded
from core.corpus.families import FAMILIES
from core.models.text_encoder import SentenceTokens
from core.training.parallel import rand, randint

MAX_TOKENS = 28
WORD_DROP = 0.1
"""Share of the tokens that are not read in training: no wording is to be known by a single word."""


@dataclass(frozen=True)
class CaptionBank:
    """Token features of U distinct sentences and which ones describe each of S shapes.

    Attributes
    ----------
    features : float16 [U, L, 384]
    mask : bool [U, L]
    rows : int64 [S, K]
    sentences : tuple of str, length U
    truth : uint8 [U, ceil(S / 8)]
        Which shapes a sentence is true of, a bit for each, the lowest first.
    doubt : uint8 [U, ceil(S / 8)]
        Of which others it may be true.
    """

    features: Tensor
    mask: Tensor
    rows: Tensor
    sentences: tuple[str, ...]
    truth: Tensor
    doubt: Tensor

    def true_of(self, sentences: Tensor, shapes: Tensor) -> tuple[Tensor, Tensor]:
        """Which of the sentences [T] are true, and which may be, of which of the shapes [S]: bool [S, T]."""
        place = (sentences[None], (shapes // 8)[:, None])
        bit = (shapes % 8)[:, None].to(torch.uint8)
        return (self.truth[place] >> bit) & 1 == 1, (self.doubt[place] >> bit) & 1 == 1

    def others(self, sentences: Tensor, generator: torch.Generator) -> Tensor:
        """For each of the sentences [B] a random one of the shapes that it is true of, int64 [B]."""
        bits = np.unpackbits(self.truth[sentences].numpy(), axis=1, bitorder="little")
        places = torch.from_numpy(bits).cumsum(1)
        number = (
            (rand(len(sentences), generator=generator) * places[:, -1]).long().clamp_max(places[:, -1] - 1)
        )
        return (places > number[:, None]).to(torch.uint8).argmax(1)

    def draw(self, shapes: Tensor, generator: torch.Generator, device: str) -> dict[str, Tensor]:
        """One caption for each of the shapes [B].

        Returns ``text`` float32 [B, L, 384], ``text_mask`` bool [B, L] and their numbers, ``sentence`` int64
        [B].
        """
        column = randint(self.rows.shape[1], len(shapes), generator)
        sentences = self.rows[shapes, column]
        mask = self.mask[sentences]
        longest = int(mask.sum(1).max())  # no time is spent on padding that all of them have
        return {
            "text": self.features[sentences, :longest].to(device).float(),
            "text_mask": mask[:, :longest].to(device),
            "sentence": sentences,
        }


def words_read(mask: Tensor, generator: torch.Generator) -> Tensor:
    """The tokens [B, L] of `mask` but for a random few; the first is always read."""
    count, longest = mask.shape
    # Batches of other processes are of other lengths, their numbers must be the same.
    read = rand(count, MAX_TOKENS, generator=generator)[:, :longest] >= WORD_DROP
    read[:, 0] = True
    return mask & read.to(mask.device)


def build(family: str, seeds: Sequence[int], per_shape: int, device: str = "cpu") -> CaptionBank:
    """Write captions of every shape and encode the distinct ones with frozen MiniLM."""
    written: list[list[str]] = []
    phrases: dict[str, tuple[str, ...]] = {}
    true, maybe = Shapes(len(seeds)), Shapes(len(seeds))
    for number, seed in enumerate(seeds):
        program = FAMILIES[family].make(seed)
        found = worded(program, per_shape, np.random.default_rng([seed, 1]))
        written.append([caption.text for caption in found])
        for caption in found:
            phrases.setdefault(caption.text, caption.phrases)
        facts = facts_of(program)
        true.note(number, facts.true_phrases())
        maybe.note(number, facts.maybe)
    bank = encode(written, per_shape, device)
    for row, sentence in enumerate(bank.sentences):
        holds = np.logical_and.reduce([true.of(phrase) for phrase in phrases[sentence]])
        may_hold = np.logical_and.reduce([true.of(phrase) | maybe.of(phrase) for phrase in phrases[sentence]])
        bank.truth[row] |= torch.from_numpy(np.packbits(holds, bitorder="little"))
        bank.doubt[row] = torch.from_numpy(np.packbits(may_hold, bitorder="little")) & ~bank.truth[row]
    return bank


class Shapes:
    """Which of so many shapes phrases belong to."""

    def __init__(self, count: int) -> None:
        self._none = np.zeros(count, bool)
        self._rows: dict[str, NDArray[np.bool_]] = {}

    def note(self, shape: int, phrases: Iterable[str]) -> None:
        """Note that phrases belong to a shape."""
        for phrase in phrases:
            self._rows.setdefault(phrase, self._none.copy())[shape] = True

    def of(self, phrase: str) -> NDArray[np.bool_]:
        """The shapes that a phrase belongs to, bool [S]."""
        return self._rows.get(phrase, self._none)


def encode(written: Sequence[Sequence[str]], per_shape: int, device: str = "cpu") -> CaptionBank:
    """Encode the distinct sentences of every shape with MiniLM; they are true of their shapes alone."""
    known: dict[str, int] = {}
    rows = []
    for texts in written:
        # Shapes with fewer wordings repeat theirs, so that every row is full.
        rows.append([known.setdefault(texts[i % len(texts)], len(known)) for i in range(per_shape)])
    encoder = SentenceTokens(device)
    sentences = sorted(known, key=len)
    features = torch.zeros(len(known), MAX_TOKENS, 384, dtype=torch.float16)
    mask = torch.zeros(len(known), MAX_TOKENS, dtype=torch.bool)
    for start in range(0, len(sentences), 128):
        chunk = sentences[start : start + 128]
        with torch.autocast(torch.device(device).type, torch.bfloat16, enabled=trains_in_bfloat16(device)):
            tokens, present = encoder.encode(chunk, max_tokens=MAX_TOKENS)
        where = torch.tensor([known[sentence] for sentence in chunk])
        features[where, : tokens.shape[1]] = tokens.half().cpu()
        mask[where, : tokens.shape[1]] = present.cpu()
    numbers = torch.tensor(rows)
    truth = _of_their_own(numbers, len(known))
    return CaptionBank(features, mask, numbers, tuple(known), truth, torch.zeros_like(truth))


def _of_their_own(rows: Tensor, sentences: int) -> Tensor:
    """`CaptionBank.truth` of sentences that are true only of the shapes that have them in `rows`."""
    truth = torch.zeros(sentences, (len(rows) + 7) // 8, dtype=torch.uint8)
    for shape, numbers in enumerate(rows):
        truth[numbers, shape // 8] |= 1 << (shape % 8)
    return truth


def _wording(family: str, per_shape: int) -> str:
    """Changes when the captions of a family do."""
    written = [captions(FAMILIES[family].make(n), per_shape, np.random.default_rng(n)) for n in range(20)]
    return hashlib.sha256(json.dumps(written).encode()).hexdigest()[:16]


def load(path: Path, family: str, seeds: range, per_shape: int, device: str = "cpu") -> CaptionBank:
    """The bank of a seed range, built and stored if it is not on disk yet."""
    key = json.dumps(["truth", family, seeds.start, len(seeds), per_shape, _wording(family, per_shape)])
    return _stored(path, key, lambda: build(family, seeds, per_shape, device))


def load_sentences(
    path: Path, written: Sequence[Sequence[str]], per_shape: int, device: str = "cpu"
) -> CaptionBank:
    """The bank of shapes with these sentences, built and stored if it is not on disk yet."""
    digest = hashlib.sha256(json.dumps(list(written)).encode()).hexdigest()[:16]
    key = json.dumps(["truth", "sentences", 0, len(written), per_shape, digest])
    return _stored(path, key, lambda: encode(written, per_shape, device))


def read(path: Path) -> CaptionBank:
    """The bank stored at `path`."""
    with safe_open(path, "pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}
        sentences = tuple(json.loads(file.metadata()["sentences"]))
    if "truth" not in tensors:  # written before captions knew of other shapes
        tensors["truth"] = _of_their_own(tensors["rows"], len(tensors["features"]))
        tensors["doubt"] = torch.zeros_like(tensors["truth"])
    return CaptionBank(**tensors, sentences=sentences)


def _stored(path: Path, key: str, make: Callable[[], CaptionBank]) -> CaptionBank:
    if path.exists():
        with safe_open(path, "pt") as file:
            same = file.metadata().get("key") == key
        if same:
            return read(path)
    bank = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    save_file(
        {
            "features": bank.features,
            "mask": bank.mask,
            "rows": bank.rows,
            "truth": bank.truth,
            "doubt": bank.doubt,
        },
        partial,
        {"key": key, "sentences": json.dumps(bank.sentences)},
    )
    os.replace(partial, path)
    return bank
