"""The airplane family: a seed becomes an airplane program."""

from __future__ import annotations

from core.corpus.airplane_bodies import add_fuselage
from core.corpus.airplane_engines import add_engines, engine_attributes
from core.corpus.airplane_gears import add_gear
from core.corpus.airplane_plan import Airframe
from core.corpus.airplane_tails import add_tail
from core.corpus.airplane_types import TYPES, AirplaneType
from core.corpus.airplane_wings import add_wings
from core.corpus.assembly import Dice, stout_enough
from core.corpus.program import Program

LARGEST = 1.8
"""The larger of length and span while an airplane is built."""

THINNEST = 0.0292
"""Thinnest full thickness, as a part of the largest extent: about 0.0526 after normalisation to 1.8."""

POD_TAILS = {"airliner": {"T": 0.8, "cruciform": 0.2}, "fighter": {"H": 0.7, "T": 0.3}}
"""Tails that keep clear of engines at the rear, where the drawn one does not."""

SLIM, FAT = 0.0475, 0.0745
"""Radius over length below which a fuselage is slim, and from which on it is fat."""


def _tail(dice: Dice, kind: AirplaneType, name: str, engines: str, wing: str, boom: bool) -> str:
    """Draw a tail that goes with the engines, the wings and the fuselage."""
    tail = dice.pick(kind.tails)
    if boom:
        return "twin"
    if wing == "delta":
        if tail in ("conventional", "T") and not engines.startswith("pods"):
            return "fin" if dice.chance(0.75) else "conventional"
    if engines.startswith("pods") and tail not in ("T", "cruciform", "H", "V"):
        return dice.pick(POD_TAILS[name])
    if engines in ("pods_3", "jets_3") and tail == "V":
        return "T"
    return tail


def _nose(dice: Dice, kind: AirplaneType, engines: str, body: str) -> str:
    """Draw the shape of the nose, where there is one to see."""
    nose = dice.pick(kind.noses)
    return "engine" if engines == "nose" else "none" if body == "blended" else nose


def _plan(dice: Dice, swell: float) -> Airframe:
    """Draw what kind of airplane it is, its features and its dimensions."""
    name = dice.pick({key: value.weight for key, value in TYPES.items()})
    kind = TYPES[name]
    wing = dice.pick(kind.wings)
    engines = dice.pick(kind.engines)
    position = dice.pick(kind.positions)
    gear = dice.pick(kind.gears)
    if engines == "pusher" and gear == "tail_wheel":
        gear = "tricycle"  # the propeller would touch the ground
    body = dice.pick(kind.bodies)
    ratio, girth = dice.between(*kind.span), dice.between(*kind.girth)
    length = LARGEST / max(1.0, ratio)
    radius = girth * length
    boom = dice.chance(kind.twin_boom) and engines in ("nose", "pusher", "props_2")
    boom = boom and wing in ("straight", "tapered") and body != "bulb"
    boom = boom or (name == "drone" and dice.chance(kind.twin_boom))
    if engines.startswith("pods") and name == "fighter":
        wing, body, position = "tapered", "tube", "low"
    tail = _tail(dice, kind, name, engines, wing, boom)
    reach = LARGEST + (0.08 if engines in ("nose", "pusher") and ratio < 1.1 else 0.0)
    plan = Airframe(
        dice,
        kind,
        length,
        0.5 * ratio * length,
        radius,
        THINNEST * swell * reach,
        boom=max(radius + 0.12, dice.between(0.19, 0.27)) if boom else 0.0,
    )
    count = 1
    if name == "biplane":
        count = 3 if dice.chance(0.18) else 2
    braced = position == "high" and wing in ("straight", "tapered") and name in ("light", "float_plane")
    plan.attributes.update(
        engine_attributes(engines),
        kind=name,
        symmetric=True,
        body=body,
        girth="slim" if girth < SLIM else "fat" if girth >= FAT else "medium",
        nose=_nose(dice, kind, engines, body),
        section="round",
        canopy=dice.chance(kind.canopy),
        twin_boom=boom,
        fuselage_length="long" if ratio <= 0.8 else "short" if ratio >= 1.35 else "medium",
        wing_shape=wing,
        wing_position=position,
        wing_count=count,
        wing_length="long" if ratio >= 1.45 else "short" if ratio <= 0.75 else "medium",
        wing_struts=braced and dice.chance(0.6),
        winglets=wing in ("swept", "tapered", "straight") and dice.chance(kind.winglets),
        canards=wing in ("delta", "swept", "forward_swept", "tapered") and dice.chance(kind.canards),
        tail=tail,
        gear="none" if "floats" in gear else gear,
        floats={"floats": "pontoons", "tip_floats": "tip"}.get(gear, "none"),
    )
    return plan


def _build(seed: int, swell: float) -> Program:
    plan = _plan(Dice(seed), swell)
    add_fuselage(plan)
    add_wings(plan)
    add_tail(plan)
    add_engines(plan)
    add_gear(plan)
    return plan.body.finish(plan.attributes, seed, "airplane")


def make_airplane(seed: int) -> Program:
    """Build the airplane of a seed.

    The same seed always gives the same program: one connected solid, nose at +z, bounding box centred at the
    origin, largest half extent 0.9, no primitive thinner than 0.05, mirror-symmetric in x.
    """
    return stout_enough(lambda swell: _build(seed, swell), seed, margin=1.03)
