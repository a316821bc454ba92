"""Looser wordings are unique, fit their facts alone, and make captions many, varied and short enough."""

import re
from collections import Counter

import numpy as np
import pytest
from transformers import AutoTokenizer

from core.corpus.caption_facts import Facts
from core.corpus.captions import FACTS, captions
from core.corpus.families import FAMILIES
from core.corpus.program import Program
from core.corpus.wordings import FOLDER, Groups, Wordings, filled, read_wordings
from core.models.text_encoder import sentence_model_folder
from core.training.caption_bank import MAX_TOKENS

SHARED = ("legs", "stretchers")
FILES = sorted(path.stem for path in FOLDER.glob("*.toml"))
WORDINGS: dict[str, list[Groups]] = {
    family: [
        read_wordings(name)
        for name in FILES
        if name.startswith(family[:-1]) or (name in SHARED and family != "airplanes")
    ]
    for family in ("chairs", "tables", "airplanes")
}
DISTINCT = {"chairs": 3500, "tables": 3500, "airplanes": 3500}
"""Distinct captions among 4000 there must be at least: 500 shapes with 8 each."""


def _texts(groups: Groups) -> list[tuple[str, str]]:
    """Every text with the fact it words; words for the whole thing may fit several kinds."""
    return [
        (text, f"{group}: {value}")
        for group, values in groups.items()
        for value, source in values.items()
        for text in (*source.has, *source.says, *source.tags)
    ]


@pytest.fixture(scope="module", params=list(WORDINGS))
def family(request) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def shapes(family) -> list[Program]:
    return [FAMILIES[family].make(seed) for seed in range(500)]


def test_no_wording_serves_two_facts(family):
    owners: dict[str, set[str]] = {}
    for groups in WORDINGS[family]:
        for text, owner in _texts(groups):
            owners.setdefault(text.lower(), set()).add(owner)
    assert {text: names for text, names in owners.items() if len(names) > 1} == {}


def test_wordings_are_unique_per_fact_and_well_formed(family):
    for groups in WORDINGS[family]:
        for group, values in groups.items():
            for value, source in values.items():
                texts = [text.lower() for text in source.everything()]
                twice = [text for text, times in Counter(source.has + source.says).items() if times > 1]
                assert texts, (group, value)
                assert not twice, (group, value)
                assert not [text for text in texts if len(text.split()) > 11 or re.search(r"[.|]|  ", text)]
                assert set(re.findall(r"{(.*?)}", " ".join(texts))) <= {"word", "count"}


def test_every_wording_reaches_a_caption_writer():
    """A wording that no shape brings up is dead."""
    known: set[str] = set()
    counted = re.compile(r"\b(one|two|three|four|five|six|seven|eight|nine)\b|\d+")
    for shape in (FAMILIES[name].make(seed) for name in WORDINGS for seed in range(700)):
        facts = FACTS[shape.category](shape.attributes)
        for loose in facts.loose.values():
            known.update(counted.sub("#", text) for text in loose.has + loose.says + loose.tags)
    for groups in (groups for name in WORDINGS for groups in WORDINGS[name]):
        for text, owner in _texts(groups):
            pattern = counted.sub("#", text.replace("{word}", "#").replace("{count}", "#"))
            assert pattern in known or "pouf" in owner or "_1" in owner or "kind" in owner, (text, owner)


def test_loose_wordings_of_contradicting_shapes_differ(shapes):
    """What two shapes say of an aspect they do not share must not be the same in loose and plain words."""
    plain: dict[tuple[str, str], set[str]] = {}
    for shape in shapes:
        facts = FACTS[shape.category](shape.attributes)
        for aspect in facts.part:
            state = "has" if aspect in facts.has else "lacks"
            texts = {*facts.has.get(aspect, []), *facts.says.get(aspect, [])}
            more = facts.loose.get(aspect)
            texts |= {*more.has, *more.says, *more.tags} if more else set()
            plain.setdefault((aspect, state), set()).update(texts)
    both = {aspect for aspect, state in plain if state == "lacks"} & {
        a for a, state in plain if state == "has"
    }
    for aspect in both:
        assert not plain[aspect, "has"] & plain[aspect, "lacks"], aspect


def test_captions_are_many(family, shapes, capsys):
    rng = np.random.default_rng(0)
    texts = {text.lower() for shape in shapes for text in captions(shape, 8, rng)}
    words = {word for text in texts for word in re.findall(r"[a-z-]+", text)}
    with capsys.disabled():
        print(f" {len(texts)} distinct captions, {len(words)} words in 500 {family} x 8 ")
    assert len(texts) > DISTINCT[family]


def test_captions_fit_the_text_model(shapes):
    rng = np.random.default_rng(1)
    texts = [text for shape in shapes[:200] for text in captions(shape, 8, rng)]
    tokenizer = AutoTokenizer.from_pretrained(sentence_model_folder(), local_files_only=True)
    lengths = np.array([len(encoded) for encoded in tokenizer(texts)["input_ids"]])
    assert (lengths <= MAX_TOKENS).mean() > 0.98
    assert lengths.max() <= MAX_TOKENS + 8


def test_plain_words_keep_their_share(shapes):
    rng = np.random.default_rng(2)
    plain = total = 0
    for shape in shapes[:200]:
        facts = FACTS[shape.category](shape.attributes)
        plainly = [
            *facts.has.values(),
            *facts.lacks.values(),
            *facts.says.values(),
            facts.nouns,
            facts.adjectives,
        ]
        known = " | ".join(text.lower() for texts in plainly for text in texts)
        texts = [text for more in facts.loose.values() for text in (*more.has, *more.says, *more.tags)]
        # "pillar" and "a thick top" may stand in plain words as well
        loose = [f" {text.lower()} " for text in texts if text.lower() not in known]
        for text in captions(shape, 8, rng):
            total += 1
            spaced = re.sub("[,;. ]+", " ", f" {text.lower()} ")
            plain += not any(phrase in spaced for phrase in loose)
    assert plain / total > 0.5


def test_wordings_are_read_and_filled():
    legs = read_wordings("legs")["leg_count"]["four"]
    assert "a leg at each corner" in legs.has
    assert all(text == text.strip() and text for text in legs.everything())
    assert filled(("a leg", "{word} legs", "{count} legs"), "four", 4) == ["a leg", "four legs", "4 legs"]
    with pytest.raises(ValueError, match="nothing is known of 'leg'"):
        Facts().more("leg", Wordings(has=("a leg",)))
