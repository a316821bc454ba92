"""The mesh cache: by latents, bounded in bytes, least recently used goes first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.scene.mesh_cache import MeshCache, mesh_bytes
from core.scene.shape import Shape
from tests.core.scene.strategies import make_shape, random_extrinsics, sphere_mesh

MESH = sphere_mesh(6, 8)


def shapes(count: int) -> list[Shape]:
    rng = np.random.default_rng(0)
    return [make_shape(random_extrinsics(rng, 3), rng, f"s{index}") for index in range(count)]


def test_equal_latents_share_a_mesh_whatever_else_differs() -> None:
    (shape,) = shapes(1)
    cache = MeshCache(10**6)
    cache.put(shape, 64, MESH)
    renamed = replace(shape, id="other", name="Other", position=(1.0, 2.0, 3.0)).with_part(2, name="x")
    assert cache.get(renamed, 64) is MESH
    assert cache.get(shape, 128) is None
    assert cache.get(replace(shape, checkpoint="another"), 64) is None
    assert cache.get(replace(shape, extrinsics=np.nextafter(shape.extrinsics, 9)), 64) is None


def test_best_is_the_highest_resolution() -> None:
    (shape,) = shapes(1)
    cache = MeshCache(10**6)
    assert cache.best(shape) is None
    assert cache.best_resolution(shape) is None
    fine = sphere_mesh(8, 8)
    cache.put(shape, 128, fine)
    cache.put(shape, 64, MESH)
    assert cache.best(shape) is fine
    assert cache.best_resolution(shape) == 128


def test_the_least_recently_used_goes_first() -> None:
    first, second, third = shapes(3)
    cache = MeshCache(2 * mesh_bytes(MESH))
    cache.put(first, 64, MESH)
    cache.put(second, 64, MESH)
    assert cache.get(first, 64) is MESH
    cache.put(third, 64, MESH)
    assert cache.get(second, 64) is None
    assert cache.get(first, 64) is MESH
    assert cache.get(third, 64) is MESH
    assert cache.used_bytes == 2 * mesh_bytes(MESH)


def test_replacing_counts_bytes_once_and_the_newest_always_stays() -> None:
    first, second = shapes(2)
    cache = MeshCache(mesh_bytes(MESH) // 2)
    for _ in range(3):
        cache.put(first, 64, MESH)
    assert cache.used_bytes == mesh_bytes(MESH)
    assert cache.get(first, 64) is MESH
    cache.put(second, 64, MESH)
    assert len(cache) == 1
    assert cache.get(second, 64) is MESH
    cache.clear()
    assert (len(cache), cache.used_bytes) == (0, 0)


def test_a_cache_needs_room() -> None:
    with pytest.raises(ValueError, match="positive"):
        MeshCache(0)
