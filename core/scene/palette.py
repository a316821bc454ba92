"""Part colours: the one source for the tree, the viewport, charts, exports and thumbnails.

Base colours start from Okabe & Ito's palette and were moved apart until any two of a category differ by at
least 0.12 in OKLab, in normal vision and under simulated protan-, deuter- and tritanopia (Machado et al.
2009).
Instances of one label differ in lightness only (OKLab, Ottosson 2020), so their hue still names the label.
"""

from __future__ import annotations

import numpy as np

from core.scene.gaussians import DoubleArray
from core.scene.shape import FloatArray, Shape
from core.scene.twins import find_twins

Color = tuple[float, float, float]

UNKNOWN_LABEL = "part"

SKY, ORANGE, GREEN, MAUVE, NAVY, COAL, LEMON, VIOLET = (
    (0.290, 0.670, 0.980),
    (1.000, 0.690, 0.000),
    (0.150, 0.610, 0.220),
    (0.730, 0.460, 0.655),
    (0.076, 0.350, 0.680),
    (0.260, 0.260, 0.300),
    (0.965, 0.980, 0.350),
    (0.588, 0.235, 1.000),
)

LABEL_COLORS: dict[str, Color] = {
    "seat": SKY,
    "back": ORANGE,
    "leg": GREEN,
    "arm": MAUVE,
    "base": NAVY,
    "wheel": COAL,
    "stretcher": LEMON,
    "top": SKY,
    "panel": ORANGE,
    "drawer": MAUVE,
    "shelf": VIOLET,
    "fuselage": SKY,
    "wing": ORANGE,
    "tail": GREEN,
    "engine": MAUVE,
    "float": NAVY,
    "gear": COAL,
    "propeller": LEMON,
    UNKNOWN_LABEL: (0.780, 0.780, 0.780),
}
"""Base colour of each label, sRGB in [0, 1]; labels of different categories may share one."""

_LIGHTNESS_STEPS = (0.0, 0.06, -0.06, 0.03, -0.03, 0.09, -0.09)
_GOLDEN_ANGLE = np.pi * (3.0 - np.sqrt(5.0))
_UNKNOWN_CHROMA = 0.09

_LINEAR_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LMS_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def label_color(label: str) -> Color:
    """Base colour of a label; grey for one that is not in `LABEL_COLORS`."""
    return LABEL_COLORS.get(label, LABEL_COLORS[UNKNOWN_LABEL])


def part_colors(shape: Shape) -> FloatArray:
    """Colour of every part, float32 [P, 3], sRGB in [0, 1].

    The base colour is the label's; instances of one label vary in lightness, in order of their ids, so that
    reordering them keeps their colours; mirror twins of one label look alike. Parts without a known label,
    which no hue could name, get muted hues of their own so that they can still be told apart.
    """
    colors = np.zeros((len(shape.parts), 3))
    twins = find_twins(shape.extrinsics)
    instances: dict[str, int] = {}
    for row, part in sorted(enumerate(shape.parts), key=lambda pair: pair[1].id):
        twin = int(twins[row])
        if twin >= 0 and shape.parts[twin].id < part.id and shape.parts[twin].label == part.label:
            colors[row] = colors[twin]
            continue
        instance = instances.get(part.label, 0)
        instances[part.label] = instance + 1
        known = part.label in LABEL_COLORS and part.label != UNKNOWN_LABEL
        colors[row] = _shaded(label_color(part.label), instance) if known else _unknown_color(instance)
    result = colors.astype(np.float32)
    result.setflags(write=False)
    return result


def _shaded(base: Color, instance: int) -> DoubleArray:
    """`base` at the lightness of its n-th instance; the first one is `base` itself."""
    step = _LIGHTNESS_STEPS[instance % len(_LIGHTNESS_STEPS)]
    if step == 0.0:
        return np.array(base)
    lab = srgb_to_oklab(np.array(base))
    lab[0] += step
    return oklab_to_srgb(lab)


def _unknown_color(instance: int) -> DoubleArray:
    """Grey first, then hues a golden angle apart at one low chroma."""
    base = np.array(LABEL_COLORS[UNKNOWN_LABEL])
    if instance == 0:
        return base
    angle = instance * _GOLDEN_ANGLE
    lab = srgb_to_oklab(base)
    lab[1:] = _UNKNOWN_CHROMA * np.cos(angle), _UNKNOWN_CHROMA * np.sin(angle)
    return oklab_to_srgb(lab)


def srgb_to_oklab(color: DoubleArray) -> DoubleArray:
    """Colours from sRGB in [0, 1] to OKLab (lightness, green-red, blue-yellow); last axis 3."""
    linear = np.where(color <= 0.04045, color / 12.92, ((np.maximum(color, 0.0) + 0.055) / 1.055) ** 2.4)
    result: DoubleArray = np.cbrt(linear @ _LINEAR_TO_LMS.T) @ _LMS_TO_LAB.T
    return result


def oklab_to_srgb(lab: DoubleArray) -> DoubleArray:
    """Colours from OKLab to sRGB, clipped to [0, 1]; last axis 3."""
    linear = (lab @ np.linalg.inv(_LMS_TO_LAB).T) ** 3 @ np.linalg.inv(_LINEAR_TO_LMS).T
    linear = np.clip(linear, 0.0, 1.0)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    result: DoubleArray = np.clip(encoded, 0.0, 1.0)
    return result
