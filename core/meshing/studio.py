"""Light for product pictures: key, fill, rim and sky, with occlusion and a shadow on an invisible floor.

Occlusion and shadow of the key are found per vertex and interpolated, not per pixel: their cost does not
depend on the size of the picture, and there is no noise to be averaged away.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.meshing.camera import Camera
from core.scene.shape import FloatArray

Occluded = Callable[[FloatArray, float], NDArray[np.bool_]]
"""Rays [N, 6] and the distance that counts -> whether each hits something, bool [N]."""

SKY_RAYS = 24
KEY_RAYS = 6
KEY_SPREAD = 0.16
"""Radius of the key light as seen from a distance of 1: how soft its shadow is."""
OCCLUSION_REACH = 0.7
OFFSET = 0.006
"""Rays start this far off the surface, so that a flat facet does not shade itself."""

AMBIENT_SKY, AMBIENT_FLOOR = 0.38, 0.2
KEY, FILL, RIM, GLOSS = 0.6, 0.16, 0.25, 0.1
"""Intensities that leave a surface turned to the key at about its own colour."""

SHADOW_CELLS = 64
SHADOW_RAYS = 20
SHADOW_STRENGTH = 0.75
SHADOW_BORDER = 0.45
"""Domain units around the scene in which the shadow fades out."""


def sphere_directions(count: int) -> FloatArray:
    """Evenly spread unit vectors [count, 3] (Fibonacci sphere)."""
    y = 1.0 - (np.arange(count) + 0.5) * 2.0 / count
    turn = np.arange(count) * np.pi * (3.0 - np.sqrt(5.0))
    ring = np.sqrt(1.0 - y * y)
    return np.stack([ring * np.cos(turn), y, ring * np.sin(turn)], axis=1).astype(np.float32)


def _unit(*vector: float) -> FloatArray:
    array = np.array(vector, np.float32)
    return array / np.linalg.norm(array)


class Studio:
    """Lights that stand around the camera.

    Parameters
    ----------
    camera : Camera
    occluded : callable
        Ray test against everything in the picture.
    floor : float
        Height of the floor; it lights from below and receives the shadow.
    """

    def __init__(self, camera: Camera, occluded: Occluded, floor: float) -> None:
        self._occluded = occluded
        self._floor = floor
        right, _, backward = camera.basis.astype(np.float32)
        level = _unit(backward[0], 0.0, backward[2])
        up = _unit(0.0, 1.0, 0.0)
        self.key = _unit(*(-0.55 * right + 1.0 * up + 0.62 * level))
        self.fill = _unit(*(0.9 * right + 0.25 * up + 0.5 * level))
        self.rim = _unit(*(0.35 * right + 0.5 * up - 0.9 * level))
        self.view = backward

    def vertex_light(self, points: FloatArray, normals: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Share of the sky [N] and of the key light [N] that surface points see."""
        starts = points + OFFSET * normals
        weights = np.maximum(normals @ sphere_directions(SKY_RAYS).T, 0.0)
        sky = 1.0 - self._blocked(starts, sphere_directions(SKY_RAYS), weights, OCCLUSION_REACH)
        facing = np.maximum(normals @ self.key, 0.0)[:, None] > 0
        disc = sphere_directions(KEY_RAYS)
        toward = self.key + KEY_SPREAD * disc
        lit = 1.0 - self._blocked(starts, toward, np.broadcast_to(facing, (len(points), KEY_RAYS)), np.inf)
        return sky, lit

    def _blocked(
        self, starts: FloatArray, directions: FloatArray, weights: FloatArray, reach: float
    ) -> FloatArray:
        """Weighted share [N] of the directions [K, 3] in which something stands; no ray where weight is 0."""
        point, direction = np.nonzero(weights > 0.02)
        rays = np.concatenate([starts[point], directions[direction]], axis=1)
        weight = np.asarray(weights, np.float32)[point, direction]
        hits = np.bincount(point, weight * self._occluded(rays, reach), minlength=len(starts))
        total = np.bincount(point, weight, minlength=len(starts))
        return (hits / np.maximum(total, 1e-6)).astype(np.float32)

    def shade(
        self,
        albedo: FloatArray,
        normals: FloatArray,
        directions: FloatArray,
        sky: FloatArray,
        lit: FloatArray,
    ) -> FloatArray:
        """Linear light [N, 3] that surface samples of a linear colour send to the camera.

        `directions` [N, 3] are the unit view rays; `sky` and `lit` [N] as from `vertex_light`.
        """
        upward = 0.5 + 0.5 * normals[:, 1]
        ambient = (AMBIENT_FLOOR + (AMBIENT_SKY - AMBIENT_FLOOR) * upward) * sky
        key = KEY * np.maximum((normals @ self.key + 0.15) / 1.15, 0.0) * lit
        fill = FILL * np.maximum((normals @ self.fill + 0.4) / 1.4, 0.0) * sky
        facing = np.clip(-np.einsum("ij,ij->i", normals, directions), 0.0, 1.0)
        edge = (1.0 - facing) ** 3
        rim = RIM * edge * np.maximum(normals @ self.rim, 0.0) * sky
        middle = self.key - directions
        middle /= np.linalg.norm(middle, axis=1, keepdims=True)
        gloss = GLOSS * np.maximum(np.einsum("ij,ij->i", normals, middle), 0.0) ** 28 * lit
        return albedo * (ambient + key + fill)[:, None] + (rim + gloss)[:, None]

    def shadow_map(self, low: FloatArray, high: FloatArray) -> ShadowMap:
        """How dark the floor is around a scene with these bounds [3]."""
        centre = (low[[0, 2]] + high[[0, 2]]) / 2
        half = (high[[0, 2]] - low[[0, 2]]) / 2 + SHADOW_BORDER
        ticks = np.linspace(-1.0, 1.0, SHADOW_CELLS, dtype=np.float32)
        points = np.full((SHADOW_CELLS, SHADOW_CELLS, 3), self._floor + 1e-3, np.float32)
        points[..., 0] = (centre[0] + half[0] * ticks)[:, None]
        points[..., 2] = (centre[1] + half[1] * ticks)[None, :]
        directions = sphere_directions(2 * SHADOW_RAYS)
        directions = directions[directions[:, 1] > 0]
        # Light from above counts for more, and more so from the side of the key.
        weights = directions[:, 1] * (0.5 + np.maximum(directions @ self.key, 0.0))
        weights = np.broadcast_to(weights, (SHADOW_CELLS**2, len(directions)))
        dark = self._blocked(points.reshape(-1, 3), directions, weights, np.inf)
        dark = ndimage.gaussian_filter(dark.reshape(SHADOW_CELLS, SHADOW_CELLS), 0.9)
        fade = np.clip(2.2 * (1.0 - np.abs(ticks)), 0.0, 1.0)
        dark *= SHADOW_STRENGTH * np.minimum(fade[:, None], fade[None, :])
        return ShadowMap(dark, centre.astype(np.float32), half.astype(np.float32), self._floor)


class ShadowMap:
    """Darkness [C, C] of a rectangle of the floor, given by its centre and half size (x, z)."""

    def __init__(self, dark: FloatArray, centre: FloatArray, half: FloatArray, floor: float) -> None:
        self._dark, self._centre, self._half, self._floor = dark, centre, half, floor

    def at(self, rays: FloatArray) -> FloatArray:
        """Darkness [N] where rays [N, 6] meet the floor from above; 0 where they do not."""
        result = np.zeros(len(rays), np.float32)
        down = np.flatnonzero((rays[:, 4] < -1e-4) & (rays[:, 1] > self._floor))
        origin, direction = rays[down, :3], rays[down, 3:]
        travel = (self._floor - origin[:, 1]) / direction[:, 1]
        place = origin[:, [0, 2]] + travel[:, None] * direction[:, [0, 2]]
        cell = ((place - self._centre) / self._half + 1.0) * ((len(self._dark) - 1) / 2)
        result[down] = ndimage.map_coordinates(self._dark, cell.T, order=1, mode="constant", cval=0.0)
        return result
