"""What can truthfully be said about an airplane's engines, propellers, landing gear and floats."""

from __future__ import annotations

from collections.abc import Mapping

from core.corpus.caption_facts import COUNT_WORDS, Facts
from core.corpus.program import Attribute
from core.corpus.wordings import read_wordings

ENGINES = read_wordings("airplane_engines")
PROPELLERS = read_wordings("airplane_propellers")
GEARS = read_wordings("airplane_gears")


def add_machinery_facts(facts: Facts, a: Mapping[str, Attribute]) -> None:
    """Note everything about what drives the airplane and what it lands on."""
    _add_engines(facts, a)
    _add_propellers(facts, a)
    _add_gear(facts, a)


def _add_engines(facts: Facts, a: Mapping[str, Attribute]) -> None:
    count, place, jet = int(a["engine_count"]), str(a["engine_place"]), a["engine_type"] == "jet"
    if count == 0:
        says = ["it has no engines", "it is unpowered"]
        facts.deny("engine", "engines", ["engines", "engines at all"], says)
        facts.more("engines", ENGINES["count"]["none"])
        return
    word, noun = COUNT_WORDS[count], "engine" if count == 1 else "engines"
    names = 3 * [f"{word} {noun}"] + [f"{count} {noun}"]
    clauses = [f"it has {word} {noun}"]
    if count == 1:
        names += ["a single engine"]
    if jet:
        names += [f"{word} jet {noun}", "jet engines" if count > 1 else "a jet engine"]
    under = "under the wings" if jet else "on the wings"
    where = {"wing": under, "rear": "at the rear", "top": "on top of the wing", "nose": "in the nose"}
    if place in where and not a.get("tail_engine"):
        names += 2 * [f"{word} {noun} {where[place]}"]
        names += [f"engines {where[place]}"] if count > 1 else ["an engine in the nose"]
        clauses.append(f"the {noun} {'are' if count > 1 else 'is'} {where[place]}")
    if place == "wing" and count in (2, 4):
        each = "an engine" if count == 2 else "two engines"
        names.append(f"{each} {under[:-1].replace('the', 'each')}")
    if place == "rear" and not a.get("tail_engine"):
        names += ["rear-mounted engines", "engines on the rear fuselage", "engines near the tail"]
    if a.get("tail_engine"):
        names += ["an engine in the tail", "a third engine in the tail"]
        names.append("engines under the wings and in the tail" if place == "wing" else "three rear engines")
    if place == "inside":
        one = ["a jet exhaust", "an exhaust nozzle"]
        names += one if count == 1 else ["two exhaust nozzles", "twin exhausts"]
    if place == "pusher":
        names += ["an engine at the rear", "a rear engine"]
    facts.add("engine", "engines", names, clauses, 2.0)
    facts.more("engines", ENGINES["count"][word])
    spot = (
        "tail" if a.get("tail_engine") else f"wing_{'jet' if jet else 'prop'}" if place == "wing" else place
    )
    facts.more("engines", ENGINES["place"][spot])
    if place == "wing":
        facts.may_be(
            ENGINES["place"]["wing_prop" if jet else "wing_jet"],
            plain=[f"{word} {noun} {side} the wings" for side in ("on", "under")],
        )
    if jet:
        facts.more("engines", ENGINES["type"]["jet"])
    if a.get("round_cowl"):
        cowls = ["a round cowling", "a radial engine", "a round engine cowling"]
        facts.add("engine", "cowl", cowls, weight=0.5)
        facts.more("cowl", ENGINES["cowl"]["round"])
    if "intakes" in a and a["intakes"] == "none":
        facts.deny("engine", "intakes", ["air intakes", "intakes"])
    elif "intakes" in a:
        sides = ["air intakes on the sides", "side intakes", "box-shaped air intakes"]
        belly = ["an air intake under the fuselage", "a belly intake"]
        facts.add("engine", "intakes", sides if a["intakes"] == "sides" else belly)
    if "intakes" in a:
        facts.more("intakes", ENGINES["intakes"][str(a["intakes"])])
    if not jet:
        facts.deny("engine", "jets", ["jet engines", "jets"])
        facts.more("jets", ENGINES["type"]["no_jet"])


def _add_propellers(facts: Facts, a: Mapping[str, Attribute]) -> None:
    if a["engine_type"] != "propeller":
        facts.deny("propeller", "propellers", ["propellers", "propeller blades"], ["it has no propellers"])
        facts.more("propellers", PROPELLERS["propellers"]["none"])
        return
    count, place, blades = int(a["engine_count"]), a["engine_place"], COUNT_WORDS[int(a["blades"])]
    if count > 1:
        word = COUNT_WORDS[count]
        names = ["propellers", f"{word} propellers"]
        names += [f"{word} propellers on the wings", "propellers on the wings"]
        clauses = [f"it has {word} propellers", "there are propellers on the wings"]
        bladed = [f"{blades}-bladed propellers", f"propellers with {blades} blades"]
    else:
        spot = "nose" if place == "nose" else "back"
        names = ["a propeller", "one propeller"]
        names += [f"a propeller at the {spot}", f"a single propeller at the {spot}"]
        names += ["a nose propeller", "a front propeller"] if place == "nose" else ["a pusher propeller"]
        clauses = [f"the propeller is at the {spot}", "it has one propeller"]
        bladed = [f"a {blades}-bladed propeller", f"a propeller with {blades} blades"]
    facts.add("propeller", "propellers", names, clauses, 1.6)
    kind = "many" if count > 1 else "nose" if place == "nose" else "pusher"
    facts.more("propellers", PROPELLERS["propellers"][kind], count)
    facts.add("propeller", "blades", bladed, weight=0.6)
    facts.more("blades", PROPELLERS["blades"]["any"], int(a["blades"]))


def _add_gear(facts: Facts, a: Mapping[str, Attribute]) -> None:
    gear, floats = a["gear"], a["floats"]
    if gear == "none":
        says = ["there are no wheels", "it has no landing gear"]
        facts.deny("gear", "gear", ["landing gear", "wheels", "undercarriage"], says)
        facts.more("gear", GEARS["gear"]["none"])
        if a["engine_count"] and floats == "none":
            up = ["retracted landing gear", "landing gear up", "its wheels retracted", "its wheels up"]
            facts.add("gear", "gear_up", up, ["the landing gear is retracted", "the wheels are up"], 0.5)
            facts.more("gear_up", GEARS["gear"]["up"])
    elif gear == "single":
        facts.add("gear", "gear", ["a single wheel", "one wheel", "a wheel under the belly"], weight=1.2)
        facts.more("gear", GEARS["gear"]["single"])
    else:
        names = ["landing gear", "wheels", "landing gear down", "extended landing gear", "wheels down"]
        if gear == "tricycle":
            names += ["a nose wheel", "a wheel under the nose", "tricycle landing gear", "a nose gear"]
        elif not a["twin_boom"]:
            names += 2 * ["a tail wheel", "a small wheel under the tail"]
        says = ["the landing gear is down", "the wheels are down", "it stands on wheels"]
        facts.add("gear", "gear", names, says, 1.5)
        facts.more("gear", GEARS["gear"]["down"])
        if gear == "tricycle" or not a["twin_boom"]:
            facts.more("gear", GEARS["gear"][str(gear)])
    if floats == "none":
        if a["engine_type"] == "propeller":  # of others nobody would expect any
            facts.deny("float", "floats", ["floats", "pontoons"])
            facts.more("floats", GEARS["floats"]["none"])
    elif floats == "tip":
        names = ["floats under the wings", "small floats under the wings", "wing floats"]
        facts.add("float", "floats", names, ["there is a float under each wing"], 1.4)
        facts.more("floats", GEARS["floats"]["tip"])
    else:
        names = ["floats", "pontoons", "two floats", "two pontoons", "floats under the fuselage"]
        facts.add("float", "floats", [*names, "floats instead of wheels"], ["it stands on two floats"], 2.0)
        facts.more("floats", GEARS["floats"]["pontoons"])
