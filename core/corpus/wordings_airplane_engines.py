"""How people put the engines and propellers of an airplane."""

from __future__ import annotations

from core.corpus.wordings import Groups, wordings

ENGINES: Groups = {
    "count": {
        "none": wordings(
            has="no motor | nothing to drive it | no power of its own",
            says="""it lacks engines | it has no motor | nothing drives it | it flies without power
            | the engines are missing""",
            tags="engineless | unpowered | motorless | minus the engines | power-free | lacking engines",
            adjectives="unpowered | engineless",
        ),
        "one": wordings(
            has="one motor | a lone engine | a single motor | only one engine | 1 motor | just one engine",
            says="one motor drives it | one engine drives it | there is only one engine | it has 1 engine",
            tags="single-engined | engines: 1 | single motor | one-engined",
            adjectives="single-engined",
        ),
        "two": wordings(
            has="""two motors | a pair of engines | twin engines | 2 motors | an engine left and right
            | a couple of engines""",
            says="""two motors drive it | a pair of engines drives it | the engines come as a pair
            | it has 2 engines""",
            tags="twin-engined | engines: 2 | two-engined",
            nouns="twin",
            adjectives="twin-engined",
        ),
        "three": wordings(
            has="three motors | a trio of engines | 3 motors | an odd number of engines",
            says="three motors drive it | a trio of engines drives it | it has 3 engines",
            tags="three-engined | engines: 3 | tri-motor",
            adjectives="three-engined",
        ),
        "four": wordings(
            has="""four motors | two pairs of engines | 4 motors | two engines on either side
            | a quartet of engines""",
            says="""four motors drive it | a quartet of engines drives it | it has 4 engines
            | there are two engines on either side""",
            tags="four-engined | engines: 4 | quad-engined",
            adjectives="four-engined",
        ),
    },
    "type": {
        "jet": wordings(
            has="turbines | jet propulsion | jet power | jet thrust",
            says="it flies by jet power | jets push it | turbines push it",
            tags="jet-powered | jet-driven | engines: jet",
            adjectives="jet-powered | jet-propelled",
        ),
        "no_jet": wordings(
            has="a drive other than jets",
            says="it is not driven by jets",
            tags="no jet engines here",
        ),
    },
    "place": {
        "wing_jet": wordings(
            has="""engines hanging from the wings | pods under the wings | underslung engines
            | engines slung under the wings | nacelles under the wings
            | turbines hanging down from the wings""",
            says="""the engines hang from the wings | the engines are in pods under the wings
            | the engines are slung under the wings""",
            tags="engines: under the wings | wing-slung engines | podded engines",
        ),
        "wing_prop": wordings(
            has="""engines built into the wings | wing-mounted motors | motors out on the wings
            | nacelles on the wings""",
            says="""the motors sit on the wings | the engines are out on the wings
            | the wings carry the motors""",
            tags="engines: on the wings | wing-mounted engines | motors on wings",
        ),
        "rear": wordings(
            has="""engines at the back end | engines beside the tail | tail-mounted engines
            | engines stuck on the rear body | jets at the back""",
            says="""the engines sit beside the tail | the engines are at the back
            | the engines hug the rear body""",
            tags="engines: rear | engines at the back | aft-mounted engines",
            adjectives="rear-engined",
        ),
        "top": wordings(
            has="""engines above the wing | over-wing engines | engines riding on the wing
            | engines on the upper side of the wing""",
            says="the engines ride on top of the wing | the engines sit above the wing",
            tags="engines: above the wing | over-wing engines, unusual",
        ),
        "nose": wordings(
            has="""a motor in front | an engine up front | a motor in the nose
            | an engine in front of the pilot | a front engine""",
            says="the engine is up front | the motor sits in the nose | the engine sits before the pilot",
            tags="engine: in the nose | front-engined | motor up front",
            adjectives="front-engined",
        ),
        "tail": wordings(
            has="an engine at the foot of the fin | a jet in the fin | a middle engine at the tail",
            says="one engine sits in the tail | the middle engine is at the tail",
            tags="tail engine | third engine at the fin",
        ),
        "inside": wordings(
            has="""an exhaust at the tail end | a fire-spitting rear end | engines hidden in the body
            | buried engines | a nozzle at the rear""",
            says="""the engines are hidden in the body | fire comes out at the rear
            | the engines are inside the body""",
            tags="buried engines | engines: inside | nozzle at the rear",
        ),
        "pusher": wordings(
            has="a motor behind | an engine pushing from behind | a motor at the back end",
            says="the engine pushes from behind | the motor sits at the back | it is pushed from behind",
            tags="engine: at the back | pushed from behind | motor behind",
        ),
    },
    "cowl": {
        "round": wordings(
            has="""a barrel-shaped nose | a drum-like engine cowling | a fat round engine cowling
            | a nose like a barrel""",
            says="the nose is like a barrel | a round cowling covers the engine",
            tags="radial type | barrel nose",
        ),
    },
    "intakes": {
        "sides": wordings(
            has="""air boxes at the sides | air holes beside the body | gills at the sides
            | air scoops left and right""",
            says="air goes in at the sides | it breathes through its sides",
            tags="side scoops | gills | scoops at the sides",
        ),
        "belly": wordings(
            has="an air scoop under the belly | a mouth under the body | a chin scoop | an air hole below",
            says="air goes in under the belly | it has a mouth below like a shark",
            tags="belly scoop | scoop below | mouth under the body",
        ),
        "none": wordings(
            has="smooth sides without scoops",
            says="nothing scoops in air at its sides",
            tags="scoopless",
        ),
    },
}

PROPELLERS: Groups = {
    "propellers": {
        "none": wordings(
            has="nothing that whirls | no airscrew",
            says="nothing whirls around | no blades turn | it lacks propellers | it does not have any prop",
            tags="propless | minus the propellers | lacking propellers | free of propellers",
        ),
        "many": wordings(
            has="""{word} props | {word} airscrews | props on both sides | {count} propellers
            | props out on the wings | whirling blades left and right""",
            says="""{word} propellers pull it | props turn on the wings
            | the propellers whirl on both sides | it has {count} propellers""",
            tags="""props: {count} | propellers: {word} | {word} props on the wings
            | prop-driven on both sides""",
            adjectives="prop-driven",
        ),
        "nose": wordings(
            has="""a prop in front | a propeller up front | whirling blades in front
            | an airscrew on the nose | a fan-like propeller in front | one prop""",
            says="""the propeller pulls it from the front | a prop turns in front | blades whirl in front
            | the propeller is up front""",
            tags="prop in front | propeller: front | tractor propeller | nose prop",
            adjectives="prop-driven",
        ),
        "pusher": wordings(
            has="""a prop behind | a propeller pushing from behind | whirling blades at the rear
            | a prop like a ship's screw behind""",
            says="the propeller pushes from behind | a prop turns at the rear | blades whirl behind",
            tags="prop behind | propeller: rear | pushing propeller",
            adjectives="prop-driven",
        ),
    },
    "blades": {
        "any": wordings(
            has="{word} blades on each propeller | a {count}-blade prop | {word} propeller blades apiece",
            says="each propeller has {word} blades | the propeller blades number {word}",
            tags="{word}-bladed propeller type | propeller blades: {count}",
        ),
    },
}
