"""Exact signed distances posing as occupancy fields, and a chair made of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from core.scene.shape import FloatArray, IntArray, Part, Shape

Distance = Callable[[FloatArray], FloatArray]
"""Points [N, 3] -> signed distance [N], negative inside."""


class AnalyticField:
    """Union of distances, one part each; logit = -sharpness * distance, saturating like a network's."""

    def __init__(self, *distances: Distance, sharpness: float = 60.0, limit: float = 20.0) -> None:
        self.distances = distances
        self.sharpness = sharpness
        self.limit = limit
        self.evaluated = 0

    def __call__(self, points: FloatArray) -> FloatArray:
        self.evaluated += len(points)
        distance = np.min([distance(points) for distance in self.distances], axis=0)
        return (self.limit * np.tanh(-self.sharpness * distance / self.limit)).astype(np.float32)

    def part_rows(self, points: FloatArray) -> IntArray:
        return np.argmin([distance(points) for distance in self.distances], axis=0).astype(np.int32)


def sphere(centre: Sequence[float], radius: float) -> Distance:
    return lambda points: np.linalg.norm(points - np.asarray(centre), axis=1) - radius


def torus(centre: Sequence[float], major: float, minor: float) -> Distance:
    """Ring around the y axis."""

    def distance(points: FloatArray) -> FloatArray:
        local = points - np.asarray(centre)
        ring = np.hypot(local[:, 0], local[:, 2]) - major
        return np.hypot(ring, local[:, 1]) - minor

    return distance


def capsule(start: Sequence[float], end: Sequence[float], radius: float) -> Distance:
    def distance(points: FloatArray) -> FloatArray:
        axis = np.asarray(end, float) - np.asarray(start, float)
        local = points - np.asarray(start)
        along = np.clip(local @ axis / (axis @ axis), 0.0, 1.0)
        return np.linalg.norm(local - along[:, None] * axis, axis=1) - radius

    return distance


def box(centre: Sequence[float], half: Sequence[float], rounding: float = 0.0) -> Distance:
    def distance(points: FloatArray) -> FloatArray:
        beyond = np.abs(points - np.asarray(centre)) - (np.asarray(half) - rounding)
        return (
            np.linalg.norm(np.maximum(beyond, 0.0), axis=1) + np.minimum(beyond.max(axis=1), 0.0) - rounding
        )

    return distance


def chair() -> tuple[AnalyticField, Shape]:
    """A chair with thin splayed legs, a stretcher, a framed back with slats, and arms."""
    parts: list[tuple[str, str, Distance]] = [
        ("seat", "Seat", box((0, 0.0, 0), (0.5, 0.055, 0.48), 0.05)),
        ("back", "Top rail", box((0, 0.82, -0.5), (0.47, 0.08, 0.04), 0.035)),
    ]
    for x in (-0.3, -0.1, 0.1, 0.3):
        parts.append(("back", "Slat", capsule((x, 0.0, -0.43), (x, 0.8, -0.5), 0.03)))
    for x in (-1.0, 1.0):
        for z in (-1.0, 1.0):
            leg = capsule((0.42 * x, -0.02, 0.4 * z), (0.5 * x, -0.9, 0.48 * z), 0.035)
            parts.append(("leg", "Leg", leg))
        parts.append(
            ("stretcher", "Stretcher", capsule((0.46 * x, -0.5, -0.45), (0.46 * x, -0.5, 0.45), 0.025))
        )
        parts.append(("arm", "Arm", capsule((0.5 * x, 0.36, -0.46), (0.5 * x, 0.32, 0.36), 0.045)))
        parts.append(("arm", "Arm post", capsule((0.48 * x, 0.0, 0.34), (0.5 * x, 0.32, 0.36), 0.03)))
        parts.append(("back", "Back post", capsule((0.44 * x, 0.0, -0.43), (0.44 * x, 0.86, -0.5), 0.04)))
    return AnalyticField(*[distance for _, _, distance in parts]), shape_of(
        [(label, name) for label, name, _ in parts], name="Chair 1"
    )


def shape_of(
    labels: Sequence[tuple[str, str]],
    shape_id: str = "s1",
    name: str = "Shape",
    position: tuple[float, float, float] = (0.0, 0.0, 0.0),
) -> Shape:
    """A shape with the given (label, name) parts; its latents mean nothing."""
    extrinsics = np.zeros((len(labels), 16), np.float32)
    extrinsics[:, 3:12] = np.eye(3).ravel()
    extrinsics[:, 13:] = 0.01
    parts = [Part(id=row, label=label, name=text) for row, (label, text) in enumerate(labels)]
    return Shape(shape_id, extrinsics, np.zeros((len(labels), 4)), tuple(parts), name=name, position=position)
