"""Random edits for the engine, of every kind, and what must hold of their results."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.edits.engine import Engine
from core.edits.job import Job
from core.edits.requests import (
    Complete,
    Decode,
    Encode,
    Generate,
    Mix,
    Refine,
    Request,
    Sampled,
    TextEdit,
    Vary,
)
from core.edits.results import Candidates, Decoded, Encoded, Exported, Result
from core.scene.shape import MIN_EIGENVALUE, Mesh, Shape
from tests.tiny import TINY_CHECKPOINT

QUICK = {"steps": 4, "tries": 2, "preview": False}
RESOLUTION = 32
"""Cells of a surface along a side: what is asked about here are parts, jobs and bits, not fine surfaces."""


def tiny_engine() -> Engine:
    return Engine(TINY_CHECKPOINT, "cpu", resolution=RESOLUTION)


def two_shapes(engine: Engine) -> list[Shape]:
    result = engine.run(Generate(count=2, seed=11, steps=8, preview=False), Job())
    assert isinstance(result, Candidates)
    return [replace(item.shape, id=f"s{number}") for number, item in enumerate(result.items, 1)]


def random_edit(rng: random.Random, base: Shape, source: Shape) -> Sampled:
    """An edit of some unlocked parts of `base`."""
    free = [part.id for part in base.parts if not part.locked]
    parts = tuple(rng.sample(free, rng.randint(1, max(1, len(free) // 2))))
    seed = rng.randrange(2**32)
    takes = tuple(rng.sample(source.part_ids, rng.randint(1, 3)))
    makers: list[Callable[[], Sampled]] = [
        lambda: Complete(base=base, parts=parts, seed=seed, resample=1, **QUICK),
        lambda: Vary(base=base, parts=parts, seed=seed, strength=rng.uniform(0.1, 1.0), **QUICK),
        lambda: Refine(base=base, parts=parts, seed=seed, **QUICK),
        lambda: TextEdit(base=base, parts=parts, seed=seed, text="round arms", **QUICK),
        lambda: Mix(base=base, source=source, take=takes, drop=parts, seed=seed, **QUICK),
    ]
    return rng.choice(makers)()


def random_request(rng: random.Random, shapes: list[Shape], mesh_file: Path) -> Request:
    """Anything the engine answers but an export."""
    base, source = rng.sample(shapes, 2)
    makers: list[Callable[[], Request]] = [
        lambda: Generate(seed=rng.randrange(2**32), text=rng.choice(("", "a sofa")), **QUICK),
        lambda: random_edit(rng, base, source),
        lambda: random_edit(rng, base, source),
        lambda: Decode(shape=base, resolution=32),
        lambda: Encode(path=str(mesh_file)),
    ]
    return rng.choice(makers)()


def wrong_with_shape(shape: Shape, rows: list[int]) -> str:
    """What is wrong with sampled rows of a shape, "" if nothing is."""
    numbers = shape.extrinsics[rows]
    if not (np.isfinite(numbers).all() and np.isfinite(shape.intrinsics[rows]).all()):
        return "numbers that are not finite"
    if (numbers[:, 13:] < MIN_EIGENVALUE * 0.999).any():
        return "Gaussians without a size"
    axes = numbers[:, 3:12].reshape(-1, 3, 3).astype(np.float64)
    if np.abs(axes @ axes.transpose(0, 2, 1) - np.eye(3)).max(initial=0.0) > 1e-3:
        return "axes that are not orthonormal"
    if np.abs(numbers).max(initial=0.0) > 1e6 or np.abs(shape.intrinsics[rows]).max(initial=0.0) > 1e6:
        return "numbers out of all range"
    return ""


def wrong_with_mesh(mesh: Mesh, parts: int) -> str:
    if not len(mesh.faces):
        return "an empty mesh"
    if not (np.isfinite(mesh.vertices).all() and np.isfinite(mesh.normals).all()):
        return "a mesh of numbers that are not finite"
    if mesh.faces.min() < 0 or mesh.faces.max() >= len(mesh.vertices):
        return "faces of points that are not there"
    return "" if 0 <= mesh.face_parts.min() and mesh.face_parts.max() < parts else "faces of no part"


def wrong_with_result(result: Result) -> str:
    """What is wrong with an answer of the engine, "" if nothing is."""
    if isinstance(result, Candidates):
        for item in result.items:
            rows = item.shape.rows(item.changed)
            wrong = wrong_with_shape(item.shape, rows) or wrong_with_mesh(item.mesh, len(item.shape.parts))
            if wrong:
                return wrong
        return ""
    if isinstance(result, Encoded):
        rows = list(range(len(result.shape.parts)))
        return wrong_with_shape(result.shape, rows) or wrong_with_mesh(result.mesh, len(rows))
    if isinstance(result, Decoded):
        return wrong_with_mesh(result.mesh, len(result.request.shape.parts))
    assert isinstance(result, Exported)
    return ""
