"""A surface coloured by how far each point of it lies from another surface, and what its colours mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.edits.results import Candidate, Compared, Measured
from core.scene.shape import FloatArray, Mesh, Shape

STOPS = np.array(
    [(0.16, 0.32, 0.62), (0.20, 0.62, 0.66), (0.93, 0.86, 0.45), (0.94, 0.52, 0.22), (0.78, 0.13, 0.16)],
    np.float32,
)
"""sRGB colours from no distance to the farthest: blue, teal, yellow, orange, red; steps of equal distance."""
FAR = 0.05
"""Distance to an original, in domain units, that is drawn in the last colour."""
SCALES = (2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
"""Per cent of a shape's height that the last colour may stand for where a surface has moved."""
UNITS = {0.001: "mm", 0.01: "cm", 0.0254: "in", 0.3048: "ft", 1.0: "m"}
"""Names of a file's units by their length in metres."""


@dataclass(frozen=True, eq=False)
class HeatMap:
    """What the viewport draws in place of a shape, and what the legend says of it.

    Attributes
    ----------
    shape_id : str
        The shape of the scene that it is drawn in place of; "" for none.
    place : three floats
    mesh, distances : Mesh, float32 [V]
        Domain units.
    ghost : Mesh
        The other surface, or what of it is worth showing.
    far : float
        Distance of the last colour.
    title, ghost_title, unit : str
    unit_size : float
        Domain units per unit of the legend.
    before : Shape, optional
        What it is compared with, if that is a shape.
    candidate : Candidate, optional
        The candidate that it shows.
    """

    shape_id: str
    place: tuple[float, float, float]
    mesh: Mesh
    distances: FloatArray
    ghost: Mesh
    far: float
    title: str
    ghost_title: str
    unit: str
    unit_size: float
    before: Shape | None = None
    candidate: Candidate | None = None

    @property
    def colors(self) -> FloatArray:
        """SRGB colours [V, 3]."""
        return heat_colors(self.distances, self.far)

    @property
    def marks(self) -> tuple[str, ...]:
        """What the colours stand for, in the unit of the legend, from none to the farthest."""
        values = [self.far / self.unit_size * step / (len(STOPS) - 1) for step in range(len(STOPS))]
        texts = [f"{value:.3g}" for value in values]
        return (*texts[:-1], f"≥ {texts[-1]}")

    def told(self, distance: float) -> str:
        """A distance in words."""
        return f"{distance / self.unit_size:.3g} {self.unit}"


def heat_colors(distances: NDArray[np.float32], far: float) -> FloatArray:
    """SRGB colours [V, 3] of distances [V]; `far` and more is red."""
    place = np.clip(distances / far, 0.0, 1.0) * (len(STOPS) - 1)
    known = np.arange(len(STOPS))
    return np.stack([np.interp(place, known, STOPS[:, c]) for c in range(3)], axis=1).astype(np.float32)


def heat_of_original(compared: Compared) -> HeatMap:
    """A shape against the file it was brought in from, in the file's unit."""
    base = compared.request.base
    original = base.original
    assert original is not None
    unit = next(
        (name for size, name in UNITS.items() if np.isclose(original.unit, size)), "units of the file"
    )
    return HeatMap(
        base.id,
        base.position,
        compared.request.mesh,
        compared.distances,
        compared.original,
        FAR,
        "Distance to the file",
        "Pale: the file",
        unit,
        original.placement.scale,
    )


def heat_of_change(
    measured: Measured, before: Shape, place: tuple[float, float, float], candidate: Candidate | None
) -> HeatMap:
    """How far a surface (a candidate's, if there is one) is from that of `before`, per cent of its height."""
    request = measured.request
    heights = request.before.vertices[:, 1]
    per_cent = max(float(heights.max() - heights.min()), 1e-6) / 100
    most = float(np.percentile(measured.distances, 99.5)) / per_cent
    scale = next((scale for scale in SCALES if scale >= most), SCALES[-1])
    # Where both surfaces are the same the ghost would only dim the colours.
    apart = measured.missed[request.before.faces].max(axis=1) > 0.25 * scale * per_cent
    ghost = Mesh(
        request.before.vertices,
        request.before.normals,
        request.before.faces[apart],
        request.before.face_parts[apart],
    )
    return HeatMap(
        before.id,
        place,
        request.mesh,
        measured.distances,
        ghost,
        scale * per_cent,
        "What has moved",
        "Pale: as it was",
        "% of the height",
        per_cent,
        before,
        candidate,
    )
