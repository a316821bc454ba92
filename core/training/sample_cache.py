"""Samples of the corpus on disk, drawn once: surfaces with normals and labelled points, in shards.

A shard is one safetensors file of 256 shapes; which seeds it holds follows from its name, so an interrupted
preparation goes on where it stopped.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from tqdm import tqdm

from core.corpus.distance import pack
from core.corpus.families import FAMILIES
from core.corpus.sampling import sample

SHARD = 256
SURFACE, NEAR, UNIFORM = 2048, 4096, 2048


@dataclass(frozen=True)
class Cache:
    """Samples of S shapes.

    Attributes
    ----------
    surface : float16 [S, 2048, 3]
    normals : int8 [S, 2048, 3], times 127
    surface_names : uint8 [S, 2048]
    points : float16 [S, NEAR + UNIFORM, 3], near-surface ones first, half of them even over the primitives
    inside : bool [S, NEAR + UNIFORM]
    """

    surface: Tensor
    normals: Tensor
    surface_names: Tensor
    points: Tensor
    inside: Tensor

    def __len__(self) -> int:
        return len(self.surface)


def _draw(family: str, seeds: Sequence[int], device: str) -> dict[str, Tensor]:
    chunks: list[dict[str, Tensor]] = []
    for start in range(0, len(seeds), 16):
        part = seeds[start : start + 16]
        batch = pack([FAMILIES[family].make(seed) for seed in part], device)
        generator = torch.Generator(device=device).manual_seed(part[0])
        drawn = sample(batch, generator, surface=SURFACE, near=NEAR, uniform=UNIFORM, balanced=True)
        chunks.append(
            {
                "surface": drawn.surface.half().cpu(),
                "normals": (drawn.normals * 127).round().to(torch.int8).cpu(),
                "surface_names": drawn.surface_names.to(torch.uint8).cpu(),
                "points": drawn.points.half().cpu(),
                "inside": drawn.inside.cpu(),
            }
        )
    return {key: torch.cat([chunk[key] for chunk in chunks]) for key in chunks[0]}


def _path(folder: str, family: str, first: int, count: int) -> Path:
    return Path(folder) / f"{family}-even-{first}-{count}.safetensors"


def _shard(folder: str, family: str, first: int, count: int, device: str) -> str:
    path = _path(folder, family, first, count)
    if not path.exists():
        partial = path.with_suffix(".partial")
        save_file(_draw(family, range(first, first + count), device), partial)
        os.replace(partial, path)
    return str(path)


def prepare(
    folder: Path, family: str, first: int, count: int, workers: int = 2, device: str = "cpu"
) -> list[Path]:
    """Draw and store samples of the seeds ``first .. first + count``; existing shards are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    jobs = [
        (str(folder), family, start, min(SHARD, first + count - start), device)
        for start in range(first, first + count, SHARD)
    ]
    missing = sum(not _path(*job[:4]).exists() for job in jobs)
    if workers <= 1 or missing <= 1 or device != "cpu":
        return [Path(_shard(*job)) for job in tqdm(jobs, desc="samples", disable=None)]
    context = torch.multiprocessing.get_context("spawn")
    with context.Pool(workers, torch.set_num_threads, (1,)) as pool:
        pending = [pool.apply_async(_shard, job) for job in jobs]
        return [Path(result.get()) for result in tqdm(pending, desc="samples", disable=None)]


def load(folder: Path, family: str, first: int, count: int, workers: int = 2, device: str = "cpu") -> Cache:
    """Samples of a family's seed range, drawn if they are not on disk yet."""
    shards = [load_file(path) for path in prepare(folder, family, first, count, workers, device)]
    joined = {key: torch.cat([shard[key] for shard in shards]) for key in shards[0]}
    return Cache(**joined)
