"""What parts are called on screen: parts with the same label are told apart by where they are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from core.scene.shape import CENTRE, Shape

WORDS = (("lower", "upper"), ("rear", "front"), ("left", "right"))
"""Along y (up), z (to the front) and x; left and right as seen by somebody in front of the shape."""
AXES = (1, 2, 0)
APART = 0.08
"""Centres nearer than this to the middle of their likes (domain units) are on neither side of it."""

_KNOWN: WeakKeyDictionary[Shape, tuple[str, ...]] = WeakKeyDictionary()


def shown_names(shape: Shape) -> tuple[str, ...]:
    """Name of every part: the person's own, else the label, with its place where others are called the same.

    "leg front left" and "leg rear left" rather than two times "leg". What the words cannot tell apart is
    numbered.
    """
    if shape not in _KNOWN:
        names = [part.name for part in shape.parts]
        for label in dict.fromkeys(part.label for part in shape.parts if part.name == part.label):
            rows = [row for row, part in enumerate(shape.parts) if part.name == part.label == label]
            if len(rows) > 1:
                places = _places(shape.extrinsics[rows, CENTRE].astype(np.float64))
                for row, place in zip(rows, places, strict=True):
                    names[row] = f"{label} {place}"
        _KNOWN[shape] = tuple(names)
    return _KNOWN[shape]


def shown_name(shape: Shape, part_id: int) -> str:
    """Name of one part, see `shown_names`."""
    return shown_names(shape)[shape.row(part_id)]


def _places(centres: NDArray[np.float64]) -> list[str]:
    """Words for places [N, 3] that tell them apart: as few as are needed, then numbers."""
    words = [_sides(centres[:, axis], pair) for axis, pair in zip(AXES, WORDS, strict=True)]
    best: list[str] = [""] * len(centres)
    for count in (1, 2, 3):
        # Left and right first: most parts come in such pairs. A word more must tell more parts apart.
        for chosen in sorted(combinations(range(3), count), reverse=True):
            found = [" ".join(word for k in chosen if (word := words[k][i])) for i in range(len(centres))]
            if len(set(found)) > len(set(best)):
                best = found
    return _numbered(best)


def _sides(values: NDArray[np.float64], pair: tuple[str, str]) -> list[str]:
    middle = 0.5 * (values.min() + values.max())
    return ["" if abs(value - middle) < APART else pair[int(value > middle)] for value in values]


def _numbered(places: Sequence[str]) -> list[str]:
    """Places with a number behind all that occur more than once."""
    seen: dict[str, int] = {}
    numbered = []
    for place in places:
        seen[place] = seen.get(place, 0) + 1
        again = places.count(place) > 1 or not place
        numbered.append(f"{place} {seen[place]}".strip() if again else place)
    return numbered
