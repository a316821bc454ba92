"""How people put legs and the bars between them, of chairs and of tables."""

from __future__ import annotations

from core.corpus.wordings import Groups, wordings

LEGS: Groups = {
    "leg_count": {
        "four": wordings(
            has="""a leg at each corner | a leg in every corner | a pair of legs in front and a pair behind
            | two pairs of legs | four feet | 4 feet | four posts to stand on | four separate legs
            | a set of four legs | a quartet of legs | four points on the floor | four supports
            | four individual legs | legs, four of them | the usual four legs""",
            says="""it stands on four legs like a horse | the legs number four
            | it is held up by four legs | there is a leg at every corner | it rests on four legs
            | four legs carry it | it touches the floor in four places | it has 4 legs | it uses four legs""",
            tags="four-legged | 4-legged | legs: 4 | legs: four | 4 legs, one per corner | four-footed",
            adjectives="four-legged",
        ),
        "three": wordings(
            has="""three feet | 3 feet | a trio of legs | tripod legs | only three legs | three supports
            | three points on the floor | one leg fewer than usual | three separate legs
            | legs, three of them | a set of three legs""",
            says="""it stands on three legs like a tripod | the legs number three | three legs carry it
            | it has 3 legs | it is held up by three legs | it touches the floor in three places
            | it is a tripod | it does not have a fourth leg | there are only three legs""",
            tags="three-legged | 3-legged | legs: 3 | legs: three | tripod | three-footed",
            adjectives="three-legged",
        ),
    },
    "leg_thickness": {
        "thin": wordings(
            has="""legs like sticks | legs like pencils | stick-like legs | spindly legs
            | legs as thin as twigs | delicate legs | fine legs | narrow legs | slim legs
            | matchstick legs | legs like a stork | lean legs | dainty legs | legs of small diameter
            | thinner legs | wiry legs | lightweight legs | {word} slim legs""",
            says="""the legs are not thick | the legs are slim | the legs look like sticks
            | it stands on spindly legs | the legs look fragile | the legs are spindly
            | the legs should be thinner | it stands on delicate legs""",
            tags="thin-legged | spindly-legged | legs: thin | slim legs, {word} | make the legs thinner",
            adjectives="thin-legged | spindly-legged",
        ),
        "thick": wordings(
            has="""legs like tree trunks | legs like an elephant | stout legs | sturdy legs | massive legs
            | beefy legs | heavy legs | stocky legs | big strong legs | robust legs | thicker legs
            | solid, wide legs | legs of large diameter | legs like pillars | heavy-duty legs | plump legs
            | broad legs | bulky legs | {word} stout legs""",
            says="""the legs are not thin | the legs are stout | the legs look like tree trunks
            | it stands on massive legs | the legs are bulky | the legs are sturdy and wide
            | the legs should be thicker | it stands on stout legs""",
            tags="thick-legged | stout-legged | legs: thick | stout legs, {word} | make the legs thicker",
            adjectives="thick-legged | stout-legged",
        ),
    },
    "leg_slant": {
        "splayed": wordings(
            has="""legs that spread apart | legs going outwards | spread legs | sloping legs
            | slanting legs | legs leaning outwards | flared legs | legs like a compass
            | legs wider apart at the floor | inclined legs | mid-century splayed legs
            | legs pointing outward | raked legs | legs that are not vertical | a wide stance
            | diverging legs | legs standing astride | legs at a slant | tilted legs | legs like an A""",
            says="""the legs lean outwards | the legs spread apart towards the floor
            | the legs are not vertical | the legs slope | the legs point outward
            | the legs are set at a slant | it stands with its legs apart
            | the feet are further apart than the tops of the legs | the legs flare out
            | the legs are tilted""",
            tags="splay-legged | legs: splayed | sloping legs, flared out | legs apart | slanting legs",
            adjectives="splay-legged",
        ),
        "straight": wordings(
            has="""legs straight down | legs at right angles to the floor | parallel legs
            | perpendicular legs | upstanding legs | legs like posts | legs that do not lean
            | legs going straight to the floor | legs without any slope | plumb legs
            | legs that are parallel to each other""",
            says="""the legs drop straight to the floor | the legs do not lean | the legs are vertical
            | the legs are parallel | the legs are perpendicular to the floor
            | the legs meet the floor at a right angle | the legs are not tilted""",
            tags="straight-legged | legs: vertical | legs straight down | legs not leaning",
            adjectives="straight-legged",
        ),
    },
    "leg_form": {
        "square": wordings(
            has="""legs with edges | square posts for legs | legs with a square section | boxy legs
            | legs like wooden beams | four-sided legs | legs like square posts | block-like legs
            | legs with flat faces | squared legs | prismatic legs | legs cut from square timber
            | legs with corners""",
            says="""the legs are square in section | the legs have edges | the legs have flat faces
            | the legs are not round | the legs are like little beams""",
            tags="square-legged | legs: square | square-section legs | edged legs, not round",
        ),
        "round": wordings(
            has="""tubular legs | pipe-like legs | legs like tubes | legs like poles
            | legs like broomsticks | rod-like legs | legs like rods | cylinders for legs
            | legs like dowels | round posts for legs | legs with a circular section | legs without edges
            | pole legs""",
            says="""the legs are cylinders | the legs are round | the legs are round rods
            | the legs are not square | the legs have no edges | the legs are like poles""",
            tags="round-legged | legs: round | cylinder legs | rod legs, not square",
        ),
        "tapered": wordings(
            has="""legs that get thinner towards the floor | legs narrowing downwards | legs like carrots
            | cone-shaped legs | conical legs | pointed legs | legs like cones
            | legs thinner at the bottom | legs narrower at the floor | legs thick above and thin below
            | tapering legs | legs like candles upside down | peg legs | pin-like legs""",
            says="""the legs get thinner towards the bottom | the legs narrow downwards
            | the legs are conical | the legs are thinner at the floor than at the top
            | the legs end almost in a point | the legs are shaped like carrots""",
            tags="taper-legged | legs: tapered | conical legs | thinner towards the floor",
        ),
    },
}

STRETCHERS: Groups = {
    "stretchers": {
        "none": wordings(
            has="""nothing between the legs | free-standing legs | unconnected legs
            | legs not tied together | open space between the legs""",
            says="""the legs are not connected | the legs stand free | nothing ties the legs together
            | the space between the legs is empty | each leg stands on its own
            | the legs have nothing between them | it lacks stretchers""",
            tags="""legs unconnected | free-standing legs | minus the stretchers | unbraced legs
            | lacking stretchers""",
        ),
        "any": wordings(
            has="""braced legs | legs tied together | linked legs | joined legs | rails between the legs
            | rods between the legs | crosspieces between the legs | struts between the legs
            | a bar to rest your feet on | legs held together by rods | braces between the legs
            | connected legs | supports that join the legs | something that ties the legs together""",
            says="""the legs are braced | the legs are tied together | rods link the legs
            | rails run between the legs | you can put your feet on a bar
            | the legs are joined near the floor | struts stiffen the legs | the legs do not stand alone""",
            tags="braced legs | legs: braced | stretchers near the floor | leg braces | bars joining legs",
        ),
        "H": wordings(
            has="""an H between the legs | braces shaped like an H | two side rails and one across
            | an H-stretcher | rods forming an H""",
            says="""the stretchers form an H | the bars make the letter H
            | the rods between the legs form an H""",
            tags="H-stretcher | H-braced",
        ),
        "box": wordings(
            has="""a ring of bars around the legs | a box stretcher | four bars linking the legs
            | bars on all four sides | rails on every side | a rectangle of rails between the legs
            | bars front, rear and sides""",
            says="""bars run all the way around | the legs are joined on all four sides
            | rails link every leg to the next""",
            tags="box stretcher | stretchers on all sides | four rails around",
        ),
        "sides": wordings(
            has="""side rails between the legs | one bar on the left and one on the right
            | bars only at the sides | side stretchers | a rail on either side
            | two stretchers, left and right""",
            says="""the front legs are tied to the rear ones | a bar runs along each side
            | only the sides have bars | bars join the legs left and right""",
            tags="side stretchers | bars left and right | bars at the sides only",
        ),
        "cross": wordings(
            has="""an X between the legs | rods crossing between the legs
            | diagonal braces between the legs | a cross stretcher | an X-stretcher
            | two bars that cross under it""",
            says="""the stretchers cross | the bars between the legs make an X
            | diagonal bars link the legs | the rods cross in the middle""",
            tags="X-stretcher | cross-braced legs | crossing stretchers",
        ),
        "triangle": wordings(
            has="""a three-sided ring of bars | three bars between the legs | three rods linking the legs
            | a triangular brace | a triangle between the legs""",
            says="the stretchers form a triangle | three bars link the three legs | the bars make a triangle",
            tags="triangle stretcher | triangular bracing",
        ),
        "cross_bar": wordings(
            has="""a bar on the floor | a crosspiece at the floor | a rod joining left and right
            | a bar from side to side at the bottom | a bar linking both sides near the floor""",
            says="a bar joins both sides at the floor | a rod runs across near the floor",
            tags="cross bar at the bottom | floor bar",
        ),
    },
}
