"""The geometric checks of tables, desks and benches."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from core.corpus.program import Attribute
from core.evaluation.checks import Check, CheckSet, Truth, among, equals
from core.evaluation.table_base import Under
from core.evaluation.table_top import Top
from core.meshing.solid import TABLE_STANCE, Solid, stands

ANGULAR, ROUND = 0.3, 0.8
"""Corner radius over half the depth below which corners are sharp and above which ends are round."""

EVEN = 1.1
"""Width over depth up to which a top is as wide as it is deep."""

SIX, EIGHT = 0.022, 0.011
"""How much outlines with six and eight corners vary."""

THIN_LEG, THICK_LEG = 0.0775, 0.113
THIN_TOP, THICK_TOP = 0.086, 0.117


def table_stands(solid: Solid) -> bool:
    """Whether a table stands on its floor."""
    return stands(solid, TABLE_STANCE)


class Table:
    """Everything the checks ask of one solid; each measure is taken at most once."""

    def __init__(self, solid: Solid) -> None:
        self.solid = solid
        self.top = Top(solid)
        self.under = Under(self.top)

    @cached_property
    def stands(self) -> bool:
        return table_stands(self.solid)

    @property
    def even(self) -> bool:
        return self.top.aspect < EVEN

    @property
    def hexagonal(self) -> bool:
        return 0.8 < self.top.aspect < 1.22 and self.top.harmonics[6] > SIX

    @property
    def octagonal(self) -> bool:
        eight = 0.94 < self.top.aspect < 1.06 and self.top.harmonics[8] > EIGHT
        return eight and self.top.corner > ROUND and not self.hexagonal

    @property
    def curved(self) -> bool:
        return self.top.corner > ROUND and not self.hexagonal and not self.octagonal

    @property
    def cornered(self) -> bool:
        return self.top.corner <= ROUND and not self.hexagonal

    @property
    def block(self) -> bool:
        return self.top.solid_share > 0.5

    @property
    def thickness(self) -> float:
        """Of the top; 0 where it cannot be told from a block under it."""
        return 0.0 if self.block else self.top.thickness

    @property
    def cabinets(self) -> int:
        return 0 if self.block else self.under.cabinets

    @property
    def trestles(self) -> bool:
        return self.under.trestles and not self.under.crossed

    @property
    def separate_legs(self) -> bool:
        return self.under.base.floor_count in (3, 4) and self.under.stands_on(self.under.base.floor_count)

    @property
    def spokes(self) -> tuple[int, float]:
        return self.under.base.spokes

    @property
    def star(self) -> bool:
        runs, filled = self.spokes
        return runs >= 3 and filled < 0.8

    @property
    def shelves(self) -> int:
        """Boards between floor and top; what is low on a column is its foot."""
        return sum(share > 0.2 or not self.under.base.column for share in self.top.shelves)

    @property
    def low(self) -> bool:
        top = self.top
        return top.height < (0.55 * top.width if self.even else 0.69 * top.depth)

    @property
    def sits(self) -> bool:
        """Long, narrow, and as high as one sits on."""
        return self.top.aspect > 2.4 and 0.97 * self.top.depth < self.top.height < 0.49 * self.top.width

    @property
    def tall(self) -> bool:
        return self.top.height > (1.25 if self.even else 0.88) * self.top.width


LEGGED = ("four_legs", "three_legs")


def _of_legs(key: str, *values: Attribute) -> Truth:
    """Of tables on three or four separate legs."""
    return lambda a: a.get(key) in values if a["base"] in LEGGED else None


def _legs_are(count: int) -> Truth:
    def truth(a: Mapping[str, Attribute]) -> bool | None:
        if a["base"] in ("trestle", "x_legs", "cabinets"):  # four feet, but are they four legs?
            return None
        if a["base"] == "block":
            return a["feet"] == "legs" and count == 4 if a["feet"] != "wheels" else None
        return a.get("leg_count") == count

    return truth


def _legs_taper(a: Mapping[str, Attribute]) -> bool | None:
    if a["base"] not in LEGGED or a["leg_style"] in ("turned", "hairpin"):
        return None
    return a["leg_style"] == "tapered"


def _legs_are_thin(a: Mapping[str, Attribute]) -> bool | None:
    if a["base"] not in LEGGED:
        return None
    if a["leg_style"] in ("tapered", "turned") and a["leg_thickness"] != "thick":
        return None  # those called thin are no thinner
    return a["leg_thickness"] == "thin"


def _legs_are_thick(a: Mapping[str, Attribute]) -> bool | None:
    if a["base"] not in LEGGED or a["leg_style"] == "turned":  # of many thicknesses
        return None
    return a["leg_thickness"] == "thick"


def _stretched(a: Mapping[str, Attribute]) -> bool | None:
    if a["base"] not in LEGGED or a.get("modesty_panel"):
        return None
    return a["stretchers"] != "none"


def _shelved(a: Mapping[str, Attribute]) -> bool | None:
    if a["base"] == "block" and a["block"] == "open" and a["feet"] in ("none", "plinth"):
        return None  # the lower one is the floor of a box
    return int(a["shelves"]) > 0


def _two_shelves(a: Mapping[str, Attribute]) -> bool | None:
    return None if _shelved(a) is None else int(a["shelves"]) == 2


def _top_is(word: str) -> Truth:
    """Of tables whose top can be told from what is under it."""

    def truth(a: Mapping[str, Attribute]) -> bool | None:
        return None if a["base"] in ("block", "cabinets") else a["top_thickness"] == word

    return truth


def _slabs(a: Mapping[str, Attribute]) -> bool | None:
    if a["base"] == "cabinets" or a.get("block") == "open":
        return None
    return a["base"] == "panels"


def _drawers(a: Mapping[str, Attribute]) -> bool | None:
    return None if a.get("cabinet_doors") else int(a["drawers"]) > 0


def _box(a: Mapping[str, Attribute]) -> bool | None:
    if a["base"] in ("block", "cabinets"):
        return None if a.get("block") == "open" else True
    return int(a["drawers"]) > 0


def _screen(a: Mapping[str, Attribute]) -> bool | None:
    if a["base"] in ("block", "c_frame", "x_legs"):
        return None
    return bool(a.get("modesty_panel"))


def _boards(a: Mapping[str, Attribute]) -> bool | None:
    if a.get("apron") or a.get("columns") or a["base"] in ("block", "x_legs"):  # low, or thick
        return None
    slab = a["base"] in ("panels", "cabinets") or a.get("c_kind") == "slab"
    return slab or bool(a.get("modesty_panel")) or int(a["drawers"]) > 0


def _bench(a: Mapping[str, Attribute]) -> bool | None:
    if a["purpose"] == "desk" and a["long"]:  # without a scale they are alike
        return None
    return a["purpose"] == "bench"


CHECKS: dict[str, Check] = {
    "top": Check("a level top?", lambda t: t.top.coverage > 0.45, lambda a: True),
    "stands": Check("does it stand on the floor?", lambda t: t.stands, lambda a: True),
    # base
    "four_legs": Check("four separate legs or feet?", lambda t: t.under.stands_on(4), _legs_are(4)),
    "three_legs": Check("three separate legs?", lambda t: t.under.stands_on(3), _legs_are(3)),
    "thin_legs": Check(
        "thin legs?",
        lambda t: t.under.forked or (t.separate_legs and 0 < t.under.legs.width < THIN_LEG),
        _legs_are_thin,
    ),
    "thick_legs": Check(
        "thick legs?",
        lambda t: t.separate_legs and t.under.legs.width > THICK_LEG,
        _legs_are_thick,
    ),
    "splayed_legs": Check(
        "legs further apart at the floor?",
        lambda t: t.separate_legs and t.under.legs.slope > 0.06,
        _of_legs("legs_splayed", True),
    ),
    "straight_legs": Check(
        "legs vertical?",
        lambda t: t.separate_legs and t.under.legs.slope <= 0.06,
        _of_legs("legs_splayed", False),
    ),
    "tapered_legs": Check(
        "legs thinner at the floor?", lambda t: t.separate_legs and t.under.legs.taper > 0.15, _legs_taper
    ),
    "hairpin_legs": Check(
        "every leg two rods that meet?", lambda t: t.under.forked, _of_legs("leg_style", "hairpin")
    ),
    "stretchers": Check("bars between separate legs?", lambda t: t.under.bars >= 0.03, _stretched),
    "pedestal": Check(
        "one column?", lambda t: t.under.columns == 1, lambda a: a["base"] == "pedestal" and a["columns"] == 1
    ),
    "two_columns": Check("two columns on feet?", lambda t: t.under.columns == 2, equals("columns", 2)),
    "star": Check(
        "a column on arms?",
        lambda t: t.under.columns == 1 and t.star,
        lambda a: a.get("columns") == 1 and a["foot"] in ("star", "cross"),
    ),
    "plate_foot": Check(
        "a column on a plate?",
        lambda t: t.under.columns == 1 and t.spokes[1] > 0.9,
        lambda a: a.get("columns") == 1 and a["foot"] not in ("star", "cross"),
    ),
    "slabs": Check("two slabs for legs?", lambda t: t.under.slabs, _slabs),
    "trestles": Check("two trestles?", lambda t: t.trestles, equals("base", "trestle")),
    "crossed_legs": Check(
        "legs that cross?",
        lambda t: t.under.crossed,
        lambda a: None if a.get("crossing") == "slabs" else a["base"] == "x_legs",
    ),
    "sled": Check(
        "uprights joined by runners?",
        lambda t: t.under.base.leg_count == 4 and t.under.base.runner > 0.9,
        equals("base", "sled"),
    ),
    "c_frame": Check("held from behind only?", lambda t: t.under.held_from_behind, equals("base", "c_frame")),
    "block": Check(
        "a closed block under the top?",
        lambda t: t.block,
        lambda a: a.get("block") in ("solid", "drawers"),
    ),
    "wheels": Check("wheels?", lambda t: t.under.wheels >= 3, lambda a: int(a["wheels"]) > 0),
    # top
    "round_top": Check("a round top?", lambda t: t.curved and t.even, equals("top_shape", "round")),
    "oval_top": Check("an oval top?", lambda t: t.curved and not t.even, equals("top_shape", "oval")),
    "square_top": Check("a square top?", lambda t: t.cornered and t.even, equals("top_shape", "square")),
    "rectangular_top": Check(
        "a rectangular top, wider than deep?",
        lambda t: t.cornered and not t.even,
        equals("top_shape", "rectangular"),
    ),
    "hexagonal_top": Check("six corners?", lambda t: t.hexagonal, equals("top_shape", "hexagonal")),
    "octagonal_top": Check("eight corners?", lambda t: t.octagonal, equals("top_shape", "octagonal")),
    "sharp_corners": Check(
        "a rectangle with sharp corners?",
        lambda t: t.top.corner < ANGULAR,
        among("top_corners", ("square",), ("rounded",)),
    ),
    "rounded_corners": Check(
        "a rectangle with round corners?",
        lambda t: t.cornered and t.top.corner >= ANGULAR,
        among("top_corners", ("rounded",), ("square",)),
    ),
    "thick_top": Check("a thick top?", lambda t: t.thickness > THICK_TOP, _top_is("thick")),
    "thin_top": Check("a thin top?", lambda t: 0 < t.thickness < THIN_TOP, _top_is("thin")),
    "slatted_top": Check("gaps between planks?", lambda t: t.top.planks >= 3, equals("slatted", True)),
    "long": Check("long and narrow?", lambda t: t.top.aspect > 2.2, equals("long", True)),
    "low": Check("low?", lambda t: t.low, equals("height", "low")),
    "tall": Check("tall?", lambda t: t.tall, equals("height", "tall")),
    "bench": Check(
        "long, narrow, at sitting height?",
        lambda t: t.sits,
        _bench,
    ),
    # between floor and top
    "shelf": Check("a shelf?", lambda t: t.shelves > 0, _shelved),
    "two_shelves": Check("two shelves?", lambda t: t.shelves == 2, _two_shelves),
    "drawers": Check("fronts of drawers?", lambda t: t.under.drawers > 0, _drawers),
    "box": Check("a closed box under the top?", lambda t: t.top.box > 0.33 or t.under.cabinets > 0, _box),
    "cabinets": Check("a cabinet at each end?", lambda t: t.cabinets == 2, equals("cabinets", 2)),
    "one_cabinet": Check("a cabinet at one end?", lambda t: t.cabinets == 1, equals("cabinets", 1)),
    "screen": Check("a panel closing the rear?", lambda t: t.under.screen, _screen),
    "apron": Check("boards right under the top?", lambda t: t.top.ringed > 0.3, lambda a: a.get("apron")),
    "boards": Check("upright boards or boxes?", lambda t: t.under.boards, _boards),
}
"""All checks by name. What a check calls thin, high or long is where the corpus draws the line."""

TABLE_CHECKS = CheckSet(Table, CHECKS)
