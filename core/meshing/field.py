"""What meshing needs to know of a shape: a function of points."""

from __future__ import annotations

from typing import Protocol

from core.scene.shape import FloatArray, IntArray


class Field(Protocol):
    """An occupancy field over the domain [-1, 1]^3, e.g. one shape behind an occupancy network.

    Both methods must give the same answer for a point whatever batch it comes in, so that a surface does not
    depend on how its samples were grouped.
    """

    def __call__(self, points: FloatArray) -> FloatArray:
        """Occupancy logits, positive inside.

        Parameters
        ----------
        points : float32 [N, 3]
            In the shape's frame.

        Returns
        -------
        float32 [N]
        """
        ...

    def part_rows(self, points: FloatArray) -> IntArray:
        """Row (index into ``Shape.parts``) of the part each of the points [N, 3] belongs to, int32 [N]."""
        ...
