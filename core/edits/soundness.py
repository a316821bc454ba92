"""Is a proposal fit to be shown? One body, feet on the floor for things that stand, and what the words say.

A sampler is not always right. What it proposes is looked at as a whole before a person sees it, and proposals
that are broken or miss the words are sampled again a few times (see `Sampler`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.meshing.components import largest_share
from core.meshing.solid import Stance, stands, voxelised
from core.scene.shape import Mesh

ONE_BODY = 0.95
"""Least share of the surface that the largest piece of a whole shape holds."""


@dataclass(frozen=True, order=True)
class Soundness:
    """How sound a surface is; sounder ones compare greater.

    Attributes
    ----------
    one_body : bool
        One connected piece holds at least 95 % of the area.
    standing : bool
        It stands on its lowest points (`core.meshing.solid.stands`); True where that was not asked.
    fit : float
        How well it fits the words (see `core.edits.word_fit`); 0 is enough, and given where there are none.
    largest_share : float
        Share of the area of the largest piece, in [0, 1].
    """

    one_body: bool
    standing: bool
    fit: float
    largest_share: float

    def meets(self, wanted: Soundness) -> bool:
        """Whether it has what is wanted, shares aside."""
        sound = self.one_body >= wanted.one_body and self.standing >= wanted.standing
        return sound and self.fit >= wanted.fit


WHOLE = Soundness(True, True, 0.0, 1.0)
"""What is wanted of a new shape."""


def soundness(mesh: Mesh, stance: Stance | None, fit: Callable[[Mesh], float] | None = None) -> Soundness:
    """Judge a closed surface.

    Parameters
    ----------
    mesh : Mesh
    stance : Stance or None
        What it takes to stand, None where it need not.
    fit : callable, optional
        Scores surfaces against the words, 0 = fits well enough.
    """
    share = largest_share(mesh)
    standing = stance is None or stands(voxelised(mesh), stance)
    return Soundness(share >= ONE_BODY, standing, 0.0 if fit is None else fit(mesh), share)
