"""What can truthfully be said about a table, desk or bench, from the attributes it was built with."""

from __future__ import annotations

from collections.abc import Mapping

from core.corpus.caption_facts import COUNT_WORDS, Facts
from core.corpus.caption_table_bases import add_base_facts
from core.corpus.program import Attribute
from core.corpus.wordings import read_wordings

STORAGE = read_wordings("table_storage")
PURPOSES = read_wordings("table_kinds")
TOPS = read_wordings("table_tops")

NOUNS = {
    "dining": ["table", "dining table", "kitchen table", "dinner table"],
    "coffee": ["table", "coffee table", "coffee table", "cocktail table", "living room table"],
    "side": ["table", "side table", "end table", "accent table"],
    "desk": ["desk", "desk", "writing desk", "office desk", "work desk", "computer desk", "table"],
    "bench": ["bench", "bench", "backless bench", "sitting bench"],
    "bar": ["table", "bar table", "pub table", "standing table", "high-top table"],
    "console": ["table", "console table", "hallway table", "sofa table", "entry table"],
}
"""Words for the whole thing, by purpose."""

TOP_NOUNS = ("top", "tabletop", "table top")

_WORDS = COUNT_WORDS | {7: "seven", 8: "eight", 9: "nine"}


def facts_of(attributes: Mapping[str, Attribute]) -> Facts:
    """Collect the phrases of a table from the attributes that `make_table` recorded."""
    facts = Facts(nouns=list(NOUNS[str(attributes["purpose"])]))
    _add_whole(facts, attributes)
    _add_top(facts, attributes)
    add_base_facts(facts, attributes)
    _add_drawers(facts, attributes)
    _add_shelves(facts, attributes)
    _add_boards(facts, attributes)
    _add_wheels(facts, attributes)
    _add_purpose(facts, str(attributes["purpose"]))
    return facts


def _add_purpose(facts: Facts, purpose: str) -> None:
    """What it is for; looser words for a table do not fit desks and benches."""
    use = {
        "dining": "eating",
        "coffee": "the living room",
        "side": "a lamp",
        "desk": "working",
        "bench": "sitting",
        "bar": "drinks",
        "console": "the hallway",
    }[purpose]
    if purpose in ("desk", "bench"):
        facts.loose_nouns = [noun for noun in facts.loose_nouns if purpose in noun]
    facts.add(
        "",
        "purpose",
        [f"room for {use}" if use[-3:] != "ing" else f"space for {use}"],
        [f"it is for {use}"],
        0.7,
    )
    facts.more("purpose", PURPOSES["purpose"][purpose])


def _add_whole(facts: Facts, a: Mapping[str, Attribute]) -> None:
    """Nouns by base, adjectives, and the height."""
    base, purpose = a["base"], a["purpose"]
    if purpose not in ("bench", "desk"):
        by_base = {"pedestal": "pedestal table", "trestle": "trestle table", "c_frame": "C-shaped table"}
        if base in by_base:
            facts.nouns.append(by_base[str(base)])
        if base == "block" and a["block"] == "solid":
            facts.nouns.append("block table")
    if purpose == "side" and a["drawers"]:
        facts.nouns += ["nightstand", "bedside table"]
    facts.adjectives.append(str(a["top_shape"]))
    if a["top_shape"] == "round":
        facts.adjectives.append("circular")
    if a["slatted"]:
        facts.adjectives.append("slatted")
    if a["wheels"]:
        facts.adjectives += ["rolling", "mobile", "wheeled"]
    if a["long"]:
        facts.adjectives += ["long", "narrow"]
        facts.add("top", "length", ["a long top", "a long narrow top"], ["it is long and narrow"], 0.5)
        facts.more("length", TOPS["length"]["long"])
    if a["height"] == "low":
        facts.adjectives += ["low", "short"]
        phrases = ["a low height", "a low profile"]
        facts.add("", "height", phrases, ["it is low", "it is close to the floor", "it stands low"], 0.8)
    elif a["height"] == "tall":
        facts.adjectives += ["tall", "high"]
        phrases = ["a tall build", "a lot of height"]
        facts.add("", "height", phrases, ["it is tall", "it stands high", "the top is high up"], 1.0)
    elif purpose in ("dining", "desk"):
        facts.add("", "height", ["a normal height", "a standard height"], ["it is of normal height"], 0.2)
    if "height" in facts.part:
        facts.more("height", TOPS["height"][str(a["height"])])


def _add_top(facts: Facts, a: Mapping[str, Attribute]) -> None:
    """Shape, thickness, corners and planks of the top."""
    shape, word = str(a["top_shape"]), a["top_thickness"]
    names = {
        "round": ["round", "circular", "disc-shaped"],
        "oval": ["oval", "oblong", "oval-shaped"],
        "square": ["square"],
        "rectangular": ["rectangular", "rectangle"],
        "hexagonal": ["hexagonal", "six-sided", "hexagon-shaped"],
        "octagonal": ["octagonal", "eight-sided", "octagon-shaped"],
    }[shape]
    clauses = [f"the top is {shape}", f"the tabletop is {shape}"]
    if shape in ("round", "hexagonal", "octagonal", "oval", "square"):
        figure = {"round": "a circle", "hexagonal": "a hexagon", "octagonal": "an octagon"}
        clauses.append(f"the top is {figure.get(shape, f'{names[-1]} in shape')}")
    thickness = {"thick": ["thick", "chunky", "heavy"], "thin": ["thin", "slim"]}.get(str(word), [])
    phrases = [f"{_article(name)} {noun}" for name in names for noun in TOP_NOUNS]
    phrases += [f"a {thick} {name} top" for thick in thickness for name in names]
    if shape == "rectangular":
        phrases = [phrase for phrase in phrases if "rectangle" not in phrase]
    if "top_corners" in a:
        rounded = a["top_corners"] == "rounded"
        if rounded:
            phrases += [f"{_article(names[0])} top with rounded corners"]
        corners = ["rounded corners", "a top with rounded corners", "round corners"]
        square = ["square corners", "a top with square corners", "sharp corners"]
        says = ["the corners are rounded"] if rounded else ["the corners are square"]
        facts.add("top", "corners", corners if rounded else square, says, 0.8 if rounded else 0.35)
        facts.more("corners", TOPS["corners"]["rounded" if rounded else "square"])
    facts.add("top", "top", phrases, clauses, 1.8)
    facts.more("top", TOPS["top"][shape])
    if thickness:
        facts.add(
            "top",
            "top_thickness",
            [f"a {thick} {noun}" for thick in thickness for noun in TOP_NOUNS],
            [f"the top is {thick}" for thick in thickness[:2]],
        )
        facts.more("top_thickness", TOPS["thickness"][str(word)])
    if a["slatted"]:
        count = _WORDS[int(a["top_slats"])]
        facts.add(
            "top",
            "slats",
            [
                "a slatted top",
                "slats",
                f"{count} slats",
                f"a top of {count} slats",
                f"a top made of {count} planks",
                "gaps between the boards of the top",
            ],
            ["the top is made of slats", "there are gaps in the top", f"the top has {count} planks"],
            1.6,
        )
        facts.more("slats", TOPS["slats"]["yes"], int(a["top_slats"]))


def _article(word: str) -> str:
    return f"an {word}" if word[0] in "aeo" else f"a {word}"


def _add_drawers(facts: Facts, a: Mapping[str, Attribute]) -> None:
    count = int(a["drawers"])
    if count == 0:
        facts.deny("drawer", "drawers", ["drawers", "drawer"], ["there are no drawers", "it has no drawers"])
        facts.more("drawers", STORAGE["drawers"]["none"])
        return
    word, place = _WORDS[count], a["drawer_place"]
    if count == 1:
        phrases = ["a drawer", "one drawer", "a single drawer"]
        clauses = ["it has a drawer", "there is one drawer"]
    else:
        phrases = ["drawers", f"{word} drawers", f"{count} drawers", f"{word} drawers"]
        clauses = ["it has drawers", f"there are {word} drawers", f"it has {word} drawers"]
    noun = "drawer" if count == 1 else "drawers"
    several = "a drawer" if count == 1 else "drawers"
    if place == "under":
        phrases += [f"{several} under the top", f"{'one' if count == 1 else word} {noun} under the tabletop"]
        clauses.append(f"there {'is' if count == 1 else 'are'} {several} under the top")
    elif place == "block":
        phrases.append(f"{several} in front")
    elif a["cabinets"] == 2:
        each = _WORDS[count // 2]
        phrases += ["drawers on both sides", f"{each} drawer{'s' if count > 2 else ''} on each side"]
        clauses.append("there are drawers on both sides")
    else:
        phrases.append(f"{several} on one side")
        clauses.append(f"there {'is' if count == 1 else 'are'} {several} on one side only")
    facts.add("drawer", "drawers", phrases, clauses, 2.0)
    facts.more("drawers", STORAGE["drawers"]["one" if count == 1 else "many"], count)
    facts.may_be(
        STORAGE["drawers"]["many" if count == 1 else "one"],
        plain=["a drawer", "drawers", "it has a drawer", "it has drawers", f"{several} under the top"],
    )
    where = (
        "both_sides" if a.get("cabinets") == 2 else {"under": "under", "cabinet": "one_side"}.get(str(place))
    )
    if where:
        facts.more("drawers", STORAGE["place"][where])
    with_what = {"knob": ["knobs", "round knobs"], "bar": ["bar handles", "long handles", "handles"]}
    words = with_what.get(str(a["handles"]))
    if words is None:
        facts.deny("drawer", "handles", ["handles", "knobs"], [f"the {noun} has no handle"] * (count == 1))
    else:
        one = words[0][:-1]
        phrases = [f"{word} on the {noun}" for word in words] + [f"drawers with {word}" for word in words]
        if count == 1:
            phrases = [f"a {one} on the drawer", f"a drawer with a {one}"]
        facts.add("drawer", "handles", phrases, weight=0.6)
    facts.more("handles", STORAGE["handles"][str(a["handles"])])


def _add_shelves(facts: Facts, a: Mapping[str, Attribute]) -> None:
    count = int(a["shelves"])
    if count == 0:
        facts.deny(
            "shelf",
            "shelves",
            ["shelf", "lower shelf", "shelf under the top", "shelves"],
            ["there is no shelf under the top", "it has no shelf"],
        )
        facts.more("shelves", STORAGE["shelves"]["none"])
        return
    if count == 1:
        phrases = ["a shelf", "a shelf under the top", "a lower shelf", "one shelf", "a shelf below the top"]
        clauses = ["it has a shelf", "there is a shelf under the top", "it has two tiers"]
    else:
        phrases = ["two shelves", "shelves", "two shelves under the top", "2 shelves", "two lower shelves"]
        clauses = ["it has two shelves", "there are two shelves under the top", "it has three tiers"]
    facts.add("shelf", "shelves", phrases, clauses, 2.0)
    facts.more("shelves", STORAGE["shelves"]["one" if count == 1 else "two"])


def _add_boards(facts: Facts, a: Mapping[str, Attribute]) -> None:
    """Modesty panel, apron, cabinets."""
    if a.get("modesty_panel"):
        facts.add(
            "panel",
            "modesty_panel",
            ["a modesty panel", "a privacy panel", "a back panel", "a panel at the back"],
            ["there is a panel at the back", "a panel hides the legs of the sitter"],
            1.4,
        )
    elif "modesty_panel" in a:
        facts.deny("panel", "modesty_panel", ["modesty panel", "back panel", "panel at the back"])
    if a.get("apron"):
        facts.add(
            "panel",
            "apron",
            ["an apron", "an apron under the top", "a frame under the top", "boards under the top"],
            ["there is an apron under the top", "boards under the top join the legs"],
            0.8,
        )
    elif "apron" in a:
        facts.deny("panel", "apron", ["apron", "apron under the top"])
    for board in ("modesty_panel", "apron"):
        if board in a:
            facts.more(board, STORAGE[board]["yes" if a[board] else "no"])
    if a.get("cabinets") == 2:
        phrases = ["two cabinets", "a cabinet at each end", "cabinets on both sides", "two side cabinets"]
        facts.add("panel", "cabinets", phrases, ["it stands on two cabinets"], 1.8)
    elif a.get("cabinets") == 1:
        phrases = ["a side cabinet", "a cabinet on one side", "one cabinet", "a cabinet at one end"]
        facts.add("panel", "cabinets", phrases, ["there is a cabinet on one side only"], 1.8)
    if a.get("cabinets"):
        facts.more("cabinets", STORAGE["cabinets"]["two" if a["cabinets"] == 2 else "one"])
    if a.get("cabinet_doors"):
        doors = ["cabinet doors", "doors"] if a["cabinets"] == 2 else ["a cabinet door", "a door"]
        facts.add("panel", "doors", doors, weight=1.0)
        facts.more("doors", STORAGE["doors"]["two" if a["cabinets"] == 2 else "one"])


def _add_wheels(facts: Facts, a: Mapping[str, Attribute]) -> None:
    count = int(a["wheels"])
    if count == 0:
        facts.deny("wheel", "wheels", ["wheels", "casters"], ["it has no wheels", "it does not roll"])
        facts.more("wheels", STORAGE["wheels"]["no"])
        return
    word = COUNT_WORDS[count]
    facts.add(
        "wheel",
        "wheels",
        ["wheels", "casters", f"{word} wheels", f"{word} casters", "wheels at the bottom", "rollers"],
        ["it has wheels", "it rolls on wheels", f"there are {word} wheels", "it is on wheels"],
        2.0,
    )
    facts.more("wheels", STORAGE["wheels"]["yes"], count)
