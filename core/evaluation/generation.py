"""Are samples without text whole? One connected body that holds nearly all of the surface."""

from __future__ import annotations

from core.edits.engine import Engine
from core.edits.job import EditError, Job
from core.edits.requests import Candidates, Generate
from core.meshing.components import largest_share
from core.meshing.extract import extract_mesh
from core.pipelines.decode import DecodedField, guide_points
from core.scene.shape import Mesh, Shape

WHOLE = 0.95
"""Share of the area the largest body of a whole shape holds."""


def sampled_shapes(engine: Engine, count: int, seed: int) -> list[Shape]:
    """Unconditional samples with the engine's default settings."""
    shapes: list[Shape] = []
    for first in range(0, count, 8):
        request = Generate(count=min(8, count - first), seed=seed + first, preview=False)
        result = engine.run(request, Job())
        assert isinstance(result, Candidates)
        shapes += [item.shape for item in result.items]
    return shapes


def wholeness(engine: Engine, shapes: list[Shape], resolution: int) -> tuple[dict[str, float], list[Mesh]]:
    """Decode shapes without removing crumbs; the share that is whole, and the meshes."""
    shares, meshes = [], []
    for shape in shapes:
        field = DecodedField(engine.model.representation, shape.extrinsics, shape.intrinsics)
        try:
            mesh = extract_mesh(field, resolution, Job(), guide_points(shape.extrinsics))
        except EditError:
            shares.append(0.0)
            continue
        shares.append(largest_share(mesh))
        meshes.append(mesh)
    whole = sum(share >= WHOLE for share in shares)
    return {
        "samples": len(shares),
        "whole": whole / len(shares),
        "mean_largest_share": sum(shares) / len(shares),
    }, meshes
