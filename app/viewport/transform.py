"""Mouse, keys and numbers to an affine matrix: the arithmetic of move, rotate and scale, without Qt or GL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.viewport.camera import Camera
from core.scene.picking import Ray

Kind = Literal["move", "rotate", "scale"]
KINDS: tuple[Kind, ...] = ("move", "rotate", "scale")
AXIS_NAMES = "xyz"
SNAP: dict[Kind, float] = {"move": 0.05, "rotate": 15.0, "scale": 0.1}
FINE = 0.1
"""Share of the mouse's way that counts while Shift is held."""
MIN_SCALE, MAX_SCALE = 0.05, 20.0
MAX_MOVE = 100.0
_TITLES: dict[Kind, str] = {"move": "Move", "rotate": "Rotate", "scale": "Scale"}


@dataclass(frozen=True)
class Constraint:
    """Along one axis, or in the plane across it; of the scene, or of the part (`local`)."""

    axis: int
    plane: bool = False
    local: bool = False

    @property
    def letters(self) -> str:
        """``x`` or, for the plane across it, ``yz``."""
        return AXIS_NAMES.replace(AXIS_NAMES[self.axis], "") if self.plane else AXIS_NAMES[self.axis]

    @property
    def name(self) -> str:
        return f"{'own ' if self.local else ''}{self.letters.upper()}"


class Transform:
    """One transform while it is being made.

    Parameters
    ----------
    kind : "move", "rotate" or "scale"
    pivot : [3]
        Scene frame; what is rotated and scaled about.
    camera, size
        The view in which the mouse moves; it does not change meanwhile.
    start : tuple of float
        Mouse position in logical pixels.
    constraint : Constraint, optional
    local_axes : [3, 3], optional
        Rows: axes of the part, matched to x, y, z; default the scene's.
    local_first : bool
        The key of an axis means the part's own one first.
    """

    def __init__(
        self,
        kind: Kind,
        pivot: ArrayLike,
        camera: Camera,
        size: tuple[float, float],
        start: tuple[float, float],
        constraint: Constraint | None = None,
        local_axes: ArrayLike | None = None,
        local_first: bool = False,
    ) -> None:
        self.kind: Kind = kind
        self.pivot = np.asarray(pivot, np.float64)
        self.constraint = constraint
        self.typed = ""
        self.snapping = False
        self._local_first = local_first
        self._camera, self._size = camera, size
        self._local_axes = np.eye(3) if local_axes is None else np.asarray(local_axes, np.float64)
        self._raw = np.asarray(start, np.float64)
        self._start = self._raw.copy()
        self._mouse = self._raw.copy()
        self._turned = 0.0
        self._centre = camera.project(self.pivot, size)[0][0]

    # ------------------------------------------------------------------ input

    def mouse_moved(self, x: float, y: float, fine: bool = False, snapping: bool = False) -> None:
        """Follow the mouse; with `fine` only a tenth of the way counts."""
        here = np.array([x, y])
        before = self._mouse
        self._mouse = before + (here - self._raw) * (FINE if fine else 1.0)
        self._raw = here
        self.snapping = snapping
        # The angle is summed up step by step so that it can go past half a turn.
        self._turned += float(_wrapped(self._screen_angle(self._mouse) - self._screen_angle(before)))

    def constrain(self, axis: int, plane: bool = False) -> None:
        """Cycle the scene's axis, the part's own axis (or the other way round), no constraint."""
        current, first = self.constraint, self._local_first
        if current is None or (current.axis, current.plane) != (axis, plane):
            self.constraint = Constraint(axis, plane, first)
        else:
            self.constraint = None if current.local != first else Constraint(axis, plane, not first)

    def type(self, text: str) -> bool:
        """Take a digit, point or minus sign (which toggles); says whether it was one."""
        if text == "-":
            self.typed = self.typed[1:] if self.typed.startswith("-") else "-" + self.typed
        elif text in {".", ","} and "." not in self.typed:
            self.typed += "."
        elif len(text) == 1 and text in "0123456789":
            self.typed += text
        else:
            return False
        return True

    def backspace(self) -> None:
        self.typed = self.typed[:-1]

    @property
    def number(self) -> float | None:
        """What was typed, as a number; None if it is none (yet)."""
        try:
            return float(self.typed)
        except ValueError:
            return None

    # ------------------------------------------------------------------ result

    @property
    def axis(self) -> NDArray[np.float64] | None:
        """Direction of the constraint's axis in the scene frame, None when free."""
        return None if self.constraint is None else self.axes[self.constraint.axis]

    @property
    def axes(self) -> NDArray[np.float64]:
        """Axes that the constraint speaks of, rows in the scene frame."""
        local = self.constraint is not None and self.constraint.local
        return self._local_axes if local else np.eye(3)

    @property
    def unchanged(self) -> bool:
        return bool(np.allclose(self.matrix(), np.eye(4), atol=1e-9))

    def matrix(self) -> NDArray[np.float64]:
        """The affine map so far, float64 [4, 4], scene frame."""
        result = np.eye(4)
        if self.kind == "move":
            result[:3, 3] = self.offset()
            return result
        linear = self._rotation() if self.kind == "rotate" else self._scaling()
        result[:3, :3] = linear
        result[:3, 3] = self.pivot - linear @ self.pivot
        return result

    def offset(self) -> NDArray[np.float64]:
        """Translation of a move, float64 [3]."""
        axis = self.axis
        along = axis is not None and self.constraint is not None and not self.constraint.plane
        if self.number is not None:
            direction = axis if along and axis is not None else self._typed_direction()
            return direction * float(np.clip(self.number, -MAX_MOVE, MAX_MOVE))
        if axis is None:
            offset = self._on_view_plane(self._mouse) - self._on_view_plane(self._start)
        elif along:
            offset = axis * (self._along(self._mouse, axis) - self._along(self._start, axis))
        else:
            offset = self._in_plane(self._mouse, axis) - self._in_plane(self._start, axis)
        if self.snapping:
            if along and axis is not None:
                offset = axis * self._snapped(float(offset @ axis))
            else:
                offset = np.array([self._snapped(value) for value in offset])
        return np.asarray(np.clip(offset, -MAX_MOVE, MAX_MOVE))

    def angle(self) -> float:
        """Degrees, counter-clockwise when the axis points at the eye."""
        if self.number is not None:
            return self.number
        axis = self._rotation_axis()
        facing = float(axis @ self._sight())
        if abs(facing) > 0.25:
            angle = np.degrees(self._turned) * np.sign(facing)
        else:
            # The circle is seen from its edge: the mouse's way across the axis turns it like a wheel.
            tip = self._camera.project(
                self.pivot + axis * self._camera.units_per_pixel(self._size) * 40, self._size
            )
            on_screen = tip[0][0] - self._centre
            across = np.array([on_screen[1], -on_screen[0]]) / max(float(np.linalg.norm(on_screen)), 1e-6)
            angle = -np.degrees((self._mouse - self._start) @ across / 90.0)
        return self._snapped(float(angle)) if self.snapping else float(angle)

    def factor(self) -> float:
        if self.number is not None:
            value = self.number
            sign = -1.0 if value < 0 else 1.0
            return sign * float(np.clip(abs(value), MIN_SCALE, MAX_SCALE))
        before, now = self._start - self._centre, self._mouse - self._centre
        reach = float(np.linalg.norm(before))
        if reach < 14.0:
            # Too near the pivot for a quotient of distances: to the right is larger.
            factor = float(np.exp((self._mouse - self._start)[0] / 120.0))
        else:
            factor = float(now @ before) / reach**2
            factor = max(factor, float(np.linalg.norm(now)) / reach) if factor > 0 else factor
        if self.snapping:
            factor = self._snapped(factor)
        return float(np.clip(factor, MIN_SCALE, MAX_SCALE))

    @property
    def title(self) -> str:
        return _TITLES[self.kind]

    def value_text(self) -> str:
        """The amount in words, e.g. ``X 0.120`` or ``30.0°``."""
        where = f"{self.constraint.name} " if self.constraint else ""
        if self.kind == "rotate":
            return f"{where}{self.angle():.1f}°"
        if self.kind == "scale":
            return f"{where}{self.factor():.3f}"
        offset = self.offset()
        if self.constraint is not None and not self.constraint.plane and self.axis is not None:
            return f"{where}{float(offset @ self.axis):+.3f}"
        return where + "  ".join(f"{value:+.3f}" for value in offset)

    @property
    def axis_phrase(self) -> str:
        """The constraint for the undo step: ``along x``, ``in yz``, ``about its own z``; empty if free."""
        constraint = self.constraint
        if constraint is None:
            return ""
        own = "its own " if constraint.local else ""
        if self.kind == "rotate":
            return f"about {own}{AXIS_NAMES[constraint.axis]}"
        return f"{'in' if constraint.plane else 'along'} {own}{constraint.letters}"

    # ------------------------------------------------------------------ inside

    def _snapped(self, value: float) -> float:
        step = SNAP[self.kind]
        return round(value / step) * step

    def _sight(self) -> NDArray[np.float64]:
        """Unit vector from the pivot to the eye."""
        if self._camera.projection == "orthographic":
            return np.asarray(self._camera.axes[2])
        towards = self._camera.eye - self.pivot
        return np.asarray(towards / max(float(np.linalg.norm(towards)), 1e-9))

    def _typed_direction(self) -> NDArray[np.float64]:
        """Numbers without an axis: x, or in a plane the first of its axes."""
        if self.constraint is None:
            return np.array([1.0, 0.0, 0.0])
        return np.asarray(self.axes[1 if self.constraint.axis == 0 else 0], np.float64)

    def _screen_angle(self, pixel: NDArray[np.float64]) -> float:
        return float(np.arctan2(self._centre[1] - pixel[1], pixel[0] - self._centre[0]))

    def _rotation_axis(self) -> NDArray[np.float64]:
        axis = self.axis
        return self._camera.axes[2] if axis is None else axis / np.linalg.norm(axis)

    def _rotation(self) -> NDArray[np.float64]:
        return rotation(self._rotation_axis(), np.radians(self.angle()))

    def _scaling(self) -> NDArray[np.float64]:
        factor = self.factor()
        axis = self.axis
        if axis is None or self.constraint is None:
            return factor * np.eye(3)
        across = np.outer(axis, axis) / float(axis @ axis)
        if self.constraint.plane:
            return factor * (np.eye(3) - across) + across
        return np.eye(3) + (factor - 1.0) * across

    def _ray(self, pixel: NDArray[np.float64]) -> Ray:
        return self._camera.ray(float(pixel[0]), float(pixel[1]), self._size)

    def _on_view_plane(self, pixel: NDArray[np.float64]) -> NDArray[np.float64]:
        return self._camera.on_plane(float(pixel[0]), float(pixel[1]), self._size, self.pivot)

    def _along(self, pixel: NDArray[np.float64], axis: NDArray[np.float64]) -> float:
        """Where on the axis through the pivot a line of sight passes nearest, in units."""
        ray = self._ray(pixel)
        direction = np.asarray(ray.direction, np.float64)
        cosine = float(direction @ axis)
        if abs(cosine) > 0.985:
            # The axis points at the eye: there is no telling how far, so go by the mouse alone.
            return float(self._start[1] - pixel[1]) * self._camera.units_per_pixel(self._size, self.pivot)
        offset = np.asarray(ray.origin, np.float64) - self.pivot
        return float((offset @ axis - cosine * (offset @ direction)) / (1.0 - cosine**2))

    def _in_plane(self, pixel: NDArray[np.float64], normal: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where a line of sight meets the plane through the pivot."""
        ray = self._ray(pixel)
        origin, direction = np.asarray(ray.origin, np.float64), np.asarray(ray.direction, np.float64)
        slope = float(direction @ normal)
        if abs(slope) < 0.06:
            point = self._on_view_plane(pixel)
            return np.asarray(point - normal * float((point - self.pivot) @ normal))
        return np.asarray(origin + direction * float((self.pivot - origin) @ normal) / slope)


def rotation(axis: ArrayLike, angle: float) -> NDArray[np.float64]:
    """Rotation by `angle` radians about a unit axis, float64 [3, 3] (Rodrigues)."""
    x, y, z = np.asarray(axis, np.float64)
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross)


def matched_axes(axes: ArrayLike) -> NDArray[np.float64]:
    """A part's axes [3, 3] (rows) reordered and signed to lie nearest to x, y and z."""
    rows = np.asarray(axes, np.float64)
    result = np.zeros((3, 3))
    free = [0, 1, 2]
    for _ in range(3):
        # The clearest match first, so that no axis is left with a perpendicular one needlessly.
        best = max(
            (abs(rows[row, axis]), row, axis) for row in free for axis in range(3) if not result[axis].any()
        )
        _, row, axis = best
        result[axis] = rows[row] * (1.0 if rows[row, axis] >= 0 else -1.0)
        free.remove(row)
    return result


def _wrapped(angle: float) -> float:
    return (angle + np.pi) % (2 * np.pi) - np.pi
