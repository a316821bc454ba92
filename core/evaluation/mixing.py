"""Mixing: parts of one test shape put into another, raw and refined.

For pairs of test shapes and every part name both have (as the model names parts), the parts of that name of
the second shape replace those of the first, refined with several strengths; 0 is the raw mix.

* ``connected``: one piece holds at least 95 % of the area.
* ``kept_distance``: mean distance from the surface of the parts that stay to the mixed surface, domain units;
  ``kept_moved``: share of it further away than 1 % of the diagonal.
* ``frechet``: Frechet distance between features of all mixes and of test shapes of the corpus. The features
  are explicit: a histogram of distances between random surface points (D2, Osada et al. 2002) and how full
  slices of the bounding box are along its three axes. They are standardised and projected to the 16 principal
  components of the corpus. ``frechet_corpus`` is the distance of as many training shapes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.corpus.splits import Split
from core.edits.requests import Mix
from core.evaluation.distances import frechet
from core.evaluation.exact import clouds_of_programs, solid_of_program
from core.evaluation.material import (
    POINTS,
    Material,
    Picture,
    Result,
    connected,
    mean,
    solid_of,
)
from core.evaluation.surfaces import cloud, diagonal, distance_to_surface, surface_points
from core.meshing.raycast import render
from core.meshing.solid import Solid
from core.scene.shape import FloatArray, Mesh, Shape

BINS = 24
SLICES = 12
COMPONENTS = 16
MOVED_SHARE = 0.01
SHOWN = 12
PICTURE = (160, 160)

Features = NDArray[np.float64]


def shape_features(points: FloatArray, solid: Solid) -> Features:
    """Explicit features [60] of a shape from surface points [N, 3] and filled cells."""
    half = len(points) // 2
    gaps = np.linalg.norm(points[:half] - points[half : 2 * half], axis=1) / max(diagonal(points), 1e-9)
    histogram = np.histogram(gaps, bins=BINS, range=(0.0, 1.0))[0] / max(half, 1)
    profiles = []
    for axis in range(3):
        others = tuple(other for other in range(3) if other != axis)
        counts = solid.inside.sum(axis=others).astype(np.float64)
        filled = np.flatnonzero(counts)
        if not len(filled):
            profiles.append(np.zeros(SLICES))
            continue
        counts = counts[filled[0] : filled[-1] + 1]
        total = np.concatenate([[0.0], np.cumsum(counts)])
        at = np.interp(np.linspace(0, len(counts), SLICES + 1), np.arange(len(total)), total)
        profiles.append(np.diff(at) / total[-1])
    return np.concatenate([histogram, *profiles])


class FeatureSpace:
    """Standardised features on the principal components of real shapes, [N, 60] -> [N, 16]."""

    def __init__(self, real: Features) -> None:
        self._mean = real.mean(0)
        self._spread = real.std(0) + 1e-6
        _, _, axes = np.linalg.svd(self._standardised(real), full_matrices=False)
        self._axes = axes[:COMPONENTS]

    def _standardised(self, features: Features) -> Features:
        return (features - self._mean) / self._spread

    def __call__(self, features: Features) -> Features:
        return self._standardised(features) @ self._axes.T


def corpus_features(material: Material, split: Split, count: int) -> Features:
    """Features of the first programs of a split."""
    programs = material.programs(split, count)
    clouds = clouds_of_programs(programs, POINTS)
    return np.stack(
        [
            shape_features(points, solid_of_program(program))
            for points, program in zip(clouds, programs, strict=True)
        ]
    )


class Tally:
    """Figures of one strength."""

    def __init__(self) -> None:
        self.connected: list[bool] = []
        self.distances: list[float] = []
        self.moved: list[float] = []
        self.features: list[Features] = []

    def add(self, mesh: Mesh | None, kept: FloatArray, limit: float) -> None:
        """Add a mix; `kept` are surface points of the parts that stayed, `limit` how far counts as moved."""
        self.connected.append(connected(mesh))
        if mesh is None:
            return
        if len(kept):
            gaps = distance_to_surface(kept, mesh)
            self.distances.append(float(gaps.mean()))
            self.moved.append(float((gaps > limit).mean()))
        self.features.append(shape_features(cloud(mesh, POINTS), solid_of(mesh)))


def measure(material: Material) -> Result:
    """Mix pairs of test shapes; figures of strength s end in ``_s`` (e.g. ``connected_0.1``).

    ``connected`` is that of the judged strength (0.1, the editor's default); ``refined_gain`` is how much
    smaller the Frechet distance is there than that of raw mixes.
    """
    tallies = {strength: Tally() for strength in material.counts.strengths}
    sheet: list[list[Picture]] = []
    cases = 0
    for pair in range(material.counts.mixed):
        base, source = (material.encoded(2 * pair + side).shape for side in (0, 1))
        meshes = [material.base_mesh(2 * pair + side) for side in (0, 1)]
        if meshes[0] is None or meshes[1] is None:
            continue
        points, rows = surface_points(meshes[0], POINTS)
        limit = MOVED_SHARE * diagonal(points)
        for name in sorted(_names(base) & _names(source)):
            take, drop = _ids(source, name), _ids(base, name)
            if len(drop) == len(base.parts):
                continue
            kept = points[~np.isin(rows, base.rows(drop))]
            pictures = []
            for strength, tally in tallies.items():
                request = Mix(
                    base=base,
                    source=source,
                    take=take,
                    drop=drop,
                    strength=strength,
                    seed=material.seed + cases,
                    preview=False,
                )
                candidate = material.propose(request)[0]
                tally.add(None if candidate is None else material.mesh_of(candidate), kept, limit)
                if candidate is not None:
                    pictures.append(candidate.thumbnail)
            cases += 1
            if len(sheet) < SHOWN:
                before = [
                    render([mesh], [shape], size=PICTURE)
                    for mesh, shape in zip(meshes, (base, source), strict=True)
                    if mesh is not None
                ]
                sheet.append([*before, *pictures])
    return Result(_values(material, tallies, cases), {"mixes": sheet})


def _values(material: Material, tallies: dict[float, Tally], cases: int) -> dict[str, float]:
    real = corpus_features(material, "test", material.counts.real)
    space = FeatureSpace(real)
    values: dict[str, float] = {"cases": cases}
    for strength, tally in tallies.items():
        values[f"connected_{strength:g}"] = mean(tally.connected)
        values[f"kept_distance_{strength:g}"] = mean(tally.distances)
        values[f"kept_moved_{strength:g}"] = mean(tally.moved)
        values[f"frechet_{strength:g}"] = (
            frechet(space(np.stack(tally.features)), space(real)) if len(tally.features) > 1 else float("nan")
        )
    if cases > 1:
        training = corpus_features(material, "train", cases)
        values["frechet_corpus"] = frechet(space(training), space(real))
    raw, judged = material.counts.strengths[:2]
    values["connected"] = values[f"connected_{judged:g}"]
    values["refined_gain"] = values[f"frechet_{raw:g}"] - values[f"frechet_{judged:g}"]
    return values


def _names(shape: Shape) -> set[str]:
    return {part.label for part in shape.parts}


def _ids(shape: Shape, name: str) -> tuple[int, ...]:
    return tuple(part.id for part in shape.parts if part.label == name)
