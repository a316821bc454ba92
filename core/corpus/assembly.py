"""Putting primitives together: the workbench on which a program is built."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.corpus.program import ANGLE_PARAMETER, PARAMETER_COUNT, Attribute, Kind, Program, bounds

Vector = NDArray[np.float64]
Point = Sequence[float] | Vector

HALF_EXTENT = 0.9
"""Largest half extent of a finished shape; the domain is [-1, 1]^3."""

THINNEST_FINISHED = 0.05
"""No primitive of a finished shape is thinner, so that a grid of cell 0.031 resolves it."""

UPRIGHT: Vector = np.eye(3)
FLAT: Vector = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
"""Rows for a horizontal plate: local +y points to the rear of the chair, local z up."""


class Frame(NamedTuple):
    """A placed coordinate system: origin [3] in the world, rows [3, 3] world -> local."""

    origin: Vector
    rows: Vector

    def world(self, local: Point) -> Vector:
        """Local point [3] -> world point [3]."""
        return self.origin + np.asarray(local, dtype=np.float64) @ self.rows


def rows_from(y_axis: Point, z_axis: Point) -> Vector:
    """Rows [3, 3] of the rotation whose local y is `y_axis` and local z is as near to `z_axis` as can be."""
    y = np.asarray(y_axis, dtype=np.float64)
    y = y / np.sqrt(y @ y)
    z = np.asarray(z_axis, dtype=np.float64)
    z = z - (z @ y) * y
    z = z / np.sqrt(z @ z)
    x = np.array([y[1] * z[2] - y[2] * z[1], y[2] * z[0] - y[0] * z[2], y[0] * z[1] - y[1] * z[0]])
    return np.stack([x, y, z])


class Dice:
    """Random draws of one shape, all from one seeded numpy generator."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.Generator(np.random.PCG64(seed))

    def between(self, low: float, high: float) -> float:
        """Uniform number in [low, high)."""
        return low + (high - low) * float(self._random.random())

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return float(self._random.random()) < probability

    def pick(self, weights: Mapping[str, float]) -> str:
        """One key, with probability proportional to its weight."""
        left = float(self._random.random()) * sum(weights.values())
        for key, weight in weights.items():
            left -= weight
            if left < 0:
                return key
        return key

    def whole(self, low: int, high: int) -> int:
        """Whole number from low to high, both included."""
        return low + int(float(self._random.random()) * (high - low + 1))


class Assembly:
    """Collects placed primitives; every ``add`` method takes the part name first."""

    def __init__(self) -> None:
        self._kinds: list[int] = []
        self._params: list[list[float]] = []
        self._rows: list[Vector] = []
        self._centers: list[Vector] = []
        self._names: list[str] = []

    def __len__(self) -> int:
        return len(self._names)

    def add(self, name: str, kind: Kind, params: Sequence[float], center: Point, rows: Vector) -> None:
        """Add one primitive; params in the layout of its kind, centre [3] and rows [3, 3] as in `Frame`."""
        self._kinds.append(int(kind))
        self._params.append([float(value) for value in params] + [0.0] * (PARAMETER_COUNT - len(params)))
        self._rows.append(rows)
        self._centers.append(np.asarray(center, dtype=np.float64))
        self._names.append(name)

    def plate(
        self,
        name: str,
        center: Point,
        half: Point,
        rows: Vector = UPRIGHT,
        *,
        edge: float = 0.015,
        top: float = 0.0,
        bottom: float = 0.0,
    ) -> None:
        """Add a rounded plate; half [3] local, top and bottom = radii of its +y and -y corners."""
        edge = min(edge, 0.95 * min(half))
        corner = min(half[0], half[1])
        params = (
            half[0],
            half[1],
            min(max(top, edge), corner),
            min(max(bottom, edge), corner),
            half[2],
            edge,
        )
        self.add(name, Kind.PLATE, params, center, rows)

    def bar(
        self,
        name: str,
        start: Point,
        end: Point,
        half_x: float,
        half_z: float,
        front: Point = (0.0, 0.0, 1.0),
    ) -> None:
        """Add a straight square bar from start to end; its z side faces `front`."""
        a, b = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
        length = float(np.sqrt((b - a) @ (b - a)))
        half = (half_x, 0.5 * length, half_z)
        self.plate(name, 0.5 * (a + b), half, rows_from(b - a, front), edge=0.3 * min(half_x, half_z))

    def cylinder(self, name: str, start: Point, end: Point, radius: float, edge: float = 0.012) -> None:
        """Add a round cylinder with flat, slightly rounded ends."""
        a, b = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
        axis = b - a
        length = float(np.sqrt(axis @ axis))
        across = (1.0, 0.0, 0.0) if abs(axis[0]) < 0.9 * length else (0.0, 1.0, 0.0)
        z_first = rows_from(axis, across)
        rows = z_first[[2, 0, 1]]  # even permutation: the cylinder's axis becomes local z
        half = (radius, radius, 0.5 * length)
        self.plate(name, 0.5 * (a + b), half, rows, edge=edge, top=radius, bottom=radius)

    def rod(
        self, name: str, start: Point, end: Point, radius: float, end_radius: float | None = None
    ) -> None:
        """Add a round cone; start and end are the centres of its end spheres."""
        a, b = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
        axis = b - a
        length = float(np.sqrt(axis @ axis))
        across = (0.0, 0.0, 1.0) if abs(axis[2]) < 0.9 * length else (1.0, 0.0, 0.0)
        params = (radius, radius if end_radius is None else end_radius, 0.5 * length)
        self.add(name, Kind.CONE, params, 0.5 * (a + b), rows_from(axis, across))

    def arc(
        self, name: str, center: Point, rows: Vector, radius: float, tube: float, half_angle: float
    ) -> None:
        """Add a round tube along a circular arc around `center`, opening centred on local +y."""
        self.add(name, Kind.ARC, (radius, tube, half_angle), center, rows)

    def bend(
        self,
        name: str,
        center: Point,
        rows: Vector,
        radius: float,
        half_thickness: float,
        half_angle: float,
        half_height: float,
        edge: float,
    ) -> None:
        """Add a slab bent along a circular arc around `center`; it stands along local z."""
        edge = min(edge, 0.95 * half_thickness, 0.95 * half_height)
        self.add(name, Kind.BEND, (radius, half_thickness, half_angle, half_height, edge), center, rows)

    def ellipsoid(self, name: str, center: Point, half: Point, rows: Vector = UPRIGHT) -> None:
        """Add an ellipsoid with semi axes half [3]."""
        self.add(name, Kind.ELLIPSOID, tuple(half), center, rows)

    def mirror(self, start: int) -> None:
        """Add the mirror image in x of everything added since index `start`."""
        # f'(p) = f(Mp) has local = R M (p - M c); every kind is even in local x, so S R M is a proper
        # rotation
        flip = np.array([-1.0, 1.0, 1.0])
        for index in range(start, len(self)):
            self._kinds.append(self._kinds[index])
            self._params.append(self._params[index])
            self._rows.append(flip[:, None] * self._rows[index] * flip[None, :])
            self._centers.append(self._centers[index] * flip)
            self._names.append(self._names[index])

    def finish(self, attributes: Mapping[str, Attribute], seed: int, category: str = "chair") -> Program:
        """Centre the bounding box, scale the largest half extent to `HALF_EXTENT` and freeze."""
        kinds = np.array(self._kinds, dtype=np.int8)
        params = np.array(self._params)
        rows = np.array(self._rows)
        centers = np.array(self._centers)
        low, high = bounds(kinds, params, rows, centers)
        box_low, box_high = low.min(0), high.max(0)
        scale = HALF_EXTENT / float((0.5 * (box_high - box_low)).max())
        scales = np.full(params.shape, scale)
        for kind, column in ANGLE_PARAMETER.items():
            scales[kinds == kind, column] = 1.0
        middle = 0.5 * (box_low + box_high)
        return Program(
            kinds=kinds,
            params=(params * scales).astype(np.float32),
            rotations=rows.astype(np.float32),
            centers=((centers - middle) * scale).astype(np.float32),
            names=tuple(self._names),
            attributes=dict(attributes),
            seed=seed,
            category=category,
        )


def stout_enough(build: Callable[[float], Program], seed: int, margin: float = 1.06) -> Program:
    """Build a program none of whose primitives is thinner than `THINNEST_FINISHED`.

    Thicknesses are drawn before the size of the whole is known. Where that was underestimated (a deep
    recline, feet that reach beyond a table top), the same draws are built again with stouter parts.

    Parameters
    ----------
    build : callable
        Factor on the thinnest parts -> program.
    seed : int
        Of the program, for the message.
    margin : float
        Asked for beyond the shortfall, since stouter parts enlarge the whole again.

    Raises
    ------
    ValueError
        For a negative seed.
    """
    if seed < 0:
        raise ValueError(f"seeds start at 0, not {seed}")
    swell = 1.0
    for _ in range(4):
        program = build(swell)
        if program.thinnest >= THINNEST_FINISHED:
            break
        swell *= margin * THINNEST_FINISHED / program.thinnest
    return program
