"""How people put the kind of an airplane."""

from __future__ import annotations

from core.corpus.wordings import Groups, wordings

KINDS: Groups = {
    "kind": {
        "airliner": wordings(
            has="room for hundreds of people | the look of a holiday plane | space for many travellers",
            says="""it carries people on holiday | it carries many passengers
            | it belongs at a big airport | it flies people around the world | you board it at an airport
            | hundreds of people fit in""",
            tags="""for many passengers | civil | airline style | commercial | for holiday travel
            | long-haul look""",
            nouns="""commercial plane | commercial jet | passenger aircraft | airline jet | holiday plane
            | big passenger plane""",
            adjectives="commercial | civil",
        ),
        "supersonic": wordings(
            has="the look of a Concorde | the look of a paper dart | a shape for breaking the sound barrier",
            says="""it flies faster than sound | it looks like a Concorde | it breaks the sound barrier
            | it is built for speed""",
            tags="faster than sound | Concorde-like | Mach 2 | very fast",
            nouns="Concorde | Concorde-like airliner | faster-than-sound airliner",
            adjectives="supersonic",
        ),
        "turboprop": wordings(
            has="the look of a regional plane | room for a few dozen people",
            says="it flies short hops | it serves small airports | it carries passengers on short routes",
            tags="regional | for short hops | commuter type",
            nouns="regional airliner | regional plane | short-haul propeller airliner | commuter airliner",
            adjectives="regional",
        ),
        "business_jet": wordings(
            has="the look of a Learjet | room for a few rich people | the look of a corporate plane",
            says="""it carries bosses | it flies millionaires around | it belongs to a company
            | only a few people fit in""",
            tags="for executives | for VIPs | corporate | luxury travel | Learjet-like",
            nouns="corporate jet | Learjet | bizjet | VIP jet | luxury jet | small private jet",
            adjectives="corporate | private",
        ),
        "light": wordings(
            has="the look of a Cessna or Piper | room for four people | the look of a flying-school plane",
            says="""hobby pilots fly it | you learn to fly in it | it belongs at a small airfield
            | a flying club owns such a plane | it is small""",
            tags="""for hobby pilots | for a flying club | trainer type | small and simple
            | for weekend flying""",
            nouns="""sport plane | hobby plane | flying-school plane | trainer | little propeller plane
            | two-seater plane""",
            adjectives="small | little | light",
        ),
        "warbird": wordings(
            has="the look of a Spitfire or Mustang | the look of a wartime plane",
            says="""it fought in World War II | it looks like a Spitfire | it belongs in a museum
            | it is an old warplane""",
            tags="World War II style | Spitfire-like | 1940s | wartime | museum piece",
            nouns="""World War II fighter | WWII plane | old warplane | piston fighter
            | wartime propeller fighter""",
            adjectives="wartime | old",
        ),
        "fighter": wordings(
            has="the look of a military plane | an aggressive look | the look of a dogfighter",
            says="""it fights in the air | the air force flies it | it is made for combat
            | it belongs to the military | it is fast and agile""",
            tags="military | for combat | air force | Top Gun style | warplane | fast and agile",
            nouns="""warplane | combat aircraft | military plane | interceptor | air-force jet
            | strike jet | dogfighter""",
            adjectives="military | agile",
        ),
        "biplane": wordings(
            has="""the look of an old-time plane | the look of the Red Baron's plane
            | the look of the pioneer days""",
            says="""it comes from the early days of flying | the Red Baron flew one like it
            | it belongs in an old movie | it looks old""",
            tags="""old-fashioned | World War I style | from the pioneer days | Red Baron style
            | barnstormer | antique""",
            nouns="old-time plane | barnstormer | World War I plane | stunt plane | antique plane",
            adjectives="old-fashioned | antique | vintage",
        ),
        "glider": wordings(
            has="the look of a soaring plane | a shape for soaring | silence in flight",
            says="""it soars silently | it sails on the wind | it rides on warm air
            | it flies like an albatross | it has to be towed up""",
            tags="for soaring | silent | soaring | towed up | thermal flying",
            nouns="soaring plane | soarer | plane without motor | motorless plane",
            adjectives="soaring | motorless",
        ),
        "float_plane": wordings(
            has="the look of a bush plane on water | the look of a lake plane",
            says="it lands on lakes | it takes off from water | it can land on water like a duck",
            tags="for lakes | lands on lakes | water plane",
            nouns="water plane | bush plane on floats | hydroplane | lake plane",
            adjectives="water-landing",
        ),
        "flying_boat": wordings(
            has="the look of a ship with wings | the look of a firefighting water bomber",
            says="""it swims | it lands on its belly on water | it is half boat, half plane
            | it takes off from the sea""",
            tags="half boat | lands on water | water bomber style | sea plane",
            nouns="amphibian | boat plane | sea plane | water bomber | boat with wings",
            adjectives="amphibian",
        ),
        "cargo": wordings(
            has="the look of a military hauler | room for trucks inside | space for heavy freight",
            says="""it hauls heavy loads | it carries freight | trucks drive into it | it transports tanks
            | it is a flying truck""",
            tags="for freight | hauler | military lifter | heavy lifter | for parcels and tanks",
            nouns="""freight plane | airlifter | military hauler | flying truck | freight aircraft
            | heavy lifter""",
            adjectives="heavy | freight-carrying",
        ),
        "drone": wordings(
            has="the look of a spy drone | nobody on board | no pilot on board",
            says="""nobody sits in it | it is flown by remote control | it spies from above
            | it flies on its own | it is remote-controlled""",
            tags="unmanned | pilotless | remote-controlled | UAV | Predator-like",
            nouns="UAV | spy drone | military drone | remote-controlled plane | Predator drone | robot plane",
            adjectives="unmanned | pilotless | remote-controlled",
        ),
        "flying_wing": wordings(
            has="the look of a boomerang | the look of a bat | the look of a stealth plane",
            says="""it is all wing | it looks like a boomerang | it looks like a bat | it is a single wing
            | it has hardly any body""",
            tags="all wing | boomerang-shaped | bat-like | nothing but wing | stealth style",
            nouns="boomerang plane | all-wing plane | bat plane | wing-only plane",
            adjectives="boomerang-shaped | all-wing | bat-like",
        ),
    },
}
