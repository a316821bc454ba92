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
            has="""turbines | jet propulsion | jet power | jet thrust | jet thrust from behind
            | roaring jets | turbine power""",
            says="""it flies by jet power | jets push it | turbines push it | jets drive it
            | it roars on jet power""",
            tags="jet-powered | jet-driven | engines: jet | jet thrust, no piston motor | turbine-driven",
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
            | turbines hanging down from the wings | engines like barrels below the wings
            | engines dangling from the wings | pods below the wings""",
            says="""the engines hang from the wings | the engines are in pods under the wings
            | the engines are slung under the wings | engines dangle from the wings
            | pods hang below the wings | the wings carry the engines below""",
            tags="""engines: under the wings | wing-slung engines | podded engines
            | engines below the wings | pods below wings | engines hung from wings""",
        ),
        "wing_prop": wordings(
            has="""engines built into the wings | wing-mounted motors | motors out on the wings
            | nacelles on the wings | engines sticking out of the wings
            | motors left and right on the wings | engines at the front of the wings""",
            says="""the motors sit on the wings | the engines are out on the wings
            | the wings carry the motors | engines stick out of the wings
            | the engines sit at the front of the wings | each wing has its motors""",
            tags="""engines: on the wings | wing-mounted engines | motors on wings | engines in the wings
            | motors left and right | engines along the wings""",
        ),
        "rear": wordings(
            has="""engines at the back end | engines beside the tail | tail-mounted engines
            | engines stuck on the rear body | jets at the back | engines behind the cabin
            | engines left and right of the tail | engines on the sides of the rear
            | engines close to the tail""",
            says="""the engines sit beside the tail | the engines are at the back
            | the engines hug the rear body | the engines are behind the cabin
            | the engines flank the rear body | the engines sit far back""",
            tags="""engines: rear | engines at the back | aft-mounted engines | engines far back
            | engines beside the tail, rear | engines behind the cabin, aft""",
            adjectives="rear-engined",
        ),
        "top": wordings(
            has="""engines above the wing | over-wing engines | engines riding on the wing
            | engines on the upper side of the wing | engines perched on the wing | engines over the wing
            | pods above the wing | engines on the wing's back""",
            says="""the engines ride on top of the wing | the engines sit above the wing
            | the engines are perched on the wing | pods stand above the wing
            | the engines are over the wing""",
            tags="""engines: above the wing | over-wing engines, unusual
            | pods above the wing, engines on top | engines over the wing""",
        ),
        "nose": wordings(
            has="""a motor in front | an engine up front | a motor in the nose
            | an engine in front of the pilot | a front engine | an engine at the very front
            | a motor at the tip | an engine before the windscreen""",
            says="""the engine is up front | the motor sits in the nose | the engine sits before the pilot
            | the engine is at the very front | the motor is before the windscreen
            | the front end is the engine""",
            tags="""engine: in the nose | front-engined | motor up front | engine at the front
            | nose-mounted engine | motor at the tip""",
            adjectives="front-engined",
        ),
        "tail": wordings(
            has="""an engine at the foot of the fin | a jet in the fin | a middle engine at the tail
            | an engine built into the tail | an extra engine at the tail | a rear middle engine""",
            says="""one engine sits in the tail | the middle engine is at the tail
            | an extra engine is built into the tail | a middle engine sits at the rear""",
            tags="tail engine | third engine at the fin | extra engine at the tail | engine also in the tail",
        ),
        "inside": wordings(
            has="""an exhaust at the tail end | a fire-spitting rear end | engines hidden in the body
            | buried engines | a nozzle at the rear | a jet pipe at the rear | an engine within the body
            | a glowing rear end | an engine you do not see | an internal engine""",
            says="""the engines are hidden in the body | fire comes out at the rear
            | the engines are inside the body | the engines are out of sight within the body
            | a jet pipe ends the body | the rear end glows""",
            tags="""buried engines | engines: inside | nozzle at the rear | internal engines
            | jet pipe behind | engine inside the body""",
        ),
        "pusher": wordings(
            has="""a motor behind | an engine pushing from behind | a motor at the back end
            | an engine behind the wing | an engine at the tail end | a rear-mounted motor
            | a motor that pushes""",
            says="""the engine pushes from behind | the motor sits at the back | it is pushed from behind
            | the motor is behind | the engine sits at the very back | the engine is behind everything""",
            tags="""engine: at the back | pushed from behind | motor behind | rear motor | engine behind
            | motor: rear""",
        ),
    },
    "cowl": {
        "round": wordings(
            has="""a barrel-shaped nose | a drum-like engine cowling | a fat round engine cowling
            | a nose like a barrel | a fat round front | a nose like a drum | a ring-shaped cowling
            | a round snout | a radial motor""",
            says="""the nose is like a barrel | a round cowling covers the engine
            | the front is like a drum | the cowling is round | the snout is round and fat""",
            tags="radial type | barrel nose | drum-like front | fat round front | round snout | cowl: round",
        ),
    },
    "intakes": {
        "sides": wordings(
            has="""air boxes at the sides | air holes beside the body | gills at the sides
            | air scoops left and right | air openings left and right | boxes for air at both sides
            | cheeks for air | nostrils at the sides""",
            says="""air goes in at the sides | it breathes through its sides
            | it has nostrils at the sides | boxes at both sides take in air | air enters left and right""",
            tags="""side scoops | gills | scoops at the sides | air intakes left and right
            | nostrils at the sides | intakes: sides""",
        ),
        "belly": wordings(
            has="""an air scoop under the belly | a mouth under the body | a chin scoop
            | an air hole below | an air opening underneath | a jaw under the nose | an air box below
            | a scoop under the body""",
            says="""air goes in under the belly | it has a mouth below like a shark
            | air enters underneath | it gapes below | the air box is below""",
            tags="""belly scoop | scoop below | mouth under the body | air intake below | jaw below
            | intakes: belly""",
        ),
        "none": wordings(
            has="smooth sides without scoops | plain flanks",
            says="nothing scoops in air at its sides | its flanks are plain | it has no scoops",
            tags="scoopless | no scoops | plain flanks, closed",
        ),
    },
}

PROPELLERS: Groups = {
    "propellers": {
        "none": wordings(
            has="nothing that whirls | no airscrew | no prop | no turning blades | no whirling blades",
            says="""nothing whirls around | no blades turn | it lacks propellers
            | it does not have any prop | it has no prop | no prop turns anywhere | there is no airscrew""",
            tags="""propless | minus the propellers | lacking propellers | free of propellers | no prop
            | no airscrews | no turning blades in front""",
        ),
        "many": wordings(
            has="""{word} props | {word} airscrews | props on both sides | {count} propellers
            | props out on the wings | whirling blades left and right | {word} spinning props
            | props like fans on the wings | {word} whirling propellers""",
            says="""{word} propellers pull it | props turn on the wings
            | the propellers whirl on both sides | it has {count} propellers | {word} props turn
            | the propellers spin on the wings | {word} airscrews pull it""",
            tags="""props: {count} | propellers: {word} | {word} props on the wings
            | prop-driven on both sides | {word} airscrews, one per engine | propellers: {count}
            | spinning props on the wings""",
            adjectives="prop-driven",
        ),
        "nose": wordings(
            has="""a prop in front | a propeller up front | whirling blades in front
            | an airscrew on the nose | a fan-like propeller in front | one prop
            | a spinning prop at the nose | an airscrew up front | a propeller before the windscreen""",
            says="""the propeller pulls it from the front | a prop turns in front | blades whirl in front
            | the propeller is up front | an airscrew turns in front | the prop spins at the nose
            | the blades turn before the windscreen""",
            tags="""prop in front | propeller: front | tractor propeller | nose prop
            | propeller at the tip | spinning prop in front | airscrew: front""",
            adjectives="prop-driven",
        ),
        "pusher": wordings(
            has="""a prop behind | a propeller pushing from behind | whirling blades at the rear
            | a prop like a ship's screw behind | a spinning prop at the back | an airscrew behind
            | a propeller like on a boat | a tail-end propeller | a prop that pushes""",
            says="""the propeller pushes from behind | a prop turns at the rear | blades whirl behind
            | an airscrew turns behind | the prop spins at the back | the propeller is behind everything""",
            tags="""prop behind | propeller: rear | pushing propeller | prop at the rear
            | spinning prop behind | airscrew: rear | pushed by a propeller""",
            adjectives="prop-driven",
        ),
    },
    "blades": {
        "any": wordings(
            has="""{word} blades on each propeller | a {count}-blade prop | {word} propeller blades apiece
            | {word} blades to the propeller | {count} blades per propeller | {word} paddles per propeller""",
            says="""each propeller has {word} blades | the propeller blades number {word}
            | the propeller comes with {word} blades | count {word} blades on the propeller
            | a propeller of {word} blades pulls or pushes it""",
            tags="""{word}-bladed propeller type | propeller blades: {count} | blades: {count}
            | {word}-blade prop | {count} blades per prop | {word} blades per propeller""",
        ),
    },
}
