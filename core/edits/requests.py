"""Edits as frozen values: everything a job needs to know, captured when it is made.

Sampled edits (`Generate`, `Complete`, `Mix`, `Vary`, `Refine`, `TextEdit`) produce candidates; `Decode`
produces a mesh; `Encode` brings a mesh in. Instant edits live in `core.edits.instant` and run at once.
Strengths are fractions of the diffusion time T: 0 = untouched, 1 = from pure noise. Parts are part ids.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.edits.model_info import ModelInfo
from core.scene.shape import Mesh, Shape

MAX_SEED = 2**32 - 1


@dataclass(frozen=True, eq=False, kw_only=True)
class Request:
    """What every request carries.

    `checkpoint` names the checkpoint to use ("" = the one loaded); `seed` is in [0, 2**32 - 1].
    """

    checkpoint: str = ""
    seed: int = 0


@dataclass(frozen=True, eq=False, kw_only=True)
class Sampled(Request):
    """A request answered by `Candidates`. Zero `steps` and `tries` mean the default.

    What falls apart or does not stand is sampled again, up to `tries` times in all; 1 takes what comes.
    """

    count: int = 1
    steps: int = 0
    tries: int = 0
    guidance: float = 2.0
    preview: bool = True


@dataclass(frozen=True, eq=False, kw_only=True)
class Generate(Sampled):
    """New whole shapes, from text if there is any."""

    text: str = ""


@dataclass(frozen=True, eq=False, kw_only=True)
class Complete(Sampled):
    """Propose new parts in place of `parts` (and of slots the shape has lost), keeping the rest bit-exact."""

    base: Shape
    parts: tuple[int, ...]
    text: str = ""
    resample: int = 0
    """RePaint's U: times each step is repeated; 0 = default."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Mix(Sampled):
    """Put the parts `take` of `source` into `base` in place of its parts `drop`, then refine the joints.

    ``strength=0`` gives the raw mix. Only the taken parts move during refinement (SDEdit); the parts of
    `base` that stay are bit-exact.
    """

    base: Shape
    source: Shape
    take: tuple[int, ...]
    drop: tuple[int, ...] = ()
    strength: float = 0.1


@dataclass(frozen=True, eq=False, kw_only=True)
class Vary(Sampled):
    """SDEdit on the selected parts: `strength` .02-.05 refines, .1-.25 varies, .4 and more replaces."""

    base: Shape
    parts: tuple[int, ...]
    strength: float = 0.25


@dataclass(frozen=True, eq=False, kw_only=True)
class Refine(Sampled):
    """A gentle `Vary` that mends joints: by default of every part that is not locked."""

    base: Shape
    parts: tuple[int, ...] = ()
    strength: float = 0.05


@dataclass(frozen=True, eq=False, kw_only=True)
class TextEdit(Sampled):
    """Change only the given parts (none: those the words speak of) so that the shape fits the words."""

    base: Shape
    parts: tuple[int, ...]
    text: str
    strength: float = 1.0


@dataclass(frozen=True, eq=False, kw_only=True)
class Decode(Request):
    """Surface of one shape. `draft` decodes (while dragging) may be dropped for newer ones.

    `near` is a surface of much the same shape, such as the last frame of a drag; see `extract_mesh`.
    """

    shape: Shape
    resolution: int = 128
    draft: bool = False
    near: Mesh | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Encode(Request):
    """Bring a mesh file in as an editable shape."""

    path: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Export(Request):
    """Write shapes as one mesh file: obj, ply, stl, glb or 3mf; parts become nodes where the format can.

    `size` (longest side; 0 = domain units), `z_up` and `on_floor`: see `placed_for_export`.
    """

    shapes: tuple[Shape, ...]
    path: str
    resolution: int = 128
    size: float = 0.0
    z_up: bool = False
    on_floor: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class ImportModels(Request):
    """Convert the published checkpoints in a folder into models of one's own, one for every category."""

    path: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Browse(Request):
    """Some of the shapes that come with a model, from number `start` on."""

    start: int = 0
    count: int = 24


@dataclass(frozen=True, eq=False)
class Candidate:
    """One proposal: a shape, its surface and a rendered thumbnail (uint8 [H, W, 3])."""

    shape: Shape
    mesh: Mesh
    thumbnail: NDArray[np.uint8]
    seed: int
    changed: tuple[int, ...] = ()
    """Ids (in `shape`) of the parts that were sampled; everything else is bit-exact."""
    resolution: int = 64
    """Cells per side of `mesh`."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """The result of a sampled request."""

    request: Sampled
    items: tuple[Candidate, ...]


@dataclass(frozen=True, eq=False)
class Decoded:
    """The result of `Decode`: the mesh of ``request.shape``."""

    request: Decode
    mesh: Mesh


@dataclass(frozen=True, eq=False)
class Encoded:
    """The result of `Encode`."""

    request: Encode
    shape: Shape
    mesh: Mesh


@dataclass(frozen=True, eq=False)
class Exported:
    """The result of `Export`: the file written and whether its surface is closed."""

    request: Export
    path: str
    faces: int
    watertight: bool


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


Result = Candidates | Decoded | Encoded | Exported | ImportedModels | Browsed
