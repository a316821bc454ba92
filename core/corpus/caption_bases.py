"""What can truthfully be said about a chair's base: legs, stretchers, wheels, pedestal, sled, block."""

from __future__ import annotations

from collections.abc import Mapping

from core.corpus.caption_facts import COUNT_WORDS, Facts
from core.corpus.program import Attribute
from core.corpus.wordings import read_wordings

BASES = read_wordings("chair_bases")
LEGS = read_wordings("legs")
STRETCHERS = read_wordings("stretchers")


STRAIGHT_LEGS = ("straight legs", "vertical legs", "the legs are straight", "the legs go straight down")


def add_leg_facts(facts: Facts, a: Mapping[str, Attribute]) -> None:
    """Note the number, thickness, slant and form of separate legs."""
    count = int(a["leg_count"])
    word = COUNT_WORDS[count]
    thickness = {"thin": ["thin", "slender", "skinny"], "thick": ["thick", "chunky", "fat"]}.get(
        str(a["leg_thickness"]), []
    )
    slant, clauses = [], [f"it stands on {word} legs", f"there are {word} legs", f"it has {word} legs"]
    if a["legs_splayed"]:
        slant = ["splayed", "angled", "slanted"]
        clauses += ["the legs are splayed outwards", "the legs are angled", "its legs spread outward"]
    elif a["leg_style"] == "straight":
        slant = ["straight", "vertical"]
        clauses += ["the legs are straight", "the legs go straight down"]
    form = ["square"] if a["leg_section"] == "square" else ["round", "cylindrical"]
    if a["leg_style"] == "tapered":
        form = ["tapered"]
        clauses += ["the legs taper towards the floor", "the legs are tapered"]
    clauses += [f"the legs are {thick}" for thick in thickness[:2]]
    words = thickness + slant + form
    words += [f"{thick} {other}" for thick in thickness for other in slant + form]
    phrases = 4 * [f"{word} legs"] + 3 * [f"{count} legs"]
    phrases += [f"{one} legs" for one in words] + [f"{word} {one} legs" for one in words]
    facts.add("leg", "legs", phrases, clauses, 2.0)
    add_loose_legs(facts, a)


def add_loose_legs(facts: Facts, a: Mapping[str, Attribute]) -> None:
    """Looser wordings of the number, thickness, slant and form of separate legs."""
    count, straight = int(a["leg_count"]), a["leg_style"] == "straight"
    form = str(a["leg_section"]) if straight else str(a["leg_style"])
    slant = "splayed" if a["legs_splayed"] else "straight" if straight else ""
    facts.more("legs", LEGS["leg_count"][COUNT_WORDS[count]])
    for group, value in (
        ("leg_thickness", str(a["leg_thickness"])),
        ("leg_slant", slant),
        ("leg_form", form),
    ):
        if value in LEGS[group]:
            facts.more("legs", LEGS[group][value], count)
    if not a["legs_splayed"]:  # legs that taper are vertical to some people, and straight to fewer
        facts.may_be(LEGS["leg_slant"]["straight"], plain=STRAIGHT_LEGS, count=count)


def add_stretcher_facts(facts: Facts, a: Mapping[str, Attribute]) -> None:
    """Note the bars between separate legs, or that there are none."""
    kind = a["stretchers"]
    if kind == "none":
        facts.deny(
            "stretcher",
            "stretchers",
            ["stretchers", "bars between the legs", "stretcher"],
            ["there are no bars between the legs", "nothing connects the legs"],
        )
        facts.more("stretchers", STRETCHERS["stretchers"]["none"])
        return
    phrases = [
        "stretchers",
        "bars between the legs",
        "stretchers between the legs",
        "bars connecting the legs",
    ]
    special = {
        "H": ["an H-shaped stretcher", "H stretchers"],
        "box": ["stretchers all around", "bars all around the legs"],
        "sides": ["stretchers at the sides", "bars between the legs on each side"],
        "cross": ["crossed stretchers", "an X-shaped stretcher", "crossed bars between the legs"],
        "triangle": ["a triangle of stretchers"],
    }
    facts.add(
        "stretcher",
        "stretchers",
        phrases + 2 * special[str(kind)],
        ["the legs are connected by bars", "there are bars between the legs", "stretchers connect the legs"],
    )
    facts.more("stretchers", STRETCHERS["stretchers"]["any"])
    facts.more("stretchers", STRETCHERS["stretchers"][str(kind)])


def add_base_facts(facts: Facts, a: Mapping[str, Attribute]) -> None:
    """Note everything about the base and what it stands on."""
    base = a["base"]
    if base in ("four_legs", "three_legs"):
        add_leg_facts(facts, a)
        add_stretcher_facts(facts, a)
    elif base == "star":
        count = COUNT_WORDS[int(a["spokes"])]
        phrases = [
            "a star base",
            "a swivel base",
            "a star-shaped base",
            f"{count} spokes",
            f"a base with {count} spokes",
        ]
        facts.add(
            "base", "base", phrases, ["it can rotate", "it swivels", f"its base has {count} spokes"], 1.5
        )
        facts.more("base", BASES["base"]["star"], int(a["spokes"]))
        if a["wheels"]:
            facts.add(
                "wheel",
                "wheels",
                ["wheels", "casters", f"{count} wheels", "wheels at the bottom", "rollers"],
                ["it has wheels", "it rolls on wheels", f"there are {count} wheels", "it is on wheels"],
                1.5,
            )
            facts.more("wheels", BASES["wheels"]["yes"], int(a["spokes"]))
    elif base == "pedestal":
        foot = f"a {a['foot']} foot"
        facts.add(
            "base",
            "base",
            [
                "a pedestal base",
                "a pedestal",
                "a central column",
                "a single column",
                foot,
                f"a central column on {foot}",
                "one central support",
            ],
            ["it stands on a single column", "it stands on a pedestal", f"it has {foot}"],
        )
        facts.more("base", BASES["base"]["pedestal"])
        facts.more("base", BASES["foot"][str(a["foot"])])
        facts.deny("leg", "four_legs", ["separate legs", "four legs"])
    elif base == "sled":
        facts.add(
            "leg",
            "base",
            [
                "a sled base",
                "sled legs",
                "runners",
                "runners on the floor",
                "legs joined by runners",
                "sled-shaped legs",
            ],
            [
                "it stands on runners",
                "the legs form a sled",
                "the front and rear legs are joined at the floor",
            ],
        )
        facts.more("base", BASES["base"]["sled"])
        if a["stretchers"] == "cross_bar":
            facts.add("stretcher", "stretchers", ["a cross bar at the floor", "a bar between the runners"])
            facts.more("stretchers", STRETCHERS["stretchers"]["cross_bar"])
    elif base == "cantilever":
        facts.add(
            "leg",
            "base",
            ["a cantilever base", "a cantilevered frame", "only front legs", "a C-shaped frame"],
            ["the seat hangs from the front legs", "the base is cantilevered"],
        )
        facts.more("base", BASES["base"]["cantilever"])
        facts.deny("leg", "rear_legs", ["rear legs", "back legs"], ["there are no legs at the rear"])
    else:
        facts.add(
            "base",
            "base",
            [
                "a solid base",
                "a block base",
                "a boxy base" if a["seat_shape"] != "round" else "a drum base",
                "a massive base",
            ],
            ["the base is a solid block", "the base is solid"],
        )
        facts.more("base", BASES["base"]["block"])
        if a["feet"]:
            facts.add(
                "leg",
                "feet",
                ["short feet", "small feet", "short legs", "four short legs"],
                ["it stands on short feet"],
            )
        else:
            facts.deny(
                "leg", "feet", ["legs", "feet"], ["it sits directly on the floor", "there are no legs"]
            )
        facts.more("feet", BASES["feet"]["yes" if a["feet"] else "no"])
    if base != "star" or not a["wheels"]:
        facts.deny("wheel", "wheels", ["wheels", "casters"], ["it has no wheels", "it does not roll"])
        facts.more("wheels", BASES["wheels"]["no"])
