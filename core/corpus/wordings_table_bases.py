"""How people put pedestals, panels, blocks and feet of tables."""

from __future__ import annotations

from core.corpus.wordings import Groups, wordings

BASES: Groups = {
    "pedestal": {
        "one": wordings(
            has="""one leg in the middle | a single leg | a stem | a trunk in the middle | a central post
            | one post under the top | a stalk | one foot in the middle | a base like a mushroom
            | a base like a wine glass | a pillar in the middle | only one support
            | a post like a tree trunk | one central leg | a pole in the middle | a bistro-style stand""",
            says="""it stands on one leg | a post in the middle carries it | one post holds the top up
            | it looks like a mushroom | it looks like a tree | it stands on a stem
            | there is only one leg, in the middle | your knees bump into nothing
            | a pillar carries the top""",
            tags="""one-legged | single-post | on one leg | on a stem | base: pedestal
            | bistro style""",
            nouns="bistro table | café table | one-legged table | mushroom table",
            adjectives="one-legged | bistro",
        ),
        "two": wordings(
            has="""two posts in the middle | two stems | two pillars | twin pedestals | a pair of pillars
            | a pillar at either end | two trunks under the top | a pair of central posts | twin posts""",
            says="""two posts hold the top up | it stands on two pillars | a pair of stems carries it
            | two pillars carry the top | it stands on twin posts""",
            tags="two-pillar | twin-pedestal | on two posts | base: two pedestals | pillars: 2",
            nouns="double-pedestal table",
            adjectives="twin-pedestal",
        ),
    },
    "column": {
        "thick": wordings(
            has="a fat post | a pillar as thick as a tree trunk | a stout pillar | a massive post",
            says="the post is thick | the pillar is stout",
            tags="thick post | stout pillar",
        ),
        "slim": wordings(
            has="a slender post | a thin pole | a slim pillar | a narrow post",
            says="the post is slim | the pillar is slender",
            tags="slim post | slender pillar",
        ),
    },
    "foot": {
        "disc": wordings(
            has="a disc on the floor | a plate on the floor | a foot like a plate | a round base plate",
            says="it stands on a disc | the foot is a disc | a round plate lies on the floor",
            tags="disc foot | foot: disc | round plate below",
        ),
        "square": wordings(
            has="a square plate on the floor | a foot like a tile | a square base plate",
            says="it stands on a square plate | the foot is a square",
            tags="square plate foot | foot: square",
        ),
        "dome": wordings(
            has="""a foot like a bowl upside down | a bell-like foot | a foot like half a ball
            | a bulging foot""",
            says="the foot is a dome | the foot bulges | it stands on a bowl upside down",
            tags="dome foot | foot: dome",
        ),
        "tulip": wordings(
            has="""a tulip base | a foot like a trumpet | a flared foot | a foot like a flower
            | a Saarinen-style foot | a stem that flares out | a foot like a wine glass""",
            says="""the stem flares out at the floor | the foot is like a trumpet
            | the post widens into the foot like a tulip""",
            tags="tulip-footed | foot: tulip | flared foot | Saarinen style",
            nouns="tulip table | Saarinen table",
            adjectives="tulip",
        ),
        "cross": wordings(
            has="""a foot like a plus sign | a cross on the floor | four feet spreading from the middle
            | an X on the floor | cross feet""",
            says="the foot is a cross | the foot is like a plus sign | four feet spread out below",
            tags="cross foot | foot: cross | X on the floor",
        ),
        "star": wordings(
            has="""spreading feet under one post | a spider foot | {word} feet spreading from the middle
            | a foot with {word} rays | {count} arms below""",
            says="""the feet spread like a star | {word} feet spread from the middle
            | the foot is like a spider""",
            tags="star foot | foot: star | spider foot",
        ),
    },
    "sides": {
        "panels": wordings(
            has="""walls for legs | boards for legs | two walls | a board at each end | closed ends
            | waterfall sides | two upstanding boards | sides like walls | boards instead of legs
            | slabs at both ends | a bridge-like build | an upside-down U shape""",
            says="""it stands on two boards | the ends are closed | walls carry the top
            | boards hold up both ends | it looks like a bridge | it is like an upside-down U
            | the sides are like walls | a slab holds up each end""",
            tags="""slab-sided | panel-sided | closed at both ends | sides: solid boards
            | walls instead of legs | bridge-like""",
            nouns="waterfall table",
            adjectives="slab-sided",
        ),
        "slanted": wordings(
            has="leaning sides | sloping sides | walls that lean | tilted boards | sides at a slant",
            says="the sides lean | the sides slope | the boards are tilted",
            tags="leaning sides | tilted sides",
        ),
        "slabs": wordings(
            has="""boards that cross | walls that cross in the middle | a base like a plus sign from above
            | two boards slotted together | boards forming an X | crossing walls
            | a base like a wine-crate divider""",
            says="""two boards cross under the top | the boards cross in the middle
            | it stands on a cross of boards | walls cross under the top
            | two boards are slotted into each other""",
            tags="crossing boards | cross of boards | boards slotted together",
        ),
        "one_end": wordings(
            has="a board at one end | one closed end | a wall at one end",
            says="one end is a board | a board carries one end",
            tags="board at one end | one closed end",
        ),
    },
    "c_frame": {
        "any": wordings(
            has="""a base like the letter C | a side open to the front | a top hanging out forward
            | an overhanging top | a base you can slide under a sofa | a build like a C on its side
            | a slide-under build | supports only behind | a top that juts out
            | a base like a staple on its side | nothing in front below""",
            says="""it looks like the letter C | it slides under a sofa | the top overhangs
            | the top sticks out forward | it is held from one side | the front is open
            | it can reach over your lap | nothing holds up the front""",
            tags="C-like | slide-under | overhanging | base: C | held from behind | laptop style",
            nouns="sofa slide-under table | laptop table | C table",
            adjectives="overhanging",
        ),
    },
    "block": {
        "open": wordings(
            has="""a hollow box | a box open in front | a cubbyhole | a hollow body
            | a space to put things in | a niche | a box like a crate | a cube with a hole in front
            | a compartment below | a pigeonhole | a body like an empty crate | an alcove below""",
            says="""it is a hollow box | you can put things into it | the front is open like a niche
            | it is like a crate on its side | it is hollow | there is a niche below the top""",
            tags="hollow box | crate-like | open in front | cubby | box with a niche",
            nouns="cube table | crate table",
            adjectives="hollow",
        ),
        "solid": wordings(
            has="""a closed block below | a base like a boulder | a heavy block | a plinth-like body
            | a block of stone look | a chunk of a base | a filled-in underside | a monolithic base
            | a massive lump below | a body without any openings""",
            says="""it is one heavy block | the base is massive | it looks like a block of stone
            | it is monolithic | it is a lump""",
            tags="""block-like | monolithic | base: block | massive, closed below | like a block of stone
            | heavy""",
            nouns="cube table | plinth table",
            adjectives="monolithic | blocky",
        ),
        "drum": wordings(
            has="""a base like a barrel | a base like a can | a barrel below | a cylinder below
            | a base like a tree stump""",
            says="it looks like a barrel | it is a cylinder | it looks like a tree stump",
            tags="barrel-like | cylinder-shaped | like a tree stump",
            nouns="drum table | barrel table | tree-stump table",
            adjectives="drum-shaped",
        ),
        "drawers": wordings(
            has="""a body like a chest | a box full of storage | a cupboard-like body | a chest-like body
            | a cube of storage | a closed cube | a little chest""",
            says="it looks like a little chest | it is a closed cube | it is like a small dresser",
            tags="chest-like | dresser-like | boxy | storage cube",
            nouns="night table",
            adjectives="boxy | chest-like",
        ),
    },
    "box_back": {
        "yes": wordings(
            has="a niche closed behind | a rear wall",
            says="a wall closes the rear of the box",
            tags="closed behind",
        ),
        "no": wordings(
            has="a tunnel through the body | a body open at both ends",
            says="you can look right through the box",
            tags="open on both sides",
        ),
    },
    "feet": {
        "legs": wordings(
            has="""stubby feet | little feet | four little feet | knobs to stand on | peg feet | tiny feet
            | stubs under the body""",
            says="""it is lifted a little off the floor | it stands on stubs | small feet raise it
            | it stands on little feet""",
            tags="short-footed | on little feet | feet: short | slightly raised",
        ),
        "none": wordings(
            has="a bottom flat on the floor",
            says="it rests flat on the ground | it stands right on the ground | it is legless",
            tags="legless | footless | flat on the floor | minus the legs | lacking legs",
            adjectives="legless",
        ),
        "plinth": wordings(
            has="a set-back base strip | a toe-kick | a narrower strip at the bottom | a socle",
            says="it stands on a set-back strip | the bottom is set back",
            tags="on a plinth | set-back bottom | toe-kick",
        ),
    },
}
