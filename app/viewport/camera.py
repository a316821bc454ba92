"""The orbit camera: float64 matrices, screen points and rays, in logical pixels. No Qt and no GL here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.scene.picking import Ray

Vector = NDArray[np.float64]
Projection = Literal["perspective", "orthographic"]

HOME = (35.0, 18.0)
"""Azimuth and elevation, in degrees, of the three-quarter view a chair is first seen from."""

VIEWS: dict[str, tuple[float, float]] = {
    "home": HOME,
    "front": (0.0, 0.0),
    "back": (180.0, 0.0),
    "right": (90.0, 0.0),
    "left": (-90.0, 0.0),
    "top": (0.0, 90.0),
    "bottom": (0.0, -90.0),
}
"""Azimuth and elevation of the standard views; front looks at +z, right at +x."""

MIN_DISTANCE, MAX_DISTANCE = 0.25, 80.0
_ORTHOGRAPHIC_DEPTH = 100.0
"""Half depth range of the orthographic camera: everything within it of the target is in front."""


@dataclass(frozen=True)
class Camera:
    """A camera that orbits a target with y up. A value: every gesture returns a new one.

    Attributes
    ----------
    azimuth, elevation : float
        Degrees; azimuth 0 stands on +z, 90 on +x; elevation in [-90, 90].
    distance : float
        From eye to target, in domain units; also sets the size of the orthographic view.
    target : tuple of float
        The point the camera orbits, scene frame.
    field_of_view : float
        Degrees, of the shorter side of the picture.
    """

    azimuth: float = HOME[0]
    elevation: float = HOME[1]
    distance: float = 5.0
    target: tuple[float, float, float] = (0.0, 0.0, 0.0)
    field_of_view: float = 32.0
    projection: Projection = "perspective"

    # ------------------------------------------------------------------ directions

    @cached_property
    def axes(self) -> Vector:
        """Rows right, up, back (towards the eye) of the camera in the scene frame, float64 [3, 3]."""
        azimuth, elevation = np.radians(self.azimuth), np.radians(self.elevation)
        right = np.array([np.cos(azimuth), 0.0, -np.sin(azimuth)])
        back = np.array(
            [
                np.sin(azimuth) * np.cos(elevation),
                np.sin(elevation),
                np.cos(azimuth) * np.cos(elevation),
            ]
        )
        axes = np.stack([right, np.cross(back, right), back])
        axes.flags.writeable = False
        return axes

    @property
    def eye(self) -> Vector:
        return np.asarray(np.asarray(self.target) + self.distance * self.axes[2])

    def half_size(self, size: tuple[float, float]) -> tuple[float, float]:
        """Half width and half height of the picture at the target's depth, in domain units."""
        width, height = max(size[0], 1.0), max(size[1], 1.0)
        half = self.distance * np.tan(np.radians(self.field_of_view) / 2)
        scale = half / min(width, height)
        return float(width * scale), float(height * scale)

    def units_per_pixel(self, size: tuple[float, float], point: ArrayLike | None = None) -> float:
        """Length in the scene of one logical pixel at `point` (default: the target)."""
        scale = 2 * self.half_size(size)[1] / max(size[1], 1.0)
        if point is None or self.projection == "orthographic":
            return scale
        depth = float((self.eye - np.asarray(point, np.float64)) @ self.axes[2])
        return scale * max(depth, 1e-3) / self.distance

    # ------------------------------------------------------------------ matrices

    def view_matrix(self) -> Vector:
        """Scene to camera frame, float64 [4, 4] for column vectors."""
        matrix = np.eye(4)
        matrix[:3, :3] = self.axes
        matrix[:3, 3] = -self.axes @ self.eye
        return matrix

    def projection_matrix(self, size: tuple[float, float]) -> Vector:
        """Camera frame to clip space, float64 [4, 4] for column vectors."""
        half_width, half_height = self.half_size(size)
        matrix = np.zeros((4, 4))
        if self.projection == "orthographic":
            near, far = self.distance - _ORTHOGRAPHIC_DEPTH, self.distance + _ORTHOGRAPHIC_DEPTH
            matrix[0, 0], matrix[1, 1] = 1 / half_width, 1 / half_height
            matrix[2, 2], matrix[2, 3] = -2 / (far - near), -(far + near) / (far - near)
            matrix[3, 3] = 1.0
            return matrix
        near, far = 0.02 * self.distance, 4 * self.distance + _ORTHOGRAPHIC_DEPTH
        matrix[0, 0], matrix[1, 1] = self.distance / half_width, self.distance / half_height
        matrix[2, 2], matrix[2, 3] = -(far + near) / (far - near), -2 * far * near / (far - near)
        matrix[3, 2] = -1.0
        return matrix

    def matrix(self, size: tuple[float, float]) -> Vector:
        """Scene to clip space, float64 [4, 4]."""
        return np.asarray(self.projection_matrix(size) @ self.view_matrix())

    # ------------------------------------------------------------------ pixels

    def project(self, points: ArrayLike, size: tuple[float, float]) -> tuple[Vector, NDArray[np.bool_]]:
        """Scene points to the screen.

        Parameters
        ----------
        points : [N, 3], scene frame
        size : tuple of float
            Width and height of the picture in logical pixels.

        Returns
        -------
        float64 [N, 2], bool [N]
            Logical pixels from the top left corner, and whether the point is in front of the camera.
        """
        points = np.atleast_2d(np.asarray(points, np.float64))
        clip = np.c_[points, np.ones(len(points))] @ self.matrix(size).T
        depth = clip[:, 3]
        in_front = depth > 1e-9
        normalised = clip[:, :2] / np.where(np.abs(depth) > 1e-9, depth, 1e-9)[:, None]
        pixels = np.stack(
            [(normalised[:, 0] + 1) * size[0] / 2, (1 - normalised[:, 1]) * size[1] / 2], axis=1
        )
        return pixels, in_front

    def ray(self, x: float, y: float, size: tuple[float, float]) -> Ray:
        """The line of sight through a logical pixel position, unit direction, scene frame."""
        half_width, half_height = self.half_size(size)
        right, up, back = self.axes
        across = (2 * x / max(size[0], 1.0) - 1) * half_width
        along = (1 - 2 * y / max(size[1], 1.0)) * half_height
        on_focal_plane = np.asarray(self.target) + across * right + along * up
        if self.projection == "orthographic":
            return Ray(on_focal_plane + _ORTHOGRAPHIC_DEPTH * back, -back)
        direction = on_focal_plane - self.eye
        return Ray(self.eye, direction / np.linalg.norm(direction))

    def on_plane(self, x: float, y: float, size: tuple[float, float], through: ArrayLike) -> Vector:
        """The point under a pixel on the plane through a point, parallel to the picture."""
        ray = self.ray(x, y, size)
        back = self.axes[2]
        origin, direction = np.asarray(ray.origin, np.float64), np.asarray(ray.direction, np.float64)
        distance = (np.asarray(through, np.float64) - origin) @ back / (direction @ back)
        return np.asarray(origin + distance * direction)

    # ------------------------------------------------------------------ gestures

    def orbited(self, dx: float, dy: float) -> Camera:
        """Turned by a drag of so many logical pixels (0.4 degrees each)."""
        azimuth = (self.azimuth - 0.4 * dx + 180.0) % 360.0 - 180.0
        return replace(
            self, azimuth=azimuth, elevation=float(np.clip(self.elevation + 0.4 * dy, -90.0, 90.0))
        )

    def panned(self, dx: float, dy: float, size: tuple[float, float]) -> Camera:
        """Moved so that what lies at the target's depth follows the mouse."""
        right, up, _ = self.axes
        shift = self.units_per_pixel(size) * (dy * up - dx * right)
        return self._at(np.asarray(self.target) + shift)

    def zoomed(self, factor: float, x: float, y: float, size: tuple[float, float]) -> Camera:
        """Nearer (`factor` < 1) or farther, keeping what lies under the pixel where it is."""
        distance = float(np.clip(self.distance * factor, MIN_DISTANCE, MAX_DISTANCE))
        factor = distance / self.distance
        under_cursor = self.on_plane(x, y, size, self.target)
        return replace(self, distance=distance)._at(
            under_cursor + factor * (np.asarray(self.target) - under_cursor)
        )

    def looking(self, view: str) -> Camera:
        """Turned to one of the standard `VIEWS` (raises KeyError for another name)."""
        azimuth, elevation = VIEWS[view]
        return replace(self, azimuth=azimuth, elevation=elevation)

    def framing(
        self, low: ArrayLike, high: ArrayLike, size: tuple[float, float], fill: float = 0.88
    ) -> Camera:
        """Moved, not turned, so that a box in the scene frame takes up the share `fill` of the picture."""
        low, high = np.asarray(low, np.float64), np.asarray(high, np.float64)
        centre, half = (low + high) / 2, np.maximum((high - low) / 2, 0.08)
        signs = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
        across, up, towards = self.axes @ (signs * half).T
        width, height = np.asarray(self.half_size(size)) / self.distance * fill
        needed = np.maximum(np.abs(across) / width, np.abs(up) / height)
        if self.projection == "perspective":
            needed = needed + towards
        distance = float(np.clip(needed.max(), MIN_DISTANCE, MAX_DISTANCE))
        return replace(self, distance=distance)._at(centre)

    def shows(self, low: ArrayLike, high: ArrayLike, size: tuple[float, float]) -> bool:
        """Whether a box in the scene frame is in the picture, neither cut off nor a speck."""
        ends = np.stack([np.asarray(low, np.float64), np.asarray(high, np.float64)])
        corners = np.stack(np.meshgrid(*ends.T), axis=-1).reshape(-1, 3)
        pixels, in_front = self.project(corners, size)
        inside = (pixels >= 0).all() and (pixels <= size).all() and in_front.all()
        return bool(inside and float(np.ptp(pixels, axis=0).max()) > 0.25 * min(size))

    def between(self, other: Camera, fraction: float) -> Camera:
        """On the way to another camera (0 = here, 1 = there), turning the short way round."""
        if fraction >= 1:
            return other
        turn = (other.azimuth - self.azimuth + 180.0) % 360.0 - 180.0
        target = np.asarray(self.target) + fraction * np.subtract(other.target, self.target)
        return replace(
            other,
            azimuth=self.azimuth + fraction * turn,
            elevation=self.elevation + fraction * (other.elevation - self.elevation),
            distance=self.distance * (other.distance / self.distance) ** fraction,
        )._at(target)

    def _at(self, target: Vector) -> Camera:
        x, y, z = (float(value) for value in target)
        return replace(self, target=(x, y, z))
