"""Encode the corpus: ``python main.py train latents``.

Writes the parts of every training shape, the statistics the denoisers need, and the part namer: each part is
labelled with the name most of the surface nearest to it has, and a small network learns to tell that from the
parts alone, because the order of generated parts means nothing.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional
from tqdm import tqdm

from core.checkpoints.loading import load_representation
from core.checkpoints.saving import save_component
from core.corpus import splits
from core.corpus.families import FAMILIES, Family
from core.corpus.program import PART_NAMES
from core.models.gaussian_head import log_likelihoods
from core.models.normalisation import Normalisation
from core.models.part_namer import PartNamer
from core.models.representation import Representation
from core.training import caption_bank
from core.training.sample_cache import Cache, load
from core.training.state import generator_for

MIN_OWNED = 8
"""A part that owns fewer of the 2,048 surface points is not labelled."""


@torch.no_grad()
def encode(
    model: Representation, family: Family, cache: Cache, points: int, autocast: bool, device: str
) -> dict[str, Tensor]:
    """Parts of every shape: extrinsics [S, P, 16], intrinsics [S, P, D], labels [S, P].

    Labels are rows of ``family.parts``, -1 = unknown.
    """
    found: dict[str, list[Tensor]] = {"extrinsics": [], "intrinsics": [], "labels": []}
    model.eval()
    for start in tqdm(range(0, len(cache), 32), desc="latents", disable=None):
        rows = slice(start, start + 32)
        surface = cache.surface[rows].to(device).float()
        normals = cache.normals[rows].to(device).float() / 127.0
        with torch.autocast(torch.device(device).type, torch.bfloat16, enabled=autocast):
            extrinsics, intrinsics = model.encoder(surface[:, :points], normals[:, :points])
        owner = log_likelihoods(extrinsics, surface).argmax(-1).cpu()
        names = functional.one_hot(cache.surface_names[rows].long(), len(PART_NAMES))[..., family.part_ids]
        votes = torch.zeros(len(owner), extrinsics.shape[1], len(family.parts), dtype=torch.long)
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


def read(path: Path) -> dict[str, Tensor]:
    """The latents written by `main`."""
    return load_file(path)


def main(argv: list[str]) -> int:
    """Command line; see ``--help``."""
    parser = argparse.ArgumentParser(prog="main.py train latents", description=__doc__)
    parser.add_argument("--representation", type=Path, default=Path("runs/representation"))
    parser.add_argument("--out", type=Path, default=Path("runs/latents"))
    parser.add_argument("--category", choices=tuple(FAMILIES), default="chairs")
    parser.add_argument("--cache", type=Path, default=Path("runs/samples"))
    parser.add_argument("--shapes", type=int, default=12_000)
    parser.add_argument("--points", type=int, default=2048, help="surface points the encoder reads")
    parser.add_argument("--captions", type=int, default=4, help="captions per shape")
    parser.add_argument("--namer-steps", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--fp32", action="store_true")
    options = parser.parse_args(argv)

    family = FAMILIES[options.category]
    seeds = splits.seeds("train", options.shapes)
    bank = caption_bank.load(
        options.out / "captions.safetensors", family.name, seeds, options.captions, options.device
    )
    print(f"{len(bank.sentences)} distinct captions of {options.shapes} shapes")
    cache = load(options.cache, family.name, seeds.start, len(seeds))
    model = load_representation(options.representation, options.device)
    latents = encode(model, family, cache, options.points, not options.fp32, options.device)
    partial = options.out / "latents.partial"
    save_file(latents, partial)
    os.replace(partial, options.out / "latents.safetensors")

    dim = latents["intrinsics"].shape[-1]
    normalisation = Normalisation(intrinsic_dim=dim)
    normalisation.fit(latents["extrinsics"], latents["intrinsics"])
    save_component(normalisation, options.out / "normalisation")
    torch.manual_seed(options.seed)
    namer = PartNamer(len(family.parts), dim)
    accuracy = train_namer(namer, latents, options.namer_steps, options.seed, options.device)
    save_component(namer, options.out / "part_namer")
    print(f"part names right on held-out parts: {accuracy:.3f}")
    return 0
