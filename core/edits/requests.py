"""Edits as frozen values: everything a job needs to know, captured when it is made.

Sampled edits (`Generate`, `Complete`, `Mix`, `Vary`, `Refine`, `TextEdit`) produce candidates; `Decode`
produces a mesh; `Inspect` and `Encode` bring a mesh in, `Fit` brings the shape nearer to it, `Compare` says
how far it is, `Measure` how far apart any two surfaces are. Instant edits live in `core.edits.instant` and
run at once.
Strengths are fractions of the diffusion time T: 0 = untouched, 1 = from pure noise. Parts are part ids.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.scene.original import Placement
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

    Attributes
    ----------
    negative : str
        Negative prompt: what the result should not be like; guidance leads away from it.
    like : Sampled, optional
        The request whose candidate is the `base` of this one ("more like this"); one of this takes the
        place that one of `like` would have taken.
    like_seed : int
        Seed of that candidate.
    """

    count: int = 1
    steps: int = 0
    tries: int = 0
    guidance: float = 2.0
    negative: str = ""
    preview: bool = True
    like: Sampled | None = None
    like_seed: int = 0


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
class Inspect(Request):
    """Look into a mesh file before it is brought in: how large is it, and how does it stand?"""

    path: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Encode(Request):
    """Bring a mesh file in as an editable shape.

    Without a `placement` it is fitted into the domain the way `Inspect` would find; `unit` is in metres per
    unit of the file, 0 = as found.
    """

    path: str
    placement: Placement | None = None
    unit: float = 0.0


@dataclass(frozen=True, eq=False, kw_only=True)
class Fit(Request):
    """Optimise the unlocked parts of `base` until its surface lies on the mesh it was brought in from."""

    base: Shape
    steps: int = 80
    preview: bool = True


@dataclass(frozen=True, eq=False, kw_only=True)
class Compare(Request):
    """How far is a surface of `base` from the mesh it was brought in from?"""

    base: Shape
    mesh: Mesh


@dataclass(frozen=True, eq=False, kw_only=True)
class Measure(Request):
    """How far is the surface `mesh` from the surface `before`?"""

    mesh: Mesh
    before: Mesh


@dataclass(frozen=True, eq=False, kw_only=True)
class Export(Request):
    """Write shapes as one mesh file: obj, ply, stl, glb or 3mf; parts become nodes where the format can.

    `size` (longest side; 0 = domain units), `z_up` and `on_floor`: see `placed_for_export`.

    Attributes
    ----------
    original_frame : bool
        Imported shapes go where they were in their file, in its unit (GLB: in metres); size, up and floor
        do not count then.
    keep_original : bool
        Their unedited parts are cut from that file instead of decoded; needs the file.
    """

    shapes: tuple[Shape, ...]
    path: str
    resolution: int = 128
    size: float = 0.0
    z_up: bool = False
    on_floor: bool = False
    original_frame: bool = False
    keep_original: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class CheckPrint(Request):
    """Would the surface that an `Export` writes of a shape come out of a printer?"""

    shape: Shape
    resolution: int = 128
    keep_original: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class ImportModels(Request):
    """Convert the published checkpoints in a folder into models of one's own, one for every category."""

    path: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Browse(Request):
    """Some of the shapes that come with a model, from number `start` on."""

    start: int = 0
    count: int = 24
