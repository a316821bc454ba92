"""The kinds of airplanes: how the dimensions and the features of each are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Range = tuple[float, float]
Weights = Mapping[str, float]


@dataclass(frozen=True)
class AirplaneType:
    """How airplanes of one kind are drawn; ranges are (low, high), weights need not add up to one.

    Attributes
    ----------
    weight : how often the kind comes up.
    span : wing span over length.
    girth : fuselage radius over length.
    chord : root chord over length (deltas have their own).
    wing_z : where the wing sits, over length; positive is forward.
    dihedral : degrees.
    rise : how far the fuselage's underside rises towards the tail, 0 to 1.
    bodies, noses, wings, positions, tails, engines, gears : weights of the options.
    canopy, winglets, canards, twin_boom : probabilities.
    """

    weight: float
    span: Range
    girth: Range
    chord: Range
    wing_z: float
    dihedral: Range
    rise: Range
    wings: Weights
    positions: Weights
    tails: Weights
    engines: Weights
    gears: Weights
    bodies: Weights
    noses: Weights
    canopy: float = 0.0
    winglets: float = 0.0
    canards: float = 0.0
    twin_boom: float = 0.0


TYPES: dict[str, AirplaneType] = {
    "airliner": AirplaneType(
        weight=0.19,
        span=(0.84, 1.1),
        girth=(0.042, 0.068),
        chord=(0.17, 0.23),
        wing_z=-0.02,
        dihedral=(3.0, 7.5),
        rise=(0.5, 0.95),
        wings={"swept": 1.0},
        positions={"low": 0.94, "high": 0.06},
        tails={"conventional": 0.84, "cruciform": 0.06, "T": 0.1},
        engines={"jets_2": 0.52, "jets_4": 0.24, "jets_3": 0.07, "pods_2": 0.12, "pods_3": 0.05},
        gears={"tricycle": 0.42, "none": 0.58},
        bodies={"tube": 0.86, "double_deck": 0.14},
        noses={"round": 0.75, "blunt": 0.25},
        winglets=0.35,
    ),
    "supersonic": AirplaneType(
        weight=0.025,
        span=(0.45, 0.6),
        girth=(0.03, 0.038),
        chord=(0.5, 0.6),
        wing_z=-0.1,
        dihedral=(0.0, 0.0),
        rise=(0.0, 0.3),
        wings={"delta": 1.0},
        positions={"low": 1.0},
        tails={"fin": 1.0},
        engines={"jets_2": 0.4, "jets_4": 0.6},
        gears={"tricycle": 0.3, "none": 0.7},
        bodies={"tube": 1.0},
        noses={"needle": 1.0},
    ),
    "turboprop": AirplaneType(
        weight=0.05,
        span=(0.98, 1.2),
        girth=(0.05, 0.066),
        chord=(0.12, 0.15),
        wing_z=0.05,
        dihedral=(0.0, 3.0),
        rise=(0.5, 0.95),
        wings={"tapered": 0.75, "straight": 0.25},
        positions={"high": 0.65, "low": 0.35},
        tails={"T": 0.55, "conventional": 0.4, "cruciform": 0.05},
        engines={"props_2": 0.8, "props_4": 0.2},
        gears={"tricycle": 0.5, "none": 0.5},
        bodies={"tube": 1.0},
        noses={"round": 0.6, "pointed": 0.4},
    ),
    "business_jet": AirplaneType(
        weight=0.1,
        span=(0.84, 1.06),
        girth=(0.048, 0.068),
        chord=(0.16, 0.21),
        wing_z=-0.08,
        dihedral=(2.0, 5.5),
        rise=(0.2, 0.6),
        wings={"swept": 0.72, "tapered": 0.28},
        positions={"low": 1.0},
        tails={"T": 0.75, "cruciform": 0.22, "V": 0.03},
        engines={"pods_2": 0.9, "pods_3": 0.1},
        gears={"tricycle": 0.5, "none": 0.5},
        bodies={"tube": 1.0},
        noses={"pointed": 0.7, "round": 0.3},
        winglets=0.5,
        canards=0.05,
    ),
    "light": AirplaneType(
        weight=0.15,
        span=(1.12, 1.5),
        girth=(0.06, 0.082),
        chord=(0.17, 0.23),
        wing_z=0.1,
        dihedral=(0.0, 7.0),
        rise=(0.2, 0.8),
        wings={"straight": 0.42, "tapered": 0.46, "elliptical": 0.08, "swept": 0.04},
        positions={"high": 0.46, "low": 0.54},
        tails={"conventional": 0.72, "T": 0.12, "cruciform": 0.05, "V": 0.07, "H": 0.04},
        engines={"nose": 0.66, "props_2": 0.26, "pusher": 0.08},
        gears={"tricycle": 0.46, "tail_wheel": 0.26, "none": 0.28},
        bodies={"box": 0.45, "tube": 0.55},
        noses={"round": 0.5, "pointed": 0.5},
        canopy=0.75,
        winglets=0.08,
        canards=0.05,
        twin_boom=0.08,
    ),
    "warbird": AirplaneType(
        weight=0.06,
        span=(1.02, 1.3),
        girth=(0.056, 0.075),
        chord=(0.2, 0.26),
        wing_z=0.11,
        dihedral=(1.0, 6.0),
        rise=(0.2, 0.6),
        wings={"tapered": 0.58, "elliptical": 0.42},
        positions={"low": 0.85, "mid": 0.15},
        tails={"conventional": 0.93, "H": 0.07},
        engines={"nose": 0.8, "props_2": 0.2},
        gears={"tail_wheel": 0.5, "none": 0.5},
        bodies={"tube": 1.0},
        noses={"round": 0.5, "pointed": 0.5},
        canopy=1.0,
        twin_boom=0.08,
    ),
    "fighter": AirplaneType(
        weight=0.15,
        span=(0.56, 0.86),
        girth=(0.042, 0.062),
        chord=(0.24, 0.33),
        wing_z=-0.1,
        dihedral=(-4.0, 3.0),
        rise=(0.0, 0.15),
        wings={"delta": 0.36, "swept": 0.28, "tapered": 0.27, "forward_swept": 0.09},
        positions={"mid": 0.5, "low": 0.2, "high": 0.3},
        tails={"conventional": 0.45, "twin": 0.43, "V": 0.06, "T": 0.06},
        engines={"nozzle_1": 0.46, "nozzle_2": 0.46, "pods_2": 0.08},
        gears={"none": 0.66, "tricycle": 0.34},
        bodies={"wide": 0.55, "tube": 0.45},
        noses={"pointed": 0.6, "needle": 0.4},
        canopy=0.9,
        canards=0.34,
    ),
    "biplane": AirplaneType(
        weight=0.08,
        span=(1.0, 1.32),
        girth=(0.06, 0.08),
        chord=(0.17, 0.22),
        wing_z=0.13,
        dihedral=(0.0, 3.0),
        rise=(0.2, 0.7),
        wings={"straight": 0.85, "swept": 0.15},
        positions={"low": 1.0},
        tails={"conventional": 1.0},
        engines={"nose": 1.0},
        gears={"tail_wheel": 0.85, "tricycle": 0.05, "floats": 0.1},
        bodies={"box": 0.4, "tube": 0.6},
        noses={"round": 1.0},
        canopy=0.2,
    ),
    "glider": AirplaneType(
        weight=0.07,
        span=(1.7, 2.3),
        girth=(0.05, 0.064),
        chord=(0.105, 0.14),
        wing_z=0.12,
        dihedral=(0.0, 5.0),
        rise=(0.3, 0.6),
        wings={"tapered": 0.7, "straight": 0.25, "forward_swept": 0.05},
        positions={"mid": 0.4, "high": 0.5, "low": 0.1},
        tails={"T": 0.62, "conventional": 0.2, "cruciform": 0.06, "V": 0.12},
        engines={"none": 1.0},
        gears={"none": 0.55, "single": 0.45},
        bodies={"pod": 1.0},
        noses={"round": 0.5, "pointed": 0.5},
        canopy=1.0,
        winglets=0.3,
    ),
    "float_plane": AirplaneType(
        weight=0.05,
        span=(1.12, 1.45),
        girth=(0.06, 0.08),
        chord=(0.17, 0.22),
        wing_z=0.1,
        dihedral=(0.0, 4.0),
        rise=(0.2, 0.8),
        wings={"straight": 0.55, "tapered": 0.45},
        positions={"high": 0.8, "low": 0.2},
        tails={"conventional": 0.88, "cruciform": 0.12},
        engines={"nose": 0.75, "props_2": 0.25},
        gears={"floats": 1.0},
        bodies={"box": 0.5, "tube": 0.5},
        noses={"round": 0.6, "pointed": 0.4},
        canopy=0.7,
    ),
    "flying_boat": AirplaneType(
        weight=0.04,
        span=(1.1, 1.45),
        girth=(0.058, 0.075),
        chord=(0.15, 0.2),
        wing_z=0.07,
        dihedral=(0.0, 3.0),
        rise=(0.8, 1.0),
        wings={"straight": 0.45, "tapered": 0.55},
        positions={"high": 1.0},
        tails={"conventional": 0.5, "T": 0.2, "cruciform": 0.2, "H": 0.1},
        engines={"props_2": 0.7, "props_4": 0.3},
        gears={"tip_floats": 1.0},
        bodies={"hull": 1.0},
        noses={"round": 0.7, "pointed": 0.3},
    ),
    "cargo": AirplaneType(
        weight=0.08,
        span=(0.92, 1.2),
        girth=(0.066, 0.088),
        chord=(0.17, 0.22),
        wing_z=0.03,
        dihedral=(-5.0, 1.0),
        rise=(0.9, 1.0),
        wings={"swept": 0.6, "tapered": 0.4},
        positions={"high": 1.0},
        tails={"T": 0.6, "conventional": 0.4},
        engines={"jets_4": 0.4, "jets_2": 0.22, "props_4": 0.26, "props_2": 0.12},
        gears={"tricycle": 0.5, "none": 0.5},
        bodies={"tube": 1.0},
        noses={"round": 0.5, "blunt": 0.5},
        twin_boom=0.05,
    ),
    "drone": AirplaneType(
        weight=0.03,
        span=(1.3, 1.9),
        girth=(0.045, 0.06),
        chord=(0.11, 0.15),
        wing_z=0.0,
        dihedral=(0.0, 4.0),
        rise=(0.0, 0.3),
        wings={"tapered": 0.7, "straight": 0.3},
        positions={"mid": 0.5, "low": 0.3, "high": 0.2},
        tails={"V": 0.75, "conventional": 0.25},
        engines={"pusher": 1.0},
        gears={"none": 0.6, "tricycle": 0.4},
        bodies={"bulb": 1.0},
        noses={"round": 1.0},
        twin_boom=0.2,
    ),
    "flying_wing": AirplaneType(
        weight=0.03,
        span=(1.9, 2.6),
        girth=(0.09, 0.11),
        chord=(0.6, 0.8),
        wing_z=0.0,
        dihedral=(0.0, 2.0),
        rise=(0.0, 0.0),
        wings={"swept": 1.0},
        positions={"mid": 1.0},
        tails={"none": 1.0},
        engines={"buried_2": 0.8, "none": 0.2},
        gears={"none": 0.7, "tricycle": 0.3},
        bodies={"blended": 1.0},
        noses={"round": 1.0},
        canopy=0.5,
        winglets=0.4,
    ),
}
