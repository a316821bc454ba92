"""How people put the height, lean and gaps of a back; edits of one part use these, so no other is named."""

from __future__ import annotations

from core.corpus.wordings import Groups, wordings

BACK_FORMS: Groups = {
    "slat_section": {
        "round": wordings(
            has="""round sticks in the back | a spindle back | a back of round rods | dowels in the back
            | {word} spindles | {word} round rods in the back | a back of {word} spindles | a stick back
            | slim rods in the back""",
            says="the back is made of spindles | round rods fill the back | {word} spindles fill the back",
            tags="spindle-backed | stick-backed | back: {word} spindles",
            nouns="spindle-back chair | stick-back chair",
            adjectives="spindle-backed",
        ),
        "flat": wordings(
            has="""flat slats in the back | a back of flat strips | {word} flat slats in the back
            | flat upstanding strips in the back | a slat back""",
            says="flat strips fill the back | the bars of the back are flat",
            tags="flat-slatted back",
        ),
    },
    "outline": {
        "arched": wordings(
            has="""a hoop back | a bow back | a back framed by a hoop | a hoop around the back
            | a back bent like a bow | an arch framing the back | a horseshoe-like back frame
            | a bentwood hoop for a back | a rounded hoop behind you | a back with a curved top rail""",
            says="""a hoop frames the back | the frame of the back is an arch
            | the back frame is bent like a bow""",
            tags="hoop-backed | bow-backed | hoop back | arched back frame",
            nouns="hoop-back chair | bow-back chair",
            adjectives="hoop-backed | bow-backed",
        ),
    },
    "gaps": {
        "yes": wordings(
            has="""a back you can look through | an airy back | a back that lets light through
            | a back with empty spaces | spaces in the back | a back that is not closed
            | a back that is not solid | a back with air in it | an openwork back | a light, open backrest
            | a back with breaks in it | room for air in the back | a transparent-looking back
            | a back that lets the wind through""",
            says="""you can look through the back | light shines through the back | the back is not solid
            | the back is not closed | air passes through the back | one sees the wall through the back
            | you could put your hand through the back""",
            tags="see-through back | airy back | open, airy back | not a solid back | back not closed",
        ),
        "no": wordings(
            has="""a back with nothing cut out | a back you cannot look through | a fully closed backrest
            | an uninterrupted backrest""",
            says="""you cannot see through the back | the back is closed | the back is filled in
            | the back is one whole piece | light does not pass through the back""",
            tags="no see-through back | filled-in back | back without any gaps",
        ),
        "below": wordings(
            has="""a floating back | a back that hovers | a back held up in the air | a raised back
            | a back with air underneath | a back that does not reach down | a hovering backrest
            | an open space under the back | a slot below the backrest""",
            says="""the back hovers | the back floats | there is air under the back
            | the back does not reach down | the backrest is lifted up
            | the lower edge of the back hangs free""",
            tags="floating back | hovering backrest | back held up in the air | raised backrest",
        ),
    },
    "support": {
        "posts": wordings(
            has="""a back carried by two posts | two sticks holding up the back
            | a backrest on a pair of supports | a back on two struts | a back standing on two short poles""",
            says="""two posts carry the back | the back stands on a pair of posts
            | two struts hold the backrest""",
            tags="back on posts | two back posts",
        ),
        "spine": wordings(
            has="""a back carried by one bar | one stem holding up the back
            | a backrest on a central bracket | a back like a paddle | a back on a stalk
            | a back on a single strut | a spine in the middle holding the back
            | one central bar behind the sitter""",
            says="""one bar carries the back | a single spine holds the backrest
            | the back sits on a stalk | a central strut supports the back""",
            tags="back on a spine | single-spine back | backrest on one stem",
        ),
    },
    "height": {
        "high": wordings(
            has="""a back that goes way up | a lofty back | a towering back | a long back
            | a backrest up to the head | a back reaching the head
            | a backrest that supports the shoulders | a big tall backrest | a back like a throne
            | a high backrest | a tall backrest | a back that rises far up | a full-height back
            | a taller back | a higher backrest | head support""",
            says="""the back goes up high | the back rises far up | the back reaches up to the head
            | the backrest is high | the back towers over everything | its back is long
            | the back should be taller | your head can rest against the back""",
            tags="high backrest | tall-backed | extra tall back | back: high | throne-like back",
            nouns="high-back chair",
            adjectives="tall-backed | high-back",
        ),
        "low": wordings(
            has="""a stubby back | a small backrest | a low backrest | a short backrest
            | a back that ends early | a back only up to the waist | a lower back rest than usual
            | a little back | a squat back | a back that is not tall | a back of little height
            | a shallow back | a shorter back | a back that stops low | support for the waist only
            | a cut-down back""",
            says="""the back ends at the waist | the back does not go up far | the back is not tall
            | its back is small | the backrest is short | the back stops low | the back should be shorter
            | the back is stubby""",
            tags="low backrest | short-backed | back: low | stubby back",
            nouns="low-back chair",
            adjectives="short-backed | low-back",
        ),
    },
    "thickness": {
        "thin": wordings(
            has="""a back as thin as a board | a narrow-edged back | a slender back | a sheet-like back
            | a thin backrest | a flat thin panel behind you | a back that is not bulky
            | a lightweight back | a wafer of a back | a thinner back""",
            says="""the back is slim | the back is not thick | the backrest is thin
            | the back is just a thin sheet""",
            tags="thin-backed | slim back | back: thin",
        ),
    },
    "recline": {
        "reclined": wordings(
            has="""a sloping back | a back that slopes | a laid-back backrest
            | a back that is not straight up | an inclined back | a back leaning far away from you
            | a leaning back | a back at a slant | a lounging back | a back tipped towards the rear
            | a comfortably sloped backrest | a back for lying down a little | a lazy, sloping back
            | a back inclined to the rear""",
            says="""the back slopes | the back is inclined | the back tips to the rear
            | you can lean right into it | you half lie in it | the back is at a slant
            | it is made for lounging | the backrest slopes rearwards""",
            tags="sloping back | inclined backrest | laid-back | for lounging | lean-into-it back",
            nouns="recliner | lounging chair",
            adjectives="laid-back",
        ),
        "upright": wordings(
            has="""a back that is bolt upright | a back that stands straight up | a back at ninety degrees
            | a back perpendicular to the floor | a strict, upright back | a back that does not lean
            | an upright backrest | a back that goes straight up | a plumb back | a back without any slope""",
            says="""the back does not lean | the back goes straight up
            | the back stands at a right angle to the floor | the backrest is vertical
            | the back is not tipped at all | you sit up straight in it""",
            tags="bolt upright back | straight-up back | back not leaning | upright",
        ),
    },
}
