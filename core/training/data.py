"""What a training learns from: a range of seeds of the procedural corpus, or a prepared set of meshes."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from core.corpus import splits
from core.corpus.families import FAMILIES
from core.corpus.program import PART_NAMES
from core.training import caption_bank, mesh_set, sample_cache
from core.training.caption_bank import CaptionBank
from core.training.sample_cache import Cache

VALIDATION_SHAPES = 64


class Data(Protocol):
    """Samples and captions of shapes.

    Attributes
    ----------
    parts : sequence of str
        Names that parts have; empty = none are known.
    part_ids : sequence of int
        What `Cache.surface_names` holds for each of `parts`.
    """

    @property
    def category(self) -> str: ...
    @property
    def parts(self) -> Sequence[str]: ...
    @property
    def part_ids(self) -> Sequence[int]: ...
    def train(self, count: int) -> Cache: ...
    def validation(self, count: int) -> Cache: ...
    def bank(self, path: Path, count: int, per_shape: int, device: str = "cpu") -> CaptionBank: ...


class CorpusData:
    """Shapes of a procedural family, sampled into `cache`."""

    def __init__(self, category: str, cache: Path) -> None:
        self.family = FAMILIES[category]
        self.cache = cache
        self.category = self.family.category
        self.parts = self.family.parts
        self.part_ids = tuple(PART_NAMES.index(part) for part in self.parts)

    def train(self, count: int) -> Cache:
        return sample_cache.load(self.cache, self.family.name, splits.SPLIT_STARTS["train"], count)

    def validation(self, count: int) -> Cache:
        count = min(VALIDATION_SHAPES, count)
        return sample_cache.load(self.cache, self.family.name, splits.SPLIT_STARTS["validation"], count)

    def bank(self, path: Path, count: int, per_shape: int, device: str = "cpu") -> CaptionBank:
        return caption_bank.load(path, self.family.name, splits.seeds("train", count), per_shape, device)


class MeshData:
    """A prepared set of meshes; counts are upper bounds."""

    def __init__(self, folder: Path) -> None:
        self.set = mesh_set.read(folder)
        self.category = self.set.category
        self.parts = self.set.parts
        self.part_ids = tuple(range(len(self.parts)))

    def train(self, count: int) -> Cache:
        return self.set.cache("train")

    def validation(self, count: int) -> Cache:
        return self.set.cache("validation")

    def bank(self, path: Path, count: int, per_shape: int, device: str = "cpu") -> CaptionBank:
        # Shapes without a caption are told by the category, which says nothing of them and does no harm.
        plain = [f"a {self.category}"]
        written = [sentences or plain for sentences in self.set.sentences("train")]
        return caption_bank.load_sentences(path, written, per_shape, device)


def add_options(parser: argparse.ArgumentParser, cache: bool = True) -> None:
    """The options that say what is learned from."""
    parser.add_argument("--category", choices=tuple(FAMILIES), default="chairs")
    parser.add_argument(
        "--set", type=Path, help="prepared set of meshes to learn from, instead of the corpus"
    )
    if cache:
        parser.add_argument(
            "--cache", type=Path, default=Path("runs/samples"), help="folder for drawn samples"
        )


def open_data(options: argparse.Namespace) -> Data:
    """The data that parsed options name."""
    if options.set:
        return MeshData(options.set)
    return CorpusData(options.category, getattr(options, "cache", Path("runs/samples")))
