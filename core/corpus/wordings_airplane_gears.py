"""How people put the landing gear and floats of an airplane."""

from __future__ import annotations

from core.corpus.wordings import Groups, wordings

GEARS: Groups = {
    "gear": {
        "none": wordings(
            has="a smooth belly without wheels | nothing to roll on, no wheels | a belly without any wheels",
            says="""it lacks wheels | no wheels hang down | there are no wheels to be seen
            | it has no wheels out | you see no wheels | no wheels stick out below""",
            tags="""wheelless | minus the wheels | no wheels showing | no wheels below
            | no wheels to be seen | belly without wheels""",
        ),
        "up": wordings(
            has="""wheels tucked in | wheels folded away | wheels hidden inside | its wheels pulled in
            | wheels stowed away | wheels pulled up | wheels inside the body | wheels out of sight""",
            says="""the wheels are tucked in | the wheels are folded away | the wheels are hidden
            | it is in flight with its wheels tucked in | the wheels are out of sight
            | the wheels are inside | it flies with its wheels folded away""",
            tags="""wheels in | wheels tucked away | in flight, wheels hidden | wheels out of sight
            | wheels folded | wheels: up""",
        ),
        "single": wordings(
            has="""one wheel under the body | a lone wheel | just one wheel below | 1 wheel
            | a unicycle-like wheel | one wheel in the middle | a single belly wheel
            | not two wheels but one""",
            says="""it lands on one wheel | only one wheel is under the body | it balances on one wheel
            | one wheel sits in the middle below | a single wheel carries it""",
            tags="""wheels: 1 | one-wheeled | lone belly wheel | one belly wheel | single wheel below
            | one wheel, not two""",
        ),
        "down": wordings(
            has="""wheels to land on | wheels hanging down | wheels under it | legs with wheels
            | wheels out | wheels ready to land | wheel legs below | lowered wheels
            | wheels touching the ground | wheels for the runway""",
            says="""its wheels are out | it is ready to land on its wheels | it can stand on its wheels
            | the wheels hang down | it rolls on wheels | the wheels are lowered | the wheels are out
            | it can roll on its wheels along the runway""",
            tags="""wheels out | gear out | on its wheels | ready to land, wheels out | wheels lowered
            | wheels: down | wheels on the ground""",
        ),
        "tricycle": wordings(
            has="""a wheel in front and two further back | wheels like a tricycle | a front wheel
            | wheels like a child's tricycle | three points with wheels, one in front
            | a steering wheel below the nose | a wheel at the front end | a level stance on wheels
            | wheels front and rear""",
            says="""one wheel is in front, the others further back | it stands level on its wheels
            | the small wheel is in front | the front wheel is under the nose
            | a wheel sits at the front end | it stands level, a wheel under its nose""",
            tags="""tricycle gear | front wheel | wheels: tricycle | wheel under the nose | gear: tricycle
            | wheel at the front end | nose-wheel type""",
        ),
        "tail_wheel": wordings(
            has="""a little wheel at the back | taildragger gear
            | two big wheels in front and a small one behind | taildragger wheels
            | a wheel at the tail end | a small rear wheel | two main wheels and a tiny tail wheel
            | a tail resting on a little wheel""",
            says="""it sits on its tail wheel | the small wheel is at the back | it has taildragger gear
            | the tail rests on a little wheel | the rear wheel is tiny | its tail has a wheel of its own""",
            tags="""taildragger, small wheel behind | tail-wheel gear | little wheel at the back
            | gear: tail wheel | small rear wheel | tiny wheel under the tail | wheel at the tail end""",
            nouns="taildragger",
            adjectives="taildragger",
        ),
    },
    "floats": {
        "none": wordings(
            has="nothing to swim on | no boat shoes",
            says="it cannot land on water | it would sink on water | it does not swim | it cannot swim",
            tags="floatless | minus the floats | lacking floats | no boat shoes, no swimming | not for water",
        ),
        "tip": wordings(
            has="""little floats at the wing tips | swimming aids under the wings | outrigger floats
            | small floats left and right | a small float left and right | little floats hanging down
            | a float near each wing tip | balance floats""",
            says="""small floats keep the wings out of the water | a little float hangs from each wing
            | a small float hangs on each side | little floats steady it on water
            | floats hang near the wing tips""",
            tags="""wing-tip floats | outrigger floats, small | floats: under the wings
            | small floats, one per wing | balance floats | floats: wing tips""",
        ),
        "pontoons": wordings(
            has="""feet like boats | two boat-like feet | swimmers under it | shoes like canoes
            | boat-shaped floats | a pair of floats | floats like skis for water | two canoes under it""",
            says="""it stands on pontoons | it swims on two floats | two boats carry it
            | it can land on water | it wears canoes as shoes""",
            tags="on floats | on pontoons | floats: two | pontoon-footed | swims on floats",
            nouns="plane on floats | pontoon plane",
            adjectives="float-equipped",
        ),
    },
}
