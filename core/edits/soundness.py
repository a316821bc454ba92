"""Is a proposal fit to be shown? One body with all it needs, feet on the floor, and what the words say.

A sampler is not always right. What it proposes is looked at as a whole before a person sees it, and proposals
that are broken or miss the words are sampled again a few times (see `Sampler`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.meshing.components import largest_share
from core.meshing.solid import Stance, stands, voxelised
from core.scene.shape import Mesh, Shape

ONE_BODY = 0.95
"""Least share of the surface that the largest piece of a whole shape holds."""
ALWAYS = 0.99
"""Share of the training shapes from which on a part counts as always there."""
SEEN = 0.01
"""Least share of the surface that is to be seen of such parts."""


def always_there(slot_shares: Mapping[str, Sequence[float]]) -> tuple[str, ...]:
    """Names of parts that all shapes of a model have: the seat of a chair, the top of a table.

    Parameters
    ----------
    slot_shares : mapping of str to sequence of float
        For every name the share of the training shapes in which each slot is called so.
    """
    return tuple(label for label, shares in slot_shares.items() if max(shares, default=0.0) >= ALWAYS)


def is_complete(shape: Shape, mesh: Mesh, labels: Collection[str]) -> bool:
    """Whether parts of all these names are to be seen on the surface."""
    faces = np.bincount(mesh.face_parts, minlength=len(shape.parts))
    seen: dict[str, int] = dict.fromkeys(labels, 0)
    for part, count in zip(shape.parts, faces.tolist(), strict=False):
        if part.label in seen:
            seen[part.label] += count
    return all(count >= SEEN * len(mesh.faces) for count in seen.values())


@dataclass(frozen=True, order=True)
class Soundness:
    """How sound a surface is; sounder ones compare greater.

    Attributes
    ----------
    one_body : bool
        One connected piece holds at least 95 % of the area.
    complete : bool
        It has the parts that all such shapes have (`is_complete`).
    standing : bool
        It stands on its lowest points (`core.meshing.solid.stands`); True where that was not asked.
    fit : float
        How well it fits the words (see `core.edits.word_fit`); 0 is enough, and given where there are none.
    largest_share : float
        Share of the area of the largest piece, in [0, 1].
    """

    one_body: bool
    complete: bool
    standing: bool
    fit: float
    largest_share: float

    def meets(self, wanted: Soundness) -> bool:
        """Whether it has what is wanted, shares aside."""
        sound = self.one_body >= wanted.one_body and self.complete >= wanted.complete
        return sound and self.standing >= wanted.standing and self.fit >= wanted.fit


WHOLE = Soundness(True, True, True, 0.0, 1.0)
"""What is wanted of a new shape."""


def soundness(
    shape: Shape,
    mesh: Mesh,
    stance: Stance | None,
    labels: Collection[str] = (),
    fit: Callable[[Mesh], float] | None = None,
) -> Soundness:
    """Judge a shape by its closed surface.

    Parameters
    ----------
    shape, mesh : Shape, Mesh
    stance : Stance or None
        What it takes to stand, None where it need not.
    labels : collection of str
        Names of parts it must have.
    fit : callable, optional
        Scores surfaces against the words, 0 = fits well enough.
    """
    share = largest_share(mesh)
    standing = stance is None or stands(voxelised(mesh), stance)
    complete = is_complete(shape, mesh, labels)
    return Soundness(share >= ONE_BODY, complete, standing, 0.0 if fit is None else fit(mesh), share)
