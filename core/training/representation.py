"""Train the representation: ``python main.py train representation`` (SPAGHETTI section 4).

Losses: occupancy cross-entropy on near-surface and uniform points; negative log-likelihood of surface points
under the Gaussians; for a quarter of each batch a random subset of parts is decoded alone and must explain
only the points nearest to it (disentanglement); intrinsics get noise, which keeps their space smooth; and
shapes are moved together with their Gaussians, so that intrinsics do not encode place.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from core.checkpoints.device import trains_in_bfloat16
from core.models import representation as networks
from core.models.gaussian_head import log_likelihoods
from core.models.representation import Representation
from core.training import loop
from core.training.data import add_options, open_data
from core.training.loop import NOBODY, Listener, Training
from core.training.parallel import mean, own, places, rand, randn
from core.training.sample_cache import NEAR, UNIFORM, Cache
from core.training.scan_noise import degrade
from core.training.state import TrainingState, recipe_of

BLUR = 0.03
"""Blur of the Gaussians in the likelihood, about half the thickness of the thinnest parts."""


def random_placements(count: int, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Rotations about y [B, 3, 3], scales [B, 1] and translations [B, 3]; two thirds are the identity."""
    moved = (rand(count, generator=generator) < 1 / 3).float()
    angle = (rand(count, generator=generator) - 0.5) * 0.8 * moved
    scale = 1.0 - 0.25 * rand(count, 1, generator=generator) * moved[:, None]
    shift = (rand(count, 3, generator=generator) - 0.5) * 0.3 * moved[:, None]
    cos, sin, zero, one = angle.cos(), angle.sin(), torch.zeros(count), torch.ones(count)
    rotation = torch.stack((cos, zero, sin, zero, one, zero, -sin, zero, cos), -1).view(count, 3, 3)
    return rotation, scale, shift


def place(extrinsics: Tensor, rotation: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    """Gaussians [B, P, 16] after the similarity ``x -> scale * rotation @ x + shift``."""
    centre, axes, weight, eigenvalues = extrinsics.split((3, 9, 1, 3), -1)
    turned = axes.unflatten(-1, (3, 3)) @ rotation[:, None].transpose(2, 3)
    moved = scale[:, None] * (centre @ rotation.transpose(1, 2)) + shift[:, None]
    return torch.cat((moved, turned.flatten(2), weight, eigenvalues * scale[:, None].square()), -1)


def representation_loss(
    model: Representation,
    batch: dict[str, Tensor],
    generator: torch.Generator,
    autocast: bool,
    inside_weight: float = 1.0,
) -> tuple[Tensor, dict[str, float]]:
    """The loss of one batch and its terms.

    `batch` holds ``surface, normals [B, N, 3]``, ``points [B, M, 3]``, ``inside [B, M]``. Points inside count
    `inside_weight` times: where the network is not sure, above all in posts and rods thinner than its error,
    the surface closes rather than breaks (it moves to where the odds of being inside are 1 to that weight).
    """
    device = batch["surface"].device
    count = len(batch["surface"])
    with torch.autocast(device.type, torch.bfloat16, enabled=autocast):
        extrinsics, intrinsics = model.encoder(batch["surface"], batch["normals"])
    noise = randn(intrinsics.shape, generator).to(device)
    intrinsics = intrinsics + 0.1 * noise

    # Gaussians learn from the likelihood only. Pulled at by the decoder, which reads points in their frames,
    # they wander and nothing settles.
    likelihood = log_likelihoods(extrinsics, batch["surface"][:, :512], blur=BLUR).logsumexp(-1).mean()
    extrinsics = extrinsics.detach()

    # A quarter of the batch shows a subset of its parts; a point belongs to the part most likely to have made
    # it.
    parts = extrinsics.shape[1]
    keep = rand(count, 1, generator=generator) * 0.8 + 0.1
    mask = (rand(count, parts, generator=generator) < keep).to(device)
    place_in_batch, batch_size = places(count, generator)
    whole = (place_in_batch >= batch_size // 4).to(device)
    mask |= whole[:, None]
    mask[:, 0] |= ~mask.any(1)
    with torch.no_grad():
        owner = log_likelihoods(extrinsics, batch["points"]).argmax(-1)
        target = (batch["inside"] & mask.gather(1, owner)).float()

    rotation, scale, shift = (t.to(device) for t in random_placements(count, generator))
    points = scale[:, None] * (batch["points"] @ rotation.transpose(1, 2)) + shift[:, None]
    placed = place(extrinsics, rotation, scale, shift)
    with torch.autocast(device.type, torch.bfloat16, enabled=autocast):
        logits = model.decode(points, placed, intrinsics, mask).float()
    weight = torch.tensor(inside_weight, device=device)
    occupancy = functional.binary_cross_entropy_with_logits(logits, target, pos_weight=weight)
    loss = occupancy - 0.05 * likelihood
    with torch.no_grad():
        predicted, truth = logits[whole] > 0, target[whole] > 0.5
        iou = (predicted & truth).sum(1) / (predicted | truth).sum(1).clamp_min(1)
        # Of a small batch shared by many this process may have subsets only.
        ious = mean(torch.stack((iou.sum(), torch.tensor(float(len(iou)), device=device))))
    return loss, {
        "occupancy": float(occupancy.detach()),
        "likelihood": float(likelihood.detach()),
        "iou": float(ious[0] / ious[1].clamp_min(1e-6)),
    }


def draw_batch(
    cache: Cache, size: int, surface_points: int, points: int, generator: torch.Generator, device: str
) -> dict[str, Tensor]:
    """Random shapes (this process's rows of `size`) with random subsets of their samples."""
    rows = own(torch.randint(len(cache), (size,), generator=generator), generator)
    surface = torch.randperm(cache.surface.shape[1], generator=generator)[:surface_points]
    near = torch.randperm(NEAR, generator=generator)[: points * 5 // 8]
    uniform = NEAR + torch.randperm(UNIFORM, generator=generator)[: points - len(near)]
    chosen = torch.cat((near, uniform))
    return {
        "surface": cache.surface[rows[:, None], surface].to(device).float(),
        "normals": cache.normals[rows[:, None], surface].to(device).float() / 127.0,
        "points": cache.points[rows[:, None], chosen].to(device).float(),
        "inside": cache.inside[rows[:, None], chosen].to(device),
    }


@torch.no_grad()
def validation_iou(
    model: Representation, cache: Cache, autocast: bool, device: str, shapes: int = 64
) -> float:
    """Mean IoU on validation shapes over near-surface and uniform points together."""
    model.eval()
    values = []
    for row in range(0, min(shapes, len(cache)), 8):
        rows = slice(row, row + 8)
        with torch.autocast(torch.device(device).type, torch.bfloat16, enabled=autocast):
            extrinsics, intrinsics = model.encoder(
                cache.surface[rows].to(device).float(), cache.normals[rows].to(device).float() / 127.0
            )
            logits = model.decode(cache.points[rows].to(device).float(), extrinsics, intrinsics)
        predicted, truth = logits.cpu() > 0, cache.inside[rows]
        values.append((predicted & truth).sum(1) / (predicted | truth).sum(1).clamp_min(1))
    model.train()
    return float(torch.cat(values).mean())


def main(argv: list[str], listener: Listener = NOBODY) -> int:
    """Command line; see ``--help``."""
    parser = argparse.ArgumentParser(prog="main.py train representation", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("runs/representation"))
    add_options(parser)
    loop.add_options(parser, steps=12_000, batch=32, rate=1e-3)
    parser.add_argument("--shapes", type=int, default=12_000)
    parser.add_argument("--surface", type=int, default=1024, help="surface points the encoder reads")
    parser.add_argument("--points", type=int, default=768, help="labelled points the decoder answers")
    parser.add_argument(
        "--faults", type=float, default=0.0, help="share of shapes read with each fault of real scans"
    )
    parser.add_argument(
        "--inside-weight", type=float, default=1.0, help="weight of points inside; > 1 keeps thin parts whole"
    )
    parser.add_argument("--size", choices=("default", "tiny"), default="default")
    parser.add_argument("--start", type=Path, help="checkpoint folder to start from (fine-tuning)")
    parser.add_argument(
        "--grow",
        action="store_true",
        help="give the model of --start the layers and waves of the default size",
    )
    parser.add_argument("--fp32", action="store_true", help="no bfloat16, even where it is faster")
    options = parser.parse_args(argv)
    loop.begin(parser, options)
    autocast = not options.fp32 and trains_in_bfloat16(options.device)

    data = open_data(options)
    train, held_out = data.train(options.shapes), data.validation(options.shapes)
    torch.manual_seed(options.seed)
    model = networks.build(networks.DEFAULT if options.size == "default" else networks.TINY)
    if options.start:
        from core.checkpoints.loading import load_representation

        started = load_representation(options.start, options.device)
        model = networks.grown(started, networks.DEFAULT) if options.grow else started
    model.to(options.device).train()
    state = TrainingState({"representation": model}, options.rate)
    if options.start:
        state.start = recipe_of(options.start, "representation")

    def loss(generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        batch = draw_batch(train, options.batch, options.surface, options.points, generator, options.device)
        if options.faults:
            batch = degrade(batch, options.faults, generator)
        return representation_loss(model, batch, generator, autocast, options.inside_weight)

    def check() -> tuple[float, dict[str, float]]:
        iou = validation_iou(model, held_out, autocast, options.device)
        return 1.0 - iou, {"validation_iou": iou}

    kept = {"encoder": model.encoder, "mixing": model.mixing, "occupancy": model.occupancy}
    Training("representation", state, kept, options, loss, check).run(listener)
    return 0
