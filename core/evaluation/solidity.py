"""Could samples without text be real? One body, closed, held up.

Surfaces are those of the model with every crumb. ``connected``: one piece holds at least 95 % of the area.
``watertight``: every edge has exactly two faces. ``supported``: chairs and tables stand on the floor
(`core.meshing.solid.stands`); airplanes, most of which have no wheels down, are balanced left and right
(`core.evaluation.airplane_wing.flies`). ``solid``: all three.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from core.evaluation.material import WHOLE, Material, Picture, Result, in_rows, mean
from core.meshing.components import largest_share
from core.meshing.raycast import render
from core.meshing.solid import Solid, stands, voxelised
from core.scene.shape import Mesh
from core.scene.topology import is_watertight

SHOWN = 64
PICTURE = (200, 200)


def measure(material: Material) -> Result:
    """Share of the samples that are connected, watertight, supported, and all of that."""
    pictures: list[Picture] = []

    def meshes() -> Iterator[Mesh | None]:
        for candidate in material.samples:
            mesh = None if candidate is None else material.decode_everything(candidate.shape)
            if mesh is not None and candidate is not None and len(pictures) < SHOWN:
                pictures.append(render([mesh], [candidate.shape], size=PICTURE))
            yield mesh

    values = solidity(meshes(), material.category.supported)
    return Result(values, {"samples": in_rows(pictures)})


def solidity(meshes: Iterable[Mesh | None], held_up: Callable[[Solid], bool] = stands) -> dict[str, float]:
    """The figures of surfaces; None (an empty shape) fails everything."""
    shares, connected, closed, supported = [], [], [], []
    for mesh in meshes:
        share = 0.0 if mesh is None else largest_share(mesh)
        shares.append(share)
        connected.append(share >= WHOLE)
        closed.append(mesh is not None and is_watertight(mesh.faces))
        supported.append(mesh is not None and held_up(voxelised(mesh)))
    every = [all(facts) for facts in zip(connected, closed, supported, strict=True)]
    return {
        "samples": len(shares),
        "connected": mean(connected),
        "watertight": mean(closed),
        "supported": mean(supported),
        "solid": mean(every),
        "mean_largest_share": mean(shares),
    }
