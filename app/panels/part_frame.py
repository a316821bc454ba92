"""Centre, rotation and size of a part's Gaussian as numbers a person can read, and the matrices to set them.

A Gaussian's axes come in any order and sign, and may form a reflection. For display they are put in the
order and signs closest to the world axes (`reading_order`), so that an upright part reads rotation 0 and its
size along x, y, z. That choice is kept while a part is edited, or a turn past 45 degrees would relabel it.
Matrices act on column vectors; Euler angles are in degrees, R = Rz Ry Rx (first about x, then y, then z).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from core.scene.gaussians import DEFAULT_SIGMAS
from core.scene.shape import AXES, CENTRE, EIGENVALUES, FloatArray

DoubleArray = NDArray[np.float64]
SMALLEST_SIZE = 1e-4


@dataclass(frozen=True)
class ReadingOrder:
    """Which row of the axes reads as x, y, z, and with which sign."""

    rows: tuple[int, int, int]
    signs: tuple[int, int, int]


@dataclass(frozen=True, eq=False)
class PartFrame:
    """A Gaussian in the shape's frame.

    Attributes
    ----------
    centre : float64 [3]
    rotation : float64 [3, 3]
        Proper rotation; column k is the axis that reads as x, y or z.
    size : float64 [3]
        Full lengths of the ellipsoid (two standard deviations to each side) along those axes.
    """

    centre: DoubleArray
    rotation: DoubleArray
    size: DoubleArray

    @property
    def angles(self) -> DoubleArray:
        """Euler angles in degrees, float64 [3]."""
        return euler_angles(self.rotation)


def reading_order(extrinsics: FloatArray) -> ReadingOrder:
    """The order and signs of one Gaussian's axes [16] that come closest to the world axes."""
    axes = np.asarray(extrinsics[AXES], np.float64).reshape(3, 3)
    best: tuple[float, ReadingOrder] | None = None
    for rows in permutations(range(3)):
        diagonal = np.array([axes[rows[k], k] for k in range(3)])
        signs = np.where(diagonal < 0.0, -1, 1)
        if np.linalg.det(axes[list(rows)] * signs[:, None]) < 0.0:
            # One axis must turn round to make it a rotation: the one that costs least.
            signs[int(np.argmin(np.abs(diagonal)))] *= -1
        score = float(np.sum(diagonal * signs))
        if best is None or score > best[0] + 1e-9:
            a, b, c = rows
            best = score, ReadingOrder((a, b, c), (int(signs[0]), int(signs[1]), int(signs[2])))
    assert best is not None
    return best[1]


def read_frame(extrinsics: FloatArray, order: ReadingOrder) -> PartFrame:
    """One Gaussian [16] as centre, rotation and size."""
    values = np.asarray(extrinsics, np.float64)
    rows = list(order.rows)
    axes = values[AXES].reshape(3, 3)[rows] * np.array(order.signs)[:, None]
    size = 2.0 * DEFAULT_SIGMAS * np.sqrt(np.maximum(values[EIGENVALUES][rows], 0.0))
    # float32 axes are orthonormal to a few 1e-7 only; the nearest rotation keeps repeated edits clean.
    left, _, right = np.linalg.svd(axes.T)
    return PartFrame(values[CENTRE].copy(), left @ right, np.maximum(size, SMALLEST_SIZE))


def rotation_matrix(angles: DoubleArray) -> DoubleArray:
    """Rotation [3, 3] of Euler angles in degrees."""
    (sx, sy, sz), (cx, cy, cz) = np.sin(np.radians(angles)), np.cos(np.radians(angles))
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    result: DoubleArray = about_z @ about_y @ about_x
    return result


def euler_angles(rotation: DoubleArray) -> DoubleArray:
    """Euler angles in degrees of a rotation [3, 3]; where y is 90 degrees, x is taken to be 0."""
    sine = -rotation[2, 0]
    if abs(sine) > 1.0 - 1e-12:
        y = np.copysign(np.pi / 2, sine)
        x, z = 0.0, np.arctan2(-rotation[0, 1], rotation[1, 1])
    else:
        y = np.arcsin(sine)
        x = np.arctan2(rotation[2, 1], rotation[2, 2])
        z = np.arctan2(rotation[1, 0], rotation[0, 0])
    # Adding zero turns -0.0 into 0.0.
    angles: DoubleArray = np.degrees(np.array([x, y, z])) + 0.0
    return angles


def about(pivot: DoubleArray, linear: DoubleArray) -> DoubleArray:
    """Affine matrix [4, 4] of a linear map that leaves `pivot` where it is."""
    matrix = np.eye(4)
    matrix[:3, :3] = linear
    matrix[:3, 3] = pivot - linear @ pivot
    return matrix


def translation(offset: DoubleArray) -> DoubleArray:
    """Affine matrix [4, 4] of a shift."""
    matrix = np.eye(4)
    matrix[:3, 3] = offset
    return matrix


def set_rotation(frame: PartFrame, angles: DoubleArray) -> DoubleArray:
    """Matrix that turns a part about its centre until it has these Euler angles (degrees)."""
    return about(frame.centre, rotation_matrix(angles) @ frame.rotation.T)


def set_size(frame: PartFrame, size: DoubleArray) -> DoubleArray:
    """Matrix that stretches a part about its centre, along its own axes, to this size."""
    factors = np.maximum(size, SMALLEST_SIZE) / frame.size
    return about(frame.centre, frame.rotation @ np.diag(factors) @ frame.rotation.T)


def between(now: PartFrame, then: PartFrame) -> DoubleArray:
    """Matrix that takes a part from one centre, rotation and size to another."""
    linear = then.rotation @ np.diag(then.size / now.size) @ now.rotation.T
    matrix = about(now.centre, linear)
    matrix[:3, 3] += then.centre - now.centre
    return matrix


def in_scene(matrix: DoubleArray, position: tuple[float, float, float]) -> DoubleArray:
    """A matrix of a shape's frame as one of the scene, for a shape that stands at `position`."""
    place = translation(np.array(position, np.float64))
    back = translation(-np.array(position, np.float64))
    result: DoubleArray = place @ matrix @ back
    return result
