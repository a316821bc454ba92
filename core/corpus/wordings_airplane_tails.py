"""How people put the tail of an airplane."""

from __future__ import annotations

from core.corpus.wordings import Groups, wordings

TAILS: Groups = {
    "tail": {
        "conventional": wordings(
            has="""an ordinary tail | a usual tail with fin and tailplane | a standard tail | a plain tail
            | one fin and two small tail wings""",
            says="the tail is ordinary | the tail is nothing special | its tail is like most tails",
            tags="ordinary tail | tail: conventional | standard tail | usual tail",
        ),
        "T": wordings(
            has="""a tail like the letter T | a tailplane perched on the fin | tail wings up on the fin
            | a fin with a bar on top | a tall tail with a top plane""",
            says="""the tailplane sits on top of the fin | the tail wings sit up on the fin
            | the tail looks like a T""",
            tags="T-tailed | tail: T | tailplane on top",
            adjectives="T-tailed",
        ),
        "cruciform": wordings(
            has="""a tail like a plus sign | a tailplane halfway up the fin | a tail crossing like a plus
            | tail wings in the middle of the fin""",
            says="""the tailplane crosses the fin halfway up | the tail looks like a plus sign
            | the tail is a cross""",
            tags="cross-tailed | tail: cross | plus-sign tail",
        ),
        "V": wordings(
            has="""a tail like the letter V | two slanted tail surfaces
            | a tail of two leaning fins in a V | a tail like rabbit ears | tail fins spread like fingers""",
            says="""the tail looks like a V | the tail is made of two slanting surfaces
            | the tail surfaces lean outwards""",
            tags="V-tailed | tail: V | butterfly-tailed | tail with two slanting surfaces",
            adjectives="V-tailed",
        ),
        "twin": wordings(
            has="""a pair of fins | 2 fins | two rudders at the tail | double fins
            | a tail with two fins side by side""",
            says="two fins stand side by side | the tail has a pair of fins | the tail has two rudders",
            tags="twin-tailed | tail: two fins | twin-finned",
            adjectives="twin-tailed | twin-fin",
        ),
        "H": wordings(
            has="""a tail like the letter H | fins at both tail ends | end-plate fins
            | a bar with a fin at each end for a tail""",
            says="""the tail looks like an H | a fin stands at each end of the tailplane
            | the tail ends in two plates""",
            tags="H-tailed | tail: H | end-plate tail",
            adjectives="H-tailed",
        ),
        "fin": wordings(
            has="""a fin like a shark | nothing but a fin at the tail | a shark fin at the tail
            | a bare fin for a tail""",
            says="the tail is a lone fin | only a fin stands at the tail | its tail is only a fin",
            tags="fin only | tail: fin | shark-fin tail",
        ),
        "none": wordings(
            has="a rear end without fins | nothing but wing where others have a tail",
            says="the tail is missing | it lacks a tail | nothing sticks up at the rear, no fin at all",
            tags="tailless | minus the tail | finless | lacking a tail",
            adjectives="tailless | finless",
        ),
    },
    "fins": {
        "one": wordings(
            has="""an upright fin at the tail | one shark-like fin | a tail fin in the middle | 1 fin
            | only one rudder at the tail""",
            says="one fin stands at the tail | the tail has a single fin | a lone fin stands up at the tail",
            tags="single-finned | fins: 1 | one-fin tail",
        ),
    },
    "stabilisers": {
        "none": wordings(
            has="a tail without side surfaces | nothing flat at the tail",
            says="the tail has nothing level | the tail lacks its side surfaces",
            tags="no small tail wings | tail without side surfaces",
        ),
    },
}
