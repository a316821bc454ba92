"""What a drag looks like before the scene knows of it: moved Gaussians, and the surface carried along.

A draft surface takes a while to decode and shows the drag as it was. Until the next one comes, its parts are
carried the rest of the way on the graphics card by the matrix that leads from there to here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.viewport.part_table import MIRRORED, MOVED
from core.scene.shape import CENTRE, Mesh, Shape

Matrix = NDArray[np.float64]
_HISTORY = 64


@dataclass(frozen=True, eq=False)
class Dragged:
    """One shape during a drag.

    Attributes
    ----------
    shape : Shape
        Its Gaussians as the drag would leave them now.
    mesh : Mesh or None
        Latest draft surface.
    rest : float64 [4, 4]
        Scene-frame map from where `mesh` (or else the scene's mesh) shows the moved parts to where they are.
    moved : uint8 [P]
        0, `MOVED` (by `rest`) or `MIRRORED` (by its mirror image).
    settled : bool
        The drag has become an edit and the surface of its result is still to come.
    """

    shape: Shape
    mesh: Mesh | None
    rest: Matrix
    moved: NDArray[np.uint8]
    settled: bool = False

    def mirrored_rest(self) -> Matrix:
        """`rest` reflected in the shape's own mirror plane."""
        return reflected(self.rest, self.shape.position[0])


class Drags:
    """The shapes being dragged, by id; `matrix` is the tool's present scene-frame matrix."""

    def __init__(self) -> None:
        self.matrix: Matrix = np.eye(4)
        self._shapes: dict[str, Dragged] = {}
        self._decoded_at: dict[str, Matrix] = {}
        self._matrix_of: dict[str, Matrix] = {}

    def __bool__(self) -> bool:
        return any(not dragged.settled for dragged in self._shapes.values())

    def get(self, shape_id: str) -> Dragged | None:
        return self._shapes.get(shape_id)

    def update(self, base: Shape, mesh: Mesh | None, shape: Shape) -> None:
        """Take over moved Gaussians (`mesh` None) or the draft surface of this or an earlier moment.

        Parameters
        ----------
        base : Shape
            As the scene has it.
        shape : Shape
            Moved copy; with `mesh`, the one that was decoded.
        """
        known = self._shapes.get(base.id)
        if known is not None and known.settled:
            self.drop(base.id)
            known = None
        decoded = shape if mesh is not None else None
        if mesh is None:
            self._matrix_of[shape.latent_hash] = self.matrix
            while len(self._matrix_of) > _HISTORY:
                del self._matrix_of[next(iter(self._matrix_of))]
            mesh = known.mesh if known else None
        else:
            self._decoded_at[base.id] = self._matrix_of.get(shape.latent_hash, self.matrix)
            shape = known.shape if known else shape
        reached = self._decoded_at.get(base.id, np.eye(4))
        rest = self.matrix @ np.linalg.inv(reached)
        moved = moved_rows(base, shape, self.matrix)
        if decoded is shape and np.array_equal(self.matrix, np.eye(4)):
            # Nothing is being carried (a blend, say), and the surface has caught up.
            moved[:] = 0
        self._shapes[base.id] = Dragged(shape, mesh, rest, moved)

    def end(self, shape_id: str, now: Shape | None) -> None:
        """The drag is over; `now` is what the scene has of this shape, if it has it.

        If that is what the drag arrived at, the carried surface stays until the real one is decoded, so that
        parts do not jump back for a moment.
        """
        dragged = self._shapes.get(shape_id)
        if dragged is not None and now is not None and now.latent_hash == dragged.shape.latent_hash:
            self._shapes[shape_id] = replace(dragged, shape=now, settled=True)
        else:
            self.drop(shape_id)

    def drop(self, shape_id: str) -> None:
        """Show this shape as it is."""
        self._shapes.pop(shape_id, None)
        self._decoded_at.pop(shape_id, None)


def reflected(matrix: Matrix, plane: float) -> Matrix:
    """An affine map seen in the mirror x = `plane`."""
    mirror = np.diag([-1.0, 1.0, 1.0, 1.0])
    mirror[0, 3] = 2 * plane
    return np.asarray(mirror @ matrix @ mirror)


def moved_rows(base: Shape, shape: Shape, matrix: Matrix) -> NDArray[np.uint8]:
    """Which parts follow a scene-frame matrix and which its mirror image, uint8 [P].

    Read off the Gaussians, so it holds whatever rule the edit follows for twins and locked parts.
    """
    moved = np.zeros(len(base.parts), np.uint8)
    if shape.part_ids != base.part_ids:
        return moved
    changed = (shape.extrinsics != base.extrinsics).any(axis=1)
    place = np.asarray(base.position, np.float64)
    before = base.extrinsics[:, CENTRE].astype(np.float64) + place
    after = shape.extrinsics[:, CENTRE].astype(np.float64) + place
    other = reflected(matrix, float(place[0]))
    error = np.linalg.norm(before @ matrix[:3, :3].T + matrix[:3, 3] - after, axis=1)
    mirrored_error = np.linalg.norm(before @ other[:3, :3].T + other[:3, 3] - after, axis=1)
    moved[changed] = np.where(error <= mirrored_error, MOVED, MIRRORED)[changed]
    return moved
