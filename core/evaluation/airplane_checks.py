"""The geometric checks of airplanes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from core.corpus.program import Attribute
from core.evaluation.airplane_body import Body, Tail
from core.evaluation.airplane_wing import Wing, flies
from core.evaluation.checks import Check, CheckSet, Truth, equals
from core.meshing.solid import Solid

SWEPT, FORWARD = 0.19, -0.1
TAPERED = 0.92


class Airplane:
    """Everything the checks ask of one solid; each measure is taken at most once."""

    def __init__(self, solid: Solid) -> None:
        self.solid = solid
        self.body = Body(solid)

    @cached_property
    def wing(self) -> Wing:
        return Wing(self.body)

    @cached_property
    def tail(self) -> Tail:
        return Tail(self.body)

    @cached_property
    def balanced(self) -> bool:
        return flies(self.solid)

    @property
    def slenderness(self) -> float:
        """Span over length."""
        return self.body.span / self.body.length

    @property
    def has_wings(self) -> bool:
        return self.wing.half > 2.5 * self.body.half_width(-0.2, 0.3) and len(self.wing.stations) > 4

    @property
    def delta(self) -> bool:
        return self.wing.leading > 0.5 and self.wing.trailing < 0.2

    @property
    def swept(self) -> bool:
        return self.wing.sweep > SWEPT and not self.delta

    @property
    def unswept(self) -> bool:
        return FORWARD <= self.wing.sweep <= SWEPT and not self.delta

    @property
    def canards(self) -> bool:
        """What propellers and nacelles carry forward of a wing is none."""
        return self.wing.canards and not self.body.nose_propeller and self.body.wing_engines == 0

    @property
    def elliptical(self) -> bool:
        return self.unswept and self.wing.taper < 0.68 and self.wing.chord(0.9) < 0.6 * self.wing.chord(0.6)


def _place(*values: Attribute) -> Truth:
    """Where the (one) wing is; flying wings have it nowhere in particular."""

    def truth(a: Mapping[str, Attribute]) -> bool | None:
        if a["wing_count"] != 1 or a["body"] == "blended":
            return None
        return a["wing_position"] in values

    return truth


def _shape(*values: Attribute) -> Truth:
    return lambda a: a["wing_shape"] in values


def _angle(value: str) -> Truth:
    return lambda a: None if a["wing_count"] != 1 else a["wing_angle"] == value


def _engines(a: Mapping[str, Attribute]) -> bool | None:
    return {"wing": True, "rear": True, "none": False}.get(str(a["engine_place"]))


def _wing_engines(count: int) -> Truth:
    def truth(a: Mapping[str, Attribute]) -> bool | None:
        return a["engine_place"] == "wing" and int(a["engine_count"]) - bool(a.get("tail_engine")) == count

    return truth


def _rear_engines(a: Mapping[str, Attribute]) -> bool | None:
    return a["engine_place"] == "rear"


def _propellers(a: Mapping[str, Attribute]) -> bool | None:
    return None if a["engine_place"] == "pusher" else a["engine_type"] == "propeller"


def _gear(a: Mapping[str, Attribute]) -> bool | None:
    return {"tricycle": True, "tail_wheel": True, "none": False}.get(str(a["gear"]))


def _floats(a: Mapping[str, Attribute]) -> bool | None:
    return None if a["floats"] == "tip" else a["floats"] == "pontoons"


def _tail(*values: Attribute) -> Truth:
    """Of tails that the fuselage carries."""
    return lambda a: None if a["twin_boom"] else a["tail"] in values


CHECKS: dict[str, Check] = {
    "fuselage": Check("a fuselage?", lambda p: p.body.reach > 0.08, lambda a: True),
    "wings": Check("wings at both sides?", lambda p: p.has_wings, lambda a: True),
    "balanced": Check("balanced left and right?", lambda p: p.balanced, lambda a: True),
    # wings
    "swept_wings": Check("wings swept back?", lambda p: p.swept, _shape("swept")),
    "delta_wings": Check("a triangular wing?", lambda p: p.delta, _shape("delta")),
    "forward_swept": Check("wings swept forward?", lambda p: p.wing.sweep < FORWARD, _shape("forward_swept")),
    "unswept_wings": Check(
        "wings at right angles?", lambda p: p.unswept, _shape("straight", "tapered", "elliptical")
    ),
    "rectangular_wings": Check(
        "wings as deep at the tip as at the root?",
        lambda p: p.unswept and p.wing.taper >= TAPERED,
        _shape("straight"),
    ),
    "elliptical_wings": Check("oval wings?", lambda p: p.elliptical, _shape("elliptical")),
    "low_wing": Check("a wing at the bottom?", lambda p: p.wing.position < 0.32, _place("low")),
    "high_wing": Check("a wing on top?", lambda p: 0.68 < p.wing.position < 3.0, _place("high")),
    "biplane": Check("two wings above each other?", lambda p: p.wing.count == 2, equals("wing_count", 2)),
    "triplane": Check("three wings?", lambda p: p.wing.count == 3, equals("wing_count", 3)),
    "long_wings": Check("long wings?", lambda p: p.slenderness > 1.4, equals("wing_length", "long")),
    "short_wings": Check("short wings?", lambda p: p.slenderness < 0.745, equals("wing_length", "short")),
    "raised_wings": Check("wings angled up?", lambda p: p.wing.rise > 0.052, _angle("up")),
    "drooping_wings": Check("wings angled down?", lambda p: p.wing.rise < -0.0515, _angle("down")),
    "winglets": Check("tips turned up?", lambda p: p.wing.winglets, equals("winglets", True)),
    "canards": Check("small wings near the nose?", lambda p: p.canards, equals("canards", True)),
    # tail
    "tail": Check("fins at the rear?", lambda p: p.tail.fins > 0, lambda a: int(a["fins"]) > 0),
    "one_fin": Check("one fin?", lambda p: p.tail.fins == 1, equals("fins", 1)),
    "two_fins": Check(
        "two upright fins?",
        lambda p: p.tail.fins == 2 and p.tail.lean < 0.62,
        lambda a: int(a["fins"]) == 2 and a["tail"] != "V",
    ),
    "t_tail": Check(
        "a tailplane on top of the fin?",
        lambda p: p.tail.fins == 1 and p.tail.width > 0.2 and p.tail.level > 0.75,
        _tail("T"),
    ),
    "low_tail": Check(
        "a tailplane at the foot of the fin?",
        lambda p: p.tail.fins == 1 and p.tail.width > 0.2 and p.tail.level < 0.3,
        _tail("conventional"),
    ),
    # engines
    "engines": Check("nacelles?", lambda p: p.body.wing_engines > 1 or p.body.rear_engines, _engines),
    "two_wing_engines": Check(
        "two engines on the wings?", lambda p: p.body.wing_engines == 2, _wing_engines(2)
    ),
    "four_wing_engines": Check("four of them?", lambda p: p.body.wing_engines == 4, _wing_engines(4)),
    "rear_engines": Check("engines beside the tail?", lambda p: p.body.rear_engines, _rear_engines),
    "propellers": Check("propellers?", lambda p: p.body.propellers, _propellers),
    "nose_propeller": Check(
        "a propeller at the nose?", lambda p: p.body.nose_propeller, equals("engine_place", "nose")
    ),
    # below
    "gear": Check("wheels down?", lambda p: p.body.gear, _gear),
    "nose_wheel": Check("a wheel under the nose?", lambda p: p.body.nose_wheel, equals("gear", "tricycle")),
    "floats": Check("two floats?", lambda p: p.body.pontoons == 2, _floats),
    # fuselage
    "long_fuselage": Check(
        "longer than the span?", lambda p: p.slenderness < 0.77, equals("fuselage_length", "long")
    ),
}
"""All checks by name. What a check calls slim, long or high is where the corpus draws the line."""

AIRPLANE_CHECKS = CheckSet(Airplane, CHECKS)
