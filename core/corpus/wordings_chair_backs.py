"""How people put the kind of a back; edits of one part use these, so no other is named."""

from __future__ import annotations

from core.corpus.wordings import Groups, wordings

BACKS: Groups = {
    "back": {
        "none": wordings(
            has="""nothing to lean on | nothing to lean against | nothing behind you
            | no support for your spine""",
            says="""it lacks a back | it lacks a backrest | you cannot lean on anything
            | there is nothing to lean on | you have to sit without leaning | nothing supports your spine
            | it is backless""",
            tags="""backless | minus the back | minus the backrest | no leaning | not one to lean on
            | only a perch | just something to perch on | lacking a back | lacking a backrest""",
            nouns="perch | backless seat",
            adjectives="backless",
        ),
        "solid": wordings(
            has="""a plain board for a back | a flat board to lean on | a closed back | a panel back
            | a back made from a single board | a slab of a back | a back in one piece
            | a back like a plank | a back like a door | a back like a wall
            | a back like a sheet of plywood | an unbroken back | a blank back | a smooth flat backrest
            | a simple flat backrest | a full panel behind you | a box-like rectangle to lean on
            | a rectangle for a back | a rectangular backrest | a backrest with straight edges
            | a solid board behind the sitter""",
            says="""the back is a single flat board | the back is one closed panel
            | the back is a plain rectangle | the backrest is in one piece | the backrest is a flat slab
            | you lean on a flat board | the back is like a wall | the back is a board, nothing fancy""",
            tags="panel-backed | flat-backed | board back | panel back, plain | closed flat back",
            nouns="panel-back chair | board-back chair",
            adjectives="flat-backed | panel-backed",
        ),
        "padded": wordings(
            has="""a soft back | a comfy back | a comfortable thick back | a plump back | a puffy backrest
            | a back like a mattress | a back like a pillow | a fat back | a stuffed back
            | a well-padded back | a backrest you sink into | a foam back | a chunky back
            | a bulky backrest | plenty of padding behind you | padding to lean on
            | a pillow-like backrest | a generous soft backrest | an overstuffed back
            | upholstery behind you""",
            says="""the back is soft | the back is upholstered | the back is plump
            | you sink into the backrest | the backrest is cushioned | the back is as thick as a mattress
            | it has padding to lean on | the back is comfy""",
            tags="padded-back | comfy back | soft-backed | upholstered back, thick | plush back",
            nouns="padded-back chair",
            adjectives="padded-back | soft-backed",
        ),
        "arched": wordings(
            has="""a domed back | a back that is round at the top | a back like a tombstone
            | a back like a church window | a back like a half moon on top | a back like an archway
            | a back with a curved top edge | a back ending in a half circle
            | a back with a semicircular top | a bread-slice back | a back like a slice of toast
            | a tongue-shaped back | a closed panel with a round top | a gravestone-shaped backrest
            | a backrest topped by a half circle | a back shaped like an arch
            | a solid back, curved at the top | a backrest like a big thumb | a cathedral-shaped back""",
            says="""the back ends in a half circle | the top edge of the back is a curve
            | the backrest is round on top | the back looks like a tombstone
            | the back looks like an archway | the back curves at the top edge
            | its back has the outline of an arch""",
            tags="arch-backed | round-topped back | dome-topped back | tombstone back | arch for a back",
            nouns="arch-back chair",
            adjectives="arch-backed",
        ),
        "circle": wordings(
            has="""a disc for a back | a circle for a back | a disk behind you | a plate-shaped back
            | a back like a plate | a back like a lollipop | a back like a full moon | a back like the sun
            | a coin-shaped back | a circular backrest | a round backrest | a circle to lean on
            | a round disc as the backrest | a backrest in the form of a circle | a medallion for a back
            | a big round dot for a back | a round pad behind you | a moon-shaped backrest
            | a frisbee of a back""",
            says="""the back is a circle | the back is circular | the back is a disc
            | the backrest is round | the back is round like a plate | you lean on a circle
            | the back looks like a lollipop | the back has no corners, it is a circle""",
            tags="disc-backed | circle-backed | round-backed | circle back | lollipop back",
            nouns="round-back chair | disc-back chair",
            adjectives="round-backed",
        ),
        "oval": wordings(
            has="""an egg-shaped back | an elliptical back | an ellipse for a back | a back like an egg
            | a pill-shaped back | a back without corners | an oval backrest | an oval to lean on
            | a capsule-shaped back | a back like a stadium | a back like a bar of soap
            | a medallion-like oval back | a rounded pad behind you | a back with all corners rounded away
            | an oval pad as the backrest""",
            says="""the back is an ellipse | the back is an oval | the backrest is egg-shaped
            | the back has no corners | the back is shaped like a pill | you lean on an oval pad
            | the back looks like an egg""",
            tags="oval-backed | oval back, closed | egg-like backrest | ellipse back",
            nouns="oval-back chair",
            adjectives="oval-backed",
        ),
        "curved": wordings(
            has="""a wraparound back | a back that wraps around you | a back that hugs you
            | a tub-like back | a barrel-shaped back | a back like half a barrel | a shell-like back
            | a concave back | a hollowed back | a back bent like a C | a back like a bent sheet
            | a back like a piece of a tube | a back following your body
            | a backrest bent around the sitter | a curving backrest | an embracing back
            | a cocoon-like back | a scooped back | a back bent round like a horseshoe
            | a closed back that curls round you | a back like a shield around you""",
            says="""the back hugs you | the back wraps around you | the back bends around the sitter
            | the backrest is concave | the back is like half a barrel
            | the back curls round on both sides | the back is bent, not flat
            | the backrest embraces the person""",
            tags="barrel-backed | wraparound back | curved-back | hugging backrest | bent back, not flat",
            nouns="barrel chair | tub chair | barrel-back chair | wraparound chair",
            adjectives="barrel-backed",
        ),
        "vertical_slats": wordings(
            has="""vertical rods or boards behind you | bars going up and down in the back
            | a picket-fence back | a back like a picket fence | a back like a garden fence
            | a back like prison bars | a back like a comb | a back like the bars of a cage
            | a back like a baby's crib | standing bars in the back | {word} standing slats in the back
            | {word} up-and-down bars in the back | {count} vertical slats
            | {count} vertical bars in the back | a backrest of {word} bars
            | a row of {word} slats in the back | parallel vertical bars in the back
            | vertical sticks in the back | a barred back | lines running up the back
            | a back of sticks standing side by side""",
            says="""the bars of the back stand side by side | the back looks like a fence
            | the back looks like a comb | {word} bars run up the back | the slats run from bottom to top
            | the bars in the back go up and down | the back is barred like a cage
            | you lean on {word} bars""",
            tags="""fence-like back | barred back, vertical | back: {word} bars
            | back: {count} vertical slats | vertical bars behind""",
            nouns="fence-back chair",
            adjectives="bar-backed",
        ),
        "vertical_slats_1": wordings(
            has="""one upstanding board in the back | a splat in the middle of the back | a central splat
            | a single board down the middle of the back | one vertical bar in the back""",
            says="a single bar runs up the middle of the back | one board stands in the middle of the back",
            tags="single-splat back | one splat behind",
            nouns="splat-back chair",
        ),
        "horizontal_slats": wordings(
            has="""bars running across the back | crossbars in the back | {word} crossbars in the back
            | {word} rails across the back | {count} horizontal slats
            | {count} horizontal bars in the back | slats lying one above another in the back
            | sideways slats in the back | a back like a window blind | a back like a railing
            | a back like a farm gate | planks across the back | {word} boards across the back
            | level bars in the back | a stack of rails for a back | stripes across the back
            | {word} horizontal rails to lean on | bars from left to right in the back""",
            says="""bars run across the back | {word} rails cross the back from side to side
            | the slats lie flat, not standing | the back looks like a gate
            | the back is made of crossbars | the bars of the back go sideways
            | you lean on {word} level bars | the slats lie one above the other""",
            tags="""railed back | back: {word} rails | back: {count} horizontal slats
            | horizontal bars behind | gate-like back""",
        ),
        "horizontal_slats_1": wordings(
            has="""one bar across the back | only one rail to lean on | a single crossbar in the back
            | a lone horizontal bar in the back""",
            says="a single bar crosses the back | you lean on one rail",
            tags="one rail behind | single-rail back",
        ),
        "frame": wordings(
            has="""an empty back | an empty frame behind you | a hole in the middle of the back
            | a big opening in the back | a back with nothing inside | a back like an empty picture frame
            | a back like a window without glass | a back like a doorway | only the outline of a back
            | a back of bare edges | a hollow backrest | a hoop or frame as the backrest
            | a back with its middle cut out | a back with an empty middle
            | a backrest that is a mere outline | an unfilled back | a back like a goal without a net
            | just a rim to lean on | a skeleton of a back | a back consisting of a loop""",
            says="""the back is empty inside | the back is hollow | the middle of the back is missing
            | the back is an outline only | nothing fills the frame of the back
            | the back is like an empty picture frame | the backrest has a big hole in the middle
            | the back is a window with nothing in it""",
            tags="""open-backed | hollow-backed | empty back frame | frame back, nothing inside
            | back with a hole""",
            nouns="open-back chair | frame-back chair",
            adjectives="open-backed",
        ),
        "panels": wordings(
            has="""{word} boards standing side by side in the back | {word} wide boards in the back
            | {count} panels in the back | {word} upstanding planks in the back
            | a back of {word} wide planks | a back in {word} pieces | a back divided into {word}
            | a back cut into {word} strips | wide planks in the back | a back of separate boards
            | a segmented back | {word} slabs side by side behind you | a backrest in {word} parts
            | wide boards with slits between them | a back with narrow slits | a back like wooden shutters
            | a back with slots from top to bottom""",
            says="""the back consists of {word} boards | the back comes in {word} pieces
            | the back is divided into {word} | {word} wide planks make the back
            | narrow slits divide the back | you lean on {word} planks
            | the back is cut into {word} strips""",
            tags="""split-back | {word}-panel back | back: {word} boards | back: {count} panels
            | segmented backrest""",
            nouns="split-back chair",
            adjectives="split-backed",
        ),
        "cross": wordings(
            has="""an X for a back | an X-back | a letter X in the back | two diagonal bars in the back
            | diagonals crossing in the back | a crisscross back | a criss-cross back
            | bars that cross in the back | a back like the letter X | a back with a big X
            | two crossing sticks in the back | an x-shaped backrest | a crossbuck back
            | a back braced by an X | a back like a barn door | a St Andrew's cross in the back
            | two slanting bars that cross in the back | an ex shape in the back
            | a multiplication sign in the back""",
            says="""the back is an X | the back makes an X | its back forms the letter X
            | diagonals cross in the back | two sticks cross each other in the back
            | the bars of the back go corner to corner | the back looks like a barn door""",
            tags="X-backed | cross-backed | X back | crisscross back | back: X",
            nouns="cross-back chair | X-back chair",
            adjectives="X-backed | cross-backed",
        ),
    },
    "ladder": {
        "yes": wordings(
            has="""a back like a ladder | a ladder for a back | rungs to lean on | a ladder-style backrest
            | ladder rungs in the back | a back you could climb like a ladder | a {word}-rung back
            | {word} rungs in the back""",
            says="the back looks like a ladder | the back has rungs | the back has {word} rungs",
            tags="ladder-back | ladder-backed | back: ladder",
            nouns="ladder-back chair | ladderback chair | ladderback",
            adjectives="ladder-back",
        ),
    },
}
