"""The phrases a model has read most often, to be suggested to those who write prompts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

MOST = 240
"""Phrases that are kept."""
LONGEST_WORDS = 4
LEAST_TIMES = 3
"""Phrases that were read less often say little of what the model knows."""

_BETWEEN = re.compile(r"[,;.?!]|\b(?:with|and|but|without|has|have|it's|the one)\b", re.IGNORECASE)
_SAYING_NOTHING = frozenset(
    "it one ones should can could i you do does got must may anything something comes come let which that is"
    " are want wants need needs like please me my give make made get all there this be".split()
)
_BEFORE = re.compile(r"^(?:an?|the|this|it|its|no) ", re.IGNORECASE)


def vocabulary(captions: Iterable[str], most: int = MOST) -> list[str]:
    """The commonest phrases of captions: what stands between commas and words like "with" and "and".

    Parameters
    ----------
    captions : iterable of str
    most : int
        Phrases to return at most.

    Returns
    -------
    list of str
        The commonest first, of at most `LONGEST_WORDS` words, without articles, each once.
    """
    counts: Counter[str] = Counter()
    for caption in captions:
        for part in _BETWEEN.split(caption):
            phrase = _BEFORE.sub("", part.strip().lower())
            words = phrase.split()
            if 1 <= len(words) <= LONGEST_WORDS and not {words[0], words[-1]} & _SAYING_NOTHING:
                counts[phrase] += 1
    return [phrase for phrase, times in counts.most_common(most) if times >= LEAST_TIMES]
