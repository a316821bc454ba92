"""How people put what a chair stands on, other than plain legs."""

from __future__ import annotations

from core.corpus.wordings import Groups, wordings

BASES: Groups = {
    "base": {
        "star": wordings(
            has="""a spider base | a base like a starfish | a base like a star | spokes under one post
            | a swivelling foot | a turning base | a base with arms going out | {word} prongs at the floor
            | {count} spokes | a {count}-star base | a foot like a spider
            | a base like an umbrella turned over | an office-style base | a swivel mechanism
            | a foot with {word} rays | radiating feet under one post | one post on a star
            | a post that spreads into {word} feet | a spinning base""",
            says="""it spins | it turns around | it turns on the spot | you can spin around on it
            | you can turn round on it | it pivots | the base looks like a star
            | the base looks like a starfish | the base has {count} spokes
            | {word} spokes spread from the middle | {word} prongs spread over the floor
            | it belongs in an office | it is the kind used at a computer""",
            tags="""spins | swivels | rotates | turns around | swivel | star foot | {word}-star base
            | base: star | for the office | for a desk worker | spinning""",
            adjectives="swivelling | spinning | swivel",
        ),
        "pedestal": wordings(
            has="""one leg in the middle | a single leg | one post in the middle | a stem | a single stem
            | a central post | one central leg | a stalk like a mushroom | one pole under it
            | a post standing on a plate | one foot in the middle | only one support
            | a trunk in the middle | a base like a wine glass | a mushroom-like stem | one pillar
            | a monopod base | only one leg""",
            says="""it stands on one leg | it stands on a single post | one post holds everything
            | a stem carries it | it stands like a mushroom | it stands like a wine glass
            | a pillar in the middle carries it | there is only one leg, in the middle
            | it rests on a central post | it does not have four legs""",
            tags="""one-legged | single leg, central | single-post | on one post | on a stem
            | mushroom-like | base: pedestal | one leg only | monopod | pillar base""",
            adjectives="single-leg | one-legged",
        ),
        "sled": wordings(
            has="""a sledge base | skids | two skids | skids like a sledge | legs like ski runners
            | loops for legs | two loops as legs | looped side frames | a skid base | legs bent into loops
            | U-shaped legs | closed side frames on the floor | rails lying on the floor
            | bars along the floor | a base like a toboggan | a base like skis
            | legs like the runners of a sleigh | two bent frames | legs joined along the floor""",
            says="""it stands on skids | it stands on two rails | it could slide like a sledge
            | its legs form loops | the legs are U-shaped loops | bars lie along the floor
            | it stands on bars, not on feet | the base is like a toboggan | each side is one bent frame""",
            tags="skid base | on skids | sledge-like | base: sled | loop legs | sled-based | on two rails",
            nouns="sled chair | sled-base chair | sledge chair",
            adjectives="sled-base",
        ),
        "cantilever": wordings(
            has="""no hind legs | front legs only | a springy frame | a bent-tube frame
            | a base like the letter C | legs only at the front | a frame like a paper clip
            | free air behind the front legs | a Bauhaus frame | nothing holding it up behind
            | a frame bent like a C | an S-like bent frame | an overhanging frame
            | two legs, both in front""",
            says="""it has legs only in front | it seems to float | nothing supports it at the rear
            | it overhangs | it bounces a little | the frame is shaped like a C
            | it is held up only from the front | the hind legs are left out | it is missing its hind legs
            | the frame bends forward and under""",
            tags="cantilevered | Bauhaus style | front legs only | C-frame | floating | springy",
            nouns="cantilevered chair | Bauhaus chair",
            adjectives="cantilevered | springy",
        ),
        "block": wordings(
            has="""a closed base | a base like a box | a heavy base | a solid body | a bulky body
            | a base like a crate | a plinth | a closed lower part | a box below | a filled-in underside
            | a chunky lower body | a blocky bottom | a body that is closed all round""",
            says="""it is a heavy block | the base is closed | the base is like a box
            | it is bulky and low | the lower part is solid | the bottom is filled in
            | it is built like a box""",
            tags="""block-like | bulky | closed base | boxlike base | base: block | heavy, closed base
            | solid underneath""",
            adjectives="bulky | blocky",
        ),
    },
    "foot": {
        "round": wordings(
            has="""a disc on the floor | a round plate on the floor | a circular foot
            | a foot like a plate | a round base plate | a foot like a dish | a tulip base""",
            says="""its foot is a circle | the foot is round | it stands on a disc
            | it stands on a round plate""",
            tags="round foot | disc foot | foot: round",
        ),
        "square": wordings(
            has="""a square plate on the floor | a foot with four corners | a square base plate
            | a foot like a tile | a flat square foot""",
            says="""its foot is a square | the foot is square | it stands on a square plate
            | it stands on a square tile""",
            tags="square foot | foot: square | square base plate",
        ),
    },
    "wheels": {
        "yes": wordings(
            has="""castors | little wheels | small rolling wheels | wheels on its feet | {count} wheels
            | {word} casters | {word} castors | {word} little wheels | swivel casters | roller feet
            | wheels under it | something to roll on | wheels like an office chair
            | wheels so that it moves | casters on every spoke""",
            says="""it rolls | you can roll about on it | you can push it around
            | it glides over the floor | you can wheel it around | you can scoot around on it
            | it moves on wheels | it runs on castors | it is easy to move about
            | it rolls wherever you like | every foot has a wheel""",
            tags="""wheeled | on wheels | on casters | on castors | rolls | rollable | mobile
            | moves around | wheels: {count} | has wheels""",
            adjectives="wheeled | mobile | rollable",
        ),
        "no": wordings(
            has="a base that stays in place | a bottom that does not roll",
            says="""it stays where it is | you cannot roll it | it stays put | it stands still
            | it lacks wheels | it is not on wheels""",
            tags="""wheelless | not on wheels | minus the wheels | stays put | lacking wheels
            | never any wheels""",
        ),
    },
    "feet": {
        "yes": wordings(
            has="""stubby feet | little feet | knobs to stand on | four little feet | feet like buttons
            | tiny feet | bun feet | four small feet | peg feet | stubs under the base | low feet""",
            says="""it is lifted a little off the floor | it stands on stubs | small feet raise it
            | it stands on four little feet""",
            tags="short-footed | on little feet | feet: short | slightly raised",
        ),
        "no": wordings(
            has="a bottom flat on the floor | a base right on the ground | nothing to lift it off the floor",
            says="""it rests flat on the ground | it reaches down to the floor
            | it touches the floor all round | the base goes down to the floor | it is legless
            | it stands right on the ground""",
            tags="""legless | footless | flat on the floor | down to the ground | minus the legs
            | lacking legs""",
            adjectives="legless",
        ),
    },
}
