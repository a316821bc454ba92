"""Data sets are ranges of seeds; the ranges of the splits never meet."""

from __future__ import annotations

from typing import Literal

Split = Literal["train", "validation", "test"]

SPLIT_STARTS: dict[str, int] = {"train": 0, "validation": 10_000_000, "test": 20_000_000}
SPLIT_SIZE = 10_000_000
"""Seeds in each split."""


def seeds(split: Split, count: int, first: int = 0) -> range:
    """Return `count` seeds of a split, from its `first`-th on.

    Raises
    ------
    ValueError
        If the split is unknown or the range would leave it.
    """
    if split not in SPLIT_STARTS:
        raise ValueError(f"unknown split {split!r}; choose from {sorted(SPLIT_STARTS)}")
    if first < 0 or count < 0 or first + count > SPLIT_SIZE:
        raise ValueError(f"seeds {first}..{first + count} leave the {SPLIT_SIZE} seeds of split {split!r}")
    start = SPLIT_STARTS[split] + first
    return range(start, start + count)


def split_of(seed: int) -> Split:
    """Return the split a seed belongs to; raises ValueError for a seed of none."""
    names: tuple[Split, ...] = ("train", "validation", "test")
    for name in names:
        if 0 <= seed - SPLIT_STARTS[name] < SPLIT_SIZE:
            return name
    raise ValueError(f"seed {seed} is in no split")
