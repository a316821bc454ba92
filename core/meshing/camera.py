"""A perspective camera that frames what it looks at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.scene.shape import FloatArray

FIELD_OF_VIEW = 26.0
"""Degrees across the shorter side: a long lens, as for furniture."""
CENTRING_ROUNDS = 4
MARGIN = 1.06
"""The subject leaves this much more room than it needs."""


@dataclass(frozen=True)
class Camera:
    """Where it stands and how it is turned, in the scene's frame.

    Attributes
    ----------
    eye : float64 [3]
    basis : float64 [3, 3]
        Rows: right, up, backward (towards the viewer).
    width, height : float
        Of the picture, in units at distance 1.
    """

    eye: NDArray[np.float64]
    basis: NDArray[np.float64]
    width: float
    height: float

    def rays(self, columns: int, rows: int, window: range) -> FloatArray:
        """Rays (origin, unit direction) through the pixel centres of some rows, top first.

        Parameters
        ----------
        columns, rows : int
            Of the whole picture.
        window : range
            The rows wanted.

        Returns
        -------
        float32 [len(window) * columns, 6]
        """
        x = ((np.arange(columns) + 0.5) / columns - 0.5) * self.width
        y = (0.5 - (np.arange(window.start, window.stop) + 0.5) / rows) * self.height
        result = np.empty((len(y), columns, 6), np.float32)
        result[..., :3] = self.eye
        length = np.sqrt(1.0 + x[None, :] ** 2 + y[:, None] ** 2)
        for axis in range(3):
            right, up, backward = self.basis[:, axis]
            result[..., 3 + axis] = (x[None, :] * right + y[:, None] * up - backward) / length
        return result.reshape(-1, 6)


def framing_camera(points: FloatArray, azimuth: float, elevation: float, aspect: float) -> Camera:
    """Camera that has all the points [N, 3] in the picture, as large as they go and centred.

    Parameters
    ----------
    azimuth, elevation : float
        Where the camera stands, in degrees: from +z (the front) towards +x, and above the floor.
    aspect : float
        Width / height of the picture.
    """
    turn, tilt = np.radians(azimuth), np.radians(np.clip(elevation, -89.0, 89.0))
    backward = np.array([np.sin(turn) * np.cos(tilt), np.sin(tilt), np.cos(turn) * np.cos(tilt)])
    right = np.cross((0.0, 1.0, 0.0), backward)
    right /= np.linalg.norm(right)
    basis = np.stack([right, np.cross(backward, right), backward])
    half = np.tan(np.radians(FIELD_OF_VIEW) / 2)
    halves = half * np.array([max(aspect, 1.0), max(1.0 / aspect, 1.0)])
    x, y, z = (np.asarray(points, np.float64) @ basis.T).T
    place = np.zeros(3)
    distances = []
    for axis, (side, reach) in enumerate(zip((x, y), halves / MARGIN, strict=True)):
        # The frustum's two planes through the extreme points: side = +-reach * (eye_z - z) + place.
        upper, lower = np.max(side + reach * z), np.max(-side + reach * z)
        place[axis] = (upper - lower) / 2
        distances.append((upper + lower) / (2 * reach))
    place[2] = max(distances)
    # Each direction was centred at its own distance; at the common one the roomier of them is off.
    for axis, side in enumerate((x, y)):
        for _ in range(CENTRING_ROUNDS):
            seen = (side - place[axis]) / (place[2] - z)
            place[axis] += (seen.max() + seen.min()) / 2 * (place[2] - z.mean())
    return Camera(place @ basis, basis, 2 * halves[0], 2 * halves[1])
