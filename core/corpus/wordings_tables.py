"""How people put the top, the height and the purpose of a table."""

from __future__ import annotations

from core.corpus.wordings import Groups, wordings

TOPS: Groups = {
    "top": {
        "round": wordings(
            has="""a disc for a top | a top like a pizza | a top like a coin | a top like a plate
            | a top in the form of a circle | a top without any edges to bump into | a disk-shaped top
            | a top like a wheel of cheese | a round surface | a circular surface | a top like a full moon
            | a round slab on top | a top all round | a top like a manhole cover | a cylinder for a top
            | a round disc on top | a surface with no corners at all | a top as round as a button""",
            says="""the top is a disc | the top is circular | the top is shaped like a coin
            | the surface is round | the top looks like a pizza | seen from above it is a circle
            | the edge of the top is a circle | the top is as round as a plate""",
            tags="round-topped | disc top | top: round | circle on top | circular surface",
            nouns="round table",
            adjectives="round-topped",
        ),
        "oval": wordings(
            has="""an elliptical top | an ellipse for a top | an egg-shaped top | a top like an egg
            | a top like a running track | a top like a rugby ball from above
            | a stretched circle for a top | a surface shaped like an ellipse | an oval surface
            | a top like a surfboard | a longish surface with round ends | a top with curved ends
            | an ellipsoid-like flat top | a top like a stadium | a top like a stretched circle""",
            says="""the top is an ellipse | the top is an oval | the top is like a stretched circle
            | seen from above it is an ellipse | the surface is oval
            | the top is longer than wide and round at the ends | the top is shaped like an egg""",
            tags="oval-topped | ellipse top | top: oval | elliptical surface | stretched circle on top",
            nouns="oval table",
            adjectives="oval-topped | elliptical",
        ),
        "square": wordings(
            has="""a top with four equal sides | a top like a chessboard | a top like a tile
            | a top like a card table | a top as long as it is wide | equal sides on top | a quadratic top
            | a square surface | a square slab on top | a top shaped like a box lid
            | a square board on top | a top like a cracker | a surface with four equal edges
            | a square to put things on""",
            says="""the top is a square | all sides of the top are equal
            | the top is as wide as it is deep | the surface is square | seen from above it is a square
            | the top is like a chessboard""",
            tags="square-topped | square surface | top: square | four equal sides | square on top",
            nouns="square table",
            adjectives="square-topped",
        ),
        "rectangular": wordings(
            has="""a four-sided top | a top longer than wide | a rectangle on top | a top like a door
            | a top like a sheet of paper | a top with two long and two short sides
            | a rectangular surface | a rectangular board on top | a plain four-cornered top
            | a top like a playing card | a rectangle to put things on | an ordinary four-cornered surface
            | a top like a brick seen from above""",
            says="""the top is a rectangle | the top has four corners | the top is longer than it is wide
            | the surface is rectangular | the top has two long sides and two short ones
            | seen from above it is a rectangle | the top is not round | the top is four-sided""",
            tags="rectangle top | top: rectangle | four-cornered top | rectangular surface | not a round top",
            nouns="rectangular table",
            adjectives="four-cornered",
        ),
        "hexagonal": wordings(
            has="""a hexagon for a top | a top with six sides | a top like a honeycomb cell
            | a top like a hex nut | a top with six corners | six equal sides on top | a 6-sided top
            | a top shaped like a hexagon | a honeycomb-shaped top | a top like a bolt head
            | six edges around the top | a hexagonal surface""",
            says="""the top has six sides | the top has six corners | the top is a hexagon seen from above
            | the top is like a honeycomb cell | the top is 6-sided | seen from above it is a hexagon""",
            tags="hexagon top | top: hexagon | six-cornered | 6 sides on top | honeycomb-shaped",
            nouns="hexagon table | six-sided table",
            adjectives="hexagon-topped",
        ),
        "octagonal": wordings(
            has="""an octagon for a top | a top with eight sides | a top like a stop sign
            | a top with eight corners | an 8-sided top | eight equal sides on top
            | a stop-sign-shaped top | a top shaped like an octagon | eight edges around the top
            | an octagonal surface""",
            says="""the top has eight sides | the top has eight corners | the top is like a stop sign
            | the top is an octagon seen from above | the top is 8-sided
            | seen from above it is an octagon""",
            tags="octagon top | top: octagon | eight-cornered | 8 sides on top | like a stop sign",
            nouns="octagon table | eight-sided table",
            adjectives="octagon-topped",
        ),
    },
    "thickness": {
        "thick": wordings(
            has="""a fat top | a massive top | a slab of a top | a top like a butcher block
            | a top like a big slab | a bulky top | a thicker top | a solid heavy board on top
            | a stout top | a top of great thickness | a top that is not thin
            | a top as thick as a mattress | a butcher-block top | a beam-like thick surface
            | a surface with a thick edge""",
            says="""the top is a heavy slab | the top is massive | the top is not thin
            | the top should be thicker | the top is a thick board | the top is bulky
            | the edge of the top is thick""",
            tags="thick-topped | slab top | top: thick | massive top | make the top thicker",
            adjectives="thick-topped",
        ),
        "thin": wordings(
            has="""a slender top | a top like a sheet | a sheet-like top | a top like a pane of glass
            | a thinner top | a top as thin as a board | a fine, thin surface | a top of little thickness
            | a top that is not thick | a delicate top | a top like a tray | a lightweight top
            | a top like a sheet of metal | a surface with a thin edge""",
            says="""the top is slim | the top is not thick | the top is a thin sheet
            | the top should be thinner | the top is like a pane | the edge of the top is thin
            | the top is thin like a sheet""",
            tags="thin-topped | sheet-like top | top: thin | slim top, light | make the top thinner",
            adjectives="thin-topped",
        ),
    },
    "corners": {
        "rounded": wordings(
            has="""soft corners | corners that are not sharp | smoothed corners | curved corners
            | child-safe corners | blunt corners | rounded-off corners | corners with a radius
            | corners you cannot hurt yourself on | a top with soft corners | corners like a smartphone""",
            says="""the corners are not sharp | the corners are soft | the corners are rounded off
            | the corners are curved | the corners of the top are round
            | you cannot hurt yourself on the corners""",
            tags="soft-cornered | corners: rounded | no sharp corners | smooth corners | round-cornered",
        ),
        "square": wordings(
            has="""right-angle corners | crisp corners | pointed corners | hard corners
            | corners that are not rounded | a top with sharp corners | ninety-degree corners
            | corners not rounded off | a top with crisp corners""",
            says="""the corners are sharp | the corners are pointed | the corners are not rounded
            | the corners are right angles | the corners of the top are crisp""",
            tags="sharp-cornered | corners: square | crisp corners | square-cornered",
        ),
    },
    "slats": {
        "yes": wordings(
            has="""boards with gaps between them | a top of separate boards | a top like a pallet
            | a picnic-table top | a top you can look through | a top of {word} boards
            | {word} boards side by side | {count} slats | strips of wood as a top
            | a top that lets rain through | a top like a wooden grate | a top in {word} strips
            | slits along the top | a garden-furniture top | a top like decking""",
            says="""the top is not one piece | the top is made of boards | rain runs through the top
            | the top is like a pallet | you can see the ground through the top
            | {word} boards make the top | narrow slits run along the top
            | the top is made of {word} strips""",
            tags="""slat top | garden style | boarded top | top: {word} slats | top: {count} slats
            | picnic style | for outdoors""",
            nouns="garden table | picnic table",
            adjectives="slat-topped",
        ),
    },
    "length": {
        "long": wordings(
            has="""a stretched-out top | a top much longer than wide | a top like a runway
            | a narrow strip of a top | an elongated top | plenty of length | a lengthy top
            | a slender long surface | a top like a plank | a top like a catwalk""",
            says="""it is elongated | it is much longer than wide | it is stretched out
            | it goes on and on | it is slim and lengthy""",
            tags="elongated | lengthy | long and narrow | stretched out | longer than wide",
            adjectives="elongated | stretched-out",
        ),
    },
    "height": {
        "low": wordings(
            has="""little height | a top near the ground | a top at knee level | a squat build
            | a build close to the ground | a top you reach sitting on the ground""",
            says="""it is squat | it is not tall | it comes up to your knees | it is near the ground
            | it is only knee-high | you bend down to reach it | it sits near the floor
            | it should be lower""",
            tags="knee-high | squat | not tall | near the ground | ground-hugging | lowish | height: low",
            adjectives="squat | knee-high",
        ),
        "medium": wordings(
            has="""an ordinary height | a usual height | a height for sitting at
            | the height of a normal table""",
            says="it has an ordinary height | it is the usual height",
            tags="ordinary height | normal height | usual height | height: normal",
        ),
        "tall": wordings(
            has="""a top at chest level | an elevated top | a lofty top | plenty of height
            | a top you stand at | counter height | bar height | a stretched, tall build""",
            says="""it is not low | it comes up to your chest | it is raised up | you stand at it
            | it towers | it should be taller | you would need stools at it""",
            tags="""chest-high | counter-height | bar-height | elevated | not low | stand-up height
            | height: tall""",
            adjectives="chest-high | counter-height | lofty",
        ),
    },
}

PURPOSES: Groups = {
    "purpose": {
        "dining": wordings(
            has="a place for meals | room for plates | space for a family dinner",
            says="""a family can eat at it | it is for eating at | you have dinner at it
            | people gather around it for meals | it belongs in a dining room | it belongs in a kitchen
            | guests can eat at it""",
            tags="for eating | for the dining room | for the kitchen | for meals | for family dinners",
            nouns="""eating table | breakfast table | family table | table to eat at | table for dinner
            | table for meals""",
        ),
        "coffee": wordings(
            has="room for magazines | space for coffee cups | room for a tray",
            says="""it goes in front of a sofa | you put magazines on it | you put your coffee on it
            | it belongs before the couch | it belongs in a living room | you could put your feet up on it""",
            tags="""for the living room | in front of a sofa | for magazines | for coffee cups
            | lounge furniture""",
            nouns="lounge table | tea table | couch table | table for magazines | table for the living room",
        ),
        "side": wordings(
            has="room for a lamp | space for a glass and a book | room for a vase",
            says="""it goes beside a sofa | it stands next to the couch | a lamp goes on it
            | it is a little helper beside the sofa | it holds a lamp and a book | it is small""",
            tags="beside the sofa | for a lamp | small | next to the couch | for a vase",
            nouns="small table | lamp table | occasional table | little table | plant stand",
        ),
        "desk": wordings(
            has="room for a computer | space for paperwork | room for a laptop | room for homework",
            says="""you work at it | you can write at it | a computer goes on it | it is for homework
            | it belongs in an office | it belongs in a study | you sit behind it and type""",
            tags="""for the office | for writing | for a computer | for homework | for working from home
            | workplace""",
            nouns="""workstation | study desk | school desk | home-office desk | desk for a computer
            | work table | writing table""",
        ),
        "bench": wordings(
            has="room to sit side by side | a surface to sit on",
            says="""you sit on it | people sit on it side by side | it is for sitting
            | several people can sit on it | it seats a row of people | it is a seat without a back""",
            tags="for sitting | to sit on | for several people | seats a row of people | hallway seating",
            nouns="""long seat | bench to sit on | bench without a back | park bench | dining bench
            | garden bench""",
        ),
        "bar": wordings(
            has="room for drinks | space for beer glasses",
            says="""you stand at it with a drink | it belongs in a pub | it belongs in a bar
            | you need stools for it | people stand around it with drinks""",
            tags="for drinks | for a pub | for bars | for standing at | party furniture",
            nouns="bistro bar table | counter table | stand-up table | table to stand at | poseur table",
        ),
        "console": wordings(
            has="room for keys and letters | space for flowers in the hall | room for a mirror above",
            says="""it stands against a wall | it belongs in a hallway | keys go on it
            | it is slim enough for a corridor | it stands behind a sofa | it is placed along a wall""",
            tags="for the hallway | against a wall | for the entrance | wall-side | for a corridor",
            nouns="hall table | wall table | entrance table | entryway table | corridor table",
        ),
    },
}
