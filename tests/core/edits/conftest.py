"""One engine for all tests of a module; requests never change it."""

from __future__ import annotations

import pytest

from core.edits.engine import Engine
from core.edits.job import Job
from core.edits.requests import Generate
from core.edits.results import Candidates
from core.scene.shape import Shape
from tests.tiny import TINY_CHECKPOINT


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine(TINY_CHECKPOINT, "cpu", resolution=64)


@pytest.fixture(scope="session")
def shapes(engine: Engine) -> list[Shape]:
    result = engine.run(Generate(count=2, seed=11, steps=8, tries=1, preview=False), Job())
    assert isinstance(result, Candidates)
    return [item.shape for item in result.items]
