"""Which parts a sentence speaks of, so that a text edit needs no selection. Words only, no model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from core.scene.shape import Shape

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "seat": ("seat", "cushion", "sitting area"),
    "back": ("back", "backrest", "back rest", "slat", "spindle", "splat", "headrest"),
    "leg": ("leg", "foot", "feet"),
    "arm": ("arm", "armrest", "arm rest"),
    "base": ("base", "pedestal", "swivel", "column", "sled", "runner", "star", "stand", "trestle"),
    "wheel": ("wheel", "caster", "castor", "roller"),
    "stretcher": ("stretcher", "rung", "crossbar", "brace"),
    "top": ("top", "tabletop", "table top", "surface"),
    "shelf": ("shelf", "shelves"),
    "drawer": ("drawer", "cabinet"),
    "panel": ("panel", "side wall"),
    "fuselage": ("fuselage", "body", "hull", "nose", "cockpit", "canopy"),
    "wing": ("wing", "winglet", "canard"),
    "tail": ("tail", "fin", "stabiliser", "stabilizer", "rudder"),
    "engine": ("engine", "jet engine", "turbine", "nacelle", "pod"),
    "propeller": ("propeller", "prop", "rotor"),
    "gear": ("gear", "landing gear", "undercarriage"),
    "float": ("float", "pontoon"),
}
"""Everyday words for part names, in the singular."""

SUPPORTS = frozenset({"leg", "base", "wheel", "stretcher"})
"""What a piece of furniture stands on: a star base takes the place of legs, stretchers and all."""

SLOT_SHARE = 0.15
"""A slot may become a part it is not yet if it was one in at least this share of the training shapes."""


def parts_replaced(base: Shape, source: Shape, taken: Iterable[int]) -> tuple[int, ...]:
    """Ids of the unlocked parts of `base` that parts of `source` take the place of.

    What a person means by "that back on this chair": parts of the same kinds go; and everything a shape
    stands on is of one kind.
    """
    labels = {source.part(part_id).label for part_id in taken}
    if labels & SUPPORTS:
        labels |= SUPPORTS
    return tuple(part.id for part in base.parts if part.label in labels and not part.locked)


def labels_meant(text: str, labels: Sequence[str]) -> tuple[str, ...]:
    """Those of a model's part names that the words speak of, in the model's order."""
    lowered = text.lower()
    found = []
    for label in labels:
        words = SYNONYMS.get(label, (label,))
        pattern = "|".join(rf"{re.escape(word)}(?:s|es)?" for word in words)
        if re.search(rf"\b(?:{pattern})\b", lowered):
            found.append(label)
    return tuple(found)


def parts_meant(
    shape: Shape, text: str, slot_shares: Mapping[str, Sequence[float]], labels: Sequence[str]
) -> tuple[int, ...]:
    """Ids of the unlocked parts that the words speak of.

    A part that the words name and the shape lacks has to be made of others: of those whose slots most often
    are such a part.

    Parameters
    ----------
    shape : Shape
    text : str
    slot_shares : mapping of str to sequence of float
        For every part name the share of training shapes in which each slot is called so; may be empty.
    labels : sequence of str
        The model's part names.
    """
    chosen: set[int] = set()
    for label in labels_meant(text, labels):
        having = {part.id for part in shape.parts if part.label == label}
        if not having:
            shares = slot_shares.get(label, ())
            having = {
                part.id
                for part in shape.parts
                if 0 <= part.slot < len(shares) and shares[part.slot] >= SLOT_SHARE
            }
        chosen |= having
    return tuple(part.id for part in shape.parts if part.id in chosen and not part.locked)
