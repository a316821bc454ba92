"""What requests are answered with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.edits.model_info import ModelInfo
from core.edits.requests import (
    Browse,
    CheckPrint,
    Compare,
    Decode,
    Encode,
    Export,
    Fit,
    ImportModels,
    Inspect,
    Measure,
    Sampled,
)
from core.scene.original import Placement
from core.scene.shape import FloatArray, Mesh, Shape


@dataclass(frozen=True, eq=False)
class Candidate:
    """One proposal: a shape, its surface and a rendered thumbnail, uint8 [H, W, 4], transparent behind it."""

    shape: Shape
    mesh: Mesh
    thumbnail: NDArray[np.uint8]
    seed: int
    changed: tuple[int, ...] = ()
    """Ids (in `shape`) of the parts that were sampled; everything else is bit-exact."""
    resolution: int = 64
    """Cells per side of `mesh`."""
    replay: tuple[FloatArray, ...] = ()
    """Gaussians [P, 16] on the way from noise to `shape`, rows as in it; only if previews were asked for."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """The result of a sampled request."""

    request: Sampled
    items: tuple[Candidate, ...]
    raw: Candidates | None = None
    """Of a mix that was refined: the answer to it with strength 0; only if previews were asked for."""


@dataclass(frozen=True, eq=False)
class Decoded:
    """The result of `Decode`: the mesh of ``request.shape``."""

    request: Decode
    mesh: Mesh


@dataclass(frozen=True)
class Agreement:
    """How well a shape agrees with its original.

    Attributes
    ----------
    iou : float or None
        Intersection over union, half on points near the original's surface (noise of sigma .02 and .06), half
        on points anywhere in the domain; None if the original has no inside.
    chamfer : float
        Squared Chamfer distance of the surfaces, both ways added, in squared domain units.
    f_score : float
        F-score of the surfaces at 1 % of the diagonal of the original's bounding box.
    """

    iou: float | None
    chamfer: float
    f_score: float

    def __str__(self) -> str:
        iou = "no inside" if self.iou is None else f"IoU {self.iou:.3f}"
        return f"{iou}, Chamfer {self.chamfer:.2e}, F-score {self.f_score:.3f}"


@dataclass(frozen=True, eq=False)
class Inspected:
    """The result of `Inspect`.

    Attributes
    ----------
    placement : Placement
        How it seems to stand, fitted into the domain.
    up_known, unit_known : bool
        Whether the format says so, or it was worked out.
    unit : float
        Metres per unit of the file.
    low, high : three floats
        Corners of its bounding box, file frame.
    points, normals : float32 [N, 3]
        Of its surface, file frame, for a picture.
    faces : int
    cloud : bool
        It holds points only.
    """

    request: Inspect
    placement: Placement
    up_known: bool
    unit: float
    unit_known: bool
    low: tuple[float, float, float]
    high: tuple[float, float, float]
    points: FloatArray
    normals: FloatArray
    faces: int
    cloud: bool


@dataclass(frozen=True, eq=False)
class Encoded:
    """The result of `Encode`."""

    request: Encode
    shape: Shape
    mesh: Mesh
    agreement: Agreement


@dataclass(frozen=True, eq=False)
class Fitted:
    """The result of `Fit`: the shape, a draft of its surface, and its agreement before and after."""

    request: Fit
    shape: Shape
    mesh: Mesh
    before: Agreement
    after: Agreement


@dataclass(frozen=True, eq=False)
class Compared:
    """The result of `Compare`, in the shape's frame.

    Attributes
    ----------
    distances : float32 [V]
        From each vertex of the request's mesh to the original, domain units.
    original : Mesh
        What the file holds; every face counts as part 0.
    missed : float32 [V']
        From each vertex of the original to the request's mesh.
    """

    request: Compare
    distances: FloatArray
    original: Mesh
    missed: FloatArray


@dataclass(frozen=True, eq=False)
class Measured:
    """The result of `Measure`: from each vertex of ``request.mesh`` to ``request.before``, and back."""

    request: Measure
    distances: FloatArray
    missed: FloatArray


@dataclass(frozen=True, eq=False)
class Exported:
    """The result of `Export`: the file written and whether its surface is closed."""

    request: Export
    path: str
    faces: int
    watertight: bool


@dataclass(frozen=True, eq=False)
class PrintChecked:
    """The result of `CheckPrint`: whether the surface is closed, and in how many pieces it is."""

    request: CheckPrint
    watertight: bool
    pieces: int


@dataclass(frozen=True, eq=False)
class ImportedModels:
    """The result of `ImportModels`: what the new models are."""

    request: ImportModels
    models: tuple[ModelInfo, ...]


@dataclass(frozen=True, eq=False)
class Browsed:
    """The result of `Browse`: these shapes, of `total` that there are."""

    request: Browse
    total: int
    shapes: tuple[Shape, ...]


Result = (
    Candidates
    | Decoded
    | Inspected
    | Encoded
    | Fitted
    | Compared
    | Measured
    | Exported
    | PrintChecked
    | ImportedModels
    | Browsed
)
