"""Steps that tests of the editor share: select, add a second chair, a translation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.edits.results import Candidates
from core.scene.selection import PartRef, Selection
from core.scene.shape import Shape
from tests.app.conftest import Bench
from tests.app.numpy_engine import make_shape

SEAT, BACK, LEG, OTHER_LEG, ARM, OTHER_ARM = range(6)


def select(bench: Bench, *part_ids: int, shape_id: str = "s1") -> None:
    refs = frozenset(PartRef(shape_id, part_id) for part_id in part_ids)
    bench.document.set_selection(Selection(refs, shape_id))


def chair(bench: Bench) -> Shape:
    return bench.document.scene.shape("s1")


def add_second(bench: Bench) -> Shape:
    shape = replace(make_shape(5, "s2", "Chair 2"), position=(2.2, 0.0, 0.0))
    bench.document.apply(bench.document.scene.with_shape(shape), "Add")
    return bench.document.scene.shape("s2")


def only_candidates(bench: Bench) -> Candidates:
    (candidates,) = bench.candidates
    assert isinstance(candidates, Candidates)
    return candidates


def moved(x: float = 0.0, y: float = 0.0, z: float = 0.0) -> np.ndarray:
    matrix = np.eye(4)
    matrix[:3, 3] = (x, y, z)
    return matrix
