"""The parent's side of reading a hostile file: start the reading process, believe only what is checked."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from core.checkpoints.loading import CheckpointError

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 600.0
MAX_ANSWER = 1 << 20

READS = {"state": "torch checkpoint", "settings": "settings", "statistics": "statistics", "shapes": "shapes"}


def read_tensors(path: Path, kind: str = "state") -> dict[str, Tensor]:
    """Tensors of a published file ("state" or "statistics"), read in a process of its own.

    Raises
    ------
    CheckpointError
        If the file is refused; the message names it and says what is wrong with it.
    """
    with _scratch() as target:
        _run(kind, path, target)
        try:
            return load_file(target)
        except (OSError, SafetensorError) as error:
            raise CheckpointError(f"{path} could not be read: {error}") from None


def read_settings(path: Path) -> dict[str, Any]:
    """Plain values of a pickled settings object, read in a process of its own (raises CheckpointError)."""
    with _scratch() as target:
        settings = _run("settings", path, target).get("settings")
    if not isinstance(settings, dict):
        raise CheckpointError(f"{path} holds no settings")
    return settings


def copy_shapes(path: Path, target: Path) -> int:
    """Copy an HDF5 set of encoded shapes into a safetensors file; returns how many there are."""
    return int(_run("shapes", path, target)["shapes"])


@contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="partsmith-read-") as folder:
        yield Path(folder) / "tensors.safetensors"


def _run(kind: str, source: Path, target: Path) -> dict[str, Any]:
    what = READS[kind]
    if not source.is_file():
        raise CheckpointError(f"{source} is missing; choose the complete published folder")
    command = [sys.executable, "-E", "-s", "-m", "core.published.reader"]
    command += [kind, str(source.absolute()), str(target.absolute())]
    # Nothing of this process's surroundings goes along, and numpy starts no threads.
    kept = ("PATH", "LANG", "LD_LIBRARY_PATH")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "HDF5_PLUGIN_PATH": os.devnull}
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
            timeout=SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise CheckpointError(f"{source} is refused as {what}: reading it took too long") from None
    if done.returncode < 0:
        reason = signal.Signals(-done.returncode).name
        why = "took too much processor time" if reason == "SIGXCPU" else f"ended with {reason}"
        raise CheckpointError(f"{source} is refused as {what}: reading it {why}")
    try:
        answer = json.loads(done.stdout[:MAX_ANSWER])
        assert isinstance(answer, dict)
    except (ValueError, AssertionError):
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise CheckpointError(f"{source} could not be read: {' '.join(last)[:200]}") from None
    if "refused" in answer:
        raise CheckpointError(
            f"{source} is refused as {what}: {answer['refused']}. Nothing of it was run or kept; "
            "get the file again from where it was published."
        )
    return answer
