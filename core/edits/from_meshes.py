"""Answers to the requests about meshes of other programs: inspect, encode, fit, compare, cut for export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from core.edits.job import EditError, Job, Preview
from core.edits.preparation import refuse_broken
from core.edits.requests import Compare, Encode, Fit, Inspect
from core.edits.results import Agreement, Compared, Encoded, Fitted, Inspected
from core.edits.sampled_shapes import part_labels
from core.meshing.cutting import Joined, Likelihoods, cut_together
from core.meshing.extract import extract_mesh
from core.meshing.mesh_files import FileMesh, read_mesh_file
from core.meshing.placed import PlacedMesh
from core.meshing.surface import smooth_normals
from core.meshing.surface_distance import SurfaceDistance, sample_triangles
from core.models.gaussian_head import log_likelihoods
from core.models.part_encoder import ENCODED_POINTS, PartEncoder
from core.pipelines.decode import DecodedField
from core.pipelines.fit import FitPipeline, FitTarget
from core.pipelines.sampling import Parts
from core.pipelines.stand import CONVENTION_BONUS, ORIENTATIONS, StandPipeline
from core.scene.original import Original, Placement
from core.scene.shape import FloatArray, Mesh, Part, Shape

if TYPE_CHECKING:
    from core.edits.engine import Engine

STAND_POINTS = 1024
FIT_NEAR, FIT_UNIFORM = 16_384, 4_096
"""Labelled points that a fit sees, near the surface and anywhere."""
PICTURE_POINTS = 40_000
PREVIEW_EVERY = 15
"""Steps between two surfaces shown while a fit runs."""
PREVIEW_RESOLUTION = 32
DRAFT_RESOLUTION = 64
JUDGE_SEED = 2**31
"""Points that surfaces are judged by are drawn with seeds from here on; fits draw theirs below."""
MAX_STEPS = 2000
OWNER_BLOCK = 1 << 16


class FromMeshes:
    """What an engine does with mesh files; remembers the one read last."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._file: tuple[tuple[str, int, int], FileMesh] | None = None
        self._placed: tuple[FileMesh, Placement, PlacedMesh] | None = None

    def forget(self) -> None:
        """Let go of the file that was read last; it is read again when it is needed."""
        self._file = self._placed = None

    # Files

    def read(self, path: Path) -> FileMesh:
        """The triangles of a file (raises EditError)."""
        try:
            found = path.stat()
        except OSError as error:
            raise EditError(f"{path.name} cannot be read: {error.strerror}.") from None
        key = (str(path), found.st_mtime_ns, found.st_size)
        if self._file is None or self._file[0] != key:
            self._file = None
            self._file = (key, read_mesh_file(path))
        return self._file[1]

    def place(self, mesh: FileMesh, placement: Placement) -> PlacedMesh:
        """The triangles where a placement puts them."""
        known = self._placed
        if known is None or known[0] is not mesh or known[1] != placement:
            known = self._placed = (mesh, placement, PlacedMesh(mesh, placement))
        return known[2]

    def original_of(self, shape: Shape) -> PlacedMesh:
        """The mesh a shape was brought in from, in the shape's frame.

        Raises
        ------
        EditError
            If it was not, or the file is gone or another one by now.
        """
        original = shape.original
        if original is None:
            raise EditError(f"{shape.name} was not brought in from a mesh file: there is no original.")
        path = Path(original.path)
        if not path.is_file():
            raise EditError(
                f"The original of {shape.name} is gone: there is no {path}. Put it back, or import it again."
            )
        mesh = self.read(path)
        if mesh.digest != original.digest:
            raise EditError(
                f"{path.name} has changed since {shape.name} was made from it. Import it again to use it."
            )
        return self.place(mesh, original.placement)

    # Requests

    def inspect(self, request: Inspect, job: Job) -> Inspected:
        """Size and likely orientation of a file's mesh."""
        job.step("reading the mesh", 0, 3)
        mesh = self.read(Path(request.path))
        job.step("finding which way is up", 1, 3)
        placement = self._stand(mesh, request.seed)
        job.step("drawing it", 2, 3)
        points, normals, _ = sample_triangles(
            mesh.vertices, mesh.faces, PICTURE_POINTS, np.random.default_rng(request.seed)
        )
        low, high = (tuple(float(value) for value in corner) for corner in mesh.bounds)
        return Inspected(
            request,
            placement,
            mesh.up == placement.up,
            mesh.unit,
            mesh.unit_known,
            low,  # type: ignore[arg-type]
            high,  # type: ignore[arg-type]
            points.astype(np.float32),
            normals.astype(np.float32),
            len(mesh.faces),
            mesh.cloud,
        )

    def encode(self, request: Encode, job: Job) -> Encoded:
        """One forward pass: points of the surface to parts."""
        job.step("reading the mesh", 0, 4)
        encoder = self._encoder()
        path = Path(request.path)
        mesh = self.read(path)
        job.step("placing it", 1, 4)
        placement = request.placement or self._stand(mesh, request.seed)
        placed = self.place(mesh, placement)
        if np.abs(placed.vertices[placed.faces]).max() > 1.0:
            raise EditError(f"{path.name} does not fit into the domain as it is. Scale it to fit.")
        points, normals = placed.surface(ENCODED_POINTS, request.seed)
        job.step("finding parts", 2, 4)
        model, device = self._engine.model, self._engine.device
        located, directions = (torch.from_numpy(values)[None].to(device) for values in (points, normals))
        with torch.inference_mode():
            extrinsics, intrinsics = encoder(located, directions)
            slots = torch.arange(extrinsics.shape[1], device=device)[None]
            refuse_broken(extrinsics[0].cpu().numpy(), intrinsics[0].cpu().numpy())
            labels = part_labels(model, Parts(extrinsics, intrinsics, slots))[0]
        origin = f"encode {path.name}"
        shape = Shape(
            id="candidate",
            extrinsics=extrinsics[0].cpu().numpy(),
            intrinsics=intrinsics[0].cpu().numpy(),
            parts=tuple(
                Part(id=slot, label=label, name=label, slot=slot, origin=origin)
                for slot, label in enumerate(labels)
            ),
            name=path.stem[:60] or "Mesh",
            checkpoint=self._engine.checkpoint_id,
            origin=origin,
        )
        unit = request.unit or mesh.unit
        original = Original(str(path.absolute()), mesh.digest, placement, unit).remembering(shape)
        shape = replace(shape, original=original)
        job.span(0.4, 0.9)
        surface = self._engine.decode(shape, DRAFT_RESOLUTION, job)
        job.span(0.9, 1.0)
        job.step("measuring", 0, 1)
        return Encoded(request, shape, surface, self._agreement(shape, surface, placed))

    def fit(self, request: Fit, job: Job) -> Fitted:
        """Optimise the unlocked parts against the original."""
        base = request.base
        if not 1 <= request.steps <= MAX_STEPS:
            raise EditError(f"A fit takes 1 to {MAX_STEPS} steps, not {request.steps}.")
        self._engine.check_width(base)
        free = np.array([not part.locked for part in base.parts], bool)
        if not free.any():
            raise EditError(f"All parts of {base.name} are locked. Unlock those that may change.")
        job.step("reading the original", 0, 1)
        placed = self.original_of(base)
        job.step("finding what is inside", 0, 1)
        target = placed.labelled(FIT_NEAR, FIT_UNIFORM, request.seed)
        if not target.inside.any():
            raise EditError(
                f"Nothing is inside {Path(base.original.path).name if base.original else 'the original'}: "
                "it is an open sheet. Give it a thickness, then it can be fitted."
            )
        job.span(0.05, 0.1)
        before = self._agreement(base, self._engine.decode(base, DRAFT_RESOLUTION, job), placed)
        job.span(0.1, 0.9)
        device = self._engine.device
        extrinsics, intrinsics = FitPipeline(self._engine.model)(
            torch.from_numpy(np.array(base.extrinsics)).to(device),
            torch.from_numpy(np.array(base.intrinsics)).to(device),
            torch.from_numpy(free).to(device),
            FitTarget(
                torch.from_numpy(target.points).to(device),
                torch.from_numpy(target.inside.astype(np.float32)).to(device),
            ),
            request.steps,
            torch.Generator().manual_seed(request.seed),
            self._watch(job, request.preview),
        )
        moved = (extrinsics.cpu().numpy(), intrinsics.cpu().numpy())
        refuse_broken(*moved)
        origin = f"fit seed {request.seed}"
        parts = [
            replace(part, origin=origin) if chosen else part
            for part, chosen in zip(base.parts, free, strict=True)
        ]
        shape = base.with_latents(*moved, parts)
        assert shape.original is not None
        shape = replace(shape, original=shape.original.remembering(shape))
        job.span(0.9, 1.0)
        surface = self._engine.decode(shape, DRAFT_RESOLUTION, job)
        return Fitted(request, shape, surface, before, self._agreement(shape, surface, placed))

    def compare(self, request: Compare, job: Job) -> Compared:
        """Distances between a surface of a shape and its original, both ways."""
        job.step("reading the original", 0, 2)
        placed = self.original_of(request.base)
        job.step("measuring distances", 1, 2)
        vertices = placed.vertices.astype(np.float32)
        faces = placed.faces.astype(np.int32)
        original = Mesh(vertices, smooth_normals(vertices, faces), faces, np.zeros(len(faces), np.int32))
        back = SurfaceDistance(request.mesh.vertices, request.mesh.faces)
        return Compared(request, placed.distance(request.mesh.vertices), original, back(vertices))

    def cut(self, shape: Shape, mesh: Mesh, resolution: int, job: Job) -> Joined:
        """`mesh`, a surface of `shape`, with the unedited parts cut from the original (raises EditError)."""
        placed, original = self.original_of(shape), shape.original
        assert original is not None
        unedited = original.unedited(shape)
        kept = [original.part_ids.index(part_id) for part_id in unedited]
        before, now = likelihoods(original.extrinsics), likelihoods(shape.extrinsics)
        return cut_together(placed, before, now, kept, shape.rows(unedited), mesh, resolution, job)

    # Inside

    def _encoder(self) -> PartEncoder:
        model = self._engine.model
        if model.encoder is None:
            raise EditError(f"The model {model.id} cannot read meshes. Use one that was trained here.")
        return model.encoder

    def _field(self, shape: Shape) -> DecodedField:
        return self._engine.field(shape.extrinsics, shape.intrinsics)

    def _agreement(self, shape: Shape, surface: Mesh, placed: PlacedMesh) -> Agreement:
        return placed.agreement(self._field(shape), surface, JUDGE_SEED)

    def _stand(self, mesh: FileMesh, seed: int) -> Placement:
        """Fitted into the domain, standing the way the model understands best."""
        low, high = mesh.bounds
        placed = self.place(mesh, Placement.fitting(low, high))
        device = self._engine.device
        surface, normals = placed.surface(ENCODED_POINTS, seed)
        labelled = placed.labelled(STAND_POINTS, 0, seed)
        if not labelled.inside.any():  # an open sheet: what lies close to it counts
            labelled = replace(labelled, inside=placed.distance(labelled.points) < 0.02)
        places = [Placement(up, front) for up, front in ORIENTATIONS]
        scores = StandPipeline(self._encoder(), self._engine.model.representation)(
            torch.from_numpy(np.stack([place.rotation for place in places])).float().to(device),
            torch.from_numpy(surface).to(device),
            torch.from_numpy(normals).to(device),
            torch.from_numpy(labelled.points).to(device),
            torch.from_numpy(labelled.inside).to(device),
        )
        bonus = [CONVENTION_BONUS * (place.up == mesh.up) for place in places]
        best = places[int((scores.cpu() + torch.tensor(bonus)).argmax())]
        return Placement.fitting(low, high, best.up, best.front)

    def _watch(self, job: Job, preview: bool) -> Callable[[int, int, torch.Tensor, torch.Tensor], None]:
        """Progress and previews of a fit: Gaussians each step, now and then a coarse surface."""

        def on_step(done: int, total: int, extrinsics: torch.Tensor, intrinsics: torch.Tensor) -> None:
            job.step("fitting", done, total)
            if not preview:
                return
            gaussians: FloatArray = extrinsics.cpu().numpy()
            mesh = None
            if done % PREVIEW_EVERY == 0 and done < total:
                field = self._engine.field(gaussians, intrinsics.cpu().numpy())
                try:
                    mesh = extract_mesh(field, PREVIEW_RESOLUTION, Job(), reach=field.reach)
                except EditError:
                    mesh = None  # an unfinished shape may be empty
            job.preview(Preview(gaussians, mesh))

        return on_step


def likelihoods(extrinsics: FloatArray) -> Likelihoods:
    """How likely the Gaussians [P, 16] made points: the one that most likely did owns a point."""
    gaussians = torch.from_numpy(np.array(extrinsics))[None]

    def of_points(points: FloatArray) -> FloatArray:
        blocks = torch.from_numpy(np.array(points)).chunk(len(points) // OWNER_BLOCK + 1)
        return torch.cat([log_likelihoods(gaussians, block[None])[0] for block in blocks]).numpy()

    return of_points
