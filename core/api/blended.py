"""Blends of a session: a shape, or parts of it, on the way to another state. No model, done at once."""

from __future__ import annotations

from core.api.sampled import SampledEdits
from core.edits import blending
from core.edits.naming import Parts
from core.edits.results import Candidates
from core.scene.shape import Shape


class Blends(SampledEdits):
    """Blend with another shape, or with a candidate."""

    def blend(
        self,
        shape: str | None,
        other: str | Candidates,
        amount: float,
        parts: Parts | None = None,
        *,
        number: int = 1,
        twins: bool = True,
    ) -> Shape:
        """Bring parts (default: all unlocked) nearer to their counterparts in another shape or a candidate.

        Parameters
        ----------
        other : str or Candidates
            A shape of the scene by id or name, or the candidate with this `number`, counted from one.
        amount : float
            0 = as it is, 1 = as the other one is.
        """
        base = self.shape(shape)
        if isinstance(other, Candidates):
            end = blending.candidate_state(self._candidate(other, number), other.request, base)
        else:
            end = self.shape(other)
        return self._put(blending.blend_parts(base, end, amount, self._chosen(base, parts, twins)))
