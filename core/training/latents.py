"""Encode the corpus: ``python main.py train latents``.

Writes the parts of every training shape, the statistics the denoisers need, and the part namer: each part is
labelled with the name most of the surface nearest to it has, and a small network learns to tell that from the
parts alone, because the order of generated parts means nothing.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional
from tqdm import tqdm

from core.checkpoints.device import trains_in_bfloat16
from core.checkpoints.loading import load_component, load_representation, read_json
from core.checkpoints.saving import save_component
from core.models.gaussian_head import log_likelihoods
from core.models.normalisation import Normalisation
from core.models.part_encoder import PartEncoder
from core.models.part_namer import PartNamer
from core.models.representation import Representation
from core.training.data import add_options, open_data
from core.training.mesh_set import UNNAMED
from core.training.sample_cache import Cache
from core.training.state import generator_for

MIN_OWNED = 8
"""A part that owns fewer of the 2,048 surface points is not labelled."""


@torch.no_grad()
def encode(
    model: Representation, part_ids: Sequence[int], cache: Cache, points: int, autocast: bool, device: str
) -> dict[str, Tensor]:
    """Parts of every shape: extrinsics [S, P, 16], intrinsics [S, P, D], labels [S, P].

    Labels are places in `part_ids`, the names the surface may have, -1 = unknown.
    """
    place = torch.full((256,), len(part_ids))
    place[list(part_ids)] = torch.arange(len(part_ids))
    found: dict[str, list[Tensor]] = {"extrinsics": [], "intrinsics": [], "labels": []}
    model.eval()
    for start in tqdm(range(0, len(cache), 32), desc="latents", disable=None):
        rows = slice(start, start + 32)
        surface = cache.surface[rows].to(device).float()
        normals = cache.normals[rows].to(device).float() / 127.0
        with torch.autocast(torch.device(device).type, torch.bfloat16, enabled=autocast):
            extrinsics, intrinsics = model.encoder(surface[:, :points], normals[:, :points])
        owner = log_likelihoods(extrinsics, surface).argmax(-1).cpu()
        names = functional.one_hot(place[cache.surface_names[rows].long()], len(part_ids) + 1)[..., :-1]
        votes = torch.zeros(len(owner), extrinsics.shape[1], len(part_ids), dtype=torch.long)
        votes.scatter_add_(1, owner[..., None].expand_as(names), names)
        labels = votes.argmax(-1).masked_fill(votes.sum(-1) < MIN_OWNED, -1)
        found["extrinsics"].append(extrinsics.float().cpu())
        found["intrinsics"].append(intrinsics.float().cpu())
        found["labels"].append(labels)
    return {key: torch.cat(values) for key, values in found.items()}


def train_namer(namer: PartNamer, latents: dict[str, Tensor], steps: int, seed: int, device: str) -> float:
    """Fit the namer; returns its accuracy on the last tenth of the shapes, which it does not see."""
    held_out = max(len(latents["labels"]) // 10, 1)
    optimizer = torch.optim.AdamW(namer.parameters(), 2e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=steps)
    namer.to(device).train()
    for step in tqdm(range(steps), desc="part namer", disable=None):
        rows = torch.randint(
            max(len(latents["labels"]) - held_out, 1), (64,), generator=generator_for(seed, step)
        )
        generator = generator_for(seed + 1, step)
        extrinsics, intrinsics = (latents[key][rows].to(device) for key in ("extrinsics", "intrinsics"))
        # Generated and edited shapes are not as exact as encoded ones, and may lack parts.
        intrinsics = intrinsics + 0.2 * torch.randn(intrinsics.shape, generator=generator).to(device)
        mask = (torch.rand(intrinsics.shape[:2], generator=generator) > 0.1).to(device)
        mask[:, 0] = True
        labels = latents["labels"][rows].to(device).masked_fill(~mask, -1)
        logits = namer(extrinsics, intrinsics, mask)
        loss = functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=-1)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    namer.eval()
    with torch.no_grad():
        last = slice(-held_out, None)
        logits = namer(latents["extrinsics"][last].to(device), latents["intrinsics"][last].to(device))
    labels = latents["labels"][last]
    right = (logits.argmax(-1).cpu() == labels) & (labels >= 0)
    return float(right.sum() / (labels >= 0).sum().clamp_min(1))


@torch.no_grad()
def named_by(
    start: Path | None, caches: Sequence[Cache | None], device: str
) -> tuple[list[str], list[Cache | None]]:
    """Part names of surfaces that have none: those that a model gives them; without a model all are a "part".

    Returns the names and the samples with `surface_names` set to places among them.
    """
    if start is None:
        return [UNNAMED], [
            None if cache is None else replace(cache, surface_names=torch.zeros_like(cache.surface_names))
            for cache in caches
        ]
    labels = [str(name) for name in read_json(start / "card.json")["labels"]]
    encoder = load_component(PartEncoder, start / "encoder").to(device)
    namer = load_component(PartNamer, start / "part_namer").to(device)
    named: list[Cache | None] = []
    for cache in caches:
        if cache is None:
            named.append(None)
            continue
        given = []
        for row in range(0, len(cache), 32):
            surface = cache.surface[row : row + 32].to(device).float()
            extrinsics, intrinsics = encoder(surface, cache.normals[row : row + 32].to(device).float() / 127)
            owner = log_likelihoods(extrinsics, surface).argmax(-1)
            given.append(namer(extrinsics, intrinsics).argmax(-1).gather(1, owner).to(torch.uint8).cpu())
        named.append(replace(cache, surface_names=torch.cat(given)))
    return labels, named


def _write(tensors: dict[str, Tensor], path: Path) -> None:
    partial = path.with_suffix(".partial")
    save_file(tensors, partial)
    os.replace(partial, path)


def read(path: Path) -> dict[str, Tensor]:
    """The latents written by `main`."""
    return load_file(path)


def main(argv: list[str]) -> int:
    """Command line; see ``--help``."""
    parser = argparse.ArgumentParser(prog="main.py train latents", description=__doc__)
    parser.add_argument("--representation", type=Path, default=Path("runs/representation"))
    parser.add_argument("--out", type=Path, default=Path("runs/latents"))
    add_options(parser)
    parser.add_argument("--start", type=Path, help="checkpoint that names the parts of meshes without names")
    parser.add_argument("--shapes", type=int, default=12_000)
    parser.add_argument("--points", type=int, default=2048, help="surface points the encoder reads")
    parser.add_argument("--captions", type=int, default=4, help="captions per shape")
    parser.add_argument("--namer-steps", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--fp32", action="store_true", help="no bfloat16, even where it is faster")
    options = parser.parse_args(argv)
    autocast = not options.fp32 and trains_in_bfloat16(options.device)

    data = open_data(options)
    bank = data.bank(options.out / "captions.safetensors", options.shapes, options.captions, options.device)
    cache = data.train(options.shapes)
    print(f"{len(bank.sentences)} distinct captions of {len(cache)} shapes")
    model = load_representation(options.representation, options.device)
    held_out = data.validation(options.shapes) if options.set else None
    labels, part_ids = list(data.parts), list(data.part_ids)
    if not labels:
        labels, caches = named_by(options.start, [cache, held_out], options.device)
        assert caches[0] is not None
        cache, held_out = caches[0], caches[1]
        part_ids = list(range(len(labels)))
    (options.out / "labels.json").write_text(json.dumps(labels) + "\n", encoding="utf-8")
    if held_out is not None:
        _write(encode(model, part_ids, held_out, options.points, autocast, options.device),
               options.out / "validation.safetensors")  # fmt: skip
    latents = encode(model, part_ids, cache, options.points, autocast, options.device)
    _write(latents, options.out / "latents.safetensors")

    dim = latents["intrinsics"].shape[-1]
    normalisation = Normalisation(intrinsic_dim=dim)
    normalisation.fit(latents["extrinsics"], latents["intrinsics"])
    save_component(normalisation, options.out / "normalisation")
    torch.manual_seed(options.seed)
    namer = PartNamer(len(labels), dim)
    accuracy = train_namer(namer, latents, options.namer_steps, options.seed, options.device)
    save_component(namer, options.out / "part_namer")
    print(f"part names right on held-out parts: {accuracy:.3f}")
    return 0
