"""Do the parts found in a shape mean something? Measured on surface points whose true part name is known.

* ``name_accuracy``: share of surface points whose part has the name of the primitive they lie on.
* ``token_accuracy``: share of tokens that are named after most of their points (tokens with at least 1 % of
  the surface).
* ``token_purity``: share of surface points whose true name is the commonest one of their token: what the
  decomposition alone allows, whatever names are given.
* ``slot_consistency``: how often a slot has the name it most often has, over shapes.
* ``symmetric_pairs``: share of surface points, off the mirror plane of symmetric shapes, whose token is the
  mirror twin (`core.scene.twins.find_twins`) of the token of the mirrored point, or the same token.
"""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np

from core.evaluation.material import Encoded, Material, Result, mean
from core.pipelines.decode import DecodedField
from core.scene.twins import find_twins

LEAST_POINTS = 0.01
OFF_PLANE = 0.1
"""Points nearer to the mirror plane have no twin to speak of."""

_MIRROR = np.array([-1.0, 1.0, 1.0], np.float32)


def measure(material: Material) -> Result:
    """Name, purity and symmetry of the tokens of encoded test shapes."""
    accuracy: list[float] = []
    tokens: list[bool] = []
    purity: list[float] = []
    pairs: list[float] = []
    of_slot: dict[int, Counter[str]] = defaultdict(Counter)
    for index in range(material.counts.shapes):
        encoded = material.encoded(index)
        shape = encoded.shape
        field = DecodedField(material.engine.model.representation, shape.extrinsics, shape.intrinsics)
        rows = field.part_rows(encoded.points)
        true = np.array(encoded.names)
        given = np.array([part.label for part in shape.parts])[rows]
        accuracy.append(float((given == true).mean()))
        pure = 0
        for row, part in enumerate(shape.parts):
            within = Counter(true[rows == row].tolist())
            if not within:
                continue
            name, count = within.most_common(1)[0]
            pure += count
            if within.total() >= LEAST_POINTS * len(rows):
                tokens.append(part.label == name)
                of_slot[part.slot][part.label] += 1
        purity.append(pure / len(rows))
        if encoded.program is None or encoded.program.attributes.get("symmetric", True):
            pairs.append(symmetric_share(encoded, field, rows))
    steady = sum(names.most_common(1)[0][1] for names in of_slot.values())
    return Result(
        {
            "shapes": material.counts.shapes,
            "name_accuracy": mean(accuracy),
            "token_accuracy": mean(tokens),
            "token_purity": mean(purity),
            "slot_consistency": steady / max(sum(names.total() for names in of_slot.values()), 1),
            "symmetric_pairs": mean(pairs),
        }
    )


def symmetric_share(encoded: Encoded, field: DecodedField, rows: np.ndarray) -> float:
    """Share of points off the mirror plane whose mirror image belongs to their token's twin or to itself."""
    off = np.abs(encoded.points[:, 0]) > OFF_PLANE
    if not off.any():
        return 1.0
    mirrored = field.part_rows(encoded.points[off] * _MIRROR)
    own = rows[off]
    twins = find_twins(encoded.shape.extrinsics)[own]
    return float(((twins == mirrored) | ((twins < 0) & (own == mirrored))).mean())
