"""What the worker needs of an engine, and how the shipped one is loaded."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from core.edits.job import EditError, Job
from core.edits.model_info import ModelInfo
from core.edits.requests import Generate, Request
from core.edits.results import Result
from core.scene.shape import Mesh, Shape

WARM_UP_STEPS = 4


@dataclass(frozen=True)
class EngineInfo:
    """What the window shows of a loaded engine."""

    checkpoint_id: str
    device_name: str
    models: tuple[ModelInfo, ...]

    def with_models(self, models: Iterable[ModelInfo]) -> EngineInfo:
        """The same engine with further models at hand."""
        known = {model.id: model for model in (*self.models, *models)}
        return replace(self, models=tuple(known.values()))

    def model(self, checkpoint_id: str = "") -> ModelInfo:
        """A model at hand ("" or an unknown one: the default)."""
        wanted = checkpoint_id or self.checkpoint_id
        return next((model for model in self.models if model.id == wanted), self.models[0])


class EngineLike(Protocol):
    """What the worker needs of `core.edits.engine.Engine`."""

    @property
    def checkpoint_id(self) -> str: ...
    @property
    def device_name(self) -> str: ...
    @property
    def models(self) -> tuple[ModelInfo, ...]: ...

    def run(self, request: Request, job: Job) -> Result: ...


def shipped_engine(device: str = "auto", checkpoint: Path | None = None) -> EngineLike:
    """Load a checkpoint (default: the shipped one) on "auto", "cpu" or "cuda" (imports torch; seconds)."""
    # Idle threads of torch must sleep: spinning they take turns from the window, and both get slower.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from core.edits.engine import Engine

    engine = Engine(checkpoint, device, spare_core=True)
    # Libraries set themselves up at the first use, for which a person would wait (and the window stutter).
    with contextlib.suppress(EditError):
        engine.run(Generate(steps=WARM_UP_STEPS, preview=False), Job())
    return engine


def write_glb(path: Path, meshes: Sequence[Mesh], shapes: Sequence[Shape]) -> None:
    """Write known surfaces of shapes as a GLB file, at once (raises EditError if that is impossible)."""
    from core.meshing.export import write_mesh

    write_mesh(path, meshes, shapes)
