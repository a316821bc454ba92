"""Prompts of the evaluation are worded unlike what models are trained on."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from core.corpus.captions import captions
from core.corpus.families import FAMILIES
from core.evaluation.categories import CATEGORIES

SHAPES, CAPTIONS = 600, 8


def bare(text: str) -> str:
    """Without capitals and punctuation."""
    return re.sub(r"[^a-z0-9 ]", "", text.lower()).strip()


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_no_prompt_is_a_training_caption(family: str) -> None:
    category = CATEGORIES[FAMILIES[family].category]
    groups = json.loads(category.prompts.read_text(encoding="utf-8"))
    prompts = {bare(text) for kind in ("whole", "edits") for group in groups[kind] for text in group["texts"]}
    assert len(prompts) >= 300
    written: set[str] = set()
    for seed in range(SHAPES):
        found = captions(FAMILIES[family].make(seed), CAPTIONS, np.random.default_rng([seed, 1]))
        written |= {bare(text) for text in found}
    assert len(written) > 3 * SHAPES
    assert not prompts & written
