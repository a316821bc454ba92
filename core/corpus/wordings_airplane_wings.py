"""How people put the wings of an airplane."""

from __future__ import annotations

from core.corpus.wordings import Groups, wordings

WINGS: Groups = {
    "shape": {
        "straight": wordings(
            has="""wings like planks | wings like rulers | plank wings | wings like boards
            | wings sticking straight out | wings at right angles to the body | box-shaped wings
            | Hershey-bar wings | constant-chord wings | wings as wide at the tip as at the root
            | wings like a bench | perpendicular wings | wings without sweep""",
            says="""the wings stick straight out | the wings are like planks
            | the wings are at right angles to the body | the wings are not swept
            | the wings keep their width to the tip | the wings are like boards""",
            tags="straight-winged | plank-winged | wings: straight | rectangular-winged | wings straight out",
            adjectives="straight-wing | plank-winged",
        ),
        "tapered": wordings(
            has="""wings that get narrower outwards | wings narrower at the tips | tapering wings
            | wedge-shaped wings | wings thinning to the tips | trapezoid wings
            | wings broad at the body and narrow at the tips | wings like a trapezium
            | wings shrinking towards the tips | wings with smaller tips""",
            says="""the wings get narrower towards the tips | the wings narrow outwards
            | the wings are broad at the body and narrow outside | the wings are trapezoids
            | the wing tips are narrower than the roots""",
            tags="taper-winged | wings: tapered | narrowing wings | wings narrower outwards",
            adjectives="taper-wing",
        ),
        "swept": wordings(
            has="""wings like an arrow | arrow-like wings | wings leaning back | wings angled backwards
            | wings like a swallow | raked-back wings | wings pointing backwards | slanted-back wings
            | wings like a boomerang | wings drawn back | arrowhead wings | wings slanting to the rear""",
            says="""the wings lean back | the wings point backwards | the wings are like an arrow
            | the wings slant to the rear | the wings are angled backwards
            | the wing tips are further back than the roots | the wings form an arrowhead""",
            tags="swept-winged | wings: swept | arrow-winged | wings angled back | arrow-shaped wings",
            adjectives="arrow-winged",
        ),
        "forward_swept": wordings(
            has="""wings leaning forward | wings angled to the front | wings pointing forwards
            | reversed sweep of the wings | wings raked forward | wings the wrong way round
            | wings reaching forward | wings slanting to the front""",
            says="""the wings lean forward | the wings point to the front | the wings are angled forwards
            | the wing tips are further forward than the roots | the wings look put on backwards
            | the wings reach forward""",
            tags="wings: forward-swept | forward-leaning wings | reversed wings | wings to the front",
            adjectives="forward-swept-wing",
        ),
        "delta": wordings(
            has="""wings like a paper plane | a triangle for a wing | wings forming a triangle
            | a paper-dart wing | a three-cornered wing | a wing like a slice of pizza
            | a wing like a kite | a wing shaped like the letter delta | a wedge of a wing
            | Mirage-like wings | wings like a dart""",
            says="""the wing is a triangle | the wings are like a paper plane
            | from above the wing is a triangle | the wing is three-cornered | the wings look like a dart
            | both wings make one big triangle""",
            tags="delta-winged | wings: delta | paper-plane wings | triangle-winged | dart-shaped wing",
            nouns="delta | dart-shaped plane",
            adjectives="delta-winged",
        ),
        "elliptical": wordings(
            has="""wings like leaves | leaf-shaped wings | Spitfire wings | wings with curved edges
            | wings like surfboards | wings with round outlines | wings like an ellipse
            | Spitfire-like curved wings | petal-shaped wings""",
            says="""the wings are shaped like leaves | the wings have curved edges
            | the wings are ellipses | the wings look like those of a Spitfire | the wing edges are curved""",
            tags="leaf-winged | wings: elliptical | Spitfire wings, curved | curved-edge wings",
            adjectives="leaf-winged",
        ),
    },
    "length": {
        "long": wordings(
            has="""wings like an albatross | wide-reaching wings | a big wingspan | a huge wingspan
            | wings that reach far out | longer wings | extended wings | outstretched wings
            | wings that go on and on | wings of great span | wings like a condor | wide-spread wings""",
            says="""the wings reach far out | the wingspan is big | the wings are outstretched
            | the wings should be longer | the wings are of great span | the wings spread wide""",
            tags="""long-winged | wingspan: big | albatross wings | far-reaching wings | great wingspan
            | condor wings | span: large""",
            adjectives="long-winged",
        ),
        "short": wordings(
            has="""stub wings | little wings | wings like a penguin | small wings at the sides
            | a small wingspan | shorter wings | clipped wings | cropped wings | wings of small span
            | tiny wings | wings that end early""",
            says="""the wings are stubby | the wingspan is small | the wings are clipped
            | the wings should be shorter | the wings end early | the wings are tiny""",
            tags="""short-winged | wingspan: small | clipped wings, short | stub-winged | tiny wings
            | span: small | not much wing""",
            adjectives="short-winged | stub-winged",
        ),
    },
    "width": {
        "narrow": wordings(
            has="""thin wings from front to rear | wings like ribbons | wings like blades | skinny wings
            | wings of high aspect ratio | lean wings | ruler-thin wings from above
            | wings with little chord | slim wings""",
            says="""the wings are slender | the wings are like ribbons | the wings are not broad
            | the wings are skinny | the wings are slim | the wings have little chord""",
            tags="narrow-winged | wings: narrow | blade-like wings | slim wings | slender-winged",
            adjectives="narrow-winged",
        ),
        "wide": wordings(
            has="""big-chord wings | large wing area | fat wings | wings deep from front to rear
            | generous wings | wings like barn doors | wings with a big chord | wings of generous depth
            | wings like big boards""",
            says="""the wings are wide | the wings are deep from front to rear | the wings are not narrow
            | the wings are like barn doors | the wings have a big chord | the wings are like big boards""",
            tags="broad-winged | wings: broad | wide wings, deep | big-chord wings | wings: wide",
            adjectives="broad-winged",
        ),
    },
    "count": {
        "two": wordings(
            has="""wings in two storeys | four wings in all | a second wing above
            | one wing on top of the other | a pair of wings above another | two layers of wings
            | stacked wings | two wing decks | wings like a double-decker | one wing over and one under
            | a wing above the body and one below | two floors of wings""",
            says="""the wings are stacked | one wing sits above the other | there are two layers of wings
            | the wings come in two storeys | one wing is above, one is below
            | the wings are in two layers""",
            tags="""double-winged | wings: two layers | two-storey wings | wings stacked
            | wings above and below | 2 layers of wings""",
            nouns="double-winged plane | two-decker plane",
            adjectives="double-winged",
        ),
        "three": wordings(
            has="""wings in three storeys | six wings in all | three layers of wings | three wing decks
            | a stack of three wings | wings like the Red Baron's | wings upon wings upon wings
            | a triple stack of wings | wings in three layers | three wings, one over another""",
            says="""three wings sit above each other | there are three layers of wings
            | the wings come in three storeys | the wings are stacked three deep
            | the wings are in three layers""",
            tags="""triple-winged | wings: three layers | three-storey wings | 3 layers of wings
            | wings stacked three deep""",
            nouns="three-decker plane | triple-winged plane",
            adjectives="triple-winged",
        ),
    },
    "position": {
        "low": wordings(
            has="""wings at the belly | wings under the body | wings attached at the bottom
            | wings below the cabin | wings at floor level | wings right under the seats
            | wings joining at the bottom | a body standing on its wings""",
            says="""the wings sit at the bottom of the body | the wings are attached below
            | the body sits on top of the wings | the wings grow from the belly
            | the wings join the body at the bottom | people sit above the wings
            | the wings are under the cabin floor""",
            tags="""wings: low | wings at the bottom | belly-mounted wings | bottom-mounted wings
            | wings below the body | low-slung wings""",
            adjectives="low-winged",
        ),
        "mid": wordings(
            has="""wings halfway up the body | wings through the middle | wings at half height
            | wings at waist level | wings from the side of the body | wings in the middle of the side
            | wings growing from the waist | wings centred on the body | wings in line with the body""",
            says="""the wings sit halfway up the body | the wings go through the middle of the body
            | the wings are neither at the top nor at the bottom | the wings grow from the waist
            | the wings sit in the middle | the wings join the body at mid height""",
            tags="""wings: mid | mid-wing | wings halfway up | waist-high wings | wings: middle
            | wings at the centre line""",
            adjectives="mid-winged",
        ),
        "high": wordings(
            has="""wings at the roof | wings over the body | wings attached at the top
            | wings above the cabin | wings like a roof | wings at shoulder level
            | wings right over the heads | wings joining at the top | a body hanging below its wings""",
            says="""the wings sit on top of the body | the wings are attached at the top
            | the body hangs under its wings | the wings are above the cabin
            | the wings join the body at the roof | people sit below the wings
            | the wings are over the cabin""",
            tags="""wings: high | wings at the top | roof-mounted wings | top-mounted wings
            | wings above the body | overhead wings""",
            adjectives="high-winged",
        ),
    },
    "angle": {
        "up": wordings(
            has="""wings rising outwards | wings like a gull going up | wing tips higher than the roots
            | upward-slanting wings | raised wings | wings lifted at the tips
            | wings pointing a little to the sky | wings like raised arms""",
            says="""the wings rise towards the tips | the wings slant upwards
            | the wing tips are higher than the roots | the wings point a little to the sky
            | the wings are lifted at the tips | the wings are tilted up""",
            tags="""wings: dihedral | rising wings | wings slanting up | wings up at the tips
            | wings lifted | wings: tilted up""",
        ),
        "down": wordings(
            has="""hanging wings | sagging wings | wings sloping down | wings pointing at the ground
            | wing tips lower than the roots | wings lowered at the tips | wings like hanging arms
            | downward-slanting wings""",
            says="""the wings hang down | the wings slope down | the wings sag
            | the wing tips are lower than the roots | the wings are lowered at the tips
            | the wings slant downwards | the wings are tilted down""",
            tags="""wings: anhedral | drooping wings, sagging | wings sloping down, both
            | wings down at the tips | wings lowered | wings: tilted down""",
        ),
        "flat": wordings(
            has="""horizontal wings | wings parallel to the ground | wings without any tilt
            | wings level like a table | wings neither up nor down | wings like a flat board
            | wings spread level""",
            says="""the wings are level | the wings are horizontal | the wings do not tilt
            | the wings are spread level | the wings are flat, without any tilt
            | the wings lie in one plane""",
            tags="wings: level | flat-winged | untilted wings | wings spread flat | wings: flat",
        ),
    },
    "winglets": {
        "yes": wordings(
            has="""wings with bent-up ends | little fins on the wing tips | wing tips bent up
            | wings folded up at the ends | sharklets on the wings | wings with turned-up tips
            | bent wing ends | wings with little vertical ends | wing tips like little sails""",
            says="""the ends of the wings bend up | the wing tips stand up
            | little fins stand on the wing tips | the wings end in little fins
            | the wing ends are bent upwards | the wing tips point at the sky""",
            tags="""wing tips bent up | sharklet wings | wing ends up | wings: tips up | bent wing tips
            | little fins on wing ends""",
        ),
        "no": wordings(
            has="plain wing tips | wings with plain ends | wings ending flat | unbent wing ends",
            says="""the wing tips are plain | the wings simply end | the wing ends are not bent up
            | the wings end flat""",
            tags="plain wing ends | wing tips unbent | wings: plain tips | minus the winglets",
        ),
    },
    "canards": {
        "yes": wordings(
            has="""little wings in front | a second small pair of wings ahead | small front wings
            | mini wings before the main ones | ears-like wings in front | front wings like little ears
            | a mini pair of wings up front | extra little wings at the front | duck-style front wings""",
            says="""small wings sit in front of the main ones | there is a little pair of wings ahead
            | the little wings come first | a mini pair of wings sits up front
            | extra wings sit at the front | the front has small wings of its own""",
            tags="""front wings, small | canard type | small wings ahead | extra front wings
            | mini wings up front | wings: also in front""",
            nouns="canard plane",
            adjectives="canard",
        ),
        "no": wordings(
            has="only the main wings | nothing ahead of the wings | a front without little wings",
            says="""nothing sits ahead of the main wings | there are only the main wings
            | the front has no wings of its own | it lacks canards""",
            tags="main wings only | lacking canards | minus the canards | front without wings",
        ),
    },
    "struts": {
        "mono": wordings(
            has="""diagonal braces to the wings | sticks holding up the wings
            | slanting poles under the wings | wings propped up by sticks | wings held by diagonal sticks
            | wings with supports from below | bars from the body to the wings""",
            says="""sticks hold up the wings | the wings are braced | poles prop up the wings
            | bars run from the body to the wings | the wings are held by sticks
            | supports hold the wings from below""",
            tags="""strut-braced wings | braced wings, propped | propped-up wings | wings on sticks
            | wings: braced | wing supports""",
            adjectives="strut-braced",
        ),
        "multi": wordings(
            has="""poles between the wings | sticks joining the wings | wings tied together by poles
            | braces between the wings | upright sticks between the wings | rods keeping the wings apart
            | wings linked by sticks""",
            says="""poles join the wings | sticks hold the wings apart | the wings are tied together
            | rods keep the wings apart | sticks stand between the wings | the wings are linked by sticks""",
            tags="""wings joined by poles | poles between wings | wings linked by sticks
            | rods between wings | wings: linked""",
        ),
        "none": wordings(
            has="clean cantilever wings | unbraced wings | wings without supports | free-standing wings",
            says="""nothing props up the wings | the wings hold themselves | the wings have no supports
            | no sticks hold the wings""",
            tags="unbraced wings, clean | minus the struts | wings without supports, clean",
        ),
    },
}
