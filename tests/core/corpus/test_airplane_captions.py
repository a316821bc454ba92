"""Captions of airplanes are many, varied, repeatable and never false."""

import re
from collections import Counter

import numpy as np
import pytest

from core.corpus.airplanes import make_airplane
from core.corpus.captions import captions, part_captions
from core.corpus.program import Program
from tests.core.corpus.denials import denied

# what is hidden inside is as good as missing, and water gear is floats
HIDDEN = "retracted|stowed|concealed|hidden|folded in|tucked|up"
STOWED = rf":?( is| are| should be| must be| be| to be)? ({HIDDEN})"
SEEN = r"(?<!retracted )(?<!stowed )(?<!concealed )(?<!hidden )(?<!buoyant )(?<!water )"
LANDING_GEAR = rf"{SEEN}(landing gear|undercarriage)(?!{STOWED})"
UP = r"(gear|wheels|undercarriage)( are)? up\b(?! front)"
NOT_ALL = r"(?<!second )(?<!fewer than four )(?<!its only )(?<!third )(?<!cannot see the )"
HALF = (  # of several engines
    r"(?! (?:sits |set )?(?:per|on) |,? (?:plus|more)| left| right| stops| fewer than a| lives up| up on the"
    r"| sits in the| is on top)"
)

# pattern -> whether the thing is there; where it is not, a negation must stand right before the mention
MENTIONS = {
    r"(?<!nose without )\bpropellers?\b(?! in front but| fighter| plane| air)|pusher": lambda a: (
        a["engine_type"] == "propeller"
    ),
    rf"(?<!jet )(?<!nose without ){NOT_ALL}\bengines?\b(?! cowling| outside| pods hang)": lambda a: (
        a["engine_count"] > 0
    ),
    r"jet engines?": lambda a: a["engine_type"] == "jet",
    rf"{LANDING_GEAR}|tail wheel": (lambda a: a["gear"] != "none"),
    r"\bfloats?\b(?! plane| along| above| on air| through the air)|pontoons": lambda a: a["floats"] != "none",
    r"winglets|upturned wing tips|tips turned up": lambda a: a["winglets"],
    r"canards?\b|foreplanes|near the nose": lambda a: a["canards"],
    r"struts": lambda a: a["wing_struts"],
    r"canopy": lambda a: a["canopy"],
    r"intakes?\b": lambda a: a.get("intakes", "none") != "none",
    r"(?<!forward )tailplane|horizontal tail": lambda a: a["stabilisers"],
}
CLAIMS = {
    r"(?<!more than a )biplane|two pairs of wings|upper and a lower wing": lambda a: a["wing_count"] == 2,
    r"triplane|three pairs of wings|triple wings|three stacked": lambda a: a["wing_count"] == 3,
    r"airliner|(?<!handful of )(?<!sensors for )passenger": lambda a: (
        a["kind"] in ("airliner", "supersonic", "turboprop")
    ),
    r"(?<!W1 )\bfighter": lambda a: a["kind"] in ("fighter", "warbird"),
    r"(?<!hang[ -])glider|(?<!like a )sailplane(?!-like)": lambda a: a["kind"] == "glider",
    r"seaplane|float ?plane|flying boat": lambda a: a["floats"] != "none",
    r"(?<!before the )(?<!pre-)\b(jet|jetliner|trijet)\b(?! engine|-age)": lambda a: (
        a["engine_type"] == "jet"
    ),
    r"prop plane|propeller (plane|air|fighter)": lambda a: a["engine_type"] == "propeller",
    r"(?<!un)(?<!forward-)(?<!reverse-)swept[- ](wing|back)|sweep backwards": lambda a: (
        a["wing_shape"] == "swept"
    ),
    r"forward-swept|swept forward": lambda a: a["wing_shape"] == "forward_swept",
    r"delta|(?<!engines form a )(?<!wheels in a )(?<!black-)(?<!make a )triang(?!le of|le pointing)": (
        lambda a: a["wing_shape"] == "delta"
    ),
    r"rectangular wings|wings are straight": lambda a: a["wing_shape"] == "straight",
    r"elliptical|\boval(?! centre body)": lambda a: a["wing_shape"] == "elliptical",
    r"\bT-tail|T-shaped|like a T\b(?!-square)": lambda a: a["tail"] == "T",
    r"\bV-tail|(?<!wings )(V-shaped|like a V\b)(?! wing| belly)": lambda a: a["tail"] == "V",
    r"twin fins|two (tail )?fins|two vertical tails": lambda a: a["fins"] == 2,
    r"(?<!hip-)(?<!waist-)high[- ]wings?|high-mounted": lambda a: a["wing_position"] == "high",
    r"\blow[- ]wings?|low-mounted": lambda a: a["wing_position"] == "low",
    r"(?<!space )under the wings": lambda a: (
        a["engine_place"] == "wing" or a["floats"] == "tip" or a["wing_struts"]
    ),
    r"two (jet |propeller )?engines(?! and one more| plus one| were not enough)|twin-engine": lambda a: (
        a["engine_count"] in (2, 4)
    ),
    r"four (jet )?engines|four-engine|four propellers": lambda a: a["engine_count"] == 4,
    rf"single[- ]engine|(?<!if )(?<!side has )\bone (jet )?engine\b{HALF}": lambda a: a["engine_count"] == 1,
    r"(landing gear|wheels)( are| is)? (down|extended)": lambda a: a["gear"] in ("tricycle", "tail_wheel"),
    r"nose wheel|nose gear": lambda a: a["gear"] == "tricycle",
    rf"retracted|stowed|(concealed|hidden) (landing gear|wheels)|{UP}": lambda a: a["gear"] == "none",
    r"upper deck(?! of wing)|two decks|(?<!glass )(?<!camel )(?<!engine )hump(?!s| of glass)": lambda a: (
        a["body"] == "double_deck"
    ),
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
            lower = text[0].lower() + text[1:]
            for claim in re.finditer(pattern, lower):
                if not denied(lower, claim):
                    seen += 1
                    assert CLAIMS[pattern](program.attributes), (text, program.attributes)
    assert seen >= 3


def test_captions_are_plenty_and_repeatable(written, many):
    everything = {text.lower() for _, texts in written for text in texts}
    assert all(len(set(texts)) == 12 for _, texts in written)
    assert len(everything) > 5000
    assert len({word for text in everything for word in re.findall(r"[a-z-]+", text)}) > 220
    assert not [
        t for t in everything if "  " in t or re.search(r"\ba a\b|\bno an? \b|\ba (?!one|eu)[aeio]", t)
    ]
    one, two = (captions(many[5], 9, np.random.default_rng(3)) for _ in range(2))
    assert one == two


def test_part_captions_speak_of_their_part(many):
    rng = np.random.default_rng(0)
    own = {
        "wing": r"wing|canard|foreplane|strut|\bspan\b|aero?foil|airfoil|planform|chord|dihedral"
        r"|aspect[- ]ratio|sweep|swept|arms\b|tips?\b|lifting surface|edges?\b|brac(es|ing)|taper|triangular"
        r"|biplane|front|near the nose|behind the nose|duck|catfish|longer than|less across|broad|root"
        r"|the (inner|outer)|shallow v\b|raked|arrow|forward tailplane|vertical surfaces at",
        "tail": r"tail|\bfin|stabili[sz]er|rudder|empennage|upright|(at|on) the (back|rear)|rear end|vertical"
        r"|crossbar|elevators|blade|\bt\b",
        "propeller": r"prop|blade|airscrew|whirl|fans?\b|screw|ventilator|windmill|pinwheel|spin|twirl"
        r"|rotating|round|paddle",
        "gear": r"gear|wheel|undercarriage|t[iy]re|caster|castor|roller|legs?\b|f[eo][eo]t\b|roll on"
        r"|underneath|underside|ground|landing|tail ?dragger|taxi|trike|unicycle|nothing round|rounds? below",
    }
    for program in many[:80]:
        for part, pattern in own.items():
            for text in part_captions(program, part, 4, rng):
                assert re.search(pattern, text.lower()), (part, text)
        assert part_captions(program, "wing", 1, rng)
    with pytest.raises(ValueError, match="unknown part"):
        part_captions(many[0], "seat", 1, rng)
