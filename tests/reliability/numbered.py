"""Scenes that say which one they are, and folders to put them in."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from core.scene.scene import Scene
from tests.core.scene.strategies import make_shape, random_extrinsics


def numbered(number: int) -> Scene:
    """A scene that says which one it is."""
    rng = np.random.default_rng(number)
    shape = make_shape(random_extrinsics(rng, 1 + number % 16), rng)
    return Scene((shape,), (f"number {number}",), {"x-from-a-later-version": number})


def number_of(scene: Scene) -> int:
    """Which `numbered` scene this is, -1 if it is none of them, bit for bit."""
    number = int(scene.prompts[0].split()[1])
    wanted = numbered(number)
    same = [shape.latent_hash for shape in scene] == [shape.latent_hash for shape in wanted]
    return number if same and scene.extra == wanted.extra else -1


@contextmanager
def new_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="partsmith-saving-") as parent:
        folder = Path(parent) / "scenes"
        folder.mkdir()
        yield folder
