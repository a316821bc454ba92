"""How people put the drawers, shelves, panels, cabinets and wheels of a table."""

from __future__ import annotations

from core.corpus.wordings import Groups, wordings

STORAGE: Groups = {
    "drawers": {
        "none": wordings(
            has="nothing to pull out | nowhere to hide things",
            says="""it lacks drawers | you cannot pull anything out | there is nothing to pull open
            | it has nowhere to put small things | it offers no storage in front | the drawers are missing""",
            tags="""drawerless | minus the drawers | lacking drawers | never any drawers
            | nothing to pull out in front""",
        ),
        "one": wordings(
            has="""one pull-out box | a drawer to pull out | a lone drawer | 1 drawer
            | a drawer for cutlery | a drawer for pens | a little drawer to hide things | one sliding box
            | just one drawer""",
            says="""you can pull out a drawer | one drawer slides out | it hides things in a drawer
            | it has 1 drawer | a drawer slides out | there is one drawer to open""",
            tags="drawer: 1 | single-drawer | with a drawer | one-drawer | drawer included",
            adjectives="one-drawer | single-drawer",
        ),
        "many": wordings(
            has="""pull-out boxes | drawers to pull out | {word} pull-out boxes | {count} drawers
            | drawers for your stuff | sliding boxes for storage | drawers to hide things in
            | {word} drawers to open | {word} compartments to pull out | a set of drawers
            | {word} sliding boxes | storage in drawers | drawers like a dresser""",
            says="""you can pull the drawers out | {word} drawers slide out | it has {count} drawers
            | it hides things in drawers | the drawers slide out | there are {word} drawers to open
            | it stores things in drawers | it comes with {word} drawers""",
            tags="""drawers: {count} | drawers: {word} | {word}-drawer | with drawers | storage drawers
            | drawered""",
            adjectives="{word}-drawer",
        ),
    },
    "place": {
        "under": wordings(
            has="storage right under the tabletop",
            says="you pull open the front under the tabletop",
            tags="pull-out storage below the tabletop",
        ),
        "one_side": wordings(
            has="a drawer unit on one side | pull-out storage at one end only",
            says="only one side has pull-out storage",
            tags="drawer unit on one side",
        ),
        "both_sides": wordings(
            has="a drawer unit left and right | drawer units on both sides | pull-out storage on either side",
            says="both sides have pull-out storage | you can pull drawers out left and right",
            tags="drawer units left and right",
        ),
    },
    "handles": {
        "knob": wordings(
            has="""round pulls | little balls to pull | buttons to pull on | pulls like buttons
            | ball-shaped pulls""",
            says="you pull it open by a knob | little balls serve as pulls",
            tags="knobbed | round pulls | pulls: knobs",
        ),
        "bar": wordings(
            has="""bars to pull | bar pulls | rod-like pulls | long pulls | pulls like little rails
            | handles shaped like bars""",
            says="you pull it open by a bar | little rails serve as pulls",
            tags="bar pulls | pulls: bars | long pulls",
        ),
        "none": wordings(
            has="plain fronts | push-to-open fronts | smooth fronts | nothing to grip",
            says="there is nothing to grip in front | the fronts are smooth | you push to open it",
            tags="handleless | smooth-fronted | knobless | push-to-open | minus the handles",
        ),
    },
    "shelves": {
        "none": wordings(
            has="empty space under the top | nothing under the top",
            says="""it lacks a shelf | the space under the top is empty
            | there is only the top, no second level | you cannot store anything below""",
            tags="shelfless | minus the shelf | one level only | lacking a shelf | never a shelf",
        ),
        "one": wordings(
            has="""a second level | a lower level | a second surface below
            | a board underneath for magazines | a storage board below | an extra board below the top
            | a lower deck | a tray underneath | a place for books below | another surface underneath
            | a two-level build | a rack underneath""",
            says="""it has a second level | there is another board below | you can store magazines below
            | it has a lower deck | books fit on the board below | there is storage underneath
            | it is like a two-storey building""",
            tags="two-level | with a lower deck | shelf: 1 | two-storey | lower board | double-decker",
            adjectives="two-level | double-decker",
        ),
        "two": wordings(
            has="""two more levels | two lower levels | two boards below | three levels
            | two storage boards | a pair of shelves | two extra surfaces underneath | a three-level build
            | a rack with two boards""",
            says="""it has three levels | there are two boards below | you can store things on two boards
            | it is like a three-storey building | a pair of boards lies below""",
            tags="three-level | shelves: 2 | three-storey | two lower boards",
            adjectives="three-level",
        ),
    },
    "modesty_panel": {
        "yes": wordings(
            has="""a board hiding your knees | a board across the back | a closed rear side
            | a board at the rear | a knee cover | a screen in front of the knees | a rear board
            | a privacy board | a wall at the rear | a closed back""",
            says="""nobody sees your knees | a board closes the rear | the back is closed with a board
            | the rear is closed | it hides the knees | a wall covers the rear""",
            tags="closed at the rear | knee-hiding board | privacy board | rear closed, for knees",
        ),
        "no": wordings(
            has="an open rear | free space at the rear | a view of the sitter's knees",
            says="""the rear is open | you can see the knees of the sitter | nothing closes the rear
            | it is open at the rear""",
            tags="open at the rear | open-backed",
        ),
    },
    "apron": {
        "yes": wordings(
            has="""a skirt under the top | rails under the top | a band under the top
            | a wooden band below the top | a rim under the top | a frame that stiffens the top
            | a border below the tabletop | skirting below the tabletop | a traditional apron""",
            says="""a skirt runs below the top | rails run under the top
            | a band of boards carries the top | the top sits on a frame | a rim runs around below the top""",
            tags="aproned | skirted | frame under top | rails below the top",
        ),
        "no": wordings(
            has="nothing between top and legs | a bare underside",
            says="the underside of the top is bare | nothing frames the underside",
            tags="apronless | no frame below the top | bare underside | minus the apron",
        ),
    },
    "cabinets": {
        "two": wordings(
            has="""a cupboard at each end | cupboards left and right | two cupboards
            | storage blocks on both sides | a box at each end | two storage boxes carrying the top
            | a cupboard on either side | twin cabinets | kneehole storage on both sides | two boxy ends""",
            says="""cupboards carry the top | it rests on two boxes | there is a cupboard left and right
            | your knees go between two cupboards | both ends are cupboards""",
            tags="two cupboards | cupboards on both sides | executive style | cabinets: 2",
            nouns="executive desk | kneehole desk",
        ),
        "one": wordings(
            has="""a cupboard on one side | a cupboard at one end | one cupboard
            | a storage block on one side | one box for storage | a lopsided build with one cupboard
            | a box at one end | a storage unit on one side""",
            says="""one end is a cupboard | it rests on a box on one side | only one side has a cupboard
            | it is not the same on both sides | one side is closed, the other open""",
            tags="one cupboard | cupboard on one side | asymmetric | cabinets: 1 | single cabinet",
        ),
    },
    "doors": {
        "one": wordings(
            has="a door to open | one little door | a cupboard door | something behind a door",
            says="you can open a door | one side has a door | a door closes the cupboard",
            tags="with a door | door: 1",
        ),
        "two": wordings(
            has="doors to open | two little doors | cupboard doors | storage behind doors",
            says="you can open the doors | doors close the cupboards | each side has a door",
            tags="with doors | doors: 2",
        ),
    },
    "wheels": {
        "yes": wordings(
            has="""castors | little wheels | {count} wheels | {word} castors | {word} little wheels
            | small rollers | something to roll on | wheels so that it moves | wheels like a trolley
            | wheels like a cart | roller feet | swivel casters""",
            says="""it rolls | you can push it around | you can wheel it about | it is easy to move about
            | it moves on wheels | it runs on castors | it is like a trolley | it rolls wherever you like
            | it glides over the floor""",
            tags="""on wheels | on casters | on castors | rolls | rollable | moves around
            | wheels: {count} | like a cart | trolley-like""",
            nouns="trolley | table on wheels | cart",
            adjectives="rollable",
        ),
        "no": wordings(
            has="a build that stays in place",
            says="""it stays where it is | you cannot roll it | it stays put | it lacks wheels
            | it is not on wheels""",
            tags="wheelless | not on wheels | minus the wheels | stays put | lacking wheels",
        ),
    },
}
