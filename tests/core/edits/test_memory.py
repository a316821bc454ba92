"""When memory runs out the engine goes on in smaller pieces, tells, and makes the same thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.edits import memory
from core.edits.engine import Engine
from core.edits.job import EditError, Job
from core.edits.requests import Decode, Generate
from core.edits.results import Candidates, Decoded
from core.models.shape_occupancy import ShapeOccupancy
from tests.tiny import TINY_CHECKPOINT

FIVE = Generate(count=5, seed=3, steps=2, tries=1, preview=False)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(TINY_CHECKPOINT, "cpu", resolution=32)


@pytest.fixture(scope="module")
def candidates(engine: Engine) -> Candidates:
    """What comes of `FIVE` where there is memory."""
    result = engine.run(FIVE, Job())
    assert isinstance(result, Candidates)
    return result


class Short(Job):
    """A job that runs out of memory at its steps as long as `lacks` says so; notes what is told."""

    def __init__(self, lacks: Callable[[Short], bool]) -> None:
        self.notes: list[str] = []
        self.steps = 0
        super().__init__(on_note=self.notes.append)
        self._lacks = lacks

    def step(self, stage: str, done: int, total: int) -> None:
        self.steps += 1
        if stage == "latents" and self._lacks(self):
            raise torch.OutOfMemoryError("CUDA out of memory")
        super().step(stage, done, total)


def assert_same(result: object, candidates: Candidates) -> None:
    """The first of these candidates, up to the rounding of sums in another order."""
    assert isinstance(result, Candidates)
    for item, usual in zip(result.items, candidates.items, strict=False):
        assert item.seed == usual.seed
        np.testing.assert_allclose(item.shape.extrinsics, usual.shape.extrinsics, atol=1e-4)
        np.testing.assert_allclose(item.shape.intrinsics, usual.shape.intrinsics, atol=1e-4)


def test_candidates_are_sampled_in_fours_and_are_the_same(
    engine: Engine, candidates: Candidates, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    network = engine.model.extrinsic_denoiser
    denoise = network.forward

    def watched(x: torch.Tensor, *arguments: object) -> torch.Tensor:
        sizes.append(len(x))
        return denoise(x, *arguments)

    monkeypatch.setattr(network, "forward", watched)
    job = Short(lambda job: not job.notes)
    result = engine.run(FIVE, job)
    assert_same(result, candidates)
    assert isinstance(result, Candidates)
    assert len(result.items) == 5
    assert list(dict.fromkeys(sizes)) == [5, 4, 1]
    assert job.notes == ["Memory ran out. It is tried again 4 candidates at a time, which takes longer."]


def test_one_by_one_they_are_the_same(engine: Engine, candidates: Candidates) -> None:
    job = Short(lambda job: len(job.notes) < 2)
    assert_same(engine.run(replace(FIVE, count=2), job), candidates)
    assert "one candidate at a time" in job.notes[-1]


def test_a_surface_is_decoded_in_smaller_pieces_and_is_the_same(
    engine: Engine, candidates: Candidates, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = Decode(shape=candidates.items[0].shape, resolution=32)
    usual = engine.run(request, Job())
    decode = ShapeOccupancy.__call__

    def small(occupancy: ShapeOccupancy, points: torch.Tensor) -> torch.Tensor:
        if len(points) > 2000:
            raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory")
        return decode(occupancy, points)

    monkeypatch.setattr(ShapeOccupancy, "__call__", small)
    job = Short(lambda _: False)
    result = engine.run(request, job)
    assert isinstance(result, Decoded)
    assert isinstance(usual, Decoded)
    assert result.mesh.vertices.tobytes() == usual.mesh.vertices.tobytes()
    assert result.mesh.faces.tobytes() == usual.mesh.faces.tobytes()
    assert [note for note in job.notes if "in smaller pieces" in note] == job.notes != []


def test_what_a_graphics_card_cannot_hold_is_done_on_the_processor(candidates: Candidates) -> None:
    engine = Engine(TINY_CHECKPOINT, "cpu", resolution=32)
    engine.device = torch.device("cuda")  # nothing gets as far as a tensor on it

    class Full(Short):
        def step(self, stage: str, done: int, total: int) -> None:
            if stage == "starting" and not any("processor" in note for note in self.notes):
                raise torch.OutOfMemoryError("CUDA out of memory")
            super().step(stage, done, total)

    job = Full(lambda _: False)
    assert_same(engine.run(replace(FIVE, count=1), job), candidates)
    assert "done on the processor" in job.notes[-1]
    assert len(job.notes) == 3


def test_what_never_fits_is_refused_with_what_to_change(engine: Engine) -> None:
    with pytest.raises(EditError, match=r"not enough memory.*fewer candidates"):
        engine.run(FIVE, Short(lambda _: True))


def test_missing_memory_is_known_by_what_libraries_really_raise() -> None:
    for allocate in (lambda: torch.empty(2**50), lambda: bytearray(2**62)):
        with pytest.raises((RuntimeError, MemoryError)) as caught:
            allocate()
        assert memory.is_lacking(caught.value)
    assert not memory.is_lacking(RuntimeError("mat1 and mat2 shapes cannot be multiplied"))
