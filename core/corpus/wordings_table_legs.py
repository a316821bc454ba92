"""How people put legs of tables that are more than plain ones."""

from __future__ import annotations

from core.corpus.wordings import Groups, wordings

LEG_KINDS: Groups = {
    "legs": {
        "hairpin": wordings(
            has="""legs like hairpins | bent-wire legs | legs of bent metal rods | wire legs
            | V-like wire legs | two-rod legs | pin legs | legs like paper clips | retro wire legs
            | thin bent rods for legs | legs like a narrow V | fifties-style legs
            | {word} legs bent from wire | airy metal legs | legs like tweezers""",
            says="""the legs are bent from wire | each leg is a bent rod | every leg is a narrow V
            | the legs look like hairpins | the legs are made of rods
            | each leg is two thin rods that meet at the floor""",
            tags="hairpin-legged | wire-legged | legs: hairpin | retro legs | bent-rod legs",
            nouns="hairpin table",
            adjectives="hairpin-leg | wire-leg",
        ),
        "turned": wordings(
            has="""legs with rings | lathe-made legs | legs like chess pieces | legs like bedposts
            | old-fashioned legs | legs with bulges | farmhouse legs | legs like balusters
            | antique-looking legs | legs like a stair banister | knobby legs | legs made on a lathe
            | classic carved-looking legs | {word} baluster legs | legs with beads""",
            says="""the legs have bulges | the legs look like chess pieces | the legs swell and narrow
            | the legs come from a lathe | the legs look antique | the legs look like balusters
            | the legs are old-fashioned""",
            tags="""farmhouse legs | baluster legs | legs: turned | lathe-made legs | old-fashioned legs
            | antique style""",
            nouns="farmhouse table | country table",
            adjectives="farmhouse-style | old-fashioned",
        ),
        "sawhorse": wordings(
            has="""legs like sawhorses | legs like the letter A | an A at each end
            | trestles like a carpenter's | a pair of A-frames | two horses carrying the top
            | workshop legs | A-shaped supports | folding-style A legs | an A-frame on either side
            | legs like two ladders""",
            says="""each end is an A | the legs look like the letter A
            | it rests on two carpenter's horses | A-frames carry the top
            | the legs lean together at the top""",
            tags="A-legged | A-frame | carpenter style | legs: A-shaped | on horses",
            nouns="trestle-leg table | workshop table",
        ),
        "post": wordings(
            has="""T-shaped ends | end supports with long feet | a support at each end
            | legs like an upside-down T | posts with foot bars | legs like the letter I
            | end frames on long feet | monastery-style legs | refectory legs
            | a post on a long foot at either end""",
            says="""each end stands on a long foot | a post carries each end | the ends look like an I
            | it stands on two end frames | a foot bar runs under each end""",
            tags="refectory style | T-foot ends | legs: posts on feet | end posts",
            nouns="refectory table | monastery table",
        ),
        "x_ends": wordings(
            has="""an X on either side | legs like scissors at both ends | sawbuck legs
            | crisscross legs at the ends | picnic-style legs | X frames at the ends | a cross at each end
            | legs crossing at both ends | two X frames""",
            says="""each end is an X | the legs cross at both ends | both ends look like an X
            | the legs are like scissors | an X carries each end""",
            tags="X-legged | X ends | sawbuck style | legs: X at both ends | criss-cross ends",
            nouns="sawbuck table | X-leg table",
            adjectives="X-legged",
        ),
        "x_front": wordings(
            has="""an X seen from the front | scissor legs | legs like an ironing board | crisscross legs
            | legs like a folding table | a big X under the top | legs like a camp table
            | legs that cross in the middle""",
            says="""from the front the legs make an X | the legs cross like scissors
            | it stands on a big X | the legs cross in the middle | it looks like an ironing board""",
            tags="X under the top | scissor-legged | legs: X | legs crossing in the middle | folding style",
            nouns="scissor table | camp table",
            adjectives="scissor-leg",
        ),
        "loops": wordings(
            has="""hoops for legs | ring-like legs | a closed frame on each side
            | frames like picture frames for legs | legs like empty frames | a loop on either side
            | closed side frames | legs that go all the way round | portal legs | two hoops for legs""",
            says="""each side is a closed frame | a hoop carries each side | the legs are hoops
            | the legs look like picture frames | two frames carry the top | the legs close at the bottom""",
            tags="frame-legged | hoop-legged | legs: loops | closed frames | portal legs",
            adjectives="loop-leg | frame-leg",
        ),
        "sled": wordings(
            has="""skids | legs like a sledge | ski-like feet | bars along the floor
            | legs like the runners of a sleigh | a skid base | legs bent into a U
            | side frames on the floor | a base like a toboggan | rails lying on the floor
            | U-shaped frames on each side""",
            says="""it stands on skids | it could slide like a sledge | bars lie along the floor
            | the legs are bent into a U | it rests on rails | each side is a bent frame""",
            tags="sled-based | on skids | legs: sled | skid base | sledge-like | U legs",
            adjectives="sled-base",
        ),
        "one_end": wordings(
            has="""a pair of legs at one end | legs on one side only | two legs opposite the storage
            | legs at just one end""",
            says="only one end has legs | a pair of legs carries one end",
            tags="legs on one side | legs at one end only",
        ),
    },
    "bars": {
        "beam": wordings(
            has="""a rail joining both ends | a beam between the ends | a bar to put your feet on
            | a long rail below | a beam from end to end | a crossbeam below""",
            says="""a beam runs from end to end | a rail ties both ends together
            | you can put your feet on the beam""",
            tags="beam below | joined by a beam | tied ends",
        ),
        "bar": wordings(
            has="""a rail joining both sides | a bar from side to side
            | a rod tying left and right together | a crosspiece below""",
            says="a rod joins both sides | a rail runs from side to side | the sides are tied together",
            tags="sides tied by a bar | crosspiece",
        ),
        "none": wordings(
            has="nothing joining the two ends",
            says="the two ends are not tied together | nothing joins the two ends",
            tags="ends not tied | unbraced",
        ),
    },
}
