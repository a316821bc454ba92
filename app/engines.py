"""What the worker needs of an engine, and how the shipped one is loaded."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from core.edits.job import Job
from core.edits.requests import Request, Result


@dataclass(frozen=True)
class EngineInfo:
    """What the window shows of a loaded engine."""

    checkpoint_id: str
    device_name: str
    labels: tuple[str, ...]
    slot_count: int = 16
    slot_shares: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


class EngineLike(Protocol):
    """What the worker needs of `core.edits.engine.Engine`."""

    @property
    def checkpoint_id(self) -> str: ...
    @property
    def device_name(self) -> str: ...
    @property
    def labels(self) -> tuple[str, ...]: ...
    @property
    def slot_count(self) -> int: ...
    @property
    def slot_shares(self) -> Mapping[str, tuple[float, ...]]: ...

    def run(self, request: Request, job: Job) -> Result: ...


def shipped_engine(device: str = "auto", checkpoint: Path | None = None) -> EngineLike:
    """Load a checkpoint (default: the shipped one) on "auto", "cpu" or "cuda" (imports torch; seconds)."""
    # Idle threads of torch must sleep: spinning they take turns from the window, and both get slower.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from core.edits.engine import Engine

    return Engine(checkpoint, device, spare_core=True)
