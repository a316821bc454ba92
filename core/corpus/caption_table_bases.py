"""What can truthfully be said about what a table stands on."""

from __future__ import annotations

from collections.abc import Mapping

from core.corpus.caption_bases import STRAIGHT_LEGS, add_leg_facts, add_stretcher_facts
from core.corpus.caption_facts import COUNT_WORDS, Facts
from core.corpus.program import Attribute
from core.corpus.wordings import read_wordings

LEGS = read_wordings("legs")
STRETCHERS = read_wordings("stretchers")
BASES = read_wordings("table_bases")
LEG_KINDS = read_wordings("table_legs")

Attributes = Mapping[str, Attribute]


def add_base_facts(facts: Facts, a: Attributes) -> None:
    """Note everything about the base of a table."""
    adders = {
        "four_legs": _add_separate_legs,
        "three_legs": _add_separate_legs,
        "pedestal": _add_pedestal,
        "panels": _add_panels,
        "trestle": _add_trestle,
        "x_legs": _add_crossed,
        "sled": _add_sled,
        "c_frame": _add_c_frame,
        "block": _add_block,
        "cabinets": _add_other_end,
    }
    adders[str(a["base"])](facts, a)


def _add_separate_legs(facts: Facts, a: Attributes) -> None:
    style = a["leg_style"]
    if style in ("straight", "tapered"):
        add_leg_facts(facts, a)
    else:
        _add_fancy_legs(facts, a)
    if a["stretchers"] != "none":
        add_stretcher_facts(facts, a)
    else:
        facts.deny(
            "stretcher",
            "stretchers",
            ["stretchers", "bars between the legs"],
            ["there are no bars between the legs"],
        )
        facts.more("stretchers", STRETCHERS["stretchers"]["none"])


def _add_fancy_legs(facts: Facts, a: Attributes) -> None:
    """Hairpin and turned legs."""
    count = int(a["leg_count"])
    word = COUNT_WORDS[count]
    if a["leg_style"] == "hairpin":
        names = ["hairpin", "V-shaped", "thin hairpin"]
        clauses = ["each leg is a hairpin", "the legs are made of two thin rods each"]
    else:
        names = ["turned", "ornate", "decorative"]
        clauses = ["the legs are turned", "the legs have rings"]
    clauses += [f"it stands on {word} legs", f"there are {word} legs"]
    phrases = 2 * [f"{word} legs"] + [f"{count} legs"]
    for name in names:
        phrases += [f"{name} legs", f"{word} {name} legs"]
    facts.add("leg", "legs", phrases, clauses, 2.0)
    facts.more("legs", LEGS["leg_count"][word])
    facts.more("legs", LEG_KINDS["legs"][str(a["leg_style"])], count)
    facts.may_be(LEGS["leg_slant"]["straight"], plain=STRAIGHT_LEGS, count=count)
    if a["leg_style"] == "hairpin":
        facts.may_be(LEGS["leg_thickness"]["thin"], plain=["thin legs", "slender legs"], count=count)


def _add_pedestal(facts: Facts, a: Attributes) -> None:
    single = a["columns"] == 1
    if single:
        phrases = ["a pedestal base", "a pedestal", "a central column", "a single column", "a central leg"]
        clauses = ["it stands on a single column", "it stands on a pedestal", "it has one central support"]
    else:
        phrases = ["two columns", "two pedestals", "a double pedestal base", "two pedestal legs"]
        clauses = ["it stands on two columns", "it stands on two pedestals"]
    thick = a["thick_column"]
    phrases.append(f"{'a ' if single else ''}{'thick' if thick else 'slim'} column{'' if single else 's'}")
    facts.add("base", "base", phrases, clauses, 1.8)
    facts.more("base", BASES["pedestal"]["one" if single else "two"])
    if single:
        facts.more("base", BASES["column"]["thick" if thick else "slim"])
    feet = {
        "disc": ["round", "disc-shaped", "circular"],
        "square": ["square"],
        "dome": ["domed", "round"],
        "tulip": ["round", "tulip-shaped", "trumpet-shaped"],
        "cross": ["cross-shaped", "four-armed"],
        "star": ["star-shaped"],
    }[str(a["foot"])]
    if single:
        phrases = [f"a {foot} {noun}" for foot in feet for noun in ("foot", "base")]
    else:
        phrases = [f"{foot} feet" for foot in feet]
    if a["foot"] == "star":
        count = COUNT_WORDS[int(a["spokes"])]
        phrases += ["a star base", f"a base with {count} arms", f"{count} arms on the floor"]
        phrases += ["a tripod base"] if a["spokes"] == 3 else []
    facts.add("base", "foot", phrases, weight=0.9)
    if single:
        facts.more("foot", BASES["foot"][str(a["foot"])], int(a.get("spokes", 0)))
    facts.deny("leg", "four_legs", ["separate legs", "four legs"])
    if a["stretchers"] == "long":
        facts.add("stretcher", "stretchers", ["a beam between the columns", "a bar between the columns"])
        facts.more("stretchers", LEG_KINDS["bars"]["beam"])


def _add_panels(facts: Facts, a: Attributes) -> None:
    thickness = {"thin": ["thin", "slim"], "thick": ["thick", "chunky"]}.get(str(a["panel_thickness"]), [])
    phrases = [
        "panel legs",
        "two panel legs",
        "slab legs",
        "solid sides",
        "two side panels",
        "solid panels at the ends",
        "panels instead of legs",
    ]
    phrases += [f"{word} {noun}" for word in thickness for noun in ("side panels", "slab legs")]
    clauses = ["it stands on two panels", "the sides are solid panels", "it is held up by two slabs"]
    if a["panels_slanted"]:
        phrases += ["slanted panels", "slanted side panels", "angled slab legs"]
        clauses.append("the side panels are slanted")
    facts.add("panel", "sides", phrases, clauses, 2.0)
    facts.more("sides", BASES["sides"]["panels"])
    if a["panels_slanted"]:
        facts.more("sides", BASES["sides"]["slanted"])
    facts.deny("leg", "four_legs", ["separate legs", "four legs"])
    if a["stretchers"] == "bar":
        phrases = ["a cross bar", "a bar between the sides", "a stretcher between the panels"]
        facts.add("stretcher", "stretchers", phrases, ["a bar connects the sides"])
        facts.more("stretchers", LEG_KINDS["bars"]["bar"])


def _add_trestle(facts: Facts, a: Attributes) -> None:
    phrases = ["trestle legs", "a trestle base", "two trestles", "trestles at the ends"]
    clauses = ["it stands on two trestles", "it stands on trestles"]
    if a["trestle"] == "sawhorse":
        phrases += ["A-shaped legs", "A-frame legs", "sawhorse legs", "two sawhorses"]
        clauses.append("the legs form an A at each end")
    else:
        count = "one post" if a["posts"] == 1 else "two posts"
        phrases += [f"{count} at each end", "posts on long feet"]
        clauses.append(f"there {'is' if a['posts'] == 1 else 'are'} {count} at each end")
    phrases += {"thick": ["thick trestle legs"], "thin": ["thin trestle legs"]}.get(
        str(a["leg_thickness"]), []
    )
    facts.add("leg", "legs", phrases, clauses, 2.0)
    facts.more("legs", LEG_KINDS["legs"][str(a["trestle"])])
    if a["stretchers"] == "long":
        phrases = ["a long stretcher", "a beam between the trestles", "a bar connecting the trestles"]
        facts.add("stretcher", "stretchers", phrases, ["a bar connects the trestles"])
        facts.more("stretchers", LEG_KINDS["bars"]["beam"])
    else:
        facts.deny("stretcher", "stretchers", ["beam between the trestles", "long stretcher"])
        facts.more("stretchers", LEG_KINDS["bars"]["none"])


def _add_crossed(facts: Facts, a: Attributes) -> None:
    if a["crossing"] == "slabs":
        phrases = ["crossed panels", "two crossing panels", "an X-shaped base", "a cross-shaped base"]
        facts.add("panel", "sides", phrases, ["it stands on two crossing panels"], 2.0)
        facts.more("sides", BASES["sides"]["slabs"])
        facts.deny("leg", "four_legs", ["separate legs", "four legs"])
        return
    phrases = ["X-shaped legs", "crossed legs", "X legs", "crossing legs", "legs that form an X"]
    phrases.append("an X at each end" if a["crossing"] == "ends" else "an X in front")
    phrases += {"thick": ["thick crossed legs"], "thin": ["thin crossed legs"]}.get(
        str(a["leg_thickness"]), []
    )
    facts.add("leg", "legs", phrases, ["the legs cross each other", "the legs form an X"], 2.0)
    facts.more("legs", LEG_KINDS["legs"][f"x_{a['crossing']}"])
    if a["stretchers"] == "bar":
        phrases = ["a cross bar", "a bar between the crossed legs", "a stretcher between the legs"]
        facts.add("stretcher", "stretchers", phrases, ["a bar connects the crossed legs"])
    else:
        facts.deny("stretcher", "stretchers", ["stretcher", "bar between the legs"])


def _add_sled(facts: Facts, a: Attributes) -> None:
    square = a["leg_section"] == "square"
    if a["loops"]:
        phrases = ["loop legs", "looped legs", "closed loops for legs", "frame legs", "two loops for legs"]
        phrases.append("rectangular frames for legs" if square else "rounded frames for legs")
        clauses = ["the legs are closed frames", "each side is a loop"]
    else:
        phrases = ["sled legs", "a sled base", "runners", "legs joined by runners", "U-shaped legs"]
        clauses = ["it stands on runners", "the legs form a sled"]
    phrases += ["runners on the floor", "square bars for legs" if square else "bent tubes for legs"]
    facts.add("leg", "legs", phrases, clauses, 2.0)
    facts.more("legs", LEG_KINDS["legs"]["loops" if a["loops"] else "sled"])
    if a["stretchers"] == "bar":
        facts.add("stretcher", "stretchers", ["a cross bar", "a bar between the two sides"])
        facts.more("stretchers", LEG_KINDS["bars"]["bar"])


def _add_c_frame(facts: Facts, a: Attributes) -> None:
    frame = a["c_kind"] == "frame"
    phrases = ["a C-shaped base", "a cantilever base", "a C shape", "a base that is open in front"]
    phrases += (
        ["a C-shaped frame", "a cantilevered frame"] if frame else ["C-shaped panels", "a bent slab base"]
    )
    clauses = ["it is C-shaped", "the top is held from behind only", "the top is cantilevered"]
    facts.add("leg" if frame else "panel", "base", phrases, clauses, 2.0)
    facts.more("base", BASES["c_frame"]["any"])
    facts.deny("leg", "front_legs", ["front legs", "legs in front"], ["there are no legs in front"])


def _add_block(facts: Facts, a: Attributes) -> None:
    kind, feet = a["block"], a["feet"]
    if kind == "open":
        phrases = ["an open box", "an open compartment", "a body that is open in front", "an open cubby"]
        phrases += ["a box with a back", "a closed back"] if a["box_back"] else ["an open back"]
        facts.add("panel", "base", phrases, ["it is an open box", "the body is open in front"], 1.8)
    else:
        phrases = ["a solid base", "a block base", "a massive base", "a solid body"]
        clauses = ["the base is a solid block", "the base is solid"]
        if kind == "drawers":
            phrases, clauses = ["a closed body", "a boxy base", "a boxy body"], ["the body is a closed box"]
        elif a["top_shape"] == "round":
            phrases += ["a drum base", "a cylindrical base"]
            clauses.append("it is a drum")
        else:
            phrases.append("a block-shaped body")
        facts.add("base", "base", phrases, clauses, 1.8)
    facts.more("base", BASES["block"][str(kind)])
    if kind == "open":
        facts.more("base", BASES["box_back"]["yes" if a["box_back"] else "no"])
    elif kind == "solid" and a["top_shape"] == "round":
        facts.more("base", BASES["block"]["drum"])
    if feet == "legs":
        phrases = ["short feet", "small feet", "short legs", "four short legs", "four small feet"]
        facts.add("leg", "feet", phrases, ["it stands on short feet"], 1.2)
        facts.more("feet", BASES["feet"]["legs"])
        return
    facts.deny("leg", "feet", ["legs", "feet"], ["there are no legs"])
    if feet == "none":
        facts.says["feet"].append("it sits directly on the floor")
        facts.more("feet", BASES["feet"]["none"])
    elif feet == "plinth":
        facts.add("base", "plinth", ["a plinth", "a recessed plinth"], ["it stands on a plinth"], 0.8)
        facts.more("plinth", BASES["feet"]["plinth"])


def _add_other_end(facts: Facts, a: Attributes) -> None:
    """What a desk stands on where it has no cabinet."""
    end = a.get("other_end")
    if end == "legs":
        facts.add("leg", "legs", ["two legs at one end", "two legs on one side", "two legs"], weight=1.0)
        facts.more("legs", LEG_KINDS["legs"]["one_end"])
    elif end == "panel":
        facts.add("panel", "sides", ["a side panel at one end", "a panel on one side"], weight=0.8)
        facts.more("sides", BASES["sides"]["one_end"])
    else:
        facts.deny("leg", "legs", ["legs", "separate legs"], ["there are no legs"])
