"""Captions of airplanes are many, varied, repeatable and never false."""

import re
from collections import Counter

import numpy as np
import pytest

from core.corpus.airplanes import make_airplane
from core.corpus.captions import captions, part_captions
from core.corpus.program import Program
from tests.core.corpus.denials import denied

RETRACTED = ":?( is| should be| must be| be| to be)? retracted"

# pattern -> whether the thing is there; where it is not, a negation must stand right before the mention
MENTIONS = {
    r"\bpropellers?\b(?! fighter| plane| air)|pusher": lambda a: a["engine_type"] == "propeller",
    r"(?<!jet )\bengines?\b(?! cowling)": lambda a: a["engine_count"] > 0,
    r"jet engines?": lambda a: a["engine_type"] == "jet",
    rf"(?<!retracted )landing gear(?! up|{RETRACTED})|undercarriage|tail wheel": (
        lambda a: a["gear"] != "none"
    ),
    r"\bfloats?\b(?! plane)|pontoons": lambda a: a["floats"] != "none",
    r"winglets|upturned wing tips|tips turned up": lambda a: a["winglets"],
    r"canards?\b|foreplanes|near the nose": lambda a: a["canards"],
    r"struts": lambda a: a["wing_struts"],
    r"canopy": lambda a: a["canopy"],
    r"intakes?\b": lambda a: a.get("intakes", "none") != "none",
    r"tailplane|horizontal tail": lambda a: a["stabilisers"],
}
CLAIMS = {
    r"biplane|two pairs of wings|upper and a lower wing": lambda a: a["wing_count"] == 2,
    r"triplane|three pairs of wings|triple wings|three stacked": lambda a: a["wing_count"] == 3,
    r"airliner|passenger": lambda a: a["kind"] in ("airliner", "supersonic", "turboprop"),
    r"\bfighter": lambda a: a["kind"] in ("fighter", "warbird"),
    r"glider|sailplane": lambda a: a["kind"] == "glider",
    r"seaplane|float ?plane|flying boat": lambda a: a["floats"] != "none",
    r"\b(jet|jetliner|trijet)\b(?! engine)": lambda a: a["engine_type"] == "jet",
    r"prop plane|propeller (plane|air|fighter)": lambda a: a["engine_type"] == "propeller",
    r"(?<!un)(?<!forward-)swept[- ](wing|back)|sweep backwards": lambda a: a["wing_shape"] == "swept",
    r"forward-swept|swept forward": lambda a: a["wing_shape"] == "forward_swept",
    r"delta|triang": lambda a: a["wing_shape"] == "delta",
    r"rectangular wings|wings are straight": lambda a: a["wing_shape"] == "straight",
    r"elliptical|oval": lambda a: a["wing_shape"] == "elliptical",
    r"\bT-tail|T-shaped|like a T\b": lambda a: a["tail"] == "T",
    r"\bV-tail|V-shaped|like a V\b": lambda a: a["tail"] == "V",
    r"twin fins|two (tail )?fins|two vertical tails": lambda a: a["fins"] == 2,
    r"high[- ]wings?|high-mounted": lambda a: a["wing_position"] == "high",
    r"\blow[- ]wings?|low-mounted": lambda a: a["wing_position"] == "low",
    r"under the wings": lambda a: a["engine_place"] == "wing" or a["floats"] == "tip" or a["wing_struts"],
    r"two (jet |propeller )?engines|twin-engine": lambda a: a["engine_count"] == 2 or a["engine_count"] == 4,
    r"four (jet )?engines|four-engine|four propellers": lambda a: a["engine_count"] == 4,
    r"single[- ]engine|one (jet )?engine": lambda a: a["engine_count"] == 1,
    r"(landing gear|wheels)( are| is)? (down|extended)": lambda a: a["gear"] in ("tricycle", "tail_wheel"),
    r"nose wheel|nose gear": lambda a: a["gear"] == "tricycle",
    r"retracted|(gear|wheels)( are)? up\b": lambda a: a["gear"] == "none",
    r"upper deck|two decks|hump": lambda a: a["body"] == "double_deck",
    r"twin[- ]boom|two booms": lambda a: a["twin_boom"],
}


@pytest.fixture(scope="module")
def many() -> list[Program]:
    return [make_airplane(seed) for seed in range(600)]


@pytest.fixture(scope="module")
def written(many) -> list[tuple[Program, list[str]]]:
    rng = np.random.default_rng(0)
    return [(program, captions(program, 12, rng)) for program in many]


@pytest.mark.parametrize("pattern", MENTIONS)
def test_what_is_missing_is_only_mentioned_to_deny_it(written, pattern):
    seen: Counter[bool] = Counter()
    for program, texts in written:
        there = bool(MENTIONS[pattern](program.attributes))
        for text in map(str.lower, texts):
            for mention in re.finditer(pattern, text):
                assert denied(text, mention) != there, (text, program.attributes)
                seen[there] += 1
    assert min(seen[True], seen[False]) >= 2, seen


@pytest.mark.parametrize("pattern", CLAIMS)
def test_claims_are_true(written, pattern):
    seen = 0
    for program, texts in written:
        for text in texts:
            if re.search(pattern, text[0].lower() + text[1:]):
                seen += 1
                assert CLAIMS[pattern](program.attributes), (text, program.attributes)
    assert seen >= 3


def test_captions_are_plenty_and_repeatable(written, many):
    everything = {text.lower() for _, texts in written for text in texts}
    assert all(len(set(texts)) == 12 for _, texts in written)
    assert len(everything) > 5000
    assert len({word for text in everything for word in re.findall(r"[a-z-]+", text)}) > 220
    assert not [t for t in everything if "  " in t or re.search(r"\ba a\b|\bno an? \b|\ba [aeio](?!ne)", t)]
    one, two = (captions(many[5], 9, np.random.default_rng(3)) for _ in range(2))
    assert one == two


def test_part_captions_speak_of_their_part(many):
    rng = np.random.default_rng(0)
    own = {
        "wing": r"wing|canard|foreplane|strut",
        "tail": r"tail|fin",
        "propeller": r"prop|blade|airscrew|whirl",
    }
    own["gear"] = r"gear|wheel|undercarriage"
    for program in many[:80]:
        for part, pattern in own.items():
            for text in part_captions(program, part, 4, rng):
                assert re.search(pattern, text.lower()), (part, text)
        assert part_captions(program, "wing", 1, rng)
    with pytest.raises(ValueError, match="unknown part"):
        part_captions(many[0], "seat", 1, rng)
