"""Is a proposal fit to be shown? One body and, for things that stand on a floor, feet on it.

A sampler is not always right. What it proposes is looked at as a whole before a person sees it, and broken
proposals are sampled again a few times (see `Engine`). The judgement is geometric and never sees the words.
"""

from __future__ import annotations

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
    largest_share : float
        Share of the area of the largest piece, in [0, 1].
    """

    one_body: bool
    standing: bool
    largest_share: float

    def meets(self, wanted: Soundness) -> bool:
        """Whether it has what is wanted, shares aside."""
        return self.one_body >= wanted.one_body and self.standing >= wanted.standing


WHOLE = Soundness(True, True, 1.0)
"""What is wanted of a new shape."""


def soundness(mesh: Mesh, stance: Stance | None) -> Soundness:
    """Judge a closed surface; `stance`: what it takes to stand, None where it need not."""
    share = largest_share(mesh)
    return Soundness(share >= ONE_BODY, stance is None or stands(voxelised(mesh), stance), share)
