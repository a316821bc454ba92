"""Captions are many, varied, repeatable and never false."""

import re

import numpy as np
import pytest

from core.corpus.captions import captions, part_captions
from core.corpus.chairs import make_chair
from core.corpus.program import FAMILY_PARTS, Program
from tests.core.corpus.denials import denied, denied_after, denied_outright

COUNT = 400


@pytest.fixture(scope="module")
def written() -> list[tuple[Program, list[str]]]:
    rng = np.random.default_rng(0)
    chairs = [make_chair(seed) for seed in range(COUNT)]
    return [(chair, [text.lower() for text in captions(chair, 12, rng)]) for chair in chairs]


# pattern of a mention -> whether the thing is really there
MENTIONS = {
    r"arm ?rests?\b|(?<!your )\barms\b(?! going out)|(?<!width of an )armchair|arm chair"
    r"|arm pads": lambda a: a["arms"] != "none",
    r"\bbackrest"
    r"|(?<!rest )(?<!your own )(?<!front and )(?<!front to )(?<!the )(?<!rails front, )(?<!lean )(?<!go )"
    r"\bback\b(?! legs)|\bthe back\b(?! (foot|half|legs))": lambda a: a["back"] != "none",
    r"(?<!tricycle has )wheels|casters|rollers|rolls on|rolling(?! pin)": lambda a: bool(a.get("wheels")),
    r"stretchers?\b|\bbars? between(?! two posts| seat and back)|connected by bars|bars connecting": (
        lambda a: a.get("stretchers", "none") != "none"
    ),
    r"\bslats?\b(?!-like)|spindles(?! from leg to leg)|slatted": lambda a: (
        a["back"] in ("vertical_slats", "horizontal_slats")
    ),
    r"(?<!arms without )(?<!fence without )\bgaps\b|holes|openings|(?<!arms you cannot )see through"
    r"|see-through": (
        lambda a: a["back"] in ("vertical_slats", "horizontal_slats", "frame", "panels", "cross")
    ),
    r"\bcushion\b(?!-shaped| for each elbow| behind you| for a back"
    r"|[ -]back)(?<!little cushion)(?<!back: cushion)"
    r"(?<!rounded-edge cushion)(?<!thick cushion)": lambda a: bool(a["cushion"]),
}
# claims that are simply true or false
CLAIMS = {
    r"round seat|circular seat|disc-shaped seat|seat is round|seat is a circle": (
        lambda a: a["seat_shape"] == "round"
    ),
    r"(?<!rounded-)(?<!softened )square seat|(?<!foot with )square corners|rectangular seat"
    r"|seat is rectangular": lambda a: a["seat_shape"] == "square",
    r"(thin|slim) ([a-z-]+ )?seat"
    r"|seat is thin": lambda a: a["seat_thickness"] == "thin" and not a["cushion"],
    r"(thick|chunky) ([a-z-]+ )?seat|seat is thick": lambda a: a["seat_thickness"] == "thick",
    r"three ([a-z]+ ){0,2}legs|\b3 legs": lambda a: a.get("leg_count") == 3,
    r"four ((?!short)[a-z]+ ){0,2}legs|\b4 legs": (
        lambda a: a.get("leg_count") == 4 or a["base"] == "pedestal"  # "no four legs" of a pedestal
    ),
    r"(thin|slender|skinny) ([a-z]+ )?legs": lambda a: a.get("leg_thickness") == "thin",
    r"(thick|chunky|fat) ([a-z]+ )?legs": lambda a: a.get("leg_thickness") == "thick",
    r"tapered legs|legs taper": lambda a: a.get("leg_style") == "tapered",
    r"straight legs|vertical legs|legs are straight|\blegs (are|stand) (bolt )?upright"
    r"|upright[ -]leg": lambda a: a.get("legs_splayed") is False,
    r"splayed|(?<!back is )slanted(?! back| bars crossing| bars meet)"
    r"|(?<!right-)(?<!back is )angled(?! back)": (lambda a: a.get("legs_splayed") is True),
    r"(?<!hip-)(?<!waist-)\bhigh[ -]back|tall back|back is (high"
    r"|tall)": lambda a: a["back_height"] == "high",
    r"\blow[ -]back|short back|back is (low|short)": lambda a: a["back_height"] == "low",
    r"reclined|tilted back|leans back|(slanted|(?<!right-)angled) back|back is (slanted"
    r"|angled)": lambda a: a["reclined"] is True,
    r"\bupright (back(?! bars)|backrest|chair)|back(rest)? (is|stands) (bolt )?upright"
    r"|vertical back(?! slats| bars)": (lambda a: a.get("upright") is True),
    r"swivel|rotat|\boffice chair(?! kind)(?<!like those of an office chair)|\bstar\b"
    r"|spokes(?! standing)": lambda a: a["base"] == "star",
    r"pedestal|column(?!-like legs|ar legs|s of a temple|s behind the seat)": (
        lambda a: a["base"] in ("pedestal", "star")
    ),
    r"pedestal": lambda a: a["base"] == "pedestal",
    r"runner|sled": lambda a: a["base"] == "sled",
    r"cantilever": lambda a: a["base"] == "cantilever",
    r"(?<!like a )(?<!single )(?<!one-person )(?<!single-seat )\bsofa\b(?! chair| armchair| arms"
    r"| feet| for one|-like)|(?<!one-seat )couch|loveseat": lambda a: a["base"] == "block" and a["wide"],
    r"(?<!toad)(?<!milking )(?<!piano-)stool|ottoman|pouf": lambda a: a["back"] == "none",
    r"(?<!one-rung )ladder(?! with one rung)(?<!rungs like a ladder)|rungs (behind|in the back"
    r"|across|up the back|climb)": (lambda a: a["back"] == "horizontal_slats" and a["back_slats"] >= 3),
    r"(?<!no ladder-like )rungs": lambda a: (
        a["back"] == "horizontal_slats" or a.get("stretchers", "none") != "none"
    ),
    r"vertical (slats|bars|spindles)": lambda a: a["back"] == "vertical_slats",
    r"horizontal (slats|bars)(?! at elbow height)": lambda a: a["back"] == "horizontal_slats",
    r"(?<!stretched )(?<!elongated )(?<!not quite )\b(round|circular) back"
    r"|back is round\b(?! but not a circle)": lambda a: a.get("back_outline") == "circle",
    r"(?<!arms are )arched(?! arm)": lambda a: a["back"] == "arched" or a.get("back_outline") == "arched",
    r"(straight) arm|arms are straight": lambda a: a["arms"] == "straight",
    r"(round|looped|curved|rounded) arm|arm(s|rests) are curved": lambda a: a["arms"] == "round",
    r"(?<!\bbe )rolled(?! sheet for a back)": lambda a: a["arms"] == "rolled",
    r"armless": lambda a: a["arms"] == "none",
}


@pytest.mark.parametrize("pattern", MENTIONS)
def test_what_is_missing_is_only_mentioned_to_deny_it(written, pattern):
    there = MENTIONS[pattern]
    affirmed = missed = 0
    for chair, texts in written:
        for text in texts:
            mentions = list(re.finditer(pattern, text))
            if not mentions:
                continue
            for mention in mentions:
                if there(chair.attributes):
                    affirmed += 1
                    assert not denied_outright(text, mention), (text, chair.attributes)
                else:
                    missed += 1
                    assert denied(text, mention), (text, chair.attributes)
    assert affirmed > 20
    assert missed >= 10


@pytest.mark.parametrize("pattern", CLAIMS)
def test_claims_are_true(written, pattern):
    seen = 0
    for chair, texts in written:
        for text in texts:
            found = re.search(pattern, text)
            if found and not denied_outright(text, found) and not denied_after(text, found):
                seen += 1
                assert CLAIMS[pattern](chair.attributes), (text, chair.attributes)
    assert seen >= 5


def test_numbers_are_right(written):
    words = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
    seen = 0
    for chair, texts in written:
        for text in texts:
            for noun, key in (("spokes", "spokes"), ("wheels", "spokes"), ("panels", "back_panels")):
                found = re.search(rf"\b({'|'.join(words)}) {noun}", text)
                if found:
                    seen += 1
                    assert chair.attributes[key] == words[found.group(1)], text
            found = re.search(
                rf"\b({'|'.join(words)}) (?:vertical|horizontal) (?:slats|bars"
                rf"|spindles)",
                text,
            )
            if found:
                seen += 1
                assert chair.attributes["back_slats"] == words[found.group(1)], text
    assert seen > 50


def test_captions_are_different_and_plenty(written):
    for _, texts in written:
        assert len(set(texts)) == len(texts) == 12
    everything = {text for _, texts in written for text in texts}
    assert len(everything) > 2000
    words = {word for text in everything for word in re.findall(r"[a-z-]+", text)}
    assert len(words) > 180
    assert not [
        text
        for text in everything
        if "  " in text
        or re.search(
            r"\ba a\b|\bno a\b"
            "|\ba [aeio](?!ne\b)",
            text,
        )
    ]


def test_captions_are_repeatable():
    chair = make_chair(5)
    assert captions(chair, 9, np.random.default_rng(3)) == captions(chair, 9, np.random.default_rng(3))
    assert captions(chair, 9, np.random.default_rng(3)) != captions(chair, 9, np.random.default_rng(4))
    assert captions(chair, 0, np.random.default_rng(3)) == []
    with pytest.raises(ValueError, match="cannot write"):
        captions(chair, -1, np.random.default_rng(3))


def test_part_captions_speak_of_their_part():
    rng = np.random.default_rng(0)
    other = {
        "back": r"seat(?! and| put back| in the lounge)\b(?<!bishop's-seat)|legs|arms|armrest",
        "arm": r"seat|legs|\bback\b",
        "leg": r"arms|\bback\b",
    }
    place = (
        r"\b(between|(front|back|front foot) (to|and)|to|from|off|of|at|with|clear of|touch"
        r"|touching|reach|meets|beside|behind"
        r"|frame|squared to) ((the )?back and )?(the )?(seat( to)?|back( to)?( front| foot)?)\b"
        r"|back and seat|lean back|back half|go back|to swing your legs|the seat sits between"
    )
    for seed in range(60):
        chair = make_chair(seed)
        for part, pattern in other.items():
            for text in part_captions(chair, part, 4, rng):
                text = text.lower().replace("between the seat and the back", "").replace("above the seat", "")
                text = text.replace("seat and back", "").replace("back legs", "")
                text = re.sub(place, "", text)  # where the part is, not what the seat is like
                if part == "back" and chair.attributes["back"] == "none":
                    text = text.replace("seat", "")  # all there is
                assert not re.search(pattern, text), (part, text)
    assert part_captions(make_chair(0), "stretcher", 3, rng) == []  # a star base has none to speak of
    with pytest.raises(ValueError, match="unknown part"):
        part_captions(make_chair(0), "roof", 1, rng)
    assert all(part_captions(make_chair(2), part, 1, rng) for part in FAMILY_PARTS["chair"] if part != "base")
