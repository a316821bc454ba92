"""Parts that come from elsewhere, put into a shape: done at once, without the model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from core.edits.instant import FARTHEST, MAX_PARTS
from core.edits.job import EditError
from core.scene.groups import apart, group_names
from core.scene.scene import Scene
from core.scene.shape import CENTRE, EIGENVALUES, Part, Shape

STEP = (0.15, 0.0, 0.15)
"""How far copies move aside where the same parts are already, domain units."""
_SAME = 1e-4


def copied_parts(shape: Shape, part_ids: Iterable[int]) -> Shape:
    """A shape of just these parts, without what does not go along: its file, and whether it shows."""
    return replace(shape.subset(part_ids), original=None, extra={}, visible=True)


def shape_of(scene: Scene, sources: Sequence[Shape]) -> Shape:
    """All parts of the sources as a new shape for the scene.

    Raises
    ------
    EditError
        If the sources are of several models, or their parts too many or far away.
    """
    return scene.newcomer(paste_parts(sources[0].subset(()), sources))


def paste_parts(shape: Shape, sources: Iterable[Shape]) -> Shape:
    """Append all parts of the sources, where they are in their own frames, with the next ids.

    Latents and Gaussians stay bit for bit as they were, unless the same parts are there already: then the
    copies go aside by whole steps. They are visible and unlocked, and their origin says where they come from.
    Groups that come along stay groups of their own.

    Raises
    ------
    EditError
        If a source is of another model, or the shape would have too many parts, or they lie far away.
    """
    sources = tuple(sources)
    for source in sources:
        refuse_other_model(shape, source)
    extrinsics = np.concatenate([source.extrinsics for source in sources])
    refuse_lost(extrinsics)
    if len(shape.parts) + len(extrinsics) > MAX_PARTS:
        raise EditError(f"A shape can have {MAX_PARTS} parts at most.")
    known = shape.extrinsics[:, None, CENTRE]
    while (np.abs(known - extrinsics[None, :, CENTRE]).max(axis=2, initial=0.0) < _SAME).any():
        extrinsics = np.array(extrinsics)
        extrinsics[:, CENTRE] += np.asarray(STEP, np.float32)
    records: list[Part] = []
    for source in sources:
        taken = {*group_names(shape), *(part.group for part in records)}
        records += [
            replace(part, visible=True, locked=False, origin=pasted_from(part.origin, source.name))
            for part in apart(source.parts, taken)
        ]
    start = shape.next_part_id()
    return shape.with_latents(
        np.concatenate([shape.extrinsics, extrinsics]),
        np.concatenate([shape.intrinsics, *(source.intrinsics for source in sources)]),
        [*shape.parts, *(replace(part, id=start + index) for index, part in enumerate(records))],
    )


def pasted_from(origin: str, name: str) -> str:
    """The origin of a part after it was taken from a shape."""
    words = f"from {name}"
    return origin if origin.endswith(words) else ", ".join(filter(None, (origin, words)))


def refuse_other_model(shape: Shape, source: Shape) -> None:
    """Raise EditError if parts of one shape mean nothing in the other."""
    if source.checkpoint != shape.checkpoint or source.intrinsics.shape[1] != shape.intrinsics.shape[1]:
        raise EditError(
            f"{source.name} was made with {source.checkpoint or 'an unknown model'}, {shape.name} with "
            f"{shape.checkpoint or 'an unknown model'}: parts go together within one model only. "
            "Use Edit > Paste as a new shape."
        )


def refuse_lost(extrinsics: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> None:
    """Raise EditError if no one could find parts with these Gaussians [P, 16] again."""
    if (np.abs(extrinsics[:, CENTRE]) > FARTHEST).any() or (extrinsics[:, EIGENVALUES] > FARTHEST**2).any():
        raise EditError("The copied parts are too far away or too large. Copy them again.")
