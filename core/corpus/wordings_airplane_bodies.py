"""How people put the fuselage of an airplane."""

from __future__ import annotations

from core.corpus.wordings import Groups, wordings

FUSELAGES: Groups = {
    "body": {
        "blended": wordings(
            has="""hardly any body | a body hidden in the wing | a body that melts into the wing
            | a smooth body without a tube""",
            says="the body melts into the wing | body and wing are one | you cannot tell body and wing apart",
            tags="body and wing in one | blended body | no tube-like body",
        ),
        "double_deck": wordings(
            has="""a hump like a jumbo jet | a bulge on top of the front | an upstairs | two floors
            | two storeys | a forehead-like bulge | a raised front deck""",
            says="""it has an upstairs | it is a double-decker | people sit on two floors
            | the front bulges upwards | it looks like a jumbo""",
            tags="jumbo-like | double-decker | two-storey | humped",
            nouns="jumbo | double-decker plane",
            adjectives="double-decker | humpbacked",
        ),
        "box": wordings(
            has="""a body like a box | a square-edged fuselage | a cabin like a crate
            | a body with flat sides | a slab-sided fuselage""",
            says="""the fuselage is like a box | the body has flat sides | the cabin is a box
            | the fuselage is not round""",
            tags="box-bodied | slab-sided | boxy body | flat-sided fuselage",
            adjectives="boxy | slab-sided",
        ),
        "hull": wordings(
            has="""a keel like a ship | a belly like a boat | a boat for a body | a ship-like underside
            | a swimming hull""",
            says="""the belly is shaped like a boat | the body swims | the bottom is a keel
            | the fuselage is half a boat""",
            tags="boat-bellied | keeled belly | ship-like hull | hull: boat",
            adjectives="boat-hulled",
        ),
        "tube": wordings(
            has="""a body like a cigar | a body like a pipe | a cigar-shaped fuselage
            | a round body like a pencil | a rounded fuselage""",
            says="the body is like a tube | the fuselage is like a cigar | the body is round",
            tags="cigar-shaped body | tube-bodied | pipe-like fuselage",
            adjectives="cigar-shaped",
        ),
        "booms": wordings(
            has="""two beams to the tail | two tail arms | a pair of booms
            | two long arms holding the tail | a tail on two arms | a tail held by a fork""",
            says="""two arms reach back to the tail | the body splits into two booms
            | the tail hangs between two arms""",
            tags="double-boom | fork-tailed | two-armed tail | twin-boomed",
            adjectives="double-boom",
        ),
    },
    "girth": {
        "slim": wordings(
            has="""a body like a pencil or needle | a skinny body | a lean body | a body that is not fat
            | a thin tube of a body | a slimmer fuselage""",
            says="""the body is skinny | the fuselage is not thick | the fuselage is like a pencil
            | the body should be thinner""",
            tags="slim-bodied | skinny body | fuselage: slim | not fat",
            adjectives="slim-bodied",
        ),
        "fat": wordings(
            has="""a plump body | a whale-like body | a bulky body | a big-bellied fuselage
            | a roomy fuselage | a body like a whale | a stout body | a thicker fuselage
            | a body that is not slim""",
            says="""the body is plump | the fuselage is bulky | the body is like a whale
            | the body should be thicker | the fuselage is not slim""",
            tags="fat-bodied | whale-like | fuselage: fat | plump | not slim",
            adjectives="fat-bodied | plump",
        ),
    },
    "length": {
        "long": wordings(
            has="""a stretched body | an elongated body | a lengthy fuselage | a body like a long pipe
            | a longer fuselage""",
            says="""the body is stretched | the fuselage goes on and on | the fuselage is elongated
            | the body should be longer""",
            tags="stretched body | fuselage: long | long-bodied",
            adjectives="long-bodied",
        ),
        "short": wordings(
            has="""a stubby body | a compact body | a squat fuselage | a body that is not long
            | a shorter fuselage""",
            says="""the body is stubby | the fuselage is compact | the body is not long
            | the body should be shorter""",
            tags="stubby body | fuselage: short | short-bodied | compact",
            adjectives="short-bodied | compact",
        ),
    },
    "nose": {
        "pointed": wordings(
            has="""a spiky nose | a nose like a spear | a nose like a dart | a nose ending in a point
            | a conical nose | a tip like an arrow""",
            says="""the nose ends in a point | the nose is sharp | the nose is like an arrow
            | the nose is a cone""",
            tags="sharp-nosed | pointy nose | nose: pointed | dart-like nose",
            adjectives="sharp-nosed | pointy-nosed",
        ),
        "needle": wordings(
            has="""a nose like a needle | a nose like a swordfish | a very long sharp nose
            | a beak-like nose | a nose like a mosquito""",
            says="""the nose is like a needle | the nose is long and sharp | the nose sticks far out
            | the nose is a long spike""",
            tags="needle-nosed | swordfish nose | nose: needle | long sharp nose",
            adjectives="needle-nosed",
        ),
        "round": wordings(
            has="""a nose like a ball | a button nose | a nose like an egg | a soft, round tip
            | a nose that is not pointed | a snub nose""",
            says="""the nose is like an egg | the nose is not pointed | the nose is like half a ball
            | the tip is round""",
            tags="round-nosed | nose: round | egg-like nose | snub nose",
            adjectives="round-nosed",
        ),
        "blunt": wordings(
            has="""a stubby nose | a nose cut short | a flat face | a bull nose | a nose like a pug
            | a bluff front""",
            says="""the nose is blunt | the nose is stubby | the nose is not sharp
            | it has a flat face like a pug""",
            tags="blunt-nosed | nose: blunt | stubby nose | bull-nosed",
            adjectives="blunt-nosed",
        ),
    },
    "canopy": {
        "yes": wordings(
            has="""a glass bubble on top | a glasshouse for the pilot | windows around the pilot
            | a see-through cockpit | a glass cover over the pilot""",
            says="""the pilot sits under glass | you can see the pilot through the glass
            | a glass hood covers the pilot""",
            tags="glass over the pilot | cockpit glass on top | canopied | glass hood",
            adjectives="canopied",
        ),
        "no": wordings(
            has="a smooth top line | a smooth back without a glass bubble",
            says="nothing sticks out of the top of the body | there is no glass bubble on top",
            tags="no glass bubble | smooth on top",
        ),
    },
}
