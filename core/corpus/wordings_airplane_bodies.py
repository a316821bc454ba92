"""How people put the fuselage of an airplane."""

from __future__ import annotations

from core.corpus.wordings import Groups, wordings

FUSELAGES: Groups = {
    "body": {
        "blended": wordings(
            has="""hardly any body | a body hidden in the wing | a body that melts into the wing
            | a smooth body without a tube | a fuselage that is hard to find
            | a body swallowed by the wing | a seamless body""",
            says="""the body melts into the wing | body and wing are one
            | you cannot tell body and wing apart | the body disappears into the wing
            | there is hardly a body to see""",
            tags="body and wing in one | blended body | no tube-like body | wing and body merged | seamless",
        ),
        "double_deck": wordings(
            has="""a hump like a jumbo jet | a bulge on top of the front | an upstairs | two floors
            | two storeys | a forehead-like bulge | a raised front deck | a bump behind the front windows
            | an upper floor | a tall front end""",
            says="""it has an upstairs | it is a double-decker | people sit on two floors
            | the front bulges upwards | it looks like a jumbo | it has two floors
            | there is a bump on top of the front""",
            tags="jumbo-like | double-decker | two-storey | humped | two floors | bump on top",
            nouns="jumbo | double-decker plane",
            adjectives="double-decker | humpbacked",
        ),
        "box": wordings(
            has="""a body like a box | a square-edged fuselage | a cabin like a crate
            | a body with flat sides | a slab-sided fuselage | a fuselage with edges
            | a body like a shipping container | a square tube for a body | a body like a van""",
            says="""the fuselage is like a box | the body has flat sides | the cabin is a box
            | the fuselage is not round | the body is square in section | the fuselage has edges
            | the body looks like a van""",
            tags="""box-bodied | slab-sided | boxy body | flat-sided fuselage | square-sided body
            | van-like body | edged fuselage""",
            adjectives="boxy | slab-sided",
        ),
        "hull": wordings(
            has="""a keel like a ship | a belly like a boat | a boat for a body | a ship-like underside
            | a swimming hull | a stepped underside like a speedboat | a body made to swim
            | a waterproof belly | a bottom like a canoe""",
            says="""the belly is shaped like a boat | the body swims | the bottom is a keel
            | the fuselage is half a boat | the underside is like a speedboat
            | the belly cuts through water | the fuselage swims""",
            tags="""boat-bellied | keeled belly | ship-like hull | hull: boat | boat body
            | speedboat belly | swims on its belly""",
            adjectives="boat-hulled",
        ),
        "tube": wordings(
            has="""a body like a cigar | a body like a pipe | a cigar-shaped fuselage
            | a round body like a pencil | a rounded fuselage | a cylinder for a body
            | a body like a sausage | a body with a circular section | a pipe of a body
            | a body like a torpedo""",
            says="""the body is like a tube | the fuselage is like a cigar | the body is round
            | the fuselage is a cylinder | the body has no edges | the body is like a torpedo""",
            tags="""cigar-shaped body | tube-bodied | pipe-like fuselage | torpedo-like body
            | cylinder body | fuselage: round""",
            adjectives="cigar-shaped",
        ),
        "booms": wordings(
            has="""two beams to the tail | two tail arms | a pair of booms
            | two long arms holding the tail | a tail on two arms | a tail held by a fork
            | two thin beams behind the wing | a tail carried left and right | a gap between two tail arms""",
            says="""two arms reach back to the tail | the body splits into two booms
            | the tail hangs between two arms | two arms hold up the tail
            | behind the wing there are two arms | the tail is carried by a pair of booms""",
            tags="""double-boom | fork-tailed | two-armed tail | twin-boomed | two tail arms | booms: 2
            | tail on two beams""",
            adjectives="double-boom",
        ),
    },
    "girth": {
        "slim": wordings(
            has="""a body like a pencil or needle | a skinny body | a lean body | a body that is not fat
            | a thin tube of a body | a slimmer fuselage | a fuselage like a straw | a slight body
            | a narrow tube to sit in""",
            says="""the body is skinny | the fuselage is not thick | the fuselage is like a pencil
            | the body should be thinner | the body is lean | the fuselage is like a straw""",
            tags="slim-bodied | skinny body | fuselage: slim | not fat | lean-bodied | straw-like fuselage",
            adjectives="slim-bodied",
        ),
        "fat": wordings(
            has="""a plump body | a whale-like body | a bulky body | a big-bellied fuselage
            | a roomy fuselage | a body like a whale | a stout body | a thicker fuselage
            | a body that is not slim | a tubby fuselage | a well-fed body | a body like a barrel""",
            says="""the body is plump | the fuselage is bulky | the body is like a whale
            | the body should be thicker | the fuselage is not slim | the body is tubby
            | the fuselage is like a barrel""",
            tags="fat-bodied | whale-like | fuselage: fat | plump | not slim | tubby | barrel-bodied",
            adjectives="fat-bodied | plump",
        ),
    },
    "length": {
        "long": wordings(
            has="""a stretched body | an elongated body | a lengthy fuselage | a body like a long pipe
            | a longer fuselage | a body like a snake | a far-reaching fuselage
            | great length from nose to tail""",
            says="""the body is stretched | the fuselage goes on and on | the fuselage is elongated
            | the body should be longer | it is long from nose to tail | the fuselage is drawn out""",
            tags="""stretched body | fuselage: long | long-bodied | drawn-out fuselage
            | long from nose to tail""",
            adjectives="long-bodied",
        ),
        "short": wordings(
            has="""a stubby body | a compact body | a squat fuselage | a body that is not long
            | a shorter fuselage | a cut-down fuselage | little length from nose to tail
            | a body like a thumb""",
            says="""the body is stubby | the fuselage is compact | the body is not long
            | the body should be shorter | it is short from nose to tail | the fuselage ends early""",
            tags="""stubby body | fuselage: short | short-bodied | compact | short from nose to tail
            | cut-down body""",
            adjectives="short-bodied | compact",
        ),
    },
    "nose": {
        "pointed": wordings(
            has="""a spiky nose | a nose like a spear | a nose like a dart | a nose ending in a point
            | a conical nose | a tip like an arrow | a nose like a pencil tip
            | a front that comes to a point | a nose like an icicle""",
            says="""the nose ends in a point | the nose is sharp | the nose is like an arrow
            | the nose is a cone | the front comes to a point | the nose tapers to a tip""",
            tags="""sharp-nosed | pointy nose | nose: pointed | dart-like nose | pointed front
            | nose like a pencil tip""",
            adjectives="sharp-nosed | pointy-nosed",
        ),
        "needle": wordings(
            has="""a nose like a needle | a nose like a swordfish | a very long sharp nose
            | a beak-like nose | a nose like a mosquito | a front like a lance
            | a nose like a knitting needle | a spike in front""",
            says="""the nose is like a needle | the nose is long and sharp | the nose sticks far out
            | the nose is a long spike | the front is like a lance | a spike sticks out in front""",
            tags="""needle-nosed | swordfish nose | nose: needle | long sharp nose | lance-like front
            | spike nose""",
            adjectives="needle-nosed",
        ),
        "round": wordings(
            has="""a nose like a ball | a button nose | a nose like an egg | a soft, round tip
            | a nose that is not pointed | a snub nose | a front like a bullet | a nose like a thimble
            | a ball-shaped front | a gentle, rounded tip""",
            says="""the nose is like an egg | the nose is not pointed | the nose is like half a ball
            | the tip is round | the front is rounded | the nose is a dome | the nose has no point""",
            tags="""round-nosed | nose: round | egg-like nose | snub nose | dome nose | rounded front
            | ball-nosed""",
            adjectives="round-nosed",
        ),
        "blunt": wordings(
            has="""a stubby nose | a nose cut short | a flat face | a bull nose | a nose like a pug
            | a bluff front | a front like a bus | a chopped-off nose | a broad, dull nose""",
            says="""the nose is blunt | the nose is stubby | the nose is not sharp
            | it has a flat face like a pug | the front is like a bus | the nose looks chopped off""",
            tags="""blunt-nosed | nose: blunt | stubby nose | bull-nosed | bus-like front | chopped nose
            | dull nose""",
            adjectives="blunt-nosed",
        ),
    },
    "canopy": {
        "yes": wordings(
            has="""a glass bubble on top | a glasshouse for the pilot | windows around the pilot
            | a see-through cockpit | a glass cover over the pilot | a transparent dome over the seat
            | a clear hood over the pilot | a raised cockpit with glass""",
            says="""the pilot sits under glass | you can see the pilot through the glass
            | a glass hood covers the pilot | a clear dome covers the seat
            | the cockpit sticks up with its glass | the pilot looks out through a dome""",
            tags="""glass over the pilot | cockpit glass on top | canopied | glass hood
            | clear dome cockpit | cockpit: glazed | raised glass cockpit""",
            adjectives="canopied",
        ),
        "no": wordings(
            has="a smooth top line | a smooth back without a glass bubble | an unbroken top line",
            says="""nothing sticks out of the top of the body | there is no glass bubble on top
            | the top line is smooth | the cockpit does not stick up""",
            tags="no glass bubble | smooth on top | cockpit flush with the body",
        ),
    },
}
