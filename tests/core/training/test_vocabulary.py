"""What is suggested to those who write prompts is what models have read most often."""

import numpy as np

from core.corpus.captions import captions
from core.corpus.families import FAMILIES
from core.training.vocabulary import vocabulary


def test_phrases_stand_between_commas_and_joining_words() -> None:
    texts = 3 * ["A chair with round arms, four legs and no wheels."] + ["the one with round arms"]
    assert vocabulary(texts) == ["round arms", "chair", "four legs", "wheels"]
    assert vocabulary(texts, most=1) == ["round arms"]
    assert vocabulary(["a rare thing", "it has a rare thing"]) == []


def test_a_corpus_gives_phrases_that_say_something() -> None:
    rng = np.random.default_rng(0)
    texts = [text for seed in range(300) for text in captions(FAMILIES["chairs"].make(seed), 4, rng)]
    found = vocabulary(texts)
    assert {"four legs", "round arms"} <= set(found) or {"four legs", "armrests"} <= set(found)
    assert len(found) > 60
    assert all(1 <= len(phrase.split()) <= 4 for phrase in found)
