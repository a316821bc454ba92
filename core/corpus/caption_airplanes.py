"""What can truthfully be said about an airplane, from the attributes it was built with."""

from __future__ import annotations

from collections.abc import Mapping

from core.corpus.caption_airplane_engines import add_machinery_facts
from core.corpus.caption_facts import COUNT_WORDS, Facts
from core.corpus.program import Attribute
from core.corpus.wordings import read_wordings

FUSELAGES = read_wordings("airplane_fuselages")
TAILS = read_wordings("airplane_tails")
WINGS = read_wordings("airplane_wings")
KINDS = read_wordings("airplane_kinds")

KIND_NOUNS: dict[str, tuple[str, ...]] = {
    "airliner": ("airliner", "passenger plane", "passenger jet", "jetliner", "jet airliner"),
    "supersonic": ("supersonic airliner", "supersonic jet", "supersonic passenger jet", "airliner"),
    "turboprop": ("turboprop", "turboprop airliner", "propeller airliner", "commuter plane"),
    "business_jet": ("business jet", "private jet", "executive jet", "small jet"),
    "light": ("small plane", "light aircraft", "small propeller plane", "private plane", "light plane"),
    "warbird": ("propeller fighter", "warbird", "old fighter plane", "vintage fighter"),
    "fighter": ("fighter", "fighter jet", "jet fighter", "fighter plane", "military jet", "combat jet"),
    "biplane": ("vintage plane", "old plane"),
    "glider": ("glider", "sailplane", "glider plane"),
    "float_plane": ("small seaplane",),
    "flying_boat": ("flying boat", "amphibious plane", "seaplane"),
    "cargo": ("cargo plane", "transport plane", "freighter", "military transport", "cargo aircraft"),
    "drone": ("drone", "unmanned plane", "surveillance drone"),
    "flying_wing": ("flying wing", "flying wing aircraft", "tailless plane"),
}

LACK_WEIGHTS = {"engines": 0.8, "gear": 0.4, "propellers": 0.25, "floats": 0.08, "tail": 0.8, "intakes": 0.3}
"""How often a missing thing is mentioned; 0.1 for all others."""


def facts_of(attributes: Mapping[str, Attribute]) -> Facts:
    """Collect the phrases of an airplane from the attributes that `make_airplane` recorded."""
    facts = Facts(nouns=["airplane", "plane", "plane", "aircraft", "aeroplane"])
    _add_whole(facts, attributes)
    _add_fuselage(facts, attributes)
    _add_wings(facts, attributes)
    _add_wing_extras(facts, attributes)
    _add_tail(facts, attributes)
    add_machinery_facts(facts, attributes)
    for aspect in facts.lacks:
        facts.weight[aspect] = LACK_WEIGHTS.get(aspect, 0.1)
    return facts


def _add_whole(facts: Facts, a: Mapping[str, Attribute]) -> None:
    kind, count = str(a["kind"]), int(a["engine_count"])
    nouns, adjectives = facts.nouns, facts.adjectives
    nouns += KIND_NOUNS[kind]
    name = KIND_NOUNS[kind][0]
    article = "an" if name[0] in "aeiou" else "a"
    facts.add("", "kind", [f"the look of {article} {name}"], [f"it is {article} {name}"], 0.9)
    facts.more("kind", KINDS["kind"][kind])
    if a["engine_type"] == "jet":
        nouns += ["jet", "jet plane", "jet aircraft"]
    elif a["engine_type"] == "propeller" and kind != "drone":
        nouns += ["propeller plane", "prop plane", "propeller aircraft"]
    if int(a["wing_count"]) > 1:
        nouns += 4 * ["biplane" if a["wing_count"] == 2 else "triplane"]
    if a["floats"] == "pontoons":
        nouns += ["float plane", "seaplane", "floatplane"]
    if a["floats"] == "tip":
        adjectives.append("amphibious")
    if kind == "airliner" and count == 4 and a["body"] == "double_deck":
        nouns += ["jumbo jet", "double-decker airliner"]
    if kind == "airliner" and count == 3:
        nouns.append("trijet")
    if kind == "flying_wing" and a["engine_type"] == "jet":
        nouns += ["stealth bomber", "stealth jet"]
    if kind == "drone":
        nouns.append("unmanned propeller plane")
    if count:
        adjectives.append({1: "single-engine", 2: "twin-engine", 3: "three-engine", 4: "four-engine"}[count])
    if a["twin_boom"]:
        adjectives.append("twin-boom")
    if a["wing_shape"] in ("delta", "swept") and kind != "flying_wing":
        adjectives.append({"delta": "delta-wing", "swept": "swept-wing"}[str(a["wing_shape"])])
    if a["wing_count"] == 1 and a["wing_position"] != "mid":
        adjectives.append(f"{a['wing_position']}-wing")


def _add_fuselage(facts: Facts, a: Mapping[str, Attribute]) -> None:
    girth, length, nose, body = a["girth"], a["fuselage_length"], a["nose"], a["body"]
    part = "fuselage"
    if body == "blended":
        facts.add(
            part, "body", ["a flat body", "a body blended into the wing"], ["the body blends into the wing"]
        )
        facts.more("body", FUSELAGES["body"]["blended"])
        return
    words = {"slim": ["slim", "slender", "thin", "narrow"], "fat": ["fat", "thick", "wide", "chubby"]}
    for word in words.get(str(girth), []):
        facts.add(part, "girth", [f"a {word} fuselage", f"a {word} body"], [f"the fuselage is {word}"])
    if girth in words:
        facts.more("girth", FUSELAGES["girth"][str(girth)])
    if length != "medium":
        names = [f"a {length} fuselage", f"a {length} body"]
        facts.add(part, "length", names, [f"its body is {length}"], 0.6)
        facts.more("length", FUSELAGES["length"][str(length)])
    if nose in ("pointed", "needle"):
        more = ["a long pointed nose", "a needle nose"] if nose == "needle" else ["a cone-shaped nose"]
        facts.add(part, "nose", ["a pointed nose", "a sharp nose", *more], ["the nose is pointed"])
    elif nose in ("round", "blunt"):
        more = ["a blunt nose"] if nose == "blunt" else ["a bulbous nose"] if body == "bulb" else []
        says = ["the nose is round", "its nose is rounded"]
        facts.add(part, "nose", ["a round nose", "a rounded nose", *more], says)
    if "nose" in facts.part:
        facts.more("nose", FUSELAGES["nose"][str(nose)])
    if a["canopy"]:
        bubble = a["wing_position"] != "high" or a["kind"] in ("fighter", "glider")
        names = ["a bubble canopy", "a bubble cockpit"] if bubble else ["a windscreen", "a windshield"]
        names += ["a canopy", "a cockpit canopy", "a glass canopy"]
        facts.add(part, "canopy", names, ["it has a canopy"], 0.9)
        facts.more("canopy", FUSELAGES["canopy"]["yes"])
    else:
        facts.deny(part, "canopy", ["canopy", "cockpit canopy"])
        facts.more("canopy", FUSELAGES["canopy"]["no"])
    if body == "double_deck":
        decks = ["an upper deck", "a double deck", "two decks", "a hump on top", "a hump behind the cockpit"]
        facts.add(part, "decks", decks, ["it has two decks", "there is a hump behind the cockpit"], 1.5)
        facts.more("decks", FUSELAGES["body"]["double_deck"])
    elif body == "box":
        facts.add(part, "section", ["a boxy fuselage", "a boxy cabin", "a square cabin"], weight=0.8)
        facts.more("section", FUSELAGES["body"]["box"])
    elif body == "hull":
        hull = ["a boat hull", "a boat-shaped hull", "a hull like a boat", "a boat-like belly"]
        facts.add(part, "hull", hull, ["it can land on water", "the fuselage is a boat"], 1.4)
        facts.more("hull", FUSELAGES["body"]["hull"])
    elif body == "tube":
        names = ["a tubular fuselage", "a round fuselage", "a cylindrical body"]
        facts.add(part, "section", names, weight=0.3)
        facts.more("section", FUSELAGES["body"]["tube"])
    if a["twin_boom"]:
        booms = ["twin booms", "two booms", "two tail booms", "twin tail booms"]
        facts.add(part, "booms", booms, ["two booms carry the tail", "the tail is held by two booms"], 2.0)
        facts.more("booms", FUSELAGES["body"]["booms"])


def _add_wings(facts: Facts, a: Mapping[str, Attribute]) -> None:
    shape, fighter = str(a["wing_shape"]), a["kind"] == "fighter"
    shapes = {
        "straight": ["straight wings", "rectangular wings", "unswept wings"],
        "tapered": ["tapered wings", "trapezoidal wings"] + ([] if fighter else ["straight tapered wings"]),
        "swept": ["swept wings", "swept-back wings", "wings swept back", "backward-swept wings"],
        "forward_swept": ["forward-swept wings", "wings swept forward", "wings that sweep forward"],
        "delta": ["delta wings", "a delta wing", "triangular wings", "a triangular wing"],
        "elliptical": ["elliptical wings", "oval wings", "rounded wings"],
    }
    clauses = {
        "straight": ["the wings are straight", "the wings are rectangular"],
        "tapered": ["the wings are tapered", "the wings taper towards the tips"],
        "swept": ["the wings are swept back", "its wings sweep backwards"],
        "forward_swept": ["the wings are swept forward", "its wings sweep forward"],
        "delta": ["the wing is a delta", "the wings form a triangle"],
        "elliptical": ["the wings are elliptical", "its wings are oval"],
    }
    names = list(shapes[shape])
    length, width, count = a["wing_length"], a["wing_width"], int(a["wing_count"])
    if length != "medium":
        plain = shapes[shape][0]
        names.append(f"{length} {plain}")
        spans = [f"{length} wings", f"a {length} wingspan"] + (["stubby wings"] if length == "short" else [])
        facts.add("wing", "wing_length", spans, [f"the wings are {length}", f"its wings are {length}"])
        facts.more("wing_length", WINGS["length"][str(length)])
    facts.add("wing", "wing_shape", names, clauses[shape], 2.2)
    facts.more("wing_shape", WINGS["shape"][shape])
    if shape in ("tapered", "elliptical"):
        facts.may_be(WINGS["shape"]["straight"], plain=[*shapes["straight"], *clauses["straight"]])
    if width != "medium":
        words = ["narrow", "slender"] if width == "narrow" else ["broad", "wide"]
        facts.add(
            "wing", "wing_width", [f"{word} wings" for word in words], [f"the wings are {words[0]}"], 0.7
        )
        facts.more("wing_width", WINGS["width"][str(width)])
    if count > 1:
        word = COUNT_WORDS[count]
        stacked = [f"{word} pairs of wings", f"{word} stacked wings", f"{word} wings above each other"]
        more = ["an upper and a lower wing", "double wings"] if count == 2 else ["triple wings"]
        facts.add("wing", "wing_count", stacked + more, [f"it has {word} pairs of wings"], 2.2)
        facts.more("wing_count", WINGS["count"][word])
        return
    positions = {
        "low": ["low wings", "low-mounted wings", "wings at the bottom of the fuselage"],
        "mid": ["mid-mounted wings", "wings at mid height", "wings in the middle of the fuselage"],
        "high": ["high wings", "high-mounted wings"]
        + (["shoulder wings"] if fighter else ["wings on top of the fuselage", "wings on top"]),
    }
    position = str(a["wing_position"])
    if a["kind"] != "flying_wing":
        level = {"low": "low", "mid": "at mid height", "high": "high"}[position]
        facts.add("wing", "wing_position", positions[position], [f"the wings are mounted {level}"], 1.2)
        facts.more("wing_position", WINGS["position"][position])
    angles = {
        "up": ["wings angled up", "wings with dihedral", "wings tilted upwards"],
        "down": ["drooping wings", "wings angled down", "wings with anhedral"],
        "flat": ["level wings", "flat wings"],
    }
    angle = str(a["wing_angle"])
    facts.add("wing", "wing_angle", angles[angle], weight=0.25 if angle == "flat" else 0.6)
    facts.more("wing_angle", WINGS["angle"][angle])


def _add_wing_extras(facts: Facts, a: Mapping[str, Attribute]) -> None:
    if a["winglets"]:
        names = ["winglets", "upturned wing tips", "wing tips turned up", "winglets at the tips"]
        facts.add("wing", "winglets", names, ["it has winglets", "the wing tips turn up"], 1.2)
        facts.more("winglets", WINGS["winglets"]["yes"])
    else:
        facts.deny("wing", "winglets", ["winglets", "upturned wing tips"])
        facts.more("winglets", WINGS["winglets"]["no"])
    if a["canards"]:
        names = ["canards", "canard wings", "small wings near the nose", "foreplanes", "front canards"]
        facts.add("wing", "canards", names, ["it has canards", "there are small wings near the nose"], 1.6)
        facts.more("canards", WINGS["canards"]["yes"])
    else:
        facts.deny("wing", "canards", ["canards", "canard wings"])
        facts.more("canards", WINGS["canards"]["no"])
    if not a["wing_struts"]:
        facts.deny("wing", "wing_struts", ["wing struts", "struts"])
        facts.more("wing_struts", WINGS["struts"]["none"])
    elif a["wing_count"] == 1:
        facts.add("wing", "wing_struts", ["wing struts", "struts under the wings", "braced wings"])
        facts.more("wing_struts", WINGS["struts"]["mono"])
    else:
        names = ["struts between the wings", "wing struts", "wings joined by struts"]
        facts.add("wing", "wing_struts", names)
        facts.more("wing_struts", WINGS["struts"]["multi"])


def _add_tail(facts: Facts, a: Mapping[str, Attribute]) -> None:
    tail = str(a["tail"])
    if tail == "none":
        facts.deny("tail", "tail", ["tail fins", "tail surfaces"], ["it has no tail", "there is no tail"])
        facts.more("tail", TAILS["tail"]["none"])
        return
    two = ["two fins", "twin fins", "two tail fins", "two vertical tails"]
    kinds = {
        "conventional": ["a conventional tail", "a normal tail", "a regular tail", "a low tailplane"],
        "T": ["a T-tail", "a T-shaped tail", "a high tailplane", "a tailplane on top of the fin"],
        "cruciform": ["a cruciform tail", "a cross-shaped tail", "a tail like a cross"],
        "V": ["a V-tail", "a V-shaped tail", "a butterfly tail"],
        "twin": ["twin tails", "a twin tail", "a double tail", *two],
        "H": ["an H-tail", "an H-shaped tail", "fins at the ends of the tailplane", *two],
        "fin": ["only a vertical fin", "a lone tail fin", "a tail with only a fin"],
    }
    clauses = {
        "T": ["the tail is shaped like a T", "its tail is a T"],
        "V": ["the tail is shaped like a V", "its tail is a V"],
        "twin": ["it has two fins", "there are two tail fins"],
        "H": ["it has two fins", "the tail is shaped like an H"],
        "cruciform": ["the tail is shaped like a cross"],
    }
    facts.add("tail", "tail", kinds[tail], clauses.get(tail), 0.9 if tail == "conventional" else 1.7)
    facts.more("tail", TAILS["tail"][tail])
    if a["fins"] == 1:
        facts.add("tail", "fins", ["a single fin", "one tail fin", "a vertical fin"], weight=0.4)
        facts.more("fins", TAILS["fins"]["one"])
    if not a["stabilisers"]:
        facts.deny("tail", "stabilisers", ["horizontal tail", "tailplane"], ["there is no tailplane"])
        facts.more("stabilisers", TAILS["stabilisers"]["none"])
