"""How people put the landing gear and floats of an airplane."""

from __future__ import annotations

from core.corpus.wordings import Groups, wordings

GEARS: Groups = {
    "gear": {
        "none": wordings(
            has="a smooth belly without wheels | nothing to roll on, no wheels",
            says="it lacks wheels | no wheels hang down | there are no wheels to be seen",
            tags="wheelless | minus the wheels | no wheels showing",
        ),
        "up": wordings(
            has="""wheels tucked in | wheels folded away | wheels hidden inside | its wheels pulled in
            | wheels stowed away""",
            says="""the wheels are tucked in | the wheels are folded away | the wheels are hidden
            | it is in flight with its wheels tucked in""",
            tags="wheels in | wheels tucked away | in flight, wheels hidden",
        ),
        "single": wordings(
            has="""one wheel under the body | a lone wheel | just one wheel below | 1 wheel
            | a unicycle-like wheel""",
            says="it lands on one wheel | only one wheel is under the body | it balances on one wheel",
            tags="wheels: 1 | one-wheeled | lone belly wheel",
        ),
        "down": wordings(
            has="""wheels to land on | wheels hanging down | wheels under it | legs with wheels
            | wheels out | wheels ready to land | wheel legs below""",
            says="""its wheels are out | it is ready to land on its wheels | it can stand on its wheels
            | the wheels hang down | it rolls on wheels""",
            tags="wheels out | gear out | on its wheels | ready to land, wheels out",
        ),
        "tricycle": wordings(
            has="""a wheel in front and two further back | wheels like a tricycle | a front wheel
            | wheels like a child's tricycle""",
            says="""one wheel is in front, the others further back | it stands level on its wheels
            | the small wheel is in front""",
            tags="tricycle gear | front wheel | wheels: tricycle",
        ),
        "tail_wheel": wordings(
            has="""a little wheel at the back | taildragger gear
            | two big wheels in front and a small one behind | taildragger wheels""",
            says="it sits on its tail wheel | the small wheel is at the back | it has taildragger gear",
            tags="taildragger, small wheel behind | tail-wheel gear | little wheel at the back",
            nouns="taildragger",
            adjectives="taildragger",
        ),
    },
    "floats": {
        "none": wordings(
            has="nothing to swim on",
            says="it cannot land on water | it would sink on water",
            tags="floatless | minus the floats | lacking floats",
        ),
        "tip": wordings(
            has="""little floats at the wing tips | swimming aids under the wings | outrigger floats
            | small floats left and right""",
            says="small floats keep the wings out of the water | a little float hangs from each wing",
            tags="wing-tip floats | outrigger floats, small | floats: under the wings",
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
