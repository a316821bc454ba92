"""What can truthfully be said about a chair's back."""

from __future__ import annotations

import re
from collections.abc import Mapping

from core.corpus.caption_facts import COUNT_WORDS, Facts
from core.corpus.program import Attribute
from core.corpus.wordings import read_wordings

BACK_FORMS = read_wordings("chair_back_forms")
BACKS = read_wordings("chair_backs")


def _back_phrases(a: Mapping[str, Attribute]) -> tuple[list[str], list[str]]:
    """Noun phrases and clauses for the kind of back."""
    kind = a["back"]
    if kind == "solid":
        return (
            ["a rectangular back", "a solid back", "a plain back", "a solid rectangular back", "a flat back"],
            ["the back is solid", "the back is rectangular"],
        )
    if kind == "padded":
        return (
            [
                "a padded back",
                "a thick padded back",
                "a cushioned back",
                "an upholstered back",
                "a thick back",
            ],
            ["the back is padded", "the back is thick and soft"],
        )
    if kind == "arched":
        return (
            [
                "an arched back",
                "a back with a rounded top",
                "a back with an arched top",
                "a solid arched back",
            ],
            ["the top of the back is rounded", "the back is arched"],
        )
    if kind == "round":
        if a["back_outline"] == "circle":
            return ["a round back", "a circular back", "a back shaped like a disc"], ["the back is round"]
        return ["an oval back", "a rounded back", "a back with rounded ends"], [
            "the back is oval",
            "the back is rounded",
        ]
    if kind == "curved":
        return (
            [
                "a curved back",
                "a bent back",
                "a back that curves around",
                "a solid curved back",
                "a bowed back",
            ],
            ["the back is curved", "the back curves around the sitter"],
        )
    if kind == "vertical_slats":
        count = COUNT_WORDS[int(a["back_slats"])]
        if a["back_slats"] == 1:
            return ["a single vertical slat in the back"], ["the back has one vertical slat"]
        names = ["slats", "spindles", "bars"] if a["back_slat_section"] == "round" else ["slats", "bars"]
        phrases = [f"vertical {n} in the back" for n in names] + [f"a back with {count} vertical {names[-1]}"]
        phrases += [f"{count} vertical {names[0]} in the back", f"vertical {names[1]}", "a slatted back"]
        return phrases, ["the back is made of vertical slats", f"the back has {count} vertical slats"]
    if kind == "horizontal_slats":
        count = COUNT_WORDS[int(a["back_slats"])]
        if a["back_slats"] == 1:
            return ["a single rail in the back"], ["the back has one horizontal rail"]
        phrases = [
            "horizontal slats in the back",
            "a back with horizontal bars",
            f"{count} horizontal slats in the back",
        ]
        if int(a["back_slats"]) >= 3:
            phrases += ["a ladder back", "a ladder-like back", "rungs in the back"]
        return phrases, ["the back is made of horizontal slats", f"the back has {count} horizontal slats"]
    if kind == "frame":
        return (
            [
                "an open back",
                "an open frame back",
                "a hollow back",
                "a back that is just a frame",
                "a frame for a back",
            ],
            ["the back is an open frame", "the back is open"],
        )
    if kind == "panels":
        count = COUNT_WORDS[int(a["back_panels"])]
        return (
            ["a split back", f"a back made of {count} panels", f"{count} vertical panels in the back"],
            [f"the back is split into {count} panels"],
        )
    return (
        ["a cross back", "an X-shaped back", "crossed bars in the back", "an X in the back"],
        ["two bars cross in the back", "the back has an X"],
    )


def _add_loose_back(facts: Facts, a: Mapping[str, Attribute]) -> None:
    """Looser wordings of the kind of back."""
    kind, count = str(a["back"]), int(a.get("back_slats", a.get("back_panels", 0)))
    if kind == "round":
        kind = str(a["back_outline"])
    elif "back_slats" in a and count == 1:
        kind += "_1"
    facts.more("back", BACKS["back"][kind], count)
    if a.get("back_slat_section") and count > 1:
        facts.more("back", BACK_FORMS["slat_section"][str(a["back_slat_section"])], count)
    if kind == "horizontal_slats" and count >= 3:
        facts.more("back", BACKS["ladder"]["yes"], count)


ALSO = {
    "padded": ("solid",),
    "arched": ("solid", "circle", "oval"),
    "circle": ("solid", "arched", "oval"),
    "oval": ("solid", "arched", "circle"),
    "curved": ("solid",),
    "panels": ("solid",),
    "horizontal_slats": ("solid",),
    "vertical_slats": ("solid",),
    "frame": ("solid",),
}
"""What else a kind of back might be called: what has no gaps is solid, what has corners is rectangular."""

ROUND_BACKS = ("arched", "circle", "oval")
CORNERED = re.compile("rectang|square|straight|corner|four-sided|oblong|box|playing card|without curves")
"""What nobody would say of a round back."""


def _add_maybe(facts: Facts, a: Mapping[str, Attribute]) -> None:
    """What might be said of a back, though it is not the best word for it."""
    outline = a.get("back_outline")
    kind = str(outline if a["back"] == "round" else a["back"])
    also = ("arched",) if outline == "arched" else ALSO.get(kind, ())
    for other in also:
        known = {"back": "round" if other in ("circle", "oval") else other, "back_outline": other}
        phrases, clauses = _back_phrases(known)
        said = [*BACKS["back"][other].everything(), *phrases, *clauses]
        if kind in ROUND_BACKS:
            said = [phrase for phrase in said if not CORNERED.search(phrase)]
        facts.may_be(plain=said)
    if a["back"] not in GAPPY:
        facts.may_be(BACK_FORMS["gaps"]["no"], plain=["no gaps in the back", "the back has no gaps"])


GAPPY = ("vertical_slats", "horizontal_slats", "frame", "panels", "cross")
"""Backs one can see through."""


def add_back_facts(facts: Facts, a: Mapping[str, Attribute]) -> None:
    """Note everything about the back."""
    kind = a["back"]
    if kind == "none":
        facts.deny(
            "back", "back", ["back", "backrest", "back rest"], ["there is no back", "it has no backrest"]
        )
        facts.more("back", BACKS["back"]["none"])
        return
    phrases, clauses = _back_phrases(a)
    size = {"high": ["high", "tall"], "low": ["low", "short"]}.get(str(a["back_height"]), [])
    plain = [
        phrase.split(" ", 1)[1]
        for phrase in phrases
        if phrase.startswith(("a ", "an ")) and phrase.endswith(" back") and " the back" not in phrase
    ]
    phrases = 2 * phrases + [f"a {word} {phrase}" for word in size for phrase in plain]
    if kind in ("vertical_slats", "horizontal_slats") and int(a["back_slats"]) > 1:
        phrases += [f"a {word} back with {str(kind).replace('_', ' ')}" for word in size]
    facts.add("back", "back", phrases, clauses, 2.2)
    _add_loose_back(facts, a)
    _add_maybe(facts, a)
    if a.get("back_outline") == "arched":
        facts.add(
            "back",
            "back_outline",
            ["an arched back", "a bow-shaped back", "a rounded back frame"],
            ["the top of the back is rounded"],
        )
        facts.more("back_outline", BACK_FORMS["outline"]["arched"])
    if kind in GAPPY:
        facts.add(
            "back",
            "gaps",
            [
                "gaps in the back",
                "a back with gaps",
                "openings in the back",
                "holes in the back",
                "a see-through back",
            ],
            ["there are gaps in the back", "you can see through the back"],
        )
        facts.more("gaps", BACK_FORMS["gaps"]["yes"])
    elif not a["back_floating"]:
        facts.deny(
            "back", "gaps", ["gaps in the back", "slats", "holes in the back"], ["the back has no gaps"]
        )
        facts.more("gaps", BACK_FORMS["gaps"]["no"])
    else:
        facts.add(
            "back",
            "back_gap",
            ["a gap between the seat and the back", "a space below the back"],
            ["the back floats above the seat", "there is a gap between seat and back"],
        )
        facts.more("back_gap", BACK_FORMS["gaps"]["below"])
        if a.get("back_support") == "posts":
            facts.add("back", "back_support", ["a back on two posts", "two posts holding the back"])
        elif a.get("back_support") == "spine":
            facts.add("back", "back_support", ["a back on a single spine", "one bar holding the back"])
        if "back_support" in a:
            facts.more("back_support", BACK_FORMS["support"][str(a["back_support"])])
    if a["back_height"] == "high":
        facts.add(
            "back", "back_height", ["a high back", "a tall back"], ["the back is tall", "the back is high"]
        )
        facts.adjectives.append("high-backed")
    elif a["back_height"] == "low":
        facts.add(
            "back", "back_height", ["a low back", "a short back"], ["the back is short", "the back is low"]
        )
        facts.adjectives.append("low-backed")
    if "back_height" in facts.part:
        facts.more("back_height", BACK_FORMS["height"][str(a["back_height"])])
    if a.get("back_thickness") == "thin":
        facts.add("back", "back_thickness", ["a thin back", "a slim back"], ["the back is thin"])
        facts.more("back_thickness", BACK_FORMS["thickness"]["thin"])
    if a["reclined"]:
        facts.add(
            "back",
            "recline",
            ["a reclined back", "a tilted back", "a back that leans backwards"],
            ["the back is reclined", "the back leans backwards"],
        )
    elif a["upright"]:
        facts.add("back", "recline", ["an upright back", "a vertical back"], ["the back is upright"])
    if "recline" in facts.part:
        facts.more("recline", BACK_FORMS["recline"]["reclined" if a["reclined"] else "upright"])
