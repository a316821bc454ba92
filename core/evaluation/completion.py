"""Completion: parts of one name are removed from a test shape and proposed anew, by two recipes.

Ours is the editor's `Complete` request: RePaint with resampling from pure noise, masked in both phases. The
published one (SALAD, part completion demo) noises the *original* Gaussians to t = 250 of 1000, so that a part
of what was removed is still seen, overwrites the kept Gaussians at every step without resampling, and then
samples the latents of *all* parts anew. Both run the same networks from the same seeds; the published recipe
takes the same number of steps per diffusion time as ours.

For every part name a shape has (as the model names parts), and over all completions:

* ``exact``: every kept Gaussian and latent is bit for bit what it was.
* ``connected``: one piece holds at least 95 % of the area.
* ``back``: the geometric check of the part holds again (only where the shape passed it before).
* ``uhd``: largest distance from the kept surface to the completed one, the unidirectional Hausdorff distance
  (Wu et al. 2020), domain units.
* ``tmd``: total mutual difference of ten completions (Wu et al. 2020), squared Chamfer distance of
  2,048 points of unit boxes.
* ``mmd``: of the completions to the test set, as in `core.evaluation.generation`.
"""

from __future__ import annotations

import numpy as np
import torch

from core.edits.requests import Complete
from core.edits.sampler import DEFAULT_STEPS
from core.evaluation.distances import (
    chamfer_matrix,
    minimum_matching,
    total_mutual_difference,
    unit_box,
)
from core.evaluation.material import POINTS, Material, Picture, Result, connected, mean, solid_of
from core.evaluation.surfaces import cloud, distance_to_surface, surface_points
from core.meshing.raycast import render
from core.models.schedule import SchedulerConfig
from core.pipelines.guidance import Guidance
from core.pipelines.masked import denoise_masked
from core.pipelines.prompts import text_context
from core.pipelines.sampling import Noise, valid
from core.scene.shape import FloatArray, Mesh, Shape

PUBLISHED_START = 0.25
SHOWN_COMPLETIONS = 5
PICTURE = (160, 160)

Made = list[tuple[Shape, Mesh | None, Picture | None]]


class Tally:
    """Figures of one recipe, collected over shapes and parts."""

    def __init__(self) -> None:
        self.facts: dict[str, list[float]] = {"exact": [], "connected": [], "back": [], "uhd": [], "tmd": []}
        self.of_part: dict[str, list[float]] = {}
        self.clouds: list[FloatArray] = []

    def add(self, material: Material, index: int, name: str, made: Made) -> None:
        """Add the completions of a test shape from which the parts called `name` were removed."""
        base, mesh = material.encoded(index).shape, material.base_mesh(index)
        assert mesh is not None
        kept = [row for row, part in enumerate(base.parts) if part.label != name]
        points, rows = surface_points(mesh, POINTS)
        points = points[np.isin(rows, kept)]
        check = material.category.present.get(name)
        expected = check is not None and material.category.checks.hold(solid_of(mesh), [check])
        clouds: list[FloatArray] = []
        for shape, surface, _ in made:
            self.facts["exact"].append(same_rows(base, shape, kept))
            whole = connected(surface)
            self.facts["connected"].append(whole)
            self.of_part.setdefault(f"connected_{name}", []).append(whole)
            if expected and check is not None:
                back = material.category.checks.hold(solid_of(surface), [check])
                self.facts["back"].append(back)
                self.of_part.setdefault(f"back_{name}", []).append(back)
            if surface is not None:
                if len(points):
                    self.facts["uhd"].append(float(distance_to_surface(points, surface).max()))
                clouds.append(cloud(surface, POINTS, len(clouds)))
        if len(clouds) > 1:
            boxed = unit_box(np.stack(clouds))
            self.facts["tmd"].append(total_mutual_difference(boxed, material.device))
        self.clouds += clouds

    def values(self, material: Material) -> dict[str, float]:
        """Means of everything, and MMD to as many test shapes as there are completions."""
        found = {name: mean(values) for name, values in self.facts.items()}
        found |= {name: mean(values) for name, values in sorted(self.of_part.items())}
        found["mmd"] = float("nan")
        if self.clouds:
            made = unit_box(np.stack(self.clouds))
            between = chamfer_matrix(made, material.clouds("test", len(made)), material.device)
            found["mmd"] = minimum_matching(between)
        return found


def measure(material: Material) -> Result:
    """Complete test shapes with both recipes; the published one's figures are called ``published_*``."""
    ours, published = Tally(), Tally()
    sheet: list[list[Picture]] = []
    cases = 0
    for index in range(material.counts.completed):
        base, mesh = material.encoded(index).shape, material.base_mesh(index)
        if mesh is None:
            continue
        for name in sorted({part.label for part in base.parts}):
            chosen = tuple(part.id for part in base.parts if part.label == name)
            if len(chosen) == len(base.parts):
                continue
            seed = material.seed + 1000 * cases
            cases += 1
            request = Complete(
                base=base, parts=chosen, count=material.counts.completions, seed=seed, preview=False
            )
            found = material.propose(request)
            made: Made = [
                (base, None, None) if one is None else (one.shape, material.mesh_of(one), one.thumbnail)
                for one in found
            ]
            ours.add(material, index, name, made)
            shapes = published_completions(material, base, chosen, [seed + k for k in range(len(found))])
            published.add(material, index, name, [(shape, material.decode(shape), None) for shape in shapes])
            pictures = [picture for _, _, picture in made if picture is not None][:SHOWN_COMPLETIONS]
            kept = {row for row, part in enumerate(base.parts) if part.label != name}
            sheet.append([render([mesh], [base], size=PICTURE, highlight=kept), *pictures])
    values: dict[str, float] = {"cases": cases, "completions": material.counts.completions}
    values |= ours.values(material)
    values |= {f"published_{name}": value for name, value in published.values(material).items()}
    return Result(values, {"completions": sheet})


def same_rows(before: Shape, after: Shape, rows: list[int]) -> bool:
    """Whether Gaussians and latents of these rows of `before` are in `after`, bit for bit, by part id."""
    if not rows:
        return True
    ids = [before.parts[row].id for row in rows]
    if not set(ids) <= set(after.part_ids):
        return False
    others = after.rows(ids)
    return bool(
        (before.extrinsics[rows] == after.extrinsics[others]).all()
        and (before.intrinsics[rows] == after.intrinsics[others]).all()
    )


@torch.inference_mode()
def published_completions(
    material: Material, base: Shape, part_ids: tuple[int, ...], seeds: list[int]
) -> list[Shape]:
    """Completions by the published recipe, one per seed."""
    engine, model = material.engine, material.engine.model
    steps = material.steps or int(model.card.get("steps", DEFAULT_STEPS))
    count = len(seeds)
    edit = torch.zeros(len(base.parts), dtype=torch.bool)
    edit[base.rows(part_ids)] = True
    edit = edit.to(engine.device)
    slots = torch.tensor([part.slot for part in base.parts], device=engine.device).expand(count, -1)

    def batch(values: FloatArray) -> torch.Tensor:
        return torch.from_numpy(values.copy()).to(engine.device).expand(count, -1, -1)

    extrinsics, intrinsics = batch(base.extrinsics), batch(base.intrinsics)
    guidance = Guidance(model, text_context(model, "", engine.sentences), 0.0)
    schedule = SchedulerConfig.from_dict(model.scheduler)
    noise = Noise(seeds, engine.device)
    normalisation = model.normalisation

    # Phase 1 from the noised original; phase 2 of all parts.
    x0 = normalisation.encode_extrinsics(extrinsics)
    x = denoise_masked(
        guidance.extrinsic(slots), schedule, x0, edit, noise,
        start=PUBLISHED_START, steps=max(1, round(PUBLISHED_START * steps)), resample=1,
        stage="gaussians", on_step=_quiet,
    )  # fmt: skip
    sampled = valid(normalisation, x)
    sampled = torch.where(edit[:, None], sampled, extrinsics)
    s = denoise_masked(
        guidance.intrinsic(slots, sampled), schedule, normalisation.encode_intrinsics(intrinsics),
        torch.ones_like(edit), noise, start=1.0, steps=steps, resample=1, stage="latents", on_step=_quiet,
    )  # fmt: skip
    latents = normalisation.decode_intrinsics(s)
    return [
        base.with_latents(sampled[row].cpu().numpy(), latents[row].cpu().numpy(), base.parts)
        for row in range(count)
    ]


def _quiet(stage: str, done: int, total: int, estimate: torch.Tensor) -> None:
    """Nobody watches."""
