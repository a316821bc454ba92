"""How people put the seat, the arms and the kind of a chair."""

from __future__ import annotations

from core.corpus.wordings import Groups, wordings

SEATS: Groups = {
    "seat": {
        "round": wordings(
            has="""a disc for a seat | a seat like a plate | a seat like a pizza
            | a seat in the form of a circle | a circle to sit on | a disk-shaped seat
            | a seat without corners | a seat like a coin | a seat like a drum skin
            | a cylinder for a seat | a seat that is a circle | a round thing to sit on
            | a seat like a cookie | a seat like a wheel of cheese | a circular place to sit""",
            says="""you sit on a circle | the seat is circular | the seat is a disc
            | the seat has no corners | the seat is like a plate | you sit on a disc
            | the seat is as round as a coin""",
            tags="round-seated | disc seat | seat: round | circle to sit on | circular seat, no corners",
            adjectives="round-seated",
        ),
        "rounded": wordings(
            has="""a seat with soft corners | a seat with smoothed corners | a soft-cornered seat
            | a seat with curved corners | a seat with the corners taken off | a rounded-off seat
            | a seat with blunt corners | a seat with no sharp corners
            | a squarish seat with round corners""",
            says="""the corners of the seat are round | the seat has soft corners
            | the seat has no sharp corners | the seat corners are curved""",
            tags="round-cornered seat | seat: rounded corners | soft-cornered seat",
        ),
        "square": wordings(
            has="""a four-cornered seat | a seat with four corners | a boxy seat
            | a seat with sharp corners | a seat with straight edges | a seat like a tile
            | a rectangle to sit on | a squared-off seat | a seat with crisp corners
            | a quadrangular seat | a square-cut seat""",
            says="""the seat has four corners | the seat is a rectangle | the seat has straight edges
            | the seat has sharp corners | you sit on a rectangle | the seat is not round
            | the corners of the seat are square""",
            tags="square-seated | seat: rectangle | square-cornered seat | four-cornered seat, not round",
            adjectives="square-seated",
        ),
    },
    "seat_thickness": {
        "thin": wordings(
            has="""a seat like a board | a flat thin seat | a seat as thin as a board | a slender seat
            | a thinner seat | a seat of little thickness | a sheet-like seat | a seat like a pancake
            | a seat that is not thick | a lean seat | a plywood-thin seat | a thin board to sit on
            | a flat seat""",
            says="""the seat is slim | the seat is not thick | the seat is a thin board
            | you sit on a thin sheet | the seat should be thinner | the seat is flat""",
            tags="thin-seated | seat: thin | slim seat, flat | thin board to sit on",
        ),
        "thick": wordings(
            has="""a fat seat | a deep thick seat | a bulky seat | a heavy seat | a seat like a mattress
            | a seat like a slab | a thicker seat | a seat like a block | a massive seat | a stout seat
            | a seat of great thickness | a seat that is not thin | a big chunky seat
            | a seat as thick as a brick | a plump seat""",
            says="""the seat is chunky | the seat is not thin | the seat is a thick slab
            | the seat is bulky | the seat should be thicker | the seat is fat""",
            tags="thick-seated | seat: thick | chunky seat | slab of a seat",
        ),
    },
    "cushion": {
        "yes": wordings(
            has="""a pillow on the seat | a pad on the seat | a soft seat | a comfy seat
            | a comfortable seat | something soft to sit on | an upholstered seat | upholstery on the seat
            | padding on the seat | a seat pad | a squab | a pillow to sit on | a soft top on the seat
            | a separate seat pad | stuffing under you | an extra layer on the seat""",
            says="""the seat is soft | the seat is padded | you sit softly | you sit on a pillow
            | it is soft to sit on | a pillow lies on the seat | a pad covers the seat
            | the seat is upholstered | it is comfy to sit on | the seat feels soft""",
            tags="""softly padded | comfy | padded seat | seat pad | seat: padded | soft to sit on
            | upholstered seat""",
            adjectives="comfy | padded | upholstered",
        ),
        "no": wordings(
            has="""a hard seat | a bare seat | a seat that is not padded | a seat that is not soft
            | a firm bare seat""",
            says="""the seat is hard | the seat is bare | you sit on the bare seat
            | the seat is not padded | nothing soft lies on the seat | it lacks a cushion
            | it is hard to sit on""",
            tags="""hard-seated | bare seat | hard seat | unpadded | cushionless | minus the cushion
            | seat not padded | lacking a cushion""",
        ),
    },
}

ARMS: Groups = {
    "arms": {
        "none": wordings(
            has="""open sides | free sides | nothing for your elbows | nothing at the sides
            | no support for the elbows""",
            says="""it lacks arms | it lacks armrests | nothing holds your elbows | your elbows hang free
            | the sides are open | you cannot rest your elbows | there is nothing at the sides
            | the arms are missing | armrests are missing""",
            tags="""armless | open at the sides | minus the arms | minus armrests | never any arms
            | not an armchair | lacking arms | without any armrests | free at the sides""",
            adjectives="open-sided",
        ),
        "any": wordings(
            has="""two arms | a pair of arms | a pair of armrests | elbow rests | elbow supports
            | somewhere to put your elbows | an arm on each side | armrests left and right
            | supports for your forearms | arms at the sides | side supports for your elbows
            | something to lay your arms on | rests for both arms | 2 armrests""",
            says="""you can rest your elbows | you can lay your arms down
            | your elbows have somewhere to go | it supports your forearms
            | there is an armrest on each side | there is an arm left and right | arms flank the sitter
            | it comes with armrests""",
            tags="with arms | has armrests | arms: yes | armrests on both sides | elbow rests | armed",
        ),
        "straight": wordings(
            has="""level arms | plain bar arms | arms like bars | simple level armrests
            | arms like rails | straight bars to rest on | stick arms | arms on posts | rail-like armrests
            | level bars as arms | arms that run straight forward | plain straight bars for arms""",
            says="""the arms are level bars | the arms run straight forward
            | the armrests are horizontal rods | the arms do not bend | the arms are plain rails
            | posts carry the arms""",
            tags="bar arms | straight armrests, plain | arms: straight",
        ),
        "round": wordings(
            has="""arms like loops | hoop arms | arms like hoops | bent arms | arms bent from a tube
            | loop armrests | arms like rings | bow-shaped arms | arms like handles | arms without corners
            | bending armrests | tubes bent into arms | arms like the handle of a basket""",
            says="""the arms are loops | the arms bend | the arms are hoops | the armrests are bent tubes
            | the arms look like handles | the arms are not straight""",
            tags="loop arms | hoop arms | arms: curved | curved arms, bent",
        ),
        "padded": wordings(
            has="""T arms | soft armrests | arms like a T | a pad on each arm | office-style armrests
            | flat pads for the elbows | pads on posts | cushioned armrests | comfortable armrests
            | upholstered arms | pads to put your elbows on | T-bar arms | soft pads for your arms""",
            says="""the arms are pads on posts | the arms look like the letter T | the armrests are soft
            | a post carries each armrest | your elbows rest on pads | the armrests are padded""",
            tags="T-arms | padded arms, T-shaped | arms: padded | elbow pads",
        ),
        "box": wordings(
            has="""arms like walls | side walls | arms like boxes | solid sides | wall-like arms
            | panels for arms | slab arms | block arms | thick boards for arms
            | arms you cannot see through | closed sides | boards at both sides | square solid armrests
            | arms like blocks""",
            says="""the arms are walls | the arms are closed panels | the sides are closed
            | the arms are blocks | the arms are boxy | the sides are solid boards
            | walls enclose the sitter left and right""",
            tags="box-armed | solid-sided | arms: solid | walls for arms | closed sides",
        ),
        "rolled": wordings(
            has="""arms like bolsters | scroll arms | rounded tops on solid arms | arms with a roll on top
            | arms like rolled-up towels | Chesterfield arms | Chesterfield-style arms
            | arms with cylinders on top | fat rolled arms | arms like big sausages
            | traditional rolled armrests | arms topped by bolsters | a cylinder along each arm""",
            says="""the arms are rolled over | a bolster tops each arm | each arm ends in a roll
            | the arms are topped with cylinders | the arms have the shape of a scroll
            | the armrests are like bolsters""",
            tags="roll-armed | scroll arms | arms: rolled | Chesterfield-like arms, rolled | bolster arms",
        ),
    },
}

KINDS: Groups = {
    "kind": {
        "chair": wordings(
            nouns="seat | dining chair | chair to sit on",
        ),
        "side": wordings(
            nouns="side chair | dining chair | chair without arms",
        ),
        "armchair": wordings(
            nouns="elbow chair | carver chair | chair with arms | chair with armrests",
        ),
        "office": wordings(
            nouns="""computer chair | task chair | work chair | chair for the office | chair for a desk
            | revolving chair | spinning chair | chair that spins""",
        ),
        "office_wheels": wordings(
            nouns="chair on wheels | chair that rolls | wheeled chair | wheelie chair | castor chair",
        ),
        "lounge": wordings(
            nouns="""easy chair | one-seater | lounger | living-room chair | cosy chair | block chair
            | bulky chair""",
        ),
        "lounge_arms": wordings(
            nouns="club chair | armchair for the living room | fireside chair | armchair",
        ),
        "sofa": wordings(
            says="""two people can sit side by side | there is room for two | it seats two or more
            | it is wide enough for two | it is twice as wide as a chair | it fills the living room""",
            tags="""for two people | for a couple | room for two | for more than one person | extra wide
            | seats two""",
            nouns="""settee | love seat | two-seater | couch for two | sofa for two | living-room sofa
            | wide seat for two | seat for a couple | davenport""",
            adjectives="broad | extra wide | two-seat",
        ),
        "wide_pouf": wordings(
            tags="roomy | wide, backless",
            nouns="wide ottoman | bench ottoman | long pouf | wide pouf",
        ),
        "pouf": wordings(
            nouns="footstool | hassock | pouffe | cube stool | padded stool | block to sit on | tuffet",
        ),
        "stool": wordings(
            nouns="seat to perch on | simple stool | little seat | stool to sit on | perch",
        ),
        "tall_stool": wordings(
            says="""it is as high as a bar | it is for sitting at a counter
            | your feet do not reach the floor | you have to climb up | it stands tall
            | the seat is high up | it lifts you up high""",
            tags="""counter height | bar height | for a bar counter | for a kitchen island | high up
            | tall | long-legged perch""",
            nouns="""barstool | counter stool | high stool | pub stool | kitchen-island stool
            | stool for a bar""",
            adjectives="counter-height | bar-height",
        ),
        "low_stool": wordings(
            tags="low down | not tall",
            nouns="low stool | short stool | small stool",
        ),
        "tripod_stool": wordings(
            nouns="milking stool | tripod stool | three-legged stool",
        ),
        "swivel_stool": wordings(
            nouns="piano stool | revolving stool | spinning stool | stool that spins",
        ),
        "pedestal": wordings(
            nouns="tulip chair | pedestal chair | single-leg chair | chair on one leg | chair on a stem",
        ),
        "pedestal_stool": wordings(
            nouns="pedestal stool | mushroom stool | stool on one leg",
        ),
    },
}
