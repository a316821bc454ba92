"""Where networks run."""

from __future__ import annotations

import torch

from core.checkpoints.loading import CheckpointError


def choose_device(name: str) -> torch.device:
    """Turn "auto", "cpu", "cuda" or "cuda:N" into a device that is there.

    Raises
    ------
    CheckpointError
        If the device is unknown or missing.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError:
        raise CheckpointError(f"{name!r} is no device; use auto, cpu or cuda") from None
    if device.type == "cuda" and not torch.cuda.is_available():
        raise CheckpointError("No CUDA device was found; use --device cpu")
    return device
