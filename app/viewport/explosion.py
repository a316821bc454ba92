"""The exploded view: parts moved apart on screen, never in the scene."""

from __future__ import annotations

from dataclasses import replace
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from core.scene.scene import Scene
from core.scene.shape import CENTRE, Mesh, Shape


class Explosion:
    """Shapes and meshes with their parts moved apart by `amount` (0 = as they are, 1 = twice as far).

    What was made for an amount is kept until the amount changes, so that identity still tells what is new.
    """

    def __init__(self) -> None:
        self._amount = 0.0
        self._shapes: WeakKeyDictionary[Shape, Shape] = WeakKeyDictionary()
        self._meshes: WeakKeyDictionary[Mesh, tuple[NDArray[np.float32], Mesh]] = WeakKeyDictionary()

    def __bool__(self) -> bool:
        return self._amount > 0

    @property
    def amount(self) -> float:
        return self._amount

    @amount.setter
    def amount(self, amount: float) -> None:
        amount = float(np.clip(amount, 0.0, 1.0))
        if amount != self._amount:
            self._amount = amount
            self._shapes.clear()
            self._meshes.clear()

    def shape(self, shape: Shape) -> Shape:
        """The shape as it is drawn."""
        if not self:
            return shape
        found = self._shapes.get(shape)
        if found is None:
            extrinsics = np.array(shape.extrinsics)
            extrinsics[:, CENTRE] += self.shifts(shape)
            found = self._shapes[shape] = replace(shape, extrinsics=extrinsics)
        return found

    def scene(self, scene: Scene) -> Scene:
        """The scene as it is drawn."""
        return replace(scene, shapes=tuple(self.shape(shape) for shape in scene)) if self else scene

    def mesh(self, mesh: Mesh, shape: Shape) -> Mesh:
        """The mesh of an (unmoved) shape as it is drawn."""
        if not self:
            return mesh
        shifts = self.shifts(shape)
        found = self._meshes.get(mesh)
        if found is None or not np.array_equal(found[0], shifts):
            found = self._meshes[mesh] = (shifts, _apart(mesh, shifts))
        return found[1]

    def shifts(self, shape: Shape) -> NDArray[np.float32]:
        """How far each part is moved, float32 [P, 3]: away from the middle, mostly sideways and up."""
        centres = shape.extrinsics[:, CENTRE]
        return np.asarray(self._amount * (centres - centres.mean(axis=0)), np.float32)


def _apart(mesh: Mesh, shifts: NDArray[np.float32]) -> Mesh:
    """The mesh with no vertex shared by two parts, and every part moved by its row of `shifts`."""
    faces, parts = mesh.faces.astype(np.int64), mesh.face_parts.astype(np.int64)
    count = len(shifts)
    keys, corners = np.unique(faces * count + parts[:, None], return_inverse=True)
    vertex, part = np.divmod(keys, count)
    return Mesh(
        mesh.vertices[vertex] + shifts[part],
        mesh.normals[vertex],
        corners.reshape(-1, 3).astype(np.int32),
        mesh.face_parts,
    )
