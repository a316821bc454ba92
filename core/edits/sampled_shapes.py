"""From noise to shapes: a sampling loop of the pipelines, and what comes of it as shapes with names."""

from __future__ import annotations

import numpy as np
import torch

from core.checkpoints.loading import Checkpoint
from core.edits.preparation import Prepared, merged, refuse_broken
from core.edits.requests import Complete, Generate, Mix, Refine, Sampled, TextEdit, Vary
from core.pipelines.edit_parts import EditPartsPipeline
from core.pipelines.generate import GeneratePipeline
from core.pipelines.guidance import Guidance
from core.pipelines.sampling import Noise, OnStep, Parts
from core.scene.shape import FloatArray, Part, Shape

DEFAULT_RESAMPLE = 2

Edit = Complete | Mix | Vary | Refine | TextEdit


@torch.inference_mode()
def part_labels(model: Checkpoint, parts: Parts) -> list[list[str]]:
    """The model's name for every part of every shape of a batch."""
    if model.part_namer is None:
        return [["part"] * parts.extrinsics.shape[1]] * len(parts.extrinsics)
    rows = model.part_namer(parts.extrinsics, parts.intrinsics).argmax(-1)
    return [[model.labels[label] for label in row] for row in rows.tolist()]


def _told(request: Sampled, seed: int) -> str:
    """Where parts come from, in words: the request, the seed, and the candidate that it started from."""
    like = "" if request.like is None else f", like {_told(request.like, request.like_seed)}"
    return f"{type(request).__name__.lower()} seed {seed}{like}"


def generated(
    model: Checkpoint,
    request: Generate,
    guidance: Guidance,
    noise: Noise,
    seeds: list[int],
    steps: int,
    on_step: OnStep,
) -> list[Shape]:
    """New shapes, one from each generator of `noise`; `seeds` are what is told of where they come from."""
    parts = GeneratePipeline(model)(guidance, noise, len(seeds), steps, on_step)
    labels = part_labels(model, parts)
    shapes = []
    for row, seed in enumerate(seeds):
        origin = f'generate "{request.text}" seed {seed}' if request.text else f"generate seed {seed}"
        extrinsics, intrinsics = parts.extrinsics[row].cpu().numpy(), parts.intrinsics[row].cpu().numpy()
        refuse_broken(extrinsics, intrinsics)
        records = [
            Part(id=slot, label=label, name=label, slot=slot, origin=origin)
            for slot, label in enumerate(labels[row])
        ]
        shapes.append(
            Shape(
                id="candidate",
                extrinsics=extrinsics,
                intrinsics=intrinsics,
                parts=tuple(records),
                name=str(model.card.get("category", "shape")).capitalize(),
                checkpoint=model.id,
                origin=origin,
            )
        )
    return shapes


def edited(
    model: Checkpoint,
    request: Edit,
    prepared: Prepared,
    guidance: Guidance,
    noise: Noise,
    seeds: list[int],
    steps: int,
    on_step: OnStep,
) -> list[Shape]:
    """The prepared shape with its parts to edit sampled, once from each generator of `noise`."""
    if prepared.strength == 0.0:
        return [prepared.shape] * len(seeds)
    device = model.normalisation.extrinsic_mean.device
    given = _parts(model, prepared.shape, len(seeds), device)
    edit = torch.from_numpy(prepared.edit).to(device)
    resample = getattr(request, "resample", 0) or DEFAULT_RESAMPLE
    pipeline = EditPartsPipeline(model)
    parts = pipeline(guidance, noise, given, edit, prepared.strength, steps, resample, on_step)
    labels = part_labels(model, parts)
    return [
        merged(
            prepared,
            parts.extrinsics[row].cpu().numpy(),
            parts.intrinsics[row].cpu().numpy(),
            labels[row],
            _told(request, seed),
        )
        for row, seed in enumerate(seeds)
    ]


def _parts(model: Checkpoint, shape: Shape, count: int, device: torch.device) -> Parts:
    """A shape as a batch of `count` equal rows."""

    def batch(values: FloatArray) -> torch.Tensor:
        return torch.from_numpy(np.array(values)).to(device).expand(count, -1, -1)

    # Slots beyond the model's (a mix with a larger model's parts) are unknown to it.
    slots = [part.slot if part.slot < model.slot_count else -1 for part in shape.parts]
    return Parts(
        batch(shape.extrinsics),
        batch(shape.intrinsics),
        torch.tensor(slots, device=device).expand(count, -1),
    )
