"""Which captions are true of which shapes: those whose every phrase the corpus knows to be true of it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.corpus.captions import facts_of, worded
from core.corpus.families import FAMILIES
from core.training import caption_bank
from core.training.caption_bank import CaptionBank
from core.training.state import generator_for

SHAPES, EACH = 37, 4


@pytest.fixture(scope="module")
def bank() -> CaptionBank:
    return caption_bank.build("chairs", range(SHAPES), EACH)


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_caption_is_made_of_true_phrases(family: str) -> None:
    for seed in range(60):
        program = FAMILIES[family].make(seed)
        facts = facts_of(program)
        for caption in worded(program, 8, np.random.default_rng(seed)):
            assert caption.phrases
            assert set(caption.phrases) <= facts.true_phrases(), caption
        assert not facts.maybe & {"chair", "table", "airplane"}


def test_captions_are_true_of_their_own_shapes_and_of_more(bank: CaptionBank) -> None:
    true, doubt = bank.true_of(torch.arange(len(bank.sentences)), torch.arange(SHAPES))
    for shape, row in enumerate(bank.rows):
        assert true[shape, row].all()
    assert not (true & doubt).any()
    assert true.sum() > 2 * bank.rows.numel()
    assert not true.all(0).all()


def test_wheels_are_where_the_corpus_put_them(bank: CaptionBank) -> None:
    rolling = torch.tensor(
        [bool(FAMILIES["chairs"].make(seed).attributes.get("wheels")) for seed in range(SHAPES)]
    )
    assert 0 < int(rolling.sum()) < SHAPES
    true, doubt = bank.true_of(torch.arange(len(bank.sentences)), torch.arange(SHAPES))
    said = [
        number
        for number, text in enumerate(bank.sentences)
        if "wheels" in text.lower()
        and not any(word in text.lower() for word in ("no ", "not", "without", "zero"))
    ]
    assert said
    assert not true[~rolling][:, said].any()
    assert not doubt[:, said].any()


def test_others_are_shapes_that_a_caption_is_true_of(bank: CaptionBank) -> None:
    sentences = bank.rows[:, 0].repeat(8)
    drawn = bank.others(sentences, generator_for(3, 0))
    for sentence, shape in zip(sentences, drawn, strict=True):
        assert bank.true_of(sentence[None], shape[None])[0].all()
    assert len(set(drawn.tolist())) > SHAPES // 2


def test_a_floating_back_may_be_said_to_have_no_gaps() -> None:
    chairs = [FAMILIES["chairs"].make(seed) for seed in range(200)]
    floating = next(chair for chair in chairs if chair.attributes.get("back_floating"))
    closed = next(chair for chair in chairs if chair.attributes.get("back_floating") is False)
    slatted = next(chair for chair in chairs if chair.attributes["back"] == "vertical_slats")
    phrase = "the back has no gaps"
    assert phrase in facts_of(floating).maybe - facts_of(floating).true_phrases()
    assert phrase in facts_of(closed).true_phrases()
    assert phrase not in facts_of(slatted).maybe | facts_of(slatted).true_phrases()
