"""What can truthfully be said about a chair, from the attributes it was built with."""

from __future__ import annotations

from collections.abc import Mapping

from core.corpus.caption_backs import add_back_facts
from core.corpus.caption_bases import add_base_facts
from core.corpus.caption_facts import Facts
from core.corpus.program import Attribute
from core.corpus.wordings import read_wordings

ARMS = read_wordings("chair_arms")
KINDS = read_wordings("chair_kinds")
SEATS = read_wordings("chair_seats")

ARM_NOUNS = ("arms", "armrests", "arm rests")


def facts_of(attributes: Mapping[str, Attribute]) -> Facts:
    """Collect the phrases of a chair from the attributes that `make_chair` recorded."""
    facts = Facts()
    _add_whole(facts, attributes)
    for kind in _kinds(attributes):
        facts.name(KINDS["kind"][kind])
    _add_size(facts, attributes)
    _add_seat(facts, attributes)
    add_base_facts(facts, attributes)
    add_back_facts(facts, attributes)
    _add_arms(facts, attributes)
    return facts


def _add_whole(facts: Facts, a: Mapping[str, Attribute]) -> None:
    arms, back, base = a["arms"] != "none", a["back"] != "none", a["base"]
    if not back:
        facts.nouns += (
            ["ottoman", "pouf", "stool"] if base == "block" else ["stool", "stool", "backless stool"]
        )
        if a["tall_stool"]:
            facts.nouns += ["bar stool", "tall stool"]
    elif base == "block":
        facts.nouns += ["sofa", "couch", "loveseat"] if a["wide"] else ["lounge chair", "sofa chair"]
        if a["wide"]:
            facts.adjectives.append("wide")
    if arms and not a["wide"]:
        facts.nouns += ["armchair", "arm chair"]
    if not arms and back:
        facts.adjectives.append("armless")
    if base == "star":
        facts.nouns += (
            ["swivel stool"] if not back else ["office chair", "swivel chair", "desk chair", "rotating chair"]
        )
        if a["wheels"]:
            facts.nouns.append("rolling stool" if not back else "rolling chair")
    if base == "cantilever":
        facts.nouns.append("cantilever chair")
    if back and a["reclined"]:
        facts.adjectives.append("reclined")
    if a["cushion"]:
        facts.adjectives.append("cushioned")


def _kinds(a: Mapping[str, Attribute]) -> list[str]:
    """What kinds of thing to sit on it is, as `KINDS` calls them."""
    arms, base, wide = a["arms"] != "none", str(a["base"]), bool(a["wide"])
    if a["back"] == "none":
        if base == "block":
            return ["wide_pouf"] if wide else ["pouf"]
        special = {"star": ["swivel_stool"], "pedestal": ["pedestal_stool"], "three_legs": ["tripod_stool"]}
        return ["stool", "tall_stool" if a["tall_stool"] else "low_stool", *special.get(base, [])]
    if base == "block":
        return ["sofa"] if wide else ["lounge", *(["lounge_arms"] if arms else [])]
    if base == "star":
        return ["office", *(["office_wheels"] if a["wheels"] else []), *(["armchair"] if arms else [])]
    kinds = ["chair", "armchair" if arms else "side"]
    return [*kinds, "pedestal"] if base == "pedestal" else kinds


def _add_size(facts: Facts, a: Mapping[str, Attribute]) -> None:
    """Room for two people, or a seat as high as a bar."""
    back = a["back"] != "none"
    if a["wide"] and a["base"] == "block":
        facts.add("", "width", ["room for two", "space for two people"], ["it seats two", "it is wide"], 1.2)
        facts.more("width", KINDS["kind"]["sofa" if back else "wide_pouf"])
    if a["tall_stool"]:
        facts.add("", "size", ["long legs", "a lot of height"], ["it is tall", "the seat is high up"], 1.2)
        facts.more("size", KINDS["kind"]["tall_stool"])
    elif not back and a["base"] != "block":
        facts.add("", "size", ["a low seat", "little height"], ["it is low", "it is small"], 0.4)
        facts.more("size", KINDS["kind"]["low_stool"])


def _add_seat(facts: Facts, a: Mapping[str, Attribute]) -> None:
    shape, word, cushion = a["seat_shape"], a["seat_thickness"], a["cushion"]
    thickness: list[str] = []
    if word == "thick":
        thickness = ["thick", "chunky"]
    elif word == "thin" and not cushion:
        thickness = ["thin", "slim"]
    if shape == "round":
        names = ["round", "circular", "disc-shaped"]
        clauses = ["the seat is round", "the seat is a circle"]
    elif shape == "rounded":
        names, clauses = ["rounded"], ["the seat has rounded corners"]
    else:
        names = ["rectangular", "wide"] if a["wide"] else ["rectangular", "square"]
        clauses = ["the seat is rectangular", "the seat has square corners"]
    phrases = [f"a {name} seat" for name in names] + [
        f"a {thick} {name} seat" for thick in thickness for name in names
    ]
    if shape != "round":
        phrases.append("a seat with rounded corners" if shape == "rounded" else "a seat with square corners")
    facts.add("seat", "seat", phrases, clauses, 1.6)
    facts.more("seat", SEATS["seat"][str(shape)])
    if shape == "rounded":
        facts.may_be(SEATS["seat"]["square"], plain=["a rectangular seat", "a square seat"])
    if thickness:
        facts.add(
            "seat",
            "seat_thickness",
            [f"a {thick} seat" for thick in thickness],
            [f"the seat is {thickness[0]}"],
        )
        facts.more("seat_thickness", SEATS["seat_thickness"][str(word)])
    if cushion:
        facts.add(
            "seat",
            "cushion",
            [
                "a cushion on the seat",
                "a cushioned seat",
                "a padded seat",
                "a seat cushion",
                "a soft cushion",
            ],
            ["the seat has a cushion", "there is a cushion on the seat"],
        )
        facts.more("cushion", SEATS["cushion"]["yes"])
    elif not a["soft_seat"]:
        facts.deny("seat", "cushion", ["cushion", "seat cushion"], ["there is no cushion on the seat"])
        facts.more("cushion", SEATS["cushion"]["no"])


def _add_arms(facts: Facts, a: Mapping[str, Attribute]) -> None:
    kind = a["arms"]
    if kind == "none":
        facts.deny(
            "arm", "arms", list(ARM_NOUNS), ["there are no arms", "it has no armrests", "it is armless"]
        )
        facts.more("arms", ARMS["arms"]["none"])
        return
    kinds = {
        "straight": ["straight arms", "straight armrests", "straight arm rests"],
        "round": ["round arms", "looped arms", "curved arms", "curved armrests", "rounded armrests"],
        "padded": ["padded arms", "padded armrests", "T-shaped arms", "arm pads"],
        "box": ["box arms", "solid arms", "blocky armrests", "arms made of solid panels", "closed arms"],
        "rolled": ["rolled arms", "arms with rolled tops", "thick rolled arms"],
    }
    adjectives = {
        "straight": "straight",
        "round": "curved",
        "padded": "padded",
        "box": "solid",
        "rolled": "rolled",
    }
    word = adjectives[str(kind)]
    facts.add(
        "arm",
        "arms",
        list(ARM_NOUNS) + kinds[str(kind)],
        [
            "it has arms",
            "it has armrests",
            "there are two armrests",
            f"the arms are {word}",
            f"its armrests are {word}",
        ],
        1.8,
    )
    facts.more("arms", ARMS["arms"]["any"])
    facts.more("arms", ARMS["arms"][str(kind)])
    also = {"padded": "straight", "straight": "padded", "rolled": "box", "box": "rolled"}.get(str(kind))
    if also is not None:
        facts.may_be(ARMS["arms"][also], plain=kinds[also])
