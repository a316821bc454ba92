"""The geometric checks of chairs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from core.corpus.program import Attribute
from core.evaluation.chair_back import Arms, Back
from core.evaluation.chair_seat import Seat
from core.evaluation.checks import Check, CheckSet, Truth, among, equals
from core.evaluation.footing import Base
from core.meshing.solid import Solid, stands

SEE_THROUGH = 0.045
"""Openness above which a back has gaps."""

ROUND_END = 0.86
"""Relative width of an outline just inside its end below which the end is round."""

THIN_LEG, THICK_LEG = 0.072, 0.112
WIDEST_SLAT = 0.16


class Chair:
    """Everything the checks ask of one solid; each measure is taken at most once."""

    def __init__(self, solid: Solid) -> None:
        self.solid = solid
        self.seat = Seat(solid)

    @cached_property
    def base(self) -> Base:
        return Base(self.seat)

    @cached_property
    def arms(self) -> Arms:
        return Arms(self.seat)

    @cached_property
    def back(self) -> Back:
        return Back(self.seat, self.arms)

    @cached_property
    def stands(self) -> bool:
        return stands(self.solid)

    # Whether there is a back at all

    @property
    def open_back(self) -> bool:
        return self.back.present and self.back.openness > SEE_THROUGH

    @property
    def closed_back(self) -> bool:
        return self.back.present and self.back.openness <= SEE_THROUGH

    @property
    def back_share(self) -> float:
        """Height of the back over the height of the chair."""
        return self.back.height / (self.back.height + self.seat.height) if self.back.present else 0.0

    @property
    def star(self) -> bool:
        runs, filled = self.base.spokes
        return runs >= 3 and filled < 0.8

    @property
    def block(self) -> bool:
        return self.seat.solid_share > 0.6

    def stands_on_legs(self, count: int) -> bool:
        return self.base.leg_count == count and self.base.floor_count == count

    @property
    def legs(self) -> bool:
        return self.base.leg_count >= 3 and self.base.floor_count >= 3 and not self.block

    @property
    def rounded_top(self) -> bool:
        return self.back.present and self.back.top_width < ROUND_END

    @property
    def oval_back(self) -> bool:
        return self.closed_back and self.rounded_top and 0 < self.back.bottom_width < 0.9

    def bars(self, slats: bool) -> bool:
        """Upright slats, or upright panels, between (or instead of) the stiles."""
        widths = self.back.bar_widths
        if not self.open_back or len(widths) < (3 if slats else 2):
            return False
        inner = widths[1:-1] if slats else widths
        return (max(inner) <= WIDEST_SLAT) == slats

    @property
    def crossed_back(self) -> bool:
        back = self.back
        inner = self.open_back and back.inner_share(0.45, 0.65) > 0.12
        return (
            inner
            and len(back.bar_widths) <= 2
            and max(back.bar_widths, default=0) <= WIDEST_SLAT
            and back.rails <= 1
        )

    @property
    def framed_back(self) -> bool:
        return self.open_back and self.back.inner_share(0.45, 0.65) < 0.05


def _of_legs(key: str, *values: Attribute) -> Truth:
    """Of chairs on three or four legs."""
    return lambda a: a[key] in values if a["base"] in ("four_legs", "three_legs") else None


def _of_backs(key: str, *values: Attribute) -> Truth:
    """Of chairs with a back."""
    return lambda a: a.get(key) in values if a["back"] != "none" else None


def _legs_are(count: int) -> Truth:
    def truth(a: Mapping[str, Attribute]) -> bool | None:
        if a["base"] == "block":
            return bool(a["feet"]) and count == 4
        return a.get("leg_count") == count

    return truth


def _stretched(a: Mapping[str, Attribute]) -> bool | None:
    if a["base"] == "sled":  # a cross bar on the floor is one or is none
        return None
    return a.get("stretchers", "none") != "none"


def _rounded_top(a: Mapping[str, Attribute]) -> bool | None:
    return a["back"] in ("arched", "round") or a.get("back_outline") == "arched"


def _rectangular(a: Mapping[str, Attribute]) -> bool | None:
    return a["back"] != "none" and not _rounded_top(a)


def _seat_is_thick(a: Mapping[str, Attribute]) -> bool | None:
    if a["base"] == "block" or (a["cushion"] and a["seat_thickness"] != "thick"):
        return None
    return a["seat_thickness"] == "thick"


def _seat_is_thin(a: Mapping[str, Attribute]) -> bool | None:
    return None if a["base"] == "block" else a["seat_thickness"] == "thin" and not a["cushion"]


def _back_is_thick(a: Mapping[str, Attribute]) -> bool | None:
    return None if a["back"] in ("none", "round") else a["back"] == "padded"


GAPPY = ("vertical_slats", "horizontal_slats", "frame", "panels", "cross")
CLOSED = ("solid", "arched", "round", "padded", "curved", "none")

CHECKS: dict[str, Check] = {
    "seat": Check("is there a seat?", lambda c: c.seat.coverage > 0.6, lambda a: True),
    "stands": Check("does it stand on the floor?", lambda c: c.stands, lambda a: True),
    # base
    "four_legs": Check("four separate legs or feet?", lambda c: c.stands_on_legs(4), _legs_are(4)),
    "three_legs": Check("three separate legs?", lambda c: c.stands_on_legs(3), _legs_are(3)),
    "thin_legs": Check(
        "thin legs?", lambda c: c.legs and 0 < c.base.leg_width < THIN_LEG, _of_legs("leg_thickness", "thin")
    ),
    "thick_legs": Check(
        "thick legs?", lambda c: c.legs and c.base.leg_width > THICK_LEG, _of_legs("leg_thickness", "thick")
    ),
    "splayed_legs": Check(
        "legs further apart at the floor?",
        lambda c: c.legs and c.base.spread > 1.07,
        _of_legs("legs_splayed", True),
    ),
    "straight_legs": Check(
        "legs vertical?", lambda c: c.legs and c.base.spread <= 1.07, _of_legs("legs_splayed", False)
    ),
    "tapered_legs": Check(
        "legs thinner at the floor?",
        lambda c: c.legs and c.base.taper < 0.88,
        _of_legs("leg_style", "tapered"),
    ),
    "stretchers": Check("bars between the legs?", lambda c: c.base.bars >= 0.03, _stretched),
    "star": Check("a column on a star?", lambda c: c.star, equals("base", "star")),
    "five_spokes": Check(
        "a star with five spokes?", lambda c: c.star and c.base.spokes[0] == 5, lambda a: a.get("spokes") == 5
    ),
    "four_spokes": Check(
        "a star with four spokes?", lambda c: c.star and c.base.spokes[0] == 4, lambda a: a.get("spokes") == 4
    ),
    "wheels": Check("wheels?", lambda c: c.star and c.base.wheels >= 3, lambda a: a.get("wheels", False)),
    "pedestal": Check(
        "a column on a plate?", lambda c: c.base.column and c.base.spokes[1] > 0.9, equals("base", "pedestal")
    ),
    "sled": Check(
        "legs joined by runners?",
        lambda c: c.base.leg_count == 4 and c.base.runner > 0.9,
        equals("base", "sled"),
    ),
    "cantilever": Check(
        "front legs and runners only?",
        lambda c: c.base.leg_count == 2 and c.base.legs_in_front and c.base.runner > 0.8,
        equals("base", "cantilever"),
    ),
    "block": Check("solid down to the floor?", lambda c: c.block, equals("base", "block")),
    # seat
    "round_seat": Check(
        "a round seat?",
        lambda c: c.seat.outline[0] < 0.86 and 0.85 < c.seat.outline[1] < 1.18,
        equals("seat_shape", "round"),
    ),
    "square_seat": Check(
        "a seat with corners?", lambda c: c.seat.outline[0] >= 0.86, equals("seat_shape", "square", "rounded")
    ),
    "thick_seat": Check("a thick seat?", lambda c: c.seat.thickness > 0.13, _seat_is_thick),
    "thin_seat": Check("a thin seat?", lambda c: c.seat.thickness < 0.086, _seat_is_thin),
    "wide": Check(
        "wide enough for two?",
        lambda c: 2 * c.seat.half_width > 1.49 * (c.seat.extents[3] - c.seat.extents[2]),
        equals("wide", True),
    ),
    "tall_stool": Check(
        "a bar stool?",
        lambda c: not c.back.present and c.seat.height > 1.73 * 2 * c.seat.half_width,
        equals("tall_stool", True),
    ),
    # back
    "back": Check("a back?", lambda c: c.back.present, lambda a: a["back"] != "none"),
    "no_back": Check("no back?", lambda c: not c.back.present, equals("back", "none")),
    "gaps": Check("gaps in the back?", lambda c: c.open_back, among("back", GAPPY, CLOSED)),
    "solid_back": Check(
        "a back without gaps?", lambda c: c.closed_back, among("back", CLOSED[:-1], (*GAPPY, "none"))
    ),
    "vertical_slats": Check("upright slats?", lambda c: c.bars(slats=True), equals("back", "vertical_slats")),
    "horizontal_slats": Check(
        "slats across?", lambda c: c.open_back and c.back.rails >= 2, equals("back", "horizontal_slats")
    ),
    "open_frame": Check(
        "just a frame?", lambda c: c.framed_back and c.back.rails <= 1, equals("back", "frame")
    ),
    "split_back": Check("upright panels?", lambda c: c.bars(slats=False), equals("back", "panels")),
    "crossed_back": Check("an X in the back?", lambda c: c.crossed_back, equals("back", "cross")),
    "rounded_top": Check("the top of the back rounded?", lambda c: c.rounded_top, _rounded_top),
    "rectangular_back": Check(
        "a back with a straight top?", lambda c: c.back.present and not c.rounded_top, _rectangular
    ),
    "round_back": Check("a round or oval back?", lambda c: c.oval_back, equals("back", "round")),
    "curved_back": Check(
        "a back that bends around?",
        lambda c: c.closed_back and c.back.curve > 0.055,
        equals("back", "curved"),
    ),
    "thick_back": Check(
        "a thick back?", lambda c: c.closed_back and c.back.thickness > 0.135, _back_is_thick
    ),
    "gap_below_back": Check(
        "space between seat and back?",
        lambda c: c.closed_back and c.back.gap_below > 0.35,
        lambda a: a.get("back_floating"),
    ),
    "high_back": Check("a high back?", lambda c: c.back_share > 0.503, _of_backs("back_height", "high")),
    "low_back": Check("a low back?", lambda c: 0 < c.back_share < 0.402, _of_backs("back_height", "low")),
    "reclined": Check(
        "a back that leans?", lambda c: c.back.present and c.back.lean > 0.2, _of_backs("reclined", True)
    ),
    "upright": Check(
        "a vertical back?", lambda c: c.back.present and c.back.lean < 0.015, _of_backs("upright", True)
    ),
    # arms
    "arms": Check("arms?", lambda c: c.arms.present, lambda a: a["arms"] != "none"),
    "no_arms": Check("no arms?", lambda c: not c.arms.present, equals("arms", "none")),
    "round_arms": Check("looped or bowed arms?", lambda c: c.arms.rounded, equals("arms", "round")),
    "solid_arms": Check("arms closed to the seat?", lambda c: c.arms.closed, equals("arms", "box", "rolled")),
    "straight_arms": Check(
        "straight open arms?",
        lambda c: c.arms.present and not c.arms.closed and not c.arms.rounded,
        among("arms", ("straight", "padded"), ("none", "round", "box", "rolled")),
    ),
}
"""All checks by name. What a check calls thin, high or wide is where the corpus draws the line."""

CHAIR_CHECKS = CheckSet(Chair, CHECKS)
