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


def fast_type(device: torch.device) -> torch.dtype | None:
    """Half-precision type the device computes fast in, None if it has none."""
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    if device.type == "cpu" and torch.cpu._is_avx512_bf16_supported():
        return torch.bfloat16
    return None


def trains_in_bfloat16(device: str | torch.device) -> bool:
    """Whether bfloat16 makes training on the device faster; emulated it takes five times as long."""
    return fast_type(torch.device(device)) is torch.bfloat16
