"""How people put the tail of an airplane."""

from __future__ import annotations

from core.corpus.wordings import Groups, wordings

TAILS: Groups = {
    "tail": {
        "conventional": wordings(
            has="""an ordinary tail | a usual tail with fin and tailplane | a standard tail | a plain tail
            | one fin and two small tail wings | a tail as on most planes
            | a simple tail with fin and side wings | a common tail""",
            says="""the tail is ordinary | the tail is nothing special | its tail is like most tails
            | its tail is the usual kind | the tail has a fin and low side surfaces
            | the tail is of the common sort""",
            tags="""ordinary tail | tail: conventional | standard tail | usual tail | tail: ordinary
            | the usual tail | nothing special at the tail""",
        ),
        "T": wordings(
            has="""a tail like the letter T | a tailplane perched on the fin | tail wings up on the fin
            | a fin with a bar on top | a tall tail with a top plane | a fin topped by a small wing
            | a tail with its crossbar on top | small wings at the top of the fin | a tall T for a tail""",
            says="""the tailplane sits on top of the fin | the tail wings sit up on the fin
            | the tail looks like a T | a small wing tops the fin | the crossbar of the tail is on top
            | its tail has the form of a T""",
            tags="""T-tailed | tail: T | tailplane on top | fin topped by a wing | T for a tail
            | tail wings up high""",
            adjectives="T-tailed",
        ),
        "cruciform": wordings(
            has="""a tail like a plus sign | a tailplane halfway up the fin | a tail crossing like a plus
            | tail wings in the middle of the fin | a cross for a tail | a fin with small wings halfway up
            | a tail like a crucifix | tail wings halfway up | a plus-shaped tail""",
            says="""the tailplane crosses the fin halfway up | the tail looks like a plus sign
            | the tail is a cross | small wings grow from the middle of the fin | its tail is like a cross
            | the tail wings sit halfway up the fin""",
            tags="""cross-tailed | tail: cross | plus-sign tail | tail wings halfway up the fin
            | cruciform | tail: plus sign""",
        ),
        "V": wordings(
            has="""a tail like the letter V | two slanted tail surfaces
            | a tail of leaning fins in a V | a tail like rabbit ears | tail fins spread like fingers
            | a V for a tail | a tail spread like a victory sign | a tail of two slanting fins
            | a tail opening like a book""",
            says="""the tail looks like a V | the tail is made of two slanting surfaces
            | the tail surfaces lean outwards | its tail opens like a book
            | two slanting fins make the tail | its tail has the form of a V""",
            tags="""V-tailed | tail: V | butterfly-tailed | tail with two slanting surfaces | V for a tail
            | two slanting fins | tail like a victory sign""",
            adjectives="V-tailed",
        ),
        "twin": wordings(
            has="""a pair of fins | 2 fins | two rudders at the tail | double fins
            | a tail with two fins side by side | two upright fins | a couple of fins
            | two fins like cat ears | not one fin but two | a doubled fin""",
            says="""two fins stand side by side | the tail has a pair of fins | the tail has two rudders
            | the fin comes twice | it has a couple of fins at the tail
            | the tail has two uprights like fins""",
            tags="twin-tailed | tail: two fins | twin-finned | fins: 2 | fin pair | two-finned",
            adjectives="twin-tailed | twin-fin",
        ),
        "H": wordings(
            has="""a tail like the letter H | fins at both tail ends | end-plate fins
            | a bar with a fin at each end for a tail | an H for a tail
            | fins standing at the tips of the tailplane | a tail with plates at both ends
            | a tail like a goal | a tail like a rugby goal""",
            says="""the tail looks like an H | a fin stands at each end of the tailplane
            | the tail ends in two plates | its tail has the form of an H
            | the fins stand at the tips of the tailplane | plates close the tail on both ends""",
            tags="""H-tailed | tail: H | end-plate tail | H for a tail | fins at both ends of the tail
            | goal-like tail""",
            adjectives="H-tailed",
        ),
        "fin": wordings(
            has="""a fin like a shark | nothing but a fin at the tail | a shark fin at the tail
            | a bare fin for a tail | a tail with nothing but a fin | a single upright at the tail, a fin
            | a fin standing alone""",
            says="""the tail is a lone fin | only a fin stands at the tail | its tail is only a fin
            | nothing but a fin makes the tail | the fin stands alone
            | the tail has no side wings, just a fin""",
            tags="""fin only | tail: fin | shark-fin tail | fin, nothing else at the tail | lone fin
            | tail: only a fin""",
        ),
        "none": wordings(
            has="""a rear end without fins | nothing but wing where others have a tail
            | no tail to speak of | no fin anywhere""",
            says="""the tail is missing | it lacks a tail | nothing sticks up at the rear, no fin at all
            | it has no fins | it flies without a tail | there is no fin | it ends without a tail""",
            tags="""tailless | minus the tail | finless | lacking a tail | no tail at all
            | without any tail | no fins at all | tail-free""",
            adjectives="tailless | finless",
        ),
    },
    "fins": {
        "one": wordings(
            has="""an upright fin at the tail | one shark-like fin | a tail fin in the middle | 1 fin
            | only one rudder at the tail | a lone upright fin | just one fin
            | a fin standing in the middle | a fin without a partner""",
            says="""one fin stands at the tail | the tail has a single fin
            | a lone fin stands up at the tail | just one fin stands up | the fin is single
            | there is one fin, not two""",
            tags="""single-finned | fins: 1 | one-fin tail | one fin, not two | single upright fin
            | lone fin in the middle""",
        ),
    },
    "stabilisers": {
        "none": wordings(
            has="""a tail without side surfaces | nothing flat at the tail | a tail with no side wings
            | a tail with nothing sticking out sideways""",
            says="""the tail has nothing level | the tail lacks its side surfaces
            | the tail has no side wings | nothing sticks out sideways at the tail""",
            tags="""no small tail wings | tail without side surfaces | side wings missing at the tail
            | tail: no side wings""",
        ),
    },
}
