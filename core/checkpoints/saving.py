"""Writing components: `config.json` beside `model.safetensors`, half precision where asked."""

from __future__ import annotations

import json
import os
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn


def save_component(module: nn.Module, folder: Path, dtype: torch.dtype = torch.float32) -> None:
    """Write one network (with a recorded ``config``) as a folder, replacing files atomically."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = {
        name: (value.to(dtype) if value.is_floating_point() else value).contiguous().cpu()
        for name, value in module.state_dict().items()
    }
    save_file(weights, folder / "model.partial")
    os.replace(folder / "model.partial", folder / "model.safetensors")
    partial = folder / "config.partial"
    partial.write_text(json.dumps(module.config, indent=1) + "\n", encoding="utf-8")
    os.replace(partial, folder / "config.json")
