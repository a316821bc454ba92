"""Captions of tables are many, varied, repeatable and never false."""

import re
from collections.abc import Callable, Mapping

import numpy as np
import pytest

from core.corpus.captions import captions, part_captions
from core.corpus.program import FAMILY_PARTS, Attribute, Program
from core.corpus.tables import make_table
from tests.core.corpus.denials import denied, denied_after, denied_outright

COUNT = 500
LEGGED = ("four_legs", "three_legs")

Truth = Callable[[Mapping[str, Attribute]], bool]


@pytest.fixture(scope="module")
def written() -> list[tuple[Program, list[str]]]:
    rng = np.random.default_rng(0)
    tables = [make_table(seed) for seed in range(COUNT)]
    return [(table, [text.lower() for text in captions(table, 12, rng)]) for table in tables]


# pattern of a mention -> whether the thing is really there
MENTIONS: dict[str, Truth] = {
    r"(?<!tricycle has )wheels|casters|rollers|rolls on|rolling(?! pin)|(?<!snow)mobile"
    r"|wheeled": lambda a: a["wheels"] != 0,
    r"\bdrawers?\b": lambda a: a["drawers"] != 0,
    r"\bshelf\b|\bshelves\b|tiers": lambda a: a["shelves"] != 0,
    r"\bstretchers?\b|bars? between|connected by bars"
    r"|bars connecting": (lambda a: a["stretchers"] != "none"),
    r"beam between the trestles|connect(ing|s) the trestles|long stretcher": (
        lambda a: a["base"] == "trestle" and a["stretchers"] == "long"
    ),
    r"modesty panel|privacy panel|back panel|panel at the back": (
        lambda a: a.get("modesty_panel") is True or a.get("box_back") is True
    ),
    r"\bapron\b": lambda a: a.get("apron") is True,
}
# claims that are simply true or false
CLAIMS: dict[str, Truth] = {
    r"(round|circular|disc-shaped) (table ?top|top)|(top|tabletop) is (round|a circle)": (
        lambda a: a["top_shape"] == "round"
    ),
    r"square (table ?top|top)|top is square": lambda a: a["top_shape"] == "square",
    r"rectangular (table ?top|top)|top is rectangular": lambda a: a["top_shape"] == "rectangular",
    r"oval|oblong": lambda a: a["top_shape"] == "oval",
    r"hexagon|six-sided": lambda a: a["top_shape"] == "hexagonal",
    r"octagon|eight-sided": lambda a: a["top_shape"] == "octagonal",
    r"(thin|slim) ([a-z-]+ )?(top|table ?top)\b|top is thin": lambda a: a["top_thickness"] == "thin",
    r"(thick|chunky|heavy) ([a-z-]+ )?(top|table ?top)\b|top is thick": (
        lambda a: a["top_thickness"] == "thick"
    ),
    r"round(ed)? corners|corners are rounded": lambda a: a["top_corners"] == "rounded",
    r"(square|sharp) corners|corners are square": lambda a: a["top_corners"] == "square",
    r"slat(s|ted)\b|(?<!broad as )(?<!crossing )planks(?! instead of legs| for legs| on edge)"
    r"|gaps": lambda a: a["slatted"] is True,
    r"\bthree ((?!slats|planks)[a-z]+ ){0,2}legs|\b3 legs": lambda a: a.get("leg_count") == 3,
    r"(?<!no )(?<!without )(?<!have )\bfour ((?!slats|planks)[a-z-]+ ){0,2}legs|\b4 legs": lambda a: (
        a.get("leg_count") == 4
    ),
    r"(?<!every )(?<!wherever )\btwo legs(?! in front and| on the left and)": lambda a: (
        a.get("leg_count") == 2
    ),
    r"(thin|slender|skinny) ((?!slab)[a-z]+ )?legs": lambda a: a.get("leg_thickness") == "thin",
    r"(thick|fat) ((?!slab)[a-z]+ )?legs": lambda a: a.get("leg_thickness") == "thick",
    r"tapered|legs taper": lambda a: a.get("leg_style") == "tapered",
    r"hairpin|v-shaped": lambda a: a.get("leg_style") == "hairpin",
    r"\bturned(?! on its side| flat| upside)|ornate": lambda a: a.get("leg_style") == "turned",
    r"(?<!top is )straight(?! through| down the| on the)|(?<!off the )vertical": lambda a: (
        a.get("legs_splayed") is False
    ),
    r"splayed(?!-out base| panels)(?<!panels are splayed)|spread outward": lambda a: (
        a.get("legs_splayed") is True
    ),
    r"pedestal|central column|single column|columns(?! of a temple)": lambda a: a["base"] == "pedestal",
    r"two (columns|pedestals)|double pedestal": lambda a: a.get("columns") == 2,
    r"(single|central) (column|leg(?! facing two))": lambda a: a.get("columns") == 1,
    r"trestle|sawhorse": lambda a: a["base"] == "trestle",
    r"crossed legs|x legs|legs cross|(?<!rods )form an x": lambda a: a["base"] == "x_legs",
    r"runner|sled(?!ge-like feet)|loops?\b(?! of four rods| of bars)|looped": lambda a: a["base"] == "sled",
    r"(?<![a-z])c-shaped|cantilever": lambda a: a["base"] == "c_frame",
    r"solid base|massive base|block base|drum\b": lambda a: a.get("block") == "solid",
    r"slab legs|panel legs|side panels|solid sides": lambda a: a["base"] == "panels",
    r"\blow\b(?! feet| legs under| cylinder| arms| step)"
    r"|(?<!in )(?<!x )(?<!round )profile\b(?! like)|close to the floor": lambda a: a["height"] == "low",
    r"\btall\b|(?<!knee-)\bhigh\b(?! heels)": lambda a: a["height"] == "tall",
    r"coffee table|cocktail": lambda a: a["purpose"] == "coffee",
    r"\bdesk\b": lambda a: a["purpose"] == "desk",
    r"(?<!gym-)(?<!picnic-)\bbench\b": lambda a: a["purpose"] == "bench",
    r"bar table|pub table": lambda a: a["purpose"] == "bar",
    r"dining table|kitchen table": lambda a: a["purpose"] == "dining",
    r"side table|end table": lambda a: a["purpose"] == "side",
    r"console": lambda a: a["purpose"] == "console",
    r"nightstand|bedside": lambda a: a["purpose"] == "side" and a["drawers"] != 0,
    r"two cabinets|cabinet at each end|cabinets on both": lambda a: a["cabinets"] == 2,
    r"cabinet on one side|one cabinet|a side cabinet": lambda a: a["cabinets"] == 1,
    r"under the top join|legs (are|were) connected|nothing connects": lambda a: a["base"] in LEGGED,
}


@pytest.mark.parametrize("pattern", MENTIONS)
def test_what_is_missing_is_only_mentioned_to_deny_it(written, pattern):
    there = MENTIONS[pattern]
    affirmed = missed = 0
    for table, texts in written:
        for text in texts:
            mentions = list(re.finditer(pattern, text))
            if not mentions:
                continue
            for mention in mentions:
                if there(table.attributes):
                    affirmed += 1
                    assert not denied_outright(text, mention), (text, table.attributes)
                else:
                    missed += 1
                    assert denied(text, mention), (text, table.attributes)
    assert affirmed > 10
    assert missed >= 5


@pytest.mark.parametrize("pattern", CLAIMS)
def test_claims_are_true(written, pattern):
    seen = 0
    for table, texts in written:
        for text in texts:
            found = re.search(pattern, text)
            if found and not denied_outright(text, found) and not denied_after(text, found):
                seen += 1
                assert CLAIMS[pattern](table.attributes), (text, table.attributes)
    assert seen >= 5


def test_numbers_are_right(written):
    words = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "nine": 9}
    nouns = {"drawers?(?! on each)": "drawers", "wheels": "wheels", "casters": "wheels"}
    nouns |= {"shelves|shelf": "shelves", "slats|planks(?! for legs| on edge)": "top_slats", "arms": "spokes"}
    seen = 0
    for table, texts in written:
        for text in texts:
            for noun, key in nouns.items():
                found = re.search(rf"\b({'|'.join(words)}) (?:{noun})\b(?! on each)", text)
                if found:
                    seen += 1
                    assert table.attributes[key] == words[found.group(1)], text
            found = re.search(rf"\b({'|'.join(words)}) drawers? on each side", text)
            if found:
                assert table.attributes["drawers"] == 2 * words[found.group(1)], text
    assert seen > 100


def test_captions_are_different_and_plenty(written):
    for _, texts in written:
        assert len(set(texts)) == len(texts) == 12
    everything = {text for _, texts in written for text in texts}
    assert len(everything) > 3500
    words = {word for text in everything for word in re.findall(r"[a-z-]+", text)}
    assert len(words) > 200
    assert not [
        text
        for text in everything
        if "  " in text
        or re.search(
            r"\ba a\b|\bno an?\b|(?<!an )(?<!capital )\ba [aeio](?!ne)|\ban (?!h\b|8|[ax]\b"
            r"|[aeiou])|(?<!deck )(?<!director's-)\bchair",
            text,
        )
    ]


def test_captions_are_repeatable():
    table = make_table(5)
    assert captions(table, 9, np.random.default_rng(3)) == captions(table, 9, np.random.default_rng(3))
    assert captions(table, 9, np.random.default_rng(3)) != captions(table, 9, np.random.default_rng(4))
    assert captions(table, 0, np.random.default_rng(3)) == []


def test_part_captions_speak_of_their_part():
    rng = np.random.default_rng(0)
    other = {
        "top": r"legs|shelf|drawers?\b|wheels|column|base\b",
        "drawer": r"shelf|legs|wheels|column|corners",
        "shelf": r"drawers?\b|legs|wheels|corners",
        "wheel": r"drawers?\b|legs|shelf|corners",
    }
    told = 0
    for seed in range(120):
        table = make_table(seed)
        for part, pattern in other.items():
            for text in part_captions(table, part, 4, rng):
                told += 1
                assert not re.search(pattern, text.lower()), (part, text)
    assert told > 1000
    for part in ("top", "drawer", "shelf", "wheel"):
        assert all(part_captions(make_table(seed), part, 1, rng) for seed in range(20))
    assert set(FAMILY_PARTS["table"]) > set(other)
    with pytest.raises(ValueError, match="unknown part 'seat'"):
        part_captions(make_table(0), "seat", 1, rng)
