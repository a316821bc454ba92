"""How people put the kind of an airplane."""

from __future__ import annotations

from core.corpus.wordings import Groups, wordings

KINDS: Groups = {
    "kind": {
        "airliner": wordings(
            has="""room for hundreds of people | the look of a holiday plane | space for many travellers
            | the look of a Boeing or Airbus | rows of seats inside""",
            says="""it carries people on holiday | it carries many passengers
            | it belongs at a big airport | it flies people around the world | you board it at an airport
            | hundreds of people fit in | it looks like a Boeing or Airbus | tourists travel in it""",
            tags="""for many passengers | civil | airline style | commercial | for holiday travel
            | long-haul look | Boeing-like | Airbus-like | for tourists""",
            nouns="""commercial plane | commercial jet | passenger aircraft | airline jet | holiday plane
            | big passenger plane""",
            adjectives="commercial | civil",
        ),
        "supersonic": wordings(
            has="""the look of a Concorde | the look of a paper dart
            | a shape for breaking the sound barrier | the look of a white dart
            | the look of a record breaker""",
            says="""it flies faster than sound | it looks like a Concorde | it breaks the sound barrier
            | it is built for speed | it outruns sound | it looks like a dart""",
            tags="""faster than sound | Concorde-like | Mach 2 | very fast | outruns sound | dart-like
            | record-fast""",
            nouns="Concorde | Concorde-like airliner | faster-than-sound airliner",
            adjectives="supersonic",
        ),
        "turboprop": wordings(
            has="""the look of a regional plane | room for a few dozen people
            | the look of an island hopper | the look of an ATR""",
            says="""it flies short hops | it serves small airports | it carries passengers on short routes
            | it hops between islands | it looks like an ATR | it lands on short runways""",
            tags="""regional | for short hops | commuter type | island hopper | ATR-like
            | for short runways | feeder type""",
            nouns="regional airliner | regional plane | short-haul propeller airliner | commuter airliner",
            adjectives="regional",
        ),
        "business_jet": wordings(
            has="""the look of a Learjet | room for a few rich people | the look of a corporate plane
            | the look of a Gulfstream | a VIP look""",
            says="""it carries bosses | it flies millionaires around | it belongs to a company
            | only a few people fit in | it looks like a Gulfstream | celebrities fly in it
            | the boss flies in it""",
            tags="""for executives | for VIPs | corporate | luxury travel | Learjet-like | Gulfstream-like
            | for the boss | for celebrities | exclusive""",
            nouns="corporate jet | Learjet | bizjet | VIP jet | luxury jet | small private jet",
            adjectives="corporate | private",
        ),
        "light": wordings(
            has="""the look of a Cessna or Piper | room for four people
            | the look of a flying-school plane | the look of a flying club's plane""",
            says="""hobby pilots fly it | you learn to fly in it | it belongs at a small airfield
            | a flying club owns such a plane | it is small | it is for Sunday pilots
            | it is cheap and simple | it looks like a Cessna or Piper""",
            tags="""for hobby pilots | for a flying club | trainer type | small and simple
            | for weekend flying | for Sunday pilots | Cessna-like | general aviation""",
            nouns="""sport plane | hobby plane | flying-school plane | trainer | little propeller plane
            | two-seater plane""",
            adjectives="small | little | light",
        ),
        "warbird": wordings(
            has="""the look of a Spitfire or Mustang | the look of a wartime plane
            | the look of a Battle of Britain plane | the look of a 1940s plane
            | the look of a Messerschmitt""",
            says="""it fought in World War II | it looks like a Spitfire | it belongs in a museum
            | it is an old warplane | veterans flew it | it dates from the 1940s | collectors love it""",
            tags="""World War II style | Spitfire-like | 1940s | wartime | museum piece | Mustang-like
            | from the 1940s | for air shows | veteran""",
            nouns="""World War II fighter | WWII plane | old warplane | piston fighter
            | wartime propeller fighter""",
            adjectives="wartime | old",
        ),
        "fighter": wordings(
            has="""the look of a military plane | an aggressive look | the look of a dogfighter
            | the look of an F-16 or MiG | a mean look""",
            says="""it fights in the air | the air force flies it | it is made for combat
            | it belongs to the military | it is fast and agile | it looks like an F-16 or MiG
            | it hunts other planes | it belongs on an air base""",
            tags="""military | for combat | air force | Top Gun style | warplane | fast and agile
            | F-16-like | MiG-like | dogfighting""",
            nouns="""warplane | combat aircraft | military plane | interceptor | air-force jet
            | strike jet | dogfighter""",
            adjectives="military | agile",
        ),
        "biplane": wordings(
            has="""the look of an old-time plane | the look of the Red Baron's plane
            | the look of the pioneer days | the look of a 1920s plane | the look of a flying antique""",
            says="""it comes from the early days of flying | the Red Baron flew one like it
            | it belongs in an old movie | it looks old | wing walkers stand on it
            | it is a flying antique | it dates from the 1920s""",
            tags="""old-fashioned | World War I style | from the pioneer days | Red Baron style
            | barnstormer | antique | 1920s | for air circus | flying antique""",
            nouns="old-time plane | barnstormer | World War I plane | stunt plane | antique plane",
            adjectives="old-fashioned | antique | vintage",
        ),
        "glider": wordings(
            has="""the look of a soaring plane | a shape for soaring | silence in flight
            | the look of a big white bird | the look of an albatross | grace in the air""",
            says="""it soars silently | it sails on the wind | it rides on warm air
            | it flies like an albatross | it has to be towed up | it circles in warm air
            | it needs no fuel | it flies like a big bird""",
            tags="""for soaring | silent | soaring | towed up | thermal flying | needs no fuel
            | albatross-like | for soaring clubs | like a big bird""",
            nouns="soaring plane | soarer | motorless plane",
            adjectives="soaring | motorless",
        ),
        "float_plane": wordings(
            has="""the look of a bush plane on water | the look of a lake plane
            | the look of an Alaskan plane | the look of a plane that swims""",
            says="""it lands on lakes | it takes off from water | it can land on water like a duck
            | it parks at a jetty | it lands where there is water | fishermen fly in it""",
            tags="""for lakes | lands on lakes | water plane | Alaska style | parks at a jetty | swims
            | takes off from lakes""",
            nouns="water plane | bush plane on floats | hydroplane | lake plane",
            adjectives="water-landing",
        ),
        "flying_boat": wordings(
            has="""the look of a ship with wings | the look of a firefighting water bomber
            | the look of a swimming plane | the look of a seagoing plane | the look of a duck""",
            says="""it swims | it lands on its belly on water | it is half boat, half plane
            | it takes off from the sea | it scoops up water to fight fires | it lands at sea
            | it is a plane that swims on its belly""",
            tags="""half boat | lands on water | water bomber style | sea plane | swims on its hull
            | seagoing | for rescue at sea | fire-fighting look""",
            nouns="amphibian | boat plane | sea plane | water bomber | boat with wings",
            adjectives="amphibian",
        ),
        "cargo": wordings(
            has="""the look of a military hauler | room for trucks inside | space for heavy freight
            | the look of a Hercules | a huge hold""",
            says="""it hauls heavy loads | it carries freight | trucks drive into it | it transports tanks
            | it is a flying truck | it drops supplies | it looks like a Hercules | its hold is huge""",
            tags="""for freight | hauler | military lifter | heavy lifter | for parcels and tanks
            | Hercules-like | for supplies | huge hold | load carrier""",
            nouns="""freight plane | airlifter | military hauler | flying truck | freight aircraft
            | heavy lifter""",
            adjectives="heavy | freight-carrying",
        ),
        "drone": wordings(
            has="""the look of a spy drone | nobody on board | no pilot on board | the look of a Reaper
            | nobody inside | cameras instead of people""",
            says="""nobody sits in it | it is flown by remote control | it spies from above
            | it flies on its own | it is remote-controlled | nobody is on board | a computer flies it
            | it watches from above | it has no pilot""",
            tags="""unmanned | pilotless | remote-controlled | UAV | Predator-like | no pilot
            | Reaper-like | watches from above | flown from afar""",
            nouns="UAV | spy drone | military drone | remote-controlled plane | Predator drone | robot plane",
            adjectives="unmanned | pilotless | remote-controlled",
        ),
        "flying_wing": wordings(
            has="""the look of a boomerang | the look of a bat | the look of a stealth plane
            | the look of a manta ray""",
            says="""it is all wing | it looks like a boomerang | it looks like a bat | it is a single wing
            | it has hardly any body | it looks like a manta ray | it is nothing but a wing
            | it looks like a stealth plane""",
            tags="""all wing | boomerang-shaped | bat-like | nothing but wing | stealth style | manta-like
            | one big wing | no tail, all wing""",
            nouns="boomerang plane | all-wing plane | bat plane | wing-only plane",
            adjectives="boomerang-shaped | all-wing | bat-like",
        ),
    },
}
