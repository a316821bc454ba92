"""A training on a folder of boxes at a tiny size, in a process of its own that can be killed."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers.models.auto import modeling_auto, tokenization_auto  # noqa: F401 -- for all processes at once

from core.training import early_samples, folder, parallel
from tests.tiny import TINY_CHECKPOINT


def command(data: Path, run: Path, steps: int = 6) -> list[str]:
    """Arguments of ``main.py train``; checks are at every second step, so that nothing depends on time."""
    words = ["--data", data, "--name", "boxes", "--start", TINY_CHECKPOINT, "--run", run, "--minutes", 0]
    words += ["--out", run.parent / f"{run.name}-models", "--steps", steps, "--batch", 4, "--points", 64]
    words += ["--namer-steps", 2, "--workers", 1, "--device", "cpu", "--fp32", "--save-steps", 2]
    return [str(word) for word in words]


def train(
    arguments: list[str],
    environment: dict[str, str] | None = None,
    main: Callable[[list[str]], int] = folder.main,
) -> None:
    """What the process does; one thread, as rounding depends on their number."""
    os.environ.update(environment or {})
    torch.set_num_threads(1)
    early_samples.COUNT, early_samples.STEPS, early_samples.RESOLUTION = 1, 2, 32
    try:
        code = main(arguments)
    finally:
        parallel.leave()
    raise SystemExit(code)


def start(
    arguments: list[str], main: Callable[[list[str]], int] = folder.main, **environment: str
) -> BaseProcess:
    """Begin a training in another process, which has torch already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.core.training.tiny_run"])
    process = context.Process(target=train, args=(arguments, environment, main))
    process.start()
    return process


def wait_for(reached: Callable[[], bool], process: BaseProcess, seconds: float = 120.0) -> None:
    """Wait until a process has come somewhere (AssertionError if it ends before)."""
    begun = time.monotonic()
    while not reached():
        assert process.is_alive(), "the training has ended before it came there"
        assert time.monotonic() - begun < seconds, "the training does not come there"
        time.sleep(0.002)


def weights(run: Path) -> dict[str, torch.Tensor]:
    """Every number that a training has made."""
    return {
        f"{path.relative_to(run)}/{name}": value
        for path in sorted(run.rglob("*.safetensors"))
        for name, value in load_file(path).items()
    }
